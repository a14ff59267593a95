"""Periods across a plan that name no month: twelve numbered amounts, and the day or year of them in a column beside."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from importers.dates import date_readings, month_value
from importers.grid import Grid
from importers.table import Header
from importers.texts import fold

#: An amount with its number: ``Amount 1``, ``periodamount12``, ``Budget_03``.
_NUMBERED: Final = re.compile(r"(?P<stem>[^\W\d_][^\d]*?)[\s_.#-]*0?(?P<number>[1-9]|1[0-3])", re.IGNORECASE)
_MONEY: Final = re.compile(
    r"(?:amounts?|amt|budget(?: ?(?:amount|value))?|plan(?: ?(?:amount|value))?|value|betrag|wert|montant|importe|"
    r"importo|bedrag|valor|period ?amount|period ?value|month ?amount)",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    r"\b(?:start|starts|from|begin|begins|beginning|first|ab|von|début|inicio|inizio)\b", re.IGNORECASE
)
_YEAR: Final = 12
#: What is said of the month a table is of.
_PERIOD: Final = re.compile(
    r"(?:budget )?(?:period|month|periode|zeitraum|monat|période|mois|periodo|mes|mese|maand|månad|måned):?",
    re.IGNORECASE,
)
_OF_MONTH: Final = re.compile(
    r"(?:(?:budget )?(?:period|month|periode|zeitraum|monat|période|mois|periodo|mes|mese|maand|månad|måned)\s*[:=-]|"
    r"for (?:the month of )?)\s*(?P<month>[^:]{4,20})",
    re.IGNORECASE,
)


def numbered_amounts(headings: Sequence[str]) -> list[tuple[int, str, int]]:
    """The columns of a plan's twelve periods whose headings are a word of money and a number, or none."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for column, heading in enumerate(headings):
        match = _NUMBERED.fullmatch(heading.strip())
        if match and _MONEY.fullmatch(fold(match["stem"].replace("_", " ")).strip()):
            found[match["stem"].casefold().strip(" _")].append((column, int(match["number"])))
    for columns in found.values():
        if [number for _, number in columns] == list(range(1, _YEAR + 1)):
            return [(column, "period", number) for column, number in columns]
    return []


def year_beside(grid: Grid, header: Header, named: Callable[[object], int | None]) -> int:
    """The first year that a column of fiscal years names, one a line (``named`` reads a cell's); 0 where none does."""
    for column, match in enumerate(header.matches):
        if match.get("fiscal_year", 0.0) < 0.85:
            continue
        cells = [
            row[column]
            for row in grid.rows[header.first_index :]
            if column < len(row) and row[column] is not None
        ]
        years = [year for cell in cells if (year := named(cell)) is not None]
        if years and len(years) * 10 >= len(cells) * 8:
            return years[0]
    return 0


def begins_with(grid: Grid, header: Header) -> date | None:
    """The one first of a month that a column of starting days holds in every row, or None."""
    for column, heading in enumerate(header.headings):
        if not heading or not _BEGINS.search(heading.replace("_", " ")):
            continue
        days: set[frozenset[date]] = set()
        for row in grid.rows[header.first_index :]:
            value = row[column] if column < len(row) else None
            if value is None:
                continue
            days.add(_firsts(value))
            if len(days) > 1:
                break
        if len(days) == 1 and len(told := days.pop()) == 1:
            return next(iter(told))
    return None


def month_above(grid: Grid, stop: int) -> date | None:
    """The one month that lines above a table say it is of (*Period: January 2027*), or None."""
    found: set[date] = set()
    for row in grid.rows[: min(stop, 15)]:
        texts = [fold(value) for value in row if isinstance(value, str)]
        for before, text in pairwise(["", *texts]):
            match = _OF_MONTH.fullmatch(text)
            said = match["month"] if match else text if _PERIOD.fullmatch(before) else ""
            if said and (month := month_value(said)) is not None:
                found.add(month)
    return found.pop() if len(found) == 1 else None


def _firsts(value: object) -> frozenset[date]:
    """What a cell reads as that is the first of a month."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return frozenset({value}) if value.day == 1 else frozenset()
    readings = set(date_readings(value).values()) if isinstance(value, str) else set()
    firsts = frozenset(day for day in readings if day.day == 1)
    return firsts if len(firsts) == 1 else frozenset()
