"""Who was paid, where no heading says so; sides of amounts by a letter and by the lines they fill. Made-up sheets."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import read, total, workbook

COMPANIES = [
    "Harbour Print Ltd",
    "Lumen Cloud Inc",
    "Kettle Media GmbH",
    "Vela Data plc",
    "Pine Studio Ltd",
    "Orrery SA",
]
PRACTICES = [
    "Ash Grove Practice",
    "Canal Side Centre",
    "Fern Bank Surgery",
    "Hill Top Clinic",
    "Mill Lane Practice",
]
SORTS = ["Advertising", "Software", "Events"]


def picked(reading: Any) -> dict[str, str]:
    """Field → heading of the sheet that is read."""
    used = next(sheet for sheet in reading.sheets if sheet.decision.used)
    return {choice.field: choice.header for choice in used.decision.columns}


def ledger(heading: str, names: list[str], sorts: list[str], lines: int = 24) -> list[list[Any]]:
    """A list whose second column is headed ``heading`` and whose third says what was bought."""
    rows: list[list[Any]] = [["Date", heading, "Memo", "Amount"]]
    for place in range(lines):
        day = date(2026, 3, 1 + place)
        rows.append([day, names[place % len(names)], sorts[place % len(sorts)], 100.25 + place])
    return rows


def test_accounts_named_after_companies_are_the_suppliers(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": ledger("Account name", COMPANIES, SORTS)}))
    assert not reading.questions
    assert picked(reading)["supplier"] == "Account name"
    assert picked(reading)["description"] == "Memo"
    assert {line.supplier for line in lines} == set(COMPANIES)


def test_accounts_named_after_companies_stand_before_months(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Account name", "Jan 2026", "Feb 2026", "Mar 2026"]]
    rows += [[name, 100.5 + place, 200.25, 300] for place, name in enumerate(COMPANIES)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert picked(reading)["supplier"] == "Account name"
    assert len(lines) == 18


def test_accounts_of_the_ledger_are_no_suppliers(tmp_path: Path) -> None:
    """The text of the lines says who was paid, and names more than there are accounts."""
    rows = ledger(
        "Account name",
        ["Advertising", "Software", "Travel", "Events", "Print", "Agencies"],
        COMPANIES + PRACTICES,
    )
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"GL": rows}))
    assert picked(reading)["gl_account"] == "Account name"
    assert {line.supplier for line in lines} == {*COMPANIES, *PRACTICES}


def test_names_of_accounts_beside_fewer_sorts_are_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Paid": ledger("Account name", [*PRACTICES, "Weir House"], SORTS)})
    reading, _ = read(path)
    assert [question.key for question in reading.questions] == ["Paid!supplier_column"]
    assert [choice.value for choice in reading.questions[0].choices] == ["B", "C", "none"]
    reading, lines = read(path, answers=(("Paid!supplier_column", "B"),))
    assert not reading.questions
    assert {line.supplier for line in lines} == {*PRACTICES, "Weir House"}
    reading, lines = read(path, answers=(("Paid!supplier_column", "none"),))
    assert not reading.questions
    assert not any(line.supplier for line in lines)


def test_another_company_in_each_line_is_who_was_paid(tmp_path: Path) -> None:
    people = [
        f"{name}, {first}" for name in ("Hart", "Moss", "Lund") for first in ("Ann", "Bo", "Cy", "Di", "Ed")
    ]
    rows = [[name, 50.5 + place] for place, name in enumerate(people)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": [["Company", "Amount"], *rows]}))
    assert {line.supplier for line in lines} == set(people)
    assert picked(reading)["supplier"] == "Company"


def test_a_company_of_many_lines_is_ours(tmp_path: Path) -> None:
    rows = ledger("Company", ["Alder Group", "Birch Group"], COMPANIES)
    rows[0][2] = "Supplier"
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert (picked(reading)["entity"], picked(reading)["supplier"]) == ("Company", "Supplier")


@pytest.mark.parametrize("charge, credit", [("S", "H"), ("D", "H"), ("D", "C")])
@pytest.mark.parametrize("sign", [" ", ""])
def test_a_letter_behind_the_cents_is_a_side(tmp_path: Path, charge: str, credit: str, sign: str) -> None:
    rows: list[list[Any]] = [["Datum", "Lieferant", "Betrag"]]
    rows += [
        [f"{day:02}.03.2026", COMPANIES[day % 6], f"1.0{day:02},50{sign}{charge}"] for day in range(1, 13)
    ]
    rows.append(["13.03.2026", COMPANIES[0], f"200,00{sign}{credit}"])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Buchungen": rows}))
    assert not reading.questions
    assert total(lines) == sum(Decimal(f"10{day:02}.50") for day in range(1, 13)) - 200


def test_a_letter_behind_a_whole_number_is_no_side(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Size", "Amount"]]
    rows += [[date(2026, 3, day), COMPANIES[day % 6], f"{day} H", 10.5] for day in range(1, 13)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert picked(reading)["amount"] == "Amount"
    assert total(lines) == Decimal("126.0")


@pytest.mark.parametrize("totals", [False, True])
def test_charges_and_credits_are_two_sides(tmp_path: Path, totals: bool) -> None:
    rows: list[list[Any]] = [["Date", "Supplier", "Charges", "Credits"]]
    rows += [[date(2026, 3, day), COMPANIES[day % 6], 100.25, None] for day in range(1, 20)]
    rows.append([date(2026, 3, 20), COMPANIES[0], None, 40.5])
    if totals:
        rows.append([None, "Total", 1904.75, 40.5])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert not reading.problems or {each.code for each in reading.problems} == {"currency.assumed"}
    assert len(lines) == 20
    assert total(lines) == Decimal("1864.25")


def test_credits_beside_what_is_charged_in_the_same_line_are_no_side(tmp_path: Path) -> None:
    """Credits used: a vendor's points, not money back."""
    rows: list[list[Any]] = [["Date", "Supplier", "Charges", "Credits"]]
    rows += [[date(2026, 3, day), COMPANIES[day % 6], 100.25, day] for day in range(1, 20)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert total(lines) == Decimal("1904.75")
    assert picked(reading)["amount"] == "Charges"


def test_many_companies_without_their_forms_are_asked_about(tmp_path: Path) -> None:
    rows = ledger("Company", [*PRACTICES, "Weir House", "Yew Tree Centre"], [*COMPANIES, *SORTS])
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert [question.key for question in reading.questions] == ["Paid!supplier_column"]


@pytest.mark.parametrize("sort", ["Merchant category", "Supplier type", "Vendor class"])
def test_a_sort_of_supplier_is_no_supplier(tmp_path: Path, sort: str) -> None:
    rows = ledger("Account name", COMPANIES, SORTS)
    rows = [
        [*row, sort if place == 0 else ["Media", "Software"][place % 2]] for place, row in enumerate(rows)
    ]
    reading, _ = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert picked(reading)["supplier"] == "Account name"


@pytest.mark.parametrize("heading", ["Total £", "Gesamt", "Total (GBP)"])
def test_one_month_beside_its_total_is_a_month(tmp_path: Path, heading: str) -> None:
    rows: list[list[Any]] = [["COMPANY", "Aug-25", heading]]
    rows += [[name, 100.5 + place, 100.5 + place] for place, name in enumerate([*COMPANIES, *PRACTICES])]
    rows.append(["Total expenditure", 1160.5, 1160.5])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert not reading.questions
    assert {line.period for line in lines} == {date(2025, 8, 1)}
    assert total(lines) == Decimal("1160.5")
    assert len({line.supplier for line in lines}) == 11


def test_one_month_beside_the_total_of_a_year_is_not_what_is_read(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Supplier", "Aug-25", "Total £"]]
    rows += [[name, 100.5 + place, 900.25] for place, name in enumerate(COMPANIES)]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Paid": rows}))
    assert total(lines) == Decimal("5401.50")
    assert "spend.undated" in {each.code for each in reading.problems}
