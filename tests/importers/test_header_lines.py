"""Headings broken over two rows with nothing merged, and rows below a header that go on with no heading. Made-up."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize("heading", ["GBP", "GBP *", "(GBP)", "£"])
def test_a_currency_heads_whole_amounts(tmp_path: Path, heading: str) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Currency", "Period", heading]]
    rows += [[date(2026, 3, day), NAMES[day % 4], "GBP", 3, 100 + day] for day in range(1, 13)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert picked(reading)["amount"] == heading
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


def test_words_that_only_end_a_heading_are_no_line(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Company", "Effective", "Narrative", "Spend", "Merchant"],
        [None, "date", None, None, "category"],
    ]
    rows += [[NAMES[day % 4], date(2026, 3, day), "Licences", 100.25, "Software"] for day in range(1, 13)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert reading.sheets[0].decision.header_rows == (1, 2)
    assert picked(reading)["supplier"] == "Company"
    assert len(lines) == 12


def test_a_header_of_known_words_is_no_line_of_a_grouped_list(tmp_path: Path) -> None:
    heads = ["Supplier/Payee *", "What for *", "Currency", "Entity", "Cost centre", "Merchant category"]
    rows: list[list[Any]] = [[*heads, "Sum of amount *", "Posting date *", "Due date"]]
    for name in NAMES:
        rows.append([name, *[None] * 8])
        for day in range(1, 5):
            what = ["Media", "Licences"][day % 2]
            cells = [what, "GBP", "Company 01", "4410", ["Software", "Services"][day % 2], 100.25 + day]
            rows.append([None, *cells, f"202603{day:02}", date(2026, 4, day)])
        rows.append([None, "Subtotal", *[None] * 4, 411, None, None])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert reading.sheets[0].decision.header_rows == (1,)
    assert {line.supplier for line in lines} == set(NAMES)
    assert total(lines) == 1644
    assert not reading.problems


def test_groups_of_one_line_have_totals(tmp_path: Path) -> None:
    """*Vendor total* below the one line of each vendor, with its amount once more."""
    rows: list[list[Any]] = [["Vendor", "Due date", "Type", "Value", "Invoice date", "For"]]
    for place, name in enumerate(NAMES):
        rows.append([name, None, None, None, None, None])
        rows.append([None, date(2026, 4, 1), "Company", 100.25 + place, date(2026, 3, 1), "Media"])
        rows.append([None, None, None, 100.25 + place, None, "Vendor total"])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"By vendor": rows}))
    assert {line.supplier for line in lines} == set(NAMES)
    assert total(lines) == Decimal("407.00")
    assert not {each.code for each in reading.problems} - {"currency.assumed"}


def test_a_supplier_called_total_is_none(tmp_path: Path) -> None:
    """Undated lines that end in *total* and are the sum of nothing."""
    rows: list[list[Any]] = [["Supplier", "For", "Value"]]
    for place in range(4):
        rows += [["Pine Studio", "Media", 50 + place], ["Fleet Total", "Fuel", 20.5 + place]]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert len(lines) == 8
    assert total(lines) == Decimal("294.0")
