"""Imports and the spend ledger: files, sheets, problems, sources; lines, sightings, splits, suppliers, summaries."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
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


class ImportStatus(StrEnum):
    """Life of an import (INTERFACES.md). Only ``imported`` has anything in the ledger."""

    QUEUED = "queued"
    READING = "reading"
    NEEDS_ANSWER = "needs-answer"
    READY = "ready"
    IMPORTED = "imported"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDONE = "undone"


class SourceKind(StrEnum):
    """Which ledger a spend file comes from."""

    AP = "ap"
    GL = "gl"
    CARD = "card"
    EXPENSE = "expense"


class SourceLedger(Base):
    """A ledger files come from (AP UK, Card Marketing …); part of a line's identity, remembered by layout."""

    __tablename__ = "source_ledger"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind_of_source: Mapped[str] = mapped_column(String(10))
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    currency: Mapped[Currency | None]
    #: Whether a ledger's amounts are accrued already (GL) and must not be spread over a service period.
    accrued: Mapped[bool] = mapped_column(default=False)
    #: What of it is in scope: ``cost_centres`` and ``gl_accounts`` (empty: all), their ``version``; None: all of it.
    narrowing: Mapped[Data | None]


class LayoutProfile(Versioned, Base):
    """A person's corrections for one layout of one kind, recognised next time by its fingerprint."""

    __tablename__ = "layout_profile"
    __table_args__ = (UniqueConstraint("kind", "fingerprint"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str] = mapped_column(String(64))
    name: Mapped[Name]
    decision: Mapped[Data]
    source_id: Mapped[int | None] = points_to("source_ledger.id")
    used_at: Mapped[Stamp | None]


class Import(Versioned, Base):
    """One uploaded file of one kind. ``decision`` is the reading decision; ``result`` the object of INTERFACES.md.

    The import and its undo are one trail entry each, with the digest of their lines' immutable columns.
    """

    __tablename__ = "import_file"
    __table_args__ = (Index("ix_import_file_status", "status", "id"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=ImportStatus.QUEUED)
    reason: Mapped[Long | None]
    file_id: Mapped[int] = points_to("stored_file.id")
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: Options as given (sheets, maps, currency, tool …) and answers so far; the base of a re-read.
    options: Mapped[Data]
    decision: Mapped[Data | None]
    questions: Mapped[Items | None]
    result: Mapped[Data | None]
    source_id: Mapped[int | None] = points_to("source_ledger.id")
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id")
    as_of: Mapped[date | None]
    created_by_id: Mapped[int | None] = points_to("person.id")
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[Stamp]
    applied_at: Mapped[Stamp | None]
    undone_at: Mapped[Stamp | None]
    #: Digest of what it wrote, and how many lines; the trail entry repeats both.
    lines_digest: Mapped[str | None] = mapped_column(String(64))
    lines_written: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": Versioned.version}


class ImportSheet(Base):
    """One sheet of an import: whether it was used and why, and its counts."""

    __tablename__ = "import_sheet"
    audited = False
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    id: Mapped[Id]
    import_id: Mapped[int] = points_to("import_file.id")
    position: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(200))
    used: Mapped[bool]
    detail: Mapped[Data]


class ImportTotal(Base):
    """The certificate of one sheet and currency. Exact sums are decimal text; what entered is minor units.

    ``data = imported + duplicate + out_of_scope + rejected + rounding`` (PRODUCT.md §3.2).
    """

    __tablename__ = "import_total"
    audited = True
    __table_args__ = (UniqueConstraint("sheet_id", "currency"),)

    id: Mapped[Id]
    import_id: Mapped[int] = points_to("import_file.id")
    sheet_id: Mapped[int] = points_to("import_sheet.id")
    currency: Mapped[Currency]
    data: Mapped[str] = mapped_column(String(60))
    imported_minor: Mapped[Minor]
    duplicate_minor: Mapped[Minor]
    out_of_scope_minor: Mapped[Minor]
    rejected: Mapped[str] = mapped_column(String(60))
    rounding: Mapped[str] = mapped_column(String(60))
    unreadable: Mapped[int]
    sheet_total: Mapped[str | None] = mapped_column(String(60))
    signed_off_by_id: Mapped[int | None] = points_to("person.id")
    signed_off_at: Mapped[Stamp | None]
    sign_off_reason: Mapped[Long | None]


class LedgerBalance(Base):
    """A balance of the ledger typed by a person per account and month, for tie-out; a difference is signed off."""

    __tablename__ = "ledger_balance"

    id: Mapped[Id]
    source_id: Mapped[int] = points_to("source_ledger.id")
    gl_account: Mapped[str | None] = mapped_column(String(40))
    month: Mapped[int]
    currency: Mapped[Currency]
    amount_minor: Mapped[Minor]
    signed_off_by_id: Mapped[int | None] = points_to("person.id")
    signed_off_at: Mapped[Stamp | None]
    reason: Mapped[Long | None]


class ImportProblem(Base):
    """A problem of an import with its cell."""

    __tablename__ = "import_problem"
    audited = False

    id: Mapped[Id]
    import_id: Mapped[int] = points_to("import_file.id")
    code: Mapped[str] = mapped_column(String(60))
    severity: Mapped[str] = mapped_column(String(10))
    rejected: Mapped[bool]
    sheet: Mapped[str | None] = mapped_column(String(200))
    cell: Mapped[str | None] = mapped_column(String(20))
    message: Mapped[Long]


class Supplier(Versioned, Base):
    """A supplier as the ledgers print it, grouped by normalised key; its settlement is the past decision.

    ``settled``: ``open``, ``tool``, ``marketing`` (not a tool), ``not_marketing``, ``split``. Automatic matches
    carry method, score and reason; a person's decision carries ``decided_by``.
    """

    __tablename__ = "supplier"
    __table_args__ = (Index("ix_supplier_settled", "settled", "id"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    settled: Mapped[str] = mapped_column(String(20), default="open")
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    spend_type: Mapped[str | None] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20), default="none")
    #: Calibrated score × 1000.
    score_mille: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(400), default="")
    #: What the catalogue proposes while nothing is settled: vendor and tool ids of the catalogue, candidates.
    proposal: Mapped[Data | None]
    likely_mille: Mapped[int] = mapped_column(default=0)
    decided_by_id: Mapped[int | None] = points_to("person.id")
    decided_at: Mapped[Stamp | None]
    postponed_until: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class SupplierSpelling(Base):
    """A raw spelling of a supplier; exact spellings are found without matching anew."""

    __tablename__ = "supplier_spelling"
    audited = False

    id: Mapped[Id]
    supplier_id: Mapped[int] = points_to("supplier.id")
    raw: Mapped[str] = mapped_column(String(400), unique=True)


