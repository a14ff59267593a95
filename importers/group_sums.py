"""The sums that prove a grouped report: totals below each supplier's lines, or beside its name above them."""

from collections.abc import Sequence

from importers.grid import Grid
from importers.spend_columns import plain_number
from importers.table import Header
from importers.texts import fold
from importers.total_words import Says, says_total


def heads_closed(grid: Grid, header: Header, column: int, money: Sequence[int]) -> int:
    """How many texts alone in a row of this column head lines that a label with an amount sums up to the cent."""
    if len(money) != 1:
        return 0
    closed = lines = 0
    total: float | None = None
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        value = plain_number(row[money[0]]) if money[0] < len(row) else None
        filled = [place for place, cell in enumerate(row) if cell is not None]
        if value is None:
            if filled == [column]:
                total, lines = 0.0, 0
        elif total is not None and lines and len(filled) <= 2 and abs(value - total) < 0.011:
            closed, total = closed + 1, None
        elif total is not None:
            total, lines = total + value, lines + 1
    return closed


def closed_by_totals(grid: Grid, header: Header, supplier: int, money: Sequence[int]) -> bool:
    """Whether every line without a supplier stands in a run that one with a supplier begins and a total of both ends.

    The total proves whose the lines are: it is the sum of the run to the cent.
    """
    if len(money) != 1:
        return False
    name, total, blanks, proven = "", 0.0, 0, 0
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        value = plain_number(row[money[0]]) if money[0] < len(row) else None
        if value is None:
            continue
        named = fold(str(row[supplier])) if supplier < len(row) and row[supplier] is not None else ""
        if (
            max((says_total(text) for text in row if isinstance(text, str)), default=Says.NOTHING)
            >= Says.LOOSELY
        ):
            if name and abs(value - total) >= 0.011:
                return False
            name, proven, blanks = "", proven + blanks, 0
        elif named and named != name:
            if blanks:
                return False  # the run before it has no total
            name, total = named, value
        elif name:
            total += value
            blanks += not named
        else:
            return False  # nobody's line
    return proven > 0 and not blanks


def sums_above(grid: Grid, header: Header, supplier: int, money: Sequence[int]) -> bool:
    """Whether the row that names a supplier carries the sum of the rows below it (an outline), not a line."""
    groups: list[tuple[float, float, int]] = []
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        values = [
            plain_number(row[column]) or 0.0
            for column in money
            if column < len(row) and row[column] is not None
        ]
        if not values:
            continue
        amount = sum(values)
        if supplier < len(row) and row[supplier] is not None:
            groups.append((amount, 0.0, 0))
        elif groups:
            head, total, count = groups[-1]
            groups[-1] = (head, total + amount, count + 1)
    several = [(head, total) for head, total, count in groups if count]
    agreeing = sum(abs(head - total) < 0.011 for head, total in several)
    return len(several) >= 1 and agreeing >= 0.8 * len(several) and len(several) >= 0.8 * len(groups) - 1
