"""Cells that say two things, or another than is seen: told with their place, never read as one of the two."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from importers.amounts import amount_text, amount_value
from mopsaudit.intake.contract import Kind
from mopsaudit.money import keeps_cents
from mopsaudit.problems import RefusedError
from tests.importers.builders import LINES, WORKBOOK_RELS, codes, package, read, workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

HEAD = ("Invoice date", "Supplier", "Amount GBP")


def cell(xml: str) -> str:
    """Two good lines and one whose amount cell is the XML given."""
    return (
        LINES + '<row r="4"><c r="A4" t="inlineStr"><is><t>2026-03-31</t></is></c>'
        f'<c r="B4" t="inlineStr"><is><t>Gamma Ltd</t></is></c>{xml}</row>'
    )


@pytest.mark.parametrize(
    "xml, code",
    [
        ('<c r="C4" t="inlineStr"><v>99</v><is><t>12.34</t></is></c>', "cell.repeated"),
        ('<c r="C4"><v>12.34</v><is><t>99</t></is></c>', "cell.repeated"),
        ('<c r="C4"><v>12.34</v><v>99</v></c>', "cell.number_unreadable"),
        ('<c r="C4"><v>12<b>.3</b>4</v></c>', "cell.number_unreadable"),
        ('<c r="C4"><v>12345678901234567890</v></c>', "cell.too_many_digits"),
        ('<c r="C4"><v>99999999999999.99</v></c>', "cell.too_many_digits"),
        ('<c r="C4" t="inlineStr"><is><t>&#xAD;50.00</t></is></c>', "cell.unseen_signs"),
        ('<c r="C4" t="inlineStr"><is><t>50.00 &#xAD;</t></is></c>', "cell.unseen_signs"),
        ('<c r="C4" t="inlineStr"><is><t>12_x0000_.34</t></is></c>', "cell.unseen_signs"),
        ('<c r="C4" t="inlineStr"><is><t>&#x202E;43.21</t></is></c>', "cell.unseen_signs"),
        ('<c r="C4" t="inlineStr"><is><t>10²</t></is></c>', "spend.amount.unreadable"),
        ('<c r="C4" t="inlineStr"><is><t>①②</t></is></c>', "spend.amount.unreadable"),
    ],
)
def test_an_amount_that_is_not_sure_is_told_with_its_cell(tmp_path: Path, xml: str, code: str) -> None:
    reading, lines = read(package(tmp_path / "a.xlsx", sheet_data=cell(xml)))
    assert [(problem.code, problem.cell) for problem in reading.problems if problem.rejected] == [
        (code, "C4")
    ]
    assert [line.amount for line in lines] == [Decimal("100.5"), Decimal(200)]


@pytest.mark.parametrize(
    "xml, amount",
    [
        ('<c r="C4" t="inlineStr"><v>12.34</v><is><t>12.34</t></is></c>', "12.34"),
        ('<c r="C4" t="inlineStr"><v></v><is><t>12.34</t></is></c>', "12.34"),
        ('<c r="C4"><v>12.339999999999999</v></c>', "12.34"),
        ('<c r="C4"><v>999999999999.99</v></c>', "999999999999.99"),
        ('<c r="C4" t="inlineStr"><is><t>99,999,999,999,999.99</t></is></c>', "99999999999999.99"),
        ('<c r="C4" t="inlineStr"><is><t>1&#xAD;234.50</t></is></c>', "1234.50"),
        ('<c r="C4" t="inlineStr"><is><t>&#x200F;12.34-</t></is></c>', "-12.34"),
        ('<c r="C4" t="inlineStr"><is><t>&#x9;12.34&#xA;</t></is></c>', "12.34"),
        ('<c r="C4" t="inlineStr"><is><t>１２．３４</t></is></c>', "12.34"),
    ],
)
def test_what_reads_one_way_is_read_as_before(tmp_path: Path, xml: str, amount: str) -> None:
    reading, lines = read(package(tmp_path / "a.xlsx", sheet_data=cell(xml)))
    assert not [problem for problem in reading.problems if problem.rejected]
    assert lines[2].amount == Decimal(amount)


def test_digits_are_kept_to_the_cent_or_told_for_every_kind(tmp_path: Path) -> None:
    assert keeps_cents(9999999999999.99)
    assert keeps_cents(-1234567890123.4567)
    assert not keeps_cents(99999999999999.99)
    assert keeps_cents(100000000000000.0)
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ("Vendor", "Start", "End", "Annual value USD"),
            ("Acme", date(2026, 1, 1), date(2026, 12, 31), 99999999999999.98),
            ("Beta", date(2026, 2, 1), date(2027, 1, 31), 1200.5),
        ],
    )
    reading, rows = read(path, Kind.CONTRACTS)
    assert [row.values["amount"] for row in rows] == [None, Decimal("1200.5")]
    assert "D2" in {problem.cell for problem in reading.problems}


@pytest.mark.parametrize("serial", ["-5", "1", "60", "60.5", "3000"])
def test_a_day_of_no_ledger_is_undated_and_told(tmp_path: Path, serial: str) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs count="2"><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    data = LINES + (
        f'<row r="4"><c r="A4" s="1"><v>{serial}</v></c>'
        '<c r="B4" t="inlineStr"><is><t>Gamma Ltd</t></is></c><c r="C4"><v>7</v></c></row>'
    )
    reading, lines = read(package(tmp_path / "a.xlsx", {"xl/styles.xml": styles}, sheet_data=data))
    assert lines[2].date is None
    assert ("spend.date.unreadable", "A4") in {(problem.code, problem.cell) for problem in reading.problems}


def test_plain_rows_tell_such_days_too(tmp_path: Path) -> None:
    rows = [(date(2026, 1, 1 + number % 28), f"Supplier {number}", 10 + number) for number in range(60)]
    rows[40] = (date(1901, 5, 6), "Odd Ltd", 50)
    reading, lines = read(workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert len(lines) == 60
    assert [line.supplier for line in lines if line.date is None] == ["Odd Ltd"]
    assert codes(reading) == ["spend.date.unreadable"]


ROW = '<row r="9"><c r="C9"><v>9</v></c></row>'


@pytest.mark.parametrize(
    "tail",
    [
        f"<sheetData>{ROW}</sheetData>",
        f'<extLst><ext uri="x"><sheetData>{ROW}</sheetData></ext></extLst>',
        f'<extLst><ext uri="x">{ROW}</ext></extLst>',
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_rows_outside_of_the_table_of_cells_are_neither_lines_nor_lost(
    tmp_path: Path, tail: str, prefix: str
) -> None:
    sheet = f'<worksheet xmlns="MAIN"><sheetData>{LINES}</sheetData>{tail}</worksheet>'
    if prefix:
        sheet = sheet.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
        sheet = sheet.replace("xmlns=", "xmlns:x=")
    sheet = sheet.replace("MAIN", "http://schemas.openxmlformats.org/spreadsheetml/2006/main")
    with pytest.raises(RefusedError, match="rows outside of its table"):
        read(package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": sheet}))


def test_the_rows_of_a_drawing_are_none_of_the_table(tmp_path: Path) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xdr="urn:drawing">'
        f"<sheetData>{LINES}</sheetData><controls><xdr:from><xdr:row>3</xdr:row></xdr:from></controls></worksheet>"
    )
    _, lines = read(package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": sheet}))
    assert len(lines) == 2


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-7", "cp037"])
def test_a_document_type_is_refused_in_encodings_no_parser_reads(tmp_path: Path, encoding: str) -> None:
    part = ('<?xml version="1.0"?>' + " " * 70_000 + '<!DOCTYPE a [<!ENTITY b "c">]><a/>').encode(encoding)
    with pytest.raises(RefusedError, match="document type"):
        read(package(tmp_path / "a.xlsx", {"docProps/app.xml": part}))


def test_a_part_that_is_no_xml_and_not_needed_is_let_be(tmp_path: Path) -> None:
    _, lines = read(package(tmp_path / "a.xlsx", {"docProps/thumbnail.xml": b"\x00\x01no markup"}))
    assert len(lines) == 2


@pytest.mark.parametrize("text", ["10²", "①", "½", "\u00ad5", "5\u00ad", "\u202e5", "1\x002"])
def test_signs_that_only_look_like_digits_make_no_amount(text: str) -> None:
    assert amount_text(text) is None


@pytest.mark.parametrize(
    "text, value", [("٣٤٫٥", "34.5"), ("（12.50）", "-12.50"), ("−5", "-5"), ("1\u202f234.5", "1234.5")]
)
def test_digits_of_other_scripts_are_digits(text: str, value: str) -> None:
    parts = amount_text(text)
    assert parts is not None
    assert amount_value(parts, ".") == Decimal(value)


INNER = '<row r="9"><c r="C9"><v>9</v></c></row>'


@pytest.mark.parametrize(
    "data",
    [
        LINES.replace("</row>", f"{INNER}</row>", 1),
        LINES + INNER.replace("<row", '<row xmlns="urn:other"'),
    ],
)
def test_a_row_within_a_row_or_under_another_name_is_not_left_out(tmp_path: Path, data: str) -> None:
    with pytest.raises(RefusedError, match="rows outside of its table"):
        read(package(tmp_path / "a.xlsx", sheet_data=data))


def test_a_cell_of_two_texts_is_told(tmp_path: Path) -> None:
    two = '<c r="C4" t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>'
    reading, lines = read(package(tmp_path / "a.xlsx", sheet_data=cell(two)))
    assert len(lines) == 2
    assert [problem.cell for problem in reading.problems if problem.rejected] == ["C4"]


def test_texts_within_texts_and_names_given_twice_are_refused(tmp_path: Path) -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>a</t><si><t>b</t></si></si></sst>'
    with pytest.raises(RefusedError, match="texts stands within another"):
        read(package(tmp_path / "a.xlsx", {"xl/sharedStrings.xml": texts}))
    twice = WORKBOOK_RELS.replace(
        "</Relationships>", '<Relationship Id="rId1" Type="x" Target="y.xml"/></Relationships>'
    )
    with pytest.raises(RefusedError, match="two of its parts alike"):
        read(package(tmp_path / "b.xlsx", {"xl/_rels/workbook.xml.rels": twice}))


def test_a_part_without_a_name_is_refused_in_words(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(""), "x")
    with pytest.raises(RefusedError, match="without a name"):
        read(path)
