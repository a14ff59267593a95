"""Prices with words behind them, and terms whose numbers name no unit: what they cover and how long they run."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importers.price_texts import SpokenPrice, price_of
from importers.terms import length_in, unit_in
from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]


def contracts(
    path: Path, rows: Any, *answers: tuple[str, str], kind: Kind = Kind.CONTRACTS
) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "list.csv", rows), kind, answers=answers)
    return reading, [line.values for line in lines]


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def field(reading: Reading, name: str) -> str | None:
    choice = reading.decision.sheets[0].column(name)
    return choice.letters if choice is not None else None


@pytest.mark.parametrize(
    "text, found",
    [
        ("$45,000/yr", SpokenPrice("$45,000", 12, False)),
        ("1.200 € / Monat", SpokenPrice("1.200 €", 1, False)),
        ("USD 300 p.a.", SpokenPrice("USD 300", 12, False)),
        ("€2,400 per quarter", SpokenPrice("€2,400", 3, False)),
        ("$18/user/month", SpokenPrice("$18", 1, True)),
        ("9,000 OMR (Excl VAT)", SpokenPrice("9,000 OMR", None, False)),
        ("$45,000", None),
        ("from $50/mo", None),
        ("300 per 1000 e-mails", None),
        ("$5,000/year (3 years)", None),
        ("10% off", None),
    ],
)
def test_a_price_is_taken_out_of_its_words(text: str, found: SpokenPrice | None) -> None:
    assert price_of(text) == found


def test_prices_with_their_span_in_the_cell_are_read_without_a_question(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Price", "Seats", "Renews"],
        ["Crow", "$45,000.00/yr", "80", "2027-05-31"],
        ["Finch", "$310.50/mo", "", "2026-12-09"],
        ["Heron", "$18.00/user/month", "25", "2027-02-01"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (asked(reading), "price.span_assumed" in codes(reading)) == ([], False)
    assert [each.get("amount") for each in values] == [45_000, Decimal("310.50"), None]
    assert [each.get("amount_months") for each in values] == [None, 1, 1]
    assert (values[2]["unit_price"], values[2]["end_kind"]) == (18, "renewal_date")


def test_a_year_of_a_tool_is_made_of_its_months_price(tmp_path: Path) -> None:
    rows = [["Tool", "Cost"], ["Crow", "$310.50/mo"], ["Finch", "$900.00 per year"]]
    values = contracts(tmp_path, rows, kind=Kind.INVENTORY)[1]
    assert [each["yearly_cost"] for each in values] == [3726, 900]


def test_a_heading_of_a_currency_and_a_span_is_a_price_and_no_number(tmp_path: Path) -> None:
    rows = [
        ["Contractor", "Start date", "Contract (OMR)/Month", "Contract (OMR)/Year"],
        ["Crow", "2025-01-01", "962.5 OMR", "11550 OMR (Excl VAT)"],
        ["Finch", "2025-02-01", "1,000 OMR", "12,000.0 OMR (Inc VAT)"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (field(reading, "amount"), field(reading, "reference")) == ("D", None)
    assert [(each["amount"], each["currency"]) for each in values] == [(11_550, "OMR"), (12_000, "OMR")]


def test_the_price_of_a_seat_is_of_the_span_of_the_whole(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Seats", "Cost/Seat/Month", "Annual cost"],
        ["A", "Crow", "12", "1250.00", "180000"],
    ]
    values = contracts(tmp_path, rows)[1]
    assert (values[0]["amount"], values[0]["unit_price"]) == (180_000, 15_000)


def test_all_seats_say_of_what_span_the_price_of_one_is(tmp_path: Path) -> None:
    rows = [
        ["Tool", "Vendor", "Term (months)", "Total contract value", "Seats", "Price per seat"],
        ["A", "Crow", "36", "53978.40", "60", "299.88"],
        ["B", "Finch", "36", "3600.00", "10", "360.00"],
        ["C", "Heron", "36", "9999.00", "10", "10.00"],
    ]
    values = contracts(tmp_path, rows)[1]
    assert [each["unit_price"] for each in values] == [Decimal("899.64"), 360, 10]


def test_one_bill_for_all_is_of_the_whole_term(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Start date", "Term", "Value", "Billing"],
        ["Crow", "2026-01-01", "24 months", "9600.50", "one-off"],
        ["Finch", "2026-01-01", "36 months", "100.00", "quarterly"],
    ]
    values = contracts(tmp_path, rows, ("D.covers", "billing"))[1]
    assert [each["amount_months"] for each in values] == [24, 3]


def test_a_year_in_a_heading_is_no_flag_of_renewal(tmp_path: Path) -> None:
    rows = [["Tool", "Renewal date", "FY27 Renewal"], ["Crow", "2027-03-01", "Yes"]]
    assert contracts(tmp_path, rows)[1][0].get("auto_renew") is None
    rows[0][2] = "Renewal"
    assert contracts(tmp_path, rows)[1][0].get("auto_renew") is True


@pytest.mark.parametrize(
    "heading, unit",
    [
        ("Term (years)", "years"),
        ("dureeMois", "months"),
        ("Laufzeit in Tagen", "days"),
        ("Term", None),
        ("Plazo (días)", "days"),
    ],
)
def test_a_heading_says_what_its_numbers_count(heading: str, unit: str | None) -> None:
    assert unit_in(heading) == unit


def test_bare_numbers_are_lengths_in_their_unit() -> None:
    assert [length_in("3", unit) for unit in ("years", "months", None)] == [36, 3, 3]
    assert (length_in("1095", "days"), length_in("52", "weeks"), length_in("2 years", "days")) == (36, 12, 24)


def test_years_and_days_of_a_term_are_told_by_their_heading(tmp_path: Path) -> None:
    for heading, cell, months in (("Term (years)", "3", 36), ("Duration (days)", "365", 12)):
        rows = [["Vendor", "Start date", heading], ["Crow", "2026-01-01", cell]]
        reading, values = contracts(tmp_path, rows)
        assert (asked(reading), values[0]["initial_months"]) == ([], months)


def test_numbers_that_are_as_likely_years_are_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Start date", "Contract length"],
        ["Crow", "2026-01-01", "3"],
        ["Finch", "2026-01-01", "2"],
    ]
    assert asked(contracts(tmp_path, rows)[0]) == ["C.term_unit"]
    values = contracts(tmp_path, rows, ("C.term_unit", "years"))[1]
    assert [each["initial_months"] for each in values] == [36, 24]
    values = contracts(tmp_path, rows, ("C.term_unit", "months"))[1]
    assert [each["initial_months"] for each in values] == [3, 2]
    usual = [
        ["Vendor", "Start date", "Contract length"],
        ["Crow", "2026-01-01", "36"],
        ["Finch", "2026-01-01", "6"],
    ]
    assert asked(contracts(tmp_path, usual)[0]) == []


def test_the_days_of_a_contract_tell_the_unit_of_its_length(tmp_path: Path) -> None:
    rows = [
        ["Vendor", "Start date", "End date", "Term"],
        ["Crow", "2024-01-01", "2026-12-31", "3"],
        ["Finch", "2026-02-01", "2027-01-31", "1"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (asked(reading), [each["initial_months"] for each in values]) == ([], [36, 12])
    rows[1][3], rows[2][3] = "1095", "365"
    assert [each["initial_months"] for each in contracts(tmp_path, rows)[1]] == [36, 12]


def test_a_notice_of_few_is_asked_to_be_days_or_months(tmp_path: Path) -> None:
    rows = [["Vendor", "End date", "Notice"], ["Crow", "2026-12-31", "3"], ["Finch", "2026-12-31", "1"]]
    assert asked(contracts(tmp_path, rows)[0]) == ["C.notice_unit"]
    values = contracts(tmp_path, rows, ("C.notice_unit", "months"))[1]
    assert [(each["notice"], each["notice_unit"]) for each in values] == [(3, "months"), (1, "months")]
    rows[1][2], rows[2][2] = "90", "30"
    reading, values = contracts(tmp_path, rows)
    assert (asked(reading), values[0]["notice_unit"]) == ([], "days")


MIXED = [
    ["Supplier", "Service", "Start", "End", "Annual cost"],
    ["Acorn BV", "Rollout", "2026-01-01", "2026-12-31", "€1.200"],
    ["Birch Inc", "Media", "2026-02-01", "2027-01-31", "$45,000"],
]


@pytest.mark.parametrize("mark, cell", [(",", "E3"), (".", "E2")])
def test_an_amount_no_answer_about_the_mark_is_right_for_is_told(
    tmp_path: Path, mark: str, cell: str
) -> None:
    reading, values = contracts(tmp_path, MIXED, ("E.decimal_mark", mark))
    assert len(values) == 2
    assert [each.cell for each in reading.problems if each.code == "amount.other_mark"] == [cell]


def test_thousands_beside_cents_of_the_same_mark_are_told(tmp_path: Path) -> None:
    rows = [
        *MIXED[:1],
        *[[*row[:4], text] for row, text in zip(MIXED[1:], ("€1.200,50", "€45,000"), strict=True)],
    ]
    assert [
        each.cell for each in contracts(tmp_path, rows)[0].problems if each.code == "amount.other_mark"
    ] == ["E3"]


@pytest.mark.parametrize(
    "texts, answers",
    [
        pytest.param(("$1,200", "$45,000"), [("E.decimal_mark", ".")], id="grouped alike"),
        pytest.param(("€1.200,50", "€45.000"), [], id="grouped alike, with cents"),
        pytest.param(("1.234", "2.345"), [("E.decimal_mark", ".")], id="a person says thousandths"),
        pytest.param(("0.1234", "1.234"), [], id="longer fractions beside it"),
        pytest.param(("1.25 KWD", "1.234 KWD"), [], id="a currency of thousandths"),
    ],
)
def test_amounts_that_are_written_alike_are_not_told(
    tmp_path: Path, texts: tuple[str, str], answers: Any
) -> None:
    rows = [*MIXED[:1], *[[*row[:4], text] for row, text in zip(MIXED[1:], texts, strict=True)]]
    assert "amount.other_mark" not in codes(contracts(tmp_path, rows, *answers)[0])


def test_prices_with_and_without_tax_in_one_column_are_told(tmp_path: Path) -> None:
    texts = ("€900.50 excl VAT", "€240.25 inc VAT")
    rows = [*MIXED[:1], *[[*row[:4], text] for row, text in zip(MIXED[1:], texts, strict=True)]]
    assert "amount.tax_mixed" in codes(contracts(tmp_path, rows)[0])
    rows[2][4] = "€240.25 excl VAT"
    assert "amount.tax_mixed" not in codes(contracts(tmp_path, rows)[0])


@pytest.mark.parametrize(
    "text, months", [("month-to-month", 1), ("month to month", 1), ("year to year", 12), ("to måneder", 2)]
)
def test_a_term_from_one_to_the_next_is_one_long(text: str, months: int) -> None:
    assert length_in(text, None) == months
