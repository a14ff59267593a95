"""What rows of contracts and tools say against each other: days, lines that come again, one vendor, tools twice."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file


def taken(
    path: Path, kind: Kind, rows: Any, *answers: tuple[str, str]
) -> tuple[Reading, list[dict[str, Any]]]:
    reading, lines = read(text_file(path / "list.csv", rows), kind, answers=answers)
    return reading, [line.values for line in lines]


HEAD = ["Vendor", "Product", "Start date", "End date", "Term (months)", "Notice days", "Notice by"]


@pytest.mark.parametrize(
    "row, said",
    [
        (["2026-01-01", "2025-12-31", "", "", ""], "before the start"),
        (["2026-01-01", "2026-12-31", "36", "", ""], "longer than the days"),
        (["2026-01-01", "2026-12-31", "12", "30", "2027-02-01"], "after the end"),
        (["2026-01-01", "2026-12-31", "12", "90", "2026-12-01"], "not the notice period"),
        (["2026-01-01", "2026-12-31", "12", "90", "2026-10-02"], ""),
        (["2020-01-01", "2026-12-31", "36", "", ""], ""),  # renewed since
    ],
)
def test_days_that_contradict_one_another_are_told(tmp_path: Path, row: list[str], said: str) -> None:
    other = ["Daw Inc", "Post", "2026-02-01", "2027-01-31", "12", "30", "2027-01-01"]
    reading = taken(tmp_path, Kind.CONTRACTS, [HEAD, ["Crow Ltd", "Mail", *row], other])[0]
    told = [problem.message for problem in reading.problems if problem.code == "contract.days_differ"]
    assert [said in message for message in told] == ([True] if said else [])


def test_lines_that_may_be_one_contract_are_told(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Product", "Contract number", "Start date", "End date", "Annual value"],
        ["Crow Ltd", "Mail", "C-1", "2026-01-01", "2026-12-31", "120"],
        ["Crow Ltd", "Mail", "C-1-A1", "2026-01-01", "2027-12-31", "250"],
        ["Daw Inc", "Post", "C-2", "2026-01-01", "2026-12-31", "250"],
    ]
    assert "contract.lines_again" in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])
    rows[2][1] = "Calls"
    assert "contract.lines_again" not in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])


def test_one_vendor_for_all_contracts_is_told(tmp_path: Path) -> None:
    rows = [
        ["Company", "Product", "End date", "Annual value"],
        *[["Our House plc", f"Thing {place}", "2026-12-31", f"{place}0"] for place in range(1, 7)],
    ]
    assert "contract.one_vendor" in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])
    rows[3][0] = "Crow Ltd"
    assert "contract.one_vendor" not in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])


def test_a_tool_in_several_rows_is_told(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Seats", "Annual cost"],
        ["Acme", "Crow", "20", "144"],
        ["Acme", "Crow", "5", "22"],
    ]
    reading = taken(tmp_path, Kind.INVENTORY, rows)[0]
    assert "inventory.tool_again" in codes(reading)
    rows[2][0] = "Bolt"
    assert "inventory.tool_again" not in codes(taken(tmp_path, Kind.INVENTORY, rows)[0])


def test_rhythms_of_two_years_are_heard_and_unknown_ones_told(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Cost", "Billing cycle"],
        ["Acme", "Crow", "249", "biennial"],
        ["Bolt", "Daw", "120", "every full moon"],
        ["Cork", "Elk", "10", "monthly"],
    ]
    reading, values = taken(tmp_path, Kind.INVENTORY, rows)
    assert [each["yearly_cost"] for each in values] == [Decimal("124.5"), 120, 120]
    told = [problem for problem in reading.problems if problem.code == "price.span_assumed"]
    assert [(problem.cell, "full moon" in problem.message) for problem in told] == [("C3", True)]


def test_what_was_spent_of_a_contract_is_no_price_of_it(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Contract number", "Contract agency", "Contract amount spent", "End date"],
        ["Crow Ltd", "C-1", "North", "48.25", "2026-12-31"],
        ["Daw Inc", "C-2", "North", "9.90", "2026-11-30"],
    ]
    reading, values = taken(tmp_path, Kind.CONTRACTS, rows)
    assert [(each["reference"], each.get("amount")) for each in values] == [("C-1", None), ("C-2", None)]
    assert "columns.unread" in codes(reading)


def test_contracts_among_what_was_spent_are_told(tmp_path: Path) -> None:
    rows = [
        ["Contract number", "Vendor", "Contract value", "Start date", "End date"],
        ["C-1", "Crow Ltd", "384.00", "2024-04-01", "2027-03-31"],
        ["C-2", "Daw Inc", "56.50", "2026-01-01", "2026-12-31"],
    ]
    reading = read(text_file(tmp_path / "list.csv", rows))[0]
    assert "spend.agreed_lines" in codes(reading)
    paid = [[*row[:3], row[3]] for row in rows]
    paid[0] = ["Contract number", "Vendor", "Amount", "Payment date"]
    assert "spend.agreed_lines" not in codes(read(text_file(tmp_path / "paid.csv", paid))[0])


def test_the_party_that_differs_is_the_vendor(tmp_path: Path) -> None:
    rows = [
        ["Ref", "Party A", "Party B", "Effective date", "Spent to date"],
        *[
            [f"P-{place}", "Our Council", f"Firm {place} Ltd", "2026-01-01", f"{place}45000"]
            for place in range(1, 6)
        ],
    ]
    reading, values = taken(tmp_path, Kind.CONTRACTS, rows)
    assert [each["vendor"] for each in values] == [f"Firm {place} Ltd" for place in range(1, 6)]
    assert "end" not in {choice.field for choice in reading.decision.sheets[0].columns}


def test_answers_are_no_description_and_a_price_beside_seats_is_told(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Seats", "Price", "In use?"],
        ["Acme", "Crow", "20", "144", "Yes"],
        ["Bolt", "Daw", "5", "22", "No"],
    ]
    reading, values = taken(tmp_path, Kind.INVENTORY, rows)
    assert all("description" not in each for each in values)
    assert {"rows.state_unread", "price.span_assumed"} <= set(codes(reading))
    rows[0][3] = "Total price"
    assert "price.span_assumed" not in codes(taken(tmp_path, Kind.INVENTORY, rows)[0])


def test_amounts_that_are_not_units_times_their_price_are_told(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Product", "Quantity", "Unit price", "Annual value", "End date"],
        ["Crow Ltd", "Mail", "10", "12", "1440", "2026-12-31"],  # the price of a month
        ["Daw Inc", "Post", "5", "20", "1200", "2026-11-30"],
    ]
    assert "contract.price_differs" in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])
    rows[1][3], rows[2][3] = "144", "230"  # with a discount
    assert "contract.price_differs" not in codes(taken(tmp_path, Kind.CONTRACTS, rows)[0])
