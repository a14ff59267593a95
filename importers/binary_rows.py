"""Row numbers of the sheets of an ``.xlsb``: its reader keeps the last of two rows of one number and says nothing."""

import struct
import zipfile
from pathlib import Path

from importers import codes
from importers.package import unpacking
from importers.refusals import refuse
from importers.xls_cells import refuse_far
from mopsaudit.problems import RefusedError

_ROW, _BLANK = 0, 1
_BEGIN_SHEET = 129
#: Records of one cell: a row's cells stand in the order of their columns.
_LAST_CELL = 11


def refuse_repeated_rows(path: Path) -> None:
    """Look at every sheet part of an ``.xlsb`` that its pre-scan has let pass.

    Raises:
        RefusedError: where a row or a cell would be lost unsaid.
    """
    with unpacking(), zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = info.filename.lower().replace("\\", "/")
            if "worksheets/" in name and name.endswith(".bin"):
                refuse_repeated(archive.read(info), info.filename)


def refuse_repeated(part: bytes, name: str) -> None:
    """Refuse a sheet part whose rows, or the cells of a row, do not come one after the other.

    A part that is no sheet, or damaged, passes: the reader has the word on it.

    Raises:
        RefusedError: where a row or a cell would be lost unsaid, or a cell stands far outside of its table.
    """
    at, size, row, column = 0, len(part), -1, -1
    widest = count = lowest = 0
    first = True
    while at < size:
        kind = part[at]
        at += 1
        if kind & 0x80 and at < size:
            kind = kind & 0x7F | part[at] << 7
            at += 1
        if first and kind != _BEGIN_SHEET:
            return
        first = False
        length = shift = 0
        while at < size:
            low = part[at]
            at += 1
            length |= (low & 0x7F) << shift
            shift += 7
            if low < 0x80 or shift > 21:
                break
        if at + length > size:
            return
        if kind <= _LAST_CELL and length >= 4:
            (place,) = struct.unpack_from("<L", part, at)
            if kind == _ROW:
                if place <= row:
                    raise _repeated(name, f"row {place + 1:,}")
                row, column = place, -1
            elif place <= column:
                raise _repeated(name, f"a cell of row {row + 1:,}")
            else:
                column = place
                if kind > _BLANK:
                    widest, lowest, count = max(widest, place), row, count + 1
        at += length
    refuse_far(max(lowest, 0), widest, count)


def _repeated(name: str, what: str) -> RefusedError:
    return refuse(
        codes.BROKEN,
        f"This workbook is damaged: its part {name} holds {what} twice or out of order, so some of its lines would "
        "be lost. Open it in Excel and save it as .xlsx.",
    )
