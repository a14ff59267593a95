"""Good files worn down and dressed up: cut at many places, bits turned, odd parts beside good sheets, odd text.

Each is made from a seed, so that a failure names the file that failed.
"""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.importers.builders import LINES, package
from tests.importers.hostile.packing import AFTER, Writer, plain, row, sheet
from tests.importers.hostile.texts import GOOD, HEAD
from tests.importers.hostile.texts import READ as TEXTS

_SHEET = "xl/worksheets/sheet1.xml"
_MS = "http://schemas.openxmlformats.org/officeDocument/2006"


def _worn(good: Writer, change: Callable[[bytearray, random.Random], bytes | bytearray], seed: int) -> Writer:
    def write(folder: Path) -> Path:
        path = good(folder)
        path.write_bytes(bytes(change(bytearray(path.read_bytes()), random.Random(seed))))
        return path

    return write


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data))]


def _turned(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 1, 3, 20))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def _moved(data: bytearray, chance: random.Random) -> bytearray:
    one, two = sorted(chance.sample(range(len(data)), 2))
    return data[:one] + data[two:] + data[one:two]


def _stored(folder: Path) -> Path:
    """A package whose parts are stored, not deflated: a turned bit reaches the XML where the sum is mended too."""
    path = package(folder / "a.xlsx", sheet_data=LINES + AFTER)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def _inner(seed: int) -> Writer:
    """A package whose sheet has bits turned under sums that agree: what the reader of XML has to stand."""

    def write(folder: Path) -> Path:
        chance = random.Random(seed)
        data = _turned(bytearray(sheet(LINES + AFTER).encode()), chance)
        return package(folder / "a.xlsx", {_SHEET: bytes(data)})

    return write


def worn(count: int) -> dict[str, Writer]:
    """``count`` of each sort of damage to a workbook, an open document and a text file."""
    found: dict[str, Writer] = {}
    good = {"xlsx": _stored, "ods": TEXTS["ods"], "csv": TEXTS["utf16-le"], "zipped": plain()}
    changes = {"cut": _cut, "turned": _turned, "moved": _moved}
    for kind, writer in good.items():
        for name, change in changes.items():
            for seed in range(count):
                found[f"{kind}-{name}-{seed}"] = _worn(writer, change, seed)
    for seed in range(count * 2):
        found[f"sheet-turned-{seed}"] = _inner(seed)
    return found


def _nested(depth: int) -> bytes:
    data = b"\0" * (1 << 20)
    for _ in range(depth):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("again.zip", data)
        data = stream.getvalue()
    return data


def _csv(content: str | bytes) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / "a.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _tail(after: str) -> Writer:
    """Good lines, and after them the parts of a sheet that hold no cells."""
    return plain({_SHEET: sheet(LINES, after=after)})


_RUNS = "<r><t>A</t></r>" * 20_000

#: Read, with the good lines and nothing else: 300.5, or the 307.5 of the line behind.
READ: dict[str, Writer] = {
    "zip-in-zip": plain({"xl/media/deep.zip": _nested(12)}),
    "connection": plain(
        {"xl/connections.xml": '<connections><connection odcFile="http://127.0.0.1:9/x"/></connections>'}
    ),
    "query-table": plain(
        {"xl/queryTables/queryTable1.xml": '<queryTable connectionId="1" name="http://127.0.0.1:9"/>'}
    ),
    "custom-xml": plain({"customXml/item1.xml": "<a><b/></a>"}),
    "printer-settings": plain({"xl/printerSettings/printerSettings1.bin": b"\xff" * 4000}),
    "validations": _tail(
        '<dataValidations count="9">'
        + '<dataValidation sqref="A1:XFD1048576"/>' * 20_000
        + "</dataValidations>"
    ),
    "conditional-formats": _tail(
        '<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1"><formula>1</formula>'
        "</cfRule></conditionalFormatting>" * 5_000
    ),
    "formula-of-a-thousand-brackets": plain(
        data=LINES + row(4, f'<c r="C4"><f>{"(" * 1000}1{")" * 1000}</f><v>7</v></c>')
    ),
    "array-formula-of-everything": plain(
        data=LINES + row(4, '<c r="C4"><f t="array" ref="A1:XFD1048576">1</f><v>7</v></c>')
    ),
    "shared-formula-of-everything": plain(
        data=LINES + row(4, '<c r="C4"><f t="shared" si="0" ref="A1:XFD1048576">A1</f><v>7</v></c>')
    ),
    "webservice-formula": plain(
        data=LINES + row(4, '<c r="C4"><f>WEBSERVICE("http://127.0.0.1:9/x")</f><v>7</v></c>')
    ),
    "supplier-of-twenty-thousand-runs": plain(
        data=LINES + '<row r="4"><c r="A4" t="inlineStr"><is><t>2026-03-01</t></is></c>'
        f'<c r="B4" t="inlineStr"><is>{_RUNS}</is></c><c r="C4"><v>7</v></c></row>'
    ),
    "mark-in-the-middle": _csv(GOOD + "\ufeff2026-03-31,After,7.00\r\n"),
    "controls-in-a-name": _csv(GOOD + "2026-03-31,Af\x07ter\x1b[31m,7.00\r\n"),
    "zero-width-in-an-amount": _csv(GOOD + "2026-03-31,After,\u200b7.00\u200b\r\n"),
    "supplier-that-is-a-path": _csv(GOOD + "2026-03-31,../../etc/passwd,7.00\r\n"),
    "supplier-that-is-a-template": _csv(GOOD + "2026-03-31,{{7*7}}<script>,7.00\r\n"),
    "combining-marks": _csv(GOOD + "2026-03-31,Z" + "\u0301" * 3000 + ",7.00\r\n"),
}

