"""What a saving may claim at most: never above the run rate of what bears it, and no euro twice (PRODUCT.md §4.6).

A saving is capped by what its bearer cost a year on the day it was stated, as far as the scope pays for it. All savings
of a bearer together are capped by the highest run rate any of them was stated against: a price that fell because a
saving came leaves room for the next one, and no more than that.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.merges import heads
from mopsaudit.facts.rates import load_rates
from mopsaudit.facts.values import RunningLine
from mopsaudit.facts.wording import money
from mopsaudit.periods import fiscal_year
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit, Saving

Convert = Callable[[int, str], int]


def price_of_line(session: Session, scope: Scope, line_id: int) -> RunningLine | None:
    """The contract line as it runs on the scope's day; None when it is not in force."""
    return next((each for each in running_lines(session, scope) if each.id == line_id), None)


def run_rate(session: Session, scope: Scope, saving: Saving) -> int | None:
    """What the saving's bearer costs a year, in the base currency: the line's price, else the tool's run rate."""
    if saving.contract_line_id is not None:
        line = price_of_line(session, scope, saving.contract_line_id)
        return line.base_minor if line else None
    return _tool_rate(session, scope, saving.tool_id)


def _tool_rate(session: Session, scope: Scope, tool_id: int | None) -> int | None:
    if tool_id is None:
        return None
    cost = yearly_costs(session, scope).get(heads(session).tool(tool_id))
    return cost.minor if cost else None


def _company(session: Session, scope: Scope) -> Scope:
    """The same question asked about the whole company: savings of other units lie on the same run rate."""
    if scope.whole:
        return scope
    units = session.scalars(select(BusinessUnit.id).order_by(BusinessUnit.id)).all()
    return replace(scope, unit_ids=tuple(units), whole=True)


def converter(session: Session, scope: Scope) -> Convert:
    """Amounts into the base currency at the scope's day.

    The function raises:
        InvalidError: there is no rate.
    """
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)

    def base(minor: int, currency: str) -> int:
        value = rates.convert(minor, currency, scope.as_of)
        if value is None:
            raise InvalidError(f"There is no exchange rate for {currency}.", "currency")
        return value

    return base


def check_cap(session: Session, scope: Scope, saving: Saving) -> None:
    """Refuse a saving above its bearer's run rate or its baseline, or one that others claim already; keep the rate.

    Raises:
        InvalidError: saying what it costs and what is left of that; or that the cost, or an exchange rate, is unknown.
    """
    base = converter(session, scope)
    own = base(saving.annual_minor or 0, saving.currency)
    with session.no_autoflush:
        rate = run_rate(session, scope, saving)
        if rate is None:
            raise InvalidError(
                "What it costs a year is not known; enter its contract or import its spend first."
            )
        whole = _tool_rate(session, _company(session, scope), saving.tool_id)
        years = _others(session, scope, saving)
    for others in years:
        on_line = [each for each in others if each.contract_line_id == saving.contract_line_id]
        if saving.contract_line_id is not None:
            _fits(own, on_line, max([rate, *(_line_rate(each, base) for each in on_line)]), rate, scope, base)
        _fits_tool(own, others, rate, whole, saving, scope, base)
    _check_baseline(saving, rate, scope.currency, base)


def _fits_tool(
    own: int,
    others: Sequence[Saving],
    rate: int,
    whole: int | None,
    saving: Saving,
    scope: Scope,
    base: Convert,
) -> None:
    """The cap of the tool as a whole, over all its lines and units; keeps it as what the saving was stated against."""
    if saving.tool_id is None:
        saving.run_rate_minor = rate
        return
    ceiling = rate if whole is None else max(rate, whole)
    of_tool = max([ceiling, *(each.run_rate_minor or 0 for each in others)])
    _fits(own, others, of_tool, ceiling if saving.contract_line_id else rate, scope, base)
    saving.run_rate_minor = ceiling


def _check_baseline(saving: Saving, rate: int, currency: str, base: Convert) -> None:
    """A reduction's baseline is what it costs now; nothing saves more than its baseline."""
    if saving.baseline_minor is None:
        return
    if saving.kind == "reduction" and base(saving.baseline_minor, saving.currency) > rate:
        raise InvalidError(
            f"The last price × the current volume is at most what it costs a year: {money(rate, currency)}.",
            "baseline_minor",
        )
    if (saving.annual_minor or 0) > saving.baseline_minor:
        raise InvalidError("It cannot save more than its baseline.", "annual_minor")


def _line_rate(saving: Saving, base: Convert) -> int:
    """What the line cost when an earlier saving on it was stated: its baseline, which its run rate capped then."""
    if saving.kind != "reduction" or saving.baseline_minor is None:
        return 0
    return min(base(saving.baseline_minor, saving.currency), saving.run_rate_minor or 0)


def _others(session: Session, scope: Scope, saving: Saving) -> Sequence[Sequence[Saving]]:
    """Other savings that would count the same money, by fiscal year: those that run on, and those that come once in it.

    A saving that comes once lies in its own year; one that runs on lies in every year from its first, so that each year
    somebody claims something once is looked at.
    """
    if saving.tool_id is None:
        bearer = Saving.contract_line_id == saving.contract_line_id
    else:
        merged = heads(session)
        family = merged.family((merged.tool(saving.tool_id),))
        bearer = or_(Saving.tool_id.in_(family), Saving.contract_line_id == saving.contract_line_id)
        if saving.contract_line_id is None:
            bearer = Saving.tool_id.in_(family)
    rows = session.scalars(
        select(Saving)
        .where(bearer, Saving.stage != "dropped", Saving.id != (saving.id or 0))
        .order_by(Saving.id)
    ).all()
    lasting = [each for each in rows if each.recurring]
    once: dict[date, list[Saving]] = defaultdict(list)
    for each in rows:
        if not each.recurring:
            once[_year(each, scope)].append(each)
    first = _year(saving, scope)
    years = {first, *(year for year in once if year > first)} if saving.recurring else {first}
    return [[*lasting, *once.get(year, ())] for year in sorted(years)]


def _year(saving: Saving, scope: Scope) -> date:
    """The first day of the fiscal year a saving begins in; without a date the scope's own."""
    day = saving.effective_on or saving.identified_on or scope.as_of
    return fiscal_year(day, scope.settings.fiscal_start).start


def _fits(own: int, others: Sequence[Saving], highest: int, rate: int, scope: Scope, base: Convert) -> None:
    """Refuse what is above the rate by itself, or above the highest rate together with the others."""
    claimed = sum(base(each.annual_minor or 0, each.currency) for each in others)
    left = max(0, min(rate, highest - claimed))
    if own > left:
        raise InvalidError(
            f"It costs {money(rate, scope.currency)} a year and {money(left, scope.currency)} of that is not "
            "claimed by another saving.",
            "annual_minor",
        )
