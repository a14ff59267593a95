"""A business case as people look at it: names, sums of what it promises, reviews, who approved it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.governance.cases import Flow
from mopsaudit.store.models import (
    BusinessCase,
    BusinessUnit,
    CaseFlow,
    CaseMetric,
    CaseReview,
    CaseStatus,
    Objective,
    Person,
    Tool,
    Vendor,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case with the names on it. Sums are minor units of its currency over all promised months; None without figures.

    ``cash_minor`` counts revenue and cash, ``non_cash_minor`` avoidance and time: never in one figure on the page.
    """

    case: BusinessCase
    tool: str | None
    vendor: str | None
    unit: str | None
    owner: str | None
    budget_holder: str | None
    approved_by: str | None
    cost_minor: int | None
    cash_minor: int | None
    non_cash_minor: int | None
    metrics: tuple[CaseMetric, ...]
    reviews: tuple[tuple[CaseReview, str | None], ...]
    objective: str | None = None

    def review_due(self, day: date) -> bool:
        """Whether an approved case's review date has come and nobody has reviewed it since."""
        case = self.case
        if case.status != CaseStatus.APPROVED or case.review_on is None or case.review_on > day:
            return False
        return not any(review.reviewed_on >= case.review_on for review, _ in self.reviews)

    @property
    def promises_nothing(self) -> bool:
        """Whether costs are promised and no benefit of any kind: there is nothing to hold them against."""
        return self.cost_minor is not None and not (self.cash_minor or self.non_cash_minor)

    @property
    def benefit_minor(self) -> int | None:
        """The cash benefit, which is what a list can compare with a cost."""
        return self.cash_minor


def flows_promised(session: Session, case_id: int) -> tuple[Flow, ...]:
    """The promised figures of a case."""
    return _flows(session, CaseFlow.case_id == case_id, CaseFlow.realised.is_(False))


def flows_realised(session: Session, case_id: int, *, imported: bool) -> tuple[Flow, ...]:
    """The realised figures of a case that files brought, or those that people typed."""
    by_file = CaseFlow.import_id.is_not(None) if imported else CaseFlow.import_id.is_(None)
    return _flows(session, CaseFlow.case_id == case_id, CaseFlow.realised.is_(True), by_file)


def _flows(session: Session, *wanted: ColumnElement[bool]) -> tuple[Flow, ...]:
    rows = session.scalars(select(CaseFlow).where(*wanted).order_by(CaseFlow.id)).all()
    return tuple(
        Flow(
            side=row.side,
            month=row.month,
            amount_minor=row.amount_minor,
            benefit_type=row.benefit_type,
            method=row.method,
            budget_line_id=row.budget_line_id,
        )
        for row in rows
    )


def case_view(session: Session, case: BusinessCase) -> CaseView:
    """Everything the case's page shows besides the report's judgement."""
    flows = flows_promised(session, case.id)
    costs = [flow.amount_minor for flow in flows if flow.side == "cost"]
    cash = [flow.amount_minor for flow in flows if flow.benefit_type in ("revenue", "cash")]
    other = [flow.amount_minor for flow in flows if flow.benefit_type in ("avoidance", "time")]
    reviews = session.execute(
        select(CaseReview, Person.name)
        .outerjoin(Person, Person.id == CaseReview.reviewer_id)
        .where(CaseReview.case_id == case.id)
        .order_by(CaseReview.reviewed_on, CaseReview.id)
    ).all()
    metrics = session.scalars(
        select(CaseMetric)
        .where(CaseMetric.case_id == case.id)
        .order_by(CaseMetric.early_signal.desc(), CaseMetric.id)
    ).all()

    def person(person_id: int | None) -> str | None:
        found = None if person_id is None else session.get(Person, person_id)
        return None if found is None else found.name

    tool = None if case.tool_id is None else session.get(Tool, heads(session).tool(case.tool_id))
    vendor = None if case.vendor_id is None else session.get(Vendor, case.vendor_id)
    unit = None if case.unit_id is None else session.get(BusinessUnit, case.unit_id)
    objective = None if case.objective_id is None else session.get(Objective, case.objective_id)
    return CaseView(
        case=case,
        tool=tool.name if tool else None,
        vendor=vendor.name if vendor else None,
        unit=unit.name if unit else None,
        owner=person(case.owner_id),
        budget_holder=person(case.budget_holder_id),
        approved_by=person(case.approved_by_id),
        cost_minor=sum(costs) if flows else None,
        cash_minor=sum(cash) if flows else None,
        non_cash_minor=sum(other) if flows else None,
        metrics=tuple(metrics),
        reviews=tuple((review, name) for review, name in reviews),
        objective=objective.title if objective else None,
    )
