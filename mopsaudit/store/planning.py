"""Budgets, fiscal years, rates; objectives, cases, requests, approvals; decisions, savings."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mopsaudit.store.base import (
    Base,
    Currency,
    Data,
    Id,
    Items,
    Long,
    Minor,
    Name,
    Stamp,
    Valid,
    Versioned,
    points_to,
)


class FiscalYear(Base):
    """A fiscal year of the period table, half-open ``starts_on <= day < ends_on``; its name is by end year."""

    __tablename__ = "fiscal_year"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="ends_after_start"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(20), unique=True)
    starts_on: Mapped[date] = mapped_column(unique=True)
    ends_on: Mapped[date]


class FiscalPeriod(Base):
    """A period of a fiscal year, half-open; numbered from 1."""

    __tablename__ = "fiscal_period"
    __table_args__ = (UniqueConstraint("fiscal_year_id", "number"),)

    id: Mapped[Id]
    fiscal_year_id: Mapped[int] = points_to("fiscal_year.id", ondelete="CASCADE")
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class ExchangeRate(Base):
    """Units of ``into`` for one unit of ``currency`` from a day on: ``budget`` (one a year) or ``booking``.

    ``rate`` is exact decimal text.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "into", "kind", "valid_from"),)

    id: Mapped[Id]
    currency: Mapped[Currency]
    into: Mapped[Currency]
    kind: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date]
    rate: Mapped[str] = mapped_column(String(40))
    import_id: Mapped[int | None] = points_to("import_file.id")
    origin_cell: Mapped[str | None] = mapped_column(String(120))


class BudgetVersion(Versioned, Base):
    """A budget of a fiscal year: draft, locked, superseded. Read-only once locked; a revision is a new version."""

    __tablename__ = "budget_version"
    __table_args__ = (UniqueConstraint("fiscal_year_id", "name"),)

    id: Mapped[Id]
    fiscal_year_id: Mapped[int] = points_to("fiscal_year.id")
    name: Mapped[Name]
    status: Mapped[str] = mapped_column(String(12), default="draft")
    #: invoiced or accrual: what plan and actual are compared on.
    basis: Mapped[str] = mapped_column(String(10), default="invoiced")
    revises_id: Mapped[int | None] = points_to("budget_version.id")
    reason: Mapped[Long | None]
    created_by_id: Mapped[int | None] = points_to("person.id")
    locked_by_id: Mapped[int | None] = points_to("person.id")
    locked_at: Mapped[Stamp | None]
    locked_digest: Mapped[str | None] = mapped_column(String(64))
    import_id: Mapped[int | None] = points_to("import_file.id")

    __mapper_args__ = {"version_id_col": Versioned.version}


class BudgetLine(Versioned, Base):
    """A line of a budget: its key is cost centre × account (× month), optionally vendor, tool or programme."""

    __tablename__ = "budget_line"

    id: Mapped[Id]
    budget_id: Mapped[int] = points_to("budget_version.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    cost_centre: Mapped[str | None] = mapped_column(String(80))
    gl_account: Mapped[str | None] = mapped_column(String(80))
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    programme: Mapped[str | None] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400), default="")
    currency: Mapped[Currency]
    holder_id: Mapped[int | None] = points_to("person.id")
    origin_sheet: Mapped[str | None] = mapped_column(String(200))
    origin_row: Mapped[int | None]


class BudgetAmount(Base):
    """The plan of a line in one month (month index), minor units of the line's currency."""

    __tablename__ = "budget_amount"
    __table_args__ = (UniqueConstraint("line_id", "month"),)

    id: Mapped[Id]
    line_id: Mapped[int] = points_to("budget_line.id", ondelete="CASCADE", index=False)
    month: Mapped[int]
    amount_minor: Mapped[Minor]
    origin_cell: Mapped[str | None] = mapped_column(String(120))


class BudgetTransfer(Base):
    """A dated transfer between two lines of a locked budget: it nets to zero by construction."""

    __tablename__ = "budget_transfer"
    __table_args__ = (CheckConstraint("from_line_id <> to_line_id", name="between_two_lines"),)

    id: Mapped[Id]
    budget_id: Mapped[int] = points_to("budget_version.id")
    from_line_id: Mapped[int] = points_to("budget_line.id")
    to_line_id: Mapped[int] = points_to("budget_line.id")
    month: Mapped[int]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    made_on: Mapped[date]
    reason: Mapped[Long]
    made_by_id: Mapped[int | None] = points_to("person.id")


