"""Words of sentences."""

from datetime import date
from decimal import Decimal

import pytest

from mopsaudit.facts import wording
from mopsaudit.facts.wording import count, day, listed, money, month, percent


@pytest.mark.parametrize(
    "minor, currency, exact, text",
    [
        (18_420_000, "USD", False, "184,200 USD"),
        (-1250, "EUR", True, "−12.50 EUR"),
        (40, "EUR", False, "0.40 EUR"),
        (-60, "EUR", False, "−1 EUR"),
        (0, "EUR", False, "0 EUR"),
        (1234, "JPY", True, "1,234 JPY"),
        (None, "USD", False, "–"),
    ],
)
def test_money(minor: int | None, currency: str, exact: bool, text: str) -> None:
    assert money(minor, currency, exact=exact) == text


def test_percent_day_month_count_and_list() -> None:
    assert [percent(Decimal(v)) for v in ("12.4", "4.13", "-3", "0")] == ["12 %", "4.1 %", "−3 %", "0 %"]
    assert percent(None) == "n/a"
    assert day(date(2026, 6, 30)) == "30 Jun 2026"
    assert day(None) == "–"
    assert month(2026 * 12) == "Jan 2026"
    assert [count(1, "tool"), count(2000, "tool"), count(2, "company", "companies")] == [
        "1 tool",
        "2,000 tools",
        "2 companies",
    ]
    assert [listed(["A"]), listed(["A", "B"]), listed(list("ABC")), listed(list("ABCDEF")), listed([])] == [
        "A",
        "A and B",
        "A, B and C",
        "A, B, C and 3 others",
        "",
    ]


@pytest.mark.parametrize(
    "as_of, step, by, send",
    [
        (
            date(2026, 9, 25),
            "Move to Asana: send notice by 25 Sep 2026.",
            "must be decided by 25 Sep 2026",
            "send notice by 25 Sep 2026",
        ),
        (
            date(2026, 9, 26),
            "Move to Asana: send notice at once, it should have left by 25 Sep 2026.",
            "should have been decided by 25 Sep 2026",
            "notice should have left by 25 Sep 2026",
        ),
    ],
)
def test_a_day_that_has_passed_is_not_told_as_one_ahead(as_of: date, step: str, by: str, send: str) -> None:
    due = date(2026, 9, 25)
    assert wording.in_time("Move to Asana", due, as_of) == step
    assert wording.by_day(due, as_of) == by
    assert wording.send_words(due, as_of) == send
