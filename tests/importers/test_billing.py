"""How often a contract is billed, what span its price covers, and its terms in the languages of its readers."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from importers.billing import billing_of, price_months
from importers.terms import parse_terms
from mopsaudit.intake.contract import Kind
from tests.importers.builders import codes, read, workbook

D = datetime


@pytest.mark.parametrize(
    "text, months, side",
    [
        ("Monthly", 1, None),
        ("Monthly in arrears", 1, "arrears"),
        ("Quarterly in advance", 3, "advance"),
        ("Annual, upfront", 12, "advance"),
        ("semi-annually", 6, None),
        ("every 4 months", 4, None),
        ("jährlich im Voraus", 12, "advance"),
        ("monatlich nachschüssig", 1, "arrears"),
        ("vierteljährlich", 3, None),
        ("Trimestriel, à terme échu", 3, "arrears"),
        ("anual anticipado", 12, "advance"),
        ("mensile posticipato", 1, "arrears"),
        ("per kwartaal vooraf", 3, "advance"),
        ("prepaid", None, "advance"),
        ("net 30", None, None),
    ],
)
def test_a_billing_cell(text: str, months: int | None, side: str | None) -> None:
    assert billing_of(text, alone=True) == (months, side)


def test_in_a_sentence_only_what_speaks_of_billing_counts() -> None:
    assert billing_of("36 months, auto-renews annually, 90 days' notice", alone=False) == (None, None)
    assert billing_of("36 months; renews annually; invoiced quarterly in advance", alone=False) == (
        3,
        "advance",
    )


@pytest.mark.parametrize(
    "heading, months",
    [
        ("Annual value", 12),
        ("Monthly fee", 1),
        ("Price per user / month", 1),
        ("Price per seat p.a.", 12),
        ("Quarterly charge", 3),
        ("Total contract value", "term"),
        ("TCV (EUR)", "term"),
        ("Amount", None),
        ("Kosten pro Monat", 1),
    ],
)
def test_what_a_price_covers(heading: str, months: int | str | None) -> None:
    assert price_months(heading) == months


@pytest.mark.parametrize(
    "text, initial, renewal, notice",
    [
        ("36 meses, renovación automática anual, preaviso de 90 días", 36, 12, (90, "days")),
        ("Durata 24 mesi con rinnovo tacito di 12 mesi, preavviso di 60 giorni", 24, 12, (60, "days")),
        ("Looptijd 36 maanden, stilzwijgende verlenging 12 maanden, opzegtermijn 3 maanden", 36, 12, (3, "months")),
        ("Prazo de 12 meses, renovação automática anual, aviso prévio de 30 dias", 12, 12, (30, "days")),
        ("Laufzeit zwei Jahre, verlängert sich um ein Jahr, Kündigungsfrist drei Monate", 24, 12, (3, "months")),
    ],
)  # fmt: skip
def test_terms_in_other_languages(text: str, initial: int, renewal: int, notice: tuple[int, str]) -> None:
    found = parse_terms(text)
    assert (found["initial_months"], found["renewal_months"]) == (initial, renewal)
    assert (found["notice"], found["notice_unit"]) == notice
    assert found["auto_renew"] is True


def contracts(tmp_path: Path, head: list[str], *row: object) -> dict[str, object]:
    _, records = read(workbook(tmp_path / "a.xlsx", [head, list(row)]), Kind.CONTRACTS)
    return dict(records[0].values)


def test_a_contract_carries_its_rhythm(tmp_path: Path) -> None:
    head = ["Vendor", "Start date", "End date", "Annual value", "Billing frequency"]
    start, end = D(2026, 1, 1), D(2026, 12, 31)
    values = contracts(tmp_path, head, "ACME", start, end, 12_000, "Quarterly in advance")
    assert values["billing_months"] == 3
    assert values["payment_terms"] == "Quarterly in advance"
    assert "amount_months" not in values
    head[-1] = "Terms"
    said = "12 months, renews annually, billed monthly in arrears, 30 days notice"
    values = contracts(tmp_path, head, "ACME", start, end, 12_000, said)
    assert values["billing_months"] == 1
    assert values["payment_terms"] == "in arrears"
    assert values["renewal_months"] == 12


def test_a_price_of_a_month_or_of_the_whole_term_says_so(tmp_path: Path) -> None:
    start, end = D(2026, 1, 1), D(2028, 12, 31)
    head = ["Vendor", "Start date", "End date", "Total contract value"]
    values = contracts(tmp_path, head, "ACME", start, end, 36_000)
    assert (values["amount"], values["amount_months"]) == (Decimal(36_000), 36)
    head = ["Vendor", "Start date", "End date", "Seats", "Price per user per month"]
    values = contracts(tmp_path, head, "ACME", start, end, 10, 25)
    assert (values["unit_price"], values["amount_months"]) == (Decimal(25), 1)


def test_a_whole_price_of_an_unknown_term_is_told(tmp_path: Path) -> None:
    rows = [["Vendor", "Renewal date", "TCV"], ["ACME", D(2026, 12, 31), 36_000]]
    reading, _ = read(workbook(tmp_path / "a.xlsx", rows), Kind.CONTRACTS)
    assert "value.missing" in codes(reading)