class MatchRule(Versioned, Base):
    """A rule placing lines by pattern and conditions; the first in order wins.

    Amounts are in hundredths of a unit of the line's own currency; amounts and days are half-open ranges. ``active``
    is false once it was removed: its wording and history stay.
    """

    __tablename__ = "match_rule"

    id: Mapped[Id]
    position: Mapped[int] = mapped_column(index=True)
    pattern: Mapped[str] = mapped_column(String(300))
    pattern_kind: Mapped[str] = mapped_column(String(10), default="glob")
    description_pattern: Mapped[str | None] = mapped_column(String(300))
    cost_centre: Mapped[str | None] = mapped_column(String(40))
    gl_account: Mapped[str | None] = mapped_column(String(40))
    amount_from_minor: Mapped[Minor | None]
    amount_until_minor: Mapped[Minor | None]
    dated_from: Mapped[date | None]
    dated_until: Mapped[date | None]
    entity_id: Mapped[int | None] = points_to("legal_entity.id")
    source_id: Mapped[int | None] = points_to("source_ledger.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    vendor_id: Mapped[int | None] = points_to("vendor.id")
    spend_type: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[Long | None]

    __mapper_args__ = {"version_id_col": Versioned.version}


class SplitRule(Valid, Base):
    """How a supplier's lines divide over tools while valid: by percent, contract line, seats or description."""

    __tablename__ = "split_rule"

    id: Mapped[Id]
    supplier_id: Mapped[int] = points_to("supplier.id")
    basis: Mapped[str] = mapped_column(String(20))
    reason: Mapped[Long | None]


class SplitPart(Base):
    """One part of a split rule: a tool and its share, its weight (money or seats when it was made) or its pattern."""

    __tablename__ = "split_part"

    id: Mapped[Id]
    rule_id: Mapped[int] = points_to("split_rule.id", ondelete="CASCADE")
    tool_id: Mapped[int | None] = points_to("tool.id")
    spend_type: Mapped[str] = mapped_column(String(20))
    share_ppm: Mapped[int | None]
    weight: Mapped[Minor | None]
    description_pattern: Mapped[str | None] = mapped_column(String(300))


class SpendLine(Base):
    """A line of the ledger. ``amount_minor`` is net of recoverable tax unless ``tax_basis`` says ``gross``.

    Immutable: identity and what the file said. Mutable by matching: tool, spend type, unit. A line is *living* while
    one sighting belongs to an import that is not undone; only living lines with ``counts`` are summed. ``counts`` is
    false for the detail half of a certain cross-source pair and for lines replaced by key.
    """

    __tablename__ = "spend_line"
    audited = False
    __table_args__ = (
        UniqueConstraint("identity", "ordinal"),
        Index("ix_spend_line_tool_month", "tool_id", "month"),
        Index("ix_spend_line_supplier", "supplier_id", "month"),
        Index("ix_spend_line_reference", "reference"),
        Index("ix_spend_line_day", "month", "booked_on"),
        Index(
            "ix_spend_line_outside",
            "unit_id",
            sqlite_where=text("out_of_scope = 1"),
            postgresql_where=text("out_of_scope"),
        ),
        Index(
            "ix_spend_line_credit",
            "month",
            "booked_on",
            sqlite_where=text("amount_minor < 0"),
            postgresql_where=text("amount_minor < 0"),
        ),
        Index(
            "ix_spend_line_supplier_credit",
            "supplier_id",
            sqlite_where=text("amount_minor < 0"),
            postgresql_where=text("amount_minor < 0"),
        ),
        Index(
            "ix_spend_line_rule_id",
            "rule_id",
            sqlite_where=text("rule_id IS NOT NULL"),
            postgresql_where=text("rule_id IS NOT NULL"),
        ),
        Index(
            "ix_spend_line_credit_of_id",
            "credit_of_id",
            sqlite_where=text("credit_of_id IS NOT NULL"),
            postgresql_where=text("credit_of_id IS NOT NULL"),
        ),
        CheckConstraint("(booked_on IS NULL) OR (month IS NOT NULL)", name="dated_line_has_month"),
    )

    id: Mapped[Id]
    #: SHA-256 over the typed identity values (source, date, supplier, amount, currency, reference, description).
    identity: Mapped[bytes] = mapped_column(LargeBinary(32))
    ordinal: Mapped[int]
    living: Mapped[bool] = mapped_column(default=True)
    counts: Mapped[bool] = mapped_column(default=True)
    source_id: Mapped[int] = points_to("source_ledger.id", index=False)
    entity_id: Mapped[int | None] = points_to("legal_entity.id", index=False)
    booked_on: Mapped[date | None]
    #: Month index (``periods.month_of``) of the date or the stated period; None = undated.
    month: Mapped[int | None]
    supplier_id: Mapped[int | None] = points_to("supplier.id", index=False)
    supplier_text: Mapped[str | None] = mapped_column(String(400))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    tax_minor: Mapped[Minor | None]
    booked_minor: Mapped[Minor]
    tax_basis: Mapped[str] = mapped_column(String(20), default="net")
    original_minor: Mapped[Minor | None]
    original_currency: Mapped[Currency | None]
    #: ``amount_minor`` in the base currency at the booking date's rate; None = no rate, unconverted.
    base_minor: Mapped[Minor | None]
    description: Mapped[Long | None]
    reference: Mapped[str | None] = mapped_column(String(200))
    #: The supplier's invoice number where the sheet has one beside its own reference; no part of the identity.
    invoice: Mapped[str | None] = mapped_column(String(200))
    cost_centre: Mapped[str | None] = mapped_column(String(80))
    gl_account: Mapped[str | None] = mapped_column(String(80))
    purchase_order: Mapped[str | None] = mapped_column(String(80))
    unit_id: Mapped[int | None] = points_to("business_unit.id", index=False)
    #: How the unit was found: column, map, option, none.
    unit_how: Mapped[str] = mapped_column(String(10), default="none")
    service_from: Mapped[date | None]
    service_until: Mapped[date | None]
    tool_id: Mapped[int | None] = points_to("tool.id", index=False)
    spend_type: Mapped[str | None] = mapped_column(String(20))
    #: decision, alias, rule, fuzzy, split, person, pair (lent by the line of another ledger), none.
    method: Mapped[str] = mapped_column(String(10), default="none")
    rule_id: Mapped[int | None] = points_to("match_rule.id", index=False)
    split: Mapped[bool] = mapped_column(default=False)
    out_of_scope: Mapped[bool] = mapped_column(default=False)
    edited_by_id: Mapped[int | None] = points_to("person.id", index=False)
    credit_of_id: Mapped[int | None] = points_to("spend_line.id", index=False)
    first_import_id: Mapped[int] = points_to("import_file.id")


class Sighting(Base):
    """Where a line was seen: import, sheet, row, cell. The oldest living one is the line's origin."""

    __tablename__ = "sighting"
    audited = False
    __table_args__ = (Index("ix_sighting_import", "import_id", "line_id"),)

    id: Mapped[Id]
    line_id: Mapped[int] = points_to("spend_line.id")
    import_id: Mapped[int] = points_to("import_file.id", index=False)
    sheet_id: Mapped[int] = points_to("import_sheet.id", index=False)
    row: Mapped[int]
    cell: Mapped[str] = mapped_column(String(12))
    living: Mapped[bool] = mapped_column(default=True)


class LinePart(Base):
    """A part of a split line; the parts of a line sum to it to the minor unit."""

    __tablename__ = "line_part"
    audited = False

    id: Mapped[Id]
    line_id: Mapped[int] = points_to("spend_line.id")
    tool_id: Mapped[int | None] = points_to("tool.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id", index=False)
    spend_type: Mapped[str | None] = mapped_column(String(20))
    amount_minor: Mapped[Minor]
    base_minor: Mapped[Minor | None]


class LinePair(Base):
    """Two lines of different sources that carry the same cost. ``certain`` pairs count once; ``probable`` ones wait."""

    __tablename__ = "line_pair"
    __table_args__ = (UniqueConstraint("kept_line_id", "other_line_id"),)

    id: Mapped[Id]
    kept_line_id: Mapped[int] = points_to("spend_line.id")
    other_line_id: Mapped[int] = points_to("spend_line.id")
    certainty: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200))
    #: open, same, different.
    settled: Mapped[str] = mapped_column(String(10), default="open")
    settled_by_id: Mapped[int | None] = points_to("person.id")
    import_id: Mapped[int] = points_to("import_file.id")


