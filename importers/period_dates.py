"""Days that need more than their own cell: without a year, or with two digits of a year of the Buddha.

``01/07`` on a statement that prints the period it is of gets the year that lies in it, where one order of day and month
puts every day of the column into the period. ``05-02-69`` in a Thai table is of 2569. Else they stay as they are.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from importers.dates import date_readings
from importers.grid import Cell, Grid
from importers.texts import fold

_BARE = re.compile(r"\s*([0-9]{1,2})[/-]([0-9]{1,2})\s*")
_FULL = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{2,4}")
_THAI = re.compile("[\u0e01-\u0e2e]")
_SHORT_YEAR = re.compile(r"([0-9]{1,2}([/-])[0-9]{1,2}\2)([0-9]{2})((?:\s.*)?)")
_BUDDHIST = frozenset(map(str, range(50, 90)))
#: A longer period holds most days in either order, and counted instalments (``1/12``) too.
_LONGEST = 100
#: A purchase may be booked weeks after its day, and a day or two after the statement.
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=5)
#: Lines above a table, days a column must hold to be one of days, columns and rows a statement has at most.
_ABOVE, _LEAST, _WIDTH, _ROWS = 20, 3, 12, 20_000


def complete_days(grid: Grid) -> None:
    """Give the bare days of a statement their year, and those of a Thai table the whole of theirs."""
    if any(isinstance(value, str) and _THAI.search(value) for row in grid.rows[:_ABOVE] for value in row):
        _complete_thai(grid)
    if len(grid.rows) > _ROWS:
        return
    periods = {period for row in grid.rows[:_ABOVE] for value in row for period in _periods(value)}
    if not periods:
        return
    for column in range(min(max(map(len, grid.rows)), _WIDTH)):
        bare = [
            (row, match)
            for row in grid.rows
            if column < len(row) and isinstance(text := row[column], str) and (match := _BARE.fullmatch(text))
        ]
        if len(bare) < _LEAST:
            continue
        readings = {
            tuple(days)
            for first, last in periods
            for day, month in ((1, 2), (2, 1))
            if all(
                days := [
                    day_within(first - _BEFORE, last + _AFTER, int(match.group(month)), int(match.group(day)))
                    for _, match in bare
                ]
            )
        }
        if len(readings) == 1:
            for (row, _), found in zip(bare, readings.pop(), strict=True):
                row[column] = str(found)


def _complete_thai(grid: Grid) -> None:
    """Write out the years of a column whose two digits all are of years of the Buddha; 26 is of no such year."""
    for column in range(min(max(map(len, grid.rows)), _WIDTH)):
        short = [
            (row, match)
            for row in grid.rows
            if column < len(row)
            and isinstance(text := row[column], str)
            and (match := _SHORT_YEAR.fullmatch(text.strip()))
        ]
        if len(short) < _LEAST or not all(match.group(3) in _BUDDHIST for _, match in short):
            continue
        for row, match in short:
            row[column] = f"{match.group(1)}25{match.group(3)}{match.group(4)}"


def _periods(value: Cell) -> Sequence[tuple[date, date]]:
    """The periods a text names by its first and last day, one for each order that both read in."""
    if not isinstance(value, str) or len(value) > 160 or sum(map(str.isdigit, value)) < 8:
        return ()
    days = [date_readings(match.group(0)) for match in _FULL.finditer(fold(value))]
    if len(days) != 2:
        return ()
    return [
        (first, last)
        for order in ("", "dmy", "mdy")
        if (first := days[0].get(order))
        and (last := days[1].get(order))
        and 0 <= (last - first).days <= _LONGEST
    ]


def day_within(first: date, last: date, month: int, day: int) -> date | None:
    """The first such day of a period, or None."""
    for year in range(first.year, min(last.year, first.year + 2) + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if first <= found <= last:
            return found
    return None
