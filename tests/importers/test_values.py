"""Amounts, dates and months as finance writes them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from importers.amounts import Shape, amount_text, amount_value, decimal_mark
from importers.currencies import currency_in_format, currency_in_heading, currency_of_text
from importers.dates import date_order, date_readings, date_value, month_value, serial_date
from importers.texts import fold
from mopsaudit.money import told_amount
from tests.importers.builders import read, workbook


@pytest.mark.parametrize(
    "text, value",
    [
        ("1,234.50", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("1.234,50 €", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50 EUR", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1,234.50-", "-1234.50"),
        ("1,234.50 CR", "-1234.50"),
        ("1,234.50 DR", "1234.50"),
        ("-£1,234.50", "-1234.50"),
        ("£-1,234.50", "-1234.50"),
        ("£ (1,234.50)", "-1234.50"),
        ("(£1,234.50)", "-1234.50"),
        ("\u2212 12.5", "-12.5"),
        ("GBP 12.50", "12.50"),
        ("12.50 GBP", "12.50"),
        ("US$ 1,000.00", "1000.00"),
        ("1,23,456.78", "123456.78"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        (".5", "0.5"),
        ("+ 7", "7"),
        (" - ", "0"),
        ("£ -", "0"),
        ("\u200b42\u200b", "42"),
        ("１２３．５０", "123.50"),
        ("99999999999999.99", "99999999999999.99"),
    ],
)
def test_an_amount_that_reads_one_way_is_read(text: str, value: str) -> None:
    parts = amount_text(text)
    assert parts is not None
    assert amount_value(parts, None) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234", "1,234", "(1,234)", "£1.234", "999.999-"])
def test_an_amount_that_reads_two_ways_is_never_guessed(text: str) -> None:
    parts = amount_text(text)
    assert parts is not None
    assert amount_value(parts, None) is None
    assert amount_value(parts, ".") != amount_value(parts, ",")


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "12.34.56",
        "12%",
        "########",
        "1 2 3",
        "--5-",
        "N/A",
        "1.5E+05",
        "12:30",
        "5 apples",
        "1.234.56",
        "TRUE",
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    parts = amount_text(text)
    assert parts is None or amount_value(parts, ".") is None


def test_the_mark_of_a_column_comes_from_its_own_cells() -> None:
    def evidence(*texts: str) -> tuple[str | None, bool]:
        found = decimal_mark(parts for text in texts if (parts := amount_text(text)))
        return found.mark, found.undecided

    assert evidence("1.234", "12.50") == (".", False)
    assert evidence("1.234", "12,50") == (",", False)
    assert evidence("1.234", "2.500") == (None, True)
    assert evidence("1,234", "2,500", "850") == (None, True)
    assert evidence("1.234,50", "1,234.50") == (None, False)
    assert evidence("1.234,50", "1,234.50", "1.234") == (None, True)
    # Three digits after every mark, some ending in 0, and small amounts without any: only thousands read so.
    assert evidence(*[f"{n},{n}0" for n in range(11, 41)], "850") == (".", False)


@pytest.mark.parametrize(
    "text, order, day",
    [
        ("31/01/2026", None, date(2026, 1, 31)),
        ("1/31/2026", None, date(2026, 1, 31)),
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("03/04/2026", "mdy", date(2026, 3, 4)),
        ("2026-04-03", None, date(2026, 4, 3)),
        ("2026-04-03 00:00:00", None, date(2026, 4, 3)),
        ("2026-04-03T10:11:12Z", None, date(2026, 4, 3)),
        ("2019/07/11 15:36:14", None, date(2019, 7, 11)),
        ("20260403", None, date(2026, 4, 3)),
        ("03.04.2026", None, date(2026, 4, 3)),
        ("12-Mar-12", None, date(2012, 3, 12)),
        ("12 Mar 2023", None, date(2023, 3, 12)),
        ("Mar 14, 2024", None, date(2024, 3, 14)),
        ("14. März 2024", None, date(2024, 3, 14)),
        ("Mon, 3 Mar 2025", None, date(2025, 3, 3)),
        ("5 de", None, None),
        ("00:00:00", None, None),
        ("99/9999999", None, None),
        ("31/02/2026", None, None),
        ("2026-13-01", None, None),
    ],
)
def test_dates(text: str, order: str | None, day: date | None) -> None:
    assert date_value(text, order) == day


def test_a_day_that_is_its_own_month_reads_one_way() -> None:
    assert set(date_readings("05/05/2026").values()) == {date(2026, 5, 5)}
    assert date_value("05/05/2026", None) == date(2026, 5, 5)


def test_the_order_of_a_column_comes_from_its_own_cells() -> None:
    assert date_order(["03/04/2026", "13/04/2026"]).order == "dmy"
    assert date_order(["03/04/2026", "04/13/2026"]).order == "mdy"
    assert date_order(["03/04/2026", "05/06/2026"]).undecided
    assert date_order(["13/04/2026", "04/13/2026", "03/04/2026"]).undecided
    assert not date_order(["2026-01-02", "05/05/2026"]).undecided


@pytest.mark.parametrize(
    "text, month",
    [
        ("Apr-20", date(2020, 4, 1)),
        ("2024-03", date(2024, 3, 1)),
        ("03/2024", date(2024, 3, 1)),
        ("202403", date(2024, 3, 1)),
        ("März 2024", date(2024, 3, 1)),
        ("2024 M03", date(2024, 3, 1)),
        ("Sept. 2024", date(2024, 9, 1)),
        ("Total", None),
        ("May Ltd", None),
        ("2024-13", None),
    ],
)
def test_months(text: str, month: date | None) -> None:
    assert month_value(text) == month


def test_both_date_systems() -> None:
    assert serial_date(44136, date_1904=False) == date(2020, 11, 1)
    assert serial_date(44136 - 1462, date_1904=True) == date(2020, 11, 1)
    assert serial_date(12, date_1904=False) is None


def test_currencies() -> None:
    assert currency_of_text("eur") == "EUR"
    assert currency_of_text("$", "CAD") == "CAD"
    assert currency_of_text("$", "GBP") == "USD"
    assert currency_in_heading("Net value £") == "GBP"
    assert currency_in_heading("Amount (EUR)") == "EUR"
    assert currency_in_heading("in k€") == "EUR"
    assert currency_in_heading("TOTAL ALL") is None
    assert currency_in_format("[$€-407] #,##0.00") == "EUR"
    assert currency_in_format('"£"#,##0.00') == "GBP"
    assert currency_in_format("#,##0.00") is None


def test_fold_removes_what_nobody_sees() -> None:
    assert fold("\ufeffACME\u200b \u00a0 Ltd\n") == "ACME Ltd"
    assert amount_text("1.234,5") is not None
    parts = amount_text("1.234,5")
    assert parts is not None
    assert parts.shape is Shape.COMMA


def test_sums_in_sentences_are_told_as_money(tmp_path: Path) -> None:
    rows = [
        ["Date", "Description", "Amount"],
        ["2026-01-02", "ACME Ltd", 1234567.5],
        ["2026-01-03", "PAYMENT RECEIVED - THANK YOU", -2310.4],
        ["2026-01-04", "Beta Ltd", 10],
        [None, "Total", 1232268.1],
    ]
    reading, _ = read(workbook(tmp_path / "a.xlsx", rows))
    told = {problem.code: problem.message for problem in reading.problems}
    assert told["spend.not_spend"].startswith("−2,310.40 GBP in C3 ")
    assert (
        "says 1,232,268.10 GBP; its lines come to 1,232,267.10 GBP, a difference of 1.00 GBP"
        in told["sheet.total.differs"]
    )


@pytest.mark.parametrize(
    "value, currency, told",
    [
        ("-2310.4", "GBP", "−2,310.40 GBP"),
        ("1200", "JPY", "1,200 JPY"),
        ("0.0040", "EUR", "0.004 EUR"),
        ("99999999999999999999999999999.99", "KWD", "99,999,999,999,999,999,999,999,999,999.990 KWD"),
    ],
)
def test_an_amount_in_a_sentence(value: str, currency: str, told: str) -> None:
    assert told_amount(Decimal(value), currency) == told