class LineLoan(Base):
    """A detail a line lacks and the line of another ledger that carries the same cost lends it (PRODUCT.md §3.3).

    The line's columns hold what is lent (``supplier_id``; ``service_from`` and ``service_until``; ``tool_id`` and
    ``spend_type`` with the method ``pair``); the loan says that it is not the line's own, and whose it is. Loans
    follow from the pairs in force and go with them.
    """

    __tablename__ = "line_loan"
    audited = False
    __table_args__ = (
        UniqueConstraint("line_id", "detail"),
        CheckConstraint("detail IN ('supplier', 'service', 'tool')", name="detail_known"),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = points_to("spend_line.id", index=False)
    from_line_id: Mapped[int] = points_to("spend_line.id")
    #: supplier, service, tool.
    detail: Mapped[str] = mapped_column(String(10))


class LedgerSummary(Base):
    """Kept sums per tool, unit, month, currency (and what the budget joins on), written with the lines.

    One row per distinct key among living, counting, in-scope lines (split lines by their parts). ``month`` None is the
    undated bucket. ``unconverted_minor`` is the part of ``amount_minor`` without a base amount.
    """

    __tablename__ = "ledger_summary"
    audited = False
    __table_args__ = (
        Index(
            "ix_ledger_summary_cover",
            "tool_id", "month", "unit_id", "spend_type", "currency", "amount_minor", "base_minor",
            "unconverted_minor", "lines",
        ),
        Index("ix_ledger_summary_budget", "month", "cost_centre", "gl_account"),
        Index("ix_ledger_summary_supplier", "supplier_id"),
    )  # fmt: skip

    id: Mapped[Id]
    #: SHA-256 of the key columns: unique where NULLs in a composite key would not be.
    key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    tool_id: Mapped[int | None] = points_to("tool.id", index=False)
    supplier_id: Mapped[int | None] = points_to("supplier.id", index=False)
    unit_id: Mapped[int | None] = points_to("business_unit.id", index=False)
    entity_id: Mapped[int | None] = points_to("legal_entity.id", index=False)
    source_id: Mapped[int] = points_to("source_ledger.id", index=False)
    month: Mapped[int | None]
    currency: Mapped[Currency]
    spend_type: Mapped[str | None] = mapped_column(String(20))
    cost_centre: Mapped[str | None] = mapped_column(String(80))
    gl_account: Mapped[str | None] = mapped_column(String(80))
    amount_minor: Mapped[Minor]
    base_minor: Mapped[Minor]
    unconverted_minor: Mapped[Minor]
    lines: Mapped[int]


class UsageSnapshot(Base):
    """One tool's users as one file gave them at one day: grade A–D, event activity/sign-in/assignment."""

    __tablename__ = "usage_snapshot"
    audited = False
    __table_args__ = (Index("ix_usage_snapshot_latest", "tool_id", "as_of", "id"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id", index=False)
    import_id: Mapped[int] = points_to("import_file.id")
    sheet_id: Mapped[int] = points_to("import_sheet.id", index=False)
    as_of: Mapped[date]
    grade: Mapped[str] = mapped_column(String(1))
    event: Mapped[str] = mapped_column(String(12))
    layout: Mapped[str | None] = mapped_column(String(60))
    #: Counts for files that list no people (monthly actives).
    assigned_count: Mapped[int | None]
    active_count: Mapped[int | None]
    living: Mapped[bool] = mapped_column(default=True)


class ToolUser(Base):
    """A user record of a tool over time, matched to a person by e-mail, then by id."""

    __tablename__ = "tool_user"
    audited = False
    __table_args__ = (UniqueConstraint("tool_id", "user_key"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id", index=False)
    #: Normalised e-mail, else id; case and plus-tags folded.
    user_key: Mapped[str] = mapped_column(String(320))
    person_id: Mapped[int | None] = points_to("person.id")
    account_kind: Mapped[str] = mapped_column(String(12), default="person")
    kind_set_by_id: Mapped[int | None] = points_to("person.id", index=False)


class UsageRecord(Base):
    """A user in a snapshot. ``last_activity`` None with ``never`` true is a stated never; without it, unknown."""

    __tablename__ = "usage_record"
    audited = False
    __table_args__ = (
        UniqueConstraint("snapshot_id", "tool_user_id", "licence", "feature"),
        Index("ix_usage_record_active", "snapshot_id", "last_activity"),
    )

    id: Mapped[Id]
    snapshot_id: Mapped[int] = points_to("usage_snapshot.id", index=False)
    tool_user_id: Mapped[int] = points_to("tool_user.id")
    unit_id: Mapped[int | None] = points_to("business_unit.id", index=False)
    licence: Mapped[str] = mapped_column(String(200), default="")
    feature: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str | None] = mapped_column(String(60))
    #: Whether the record holds a licence now (a suspended user may still hold one).
    assigned: Mapped[bool] = mapped_column(default=True)
    assigned_on: Mapped[date | None]
    created_on: Mapped[date | None]
    last_activity: Mapped[date | None]
    never: Mapped[bool] = mapped_column(default=False)
    used_halves: Mapped[int | None]
    count: Mapped[int | None]
    row: Mapped[int]
    cell: Mapped[str] = mapped_column(String(12))


class ConsumptionReading(Base):
    """Credits bought, used and expired of a consumption tool at a day, in millionths of a unit."""

    __tablename__ = "consumption_reading"

    id: Mapped[Id]
    tool_id: Mapped[int] = points_to("tool.id")
    import_id: Mapped[int | None] = points_to("import_file.id")
    as_of: Mapped[date]
    bought_micro: Mapped[Minor | None]
    used_micro: Mapped[Minor | None]
    expired_micro: Mapped[Minor | None]
    cell: Mapped[str | None] = mapped_column(String(12))


class ReclaimCase(Versioned, Base):
    """The state of asking for a seat back: candidate, asked, kept, reclaimed.

    ``settled_on`` is the day it was kept or taken back; ``changed_by_id`` who said the present state.
    """

    __tablename__ = "reclaim_case"
    __table_args__ = (UniqueConstraint("tool_user_id"),)

    id: Mapped[Id]
    tool_user_id: Mapped[int] = points_to("tool_user.id")
    state: Mapped[str] = mapped_column(String(12), default="candidate")
    asked_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    changed_by_id: Mapped[int | None] = points_to("person.id", index=False)
    note: Mapped[Long | None]

    __mapper_args__ = {"version_id_col": Versioned.version}
