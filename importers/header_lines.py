"""Lines a header goes on in: words broken over two rows, a row that only counts the columns."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from importers.amounts import amount_text
from importers.dates import date_readings
from importers.grid import Cell, Grid
from importers.texts import fold
from importers.words import Words

_COUNTED = re.compile(r"\(?\s*(?:([0-9]{1,2})|([A-Za-z]))\s*[.)]?\s*(?:=.*)?\)?")
#: What stands in a line for a value that is not known yet, and heads nothing.
_UNKNOWN = frozenset(
    ("n/a", "na", "n.a.", "tbc", "tbd", "tba", "none", "nil", "unknown", "pending", "?", "-", "--")
)
#: Words that only end a heading: over a column of numbers or days they are no value of a line.
_ENDINGS = frozenset(
    "date dates day number no no. nr nr. # id code name type category class centre center amount value currency period "
    "year month text account group description reference ref ref. price rate total quantity qty unit units status "
    "terms by datum nummer betrag name bezeichnung nom numéro montant libellé fecha número importe nombre".split()
)
#: Rows below a header that show what its columns hold.
_BELOW = 6
_LONG = 24


def counts_columns(row: Sequence[Cell]) -> bool:
    """Whether a row below a header only counts the columns: ``(1) (2) (3)``, ``A B C``, ``1 2 3=1+2``."""
    places: list[int] = []
    for value in row:
        if value is None:
            continue
        text = value if isinstance(value, str) else str(value) if type(value) is int else ""
        match = _COUNTED.fullmatch(text.strip())
        if match is None:
            return False
        places.append(int(match.group(1)) if match.group(1) else ord(match.group(2).upper()) - 64)
    return len(places) >= 3 and all(two - one == 1 for one, two in pairwise(places)) and places[0] <= 2


def goes_on(grid: Grid, index: int, words: Words) -> bool:
    """Whether the headings of the row at ``index`` are broken over two rows: *Invoice* above *date*.

    The lower row has short texts only, each below a heading, and not below all; two of them or more stand over numbers
    or days, where a line would have one too, or one where the words of both rows together are known outright; and these
    name fields, or are words that only end a heading.
    """
    if index + 3 > len(grid.rows):
        return False
    upper, lower = grid.rows[index], grid.rows[index + 1]
    places = [place for place, value in enumerate(lower) if value is not None]
    headed = [place for place, value in enumerate(upper) if isinstance(value, str)]
    if len(places) < 2 or len(places) >= len(headed) or not set(places) <= set(headed):
        return False
    texts = {place: fold(value) for place in places if isinstance(value := lower[place], str)}
    if len(texts) < len(places) or any(
        len(text) > _LONG or text.casefold() in _UNKNOWN or _typed(text) for text in texts.values()
    ):
        return False
    below = grid.rows[index + 2 : index + 2 + _BELOW]
    over = sum(_over_values(below, place) for place in places)
    if not over:
        return False
    if all(text.casefold() in _ENDINGS for text in texts.values()):
        return True
    joined = [words.fields(f"{fold(str(upper[place]))} {text}") for place, text in texts.items()]
    least = 0.8 if over > 1 else 0.95
    return sum(max(found.values(), default=0.0) >= least for found in joined) >= 2


def _over_values(below: Sequence[Sequence[Cell]], place: int) -> bool:
    held = [row[place] for row in below if place < len(row) and row[place] is not None]
    return bool(held) and sum(map(_typed, held)) >= 0.6 * len(held)


def _typed(value: Cell) -> bool:
    """Whether a cell is a number or a day, or a text that reads as one."""
    if isinstance(value, str):
        return amount_text(value) is not None or bool(date_readings(value))
    return isinstance(value, int | float | date | datetime) and not isinstance(value, bool)
