"""Lists of users, people, tools, rates and credits whose cells tell what headings do not, and the contrary."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.light_seats import light
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


def notes(tmp_path: Path, kind: Kind, rows: Any, **options: Any) -> list[str]:
    reading, _ = read(workbook(tmp_path / "n.xlsx", rows), kind, **options)
    return [problem.message for problem in reading.problems if problem.code == "columns.unread"]


def test_the_one_last_time_of_a_use_is_the_last_activity(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last huddle date", "Last password change", "Account created date"],
        ["ann@example.org", D(2026, 5, 4), D(2026, 6, 1), D(2024, 1, 2)],
        ["bob@example.org", "Never", D(2026, 6, 1), D(2024, 1, 2)],
    ]
    ann, bob = users(tmp_path, rows)
    assert (ann["last_activity"], ann["event"]) == (date(2026, 5, 4), "activity")
    assert (bob["last_activity"], bob["never"]) == (None, True)
    rows[0][1] = "Latest login date"
    assert users(tmp_path, rows)[0]["event"] == "sign-in"


@pytest.mark.parametrize(
    "heading", ["Last password change", "Last synced", "Last invoice date", "Date of last review", "Last day"]
)
def test_a_last_time_of_something_else_is_none(tmp_path: Path, heading: str) -> None:
    rows = [["Email", heading], ["ann@example.org", D(2026, 5, 4)], ["bob@example.org", D(2026, 5, 5)]]
    assert {(row.get("last_activity"), row["event"]) for row in users(tmp_path, rows)} == {
        (None, "assignment")
    }


def test_of_two_last_times_neither_is_taken_and_both_are_told(tmp_path: Path) -> None:
    rows = [
        ["Email", "Last huddle date", "Last webinar date"],
        ["ann@example.org", D(2026, 5, 4), D(2026, 5, 5)],
        ["bob@example.org", D(2026, 5, 4), D(2026, 5, 5)],
    ]
    assert users(tmp_path, rows)[0].get("last_activity") is None
    assert notes(tmp_path, Kind.USAGE, rows, tool="CRM")[0].startswith(
        "Not read: B “Last huddle date” and C “Last webinar date” hold days."
    )


def test_days_since_the_last_use_are_counted_back_unless_a_day_stands_beside_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Days since last activity"],
        ["ann@example.org", 20],
        ["bob@example.org", "Never active"],
    ]
    ann, bob = users(tmp_path, rows, as_of=DAY)
    assert (ann["last_activity"], bob["last_activity"], bob["never"]) == (date(2026, 11, 2), None, True)
    for row, cell in zip(rows, ["Last activity", D(2026, 10, 1), None], strict=True):
        row.append(cell)
    assert users(tmp_path, rows, as_of=DAY)[0]["last_activity"] == date(2026, 10, 1)
    rows = [["Email", "Days since password change"], ["ann@example.org", 20], ["bob@example.org", 3]]
    assert users(tmp_path, rows, as_of=DAY)[0].get("last_activity") is None


def test_a_licence_of_yes_and_no_is_a_seat_and_one_of_numbers_is_no_edition(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Has paid seat", "Last active"],
        ["ann@example.org", "Yes", D(2026, 5, 4)],
        ["bob@example.org", "No", D(2026, 5, 4)],
    ]
    assert [(row["assigned"], row.get("licence")) for row in users(tmp_path, rows)] == [
        (True, None),
        (False, None),
    ]
    rows = [
        ["Email", "Site role", "Last active", "Total allowed licences"],
        ["ann@example.org", "Creator", D(2026, 5, 4), 25],
        ["bob@example.org", "Unlicensed", D(2026, 5, 4), 25],
    ]
    assert [(row["licence"], row["assigned"]) for row in users(tmp_path, rows)] == [
        ("Creator", True),
        ("Unlicensed", False),
    ]


def test_a_deactivation_to_come_has_not_come(tmp_path: Path) -> None:
    rows = [
        ["Email", "Status", "Last login", "Deactivation date"],
        ["ann@example.org", "Active", "20-11-2026", "31-12-2026"],
        ["bob@example.org", "Active", "20-10-2026", "01-11-2026"],
    ]
    ann, bob = users(tmp_path, rows, as_of=DAY)
    assert (ann["status"], ann.get("assigned")) == ("Active", None)
    assert (bob["status"], bob["assigned"]) == ("deleted", False)


@pytest.mark.parametrize(
    "status, seat", [("N", False), ("Y", None), ("Invitation declined", False), ("Invited", None)]
)
def test_a_letter_and_a_declined_invitation_are_no_seat(
    tmp_path: Path, status: str, seat: bool | None
) -> None:
    rows = [["Email", "Active", "Last login"], ["ann@example.org", status, D(2026, 5, 4)]]
    assert users(tmp_path, rows)[0].get("assigned") is seat


def test_who_only_looks_on_is_asked_about_and_the_answer_is_kept(tmp_path: Path) -> None:
    rows = [
        ["Email", "Seat type", "Last active"],
        ["ann@example.org", "Full", D(2026, 5, 4)],
        ["bob@example.org", "Viewer", D(2026, 5, 4)],
    ]
    path = workbook(tmp_path / "s.xlsx", {"People": rows})
    reading, _ = read(path, Kind.USAGE, tool="CRM")
    (question,) = reading.questions
    assert question.key == "People!B.light_seats"
    assert question.asks == "Column B “Seat type” says “Viewer” of some. Does that take a seat you pay for?"
    for answer, seat in (("paid", True), ("free", False)):
        told, lines = read(path, Kind.USAGE, tool="CRM", answers=((question.key, answer),))
        assert not told.questions
        assert [line.values["assigned"] for line in lines] == [True, seat]
        _, again = read(path, Kind.USAGE, tool="CRM", decision=told.decision)
        assert [line.values["assigned"] for line in again] == [True, seat]


def test_where_all_look_on_or_a_layout_knows_its_seats_nothing_is_asked(tmp_path: Path) -> None:
    rows = [["Email", "Seat type", "Last active"], ["ann@example.org", "Viewer", D(2026, 5, 4)]]
    assert users(tmp_path, rows)[0]["assigned"] is True
    rows = [
        ["Name", "Email", "Status", "Seat", "Seat change", "Billing group", "Last seen"],
        ["Ann", "ann@example.org", "Active", "Full", None, "Brand", D(2026, 5, 4)],
        ["Bob", "bob@example.org", "Active", "View", None, "Brand", D(2026, 5, 4)],
    ]
    assert [(row["tool"], row["assigned"]) for row in rows_of(tmp_path, Kind.USAGE, rows)] == [
        ("Figma", True),
        ("Figma", False),
    ]
    assert not light("Full")
    assert not light(None)


def test_who_came_back_is_there_and_who_resigned_or_is_not_employed_is_not(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "Work email", "Hire date", "Rehire date", "Date terminated", "Status"],
        ["Ann", "ann@example.org", D(2015, 1, 2), D(2024, 4, 15), D(2020, 12, 31), "Active"],
        ["Bob", "bob@example.org", D(2015, 1, 2), D(2024, 4, 15), D(2025, 12, 31), "Resigned"],
        ["Cy", "cy@example.org", D(2015, 1, 2), None, None, "Leave"],
    ]
    people = rows_of(tmp_path, Kind.PEOPLE, rows)
    assert [row["left"] for row in people] == [None, date(2025, 12, 31), None]
    assert [row["status"] for row in people] == ["Active", "left (Resigned)", "Leave"]
    rows = [["Name", "Work email", "Currently employed", "Active"], ["Ann", "ann@example.org", "x", "No"]]
    assert rows_of(tmp_path, Kind.PEOPLE, rows)[0]["status"] == "inactive"


def test_a_day_of_a_roster_that_may_be_the_last_is_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "Work email", "Hire date", "Gone since"],
        ["Ann", "ann@example.org", D(2015, 1, 2), D(2020, 12, 31)],
        ["Bob", "bob@example.org", D(2015, 1, 2), None],
    ]
    assert notes(tmp_path, Kind.PEOPLE, rows) == [
        "Not read: D “Gone since” holds days. If one of them belongs in, choose it for what it is."
    ]
    rows[0][3] = "Leaving date"
    assert notes(tmp_path, Kind.PEOPLE, rows) == []


def test_active_users_are_not_the_seats_that_were_bought(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Application", "# of users allowed", "Active users", "Annual cost"],
        ["CRM", 120, 90, 1200.5],
        ["Mail", 50, 12, 900],
    ]
    assert [row["seats"] for row in rows_of(tmp_path, Kind.INVENTORY, rows)] == [120, 50]
    rows = [["Application", "Total", "Avail", "Manufacturer"], ["CRM", 120, 30, "A"], ["Mail", 50, 0, "B"]]
    assert [row["seats"] for row in rows_of(tmp_path, Kind.INVENTORY, rows)] == [120, 50]
    rows[0][2] = "Remaining"  # of what, nothing says
    assert [row.get("seats") for row in rows_of(tmp_path, Kind.INVENTORY, rows)] == [None, None]
    assert notes(tmp_path, Kind.INVENTORY, rows) == [
        "Not read: B “Total” holds numbers. If one of them belongs in, choose it for what it is."
    ]


def test_what_a_tool_costs_over_its_life_is_no_years_cost_and_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Application", "Total cost of ownership", "Renewal date"],
        ["CRM", 410000.5, D(2027, 3, 31)],
        ["Mail", 182500.25, D(2027, 3, 31)],
    ]
    assert rows_of(tmp_path, Kind.INVENTORY, rows)[0].get("yearly_cost") is None
    assert notes(tmp_path, Kind.INVENTORY, rows)[0].startswith(
        "Not read: B “Total cost of ownership” holds amounts."
    )


@pytest.mark.parametrize(
    "ratios, yen", [([1, 100], "0.005652"), ([1, 1], "0.5652"), ([7, 11], "0.5652"), ([1, 250], "0.5652")]
)
def test_powers_of_ten_beside_rates_are_units(tmp_path: Path, ratios: list[int], yen: str) -> None:
    rows = [
        ["From", "To", "Valid from", "Rate", "Ratio"],
        ["USD", "EUR", D(2026, 11, 1), 0.8648, ratios[0]],
        ["JPY", "EUR", D(2026, 11, 1), 0.5652, ratios[1]],
    ]
    rates = rows_of(tmp_path, Kind.RATES, rows, base_currency="EUR")
    assert [row["rate"] for row in rates] == [Decimal("0.8648"), Decimal(yen)]


def test_what_was_bought_is_what_was_used_and_what_is_left(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Product", "Plan", "Used", "Remaining"],
        ["Enrich", 1200, 800, 400],
        ["Mail", 600, 90, 510],
    ]
    assert [row["bought"] for row in rows_of(tmp_path, Kind.CREDITS, rows)] == [1200, 600]
    rows[2][1] = 700
    assert [row.get("bought") for row in rows_of(tmp_path, Kind.CREDITS, rows)] == [None, None]
    assert notes(tmp_path, Kind.CREDITS, rows) == [
        "Not read: B “Plan” holds numbers. If one of them belongs in, choose it for what it is."
    ]


def test_measures_by_month_are_asked_which_counts_the_users(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Metric", "Aug 2026", "Sep 2026", "Oct 2026"],
        ["Events", 1204551, 1310020, 1288400],
        ["Monthly active users", 84210, 86004, 85771],
    ]
    path = workbook(tmp_path / "m.xlsx", {"Usage": rows})
    reading, _ = read(path, Kind.USAGE, tool="CRM")
    (question,) = reading.questions
    assert question.key == "Usage!metric"
    assert [choice.value for choice in question.choices] == ["Monthly active users", "Events", "all"]
    told, lines = read(path, Kind.USAGE, tool="CRM", answers=((question.key, "Monthly active users"),))
    assert not told.questions
    assert [line.values["active_count"] for line in lines] == [84210, 86004, 85771]
    _, every = read(path, Kind.USAGE, tool="CRM", answers=((question.key, "all"),))
    assert len(every) == 6
    _, again = read(path, Kind.USAGE, tool="CRM", decision=told.decision)
    assert len(again) == 3
    for other in (
        [["Application", *rows[0][1:]], ["CRM", 1, 2, 5], ["Mail", 3, 4, 5]],
        [["Site", *rows[0][1:]], ["Leeds", 1, 2, 5], ["Ulm", 3, 4, 5]],
        rows[::2],
    ):
        assert not read(workbook(tmp_path / "o.xlsx", other), Kind.USAGE, tool="CRM")[0].questions


def test_the_day_of_an_event_is_an_activity_and_that_of_an_account_is_not(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["CreationDate", "Operation", "UserId"],
        [D(2026, 11, 20), "ViewReport", "ann@example.org"],
        [D(2026, 11, 21), "ViewReport", "ann@example.org"],
        [D(2026, 11, 2), "ExportReport", "bob@example.org"],
    ]
    assert [row["last_activity"] for row in users(tmp_path, rows)] == [
        date(2026, 11, 20),
        date(2026, 11, 21),
        date(2026, 11, 2),
    ]
    for headings in (["Created on", "Operation", "User id"], ["CreationDate", "Remark", "UserId"]):
        once = [headings, *([row, rows[3]][at] for at, row in enumerate(rows[1:3]))]
        assert {row.get("last_activity") for row in users(tmp_path, once)} == {None}


def test_a_lock_of_nought_is_none_and_codes_of_a_status_say_nothing(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["User", "Complete name", "Last logon date", "Lock status"],
        ["ALEE", "Ann Lee", D(2026, 11, 20), 0],
        ["BFRY", "Bo Fry", D(2026, 3, 30), 64],
    ]
    ann, bob = users(tmp_path, rows)
    assert (ann["user_id"], ann["user_name"], ann.get("assigned")) == ("ALEE", "Ann Lee", None)
    assert (bob["status"], bob["assigned"]) == ("deleted", False)
    rows = [
        ["Email", "Status", "Last login"],
        ["ann@example.org", 0, D(2026, 11, 20)],
        ["bob@example.org", 3, D(2026, 11, 20)],
    ]
    assert [row.get("status") for row in users(tmp_path, rows)] == [None, None]
    rows[2][1] = 1
    assert [row.get("assigned") for row in users(tmp_path, rows)] == [False, None]


def test_the_address_at_work_is_taken_and_never_the_private_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Personalnummer", "Name", "E-Mail privat", "E-Mail geschäftlich"],
        ["0101", "Anna Lehmann", "anna@home.example", "a.lehmann@acme.example"],
        ["0104", "Dina Mohr", "dina@home.example", None],
    ]
    people = rows_of(tmp_path, Kind.PEOPLE, rows)
    assert [row["email"] for row in people] == ["a.lehmann@acme.example", None]
    short = [[row[0], row[1], row[2]] for row in rows]
    assert [row.get("email") for row in rows_of(tmp_path, Kind.PEOPLE, short)] == [None, None]


def test_the_day_credits_begin_anew_is_not_the_day_they_were_read(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["User", "Monthly limit", "Credits used", "Resets on"],
        ["Ann", 1000, 840, D(2026, 12, 1)],
        ["Bob", 1000, 0, D(2026, 12, 1)],
    ]
    first = rows_of(tmp_path, Kind.CREDITS, rows, tool="Enrich")[0]
    assert (first["bought"], first["used"], first.get("date")) == (1000, 840, None)
    rows[0][3] = "Read on"
    assert rows_of(tmp_path, Kind.CREDITS, rows, tool="Enrich")[0]["date"] == date(2026, 12, 1)


def test_currencies_by_their_whole_names_are_into_the_base_they_stand_beside(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Base currency", "Source currency", "Exchange rate", "Effective date"],
        ["Euro", "US Dollar", 0.8648, D(2026, 11, 2)],
        ["Euro", "Swedish Krona", 0.09142, D(2026, 11, 2)],
    ]
    rates = rows_of(tmp_path, Kind.RATES, rows, base_currency="EUR")
    assert [(row["from"], row["to"], row["rate"]) for row in rates] == [
        ("USD", "EUR", Decimal("0.8648")),
        ("SEK", "EUR", Decimal("0.09142")),
    ]


def account(tmp_path: Path, balances: list[float]) -> list[Any]:
    """Four lines of an account with what they were in another currency, and a balance."""
    moves = [
        (59.99, None, 65.0, "USD"),
        (30.0, None, 30.0, "EUR"),
        (None, 500.0, 500.0, "EUR"),
        (10.0, None, 10.0, "EUR"),
    ]
    rows: list[list[Any]] = [
        [
            "Date",
            "Details",
            "Debit amount",
            "Credit amount",
            "Balance",
            "Posted currency",
            "Local currency amount",
        ]
    ]
    rows[0].append("Local currency")
    rows += [
        [D(2026, 11, 2 + at), f"Shop {at} Ltd", out, come, balance, "EUR", amount, code]
        for at, ((out, come, amount, code), balance) in enumerate(zip(moves, balances, strict=True))
    ]
    reading, lines = read(workbook(tmp_path / "b.xlsx", rows))
    assert not reading.questions
    return lines


def test_sides_that_a_balance_proves_go_before_an_amount_in_another_currency(tmp_path: Path) -> None:
    lines = account(tmp_path, [940.01, 910.01, 1410.01, 1400.01])
    assert [line.amount for line in lines] == [Decimal("59.99"), Decimal(30), Decimal(-500), Decimal(10)]
    assert {line.currency for line in lines} == {"EUR"}
    assert (lines[0].original_amount, lines[0].original_currency) == (Decimal(65), "USD")
    assert account(tmp_path, [1.0, 7.0, 3.0, 4.0])[0].amount == Decimal(65)


def test_the_licence_somebody_lacks_is_not_the_one_they_hold(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["UserEmail", "RequiredLicense(s)", "AssignedLicense(s)", "MissingLicense(s)"],
        ["ann@example.org", "Enterprise", "Enterprise", None],
        ["bob@example.org", "Team", None, "Team"],
    ]
    assert [(row["licence"], row["assigned"]) for row in users(tmp_path, rows)] == [
        ("Enterprise", True),
        (None, False),
    ]
    rows = [["Email [Required]", "Licence", "Assigned"], ["ann@example.org", "Team", "yes"]]
    assert [(row["licence"], row["assigned"]) for row in users(tmp_path, rows)] == [("Team", True)]


@pytest.mark.parametrize("heading, held", [("Assigned seats", 180), ("Purchased", None)])
def test_seats_that_are_held_are_counted_beside_the_active_ones(
    tmp_path: Path, heading: str, held: int | None
) -> None:
    rows: list[list[Any]] = [
        ["Month", "Product", heading, "Active seats", "Active usage %"],
        [D(2026, 9, 1), "BI Pro", 180, 121, "67.2%"],
        [D(2026, 10, 1), "BI Pro", 180, 130, "72.2%"],
    ]
    first = rows_of(tmp_path, Kind.USAGE, rows)[0]
    assert (first["active_count"], first.get("assigned"), first.get("status")) == (121, held, None)


def test_a_second_last_use_and_a_second_state_of_a_person_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last report access", "Last login"],
        ["ann@example.org", D(2026, 2, 1), D(2026, 11, 20)],
        ["bob@example.org", None, D(2026, 11, 20)],
    ]
    assert notes(tmp_path, Kind.USAGE, rows, tool="BI") == [
        "Not read: B “Last report access” holds days. If one of them belongs in, choose it for what it is."
    ]
    rows = [
        ["Name", "Work email", "Activity status", "Lifecycle"],
        ["Ann", "ann@example.org", "active", "confirmed"],
        ["Bob", "bob@example.org", "active", "terminated"],
    ]
    assert notes(tmp_path, Kind.PEOPLE, rows) == [
        "Not read: D “Lifecycle” holds that some have left. If one of them belongs in, choose it for what it is."
    ]
    rows[2][3] = "probation"
    assert notes(tmp_path, Kind.PEOPLE, rows) == []


@pytest.mark.parametrize(
    "price, billing, cost, year",
    [
        pytest.param(25, "Monthly", 75_000, 75_000, id="a year of 250 seats"),
        pytest.param(25, "Monthly", 6_250, 75_000, id="a bill"),
        pytest.param(120, "Annually", 60_000, 30_000, id="a term of two years"),
        pytest.param(None, "Monthly", 6_250, 75_000, id="no price of one"),
        pytest.param(7, "Monthly", 6_250, 75_000, id="another price"),
    ],
)
def test_a_cost_is_a_years_or_a_terms_where_the_price_of_a_seat_proves_it(
    tmp_path: Path, price: int | None, billing: str, cost: int, year: int
) -> None:
    rows: list[list[Any]] = [
        ["Application", "Start date", "End date", "Seats", "Unit price", "Billing frequency", "Total cost"],
        ["CRM", D(2026, 7, 1), D(2028, 6, 30), 250, price, billing, cost],
    ]
    assert rows_of(tmp_path, Kind.INVENTORY, rows)[0]["yearly_cost"] == year
