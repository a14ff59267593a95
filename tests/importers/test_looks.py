"""What a cell shows beside its value: signs and currencies of its number format, a line through it, white on white."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Color, Font, PatternFill

from importers.currencies import credit_format, currency_in_format, written_minus, written_units
from tests.importers.builders import codes, read

NAMES = ("Alpha Ltd", "Beta GmbH", "Gamma Inc", "Delta BV", "Epsilon AB", "Zeta SA")


def formatted(path: Path, formats: list[str], heading: str = "Amount GBP") -> Path:
    """Six lines of 10.25, 20.25 … whose amounts have these formats, in turn."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice date", "Supplier", heading])
    for index, name in enumerate(NAMES):
        sheet.append([date(2026, 1 + index, 14 + index), name, 10.25 + 10 * index])
        sheet.cell(2 + index, 3).number_format = formats[index % len(formats)]
    book.save(path)
    return path


@pytest.mark.parametrize("code", ['"-"#,##0.00', "-#,##0.00", '"("#,##0.00")"', "[Red](#,##0.00)", "\\-0.00"])
def test_a_minus_that_only_the_format_writes_is_read_as_shown_and_told(tmp_path: Path, code: str) -> None:
    plain = "#,##0.00"
    reading, lines = read(formatted(tmp_path / "a.xlsx", [plain, plain, plain, code, plain, plain]))
    assert [line.amount for line in lines][3] == Decimal("-40.25")
    assert sum(line.amount > 0 for line in lines) == 5
    assert [(each.code, each.cell) for each in reading.problems] == [("cell.sign_of_format", "C5")]


def test_amounts_that_all_show_such_a_minus_are_asked_about(tmp_path: Path) -> None:
    reading, lines = read(formatted(tmp_path / "a.xlsx", ["(#,##0.00)"]))
    assert [each.key for each in reading.questions] == ["Sheet!C.sign"]
    assert not lines
    _, lines = read(formatted(tmp_path / "a.xlsx", ["(#,##0.00)"]), answers=(("Sheet!C.sign", "-1"),))
    assert sum(line.amount for line in lines) == Decimal("211.50")


@pytest.mark.parametrize(
    "code",
    [
        "_(* #,##0.00_);_(* (#,##0.00)",
        "#,##0.00;-#,##0.00",
        "#,##0.00;[Red](#,##0.00)",
        "[<0]-#,##0.00;#,##0.00",
        "_-* #,##0.00\\ _€_-;\\-* #,##0.00",
        "000-00-0000",
        "yyyy-mm-dd",
        "0.00E-00",
        '#,##0.00 "EUR (net)"',
    ],
)
def test_a_minus_of_amounts_below_nought_is_none_of_those_above(code: str) -> None:
    assert not written_minus(code)
    assert not credit_format(code)


@pytest.mark.parametrize(
    "code, unit",
    [
        ('#,##0.00" k"', 1000),
        ("0.0\\k", 1000),
        ('#,##0" T€"', 1000),
        ('0.0 "Mio."', 10**6),
        ('[Red]0.00" Mrd. EUR"', 10**9),
        ('#,##0," k"', 1),  # shows what the cell holds, in thousands
        ('[>999999]0.0,,"M";[>999]0.0,"k";0', 1),
        ('#,##0.00 "km"', 1),
        ('0 "tons"', 1),
        ('#,##0.00 "USD"', 1),
        ("#,##0.00 [$€-407]", 1),
        ('"k" 0.00', 1),
        ("mmm yy", 1),
    ],
)
def test_the_unit_a_format_writes_behind_its_value(code: str, unit: int) -> None:
    assert written_units(code) == unit


def test_amounts_that_all_show_thousands_by_their_format_are_asked_about(tmp_path: Path) -> None:
    path = formatted(tmp_path / "a.xlsx", ['#,##0.00" k"'])
    reading, lines = read(path)
    assert [each.key for each in reading.questions] == ["Sheet!C.scale"]
    assert not lines
    assert sum(line.amount for line in read(path, answers=(("Sheet!C.scale", "1000"),))[1]) == 211_500
    assert sum(line.amount for line in read(path, answers=(("Sheet!C.scale", "1"),))[1]) == Decimal("211.50")


