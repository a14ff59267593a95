"""Lists as programs and people in the field write them: what a heading only seems to say must not be believed."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from mopsaudit.problems import RefusedError
from tests.importers.builders import codes, read, text_file


def values(path: Path, kind: Kind, **options: Any) -> list[dict[str, Any]]:
    reading, rows = read(path, kind, **options)
    assert not reading.questions
    return [dict(row.values) for row in rows]


FLAGS = ("Suspended", "Is Deleted", "account_disabled", "Deactivated", "Archived", "Block credential")


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("yes, no", [("True", "False"), ("yes", "no"), ("1", "0")])
def test_a_column_that_says_who_is_gone_is_no_column_of_who_is_active(
    tmp_path: Path, flag: str, yes: str, no: str
) -> None:
    rows = [
        ["Email", "Full name", "Last login", "Plan", flag],
        ["ann@example.org", "Ann Bee", "2026-08-01", "Pro", no],
        ["cid@example.org", "Cid Dee", "2026-07-01", "Pro", yes],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="CRM")
    assert [(row["assigned"], row.get("status")) for row in found] == [(True, None), (False, "deleted")]


def test_a_day_under_such_a_heading_says_so_too(tmp_path: Path) -> None:
    rows = [
        ["Email", "Status", "Last login", "Deactivated Date"],
        ["ann@example.org", "Active", "2026-08-01", ""],
        ["cid@example.org", "Active", "2026-07-01", "2026-07-03 10:00:00"],
        ["eve@example.org", "Active", "2026-07-01", "1970-01-01"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="CRM")
    assert [row["status"] for row in found] == ["Active", "deleted", "Active"]


@pytest.mark.parametrize(
    "heading, cell, wanted",
    [
        ("Display name", "Ann Bee", "Ann Bee"),
        ("Display name", "Bee, Ann", "Bee, Ann"),
        ("User name", "ann@example.org", "Ann Bee"),
        ("Display name", "", "Ann Bee"),
    ],
)
def test_a_full_name_beside_first_and_last_name_is_not_doubled(
    tmp_path: Path, heading: str, cell: str, wanted: str
) -> None:
    rows = [
        ["E-mail", heading, "First name", "Last name", "Last login"],
        ["ann@example.org", cell, "Ann", "Bee", "2026-08-01"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="CRM")
    assert found[0]["user_name"] == wanted


def test_people_without_an_address_are_known_by_first_and_last_name(tmp_path: Path) -> None:
    rows = [
        ["First name", "Last name", "Last login"],
        ["Ann", "Bee", "2026-08-01"],
        ["", "Dee", "2026-08-02"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="CRM")
    assert [row["user_name"] for row in found] == ["Ann Bee", "Dee"]


def test_neither_factors_nor_changed_passwords_are_use(tmp_path: Path) -> None:
    rows = [
        ["user", "mfa_active", "key_last_rotated", "password_last_changed", "last_used_date"],
        ["ann", "false", "2026-01-01", "2026-02-02", "2025-03-03"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="Console")
    assert (found[0]["last_activity"], found[0].get("status")) == (date(2025, 3, 3), None)


def test_a_bot_among_the_states_of_members_is_a_service_account_and_an_admin_a_person(tmp_path: Path) -> None:
    rows = [["Email", "Status", "Last active"]]
    rows += [[f"{who}@example.org", status, "2026-08-01"] for who, status in zip("abc", KINDS, strict=True)]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="Chat")
    assert [row["account_kind"] for row in found] == ["service", "external", "person"]


KINDS = ("Bot", "Multi-Channel Guest", "Admin")


def test_an_address_goes_before_the_name_somebody_signs_in_with(tmp_path: Path) -> None:
    rows = [
        ["User principal name", "Mail", "Employee ID", "State"],
        ["a.bee@corp.local", "ann@example.org", "7", "WA"],
        ["cid@example.org", "", "8", "WA"],
    ]
    path = text_file(tmp_path / "a.csv", rows)
    people = values(path, Kind.PEOPLE)
    assert [row["email"] for row in people] == ["ann@example.org", "cid@example.org"]
    assert not any(row.get("status") for row in people)
    users = values(path, Kind.USAGE, tool="CRM")
    assert [row["user_email"] for row in users] == ["ann@example.org", "cid@example.org"]


def test_a_price_of_a_billing_period_is_no_years_cost(tmp_path: Path) -> None:
    rows = [
        ["Product", "Vendor", "Price", "Billing cycle"],
        ["Crow", "Crow Ltd", "100", "monthly"],
        ["Dove", "Dove Ltd", "90", "Quarterly, in advance"],
        ["Emu", "Emu Ltd", "80", "annual"],
        ["Finch", "Finch Ltd", "70", "as needed"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.INVENTORY)
    assert [row["yearly_cost"] for row in found] == [1200, 360, 80, 70]


@pytest.mark.parametrize("heading", ["Annual cost", "Cost per year", "ACV"])
def test_a_cost_said_to_be_a_years_is_not_taken_times_the_billing(tmp_path: Path, heading: str) -> None:
    rows = [["Product", heading, "Billing"], ["Crow", "1200", "monthly"]]
    assert values(text_file(tmp_path / "a.csv", rows), Kind.INVENTORY)[0]["yearly_cost"] == 1200


def test_what_a_heading_ends_in_says_what_it_is_of(tmp_path: Path) -> None:
    rows = [
        [
            "app_id",
            "app_name",
            "vendor_support_status",
            "wasted_licences",
            "unit_cost",
            "owner",
            "owner_email",
        ],
        ["3", "Crow", "Ended", "7", "36", "Ann Bee", "ann@example.org"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.INVENTORY)
    assert found == [{"tool": "Crow", "owner": "ann@example.org"}]


def test_the_id_of_another_list_is_no_id_of_ours(tmp_path: Path) -> None:
    rows = [["Id", "Name", "Vendor"], ["1", "Crow", "Crow Ltd"]]
    path = text_file(tmp_path / "a.csv", rows)
    assert "id" not in values(path, Kind.INVENTORY)[0]
    assert values(path, Kind.INVENTORY, maps=(("id", "Id"),))[0]["id"] == "1"
    ours = [["Id", "Tool", "Seen"], ["1", "Crow", "x"]]
    assert values(text_file(tmp_path / "b.csv", ours), Kind.INVENTORY)[0]["id"] == "1"


@pytest.mark.parametrize("heading", ["unit_cost_usd", "UnitCostUSD", "Unit cost (USD)"])
def test_the_currency_in_the_heading_of_a_unit_price_holds(tmp_path: Path, heading: str) -> None:
    rows = [
        ["software", "vendor", "license_type", heading, "seats_purchased", "contract_start", "contract_end"],
        ["Crow", "Crow Ltd", "subscription", "36", "100", "2025-01-01", "2025-12-31"],
    ]
    path = text_file(tmp_path / "a.csv", rows)
    reading, lines = read(path, Kind.CONTRACTS)
    assert reading.sheets[0].decision.currency == "USD"
    assert codes(reading) == ["price.span_assumed"]
    assert (lines[0].values["licence_metric"], lines[0].values["quantity"]) == ("named_seat", 100)


def test_a_unit_price_of_no_told_currency_is_said_to_be_assumed(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Product", "Unit price", "Seats", "Start date"],
        ["Crow Ltd", "Crow", "36", "100", "2025-01-01"],
    ]
    reading, _ = read(text_file(tmp_path / "a.csv", rows), Kind.CONTRACTS)
    assert codes(reading) == ["price.span_assumed", "currency.assumed"]


REGISTER = [
    ["reference_number", "vendor_name", "contract_date", "start_date", "end_date", "contract_value"],
    ["R-1", "Crow Ltd", "2023-12-01", "2024-01-01", "2026-12-31", "30000"],
    ["R-2", "Dove Ltd", "2023-12-01", "2024-01-01", "2024-12-31", "500"],
]


def test_the_value_of_a_contract_over_years_is_asked_to_be_a_years_or_the_terms(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", REGISTER)
    reading, lines = read(path, Kind.CONTRACTS)
    (question,) = reading.questions
    assert (question.key, [choice.value for choice in question.choices]) == ("F.covers", ["term", "year"])
    assert not lines
    term = values(path, Kind.CONTRACTS, answers=(("F.covers", "term"),))
    assert [(row["reference"], row["amount"], row.get("amount_months")) for row in term] == [
        ("R-1", 30000, 36),
        ("R-2", 500, None),
    ]
    year = values(path, Kind.CONTRACTS, answers=(("F.covers", "year"),))
    assert [row.get("amount_months") for row in year] == [None, None]


@pytest.mark.parametrize("heading", ["Annual value", "Yearly fee", "Amount", "Total contract value"])
def test_a_heading_that_says_the_span_is_not_asked(tmp_path: Path, heading: str) -> None:
    rows = [[*REGISTER[0][:-1], heading], *REGISTER[1:]]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.CONTRACTS)
    assert found[0].get("amount_months") == (36 if "contract" in heading else None)


def test_values_of_contracts_of_a_year_are_not_asked_about(tmp_path: Path) -> None:
    assert len(values(text_file(tmp_path / "a.csv", [REGISTER[0], REGISTER[2]]), Kind.CONTRACTS)) == 1


def test_an_order_line_costs_its_quantity_times_its_price(tmp_path: Path) -> None:
    rows = [
        ["PO Number", "Line", "Supplier Item", "Description", "Qty", "Unit", "Unit Price", "Currency"],
        ["PO-1", "1", "B-8", "Bolt", "480", "PCE", "0.42", "EUR"],
        ["PO-1", "2", "N-8", "Nut", "36", "PCE", "7.90", "EUR"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.ORDERS)
    assert [row["amount"] for row in found] == [Decimal("201.60"), Decimal("284.40")]
    assert not any(row.get("unit") or row.get("supplier") for row in found)


def test_the_value_of_an_order_line_goes_before_its_unit_price(tmp_path: Path) -> None:
    rows = [
        ["PO Number", "Department", "Quantity", "Unit price", "Line total"],
        ["PO-1", "Ops", "3", "10", "27"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.ORDERS)
    assert (found[0]["amount"], found[0]["unit"]) == (27, "Ops")


def test_orders_in_german_are_read_by_number_and_price(tmp_path: Path) -> None:
    rows = [["Bestellnummer", "Lieferant", "Menge", "Einzelpreis"], ["B-1", "Krähe GmbH", "10", "1,50"]]
    path = text_file(tmp_path / "a.csv", rows, delimiter=";")
    assert values(path, Kind.ORDERS)[0]["amount"] == Decimal("15.00")


MONTHS = ["Account", "Jan", "Feb", "Mar", "Apr"]


def amounts(path: Path) -> Decimal:
    return sum((row["amount"] for row in values(path, Kind.BUDGET)), Decimal(0))


def test_the_result_of_the_lines_above_it_is_no_line(tmp_path: Path) -> None:
    rows = [
        ["Plan 2026"],
        MONTHS,
        ["Rent", "1000", "1000", "1000", "1000"],
        ["Losses", "(50)", "(50)", "(50)", "(50)"],
        ["Net Operating Income", "950", "950", "950", "950"],
    ]
    assert amounts(text_file(tmp_path / "a.csv", rows)) == 3800


def test_a_sum_that_agrees_in_every_differing_month_needs_no_word(tmp_path: Path) -> None:
    lines = [
        ["Ads", 10, 20, 30, 40],
        ["Fairs", 1, 2, 3, 5],
        ["Everything", 11, 22, 33, 45],
        ["Print", 5, 5, 5, 5],
    ]
    assert amounts(text_file(tmp_path / "a.csv", [["Plan 2026"], MONTHS, *lines])) == 131


def test_a_line_that_costs_as_much_as_two_others_each_month_stays_a_line(tmp_path: Path) -> None:
    lines = [["Ads", 10, 10, 10, 10], ["Fairs", 20, 20, 20, 20], ["Print", 30, 30, 30, 30]]
    assert amounts(text_file(tmp_path / "a.csv", [["Plan 2026"], MONTHS, *lines])) == 240


def test_the_day_a_plan_was_printed_on_names_no_fiscal_year(tmp_path: Path) -> None:
    rows = [["Exported: 2026-03-01 09:00"], ["Department", "Q1", "Q2"], ["Ops", "300", "600"]]
    path = text_file(tmp_path / "a.csv", rows)
    reading, _ = read(path, Kind.BUDGET)
    assert [question.key for question in reading.questions] == ["fiscal_year"]
    assert values(path, Kind.BUDGET, answers=(("fiscal_year", "2027"),))[0]["month"] == date(2027, 1, 1)


def test_a_day_in_a_line_is_no_month_across(tmp_path: Path) -> None:
    words = [
        "Gobierno",
        "Legal",
        "Legal",
        "Hacer cumplir la ley del pais",
        "Gasto de obras",
        "Recursos propios",
    ]
    rows = [["id", "PP", "GF", "F", "SF", "AI", "TG", "FF", "OG", "IMPORTE PEF", "DATE", "TO"]]
    rows += [
        [
            f"{number}",
            f"{number} Proyectos de inmuebles (oficinas publicas)",
            *words,
            cost,
            amount,
            "2011-01-01",
            "All",
        ]
        for number, cost, amount in (
            (1, "6200 Obra publica en bienes propios", "580000000"),
            (2, "6200 Obra publica en bienes propios", "144000000"),
            (3, "1100 Sueldos al personal de caracter permanente", "898000000"),
        )
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.BUDGET)
    assert [row["amount"] for row in found] == [580_000_000, 144_000_000, 898_000_000]
    assert {row["month"] for row in found} == {date(2011, 1, 1)}


def test_lines_of_a_french_budget_keep_their_name(tmp_path: Path) -> None:
    rows = [["Année", "Poste", "Budget"], ["2026", "Assurances", "4000"]]
    assert values(text_file(tmp_path / "a.csv", rows), Kind.BUDGET)[0]["description"] == "Assurances"


def test_a_line_above_a_line_alike_is_no_header(tmp_path: Path) -> None:
    rows = [
        ["record", "entity", "moment", "note"],
        ["VENDOR-001", "P-1", "2026-07-27T09:00:00Z", "vendor contract, first part"],
        ["VENDOR-002", "P-2", "2026-07-29T04:00:00Z", "vendor contract, second part"],
    ]
    with pytest.raises(RefusedError):
        read(text_file(tmp_path / "a.csv", rows), Kind.CONTRACTS)


@pytest.mark.parametrize("heading", ["monthly_cost", "MonthlyCost", "Monthly cost"])
def test_a_monthly_price_is_one_however_its_heading_is_written(tmp_path: Path, heading: str) -> None:
    rows = [["vendor", heading, "unit_type", "renewal_date"], ["Crow Ltd", "500", "TOKEN", "2026-12-31"]]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.CONTRACTS)
    assert (found[0]["amount_months"], found[0].get("unit")) == (1, None)


def test_user_names_that_are_addresses_are_addresses(tmp_path: Path) -> None:
    rows = [["Username", "Last Login"], ["ann@example.org", "2026-02-03"], ["cid", "2026-02-04"]]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.USAGE, tool="DB")
    assert [row.get("user_email") for row in found] == ["ann@example.org", None]
    assert found[1]["user_id"] == "cid"


def test_a_column_of_codes_is_the_currency_whatever_it_is_called(tmp_path: Path) -> None:
    rows = [["PO Number", "Total Amount", "Zorb"], ["PO-1", "12500000", "IDR"], ["PO-2", "48", "EUR"]]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.ORDERS)
    assert [row["currency"] for row in found] == ["IDR", "EUR"]


def test_months_head_a_budget_whose_other_headings_nobody_knows(tmp_path: Path) -> None:
    rows = [["Zorb", "Flim", "Jan", "Feb", "Mar"], ["1", "a", "10", "20", "30"]]
    reading, _ = read(text_file(tmp_path / "a.csv", rows), Kind.BUDGET)
    assert [question.key for question in reading.questions] == ["fiscal_year"]


def test_a_chinese_budget_keeps_accounts_and_their_names(tmp_path: Path) -> None:
    rows = [["科目编码", "科目名称", "1月", "2月", "3月"], ["6601", "销售费用", "150", "160", "180"]]
    answers = (("fiscal_year", "2026"),)
    found = values(text_file(tmp_path / "a.csv", rows), Kind.BUDGET, answers=answers)
    assert [(row["gl_account"], row["description"], row["amount"]) for row in found] == [
        ("6601", "销售费用", 150),
        ("6601", "销售费用", 160),
        ("6601", "销售费用", 180),
    ]


def test_seats_in_use_are_not_those_that_were_bought_nor_are_seats_money(tmp_path: Path) -> None:
    rows = [
        ["application", "vendor", "total_seats", "used_seats", "unit_cost"],
        ["Crow", "Crow Ltd", "50", "31", "10"],
    ]
    path = text_file(tmp_path / "a.csv", rows)
    assert values(path, Kind.INVENTORY)[0]["seats"] == 50
    rows[0].append("start_date")
    rows[1].append("2026-01-01")
    contract = values(text_file(tmp_path / "b.csv", rows), Kind.CONTRACTS)[0]
    assert (contract["quantity"], contract["unit_price"], contract.get("amount")) == (50, 10, None)


def test_a_price_per_period_is_of_the_span_it_is_billed_for(tmp_path: Path) -> None:
    rows = [
        ["vendor", "cost_per_period", "billing_period", "start_date"],
        ["Crow Ltd", "22", "monthly", "2026-01-01"],
        ["Dove Ltd", "90", "quarterly", "2026-01-01"],
        ["Emu Ltd", "80", "annual", "2026-01-01"],
    ]
    found = values(text_file(tmp_path / "a.csv", rows), Kind.CONTRACTS)
    assert [(row["amount"], row.get("amount_months")) for row in found] == [(22, 1), (90, 3), (80, None)]
