"""Plans whose units stand alone, and whose title says when their year begins or ends."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.scales import scaled_text
from importers.titled_years import year_of_titles
from importers.unit_words import plain_heading, units_row
from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import read, text_file

Values = list[dict[str, Any]]


def plan(path: Path, rows: Any, *answers: tuple[str, str], **options: Any) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers, **options)
    return reading, [line.values for line in lines]


def total(values: Values) -> Any:
    return sum(each["amount"] for each in values)


@pytest.mark.parametrize(
    "unit, scale", [("£m", 1_000_000), ("£000", 1000), ("(£k)", 1000), ("$'000", 1000), ("£", 1)]
)
def test_a_line_of_units_below_the_headings_says_scale_and_currency(
    tmp_path: Path, unit: str, scale: int
) -> None:
    rows = [
        ["Service", "2026/27", "Change"],
        ["", unit, "%"],
        ["Fairs", "10.5", "5%"],
        ["Print", "20.25", "2%"],
        ["Total", "30.75", "3%"],
    ]
    reading, values = plan(tmp_path, rows, ("B.fiscal_start", "4"))
    assert not reading.questions
    assert not [problem for problem in reading.problems if problem.code == "value.unreadable"]
    assert total(values) == Decimal("30.75") * scale
    assert {each["currency"] for each in values} == {"USD" if "$" in unit else "GBP"}
    months = [["Service", "Jan 26", "Feb 26"], ["", unit, unit], ["Fairs", "1.5", "2"], ["Print", "3", "4"]]
    assert total(plan(tmp_path, months)[1]) == Decimal("10.5") * scale


def test_a_heading_that_is_a_unit_alone_heads_the_amounts(tmp_path: Path) -> None:
    rows = [["Service", "£m"], ["Fairs", "10.5"], ["Print", "20.25"], ["Total", "30.75"]]
    reading, values = plan(tmp_path, rows, ("fiscal_year", "2027"))
    assert (reading.questions, total(values)) == ((), 30_750_000)


def test_a_row_of_a_list_is_no_line_of_units() -> None:
    assert units_row([None, "£m", "%"], ["Service", "2026", "Change"])
    assert not units_row(["Fairs", "£m"], ["Service", "2026"])
    assert not units_row([None, "EUR", "USD"], ["Service", "From", "To"])
    assert not units_row([None, "£m"], ["Service", None])
    assert not units_row([None, "Mailer Pro"], ["Service", "Tool"])


@pytest.mark.parametrize(
    "heading, plain",
    [
        ("Jan 26 £k", "Jan 26"),
        ("Month Ended July 2026", "July 2026"),
        ("Period ending 31 July 2026", "31 July 2026"),
        ("£m", "£m"),
        ("Month end review", "Month end review"),
        ("2025/26 £000", "2025/26"),
    ],
)
def test_a_heading_without_its_units(heading: str, plain: str) -> None:
    assert plain_heading(heading) == plain


def test_units_after_a_period_scale_it_and_after_an_amount_do_not() -> None:
    for text in ("Jan 26 £k", "FY26 £000", "Q1 $k", "Budget FY2026/27 £000"):
        assert scaled_text(text) == 1000
    for text in ("orders above 26 £k", "over 25 £k"):
        assert scaled_text(text) is None


def test_months_that_end_are_months(tmp_path: Path) -> None:
    rows = [
        ["Account", "Month Ended July 2026", "Month Ended August 2026"],
        ["Fairs", "10", "20"],
        ["Print", "1", "2"],
    ]
    values = plan(tmp_path, rows)[1]
    assert {each["month"] for each in values} == {dt.date(2026, 7, 1), dt.date(2026, 8, 1)}


@pytest.mark.parametrize(
    "title, first",
    [
        ("Marketing budget for the year ending 30 June 2027", dt.date(2026, 7, 1)),
        ("Budget, year to 31 March 2027", dt.date(2026, 4, 1)),
        ("Plan FY2027 (52 weeks ended 29 January 2027)", dt.date(2026, 2, 1)),
        ("FY27: 52 weeks ending Saturday 2 January 2027", dt.date(2026, 1, 1)),
        ("Financial year ended June 2027", dt.date(2026, 7, 1)),
        ("Budget year beginning 1 July 2026", dt.date(2026, 7, 1)),
        ("FY2027 plan, 4-4-5 calendar starting 1 Feb 2026", dt.date(2026, 2, 1)),
        ("Plan 01.07.2026 - 30.06.2027", dt.date(2026, 7, 1)),
        ("FYE 30 June 2027", dt.date(2026, 7, 1)),
    ],
)
def test_the_title_says_when_the_year_of_a_plan_begins(tmp_path: Path, title: str, first: dt.date) -> None:
    assert year_of_titles([title]) == first
    quarters = [
        [title],
        ["Line", "Q1", "Q2", "Q3", "Q4"],
        ["Fairs", "1", "2", "3", "4"],
        ["Print", "4", "3", "2", "1"],
    ]
    reading, values = plan(tmp_path, quarters)
    assert (reading.questions, min(each["month"] for each in values)) == ((), first)
    assert sum(each["amount"] for each in values if each["month"] == first) in (
        Decimal("1.66"),
        Decimal("1.67"),
        Decimal("1.68"),
    )
    whole = [[title], ["Line", "Budget"], ["Fairs", "12"], ["Print", "24"]]
    reading, values = plan(tmp_path, whole)
    assert (reading.questions, {each["month"] for each in values} >= {first}, len(values)) == ((), True, 24)


@pytest.mark.parametrize(
    "title",
    [
        "Budget 2026, printed 12 March 2026",
        "Plan of the project starting 1 March 2026",
        "Position for the period ended 30 September 2026",
        "Actuals to 30 September 2026",
        "Fiscal year plan, rollout starting 15 May 2026",
        "6 months ended 30 June 2026",
    ],
)
def test_other_days_of_a_title_begin_no_year(title: str) -> None:
    assert year_of_titles([title]) is None


def test_the_name_of_a_group_of_headings_stands_over_its_first_alone(tmp_path: Path) -> None:
    rows = [
        ["", "Q1", "", "", "Q2", "", ""],
        ["Line", "Actual", "Budget", "Var", "Actual", "Budget", "Var"],
        ["Fairs", "40", "41", "1", "40", "44", "4"],
        ["Print", "90", "91", "1", "90", "94", "4"],
    ]
    reading, values = plan(tmp_path, rows, ("fiscal_year", "2026"))
    assert not reading.questions
    assert total(values) == 132 + 138
    assert total([each for each in values if each["month"].month < 4]) == 132
    unlike = [
        ["", "Q1", "", "Q2", ""],
        ["Line", "Actual", "Budget", "Plan", "Var"],
        ["Fairs", "40", "41", "1", "4"],
    ]
    assert plan(tmp_path, unlike, ("fiscal_year", "2026"))[0].questions
