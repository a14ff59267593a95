"""Rows written as text say what the library's cells say, and what a spreadsheet cannot hold is never written."""

import gc
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from mopsaudit.resting import collector_rests
from mopsaudit.workbook.cells import Formula, Head, Link, Money, Share, Unknown
from mopsaudit.workbook.rows import serial, text_markup
from mopsaudit.workbook.writer import Book

CREATED = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)


def _book(*tables: list[list[object]]) -> BytesIO:
    """A sheet with the tables one below the other."""
    target = BytesIO()
    with Book(target, created=CREATED, title="Test") as book:
        sheet = book.sheet("Data")
        for rows in tables:
            sheet.table([Head(label=f"C{i}") for i in range(len(rows[0]))], rows)
    return target


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "R&D <b>\"x\"</b> > '1'",
        " led by a blank",
        "ended by one ",
        "two\nlines",
        "_x0041_ is typed",
        "_X0041_",
        "tab\there",
        "עברית العربية 日本語 😀",
        "😀" * 20_000,
        "",
    ],
)
def test_text_reads_back_as_the_library_writes_it(text: str, tmp_path: Path) -> None:
    ours = openpyxl.load_workbook(_book([["first", text]]))["Data"]["B2"].value
    path = tmp_path / "theirs.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.add_worksheet().write_string(1, 1, text)
    theirs = openpyxl.load_workbook(path).active
    assert theirs is not None
    if len(text) < 16_000:
        assert (ours or "") == (theirs["B2"].value or "")
    else:  # cut within the limit, never within a letter
        assert isinstance(ours, str)
        assert set(ours) <= {"😀", "…"}
        assert len(ours.encode("utf-16-le")) // 2 <= 32_767


def test_text_without_markup_is_put_down_as_it_is() -> None:
    assert text_markup("A1", 3, "Adobe") == '<c r="A1" s="3" t="inlineStr"><is><t>Adobe</t></is></c>'
    assert text_markup("A1", 3, "") == '<c r="A1" s="3"/>'


@pytest.mark.parametrize(
    "day, number",
    [
        (date(1899, 12, 31), None),
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (date(2026, 9, 30), 46_295),
        (date(9999, 12, 31), 2_958_465),
    ],
)
def test_a_day_is_the_number_spreadsheets_count_it_as(day: date, number: int | None) -> None:
    assert serial(day) == number


def test_days_and_moments_read_back_and_those_before_1900_are_text() -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
    sheet = openpyxl.load_workbook(_book([["a", date(2024, 2, 29), moment, date(1850, 5, 1)]]))["Data"]
    assert [sheet.cell(2, column).value for column in (2, 3, 4)] == [
        datetime(2024, 2, 29),  # noqa: DTZ001  # a spreadsheet knows no zone
        moment.replace(tzinfo=None),
        "1850-05-01",
    ]


def test_every_kind_of_value_and_what_hangs_on_it() -> None:
    huge = Money(minor=10**17, currency="USD")
    rows: list[list[object]] = [
        [
            Link(value="name & co", target="internal:'Data'!A1", tip='say "why" & <go>'),
            Link(value=Money(minor=-1050, currency="USD"), target="internal:'Data'!A1"),
            Unknown(why="No <contract>."),
            Share(numerator=1, denominator=3),
            Decimal("12.50"),
            True,
            10**18,
            huge,
            Formula(text="=1&2", value=Decimal(12)),
            Link(value=Unknown(why="x"), target="internal:'Data'!A1"),
        ]
    ]
    sheet: Any = openpyxl.load_workbook(_book(rows))["Data"]
    cells = [sheet.cell(2, column) for column in range(1, 11)]
    assert [cell.value for cell in cells[:8]] == [
        *("name & co", -10.5, "–", pytest.approx(1 / 3, abs=1e-15), 12.5, "yes"),
        *("1000000000000000000", "1000000000000000.00"),
    ]
    assert cells[8].value == "=1&2"
    assert cells[0].hyperlink.location == "'Data'!A1"
    assert cells[0].hyperlink.tooltip == 'say "why" & <go>'
    assert cells[1].hyperlink.location == "'Data'!A1"
    assert cells[2].comment.text == "No <contract>."
    assert "Too many digits" in cells[7].comment.text
    assert cells[9].hyperlink is None
    assert cells[9].value == "–"


def test_tables_below_one_another_keep_their_ranges_rows_and_notes() -> None:
    first: list[list[object]] = [[f"a{i}", Unknown(why=f"why {i}")] for i in range(5)]
    second: list[list[object]] = [["b", 1], ["text\nof two lines", 2]]
    target = _book(first, second)
    sheet: Any = openpyxl.load_workbook(target)["Data"]
    assert sorted(table.ref for table in sheet.tables.values()) == ["A1:B6", "A8:B10"]
    assert [cell.value for cell in sheet["A"]] == [
        *("C0", "a0", "a1", "a2", "a3", "a4", None, "C0", "b", "text\nof two lines"),
    ]
    assert [sheet.cell(row, 2).comment.text for row in range(2, 7)] == [f"why {i}" for i in range(5)]
    assert sheet.row_dimensions[10].height == 27
    with ZipFile(target) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    numbers = [int(each) for each in re.findall(r'<row r="(\d+)"', part)]
    assert numbers == sorted(set(numbers))
    assert '<dimension ref="A1:B10"/>' in part


def test_a_row_past_the_end_of_a_sheet_is_refused() -> None:
    with Book(BytesIO(), created=CREATED, title="Test") as book:
        sheet = book.sheet("Data")
        sheet.row = 1_048_576
        with pytest.raises(ValueError, match="ends before row 1048577"):
            sheet.cell(sheet.row, 0, "x")


def test_a_book_that_is_given_up_leaves_nothing_open() -> None:
    target = BytesIO()
    with pytest.raises(TypeError), Book(target, created=CREATED, title="Test") as book:
        book.sheet("Data").table(
            [Head(label="A"), Head(label="B")], [[Link(value="x", target="internal:'Data'!A1"), 1.5]]
        )
    assert target.getvalue() == b""


def test_the_collector_rests_within_blocks_and_only_there() -> None:
    assert gc.isenabled()
    with collector_rests():
        assert not gc.isenabled()
        with pytest.raises(ZeroDivisionError), collector_rests():
            1 / 0  # noqa: B018
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_rests():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