#: Ends in an import, a question or a sentence, whatever it is.
EITHER: dict[str, Writer] = {
    "processing-instruction": plain(
        {_SHEET: sheet(LINES).replace("?><work", '?><?xml-stylesheet href="http://127.0.0.1:9/x"?><work', 1)}
    ),
    "include": plain(
        {_SHEET: sheet(LINES + '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')}
    ),
    "namespaces-by-the-thousand": plain(
        {_SHEET: sheet(LINES, root="".join(f' xmlns:n{n}="urn:{n}"' for n in range(5000)))}
    ),
    "active-x": plain({"xl/activeX/activeX1.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 2000}),
    "embedded-object": plain(
        {"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000}
    ),
    "ribbon-callbacks": plain({"customUI/customUI.xml": '<customUI onLoad="Evil"/>'}),
    "pivot-cache-of-a-mebibyte": plain(
        {
            "xl/pivotCache/pivotCacheRecords1.xml": "<pivotCacheRecords>"
            + '<r><n v="1"/></r>' * 60_000
            + "</pivotCacheRecords>"
        }
    ),
    "rels-by-the-thousand": plain(
        {
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            'relationships">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{_MS}/relationships/hyperlink" Target="http://127.0.0.1:9/{n}" '
                'TargetMode="External"/>'
                for n in range(20_000)
            )
            + "</Relationships>"
        }
    ),
    "rows-of-nothing": plain(data=LINES + "".join(f'<row r="{n}"/>' for n in range(10, 150_010))),
    "rows-of-formatted-cells": plain(
        data=LINES + "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(10, 100_010))
    ),
    "ebcdic": _csv(GOOD.encode("cp037")),
    "utf-7": _csv(GOOD.encode("utf-7")),
    "utf-16-odd": _csv(GOOD.encode("utf-16-le") + b"x"),
    "cesu": _csv(GOOD.encode() + b"2026-03-31,\xed\xa0\xbd\xed\xb8\x80 After,7.00\r\n"),
    "quotes-by-the-hundred-thousand": _csv(GOOD + '"' * 100_001 + "\r\n2026-03-31,After,7.00\r\n"),
    "quoted-everything": _csv('"' + GOOD.replace("\r\n", '"\r\n"')),
    "headings-of-255": _csv(HEAD.replace("Supplier", "Supplier " * 28) + GOOD.split("\r\n", 1)[1]),
    "every-delimiter": _csv("Date,Supplier;Amount|x\ty\r\n" * 50),
    "separator-line-of-nul": _csv("sep=\0\r\n" + GOOD),
    "lines-200001": _csv(HEAD + "2026-01-31,ACME Ltd,1.00\r\n" * 200_001),
    "dates-only": _csv("2026-01-31,2026-01-31,2026-01-31\r\n" * 40),
    "amounts-only": _csv("1.00,2.00,3.00\r\n" * 40),
    "headings-only-twice": _csv(HEAD * 40),
    "nothing-but-quotes": _csv('""\r\n' * 40),
    "amount-of-a-hundred-thousand-digits": _csv(GOOD + f"2026-03-31,After,{'9' * 30_000}\r\n"),
    "regular-expression-trap": _csv(GOOD + f"2026-03-31,{'total ' * 5000}!,7.00\r\n"),
    "amount-of-signs": _csv(GOOD + f"2026-03-31,After,{'(' * 3000}1{')' * 3000}\r\n"),
    "date-of-signs": _csv(GOOD + f"{'1/' * 3000},After,7.00\r\n"),
    **worn(6),
}
