"""Plans in which a column says of each row whether it was planned, happened or is expected."""

from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]


def plan(path: Path, rows: Any, *answers: tuple[str, str], **options: Any) -> tuple[Reading, Values]:
    name = text_file(path / "plan.csv", rows)
    reading, lines = read(name, Kind.BUDGET, answers=answers, **options)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def total(values: Values) -> Any:
    return sum(each["amount"] for each in values)


def long_plan(heading: str, *scenarios: str) -> list[list[str]]:
    """Two accounts in two months, once for each scenario: 10 and 20 times its place, from one on."""
    return [
        ["Month", "Account", heading, "Amount"],
        *(
            [f"2026-0{month}", account, text, str(amount * place)]
            for month in (1, 2)
            for account, amount in (("Fairs", 10), ("Print", 20))
            for place, text in enumerate(scenarios, start=1)
        ),
    ]


@pytest.mark.parametrize("heading", ["Scenario", "Type", "Data", "Version"])
def test_lines_that_stand_once_for_each_scenario_are_planned_once(tmp_path: Path, heading: str) -> None:
    reading, values = plan(tmp_path, long_plan(heading, "Budget", "Actual", "Forecast"))
    assert not reading.questions
    assert (total(values), len(values)) == (60, 4)
    assert "budget.scenario" in codes(reading)


def test_versions_of_a_plan_stay_versions_without_what_happened(tmp_path: Path) -> None:
    reading, values = plan(tmp_path, long_plan("Version", "Original budget", "Revised budget", "Actual"))
    assert not reading.questions
    assert {each["version"] for each in values} == {"Original budget", "Revised budget"}
    assert total(values) == 60 + 120
    reading, values = plan(tmp_path, long_plan("Version", "Original budget", "Revised budget"))
    assert (asked(reading), len(values)) == ([], 8)
    assert "budget.scenario" not in codes(reading)


def test_two_plans_of_the_same_lines_are_asked_about(tmp_path: Path) -> None:
    rows = long_plan("Type", "Original budget", "Revised budget")
    assert asked(plan(tmp_path, rows)[0]) == ["C.scenario"]
    reading, values = plan(tmp_path, rows, ("C.scenario", "Revised budget"))
    assert (asked(reading), total(values)) == ([], 120)
    reading, values = plan(tmp_path, rows, ("C.scenario", "all"))
    assert (asked(reading), total(values)) == ([], 180)


def test_what_happened_till_today_and_is_expected_since_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Month", "Account", "Type", "Amount"],
        ["2026-01", "Fairs", "Actual", "11"],
        ["2026-02", "Fairs", "Actual", "12"],
        ["2026-03", "Fairs", "Budget", "13"],
        ["2026-04", "Fairs", "Budget", "14"],
    ]
    assert asked(plan(tmp_path, rows)[0]) == ["C.scenario"]
    assert total(plan(tmp_path, rows, ("C.scenario", "budget"))[1]) == 27
    assert total(plan(tmp_path, rows, ("C.scenario", "all"))[1]) == 50


def test_months_across_have_a_row_for_each_scenario(tmp_path: Path) -> None:
    rows = [
        ["Account", "Scenario", "Jan 2026", "Feb 2026", "Mar 2026"],
        ["Fairs", "Budget", "10", "20", "30"],
        ["Fairs", "Actual", "11", "21", ""],
        ["Fairs", "Variance", "-1", "-1", ""],
        ["Print", "Budget", "1", "2", "3"],
        ["Print", "Actual", "1", "1", ""],
        ["Print", "Variance", "0", "1", ""],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), total(values)) == ([], 66)


def test_a_state_of_each_line_is_no_scenario(tmp_path: Path) -> None:
    rows = [
        ["Month", "Campaign", "Status", "Amount"],
        ["2026-01", "Spring fair", "Spent", "11"],
        ["2026-02", "Poster", "Committed", "12"],
        ["2026-03", "Radio", "Planned", "13"],
        ["2026-04", "Autumn fair", "Planned", "14"],
    ]
    reading, values = plan(tmp_path, rows)
    assert (asked(reading), total(values)) == ([], 50)
    kinds = [
        ["Month", "Account", "Kind", "Amount"],
        *(
            [f"2026-0{month}", "Fairs", kind, "5"]
            for month in (1, 2)
            for kind in ("Software", "Media", "Actual cost of moving")
        ),
    ]
    reading, values = plan(tmp_path, kinds)
    assert (asked(reading), len(values)) == ([], 6)
