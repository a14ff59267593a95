"""Sheets of an ``.xlsx``/``.xlsm`` package through openpyxl, one bad cell at a time.

openpyxl opens the package and knows strings, styles and the date system; its own row iterator raises on one bad number
and loses the rest of the sheet, drops rows outside a wrong ``<dimension>`` and gives None for a formula without a saved
value. Its parser is therefore subclassed here: the same elements, each cell read on its own, dimensions never asked.
"""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse  # the pre-scan has refused every document type and entity

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel, from_ISO8601
from openpyxl.worksheet._reader import (
    CELL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)

from importers import codes
from importers.grid import Bad, Cell, Grid, address, column_index
from importers.package import Package, SheetFacts, refuse
from importers.values import CURRENCY_FORMAT
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

_DIGITS = "0123456789$"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT_TAG = VALUE_TAG[:-1] + "t"
_RUN_TAG = VALUE_TAG[:-1] + "r"
#: A cell this many columns beyond its left neighbour, past the column limit, is a stray and no table column.
_STRAY_GAP = 16
_MOST_STRAYS = 20

Progress = Callable[[int], None]


def open_workbook(path: Path, package: Package, limits: Limits, progress: Progress) -> Iterator[Grid]:
    """Every worksheet as a :class:`Grid`, in the workbook's order.

    Raises:
        RefusedError: over a limit, or when the package holds no readable workbook.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except RefusedError:
            raise
        except MemoryError:
            raise
        except Exception as error:
            raise UnreadableError(str(error)) from error
        try:
            strings = _strings(book)
            _mend_strings(strings, limits)
            for sheet in book.worksheets:
                if not hasattr(sheet, "_worksheet_path"):
                    continue
                part = str(sheet._worksheet_path).lstrip("/")
                facts = package.sheets.get(part) or SheetFacts()
                yield _read_sheet(book, sheet, part, facts, limits, progress)
        finally:
            book.close()


class UnreadableError(Exception):
    """openpyxl cannot open this package; another reader may."""


def _strings(book: Any) -> list[Any]:
    """The shared strings openpyxl read, the same list every read-only sheet holds."""
    return next((sheet._shared_strings for sheet in book.worksheets if hasattr(sheet, "_shared_strings")), [])


def _mend_strings(strings: list[Any], limits: Limits) -> None:
    for index, text in enumerate(strings):
        if len(text) > limits.cell_text:
            raise _too_long(limits)
        if "_x" in text:
            strings[index] = _unescape(text)


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match.group(1), 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(character, text)


def _too_long(limits: Limits) -> RefusedError:
    return refuse(
        codes.TOO_LARGE,
        f"A cell of this file holds more than {limits.cell_text:,} characters, more than a sheet can.",
    )


def _read_sheet(
    book: Any, sheet: Any, part: str, facts: SheetFacts, limits: Limits, progress: Progress
) -> Grid:
    grid = Grid(
        name=str(sheet.title),
        hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(facts.hidden_rows),
        hidden_columns=frozenset(facts.hidden_columns),
        merged=tuple(facts.merged),
        date_1904=book.epoch == CALENDAR_MAC_1904,
    )
    try:
        source = book._archive.open(part)
    except (KeyError, zipfile.BadZipFile):
        return grid
    with source:
        parser = _SheetCells(source, book, grid, limits)
        parser.read(progress)
    return grid


class _SheetCells(WorkSheetParser):
    """openpyxl's sheet parser, filling a :class:`Grid`; no cell can end the reading of the others."""

    def __init__(self, source: Any, book: Any, grid: Grid, limits: Limits) -> None:
        strings = _strings(book)
        super().__init__(
            source,
            strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self.grid, self.limits = grid, limits
        self.columns: dict[str, int] = {}
        self.dates: dict[tuple[str, int], Cell] = {}
        self.style_formats = _telling_formats(book)
        self.last_format: dict[int, str] = {}
        self.filled = 0

    def read(self, progress: Progress) -> None:
        """Read every row into the grid.

        Raises:
            RefusedError: over a limit.
        """
        rows: dict[int, list[Cell]] = {}
        ordered = True
        last = 0
        done = 0
        for _, element in iterparse(self.source):  # noqa: S314 - no document type gets past the pre-scan
            if element.tag != ROW_TAG:
                continue
            number, cells = self._row(element, rows)
            element.clear()
            done += 1
            if not done % 2000:
                progress(done)
            if cells:
                ordered = ordered and number >= last
                last = number
                if number not in rows:
                    self.filled += 1
                    if self.filled > self.limits.rows:
                        raise refuse(
                            codes.TOO_LARGE,
                            f"The sheet “{self.grid.name}” holds more than {self.limits.rows:,} rows. "
                            "Split it: one month, or one cost centre, per file.",
                        )
                rows[number] = cells
        numbers = list(rows) if ordered else sorted(rows)
        self.grid.numbers = numbers
        self.grid.rows = [rows[number] for number in numbers]
        for runs in self.grid.formats.values():
            if not ordered:
                runs.sort()

    def _row(self, element: Any, rows: dict[int, list[Cell]]) -> tuple[int, list[Cell]]:
        text = element.get("r")
        if text is None:
            self.row_counter += 1
        else:
            try:
                self.row_counter = int(text)
            except ValueError:
                self.row_counter = int(float(text))
        number = self.row_counter
        name = str(number)
        cells: list[Cell] = []
        before = rows.get(number)
        if before is not None:
            cells = before
        column = -1
        columns = self.columns
        for cell in element:
            if cell.tag != CELL_TAG:
                continue
            reference = cell.get("r")
            if reference is None:
                column += 1
            else:
                word = reference.rstrip(_DIGITS)
                found = columns.get(word)
                if found is None:
                    try:
                        found = column_index(word.replace("$", ""))
                    except ValueError:
                        found = column + 1
                    columns[word] = found
                column = found
            try:
                value, style = self._value(cell)
            except RefusedError:
                raise
            except (ValueError, OverflowError, IndexError, TypeError, KeyError, AttributeError):
                value, style = Bad("number", str(cell.findtext(VALUE_TAG) or "")[:80]), 0
            if value is None:
                continue
            if reference is not None and not reference.endswith(name):
                value = Bad("repeated", reference)
            size = len(cells)
            if column >= self.limits.columns:
                self._beyond(number, column, size, value)
                continue
            if column == size:
                cells.append(value)
            elif column > size:
                cells.extend([None] * (column - size))
                cells.append(value)
            elif cells[column] is None:
                cells[column] = value
            elif cells[column] != value:
                cells[column] = Bad("repeated", address(number, column))
            telling = self.style_formats.get(style)
            if telling is not None and self.last_format.get(column, "") != telling:
                self.last_format[column] = telling
                self.grid.formats.setdefault(column, []).append((number, telling))
        return number, cells

    def _beyond(self, number: int, column: int, size: int, value: Cell) -> None:
        self.grid.strays.append((address(number, column), str(value)[:60]))
        if column - max(size - 1, 0) <= _STRAY_GAP or len(self.grid.strays) > _MOST_STRAYS:
            raise refuse(
                codes.TOO_LARGE,
                f"The sheet “{self.grid.name}” is more than {self.limits.columns} columns wide. "
                "Remove the columns that are not needed.",
            )

    def _value(self, cell: Any) -> tuple[Cell, int]:
        kind = cell.get("t")
        style_text = cell.get("s")
        style = int(style_text) if style_text else 0
        text: str | None = None
        formula = False
        inline = None
        for child in cell:
            tag = child.tag
            if tag == VALUE_TAG:
                text = child.text
            elif tag == FORMULA_TAG:
                formula = True
            elif tag == INLINE_STRING:
                inline = child
        if text is None or text == "":
            if inline is not None:
                return self._string("".join(_inline_texts(inline))), style
            if formula and kind not in ("str", "s"):
                return Bad("formula", ""), style
            return None, style
        if kind is None or kind == "n":
            if "_" in text or not text.isascii():
                return Bad("number", text[:80]), style
            number: int | float
            if "." in text or "e" in text or "E" in text or len(text) > 18:
                number = float(text)
                if not isfinite(number):
                    return Bad("number", text[:80]), style
            else:
                try:
                    number = int(text)
                except ValueError:
                    float(text)  # "NaN", "Infinity": numbers to Python, to nobody else
                    return Bad("number", text[:80]), style
            if style in self.date_formats:
                key = (text, style)
                known = self.dates.get(key)
                if known is None:
                    try:
                        known = from_excel(number, self.epoch, timedelta=style in self.timedelta_formats)
                    except (OverflowError, ValueError):
                        known = number  # a number in a date's clothes: the column decides what it is
                    if len(self.dates) < 100_000:
                        self.dates[key] = known
                return known, style
            return number, style
        if kind == "s":
            index = int(text)
            if index < 0:
                raise IndexError(index)
            return str(self.shared_strings[index]) or None, style
        if kind == "b":
            if text.strip() not in ("0", "1", "true", "false"):
                return Bad("number", text[:80]), style
            return text.strip() in ("1", "true"), style
        if kind == "e":
            return Bad("error", text[:40]), style
        if kind == "d":
            value = from_ISO8601(text)  # type: ignore[no-untyped-call]
            if isinstance(value, datetime | date | time | timedelta):
                return value, style
            return Bad("date", text[:40]), style
        return self._string(text), style

    def _string(self, text: str) -> str | None:
        if len(text) > self.limits.cell_text:
            raise _too_long(self.limits)
        return (_unescape(text) if "_x" in text else text) or None


def _inline_texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT_TAG:
            yield child.text or ""
        elif child.tag == _RUN_TAG:
            for part in child:
                if part.tag == _TEXT_TAG:
                    yield part.text or ""


def _telling_formats(book: Any) -> dict[int, str]:
    """Style id → number format, for the styles whose format names a currency or a percentage (others: ``""``)."""
    result: dict[int, str] = {}
    formats = list(book._number_formats)
    for style, array in enumerate(book._cell_styles):
        number = array.numFmtId
        if number in (9, 10):
            result[style] = "0%"
        elif 5 <= number <= 8 or number in (42, 44):
            result[style] = "$"
        elif number >= 164 and number - 164 < len(formats):
            code = formats[number - 164]
            result[style] = code if "%" in code or CURRENCY_FORMAT.search(code) else ""
        else:
            result[style] = ""
    return result
