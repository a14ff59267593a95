"""Plan, actual, committed, forecast per budget line (PRODUCT.md §4.4). Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mopsaudit.facts.accrual import spread
from mopsaudit.facts.allocation import Commitment, Invoice
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import month_of
from mopsaudit.reports.budget.facts import BudgetFacts, Cell, PlanLine
from mopsaudit.reports.budget.joining import Joiner
from mopsaudit.words import SpendType

#: Months with spend last year's shape needs at least.
_SHAPE_MONTHS = 6


@dataclass(slots=True)
class Tally:
    """What stands against one line (or against none): sums by month where months matter."""

    actual: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    uncontracted: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    before: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    earlier: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    currency: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    committed: int = 0
    late: int = 0
    late_count: int = 0
    expected_contract: int = 0
    committed_unknown: int = 0
    origins: int = 0
    #: Lines that joined by tool or vendor, without stating all the budget line names, and their sum.
    by_name: int = 0
    by_name_minor: int = 0
    #: Commitments that follow where their tool's invoices stand.
    followed: int = 0
    cells: list[Cell] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """The figures of one line, or of *unbudgeted* (``line`` None). ``closed`` is the last closed month.

    ``available = plan − actual − committed``, ``headroom = plan − forecast``; ``to_date`` and ``full_year`` are plan
    less actual and plan less forecast, favourable positive; ``currency_effect`` is what of ``to_date`` exchange rates
    explain (None: no budget rate).
    """

    line: PlanLine | None
    closed: int
    plan: int
    plan_to_date: int
    actual: int
    actual_closed: int
    committed: int
    late: int
    late_count: int
    expected: int
    forecast: int
    method: str
    currency_effect: int | None
    tally: Tally

    @property
    def available(self) -> int:
        """Plan − actual − committed (open)."""
        return self.plan - self.actual - self.committed

    @property
    def headroom(self) -> int:
        """Plan − forecast."""
        return self.plan - self.forecast

    @property
    def to_date(self) -> int:
        """Plan − actual over the closed periods."""
        return self.plan_to_date - self.actual_closed

    @property
    def full_year(self) -> int:
        """Plan − forecast over the year."""
        return self.plan - self.forecast

    @property
    def volume(self) -> int | None:
        """The variance to date that is not currency."""
        return None if self.currency_effect is None else self.to_date - self.currency_effect


def settle(facts: BudgetFacts) -> tuple[LineResult, ...]:
    """Every line's figures and, last, what no line fits (left out when nothing stands there)."""
    joiner = Joiner(facts.lines, facts.ancestors)
    tallies: dict[int | None, Tally] = {line.id: Tally() for line in facts.lines}
    tallies[None] = Tally()
    now = month_of(facts.as_of)
    for cell in facts.cells:
        if cell.month is None or cell.month > now:
            continue
        tally = tallies[joiner.line_of(cell)]
        tally.actual[cell.month] += cell.minor
        tally.origins += cell.lines
        tally.cells.append(cell)
        if joiner.by_name(cell):
            tally.by_name += cell.lines
            tally.by_name_minor += cell.minor
        if not cell.spread and not is_contracted(cell, facts.contracted):
            tally.uncontracted[cell.month] += cell.minor
        if cell.at_budget is not None:
            tally.currency[cell.month] += cell.at_budget - cell.minor
    for invoice in facts.allocated.settling:
        # It settles what is owed anyway: no run rate goes on from it.
        spread_out = facts.basis == "accrual" and (invoice.spread or invoice.id in facts.moved)
        inside = invoice.month is not None and invoice.month in facts.year.months and invoice.month <= now
        if inside and not spread_out and not is_contracted(invoice, facts.contracted):
            tallies[joiner.line_of(invoice)].uncontracted[invoice.month or 0] -= invoice.base_minor or 0
    for cell in facts.last_year:
        if cell.month is not None and not is_contracted(cell, facts.contracted):
            tallies[joiner.line_of(cell)].before[cell.month + 12] += cell.minor
    for cell in facts.year_before:
        if cell.month is not None and not is_contracted(cell, facts.contracted):
            tallies[joiner.line_of(cell)].earlier[cell.month + 24] += cell.minor
    for cell in facts.ahead:
        tallies[joiner.line_of(cell)].committed += cell.minor
    habits = _habits(facts, joiner)
    for commitment in facts.commitments:
        line = joiner.line_of(commitment)
        if line is None and commitment.cost_centre is None and commitment.gl_account is None:
            line = habits.get(commitment.tool_id or 0)
            if line is not None:
                tallies[line].followed += 1
        _owe(facts, commitment, tallies[line])
    results = [_result(facts, line, tallies[line.id]) for line in facts.lines]
    rest = tallies[None]
    booked = rest.origins or any(rest.actual.values())
    if booked or rest.committed or rest.expected_contract or rest.committed_unknown:
        results.append(_result(facts, None, rest))
    return tuple(results)


def _habits(facts: BudgetFacts, joiner: Joiner) -> dict[int, int]:
    """Tool → the one budget line all its invoices of this year and last joined; a tool of several lines has none.

    A contract rarely states a cost centre and an account; its invoices do.
    """
    joined: dict[int, set[int | None]] = defaultdict(set)
    for cell in (*facts.cells, *facts.last_year):
        if cell.tool_id is not None and cell.month is not None and cell.minor:
            joined[cell.tool_id].add(joiner.line_of(cell))
    return {
        tool_id: line
        for tool_id, lines in joined.items()
        if len(lines) == 1
        for line in lines
        if line is not None
    }


