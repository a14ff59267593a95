"""What the title of a report by quarter says of its currency and its year, and a heading that says two things."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.spend_locale import currency_in_title
from importers.titled_years import year_of_titles
from tests.importers.builders import read, total, workbook

Rows = list[list[Any]]


def report(title: str, heading: str = "Category / Supplier") -> Rows:
    """Suppliers by quarter in two groups, each with its subtotal."""
    return [
        [title],
        [],
        [heading, "Q1", "Q2", "Q3", "Q4", "Total"],
        ["Data"],
        ["Alpha Feeds", 100, 100, 100, 150, 450],
        ["Beta Tags", 50.5, 50.5, None, None, 101],
        ["Subtotal Data", 150.5, 150.5, 100, 150, 551],
        ["Content"],
        ["Gamma Pages", 70, 70, 70, 70, 280],
        ["Subtotal Content", 70, 70, 70, 70, 280],
        ["Total", 220.5, 220.5, 170, 220, 831],
    ]


@pytest.mark.parametrize(
    "title, first",
    [
        ("Tools FY2026 (Apr-Mar), £", date(2025, 4, 1)),
        ("Tools FY26 July to June, £", date(2025, 7, 1)),
        ("Tools 2025/26 (April – March), £", date(2025, 4, 1)),
        ("Tools FY2026 (Jan-Dec), £", date(2026, 1, 1)),
    ],
)
def test_a_title_says_when_the_quarters_begin_and_in_what_they_are(
    tmp_path: Path, title: str, first: date
) -> None:
    reading, lines = read(workbook(tmp_path / "q.xlsx", {"Tools": report(title)}), base_currency="USD")
    assert not reading.questions
    assert total(lines) == Decimal(831)
    assert {line.currency for line in lines} == {"GBP"}
    assert {line.supplier for line in lines} == {"Alpha Feeds", "Beta Tags", "Gamma Pages"}
    assert min(line.period for line in lines if line.period) == first


def test_a_year_that_may_begin_or_end_in_the_one_named_is_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "q.xlsx", {"Tools": report("Tools 2026 (Apr-Mar), £")})
    asked, none = read(path)
    assert [question.key.rpartition("!")[2] for question in asked.questions] == ["fiscal_year"]
    assert none == []
    answered, lines = read(path, answers=((asked.questions[0].key, "2027"),))
    assert not answered.questions
    assert min(line.period for line in lines if line.period) == date(2026, 4, 1)


@pytest.mark.parametrize(
    "title, code",
    [
        ("Spend by supplier, £", "GBP"),
        ("Payments over 500 (GBP)", "GBP"),
        ("Spend 2026 - EUR", "EUR"),
        ("Suppliers (ALL)", None),
        ("Top suppliers (TOP)", None),
        ("Client: ACME, INC", None),
        ("Printed 12:00 (CET)", None),
        ("Region – EUR zone", None),
        ("Total, £5.00", None),
    ],
)
def test_a_title_may_end_with_its_currency(title: str, code: str | None) -> None:
    assert currency_in_title(title, "USD") == code


def test_half_a_year_between_two_months_is_no_fiscal_year() -> None:
    assert year_of_titles(["FY2026 Apr–Sep"]) is None
    assert year_of_titles(["Plan 2026 (Apr-Mar)"]) is None


@pytest.mark.parametrize("heading", ["Supplier / ID", "Supplier No / Name"])
def test_a_number_beside_the_name_makes_no_name(heading: str, tmp_path: Path) -> None:
    rows: Rows = [["Date", heading, "Payee", "Amount"]]
    rows += [
        ["2026-03-02", f"V{1000 + place}", name, 10.5]
        for place, name in enumerate(("Alpha", "Beta", "Gamma"))
    ]
    _, lines = read(workbook(tmp_path / "a.xlsx", {"AP": rows}))
    assert {line.supplier for line in lines} == {"Alpha", "Beta", "Gamma"}


def test_a_second_day_is_no_reference(tmp_path: Path) -> None:
    rows: Rows = [["Trans Date", "Post Date", "Merchant", "Amount GBP"]]
    rows += [[f"{day:02}-Oct-26", f"{day + 1:02}-Oct-26", f"SHOP {day}", 10.5 * day] for day in range(2, 9)]
    _, lines = read(workbook(tmp_path / "card.xlsx", {"Card": rows}))
    assert not any(line.reference for line in lines)
    assert all(line.date for line in lines)
    for row in rows[1:]:
        row[0] = f"T-{row[0][:2]}"
    _, lines = read(workbook(tmp_path / "numbers.xlsx", {"Card": [["Trans No", *rows[0][1:]], *rows[1:]]}))
    assert all(line.reference for line in lines)
