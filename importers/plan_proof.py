"""What a plan's sheet prints as totals beside the columns that are read, held against what was read of it.

A total below the amounts themselves is a control already (:mod:`importers.totals`). Here are those that stand
elsewhere: under a column of sums, or in the lines above the table (*Total budget 250,000*). One that is neither what
the plan comes to nor the sum of anything it stands below is told with both figures; which is right is not decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from importers import codes
from importers.amounts import amount_text, printed_number
from importers.grid import Cell, Grid, address
from importers.plan_words import says
from importers.price_doubts import Told
from importers.table import headings_of, span
from importers.texts import fold
from importers.total_words import Says, says_total
from mopsaudit.intake.contract import RowMark, SheetDecision
from mopsaudit.money import told_amount

#: How many lines above a table are looked at, and the longest text that is a label.
_ABOVE: Final = 15
_LABEL: Final = 60
_MOST: Final = 3


def tell_totals(
    grid: Grid,
    decision: SheetDecision,
    columns: Sequence[int],
    kinds: Mapping[int, RowMark],
    sums: Mapping[str, Decimal],
    scale: int,
) -> Iterable[Told]:
    """The totals a sheet prints that nothing read comes to: a code, a sentence and a cell each.

    ``columns`` are those of the amounts, ``kinds`` says by index which rows are no lines, ``sums`` is the plan by
    currency, ``scale`` what a one of the sheet stands for.
    """
    choice = decision.column("amount")
    if choice is None or len(sums) != 1 or not decision.header_rows:
        return
    ((currency, whole),) = sums.items()
    mark = choice.decimal_mark or "."
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    lines = [index for index in range(start, stop) if index not in kinds]

    def is_whole(told: Decimal) -> bool:
        return abs(told * scale - whole) <= scale * _unit(told) * (len(lines) + 1) / 2

    found = [
        *_above(grid, grid.position(decision.header_rows[0]), mark),
        *_beside(grid, decision, columns, kinds, lines, mark),
    ]
    for label, cell, told in [each for each in found if not is_whole(each[2])][:_MOST]:
        message = (
            f"{cell} “{label[:_LABEL]}” says {told_amount(told * scale, currency)}; "
            f"what was read of the plan comes to {told_amount(whole, currency)}."
        )
        yield codes.PLAN_TOTAL, message, cell


def _above(grid: Grid, header: int, mark: str) -> Iterable[tuple[str, str, Decimal]]:
    """The totals of the lines above a table: a label that says so, and the number behind it."""
    for index in range(max(0, header - _ABOVE), header):
        row = grid.rows[index]
        for column, value in enumerate(row):
            if not isinstance(value, str) or len(value) > _LABEL or amount_text(value) is not None:
                continue
            if says_total(value) < Says.LOOSELY or says(value) == "happened":
                continue
            place = next((at for at in range(column + 1, len(row)) if row[at] is not None), None)
            told = None if place is None else _number(row, place, mark)
            if place is not None and told:
                yield fold(value), address(grid.numbers[index], place), told


def _beside(
    grid: Grid,
    decision: SheetDecision,
    columns: Sequence[int],
    kinds: Mapping[int, RowMark],
    lines: Sequence[int],
    mark: str,
) -> Iterable[tuple[str, str, Decimal]]:
    """The totals of total rows under a column of sums that is not read, which are no sum of what they stand below."""
    headings = headings_of(grid, decision)
    read = {span(choice)[0] for choice in decision.columns} | set(columns)
    summing = [
        column
        for column, heading in enumerate(headings)
        if column not in read
        and heading
        and says_total(heading) >= Says.LOOSELY
        and says(heading) != "happened"
    ]
    for index, kind in sorted(kinds.items()):
        if kind not in (RowMark.TOTAL, RowMark.NOTE) or not summing:
            continue
        row = grid.rows[index]
        label = next(
            (fold(each) for each in row if isinstance(each, str) and says_total(each) >= Says.LOOSELY), ""
        )
        if not label or "%" in label:
            continue
        above = max((each for each in kinds if each < index), default=-1)
        for column in summing:
            told = _number(row, column, mark)
            if told is None or "%" in grid.format_at(grid.numbers[index], column):
                continue
            parts = (
                [_number(row, place, mark) for place in columns],
                [_number(grid.rows[place], column, mark) for place in lines if place < index],
                [_number(grid.rows[place], column, mark) for place in lines if above < place < index],
                [_number(grid.rows[place], column, mark) for place in kinds if place < index],
            )
            if not any(_adds_up(told, each) for each in parts):
                yield label, address(grid.numbers[index], column), told


def _number(row: Sequence[Cell], column: int, mark: str) -> Decimal | None:
    return printed_number(row[column], mark) if column < len(row) else None


def _unit(told: Decimal) -> Decimal:
    """What an amount is rounded to: a hundredth, a tenth or a whole one."""
    return Decimal(1).scaleb(-min(max(-int(told.normalize().as_tuple().exponent), 0), 2))


def _adds_up(told: Decimal, amounts: Sequence[Decimal | None]) -> bool:
    """Whether amounts come to what is told, each rounded as it is."""
    known = [amount for amount in amounts if amount is not None]
    return bool(known) and abs(sum(known, Decimal(0)) - told) <= _unit(told) * (len(known) + 1) / 2
