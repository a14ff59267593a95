"""Workbook packages no spreadsheet program writes: zip tricks, declarations, numbers and places no sheet has."""

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


def _plain(parts: dict[str, str | bytes] | None = None, data: str = LINES, name: str = "a.xlsx") -> Writer:
    return lambda folder: package(folder / name, parts, sheet_data=data)


def _raw(change: Callable[[bytearray], bytes | bytearray], name: str = "a.xlsx") -> Writer:
    """A good package with its bytes changed."""

    def write(folder: Path) -> Path:
        path = package(folder / name)
        path.write_bytes(bytes(change(bytearray(path.read_bytes()))))
        return path

    return write


def _zip(build: Callable[[zipfile.ZipFile], None], name: str = "a.xlsx") -> Writer:
    """A good package with more put into it."""

    def write(folder: Path) -> Path:
        path = package(folder / name)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            build(archive)
        return path

    return write


def _patch_directory(offset: int, value: bytes) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        place = data.find(b"PK\x01\x02")
        data[place + offset : place + offset + len(value)] = value
        return data

    return change


def _patch_local(offset: int, value: bytes) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        data[offset : offset + len(value)] = value
        return data

    return change


def _deflate_bomb(size: int) -> bytes:
    return b"\0" * size


def _quoted_overlap(folder: Path) -> Path:
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


def _descriptor(folder: Path) -> Path:
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


