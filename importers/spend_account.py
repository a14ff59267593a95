"""Debit and credit that a balance proves, and an amount in another currency that stands beside them."""

from collections.abc import Sequence

from importers.grid import Grid
from importers.spend_columns import Pick
from importers.spend_running import running_balance
from importers.table import ColumnFacts, Header
from importers.words import heading_words
from mopsaudit.money import CURRENCIES


def proven_sides(grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> bool:
    """Whether a balance proves debit and credit to be what moves an account, where an amount stands beside them.

    That amount is then the original one; a currency that is called like it (*Local amount*, *Local currency*) is its
    own, and the account's is the other column of codes.
    """
    debit, credit, amount = picks.get("debit"), picks.get("credit"), picks.get("amount")
    if debit is None or credit is None or amount is None:
        return False
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


def _alike(amount: str, currency: str) -> bool:
    """Whether two headings say the same beside *amount* and *currency*, and say something."""
    said = [set(heading_words(text)) - {"amount", "currency", "code"} for text in (amount, currency)]
    return said[0] == said[1] != set()
