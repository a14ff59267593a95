"""Months of a plan that hold all up to then, or shares of the year; lines that come again; the only money there is."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]
MONTHS = [f"2027-{month:02}" for month in range(1, 13)]


def plan(path: Path, rows: Any, *answers: tuple[str, str]) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def whole(values: Values) -> Decimal:
    return sum((each["amount"] for each in values), Decimal(0))


def upto(amounts: list[int]) -> list[str]:
    return [str(sum(amounts[: place + 1])) for place in range(12)]


FAIRS = [0, 0, 35, 0, 0, 18, 0, 0, 42, 0, 0, 0]


def cumulated(*, total: bool, title: str = "Plan 2027") -> list[list[str]]:
    lines = [("Media", upto([12] * 12)), ("Fairs", upto(FAIRS)), ("Agency", upto([8] * 12))]
    return [
        [title],
        ["Line", *MONTHS, *(["Year"] if total else [])],
        *([name, *amounts, *([amounts[-1]] if total else [])] for name, amounts in lines),
    ]


def test_months_that_end_in_the_years_amount_are_cumulated(tmp_path: Path) -> None:
    reading, values = plan(tmp_path, cumulated(total=True))
    assert asked(reading) == []
    assert "budget.months_derived" in codes(reading)
    assert whole(values) == 144 + 95 + 96
    assert [each["amount"] for each in values if each["description"] == "Fairs"] == FAIRS
    titled = plan(tmp_path, cumulated(total=False, title="Plan 2027 (cumulated)"))[1]
    assert whole(titled) == 144 + 95 + 96


def test_months_that_never_fall_are_asked_about(tmp_path: Path) -> None:
    rows = cumulated(total=False)
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), values) == (["B.cumulated"], [])
    assert whole(plan(tmp_path, rows, ("B.cumulated", "yes"))[1]) == 144 + 95 + 96
    assert whole(plan(tmp_path, rows, ("B.cumulated", "no"))[1]) == sum(
        int(cell) for row in rows[2:] for cell in row[1:]
    )


def test_a_plan_that_only_grows_is_not_asked_about_beside_its_sums(tmp_path: Path) -> None:
    rows = [
        ["Line", *MONTHS, "Year"],
        ["Media", *map(str, range(1, 13)), "78"],
        ["Fairs", *map(str, range(2, 25, 2)), "156"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), whole(values)) == ([], Decimal(234))
    flat = [["Line", *MONTHS], ["Media", *["5"] * 12], ["Fairs", *["5"] * 6, *["6"] * 6]]
    assert asked(plan(tmp_path, flat)[0]) == []


def test_months_that_are_shares_are_read_as_parts_of_the_year(tmp_path: Path) -> None:
    even = [0.0833] * 11 + [0.0837]
    twice = [0, 0, 0.5, 0, 0, 0, 0, 0, 0.5, 0, 0, 0]
    rows: list[list[Any]] = [
        ["Line", "FY27 budget", *MONTHS],
        ["Media", 240000, *even],
        ["Fairs", 90000.01, *twice],
    ]
    for shown in ("0.0%", "General"):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        for cells in sheet["C2:N3"]:
            for cell in cells:
                cell.number_format = shown
        book.save(tmp_path / "plan.xlsx")
        reading, lines = read(tmp_path / "plan.xlsx", Kind.BUDGET)
        assert (asked(reading), "budget.months_derived" in codes(reading)) == ([], True)
        values = [line.values for line in lines]
        assert whole(values) == Decimal("330000.01")
        fairs = [each["amount"] for each in values if each["description"] == "Fairs" and each["amount"]]
        assert fairs == [Decimal("45000.00"), Decimal("45000.01")]


def test_lines_that_come_once_a_case_are_told(tmp_path: Path) -> None:
    rows = [["Line", "Month", "Amount", "Case"]]
    for case, more in (("Low", 0), ("Mid", 5), ("High", 9)):
        rows += [[name, "2027-01", str(20 + more), case] for name in ("Media", "Fairs", "Agency")]
    told = [problem for problem in plan(tmp_path, rows)[0].problems if problem.code == "budget.lines_again"]
    assert [("Case" in problem.message, problem.cell) for problem in told] == [(True, "D5")]
    again = plan(tmp_path, [row[:3] for row in rows[:7]])[0]
    assert "budget.lines_again" in codes(again)  # a second table below the first


def test_lines_of_a_plan_that_differ_are_not_told(tmp_path: Path) -> None:
    rows = [
        ["Account", "Month", "Amount", "What"],
        *[[f"60{place % 3}0", "2027-01", "20", f"Thing {place}"] for place in range(9)],
    ]
    assert "budget.lines_again" not in codes(plan(tmp_path, rows)[0])


def test_a_line_that_is_the_sum_of_those_below_it_is_a_total(tmp_path: Path) -> None:
    rows = [
        ["id", "parent_id", "Name", "Month", "Amount"],
        ["1", "", "Marketing", "2027-01", "50"],
        ["2", "1", "Brand", "2027-01", "18"],
        ["3", "1", "Search", "2027-01", "32"],
        ["4", "", "Sales", "2027-01", "14"],
    ]
    assert whole(plan(tmp_path, rows)[1]) == 64
    rows[1][4] = "60"
    reading, values = plan(tmp_path, rows)
    assert whole(values) == 124
    assert any("belong" in problem.message for problem in reading.problems)


def test_the_only_money_of_a_plan_is_its_amounts(tmp_path: Path) -> None:
    rows = [
        ["Area", "Month", "Allocated", "Spent"],
        ["Web", "2027-01", "1250", "82"],
        ["Ads", "2027-01", "800", "1"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), whole(values)) == ([], Decimal(2050))
    sides = [
        ["Area", "Month", "Opex", "Capex"],
        ["Web", "2027-01", "12.50", "8.25"],
        ["Ads", "2027-01", "8.10", "1.30"],
    ]
    reading, values = plan(tmp_path, sides)
    assert (asked(reading), values) == (["amount_column"], [])
    assert whole(plan(tmp_path, sides, ("amount_column", "D"))[1]) == Decimal("9.55")


def test_numbered_years_are_asked_for_the_first(tmp_path: Path) -> None:
    rows = [["Item", "Year 1", "Year 2", "Total"], ["Post", "12", "24", "36"], ["Desk", "36", "0", "36"]]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), values) == (["fiscal_year"], [])
    values = plan(tmp_path, rows, ("fiscal_year", "2027"))[1]
    by_year = {year: whole([each for each in values if each["month"].year == year]) for year in (2027, 2028)}
    assert by_year == {2027: 48, 2028: 24}


def test_what_comes_in_by_a_column_of_flows_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["InOrOut", "Account", "Month", "Amount"],
        ["In", "Pledges", "2027-01", "9"],
        ["Out", "Post", "2027-01", "4"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["revenue"]


def test_income_below_nought_among_costs_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Service", "Subjective", "Month", "Amount"],
        ["Press", "Employees", "2027-01", "310"],
        ["Press", "Income", "2027-01", "-45"],
        ["Tours", "Supplies", "2027-01", "64"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["revenue"]
    rows[3][3] = "-64"  # a list of minus signs says nothing of its rows
    assert "revenue" not in asked(plan(tmp_path, rows)[0])


def test_the_day_a_record_was_made_is_no_month_of_a_plan(tmp_path: Path) -> None:
    rows = [["Line", "Amount", "CreatedDate"], ["Fair", "20", "2026-09-01"], ["Print", "7", "2026-10-01"]]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["fiscal_year"]
    values = plan(tmp_path, rows, ("fiscal_year", "2027"))[1]
    assert {each["month"].year for each in values} == {2027}


def test_what_a_total_row_adds_up_names_no_line(tmp_path: Path) -> None:
    rows = [
        ["Cost line", "Initiative", "Month", "Budget"],
        ["Media", "60", "2027-01", "587"],
        ["Agencies", "10", "2027-01", "162"],
        ["Events", "40", "2027-01", "128"],
        ["Total", "110", "", "877"],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([int(cell) if cell.isdecimal() else cell for cell in row])
    book.save(tmp_path / "plan.xlsx")
    lines = read(tmp_path / "plan.xlsx", Kind.BUDGET)[1]
    assert [line.values.get("programme") for line in lines] == [None, None, None]
    apart = plan(tmp_path, rows[:4])[1]
    assert [each["programme"] for each in apart] == [
        "60",
        "10",
        "40",
    ]  # may be numbers of projects


def test_a_case_read_as_the_description_is_told_too(tmp_path: Path) -> None:
    rows = [["Account", "Month", "Amount", "Category"]]
    for case, more in (("Approved", 0), ("Stretch", 5)):
        rows += [[name, "2027-01", str(20 + more), case] for name in ("6110", "6120")]
    assert "budget.lines_again" in codes(plan(tmp_path, rows)[0])
    for row in rows[1:]:
        row[3] = {"Approved": "Online", "Stretch": "Print"}[row[3]]
    assert "budget.lines_again" not in codes(plan(tmp_path, rows)[0])
