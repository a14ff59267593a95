"""Of what one unit a list's rates are: by its words or their sizes, else asked; kept into our own currency."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.unit_values import of_one_by_size
from mopsaudit.intake.contract import Kind
from tests.importers.builders import codes, read, text_file, workbook

JANUARY = date(2026, 1, 1)
DOLLARS = [["USD", 1.25, JANUARY], ["GBP", 0.8, JANUARY]]
OF_EACH = {"USD": Decimal("1.25"), "GBP": Decimal("0.8")}
OF_ONE = {"USD": Decimal("0.8"), "GBP": Decimal("1.25")}


def rates(path: Path, base: str = "EUR", **options: Any) -> dict[str, Decimal]:
    reading, lines = read(path, Kind.RATES, base_currency=base, **options)
    assert not reading.questions, reading.questions
    assert set(codes(reading)) <= {"rates.turned", "currency.assumed"}, reading.problems
    assert {line.values["valid_from"] for line in lines} == {JANUARY}
    assert {line.values["to"] for line in lines} == {"EUR"}
    return {line.values["from"]: line.values["rate"] for line in lines}


def test_a_list_that_does_not_say_the_side_is_asked_with_its_first_rate(tmp_path: Path) -> None:
    rows = [["Currency", "Rate", "Month"], ["USD", 1.024, JANUARY], ["TRY", 40, JANUARY]]
    path = workbook(tmp_path / "a.xlsx", rows)
    reading, lines = read(path, Kind.RATES, base_currency="EUR")
    (question,) = reading.questions
    assert question.key == "Spend!B.one_unit"
    assert question.asks == "B2 says 1.024 beside USD. Of what is it the rate?"
    assert [choice.reads for choice in question.choices] == ["1 EUR is 1.024 USD", "1 USD is 1.024 EUR"]
    assert not lines
    assert codes(reading) == ["currency.assumed"]
    assert rates(path, answers=(("Spend!B.one_unit", "common"),)) == {
        "USD": Decimal("0.9765625"),
        "TRY": Decimal("0.025"),
    }
    assert rates(path, answers=(("Spend!B.one_unit", "column"),)) == {
        "USD": Decimal("1.024"),
        "TRY": Decimal(40),
    }
    reading, lines = read(path, Kind.RATES, base_currency="EUR", answers=(("Spend!B.one_unit", "common"),))
    assert codes(reading) == ["currency.assumed", "rates.turned"]
    _, again = read(path, Kind.RATES, base_currency="EUR", decision=reading.decision)
    assert again == lines


@pytest.mark.parametrize(
    "rows, wanted",
    [
        ([["From", "Rate", "Month"], *DOLLARS], OF_EACH),
        ([["Currency", "EUR per unit", "Month"], *DOLLARS], OF_EACH),
        ([["Currency", "Rate to EUR", "Month"], *DOLLARS], OF_EACH),
        ([["Currency", "Value of currency unit €", "Month"], *DOLLARS], OF_EACH),
        ([["Rates into EUR"], ["Currency", "Rate", "Month"], *DOLLARS], OF_EACH),
        ([["Currency", "Currency units per €1", "Month"], *DOLLARS], OF_ONE),
        ([["Currency", "Units per EUR", "Month"], *DOLLARS], OF_ONE),
        ([["Reference rates, 1 EUR ="], ["Currency", "Rate", "Month"], *DOLLARS], OF_ONE),
        ([["Currency pair", "Rate", "Month"], ["EUR/USD", 1.25, JANUARY], ["EURGBP", 0.8, JANUARY]], OF_ONE),
        (
            [["Currency pair", "Rate", "Month"], ["USD/EUR", 1.25, JANUARY], ["GBP/EUR", 0.8, JANUARY]],
            OF_EACH,
        ),
        (
            [["From", "To", "Rate", "Month"], ["EUR", "USD", 1.25, JANUARY], ["EUR", "GBP", 0.8, JANUARY]],
            OF_ONE,
        ),
        ([["Rates into EUR"], ["Currency", "Jan 2026"], ["USD", 1.25], ["GBP", 0.8]], OF_EACH),
    ],
)
def test_what_the_words_say_is_not_asked(
    tmp_path: Path, rows: list[list[Any]], wanted: dict[str, Decimal]
) -> None:
    assert rates(workbook(tmp_path / "a.xlsx", rows)) == wanted


def test_sizes_tell_the_side_where_a_currency_is_far_from_ours(tmp_path: Path) -> None:
    head = ["Currency", "Rate", "Month"]
    assert rates(workbook(tmp_path / "c.xlsx", [head, *DOLLARS])) == OF_ONE
    turned = [["USD", 0.8, JANUARY], ["GBP", 1.25, JANUARY]]
    assert rates(workbook(tmp_path / "d.xlsx", [head, *turned])) == OF_ONE
    path = workbook(tmp_path / "a.xlsx", [head, *DOLLARS, ["DKK", 8, JANUARY], ["JPY", 160, JANUARY]])
    wanted = {**OF_ONE, "DKK": Decimal("0.125"), "JPY": Decimal("0.00625")}
    assert rates(path) == wanted
    path = workbook(tmp_path / "b.xlsx", [head, ["DKK", 0.125, JANUARY], ["JPY", 0.00625, JANUARY]])
    assert rates(path) == {"DKK": Decimal("0.125"), "JPY": Decimal("0.00625")}


@pytest.mark.parametrize(
    "printed, into, of_one",
    [
        ("HUF 390 SEK 11", "EUR", True),
        ("JPY 0.006 DKK 0.134", "EUR", False),
        ("USD 1.08 GBP 0.84", "EUR", True),
        ("USD 0.92 GBP 1.17", "EUR", False),
        ("USD 1.08", "EUR", None),  # near one
        ("CHF 1.13", "EUR", None),  # somewhat beyond what it has been
        ("USD 1.03 TRY 0.03", "EUR", None),  # near one, and a currency that kept no worth
        ("SEK 11 NOK 11", "EUR", None),  # 1 EUR is 11 SEK, 100 SEK are 9 EUR
        ("DKK 13.4 JPY 0.62", "EUR", None),  # by the hundred
        ("GBP 1.12 DKK 12.6 SEK 8.4", "CHF", None),  # the pound by one, the crowns by the hundred
        ("JPY 160 CZK 0.04", "EUR", None),  # a slip
        ("", "EUR", None),
    ],
)
def test_sizes_decide_only_what_can_be_read_in_one_way(printed: str, into: str, of_one: bool | None) -> None:
    words = printed.split()
    rates = [(code, Decimal(rate)) for code, rate in zip(words[::2], words[1::2], strict=True)]
    assert of_one_by_size(rates, into) is of_one


def test_a_column_of_units_and_units_before_a_code_divide(tmp_path: Path) -> None:
    head = ["Currency", "Units", "Rate", "Month"]
    rows = [["USD", 1, 1.25, JANUARY], ["JPY", 100, 0.625, JANUARY], ["HUF", 1000, 2.5, JANUARY]]
    wanted = {"USD": Decimal("1.25"), "JPY": Decimal("0.00625"), "HUF": Decimal("0.0025")}
    assert rates(workbook(tmp_path / "a.xlsx", [head, *rows])) == wanted
    rows = [
        ["From", "Rate", "Month"],
        ["USD", 1.25, JANUARY],
        ["100 JPY", 0.625, JANUARY],
        ["1000 HUF", 2.5, JANUARY],
    ]
    assert rates(workbook(tmp_path / "b.xlsx", rows)) == wanted


def test_an_amount_of_money_beside_a_rate_is_no_count_of_units(tmp_path: Path) -> None:
    head = ["From", "Amount", "Rate", "Month"]
    rows = [["USD", 1250, 0.8, JANUARY], ["GBP", 1000, 1.25, JANUARY]]
    assert rates(workbook(tmp_path / "a.xlsx", [head, *rows])) == {
        "USD": Decimal("0.8"),
        "GBP": Decimal("1.25"),
    }


def test_months_across_give_a_rate_each_from_its_first_day(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["1 EUR ="],
            ["Currency", "Jan 2026", "Feb 2026", "Mar 2026"],
            ["USD", 1.25, 1.6, "n/a"],
            ["EUR", 1, 1, 1],
            ["GBP", 0.8, None, "about 0.8"],
        ],
    )
    reading, lines = read(path, Kind.RATES, base_currency="EUR")
    assert [
        (line.values["from"], line.values["valid_from"], line.values["rate"], line.cells["rate"])
        for line in lines
    ] == [
        ("USD", date(2026, 1, 1), Decimal("0.8"), "B3"),
        ("USD", date(2026, 2, 1), Decimal("0.625"), "C3"),
        ("GBP", date(2026, 1, 1), Decimal("1.25"), "B5"),
    ]
    told = {problem.code: problem for problem in reading.problems}
    assert told.keys() == {"rates.turned", "value.unreadable"}
    assert told["value.unreadable"].cell == "D5"
    assert told["rates.turned"].cell == "B3"


def test_a_pound_list_in_a_euro_company_keeps_the_pound_of_it(tmp_path: Path) -> None:
    head = ["Country", "Currency", "Currency Code", "Currency units per £1", "Start date", "End date"]
    path = workbook(
        tmp_path / "a.xlsx",
        [
            head,
            ["Eurozone", "Euro", "EUR", 1.25, "01/10/2026", "31/10/2026"],
            ["Abu Dhabi", "Dirham", "AED", 5, "01/10/2026", "31/10/2026"],
        ],
    )
    reading, lines = read(path, Kind.RATES, base_currency="EUR")
    assert not reading.questions
    found = [
        (line.values["from"], line.values["to"], line.values["rate"], line.values["valid_from"])
        for line in lines
    ]
    assert found == [
        ("GBP", "EUR", Decimal("1.25"), date(2026, 10, 1)),
        ("AED", "GBP", Decimal("0.2"), date(2026, 10, 1)),
    ]


def test_base_and_quote_are_the_trades_and_a_multiplier_counts_noughts(tmp_path: Path) -> None:
    head = [
        "BASE_CUR",
        "Base Currency",
        "QUOTE_CUR",
        "UNIT_MULT",
        "Unit Multiplier",
        "TIME_PERIOD",
        "OBS_VALUE",
    ]
    rows = [
        ["SEK", "Swedish krona", "NOK", 2, "Hundreds", JANUARY, 95],
        ["EUR", "Euro", "NOK", 0, "Units", JANUARY, 12.5],
    ]
    for path in (workbook(tmp_path / "a.xlsx", [head, *rows]), text_file(tmp_path / "a.csv", [head, *rows])):
        reading, lines = read(path, Kind.RATES, base_currency="EUR")
        assert not reading.questions
        found = [(line.values["from"], line.values["to"], line.values["rate"]) for line in lines]
        assert found == [("SEK", "NOK", Decimal("0.95")), ("NOK", "EUR", Decimal("0.08"))]


def test_units_and_pairs_in_headings_of_columns(tmp_path: Path) -> None:
    rows = [["Rates into EUR"], ["Date", "USD", "CHF", "100 JPY"], [JANUARY, 0.8, 1.05, 0.5]]
    wanted = {"USD": Decimal("0.8"), "CHF": Decimal("1.05"), "JPY": Decimal("0.005")}
    assert rates(workbook(tmp_path / "a.xlsx", rows)) == wanted
    rows = [["date", "FXUSDEUR", "FXGBPEUR"], [JANUARY, 0.8, 1.25]]
    assert rates(workbook(tmp_path / "b.xlsx", rows)) == OF_ONE
