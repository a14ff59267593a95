"""Rates as central banks print them: a head of several lines, so many units in a heading, several series in a list."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from mopsaudit.problems import RefusedError
from tests.importers.builders import codes, read, workbook

DAY, NEXT = date(2026, 1, 5), date(2026, 1, 6)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rates(path: Path, base: str, **options: Any) -> dict[tuple[str, date], Decimal]:
    reading, lines = read(path, Kind.RATES, base_currency=base, **options)
    assert not reading.questions, reading.questions
    assert all(line.values["to"] == base for line in lines)
    found = {(line.values["from"], line.values["valid_from"]): line.values["rate"] for line in lines}
    assert len(found) == len(lines)
    return found


def test_so_many_units_in_each_heading_and_lines_that_are_none(tmp_path: Path) -> None:
    text = (
        "date;1USD;100HUF;10000IDR;no;table\n;dollar;forint;rupiah;;\n20260105;3,9432;1,1365;2,5489;1;1/A\n"
        "20260106;3,9909;1,1462;2,5781;2;2/A\ncode;USD;HUF;IDR;;\nunits;1;100;10000;;\n"
    )
    path = written(tmp_path / "a.csv", text)
    found = rates(path, "PLN")
    assert found == {
        ("USD", DAY): Decimal("3.9432"),
        ("HUF", DAY): Decimal("0.011365"),
        ("IDR", DAY): Decimal("0.00025489"),
        ("USD", NEXT): Decimal("3.9909"),
        ("HUF", NEXT): Decimal("0.011462"),
        ("IDR", NEXT): Decimal("0.00025781"),
    }
    reading, _ = read(path, Kind.RATES, base_currency="PLN")
    assert "currency.assumed" in codes(reading)
    reading, lines = read(
        path, Kind.RATES, base_currency="USD"
    )  # it has a rate here, so they are not into it
    assert [question.key for question in reading.questions] == ["into"]
    assert not lines


def test_a_head_of_lines_of_which_one_says_what_one_unit_buys(tmp_path: Path) -> None:
    rows = [
        ["TABLE 11 RATES"],
        ["Title", "A$1=USD", "Index May 1970 = 100", "A$1=JPY"],
        ["Units", "USD", "Index", "JPY"],
        ["Source", "Bank", "Bank", "Bank"],
        ["Series ID", "X1", "X2", "X3"],
        [DAY, 0.5, 61.7, 80],
        [NEXT, 0.8, 61.4, 100],
    ]
    found = rates(workbook(tmp_path / "a.xlsx", rows), "AUD")
    assert found[("USD", DAY)] == 2
    assert found[("JPY", NEXT)] == Decimal("0.01")
    assert len(found) == 4


def test_flags_and_days_without_a_rate(tmp_path: Path) -> None:
    text = (
        '"";X.USD;X.USD_FLAGS;X.JPY;X.JPY_FLAGS\n"";Reference / 1 EUR = ... USD / United States;"";'
        "Reference / 1 EUR = ... JPY / Japan;\nUnit;USD;;JPY;\nUpdated;02.06.2026;;02.06.2026;\n"
        "2026-01-01;.;No value;.;No value\n2026-01-05;1,25;;160,00;\n2026-01-06;1,60;;200,00;\n"
    )
    found = rates(written(tmp_path / "a.csv", text), "EUR")
    assert found[("USD", DAY)] == Decimal("0.8")
    assert found[("JPY", NEXT)] == Decimal("0.005")
    assert len(found) == 4


def head(first: str = "Currency:_Per_EUR") -> list[list[Any]]:
    return [
        ["Series Description", "Dollar index", "Euro", "Canadian dollar"],
        ["Unit:", "Index", first, "Currency:_Per_USD"],
        ["Currency:", "NA", "USD", "CAD"],
        ["Time Period", "A", "B", "C"],
        ["2026-01-05", 119.2, 1.25, 1.6],
        ["2026-01-06", "ND", "ND", "ND"],
        ["2026-01-07", 119.4, 1.2, 1.28],
    ]


def test_columns_of_either_side_are_each_turned_as_they_say(tmp_path: Path) -> None:
    found = rates(workbook(tmp_path / "a.xlsx", head()), "USD")
    assert found[("EUR", DAY)] == Decimal("1.25")
    assert found[("CAD", DAY)] == Decimal("0.625")
    assert len(found) == 4


def test_a_side_that_the_sizes_gainsay_is_asked(tmp_path: Path) -> None:
    rows = [
        ["Date", "USD/EUR", "USD/JPY"],
        [DAY, 1.25, 0.008],
        [NEXT, 1.2, 0.007],
    ]  # dollars for one euro, for a yen
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows), Kind.RATES, base_currency="USD")
    assert [question.key for question in reading.questions] == ["Spend!B.one_unit"]
    assert not lines
    found = rates(workbook(tmp_path / "b.xlsx", rows), "USD", answers=(("Spend!B.one_unit", "column"),))
    assert found[("JPY", DAY)] == Decimal("0.008")


@pytest.mark.parametrize("second", ["CHF", "100 JPY"])
def test_a_column_that_says_less_than_the_others_leaves_no_rates_out(tmp_path: Path, second: str) -> None:
    rows = [["Date", "EUR/USD", second], [DAY, 1.25, 0.95], [NEXT, 1.2, 0.94]]
    with pytest.raises(RefusedError):
        read(workbook(tmp_path / "a.xlsx", rows), Kind.RATES, base_currency="EUR")


CROWNS = (
    "05.01.2026 #3\ncountry|currency|amount|code|rate\n"
    "Australia|dollar|1|AUD|16,443\nHungary|forint|100|HUF|6,655\n"
)


def test_sizes_tell_the_decimal_mark_and_a_line_above_the_day(tmp_path: Path) -> None:
    found = rates(written(tmp_path / "a.csv", CROWNS), "CZK")
    assert found == {("AUD", DAY): Decimal("16.443"), ("HUF", DAY): Decimal("0.06655")}


def test_a_mark_that_sizes_do_not_tell_is_asked(tmp_path: Path) -> None:
    text = "Date,Currency,Rate\n2026-01-05,XOF,0.123\n2026-01-05,XPF,1.234\n"
    reading, _ = read(written(tmp_path / "a.csv", text), Kind.RATES, base_currency="EUR")
    assert [question.key for question in reading.questions if "mark" in question.key] == []
    text = "Date;Currency;Rate\n2026-01-05;UZS;1,234\n2026-01-05;LBP;2,345\n"
    reading, _ = read(written(tmp_path / "b.csv", text), Kind.RATES, base_currency="EUR")
    assert "C.decimal_mark" in [question.key for question in reading.questions]


def test_two_days_above_a_list_are_none_of_its_own(tmp_path: Path) -> None:
    text = CROWNS.replace("#3", "to 06.01.2026")
    _, lines = read(written(tmp_path / "a.csv", text), Kind.RATES, base_currency="CZK")
    assert [line.values.get("valid_from") for line in lines] == [None, None]


SERIES = '"Cube";"x"\n"Date";"D0";"D1";"Value"\n' + "".join(
    f'"2026-01";"{kind}";"{code}";"{rate}"\n'
    for kind, code, rate in (
        ("M0", "EUR1", "0.9388"),
        ("M1", "EUR1", "0.9301"),
        ("M0", "JPY100", "0.5123"),
        ("M1", "JPY100", "0.5001"),
    )
)


def test_several_series_of_one_currency_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", SERIES)
    reading, lines = read(path, Kind.RATES, base_currency="CHF")
    (question,) = reading.questions
    assert question.key == "B.series"
    assert [choice.value for choice in question.choices] == ["M0", "M1"]
    assert not lines
    month = date(2026, 1, 1)
    assert rates(path, "CHF", answers=(("B.series", "M1"),)) == {
        ("EUR", month): Decimal("0.9301"),
        ("JPY", month): Decimal("0.005001"),
    }


def test_the_middle_of_three_rates_is_taken_and_a_missing_one_is_named(tmp_path: Path) -> None:
    rows = [
        [
            "Datum primjene",
            "Valuta",
            "Jedinica",
            "Kupovni za devize",
            "Srednji za devize",
            "Prodajni za devize",
        ],
        [DAY, "HUF", 100, 1.98, 2.0, 2.02],
        [DAY, "USD", 1, 6.9, 7.0, 7.1],
        [DAY, "GBP", 1, None, None, None],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    found = rates(path, "RSD")
    assert found == {("HUF", DAY): Decimal("0.02"), ("USD", DAY): Decimal(7)}
    reading, _ = read(path, Kind.RATES, base_currency="RSD")
    assert [problem.message for problem in reading.problems if problem.rejected] == ["Row 4 has no rate."]


@pytest.mark.parametrize("numbers", [[1, 100, 1], ["1", "100", "1"]])
def test_a_line_below_the_codes_counts_their_units(tmp_path: Path, numbers: list[Any]) -> None:
    rows = [
        ["Day/ISO", "AUD", "JPY", "USD"],
        ["Unit", *numbers],
        [DAY, 233.22, 245.13, 347.01],
        [NEXT, 233.8, 244, 348],
    ]
    found = rates(workbook(tmp_path / "a.xlsx", rows), "HUF")
    assert found[("JPY", DAY)] == Decimal("2.4513")
    assert found[("AUD", NEXT)] == Decimal("233.8")
    assert len(found) == 6


def test_what_the_rates_are_into_stands_in_a_column_of_denominators(tmp_path: Path) -> None:
    rows = [
        ["KEY", "CURRENCY", "CURRENCY_DENOM", "TIME_PERIOD", "OBS_VALUE"],
        ["X.USD", "USD", "EUR", "2026-01-05", 1.25],
        ["X.SEK", "SEK", "EUR", "2026-01-05", 10],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows), Kind.RATES, base_currency="CHF")
    assert "currency.assumed" not in codes(reading)
    assert [(line.values["from"], line.values["to"]) for line in lines] == [("USD", "EUR"), ("SEK", "EUR")]
    assert lines[0].values["rate"] == Decimal("0.8")
