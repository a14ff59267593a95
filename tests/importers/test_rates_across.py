"""Rates with a currency in each column: read, and asked of what one unit they are where no line says it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from mopsaudit.problems import RefusedError
from tests.importers.builders import codes, read, text_file, workbook

HEAD = ["Date", "USD", "GBP", "CHF"]
LINES: list[list[Any]] = [
    [date(2026, 1, 31), 1.25, 0.8, 0.5],
    [date(2026, 2, 28), 1.6, 0.64, None],
]
#: As printed: units of the column's currency for one euro, and the other way round.
COLUMN = {
    ("USD", date(2026, 1, 31)): Decimal("1.25"),
    ("GBP", date(2026, 1, 31)): Decimal("0.8"),
    ("CHF", date(2026, 1, 31)): Decimal("0.5"),
    ("USD", date(2026, 2, 28)): Decimal("1.6"),
    ("GBP", date(2026, 2, 28)): Decimal("0.64"),
}
COMMON = {key: Decimal(1) / rate for key, rate in COLUMN.items()}


def rates(path: Path, base: str = "EUR", **options: Any) -> Any:
    reading, lines = read(path, Kind.RATES, base_currency=base, **options)
    assert not reading.questions, reading.questions
    assert set(codes(reading)) <= {"rates.turned", "currency.assumed"}, reading.problems
    assert len(lines) == len({(line.values["from"], line.values["valid_from"]) for line in lines})
    found = {}
    for line in lines:
        one, other, rate = (line.values[name] for name in ("from", "to", "rate"))
        if other == base != "EUR":  # what our own currency is of, is kept into it
            one, other, rate = other, one, Decimal(1) / rate
        assert other == "EUR"
        found[one, line.values["valid_from"]] = rate
    return found


def test_of_which_unit_the_rates_are_is_asked_with_a_rate_of_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *LINES])
    reading, lines = read(path, Kind.RATES, base_currency="EUR")
    (question,) = reading.questions
    assert question.key == "Spend!B.one_unit"
    assert question.asks == "B2 says 1.25 under USD. Of what is it the rate?"
    assert [(choice.value, choice.reads) for choice in question.choices] == [
        ("common", "1 EUR is 1.25 USD"),
        ("column", "1 USD is 1.25 EUR"),
    ]
    assert not lines
    assert rates(path, answers=(("Spend!B.one_unit", "common"),)) == COMMON
    answered = (("Spend!B.one_unit", "column"),)
    assert rates(path, answers=answered) == COLUMN
    reading, lines = read(path, Kind.RATES, base_currency="EUR", answers=answered)
    assert lines[0].cells["rate"] == "B2"
    _, again = read(path, Kind.RATES, base_currency="EUR", decision=reading.decision)
    assert again == lines


@pytest.mark.parametrize(
    "rows, wanted",
    [
        ([["Reference rates, 1 EUR ="], HEAD, *LINES], COMMON),
        ([["Units of foreign currency per EUR"], HEAD, *LINES], COMMON),
        ([["Rates into EUR"], HEAD, *LINES], COLUMN),
        ([["Kurse nach EUR"], HEAD, *LINES], COLUMN),
        ([["Date", "EUR/USD", "EUR/GBP", "EUR/CHF"], *LINES], COMMON),
        ([["Date", "USD/EUR", "GBP/EUR", "CHF/EUR"], *LINES], COLUMN),
        ([["Rates into EUR"], ["Date", "USD rate", "Rate £", "Swiss francs"], *LINES], COLUMN),
        ([["Rates into EUR"], ["Month", "USD", "GBP", "CHF"], *LINES], COLUMN),
        ([["1 EUR ="], [*HEAD, "EUR"], [*LINES[0], 1], [*LINES[1], 1]], COMMON),
    ],
)
def test_what_a_line_above_or_a_pair_says_is_not_asked(
    tmp_path: Path, rows: list[list[Any]], wanted: dict[Any, Decimal]
) -> None:
    assert rates(workbook(tmp_path / "a.xlsx", rows)) == wanted


def test_a_column_of_ones_is_the_currency_all_rates_are_against(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEAD, "EUR"], [*LINES[0], 1], [*LINES[1], 1]])
    assert rates(path, base="GBP", answers=(("Spend!B.one_unit", "column"),)) == COLUMN


def test_rates_with_a_column_of_our_own_currency_are_asked_against_which(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *LINES])
    reading, _ = read(path, Kind.RATES, base_currency="GBP")
    (question,) = reading.questions
    assert question.key == "Spend!into"
    assert "EUR" in [choice.value for choice in question.choices]
    into = ("Spend!into", "EUR")
    reading, _ = read(path, Kind.RATES, base_currency="GBP", answers=(into,))
    assert [question.key for question in reading.questions] == ["Spend!B.one_unit"]
    assert rates(path, base="GBP", answers=(into, ("Spend!B.one_unit", "common"))) == COMMON


def test_text_with_decimal_commas_and_cells_that_are_no_rate(tmp_path: Path) -> None:
    rows = [
        ["Datum", "USD", "AUD"],
        ["31.01.2026", "1,0412", "1,4451"],
        *[[f"{day}.02.2026", "1,0500", "1,4600"] for day in range(20, 25)],
        ["28.02.2026", "n/a", "soon"],
    ]
    path = text_file(tmp_path / "a.csv", rows, delimiter=";")
    reading, lines = read(path, Kind.RATES, base_currency="EUR")
    assert reading.questions[0].choices[0].reads == "1 EUR is 1,0412 USD"
    reading, lines = read(path, Kind.RATES, base_currency="EUR", answers=(("B.one_unit", "common"),))
    assert [line.values["from"] for line in lines] == ["USD", "AUD"] * 6
    for line, rate in zip(lines, (Decimal("1.0412"), Decimal("1.4451")), strict=False):
        assert abs(line.values["rate"] * rate - 1) < Decimal("1e-17")
    assert codes(reading) == ["currency.assumed", "rates.turned", "value.unreadable"]
    assert reading.problems[2].cell == "C8"


def test_a_row_that_says_budget_holds_its_years_budget_rates(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Rates into EUR"], HEAD, ["Budget 2026", 1.5, 2.5, 3.5], *LINES])
    _, lines = read(path, Kind.RATES, base_currency="EUR")
    assert [(line.values.get("kind"), line.values["valid_from"]) for line in lines[:4]] == [
        *[("budget", date(2026, 1, 1))] * 3,
        (None, date(2026, 1, 31)),
    ]


@pytest.mark.parametrize(
    "head",
    [
        ["Date", "USD", "Budget rate USD", "CHF"],  # booking and budget rates mixed
        ["Date", "USD", "EUR/GBP", "CHF"],
        ["Date", "USD", "USD", "CHF"],
        ["Date", "kr", "GBP", "CHF"],
        ["Line", "USD", "GBP", "CHF"],
    ],
)
def test_columns_that_do_not_say_one_rate_each_are_refused(tmp_path: Path, head: list[str]) -> None:
    with pytest.raises(RefusedError):
        read(workbook(tmp_path / "a.xlsx", [head, *LINES]), Kind.RATES, base_currency="EUR")
