"""Sheets of an ``.xlsx``/``.xlsm`` package: opened by openpyxl, which knows strings, styles and the date system.

Each sheet is read by openpyxl's parser (:mod:`importers.sheet_cells`); a large one whose rows repeat one shape is read
by the pattern of that shape (:mod:`importers.row_shapes`), to the same cells.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from importers.grid import Grid
from importers.package import Package, look_at, unpacking
from importers.part_watch import SheetFacts, Watch, too_long
from importers.row_shapes import OddSheetError, SheetShapes
from importers.sheet_cells import Progress, SheetCells, shared_strings, unescape
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

_CHUNK = 1 << 18


class UnreadableError(Exception):
    """openpyxl cannot open this package; another reader may."""


class _Sheet(ReadOnlyWorksheet):
    """A read-only sheet whose dimensions nobody asks for.

    Where a sheet does not state them, openpyxl parses all of its cells for nothing but that.
    """

    def _get_size(self) -> None:
        """Nothing: the cells themselves say how far they reach."""


class _Book(ExcelReader):
    """openpyxl's reader of a workbook, which opens its worksheets without looking into them."""

    def read_worksheets(self) -> None:
        """Every worksheet of the package in the workbook's order; charts are left out."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                found: Any = _Sheet(self.wb, sheet.name, relation.target, self.shared_strings)
                found.sheet_state = sheet.state
                sheets: list[Any] = vars(self.wb)["_sheets"]
                sheets.append(found)


def open_workbook(
    path: Path, package: Package, limits: Limits, progress: Progress, copy: io.BytesIO | None = None
) -> Iterator[Grid]:
    """Every worksheet as a :class:`Grid`, in the workbook's order; read from a plain ``copy`` of it where one is given.

    Raises:
        RefusedError: over a limit, or when the package holds no readable workbook.
    """
    with warnings.catch_warnings(), copy or path.open("rb") as stream:  # it leaves open what it fails to open
        warnings.simplefilter("ignore")
        try:
            reader = _Book(stream, read_only=True, data_only=True, keep_links=False)
            reader.read()
            book = reader.wb
        except RefusedError:
            raise
        except MemoryError:
            raise
        except Exception as error:
            look_at(path, package, limits)
            raise UnreadableError(str(error)) from error
        try:
            _mend_strings(shared_strings(book), limits)
            sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "_worksheet_path")]
            parts = [str(sheet._worksheet_path).lstrip("/") for sheet in sheets]
            look_at(path, package, limits, but=frozenset(parts))
            for sheet, part in zip(sheets, parts, strict=True):
                yield _read_sheet(path, book, sheet, part, package, limits, progress)
        finally:
            book.close()


def _mend_strings(strings: list[Any], limits: Limits) -> None:
    for index, text in enumerate(strings):
        if len(text) > limits.cell_text:
            raise too_long(limits)
        if "_x" in text:
            strings[index] = unescape(text)


def _read_sheet(
    path: Path, book: Any, sheet: Any, part: str, package: Package, limits: Limits, progress: Progress
) -> Grid:
    if part in package.unseen:
        try:
            grid = _by_shapes(book, sheet, part, package, limits, progress)
        except OddSheetError:
            look_at(path, package, limits, but=package.unseen - {part})
        else:
            package.unseen.discard(part)
            return grid
    grid = _grid(book, sheet, package.sheets.get(part) or SheetFacts())
    try:
        source = book._archive.open(part)
    except (KeyError, zipfile.BadZipFile):
        return grid
    with source:
        SheetCells(source, book, grid, limits).read(progress)
    return grid


def _grid(book: Any, sheet: Any, facts: SheetFacts) -> Grid:
    return Grid(
        name=str(sheet.title),
        hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(facts.hidden_rows),
        hidden_columns=frozenset(facts.hidden_columns),
        merged=tuple(facts.merged),
        date_1904=book.epoch == CALENDAR_MAC_1904,
    )


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with unpacking():
        source = archive.open(part)
    with source:
        while True:
            with unpacking():
                chunk = source.read(_CHUNK)
            if not chunk:
                return
            yield chunk


def _by_shapes(
    book: Any, sheet: Any, part: str, package: Package, limits: Limits, progress: Progress
) -> Grid:
    """A large sheet by the shapes of its rows, which looks at each byte of it as the pre-scan would.

    Raises:
        OddSheetError: when it has to be read row by row.
    """
    watch = Watch(part.lower(), limits)
    grid = _grid(book, sheet, SheetFacts())
    cells = SheetCells(None, book, grid, limits)
    SheetShapes(cells, watch).read(_chunks(book._archive, part), progress)
    facts = watch.facts
    assert facts is not None
    package.sheets[part] = facts
    grid.hidden_rows, grid.hidden_columns = frozenset(facts.hidden_rows), frozenset(facts.hidden_columns)
    grid.merged = tuple(facts.merged)
    return grid
