"""Plans with what is no plan among it: months that happened, people counted, shares, revenue; years by line."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file, workbook

Values = list[dict[str, Any]]


def plan(path: Path, rows: Any, *answers: tuple[str, str]) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def whole(values: Values) -> Decimal:
    return sum((each["amount"] for each in values), Decimal(0))


ROLLING = [
    ["Outlook 2026 of the press team"],
    ["", "Actual", "Actual", "Forecast", "Forecast", "FY26 Budget"],
    ["Line", "Jan-26", "Feb-26", "Mar-26", "Apr-26", ""],
    ["Fairs", "11", "12", "13", "2", "40"],
    ["Print", "5", "6.50", "7", "1", "20"],
]


def test_months_under_actual_are_asked_about_beside_the_budget(tmp_path: Path) -> None:
    reading, values = plan(tmp_path, ROLLING)
    assert (asked(reading), values) == (["B.actuals"], [])
    assert [choice.value for choice in reading.questions[0].choices] == ["F", "keep", "leave"]
    kept = plan(tmp_path, ROLLING, ("B.actuals", "keep"))[1]
    assert whole(kept) == Decimal("57.50")
    left = plan(tmp_path, ROLLING, ("B.actuals", "leave"))[1]
    assert {each["month"] for each in left} == {dt.date(2026, 3, 1), dt.date(2026, 4, 1)}
    reading, budget = plan(tmp_path, ROLLING, ("B.actuals", "F"))
    assert not reading.questions
    assert whole(budget) == 60
    assert len(budget) == 24


def test_months_that_are_all_alike_are_not_asked_about(tmp_path: Path) -> None:
    rows = [ROLLING[0], ["", *["Plan"] * 4, ""], *[[*row[:5], ""] for row in ROLLING[2:]]]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), whole(values)) == ([], Decimal("57.50"))


OPERATING = [
    ["Line", "Jan 2027", "Feb 2027", "Mar 2027", "Q1"],
    ["Headcount (FTE)", "11", "12", "12", "12"],
    ["Salaries", "100", "120.50", "120", "340.50"],
    ["Media", "30", "10", "25", "65"],
    ["Agency fee 5 %", "1.50", "0.50", "1.25", "3.25"],
    ["% of sales", "0.2", "0.3", "0.25", "0.25"],
]


def test_people_and_shares_are_no_money_where_the_total_does_not_add_them_up(tmp_path: Path) -> None:
    reading, values = plan(tmp_path, OPERATING)
    assert {each["description"] for each in values} == {"Salaries", "Media", "Agency fee 5 %"}
    assert (whole(values), "budget.not_money" in codes(reading)) == (Decimal("408.75"), True)


def test_what_people_cost_is_money(tmp_path: Path) -> None:
    rows = [[*row] for row in OPERATING[:5]]
    rows[1] = ["Headcount", "11000", "12000", "12000", "35000"]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), whole(values)) == ([], Decimal("35408.75"))


def test_a_count_that_no_total_tells_is_asked_about(tmp_path: Path) -> None:
    rows = [row[:4] for row in OPERATING[:4]]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), values) == (["counts"], [])
    assert whole(plan(tmp_path, rows, ("counts", "leave"))[1]) == Decimal("405.50")
    assert whole(plan(tmp_path, rows, ("counts", "keep"))[1]) == Decimal("440.50")


def test_a_share_of_something_in_money_is_a_line(tmp_path: Path) -> None:
    rows = [*[row[:4] for row in OPERATING[2:4]], ["Share of office rent", "40", "40", "41"]]
    values = plan(tmp_path, [OPERATING[0][:4], *rows])[1]
    assert whole(values) == Decimal("526.50")


def test_a_row_that_is_not_its_own_total_is_told(tmp_path: Path) -> None:
    rows = [[*row] for row in OPERATING[:1] + OPERATING[2:5]]
    rows.append(["Travel", "1", "2", "3", "7"])
    reading, values = plan(tmp_path, rows)
    told = [problem for problem in reading.problems if problem.code == "budget.row_total_differs"]
    assert ([problem.cell for problem in told], whole(values)) == (["E5"], Decimal("414.75"))
    assert "budget.row_total_differs" not in codes(plan(tmp_path, rows[:-1])[0])


def test_the_lines_of_a_total_of_revenue_are_revenue(tmp_path: Path) -> None:
    rows = [
        ["Konto", "Bezeichnung", "Ansatz 2026", "Planung 2027"],
        ["4141", "Zuweisungen", "-10.000,00", "-10.000,00"],
        ["4321", "Gebühren", "-47.000,00", "-47.500,00"],
        ["", "Summe Erträge", "-57.000,00", "-57.500,00"],
        ["5012", "Löhne", "196.500,00", "201.400,00"],
        ["5431", "Werbung", "45.000,00", "45.000,00"],
        ["", "Summe Aufwendungen", "241.500,00", "246.400,00"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), values) == (["revenue"], [])
    values = plan(tmp_path, rows, ("revenue", "leave"))[1]
    assert whole(values) == 487_900
    assert {each["month"].year for each in values} == {2026, 2027}


def test_months_are_of_the_year_their_line_names(tmp_path: Path) -> None:
    rows = [
        ["Account", "Year", "Jan", "Feb"],
        ["6100", "2026", "100", "110"],
        ["6100", "2027", "200", "210"],
        ["6200", "2027", "60", "65"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    found = {(each["month"], each["gl_account"]): each["amount"] for each in values}
    assert found[dt.date(2026, 2, 1), "6100"] == 110
    assert found[dt.date(2027, 2, 1), "6100"] == 210
    assert found[dt.date(2027, 1, 1), "6200"] == 60


def test_twelve_numbered_amounts_are_the_months_of_the_year_beside_them(tmp_path: Path) -> None:
    rows = [
        ["Account", "Category", "Year", *[f"Amount {number}" for number in range(1, 13)]],
        ["6100", "Standard", "FY 2027", *map(str, range(100, 112))],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert [each["month"].month for each in values] == list(range(1, 13))
    assert {each["month"].year for each in values} == {2027}
    few = [row[:6] for row in rows]
    assert asked(plan(tmp_path, few)[0]) == ["amount_column"]


@pytest.mark.parametrize(
    "day, first", [("01/07/2026", dt.date(2026, 7, 1)), ("2027-01-01", dt.date(2027, 1, 1))]
)
def test_a_starting_day_beside_periods_is_their_first(tmp_path: Path, day: str, first: dt.date) -> None:
    rows = [
        ["Main account", "Currency", "Start date", *[f"Period {number}" for number in range(1, 13)]],
        ["606100", "AUD", day, *["12000"] * 12],
        ["606200", "AUD", day, *["400"] * 12],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), min(each["month"] for each in values)) == ([], first)
    rows[2][2] = "2025-05-01"
    assert asked(plan(tmp_path, rows)[0]) == ["fiscal_year"]


def test_a_title_that_names_a_year_heads_no_column(tmp_path: Path) -> None:
    rows = [
        ["PRESUPUESTO DE GASTOS EJERCICIO 2026", "", "", ""],
        ["Org.", "Descripción", "Créditos iniciales", "Obligaciones reconocidas"],
        ["04", "Publicidad", "85.000,00", "61.204,33"],
        ["04", "Imprenta", "22.000,50", "0,00"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert (whole(values), {each["month"].year for each in values}) == (Decimal("107000.50"), {2026})


def test_a_monthly_budget_in_a_list_without_months_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["channel", "monthly_budget_usd", "ytd_spend_usd"],
        ["Search", "3500", "182"],
        ["Social", "2500", "41"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["fiscal_year", "B.every"]
    year = ("fiscal_year", "2027")
    assert whole(plan(tmp_path, rows, year, ("B.every", "each"))[1]) == 72_000
    assert whole(plan(tmp_path, rows, year, ("B.every", "whole"))[1]) == 6000


def test_a_month_that_stands_once_is_of_the_lines_below_it(tmp_path: Path) -> None:
    rows = [
        ["Marketing budget 2027"],
        ["Month", "Category", "Budget"],
        ["January", "Ads", "30"],
        ["", "Fees", "3"],
        ["February", "Ads", "40"],
        ["", "Fees", "4"],
        ["", "Print", "9"],
    ]
    reading, values = plan(tmp_path, rows)
    assert "budget.undated" not in codes(reading)
    assert sum(each["amount"] for each in values if each["month"] == dt.date(2027, 2, 1)) == 53


def test_a_month_that_is_missing_is_told(tmp_path: Path) -> None:
    rows = [["Plan 2027"], ["Month", "Category", "Budget"]]
    rows += [["January", "Ads", "30"], ["February", "Ads", "31"], ["", "Ads", "32"], ["April", "Ads", "33"]]
    reading, values = plan(tmp_path, rows)
    told = [problem for problem in reading.problems if problem.code == "budget.undated"]
    assert [problem.cell for problem in told] == ["A5"]
    assert [each.get("month") for each in values].count(None) == 1


def test_a_year_among_quarters_is_all_of_it(tmp_path: Path) -> None:
    rows = [
        ["Department", "Fiscal period", "Budgeted amount"],
        ["IT", "FY2026", "5000"],
        ["PR", "Q1-2026", "600"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not {"value.unreadable", "budget.undated"} & set(codes(reading))
    assert [each.get("fiscal_year") for each in values if not each.get("month")] == ["2026"]
    assert len(values) == 4


def test_sums_above_their_lines_and_one_below_them_all_count_once(tmp_path: Path) -> None:
    rows = [
        ["Level", "Account", "Name", "01/2027", "02/2027", "03/2027", "FY2027"],
        ["Press", "S01", "Headcount - FTE", "9", "9", "10", "9.50"],
        ["Press", "6000", "Total personnel", "210", "210", "216", "636"],
        ["Press", "6010", "Salaries", "210", "210", "216", "636"],
        ["Press", "6500", "Total programs", "80", "95.50", "102", "277.50"],
        ["Press", "6510", "Media", "60", "71", "82", "213"],
        ["Press", "6520", "Software", "20", "24.50", "20", "64.50"],
        ["Press", "6999", "Total operating expense", "290", "305.50", "318", "913.50"],
    ]
    reading, values = plan(tmp_path, rows)
    assert {each["gl_account"] for each in values} == {"6010", "6510", "6520"}
    assert whole(values) == Decimal("913.50")
    rows[-1][3:] = ["291", "305.50", "318", "914.50"]
    reading, values = plan(tmp_path, rows)
    assert "budget.total_kept" in codes(reading)


QUARTERS = {
    "Summary": [["Plan 2027"], ["Quarter", "Planned"], ["Q1", 79.5], ["Q2", 41], ["Total", 120.5]],
    "Q1": [["Plan Q1 2027"], ["Activity", "Jan", "Feb", "Mar"], ["Ads", 12, 12.5, 14], ["Fair", 0, 41, 0]],
    "Q2": [["Plan Q2 2027"], ["Activity", "Apr", "May", "Jun"], ["Ads", 9, 8, 7], ["Web", 5, 6, 6]],
}


def test_sheets_with_months_of_their_own_are_parts_of_one_plan(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "q.xlsx", QUARTERS), Kind.BUDGET)
    assert not reading.questions
    assert {line.values.get("version") for line in lines} == {None}
    assert sum(line.values["amount"] for line in lines) == Decimal("120.5")
    other = {**QUARTERS, "Summary": [*QUARTERS["Summary"][:2], ["Q1", 60], ["Q2", 41]]}
    lines = read(workbook(tmp_path / "o.xlsx", other), Kind.BUDGET)[1]
    assert {line.values.get("version") for line in lines} == {None, "Summary"}


def test_sheets_of_the_same_months_stay_versions(tmp_path: Path) -> None:
    sheets = {"Original": QUARTERS["Q1"], "Revised": QUARTERS["Q1"]}
    lines = read(workbook(tmp_path / "v.xlsx", sheets), Kind.BUDGET)[1]
    assert {line.values["version"] for line in lines} == {"Original", "Revised"}


def test_a_daily_budget_beside_one_for_all_days_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Campaign", "Start date", "End date", "Budget type", "Budget"],
        ["Search", "2027-01-01", "2027-03-31", "Daily", "150.00"],
        ["Video", "2027-03-01", "2027-04-15", "Lifetime", "18000.00"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["E.every"]
    values = plan(tmp_path, rows, ("E.every", "each"))[1]
    assert whole(values) == 31_500


def test_budgets_beside_actuals_month_by_month_in_one_line_of_headings(tmp_path: Path) -> None:
    rows = [
        ["Account", "Jan-27 Act", "Jan-27 Bud", "Feb-27 Act", "Feb-27 Bud", "YTD Bud"],
        ["6100", "11820.50", "12000.00", "12990.00", "12000.00", "24000.00"],
        ["6200", "4200.00", "4200.00", "4350.00", "4100.00", "8300.00"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), whole(values), len(values)) == ([], Decimal("32300.00"), 4)


def test_the_month_a_list_is_of_stands_above_it(tmp_path: Path) -> None:
    rows = [
        ["Budget report"],
        ["Period", "January 2027"],
        ["Group", "Category", "Budget"],
        ["PR", "Ads", "12000.50"],
    ]
    values = plan(tmp_path, rows)[1]
    assert [(each["month"], each["amount"]) for each in values] == [
        (dt.date(2027, 1, 1), Decimal("12000.50"))
    ]
    rows[1] = ["Printed", "January 2027"]
    assert len(plan(tmp_path, rows)[1]) == 12


def test_quarters_of_a_year_whose_first_and_last_month_a_title_names(tmp_path: Path) -> None:
    rows = [
        ["Plan FY27 (Apr 2026 - Mar 2027)"],
        ["Campaign", "Q1", "Q2", "Q3", "Q4"],
        ["Ads", "30", "33", "36", "39"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert (min(each["month"] for each in values), len(values)) == (dt.date(2026, 4, 1), 12)


def test_what_one_costs_is_no_plan_of_all(tmp_path: Path) -> None:
    rows = [
        ["Budget 2027"],
        ["Item", "Quantity", "Unit cost", "Annual cost"],
        ["Seats", "12", "1500.00", "18000.00"],
        ["Booths", "3", "12400.00", "37200.00"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert whole(values) == 55_200


def test_thousands_behind_a_year_and_a_comma(tmp_path: Path) -> None:
    rows = [["Marknadsbudget 2027, tkr"], ["Kategori", "Jan", "Feb", "Summa"], ["Event", "250", "310", "560"]]
    assert whole(plan(tmp_path, rows)[1]) == 560_000


def test_percentages_by_their_format_are_no_money(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Line", "Jan 2027", "Feb 2027"], ["Media", 30, 10.5], ["Of revenue", 0.2, 0.3]]
    path = workbook(tmp_path / "p.xlsx", {"Plan": rows})
    import openpyxl

    book = openpyxl.load_workbook(path)
    for cell in book["Plan"][3][1:]:
        cell.number_format = "0.0%"
    book.save(path)
    reading, lines = read(path, Kind.BUDGET)
    assert [line.values["amount"] for line in lines] == [30, Decimal("10.5")]
    assert "budget.not_money" in codes(reading)
