"""A business case as people look at it: names, sums of what it promises, reviews, who approved it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import fetch
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
    return case_views(session, [case])[0]


def case_views(session: Session, cases: Sequence[BusinessCase]) -> tuple[CaseView, ...]:
    """:func:`case_view` of each, in their order; as many queries for many as for one."""
    ids = [case.id for case in cases]
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for case_id, side, kind, minor in fetch(
        session,
        select(CaseFlow.case_id, CaseFlow.side, CaseFlow.benefit_type, func.sum(CaseFlow.amount_minor))
        .where(CaseFlow.case_id.in_(ids), CaseFlow.realised.is_(False))
        .group_by(CaseFlow.case_id, CaseFlow.side, CaseFlow.benefit_type)
        .order_by(CaseFlow.case_id),
    ):
        found = sums[case_id]
        if side == "cost":
            found["cost"] += int(minor)
        if kind in ("revenue", "cash"):
            found["cash"] += int(minor)
        if kind in ("avoidance", "time"):
            found["other"] += int(minor)
    reviews: dict[int, list[tuple[CaseReview, str | None]]] = defaultdict(list)
    for review, name in session.execute(
        select(CaseReview, Person.name)
        .outerjoin(Person, Person.id == CaseReview.reviewer_id)
        .where(CaseReview.case_id.in_(ids))
        .order_by(CaseReview.reviewed_on, CaseReview.id)
    ):
        reviews[review.case_id].append((review, name))
    metrics: dict[int, list[CaseMetric]] = defaultdict(list)
    for metric in session.scalars(
        select(CaseMetric)
        .where(CaseMetric.case_id.in_(ids))
        .order_by(CaseMetric.early_signal.desc(), CaseMetric.id)
    ):
        metrics[metric.case_id].append(metric)
    merged = heads(session)
    people = _names(
        session,
        Person.id,
        Person.name,
        (each for case in cases for each in (case.owner_id, case.budget_holder_id, case.approved_by_id)),
    )
    tools = _names(session, Tool.id, Tool.name, (merged.tool_or_none(case.tool_id) for case in cases))
    vendors = _names(session, Vendor.id, Vendor.name, (case.vendor_id for case in cases))
    units = _names(session, BusinessUnit.id, BusinessUnit.name, (case.unit_id for case in cases))
    objectives = _names(session, Objective.id, Objective.title, (case.objective_id for case in cases))
    return tuple(
        CaseView(
            case=case,
            tool=tools.get(merged.tool_or_none(case.tool_id)),
            vendor=vendors.get(case.vendor_id),
            unit=units.get(case.unit_id),
            owner=people.get(case.owner_id),
            budget_holder=people.get(case.budget_holder_id),
            approved_by=people.get(case.approved_by_id),
            cost_minor=sums[case.id]["cost"] if case.id in sums else None,
            cash_minor=sums[case.id]["cash"] if case.id in sums else None,
            non_cash_minor=sums[case.id]["other"] if case.id in sums else None,
            metrics=tuple(metrics[case.id]),
            reviews=tuple(reviews[case.id]),
            objective=objectives.get(case.objective_id),
        )
        for case in cases
    )


def _names(
    session: Session, ident: Any, name: Any, wanted: Iterable[int | None]
) -> dict[int | None, str | None]:
    """Names by id; nothing is asked where nothing is wanted."""
    ids = sorted({each for each in wanted if each is not None})
    if not ids:
        return {}
    return {
        row[0]: row[1] for row in fetch(session, select(ident, name).where(ident.in_(ids)).order_by(ident))
    }