class DeviationReason(Base):
    """A budget holder's reason for a deviation of a line through a month."""

    __tablename__ = "deviation_reason"

    id: Mapped[Id]
    budget_line_id: Mapped[int] = points_to("budget_line.id")
    through_month: Mapped[int]
    reason: Mapped[Long]
    given_by_id: Mapped[int | None] = points_to("person.id")
    given_at: Mapped[Stamp]


class ForecastRecord(Base):
    """The forecast of a fiscal year as it was known when a month was closed: never changed, one per unit and closing.

    ``content`` holds it by what bears it, ``digest`` is its SHA-256; ``through_month`` is the last closed month then.
    """

    __tablename__ = "forecast_record"
    __table_args__ = (Index("ix_forecast_record_lookup", "unit_id", "year_starts_on", "as_of"),)

    id: Mapped[Id]
    year_starts_on: Mapped[date]
    through_month: Mapped[int]
    as_of: Mapped[date]
    unit_id: Mapped[int] = points_to("business_unit.id", index=False)
    basis: Mapped[str] = mapped_column(String(10))
    currency: Mapped[Currency]
    forecast_minor: Mapped[Minor]
    content: Mapped[Data]
    digest: Mapped[str] = mapped_column(String(64))
    kept_by_id: Mapped[int | None] = points_to("person.id", index=False)
    kept_at: Mapped[Stamp]


