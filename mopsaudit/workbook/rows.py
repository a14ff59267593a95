"""Rows of a table as the text a workbook's part is made of: one string a row, put into the sheet as it is.

The library takes a call, a record and seven small writes for each cell. A workbook of 2,000 tools has a million and a
half of them, so the rows of tables are written here and everything else (styles, charts, tables, print set-up, the
package) stays with the library. A kind of value is written the same way wherever it stands.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, Final

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from mopsaudit.money import exponent, from_minor
from mopsaudit.workbook.cells import (
    MAX_EXACT,
    MAX_TEXT,
    Formula,
    Money,
    Share,
    Unknown,
    clean_text,
    money_format,
)

#: What cannot stand in a cell's text as it is: markup, controls, what reads as an escape, blanks at either end.
_AWKWARD: Final = re.compile(
    "[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_|\\A\\s|\\s\\Z"
)
#: What cannot stand in an attribute as it is.
_MARKED: Final = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_ESCAPE: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")
#: Text of fewer characters has room however it is encoded.
_SURELY_FITS: Final = MAX_TEXT // 2
#: Days from the first of the proleptic calendar to a spreadsheet's day 0, and its first day after the one it made up.
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
_AFTER_MADE_UP: Final = 61
_SECONDS: Final = 86_400

#: The number of each kind's format in the book; a kind is a name of the writer's or a number format.
Look = Mapping[str, int]


class _Finished(str):
    """A cell as it will stand in the part."""

    __slots__ = ()


class StreamedSheet(Worksheet):  # type: ignore[misc]  # the library says nothing of its types
    """A sheet of a book in the library's mode of constant memory that takes finished cells and rows too.

    Everything is written from the top down. A link is written down at once, without the record the library keeps.
    """

    #: What the library knows of the sheet: the row it holds back, and the range that is filled (None: nothing yet).
    previous_row: int
    dim_rowmin: int | None
    dim_rowmax: int | None
    dim_colmin: int | None
    dim_colmax: int | None
    constant_memory: bool
    table: dict[int, dict[int, Any]]

    def __init__(self) -> None:
        super().__init__()
        self._noted: IO[bytes] | None = None

    def put_cell(self, row: int, column: int, cell: str) -> None:
        """Write one finished cell into the row being written or one below it."""
        if row > self.previous_row:
            self._write_single_row(row)
        self._reach(row, column)
        self.table[row][column] = _Finished(cell)

    def put_row(self, row: int, cells: str, *, width: int, height: float) -> None:
        """Write a row of ``width`` finished cells from column A, below all that stands.

        ``height`` is in points.

        Raises:
            ValueError: past the last row a sheet has.
        """
        if self.table or self.previous_row in self.row_info:
            self._write_single_row(row)
        self.previous_row = row + 1
        self._reach(row, 0)
        self._reach(row, width - 1)
        self.fh.write(f'<row r="{row + 1}" ht="{height:g}" customHeight="1">{cells}</row>')

    def _reach(self, row: int, column: int) -> None:
        """The range the sheet says it fills."""
        if row >= self.xls_rowmax or column >= self.xls_colmax:
            raise ValueError(f"A sheet ends before row {row + 1}, column {column + 1}.")
        self.dim_rowmin = row if self.dim_rowmin is None else min(self.dim_rowmin, row)
        self.dim_rowmax = row if self.dim_rowmax is None else max(self.dim_rowmax, row)
        self.dim_colmin = column if self.dim_colmin is None else min(self.dim_colmin, column)
        self.dim_colmax = column if self.dim_colmax is None else max(self.dim_colmax, column)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """One of ours as it is, one of the library's in its way."""
        if isinstance(cell, _Finished):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)

    def link(self, reference: str, place: str, tip: str) -> None:
        """Let a cell lead to a place of the workbook. The library's own record of a link is ten times its text."""
        if self._noted is None:
            self._noted = TemporaryFile(dir=self.tmpdir)  # noqa: SIM115  # closed with the sheet
        shown = f' tooltip="{_attribute(tip)}"' if tip else ""
        self._noted.write(f'<hyperlink ref="{reference}" location="{_attribute(place)}"{shown}/>'.encode())

    def describe_table(self, first: int, last: int, width: int, options: Mapping[str, Any]) -> None:
        """Make the rows from the header at ``first`` to ``last``, which stand already, a native table from column A."""
        # The library refuses tables on a sheet it writes row by row because it would write the header too late; ours
        # stands, so its own is thrown away. It walks over every cell to find tables that overlap; ours are written one
        # below the other, so it is told of two rows and the range is set afterwards.
        held, self.table = self.table, defaultdict(dict)
        self.constant_memory = False
        try:
            self.add_table(first, 0, first + 1, width - 1, dict(options))
        finally:
            self.constant_memory, self.table = True, held
        reach = xl_range(first, 0, last, width - 1)
        self.tables[-1].update(range=reach, a_range=reach, autofilter=reach)

    def close_files(self) -> None:
        """Let go of what is open, for a book that is given up."""
        if self._noted is not None:
            self._noted.close()
        if self.row_data_fh is not None:
            self.row_data_fh.close()

    def _write_hyperlinks(self) -> None:
        """In the place the library writes its own."""
        if self._noted is None:
            return
        self.fh.write("<hyperlinks>")
        self._append(self._noted)
        self.fh.write("</hyperlinks>")

    def _write_optimized_sheet_data(self) -> None:
        """The rows written so far, copied as bytes."""
        if self.dim_rowmin is None:
            super()._write_optimized_sheet_data()
            return
        self.fh.write("<sheetData>")
        self.row_data_fh.flush()
        self._append(self.row_data_fh.buffer)
        self.row_data_fh.close()
        self.fh.write("</sheetData>")

    def _append(self, part: Any) -> None:
        part.seek(0)
        self.fh.flush()
        shutil.copyfileobj(part, self.fh.buffer, 1 << 20)
        part.close()


