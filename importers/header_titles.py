"""Lines above a table that are no line of its header: titles, sums, the days it is of."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from importers.dates import date_readings
from importers.grid import Cell
from importers.texts import fold

#: A day written out, as lines above a table name the days it is of.
_DAY: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4})(?![0-9])"
)
#: An amount to the cent within a text: ``1000,00 Π``, ``EUR 46.293,39``.
_CENTS: Final = re.compile(r"(?:^|\s)[-+(]?[0-9][0-9., \xa0]*[.,][0-9]{2}(?:\)|\s|$)")
#: A calendar year within a text of several words.
_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
#: A label and what it is of, in one cell: ``Proveedor: ACME``.
_PARTICULAR: Final = re.compile(r"[^\W\d_]:\s+\S")
#: Longer than any heading.
_LONG: Final = 60


def no_group(row: Sequence[Cell]) -> bool:
    """Whether a row heads no group of headings: it is a title, or holds an amount (years and small numbers aside)."""
    return is_title(row) or any(
        (not isinstance(value, bool) and (value != int(value) or not 0 <= value <= 9999))
        if isinstance(value, int | float)
        else isinstance(value, str)
        and len(value) <= 30
        and (bool(_CENTS.search(value)) or (value.strip().isdigit() and int(value) > 9999))
        and not date_readings(value)
        for value in row
    )


def set_apart(numbers: Sequence[int], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a blank line stands below a row that fills less than half of what the row after it does, as titles do."""
    counts = [sum(value is not None for value in row) for row in rows]
    return any(
        following - number > 1 and above * 2 < max(below, 4)
        for (number, following), (above, below) in zip(pairwise(numbers), pairwise(counts), strict=True)
    )


def is_title(row: Sequence[Cell]) -> bool:
    """Whether a row is one text alone that is too long for a heading, names the days or the year the table is of, or
    gives a label with its value.
    """
    texts = [value for value in row if value is not None]
    if len(texts) != 1 or not isinstance(texts[0], str) or row[0] is None:
        return False
    plain = fold(texts[0])
    return (
        len(plain) > _LONG
        or len(_DAY.findall(plain)) > 1
        or bool(len(plain.split()) > 2 and _YEAR.search(plain))
        or bool(_PARTICULAR.search(plain))
    )


def heads_another(row: Sequence[Cell], places: Mapping[str, int]) -> bool:
    """Whether a row of texts repeats two headings or more, one of them in another column: it heads a table of its own.

    ``places`` is the column of each heading, capitals aside.
    """
    texts = [(column, value) for column, value in enumerate(row) if value is not None]
    if len(texts) < 3 or type(texts[0][1]) is not str or fold(texts[0][1]).casefold() not in places:
        return False
    known = [
        places[name] != column
        for column, value in texts
        if isinstance(value, str) and (name := fold(value).casefold()) in places
    ]
    return len(known) >= 2 and any(known)


def counts_months(row: Sequence[Cell]) -> bool:
    """Whether cells side by side count 1, 2, 3 … up to 12 at most behind a text, as headings of months do."""
    told = [
        str(value).strip() if isinstance(value, str) or type(value) in (int, float) else "" for value in row
    ]
    places = [column for column, text in enumerate(told) if text.removesuffix(".0").isdecimal()]
    if not 3 <= len(places) <= 12 or places[-1] - places[0] != len(places) - 1:
        return False
    counted = [int(told[column].removesuffix(".0")) for column in places]
    return any(told[: places[0]]) and counted == list(range(1, len(places) + 1))
