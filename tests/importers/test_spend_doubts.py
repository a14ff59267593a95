"""Doubts about a sheet that is read as it stands: one amount on all lines of a bill, open bills by age."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import read, workbook


def codes_of(path: Path) -> set[str]:
    """The codes of the notes on a file."""
    return {problem.code for problem in read(path)[0].problems}


def bills(totals: list[float], *, apart: bool = False) -> list[list[Any]]:
    """Two lines a bill, both showing its total; ``apart``: on days of their own, as instalments of a contract are."""
    rows: list[list[Any]] = [["Invoice no", "Supplier", "Invoice date", "Item", "Amount"]]
    for number, total in enumerate(totals):
        for line in range(2):
            day = dt.date(2026, 3, 1 + number) + dt.timedelta(days=30 * line * apart)
            rows.append([f"I-{number}", f"Shop {number} Ltd", day, f"Item {line}", total])
    return rows


def test_one_amount_on_all_lines_of_each_bill_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"AP": bills([100.5, 220.25, 310.75])})
    (note,) = (each for each in read(path)[0].problems if each.code == "spend.repeated_bill")
    assert note.message.startswith("All lines of one bill show the same amount (3 bills of 6 lines).")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(bills([100.5, 220.25, 310.75], apart=True), id="the same each month"),
        pytest.param(bills([100.5, 220.25]), id="two bills"),
        pytest.param(bills([100.5, 100.5, 100.5]), id="one price throughout"),
    ],
)
def test_the_same_amount_for_another_reason_is_not(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert "spend.repeated_bill" not in codes_of(workbook(tmp_path / "a.xlsx", {"AP": rows}))


@pytest.mark.parametrize(
    "ages",
    [
        ["1-30", "31-60", "61-90", "90+"],
        ["1 - 30 days", "31 - 60 days", "61 - 90 days", "> 90 days"],
        ["0–30 Tage", "31–60 Tage", "61–90 Tage", "über 90 Tage"],
    ],
)
def test_what_is_open_by_age_is_told(tmp_path: Path, ages: list[str]) -> None:
    rows: list[list[Any]] = [["Vendor", *ages, "Total"]]
    for place in range(5):
        shares = [10.5 * place + 1, 0, 3.25, 2.5]
        rows.append([f"Shop {place} Ltd", *shares, sum(shares)])
    path = workbook(tmp_path / "a.xlsx", {"AP": rows})
    assert "spend.aged" in codes_of(path)
    assert [line.amount for line in read(path)[1]] == [sum(row[1:5]) for row in rows[1:]]


def test_what_is_sold_is_told_in_each_table_side_by_side(tmp_path: Path) -> None:
    head = ["Date", "Type", "Supplier", "Amount"]
    rows: list[list[Any]] = [["Q1", None, None, None, None, "Q2"], [*head, None, *head]]
    for place in range(6):
        left, right = (dt.date(2026, month, 5 + place) for month in (2, 5))
        kinds = ["Sale" if place == sold else "Purchase" for sold in (2, 4)]
        rows.append(
            [
                left,
                kinds[0],
                f"Shop {place} Ltd",
                10.5 + place,
                None,
                right,
                kinds[1],
                f"House {place} Ltd",
                20.5 + place,
            ]
        )
    _, lines = read(workbook(tmp_path / "a.xlsx", {"AP": rows}))
    assert {(line.supplier, line.not_spend) for line in lines if line.not_spend} == {
        ("Shop 2 Ltd", "sale"),
        ("House 4 Ltd", "sale"),
    }


@pytest.mark.parametrize(
    "signs, told",
    [
        (("+", "-", "+"), True),
        (("+", "−", "+"), True),
        (("-", "-", "-"), False),
        (("+", "+", "+"), False),
        (("+", "-", "new"), False),
    ],
)
def test_a_column_of_signs_beside_the_amounts_is_told(
    tmp_path: Path, signs: tuple[str, ...], told: bool
) -> None:
    rows: list[list[Any]] = [["Invoice date", "Supplier", "Amount", "Net", "+/-"]]
    for number, sign in enumerate(signs):
        rows.append([dt.date(2026, 3, 14 + number), f"Shop {number} Ltd", 10.25 + number, None, sign])
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"AP": rows}))
    assert len(lines) == 3
    found = [(each.code, each.cell) for each in reading.problems if "holds + and" in each.message]
    assert found == ([("columns.unread", "E2")] if told else [])
