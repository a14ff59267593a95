"""One supplier's statement of account: nobody is named on its lines, and its bills say which sign is a cost."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import read, total, workbook

Rows = list[list[Any]]

STATEMENT: Rows = [
    ["Studio North Ltd, statement of account"],
    [],
    ["Date", "Type", "No", "Details", "Amount", "Balance"],
    ["2026-10-01", None, None, "Opening balance", None, "900.00"],
    ["2026-10-03", "INV", "S-1", "Film, October", "1,200.00", "2,100.00"],
    ["2026-10-09", "INV", "S-2", "Cutdowns", "300.50", "2,400.50"],
    ["2026-10-12", "PMT", "B-7", "Payment received", "-900.00", "1,500.50"],
    ["2026-10-21", "CRN", "C-1", "Reshoot not used", "-200.50", "1,300.00"],
    ["2026-10-30", "INV", "S-3", "Stills", "500.00", "1,800.00"],
]


def _turned(rows: Rows) -> Rows:
    """The same account as the one that pays it keeps it: bills below nought."""

    def turn(text: Any) -> Any:
        return text if text is None else text[1:] if text.startswith("-") else f"-{text}"

    return [*rows[:3], *([*row[:4], turn(row[4]), turn(row[5])] for row in rows[3:])]


@pytest.mark.parametrize("rows", [STATEMENT, _turned(STATEMENT)])
def test_whose_statement_it_is_is_asked_and_nothing_else(tmp_path: Path, rows: Rows) -> None:
    path = workbook(tmp_path / "statement.xlsx", {"SOA": rows})
    asked, none = read(path)
    assert [question.key for question in asked.questions] == ["SOA!sent_by"]
    assert asked.questions[0].choices == ()
    assert none == []
    assert not any("is taken for it" in reason for reason in asked.decision.sheets[0].reasons)
    answered, lines = read(path, answers=(("SOA!sent_by", "Studio North"),))
    assert not answered.questions
    assert {line.supplier for line in lines} == {"Studio North"}
    assert total([line for line in lines if not line.not_spend]) == Decimal("1800.00")
    assert [line.description for line in lines if line.not_spend] == ["Payment received"]
    assert lines[0].description == "Film, October"


def test_the_next_statement_of_these_headings_may_be_another_suppliers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "statement.xlsx", {"SOA": STATEMENT})
    answered, _ = read(path, answers=(("SOA!sent_by", "Studio North"),))
    profile = answered.decision.to_json()["sheets"][0]
    known = ((profile["fingerprint"], profile),)
    again, none = read(path, profiles=known)
    assert [question.key for question in again.questions] == ["SOA!sent_by"]
    assert none == []
    _, lines = read(path, profiles=known, answers=(("SOA!sent_by", "Studio South"),))
    assert {line.supplier for line in lines} == {"Studio South"}


@pytest.mark.parametrize(
    "column, texts",
    [
        pytest.param("Supplier", ["Alpha", "Beta", "Alpha", "Gamma", "Beta"], id="headed as suppliers"),
        pytest.param(
            "Details",
            ["Alpha Ltd", "Beta GmbH", "Alpha Ltd", "Gamma plc", "Beta GmbH"],
            id="companies under any heading",
        ),
    ],
)
def test_who_is_named_on_the_lines_is_not_asked(tmp_path: Path, column: str, texts: list[str]) -> None:
    head = [*STATEMENT[2][:3], column, *STATEMENT[2][4:]]
    rows = [[*row[:3], text, *row[4:]] for row, text in zip(STATEMENT[4:], texts, strict=True)]
    reading, _ = read(workbook(tmp_path / "ledger.xlsx", {"AP": [head, *rows]}))
    assert not [question for question in reading.questions if question.key.endswith("sent_by")]
    choice = reading.decision.sheets[0].column("supplier")
    assert choice is not None
    assert choice.header == column


@pytest.mark.parametrize(
    "kinds",
    [
        ["DD", "POS", "BP", "POS", "DD"],
        ["Card purchase", "Payment", "Card purchase", "Payment", "Credit"],
        ["BILLPAY", "CHECK", "BILLPAY", "CREDIT", "Payment"],
        ["Bill payment", "Payment", "Purchase", "Credit", "Purchase"],
    ],
)
def test_the_kinds_of_a_banks_statement_make_it_nobodys_account(tmp_path: Path, kinds: list[str]) -> None:
    rows = [[*row[:1], kind, *row[2:]] for row, kind in zip(STATEMENT[4:], kinds, strict=True)]
    reading, _ = read(workbook(tmp_path / "bank.xlsx", {"Bank": [STATEMENT[2], *rows]}))
    assert not [question for question in reading.questions if question.key.endswith("sent_by")]


@pytest.mark.parametrize("kind", ["Direct Credit", "Credit transfer", "Sales invoice"])
def test_money_in_is_no_bill_that_tells_the_sign(tmp_path: Path, kind: str) -> None:
    rows: Rows = [["Date", "Type", "Details", "Amount", "Balance"]]
    balance = 10_000.0
    for day, amount in enumerate((5000.0, -120.0, 900.0, -99.0, -800.0), 1):
        balance += amount
        rows.append([f"2026-01-{day:02}", kind if amount > 0 else "Payment", f"SHOP {day}", amount, balance])
    reading, lines = read(workbook(tmp_path / "bank.xlsx", {"Bank": rows}))
    assert "Bank!D.sign" in [question.key for question in reading.questions]
    assert lines == []
