"""Rows that say themselves that they are not in force: asked about in plans and lists of contracts, told elsewhere."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]


def taken(
    path: Path, kind: Kind, rows: Any, *answers: tuple[str, str], **options: Any
) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "list.csv", rows), kind, answers=answers, **options)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def plan_of(heading: str, *states: str) -> list[list[str]]:
    return [
        ["Line", "Month", "Planned amount", heading],
        *(
            [name, "2027-01", amount, state]
            for name, amount, state in zip(
                ("Fair", "Print", "Radio", "Video"), ("100.50", "20", "7", "3"), states, strict=True
            )
        ),
    ]


@pytest.mark.parametrize(
    "heading, states",
    [
        ("Status", ("approved", "Cancelled", "approved", "rejected")),
        ("Active", ("YES", "NO", "YES", "NO")),
        ("is_deleted", ("false", "true", "false", "true")),
        ("Deleted at", ("", "2026-03-01", "", "2026-04-01 09:00")),
        ("Stand", ("genehmigt", "gestrichen", "genehmigt", "abgelehnt")),
        ("PO status", ("4A - Sent", "4X - Cancelled", "4A - Sent", "4X - Cancelled")),
        ("Remark", ("active", "inactive", "active", "cancelled")),
    ],
)
def test_rows_of_a_plan_not_in_force_are_asked_about(
    tmp_path: Path, heading: str, states: tuple[str, ...]
) -> None:
    rows = plan_of(heading, *states)
    reading, values = taken(tmp_path, Kind.BUDGET, rows)
    assert (asked(reading), values) == (["D.in_force"], [])
    left = taken(tmp_path, Kind.BUDGET, rows, ("D.in_force", "leave"))[1]
    assert [each["amount"] for each in left] == [Decimal("100.50"), 7]
    kept = taken(tmp_path, Kind.BUDGET, rows, ("D.in_force", "keep"))[1]
    assert sum(each["amount"] for each in kept) == Decimal("130.50")


@pytest.mark.parametrize(
    "heading, states",
    [
        (
            "Status",
            ("approved", "completed", "on track", "closed"),
        ),  # what was spent was planned all the same
        ("Taxes", ("NO", "YES", "NO", "NO")),
        ("Region", ("North", "South", "Cancelled Street", "North")),
        ("Status", ("to be cancelled?", "approved", "approved", "approved")),
    ],
)
def test_other_columns_of_a_plan_are_not_asked_about(
    tmp_path: Path, heading: str, states: tuple[str, ...]
) -> None:
    reading, values = taken(tmp_path, Kind.BUDGET, plan_of(heading, *states))
    assert (asked(reading), len(values)) == ([], 4)


def test_a_state_no_word_tells_is_told(tmp_path: Path) -> None:
    reading, values = taken(tmp_path, Kind.BUDGET, plan_of("Status", "approved", "on hold", "approved", "H7"))
    assert (asked(reading), len(values)) == ([], 4)
    (told,) = [problem for problem in reading.problems if problem.code == "rows.state_unread"]
    assert (told.cell, "on hold" in told.message, "h7" in told.message) == ("D3", True, True)
    quiet = taken(tmp_path, Kind.BUDGET, plan_of("State", "Ohio", "Texas", "Ohio", "Utah"))[0]
    assert "rows.state_unread" not in codes(quiet)  # a place


CONTRACTS = [
    ["Vendor", "Contract number", "Start date", "End date", "Annual value", "Status"],
    ["Crow Ltd", "C-1", "2026-01-01", "2026-12-31", "100.50", "Active"],
    ["Daw Inc", "C-2", "2026-01-01", "2026-12-31", "20", "Terminated"],
    ["Elk AG", "C-3", "2026-09-01", "2027-08-31", "7", "Draft"],
    ["Fox SA", "C-4", "2024-01-01", "2024-12-31", "3", "Expired"],
]


def test_contracts_not_in_force_are_asked_about_unless_their_end_tells(tmp_path: Path) -> None:
    today = dt.date(2026, 11, 1)
    reading, values = taken(tmp_path, Kind.CONTRACTS, CONTRACTS, as_of=today)
    assert (asked(reading), values) == (["F.in_force"], [])
    assert "expired" not in reading.questions[0].asks
    left = taken(tmp_path, Kind.CONTRACTS, CONTRACTS, ("F.in_force", "leave"), as_of=today)[1]
    assert [each["vendor"] for each in left] == ["Crow Ltd", "Fox SA"]
    alone = taken(tmp_path, Kind.CONTRACTS, [*CONTRACTS[:2], CONTRACTS[4]], as_of=today)[0]
    assert asked(alone) == []


def test_a_flag_of_an_inventory_is_told(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Seats", "Deleted at"],
        ["Acme", "Crow", "3", ""],
        ["Bolt", "Daw", "2", "2026-01-01"],
    ]
    reading, values = taken(tmp_path, Kind.INVENTORY, rows)
    assert len(values) == 2
    assert "rows.state_unread" in codes(reading)


def test_the_words_of_a_programs_heading_are_heard(tmp_path: Path) -> None:
    for heading in ("IsDeleted", "RECORD_DELETED", "Is active?"):
        states = ("0", "1", "0", "1") if heading != "Is active?" else ("1", "0", "1", "0")
        reading = taken(tmp_path, Kind.BUDGET, plan_of(heading, *states))[0]
        assert asked(reading) == ["D.in_force"], heading


def test_rows_without_an_amount_are_not_asked_about(tmp_path: Path) -> None:
    rows = plan_of("Approved?", "Yes", "No", "Yes", "Yes")
    rows[2][2] = "0"
    assert asked(taken(tmp_path, Kind.BUDGET, rows)[0]) == []


def test_states_of_something_beside_the_contract_are_not_asked_about(tmp_path: Path) -> None:
    rows = [
        [*row[:5], state]
        for row, state in zip(CONTRACTS, ("DPA status", "signed", "rejected", "", ""), strict=True)
    ]
    assert asked(taken(tmp_path, Kind.CONTRACTS, rows)[0]) == []
    days = [[*row[:5], day] for row, day in zip(CONTRACTS, ("Terminated", *["2027-01-31"] * 4), strict=True)]
    assert asked(taken(tmp_path, Kind.CONTRACTS, days)[0]) == []  # when each of them ends
