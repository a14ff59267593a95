"""What decides a seat and no heading tells is proven by the cells, asked or told."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import read, workbook

D = datetime
LATE, EARLY = D(2026, 11, 20), D(2025, 3, 1)


def listed(
    tmp_path: Path, rows: Any, kind: Kind = Kind.USAGE, **options: Any
) -> tuple[Reading, list[dict[str, Any]]]:
    options.setdefault("tool", "CRM" if kind is Kind.USAGE else None)
    reading, found = read(workbook(tmp_path / "a.xlsx", rows), kind, **options)
    return reading, [dict(row.values) for row in found]


def table(**columns: list[Any]) -> list[list[Any]]:
    """Four accounts: two used lately, one long ago, one never."""
    rows: list[list[Any]] = [["Email", "Last login", *columns]]
    for place, day in enumerate((LATE, D(2026, 11, 2), EARLY, None)):
        rows.append([f"p{place}@acme.example", day, *(each[place] for each in columns.values())])
    return rows


def keys(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def held(found: list[dict[str, Any]]) -> list[Any]:
    return [row.get("assigned") for row in found]


FLAGS = {"Marketing User": [1, 0, 0, 0], "Service User": [0, 1, 0, 0], "Sales User": [0, 1, 1, 0]}


def test_columns_of_flags_alike_are_asked_to_be_tools_or_licences(tmp_path: Path) -> None:
    rows = table(**FLAGS)
    assert keys(listed(tmp_path, rows)[0]) == ["Spend!products"]
    _, tools = listed(tmp_path, rows, tool=None, answers=(("Spend!products", "tools"),))
    assert [(row["user_email"][:2], row["tool"]) for row in tools] == [
        ("p0", "Marketing"),
        ("p1", "Service"),
        ("p1", "Sales"),
        ("p2", "Sales"),
    ]
    _, licences = listed(tmp_path, rows, answers=(("Spend!products", "licences"),))
    assert [row["licence"] for row in licences] == ["Marketing", "Service, Sales", "Sales", None]
    assert held(licences) == [None, None, None, False]
    reading, none = listed(tmp_path, rows, answers=(("Spend!products", "none"),))
    assert held(none) == [None] * 4
    assert not [problem for problem in reading.problems if problem.code == "columns.unread"]


def test_which_tool_is_not_asked_while_its_columns_are(tmp_path: Path) -> None:
    assert keys(listed(tmp_path, table(**FLAGS), tool=None)[0]) == ["Spend!products"]


def test_flags_that_say_nothing_of_seats_are_not_asked(tmp_path: Path) -> None:
    rows = table(**{"Can edit": [1, 0, 1, 0], "Can export": [1, 1, 0, 0], "Can share": [1, 0, 0, 0]})
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert held(found) == [None] * 4


def test_a_flag_that_goes_with_the_use_is_asked_and_one_that_does_not_is_told(tmp_path: Path) -> None:
    rows = table(Frobbed=["yes", "yes", "no", "no"])
    reading, _ = listed(tmp_path, rows)
    assert keys(reading) == ["Spend!seat_column"]
    assert "C “Frobbed” says “yes” of 2, “no” of 2" in reading.questions[0].asks
    assert held(listed(tmp_path, rows, answers=(("Spend!seat_column", "C"),))[1]) == [
        True,
        True,
        False,
        False,
    ]
    assert held(listed(tmp_path, rows, answers=(("Spend!seat_column", "not C"),))[1]) == [
        False,
        False,
        True,
        True,
    ]
    assert held(listed(tmp_path, rows, answers=(("Spend!seat_column", "all"),))[1]) == [None] * 4
    reading, _ = listed(tmp_path, table(Frobbed=["yes", "no", "yes", "no"]))
    assert not reading.questions
    assert [problem.message[:23] for problem in reading.problems] == ["Not read: C “Frobbed” h"]


def test_a_flag_beside_a_status_is_not_asked(tmp_path: Path) -> None:
    rows = table(Status=["Active", "Active", "Inactive", "Active"], Frobbed=["yes", "yes", "no", "no"])
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert held(found) == [None, None, False, None]


@pytest.mark.parametrize("mark", ["x", "X", "yes", 1, True])
def test_who_has_no_mark_in_a_column_of_marks_has_no_seat(tmp_path: Path, mark: Any) -> None:
    _, found = listed(tmp_path, table(Licensed=[mark, mark, None, None]))
    assert held(found) == [True, True, False, False]


def test_a_switch_of_something_else_closes_no_account(tmp_path: Path) -> None:
    for heading in ("Portal enabled", "SMS active", "Webhook status"):
        _, found = listed(tmp_path, table(**{heading: ["Yes", "No", "No", "Yes"]}))
        assert held(found) == [None] * 4, heading
    for heading in ("User enabled", "Account active", "Login status"):
        _, found = listed(tmp_path, table(**{heading: ["Yes", "No", "No", "Yes"]}))
        assert held(found) == [None, False, False, None], heading


def test_the_control_bits_of_a_directory_say_who_is_off(tmp_path: Path) -> None:
    _, found = listed(tmp_path, table(userAccountControl=[512, "66048", 514, 66050]))
    assert held(found) == [None, None, False, False]
    _, found = listed(tmp_path, table(Points=[512, 514, 66048, 3]))
    assert held(found) == [None] * 4


def test_states_in_numbers_are_asked(tmp_path: Path) -> None:
    rows = table(Status=[1, 1, 2, 2])
    reading, _ = listed(tmp_path, rows)
    assert keys(reading) == ["Spend!C.states"]
    assert "says “2” of 2" in reading.questions[0].asks
    assert held(listed(tmp_path, rows, answers=(("Spend!C.states", "none"),))[1]) == [
        None,
        None,
        False,
        False,
    ]
    assert not listed(tmp_path, table(Status=[1, 1, 0, 0]))[0].questions


def test_a_state_far_down_a_long_list_is_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Email", "Status"]]
    rows += [[f"p{place}@acme.example", "Active"] for place in range(1500)]
    rows[1151][1] = "Parked"
    assert keys(listed(tmp_path, rows)[0]) == ["Spend!B.states"]


def test_a_service_is_a_department_in_a_list_in_french_and_asked_in_others(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "Courriel", "Dernière connexion", "Service"],
        ["Lee", "Ann", "ann@acme.example", LATE, "Qualité"],
        ["Fry", "Bo", "bo@acme.example", EARLY, "Atelier"],
    ]
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert [(row["tool"], row["department"]) for row in found] == [("CRM", "Qualité"), ("CRM", "Atelier")]
    rows[0] = ["Last name", "First name", "Email", "Last login", "Service"]
    assert keys(listed(tmp_path, rows)[0]) == ["Spend!E.tools_in"]
    _, tools = listed(tmp_path, rows, answers=(("Spend!E.tools_in", "tools"),))
    assert [row["tool"] for row in tools] == ["Qualité", "Atelier"]
    _, parts = listed(tmp_path, rows, answers=(("Spend!E.tools_in", "departments"),))
    assert [(row["tool"], row["department"]) for row in parts] == [("CRM", "Qualité"), ("CRM", "Atelier")]


def test_services_that_one_account_has_several_of_are_tools(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last login", "Service"],
        ["ann@acme.example", LATE, "Zorblax"],
        ["ann@acme.example", EARLY, "Quux"],
        ["bo@acme.example", EARLY, "Quux"],
    ]
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert [row["tool"] for row in found] == ["Zorblax", "Quux", "Quux"]


def test_departments_under_a_heading_of_tools_name_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "Last login", "System name list"],
        ["ann@acme.example", LATE, "Marketing"],
        ["bo@acme.example", EARLY, "Finance"],
    ]
    assert {row["tool"] for row in listed(tmp_path, rows)[1]} == {"CRM"}


def test_what_few_people_share_names_nobody(tmp_path: Path) -> None:
    rows = table(**{"Member of": ["Acme", "Acme", "Acme", "Brand"]})
    assert [row.get("user_name") for row in listed(tmp_path, rows)[1]] == [None] * 4


def test_what_somebody_signs_in_with_is_the_address_before_that_of_a_contact(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Contact email address", "Login", "Last seen"],
        ["ann@home.example", "ann@acme.example", LATE],
        ["bo@home.example", "bo@acme.example", EARLY],
    ]
    reading, found = listed(tmp_path, rows)
    assert [row["user_email"] for row in found] == ["ann@acme.example", "bo@acme.example"]
    assert any("holds addresses" in problem.message for problem in reading.problems)


def test_a_column_of_closing_days_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    _, found = listed(tmp_path, table(**{"Withdrawn by provider": [None, None, EARLY, None]}))
    assert held(found) == [None] * 4  # by whom
    rows = table(**{"Date of offboarding": [None, None, EARLY, D(2027, 3, 1)]})
    _, found = listed(tmp_path, rows, as_of=date(2026, 11, 23))
    assert held(found) == [None, None, False, None]
    people: list[list[Any]] = [
        ["Employee ID", "Name", "Email", "Date inactivated"],
        ["1", "Ann Lee", "ann@acme.example", None],
        ["2", "Bo Fry", "bo@acme.example", EARLY],
    ]
    _, found = listed(tmp_path, people, Kind.PEOPLE)
    assert [row.get("left") for row in found] == [None, EARLY.date()]


def test_a_roster_whose_flag_says_who_has_gone_is_read_and_another_asked(tmp_path: Path) -> None:
    people: list[list[Any]] = [
        ["Employee ID", "Name", "Email", "Terminated"],
        ["1", "Ann Lee", "ann@acme.example", 0],
        ["2", "Bo Fry", "bo@acme.example", 1],
    ]
    reading, found = listed(tmp_path, people, Kind.PEOPLE)
    assert not reading.questions
    assert [row.get("status") for row in found] == [None, "left"]
    people[0][3] = "Frobbed"
    assert not listed(tmp_path, people, Kind.PEOPLE)[0].questions
    for row, note in zip(people, ("Remark", None, "moved away"), strict=True):
        row.append(note)
    assert keys(listed(tmp_path, people, Kind.PEOPLE)[0]) == ["Spend!seat_column"]
    _, found = listed(tmp_path, people, Kind.PEOPLE, answers=(("Spend!seat_column", "D"),))
    assert [row.get("status") for row in found] == ["left", None]


def test_the_code_of_an_application_names_it_where_nothing_else_does(tmp_path: Path) -> None:
    rows = [["Application ID", "Active users"], ["S4H", 180], ["EBS", 45]]
    _, found = listed(tmp_path, rows, tool=None)
    assert [(row["tool"], row["active_count"]) for row in found] == [("S4H", 180), ("EBS", 45)]


def test_a_federations_states_are_no_states_of_accounts_and_the_flag_beside_them_is(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Email", "State", "Instructor flag", "Active flag"],
        ["ann@acme.example", "UT", True, True],
        ["bo@acme.example", "ID", False, False],
    ]
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert held(found) == [None, False]
    rows = [["Email", "State"], ["ann@acme.example", "Active"], ["bo@acme.example", "Frobbed"]]
    assert keys(listed(tmp_path, rows)[0]) == ["Spend!B.states"]


@pytest.mark.parametrize(
    "said,kind",
    [
        ("System account", "service"),
        ("Guest user", "external"),
        ("Service principal", "service"),
        ("Account manager", "person"),
    ],
)
def test_a_kind_of_account_is_known_before_the_word_it_is_one_of(
    tmp_path: Path, said: str, kind: str
) -> None:
    rows = [
        ["Email", "Last login", "Type"],
        ["print@acme.example", LATE, said],
        ["ann@acme.example", LATE, "User"],
    ]
    assert [row["account_kind"] for row in listed(tmp_path, rows)[1]] == [kind, "person"]


def test_a_code_or_a_reason_that_some_have_alone_is_told(tmp_path: Path) -> None:
    for heading in ("Activation code", "Deactivation reason"):
        reading, _ = listed(tmp_path, table(**{heading: [None, "Xy7", None, None]}))
        assert any("something for some" in problem.message for problem in reading.problems), heading


def test_a_function_of_each_person_is_no_feature(tmp_path: Path) -> None:
    rows = table(Functions=["Maths", "History", "Art", "Art"])
    assert [row.get("feature") for row in listed(tmp_path, rows)[1]] == [None] * 4


def test_a_state_of_the_use_is_none_of_the_account_and_one_of_the_employment_makes_a_leaver(
    tmp_path: Path,
) -> None:
    columns: dict[str, list[Any]] = {
        "Licence": ["Pro", "Pro", "Pro", None],
        "Activity status": ["Active", "Active", "Inactive", "Never active"],
        "Employment status": ["Active", "Active", "Terminated", "Active"],
    }
    rows = table(**columns)
    reading, found = listed(tmp_path, rows)
    assert not reading.questions
    assert held(found) == [True, True, True, False]
    assert [row["account_kind"] for row in found] == ["person", "person", "leaver", "person"]
    rows = table(**{"Employee status": ["Active", "Active", "Inactive", "Active"]})
    assert held(listed(tmp_path, rows)[1]) == [None, None, False, None]


def test_days_since_a_login_are_nobodys_id(tmp_path: Path) -> None:
    rows = table(**{"Days since login": [3, 21, 632, None]})
    assert [row.get("user_id") for row in listed(tmp_path, rows)[1]] == [None] * 4


def test_where_some_have_no_address_what_every_account_has_of_its_own_names_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Account", "Full name", "Email", "Last login"],
        ["alee", "Ann Lee", "ann@acme.example", LATE],
        ["bfry", "Bo Fry", None, EARLY],
    ]
    assert [row.get("user_id") for row in listed(tmp_path, rows)[1]] == ["alee", "bfry"]
    rows[2][2] = "bo@acme.example"
    assert [row.get("user_id") for row in listed(tmp_path, rows)[1]] == [None, None]


def test_what_is_to_be_done_and_details_of_a_lock_are_told(tmp_path: Path) -> None:
    told: tuple[dict[str, list[Any]], ...] = (
        {"Action": ["Update", "Update", "Deactivate", "Archive"]},
        {"Locked details": [None, "too many attempts on 5 May", None, None]},
    )
    for columns in told:
        reading, found = listed(tmp_path, table(**columns))
        assert held(found) == [None] * 4
        assert any(problem.code == "columns.unread" for problem in reading.problems), columns


def test_who_was_hired_after_leaving_is_there(tmp_path: Path) -> None:
    people: list[list[Any]] = [
        ["Employee ID", "Name", "Email", "Date of hire", "Date of termination"],
        ["1", "Ann Lee", "ann@acme.example", D(2025, 3, 1), D(2023, 10, 31)],
        ["2", "Bo Fry", "bo@acme.example", D(2020, 3, 1), D(2023, 10, 31)],
    ]
    _, found = listed(tmp_path, people, Kind.PEOPLE)
    assert [row.get("left") for row in found] == [None, date(2023, 10, 31)]


def test_flags_beside_those_of_known_tools_are_asked_about_with_them(tmp_path: Path) -> None:
    rows = table(
        Salesforce=["x", None, "x", None], HubSpot=["x", "x", None, None], Frobbed=[None, "x", None, "x"]
    )
    reading, _ = listed(tmp_path, rows)
    assert [question.asks[:63] for question in reading.questions] == [
        "Columns C “Salesforce”, D “HubSpot” and E “Frobbed” say yes or "
    ]


def test_kinds_of_people_are_no_licences_and_a_subscription_to_mails_is_no_seat(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "User type": ["Employee", "Employee", "Contractor", "Employee"],
        "Subscribed": [1, 0, 1, 0],
    }
    rows = table(**columns)
    _, found = listed(tmp_path, rows)
    assert [row["account_kind"] for row in found] == ["person", "person", "external", "person"]
    assert held(found) == [None] * 4
    _, found = listed(tmp_path, table(**{"User type": ["Full", "Full", "Contractor", "Full"]}))
    assert [row["licence"] for row in found] == ["Full", "Full", "Contractor", "Full"]


def test_who_is_suspended_until_a_day_is_back_after_it(tmp_path: Path) -> None:
    rows = table(**{"Suspended until": [None, EARLY, D(2027, 1, 1), None]})
    assert held(listed(tmp_path, rows, as_of=date(2026, 11, 23))[1]) == [None, None, False, None]


@pytest.mark.parametrize(
    "heading",
    [
        "Data ostatniego logowania",
        "Datum der letzten Anmeldung am Portal",
        "Senaste inloggning till tjänsten",
    ],
)
def test_a_last_use_is_known_in_other_languages_by_how_its_words_begin(tmp_path: Path, heading: str) -> None:
    rows = [["Email", heading], ["ann@acme.example", LATE], ["bo@acme.example", None]]
    assert [row["last_activity"] for row in listed(tmp_path, rows)[1]] == [LATE.date(), None]
    rows = [["Email", "Ostatnia zmiana hasła"], ["ann@acme.example", LATE], ["bo@acme.example", EARLY]]
    assert [row.get("last_activity") for row in listed(tmp_path, rows)[1]] == [None, None]


def test_a_paid_seats_flag_in_another_language_is_told(tmp_path: Path) -> None:
    reading, _ = listed(tmp_path, table(**{"Płatne stanowisko": ["Tak", "Nie", "Tak", "Nie"]}))
    assert any("C “Płatne stanowisko”" in problem.message for problem in reading.problems)


def test_leavers_without_addresses_are_a_roster_by_their_references(tmp_path: Path) -> None:
    people: list[list[Any]] = [
        ["Person ref.", "Forename", "Surname", "Leaving date"],
        ["1001", "Ann", "Lee", EARLY],
        ["1002", "Bo", "Fry", None],
    ]
    _, found = listed(tmp_path, people, Kind.PEOPLE)
    assert [(row["employee_id"], row.get("left")) for row in found] == [
        ("1001", EARLY.date()),
        ("1002", None),
    ]


def test_what_was_given_and_what_was_not_is_a_yes_or_no(tmp_path: Path) -> None:
    given, none = "Assigned", "Not assigned"
    columns: dict[str, list[Any]] = {
        "Meeting": [given, given, given, none],
        "Webinar licence": [given, none, none, none],
        "Training licence": [none, none, given, none],
    }
    rows = table(**columns)
    assert keys(listed(tmp_path, rows)[0]) == ["Spend!products"]
    _, found = listed(tmp_path, rows, answers=(("Spend!products", "licences"),))
    assert held(found) == [None, None, None, False]
    reading, _ = listed(
        tmp_path, table(**{"Seat": ["Full"] * 4, "Boards access": ["Full", "No access", "Full", "Full"]})
    )
    assert any("D “Boards access”" in problem.message for problem in reading.problems)


def test_who_has_no_licence_by_their_number_has_no_seat(tmp_path: Path) -> None:
    for heading in ("License count", "Number of seats"):
        _, found = listed(tmp_path, table(**{heading: [2, 1, 0, "0"]}))
        assert held(found) == [True, True, False, False], heading
    _, found = listed(tmp_path, table(**{"Logins count": [2, 1, 0, 0]}))
    assert held(found) == [None] * 4


def test_an_address_behind_a_name_is_the_address(tmp_path: Path) -> None:
    rows = [["User", "Last login"], ["Ann Lee (ann@acme.example)", LATE], ["Bo <BO@acme.example>", EARLY]]
    found = listed(tmp_path, [["Email", "Last login"], *rows[1:]])[1]
    assert [row["user_email"] for row in found] == ["ann@acme.example", "bo@acme.example"]


def test_a_state_where_others_have_a_day_is_no_day(tmp_path: Path) -> None:
    rows = [["Email", "Last active"], ["ann@acme.example", LATE], ["bo@acme.example", "Invite pending"]]
    reading, found = listed(tmp_path, rows)
    assert [row["last_activity"] for row in found] == [LATE.date(), None]
    assert not [problem for problem in reading.problems if problem.code == "value.unreadable"]


def test_whether_a_mail_was_sent_is_no_address(tmp_path: Path) -> None:
    people = [["Employee ID", "Name", "Email"], ["1", "Ann Lee", "Done"], ["2", "Bo Fry", "Open"]]
    reading, found = listed(tmp_path, people, Kind.PEOPLE)
    assert [row.get("email") for row in found] == [None, None]
    assert not [problem for problem in reading.problems if problem.code == "value.unreadable"]
