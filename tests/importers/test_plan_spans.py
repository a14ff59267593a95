"""Plans whose lines are of more than a month: quarters in a cell, flights of days, amounts each month."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.fiscal import bare_span, span_in_year
from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file, workbook

Values = list[dict[str, Any]]


def plan(path: Path, rows: Any, *answers: tuple[str, str], **options: Any) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers, **options)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def months(values: Values) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in values:
        place = f"{each['month']:%Y-%m}" if each.get("month") else ""
        found[place] = found.get(place, 0) + each["amount"]
    return found


@pytest.mark.parametrize(
    "heads, ends",
    [("Start date", "End date"), ("Flight start", "Flight end"), ("From", "To"), ("Start", "Finish")],
)
def test_a_budget_of_a_flight_is_spread_over_its_days(tmp_path: Path, heads: str, ends: str) -> None:
    rows = [
        ["Campaign", heads, ends, "Budget"],
        ["Spring", "2026-01-15", "2026-03-14", "5900"],
        ["Autumn", "2026-09-01", "2026-11-30", "9000.01"],
        ["Fair", "2026-06-20", "2026-06-20", "70"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert "budget.spread" in codes(reading)
    assert months(values) == {
        "2026-01": 1700,
        "2026-02": 2800,
        "2026-03": 1400,
        "2026-09": Decimal("3000.01"),
        "2026-10": 3000,
        "2026-11": 3000,
        "2026-06": 70,
    }


def test_a_month_goes_before_the_days_beside_it_and_a_start_stands_for_itself(tmp_path: Path) -> None:
    rows = [
        ["Month", "Item", "Start date", "End date", "Amount"],
        ["2026-02", "Fair", "2026-01-01", "2026-12-31", "12"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (months(values), "budget.spread" in codes(reading)) == ({"2026-02": 12}, False)
    alone = [["Item", "Start date", "Amount"], ["Fair", "2026-03-20", "12"]]
    assert months(plan(tmp_path, alone)[1]) == {"2026-03": 12}
    open_ = [
        ["Item", "Start date", "End date", "Amount"],
        ["Fair", "2026-03-20", "2026-03-21", "12"],
        ["Print", "", "", "5"],
    ]
    assert months(plan(tmp_path, open_)[1]) == {"2026-03": 12, "": 5}


@pytest.mark.parametrize(
    "first, second", [("Q1 2026", "Q3 2026"), ("2026-Q1", "2026 Q3"), ("FY26 Q1", "FY26-Q3")]
)
@pytest.mark.parametrize("heading", ["Quarter", "Period", "Fiscal period"])
def test_a_quarter_in_a_cell_is_three_months(tmp_path: Path, heading: str, first: str, second: str) -> None:
    rows = [[heading, "Dept", "Budget"], [first, "Press", "300"], [second, "Press", "600"]]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert months(values) == {
        "2026-01": 100,
        "2026-02": 100,
        "2026-03": 100,
        "2026-07": 200,
        "2026-08": 200,
        "2026-09": 200,
    }


def test_a_bare_quarter_is_of_the_year_beside_it_or_asked_for(tmp_path: Path) -> None:
    rows = [
        ["Year", "Quarter", "Dept", "Budget"],
        ["FY27", "Q1", "Press", "300"],
        ["FY27", "Q4", "Press", "600"],
    ]
    values = plan(tmp_path, rows, fiscal_start=7)[1]
    assert min(months(values)) == "2026-07"
    assert max(months(values)) == "2027-06"
    bare = [["Quarter", "Dept", "Budget"], ["Q1", "Press", "300"], ["Q2", "Press", "600"]]
    assert asked(plan(tmp_path, bare)[0]) == ["fiscal_year"]
    values = plan(tmp_path, bare, ("fiscal_year", "2026"))[1]
    assert months(values)["2026-04"] == 200
    path = workbook(
        tmp_path / "plan.xlsx",
        {"Plan": [["Year", "Quarter", "Item", "Budget"], [2026, 2, "Fair", 300], [2026, 4, "Print", 600]]},
    )
    values = [line.values for line in read(path, Kind.BUDGET)[1]]
    assert months(values) == {
        f"2026-{month:02}": 100 if month < 7 else 200 for month in (4, 5, 6, 10, 11, 12)
    }


def test_a_year_in_a_column_of_periods_is_the_year(tmp_path: Path) -> None:
    rows = [
        ["Department", "Fiscal Period", "Amount"],
        ["Press", "FY2025", "500"],
        ["Web", "FY2026", "250.50"],
    ]
    reading, values = plan(tmp_path, rows)
    assert [(each["fiscal_year"], each.get("month")) for each in values] == [("2025", None), ("2026", None)]
    assert not [problem for problem in reading.problems if problem.code == "value.unreadable"]


def test_an_amount_beside_a_rhythm_is_asked_to_be_each_or_all(tmp_path: Path) -> None:
    rows = [
        ["Name", "Amount", "Start date", "End date", "Frequency"],
        ["Print", "2500", "01/01/2026", "12/31/2026", "Monthly"],
        ["Mail", "18000", "01/01/2026", "12/31/2026", "Quarterly"],
        ["Signs", "12000", "01/01/2026", "12/31/2026", "Yearly"],
        ["Fair", "700", "03/01/2026", "03/31/2026", "One time"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["B.every"]
    assert sum(months(plan(tmp_path, rows, ("B.every", "whole"))[1]).values()) == 33_200
    values = plan(tmp_path, rows, ("B.every", "each"))[1]
    assert sum(months(values).values()) == 30_000 + 72_000 + 12_000 + 700
    plain = [["Item", "Frequency", "Amount"], ["SEO", "Monthly", "100"], ["Fair", "Yearly", "5000"]]
    values = plan(tmp_path, plain, ("fiscal_year", "2026"), ("C.every", "each"))[1]
    assert sum(months(values).values()) == 1200 + 5000
    once = [["Item", "Frequency", "Amount"], ["SEO", "Yearly", "100"], ["Fair", "Once", "5000"]]
    assert asked(plan(tmp_path, once, ("fiscal_year", "2026"))[0]) == []
    across = [
        ["Item", "Frequency", "Jan 2026", "Feb 2026"],
        ["SEO", "Monthly", "100", "100"],
        ["Fair", "Once", "", "9"],
    ]
    reading, values = plan(tmp_path, across)
    assert (asked(reading), months(values)) == ([], {"2026-01": 100, "2026-02": 109})


@pytest.mark.parametrize(
    "text, start, found",
    [
        ("FY26 Q1", 7, (dt.date(2025, 7, 1), 3)),
        ("Q2 FY2026", 1, (dt.date(2026, 4, 1), 3)),
        ("2025/26 Q4", 4, (dt.date(2026, 1, 1), 3)),
        ("H2 2026", 4, (dt.date(2026, 7, 1), 6)),
        ("FY2026", 1, None),
        ("Q5 2026", 1, None),
    ],
)
def test_a_part_of_a_named_year(text: str, start: int, found: tuple[dt.date, int] | None) -> None:
    assert span_in_year(text, start) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("Q2", (4, 3)),
        ("4th quarter", (10, 3)),
        ("H1", (1, 6)),
        ("2nd half", (7, 6)),
        ("Q", None),
        ("12", None),
    ],
)
def test_a_part_of_a_year(text: str, found: tuple[int, int] | None) -> None:
    assert bare_span(text) == found
