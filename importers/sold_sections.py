"""Reports that hold what was sold above or below what was bought, each table under a line that says so.

A program that prints its books in one file prints income and expenses one after the other. Sales are no spend: their
rows are left out before anything is read, and told.
"""

from collections.abc import Sequence
from dataclasses import replace

from importers import codes
from importers.grid import Cell, Grid
from importers.kind_words import COSTS_TITLE, CUSTOMER, SALES_TITLE
from importers.spend_columns import WORDS
from importers.texts import fold
from mopsaudit.problems import Problem

#: Cells that make a row the head of a table.
_WIDE = 3


def without_sales(grid: Grid) -> tuple[Grid, Problem | None]:
    """A sheet without the rows under its titles of sales, where tables under titles of costs stand beside them."""
    titles = [(index, text) for index, row in enumerate(grid.rows) if (text := _title(row))]
    sold = [index for index, text in titles if _sells(grid, index, text)]
    costs = [index for index, text in titles if index not in sold and _buys(grid, index, text)]
    if (
        not sold
        or not costs
        or not any(_numbers(grid.rows, index + 1, _end(grid, titles, index)) for index in costs)
    ):
        return grid, None
    gone: set[int] = set()
    for index in sold:
        end = _end(grid, titles, index)
        if _numbers(grid.rows, index + 1, end):
            gone.update(range(index, end))
    if not gone:
        return grid, None
    first, last = grid.numbers[min(gone)], grid.numbers[max(gone)]
    kept = [index for index in range(len(grid.rows)) if index not in gone]
    called = fold(str(grid.rows[sold[0]][-1]))[:60]
    told = codes.problem(
        codes.SALES_LEFT_OUT,
        f"{len(gone):,} rows from row {first} to row {last} stand under “{called}” and were left out: what was sold is "
        "no spend.",
        sheet=grid.name,
        cell=f"A{first}",
    )
    left = replace(
        grid, numbers=[grid.numbers[index] for index in kept], rows=[grid.rows[index] for index in kept]
    )
    return left, told


def _sells(grid: Grid, index: int, text: str) -> bool:
    """Whether a title speaks of sales, or heads a table with a column of customers and none of suppliers."""
    heads = _heads(grid, index)
    return bool(SALES_TITLE.fullmatch(text)) or (
        any(CUSTOMER.fullmatch(head) for head in heads) and not any(map(_supplier, heads))
    )


def _buys(grid: Grid, index: int, text: str) -> bool:
    """Whether a title speaks of costs, or heads a table with a column of suppliers."""
    return bool(COSTS_TITLE.fullmatch(text)) or any(map(_supplier, _heads(grid, index)))


def _heads(grid: Grid, index: int) -> list[str]:
    """The headings of a table right below a title; none where words alone do not make the row."""
    below = grid.rows[index + 1] if index + 1 < len(grid.rows) else []
    filled = [cell for cell in below if cell is not None]
    if len(filled) < _WIDE or not all(isinstance(cell, str) for cell in filled):
        return []
    return [fold(str(cell)) for cell in filled]


def _supplier(heading: str) -> bool:
    """Whether a heading says outright that it is of suppliers."""
    return WORDS.fields(heading).get("supplier", 0.0) >= 0.85 and not CUSTOMER.fullmatch(heading)


def _title(row: Sequence[Cell]) -> str:
    """The only cell of a row, in its first two columns, if it is a text; else empty."""
    if len(row) > 2 or not row or not isinstance(row[-1], str) or any(cell is not None for cell in row[:-1]):
        return ""
    return fold(row[-1]).strip("=*-–—_#~ ")


def _end(grid: Grid, titles: Sequence[tuple[int, str]], start: int) -> int:
    """The index after the last row of a section: the next title of sales or costs, or one right above a table."""
    for index, text in titles:
        if index <= start:
            continue
        below = grid.rows[index + 1] if index + 1 < len(grid.rows) else []
        heads = sum(cell is not None for cell in below) >= _WIDE and index > start + 1
        if heads or SALES_TITLE.fullmatch(text) or COSTS_TITLE.fullmatch(text):
            return index
    return len(grid.rows)


def _numbers(rows: Sequence[Sequence[Cell]], start: int, stop: int) -> bool:
    """Whether any of the rows holds a number or a text with a figure beside another cell."""
    return any(
        sum(cell is not None for cell in row) >= 2
        and any(
            isinstance(cell, int | float) or (isinstance(cell, str) and any(map(str.isdigit, cell)))
            for cell in row
        )
        for row in rows[start:stop]
    )
