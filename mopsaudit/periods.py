"""Calendar arithmetic: half-open periods, months as integers, month-end clipping, business days.

A *month* is the integer ``year * 12 + month - 1``; subtracting two gives months between. A *period* is half-open:
it holds every day ``d`` with ``start <= d < end``.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta


def month_of(day: date) -> int:
    """The month index of a day: ``year * 12 + month - 1``."""
    return day.year * 12 + day.month - 1


def month_start(month: int) -> date:
    """The first day of a month index."""
    return date(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> date:
    """The last day of a month index (inclusive)."""
    return month_start(month + 1) - timedelta(days=1)


def month_text(month: int) -> str:
    """``2026-03``: how a month is written in data."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_from_text(text: str) -> int:
    """The month index of ``2026-03``.

    Raises:
        ValueError: for anything else.
    """
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) is None:
        raise ValueError(text)
    return int(text[:4]) * 12 + int(text[5:]) - 1


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months, clipped to the month's last day (31 Aug + 6 → 28 or 29 Feb).

    Move from the anchor each time; repeated moves of a clipped day would drift (PRODUCT.md §4.5).
    """
    month = month_of(day) + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def earlier_business_day(day: date) -> date:
    """``day`` itself, or the Friday before it when it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def minus_business_days(day: date, count: int) -> date:
    """``day`` moved to the earlier business day, then ``count`` business days (Mon–Fri) back."""
    result = earlier_business_day(day)
    for _ in range(count):
        result = earlier_business_day(result - timedelta(days=1))
    return result


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """Half-open span of days: ``start <= day < end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a period ends before it starts")

    @property
    def days(self) -> int:
        """Number of days in it."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: "Period") -> int:
        """Number of days both hold."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)

    @property
    def months(self) -> range:
        """Month indices of a period that starts and ends on a month's first day."""
        return range(month_of(self.start), month_of(self.end))


def fiscal_year_start(as_of: date, first_month: int) -> date:
    """First day of the fiscal year holding ``as_of`` when years start on the 1st of ``first_month`` (1–12)."""
    year = as_of.year if as_of.month >= first_month else as_of.year - 1
    return date(year, first_month, 1)


def fiscal_year(as_of: date, first_month: int) -> Period:
    """The fiscal year holding ``as_of``. Its name is the calendar year it ends in (see :func:`fiscal_year_name`)."""
    start = fiscal_year_start(as_of, first_month)
    return Period(start=start, end=add_months(start, 12))


def fiscal_year_name(year: Period) -> str:
    """``FY2026``: by the calendar year of its last day (PRODUCT.md §4.4)."""
    return f"FY{(year.end - timedelta(days=1)).year}"


def trailing_months(as_of: date, count: int) -> Period:
    """The ``count`` full calendar months before the month of ``as_of``."""
    end = month_start(month_of(as_of))
    return Period(start=add_months(end, -count), end=end)
