"""What every reader gives: a sheet as rows of plain values, with what the sheet hides, merges and formats."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from mopsaudit.problems import ProblemCode


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that holds no usable value.

    ``kind`` is one of ``error`` (#REF!), ``formula`` (no saved value), ``hashes`` (######## saved as text), ``number``,
    ``date`` (outside every calendar), ``quote`` (part of a line a quote took in) and ``repeated`` (the cell stands
    twice in the file); ``text`` is what stands there.
    """

    kind: str
    text: str


#: What spreadsheets write into a cell whose formula failed.
ERRORS = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|GETTING_DATA|SPILL!|CALC!)")

Cell = str | int | float | bool | Decimal | datetime | date | time | timedelta | Bad | None


@lru_cache(maxsize=20_000)
def letters(column: int) -> str:
    """The letters of a 0-based column (0 → A, 27 → AB)."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(text: str) -> int:
    """The 0-based column of letters (A → 0).

    Raises:
        ValueError: when the text is not one to three letters A–Z.
    """
    upper = text.strip().upper()
    if not 1 <= len(upper) <= 3 or not upper.isascii() or not upper.isalpha():
        raise ValueError(f"{text!r} names no column")
    number = 0
    for letter in upper:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """``F42`` of a 1-based row and a 0-based column."""
    return f"{letters(column)}{row}"


#: The keys of the questions a reading came to, whether it asked them or found an answer (None: nobody wants to know).
_COME_TO: ContextVar[set[str] | None] = ContextVar("keys_come_to", default=None)


@contextmanager
def keys_come_to() -> Iterator[set[str]]:
    """Collects every key made inside: an answer under any other key was used by nothing."""
    found: set[str] = set()
    token = _COME_TO.set(found)
    try:
        yield found
    finally:
        _COME_TO.reset(token)


def key(sheet: str | None, column: int | None, what: str) -> str:
    """The key of a question: ``AP Ledger!A.date_order`` (``A.date_order`` in a text file)."""
    place = letters(column) if column is not None else ""
    stem = f"{sheet}!" if sheet is not None else ""
    made = f"{stem}{place}.{what}" if place else f"{stem}{what}"
    found = _COME_TO.get()
    if found is not None:
        found.add(made)
    return made


@dataclass(slots=True)
class Grid:
    """One sheet. ``rows[i]`` is the row numbered ``numbers[i]`` (1-based, ascending; blank rows are absent).

    A row is a list of values from column A on, cut after its last value. ``formats`` holds per column runs
    ``(first row, number format)`` in row order, kept only where a format tells a currency, a share, a credit or a unit.
    ``merged`` ranges are ``(first row, first column, last row, last column)``, rows 1-based, columns 0-based,
    inclusive.
    """

    name: str | None
    numbers: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formats: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    #: Columns of a row's cells that are struck through, or written in white on no ground: still there, hardly meant.
    struck: dict[int, set[int]] = field(default_factory=dict)
    strays: list[tuple[str, str]] = field(default_factory=list)
    text_file: bool = False
    delimiter: str | None = None
    date_1904: bool = False
    reader: str = "openpyxl"
    #: Of a text file: how many fields the records have that end with empty ones.
    fields: dict[int, int] = field(default_factory=dict)
    #: What the reading of the file itself has to tell of it: code, sentence, cell.
    told: list[tuple[ProblemCode, str, str | None]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns up to the last used one."""
        return max(map(len, self.rows), default=0)

    def fields_of(self, number: int) -> int:
        """How many fields the record of a text file has, empty ones at its end included."""
        return self.fields.get(number) or len(self.row(number))

    def position(self, number: int) -> int:
        """Index in ``rows`` of the first row whose number is ``number`` or more."""
        return bisect_left(self.numbers, number)

    def row(self, number: int) -> list[Cell]:
        """The row of that number; an empty list for a blank one."""
        index = self.position(number)
        if index < len(self.numbers) and self.numbers[index] == number:
            return self.rows[index]
        return []

    def format_at(self, number: int, column: int) -> str:
        """The number format of a cell where it names a currency or percentage, else ``""``."""
        runs = self.formats.get(column)
        if not runs:
            return ""
        index = bisect_left(runs, (number + 1, "")) - 1
        return runs[index][1] if index >= 0 else ""
