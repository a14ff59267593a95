"""Plans at full length: years, quarters and what happened side by side, gross and net, revenue among the costs."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.scales import scaled_text
from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import read, text_file, workbook

Values = list[dict[str, Any]]


def plan(path: Path, rows: Any, *answers: tuple[str, str], **options: Any) -> tuple[Reading, Values]:
    name = text_file(path / "plan.csv", rows)
    reading, lines = read(name, Kind.BUDGET, answers=answers, **options)
    return reading, [line.values for line in lines]


def sums(values: Values, name: str = "description") -> dict[Any, Decimal]:
    found: dict[Any, Decimal] = {}
    for each in values:
        place = (each.get(name), each["month"].year) if each.get("month") else each.get(name)
        found[place] = found.get(place, Decimal(0)) + each["amount"]
    return found


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def test_each_planned_year_is_read_into_its_own_and_what_happened_is_no_plan(tmp_path: Path) -> None:
    rows = [
        ["Dept", "Line item", "FY24 Actual", "FY25 Adopted", "FY26 Budget", "% change"],
        ["Press", "Fairs", "910.10", "1000", "1200.50", "20%"],
        ["Press", "Print", "75", "", "80", ""],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert sums(values) == {
        ("Fairs", 2025): Decimal(1000),
        ("Fairs", 2026): Decimal("1200.50"),
        ("Print", 2026): Decimal(80),
    }
    assert {each["unit"] for each in values} == {"Press"}


@pytest.mark.parametrize("start, first", [(4, dt.date(2025, 4, 1)), (7, dt.date(2025, 7, 1))])
def test_a_year_over_two_calendar_years_is_asked_where_it_begins(
    tmp_path: Path, start: int, first: dt.date
) -> None:
    rows = [
        ["Description", "2025/26 £000", "variance"],
        ["Staff", "79815", "7%"],
        ["Transport", "(3767)", "-2%"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["B.fiscal_start"]
    reading, values = plan(tmp_path, rows, ("B.fiscal_start", str(start)))
    assert not reading.questions
    assert min(each["month"] for each in values) == first
    assert sum(each["amount"] for each in values) == 76_048_000
    reading, again = plan(tmp_path, rows, fiscal_start=start)
    assert (reading.questions, again) == ((), values)


def test_gross_and_net_of_one_year_are_asked_about(tmp_path: Path) -> None:
    rows = [
        ["2025", "2025", "2025", "Services", "2026", "2026", "2026"],
        [
            "Gross expenditure",
            "Income",
            "Net expenditure",
            "",
            "Gross expenditure",
            "Income",
            "Net expenditure",
        ],
        ["312", "253", "59", "Schools", "349", "278", "71"],
        ["194", "70", "124", "Care", "209", "76", "133"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["amount_column"]
    reading, values = plan(tmp_path, rows, ("amount_column", "G"))
    assert not reading.questions
    assert sums(values) == {
        ("Schools", 2025): Decimal(59),
        ("Schools", 2026): Decimal(71),
        ("Care", 2025): Decimal(124),
        ("Care", 2026): Decimal(133),
    }


def test_two_columns_that_may_be_the_plan_are_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Year", "Account", "Original budget", "Revised budget", "Actual"],
        ["2026", "6100", "100", "120", "90"],
        ["2026", "6200", "50", "50", "10"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["amount_column"]
    assert sum(each["amount"] for each in plan(tmp_path, rows, ("amount_column", "D"))[1]) == 170
    assert sum(each["amount"] for each in plan(tmp_path, rows, ("amount_column", "C"))[1]) == 150
    alike = [rows[0], ["2026", "6100", "100", "100", "90"]]
    assert not plan(tmp_path, alike)[0].questions


def test_quarters_planned_beside_quarters_that_happened(tmp_path: Path) -> None:
    rows = [
        ["Plan 2026"],
        ["Project", "Q1 Budget", "Q1 Actual", "Q2 Budget", "Q2 Forecast", "Q3 Budget", "Q4 Budget", "Status"],
        ["Alpha", "300", "280", "600", "590", "900", "1200", "On track"],
        ["Beta", "30", "28", "60", "59", "90", "120", "Late"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert sums(values, "programme") == {("Alpha", 2026): Decimal(3000), ("Beta", 2026): Decimal(300)}
    assert not any(each.get("version") for each in values)


def test_part_of_a_year_beside_the_year_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Plan 2026"],
        ["Project", "Q1 Budget", "Q1 Actual", "Annual Budget"],
        ["Alpha", "300", "280", "1000"],
        ["Beta", "30", "28", "100"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["amount_column"]
    whole = plan(tmp_path, rows, ("amount_column", "D"))[1]
    assert sum(each["amount"] for each in whole) == 1100
    part = plan(tmp_path, rows, ("amount_column", "B"))[1]
    assert sum(each["amount"] for each in part) == 330
    assert {each["month"].month for each in part} == {1, 2, 3}


def test_a_plan_that_names_no_year_is_asked_and_one_whose_title_does_is_not(tmp_path: Path) -> None:
    rows = [["Item", "Budget", "Actual"], ["Fairs", "1000", "900"], ["Print", "2000", "900"]]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["fiscal_year"]
    reading, values = plan(tmp_path, rows, ("fiscal_year", "2027"))
    assert sums(values) == {("Fairs", 2027): Decimal(1000), ("Print", 2027): Decimal(2000)}
    reading, values = plan(tmp_path, [["Budget FY2026"], *rows])
    assert not reading.questions
    assert {each["month"].year for each in values} == {2026}
    assert asked(plan(tmp_path, [["2025/26 compared with 2026/27"], *rows])[0]) == ["fiscal_year"]


def test_a_title_that_names_its_days_says_the_span(tmp_path: Path) -> None:
    rows = [["Period: 01/04/2025 to 31/03/2026"], ["Item", "Budget"], ["Fairs", "1200"], ["Print", "2400"]]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    months = sorted({each["month"] for each in values})
    assert (months[0], months[-1], len(months)) == (dt.date(2025, 4, 1), dt.date(2026, 3, 1), 12)


def test_months_by_name_in_a_column_take_the_year_of_the_title_or_ask(tmp_path: Path) -> None:
    rows = [
        ["Month", "Item", "Budgeted amount", "Actual amount"],
        ["January", "Ads", "12", "11"],
        ["May", "Ads", "5", ""],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["fiscal_year"]
    _, values = plan(tmp_path, rows, ("fiscal_year", "2026"))
    assert [(each["month"], each["amount"]) for each in values] == [
        (dt.date(2026, 1, 1), Decimal(12)),
        (dt.date(2026, 5, 1), Decimal(5)),
    ]
    assert plan(tmp_path, [["Marketing plan 2026"], *rows])[1] == values


def test_the_second_year_of_a_fiscal_year_stands_for_it(tmp_path: Path) -> None:
    rows = [["Fiscal year", "Item", "Amount"], ["2025/26", "Ads", "12"], ["2025/26", "Print", "5"]]
    assert {each["fiscal_year"] for each in plan(tmp_path, rows)[1]} == {"2026"}


def test_amounts_under_a_heading_with_a_year_in_it_are_no_years(tmp_path: Path) -> None:
    rows = [
        ["Project", "Capital year 1", "Project budget"],
        ["Roof", "400000", "2000000"],
        ["Lift", "0", "1800000"],
    ]
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["fiscal_year"]
    assert reading.decision.sheets[0].column("fiscal_year") is None


HEADS = ["Year", "Item", "Amount"]
TYPED = ["Year", "Type", "Item", "Amount"]


@pytest.mark.parametrize(
    "rows, costs",
    [
        ([TYPED, ["2026", "Revenue", "Fees", "500"], ["2026", "Expense", "Ads", "70"]], 70),
        ([TYPED, ["2026", "R", "Fees", "500"], ["2026", "E", "Ads", "70"]], 70),
        ([HEADS, ["2026", "Sales", "500"], ["2026", "Other income", "5"], ["2026", "Ads", "70"]], 70),
        (
            [
                HEADS,
                ["2026", "Ads", "70"],
                ["", "Financed by:", ""],
                ["2026", "Business rates", "60"],
                ["2026", "Reserves", "10"],
            ],
            70,
        ),
    ],
)
def test_revenue_among_the_costs_is_asked_about(tmp_path: Path, rows: Any, costs: int) -> None:
    reading, _ = plan(tmp_path, rows)
    assert asked(reading) == ["revenue"]
    left = plan(tmp_path, rows, ("revenue", "leave"))[1]
    assert sum(each["amount"] for each in left) == costs
    kept = plan(tmp_path, rows, ("revenue", "keep"))[1]
    assert sum(each["amount"] for each in kept) > costs


@pytest.mark.parametrize(
    "rows",
    [
        [["Year", "Department", "Amount"], ["2026", "Sales", "500"], ["2026", "Marketing", "70"]],
        [TYPED, ["2026", "R", "a", "1"], ["2026", "E", "b", "2"], ["2026", "S", "c", "3"]],
        [TYPED, ["2026", "Opex", "Ads", "500"], ["2026", "Capex", "Stand", "70"]],
        [HEADS, ["2026", "Income tax", "500"], ["2026", "Revenue management tool", "70"]],
    ],
)
def test_names_that_only_sound_like_revenue_are_costs(tmp_path: Path, rows: Any) -> None:
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert len(values) == len(rows) - 1


def test_a_ladder_of_results_is_no_line_and_small_sums_by_chance_are(tmp_path: Path) -> None:
    rows = [
        ["Plan 2026"],
        ["Service", "Budget"],
        ["Housing", "2710"],
        ["Leisure", "1047"],
        ["Parks", "6393"],
        ["Cost of what we do", "10150"],
        ["From balances", "(464)"],
        ["To be raised", "9686"],
    ]
    assert sum(each["amount"] for each in plan(tmp_path, rows)[1]) == 9686
    chance = [
        ["Plan 2026"],
        ["Item", "Budget"],
        ["Ads", "10"],
        ["Fairs", "20"],
        ["Film", "30"],
        ["Print", "60"],
        ["Press", "5"],
    ]
    assert sum(each["amount"] for each in plan(tmp_path, chance)[1]) == 125


def test_lines_without_a_heading_over_their_names_keep_them(tmp_path: Path) -> None:
    months = ["Jan", "Feb", "Mar"]
    rows = [
        ["Plan 2026", None, None, None],
        ["Staff costs", *months],
        ["Wages", 85000, 85000, 87500],
        ["Benefits", 22950, 22950, 23625],
        ["Subtotal", 107950, 107950, 111125],
        ["Office costs", *months],
        ["Lease", 9800, 9800, 9800],
        ["Gas", 400, 400, 100],
        ["Subtotal", 10200, 10200, 9900],
    ]
    reading, lines = read(workbook(tmp_path / "plan.xlsx", {"Plan": rows}), Kind.BUDGET)
    assert not reading.questions
    assert sums([line.values for line in lines]) == {
        ("Wages", 2026): Decimal(257500),
        ("Benefits", 2026): Decimal(69525),
        ("Lease", 2026): Decimal(29400),
        ("Gas", 2026): Decimal(900),
    }


def test_the_description_of_a_fund_is_not_what_a_line_is_for(tmp_path: Path) -> None:
    rows = [
        ["FundCode", "FundDescription", "Account", "Account Description", "FY2026 Budget"],
        ["750", "SPECIAL PURPOSE", "52890001", "OTHER SERVICES", "20.000"],
        ["511", "AIRPORTS", "51010004", "WAGES", "2347842.000"],
    ]
    reading, values = plan(tmp_path, rows)
    assert not reading.questions
    assert sums(values) == {("OTHER SERVICES", 2026): Decimal(20), ("WAGES", 2026): Decimal(2347842)}
    assert values[0]["gl_account"] == "52890001"


@pytest.mark.parametrize(
    "text, scale",
    [
        ("2025/26 £000", 1000),
        ("Plan 2026 £m", 1_000_000),
        ("orders above 2000 T€", None),
        ("from 1,500 k€ on", None),
    ],
)
def test_a_year_before_the_units_is_no_amount(text: str, scale: int | None) -> None:
    assert scaled_text(text) == scale


def test_totals_of_groups_of_two_are_no_lines_and_a_plan_below_nought_is_told(tmp_path: Path) -> None:
    rows = [
        ["Unit", "Kind", "Category", "2024", "2025", "2026"],
        ["10", "Expense", "Grants", "-28366", "-140883", "-331000"],
        ["10", "Expense", "Pass", "-80000", "-100000", ""],
        ["10", "Expense total", "Pass", "-108366", "-240883", "-331000"],
        ["10 Total", "Expense total", "Pass", "-108366", "-240883", "-331000"],
        ["61", "Expense", "Ads", "-36", "-42", "-39"],
        ["61", "Expense", "Print", "-81900", "-84864", "-94896"],
        ["61", "Expense total", "Print", "-81936", "-84906", "-94935"],
        ["61", "Credit", "Ads", "100", "100", ""],
        ["61", "Credit total", "Ads", "100", "100", ""],
        ["61 Total", "Credit total", "Ads", "-81836", "-84806", "-94935"],
    ]
    reading, values = plan(tmp_path, rows)
    assert sum(each["amount"] for each in values) == -680_249 - 81_836 - 84_806 - 94_935
    assert "budget.negative" in [problem.code for problem in reading.problems]


def test_the_amounts_of_a_plan_may_name_its_currency_and_one_year_three_times(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Service", "Gross spending 24/25", "Net cost 24/25", "Net cost 23/24"],
        ["General", "£110,156,000", "£20,816,000", "£20,722,000"],
        ["Housing", "£29,939,000", "(£371,000)", "£176,000"],
    ]
    path = text_file(tmp_path / "plan.csv", rows)
    asked, _ = read(path, Kind.BUDGET)
    assert [question.key for question in asked.questions] == ["amount_column", "B.fiscal_start"]
    answers = (("amount_column", "C"), ("C.fiscal_start", "4"))
    reading, found = read(path, Kind.BUDGET, answers=answers)
    assert not reading.questions
    sums: dict[tuple[str, int], Decimal] = {}
    for row in found:
        year = row.values["month"].year + (row.values["month"].month >= 4)
        key = (row.values["description"], year)
        sums[key] = sums.get(key, Decimal(0)) + row.values["amount"]
        assert row.values["currency"] == "GBP"
    assert sums == {
        ("General", 2025): Decimal(20816000),
        ("General", 2024): Decimal(20722000),
        ("Housing", 2025): Decimal(-371000),
        ("Housing", 2024): Decimal(176000),
    }
