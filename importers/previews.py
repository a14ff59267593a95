"""What the review page shows of a sheet, also of one in which nothing was found."""

from collections.abc import Iterable
from dataclasses import replace

from importers import codes
from importers.grid import Bad, Cell, Grid
from importers.spend_cells import cell_text
from mopsaudit.intake.contract import (
    NothingFoundError,
    Reading,
    ReadingDecision,
    ReadOptions,
    SheetDecision,
    SheetReading,
)


def preview(grid: Grid, rows: int = 40, columns: int = 30) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The first rows of a sheet as text."""
    return tuple(
        (
            number,
            tuple(
                (value.text or "#" if isinstance(value, Bad) else _in_grid(value))[:120]
                for value in row[:columns]
            ),
        )
        for number, row in zip(grid.numbers[:rows], grid.rows[:rows], strict=True)
    )


def nothing_found(
    sentence: str, sheets: Iterable[tuple[Grid, SheetDecision]], options: ReadOptions
) -> NothingFoundError:
    """The refusal of a file without a table of its kind, ready to raise: its sheets are shown, so that a person can say
    where the table is.
    """
    said = {decision.name: decision for decision in options.pointed}
    # What a person said of a sheet stays on it: they have only to add what is missing.
    left = [
        (grid, replace(said.get(grid.name, decision), used=False, why=decision.why))
        for grid, decision in sheets
    ]
    return NothingFoundError(
        sentence,
        codes.NO_DATA.code,
        Reading(
            decision=ReadingDecision(
                kind=options.kind,
                sheets=tuple(decision for _, decision in left),
                answers=tuple(sorted(options.answers)),
            ),
            sheets=tuple(SheetReading(decision=decision, preview=preview(grid)) for grid, decision in left),
        ),
    )


def _in_grid(value: Cell) -> str:
    """A cell as a page shows it: a stored number without the noughts its last digits are rounded to."""
    text = cell_text(value)
    return (
        text.rstrip("0").rstrip(".")
        if isinstance(value, float) and "." in text and "e" not in text.lower()
        else text
    )
