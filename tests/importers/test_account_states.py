"""States nobody knows are asked about; accounts opened again, seats taken back and second addresses are told apart."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from tests.importers.builders import read, workbook

D = datetime


def usage(tmp_path: Path, rows: Any, **options: Any) -> list[dict[str, Any]]:
    reading, found = read(workbook(tmp_path / "a.xlsx", rows), Kind.USAGE, tool="CRM", **options)
    assert not reading.questions, reading.questions
    return [dict(row.values) for row in found]


def asked(tmp_path: Path, kind: Kind, rows: Any, **options: Any) -> list[str]:
    tool = "CRM" if kind is Kind.USAGE else None
    reading, _ = read(workbook(tmp_path / "q.xlsx", rows), kind, tool=tool, **options)
    return [question.key for question in reading.questions]


def accounts(*states: str) -> list[list[Any]]:
    """A list of users: the first was there lately, whoever has another state never."""
    rows: list[list[Any]] = [["Email", "Status", "Last login"]]
    for number, state in enumerate(states):
        rows.append([f"p{number}@acme.example", state, None if number else D(2026, 11, 20)])
    return rows


def test_a_state_nobody_knows_is_asked_and_the_answer_is_kept_to(tmp_path: Path) -> None:
    rows = accounts("Active", "STAGED", "VERIFICATION_REQUIRED", "Deactivated")
    assert asked(tmp_path, Kind.USAGE, rows) == ["Spend!B.states"]
    held = usage(tmp_path, rows, answers=(("Spend!B.states", "held"),))
    none = usage(tmp_path, rows, answers=(("Spend!B.states", "none"),))
    one = usage(tmp_path, rows, answers=(("Spend!B.states", "staged"),))
    assert [row.get("assigned") for row in held] == [None, None, None, False]
    assert [row.get("assigned") for row in none] == [None, False, False, False]
    assert [row.get("assigned") for row in one] == [None, False, None, False]


@pytest.mark.parametrize(
    "state", ["Invited", "Pending invitation", "active", "Guest", "suspended", "n/a", "3"]
)
def test_known_states_are_not_asked(tmp_path: Path, state: str) -> None:
    assert asked(tmp_path, Kind.USAGE, accounts("Active", state)) == []


def test_an_unknown_state_of_accounts_in_use_holds_seats(tmp_path: Path) -> None:
    rows = accounts("Green", "Active")
    assert asked(tmp_path, Kind.USAGE, rows) == []
    rows[1][2], rows[2][2] = D(2026, 3, 1), D(2026, 11, 20)
    assert asked(tmp_path, Kind.USAGE, rows) == ["Spend!B.states"]


def test_regions_and_many_words_are_no_states(tmp_path: Path) -> None:
    rows = accounts("Ohio", "Utah")
    rows[0][1] = "State"
    assert asked(tmp_path, Kind.USAGE, rows) == []
    many = accounts(*(f"Project {letter}" for letter in "KLMNOPQR"))
    assert asked(tmp_path, Kind.USAGE, many) == []


def test_letters_of_a_roster_are_asked_unless_leavers_have_a_day(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Employee ID", "Name", "Email", "Status", "Start date"],
        ["1", "Ann Lee", "ann@acme.example", "A", D(2020, 1, 6)],
        ["2", "Bo Fry", "bo@acme.example", "T", D(2021, 1, 6)],
    ]
    assert asked(tmp_path, Kind.PEOPLE, rows) == ["Spend!D.states"]
    _, found = read(workbook(tmp_path / "p.xlsx", rows), Kind.PEOPLE, answers=(("Spend!D.states", "none"),))
    assert [row.values["status"] for row in found] == ["A", "left (T)"]
    for row, day in zip(rows, ("Leaving date", None, D(2026, 5, 1)), strict=True):
        row.append(day)
    assert asked(tmp_path, Kind.PEOPLE, rows) == []
    rows[2][3], rows[2][5] = "Parental leave", None
    assert asked(tmp_path, Kind.PEOPLE, rows) == []


def test_an_account_opened_again_after_it_was_closed_is_there(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Active", "Activation date", "Deactivation date"],
        ["ann@acme.example", "yes", D(2025, 2, 1), D(2024, 9, 9)],
        ["bob@acme.example", "yes", D(2021, 2, 1), D(2024, 9, 9)],
        ["cyd@acme.example", "no", D(2025, 2, 1), D(2024, 9, 9)],
    ]
    assert [row.get("assigned") for row in usage(tmp_path, rows)] == [None, False, False]


def test_a_seat_taken_back_is_none_though_it_was_given_on_a_day(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Application", "Assigned on", "Unassigned on", "Last login"],
        ["ann@acme.example", "Boards", D(2025, 2, 1), None, D(2026, 11, 9)],
        ["bob@acme.example", "Boards", D(2025, 2, 1), D(2026, 6, 9), D(2026, 6, 1)],
        ["cyd@acme.example", "Boards", D(2026, 9, 1), D(2026, 6, 9), None],
    ]
    assert [row["assigned"] for row in usage(tmp_path, rows)] == [date(2025, 2, 1), False, date(2026, 9, 1)]
    rows = [
        ["Email", "Licence assigned date", "Account status"],
        ["ann@acme.example", D(2025, 2, 1), "Active"],
        ["bob@acme.example", D(2025, 2, 1), "Suspended"],
    ]
    assert [row["assigned"] for row in usage(tmp_path, rows)] == [date(2025, 2, 1), False]


def test_milliseconds_since_1970_are_days(tmp_path: Path) -> None:
    day = date(2026, 11, 20)
    seconds = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp())
    for value in (seconds, seconds * 1000, str(seconds * 1000)):
        rows = [["Email", "Last active"], ["ann@acme.example", value], ["bob@acme.example", None]]
        assert usage(tmp_path, rows)[0]["last_activity"] == day, value


def test_the_address_most_have_is_the_accounts_and_webmail_is_none_beside_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["login_id", "byod_email", "last_sign_in_at"],
        ["ann@acme.example", "ann.m@example.net", D(2026, 11, 9)],
        ["bob@acme.example", None, D(2026, 11, 9)],
    ]
    assert [row["user_email"] for row in usage(tmp_path, rows)] == ["ann@acme.example", "bob@acme.example"]
    staff: list[list[Any]] = [
        ["empID", "Name", "officeEmail", "othEmail"],
        ["1", "Ann Lee", "ann@acme.example", "ann.lee@gmail.com"],
        ["2", "Bo Fry", "bob@acme.example", "bo.fry@gmail.com"],
    ]
    _, found = read(workbook(tmp_path / "p.xlsx", staff), Kind.PEOPLE)
    assert [row.values["email"] for row in found] == ["ann@acme.example", "bob@acme.example"]


def test_the_managers_address_is_nobodys_own(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["E-mail", "Approver address", "Last login"],
        ["ann@acme.example", "zoe@acme.example", D(2026, 11, 9)],
        [None, "zoe@acme.example", D(2026, 11, 9)],
        ["cyd@acme.example", "max@acme.example", D(2026, 11, 9)],
    ]
    assert [row["user_email"] for row in usage(tmp_path, rows)] == ["ann@acme.example", "cyd@acme.example"]


def test_the_size_of_files_is_no_use(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last login", "File usage (MB)"],
        ["ann@acme.example", D(2026, 11, 9), 1204.5],
        ["bob@acme.example", D(2026, 11, 9), 88.0],
    ]
    assert [row.get("used") for row in usage(tmp_path, rows)] == [None, None]
    rows[0][2] = "Usage count"
    assert usage(tmp_path, rows)[0]["used"] == 1.0


def told(tmp_path: Path, kind: Kind, rows: Any) -> list[tuple[str, str]]:
    tool = "CRM" if kind is Kind.USAGE else None
    reading, _ = read(workbook(tmp_path / "t.xlsx", rows), kind, tool=tool)
    return [(problem.code, problem.message) for problem in reading.problems]


def test_a_role_that_says_closed_is_a_state_and_one_that_begins_like_it_is_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["E-Mail", "Rolle", "Letzte Anmeldung", "Features"],
        ["ann@acme.example", "Nutzer", D(2026, 11, 9), 12],
        ["bob@acme.example", "Deaktiviert", D(2025, 11, 9), 3],
        ["cyd@acme.example", "No access to billing", D(2026, 11, 9), 3],
    ]
    found = usage(tmp_path, rows)
    assert [row.get("assigned") for row in found] == [None, False, None]
    assert [row.get("feature") for row in found] == [None, None, None]


def test_a_column_nobody_reads_that_closes_accounts_is_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last login", "Phase of care"],
        ["ann@acme.example", D(2026, 11, 9), "Operational"],
        ["bob@acme.example", D(2026, 11, 9), "Offboarded"],
    ]
    assert told(tmp_path, Kind.USAGE, rows) == [
        (
            "columns.unread",
            (
                "Not read: C “Phase of care” holds that some are closed. "
                "If one of them belongs in, choose it for what it is."
            ),
        )
    ]
    rows[2][2] = "No phase"
    assert told(tmp_path, Kind.USAGE, rows) == []


def test_unlicensed_as_a_state_is_no_seat_and_no_question(tmp_path: Path) -> None:
    found = usage(tmp_path, accounts("Licensed", "Unlicensed"))
    assert [row.get("assigned") for row in found] == [None, False]


def test_the_time_of_a_directory_sync_is_no_use(tmp_path: Path) -> None:
    rows = [
        ["Email", "Last dirsync time", "Licences"],
        ["ann@acme.example", D(2026, 11, 22), "Suite"],
        ["bob@acme.example", D(2026, 11, 22), "Suite"],
    ]
    assert {row.get("last_activity") for row in usage(tmp_path, rows)} == {None}


def test_the_day_of_relieving_is_the_leaving_day_and_that_of_the_notice_is_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Emp Code", "Name", "Email", "DOJ", "Resignation Date", "Relieving Date"],
        ["A1", "Ann Lee", "ann@acme.example", D(2019, 4, 1), D(2026, 10, 1), D(2026, 10, 31)],
        ["A2", "Bo Fry", "bob@acme.example", D(2022, 8, 15), D(2026, 11, 15), D(2027, 1, 15)],
    ]
    _, found = read(workbook(tmp_path / "p.xlsx", rows), Kind.PEOPLE)
    assert [row.values["left"] for row in found] == [date(2026, 10, 31), date(2027, 1, 15)]
    assert [code for code, message in told(tmp_path, Kind.PEOPLE, rows) if "Resignation Date" in message] == [
        "columns.unread"
    ]
    _, alone = read(workbook(tmp_path / "p.xlsx", [row[:5] for row in rows]), Kind.PEOPLE)
    assert alone[0].values["left"] == date(2026, 10, 1)


def test_who_is_active_and_has_left_is_told_unless_a_day_of_return_stands_beside(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Employee ID", "Name", "Status", "Leaving date", "RejoinDate"],
        ["1", "Ann Lee", "Active", D(2021, 3, 31), None],
        ["2", "Bo Fry", "Active", D(2027, 3, 31), None],
        ["3", "Cy Ode", "Active", D(2021, 3, 31), D(2025, 9, 1)],
    ]
    reading, found = read(workbook(tmp_path / "p.xlsx", rows), Kind.PEOPLE, as_of=date(2026, 11, 22))
    assert [row.values.get("left") for row in found] == [date(2021, 3, 31), date(2027, 3, 31), None]
    assert [problem.code for problem in reading.problems].count("people.active_left") == 1


def test_a_column_of_states_is_the_status_whatever_its_heading_and_a_switch_is_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Courriel", "Dernière connexion", "Statut de l'utilisateur"],
        ["ann@acme.example", D(2026, 11, 19), "Actif"],
        ["bob@acme.example", D(2024, 5, 5), "Inactif"],
    ]
    assert [(row.get("user_name"), row.get("assigned")) for row in usage(tmp_path, rows)] == [
        (None, None),
        (None, False),
    ]
    rows[0][2], rows[1][2], rows[2][2] = "Weekly digest", "Enabled", "Disabled"
    assert {row.get("assigned") for row in usage(tmp_path, rows)} == {None}


def test_a_flag_of_the_active_is_a_state_of_a_roster(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["employeeId", "firstName", "lastName", "email", "isActiveFlag"],
        ["1", "Ann", "Lee", "ann@acme.example", 1],
        ["2", "Bo", "Fry", "bob@acme.example", 0],
    ]
    _, found = read(workbook(tmp_path / "p.xlsx", rows), Kind.PEOPLE)
    assert found[1].values["status"] == "inactive"
    assert found[0].values["status"] != "inactive"
