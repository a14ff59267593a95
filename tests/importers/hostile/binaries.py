"""Workbooks of binary parts (.xlsb), record by record, whole and damaged as writers and attackers leave them."""

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.importers.builders import ROOT_RELS, WORKBOOK_RELS

Writer = Callable[[Path], Path]

_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def record(kind: int, data: bytes = b"") -> bytes:
    """One record: its kind and size in bytes of seven bits, then its data."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    length = b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + data


def _string(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def row(number: int) -> bytes:
    """The start of a row, counted from nought."""
    return record(0, struct.pack("<L", number) + bytes(13))


def text(column: int, value: str) -> bytes:
    """A cell of text."""
    return record(6, struct.pack("<LL", column, 0) + _string(value))


def number(column: int, value: float) -> bytes:
    """A cell with a number."""
    return record(5, struct.pack("<LLd", column, 0, value))


def line(place: int, day: str, supplier: str, amount: float) -> bytes:
    """One line of spend."""
    return row(place) + text(0, day) + text(1, supplier) + number(2, amount)


LINES: Final = (
    row(0)
    + text(0, "Invoice date")
    + text(1, "Supplier")
    + text(2, "Amount")
    + line(1, "2026-01-31", "ACME Ltd", 100.5)
    + line(2, "2026-02-28", "Beta Ltd", 200)
)
BOOK: Final = b"".join(
    (
        *(
            record(131),
            record(143),
            record(156, struct.pack("<LL", 0, 1) + _string("rId1") + _string("Sheet1")),
        ),
        *(record(144), record(132)),
    )
)


def sheet(cells: bytes, dimension: tuple[int, int, int, int] = (0, 9, 0, 2)) -> bytes:
    """A sheet part around the records of its cells; ``dimension`` as the part claims it."""
    return b"".join(
        (
            record(129),
            record(148, struct.pack("<LLLL", *dimension)),
            record(145),
            cells,
            record(146),
            record(130),
        )
    )


def book(part: bytes, *, workbook: bytes = BOOK, relations: bool = True) -> Writer:
    """A writer of a package of binary parts."""

    def write(folder: Path) -> Path:
        path = folder / "a.xlsb"
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": ROOT_RELS.replace("workbook.xml", "workbook.bin"),
            "xl/workbook.bin": workbook,
            "xl/worksheets/sheet1.bin": part,
        }
        if relations:
            parts["xl/_rels/workbook.bin.rels"] = WORKBOOK_RELS.replace("sheet1.xml", "sheet1.bin")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return write


def _mutated(seed: int) -> Writer:
    chance = random.Random(seed)
    part = bytearray(sheet(LINES))
    for _ in range(1 + seed % 4):
        part[chance.randrange(len(part))] = chance.randrange(256)
    return book(bytes(part))


_ANY: Final = (0, 0xFFFFFFFF, 0, 0xFFFFFFFF)
REFUSED: dict[str, Writer] = {
    "xlsb-cut": book(sheet(LINES)[:-30]),
    "xlsb-random": book(random.Random(1).randbytes(4000)),
    "xlsb-empty-parts": book(b"", workbook=b""),
    "xlsb-record-of-256-mebibytes": book(record(129) + b"\x91\x01\xff\xff\xff\x7f"),
    "xlsb-string-past-its-record": book(
        sheet(LINES + row(3) + record(6, struct.pack("<LLL", 0, 0, 0xFFFFFFF) + b"ab"))
    ),
    "xlsb-string-index-out": book(sheet(LINES + row(3) + record(7, struct.pack("<LLL", 2, 0, 99_999)))),
    "xlsb-one-row-number-again": book(
        sheet(LINES + b"".join(line(3, "2026-03-01", f"Shop {each}", each) for each in range(1, 9)))
    ),
    "xlsb-rows-backwards": book(
        sheet(LINES + line(9, "2026-03-01", "Shop", 1) + line(4, "2026-03-02", "Inn", 2))
    ),
    "xlsb-one-cell-twice": book(sheet(LINES + line(3, "2026-03-01", "Shop", 1) + number(2, 9))),
    "xlsb-no-relations": book(sheet(LINES), relations=False),
}
READ: dict[str, Writer] = {
    "xlsb": book(sheet(LINES)),
    "xlsb-nan": book(sheet(LINES + line(3, "2026-03-01", "Gamma", float("nan")))),
    "xlsb-dimension-of-everything": book(sheet(LINES, _ANY)),
    "xlsb-dimension-backwards": book(sheet(LINES, (9, 0, 5, 0))),
}
EITHER: dict[str, Writer] = {
    "xlsb-lone-far-cell": book(sheet(LINES + row(1_048_575) + number(16_383, 5), (0, 1_048_575, 0, 16_383))),
    "xlsb-row-past-the-end": book(sheet(LINES + row(0xFFFFFFF0) + number(0xFFFF, 5), _ANY)),
    **{f"xlsb-mutated-{seed}": _mutated(seed) for seed in range(20)},
}
