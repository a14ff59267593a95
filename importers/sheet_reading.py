"""What was read of one sheet, put together from what every row was found to be: for spend and every other kind."""

from collections.abc import Mapping, Sequence

from importers.grid import Grid, letters
from importers.previews import preview
from mopsaudit.intake.contract import ControlTotal, RowMark, SheetDecision, SheetReading, SheetTotals

#: Rows told one by one; a page shows no more.
_MOST_KINDS = 2000


def sheet_reading(
    grid: Grid,
    decision: SheetDecision,
    kinds: Mapping[int, RowMark],
    *,
    first: int | None,
    last: int | None,
    read: int,
    rejected: int,
    repeated: int,
    totals: Sequence[SheetTotals],
    controls: Sequence[ControlTotal],
) -> SheetReading:
    """The reading of a sheet.

    ``kinds`` says by index in the grid what every row is that is no line; ``first`` and ``last`` are the row numbers of
    the first and last line, None where there is none; ``repeated`` counts headers printed again.
    """
    blank = 0
    if first is not None and last is not None:
        blank = last - first + 1 - (grid.position(last + 1) - grid.position(first))
    listed = sorted(
        [(row, RowMark.HEADER) for row in decision.header_rows]
        + [(grid.numbers[index], mark) for index, mark in kinds.items()]
    )
    return SheetReading(
        decision=decision,
        first_data_row=first,
        last_data_row=last,
        lines_read=read,
        lines_rejected=rejected,
        total_rows=sum(mark is RowMark.TOTAL for mark in kinds.values()),
        blank_rows=blank,
        note_rows=sum(mark in (RowMark.NOTE, RowMark.IGNORE) for mark in kinds.values()),
        repeated_headers=repeated,
        totals=tuple(totals),
        controls=tuple(controls),
        preview=preview(grid),
        row_kinds=tuple(listed[:_MOST_KINDS]),
        hidden_rows=len(grid.hidden_rows & set(grid.numbers)),
        hidden_columns=tuple(
            letters(column) for column in sorted(grid.hidden_columns) if column < grid.width
        ),
    )
