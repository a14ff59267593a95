"""Workbooks written from rows in the test, and packages written part by part for what no program writes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from importers.reader import read_file
from mopsaudit.intake.contract import Kind, Reading, ReadOptions, RecordRow, SpendRow

Row = Sequence[Any]

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
ROOT_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
WORKBOOK_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
#: A header and two lines, for sheets that want one more odd row.
LINES = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Invoice date</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Supplier</t></is></c><c r="C1" t="inlineStr"><is><t>Amount</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>2026-01-31</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>ACME Ltd</t></is></c><c r="C2"><v>100.5</v></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>2026-02-28</t></is></c>'
    '<c r="B3" t="inlineStr"><is><t>Beta Ltd</t></is></c><c r="C3"><v>200</v></c></row>'
)


class Collected:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.batches: list[tuple[str | None, list[Any]]] = []
        self.told: list[tuple[int, int | None]] = []

    def rows(self, sheet: str | None, batch: Sequence[SpendRow] | Sequence[RecordRow]) -> None:
        """Keep a batch."""
        self.batches.append((sheet, list(batch)))

    def progress(self, done: int, total: int | None) -> None:
        """Keep what was said."""
        self.told.append((done, total))

    @property
    def lines(self) -> list[Any]:
        """Every row, in order."""
        return [row for _, batch in self.batches for row in batch]


def workbook(path: Path, sheets: Any) -> Path:
    """Write sheets (or one called ``Spend``) of rows from A1 on."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    named: Mapping[str, Iterable[Row]] = sheets if isinstance(sheets, Mapping) else {"Spend": sheets}
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # text that starts with "=" is text here
                    cell.data_type = "s"
    book.save(path)
    return path


def text_file(path: Path, rows: Iterable[Any], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as delimited text."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def package(path: Path, parts: Mapping[str, str | bytes] | None = None, *, sheet_data: str = LINES) -> Path:
    """Write a minimal workbook package; ``parts`` add to or replace its parts."""
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{sheet_data}</sheetData></worksheet>"
    )
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELS,
        "xl/worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in everything.items():
            archive.writestr(name, content)
    return path


def read(path: Path, kind: Kind = Kind.SPEND, **options: Any) -> tuple[Reading, list[Any]]:
    """Read a file; the reading and its rows."""
    sink = Collected()
    options.setdefault("base_currency", "GBP")
    reading = read_file(path, path.name, ReadOptions(kind=kind, **options), sink)
    return reading, sink.lines


def total(lines: Iterable[SpendRow]) -> Decimal:
    """The exact sum of spend lines."""
    return sum((line.amount for line in lines), Decimal(0))


def codes(reading: Reading) -> list[str]:
    """The problem codes of a reading, in order."""
    return [problem.code for problem in reading.problems]
