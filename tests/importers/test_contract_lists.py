"""Registers and trackers of contracts as bodies and people keep them: their own numbers, parties, spans and seats."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind, Reading
from tests.importers.builders import codes, read, text_file

Values = list[dict[str, Any]]


def contracts(path: Path, rows: Any, *answers: tuple[str, str]) -> tuple[Reading, Values]:
    reading, lines = read(text_file(path / "list.csv", rows), Kind.CONTRACTS, answers=answers)
    return reading, [line.values for line in lines]


def letters_of(reading: Reading) -> dict[str, str]:
    return {choice.field: choice.letters for choice in reading.decision.sheets[0].columns}


def asked(reading: Reading) -> list[str]:
    return [question.key for question in reading.questions]


def test_a_contact_and_a_link_are_no_contract(tmp_path: Path) -> None:
    rows = [
        ["Contact name", "Contract number", "Contract PDF", "Supplier name", "Supplier email", "End date"],
        ["A Buyer", "98765", "http://crow.example/98765", "Crow Ltd", "a@crow.example", "2026-12-31"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (values[0]["reference"], values[0]["vendor"]) == ("98765", "Crow Ltd")
    assert not reading.questions


def test_the_days_of_the_contract_go_before_those_of_its_tender(tmp_path: Path) -> None:
    rows = [
        [
            *("Start date", "End date", "Value low", "Value high", "Awarded value", "Awarded to"),
            *("Contract start date", "Contract end date"),
        ],
        ["2025-01-10", "2025-02-10", "100", "300", "200", "Crow Ltd", "2025-04-01", "2026-03-31"],
    ]
    values = contracts(tmp_path, rows)[1]
    assert (values[0]["start"], values[0]["end"]) == (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert (values[0]["amount"], values[0]["vendor"]) == (200, "Crow Ltd")
    alone = [["Start date", "End date", "Awarded to"], ["2025-01-10", "2025-02-10", "Crow Ltd"]]
    assert contracts(tmp_path, alone)[1][0]["end"] == dt.date(2025, 2, 10)


def test_the_last_day_goes_before_the_renewal_beside_it(tmp_path: Path) -> None:
    rows = [["Vendor", "End date", "Renewal date"], ["Crow Ltd", "2026-12-31", "2027-01-01"]]
    assert contracts(tmp_path, rows)[1][0]["end"] == dt.date(2026, 12, 31)
    renewal = [["Vendor", "Renewal date"], ["Crow Ltd", "2027-01-01"]]
    assert contracts(tmp_path, renewal)[1][0]["end_kind"] == "renewal_date"


def test_a_delivery_date_ends_a_contract_that_names_no_other_end(tmp_path: Path) -> None:
    rows = [
        ["vendor_name", "contract_period_start", "delivery_date", "contract_value"],
        ["Crow Ltd", "2025-04-15", "2028-04-14", "300"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert asked(reading) == ["D.covers"]
    values = contracts(tmp_path, rows, ("D.covers", "term"))[1]
    assert (values[0]["end"], values[0]["amount_months"]) == (dt.date(2028, 4, 14), 36)


def test_money_is_no_term_and_a_key_no_notice(tmp_path: Path) -> None:
    rows = [
        [
            "Notice identifier",
            "Supplier",
            "Start date",
            "End date",
            "Sum over the length of the contract or annual sum",
        ],
        ["CF-0112233", "Crow Ltd", "2023-04-01", "2028-03-31", "268000"],
        ["CF-0112234", "Jay Ltd", "2025-04-01", "2026-03-31", "19500"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert {"initial_months", "notice"}.isdisjoint(letters_of(reading))
    assert letters_of(reading)["amount"] == "E"
    assert asked(reading) == ["E.covers"]
    terms = [
        ["Vendor", "Contract length", "Notice"],
        ["Crow Ltd", "36", "90 days"],
        ["Jay Ltd", "2 years", "none"],
    ]
    values = contracts(tmp_path, terms)[1]
    assert [(each["initial_months"], each["notice"]) for each in values] == [(36, 90), (24, 0)]


@pytest.mark.parametrize("answer, months", [("billing", [1, None, 3]), ("year", [None, None, None])])
def test_a_cost_beside_bills_that_are_not_a_years_is_asked_about(
    tmp_path: Path, answer: str, months: list[int | None]
) -> None:
    rows = [
        ["App", "Vendor", "Billing cycle", "Cost", "Renewal date"],
        ["Crow", "Crow Ltd", "Monthly", "150", "2026-12-04"],
        ["Jay", "Jay Ltd", "Yearly", "2500", "2027-02-18"],
        ["Owl", "Owl SE", "Quarterly", "1188", "2027-01-01"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert asked(reading) == ["D.covers"]
    reading, values = contracts(tmp_path, rows, ("D.covers", answer))
    assert [each.get("amount_months") for each in values] == months
    assert [each["tool"] for each in values] == ["Crow", "Jay", "Owl"]


@pytest.mark.parametrize("heading", ["Annual cost", "ACV", "Cost per month", "Recurring cost"])
def test_a_heading_that_names_its_span_is_not_asked_about(tmp_path: Path, heading: str) -> None:
    rows = [
        ["Product", "Vendor", "Billing", heading, "Renewal date"],
        ["Crow", "Crow Ltd", "Monthly", "150", "2026-12-04"],
    ]
    assert "D.covers" not in asked(contracts(tmp_path, rows)[0])


def test_a_price_per_seat_that_names_no_span_is_told_and_may_be_answered(tmp_path: Path) -> None:
    rows = [
        ["Publisher", "Product", "Licences owned", "Licences in use", "Cost per licence", "Expiry date"],
        ["Crow Ltd", "Crow", "25", "22", "546.48", "2027-01-31"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert not reading.questions
    assert "price.span_assumed" in codes(reading)
    assert (values[0]["quantity"], values[0]["unit_price"]) == (25, Decimal("546.48"))
    reading, values = contracts(tmp_path, rows, ("E.covers", "month"))
    assert "price.span_assumed" not in codes(reading)
    assert values[0]["amount_months"] == 1
    yearly = [[*rows[0][:4], "Annual cost per licence", "Expiry date"], rows[1]]
    assert "price.span_assumed" not in codes(contracts(tmp_path, yearly)[0])


def test_what_a_contract_is_for_in_the_place_of_a_tool_is_told(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Description of the service", "End date"],
        ["Crow Ltd", "Media monitoring", "2027-01-31"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert "contract.tool_described" in codes(reading)
    named = [
        ["Supplier", "Tool", "Description", "End date"],
        ["Crow Ltd", "Crow", "Media monitoring", "2027-01-31"],
    ]
    reading, values = contracts(tmp_path, named)
    assert "contract.tool_described" not in codes(reading)
    assert values[0]["tool"] == "Crow"


def test_a_cell_that_packs_what_its_heading_lists_gives_the_name(tmp_path: Path) -> None:
    rows = [
        ["Contract number", "Supplier [Ref|Name|Town]", "Contract end date"],
        ["1", "[0376|Crow Ltd|Leeds]", "2027-01-31"],
        ["2", "Jay Ltd", "2027-01-31"],
    ]
    assert [each["vendor"] for each in contracts(tmp_path, rows)[1]] == ["Crow Ltd", "Jay Ltd"]


@pytest.mark.parametrize(
    "heading", ["CONTRACT_AWARD_VALUE", "Montant", "Total obligated amount", "total_cost"]
)
def test_what_a_contract_is_worth_is_asked_by_whatever_words(tmp_path: Path, heading: str) -> None:
    by_days = [["Vendor", "Starts", "Ends", heading], ["Crow Ltd", "2024-04-01", "2027-03-31", "412000"]]
    assert asked(contracts(tmp_path, by_days)[0]) == ["D.covers"]
    by_term = [["Vendor", "Contract number", "Term in months", heading], ["Crow Ltd", "7", "48", "412000"]]
    assert asked(contracts(tmp_path, by_term)[0]) == ["D.covers"]
    short = [["Vendor", "Contract number", "Term in months", heading], ["Crow Ltd", "7", "12", "412000"]]
    assert not asked(contracts(tmp_path, short)[0])


def test_a_worth_of_no_told_length_is_told(tmp_path: Path) -> None:
    rows = [["Vendor name", "Contract value", "Renewal date"], ["Crow Ltd", "500000", "2026-12-31"]]
    reading, _ = contracts(tmp_path, rows)
    assert not reading.questions
    assert "price.span_assumed" in codes(reading)


def test_an_amount_of_several_years_is_told_to_be_taken_as_a_years(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Start date", "End date", "Amount"],
        ["Crow Ltd", "2024-01-01", "2026-12-31", "30000"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert not reading.questions
    assert "price.span_assumed" in codes(reading)
    rows[1][2] = "2024-12-31"
    assert "price.span_assumed" not in codes(contracts(tmp_path, rows)[0])


def test_who_administers_a_contract_is_not_its_number(tmp_path: Path) -> None:
    rows = [
        ["number", "vendor", "starts", "ends", "renewal_date", "contract_administrator"],
        ["CNTR01", "Crow Ltd", "2026-01-01", "2026-12-31", "2026-10-01", "Tom Orr"],
    ]
    values = contracts(tmp_path, rows)[1]
    assert (values[0]["reference"], values[0]["end"]) == ("CNTR01", dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    "heading", ["Value (ex VAT)", "Estimated amount payable", "Cost", "Total call-off value"]
)
@pytest.mark.parametrize(
    "end, open_",
    [
        ("2026-12-31", False),
        ("2026-06-30", True),
        ("2027-06-30", True),
        ("2028-12-31", True),
        ("2027-01-31", False),
    ],
)
def test_a_price_without_a_span_is_asked_where_the_term_is_no_year(
    tmp_path: Path, heading: str, end: str, open_: bool
) -> None:
    rows = [["Supplier", "Start date", "End date", heading], ["Crow Ltd", "2026-01-01", end, "45000"]]
    assert asked(contracts(tmp_path, rows)[0]) == (["D.covers"] if open_ else [])
    if open_:
        months = contracts(tmp_path, rows, ("D.covers", "term"))[1][0]["amount_months"]
        assert months == {"2026-06-30": 6, "2027-06-30": 18, "2028-12-31": 36}[end]


@pytest.mark.parametrize(
    "heading", ["Annual value", "Yearly fee", "Jaarkosten", "Estimated annual value", "ACV"]
)
def test_a_price_whose_heading_names_a_year_is_not_asked_about(tmp_path: Path, heading: str) -> None:
    rows = [
        ["Supplier", "Start date", "End date", heading],
        ["Crow Ltd", "2026-01-01", "2028-12-31", "45000"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (asked(reading), values[0]["amount"], values[0].get("amount_months")) == ([], 45000, None)


def test_a_years_value_goes_before_the_whole_one(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Start date", "End date", "Contract value", "Annual value"],
        ["Crow Ltd", "2026-01-01", "2028-12-31", "135000.50", "45000.25"],
        ["Finch plc", "2026-01-01", "2027-12-31", "90000.00", "45000.00"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (asked(reading), values[0]["amount"]) == ([], Decimal("45000.25"))


@pytest.mark.parametrize("number", ["Contract #", "Contract Number", "Agreement no."])
@pytest.mark.parametrize("name", ["Contract Name", "Contract Title", "Agreement name"])
def test_a_contracts_number_goes_before_its_name_which_says_what_it_is_for(
    tmp_path: Path, number: str, name: str
) -> None:
    rows = [
        [name, "Contract ID", number, "Supplier", "Service category label", "End date"],
        ["Mail platform", "1", "K-17", "Crow Ltd", "ICT", "2026-12-31"],
    ]
    reading, values = contracts(tmp_path, rows)
    assert (values[0]["reference"], values[0]["tool"]) == ("K-17", "Mail platform")
    assert "contract.tool_described" in codes(reading)
    alone = [[name, "Supplier", "End date"], ["Mail platform", "Crow Ltd", "2026-12-31"]]
    assert contracts(tmp_path, alone)[1][0]["reference"] == "Mail platform"
    named = [[*rows[0], "Tool"], [*rows[1], "Mailer"]]
    reading, values = contracts(tmp_path, named)
    assert (values[0]["tool"], "contract.tool_described" in codes(reading)) == ("Mailer", False)


def test_the_name_of_a_contract_is_no_contractor(tmp_path: Path) -> None:
    rows = [
        ["Contract number", "Contract name", "Winning bidder", "End date"],
        ["K-17", "Mail platform", "Crow Ltd", "2026-12-31"],
    ]
    assert contracts(tmp_path, rows)[1][0]["vendor"] == "Crow Ltd"


def test_a_column_of_rhythms_is_the_billing_whatever_it_is_called(tmp_path: Path) -> None:
    rows = [
        [
            "Vendor name",
            "Contract",
            "Payment amount",
            "Auto payment",
            "Contract expiration",
            "Date to cancel",
        ],
        ["Crow Ltd", "Y", "1,250.00", "Monthly", "03/31/2027", "01/30/2027"],
        ["Finch plc", "N", "4,999.00", "Quarterly", "06/30/2027", "05/31/2027"],
    ]
    assert asked(contracts(tmp_path, rows)[0]) == ["C.covers"]
    values = contracts(tmp_path, rows, ("C.covers", "billing"))[1]
    assert [each.get("amount_months") for each in values] == [1, 3]
    assert (values[0]["end"], values[0]["notice_by"]) == (dt.date(2027, 3, 31), dt.date(2027, 1, 30))
    assert values[0].get("reference") is None
    options = [
        ["Vendor", "Renewal options", "End date"],
        ["Crow Ltd", "2 x 1 year", "2026-12-31"],
        ["Finch plc", "1 year", "2026-12-31"],
    ]
    assert "billing" not in letters_of(contracts(tmp_path, options)[0])
    plans = [
        ["Vendor", "Plan", "End date"],
        ["Crow Ltd", "Team", "2026-12-31"],
        ["Finch plc", "Monthly", "2026-12-31"],
    ]
    assert "billing" not in letters_of(contracts(tmp_path, plans)[0])


def test_bills_and_long_terms_in_one_list_offer_all_three_readings(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Start date", "End date", "Cost", "Billing"],
        ["Crow Ltd", "2025-07-01", "2028-06-30", "45000", "annually"],
        ["Finch plc", "2026-01-01", "2026-12-31", "349", "monthly"],
    ]
    reading, _ = contracts(tmp_path, rows)
    assert [choice.value for choice in reading.questions[0].choices] == ["term", "year", "billing"]
    values = contracts(tmp_path, rows, ("D.covers", "billing"))[1]
    assert [each.get("amount_months") for each in values] == [None, 1]


def test_money_and_kinds_are_no_contracts_number(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Total contract value", "Annualized contract value", "Contract end"],
        ["Crow Ltd", "96000", "48000", "2026-12-31"],
    ]
    assert "reference" not in letters_of(contracts(tmp_path, rows)[0])
    french = [
        ["Nom", "Type de contrat", "Numéro", "Fournisseur", "Date de fin"],
        ["Mail", "Abonnement", "CT-14", "Crow SA", "2026-12-31"],
    ]
    assert contracts(tmp_path, french)[1][0]["reference"] == "CT-14"
    keyed = [
        ["contract_award_unique_key", "award_id_piid", "recipient_name", "end_date"],
        ["CONT_1", "47QT", "CROW CORP", "2026-12-31"],
    ]
    values = contracts(tmp_path, keyed)[1]
    assert (values[0]["reference"], values[0]["vendor"]) == ("47QT", "CROW CORP")
