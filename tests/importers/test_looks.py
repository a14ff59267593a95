"""What a cell shows beside its value: signs and currencies of its number format."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from importers.currencies import credit_format, currency_in_format, written_minus
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
