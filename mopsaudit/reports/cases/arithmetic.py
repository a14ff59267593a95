"""Promised and delivered per case, spend that no case covers, the hit rate (PRODUCT.md §4.4). Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from mopsaudit.facts.returns import Flow, Outcome, irr, npv, ownership, payback, roi, romi_percent
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, month_of
from mopsaudit.reports.cases.facts import CaseFact, CaseFacts, FlowFact, PriceFact, ReviewFact, SpendFact

_MILLION: Final = 1_000_000
#: Closed cases from which a hit rate says something.
HITS_FROM: Final = 5
NO_MARGIN: Final = "the contribution margin is not stated"
NO_RATE: Final = "no exchange rate for the case's currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Sums of promised or delivered figures: cost, cash and non-cash benefit apart; None with ``why`` where unknown."""

    cost: int | None
    cash: int | None
    non_cash: int | None
    revenue: int | None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case with its figures. ``to_date`` counts the months up to the as-of month."""

    case: CaseFact
    promised: Side
    to_date: Side
    delivered: Side
    origins: int
    unconverted: int
    npv: Decimal | None
    irr: Outcome
    payback: Outcome
    why: str | None
    tco: int | None

    @property
    def cost_variance(self) -> int | None:
        """Promised cost to date − actual cost to date; positive is cheaper than promised."""
        if self.to_date.cost is None or self.delivered.cost is None:
            return None
        return self.to_date.cost - self.delivered.cost


def is_cash(flow: FlowFact) -> bool:
    """Revenue and cash reductions are cash; time is once a budget line falls; avoidance never is."""
    if flow.benefit_type in {"revenue", "cash"}:
        return True
    return flow.benefit_type == "time" and flow.budget_line_id is not None


def worth(flow: FlowFact, margin_ppm: int | None) -> int | None:
    """What a flow adds: revenue × contribution margin, everything else as it is; None where unknown."""
    if flow.base_minor is None:
        return None
    if flow.benefit_type != "revenue":
        return flow.base_minor
    return None if margin_ppm is None else ratio_half_even(flow.base_minor, margin_ppm, _MILLION)


def side_of(flows: Iterable[FlowFact], margin_ppm: int | None) -> Side:
    """The sums of some flows."""
    cost, cash, non_cash, revenue = 0, 0, 0, 0
    unknown: set[str] = set()
    missing_cost = False
    for flow in flows:
        value = worth(flow, margin_ppm)
        if value is None or flow.base_minor is None:
            unknown.add(NO_RATE if flow.base_minor is None else NO_MARGIN)
            missing_cost = missing_cost or flow.side == "cost"
            continue
        if flow.side == "cost":
            cost += value
        elif is_cash(flow):
            cash += value
            revenue += flow.base_minor if flow.benefit_type == "revenue" else 0
        else:
            non_cash += value
    return Side(
        cost=None if missing_cost else cost,
        cash=None if unknown else cash,
        non_cash=None if NO_RATE in unknown else non_cash,
        revenue=None if unknown else revenue,
        why=" and ".join(sorted(unknown)) or None,
    )


def cash_flows(case: CaseFact) -> tuple[Flow, ...] | None:
    """The promised cash flows by year from the approval (else the start, else the first month); None where unknown."""
    by_month: dict[int, int] = defaultdict(int)
    for flow in case.promised:
        if flow.side == "benefit" and not is_cash(flow):
            continue
        value = worth(flow, case.margin_ppm)
        if value is None:
            return None
        by_month[flow.month] += -value if flow.side == "cost" else value
    if not by_month:
        return ()
    anchor = case.approved_on or case.starts_on
    zero = month_of(anchor) if anchor else min(by_month)
    return tuple(
        Flow(years=Decimal(max(0, month - zero)) / 12, amount=Decimal(minor))
        for month, minor in sorted(by_month.items())
    )


@dataclass(slots=True)
class Covered:
    """Which spend belongs to which case, each cell to one case at most."""

    by_case: dict[int, list[SpendFact]] = field(default_factory=lambda: defaultdict(list))
    uncovered: list[SpendFact] = field(default_factory=list)


def cover(facts: CaseFacts) -> Covered:
    """Each cell of spend goes to the approved case that names its tool, else its vendor, in whose months it falls.

    Where several do, to the one that began last: the newest promise in force. Nothing counts twice.
    """
    covered = Covered()
    months = facts.year.months
    by_tool: dict[int, list[_Span]] = defaultdict(list)
    by_vendor: dict[int, list[_Span]] = defaultdict(list)
    for case in facts.cases:
        if not case.approved:
            continue
        if case.tool is not None:
            by_tool[int(case.tool.id)].append(_span(facts, case))
        elif case.vendor is not None:
            by_vendor[int(case.vendor.id)].append(_span(facts, case))
    for cell in facts.spend:
        chosen = None
        if (naming := by_tool.get(cell.tool_id or 0)) is not None:
            chosen = _pick(facts, naming, cell)
        if chosen is None and (selling := by_vendor.get(cell.vendor_id or 0)) is not None:
            chosen = _pick(facts, selling, cell)
        if chosen is not None:
            covered.by_case[chosen.id].append(cell)
        elif cell.tool_id is not None and cell.tool_cost and cell.month in months:
            covered.uncovered.append(cell)
    return covered


#: A case with its first and last month (None: open).
_Span = tuple[CaseFact, int, int | None]


def _span(facts: CaseFacts, case: CaseFact) -> _Span:
    last = case.ends_on or case.closed_on
    return case, begins(case, facts.year), None if last is None else month_of(last)


def _pick(facts: CaseFacts, spans: Sequence[_Span], cell: SpendFact) -> CaseFact | None:
    fitting = [
        (first, case.id, case)
        for case, first, last in spans
        if first <= cell.month and (last is None or cell.month <= last) and _in_unit(facts, case, cell)
    ]
    return max(fitting, key=lambda each: each[:2])[2] if fitting else None


def begins(case: CaseFact, year: Period) -> int:
    """The first month whose spend belongs to a case: its start, else its approval, else its first promised month.

    One that says none of these begins with the fiscal year, whatever other cases say.
    """
    day = case.starts_on or case.approved_on
    if day is not None:
        return month_of(day)
    return min((flow.month for flow in case.promised), default=month_of(year.start))


def _in_unit(facts: CaseFacts, case: CaseFact, cell: SpendFact) -> bool:
    if case.unit_id is None:
        return True
    return cell.unit_id is not None and case.unit_id in facts.ancestors.get(cell.unit_id, frozenset())


def judge(facts: CaseFacts, covered: Covered) -> tuple[Judged, ...]:
    """Every case with its figures, approved ones first, then by title."""
    now = month_of(facts.as_of)
    prices: dict[int, list[PriceFact]] = defaultdict(list)
    for price in facts.prices:
        prices[price.tool_id].append(price)
    found = []
    for case in sorted(facts.cases, key=lambda each: (not each.approved, each.title, each.id)):
        cells = covered.by_case.get(case.id, [])
        realised = [flow for flow in case.realised if flow.month <= now]
        delivered = side_of(realised, case.margin_ppm)
        imported = case.tool is not None or case.vendor is not None
        cost = sum(cell.minor for cell in cells) if imported else delivered.cost
        flows = cash_flows(case)
        promised = side_of(case.promised, case.margin_ppm)
        nothing = Outcome(value=None, why=promised.why or NO_MARGIN)
        found.append(
            Judged(
                case=case,
                promised=promised,
                to_date=side_of((flow for flow in case.promised if flow.month <= now), case.margin_ppm),
                delivered=Side(
                    cost=cost,
                    cash=delivered.cash,
                    non_cash=delivered.non_cash,
                    revenue=delivered.revenue,
                    why=delivered.why,
                ),
                origins=sum(cell.lines for cell in cells),
                unconverted=sum(1 for cell in cells if cell.unconverted),
                npv=npv(flows, facts.rate / 100) if flows else None,
                irr=irr(flows) if flows is not None else nothing,
                payback=payback(flows) if flows is not None else nothing,
                why=None if flows is not None else nothing.why,
                tco=_ownership(case, prices.get(int(case.tool.id), []) if case.tool is not None else []),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A review that took place, or (``review`` None) one that is still to come, with the figures of that moment.

    ``promised`` and ``delivered`` count through the month of the review; of one to come, through the as-of month.
    """

    case: CaseFact
    review: ReviewFact | None
    state: str
    promised: Side
    delivered: Side


