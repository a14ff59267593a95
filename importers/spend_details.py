"""Rows that say below a payment which bills it paid: proven by their sum, they are no lines without an amount."""

from collections.abc import Iterable

from importers.grid import Grid
from importers.spend_columns import plain_number
from importers.table import span
from mopsaudit.intake.contract import SheetDecision

#: Payments that must be the sum of the bills below them, every one that has any.
_PAYMENTS = 3


def bills_below(grid: Grid, decision: SheetDecision) -> frozenset[int]:
    """Indexes of the rows that hold no booked amount and whose figures in one other column add up to the one above."""
    amount = decision.column("amount")
    if amount is None or span(amount)[0] != span(amount)[1]:
        return frozenset()
    booked, start = span(amount)[0], grid.position(decision.first_row)
    for column in range(grid.width):
        if column != booked and (found := _adding_up(grid, start, booked, column)):
            return frozenset(found)
    return frozenset()


def _adding_up(grid: Grid, start: int, booked: int, column: int) -> Iterable[int]:
    """The rows of bills by one column, empty where it is none: every payment with bills below is their sum."""
    below: list[int] = []
    payment: float | None = None
    parts: list[tuple[int, float]] = []
    proven = 0
    for index in range(start, len(grid.rows) + 1):
        row = grid.rows[index] if index < len(grid.rows) else []
        paid, part = (plain_number(row[each]) if each < len(row) else None for each in (booked, column))
        if paid is None and index < len(grid.rows):
            if part is not None and payment is not None:
                parts.append((index, part))
            continue
        if part is not None:
            return ()
        if parts:
            if payment is None or abs(sum(value for _, value in parts) - payment) >= 0.006:
                return ()
            proven += 1
            below += [place for place, _ in parts]
        payment, parts = paid, []
    return below if proven >= _PAYMENTS else ()
