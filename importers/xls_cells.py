"""Cells of the sheets of an ``.xls``: its reader keeps the last of two of one place, and makes room for all between.

A lone cell at the end of a sheet would cost the memory of the whole sheet; it is refused before, with its place.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import msoffcrypto

from importers import codes
from importers.grid import address
from importers.refusals import refuse
from mopsaudit.problems import RefusedError

_BOF, _EOF = 0x0809, 0x000A
_WORKSHEET = 0x0010
#: Records of one cell with a value: its row, its column, its style, its value.
_CELLS = frozenset((0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x0406, 0x0206))
_NUMBERS = 0x00BD
_WIDTH = 256
#: More room than this for cells one in so many of which is filled is a stray's doing.
_ROOM, _FILLED = 2_000_000, 20


def refuse_lost_cells(path: Path) -> None:
    """Look at every cell of an ``.xls``; a file that is damaged passes, for the reader has the word on it.

    Raises:
        RefusedError: where a cell would be lost unsaid, or one stands far outside of its table.
    """
    try:
        with path.open("rb") as stream:
            data = msoffcrypto.OfficeFile(stream).ole.openstream("Workbook").read()
    except Exception:  # noqa: BLE001 - it raises what it likes on odd files; the reader then says what is wrong
        return
    taken, last, count = bytearray(), (0, 0), 0
    for place in _places(data):
        if place is None:
            refuse_far(*last, count)
            taken, last, count = bytearray(65_536 * _WIDTH // 8), (0, 0), 0
            continue
        row, column = place
        if column >= _WIDTH:
            continue
        at, bit = divmod(row * _WIDTH + column, 8)
        if taken[at] >> bit & 1:
            raise refuse(
                codes.BROKEN,
                f"This workbook is damaged: it holds the cell {address(row + 1, column)} of a sheet twice, so one of "
                "them would be lost. Open it in Excel and save it as .xlsx.",
            )
        taken[at] |= 1 << bit
        last = max(last[0], row), max(last[1], column)
        count += 1
    refuse_far(*last, count)


def refuse_far(row: int, column: int, count: int) -> None:
    """Refuse a sheet whose last row and column (0-based) make room for far more cells than the ``count`` it holds.

    Raises:
        RefusedError: in that case.
    """
    room = (row + 1) * (column + 1)
    if room > _ROOM and count * _FILLED < room:
        raise too_far(row, column)


def too_far(row: int, column: int) -> RefusedError:
    """The refusal of a sheet that reaches to a far row and column (0-based) for a few cells."""
    return refuse(
        codes.TOO_LARGE,
        f"A sheet of this file reaches to {address(row + 1, column)} for a few cells far outside of its table. "
        "Delete the rows and columns behind the table, or save the file as .xlsx.",
    )


def _places(data: bytes) -> Iterator[tuple[int, int] | None]:
    """Row and column (0-based) of every cell with a value; None where a worksheet begins."""
    at, size = 0, len(data)
    within: list[bool] = []
    while at + 4 <= size:
        kind, length = struct.unpack_from("<HH", data, at)
        at += 4
        if at + length > size:
            return
        if kind == _BOF and length >= 4:
            within.append(struct.unpack_from("<H", data, at + 2)[0] == _WORKSHEET)
            if within[-1]:
                yield None
        elif kind == _EOF:
            if within:
                within.pop()
        elif within and within[-1]:
            if kind in _CELLS and length >= 6:
                yield struct.unpack_from("<HH", data, at)
            elif kind == _NUMBERS and length >= 6:
                row, first = struct.unpack_from("<HH", data, at)
                for column in range(first, first + (length - 6) // 6):
                    yield row, column
        at += length
