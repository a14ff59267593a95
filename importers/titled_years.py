"""When the fiscal year of a plan begins, by what its title lines say: ``for the year ending 30 June 2027``."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from importers.dates import date_readings, month_name, month_value
from importers.texts import fold

#: A whole day, in figures or with its month's name.
_DAYS: Final = re.compile(
    r"\b(?:20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]20[0-9]{2}|"
    r"[0-9]{1,2}(?:st|nd|rd|th)?\.? [^\W\d_]{3,9}\.?,? 20[0-9]{2})\b"
)
_DAY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?P<day>"
    r"[0-9]{1,2}(?:st|nd|rd|th)?\.? (?:of )?[^\W\d_]{3,9}\.?,? 20[0-9]{2}|"
    r"[^\W\d_]{3,9}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? 20[0-9]{2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]20[0-9]{2}|"
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}|[^\W\d_]{3,9}\.? 20[0-9]{2})(?![0-9])"
)
_YEAR: Final = r"(?:years?|fy|12 months|twelve months|5[23] weeks)"
#: What is said to begin must be a year or a calendar; a project begins too.
_OF_YEAR: Final = re.compile(
    r"\b(?:years?|fy ?'?(?:20)?[0-9]{2}|fiscal|calendar|weeks|periods?|quarters?)\b", re.IGNORECASE
)
_ENDS: Final = re.compile(
    rf"\b{_YEAR}(?: (?:to|end|ends|ending|ended)(?: (?:on|in))?)?:? (?:(?:on|the) )*{_DAY}|"
    r"\bfye:? (?P<fye>[0-9]{1,2} [^\W\d_]{3,9} 20[0-9]{2})",
    re.IGNORECASE,
)
#: Twelve months by their first and last, beside a fiscal year: ``FY2026 (Apr-Mar)``.
_MONTHS: Final = re.compile(
    r"(?<![^\W_])([^\W\d_]{3,10})\.?(?: ?['’]?(?:20)?[0-9]{2})? ?"
    r"(?:-|–|—|/| to | through | until | bis | au | à | al | a | tot | t/m ) ?"
    r"([^\W\d_]{3,10})(?![^\W_])"
)
_NAMED_BY_END: Final = re.compile(r"\bfy ?'?(20[0-9]{2}|[0-9]{2})(?![0-9/-])", re.IGNORECASE)
_SAYS_END: Final = re.compile(r"\b(?:to|end|ends|ending|ended|fye)\b", re.IGNORECASE)
_STARTS: Final = re.compile(
    r"\b(?:start|starts|starting|begin|begins|beginning|commences|commencing)(?: (?:on|in|from))?:? (?:the )?"
    rf"{_DAY}",
    re.IGNORECASE,
)


def span_of_title(texts: Sequence[str]) -> tuple[date, int] | None:
    """First day and number of months of the one span of days a title names (``01/04/2025 to 31/03/2026``), or None."""
    for text in texts:
        days = _DAYS.findall(text)
        if len(days) != 2:
            continue
        one, two = (date_readings(day) for day in days)
        for order in one.keys() & two.keys():
            first, last = one[order], two[order] + timedelta(days=1)
            months = (last.year - first.year) * 12 + last.month - first.month
            if first.day == 1 == last.day and 1 <= months <= 12:
                return first, months
    return None


def year_of_titles(texts: Sequence[str]) -> date | None:
    """The first day of the first month of the one fiscal year whose beginning or end a title says, or None.

    A year of weeks that begins within a week of a month's turn begins with that month.
    """
    found: set[date] = set()
    for text in texts:
        plain = " ".join(fold(text).split())
        for match in _STARTS.finditer(plain) if _OF_YEAR.search(plain) else ():
            if (day := _read(match["day"], first=True)) is not None and not 8 < day.day < 25:
                found.add(_nearest(day))
        for match in _ENDS.finditer(plain):
            if not _SAYS_END.search(match.group()):
                continue
            day = _read(match["day"] or match["fye"], first=False)
            if day is not None and not 7 < day.day < 24:
                after = _nearest(day + timedelta(days=1))
                found.add(date(after.year - 1, after.month, 1))
        if (told := _between_months(plain)) is not None:
            found.add(told)
    span = span_of_title(texts)
    if span is not None and span[1] == 12:
        found.add(span[0])
    return found.pop() if len(found) == 1 else None


def first_month(texts: Sequence[str]) -> int | None:
    """The month (1–12) that the one span of twelve months begins with which titles name (``Apr-Mar``), or None."""
    firsts = {
        first
        for text in texts
        for one, two in _MONTHS.findall(" ".join(fold(text).split()))
        if (first := month_name(one)) and (last := month_name(two)) and (last - first) % 12 == 11
    }
    return firsts.pop() if len(firsts) == 1 else None


def _between_months(text: str) -> date | None:
    """The beginning of ``FY2026 (Apr-Mar)``, a year named by the one it ends in; None where it is not said so."""
    years = {int(year) % 100 + 2000 for year in _NAMED_BY_END.findall(text)}
    first = first_month([text])
    if len(years) != 1 or first is None:
        return None
    return date(years.pop() - (first > 1), first, 1)


def _read(text: str, *, first: bool) -> date | None:
    """The one day a text names; of a month alone its first or last."""
    days = set(date_readings(text).values())
    if len(days) == 1:
        return days.pop()
    month = month_value(text) if not days else None
    if month is None or first:
        return month
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _nearest(day: date) -> date:
    """The first of the month whose turn is within a week of a day; the day's own month elsewhere."""
    return (day + timedelta(days=7)).replace(day=1) if day.day > 24 else day.replace(day=1)
