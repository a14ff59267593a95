"""The year month by month: plan, invoiced, open commitments, expected, and the forecast they make. Pure.

Every obligation stands in one month and in one of the three, so each column sums to the report's own figure, to the
minor unit (:func:`months_of_year`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mopsaudit.facts.wording import listed, money, month
from mopsaudit.money import split_exact
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Column, Plot, Row, Section, Series, ValueKind
from mopsaudit.reports.budget.arithmetic import LineResult, is_late, open_months
from mopsaudit.reports.budget.facts import BudgetFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfYear:
    """One month of the fiscal year in minor units of the base currency. ``plan`` is None where there is no budget.

    ``committed`` holds ``late``: what was due by the end of the closed months and is not invoiced yet.
    """

    month: int
    plan: int | None
    actual: int
    committed: int
    late: int
    expected: int

    @property
    def forecast(self) -> int:
        """Invoiced + open commitments + expected."""
        return self.actual + self.committed + self.expected


def months_of_year(facts: BudgetFacts, results: Sequence[LineResult]) -> tuple[MonthOfYear, ...]:
    """Every month of the fiscal year. Over the months each figure sums to that of the lines.

    A commitment stands in the month it is due (on accrual basis: in the months of its service); what is due in no month
    of the year, because it is older or undated, can only come now and stands in the as-of month. What the run rate or
    last year's shape expects stands in the months not closed, in the proportions it was worked out with, less what
    these months hold already.
    """
    span = list(facts.year.months)
    now = min(max(month_of(facts.as_of), span[0]), span[-1])
    plan: dict[int, int] = defaultdict(int)
    actual: dict[int, int] = defaultdict(int)
    committed: dict[int, int] = defaultdict(int)
    late: dict[int, int] = defaultdict(int)
    expected: dict[int, int] = defaultdict(int)

    def put(sums: dict[int, int], parts: Iterable[tuple[int | None, int]]) -> None:
        for when, minor in parts:
            sums[when if when is not None and span[0] <= when <= span[-1] else now] += minor

    for result in results:
        put(actual, result.tally.actual.items())
        if result.line is not None:
            put(plan, result.line.plan.items())
        for each in result.tally.commitments:
            parts = (open_months(facts, each) or {}).items()
            put(expected if each.expected else committed, parts)
            if not each.expected and is_late(facts, each):
                put(late, parts)
        put(expected, _pace(result, span).items())
    for cell in facts.ahead:
        put(committed, [(cell.month, cell.minor)])
    return tuple(
        MonthOfYear(
            month=each,
            plan=plan[each] if facts.version is not None else None,
            actual=actual[each],
            committed=committed[each],
            late=late[each],
            expected=expected[each],
        )
        for each in span
    )


def _pace(result: LineResult, span: Sequence[int]) -> Mapping[int, int]:
    """What a line expects of spend nobody has contracted, by the months that are not closed."""
    ahead = result.expected - result.tally.expected_contract
    if not ahead:
        return {}
    open_ones = [each for each in span if each > result.closed]
    then = [max(0, result.tally.before.get(each, 0)) for each in open_ones]
    shape = then if "last year" in result.method and any(then) else [1] * len(open_ones)
    booked = [result.tally.uncontracted.get(each, 0) for each in open_ones]
    whole = split_exact(max(0, ahead + sum(booked)), shape)
    left = [max(0, share - held) for share, held in zip(whole, booked, strict=True)]
    parts = split_exact(ahead, left if any(left) else shape)
    return dict(zip(open_ones, parts, strict=True))


_MONEY: Final = ValueKind.MONEY
_COLUMNS: Final = (
    Column(key="month", label="Month", primary=True),
    Column(key="plan", label="Budget", kind=_MONEY, summed=True),
    Column(key="actual", label="Invoiced", kind=_MONEY, summed=True),
    Column(key="committed", label="Open commitments", kind=_MONEY, summed=True),
    Column(
        key="late",
        label="Of these late",
        kind=_MONEY,
        summed=True,
        what="Due by the end of the closed months and not invoiced yet.",
    ),
    Column(key="expected", label="Expected", kind=_MONEY, summed=True),
    Column(
        key="forecast",
        label="Forecast",
        kind=_MONEY,
        summed=True,
        what="Invoiced + open commitments + expected.",
    ),
    Column(
        key="headroom",
        label="Headroom",
        kind=_MONEY,
        summed=True,
        what="Budget − forecast; positive is under plan.",
    ),
)


def month_section(facts: BudgetFacts, months: Sequence[MonthOfYear]) -> Section:
    """The figures of the chart as a table of their own, with the forecast of each month and what it leaves."""
    rows = []
    for each in months:
        rows.append(
            Row(
                id=f"month:{each.month}",
                values={
                    "month": month(each.month),
                    "plan": _amount(facts, each.plan),
                    "actual": _amount(facts, each.actual),
                    "committed": _amount(facts, each.committed),
                    "late": _amount(facts, each.late),
                    "expected": _amount(facts, each.expected),
                    "forecast": _amount(facts, each.forecast),
                    "headroom": _amount(facts, None if each.plan is None else each.plan - each.forecast),
                },
                state=_state(facts, each),
            )
        )
    return Section(
        key="months",
        title="Month by month",
        sentence=_sentence(facts, months),
        columns=_COLUMNS,
        rows=tuple(rows),
    )


def _amount(facts: BudgetFacts, minor: int | None) -> Amount:
    why = "there is no budget for the year" if minor is None else None
    return Amount(currency=facts.currency, minor=minor, basis=facts.basis, why=why)


def _state(facts: BudgetFacts, each: MonthOfYear) -> str:
    if each.month <= facts.closed_default:
        return "closed"
    return "open" if each.month <= month_of(facts.as_of) else "ahead"


def _sentence(facts: BudgetFacts, months: Sequence[MonthOfYear]) -> str:
    """The month that costs most from here on, what is late, and the months that land over plan."""
    largest = max(months, key=lambda each: (each.forecast, -each.month))
    said = [f"{month(largest.month)} costs most: {money(largest.forecast, facts.currency)}"]
    late = sum(each.late for each in months)
    if late:
        said.append(f"{money(late, facts.currency)} was due in closed months and is not invoiced yet")
    over = [
        each
        for each in months
        if each.plan is not None and each.month > facts.closed_default and each.forecast > each.plan
    ]
    if over:
        said.append(f"over plan from here on: {listed([month(each.month) for each in over])}")
    return "; ".join(said) + "."


def month_plot(facts: BudgetFacts, months: Sequence[MonthOfYear]) -> tuple[Plot, ...]:
    """The plan as a line over columns that end at the forecast; nothing where every month is empty."""
    if not any(each.plan or each.actual or each.committed or each.expected for each in months):
        return ()
    now = month_of(facts.as_of)
    series = (
        Series(
            key="actual",
            label="Invoiced" if facts.basis == "invoiced" else "Accrued",
            values=tuple(each.actual if each.month <= now else None for each in months),
        ),
        Series(
            key="committed",
            label="Open commitments",
            values=tuple(each.committed for each in months),
            colour="muted",
        ),
        Series(
            key="expected",
            label="Expected",
            values=tuple(each.expected for each in months),
            style="hatched",
        ),
        Series(
            key="plan", label="Budget", values=tuple(each.plan for each in months), style="line", colour="ink"
        ),
    )
    return (
        Plot(
            kind="columns",
            title="Budget, and where each month lands",
            labels=tuple(month(each.month) for each in months),
            series=tuple(one for one in series if any(value is not None for value in one.values)),
            axis=facts.currency,
            currency=facts.currency,
            mark=min(max(now - months[0].month, 0), len(months) - 1),
        ),
    )


def curve_plot(facts: BudgetFacts, results: Sequence[LineResult]) -> tuple[Plot, ...]:
    """What is spent from the start of the year on, beside the plan's own curve."""
    months = list(facts.year.months)
    now = month_of(facts.as_of)
    plan = [sum(line.plan.get(each, 0) for line in facts.lines) for each in months]
    actual = [sum(result.tally.actual.get(each, 0) for result in results) for each in months]
    planned, spent = 0, 0
    plan_curve: list[int | None] = []
    spent_curve: list[int | None] = []
    for index, each in enumerate(months):
        planned, spent = planned + plan[index], spent + actual[index]
        plan_curve.append(planned if facts.version else None)
        spent_curve.append(spent if each <= now else None)
    return (
        Plot(
            kind="lines",
            title="Spend against the plan's own curve",
            labels=tuple(month(each) for each in months),
            series=(
                Series(key="plan", label="Plan", values=tuple(plan_curve), style="line", colour="muted"),
                Series(key="actual", label="Invoiced", values=tuple(spent_curve), style="line"),
            ),
            axis=facts.currency,
            currency=facts.currency,
            mark=min(max(now - months[0], 0), 11),
        ),
    )
