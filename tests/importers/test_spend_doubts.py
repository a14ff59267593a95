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
    path = workbook(tmp_path / "a.xlsx", {"AP": rows})
    reading, lines = read(path, answers=(("AP!E.credits", "as_written"),))
    assert len(lines) == 3
    found = [(each.code, each.cell) for each in reading.problems if "holds + and" in each.message]
    assert found == ([("columns.unread", "E2")] if told else [])


def _with(heading: str, values: list[Any], total: str = "Total") -> list[list[Any]]:
    rows: list[list[Any]] = [["Invoice date", "Supplier", "Invoice no", "Amount", heading]]
    for number, value in enumerate(values):
        day = dt.date(2026, 3, 1 + number)
        rows.append([day, f"Shop {number % 4} Ltd", f"I-{number}", 100.25 + number, value])
    rows.append([None, total, None, sum(100.25 + number for number in range(len(values))), None])
    return rows


def test_lines_without_a_currency_in_a_list_of_several_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"AP": _with("Currency", ["USD", None, "EUR", "USD", None, "GBP"])})
    (note,) = (each for each in read(path)[0].problems if each.code == "currency.assumed")
    assert note.message == "2 lines name no currency in a list of several; USD was taken."
    assert note.cell == "E3"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["USD", None, "USD", "USD"], id="one currency"),
        pytest.param(["USD", "EUR", "USD", "GBP"], id="each says its own, the total none"),
    ],
)
def test_a_currency_that_is_no_guess_is_not(tmp_path: Path, values: list[Any]) -> None:
    assert "currency.assumed" not in codes_of(
        workbook(tmp_path / "a.xlsx", {"AP": _with("Currency", values)})
    )


@pytest.mark.parametrize("words", [("Actual", "Forecast"), ("Ist", "Prognose"), ("2026 actual", "Budget Q4")])
def test_lines_of_a_forecast_among_those_that_happened_are_told(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    happened, expected = words
    path = workbook(
        tmp_path / "a.xlsx", {"AP": _with("Type", [happened, happened, expected, happened, expected])}
    )
    (note,) = (each for each in read(path)[0].problems if each.code == "spend.expected_lines")
    assert note.message.startswith(f"2 lines say “{expected}” in column E")
    assert "206.50" in note.message
    assert note.cell == "E4"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["Approved", "Paid", "Requested", "Paid"], id="states of a bill"),
        pytest.param(["Budget Car Rental", "Plan B Ltd", "Estimate", "Forecast"], id="nothing happened"),
        pytest.param(["Actual", "Actual", "Actual", "Actual"], id="all happened"),
    ],
)
def test_other_sorts_of_lines_are_not(tmp_path: Path, values: list[Any]) -> None:
    assert "spend.expected_lines" not in codes_of(
        workbook(tmp_path / "a.xlsx", {"AP": _with("Type", values)})
    )
