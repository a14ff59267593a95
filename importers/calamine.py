"""Sheets of ``.xls``, ``.xlsb`` and ``.ods`` files through python-calamine, behind the same grid.

calamine may abort the whole process on a damaged file: it runs in the limited child only, and its end is a refusal.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msoffcrypto
import python_calamine

from importers import codes
from importers.cell_formats import Looks
from importers.grid import ERRORS, Bad, Cell, Grid
from importers.part_watch import too_long
from importers.refusals import refuse
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError


def open_calamine(
    path: Path, limits: Limits, plain: io.BytesIO | None = None, looks: Mapping[str, Looks] | None = None
) -> Iterator[Grid]:
    """Every worksheet as a :class:`Grid`; from a ``plain`` copy of the file where one is given.

    ``looks`` says by the sheets' names what their number formats tell.

    Raises:
        RefusedError: over a limit, or when the file is damaged.
    """
    data = plain or io.BytesIO(path.read_bytes())
    with _damage_refused():
        book = python_calamine.CalamineWorkbook.from_filelike(data)
        metadata = list(book.sheets_metadata)
    if len(metadata) > limits.sheets:
        raise refuse(
            codes.TOO_LARGE, f"This file holds more than {limits.sheets} sheets. Split it into several files."
        )
    for sheet in metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        grid = Grid(
            name=sheet.name,
            hidden=sheet.visible != python_calamine.SheetVisibleEnum.Visible,
            reader="calamine",
        )
        with _damage_refused():
            cells = book.get_sheet_by_name(sheet.name)
            _fill(grid, cells, limits)
        if looks and sheet.name in looks:
            _dress(grid, looks[sheet.name])
        yield grid


def _dress(grid: Grid, looks: Looks) -> None:
    """Give the cells of a sheet the formats that tell something of them; a failed formula's value is none."""
    grid.formats = looks.formats
    grid.hidden_rows, grid.hidden_columns = frozenset(looks.hidden_rows), frozenset(looks.hidden_columns)
    for number, column in looks.errors:
        row = grid.row(number)
        if column < len(row) and not isinstance(row[column], Bad):
            row[column] = Bad("error", "#ERROR")


_PROTECTED = (
    "This file is protected by a password. Remove the password in Excel (File, Info) and save it again."
)
_DAMAGED = "This workbook is damaged and cannot be opened. Open it in Excel and save it as .xlsx."


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Whatever the native reader says or does of a damaged file, as a refusal; its panics are no ordinary exceptions.

    Nothing under it touches the disk: an ``OSError`` there is the reader's word for a stream cut short.
    """
    try:
        yield
    except RefusedError:
        raise
    except (python_calamine.CalamineError, OSError, ValueError, LookupError, OverflowError) as error:
        if "password" in str(error).lower():
            raise refuse(codes.ENCRYPTED, _PROTECTED) from error
        raise refuse(codes.BROKEN, _DAMAGED) from error
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise refuse(codes.BROKEN, _DAMAGED) from None


def _fill(grid: Grid, sheet: python_calamine.CalamineSheet, limits: Limits) -> None:
    if sheet.start is None:
        return
    left = sheet.start[1]  # rows are given from the first of the sheet on, columns from the first used one
    if sheet.end is not None and sheet.end[1] - left >= limits.columns * 64:
        raise refuse(codes.TOO_LARGE, f"The sheet “{grid.name}” is more than {limits.columns} columns wide.")
    for offset, record in enumerate(sheet.iter_rows()):
        row: list[Cell] = [None] * left
        row.extend(_cell(value) for value in record)
        while row and row[-1] is None:
            row.pop()
        if not row:
            continue
        if any(isinstance(value, str) and len(value) > limits.cell_text for value in row):
            raise too_long(limits)
        if len(row) > limits.columns:
            raise refuse(
                codes.TOO_LARGE, f"The sheet “{grid.name}” is more than {limits.columns} columns wide."
            )
        grid.numbers.append(offset + 1)
        grid.rows.append(row)
        if len(grid.rows) > limits.rows:
            raise refuse(
                codes.TOO_LARGE,
                f"The sheet “{grid.name}” holds more than {limits.rows:,} rows. Split it, one month per file.",
            )
    grid.merged = tuple(
        (first_row + 1, first, last_row + 1, last)
        for (first_row, first), (last_row, last) in (sheet.merged_cell_ranges or ())
    )


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value[0] == "#" and ERRORS.fullmatch(value):
            return Bad("error", value)
        return value if value.isprintable() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is the one that differs
            return Bad("number", str(value))
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int | dt.datetime | dt.date | dt.time | dt.timedelta):
        return value
    return str(value)


def _name(text: str) -> bytes:
    """A directory name as it stands in a compound file."""
    return text.encode("utf-16-le") + b"\0\0"


def refuse_protected(path: Path, ending: str) -> None:
    """Tell a password-protected package or old workbook from a broken one, and other old Office files from workbooks.

    Raises:
        RefusedError: unless the file is an unprotected ``.xls`` workbook of that ending.
    """
    data = path.read_bytes()
    if _name("EncryptedPackage") in data:
        raise refuse(codes.ENCRYPTED, _PROTECTED)
    if not any(_name(word) in data for word in ("Workbook", "Book", "WORKBOOK", "BOOK", "workbook", "book")):
        what = "a Word document" if _name("WordDocument") in data else "not a workbook"
        raise refuse(codes.NOT_A_WORKBOOK, f"This is {what}. Upload the workbook as .xlsx or .csv.")
    try:
        with path.open("rb") as stream:
            encrypted = bool(msoffcrypto.OfficeFile(stream).is_encrypted())
    except Exception:  # noqa: BLE001 - it raises what it likes on odd files; calamine then has the word
        encrypted = False
    if encrypted:
        raise refuse(codes.ENCRYPTED, _PROTECTED)
    if ending not in (".xls", ".xlt", ""):
        raise refuse(codes.EXTENSION, f"This is an old .xls workbook named {ending}; name it .xls.")
