"""Packages openpyxl refuses whole are read from a plain copy, by the same rules for every cell."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.problems import RefusedError
from tests.importers.builders import (
    CONTENT_TYPES,
    LINES,
    WORKBOOK,
    WORKBOOK_RELS,
    codes,
    package,
    read,
    workbook,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
#: A fill without a pattern: openpyxl takes no workbook with it.
BROKEN = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="[$£-809]#,##0.00"/></numFmts>'
    '<fills><fill/></fills><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)
RELS = WORKBOOK_RELS.replace(
    "</Relationships>",
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
    'Target="styles.xml"/></Relationships>',
)


def odd(path: Path, more: str = "", parts: dict[str, str | bytes] | None = None) -> Path:
    """A package with styles openpyxl does not take, two good lines and more rows."""
    return package(
        path,
        {"xl/styles.xml": BROKEN, "xl/_rels/workbook.xml.rels": RELS, **(parts or {})},
        sheet_data=LINES + more,
    )


def line(cell: str, day: str = '<c r="A4" s="1"><v>46112</v></c>') -> str:
    return f'<row r="4">{day}<c r="B4" t="inlineStr"><is><t>Gamma</t></is></c>{cell}</row>'


def test_it_is_read_with_its_number_formats(tmp_path: Path) -> None:
    reading, lines = read(
        odd(tmp_path / "a.xlsx", line('<c r="C4" s="2"><v>5.25</v></c>')), base_currency="EUR"
    )
    assert reading.reader == "openpyxl"
    assert [one.amount for one in lines] == [Decimal("100.5"), Decimal(200), Decimal("5.25")]
    assert lines[2].date == date(2026, 3, 31)
    assert lines[2].currency == "GBP"


@pytest.mark.parametrize(
    "cell, code",
    [
        ('<c r="C4"><v>5</v></c><c r="C4"><v>6</v></c>', "cell.repeated"),
        ('<c r="C4"><v>12,34</v></c>', "cell.number_unreadable"),
        ('<c r="C4" t="e"><v>#SPILL!</v></c>', "cell.error"),
        ('<c r="C4"><f>1+1</f></c>', "cell.formula_without_value"),
        ('<c r="C4" t="b"><v>2</v></c>', "cell.number_unreadable"),
    ],
)
def test_its_bad_cells_are_told_as_those_of_any_workbook(tmp_path: Path, cell: str, code: str) -> None:
    reading, lines = read(odd(tmp_path / "a.xlsx", line(cell)))
    assert [(each.code, each.cell) for each in reading.problems if each.rejected] == [(code, "C4")]
    assert len(lines) == 2


def test_a_comment_within_a_number_cuts_nothing_off(tmp_path: Path) -> None:
    _, lines = read(odd(tmp_path / "a.xlsx", line('<c r="C4"><v>12<!-- x -->.34</v></c>')))
    assert lines[2].amount == Decimal("12.34")


def test_its_date_system_and_hidden_sheets_are_kept(tmp_path: Path) -> None:
    book = WORKBOOK.replace("<sheets>", '<workbookPr date1904="on"/><sheets>').replace(
        'name="Sheet1"', 'name="Sheet1" state="veryHidden"'
    )
    more = line('<c r="C4"><v>5</v></c>', '<c r="A4" s="1"><v>44650</v></c>')
    reading, lines = read(odd(tmp_path / "a.xlsx", more, {"xl/workbook.xml": book}))
    assert lines[2].date == date(2026, 3, 31)
    assert "sheet.hidden" in codes(reading)


def test_one_strict_sheet_among_others_is_not_left_out(tmp_path: Path) -> None:
    book = WORKBOOK.replace("</sheets>", '<sheet name="More" sheetId="2" r:id="rId2"/></sheets>')
    rels = WORKBOOK_RELS.replace(
        "</Relationships>",
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet2.xml"/></Relationships>',
    )
    types = CONTENT_TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.worksheet+xml"/></Types>',
    )
    more = LINES.replace("100.5", "7").replace("200", "8").replace("ACME", "Delta").replace("Beta", "Epsilon")
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": rels,
        "[Content_Types].xml": types,
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{STRICT}"><sheetData>{more}</sheetData></worksheet>',
    }
    _, lines = read(package(tmp_path / "a.xlsx", parts))
    assert sorted(one.amount for one in lines) == [7, 8, Decimal("100.5"), 200]


def test_parts_named_with_backslashes_are_found(tmp_path: Path) -> None:
    path = package(
        tmp_path / "a.xlsx",
        {
            "xl\\worksheets\\sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{LINES}</sheetData></worksheet>'
        },
    )
    with zipfile.ZipFile(path) as archive:
        kept = {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if "/worksheets/" not in info.filename
        }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    _, lines = read(path)
    assert len(lines) == 2


def test_a_workbook_that_names_no_sheet_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="damaged"):
        read(
            odd(
                tmp_path / "a.xlsx",
                parts={"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'},
            )
        )


def test_sheets_of_one_name_are_refused_and_of_two_read(tmp_path: Path) -> None:
    book = WORKBOOK.replace("</sheets>", '<sheet name="Sheet1" sheetId="2" r:id="rId1"/></sheets>')
    with pytest.raises(RefusedError, match="several sheets named “Sheet1”"):
        read(package(tmp_path / "a.xlsx", {"xl/workbook.xml": book}))
    head = ("Invoice date", "Supplier", "Amount")
    rows = {name: [head, (date(2026, 1, 15), f"A {name}", 5 + len(name))] for name in ("Spend", "SPEND 2")}
    _, lines = read(workbook(tmp_path / "b.xlsx", rows))
    assert len(lines) == 2
