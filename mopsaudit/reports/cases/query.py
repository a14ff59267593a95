"""Business cases, their figures, and the spend that may belong to them. A constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.commitments import within
from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.merges import head_of, heads, merged_away
from mopsaudit.facts.pieces import ledger_pieces
from mopsaudit.facts.rates import Rates, load_rates
from mopsaudit.facts.reading import fetch
from mopsaudit.periods import month_end, month_of
from mopsaudit.reporting import Ref
from mopsaudit.reports.cases.facts import (
    CASE_COST,
    CaseFact,
    CaseFacts,
    FlowFact,
    MetricFact,
    PriceFact,
    ReviewFact,
    SpendFact,
)
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BusinessCase,
    BusinessUnit,
    CaseFlow,
    CaseMetric,
    CaseReview,
    Contract,
    LedgerSummary,
    Person,
    Supplier,
    Tool,
    Vendor,
)
from mopsaudit.words import TOOL_COST


def gather(session: Session, scope: Scope) -> CaseFacts:
    """The facts of the business-case report."""
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    cases = _cases(session, scope, rates)
    first = [month_of(scope.year.start), *(month for each in cases for month in _starts(each))]
    spend = _spend(session, scope, min(first))
    return CaseFacts(
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        year=scope.year,
        rate=scope.settings.discount_rate_percent,
        deviation_minor=scope.settings.deviation_amount_minor,
        deviation_percent=scope.settings.deviation_percent,
        cases=cases,
        spend=spend,
        prices=_prices(session, scope, rates),
        ancestors={
            unit_id: frozenset(int(part) for part in path.split("/") if part)
            for unit_id, path in session.execute(
                select(BusinessUnit.id, BusinessUnit.path).order_by(BusinessUnit.id)
            )
        },
        tools={
            tool_id: (name, category)
            for tool_id, name, category in session.execute(
                select(Tool.id, Tool.name, Tool.category).order_by(Tool.id)
            )
        },
        vendors=dict(session.execute(select(Vendor.id, Vendor.name).order_by(Vendor.id)).all()),
    )


def _starts(case: CaseFact) -> list[int]:
    days = [month_of(day) for day in (case.starts_on, case.approved_on) if day is not None]
    return days or [flow.month for flow in case.promised]


def _cases(session: Session, scope: Scope, rates: Rates) -> tuple[CaseFact, ...]:
    flows: dict[int, list[CaseFlow]] = defaultdict(list)
    for flow in session.scalars(select(CaseFlow).order_by(CaseFlow.case_id, CaseFlow.month, CaseFlow.id)):
        flows[flow.case_id].append(flow)
    metrics: dict[int, list[MetricFact]] = defaultdict(list)
    for row in session.scalars(select(CaseMetric).order_by(CaseMetric.case_id, CaseMetric.id)):
        metrics[row.case_id].append(
            MetricFact(
                id=row.id,
                name=row.name,
                measure=row.measure,
                early_signal=row.early_signal,
                unit=row.unit_of_measure,
                baseline=row.baseline,
                target=row.target,
                actual=row.actual,
                due_on=row.due_on,
                read_on=row.read_on,
            )
        )
    reviews: dict[int, list[ReviewFact]] = defaultdict(list)
    for review, name in session.execute(
        select(CaseReview, Person.name)
        .outerjoin(Person, Person.id == CaseReview.reviewer_id)
        .where(CaseReview.reviewed_on <= scope.as_of)
        .order_by(CaseReview.case_id, CaseReview.reviewed_on, CaseReview.id)
    ):
        reviews[review.case_id].append(
            ReviewFact(
                id=review.id, verdict=review.verdict, on=review.reviewed_on, by=name, text=review.text or ""
            )
        )
    found = []
    away = merged_away()
    rows = session.execute(
        select(
            BusinessCase,
            Person.name,
            Tool.id,
            Tool.name,
            Tool.category,
            Tool.vendor_id,
            Vendor.name,
            BusinessUnit.name,
        )
        .outerjoin(Person, Person.id == BusinessCase.owner_id)
        .outerjoin(away, away.c.tool_id == BusinessCase.tool_id)
        .outerjoin(Tool, Tool.id == head_of(away, BusinessCase.tool_id))
        .outerjoin(Vendor, Vendor.id == func.coalesce(BusinessCase.vendor_id, Tool.vendor_id))
        .outerjoin(BusinessUnit, BusinessUnit.id == BusinessCase.unit_id)
        .where(within(scope, BusinessCase.unit_id))
        .order_by(BusinessCase.id)
    )
    for case, owner, tool_id, tool, category, tool_vendor, vendor, unit in rows:
        approved = case.status in {"approved", "closed"} or case.frozen is not None
        approved_on = case.approved_at.date() if case.approved_at else None
        terms = dict((case.frozen or {}).get("case", {}))
        margin = terms.get("margin_ppm", case.margin_ppm)
        people = terms.get("people_minor") if case.frozen else case.people_minor
        mine = flows.get(case.id, [])
        vendor_id = case.vendor_id or tool_vendor
        found.append(
            CaseFact(
                id=case.id,
                title=case.title,
                status=case.status,
                approved=approved,
                owner=Ref(kind="person", id=case.owner_id, label=owner or f"person {case.owner_id}")
                if case.owner_id
                else None,
                tool=Ref(kind="tool", id=tool_id, label=tool) if tool_id else None,
                vendor=Ref(kind="vendor", id=vendor_id, label=vendor) if vendor_id else None,
                category=case.category or category,
                unit_id=case.unit_id,
                unit=unit,
                currency=case.currency,
                margin_ppm=margin,
                people_typed=people is not None,
                people_minor=None
                if people is None
                else rates.convert(people, case.currency, approved_on or scope.as_of),
                approved_on=approved_on,
                starts_on=case.starts_on,
                ends_on=case.ends_on,
                review_on=case.review_on,
                closed_on=case.closed_on,
                promised=_promised(case, mine, rates, approved_on or scope.as_of),
                realised=tuple(
                    _flow(each, rates, min(month_end(each.month), scope.as_of))
                    for each in mine
                    if each.realised
                ),
                metrics=tuple(metrics.get(case.id, ())),
                reviews=tuple(reviews.get(case.id, ())),
            )
        )
    return tuple(found)


def _promised(case: BusinessCase, rows: Sequence[CaseFlow], rates: Rates, day: date) -> tuple[FlowFact, ...]:
    """What was approved, word for word, at the rate of that day; for a case never approved what is written."""
    frozen: Sequence[Sequence[Any]] | None = (case.frozen or {}).get("flows")
    if frozen is None:
        return tuple(_flow(each, rates, day) for each in rows if not each.realised)
    return tuple(
        FlowFact(
            side=side,
            benefit_type=kind,
            method=method,
            month=month,
            base_minor=rates.convert(minor, case.currency, day),
            budget_line_id=line,
        )
        for side, kind, method, month, minor, line in frozen
    )


def _flow(row: CaseFlow, rates: Rates, day: date) -> FlowFact:
    return FlowFact(
        side=row.side,
        benefit_type=row.benefit_type,
        method=row.method,
        month=row.month,
        base_minor=rates.convert(row.amount_minor, row.currency, day),
        budget_line_id=row.budget_line_id,
    )


def _spend(session: Session, scope: Scope, first: int) -> tuple[SpendFact, ...]:
    row = LedgerSummary
    vendor = when((row.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id)
    keys = (row.tool_id, vendor, row.unit_id, row.month, row.spend_type)
    rows = fetch(
        session,
        select(
            *keys, func.sum(row.base_minor), func.sum(row.lines), func.sum(func.abs(row.unconverted_minor))
        )
        .outerjoin(Tool, Tool.id == row.tool_id)
        .outerjoin(Supplier, Supplier.id == row.supplier_id)
        .where(
            within(scope, row.unit_id),
            row.month >= first,
            row.month <= month_of(scope.as_of),
            row.spend_type.in_(CASE_COST),
        )
        .group_by(*keys)
        .order_by(*keys),
    )
    later = _booked_later(session, scope)
    merged = heads(session)
    found = []
    for tool_id, vendor_id, unit_id, month, kind, base, lines, missing in rows:
        after = later.get((tool_id, vendor_id, unit_id, month, kind), _NOTHING) if later else _NOTHING
        if int(lines) > after[1]:
            counted_on = merged.placed(tool_id, vendor_id)
            found.append(
                SpendFact(
                    counted_on[0],
                    counted_on[1],
                    unit_id,
                    month,
                    int(base) - after[0],
                    int(lines) - after[1],
                    int(missing) - after[2],
                    kind in TOOL_COST,
                )
            )
    return tuple(found)


#: Nothing booked after the day: base sum, lines, unconverted.
_NOTHING: Final = (0, 0, 0)


def _booked_later(session: Session, scope: Scope) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """What the summaries of the as-of month hold that was booked after its day: base sum, lines, unconverted.

    Nothing at a month's end, which spares a walk through the lines.
    """
    if scope.as_of == month_end(month_of(scope.as_of)):
        return {}
    piece = ledger_pieces().c
    vendor = when((piece.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id)
    keys = (piece.tool_id, vendor, piece.unit_id, piece.month, piece.spend_type)
    without_rate = when((piece.base_minor.is_(None), func.abs(piece.amount_minor)), else_=0)
    rows = session.execute(
        select(*keys, func.coalesce(func.sum(piece.base_minor), 0), func.count(), func.sum(without_rate))
        .outerjoin(Tool, Tool.id == piece.tool_id)
        .outerjoin(Supplier, Supplier.id == piece.supplier_id)
        .where(
            within(scope, piece.unit_id),
            piece.month == month_of(scope.as_of),
            piece.booked_on > scope.as_of,
            piece.spend_type.in_(CASE_COST),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return {tuple(key): (int(base), int(lines), int(missing)) for *key, base, lines, missing in rows}


def _prices(session: Session, scope: Scope, rates: Rates) -> tuple[PriceFact, ...]:
    """The lines of contracts in force by tool: what recurs with its rise, and what is paid once (implementation)."""
    rises: Mapping[int, tuple[str, int | None]] = {
        contract_id: (kind, ppm)
        for contract_id, kind, ppm in session.execute(
            select(Contract.id, Contract.escalator_kind, Contract.escalator_ppm).order_by(Contract.id)
        )
    }
    found = []
    for line in running_lines(session, scope):
        inside = line.unit_id in scope.unit_ids or (scope.whole and line.unit_id is None)
        if line.tool_id is None or not inside:
            continue
        kind, ppm = rises[line.contract_id]
        once = line.one_off and line.amount_minor is not None
        found.append(
            PriceFact(
                tool_id=line.tool_id,
                minor=rates.convert(line.amount_minor or 0, line.currency, scope.as_of)
                if once
                else line.base_minor,
                once=line.one_off,
                escalator_ppm=ppm if kind in {"fixed", "cap"} else None,
            )
        )
    return tuple(found)
