"""Totals a plan's sheet prints beside what is read, sheets that detail a line of another, versions that are told."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import read, text_file, workbook

Values = list[dict[str, Any]]
QUARTERS = ["Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027"]


def plan(path: Path, rows: Any, *answers: tuple[str, str]) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "plan.csv", rows), Kind.BUDGET, answers=answers)
    return reading, [line.values for line in lines]


def told(reading: Reading, code: str) -> list[tuple[str | None, str]]:
    return [(problem.cell, problem.message) for problem in reading.problems if problem.code == code]


def whole(values: Values) -> Decimal:
    return sum((each["amount"] for each in values), Decimal(0))


LINES = [
    ["Posters", "100", "200", "300", "400", "1000"],
    ["Radio", "50", "60", "70", "81.50", "261.50"],
    ["Fairs", "0", "900", "0", "0", "900"],
]


def test_a_total_under_the_sums_alone_that_nothing_comes_to_is_told(tmp_path: Path) -> None:
    rows = [["Line", *QUARTERS, "Total"], *LINES, ["Grand total", "", "", "", "", "2400"]]
    reading, values = plan(tmp_path, rows)
    assert whole(values) == Decimal("2161.50")
    assert told(reading, "budget.total_differs") == [
        ("F5", "F5 “Grand total” says 2,400.00 GBP; what was read of the plan comes to 2,161.50 GBP.")
    ]


def test_a_total_that_the_plan_comes_to_is_not_told(tmp_path: Path) -> None:
    rows = [["Line", *QUARTERS, "Total"], *LINES, ["Grand total", "", "", "", "", "2161.50"]]
    assert told(plan(tmp_path, rows)[0], "budget.total_differs") == []
    rounded = [["Line", *QUARTERS, "Total"], *LINES, ["Grand total", "", "", "", "", "2162"]]
    assert told(plan(tmp_path, rounded)[0], "budget.total_differs") == []


def test_sums_of_groups_are_sums_of_what_stands_above_them(tmp_path: Path) -> None:
    rows = [
        ["Line", *QUARTERS, "Total"],
        *LINES[:2],
        ["Total media", "150", "260", "370", "481.50", "1261.50"],
        *LINES[2:],
        ["Total fairs", "0", "900", "0", "0", "900"],
        ["Total", "150", "1160", "370", "481.50", "2161.50"],
    ]
    reading, values = plan(tmp_path, rows)
    assert whole(values) == Decimal("2161.50")
    assert told(reading, "budget.total_differs") == []


def test_a_total_above_the_table_is_held_against_the_plan(tmp_path: Path) -> None:
    rows = [
        ["Plan of the press team"],
        ["Total budget", "2500"],
        [],
        ["Line", *QUARTERS],
        *[each[:5] for each in LINES],
    ]
    reading, values = plan(tmp_path, rows)
    assert whole(values) == Decimal("2161.50")
    assert [cell for cell, _ in told(reading, "budget.total_differs")] == ["B2"]
    rows[1] = ["Total budget", "2161.50"]
    assert told(plan(tmp_path, rows)[0], "budget.total_differs") == []
    rows[1] = ["Total actual spend", "700"]  # what happened is no plan
    assert told(plan(tmp_path, rows)[0], "budget.total_differs") == []


def test_columns_of_amounts_beside_the_months_are_told_unless_they_sum_them_up(tmp_path: Path) -> None:
    head = ["Line", *QUARTERS, "Total", "Approved 2026"]
    rows = [head, *[[*each, str(900 + place) + ".25"] for place, each in enumerate(LINES)]]
    notes = told(plan(tmp_path, rows)[0], "columns.unread")
    assert [(cell, "G “Approved 2026”" in text, "Total" in text) for cell, text in notes] == [
        ("G1", True, False)
    ]
    assert told(plan(tmp_path, [["Line", *QUARTERS, "Total"], *LINES])[0], "columns.unread") == []


def test_days_of_a_plan_that_nobody_reads_are_told(tmp_path: Path) -> None:
    rows = [
        ["Line", "Month", "Amount", "Approval"],
        ["Posters", "2027-01", "100.50", "2026-11-02"],
        ["Radio", "2027-02", "200.75", "2026-11-09"],
    ]
    assert [cell for cell, _ in told(plan(tmp_path, rows)[0], "columns.unread")] == ["D1"]


MONTHS = ["Jan 2027", "Feb 2027", "Mar 2027", "Apr 2027"]
MAIN = [["Line", *MONTHS], ["Media", 100, 250, 300, 400], ["Tools", 20, 20, 20, 30], ["Fairs", 0, 500, 0, 0]]


def sheets(path: Path, **named: Any) -> tuple[Reading, Values]:
    reading, lines = read(workbook(path / "plan.xlsx", named), Kind.BUDGET)
    return reading, [line.values for line in lines]


def test_a_sheet_that_details_one_line_of_another_is_left_out(tmp_path: Path) -> None:
    detail = [["Platform", *MONTHS], ["Search", 60, 200, 200, 250], ["Video", 40, 50, 100, 150]]
    reading, values = sheets(tmp_path, Plan=MAIN, Media=detail)
    assert whole(values) == 1640
    (left,) = [sheet for sheet in reading.decision.sheets if not sheet.used]
    assert (left.name, left.why) == ("Media", "it is row 2 of “Plan” in detail")
    assert told(reading, "budget.versions") == []


def test_sheets_read_as_versions_are_told_with_what_they_come_to(tmp_path: Path) -> None:
    other = [
        ["Line", *MONTHS],
        ["Media", 90, 200, 280, 300],
        ["Tools", 20, 20, 20, 30],
        ["Fairs", 0, 400, 0, 0],
    ]
    reading, values = sheets(tmp_path, Draft=MAIN, Final=other)
    assert {each["version"] for each in values} == {"Draft", "Final"}
    assert [text for _, text in told(reading, "budget.versions")] == [
        "Read as versions of one plan, not as parts of it: “Draft” (1,640.00 GBP) and “Final” (1,360.00 GBP)."
    ]


def test_a_year_s_amount_before_the_months_that_they_do_not_come_to_is_told(tmp_path: Path) -> None:
    rows = [
        ["Line", "Annual budget", *MONTHS],
        ["Media", "1050", "100", "250", "300", "400"],
        ["Tools", "90", "20", "20", "20", "30"],
        ["Fairs", "505", "5", "500", "0", "0"],
        ["Print", "100", "20", "20", "20", "30"],
    ]
    assert [cell for cell, _ in told(plan(tmp_path, rows)[0], "budget.row_total_differs")] == ["B5"]
    rows[4][1] = "90"
    assert told(plan(tmp_path, rows)[0], "budget.row_total_differs") == []


def test_names_of_income_without_spaces_are_asked_about(tmp_path: Path) -> None:
    rows = [["科目", *MONTHS], ["广告收入", "10", "20", "30", "40"], ["广告费用", "5", "6", "7", "8"]]
    assert [each.key for each in plan(tmp_path, rows)[0].questions] == ["revenue"]
    rows[1][0] = "收入审计费"  # what an audit of income costs is no income
    assert plan(tmp_path, rows)[0].questions == ()
