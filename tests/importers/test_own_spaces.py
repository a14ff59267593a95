"""Money moved between one's own pockets, payments of the card, private expenses and bills that name nobody."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import codes, read, text_file, workbook


def statement(kind: str) -> list[list[Any]]:
    """A bank's statement with a balance, of which two lines are of a kind."""
    rows: list[list[Any]] = [["Date", "Counter Party", "Type", "Amount (GBP)", "Balance (GBP)", "Category"]]
    balance = 5000.0
    for place, amount in enumerate([-10.99, -61.98, 1500.0, -250.0, -890.0, 100.0, -45.1, -20.2]):
        balance += amount
        moved = place in (3, 5)
        name = "Rainy day" if moved else f"Shop {place} Ltd"
        sort = kind if moved else "BUSINESS"
        rows.append([f"2026-06-{10 + place}", name, "TRANSFER", amount, round(balance, 2), sort])
    return rows


@pytest.mark.parametrize("kind", ["SAVING", "Pot transfer", "Umbuchung", "Internal transfer"])
def test_money_put_aside_is_no_cost_in_either_direction(tmp_path: Path, kind: str) -> None:
    path = text_file(tmp_path / "a.csv", statement(kind))
    answers = (("D.sign", "-1"),)
    _, lines = read(path, answers=answers, base_currency="GBP")
    assert [line.supplier for line in lines if line.not_spend] == ["Rainy day"] * 2


def test_a_transfer_to_somebody_is_one(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", statement("PAYMENTS"))
    _, lines = read(path, answers=(("D.sign", "-1"),), base_currency="GBP")
    assert not [line for line in lines if line.not_spend and line.amount > 0]


def test_savings_bought_on_a_list_of_bills_stay_spend(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Invoice date", "Supplier", "Category", "Amount"]]
    rows += [[f"2026-03-{10 + place}", f"Shop {place} Ltd", "Savings", 10.25 + place] for place in range(5)]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert not any(line.not_spend for line in lines)


@pytest.mark.parametrize("words", ["BANK MOBILE PYMT", "ONLINE PMT", "ELECTRONIC PAYMENT"])
def test_one_payment_of_the_card_is_heard(tmp_path: Path, words: str) -> None:
    rows: list[list[Any]] = [["Transaction Date", "Description", "Category", "Debit", "Credit"]]
    rows += [[f"2026-08-{10 + place}", f"SHOP {place} INC", "Merchandise", 50.25, None] for place in range(5)]
    rows += [["2026-08-21", words, "Payment/Credit", None, 72.0]]
    rows += [["2026-08-22", "SHOP 2 INC RETURN", "Merchandise", None, 19.99]]
    _, lines = read(text_file(tmp_path / "a.csv", rows))
    assert [line.amount for line in lines if line.not_spend] == [Decimal(-72)]


@pytest.mark.parametrize("cells, told", [("NNYNY", True), ("NNNNN", False), ("abcab", False)])
def test_private_expenses_are_told(tmp_path: Path, cells: str, told: bool) -> None:
    rows: list[list[Any]] = [["Transaction Date", "Vendor", "Approved Amount", "Personal Expense"]]
    rows += [[f"2026-05-{13 + place}", f"Shop {place} Inc", 10.25, cell] for place, cell in enumerate(cells)]
    reading, lines = read(text_file(tmp_path / "a.csv", rows))
    assert ("spend.personal_lines" in codes(reading)) is told
    assert len(lines) == 5


def usage(*heads: str) -> list[list[Any]]:
    rows: list[list[Any]] = [[*heads, "USD"]]
    things = ["Web server", "Disk of the web server", "Unused address", "State tax", "Backup"]
    rows += [
        [["Compute", "Storage"][place % 2], thing, 744, f"2026-09-0{place + 1}", f"${place + 3}.11"]
        for place, thing in enumerate(things)
    ]
    return rows


def test_hours_of_a_project_are_billed_by_one_vendor(tmp_path: Path) -> None:
    heads = ("product", "description", "hours", "start")
    rows = [row + (["project_name"] if place == 0 else ["web"]) for place, row in enumerate(usage(*heads))]
    reading, _ = read(text_file(tmp_path / "a.csv", rows))
    assert "payee" in [question.key for question in reading.questions]


def invoice(*above: list[Any]) -> list[list[Any]]:
    rows: list[list[Any]] = [["INVOICE"], *above, [], ["Line", "Item", "Qty", "Unit price", "Line total"]]
    rows += [["1", "Professional plan, 25 seats", 25, 49.0, 1225.0], ["2", "Onboarding", 1, 500.0, 500.0]]
    return [*rows, ["3", "Extra storage 1TB", 2, 19.5, 39.0], [None, "Total due", None, None, 1764.0]]


def test_one_invoice_is_asked_whose_it_is(tmp_path: Path) -> None:
    above = [["Invoice no.", "INV-2026-0417"], ["Invoice date", "17 Apr 2026"], ["Bill to", "Northgate"]]
    path = workbook(tmp_path / "a.xlsx", {"S": invoice(*above)})
    (question,) = read(path)[0].questions
    assert question.key == "S!payee"
    _, lines = read(path, answers=((question.key, "Brightline"),))
    assert [(line.supplier, line.amount) for line in lines] == [
        ("Brightline", Decimal(amount)) for amount in (1225, 500, 39)
    ]


def test_items_without_the_particulars_of_a_bill_are_read_as_they_were(tmp_path: Path) -> None:
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"S": invoice(["Purchases of April"])}))
    assert not [question for question in reading.questions if question.key.endswith("payee")]
    assert len(lines) == 3


def test_some_of_the_accounts_that_were_debited_may_hold_the_spend(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Vernr", "Datum", "Konto", "Text", "Debet", "Kredit"]]
    postings = [
        ("A1", 6540, 12500.0, None),
        ("A1", 2641, 3125.0, None),
        ("A1", 2440, None, 15625.0),
        ("A2", 5910, 4200.5, None),
        ("A2", 1930, None, 4200.5),
        ("A3", 6540, 100.0, None),
        ("A3", 1930, None, 100.0),
        ("A4", 2641, 400.0, None),
        ("A4", 1930, None, 400.0),
        ("A5", 2440, 15625.0, None),
        ("A5", 1930, None, 15625.0),
    ]
    rows += [
        [number, "2026-01-15", account, f"Firma {number}", out, into]
        for number, account, out, into in postings
    ]
    path = text_file(tmp_path / "a.csv", rows)
    question = next(each for each in read(path)[0].questions if each.key.endswith("accounts"))
    assert "56" in [choice.value for choice in question.choices]
    _, lines = read(path, answers=((question.key, "56"),))
    assert sum(line.amount for line in lines if not line.not_spend) == Decimal("16800.5")
