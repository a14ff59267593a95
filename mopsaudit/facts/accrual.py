"""A term's cost over its service period: by days or in equal months (PRODUCT.md §4.4). Pure; parts sum to the whole."""

from dataclasses import dataclass
from datetime import date, timedelta

from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, add_months, month_end, month_of

_DAY = timedelta(days=1)


def earned(minor: int, service: Period, through: date, *, by_days: bool) -> int:
    """What of ``minor`` is earned by the end of ``through``: 0 before the period, all of it after.

    By days: days elapsed ÷ days of the period. In months: months begun ÷ months of the period, counted from its first
    day. Rounded half-even to the minor unit. A period without a day is earned on its first day.
    """
    if through < service.start:
        return 0
    if through + _DAY >= service.end:
        return minor
    if by_days:
        return ratio_half_even(minor, (through + _DAY - service.start).days, service.days)
    begun, months = _months_begun(service, through), _months_begun(service, service.end - _DAY)
    return ratio_half_even(minor, begun, months)


def _months_begun(service: Period, day: date) -> int:
    """Months of the period begun by ``day``, counted from its first day's anniversaries."""
    count = month_of(day) - month_of(service.start)
    return count + (add_months(service.start, count) <= day)


def spread(minor: int, service: Period, *, by_days: bool) -> dict[int, int]:
    """``minor`` by month index over the service period; the parts sum to it exactly."""
    if not service.days:
        return {month_of(service.start): minor}
    parts: dict[int, int] = {}
    before = 0
    for month in range(month_of(service.start), month_of(service.end - _DAY) + 1):
        now = earned(minor, service, month_end(month), by_days=by_days)
        if now != before or by_days:
            parts[month] = now - before
        before = now
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Earned against invoiced at a day: what is owed but not invoiced, and what is paid ahead (both ≥ 0)."""

    earned: int
    invoiced: int

    @property
    def accrued(self) -> int:
        """max(0, earned − invoiced)."""
        return max(0, self.earned - self.invoiced)

    @property
    def prepaid(self) -> int:
        """max(0, invoiced − earned)."""
        return max(0, self.invoiced - self.earned)
