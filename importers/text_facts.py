"""What a text is by itself: an amount, a day, a month, signs for a number too wide, or words."""

from functools import lru_cache
from typing import NamedTuple

from importers.amounts import AmountText, amount_text
from importers.dates import date_readings, day_and_month, month_value
from importers.texts import fold


class TextFacts(NamedTuple):
    """``text`` is folded; of ``amount``, ``bad``, ``date`` and ``month`` one at most is told, in this order.

    ``compact`` is a day written as one number (20260131), ``bad`` what a spreadsheet shows for want of room.
    """

    text: str
    compact: bool
    amount: AmountText | None
    bad: bool
    date: bool
    month: bool


@lru_cache(maxsize=20_000)  # the sample of a sheet is looked at several times
def told_by(value: str) -> TextFacts:
    """The facts of a text."""
    text = fold(value)
    compact = len(text) == 8 and text.isdigit() and bool(date_readings(text))
    amount = amount_text(text)
    bad = amount is None and bool(text) and set(text) <= {"#"}
    day = amount is None and not bad and bool(date_readings(text) or day_and_month(text))
    month = amount is None and not bad and not day and bool(month_value(text))
    return TextFacts(text, compact, amount, bad, day, month)