class InvoiceAllocation(Base):
    """An invoice line (or part) allocated to a commitment: an instalment or an order line."""

    __tablename__ = "invoice_allocation"
    __table_args__ = (
        CheckConstraint("(instalment_id IS NULL) <> (order_line_id IS NULL)", name="one_commitment"),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = points_to("spend_line.id")
    instalment_id: Mapped[int | None] = points_to("instalment.id")
    order_line_id: Mapped[int | None] = points_to("order_line.id")
    amount_minor: Mapped[Minor]
    #: order, contract, near (tool, amount within 5 %, 45 days), person.
    how: Mapped[str] = mapped_column(String(10))


class Objective(Versioned, Base):
    """What the money is for; objectives cascade."""

    __tablename__ = "objective"

    id: Mapped[Id]
    title: Mapped[Name]
    parent_id: Mapped[int | None] = points_to("objective.id")
    owner_id: Mapped[int | None] = points_to("person.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    detail: Mapped[str] = mapped_column(String, default="")
    retired_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class CaseStatus(StrEnum):
    """Life of a business case."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    CLOSED = "closed"


class BusinessCase(Versioned, Base):
    """Who, why, what, how, and then what. Frozen when approved: ``frozen`` keeps what was approved, word for word."""

    __tablename__ = "business_case"

    id: Mapped[Id]
    title: Mapped[Name]
    status: Mapped[str] = mapped_column(String(12), default=CaseStatus.DRAFT)
    tool_id: Mapped[int | None] = points_to("tool.id")
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    category: Mapped[str | None] = mapped_column(String(20))
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    objective_id: Mapped[int | None] = points_to("objective.id")
    owner_id: Mapped[int | None] = points_to("person.id")
    budget_holder_id: Mapped[int | None] = points_to("person.id")
    who: Mapped[str] = mapped_column(String, default="")
    why: Mapped[str] = mapped_column(String, default="")
    what: Mapped[str] = mapped_column(String, default="")
    how: Mapped[str] = mapped_column(String, default="")
    then_what: Mapped[str] = mapped_column(String, default="")
    baseline: Mapped[str] = mapped_column(String, default="")
    currency: Mapped[Currency]
    #: Contribution margin before marketing spend, parts per million; None = not stated (revenue has no benefit yet).
    margin_ppm: Mapped[int | None]
    #: People's time over five years of ownership, minor units of ``currency``; None = not typed, so not counted.
    people_minor: Mapped[Minor | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None]
    submitted_by_id: Mapped[int | None] = points_to("person.id")
    approved_by_id: Mapped[int | None] = points_to("person.id")
    approved_at: Mapped[Stamp | None]
    frozen: Mapped[Data | None]
    frozen_digest: Mapped[str | None] = mapped_column(String(64))
    closed_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class CaseFlow(Base):
    """A promised or realised figure of a case in one month.

    ``side`` cost/benefit; ``benefit_type`` revenue, cash, avoidance, time; ``realised`` true for what was delivered.
    """

    __tablename__ = "case_flow"
    __table_args__ = (Index("ix_case_flow_lookup", "case_id", "realised", "month"),)

    id: Mapped[Id]
    case_id: Mapped[int] = points_to("business_case.id", index=False)
    side: Mapped[str] = mapped_column(String(8))
    benefit_type: Mapped[str | None] = mapped_column(String(12))
    method: Mapped[str | None] = mapped_column(String(12))
    month: Mapped[int]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    realised: Mapped[bool] = mapped_column(default=False)
    budget_line_id: Mapped[int | None] = points_to("budget_line.id")
    import_id: Mapped[int | None] = points_to("import_file.id")
    origin_cell: Mapped[str | None] = mapped_column(String(120))


class CaseMetric(Base):
    """A metric of a case: activity, outcome or operations; early signals apart from results. Exact text values."""

    __tablename__ = "case_metric"

    id: Mapped[Id]
    case_id: Mapped[int] = points_to("business_case.id")
    name: Mapped[Name]
    measure: Mapped[str] = mapped_column(String(12))
    early_signal: Mapped[bool] = mapped_column(default=False)
    unit_of_measure: Mapped[str] = mapped_column(String(40), default="")
    baseline: Mapped[str | None] = mapped_column(String(60))
    target: Mapped[str | None] = mapped_column(String(60))
    actual: Mapped[str | None] = mapped_column(String(60))
    due_on: Mapped[date | None]
    read_on: Mapped[date | None]


class CaseReview(Base):
    """A post-implementation review."""

    __tablename__ = "case_review"

    id: Mapped[Id]
    case_id: Mapped[int] = points_to("business_case.id")
    reviewed_on: Mapped[date]
    reviewer_id: Mapped[int | None] = points_to("person.id")
    verdict: Mapped[str] = mapped_column(String(20))
    text: Mapped[Long]


class ToolRequest(Versioned, Base):
    """A request for a tool: the five questions in order."""

    __tablename__ = "tool_request"

    id: Mapped[Id]
    title: Mapped[Name]
    status: Mapped[str] = mapped_column(String(12), default="draft")
    requested_by_id: Mapped[int | None] = points_to("person.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    category: Mapped[str | None] = mapped_column(String(20))
    amount_minor: Mapped[Minor | None]
    currency: Mapped[Currency]
    capabilities: Mapped[Items]
    who: Mapped[str] = mapped_column(String, default="")
    why: Mapped[str] = mapped_column(String, default="")
    what: Mapped[str] = mapped_column(String, default="")
    how: Mapped[str] = mapped_column(String, default="")
    then_what: Mapped[str] = mapped_column(String, default="")
    case_id: Mapped[int | None] = points_to("business_case.id")

    __mapper_args__ = {"version_id_col": Versioned.version}


class AuthorityRule(Valid, Base):
    """Who must approve from an amount on, by category and unit, in which order."""

    __tablename__ = "authority_rule"

    id: Mapped[Id]
    category: Mapped[str | None] = mapped_column(String(20))
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    from_minor: Mapped[Minor]
    currency: Mapped[Currency]
    step: Mapped[int]
    role: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[int | None] = points_to("person.id")


class Approval(Base):
    """One person's word on one state of one record: it breaks itself when the digest of the facts changes."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "facts_digest", "step"),)

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    facts_digest: Mapped[str] = mapped_column(String(64))
    step: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = points_to("person.id")
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[Long | None]
    at: Mapped[Stamp]


class Verdict(StrEnum):
    """What is decided on a tool (PRODUCT.md §4.6)."""

    KEEP = "keep"
    RIGHT_SIZE = "right_size"
    RENEGOTIATE = "renegotiate"
    CONSOLIDATE = "consolidate"
    REPLACE = "replace"
    RETIRE = "retire"


class Decision(Versioned, Base):
    """A decision on a tool with its expected saving (minor units a year unless one-off)."""

    __tablename__ = "decision"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    contract_line_id: Mapped[int | None] = points_to("contract_line.id")
    verdict: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="open")
    decided_on: Mapped[date]
    due_on: Mapped[date | None]
    reason: Mapped[Long]
    decider_id: Mapped[int | None] = points_to("person.id")
    into_tool_id: Mapped[int | None] = points_to("tool.id")
    expected_minor: Mapped[Minor | None]
    currency: Mapped[Currency]
    recurring: Mapped[bool] = mapped_column(default=True)
    scenario_id: Mapped[int | None] = points_to("scenario.id")

    __mapper_args__ = {"version_id_col": Versioned.version}


class Action(Versioned, Base):
    """A step of a decision: owner, due, done."""

    __tablename__ = "action"

    id: Mapped[Id]
    decision_id: Mapped[int | None] = points_to("decision.id")
    title: Mapped[Name]
    owner_id: Mapped[int | None] = points_to("person.id")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class Score(Base):
    """A score of a tool on an absolute 4-step scale (1–4): ``functional`` or ``technical`` fit."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("tool_id", "dimension", "person_id"),
        CheckConstraint("value BETWEEN 1 AND 4", name="four_steps"),
    )

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    dimension: Mapped[str] = mapped_column(String(12))
    value: Mapped[int]
    person_id: Mapped[int | None] = points_to("person.id")
    given_on: Mapped[date]


class Saving(Versioned, Base):
    """An entry of the savings ledger: identified → agreed → contracted → realised; or dropped before it is realised.

    ``run_rate_minor`` is what its bearer cost a year (base currency) when the saving was last stated, which caps it.
    ``proof_from`` ≤ month < ``proof_until`` (month indices) is what finance signed it for; see :class:`SavingLine`.
    """

    __tablename__ = "saving"

    id: Mapped[Id]
    decision_id: Mapped[int | None] = points_to("decision.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    contract_line_id: Mapped[int | None] = points_to("contract_line.id")
    title: Mapped[Name]
    stage: Mapped[str] = mapped_column(String(12), default="identified")
    kind: Mapped[str] = mapped_column(String(12), default="reduction")
    recurring: Mapped[bool] = mapped_column(default=True)
    baseline_minor: Mapped[Minor | None]
    baseline: Mapped[str] = mapped_column(String(400), default="")
    in_year_minor: Mapped[Minor | None]
    annual_minor: Mapped[Minor | None]
    realised_minor: Mapped[Minor | None]
    currency: Mapped[Currency]
    budget_line_id: Mapped[int | None] = points_to("budget_line.id")
    effective_on: Mapped[date | None]
    signed_by_id: Mapped[int | None] = points_to("person.id")
    signed_at: Mapped[Stamp | None]
    identified_on: Mapped[date | None]
    identified_by_id: Mapped[int | None] = points_to("person.id")
    figures_by_id: Mapped[int | None] = points_to("person.id")
    run_rate_minor: Mapped[Minor | None]
    agreed_on: Mapped[date | None]
    contracted_on: Mapped[date | None]
    realised_on: Mapped[date | None]
    dropped_on: Mapped[date | None]
    drop_reason: Mapped[Long | None]
    proof_from: Mapped[int | None]
    proof_until: Mapped[int | None]
    proof_note: Mapped[Long | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class SavingLine(Base):
    """A spend line that proves a realised saving, with what of it counted when signed: its tool's part, its months."""

    __tablename__ = "saving_line"
    __table_args__ = (UniqueConstraint("saving_id", "line_id"),)

    id: Mapped[Id]
    saving_id: Mapped[int] = points_to("saving.id", index=False)
    line_id: Mapped[int] = points_to("spend_line.id")
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]


class FindingState(Versioned, Base):
    """What a person settled about a finding (an overlap cluster: confirm, deliberate, dismiss).

    ``facts_digest`` is of the tools and capabilities it spoke of; when they change it is open again.
    """

    __tablename__ = "finding_state"
    __table_args__ = (UniqueConstraint("finding_id"),)

    id: Mapped[Id]
    finding_id: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[Long | None]
    review_on: Mapped[date | None]
    facts_digest: Mapped[str] = mapped_column(String(64))
    settled_by_id: Mapped[int | None] = points_to("person.id")
    settled_at: Mapped[Stamp]


class ReportSubscription(Base):
    """A report on a rhythm, chosen by its reader."""

    __tablename__ = "report_subscription"

    id: Mapped[Id]
    person_id: Mapped[int] = points_to("person.id")
    report: Mapped[str] = mapped_column(String(20))
    rhythm: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    last_sent_for: Mapped[date | None]