def _prefixed(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(b"#!/bin/sh\nexit 0\n" + path.read_bytes())
    return path


def _polyglot_pdf(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(b"%PDF-1.7\n" + path.read_bytes())
    return path


def _appended(folder: Path) -> Path:
    path = package(folder / "a.xlsx")
    path.write_bytes(path.read_bytes() + b"\0" * 70_000)
    return path


def _twice(folder: Path) -> Path:
    """Two packages one after the other: the last directory counts, the first bytes are another's."""
    one = package(folder / "one.xlsx", sheet_data=LINES.replace("100.5", "999"))
    two = package(folder / "two.xlsx")
    path = folder / "a.xlsx"
    path.write_bytes(one.read_bytes() + two.read_bytes())
    return path


def _long_comment(data: bytearray) -> bytearray:
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<H", data, end + 20, 65_535)
    return data + b"x" * 65_535


def _zip64(data: bytearray) -> bytearray:
    """Sizes that point to a field that is not there."""
    place = data.find(b"PK\x01\x02")
    struct.pack_into("<LL", data, place + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    return data


def _bad_crc(data: bytearray) -> bytearray:
    place = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 16, 0x12345678)
    return data


def _truncated_stream(data: bytearray) -> bytearray:
    place = data.find(b"xl/worksheets/sheet1.xml")
    for offset in range(place + 60, place + 90):
        data[offset] ^= 0xFF
    return data


def _shared(text: str, count: int = 1) -> dict[str, str | bytes]:
    body = f"<si><t>{text}</t></si>" * count
    types = CONTENT_TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sharedStrings+xml"/></Types>',
    )
    return {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{body}</sst>', "[Content_Types].xml": types}


def _workbook(sheets: str, extra: str = "") -> str:
    return WORKBOOK.replace('<sheet name="Sheet1" sheetId="1" r:id="rId1"/>', sheets).replace(
        "<sheets>", f"{extra}<sheets>"
    )


def _utf16_part(name: str, text: str, encoding: str) -> dict[str, str | bytes]:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff"
    return {name: mark + text.encode(encoding)}


_DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
_LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)

#: Refused before any parser runs.
REFUSED: dict[str, Writer] = {
    "laughs-in-sheet": _plain({"xl/worksheets/sheet1.xml": _LAUGHS}),
    "laughs-in-props": _plain({"docProps/core.xml": _LAUGHS}),
    "laughs-in-theme": _plain({"xl/theme/theme1.xml": _LAUGHS}),
    "doctype-content-types": _plain({"[Content_Types].xml": _DOCTYPE + CONTENT_TYPES.split("?>")[1]}),
    "doctype-rels": _plain({"_rels/.rels": _DOCTYPE + ROOT_RELS.split("?>")[1]}),
    "doctype-workbook-utf16": _plain(
        _utf16_part("xl/workbook.xml", _DOCTYPE + WORKBOOK.split("?>")[1], "utf-16-le")
    ),
    "doctype-strings-utf16be": _plain(
        _utf16_part("xl/sharedStrings.xml", _DOCTYPE + f'<sst xmlns="{MAIN}"/>', "utf-16-be")
    ),
    "doctype-external": _plain(
        {"docProps/app.xml": '<!DOCTYPE a SYSTEM "http://169.254.169.254/latest/meta-data"><a/>'}
    ),
    "doctype-parameter": _plain(
        {"docProps/app.xml": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>'}
    ),
    "doctype-no-ending": _plain({"xl/drawing": "<?xml version='1.0'?>" + _DOCTYPE + "<a/>"}),
    "doctype-vml": _plain({"xl/drawings/vmlDrawing1.vml": _DOCTYPE + "<a/>"}),
    "doctype-after-space": _plain({"docProps/app.xml": " " * 70_000 + _DOCTYPE + "<a/>"}),
    "doctype-across-chunks": _plain({"xl/x.dat": "y" * (65_536 - 4) + "<!DOCTYPE a><a/>"}),
    "member-absolute": _plain({"/etc/cron.d/x": "x"}),
    "member-climbing": _plain({"xl/../../x": "x"}),
    "member-backslash": _plain({"..\\..\\x": "x"}),
    "member-drive": _plain({"C:\\x": "x"}),
    "member-unc": _plain({"\\\\host\\share\\x": "x"}),
    "member-twice-by-case": _zip(lambda archive: archive.writestr("XL/WORKBOOK.XML", WORKBOOK)),
    "member-twice-by-slash": _zip(lambda archive: archive.writestr("xl\\workbook.xml", WORKBOOK)),
    "member-lzma": _zip(lambda a: a.writestr("x.xml", "<a/>", compress_type=zipfile.ZIP_LZMA)),
    "member-bzip2": _zip(lambda a: a.writestr("x.xml", "<a/>", compress_type=zipfile.ZIP_BZIP2)),
    "member-encrypted": _raw(_patch_directory(8, b"\x01\x00")),
    "member-encrypted-locally": _raw(_patch_local(6, b"\x01\x00")),
    "member-strong-encryption": _raw(_patch_directory(8, b"\x41\x00")),
    "member-method-99": _raw(_patch_directory(10, b"\x63\x00")),
    "member-name-differs": _raw(_patch_local(30, b"[Content_Types].xmk")),
    "overlapping": _quoted_overlap,
    "bad-crc": _raw(_bad_crc),
    "zip64-without-field": _raw(_zip64),
    "truncated-stream": _raw(_truncated_stream),
    "cut-directory": _raw(lambda data: data[:-30]),
    "cut-half": _raw(lambda data: data[: len(data) // 2]),
    "not-at-zero": _prefixed,
    "polyglot-pdf": _polyglot_pdf,
    "trailing-70000": _appended,
    "laughs-in-a-picture": _plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("sheet1.xml", "sheet1.png"),
            "xl/worksheets/sheet1.png": _LAUGHS,
        }
    ),
    "rows-past-the-end-elsewhere": _plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "media/odd.xml"),
            "xl/media/odd.xml": sheet(LINES + '<row r="99999999"><c><v>1</v></c></row>'),
        }
    ),
    "two-packages": _twice,
    "bomb-one-member": _plain({"xl/media/z.bin": _deflate_bomb(101 * 1024 * 1024)}),
    "bomb-many-members": _plain({f"xl/media/{n}.bin": _deflate_bomb(60 * 1024 * 1024) for n in range(4)}),
    "bomb-sheet": _plain({"xl/worksheets/sheet1.xml": sheet(" " * (101 * 1024 * 1024))}),
    "members-2001": _plain({f"x/{n}.bin": b"" for n in range(1996)}),
    "macro-in-xlsx": _plain({"xl/vbaProject.bin": b"x"}),
    "macro-type-in-xlsx": _plain(
        {
            "[Content_Types].xml": CONTENT_TYPES.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
        }
    ),
    "macro-renamed-part": _plain({"xl/VBAPROJECT.BIN": b"x"}),
    "macro-by-relation": _plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace(
                "</Relationships>",
                '<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                'Target="code.bin"/></Relationships>',
            ),
            "xl/code.bin": b"\xd0\xcf\x11\xe0",
        }
    ),
    "macro-sheet": _plain({"xl/macrosheets/sheet1.xml": sheet("")}),
    "nested-65": _plain({"docProps/app.xml": "<a>" * 65 + "</a>" * 65}),
    "nested-65-in-sheet": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after="<extLst>" + "<a>" * 64 + "</a>" * 64 + "</extLst>")}
    ),
    "attributes-65": _plain({"docProps/app.xml": "<a " + " ".join(f'a{n}=""' for n in range(65)) + "/>"}),
    "attributes-65-in-cell": _plain(
        data=LINES + '<row r="9"><c r="A9" ' + " ".join(f'a{n}=""' for n in range(65)) + "><v>1</v></c></row>"
    ),
    "styles-65491": _plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_491}</cellXfs></styleSheet>'}
    ),
    "strings-500001": _plain(_shared("x", 500_001)),
    "sheets-101": _plain(
        {"xl/workbook.xml": _workbook("".join(f'<sheet name="s{n}" sheetId="{n + 1}"/>' for n in range(101)))}
    ),
    "row-0": _plain(data=LINES + '<row r="0"><c r="C0"><v>1</v></c></row>'),
    "row-negative": _plain(data=LINES + '<row r="-1"><c r="C1"><v>1</v></c></row>'),
    "row-99999999": _plain(data=LINES + '<row r="99999999"><c r="C99999999"><v>1</v></c></row>'),
    "row-1048577": _plain(data=LINES + '<row r="1048577"><c><v>1</v></c></row>'),
    "row-of-digits": _plain(data=LINES + f'<row r="{"9" * 4000}"><c><v>1</v></c></row>'),
    "column-xfe": _plain(data=LINES + '<row r="9"><c r="XFE9"><v>1</v></c></row>'),
    "column-zzzzzz": _plain(data=LINES + '<row r="9"><c r="ZZZZZZ9"><v>1</v></c></row>'),
    "text-32768": _plain(data=LINES.replace("ACME Ltd", "x" * 32_768)),
    "text-of-a-mebibyte": _plain(data=LINES.replace("ACME Ltd", "x" * (1 << 20))),
    "string-of-a-mebibyte": _plain(
        _shared("x" * (1 << 20)), data=LINES + row(9, '<c r="C9" t="s"><v>0</v></c>')
    ),
    "target-outside": _plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "../../../etc/passwd")}
    ),
    "target-url": _plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "http://127.0.0.1/x")}
    ),
    "target-file-url": _plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "file:///etc/hosts")}
    ),
    "target-encoded-climb": _plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/", "%2e%2e/%2e%2e/")}
    ),
    "sheet-unclosed": _plain({"xl/worksheets/sheet1.xml": sheet(LINES)[:-12]}),
    "sheet-of-bytes": _plain({"xl/worksheets/sheet1.xml": bytes(range(256)) * 40}),
    "sheet-nul-in-xml": _plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "A\0ME"))}),
    "sheet-charref-nul": _plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "A&#0;ME"))}),
    "sheet-charref-surrogate": _plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "&#xD800;"))}),
    "no-sheets": _plain({"xl/workbook.xml": _workbook("")}),
    "sheet-part-missing": _plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("sheet1.xml", "sheet9.xml")}
    ),
    "workbook-empty-part": _plain({"xl/workbook.xml": b""}),
    "lying-size": _raw(_patch_directory(24, struct.pack("<L", 3))),
}


