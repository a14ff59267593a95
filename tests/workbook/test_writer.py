"""The writer: text stays text, numbers stay exact, totals are live with saved values, same bytes twice."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from mopsaudit.workbook.cells import Formula, Head, Link, Money, Share, Unknown, clean_text, sheet_name
from mopsaudit.workbook.writer import Book

CREATED = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)


def _write(rows: list[list[object]], heads: list[Head] | None = None) -> bytes:
    target = BytesIO()
    width = max(len(row) for row in rows)
    with Book(target, created=CREATED, title="Test", footer="Scope & all") as book:
        sheet = book.sheet("Data")
        sheet.title("Data", "One sentence.")
        sheet.table(heads or [Head(label=f"C{i}") for i in range(width)], rows)
    return target.getvalue()


def _cells(data: bytes, *, values: bool = True) -> list[list[object]]:
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=values)["Data"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "http://example.com", "0012", "{=1}"]
)
def test_typed_text_stays_text(text: str) -> None:
    data = _write([[text]])
    sheet = openpyxl.load_workbook(BytesIO(data))["Data"]
    cell = sheet.cell(row=5, column=1)
    assert cell.data_type == "s"
    assert str(cell.value).replace("\r", "") == text.replace("\r", "") or cell.value == "_x000D_=1"
    assert cell.hyperlink is None


def test_money_is_a_number_to_the_last_digit_a_spreadsheet_holds_and_text_beyond() -> None:
    data = _write(
        [
            [Money(minor=99_999_999_999_999, currency="USD")],
            [Money(minor=9_999_999_999_999_999, currency="USD")],
        ]
    )
    cells = _cells(data)
    assert Decimal(repr(cells[0][0])) == Decimal("999999999999.99")
    assert cells[1][0] == "99999999999999.99"


def test_negative_money_stays_a_number() -> None:
    assert _cells(_write([[Money(minor=-1250, currency="USD")]]))[0][0] == -12.5


def test_the_minor_unit_of_the_currency_is_used() -> None:
    cells = _cells(_write([[Money(minor=1250, currency="JPY"), Money(minor=1250, currency="KWD")]]))
    assert cells[0][:2] == [1250, 1.25]


def test_a_total_is_a_live_formula_with_its_saved_value() -> None:
    rows: list[list[object]] = [["a", Money(minor=10, currency="USD")] for _ in range(10_000)]
    heads = [Head(label="Name"), Head(label="Cost (USD)", summed=True, currency="USD")]
    data = _write(rows, heads)
    assert _cells(data)[10_000][1] == 1000
    assert _cells(data, values=False)[10_000][1] == "=SUBTOTAL(109,B5:B10004)"


def test_a_total_row_does_not_stand_in_the_table() -> None:
    heads = [Head(label="Cost (USD)", summed=True, currency="USD")]
    data = _write([[Money(minor=1, currency="USD")], [Money(minor=2, currency="USD")]], heads)
    sheet = openpyxl.load_workbook(BytesIO(data))["Data"]
    (table,) = sheet.tables.values()
    assert table.ref == "A4:A6"


def test_a_formula_keeps_its_value() -> None:
    data = _write([[Formula(text="=-100+NPV(0.1,60,60)", value=413, currency="USD")]])
    assert _cells(data)[0][0] == 4.13
    assert _cells(data, values=False)[0][0] == "=-100+NPV(0.1,60,60)"


def test_unknown_is_a_dash_with_its_reason() -> None:
    sheet = openpyxl.load_workbook(BytesIO(_write([[Unknown(why="No contract and no spend.")]])))["Data"]
    cell = sheet.cell(row=5, column=1)
    assert cell.value == "–"
    assert cell.comment is not None
    assert "No contract" in cell.comment.text


def test_a_linked_number_stays_a_number_and_bad_targets_are_not_linked() -> None:
    rows: list[list[object]] = [
        [Link(value=Money(minor=500, currency="USD"), target="internal:'Data'!A1")],
        [Link(value="click", target="javascript:alert(1)")],
    ]
    sheet = openpyxl.load_workbook(BytesIO(_write(rows)))["Data"]
    assert sheet.cell(row=5, column=1).value == 5
    assert sheet.cell(row=5, column=1).hyperlink is not None
    assert sheet.cell(row=6, column=1).value == "click"
    assert sheet.cell(row=6, column=1).hyperlink is None


def test_dates_shares_and_floats() -> None:
    cells = _cells(_write([[date(2026, 6, 30), Share(numerator=1, denominator=4)]]))
    assert cells[0][:2] == [datetime(2026, 6, 30), 0.25]  # noqa: DTZ001
    with pytest.raises(TypeError):
        _write([[1.5]])


def test_the_same_calls_give_the_same_bytes() -> None:
    rows: list[list[object]] = [["a", Money(minor=1, currency="USD")], ["b", Unknown(why="x")]]
    assert _write(rows) == _write(rows)


def test_control_characters_and_surrogates_do_not_break_the_file() -> None:
    assert _cells(_write([["a\x00b\ud800c"]]))[0][0] == "a\ufffdb\ufffdc"
    assert len(clean_text("x" * 40_000)) == 32_767


def test_sheet_names_are_legal_and_unique() -> None:
    assert sheet_name("Budget: [2026]/27?", []) == "Budget   2026  27"
    assert sheet_name("Data", ["data"]) == "Data 2"
    assert len(sheet_name("x" * 60, ["x" * 31])) == 31


def test_an_empty_table_has_its_headings() -> None:
    target = BytesIO()
    with Book(target, created=CREATED, title="Test") as book:
        sheet = book.sheet("Data")
        sheet.table([Head(label="Name"), Head(label="Name")], [])
    loaded = openpyxl.load_workbook(target)["Data"]
    assert [cell.value for cell in loaded[1]] == ["Name", "Name 2"]
