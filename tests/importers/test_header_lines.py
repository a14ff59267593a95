"""Headings broken over two rows with nothing merged, and rows below a header that go on with no heading. Made-up."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.importers.builders import read, total, workbook

NAMES = ["Harbour Print Ltd", "Lumen Cloud Inc", "Kettle Media GmbH", "Vela Data plc"]


def table(upper: list[Any], lower: list[Any]) -> list[list[Any]]:
    rows = [upper, lower]
    rows += [
        [date(2026, 3, day), "Software", 4400 + day, NAMES[day % 4], 100.25, date(2026, 4, day), "4410"]
        for day in range(1, 13)
    ]
    return rows


def picked(reading: Any) -> dict[str, str]:
    """Field → heading of the sheet that is read."""
    used = next(sheet for sheet in reading.sheets if sheet.decision.used)
    return {choice.field: choice.header for choice in used.decision.columns}


def test_words_broken_over_two_rows_are_one_heading(tmp_path: Path) -> None:
    """*Merchant* above *category* names no supplier."""
    rows = table(
        ["Date", "Merchant", "Payment", "Creditor", "Spend", "Due", "Cost"],
        ["paid", "category", "number", None, None, "date", "centre"],
    )
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert not reading.questions
    assert reading.sheets[0].decision.header_rows == (1, 2)
    assert picked(reading)["supplier"] == "Creditor"
    assert picked(reading)["date"] == "Date paid"
    assert {line.supplier for line in lines} == set(NAMES)
    assert total(lines) == Decimal("1203.00")


def test_a_first_line_of_unknown_values_is_no_heading(tmp_path: Path) -> None:
    rows = table(
        ["Date", "Type", "Payment number", "Creditor", "Spend", "Due date", "Cost centre"],
        ["TBC", "Software", "TBC", "Pine Studio", "TBC", "TBC", None],
    )
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert reading.sheets[0].decision.header_rows == (1,)
    assert "spend.amount.unreadable" in {each.code for each in reading.problems}
    assert len(lines) == 12


def test_a_first_line_with_its_amount_is_no_heading(tmp_path: Path) -> None:
    rows = table(
        ["Date", "Type", "Payment number", "Creditor", "Spend", "Due date", "Cost centre"],
        ["see mail", "Software", "open", "Pine Studio", 55.5, "when paid", None],
    )
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert reading.sheets[0].decision.header_rows == (1,)
    assert total(lines) == Decimal("1258.50")


def test_a_currency_heads_whole_amounts(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Currency", "Period", "GBP"]]
    rows += [[date(2026, 3, day), NAMES[day % 4], "GBP", 3, 100 + day] for day in range(1, 13)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert picked(reading)["amount"] == "GBP"
    assert total(lines) == Decimal(1278)


def test_a_subtotal_says_the_whole_of_a_long_name(tmp_path: Path) -> None:
    long = "Signature Hotels and Conference Centres (Holdings) Ltd t/a The Old Rectory Park Hotel and Spa"
    rows: list[list[Any]] = [["Date", "Supplier", "Amount"]]
    for name in (*NAMES, long):
        rows += [[date(2026, 3, day), name, 100.25 + day] for day in range(1, 3)]
        rows.append([None, f"Zwischensumme {name}", 203.5])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert len(lines) == 10
    assert total(lines) == Decimal("1017.50")
    assert not {each.code for each in reading.problems} - {"currency.assumed"}


def test_one_column_of_numbers_is_enough_where_both_rows_are_known_words(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Journal", "Day", "Cost", "Creditor", "Merchant", "Amount"],
        [None, None, "centre", None, "category", "in local currency"],
    ]
    rows += [
        [f"J{day}", date(2026, 3, day), "CC-100", NAMES[day % 4], "Software", 100.25] for day in range(1, 13)
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert reading.sheets[0].decision.header_rows == (1, 2)
    assert picked(reading)["supplier"] == "Creditor"
    assert len(lines) == 12