#: Read, whatever is odd in them: name → (writer, what the two good lines and the one after must come to).
READ: dict[str, Writer] = {
    "data-descriptors": _descriptor,
    "long-comment": _raw(_long_comment),
    "xlsm-macro": _plain(
        {
            "xl/vbaProject.bin": b"x",
            "[Content_Types].xml": CONTENT_TYPES.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
        },
        name="a.xlsm",
    ),
    "external-link": _plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace(
                "</Relationships>",
                '<Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
            ),
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" '
            'ddeTopic="/c calc"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": ROOT_RELS.replace(
                'Target="xl/workbook.xml"', 'Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"'
            ),
        }
    ),
    "dde-formula": _plain(
        data=LINES + row(8, '<c r="C8"><f>cmd|\'/c calc\'!A0</f><v>5</v></c>') + AFTER
    ),
    "hyperlinks": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after='<hyperlinks><hyperlink ref="A1" location="x"/></hyperlinks>')}
    ),
    "nan": _plain(data=LINES + row(8, '<c r="C8"><v>NaN</v></c>') + AFTER),
    "infinity": _plain(data=LINES + row(8, '<c r="C8"><v>Infinity</v></c>') + AFTER),
    "minus-inf": _plain(data=LINES + row(8, '<c r="C8"><v>-inf</v></c>') + AFTER),
    "exponent-999999": _plain(data=LINES + row(8, '<c r="C8"><v>1e999999</v></c>') + AFTER),
    "ten-thousand-digits": _plain(data=LINES + row(8, f'<c r="C8"><v>{"9" * 10_000}</v></c>') + AFTER),
    "ten-thousand-decimals": _plain(data=LINES + row(8, f'<c r="C8"><v>0.{"3" * 10_000}</v></c>') + AFTER),
    "digits-as-text": _plain(
        data=LINES + row(8, f'<c r="C8" t="inlineStr"><is><t>{"9" * 10_000}</t></is></c>') + AFTER
    ),
    "underscored-number": _plain(data=LINES + row(8, '<c r="C8"><v>1_000</v></c>') + AFTER),
    "hex-number": _plain(data=LINES + row(8, '<c r="C8"><v>0x1F</v></c>') + AFTER),
    "arabic-digits": _plain(data=LINES + row(8, '<c r="C8"><v>١٢٣</v></c>') + AFTER),
    "boolean-amount": _plain(data=LINES + row(8, '<c r="C8" t="b"><v>1</v></c>') + AFTER),
    "boolean-7": _plain(data=LINES + row(8, '<c r="C8" t="b"><v>7</v></c>') + AFTER),
    "error-amount": _plain(data=LINES + row(8, '<c r="C8" t="e"><v>#REF!</v></c>') + AFTER),
    "no-saved-value": _plain(data=LINES + row(8, '<c r="C8"><f>A1+B1</f></c>') + AFTER),
    "string-index-out": _plain(data=LINES + row(8, '<c r="C8" t="s"><v>99</v></c>') + AFTER),
    "string-index-negative": _plain(data=LINES + row(8, '<c r="C8" t="s"><v>-1</v></c>') + AFTER),
    "style-out-of-range": _plain(data=LINES + row(8, '<c r="C8" s="99999"><v>5</v></c>') + AFTER),
    "style-not-a-number": _plain(data=LINES + row(8, '<c r="C8" s="x"><v>5</v></c>') + AFTER),
    "unknown-type": _plain(data=LINES + row(8, '<c r="C8" t="zzz"><v>5</v></c>') + AFTER),
    "iso-date-bad": _plain(data=LINES + row(8, '<c r="C8" t="d"><v>2026-13-45</v></c>') + AFTER),
    "month-13": _plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="2026-13-01") + AFTER),
    "day-0": _plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="00/00/0000") + AFTER),
    "year-9999": _plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="9999-12-31") + AFTER),
    "repeated-cell": _plain(data=LINES + row(8, '<c r="C8"><v>5</v></c><c r="C8"><v>6</v></c>') + AFTER),
    "repeated-row": _plain(
        data=LINES + row(8, '<c r="C8"><v>5</v></c>') + row(8, '<c r="D8"><v>6</v></c>') + AFTER
    ),
    "rows-out-of-order": _plain(data=AFTER + row(8, '<c r="C8"><v>5</v></c>') + LINES),
    "cells-out-of-order": _plain(
        data=LINES
        + '<row r="8"><c r="C8"><v>5</v></c><c r="B8" t="inlineStr"><is><t>Odd</t></is></c></row>'
        + AFTER
    ),
    "no-references": _plain(data=LINES.replace(' r="A2"', "").replace(' r="B2"', "").replace(' r="C2"', "")),
    "cell-of-another-row": _plain(data=LINES + row(8, '<c r="C7"><v>5</v></c>') + AFTER),
    "wrong-dimension": _plain({"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="A1:A1"/>')}),
    "dimension-of-everything": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="A1:XFD1048576"/>')}
    ),
    "lone-far-cell": _plain(
        data=LINES + '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    ),
    "merged-everything": _plain(
        {
            "xl/worksheets/sheet1.xml": sheet(
                LINES, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            )
        }
    ),
    "merged-many": _plain(
        {
            "xl/worksheets/sheet1.xml": sheet(
                LINES,
                after="<mergeCells>"
                + "".join(f'<mergeCell ref="E{n}:F{n}"/>' for n in range(1, 60_000))
                + "</mergeCells>",
            )
        }
    ),
    "merged-nonsense": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after='<mergeCells><mergeCell ref="C9:A1"/></mergeCells>')}
    ),
    "hidden-columns-all": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<cols><col min="1" max="16384" hidden="1"/></cols>')}
    ),
    "hidden-columns-2e9": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<cols><col min="1" max="2147483647" hidden="1"/></cols>')}
    ),
    "blank-rows": _plain(data=LINES + "".join(f'<row r="{n}"><c r="C{n}" s="0"/></row>' for n in range(4, 50_000))),
    "surrogate-escape": _plain(data=LINES.replace("ACME Ltd", "A_xD800_ME_x0000_")),
    "right-to-left": _plain(data=LINES.replace("ACME Ltd", "A\u202eCME\u200f Ltd\u2066")),
    "homoglyphs": _plain(data=LINES.replace("Amount", "Amоunt").replace("ACME", "АСМЕ")),
    "emoji": _plain(data=LINES.replace("ACME Ltd", "🧾👩‍💻 Ltd")),
    "formula-text": _plain(data=LINES.replace("ACME Ltd", "=HYPERLINK(&quot;http://x&quot;)")),
    "markup-text": _plain(data=LINES.replace("ACME Ltd", "&lt;script&gt;alert(1)&lt;/script&gt;")),
    "nested-64": _plain({"docProps/app.xml": "<a>" * 64 + "</a>" * 64}),
    "attributes-64": _plain({"docProps/app.xml": "<a " + " ".join(f'a{n}=""' for n in range(64)) + "/>"}),
    "members-2000": _plain({f"x/{n}.bin": b"" for n in range(1995)}),
    "text-32767": _plain(data=LINES.replace("ACME Ltd", "x" * 32_767)),
    "styles-65490": _plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_490}</cellXfs></styleSheet>'}
    ),
    "strings-500000": _plain(_shared("x", 500_000)),
    "broken-styles": _plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="x"/></numFmts></styleSheet>'}
    ),
    "number-format-of-a-mebibyte": _plain(
        {
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="200" formatCode="'
            + "[$€-407]#" * 100_000
            + '"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>'
        },
        data=LINES + row(8, '<c r="C8" s="1"><v>5</v></c>') + AFTER,
    ),
    "sheet-name-of-tricks": _plain(
        {"xl/workbook.xml": _workbook('<sheet name="..\\..\\&lt;b&gt;=1+1" sheetId="1" r:id="rId1"/>')}
    ),
    "defined-names": _plain(
        {"xl/workbook.xml": WORKBOOK.replace("</sheets>", '</sheets><definedNames><definedName name="x">'
         "cmd|'/c calc'!A0</definedName></definedNames>")}
    ),
    "utf16-sheet": _plain(
        {"xl/worksheets/sheet1.xml": b"\xff\xfe" + sheet(LINES).replace("UTF-8", "UTF-16").encode("utf-16-le")}
    ),
    "prefixed-namespace": _plain(
        {
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
            + LINES.replace("</", "</x:").replace("<row", "<x:row").replace("<c ", "<x:c ").replace("<is>", "<x:is>")
            .replace("<t>", "<x:t>").replace("<v>", "<x:v>")
            + "</x:sheetData></x:worksheet>"
        }
    ),
}  # fmt: skip

#: Read or refused with a sentence.
EITHER: dict[str, Writer] = {
    "dimension-nonsense": _plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="ZZZZ:-5"/>')}
    ),
}
