"""Months from April to March below a bare year: one question whose year it is, and every month read by its answer."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importers.header_years import turning_years
from mopsaudit.intake.contract import Kind
from tests.importers.builders import codes, read, workbook

MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
NAMES = ("ACME Ltd", "Beta plc", "Gamma GmbH", "Delta SA")


def two_years(over: str, *, named: str = "Supplier", part: int = 24) -> list[list[Any]]:
    """Two years side by side, the year over the first month, over each, or over the first to be merged."""
    years = [
        year if over == "each" or not place % 12 else None
        for place in range(24)
        for year in [2025 + place // 12]
    ]
    lines = [[name, *[100.25 * (row + 1) + place for place in range(part)]] for row, name in enumerate(NAMES)]
    return [[None, *years[:part]], [named, *(MONTHS * 2)[:part]], *lines]


def file_of(path: Path, rows: list[list[Any]], *, merged: bool) -> Path:
    workbook(path, {"Spend": rows})
    if merged:
        book = openpyxl.load_workbook(path)
        for place in (2, 14):
            book["Spend"].merge_cells(start_row=1, end_row=1, start_column=place, end_column=place + 11)
        book.save(path)
    return path


def month(place: int, first: int) -> dt.date:
    return dt.date(first + (place + 3) // 12, (place + 3) % 12 + 1, 1)


@pytest.mark.parametrize("over", ["first", "each", "merged"])
@pytest.mark.parametrize("answer, first", [("begins", 2025), ("ends", 2024)])
def test_whose_a_year_over_april_to_march_is_is_asked_once(
    tmp_path: Path, over: str, answer: str, first: int
) -> None:
    path = file_of(tmp_path / "a.xlsx", two_years(over), merged=over == "merged")
    reading, lines = read(path)
    assert [question.key for question in reading.questions] == ["Spend!B.year_named"]
    assert [choice.reads for choice in reading.questions[0].choices] == [
        "“2025” is April 2025 to March 2026: the year it begins in",
        "“2025” is April 2024 to March 2025: the year it ends in",
    ]
    assert not lines
    reading, lines = read(path, answers=(("Spend!B.year_named", answer),))
    assert not reading.questions
    assert codes(reading) == ["currency.assumed"]
    assert {(line.supplier, line.period): line.amount for line in lines} == {
        (name, month(place, first)): Decimal(str(100.25 * (row + 1) + place))
        for row, name in enumerate(NAMES)
        for place in range(24)
    }
    assert len(lines) == 4 * 24
    _, again = read(path, decision=reading.decision)
    assert again == lines


@pytest.mark.parametrize("over", ["first", "each", "merged"])
def test_a_budget_of_such_years_reads_the_same_and_again_by_its_decision(tmp_path: Path, over: str) -> None:
    rows = two_years(over, named="Vendor")
    path = file_of(tmp_path / "a.xlsx", rows, merged=over == "merged")
    reading, lines = read(path, Kind.BUDGET)
    assert [question.key for question in reading.questions] == ["Spend!B.year_named"]
    reading, lines = read(path, Kind.BUDGET, answers=(("Spend!B.year_named", "begins"),))
    assert not reading.questions
    found = {(line.values["vendor"], line.values["month"]): line.values["amount"] for line in lines}
    assert len(found) == len(lines) == 4 * 24
    assert found[("ACME Ltd", dt.date(2026, 1, 1))] == Decimal("109.25")
    assert found[("ACME Ltd", dt.date(2027, 3, 1))] == Decimal("123.25")
    _, again = read(path, Kind.BUDGET, decision=reading.decision)
    assert again == lines


def test_a_budget_under_years_carried_over_its_months_is_the_same_by_its_decision(tmp_path: Path) -> None:
    rows = [
        [None, 2025, None, None, 2026, None, None],
        ["Vendor", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"],
        *[[name, 4.5, 2.5, 3.5, 1.5, 5.5, 6.5] for name in NAMES],  # amounts that never fall may be cumulated
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, lines = read(path, Kind.BUDGET)
    assert not reading.questions
    assert len(lines) == 4 * 6
    _, again = read(path, Kind.BUDGET, decision=reading.decision)
    assert again == lines


@pytest.mark.parametrize("kind", [Kind.SPEND, Kind.BUDGET])
def test_an_edit_of_something_else_is_no_answer(tmp_path: Path, kind: Kind) -> None:
    """A decision edited while the question is open asks it again, and takes the answer when it comes."""
    path = workbook(
        tmp_path / "a.xlsx", two_years("first", named="Supplier" if kind is Kind.SPEND else "Vendor")
    )
    edited = read(path, kind)[0].decision
    reading, lines = read(path, kind, decision=edited)
    assert [question.key for question in reading.questions] == ["Spend!B.year_named"]
    assert not lines
    answers = (("Spend!B.year_named", "ends"),)
    reading, lines = read(path, kind, decision=edited, answers=answers)
    assert not reading.questions
    assert lines == read(path, kind, answers=answers)[1]


@pytest.mark.parametrize("kind", [Kind.SPEND, Kind.BUDGET])
def test_nor_is_it_for_months_without_any_year(tmp_path: Path, kind: Kind) -> None:
    name = "Supplier" if kind is Kind.SPEND else "Vendor"
    path = workbook(tmp_path / "a.xlsx", [[name, *MONTHS], *[[each, *[9.5] * 12] for each in NAMES]])
    said: dict[str, Any] = {"as_of": dt.date(2026, 6, 1), "fiscal_start": 4}
    edited = read(path, kind, **said)[0].decision
    reading, lines = read(path, kind, decision=edited, **said)
    assert [question.key for question in reading.questions] == ["Spend!fiscal_year"]
    assert not lines
    answers = (("Spend!fiscal_year", "2025"),)
    reading, lines = read(path, kind, decision=edited, answers=answers, **said)
    assert not reading.questions
    assert len(lines) == 4 * 12
    assert lines == read(path, kind, answers=answers, **said)[1]
    assert read(path, kind, decision=reading.decision, **said)[1] == lines


def test_a_year_named_above_the_months_holds_after_an_edit(tmp_path: Path) -> None:
    rows = [["Budget 2027"], ["Vendor", *MONTHS], *[[each, *[9.5] * 12] for each in NAMES]]
    path = workbook(tmp_path / "a.xlsx", rows)
    said: dict[str, Any] = {"as_of": dt.date(2026, 6, 1), "fiscal_start": 4}
    reading, lines = read(path, Kind.BUDGET, **said)
    assert not reading.questions
    assert {line.values["month"] for line in lines} == {month(place, 2026) for place in range(12)}
    assert read(path, Kind.BUDGET, decision=reading.decision, **said)[1] == lines


def test_a_second_year_that_has_only_begun_follows_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", two_years("first", part=15))
    reading, lines = read(path, answers=(("Spend!B.year_named", "ends"),))
    assert not reading.questions
    assert {line.period for line in lines} == {month(place, 2024) for place in range(15)}


@pytest.mark.parametrize(
    "upper, last, found",
    [
        (
            [None, 2025, None, None],
            ["Supplier", "Nov", "Dec", "Jan"],
            {1: (2025, 11), 2: (2025, 12), 3: (2025, 1)},
        ),
        ([None, 2025, None, None], ["Supplier", "Jan", "Feb", "Mar"], {}),  # a year from January on
        ([None, 2025, None], ["Supplier", "Feb", "Jan"], {}),  # newest first
        ([None, 2025, None, None], ["Supplier", "Nov", "Dec", "Feb"], {}),  # a month is missing
        ([None, 2025, None, 2026], ["Supplier", "Dec", "Jan", "Feb"], {}),  # the second year begins elsewhere
        ([None, 2025, None, 2025], ["Supplier", "Dec", "Jan", "Dec"], {}),  # one month twice
        ([None, "Plan", None], ["Supplier", "Dec", "Jan"], {}),
        ([None, None, 2025], ["Supplier", "Dec", "Jan"], {}),
    ],
)
def test_only_years_that_turn_within_are_taken(
    upper: Any, last: Any, found: dict[int, tuple[int, int]]
) -> None:
    assert turning_years(upper, last) == found
