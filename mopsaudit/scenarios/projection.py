"""Spend by month under changes: what stops when, what stays owed, what is added (PRODUCT.md §4.7). Pure."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from mopsaudit.facts.endings import free_from
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import month_end, month_of, month_start
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.facts import Flow, LinePosition, ScenarioFacts, Source
from mopsaudit.scenarios.values import StackTool

_DAY: Final = timedelta(days=1)


def by_month(facts: ScenarioFacts, flows: Iterable[Flow]) -> dict[int, int]:
    """The sum of each month shown."""
    found = dict.fromkeys(facts.months, 0)
    for flow in flows:
        if flow.month in found:
            found[flow.month] += flow.minor
    return found


def stops_on(facts: ScenarioFacts, line: LinePosition, wanted: date) -> date | None:
    """The first day a line owes nothing when its tool is to be gone on ``wanted``; None where no end is known."""
    free = free_from(line.terms, line.stands, max(wanted, facts.as_of + _DAY))
    own = None if line.ends_on is None else line.ends_on + _DAY
    return min((each for each in (free, own) if each is not None), default=None)


def changed(facts: ScenarioFacts, changes: Sequence[Change]) -> dict[int, int]:
    """Spend by month with all changes together."""
    return by_month(facts, flows_under(facts, changes))


def flows_under(facts: ScenarioFacts, changes: Sequence[Change]) -> list[Flow]:
    """Today's money as it becomes with all changes together, and what they add; also past the months shown."""
    off: dict[int, date] = {}
    for each in changes:
        if each.kind is Kind.OFF and each.tool_id is not None and each.on is not None:
            off[each.tool_id] = min(each.on, off.get(each.tool_id, each.on))
    seats: dict[int, list[Change]] = defaultdict(list)
    for each in changes:
        if each.kind is Kind.SEATS and each.line_id is not None:
            seats[each.line_id].append(each)
    flows: list[Flow] = []
    for flow in facts.flows:
        flows += _flow(facts, flow, off, seats)
    for each in changes:
        flows += _added(facts, each)
    return flows


def _flow(
    facts: ScenarioFacts, flow: Flow, off: Mapping[int, date], seats: Mapping[int, Sequence[Change]]
) -> list[Flow]:
    """What becomes of a sum: booked stays, owed ends with its contract, the run rate ends with its tool."""
    if flow.source is Source.BOOKED:
        return [flow]
    wanted = off.get(flow.tool_id) if flow.tool_id is not None else None
    if flow.source is Source.PACE:
        return [flow] if wanted is None else [_paced(flow, max(wanted, facts.as_of + _DAY))]
    line = facts.lines.get(flow.line_id) if flow.line_id is not None else None
    if line is None or flow.due is None:
        return [flow]
    if wanted is not None:
        stop = stops_on(facts, line, wanted)
        if stop is not None and flow.due >= stop:
            return []
    found = [flow]
    for change in seats.get(line.id, ()):
        found = [part for each in found for part in _reseated(facts, each, line, change)]
    return found


def _paced(flow: Flow, until: date) -> Flow:
    """The part of a month's run rate before a day."""
    start = month_start(flow.month)
    days = (month_end(flow.month) - start).days + 1
    kept = min(days, max(0, (until - start).days))
    return replace(flow, minor=ratio_half_even(flow.minor, kept, days))


def seats_from(facts: ScenarioFacts, line: LinePosition, change: Change) -> tuple[date | None, int]:
    """(the day the new number of seats counts, that number in whole packs and above the minimum)."""
    wanted = change.seats or 0
    packs = -(-max(wanted, line.minimum) // line.pack) * line.pack
    on = change.on or facts.as_of
    if line.seats is not None and packs < line.seats:
        return free_from(line.terms, line.stands, max(on, facts.as_of + _DAY)), packs
    return max(on, facts.as_of + _DAY), packs


def _reseated(facts: ScenarioFacts, flow: Flow, line: LinePosition, change: Change) -> list[Flow]:
    """A payment at another number of seats: from its day on, and for the rest of a running term when it grows."""
    if not line.seats or flow.due is None:
        return [flow]
    starts, seats = seats_from(facts, line, change)
    if starts is None or (seats < line.seats and not line.reducible):
        return [flow]
    if flow.due >= starts:
        return [replace(flow, minor=ratio_half_even(flow.minor, seats, line.seats))]
    if seats <= line.seats or flow.service is None or starts >= flow.service.end or not flow.service.days:
        return [flow]
    more = ratio_half_even(flow.minor, seats - line.seats, line.seats)
    part = ratio_half_even(more, (flow.service.end - starts).days, flow.service.days)
    return [flow, replace(flow, month=month_of(starts), minor=part, due=None, service=None)]


def _added(facts: ScenarioFacts, change: Change) -> Iterator[Flow]:
    """What a change adds: moving, seats of those who move, a new tool's price."""
    on = None if change.on is None else max(change.on, facts.as_of + _DAY)
    if on is None:
        return
    if change.once_minor:
        yield Flow(
            month=month_of(on),
            minor=change.once_minor,
            source=Source.MOVING,
            tool_id=change.tool_id,
            what=change.name,
        )
    if change.kind is Kind.OFF:
        for into, bought, price in seats_of_movers(facts, change):
            for index, minor in yearly(price * bought, on, facts.months[-1]).items():
                yield Flow(month=index, minor=minor, source=Source.SEATS, tool_id=into)
    if change.kind is Kind.ADD:
        for index, minor in yearly(change.annual_minor, on, facts.months[-1]).items():
            yield Flow(month=index, minor=minor, source=Source.NEW, what=change.name)


def yearly(annual: int, on: date, last: int) -> dict[int, int]:
    """A yearly price from a day to the end of a month index, by month; any twelve whole months sum to it to a unit."""
    first = month_of(on)
    gone = Fraction(on.day - 1, calendar.monthrange(on.year, on.month)[1])
    found: dict[int, int] = {}
    before = 0
    for index in range(first, last + 1):
        months = Fraction(index - first + 1) - gone
        until = ratio_half_even(annual, months.numerator, 12 * months.denominator)
        found[index] = until - before
        before = until
    return found


def tool_of(facts: ScenarioFacts, tool_id: int | None) -> StackTool | None:
    """A tool of the stack; None where it is not there or has no capabilities."""
    return next((each for each in facts.question.problem.tools if each.id == tool_id), None)


def seats_of_movers(facts: ScenarioFacts, change: Change) -> list[tuple[int, int, int]]:
    """(tool, seats bought beyond free ones in whole packs, price of a seat a year) where people move to."""
    found = []
    movers = facts.people.get(change.tool_id or 0, frozenset())
    for into in change.into_ids:
        tool, detail = tool_of(facts, into), facts.question.details.get(into)
        if tool is None or detail is None or detail.seat_minor is None:
            continue
        wanted = max(0, len(movers - facts.people.get(into, frozenset())) - tool.free)
        bought = -(-wanted // tool.pack) * tool.pack
        if bought:
            found.append((into, bought, detail.seat_minor))
    return found
