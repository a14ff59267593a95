"""The cells of one sheet part, read by openpyxl's parser one bad cell at a time.

openpyxl's own row iterator raises on one bad number and loses the rest of the sheet, drops rows outside a wrong
``<dimension>`` and gives None for a formula without a saved value. Its parser is subclassed here: the same elements,
each cell read on its own, dimensions never asked.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any
from xml.etree.ElementTree import iterparse  # the pre-scan has refused every document type and entity

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
from importers.currencies import CURRENCY_FORMAT, credit_format, written_units
from importers.grid import Bad, Cell, Grid, address, column_index
from importers.part_watch import too_long
from importers.refusals import refuse
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

_DIGITS = "0123456789$"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT_TAG = VALUE_TAG[:-1] + "t"
_RUN_TAG = VALUE_TAG[:-1] + "r"
#: A cell this many columns beyond its left neighbour, past the column limit, is a stray and no table column.
_STRAY_GAP = 16
_MOST_STRAYS = 20
_MOST_TEXTS = 50_000

Progress = Callable[[int], None]


def shared_strings(book: Any) -> list[Any]:
    """The shared strings openpyxl read, the same list every read-only sheet holds."""
    return next((sheet._shared_strings for sheet in book.worksheets if hasattr(sheet, "_shared_strings")), [])


def unescape(text: str) -> str:
    """Text with ``_x000D_`` and its like as the characters they stand for."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1), 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(character, text)


class SheetCells(WorkSheetParser):
    """openpyxl's sheet parser, filling a :class:`Grid`; no cell can end the reading of the others."""

    def __init__(self, source: Any, book: Any, grid: Grid, limits: Limits) -> None:
        strings = shared_strings(book)
        super().__init__(
            source,
            strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self.grid, self.limits, self.strings = grid, limits, strings
        self.columns: dict[str, int] = {}
        self.dates: dict[tuple[str, int], Cell] = {}
        self.style_formats = _telling_formats(book)
        self.struck_styles = _struck_styles(book)
        self.last_format: dict[int, str] = {}
        #: Equal texts are one object, which spares a sheet without shared strings half its memory.
        self.texts: dict[str, str] = {}
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
            number, cells = self.row(element, rows)
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
                        raise self.too_many_rows()
                rows[number] = cells
        numbers = list(rows) if ordered else sorted(rows)
        self.grid.numbers = numbers
        self.grid.rows = [rows[number] for number in numbers]
        for runs in self.grid.formats.values():
            if not ordered:
                runs.sort()

    def too_many_rows(self) -> RefusedError:
        """The refusal of a sheet over the limit of rows."""
        return refuse(
            codes.TOO_LARGE,
            f"The sheet “{self.grid.name}” holds more than {self.limits.rows:,} rows. "
            "Split it: one month, or one cost centre, per file.",
        )

    def row(self, element: Any, rows: dict[int, list[Cell]]) -> tuple[int, list[Cell]]:
        """Number and cells of one row element, after what ``rows`` holds of the same row."""
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
            if style in self.struck_styles:
                self.grid.struck.setdefault(number, set()).add(column)
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
                if text or len(child):
                    raise ValueError(
                        text
                    )  # two values in one cell, or one with more inside: neither is the cell's
                text = child.text
            elif tag == FORMULA_TAG:
                formula = True
            elif tag == INLINE_STRING:
                if inline is not None:
                    raise ValueError(text)
                inline = child
        if inline is not None and text and "".join(_inline_texts(inline)) != text:
            return Bad("repeated", text[:80]), style
        if text is None or text == "":
            if inline is not None:
                return self.string("".join(_inline_texts(inline))), style
            if formula and kind not in ("str", "s"):
                return Bad("formula", ""), style
            return None, style
        if kind is None or kind == "n":
            return self.number(text, style), style
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
        return self.string(text), style

    def number(self, text: str, style: int) -> Cell:
        """A number's text as a number, or as a date where the style is one.

        Raises:
            ValueError: for a text that is no number at all.
        """
        if "_" in text or not text.isascii():
            return Bad("number", text[:80])
        number: int | float
        if "." in text or "e" in text or "E" in text or len(text) > 18:
            number = float(text)
            if not isfinite(number):
                return Bad("number", text[:80])
        else:
            try:
                number = int(text)
            except ValueError:
                float(text)  # "NaN", "Infinity": numbers to Python, to nobody else
                return Bad("number", text[:80])
        if style in self.date_formats:
            key = (text, style)
            known = self.dates.get(key)
            if known is None:
                known, span = number, style in self.timedelta_formats
                try:
                    if span or not self._is_no_day(number):
                        known = from_excel(number, self.epoch, timedelta=span)
                except (OverflowError, ValueError):
                    known = number  # a number in a date's clothes: the column decides what it is
                if len(self.dates) < 100_000:
                    self.dates[key] = known
            return known
        return number

    def _is_no_day(self, number: float) -> bool:
        """Whether no calendar has the day: one before the first, or the 29th of February 1900."""
        return number < 0 or (60 <= number < 61 and self.epoch != CALENDAR_MAC_1904)

    def string(self, text: str) -> str | None:
        """A text cell; None for an empty one.

        Raises:
            RefusedError: when it is longer than a cell can be.
        """
        known = self.texts.get(text)
        if known is not None:
            return known
        if len(text) > self.limits.cell_text:
            raise too_long(self.limits)
        value = (unescape(text) if "_x" in text else text) or None
        if value is not None and len(self.texts) < _MOST_TEXTS:
            self.texts[text] = value
        return value


def _inline_texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT_TAG:
            yield child.text or ""
        elif child.tag == _RUN_TAG:
            for part in child:
                if part.tag == _TEXT_TAG:
                    yield part.text or ""


def _struck_styles(book: Any) -> frozenset[int]:
    """Styles that strike their cell through, or write it in white where nothing is behind it."""
    fonts = {index for index, font in enumerate(book._fonts) if font is not None and font.strike}
    white = {index for index, font in enumerate(book._fonts) if font is not None and _is_white(font.color)}
    if not fonts and not white:
        return frozenset()
    bare = {index for index, fill in enumerate(book._fills) if getattr(fill, "fill_type", "x") is None}
    return frozenset(
        style
        for style, array in enumerate(book._cell_styles)
        if array.fontId in fonts or (array.fontId in white and array.fillId in bare)
    )


def _is_white(color: Any) -> bool:
    if color is None or color.tint:
        return False
    return (color.type == "rgb" and str(color.rgb).upper().endswith("FFFFFF")) or (
        color.type == "theme" and color.theme == 0
    )


def _telling_formats(book: Any) -> dict[int, str]:
    """Style id → number format of the styles whose format tells a currency, share, credit or unit (others: ``""``)."""
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
            telling = (
                "%" in code or CURRENCY_FORMAT.search(code) or credit_format(code) or written_units(code) != 1
            )
            result[style] = code if telling else ""
        else:
            result[style] = ""
    return result
