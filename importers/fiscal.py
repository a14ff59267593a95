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
