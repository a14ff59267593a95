"""What the cells of a column that nobody reads prove of it: that it sums others up, or that it holds money."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from importers.amounts import amount_text
from importers.grid import Cell, Grid
from importers.spend_columns import plain_number
from importers.table import sample_rows

_CENT: Final = Decimal("0.01")


def sums_up(grid: Grid, read: set[int], column: int, start: int) -> bool:
    """Whether a column is, in most sampled rows, the sum of read columns: of all, or of the last to its left."""
    left = sorted(place for place in read if place < column)
    groups = [sorted(read), *(left[-count:] for count in range(2, min(len(left), 12) + 1))]
    rows = [grid.rows[index] for index in sample_rows(start, len(grid.rows))]

    def number(row: Sequence[Cell], place: int) -> Decimal:
        return Decimal(str(plain_number(row[place]) or 0)) if place < len(row) else Decimal(0)

    told = [row for row in rows if number(row, column)]
    for group in groups:
        agreed = 0
        for row in told:
            own = number(row, column)
            unit = 1 if own == own.to_integral_value() else _CENT
            off = abs(sum((number(row, place) for place in group), -own))
            agreed += off <= unit * Decimal(len(group) + 1) / 2
        if told and agreed * 10 >= 6 * len(told):
            return True
    return False


def in_currency(grid: Grid, column: int, start: int) -> bool:
    """Whether most cells of a column are amounts that name their currency, which no reference does."""
    values = [
        value
        for index in sample_rows(start, len(grid.rows))
        if column < len(row := grid.rows[index]) and (value := row[column]) is not None
    ]
    named = sum(
        isinstance(value, str) and (parts := amount_text(value)) is not None and parts.currency is not None
        for value in values
    )
    return 2 * named > len(values)
