"""Budgets as people keep them: months, quarters and halves of any fiscal year, versions by sheet, thousands."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading, RecordRow
from tests.importers.builders import read, workbook

NAMES = ("CRM", "TOTAL GAS & POWER LTD", "Events")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month(year: int, number: int) -> dt.date:
    return dt.date(year, number, 1)


def value(line: int, place: int) -> int:
    """A different whole amount for each line and month."""
    return 1000 * (line + 1) + 10 * place


def budget(path: Path, sheets: Any, **options: Any) -> tuple[Reading, list[RecordRow]]:
    return read(workbook(path, sheets), Kind.BUDGET, **options)


def placed(lines: list[RecordRow], name: str = "tool") -> Counter[tuple[Any, Any, Any]]:
    return Counter((line.values.get(name), line.values["month"], line.values["amount"]) for line in lines)


def wanted(months: list[dt.date], scale: int = 1) -> Counter[tuple[Any, Any, Any]]:
    return Counter(
        (name, first, Decimal(value(line, place) * scale))
        for line, name in enumerate(NAMES)
        for place, first in enumerate(months)
    )


def rows_of(count: int) -> list[list[Any]]:
    return [[name, *[value(line, place) for place in range(count)]] for line, name in enumerate(NAMES)]


def with_totals(head: list[Any], rows: list[list[Any]]) -> list[list[Any]]:
    """A total column on the right and a total row below."""
    body = [[*row, sum(row[1:])] for row in rows]
    return [
        [*head, "Total"],
        *body,
        ["Total", *[sum(row[at] for row in body) for at in range(1, len(body[0]))]],
    ]


@pytest.mark.parametrize(
    "title, start, years",
    [
        ("Marketing budget FY2026", 1, [2026] * 12),
        ("Budget 2025/26", 4, [2026] * 3 + [2025] * 9),
        ("Plan FY26", 7, [2026] * 6 + [2025] * 6),
        ("Budget fiscal year 2026", 10, [2026] * 9 + [2025] * 3),
    ],
)
def test_months_of_any_fiscal_year(tmp_path: Path, title: str, start: int, years: list[int]) -> None:
    order = [(start - 1 + step) % 12 for step in range(12)]
    head = ["Tool", *[MONTHS[place] for place in order]]
    reading, lines = budget(
        tmp_path / "a.xlsx", [[title], [], *with_totals(head, rows_of(12))], fiscal_start=start
    )
    assert not reading.questions
    assert placed(lines) == wanted([month(years[place], place + 1) for place in order])
    assert reading.sheets[0].totals[0].foots is True


def test_quarters_and_halves_spread_over_their_months(tmp_path: Path) -> None:
    head = ["Tool", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    reading, lines = budget(tmp_path / "a.xlsx", with_totals(head, rows_of(4)))
    assert not reading.questions
    assert len(lines) == 36
    assert sum(line.values["amount"] for line in lines) == sum(
        value(n, q) for n in range(3) for q in range(4)
    )
    first = [line for line in lines if line.values["tool"] == "CRM"][:3]
    assert [line.values["month"] for line in first] == [month(2026, n) for n in (1, 2, 3)]
    assert sum(line.values["amount"] for line in first) == 1000
    head = ["Tool", "H1", "H2"]
    rows = [["Budget 2025/26"], *with_totals(head, rows_of(2))]
    _, lines = budget(tmp_path / "b.xlsx", rows, fiscal_start=4)
    assert len(lines) == 36
    assert {line.values["month"] for line in lines} == {month(2025, n) for n in range(4, 13)} | {
        month(2026, n) for n in range(1, 4)
    }


@pytest.mark.parametrize("names", [("Q1", "Q2", "Q3", "Q4"), ("H1", "H2")], ids=["quarters", "halves"])
def test_parts_of_a_year_over_two_calendar_years_are_asked_where_years_are_the_calendars(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    rows = [["Budget FY2026/27"], *with_totals(["Tool", *names], rows_of(len(names)))]
    reading, _ = budget(tmp_path / "a.xlsx", rows)
    (question,) = reading.questions
    assert question.key.endswith("B.fiscal_start")
    assert next(choice.reads for choice in question.choices).endswith("starts in April 2026")
    reading, lines = budget(tmp_path / "b.xlsx", rows, answers=((question.key, "7"),))
    assert not reading.questions
    assert {line.values["month"] for line in lines} == {month(2026, n) for n in range(7, 13)} | {
        month(2027, n) for n in range(1, 7)
    }


@pytest.mark.parametrize(
    "title, heading, scale, currency",
    [
        ("in k€", "Jan 2026", 1000, "EUR"),
        ("All amounts in £'000", "Jan 2026", 1000, "GBP"),
        ("Beträge in TEUR", "Jan 2026", 1000, "EUR"),
        ("Budget ($ millions)", "Jan 2026", 1_000_000, "USD"),
        ("montants en milliers d'euros", "Jan 2026", 1000, "EUR"),
    ],
)
def test_thousands_in_the_title(tmp_path: Path, title: str, heading: str, scale: int, currency: str) -> None:
    rows = [[title], ["Tool", heading, "Feb 2026"], *rows_of(2)]
    _, lines = budget(tmp_path / "a.xlsx", rows, base_currency="CHF")
    assert placed(lines) == wanted([month(2026, 1), month(2026, 2)], scale)
    assert {line.values["currency"] for line in lines} == {currency}


def test_versions_by_sheet_and_months_with_a_day(tmp_path: Path) -> None:
    head = ["Tool", dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 28)]  # noqa: DTZ001 - a sheet has no zone
    sheets = {"Approved": [head, *rows_of(2)], "Reforecast": [head, *rows_of(2)], "Notes": [["by KJ"]]}
    _, lines = budget(tmp_path / "a.xlsx", sheets)
    assert Counter(line.values["version"] for line in lines) == {"Approved": 6, "Reforecast": 6}
    assert placed(lines) == wanted([month(2026, 1), month(2026, 2)]) + wanted(
        [month(2026, 1), month(2026, 2)]
    )


def test_a_list_of_months_in_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Cost centre", "Fiscal year", "Period", "Account", "Budget"]]
    rows += [["CC1", 2026, number, "4410", 100 * number] for number in range(1, 13)]
    _, lines = budget(tmp_path / "a.xlsx", rows, fiscal_start=4)
    assert [(line.values["month"], line.values["amount"]) for line in lines][:2] == [
        (month(2025, 4), Decimal(100)),
        (month(2025, 5), Decimal(200)),
    ]
    assert len(lines) == 12


def test_months_in_other_languages_and_a_year_above(tmp_path: Path) -> None:
    german = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
    rows = [["Budget 2026"], *with_totals(["Tool", *german], rows_of(12))]
    _, lines = budget(tmp_path / "a.xlsx", rows)
    assert placed(lines) == wanted([month(2026, n) for n in range(1, 13)])
    french = [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ]
    rows = [["Budget 2026"], *with_totals(["Outil", *french], rows_of(12))]
    rows[1][0] = "Tool"
    _, lines = budget(tmp_path / "b.xlsx", rows)
    assert placed(lines) == wanted([month(2026, n) for n in range(1, 13)])


def test_categories_with_subtotals_and_a_total_that_does_not_foot(tmp_path: Path) -> None:
    head = ["Category", "Tool", "Jan 2026", "Feb 2026", "FY Total"]
    rows: list[list[Any]] = [head]
    rows += [
        ["Software", "CRM", 100, 200, 300],
        ["Software", "Mail", 10, 20, 30],
        ["Software total", None, 110, 220, 330],
    ]
    rows += [
        ["Media", "Ads", 5, 6, 11],
        ["Media total", None, 5, 6, 11],
        ["Grand total", None, 115, 226, 341],
    ]
    reading, lines = budget(tmp_path / "a.xlsx", rows)
    assert sum(line.values["amount"] for line in lines) == 341
    assert reading.sheets[0].totals[0].foots is True
    rows[-1][2] = 120
    reading, lines = budget(tmp_path / "b.xlsx", rows)
    assert sum(line.values["amount"] for line in lines) == 341
    assert reading.sheets[0].totals[0].foots is False


def test_months_without_a_year_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    reading, lines = budget(path, [["Tool", *MONTHS], *rows_of(12)])
    assert [question.key for question in reading.questions] == ["Spend!fiscal_year"]
    assert not lines
    _, lines = read(path, Kind.BUDGET, answers=(("Spend!fiscal_year", "2027"),))
    assert placed(lines) == wanted([month(2027, n) for n in range(1, 13)])


def test_budget_beside_actuals_reads_the_budget(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Cost centre", "Month", "Budget", "Actual", "Variance"]]
    rows += [["CC1", f"{MONTHS[n]} 2026", 100 + n, 90 + n, 10] for n in range(6)]
    _, lines = budget(tmp_path / "a.xlsx", rows)
    assert [line.values["amount"] for line in lines] == [Decimal(100 + n) for n in range(6)]


def test_a_total_of_the_year_headed_fy_is_no_fiscal_year(tmp_path: Path) -> None:
    months = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
    rows = [
        ["Budget 2026"],
        ["Tool", *MONTHS, "FY"],
        ["Hub", *months, sum(months)],
        ["Suite", *months, sum(months)],
    ]
    reading, lines = budget(tmp_path / "a.xlsx", rows)
    assert "fiscal_year" not in {choice.field for choice in reading.sheets[0].decision.columns}
    assert sum(line.values["amount"] for line in lines) == 2 * sum(months)
    assert {line.values["month"].year for line in lines} == {2026}
