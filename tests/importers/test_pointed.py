"""A table nobody found, that a person points at: their columns hold, the rest is found or asked, and remembered."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, NothingFoundError, ReadingDecision
from mopsaudit.intake.edits import Edit, EditKind, edited
from tests.importers.builders import read, text_file, workbook

#: No word of these headings tells what they are.
BUDGET: list[list[Any]] = [
    ["Plan of the agency", None, None],
    ["Alpha", "Beta £k", "Gamma"],
    ["Search", 12.5, "2026-03"],
    ["Events", 7.25, "2026-04"],
]
TERMS: list[list[Any]] = [
    ["zzz", "qqq", "www"],
    ["03/04/2026", "Adobe", "1.234,50"],
    ["05/06/2026", "HubSpot", "99,00"],
]


def nothing(path: Path, kind: Kind) -> ReadingDecision:
    """What a refused file holds."""
    with pytest.raises(NothingFoundError) as refused:
        read(path, kind)
    found = refused.value.reading
    assert refused.value.code == "file.no_data"
    assert not any(sheet.decision.used for sheet in found.sheets)
    assert found.sheets[0].preview
    return found.decision


def pointing(decision: ReadingDecision, sheet: str | None, **said: str) -> ReadingDecision:
    """The decision with a person's word on columns (``B="amount"``) and rows (``row2="header"``)."""
    return edited(
        decision,
        [
            Edit(
                kind=EditKind.ROW if where.startswith("row") else EditKind.COLUMN,
                target=where.removeprefix("row"),
                value=what,
                sheet=sheet,
            )
            for where, what in said.items()
        ],
    )


def test_what_a_person_says_of_a_sheet_without_a_table_is_read_and_remembered(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", {"Plan": BUDGET, "Notes": [["hello"]]})
    told = pointing(nothing(path, Kind.BUDGET), "Plan", A="programme", B="amount", C="month", row2="header")
    reading, rows = read(path, Kind.BUDGET, decision=told)
    assert [row.values["amount"] for row in rows] == [Decimal(12_500), Decimal(7_250)]  # the heading says £k
    assert [row.values["programme"] for row in rows] == ["Search", "Events"]
    plan, notes = reading.decision.sheets
    assert (plan.used, notes.used, plan.currency, plan.header_rows) == (True, False, "GBP", (2,))
    assert all(choice.by_person and choice.why == "You said so." for choice in plan.columns)
    profile = reading.decision.to_json()["sheets"][0]
    later = [["Another title"], [], *BUDGET[1:2], ["Search", 3, "2026-05"]]
    again, lines = read(
        workbook(tmp_path / "next.xlsx", {"Plan": later}),
        Kind.BUDGET,
        profiles=((profile["fingerprint"], profile),),
    )
    assert [row.values["amount"] for row in lines] == [Decimal(3_000)]
    assert again.decision.sheets[0].header_rows == (3,)


def test_a_remembered_table_is_another_one_under_other_headings(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", {"Plan": BUDGET})
    told = pointing(nothing(path, Kind.BUDGET), "Plan", A="programme", B="amount", row2="header")
    reading, _ = read(path, Kind.BUDGET, decision=told)
    profile = reading.decision.to_json()["sheets"][0]
    other = [BUDGET[0], ["Alpha", "Delta £k", "Gamma"], *BUDGET[2:]]
    with pytest.raises(NothingFoundError):
        read(
            workbook(tmp_path / "other.xlsx", {"Plan": other}),
            Kind.BUDGET,
            profiles=((profile["fingerprint"], profile),),
        )


def test_what_the_cells_leave_open_is_asked_as_ever(tmp_path: Path) -> None:
    path = text_file(tmp_path / "terms.csv", TERMS, delimiter=";")
    told = pointing(nothing(path, Kind.CONTRACTS), None, A="start", B="tool", C="amount", row1="header")
    asked, rows = read(path, Kind.CONTRACTS, decision=told)
    assert [question.key for question in asked.questions] == ["A.date_order"]
    assert rows == []
    # The next reading obeys what this one came to, with the answer.
    _, found = read(path, Kind.CONTRACTS, decision=asked.decision, answers=(("A.date_order", "dmy"),))
    assert [str(row.values["start"]) for row in found] == ["2026-04-03", "2026-06-05"]
    assert [row.values["amount"] for row in found] == [Decimal("1234.50"), Decimal("99.00")]


def test_without_a_word_on_headings_the_texts_above_the_first_values_are_them(tmp_path: Path) -> None:
    path = text_file(tmp_path / "terms.csv", [["A title"], *TERMS], delimiter=";")
    told = pointing(nothing(path, Kind.CONTRACTS), None, A="start", B="tool", C="amount")
    reading, _ = read(path, Kind.CONTRACTS, decision=told, answers=(("A.date_order", "dmy"),))
    assert reading.decision.sheets[0].header_rows == (2,)
    assert reading.sheets[0].lines_read == 2


def test_spend_that_was_said_to_be_none_can_still_be_pointed_at(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "odd.csv", [["zzz", "qqq"], ["Adobe", "1.234,50"], ["Canva", "10,00"]], delimiter=";"
    )
    no = (("reading", "no"),)
    with pytest.raises(NothingFoundError) as refused:
        read(path, answers=no)
    told = pointing(refused.value.reading.decision, None, A="supplier", B="amount", row1="header")
    reading, lines = read(path, decision=told, answers=no)
    assert not reading.questions
    assert [(line.supplier, line.amount) for line in lines] == [
        ("Adobe", Decimal("1234.50")),
        ("Canva", Decimal("10.00")),
    ]


@pytest.mark.parametrize("kind", [Kind.SPEND, Kind.CONTRACTS])
def test_a_cell_that_waits_for_an_answer_is_no_problem_yet(tmp_path: Path, kind: Kind) -> None:
    rows = [["Supplier", "Tool", "Start", "End", "Amount"]]
    rows += [
        ["Slack", "Slack", "2026-03-01", "2027-03-01", "€4,800"],
        ["Figma", "Figma", "x", "2027-03-01", "€6,480"],
    ]
    path = text_file(tmp_path / "amounts.csv", rows, delimiter=";")
    asked, _ = read(path, kind)
    assert [question.key for question in asked.questions] == ["E.decimal_mark"]
    told = [problem.cell for problem in asked.problems if problem.cell]
    assert "E2" not in told
    assert "E3" not in told
    answered, _ = read(path, kind, answers=(("E.decimal_mark", "."),))
    assert not answered.questions
    # What is wrong elsewhere is told all the while.
    assert [problem.cell for problem in answered.problems if problem.cell] == told
