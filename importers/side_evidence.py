"""What a sheet says of its tables side by side: whether they are of one kind, and parts of one list.

The same lines in two currencies, or as planned and as spent, stand side by side too; those are no parts of one list.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from importers.currencies import currency_in_heading
from importers.dates import date_readings
from importers.grid import Cell, Grid
from importers.spend_columns import Pick, assign, plain_number, tables_beside
from importers.table import Header, best_field, column_facts
from importers.texts import fold
from importers.total_words import Says, says_total

#: Names of tables that hold another version of the same lines, not more of them.
_VERSION = re.compile(
    r"\b(?:budget|plan|planned|forecast|fcst|target|variance|prior|last year|previous|ytd|soll|ist|actuals?|draft|old|"
    r"new|version|v[0-9]|original|revised|before|after|copy|prévu|réel|previsto|begroot|net|gross|netto|brutto)\b",
    re.IGNORECASE,
)
#: Rows a table's own sums and dates are looked for in.
_ROWS = 4000


def alike(grid: Grid, header: Header) -> list[range]:
    """The tables with the same headings in the same order, in sheet order; empty unless there are two or more."""
    facts = column_facts(grid, header.first_index, header.headings)
    runs = sorted(tables_beside(header, facts), key=lambda run: run.start)
    if len(runs) < 2:
        return []

    def said(run: range) -> tuple[str, ...]:
        return tuple(text.casefold() for text in header.headings[run.start : run.stop])

    groups: dict[tuple[str, ...], list[range]] = {}
    for run in runs:
        groups.setdefault(_last_words(grid, header, run) or said(run), []).append(run)
    most = max(groups.values(), key=len)
    return most if len(most) >= 2 and len(most) == len(runs) else []


def _last_words(grid: Grid, header: Header, run: range) -> tuple[str, ...]:
    """The lowest line of a header of several lines: what the upper ones say names the table, not its columns."""
    if len(header.rows) < 2:
        return ()
    row = grid.row(header.rows[-1])
    return tuple(
        fold(str(row[column])).casefold() if column < len(row) and row[column] is not None else ""
        for column in run
    )


def amounts_of(header: Header, tables: Sequence[range]) -> list[int]:
    """The columns of amounts of all tables."""
    money = ("amount", "net", "gross", "debit")
    return [column for table in tables for column in table if best_field(header.matches[column])[0] in money]


def parts_of_one(grid: Grid, header: Header, tables: Sequence[range]) -> bool:
    """Whether the sheet says that its tables are parts of one list, not the same lines in several versions."""
    facts = column_facts(grid, header.first_index, header.headings)
    picks = assign(header, facts, grid, tables[0])
    amount = next((picks[name] for name in ("amount", "net", "gross", "debit") if name in picks), None)
    dated, named = picks.get("date"), picks.get("supplier")
    if amount is None or (dated is None and named is None):
        return False
    names = _names(grid, header, tables)
    if names and any(_VERSION.search(name) for name in names):
        return False
    if _repeated(grid, header, tables, [pick for pick in (dated, named) if pick is not None]):
        return False
    if names and len(set(names)) == len(names) and not _currencies(names):
        return True
    return (
        _each_summed(grid, header, tables, amount)
        or _summed_together(grid, header, tables, amount)
        or (dated is not None and _other_dates(grid, header, tables, dated))
    )


def _names(grid: Grid, header: Header, tables: Sequence[range]) -> list[str]:
    """What each table is headed by in the one line above that names them all; empty where there is none."""
    top = header.rows[0] if header.rows else 0
    last = header.rows[-1] if header.rows else 0
    first = max(0, grid.position(top) - 3)
    lines = [grid.rows[index] for index in range(first, grid.position(last))]
    for row in reversed(lines):
        found = []
        for table in tables:
            texts = [
                fold(str(row[column])) for column in table if column < len(row) and row[column] is not None
            ]
            if len(texts) != 1:
                break
            found.append(texts[0].casefold())
        else:
            return found
    return []


def _currencies(names: Sequence[str]) -> bool:
    """Whether the names are currencies and no more: the same lines in each may be meant."""
    return all(currency_in_heading(name.upper()) is not None and len(name) <= 12 for name in names)


def _repeated(grid: Grid, header: Header, tables: Sequence[range], picks: Sequence[Pick]) -> bool:
    """Whether two tables hold rows of the same days and names: the same lines in two versions."""
    keys: list[set[tuple[str, ...]]] = []
    for table in tables:
        offset = table.start - tables[0].start
        mine: set[tuple[str, ...]] = set()
        for row in grid.rows[header.first_index : header.first_index + _ROWS]:
            cells = [row[pick.column + offset] if pick.column + offset < len(row) else None for pick in picks]
            if all(cell is not None for cell in cells):
                mine.add(tuple(fold(str(cell)) for cell in cells))
        keys.append(mine)
    for index, mine in enumerate(keys):
        for other in keys[index + 1 :]:
            fewest = min(len(mine), len(other))
            if fewest and len(mine & other) > max(1, fewest / 5):
                return True
    return not all(keys)


def _column_numbers(grid: Grid, header: Header, table: range, column: int) -> list[tuple[int, float, Says]]:
    """Index, number and what the row's words claim, of each number in a table's column."""
    found = []
    stop = min(len(grid.rows), header.first_index + _ROWS)
    for index in range(header.first_index, stop):
        row = grid.rows[index]
        number = plain_number(row[column]) if column < len(row) else None
        if number is None:
            continue
        texts = [row[each] for each in table if each < len(row)]
        claim = max((says_total(text) for text in texts if isinstance(text, str)), default=Says.NOTHING)
        found.append((index, number, claim))
    return found


def _each_summed(grid: Grid, header: Header, tables: Sequence[range], amount: Pick) -> bool:
    """Whether the last number of every table is the sum of those above it, and said to be."""
    for table in tables:
        numbers = _column_numbers(grid, header, table, amount.column + table.start - tables[0].start)
        if len(numbers) < 3 or numbers[-1][2] < Says.OUTRIGHT:
            return False
        if abs(sum(number for _, number, _ in numbers[:-1]) - numbers[-1][1]) >= 0.006:
            return False
    return True


def _summed_together(grid: Grid, header: Header, tables: Sequence[range], amount: Pick) -> bool:
    """Whether a sum below one of the tables is that of them all."""
    whole, said = 0.0, []
    for table in tables:
        for _, number, claim in _column_numbers(
            grid, header, table, amount.column + table.start - tables[0].start
        ):
            if claim >= Says.OUTRIGHT:
                said.append(number)
            else:
                whole += number
    return any(abs(number - whole) < 0.006 for number in said)


def _other_dates(grid: Grid, header: Header, tables: Sequence[range], dated: Pick) -> bool:
    """Whether each table holds later days than the one before it, or earlier ones."""
    spans: list[tuple[date, date]] = []
    for table in tables:
        column = dated.column + table.start - tables[0].start
        days = [
            day
            for row in grid.rows[header.first_index : header.first_index + _ROWS]
            if column < len(row) and (day := _one_day(row[column])) is not None
        ]
        if not days:
            return False
        spans.append((min(days), max(days)))
    pairs = list(pairwise(spans))
    return all(one[1] < two[0] for one, two in pairs) or all(one[0] > two[1] for one, two in pairs)


def _one_day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        readings = set(date_readings(value).values())
        return readings.pop() if len(readings) == 1 else None
    return None
