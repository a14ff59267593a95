"""The arithmetic of seats (PRODUCT.md §4.3): exact integers; money rounded half-even once per figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from mopsaudit.facts.values import RunningLine, UserCounts, left_of_year
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, add_months, month_of
from mopsaudit.reporting import Amount, Confidence
from mopsaudit.reports.underuse.facts import Reading, ToolUse

_DAY = timedelta(days=1)
#: Months of the next term where the contract does not say: a year, printed beside the figure.
ASSUMED_TERM = 12


def idle_seats(purchased: int, active: int, target_percent: int) -> int:
    """Seats above what the active users need at the target use: max(0, purchased − ceil(active ÷ target)).

    >>> idle_seats(1000, 900, 90), idle_seats(1000, 600, 90)
    (0, 333)
    """
    return max(0, purchased + (-active * 100) // target_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSum:
    """Purchased seats as a sum: purchased + over_use = active + protected + inactive + unassigned, always."""

    purchased: int
    active: int
    protected: int
    inactive: int
    unassigned: int
    over_use: int

    #: Unassigned seats kept by an exemption: they stand in ``protected`` without a holder.
    spare: int = 0


def seat_sum(purchased: int, counts: UserCounts, exempt_seats: int | None) -> SeatSum:
    """Purchased seats by what they are doing. Seats kept without a holder protect unassigned seats first."""
    unassigned = max(0, purchased - counts.assigned)
    protected = counts.exempt + counts.new + counts.undated + counts.other_accounts
    inactive = counts.inactive
    kept = unassigned + inactive if exempt_seats is None else exempt_seats
    spare = min(kept, unassigned)
    held = min(kept - spare, inactive)
    return SeatSum(
        purchased=purchased,
        active=counts.active,
        protected=protected + spare + held,
        inactive=inactive - held,
        unassigned=unassigned - spare,
        over_use=max(0, counts.assigned - purchased),
        spare=spare,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """Seats that can leave one contract line at its next renewal, and what they cost.

    Money in the base currency, None without a price or a rate: ``annual`` a year, ``next_term`` the next term,
    ``this_year`` what falls into the fiscal year (None also without a renewal date).
    """

    line: RunningLine
    seats: int
    annual: int | None
    next_term: int | None
    this_year: int | None
    term_months: int


def removable(line: RunningLine, wanted: int) -> int:
    """Seats of ``wanted`` that can leave a line: what stays is whole packs and at least the contractual minimum."""
    seats = line.seats
    if seats is None or not line.reducible or wanted <= 0:
        return 0
    pack = line.pack_size or 1
    stays = max(seats - wanted, line.minimum or 0, 0)
    return max(0, seats - -(-stays // pack) * pack)


def reductions(
    lines: Sequence[RunningLine], seats: int, *, as_of: date, year: Period
) -> tuple[Reduction, ...]:
    """How ``seats`` leave the lines: earliest renewal first, then the dearest seat, then the line entered first."""
    order = (
        lines
        if len(lines) < 2
        else sorted(
            lines,
            key=lambda line: (
                line.renews_on is None,
                line.renews_on or date.max,
                -Fraction(line.base_minor or 0, line.seats or 1),
                line.id,
            ),
        )
    )
    found: list[Reduction] = []
    left = seats
    for line in order:
        taken = removable(line, left)
        if not taken or not line.seats:
            continue
        left -= taken
        term = line.renewal_months or ASSUMED_TERM
        price = line.base_minor
        found.append(
            Reduction(
                line=line,
                seats=taken,
                annual=None if price is None else ratio_half_even(price, taken, line.seats),
                next_term=None if price is None else ratio_half_even(price, taken * term, line.seats * 12),
                this_year=None
                if price is None or line.renews_on is None
                else left_of_year(price * taken, line.seats, line.renews_on, as_of, year),
                term_months=term,
            )
        )
    return tuple(found)


def idle_cost_to_date(lines: Sequence[RunningLine], idle: int, as_of: date) -> int | None:
    """Idle × line total ÷ purchased over the running term to D, in the base currency; None without prices and starts.

    Purchased over the period is seat-days ÷ days; a line added in mid-term brings its own days.
    """
    period_start = min((line.starts_on for line in lines if line.starts_on), default=None)
    if period_start is None:
        return None
    end = as_of + _DAY
    above, below, seat_days = 0, 1, 0  # the line total of the period is above ÷ below, exact
    for line in lines:
        if line.starts_on is None or line.base_minor is None or line.seats is None:
            return None
        seat_days += line.seats * (end - line.starts_on).days
        years = month_of(as_of) // 12 - month_of(line.starts_on) // 12
        while years and add_months(line.starts_on, 12 * years) > end:
            years -= 1
        anniversary = add_months(line.starts_on, 12 * years)
        whole = (add_months(line.starts_on, 12 * (years + 1)) - anniversary).days
        done = years * whole + (end - anniversary).days
        above = above * whole + line.base_minor * done * below
        below *= whole
    if not seat_days:
        return None
    return ratio_half_even(above, idle * (end - period_start).days, below * seat_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnDown:
    """Credits in millionths: what is left, when it runs out at this pace, and what is missing at the term's end."""

    bought: int | None
    used: int | None
    expired: int
    left: int | None
    per_day: Fraction | None
    runs_out_on: date | None
    overage: int | None
    as_of: date


