"""Debit and credit that a balance proves, and an amount in another currency that stands beside them."""

from collections.abc import Sequence

from importers.grid import Cell, Grid
from importers.spend_columns import Pick, plain_number
from importers.spend_running import running_balance
from importers.table import ColumnFacts, Header
from importers.words import heading_words
from mopsaudit.money import CURRENCIES


def proven_sides(grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> bool:
    """Whether debit and credit are proved to be what moves an account, where an amount stands beside them.

    By a balance, or by two currencies: see below.

    That amount is then the original one; a currency that is called like it (*Local amount*, *Local currency*) is its
    own, and the account's is the other column of codes.
    """
    debit, credit, amount = picks.get("debit"), picks.get("credit"), picks.get("amount")
    if debit is None or credit is None or amount is None:
        return False
    if _original_beside(grid, header, picks):
        picks["original_amount"] = amount
        return True
    proof = running_balance(grid, header, facts)
    if proof is None or {proof.lowering, proof.raising} != {debit.column, credit.column}:
        return False
    currency = picks.get("currency")
    if currency is not None and _alike(amount.heading, currency.heading):
        others = [
            column
            for column, fact in enumerate(facts)
            if column != currency.column and fact.filled and set(fact.texts) <= CURRENCIES and fact.texts
        ]
        if len(others) == 1 and not {"original_amount", "original_currency"} & picks.keys():
            picks["original_amount"], picks["original_currency"] = amount, currency
            picks["currency"] = Pick(others[0], currency.score, header.headings[others[0]])
    return True


def _original_beside(grid: Grid, header: Header, picks: dict[str, Pick]) -> bool:
    """Whether an amount is what debit and credit say in another currency: the same where both name one currency.

    Where they name two it differs. A card statement prints what was paid abroad, and what the card was charged.
    """
    if "original_amount" in picks or not {"currency", "original_currency"} <= picks.keys():
        return False
    same = other = 0
    for row in grid.rows[header.first_index : header.first_index + 2000]:
        amount, debit, credit = (
            plain_number(_cell(row, picks[name].column)) for name in ("amount", "debit", "credit")
        )
        side = debit or credit
        if not amount or not side:
            continue
        named, booked = (_cell(row, picks[name].column) for name in ("original_currency", "currency"))
        alike = abs(abs(amount) - abs(side)) < 0.006
        if named in (None, booked):
            if not alike:
                return False
            same += 1
        else:
            other += not alike
    return same + other >= 3 and other >= 1


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _alike(amount: str, currency: str) -> bool:
    """Whether two headings say the same beside *amount* and *currency*, and say something."""
    said = [set(heading_words(text)) - {"amount", "currency", "code"} for text in (amount, currency)]
    return said[0] == said[1] != set()
