"""Inventory, contracts, orders, people, budgets, benefits and rates as their owners keep them."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from importers.fields import FIELDS
from importers.templates import template_fields, write_template
from mopsaudit.intake.contract import Kind, Layout
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, workbook

D = datetime
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def values(path: Path, kind: Kind, **options: Any) -> list[dict[str, Any]]:
    reading, rows = read(path, kind, **options)
    assert not reading.questions
    return [dict(row.values) for row in rows]


def test_an_inventory_with_a_total_row(tmp_path: Path) -> None:
    rows = [
        ["Martech stack, as of June"],
        [],
        [
            "Application",
            "Supplier",
            "Category",
            "Business owner",
            "Lifecycle",
            "Licences",
            "Annual cost",
            "Ccy",
            "URL",
        ],
        [
            "HubSpot",
            "HubSpot Inc",
            "Performance Management",
            "ann@example.org",
            "Live",
            50,
            24000,
            "EUR",
            "hubspot.com",
        ],
        ["Canva", None, None, None, "Pilot", None, "1,200.00", "USD", None],
        ["Total", None, None, None, None, 50, 25200],
    ]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.INVENTORY)
    assert [row["tool"] for row in found] == ["HubSpot", "Canva"]
    assert found[0]["status"] == "active"
    assert found[1]["status"] == "trial"
    assert (found[1]["yearly_cost"], found[1]["currency"], found[1]["vendor"]) == (
        Decimal("1200.00"),
        "USD",
        None,
    )
    assert "notes" not in found[0]


def test_a_monthly_cost_is_taken_times_twelve(tmp_path: Path) -> None:
    found = values(workbook(tmp_path / "a.xlsx", [["Tool", "Monthly cost"], ["CRM", 100]]), Kind.INVENTORY)
    assert found[0]["yearly_cost"] == 1200


def test_contracts_with_terms_in_columns_and_in_words(tmp_path: Path) -> None:
    rows = [
        [
            "Vendor",
            "Product",
            "Contract no",
            "Start date",
            "Renewal date",
            "Term",
            "Notice period",
            "Annual value (EUR)",
            "Seats",
            "Auto-renew",
            "Terms",
        ],
        ["ACME", "Hub", "C-1", D(2024, 1, 1), D(2027, 1, 1), "3 years", "3 months", 24000, 50, "Yes", None],
        [
            "Beta",
            "Suite",
            "C-2",
            D(2025, 3, 1),
            D(2028, 3, 1),
            None,
            None,
            1000.5,
            "20 seats",
            None,
            "36 months, auto-renews annually, 90 days' notice",
        ],
        ["Total", None, None, None, None, None, None, 25000.5],
    ]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert len(found) == 2
    first, second = found
    assert (first["initial_months"], first["notice"], first["notice_unit"], first["auto_renew"]) == (
        36,
        3,
        "months",
        True,
    )
    assert first["end_kind"] == "renewal_date"
    assert (second["initial_months"], second["renewal_months"], second["auto_renew"]) == (36, 12, True)
    assert (second["notice"], second["notice_unit"], second["quantity"]) == (90, "days", 20)


@pytest.mark.parametrize("said, auto", [("auto", True), ("no", False)])
def test_a_renewal_column_of_words_is_how_it_renews(said: str, auto: bool, tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Start date", "Term", "Notice", "Renewal", "Price/seat", "Seats"],
        ["ACME", D(2025, 2, 1), "12 months", "90 days", said, 12.5, 40],
        ["Beta", D(2025, 2, 1), "12 months", "90 days", said, 10, 10],
    ]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert [row["auto_renew"] for row in found] == [auto, auto]
    assert [row["unit_price"] for row in found] == [Decimal("12.5"), 10]
    assert "end" not in found[0]


def test_a_renewal_column_of_dates_is_an_end(tmp_path: Path) -> None:
    rows = [["Supplier", "Start date", "Renewal"], ["ACME", D(2025, 2, 1), D(2026, 2, 1)]]
    (found,) = values(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert (found["end"], found["end_kind"]) == (date(2026, 2, 1), "renewal_date")


@pytest.mark.parametrize(
    "heading, metric",
    [("Seats", "named_seat"), ("Number of users", "named_seat"), ("Licences", None), ("Qty", None)],
)
def test_a_column_of_seats_counts_seats(heading: str, metric: str | None, tmp_path: Path) -> None:
    rows = [["Supplier", "Start date", heading], ["ACME", D(2025, 2, 1), 40], ["Beta", D(2025, 2, 1), None]]
    first, second = values(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert (first["quantity"], first.get("licence_metric")) == (40, metric)
    assert second.get("licence_metric") is None


def test_a_term_that_says_more_than_its_length_is_heard_out(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Start date", "Term"],
        ["ACME", D(2025, 2, 1), "36 months, auto-renews annually, 90 days' notice"],
        ["Beta", D(2025, 2, 1), "12 months"],
    ]
    first, second = values(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert (first["initial_months"], first["renewal_months"], first["auto_renew"]) == (36, 12, True)
    assert (first["notice"], first["notice_unit"]) == (90, "days")
    assert second["initial_months"] == 12
    assert second.get("auto_renew") is None


def test_orders(tmp_path: Path) -> None:
    rows = [
        ["PO Number", "Vendor", "Order date", "Description", "Order value", "Currency", "Status"],
        ["4500", "ACME", D(2026, 1, 5), "Licences", 1000, "EUR", "Open"],
        ["4501", "Beta", D(2026, 1, 6), "Events", 500, "EUR", "Fully invoiced"],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", rows), Kind.ORDERS)
    assert [line.values["status"] for line in lines] == ["open", "closed"]
    assert lines[0].cells["amount"] == "E2"
    assert reading.sheets[0].totals[0].data == 1500


def test_people(tmp_path: Path) -> None:
    rows = [
        ["First name", "Last name", "Work email", "Dept", "Hire date", "Termination date"],
        ["Ann", "Bee", "Ann.Bee@Example.org", "Marketing", D(2020, 1, 1), None],
        ["Cid", "Dee", "cid@example.org", "Marketing", D(2020, 1, 1), D(2026, 5, 1)],
    ]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.PEOPLE)
    assert (found[0]["name"], found[0]["email"], found[0]["left"]) == ("Ann Bee", "ann.bee@example.org", None)
    assert found[1]["left"] == date(2026, 5, 1)


def test_a_budget_with_month_columns_in_thousands(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Marketing budget FY2026 (in k€)"],
        [],
        ["Cost centre", "Account", "Tool", *MONTHS, "Total"],
        ["CC1", "6400", "Hub", *[2] * 12, 24],
        ["CC1", "6400", "Canva", *[0.1] * 12, 1.2],
        ["Total", None, None, *[2.1] * 12, 25.2],
    ]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"Budget": rows}), Kind.BUDGET, fiscal_start=4)
    assert not reading.questions
    assert reading.sheets[0].decision.layout is Layout.CROSSTAB
    assert len(lines) == 24
    assert sum(line.values["amount"] for line in lines) == 25200
    assert {line.values["currency"] for line in lines} == {"EUR"}
    by_cell = {line.cells["amount"]: line.values["month"] for line in lines}
    assert (by_cell["D4"], by_cell["G4"]) == (date(2026, 1, 1), date(2025, 4, 1))
    assert reading.sheets[0].totals[0].foots is True


def test_a_budget_in_long_form_and_by_sheet(tmp_path: Path) -> None:
    rows = [["Cost centre", "Month", "Amount"], ["CC1", "2026-01", 100], ["CC1", D(2026, 2, 1), "1,100.50"]]
    found = values(workbook(tmp_path / "a.xlsx", {"Approved": rows, "Revised": rows}), Kind.BUDGET)
    assert [(row["version"], row["month"], row["amount"]) for row in found[:2]] == [
        ("Approved", date(2026, 1, 1), 100),
        ("Approved", date(2026, 2, 1), Decimal("1100.50")),
    ]
    assert {row["version"] for row in found} == {"Approved", "Revised"}


def test_a_budget_by_quarter_splits_exactly_and_asks_for_its_year(tmp_path: Path) -> None:
    rows = [["Cost centre", "Q1", "Q2", "Q3", "Q4", "FY total"], ["CC1", 100, 100, 100, 100.01, 400.01]]
    path = workbook(tmp_path / "a.xlsx", {"Plan": rows})
    reading, lines = read(path, Kind.BUDGET, as_of=date(2026, 3, 1))
    assert [question.key for question in reading.questions] == ["Plan!fiscal_year"]
    assert not lines
    _, lines = read(path, Kind.BUDGET, answers=(("Plan!fiscal_year", "2027"),))
    assert len(lines) == 12
    assert sum(line.values["amount"] for line in lines) == Decimal("400.01")
    assert [line.values["amount"] for line in lines[:3]] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert lines[0].values["month"] == date(2027, 1, 1)


def test_a_long_budget_with_month_names_and_a_fiscal_year(tmp_path: Path) -> None:
    rows = [
        ["Cost centre", "Fiscal year", "Month", "Amount"],
        ["CC1", "FY2026", "April", 5],
        ["CC1", "FY2026", "March", 6],
    ]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.BUDGET, fiscal_start=4)
    assert [row["month"] for row in found] == [date(2025, 4, 1), date(2026, 3, 1)]


def test_benefits_and_rates(tmp_path: Path) -> None:
    rows = [["Business case", "Metric", "Month", "Planned", "Actual"], ["BC1", "Leads", "2026-01", 100, 90]]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.BENEFITS)
    assert (found[0]["case"], found[0]["planned"], found[0]["amount"]) == ("BC1", 100, 90)
    rows = [
        ["From", "To", "Rate", "Valid from"],
        ["EUR", "USD", 1.1, D(2026, 1, 1)],
        ["GBP/USD", None, "1.25", "2026-01"],
    ]
    found = values(workbook(tmp_path / "b.xlsx", rows), Kind.RATES, base_currency="USD")
    assert [(row["from"], row["to"], row["rate"]) for row in found] == [
        ("EUR", "USD", Decimal("1.1")),
        ("GBP", "USD", Decimal("1.25")),
    ]
    assert found[1]["valid_from"] == date(2026, 1, 1)


@pytest.mark.parametrize(
    "said, fiscal_start, day",
    [
        ("Budget 2026", 1, date(2026, 1, 1)),
        ("Budget FY26", 4, date(2025, 4, 1)),
        ("Budget 2025/26", 7, date(2025, 7, 1)),
        ("Plan 2027", 1, date(2027, 1, 1)),
    ],
)
def test_a_date_that_names_a_budget_is_its_years_rate(
    tmp_path: Path, said: str, fiscal_start: int, day: date
) -> None:
    rows = [["Currency", "Rate", "Date"], ["EUR", 1.1, said], ["EUR", 1.2, D(2026, 5, 1)]]
    reading, lines = read(
        workbook(tmp_path / "a.xlsx", rows), Kind.RATES, base_currency="USD", fiscal_start=fiscal_start
    )
    assert not reading.questions
    assert [problem.code for problem in reading.problems] == ["currency.assumed"]
    budget, booking = (line.values for line in lines)
    assert (budget["kind"], budget["valid_from"]) == ("budget", day)
    assert (booking.get("kind"), booking["valid_from"]) == (None, date(2026, 5, 1))


def test_budget_rates_by_their_heading_or_kind_take_the_year_they_name(tmp_path: Path) -> None:
    rows = [["Currency", "Budget rate", "Year"], ["EUR", 1.1, 2026], ["GBP", 1.3, "FY27"]]
    found = values(workbook(tmp_path / "a.xlsx", rows), Kind.RATES, base_currency="USD")
    assert [(row["kind"], row["valid_from"]) for row in found] == [
        ("budget", date(2026, 1, 1)),
        ("budget", date(2027, 1, 1)),
    ]
    rows = [
        ["Currency", "Rate", "Valid from", "Type"],
        ["EUR", 1.1, "2026", "Budget"],
        ["EUR", 1.2, "2026", "Day"],
    ]
    reading, lines = read(workbook(tmp_path / "b.xlsx", rows), Kind.RATES, base_currency="USD")
    assert [(line.values["kind"], line.values["valid_from"]) for line in lines] == [
        ("budget", date(2026, 1, 1)),
        ("Day", None),
    ]
    assert [problem.code for problem in reading.problems] == [
        "currency.assumed",
        "value.unreadable",
    ]  # a year is no day a booking rate could hold from


def test_a_file_of_another_kind_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Supplier", "Amount"], ["ACME", 5]])
    with pytest.raises(RefusedError, match="e-mail") as caught:
        read(path, Kind.PEOPLE)
    assert caught.value.code == "file.no_data"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_filled_template_is_read_without_a_question(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "t.xlsx"
    write_template(kind, path)
    again = tmp_path / "again.xlsx"
    write_template(kind, again)
    assert path.read_bytes() == again.read_bytes()
    with pytest.raises(RefusedError):
        read(path, kind)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    fields = template_fields(kind)
    assert [cell.value for cell in sheet[1]] == [spec.label for spec in fields]
    assert all(cell.comment is not None for cell in sheet[1])
    lists = book["Lists"]
    choices = {
        next(iter(rule.sqref.ranges)).min_col: lists[str(rule.formula1).split("$")[1] + "1"].value
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    numbers = (
        "quantity",
        "seats",
        "rate",
        "notice",
        "delivery_days",
        "minimum",
        "pack_size",
        "active_count",
        "hours",
    )
    for row in (2, 3):
        for column, spec in enumerate(fields, start=1):
            value: Any = choices.get(column)
            if spec.key in ("from", "to", "currency", "original_currency"):
                value = "GBP" if spec.key == "from" else "EUR"
            elif value is None:
                if spec.dated:
                    value = D(2026, row, 1 + row)
                elif spec.money:
                    value = 12.5 * row
                elif spec.key in numbers or spec.key.endswith("_months"):
                    value = 12 * row
                elif "mail" in spec.label.lower():
                    value = f"p{row}@example.org"
                elif spec.key == "terms":
                    value = "90 days' notice"
                elif spec.key == "fiscal_year":
                    value = "FY2026"
                elif kind is Kind.CREDITS and spec.key in ("bought", "used", "expired"):
                    value = 1000 * row
                elif spec.key == "used":
                    value = "yes"
                else:
                    value = f"{spec.label} {row}"
            sheet.cell(row, column, value)
    book.save(path)
    reading, lines = read(path, kind)
    assert not reading.questions
    assert len(lines) == 2
    decision = reading.sheets[0].decision
    assert [choice.letters for spec in fields if (choice := decision.column(spec.key))] == [
        get_column_letter(column) for column in range(1, len(fields) + 1)
    ]
    assert not [problem for problem in reading.problems if problem.severity.value == "row"]


def test_every_kind_has_fields() -> None:
    assert set(FIELDS) == set(Kind)
    spend = "date supplier amount debit credit net tax gross currency original_amount original_currency description"
    assert set(spend.split()) <= {spec.key for spec in FIELDS[Kind.SPEND]}


def test_a_sentence_under_a_table_is_a_note_not_a_contract(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Contract number", "Start date", "End date", "Annual value", "Currency"],
        ["HubSpot", "C-1", D(2026, 1, 1), D(2026, 12, 31), 12000, "EUR"],
        ["Acme Inc.", "", "", "", "", ""],
        ["Prices are net of tax and as agreed at signature."],
    ]
    found = values(workbook(tmp_path / "c.xlsx", rows), Kind.CONTRACTS)
    assert [each["vendor"] for each in found] == ["HubSpot", "Acme Inc."]
