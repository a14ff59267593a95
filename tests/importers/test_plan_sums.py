"""Plans whose sums nest, end in a result, stand above their lines, or sum up by kind what stands mixed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.plan_sums import Row, sums_above, sums_below
from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]
MONTHS = ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]


def plan(path: Path, rows: Any, *answers: tuple[str, str], **options: Any) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers, **options)
    return reading, [line.values for line in lines]


def lines_of(values: Values) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in values:
        found[each["description"]] = found.get(each["description"], 0) + each["amount"]
    return found


def rows_of(*rows: tuple[str, list[int]]) -> list[Row]:
    return [
        Row(place, place + 2, label, tuple(map(Decimal, amounts)))
        for place, (label, amounts) in enumerate(rows)
    ]


def test_the_nested_totals_and_results_of_a_profit_and_loss_plan_are_no_lines(tmp_path: Path) -> None:
    rows = [
        ["", *MONTHS],
        ["Income", "", "", "", ""],
        ["Design", "9000", "9500", "9800", "10000"],
        ["Total Income", "9000", "9500", "9800", "10000"],
        ["Gross Profit", "9000", "9500", "9800", "10000"],
        ["Expenses", "", "", "", ""],
        ["Advertising", "", "", "", ""],
        ["Online ads", "800", "800", "900", "900"],
        ["Print ads", "200", "0", "300", "0"],
        ["Total Advertising", "1000", "800", "1200", "900"],
        ["Software", "310", "310", "310", "325"],
        ["Rent", "2000", "2000", "2000", "2000"],
        ["Total Expenses", "3310", "3110", "3510", "3225"],
        ["Net Operating Income", "5690", "6390", "6290", "6775"],
        ["Net Income", "5690", "6390", "6290", "6775"],
    ]
    reading, values = plan(tmp_path, rows, ("revenue", "leave"))
    assert lines_of(values) == {"Online ads": 3400, "Print ads": 500, "Software": 1255, "Rent": 8000}
    assert "budget.total_kept" not in codes(reading)


def test_totals_by_kind_of_lines_that_stand_mixed_are_no_lines(tmp_path: Path) -> None:
    rows = [
        ["Program", "Type", *MONTHS],
        ["Web", "OPEX", "4", "4", "5", "5"],
        ["Web", "CAPEX", "12", "10", "3", "0"],
        ["CDP", "OPEX", "2", "3", "2", "2"],
        ["CDP", "CAPEX", "5", "5", "0", "0"],
        ["Total OPEX", "", "6", "7", "7", "7"],
        ["Total CAPEX", "", "17", "15", "3", "0"],
        ["Grand total", "", "23", "22", "10", "7"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (sum(each["amount"] for each in values), len(values)) == (62, 16)
    assert not reading.questions


@pytest.mark.parametrize("deep", [False, True])
def test_sums_that_stand_above_their_lines_are_proven_by_the_total(tmp_path: Path, deep: bool) -> None:
    rows = [
        ["Line", *MONTHS],
        ["Paid media", "30", "31", "35", "38"],
        ["Search", "10", "10", "10", "10"],
        ["Display", "20", "21", "25", "28"],
        *([["Banner", "15", "20", "20", "20"], ["Video", "5", "1", "5", "8"]] if deep else []),
        ["Content", "5", "5", "5", "6"],
        ["Retainer", "5", "5", "5", "6"],
        ["Fairs", "0", "0", "30", "1"],
        ["Total", "35", "36", "70", "45"],
    ]
    reading, values = plan(tmp_path, rows)
    assert sum(each["amount"] for each in values) == 186
    assert {"Paid media", "Content"}.isdisjoint(lines_of(values))
    assert ("Display" in lines_of(values)) is not deep
    assert "sheet.total.differs" not in codes(reading)


def test_lines_that_happen_to_agree_are_lines(tmp_path: Path) -> None:
    alike = [
        ["Line", *MONTHS],
        ["North", "100", "200", "300", "400"],
        ["South", "200", "400", "600", "800"],
        ["East", "300", "600", "900", "1200"],
        ["West", "50", "60", "70", "80"],
    ]
    reading, values = plan(tmp_path, alike)
    assert (len(lines_of(values)), "budget.total_kept" in codes(reading)) == (4, True)
    equal = [
        ["Line", *MONTHS],
        ["Rent", *["200"] * 4],
        ["Power", *["200"] * 4],
        ["Water", "1", "2", "3", "4"],
    ]
    assert len(lines_of(plan(tmp_path, equal)[1])) == 3
    heads = [
        ["Line", *MONTHS],
        ["Paid media", "30", "60", "90", "120"],
        ["Search", "10", "20", "30", "40"],
        ["Display", "20", "40", "60", "80"],
    ]
    assert len(lines_of(plan(tmp_path, heads)[1])) == 3


def test_a_total_that_nothing_comes_to_is_told(tmp_path: Path) -> None:
    rows = [
        ["Line", *MONTHS],
        ["Search", "10", "10", "10", "11"],
        ["Total Search", "10", "10", "10", "12"],
        ["Fairs", "1", "2", "3", "4"],
    ]
    reading, values = plan(tmp_path, rows)
    assert "budget.total_kept" in codes(reading)
    assert len(lines_of(values)) == 3


def test_sums_are_taken_off_the_stack_one_after_the_other() -> None:
    rows = rows_of(
        ("A", [1, 2, 4]),
        ("B", [5, 1, 7]),
        ("Total one", [6, 3, 11]),
        ("C", [2, 2, 9]),
        ("Sum of all", [8, 5, 20]),
    )
    found = sums_below(rows)
    assert {place: (each.first, each.last) for place, each in found.items()} == {2: (2, 3), 4: (2, 5)}
    assert sums_above(rows[:2], rows[1].amounts) == {}


@pytest.mark.parametrize(
    "name", ["Sales (200)", "200 Sales", "4000 · Sales", "Interest Income (270)", "270 - Other income"]
)
def test_the_number_of_an_account_hides_no_revenue(tmp_path: Path, name: str) -> None:
    rows = [
        ["*Account", *MONTHS],
        [name, "50", "60", "70", "80"],
        ["Other Revenue (260)", "1", "1", "1", "1"],
        ["Advertising (400)", "4", "4", "5", "6"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert [question.key for question in reading.questions] == ["revenue"]
    assert "2 rows" in reading.questions[0].asks


def test_quarters_below_their_years_are_of_them(tmp_path: Path) -> None:
    rows = [
        ["", "FY26", "", "FY27", ""],
        ["Program", "Q1", "Q2", "Q1", "Q2"],
        ["Web", "3", "6", "9", "12"],
        ["CDP", "30", "60", "90", "120"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    starts = sorted({f"{each['month']:%Y-%m}" for each in values})
    assert (starts[0], starts[-1], len(starts)) == ("2026-01", "2027-06", 12)


def test_months_are_numbers_in_text_files_too(tmp_path: Path) -> None:
    rows = [
        ["year", "month", "account_id", "amount"],
        ["2026", "1", "6601", "12.50"],
        ["2026", "11", "6601", "2.50"],
    ]
    values = plan(tmp_path, rows)[1]
    assert [f"{each['month']:%Y-%m}" for each in values] == ["2026-01", "2026-11"]


def test_costs_planned_stand_beside_costs_booked_in_german(tmp_path: Path) -> None:
    rows = [
        ["Kostenstellen: Ist/Plan/Abweichung", "", "", ""],
        ["Geschäftsjahr", "2026", "", ""],
        ["Von Periode", "1", "Bis Periode", "12"],
        ["Kostenarten", "Istkosten", "Plankosten", "Abw (abs)"],
        ["620000 Gehalt", "398,44", "410,00", "-11,56"],
        ["621000 Sozial", "81,10", "84,00", "-2,90"],
        ["* Personal", "479,54", "494,00", "-14,46"],
    ]
    values = plan(tmp_path, rows)[1]
    assert sum(each["amount"] for each in values) == 494


def test_a_plan_under_its_own_total_on_top_counts_its_leaves(tmp_path: Path) -> None:
    rows = [
        ["Account", *MONTHS],
        ["Operating expenses", "151", "160", "171", "182"],
        ["Programs", "121", "130", "141", "150"],
        ["Search", "80", "85", "90", "95"],
        ["Events", "41", "45", "51", "55"],
        ["Tools", "30", "30", "30", "32"],
    ]
    values = plan(tmp_path, rows)[1]
    assert ({each["gl_account"] for each in values}, len(values)) == ({"Search", "Events", "Tools"}, 12)
    assert sum(each["amount"] for each in values) == 664
    groups = [
        *rows[:1],
        *rows[2:],
        ["Staff", "9", "9", "10", "11"],
        ["Pay", "8", "8", "8", "9"],
        ["Temps", "1", "1", "2", "2"],
    ]
    values = plan(tmp_path, groups)[1]
    assert {each["gl_account"] for each in values} == {"Search", "Events", "Tools", "Pay", "Temps"}


def test_weeks_across_fall_into_the_month_they_begin_in(tmp_path: Path) -> None:
    days = ["2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"]
    rows = [
        ["Channel", *days, "Total"],
        ["Search", *["100"] * 5, "500"],
        ["TV", "0", "0", "20", "30", "0", "50"],
    ]
    values = plan(tmp_path, rows)[1]
    found: dict[str, Any] = {}
    for each in values:
        found[f"{each['month']:%Y-%m}"] = found.get(f"{each['month']:%Y-%m}", 0) + each["amount"]
    assert found == {"2026-02": 200, "2026-03": 350}


def test_a_column_of_months_is_the_month_and_a_count_of_them_is_none(tmp_path: Path) -> None:
    rows = [["Accounts", "Time", "Amount"], ["Media", "Jan 26", "10"], ["Media", "Feb 26", "20"]]
    reading, values = plan(tmp_path, rows)
    assert ([f"{each['month']:%m}" for each in values], reading.questions) == (["01", "02"], ())
    counted = [
        ["Programme budget - 1 July 2026 to 30 June 2027", "", "", ""],
        ["Line item", "Unit cost", "Months", "Total"],
        ["Officer", "3200", "12", "38400"],
        ["Film", "18000", "1", "18000"],
    ]
    reading, values = plan(tmp_path, counted)
    assert not [problem for problem in reading.problems if problem.code == "value.unreadable"]
    assert (min(f"{each['month']:%Y-%m}" for each in values), len(values)) == ("2026-07", 24)
