"""Next year's spend split by what can still be changed, and the weekly curve of what gets locked (PRODUCT.md §4.5)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mopsaudit.facts.agreements import ContractFact, LineFact
from mopsaudit.facts.locks import LockStep, lock_steps
from mopsaudit.facts.terms import IN_FORCE, NO_KIND, TermState
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period
from mopsaudit.words import TOOL_COST

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A line's cost in a period: locked in, decidable by a date, free; their sum is its cost if nothing changes.

    All None with ``why`` where price, rate or terms are unknown. Minor units of the base currency.
    """

    locked: int | None = None
    decidable: int | None = None
    free: int | None = None
    decide_by: date | None = None
    why: str | None = None

    @property
    def total(self) -> int | None:
        """The sum of the three, None where unknown."""
        if self.locked is None or self.decidable is None or self.free is None:
            return None
        return self.locked + self.decidable + self.free


def why_unpriced(line: LineFact, currency: str) -> str:
    """Why a line has no figure in the base currency."""
    return "the line has no price" if line.annual_minor is None else f"no exchange rate for {currency}"


def value_until(annual: int, period: Period, day: date) -> int:
    """What of a yearly price falls on the days of ``period`` before ``day``; differences of it sum exactly."""
    days = (min(max(day, period.start), period.end) - period.start).days
    return ratio_half_even(annual, days, period.days)


def span(contract: ContractFact, line: LineFact, period: Period) -> Period:
    """The days of ``period`` in which the line is bought at all, were its contract to go on."""
    starts = [day for day in (line.starts_on, contract.terms.start_on) if day is not None]
    low = max([period.start, *starts])
    high = min(period.end, line.ends_on + _DAY) if line.ends_on else period.end
    return Period(start=min(low, period.end), end=max(min(low, period.end), high))


def covered_twice(contracts: Sequence[ContractFact], as_of: date) -> dict[int, tuple[ContractFact, ...]]:
    """By line id the other contracts in force that buy the same tool for the same unit by the same metric now.

    Two order forms may add up on purpose, or one may have been forgotten: shown as a question, never as a saving. A
    line that names no unit buys for all of them.
    """
    running = [
        (contract, line)
        for contract in contracts
        if contract.stands.state in IN_FORCE
        for line in contract.lines
        if line.tool is not None
        and not line.one_off
        and line.spend_type in TOOL_COST
        and (line.starts_on is None or line.starts_on <= as_of)
        and (line.ends_on is None or line.ends_on >= as_of)
    ]
    by_tool: dict[tuple[object, str | None], list[tuple[ContractFact, LineFact]]] = defaultdict(list)
    for contract, line in running:
        by_tool[line.tool.id if line.tool else None, line.metric].append((contract, line))
    found: dict[int, tuple[ContractFact, ...]] = {}
    for mine, line in running:
        others = {
            other.id: other
            for other, theirs in by_tool[line.tool.id if line.tool else None, line.metric]
            if other.id != mine.id
            and (line.unit_id == theirs.unit_id or None in (line.unit_id, theirs.unit_id))
        }
        if others:
            found[line.id] = tuple(others[each] for each in sorted(others))
    return found


def split_line(contract: ContractFact, line: LineFact, period: Period) -> Split:
    """A line's cost in ``period`` as it stands now (PRODUCT.md §4.5, *already committed*)."""
    stands = contract.stands
    if line.one_off or stands.state is TermState.ENDED:
        return Split(locked=0, decidable=0, free=0)
    if line.base_minor is None:
        return Split(why=why_unpriced(line, contract.currency))
    held = span(contract, line, period)
    whole = value_until(line.base_minor, period, held.end) - value_until(line.base_minor, period, held.start)
    if stands.state is TermState.OUT_OF_CONTRACT:
        return Split(locked=0, decidable=0, free=whole)
    if NO_KIND in stands.problems:
        return Split(why=NO_KIND)
    if stands.state is TermState.UNKNOWN or stands.free_from is None:
        return Split(why="the contract's terms are not known well enough")
    until = min(max(stands.free_from, held.start), held.end)
    locked = value_until(line.base_minor, period, until) - value_until(line.base_minor, period, held.start)
    rest = whole - locked
    if stands.state is TermState.NOTICE_SERVED:
        return Split(locked=locked, decidable=0, free=0)
    if contract.terms.automatic or stands.state is TermState.MONTH_TO_MONTH:
        by = stands.due if stands.state is not TermState.NOT_STARTED else stands.send_by
        return Split(locked=locked, decidable=rest, free=0, decide_by=by)
    return Split(locked=locked, decidable=0, free=rest)


def weekly_curve(
    contracts: Sequence[ContractFact], period: Period, as_of: date
) -> tuple[tuple[date, int], ...]:
    """How much of ``period`` is locked at the end of each week from ``as_of`` on if nobody acts."""
    weeks = max(1, -(-(period.end - as_of).days // 7)) + 1
    steps = [0] * weeks
    for contract in contracts:
        if contract.stands.state not in IN_FORCE | {TermState.NOT_STARTED}:
            continue
        locks = lock_steps(contract.terms, as_of, period.end)
        for line in contract.lines:
            if line.base_minor is not None and not line.one_off:
                _add_line(steps, locks, span(contract, line, period), line.base_minor, period, as_of)
    total, curve = 0, []
    for week, step in enumerate(steps):
        total += step
        curve.append((as_of + timedelta(days=7 * week), total))
    return tuple(curve)


def _add_line(
    steps: list[int],
    locks: Sequence[LockStep],
    held: Period,
    annual: int,
    period: Period,
    as_of: date,
) -> None:
    before = value_until(annual, period, held.start)
    reached = 0
    for lock in locks:
        value = value_until(annual, period, min(max(lock.until, held.start), held.end)) - before
        week = -(-(lock.on - as_of).days // 7)
        if value > reached and week < len(steps):
            steps[week] += value - reached
            reached = value
