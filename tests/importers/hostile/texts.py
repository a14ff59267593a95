"""Text files and old or open formats that are broken, bombs, or not what their names say."""

import random
import zipfile
from pathlib import Path

from tests.importers.hostile.packing import Writer, later
from tests.shared_data import SHARED

HEAD = "Date,Supplier,Amount\r\n"
GOOD = HEAD + "2026-01-31,ACME Ltd,100.50\r\n2026-02-28,Beta Ltd,200.00\r\n"
AFTER = "2026-03-31,After,7.00\r\n"


def _bytes(content: bytes, name: str = "a.csv") -> Writer:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _csv(text: str, encoding: str = "utf-8", name: str = "a.csv") -> Writer:
    return _bytes(text.encode(encoding), name)


def _line_of(size: int) -> Writer:
    """One line without an end, written without holding it in memory."""

    def write(folder: Path) -> Path:
        path = folder / "a.csv"
        with path.open("wb") as stream:
            stream.write(HEAD.encode())
            stream.seek(size)
            stream.write(b"x")
        return path

    return write


#: Refused with a sentence.
REFUSED: dict[str, Writer] = {
    "gibibyte-line": _line_of(1 << 30),
    "body-of-21-mebibytes": later(lambda: _csv(GOOD + "x" * (21 << 20))),
    "line-of-19-mebibytes": later(lambda: _csv(GOOD + "x" * (19 << 20))),
    "cell-of-32768": _csv(GOOD.replace("ACME Ltd", "x" * 32_768)),
    "quote-never-closed": _csv(GOOD + '2026-03-01,"Odd' + ",1.00\r\n" * 20_000),
    "columns-257": _csv(",".join(f"h{n}" for n in range(257)) + "\r\n" + ",".join("1" * 257)),
    "columns-a-million": _csv("," * 1_000_000 + "1\r\n"),
    "only-nul": _bytes(b"\0" * 5000),
    "only-commas": _csv("," * 200 + "\r\n"),
    "only-marks": _bytes(b"\xef\xbb\xbf"),
    "only-a-header": _csv(HEAD),
    "random-bytes": _bytes(random.Random(5).randbytes(20_000)),
    "elf": _bytes(b"\x7fELF\x02\x01\x01" + random.Random(6).randbytes(4000)),
    "html-as-xls": _bytes(b"<html><table><tr><td>Date<td>Amount</tr></table></html>", "a.xls"),
    "html-as-csv": _bytes(b"<!DOCTYPE html><table></table>"),
    "spreadsheetml-2003": _bytes(
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls"
    ),
    "mhtml": _bytes(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", "a.xls"),
    "rtf-as-xlsx": _bytes(b"{\\rtf1\\ansi hello}", "a.xlsx"),
    "json-as-xlsx": _bytes(b'[{"Date": "2026-01-31", "Amount": 5}]', "a.xlsx"),
    "csv-as-xlsx": _csv(GOOD, name="a.xlsx"),
    "pdf-as-csv": _bytes(b"%PDF-1.7\n" + GOOD.encode()),
    "gzip-as-csv": _bytes(b"\x1f\x8b\x08\0\0\0\0\0"),
    "ole-nothing": _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "a.xls"),
    "ole-encrypted": _bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 505
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 900,
        "a.xlsx",
    ),
    "ole-word": _bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 505 + "WordDocument".encode("utf-16-le") + b"\0" * 900,
        "a.xls",
    ),
    "ole-random": _bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + random.Random(7).randbytes(9000)
        + "Workbook\0".encode("utf-16-le"),
        "a.xls",
    ),
    "biff-cut": _bytes(b"\x09\x08\x10\x00\x00\x06\x05\x00", "a.xls"),
}

#: Read; no line after the odd one is lost.
READ: dict[str, Writer] = {
    "nul-inside": _csv(GOOD + "2026-03-01,O\0dd,5.00\r\n" + AFTER),
    "utf16-le": _csv("\ufeff" + GOOD, "utf-16-le"),
    "utf16-be": _csv("\ufeff" + GOOD, "utf-16-be"),
    "utf16-no-mark": _csv(GOOD, "utf-16-le"),
    "utf32-le": _csv("\ufeff" + GOOD, "utf-32-le"),
    "utf32-be": _csv("\ufeff" + GOOD, "utf-32-be"),
    "lone-carriage-returns": _csv(GOOD.replace("\r\n", "\r")),
    "mixed-ends": _csv(GOOD.replace("\r\n", "\n", 1) + "2026-03-01,Odd,5.00\r" + AFTER),
    "no-end": _csv(GOOD.rstrip()),
    "control-z": _csv(GOOD + "\x1a"),
    "invalid-utf8": _bytes(GOOD.encode().replace(b"ACME", b"AC\xff\xfeME")),
    "overlong-utf8": _bytes(GOOD.encode().replace(b"ACME", b"\xc0\xaf\xed\xa0\x80")),
    "right-to-left": _csv(GOOD.replace("ACME", "A\u202eCM\u200fE")),
    "formula-injection": _csv(GOOD + "2026-03-01,\"=cmd|'/c calc'!A0\",5.00\r\n" + AFTER),
    "nan-and-inf": _csv(GOOD + "2026-03-01,Odd,NaN\r\n2026-03-01,Odd,inf\r\n" + AFTER),
    "ten-thousand-digits": _csv(GOOD + f"2026-03-01,Odd,{'9' * 10_000}\r\n" + AFTER),
    "exponent": _csv(GOOD + "2026-03-01,Odd,1e400\r\n" + AFTER),
    "ragged-rows": _csv(GOOD + "2026-03-01\r\n,,,,,,\r\n2026-03-01,Odd,5.00,,,,\r\n" + AFTER),
    "stray-quotes": _csv(GOOD + '2026-03-01,O"dd "Ltd",5.00\r\n' + AFTER),
    "ten-thousand-blank-lines": _csv(GOOD + "\r\n" * 10_000 + AFTER),
    "bom-twice": _csv("\ufeff\ufeff" + GOOD),
    "cell-of-32767": _csv(GOOD.replace("ACME Ltd", "x" * 32_767)),
    "named-in-capitals": _csv(GOOD, name="REPORT.CSV"),
    "name-of-tricks": _csv(GOOD, name="..%2f=1+1;<b>.csv"),
}

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_ODS_ROWS = (
    "<table:table-row>"
    + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in ("Date", "Supplier", "Amount")
    )
    + "</table:table-row>"
    + "".join(
        f'<table:table-row><table:table-cell office:value-type="date" office:date-value="{day}"><text:p>{day}</text:p>'
        f'</table:table-cell><table:table-cell office:value-type="string"><text:p>{who}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="float" office:value="{amount}"><text:p>{amount}</text:p>'
        "</table:table-cell></table:table-row>"
        for day, who, amount in (("2026-01-31", "ACME Ltd", "100.5"), ("2026-02-28", "Beta Ltd", "200"))
    )
)


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/></manifest:manifest>'
)


