"""Lists of users, tools, people, orders and credits whose headings say something else than a word in them."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.relative_days import days_ago
from mopsaudit.intake.contract import Kind
from tests.importers.builders import read, workbook

D = datetime
DAY = date(2026, 11, 22)


def rows_of(tmp_path: Path, kind: Kind, rows: Any, **options: Any) -> list[dict[str, Any]]:
    reading, rows_read = read(workbook(tmp_path / "a.xlsx", rows), kind, **options)
    assert not reading.questions, reading.questions
    return [dict(row.values) for row in rows_read]


def users(tmp_path: Path, rows: Any, **options: Any) -> list[dict[str, Any]]:
    return rows_of(tmp_path, Kind.USAGE, rows, tool="CRM", **options)


def test_a_column_of_yes_and_no_names_no_tool(tmp_path: Path) -> None:
    rows = [
        ["Email", "Last login", "Calendar service"],
        ["ann@example.org", D(2026, 5, 4), "FALSE"],
        ["bob@example.org", D(2026, 5, 5), "TRUE"],
    ]
    assert {row["tool"] for row in users(tmp_path, rows)} == {"CRM"}
    rows = [["Email", "Last login", "Service"], ["ann@example.org", D(2026, 5, 4), "Mail"]]
    assert rows_of(tmp_path, Kind.USAGE, rows)[0]["tool"] == "Mail"


def test_a_name_of_something_else_is_no_part_of_a_persons(tmp_path: Path) -> None:
    rows = [
        ["Email", "First name", "Last name", "Admin level name", "Name", "Last login"],
        ["ann@example.org", "Ann", "Lee", "Super admin", "ALEE7", D(2026, 5, 4)],
        ["bob@example.org", "Bob", "Day", None, "Bob Day", D(2026, 5, 5)],
    ]
    assert [row["user_name"] for row in users(tmp_path, rows)] == ["Ann Lee", "Bob Day"]
    rows = [
        ["Email", "family_name", "given_name", "given_name_kana"],
        ["a@example.jp", "飯島", "太郎", "タロウ"],
    ]
    assert users(tmp_path, rows)[0]["user_name"] == "太郎 飯島"
    rows = [["Email", "Nombre", "Apellidos"], ["a@example.es", "Ana", "Ruiz Paz"]]
    assert users(tmp_path, rows)[0]["user_name"] == "Ana Ruiz Paz"


def test_a_role_is_no_licence_but_a_guest_is_one_from_outside(tmp_path: Path) -> None:
    rows = [
        ["Name", "Email", "Role", "Seat type", "Last active"],
        ["Ann", "ann@example.org", "Owner", "Not paid", D(2026, 5, 4)],
        ["Bob", "bob@example.org", "Guest", "Paid", D(2026, 5, 4)],
    ]
    ann, bob = users(tmp_path, rows)
    assert (ann["licence"], ann["assigned"], ann["account_kind"]) == ("Not paid", False, "person")
    assert (bob["assigned"], bob["account_kind"]) == (True, "external")
    rows = [["Email", "Role", "Last login"], ["ann@example.org", "Member", D(2026, 5, 4)]]
    assert "licence" not in users(tmp_path, rows)[0]
    rows = [["Email", "Site Role", "Last login"], ["ann@example.org", "Creator", D(2026, 5, 4)]]
    assert users(tmp_path, rows)[0]["licence"] == "Creator"


@pytest.mark.parametrize("heading", ["Last sign-in", "last_sign_in_at", "Last Login Date & Time (UTC)"])
def test_a_last_sign_in_is_one(tmp_path: Path, heading: str) -> None:
    rows = [["Email", heading], ["ann@example.org", D(2026, 5, 4)]]
    assert users(tmp_path, rows)[0]["event"] == "sign-in"


def test_a_date_of_activation_is_no_activity(tmp_path: Path) -> None:
    rows = [["Email", "Activation date", "Creation IP"], ["ann@example.org", D(2026, 5, 4), "10.0.0.1"]]
    (ann,) = users(tmp_path, rows)
    assert ann["created"] == date(2026, 5, 4)
    assert ann.get("last_activity") is None
    assert ann["event"] == "assignment"


def test_days_told_by_how_long_ago_they_were_count_back_from_the_day_of_the_list(tmp_path: Path) -> None:
    rows = [
        ["Name", "Email", "Last Active"],
        ["Ann", "ann@example.org", "22m ago"],
        ["Bob", "bob@example.org", "3 days ago"],
        ["Cy", "cy@example.org", "Never"],
        ["Di", "di@example.org", "90+ days ago"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, found = read(path, Kind.USAGE, tool="CRM", as_of=DAY)
    days = [row.values.get("last_activity") for row in found]
    assert days == [DAY, date(2026, 11, 19), None, None]
    assert [row.values["never"] for row in found] == [False, False, True, False]
    told = {problem.code: problem for problem in reading.problems}
    assert "2026-11-22" in told["usage.relative_dates"].message
    assert told["value.unreadable"].cell == "C5"
    reading, found = read(path, Kind.USAGE, tool="CRM")
    assert not any(row.values.get("last_activity") for row in found)
    assert sum(problem.code == "value.unreadable" for problem in reading.problems) == 3


@pytest.mark.parametrize(
    "text, day",
    [
        ("Yesterday", date(2026, 11, 21)),
        ("vor 2 Wochen", date(2026, 11, 8)),
        ("il y a 3 jours", date(2026, 11, 19)),
        ("hace un año", date(2025, 11, 22)),
        ("about 5 months ago", date(2026, 6, 22)),
        ("an hour ago", DAY),
        ("more than 30 days ago", None),
        ("over 1 year ago", None),
        ("5 months", None),
        ("30", None),
    ],
)
def test_how_long_ago(text: str, day: date | None) -> None:
    assert days_ago(text, DAY) == day


def test_months_ago_end_with_the_month() -> None:
    assert days_ago("1 month ago", date(2026, 3, 31)) == date(2026, 2, 28)
    assert days_ago("2 months ago", date(2026, 1, 15)) == date(2025, 11, 15)


def test_sums_under_a_list_of_users_are_nobody(tmp_path: Path) -> None:
    rows = [
        ["User name", "User email", "Last login", "Credits"],
        ["Ann", "ann@example.org", D(2026, 5, 4), 10],
        ["Sales Total", None, None, 10],
        ["Total Recall", "tr@example.org", D(2026, 5, 4), 5],
    ]
    assert [row["user_name"] for row in users(tmp_path, rows)] == ["Ann", "Total Recall"]


def test_the_item_is_the_tool_not_who_has_it_nor_what_it_once_cost(tmp_path: Path) -> None:
    rows = [
        ["Name", "Email", "Item name", "Manufacturer", "Purchase cost", "Seats"],
        ["Helen Day", "helen@example.org", "Acrobat Pro", "Adobe", "$1,079.66", 80],
    ]
    (found,) = rows_of(tmp_path, Kind.INVENTORY, rows)
    assert (found["tool"], found["vendor"], found["seats"]) == ("Acrobat Pro", "Adobe", 80)
    assert found.get("yearly_cost") is None
    rows = [["Name", "Vendor", "Cost"], ["Acrobat Pro", "Adobe", 100]]
    (found,) = rows_of(tmp_path, Kind.INVENTORY, rows)
    assert (found["tool"], found["yearly_cost"]) == ("Acrobat Pro", Decimal(100))


def test_a_number_of_the_employee_and_days_of_coming_and_going(tmp_path: Path) -> None:
    rows = [
        ["Employee #", "First Name", "Last Name", "Last name, First name", "Reporting to", "Work Email"],
        [101, "Kim", "Adams", "Adams, Kim", "Lowe, Pat", "kim@example.org"],
    ]
    (kim,) = rows_of(tmp_path, Kind.PEOPLE, rows)
    assert (kim["employee_id"], kim["manager"]) == ("101", "Lowe, Pat")
    rows = [
        ["E-Mail", "Einstellungsdatum", "Vertragsende", "Ende des Arbeitsverhältnisses"],
        ["uwe@example.org", D(2015, 1, 1), D(2026, 12, 31), None],
    ]
    (uwe,) = rows_of(tmp_path, Kind.PEOPLE, rows)
    assert (uwe["joined"], uwe.get("left")) == (date(2015, 1, 1), None)


ORDER = ["Purchase Order ID", "Line", "Description", "Order Quantity", "Remaining Quantity", "Total"]


def test_a_quantity_left_is_no_money_left_and_a_part_no_account(tmp_path: Path) -> None:
    rows = [
        [*ORDER, "Part ID", "Vendor", "Outstanding amount"],
        ["PO-1", 1, "Seats", 25, 10, 2000, "P-7", "Adobe", 800],
    ]
    (found,) = rows_of(tmp_path, Kind.ORDERS, rows)
    assert (found["open"], found["amount"], found.get("gl_account")) == (800, 2000, None)
    rows = [["PO number", "Vendor", "Qty", "Qty remaining", "Unit price"], ["PO-1", "Adobe", 25, 10, 4]]
    (found,) = rows_of(tmp_path, Kind.ORDERS, rows)
    assert (found["amount"], found.get("open")) == (100, None)


def test_suppliers_that_head_their_orders(tmp_path: Path) -> None:
    rows = [
        ["Open orders by vendor"],
        ORDER,
        ["Adobe Systems"],
        ["PO-1", 1, "Seats", 25, 10, 2000],
        ["PO-1", 2, "Fonts", 1, 1, 50.5],
        ["Vendor Total", None, None, None, None, 2050.5],
        ["HubSpot Inc"],
        ["PO-2", 1, "Hub", 1, 1, 900],
        ["Vendor Total", None, None, None, None, 900],
        ["Grand Total", None, None, None, None, 2950.5],
        ["Printed on Monday"],
    ]
    reading, found = read(workbook(tmp_path / "a.xlsx", rows), Kind.ORDERS)
    assert [(row.values["supplier"], row.values["amount"]) for row in found] == [
        ("Adobe Systems", 2000),
        ("Adobe Systems", Decimal("50.5")),
        ("HubSpot Inc", 900),
    ]
    assert found[1].cells["supplier"] == "A3"
    assert reading.sheets[0].totals[0].foots


def test_a_number_alone_above_its_positions_is_no_supplier(tmp_path: Path) -> None:
    rows = [
        ["PO number", "Line", "Vendor", "Amount"],
        ["PO-1", 1, "Adobe", 10],
        [None, 2, None, 20],
        ["PO-2", 1, "HubSpot", 30],
    ]
    found = rows_of(tmp_path, Kind.ORDERS, rows)
    assert [(row["order_number"], row["supplier"]) for row in found] == [
        ("PO-1", "Adobe"),
        ("PO-1", "Adobe"),
        ("PO-2", "HubSpot"),
    ]


def test_a_total_under_credits_is_no_tool(tmp_path: Path) -> None:
    head = ["Product", "As of", "Credits purchased", "Credits consumed"]
    lines = [["Clay", D(2026, 11, 15), 600, 400], ["Total Mail", D(2026, 11, 15), 100, 50]]
    rows = [head, *lines, ["Total", None, 700, 450]]
    assert [row["tool"] for row in rows_of(tmp_path, Kind.CREDITS, rows)] == ["Clay", "Total Mail"]
    rows = [head, *lines, ["Total", None, 700, 451]]
    reading, found = read(workbook(tmp_path / "b.xlsx", rows), Kind.CREDITS)
    assert len(found) == 2
    assert [problem.cell for problem in reading.problems if "row 4" in problem.message] == ["D4"]


def test_headings_that_anybody_prints_name_no_product(tmp_path: Path) -> None:
    """Once taken for Zoom's, and for Atlassian's without its products: then nobody was read."""
    rows = [
        ["UserId", "UserName", "UserStatus", "UserType", "Email", "LastLogin"],
        ["9d", "Ann Vale", "Active", "Company", "ann@example.org", D(2026, 5, 4)],
        ["9e", "Dan Zed", "Closed", "Company", "dan@example.org", D(2024, 5, 4)],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert [question.key for question in read(path, Kind.USAGE)[0].questions] == ["tool"]
    ann, dan = users(tmp_path, rows)
    assert (ann["user_name"], ann["tool"], ann["assigned"]) == ("Ann Vale", "CRM", True)
    assert (dan["status"], dan["assigned"]) == ("Closed", False)
    titled = [
        ["Zoom users, May 2026"],
        ["Email", "Last Login", "User Type"],
        ["ann@example.org", D(2026, 5, 4), "Basic"],
    ]
    (ann,) = rows_of(tmp_path, Kind.USAGE, titled)
    assert (ann["tool"], ann["assigned"]) == ("Zoom", False)


def test_who_is_locked_out_is_not_gone_and_who_is_suspended_for_a_time_has_no_seat(tmp_path: Path) -> None:
    rows = [
        ["Email", "Active", "Last login at", "Is locked"],
        ["ann@example.org", "true", D(2026, 5, 4), "true"],
        ["bob@example.org", "false", D(2026, 5, 4), "true"],
    ]
    ann, bob = users(tmp_path, rows)
    assert (ann["status"], ann.get("assigned")) == ("true", None)
    assert (bob["status"], bob["assigned"]) == ("deleted", False)
    rows = [["Email", "Last login", "Locked"], ["ann@example.org", D(2026, 5, 4), "true"]]
    assert users(tmp_path, rows)[0]["status"] == "deleted"
    rows = [["Email", "Last login", "Status"], ["ann@example.org", D(2026, 5, 4), "Temporarily Suspended"]]
    assert users(tmp_path, rows)[0]["assigned"] is False


def test_a_whole_name_beside_its_parts_stays_and_a_count_below_is_nobody(tmp_path: Path) -> None:
    rows = [
        ["Employee ID", "Display name", "First name", "Last name", "Email"],
        ["1001", "Kim Ash", "Kimberly", "Ash", "kim@example.org"],
        ["1002", "Lou", "Louis", "Birk", "lou@example.org"],
        ["Total employees: 2"],
    ]
    people = rows_of(tmp_path, Kind.PEOPLE, rows)
    assert [row["name"] for row in people] == ["Kim Ash", "Louis Birk"]
    rows = [
        ["Email", "Display name", "First name", "Last name"],
        ["kim@example.org", "Kim Ash", "Kimberly", "Ash"],
    ]
    assert users(tmp_path, rows)[0]["user_name"] == "Kim Ash"


def test_the_name_of_an_item_describes_its_line(tmp_path: Path) -> None:
    rows = [["PO Number", "Vendor", "Line Item Name", "Line Total"], ["PO-1", "Adobe", "Fonts", 10]]
    (found,) = rows_of(tmp_path, Kind.ORDERS, rows)
    assert (found["description"], found.get("line")) == ("Fonts", None)


def test_a_number_of_licences_in_french_is_no_name(tmp_path: Path) -> None:
    rows = [
        ["Logiciel", "Éditeur", "Nombre", "Utilisé", "Expiration"],
        ["CC", "Adobe", 25, 22, D(2027, 1, 14)],
    ]
    (found,) = rows_of(tmp_path, Kind.INVENTORY, rows)
    assert (found["tool"], found["seats"], found["renewal"]) == ("CC", 25, date(2027, 1, 14))


def test_an_order_is_in_the_currency_of_its_row(tmp_path: Path) -> None:
    head = ["PO number", "Vendor", "Item Rate", "Currency", "Amount", "Amount (Foreign Currency)"]
    rows = [head, ["PO-1", "Adobe", 79.99, "EUR", 2319.71, 1999.75], ["PO-2", "HubSpot", 10, "USD", 900, 900]]
    first, second = rows_of(tmp_path, Kind.ORDERS, rows)
    assert (first["amount"], first["currency"], first.get("line")) == (Decimal("1999.75"), "EUR", None)
    assert (second["amount"], second["currency"]) == (900, "USD")
    alone = [[*head[:3], *head[4:]], ["PO-1", "Adobe", 79.99, 2319.71, 1999.75]]
    assert rows_of(tmp_path, Kind.ORDERS, alone)[0]["amount"] == Decimal("2319.71")


TERMS = ["Software", "Cost", "Start date", "End date"]


def test_a_cost_over_years_is_asked_to_be_a_year_s_or_the_term_s(tmp_path: Path) -> None:
    rows = [
        TERMS,
        ["Office", 181440, D(2025, 7, 1), D(2028, 6, 30)],
        ["Fonts", 100, D(2026, 1, 1), D(2026, 12, 31)],
        ["Visio", 2990, D(2017, 3, 1), None],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, _ = read(path, Kind.INVENTORY)
    assert [question.key for question in reading.questions] == ["Spend!B.covers"]
    reading, found = read(path, Kind.INVENTORY, answers=(("Spend!B.covers", "term"),))
    assert [row.values["yearly_cost"] for row in found] == [60480, 100, 2990]
    assert [problem.cell for problem in reading.problems if problem.code == "value.missing"] == ["B4"]
    reading, found = read(path, Kind.INVENTORY, answers=(("Spend!B.covers", "year"),))
    assert [row.values["yearly_cost"] for row in found] == [181440, 100, 2990]


@pytest.mark.parametrize(
    "head",
    [
        ["Software", "Annual cost", "Start date", "End date"],
        ["Software", "Cost", "In use since", "Renewal date"],
        ["Software", "Cost", "Start date", "Renewal date"],
    ],
)
def test_a_cost_that_is_a_year_s_by_its_words_or_bounds_no_term_is_not_asked_about(
    tmp_path: Path, head: list[str]
) -> None:
    rows = [head, ["Office", 181440, D(2019, 7, 1), D(2028, 6, 30)]]
    assert rows_of(tmp_path, Kind.INVENTORY, rows)[0]["yearly_cost"] == 181440


def test_the_id_of_something_else_is_nobody_s_and_addresses_are_no_names(tmp_path: Path) -> None:
    rows = [
        ["Timestamp", "User", "EnvironmentId", "Credits"],
        ["2026-11-18", "ann@example.org", "11-22", 12],
        ["2026-11-02", "bob@example.org", "11-22", 3],
    ]
    ann, bob = users(tmp_path, rows)
    assert (ann["user_email"], ann.get("user_id"), bob["user_email"]) == (
        "ann@example.org",
        None,
        "bob@example.org",
    )
    rows = [["Member ID", "Name", "Last login"], ["m-7", "Ann", D(2026, 5, 4)]]
    assert users(tmp_path, rows)[0]["user_id"] == "m-7"
