"""What a print repeats at the head of every page: its title, the page's number, the day it was printed on."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from importers.grid import Cell, Grid
from importers.table import same_texts
from importers.texts import fold
from mopsaudit.intake.contract import SheetDecision

_DIGITS: Final = re.compile(r"[0-9]+")
#: Rows between a line of a page's title and the header below it.
_ROOM: Final = 5

#: A row without its figures: the columns that are filled, and what they say but for its digits.
Shape = tuple[tuple[int, str], ...]


class PageHeads:
    """The lines above the first header of a sheet, as later pages repeat them but for their figures."""

    def __init__(self, grid: Grid, decision: SheetDecision, headings: Sequence[str]) -> None:
        self.grid, self.headings = grid, headings
        above = grid.position(decision.header_rows[0]) if decision.header_rows else 0
        shapes = (_shape(row) for row in grid.rows[max(0, above - 15) : above])
        self.shapes = frozenset(shape for shape in shapes if any(text.strip("# ") for _, text in shape))
        self.sizes = frozenset(map(len, self.shapes))  # most lines are told by how many cells they fill

    def holds(self, index: int, row: list[Cell], *, unread: bool) -> bool:
        """Whether a row repeats a line above the first header.

        One whose amount can be read (the number of a page) must stand right above a header that is repeated too.
        """
        if len(row) - row.count(None) not in self.sizes or _shape(row) not in self.shapes:
            return False
        below = self.grid.rows[index + 1 : index + 1 + _ROOM]
        return unread or any(same_texts(each, self.headings) for each in below)


def _shape(row: list[Cell]) -> Shape:
    return tuple((column, _plain(value)) for column, value in enumerate(row) if value is not None)


def _plain(value: Cell) -> str:
    if isinstance(value, int | float | date | datetime):
        return "#"
    return _DIGITS.sub("#", fold(str(value))).casefold()
