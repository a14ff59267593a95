"""Plain words for sentences: amounts, counts, dates, lists. Answers are built from these, so they read alike."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from mopsaudit.money import exponent, from_minor
from mopsaudit.periods import month_start

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: What stands where a figure is unknown.
UNKNOWN: Final = "–"


def money(minor: int | None, currency: str, *, exact: bool = False) -> str:
    """``184,200 USD`` in whole units, or exact with all digits; a true minus sign; unknown is ``–``.

    An amount that rounds to zero but is not is shown exactly.
    """
    if minor is None:
        return UNKNOWN
    value = from_minor(minor, currency)
    whole = value.to_integral_value(rounding=ROUND_HALF_EVEN)
    shown = value if exact or (whole == 0 and minor) else whole
    digits = exponent(currency) if exact or (whole == 0 and minor) else 0
    return f"{'−' if shown < 0 else ''}{abs(shown):,.{digits}f} {currency}"


def percent(value: Decimal | None) -> str:
    """``12 %``, one decimal below ten (``4.1 %``), ``n/a`` for none; a true minus sign."""
    if value is None:
        return "n/a"
    digits = 0 if abs(value) >= 10 or value == value.to_integral_value() else 1
    return f"{'−' if value < 0 else ''}{abs(value):.{digits}f} %"


def day(value: date | None) -> str:
    """``30 Jun 2026``, or ``–``."""
    return UNKNOWN if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def in_time(what: str, due: date, as_of: date) -> str:
    """A step that needs notice, with the day it must leave; past that day it says so rather than naming it as ahead.

    >>> in_time("Move to Asana", date(2026, 9, 25), date(2026, 9, 1))
    'Move to Asana: send notice by 25 Sep 2026.'
    >>> in_time("Move to Asana", date(2026, 9, 25), date(2026, 9, 30))
    'Move to Asana: send notice at once, it should have left by 25 Sep 2026.'
    """
    if due < as_of:
        return f"{what}: send notice at once, it should have left by {day(due)}."
    return f"{what}: send notice by {day(due)}."


def by_day(last: date, as_of: date) -> str:
    """``must be decided by 30 Jun 2026``; past that day ``should have been decided by 30 Jun 2026``."""
    return f"{'should have been' if last < as_of else 'must be'} decided by {day(last)}"


def send_words(due: date, as_of: date) -> str:
    """``send notice by 30 Jun 2026``; past that day ``notice should have left by 30 Jun 2026``."""
    return f"{'notice should have left' if due < as_of else 'send notice'} by {day(due)}"


def month(index: int) -> str:
    """``Jun 2026`` of a month index."""
    start = month_start(index)
    return f"{_MONTHS[start.month - 1]} {start.year}"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 tool``, ``3 tools``, ``2 companies`` (``many`` where an s is not enough)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """``A``, ``A and B``, ``A, B and C``; beyond ``most`` the rest is counted: ``A, B and 4 others``."""
    shown = list(names[:most])
    rest = len(names) - len(shown)
    if rest:
        shown.append(count(rest, "other"))
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1] if shown else ""
