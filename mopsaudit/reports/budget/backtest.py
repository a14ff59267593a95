"""The forecast tried on the data's own past: what the same method would have said last year, and what came. Pure.

Only spend that no contract or order names is forecast by a method; that is what is tried. Last year's closed months
stand for this year's, the year before last for last year; contracts are those of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mopsaudit.facts.wording import money, percent
from mopsaudit.periods import month_of
from mopsaudit.reporting import Column, Row, Section, ValueKind
from mopsaudit.reports.budget.arithmetic import LineResult, expected_spend
from mopsaudit.reports.budget.beside import amount
from mopsaudit.reports.budget.facts import BudgetFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A line's method tried on last year: forecast of that whole year after the same closed months, and what came."""

    method: str
    forecast: int
    came: int

    @property
    def error(self) -> int:
        """Forecast − what came; positive is too high."""
        return self.forecast - self.came

    @property
    def percent(self) -> Decimal | None:
        """The error in percent of what came, None where nothing came."""
        return round(Decimal(100) * self.error / self.came, 2) if self.came > 0 else None


def tried_on_last_year(facts: BudgetFacts, result: LineResult) -> Tested | None:
    """A line's method tried on last year; None where the ledger does not hold last year or nothing was spent.

    The forecast is what the closed months held plus :func:`expected_spend` of the rest, which sees the closed months
    only.
    """
    if facts.ledger_from is None or facts.ledger_from > month_of(facts.year.start) - 12:
        return None
    then = result.tally.before
    closed = {month: minor for month, minor in then.items() if month <= result.closed}
    expected, method = expected_spend(
        closed,
        result.tally.earlier,
        months=facts.year.months,
        closed=result.closed,
        last_year_known=facts.ledger_from <= month_of(facts.year.start) - 24,
    )
    if not method:
        return None
    return Tested(method=method, forecast=sum(closed.values()) + expected, came=sum(then.values()))


def words_of(tried: Tested | None) -> str:
    """``4 % too low`` with the method it was tried with; why not, where it was not tried."""
    if tried is None:
        return ""
    if tried.percent is None:
        return f"{tried.method}: nothing came"
    side = (
        "exact"
        if not tried.error
        else f"{percent(abs(tried.percent))} too {'high' if tried.error > 0 else 'low'}"
    )
    return f"{tried.method}: {side}"


def tested(facts: BudgetFacts, results: Sequence[LineResult]) -> Section:
    """Every line whose method could be tried, the largest miss first; the whole is Σ ÷ Σ."""
    found = [(result, each) for result in results if (each := tried_on_last_year(facts, result)) is not None]
    found.sort(key=lambda pair: (-abs(pair[1].error), pair[0].line.id if pair[0].line else 0))
    whole = Tested(
        method="", forecast=sum(each.forecast for _, each in found), came=sum(each.came for _, each in found)
    )
    side = "exactly that" if not whole.error else f"{money(abs(whole.error), facts.currency)}"
    if whole.error:
        share = "" if whole.percent is None else f", {percent(abs(whole.percent))}"
        side = f"{side}{share} too {'high' if whole.error > 0 else 'low'}"
    return Section(
        key="tested",
        title="The forecast, tried on last year",
        sentence=f"After the same closed months last year, the same methods would have foreseen "
        f"{money(whole.forecast, facts.currency)} of spend that no contract names; "
        f"{money(whole.came, facts.currency)} came: {side}.",
        columns=(
            Column(key="line", label="Budget line", primary=True),
            Column(key="method", label="Method then"),
            Column(key="forecast", label="Foreseen", kind=ValueKind.MONEY, summed=True),
            Column(key="came", label="Came", kind=ValueKind.MONEY, summed=True),
            Column(key="error", label="Foreseen − came", kind=ValueKind.MONEY, summed=True),
            Column(key="percent", label="Error, %", kind=ValueKind.NUMBER),
        ),
        rows=tuple(
            Row(
                id=f"tested:{result.line.id if result.line else 'none'}",
                values={
                    "line": result.line.label if result.line else "Unbudgeted",
                    "method": each.method,
                    "forecast": amount(facts, each.forecast),
                    "came": amount(facts, each.came),
                    "error": amount(facts, each.error),
                    "percent": each.percent,
                },
            )
            for result, each in found
        ),
    )