def number_of(style: Format) -> int:
    """The number the file knows a format by; it has one from its first cell on."""
    number: int = style._get_xf_index()  # noqa: SLF001  # what the library's own cells are written with
    return number


def _attribute(text: str) -> str:
    if _MARKED.search(text) is None:
        return text
    kept = _xml(clean_text(text)).replace('"', "&quot;")
    return kept.replace("\n", "&#xA;").replace("\r", "&#xD;").replace("\t", "&#x9;")


def _xml(text: str) -> str:
    """Text with its markup characters named."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_markup(reference: str, style: int, text: str) -> str:
    """A cell of text; one without text is an empty cell."""
    if not text:
        return f'<c r="{reference}" s="{style}"/>'
    if len(text) > _SURELY_FITS or _AWKWARD.search(text) is not None:
        text, space = _escaped(text)
        return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t{space}>{text}</t></is></c>'
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def _escaped(text: str) -> tuple[str, str]:
    """Text as XML, and what keeps blanks at its ends."""
    kept = clean_text(text)
    if len(kept) > _SURELY_FITS and len(kept.encode("utf-16-le")) > 2 * MAX_TEXT:
        kept = kept.encode("utf-16-le")[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    space = ' xml:space="preserve"' if kept[:1].isspace() or kept[-1:].isspace() else ""
    return _xml(_ESCAPE.sub("_x005F_", kept).replace("\r", "_x000D_")), space


def serial(day: date) -> int | None:
    """The number a spreadsheet counts a day as; None for days before 1900, which it has no number for.

    Spreadsheets hold 1900 for a leap year: days before March of it are one less.
    """
    number = day.toordinal() - _DAY_ZERO
    return number if number >= _AFTER_MADE_UP else number - 1 if number > 1 else None


def _number(reference: str, style: int, number: str) -> str:
    return f'<c r="{reference}" s="{style}"><v>{number}</v></c>'


def _text(reference: str, look: Look, value: str) -> str:
    return text_markup(reference, look["text"], value)


def _blank(reference: str, look: Look, _value: None) -> str:
    return f'<c r="{reference}" s="{look["text"]}"/>'


def _flag(reference: str, look: Look, value: bool) -> str:  # noqa: FBT001  # a cell's value
    return text_markup(reference, look["text"], "yes" if value else "no")


def _unknown(reference: str, look: Look, _value: Unknown) -> str:
    return text_markup(reference, look["unknown"], "–")


def _share(reference: str, look: Look, value: Share) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    places = "0.0%" if abs(exact) < Decimal("0.1") and exact else "0%"
    return _number(reference, look[places], f"{float(exact):.16G}")


def _whole(reference: str, look: Look, value: int) -> str:
    if abs(value) > MAX_EXACT:
        return text_markup(reference, look["#,##0"], str(value))
    return _number(reference, look["#,##0"], str(value))


def _decimal(reference: str, look: Look, value: Decimal) -> str:
    digits = len(f"{value:f}".partition(".")[2])
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _number(reference, look[pattern], f"{float(value):.16G}")


def _moment(reference: str, look: Look, value: datetime) -> str:
    number = serial(value.date())
    if number is None:
        return text_markup(reference, look["text"], f"{value:%Y-%m-%d %H:%M}")
    clock = value.time()
    spent = Decimal((clock.hour * 60 + clock.minute) * 60 + clock.second) / _SECONDS
    part = float(number + spent) if clock != time() else float(number)
    return _number(reference, look["moment"], f"{part:.16G}")


def _day(reference: str, look: Look, value: date) -> str:
    number = serial(value)
    if number is None:
        return text_markup(reference, look["text"], value.isoformat())
    return f'<c r="{reference}" s="{look["day"]}"><v>{number}</v></c>'


def _money(reference: str, look: Look, value: Money) -> str:
    minor, currency = value.minor, value.currency
    if abs(minor) > MAX_EXACT:
        return text_markup(reference, look["digits"], f"{from_minor(minor, currency):f}")
    # A float of at most 15 significant digits prints back as the same decimal, and a quotient of two whole numbers is
    # the float nearest to it: nothing is lost in the file.
    number = minor / 10 ** exponent(currency)
    return f'<c r="{reference}" s="{look[money_format(currency)]}"><v>{number:.16G}</v></c>'


def _formula(reference: str, look: Look, value: Formula) -> str:
    if value.currency is not None:
        pattern, number = money_format(value.currency), from_minor(int(value.value), value.currency)
    else:
        pattern, number = "#,##0.00", Decimal(value.value)
    text = _xml(value.text.removeprefix("="))
    return f'<c r="{reference}" s="{look[pattern]}"><f>{text}</f><v>{float(number):.16G}</v></c>'


#: How each kind of value is written; a kind derived from one of these is written like it.
WRITERS: Final[dict[type, Callable[[str, Look, Any], str]]] = {
    str: _text,
    Money: _money,
    type(None): _blank,
    Unknown: _unknown,
    bool: _flag,
    int: _whole,
    datetime: _moment,
    date: _day,
    Share: _share,
    Decimal: _decimal,
    Formula: _formula,
}


def writer_of(kind: type) -> Callable[[str, Look, Any], str]:
    """What writes a kind of value as a cell: from its reference, the formats and the value.

    Raises:
        TypeError: for a kind no cell is written for, floats among them: figures are exact.
    """
    write = WRITERS.get(kind)
    if write is None:
        write = next((known for base, known in WRITERS.items() if issubclass(kind, base)), None)
        if write is None:
            raise TypeError(f"no cell is written for a {kind.__name__}")
        WRITERS[kind] = write  # an enumeration's or a subclass's: found once
    return write


#: Kinds that :func:`note_of` may say something of.
NOTED: Final = frozenset({Unknown, Money})


def note_of(value: Any) -> str:
    """What is said of a cell in a note beside it: why it is unknown, or why a number stands as text."""
    if isinstance(value, Unknown):
        return clean_text(value.why)[:900]
    if isinstance(value, Money) and abs(value.minor) > MAX_EXACT:
        return "Too many digits for a spreadsheet number: written as text."
    return ""
