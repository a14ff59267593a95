"""Lines above a table that are no line of its header: titles, sums, the days it is of."""

import re
from collections.abc import Sequence
from typing import Final

from importers.grid import Cell
from importers.texts import fold

#: A day written out, as lines above a table name the days it is of.
_DAY: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4})(?![0-9])"
)
#: Longer than any heading.
_LONG: Final = 60


def no_group(row: Sequence[Cell]) -> bool:
    """Whether a row heads no group of headings: it is a title, or holds an amount (years and small numbers aside)."""
    return _title(row) or any(
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (value != int(value) or not 0 <= value <= 9999)
        for value in row
    )


def _title(row: Sequence[Cell]) -> bool:
    """Whether a row is one text alone that is too long for a heading or names the days the table is of."""
    texts = [value for value in row if value is not None]
    if len(texts) != 1 or not isinstance(texts[0], str) or row[0] is None:
        return False
    return len(fold(texts[0])) > _LONG or len(_DAY.findall(texts[0])) > 1