def reviews(facts: CaseFacts, judged: Sequence[Judged], covered: Covered) -> tuple[Looked, ...]:
    """Reviews of approved cases: those due first, the longest overdue ahead, then those to come, then those done."""
    found = []
    for each in judged:
        case = each.case
        if not case.approved:
            continue
        found += [_looked(facts, case, covered, review, "done", review.on) for review in case.reviews]
        if case.review_open:
            due = case.review_on
            state = "no date set" if due is None else "due" if due <= facts.as_of else "to come"
            found.append(_looked(facts, case, covered, None, state, facts.as_of))
    order = ("due", "to come", "no date set", "done")
    return tuple(
        sorted(
            found,
            key=lambda each: (
                order.index(each.state),
                -each.review.on.toordinal()
                if each.review
                else (each.case.review_on or facts.as_of).toordinal(),
                each.case.title,
                each.review.id if each.review else 0,
            ),
        )
    )


def _looked(
    facts: CaseFacts, case: CaseFact, covered: Covered, review: ReviewFact | None, state: str, on: date
) -> Looked:
    last = month_of(on)
    realised = side_of((flow for flow in case.realised if flow.month <= last), case.margin_ppm)
    imported = case.tool is not None or case.vendor is not None
    spent = sum(cell.minor for cell in covered.by_case.get(case.id, []) if cell.month <= last)
    return Looked(
        case=case,
        review=review,
        state=state,
        promised=side_of((flow for flow in case.promised if flow.month <= last), case.margin_ppm),
        delivered=replace(realised, cost=spent if imported else realised.cost),
    )