def test_one_amount_that_shows_thousands_by_its_format_is_told(tmp_path: Path) -> None:
    plain = "#,##0.00"
    reading, lines = read(formatted(tmp_path / "a.xlsx", [plain, plain, '0.00" k"', plain, plain, plain]))
    assert sum(line.amount for line in lines) == Decimal("211.50")
    assert [(each.code, each.cell) for each in reading.problems] == [("cell.units_of_format", "C4")]


def test_a_heading_that_names_the_unit_of_the_format_needs_no_question(tmp_path: Path) -> None:
    reading, lines = read(formatted(tmp_path / "a.xlsx", ['0.00" k"'], "Amount (GBP thousands)"))
    assert not reading.questions
    assert sum(line.amount for line in lines) == 211_500
    scaled, same = read(formatted(tmp_path / "b.xlsx", ['#,##0.00,"k"']))
    assert not scaled.problems
    assert sum(line.amount for line in same) == Decimal("211.50")


@pytest.mark.parametrize(
    "code, currency",
    [
        ("[$$-1009]#,##0.00", "CAD"),
        ("[$$-en-AU]#,##0.00", "AUD"),
        ("[$$-409]#,##0.00", "USD"),
        ("[$$-2C0A]#,##0.00", "ARS"),
        ("[$kr-414] #,##0.00", "NOK"),
        ("[$kr.-406]#,##0.00", "DKK"),
        ("[$kr-41D]#,##0.00", "SEK"),
        ("[$¥-804]#,##0.00", "CNY"),
        ("[$€-x-euro2] #,##0.00", "EUR"),
        ("[$CHF-1009] #,##0.00", "CHF"),
        ("[$-409]#,##0.00", None),
    ],
)
def test_the_land_of_a_format_tells_whose_a_shared_sign_is(
    tmp_path: Path, code: str, currency: str | None
) -> None:
    assert currency_in_format(code) == currency
    if currency is not None:
        reading, lines = read(formatted(tmp_path / "a.xlsx", [code], "Amount"))
        assert {line.currency for line in lines} == {currency}
        assert not reading.questions
        assert "currency.assumed" not in codes(reading)


def test_crowns_of_a_format_without_a_land_are_asked(tmp_path: Path) -> None:
    path = formatted(tmp_path / "a.xlsx", ['#,##0.00 "kr"'], "Amount")
    assert [each.key for each in read(path)[0].questions] == ["Sheet!currency"]
    assert {line.currency for line in read(path, base_currency="NOK")[1]} == {"NOK"}


def struck(path: Path, *fonts: tuple[int, Font]) -> Path:
    """The six lines in black on a white heading on blue; rows whose cells are written in another font."""
    book = openpyxl.load_workbook(formatted(path, ["#,##0.00"]))
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF0000FF")
    for row, font in fonts:
        for cell in sheet[row]:
            cell.font = font
    book.save(path)
    return path


@pytest.mark.parametrize("font", [Font(strike=True), Font(color="FFFFFFFF"), Font(color=Color(theme=0))])
def test_lines_struck_through_or_not_to_be_seen_are_read_and_told(tmp_path: Path, font: Font) -> None:
    reading, lines = read(struck(tmp_path / "a.xlsx", (3, font), (5, font)))
    assert sum(line.amount for line in lines) == Decimal("211.50")
    assert codes(reading) == ["sheet.struck_rows"]
    assert "2 lines " in reading.problems[0].message
    assert "60.50 GBP" in reading.problems[0].message


def test_white_on_a_ground_and_a_struck_note_are_no_struck_lines(tmp_path: Path) -> None:
    path = struck(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for cell in sheet[4]:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF808080")
    sheet["D1"], sheet["D3"] = "Note", "was late"
    sheet["D3"].font = Font(strike=True)
    book.save(path)
    assert not read(path)[0].problems


def test_struck_lines_of_a_large_sheet_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Invoice date", "Supplier", "Amount GBP"])
    for index in range(20_000):
        sheet.append([date(2026, 1 + index % 9, 14), NAMES[index % 6], 10.25])
    for row in (7, 4_000, 8_999):
        sheet.cell(row, 3).font = Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    reading, lines = read(tmp_path / "a.xlsx")
    assert len(lines) == 20_000
    assert [(each.code, each.message[:8]) for each in reading.problems] == [("sheet.struck_rows", "3 lines ")]
