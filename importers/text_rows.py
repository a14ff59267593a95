"""Rows of a text file that are not parted like the others: a quote left open over them, or another delimiter."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from importers import codes
from importers.amounts import amount_text
from importers.grid import Bad, Cell, Grid, address
from mopsaudit.intake.contract import Reading
from mopsaudit.problems import Problem

#: A table this narrow has too few delimiters to tell its rows from texts.
_NARROW = 3
_LINE_END = re.compile(r"\r\n|\n|\r")
_NAMES = {"\t": "a tab"}


def settle_rows(grid: Grid, over_lines: Sequence[int], delimiters: Sequence[str]) -> None:
    """Part the rows of a text file that its delimiter and quotes did not part, where the table's width proves them.

    ``over_lines`` are the indexes of rows that run over several lines of the file. What was parted so is told.
    """
    widths = Counter(len(row) for row in grid.rows if len(row) >= _NARROW)
    if not widths or grid.delimiter is None:
        return
    width = widths.most_common(1)[0][0]
    if over_lines:
        _close_quotes(grid, over_lines, width)
    _part_others(grid, width, [each for each in delimiters if each != grid.delimiter])


def more_fields(grid: Grid, reading: Reading) -> Iterator[Problem]:
    """What tells that rows of a text file have more fields than its headings; nothing for any other file."""
    decision = reading.decision.sheets[0] if grid.text_file and reading.decision.sheets else None
    if decision is None or not decision.used or not decision.header_rows:
        return
    fields = max(grid.fields_of(number) for number in decision.header_rows)
    first = grid.position(decision.first_row)
    last = len(grid.rows) if decision.last_row is None else grid.position(decision.last_row + 1)
    found = [grid.numbers[index] for index in range(first, last) if len(grid.rows[index]) > fields]
    if found:
        which = (
            f"Row {found[0]} has"
            if len(found) == 1
            else f"{len(found):,} rows, the first of them row {found[0]}, have"
        )
        sentence = (
            f"{which} more fields than the {fields} of the headings: values may stand a column further on."
        )
        yield codes.problem(codes.FIELDS_MORE, sentence, cell=address(found[0], fields))


def fields_of(line: str, delimiter: str) -> list[str]:
    """The fields of one line."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _texts(row: Sequence[Cell]) -> list[str]:
    """The fields of a row as they stand in the file."""
    return ["" if value is None else value.text if isinstance(value, Bad) else str(value) for value in row]


def _row(fields: Sequence[str]) -> list[Cell]:
    row: list[Cell] = [value if value.strip() else None for value in fields]
    while row and row[-1] is None:
        row.pop()
    return row


def _close_quotes(grid: Grid, over_lines: Sequence[int], width: int) -> None:
    """Rows swallowed by a quote that was opened by mistake: lines as wide as the table, one and all."""
    delimiter = grid.delimiter or ","
    found: dict[int, list[list[Cell]]] = {}
    for index in over_lines:
        texts = _texts(grid.rows[index])
        lines = [line for line in _LINE_END.split(delimiter.join(texts)) if line.strip()]
        fields = [fields_of(line, delimiter) for line in lines]
        if len(lines) < 2 or any(len(each) != width for each in fields[:-1]):
            continue
        rows = [_row(each) for each in fields]
        if len(fields[-1]) != width:
            if len(lines) == 2:
                continue  # one line's end and another's beginning: it may well be a text of two lines
            rows[-1] = [Bad("quote", lines[-1][:60])] * width
        found[index] = rows
    if not found:
        return
    numbers: list[int] = []
    rows_now: list[list[Cell]] = []
    more = 0
    for index, (number, row) in enumerate(zip(grid.numbers, grid.rows, strict=True)):
        parted = found.get(index, [row])
        numbers += range(number + more, number + more + len(parted))
        rows_now += parted
        if index in found:
            place = next(
                column
                for column, value in enumerate(row)
                if isinstance(value, str) and _LINE_END.search(value)
            )
            last = number + more + len(parted) - 1
            grid.told.append((codes.QUOTE_OPEN, _quoted(number + more, last), address(number + more, place)))
        more += len(parted) - 1
    grid.numbers, grid.rows = numbers, rows_now


def _quoted(first: int, last: int) -> str:
    return (
        f"Row {first}: a quote is opened and not closed before row {last}. "
        "The lines within are as wide as the table, so each was read as a row of its own."
    )


def _part_others(grid: Grid, width: int, others: Sequence[str]) -> None:
    """Rows whose columns another delimiter sets apart, into as many as the table has, an amount where it has them."""
    delimiter = grid.delimiter or ","
    odd = [index for index, row in enumerate(grid.rows) if 0 < len(row) < width]
    full = next(index for index, row in enumerate(grid.rows) if len(row) == width)
    money: set[int] | None = None
    parted: dict[str, list[int]] = {}
    for index in odd:
        texts = _texts(grid.rows[index])
        text = delimiter.join(texts)
        for other in others:
            if text.count(other) < width - 1:
                continue
            fields = fields_of(text, other)
            if len(fields) != width:
                continue
            if money is None:
                money = _columns_of_amounts(grid, width)
            heads = index < full and all(each.strip() and amount_text(each) is None for each in fields)
            if heads or any(fields[column].strip() and amount_text(fields[column]) for column in money):
                grid.rows[index] = _row(fields)
                parted.setdefault(other, []).append(grid.numbers[index])
                break
    for other, numbers in parted.items():
        rows = (
            f"Row {numbers[0]} sets its"
            if len(numbers) == 1
            else f"{len(numbers)} rows from row {numbers[0]} on set their"
        )
        told = f"{rows} columns apart by {_named(other)}, the others by {_named(delimiter)}; each was read by its own."
        grid.told.append((codes.DELIMITERS, told, address(numbers[0], 0)))


def _named(delimiter: str) -> str:
    return _NAMES.get(delimiter, f"“{delimiter}”")


def _columns_of_amounts(grid: Grid, width: int) -> set[int]:
    """Columns that hold an amount in most rows of the table's width."""
    rows = [row for row in grid.rows if len(row) == width][:200]
    return {
        column
        for column in range(width)
        if 2 * sum(isinstance(text := row[column], str) and amount_text(text) is not None for row in rows)
        > len(rows)
    }