def _ownership(case: CaseFact, mine: Sequence[PriceFact]) -> int | None:
    """Five years of a tool: what recurs at its rise, what is paid once, and people's time where it was typed.

    None where nothing recurs, or a price or its rise is not known: a sum of the known lines alone would be too low.
    """
    recurring = [price for price in mine if not price.once]
    if not recurring or any(price.escalator_ppm is None for price in recurring):
        return None
    if case.people_typed and case.people_minor is None:
        return None
    total = Decimal(case.people_minor or 0)
    for price in mine:
        if price.minor is None:
            return None
        total += (
            Decimal(price.minor)
            if price.once
            else ownership(Decimal(price.minor), Decimal(price.escalator_ppm or 0) / _MILLION, 5)
        )
    return int(total.to_integral_value())


def roi_percent(side: Side) -> Decimal | None:
    """(cash benefit − cost) ÷ cost in percent; None where something is unknown or nothing was spent."""
    if side.cost is None or side.cash is None:
        return None
    share = roi(Decimal(side.cash), Decimal(side.cost))
    return None if share is None else round(100 * share, 2)


def romi(side: Side, margin_ppm: int | None) -> Decimal | None:
    """100 × (incremental revenue × contribution margin − spend) ÷ spend; None without revenue, margin or spend."""
    if not side.revenue or not side.cost or margin_ppm is None:
        return None
    value = romi_percent(Decimal(side.revenue), Decimal(margin_ppm) / _MILLION, Decimal(side.cost))
    return None if value is None else round(value, 2)


def hit_rate(cases: Iterable[CaseFact]) -> tuple[int, int] | None:
    """(kept, closed) over closed cases with a review, from five on; None before."""
    closed = [case for case in cases if case.status == "closed" and case.review is not None]
    if len(closed) < HITS_FROM:
        return None
    return sum(case.review is not None and case.review.verdict == "kept" for case in closed), len(closed)