def is_contracted(cell: Cell | Invoice, contracted: frozenset[tuple[int, str]]) -> bool:
    """Whether a contract owes for its tool and type: what is owed forecasts it, no run rate."""
    return cell.tool_id is not None and (cell.tool_id, cell.spend_type or SpendType.SOFTWARE) in contracted


def open_base(facts: BudgetFacts, commitment: Commitment) -> int | None:
    """What of a commitment is open, in the base currency and on the report's basis; None without a rate.

    On accrual basis only the service that falls into the year counts.
    """
    parts = open_months(facts, commitment)
    return None if parts is None else sum(parts.values())


def open_months(facts: BudgetFacts, commitment: Commitment) -> dict[int | None, int] | None:
    """:func:`open_base` by the month it is due in, on accrual basis by the months of its service; key None: undated."""
    left = facts.allocated.open_minor(commitment)
    if commitment.base_minor is None:
        return None if left else {}
    base = (
        commitment.base_minor
        if left == commitment.minor or not commitment.minor
        else ratio_half_even(commitment.base_minor, left, commitment.minor)
    )
    if facts.basis != "accrual" or commitment.service is None:
        return {month_of(commitment.due_on) if commitment.due_on else None: base}
    parts = spread(base, commitment.service, by_days=facts.by_days)
    return {month: part for month, part in parts.items() if month in facts.year.months}


def is_late(facts: BudgetFacts, commitment: Commitment) -> bool:
    """Whether a commitment's date lies in a closed period: it should have been invoiced.

    A term's price whose instalments nobody entered is late only while nothing of it is invoiced.
    """
    if not commitment.rhythm_known and facts.allocated.sums.get(commitment.key, 0) > 0:
        return False
    closed = facts.closed.get(commitment.entity_id or 0, facts.closed_default)
    return commitment.due_on is not None and month_of(commitment.due_on) <= closed


def _owe(facts: BudgetFacts, commitment: Commitment, tally: Tally) -> None:
    left = open_base(facts, commitment)
    if left is None:
        tally.committed_unknown += 1
        return
    if not left:
        return
    tally.commitments.append(commitment)
    if commitment.expected:
        tally.expected_contract += left
        return
    tally.committed += left
    if is_late(facts, commitment):
        tally.late += left
        tally.late_count += 1


def _result(facts: BudgetFacts, line: PlanLine | None, tally: Tally) -> LineResult:
    closed = facts.closed_default
    if line is not None and line.entity_id is not None:
        closed = facts.closed.get(line.entity_id, closed)
    closed = min(closed, month_of(facts.as_of))
    plan = dict(line.plan) if line else {}
    run_rate, method = expected_spend(
        tally.uncontracted,
        tally.before,
        months=facts.year.months,
        closed=closed,
        last_year_known=facts.ledger_from is not None
        and facts.ledger_from <= month_of(facts.year.start) - 12,
    )
    methods = []
    if tally.committed or tally.expected_contract:
        methods.append("contracts and orders")
    if method:
        methods.append(method)
    actual = sum(tally.actual.values())
    expected = tally.expected_contract + run_rate
    in_closed = [month for month in tally.actual if month <= closed]
    has_effect = any(cell.at_budget is not None for cell in tally.cells)
    return LineResult(
        line=line,
        closed=closed,
        plan=sum(plan.values()),
        plan_to_date=sum(minor for month, minor in plan.items() if month <= closed),
        actual=actual,
        actual_closed=sum(tally.actual[month] for month in in_closed),
        committed=tally.committed,
        late=tally.late,
        late_count=tally.late_count,
        expected=expected,
        forecast=actual + tally.committed + expected,
        method=" and ".join(methods) or ("what is booked" if actual else "nothing booked or owed"),
        currency_effect=sum(tally.currency.get(month, 0) for month in in_closed) if has_effect else None,
        tally=tally,
    )


def expected_spend(
    uncontracted: Mapping[int, int],
    before: Mapping[int, int],
    *,
    months: Iterable[int],
    closed: int,
    last_year_known: bool,
) -> tuple[int, str]:
    """What is still to come of spend that no contract or order names, and the method in words.

    Last year's shape where the ledger holds it (at least six months with spend): closed months × last year's open ÷
    closed months. Else the run rate of the closed months. What open months already hold is taken off; never negative.
    ``before`` is last year's spend moved on by twelve months.
    """
    span = list(months)
    done = [month for month in span if month <= closed]
    ahead = [month for month in span if month > closed]
    so_far = sum(uncontracted.get(month, 0) for month in done)
    booked = sum(uncontracted.get(month, 0) for month in ahead)
    if not ahead or (not so_far and not any(before.values())):
        return 0, ""
    then_done = sum(before.get(month, 0) for month in done)
    then_ahead = sum(before.get(month, 0) for month in ahead)
    if last_year_known and sum(bool(minor) for minor in before.values()) >= _SHAPE_MONTHS:
        if done and then_done > 0:
            return max(0, ratio_half_even(so_far, then_ahead, then_done) - booked), "last year's shape"
        if not done:
            return max(0, then_ahead - booked), "last year's months"
    if not done:
        return 0, ""
    whole = ratio_half_even(so_far, len(ahead), len(done))
    return max(0, whole - booked), f"run rate of {len(done)} closed month{'' if len(done) == 1 else 's'}"


def late_year(tally: Tally, months: Sequence[int], percent: int) -> tuple[int, int] | None:
    """(last period's uncontracted spend, the monthly average of the periods before) when it is far above; else None."""
    last, earlier = months[-1], months[:-1]
    spent = tally.uncontracted.get(last, 0)
    average = ratio_half_even(sum(tally.uncontracted.get(month, 0) for month in earlier), 1, len(earlier))
    return (spent, average) if average > 0 and spent * 100 > average * percent else None