def burn_down(
    readings: Sequence[Reading], bought: int | None, starts_on: date | None, ends_on: date | None
) -> BurnDown | None:
    """The state of a consumption tool from its readings, oldest first; None without any.

    The pace is the use between the first and the last reading of the term, else since the term's start. ``bought`` is
    the contract's quantity, for readings that do not say.
    """
    if not readings:
        return None
    last = readings[-1]
    have = last.bought_micro if last.bought_micro is not None else bought
    used, expired = last.used_micro, last.expired_micro or 0
    left = None if have is None or used is None else have - used - expired
    pace: Fraction | None = None
    earlier = [
        each
        for each in readings[:-1]
        if each.used_micro is not None
        and each.as_of < last.as_of
        and (starts_on is None or each.as_of >= starts_on)
        and used is not None
        and each.used_micro <= used
    ]
    if used is not None and earlier:
        first = earlier[0]
        pace = Fraction(used - (first.used_micro or 0), (last.as_of - first.as_of).days)
    elif used is not None and starts_on is not None and starts_on <= last.as_of:
        pace = Fraction(used, (last.as_of - starts_on).days + 1)
    runs_out: date | None = None
    if left is not None and left <= 0:
        runs_out = last.as_of
    elif left is not None and pace:
        days = left / pace
        whole = -(-days.numerator // days.denominator)
        runs_out = last.as_of + timedelta(days=whole) if whole < 36_500 else None
    overage: int | None = None
    if left is not None and pace is not None and ends_on is not None and ends_on >= last.as_of:
        overage = max(0, int(-(-(pace * (ends_on - last.as_of).days - left) // 1)))
    return BurnDown(
        bought=have,
        used=used,
        expired=expired,
        left=left,
        per_day=pace,
        runs_out_on=runs_out,
        overage=overage,
        as_of=last.as_of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUse:
    """Credits used from one reading to the next, in millionths; None with ``why`` where the two do not tell."""

    since: date
    until: date
    used: int | None
    per_day: Fraction | None
    why: str | None = None


def uses_by_period(readings: Sequence[Reading]) -> tuple[PeriodUse, ...]:
    """What was used between each two readings of different days, oldest first.

    A counter that fell was set back (a new term began): what was used meanwhile is unknown, never negative.
    """
    found = []
    for before, after in pairwise(readings):
        days = (after.as_of - before.as_of).days
        if not days:
            continue
        why, used = None, None
        if before.used_micro is None or after.used_micro is None:
            why = "a reading does not say what was used"
        elif after.used_micro < before.used_micro:
            why = "the counter was set back"
        else:
            used = after.used_micro - before.used_micro
        found.append(
            PeriodUse(
                since=before.as_of,
                until=after.as_of,
                used=used,
                per_day=None if used is None else Fraction(used, days),
                why=why,
            )
        )
    return tuple(found)


def overage_cost(lines: Sequence[RunningLine], burn: BurnDown | None) -> int | None:
    """Missing credits at the contract's own price (yearly price ÷ credits bought), in the base currency; None unknown.

    Where a line does not say what it buys, the reading's own figure counts. What a vendor asks beyond the contract is
    not known before it asks.
    """
    if burn is None or burn.overage is None:
        return None
    if any(line.base_minor is None for line in lines):
        return None if burn.overage else 0
    written = all(line.quantity_micro is not None for line in lines)
    bought = sum(line.quantity_micro or 0 for line in lines) if written else burn.bought
    if not bought or not lines:
        return None if burn.overage else 0
    return ratio_half_even(sum(line.base_minor or 0 for line in lines), burn.overage, bought)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One tool's figures. None is unknown or not applicable; ``why`` says which and why in words."""

    use: ToolUse
    purchased: int | None
    seats: SeatSum | None
    idle: int | None
    wanted: int
    idle_to_date: Amount
    cuts: tuple[Reduction, ...]
    recoverable: Amount
    annual: Amount
    this_year: Amount
    burn: BurnDown | None
    by_credits: bool
    overage: int | None
    state: str
    why: str | None
    confidence: Confidence
