"""How hostile packages are put together: parts replaced, bytes patched, directories that lie."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.importers.builders import (
    CONTENT_TYPES,
    LINES,
    ROOT_RELS,
    WORKBOOK,
    WORKBOOK_RELS,
    package,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Writer = Callable[[Path], Path]


def sheet(data: str, before: str = "", after: str = "", root: str = "") -> str:
    """A worksheet part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"{root}>{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>"
    )


def row(number: int, amount: str, *, date: str = "2026-03-01", supplier: str = "Odd") -> str:
    """A line whose amount cell is the XML given."""
    return (
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{date}</t></is></c>'
        f'<c r="B{number}" t="inlineStr"><is><t>{supplier}</t></is></c>{amount}</row>'
    )


#: A good line after the odd one: it must never be lost.
AFTER = row(9, '<c r="C9"><v>7</v></c>', supplier="After")


def plain(parts: dict[str, str | bytes] | None = None, data: str = LINES, name: str = "a.xlsx") -> Writer:
    return lambda folder: package(folder / name, parts, sheet_data=data)


def later(make: Callable[[], Writer]) -> Writer:
    """A writer of a large package, whose parts are there only while it writes: every test process collects it."""

    def write(folder: Path) -> Path:
        return make()(folder)

    return write


def raw(change: Callable[[bytearray], bytes | bytearray], name: str = "a.xlsx") -> Writer:
    """A good package with its bytes changed."""

    def write(folder: Path) -> Path:
        path = package(folder / name)
        path.write_bytes(bytes(change(bytearray(path.read_bytes()))))
        return path

    return write


def zipped(build: Callable[[zipfile.ZipFile], None], name: str = "a.xlsx") -> Writer:
    """A good package with more put into it."""

    def write(folder: Path) -> Path:
        path = package(folder / name)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            build(archive)
        return path

    return write


def patch_directory(offset: int, value: bytes) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        place = data.find(b"PK\x01\x02")
        data[place + offset : place + offset + len(value)] = value
        return data

    return change


def patch_local(offset: int, value: bytes) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        data[offset : offset + len(value)] = value
        return data

    return change


def deflate_bomb(size: int) -> bytes:
    return b"\0" * size


def quoted_overlap(folder: Path) -> Path:
    """Two directory entries over one local part (the overlapping-files bomb in small)."""
    path = package(folder / "a.xlsx", {"xl/media/a.bin": b"\0" * 50_000})
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    last = data.rfind(b"PK\x01\x02")
    entry = bytes(data[last:end]).replace(b"xl/media/a.bin", b"xl/media/b.bin")
    data[end:end] = entry
    end += len(entry)
    count = struct.unpack_from("<H", data, end + 10)[0] + 1
    struct.pack_into("<HH", data, end + 8, count, count)
    struct.pack_into("<L", data, end + 12, end - start)
    path.write_bytes(bytes(data))
    return path


def with_descriptors(folder: Path) -> Path:
    """Members written as a stream, their sizes only after them: allowed, and read right."""

    class Stream:
        def __init__(self, path: Path) -> None:
            self.file = path.open("wb")

        def write(self, data: bytes) -> int:
            return self.file.write(data)

        def flush(self) -> None:
            self.file.flush()

        def close(self) -> None:
            self.file.close()

    path = folder / "a.xlsx"
    stream = Stream(path)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", ROOT_RELS),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS),
            ("xl/worksheets/sheet1.xml", sheet(LINES)),
        ):
            archive.writestr(name, content)
    stream.close()
    return path


def prefixed(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(b"#!/bin/sh\nexit 0\n" + path.read_bytes())
    return path


def polyglot_pdf(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(b"%PDF-1.7\n" + path.read_bytes())
    return path


def appended(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(path.read_bytes() + b"\0" * 70_000)
    return path


def two_packages(folder: Path) -> Path:
    """Two packages one after the other: the last directory counts, the first bytes are another's."""
    one = package(folder / "one.xlsx", sheet_data=LINES.replace("100.5", "999"))
    two = package(folder / "two.xlsx")
    path = folder / "a.xlsx"
    path.write_bytes(one.read_bytes() + two.read_bytes())
    return path


def long_comment(data: bytearray) -> bytearray:
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<H", data, end + 20, 65_535)
    return data + b"x" * 65_535


def zip64(data: bytearray) -> bytearray:
    """Sizes that point to a field that is not there."""
    place = data.find(b"PK\x01\x02")
    struct.pack_into("<LL", data, place + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    return data


def bad_crc(data: bytearray) -> bytearray:
    place = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 16, 0x12345678)
    return data


def truncated_stream(data: bytearray) -> bytearray:
    place = data.find(b"xl/worksheets/sheet1.xml")
    for offset in range(place + 60, place + 90):
        data[offset] ^= 0xFF
    return data


def shared_strings(text: str, count: int = 1) -> dict[str, str | bytes]:
    body = f"<si><t>{text}</t></si>" * count
    types = CONTENT_TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sharedStrings+xml"/></Types>',
    )
    return {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{body}</sst>', "[Content_Types].xml": types}


def workbook_part(sheets: str, extra: str = "") -> str:
    return WORKBOOK.replace('<sheet name="Sheet1" sheetId="1" r:id="rId1"/>', sheets).replace(
        "<sheets>", f"{extra}<sheets>"
    )


def utf16_part(name: str, text: str, encoding: str) -> dict[str, str | bytes]:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff"
    return {name: mark + text.encode(encoding)}


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)
