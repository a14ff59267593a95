"""Bills of one vendor that name nobody, sums named by a kind, and card lists in two currencies or split by line."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import read, total, workbook

Rows = list[list[Any]]

METERED: Rows = [
    [
        "Billing account",
        "Project",
        "Service description",
        "SKU",
        "Usage start date",
        "Usage amount",
        "Cost (EUR)",
    ],
    ["Studio", "web", "Object store", "Standard", "2026-06-01", 31, 40.12],
    ["Studio", "web", "Query engine", "Analysis", "2026-06-01", 12, 860.00],
    ["Studio", "app", "Query engine", "Analysis", "2026-06-02", 7, 62.25],
    ["Studio", "app", "Object store", "Archive", "2026-06-02", 9, -12.50],
    ["Studio", "app", "Mail relay", "Recipients", "2026-06-03", 90, 25.00],
]


def test_whose_metered_bill_it_is_is_asked_and_services_describe_its_lines(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bill.xlsx", {"Cost": METERED})
    asked, none = read(path)
    assert [question.key for question in asked.questions] == ["Cost!payee"]
    assert none == []
    answered, lines = read(path, answers=(("Cost!payee", "Northcloud"),))
    assert not answered.questions
    assert {line.supplier for line in lines} == {"Northcloud"}
    assert lines[0].description == "Object store"
    assert total(lines) == Decimal("974.87")


@pytest.mark.parametrize(
    "heading", ["Service provider", "Publisher name", "Seller of record", "Invoice issuer name"]
)
def test_a_column_of_those_who_billed_is_asked_nothing(tmp_path: Path, heading: str) -> None:
    rows = [
        [*METERED[0], heading],
        *([*row, ("Northcloud", "Mailer Inc")[i % 2]] for i, row in enumerate(METERED[1:])),
    ]
    result, lines = read(workbook(tmp_path / "bill.xlsx", {"Cost": rows}))
    assert not result.questions
    assert {line.supplier for line in lines} == {"Northcloud", "Mailer Inc"}


def test_services_without_a_meter_ask_nothing(tmp_path: Path) -> None:
    rows = [
        ["Date", "Service", "Amount"],
        ["2026-06-01", "Northcloud", 40.12],
        ["2026-06-02", "Mailer", 12.00],
        ["2026-06-03", "Northcloud", 33.10],
        ["2026-06-09", "Pollster", 99.00],
    ]
    result, lines = read(workbook(tmp_path / "list.xlsx", {"List": rows}))
    assert not result.questions
    assert total(lines) == Decimal("184.22")


def test_a_platforms_charges_and_what_was_paid_of_them_are_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Transaction ID", "Date", "Type", "Description", "Charge", "Payment", "Currency"],
        ["T-1", "2026-09-01", "Ad spend", "Charges Aug 16 - Aug 31", 2104.55, None, "EUR"],
        ["T-2", "2026-09-01", "Payment", "Card ending 1234", None, 2504.41, "EUR"],
        ["T-3", "2026-09-01", "VAT", "VAT 19%", 399.86, None, "EUR"],
        ["T-4", "2026-09-16", "Ad spend", "Charges Sep 1 - Sep 15", 1000.00, None, "EUR"],
    ]
    result, none = read(workbook(tmp_path / "ads.xlsx", {"Billing": rows}))
    assert [question.key for question in result.questions] == ["Billing!sent_by"]
    assert none == []


def _summed(kinds: tuple[str, str], invoice_total: float = 364.408) -> Rows:
    rows: Rows = [
        ["InvoiceID", "RecordType", "InvoiceDate", "Seller of record", "Item description", "Total cost"]
    ]
    for number, (item, cost) in enumerate([("Compute", 79.608), ("Store", 34.8), ("Mail", 250.0)]):
        rows.append(["I-1", "LineItem", "2026-02-03", "Northcloud Ltd", f"{item} {number}", cost])
    rows.append(["I-2", "LineItem", "2026-02-03", "Datafeed Inc", "Feed", 400.0])
    rows.append(["I-1", kinds[0], "2026-02-03", None, "for the invoice", invoice_total])
    rows.append(["I-2", kinds[0], "2026-02-03", None, "for the invoice", 400.0])
    rows.append([None, kinds[1], "2026-02-03", None, "for the statement", 764.408])
    return rows


def test_kinds_called_totals_that_come_to_the_other_lines_are_no_spend(tmp_path: Path) -> None:
    result, lines = read(
        workbook(tmp_path / "bill.xlsx", {"Bill": _summed(("InvoiceTotal", "StatementTotal"))})
    )
    assert not result.questions
    assert total([line for line in lines if not line.not_spend]) == Decimal("764.408")
    assert sum(bool(line.not_spend) for line in lines) == 3
    assert any("are sums of the others" in problem.message for problem in result.problems)


def test_kinds_called_totals_that_come_to_something_else_stay(tmp_path: Path) -> None:
    rows = _summed(("InvoiceTotal", "StatementTotal"), 300.0)
    _, lines = read(workbook(tmp_path / "bill.xlsx", {"Bill": rows}))
    assert not any(line.not_spend for line in lines)


CARD: Rows = [
    ["Transaction date", "Billing amount", "Merchant", "Transaction currency"],
    ["2026-05-02", 120.40, "Adboard", "EUR"],
    ["2026-05-04", 55.00, "Rankly", "USD"],
    ["2026-05-12", 18.99, "Canvasso", "AUD"],
]


def test_the_currency_of_the_purchase_is_not_that_of_what_was_billed(tmp_path: Path) -> None:
    result, lines = read(workbook(tmp_path / "card.xlsx", {"Card": CARD}), currency="GBP")
    assert {line.currency for line in lines} == {"GBP"}
    assert [line.original_currency for line in lines] == ["EUR", "USD", "AUD"]
    assert not result.questions


@pytest.mark.parametrize(
    "headings", [("Billing amount", "Billing currency"), ("Amount", "Transaction currency")]
)
def test_a_currency_of_the_amount_itself_stays_its_own(tmp_path: Path, headings: tuple[str, str]) -> None:
    rows = [["Transaction date", headings[0], "Merchant", headings[1]], *CARD[1:]]
    _, lines = read(workbook(tmp_path / "card.xlsx", {"Card": rows}))
    assert [line.currency for line in lines] == ["EUR", "USD", "AUD"]


def _split(second: float) -> Rows:
    return [
        ["Transaction date", "Billing amount", "Line amount", "Supplier", "GL code"],
        ["2026-04-02", 1200.00, 800.00, "Hubbard Inc", "6410"],
        ["2026-04-02", 1200.00, 400.00, "Hubbard Inc", "6420"],
        ["2026-04-09", 54.99, 54.99, "Adboard Inc", "6410"],
        ["2026-04-20", 2310.50, 1500.00, "Metaplat", "6430"],
        ["2026-04-20", 2310.50, second, "Metaplat", "6410"],
        ["2026-04-27", 99.00, 99.00, "Hotjar", "6410"],
    ]


def test_a_payment_repeated_on_the_lines_it_is_split_into_counts_once(tmp_path: Path) -> None:
    result, lines = read(workbook(tmp_path / "card.xlsx", {"Card": _split(810.50)}))
    assert not result.questions
    assert total(lines) == Decimal("3664.49")


def _list_of_a_card(turn: int, paid: str) -> Rows:
    amounts = [("Cash rewards", 55.16), ("Adboard", -1242.99), (paid, 2000.0), ("Hubbard Inc", -450.0)]
    amounts += [("Canvasso", -12.99), ("Canvasso", 12.99)]
    return [
        ["Posted date", "Payee", "Amount"],
        *([f"2026-03-{day:02d}", who, turn * amount] for day, (who, amount) in enumerate(amounts, 1)),
    ]


@pytest.mark.parametrize(
    "turn, paid, asked",
    [
        pytest.param(1, "PAYMENT - THANK YOU", ["Card!C.sign"], id="paid above nought, so charges are below"),
        pytest.param(-1, "PAYMENT - THANK YOU", [], id="paid below nought, so charges are above"),
        pytest.param(1, "Northcloud", [], id="no payment to the card"),
    ],
)
def test_payments_to_the_card_above_nought_make_the_sign_doubtful(
    tmp_path: Path, turn: int, paid: str, asked: list[str]
) -> None:
    result, _ = read(workbook(tmp_path / "card.xlsx", {"Card": _list_of_a_card(turn, paid)}))
    assert [question.key for question in result.questions] == asked


STATEMENT: Rows = [
    ["Card", "Day", "Text", "Sector", "Amount", "Original currency", "Currency", "Debit", "Credit"],
    ["5101", "02.06.2026", "Adboard Zürich", "Software", 7.50, "CHF", "CHF", 7.50, None],
    ["5101", "05.06.2026", "Figurina Ltd", "Software", 45.00, "USD", "CHF", 36.56, None],
    ["5101", "09.06.2026", "Grafik Mahler", "Print", 820.00, "CHF", "CHF", 820.00, None],
    ["5101", "11.06.2026", "Figurina Ltd", "Software", 45.00, "USD", "CHF", None, 36.56],
    ["5101", "28.06.2026", "Linkboard", "Media", 310.00, "EUR", "CHF", 294.87, None],
]


def test_two_sides_beside_what_was_paid_abroad_are_what_the_card_was_charged(tmp_path: Path) -> None:
    result, lines = read(workbook(tmp_path / "card.xlsx", {"Card": STATEMENT}))
    assert not result.questions
    assert total(lines) == Decimal("1122.37")
    assert {line.currency for line in lines} == {"CHF"}
    assert lines[1].original_amount == Decimal(45)
    assert lines[1].supplier == "Figurina Ltd"  # never the sector it is of