def _ods(rows: str = _ODS_ROWS, parts: dict[str, str] | None = None, content: str | None = None) -> Writer:
    body = content or (
        f'<?xml version="1.0"?><office:document-content {_NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Spend">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )

    def write(folder: Path) -> Path:
        path = folder / "a.ods"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", _MIME, compress_type=zipfile.ZIP_STORED)
            for name, text in {
                "content.xml": body,
                "META-INF/manifest.xml": _MANIFEST,
                **(parts or {}),
            }.items():
                archive.writestr(name, text)
        return path

    return write


_LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)

REFUSED |= {
    "ods-laughs": _ods(content=_LAUGHS),
    "ods-columns-1e9": _ods(
        '<table:table-row><table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="1000000000"/></table:table-row>'
    ),
    "ods-rows-1e9": _ods(
        '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="float" '
        'office:value="1"/></table:table-row>'
    ),
    "ods-cells-of-rows": _ods(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" '
        'office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    ),
    "ods-encrypted": _ods(
        parts={
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
            'manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
            "</manifest:file-entry></manifest:manifest>"
        }
    ),
    "ods-no-content": _ods(content="<a/>"),
    "ods-cut": _ods(content="<office:document-content>"),
    "ods-nested-65": _ods("<table:table-row>" * 65 + "</table:table-row>" * 65),
}
READ |= {
    "ods": _ods(),
    "ods-trailing-repeats": _ods(
        _ODS_ROWS + '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    ),
    "ods-link": _ods(
        _ODS_ROWS.replace("ACME Ltd", '<text:a xlink:href="http://127.0.0.1:9/x">ACME Ltd</text:a>')
    ),
    "ods-macro-folder": _ods(parts={"Basic/Standard/Module1.xml": "<module/>"}),
}
EITHER: dict[str, Writer] = {
    "ods-bad-number": _ods(_ODS_ROWS.replace('office:value="200"', 'office:value="NaN"')),
    "ods-bad-date": _ods(
        _ODS_ROWS.replace('office:date-value="2026-02-28"', 'office:date-value="2026-13-99"')
    ),
    "ods-negative-repeat": _ods(_ODS_ROWS + '<table:table-row table:number-rows-repeated="-5"/>'),
    "ods-repeat-of-words": _ods(_ODS_ROWS + '<table:table-row table:number-rows-repeated="many"/>'),
    "unit-separators": _csv(GOOD.replace(",", "\x1f")),
    "spaces-only": _csv("Date      Supplier   Amount\r\n2026-01-31  ACME     5.00\r\n"),
    "header-twice": _csv(HEAD + GOOD),
    "one-column": _csv("Amount\r\n5.00\r\n6.00\r\n"),
}


def _mutated(source: Path, seed: int) -> Writer:
    """A real workbook with some of its bytes changed, cut or doubled."""

    def write(folder: Path) -> Path:
        chance = random.Random(seed)
        data = bytearray(source.read_bytes()[: 1 << 20])
        match seed % 4:
            case 0:
                for _ in range(chance.randint(1, 40)):
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                del data[chance.randrange(len(data)) :]
            case 2:
                place = chance.randrange(len(data))
                data[place:place] = data[place : place + 512]
            case _:
                place = chance.randrange(len(data))
                data[place : place + 64] = chance.randbytes(64)
        path = folder / f"a{source.suffix}"
        path.write_bytes(bytes(data))
        return path

    return write


def mutated(count: int) -> dict[str, Writer]:
    """Changed copies of the odd workbooks of other projects' tests, of every format; none where they are absent."""
    folder = SHARED / "robust"
    files = sorted(
        path for path in folder.rglob("*") if path.suffix in (".xls", ".xlsb", ".ods", ".xlsx", ".xlsm")
    )
    if not files:
        return {}
    chance = random.Random(20261121)
    return {
        f"changed-{seed}-{source.name}": _mutated(source, seed)
        for seed, source in ((seed, chance.choice(files)) for seed in range(count))
    }
