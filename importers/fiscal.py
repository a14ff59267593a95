"""Periods of a fiscal year as ledgers print them (``2025/26 P03``, ``P3 FY26``, ``03`` beside a year) into months."""

import re
from datetime import date
from functools import lru_cache

from importers.texts import fold

_YEARS = r"(?:fy\s*)?'?(20[0-9]{2}|[0-9]{2})(?:\s*[/–-]\s*(20[0-9]{2}|[0-9]{2}))?"
_NUMBER = r"(?:p|per|period|periode|période|periodo|m|month)\.?\s*0*([0-9]{1,2})"
_YEAR_FIRST = re.compile(rf"{_YEARS}[\s/:–-]*{_NUMBER}", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"{_NUMBER}[\s/:–-]+{_YEARS}", re.IGNORECASE)
_BARE = re.compile(rf"{_NUMBER}|0*([0-9]{{1,2}})", re.IGNORECASE)
#: Ledgers close a year in adjusting periods after the twelfth; they fall in its last month.
_LAST_PERIOD = 16


@lru_cache(maxsize=20_000)
def fiscal_period(text: str) -> tuple[int, int, bool] | None:
    """First calendar year, number (1–16) and whether two years were named, of a period text that names its year."""
    plain = fold(text)
    match = _YEAR_FIRST.fullmatch(plain)
    if match:
        first, second, number = match.groups()
    else:
        match = _YEAR_LAST.fullmatch(plain)
        if match is None:
            return None
        number, first, second = match.groups()
    if not 1 <= int(number) <= _LAST_PERIOD:
        return None
    year = int(first) if len(first) == 4 else 2000 + int(first)
    if second is not None and (int(second) - year) % 100 != 1:
        return None
    return year, int(number), second is not None


#: A quarter or a half of a year.
_PART = (
    r"(?:(?:q|qtr|quarter)\.?\s*(?P<q{0}>[1-4])|(?P<r{0}>[1-4])(?:st|nd|rd|th)?\s*(?:q|qtr|quarter)|"
    r"(?:h|half)\s*(?P<h{0}>[12])|(?P<i{0}>[12])(?:st|nd)\s*half)"
)
_PART_BARE = re.compile(_PART.format(1), re.IGNORECASE)
_PART_OF_YEAR = re.compile(
    rf"{_YEARS}[\s/:–-]*{_PART.format(1)}|{_PART.format(2)}[\s/:–-]*{_YEARS}", re.IGNORECASE
)


def bare_span(text: str) -> tuple[int, int] | None:
    """First period (1–12) and number of months of a quarter or half that names no year (``Q2``), or None."""
    match = _PART_BARE.fullmatch(fold(text))
    return _part(match, "1") if match else None


def _part(match: re.Match[str], which: str) -> tuple[int, int] | None:
    quarter, half = match[f"q{which}"] or match[f"r{which}"], match[f"h{which}"] or match[f"i{which}"]
    if quarter:
        return int(quarter) * 3 - 2, 3
    return (int(half) * 6 - 5, 6) if half else None


@lru_cache(maxsize=20_000)
def span_in_year(text: str, start: int) -> tuple[date, int] | None:
    """First day and months of a quarter or half of a named year (``FY26 Q1``, ``H2 2025/26``), or None.

    A year alone is a calendar year; one after *FY*, or two, a fiscal one that begins with month ``start``.
    """
    plain = fold(text)
    match = _PART_OF_YEAR.fullmatch(plain)
    if match is None:
        return None
    found = _part(match, "1") or _part(match, "2")
    years = [each for each in match.groups()[0:2] + match.groups()[-2:] if each]
    if found is None or not years:
        return None
    year = int(years[0]) % 100 + 2000
    if len(years) > 1:
        if (int(years[1]) - year) % 100 != 1:
            return None
        return placed(year, found[0], start), found[1]
    if not re.search(r"fy", plain, re.IGNORECASE):
        return date(year, found[0], 1), found[1]
    return placed(year if start == 1 else year - 1, found[0], start), found[1]


def bare_period(value: object) -> int | None:
    """The number of a period that names no year (``3``, ``03``, ``P03``), or None."""
    if isinstance(value, str):
        match = _BARE.fullmatch(fold(value))
        if match is None:
            return None
        value = int(next(group for group in match.groups() if group))
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return None
    return int(value) if 1 <= value <= _LAST_PERIOD else None


def placed(first_year: int, number: int, start: int) -> date:
    """The first day of period ``number`` of the fiscal year whose month ``start`` lies in ``first_year``."""
    month = first_year * 12 + start - 1 + min(number, 12) - 1
    return date(month // 12, month % 12 + 1, 1)


def year_of(value: object) -> int | None:
    """The calendar year a cell of a year column names by its first year (``2025``, ``FY26``, ``2025/26``), or None."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 1980 <= value <= 2079:
        return int(value)
    if isinstance(value, str):
        match = re.fullmatch(_YEARS, fold(value), re.IGNORECASE)
        if match:
            return int(match.group(1)) if len(match.group(1)) == 4 else 2000 + int(match.group(1))
    return None


def names_its_end(text: object) -> bool:
    """Whether a year text such as ``FY26`` names the fiscal year by the calendar year it ends in."""
    return isinstance(text, str) and bool(re.match(r"\s*fy\s*'?[0-9]{2,4}\s*$", text, re.IGNORECASE))
