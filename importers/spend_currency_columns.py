"""Currencies told by what a column's cells hold, where no heading known to the reader says so."""

from collections import Counter
from collections.abc import Sequence

from importers.currencies import currency_in_heading
from importers.grid import Grid
from importers.spend_columns import WORDS, Pick, plain_number
from importers.table import ColumnFacts, Header, best_field
from importers.unit_values import USUAL
from importers.words import heading_words
from mopsaudit.money import CURRENCIES

#: Codes that are words of other columns as well.
_WORDS_TOO = frozenset(("ALL", "TOP", "CUP", "MOP", "PEN", "LAK", "TRY"))


def only_codes(fact: ColumnFacts) -> bool:
    """Whether every filled cell of a column is a currency's code, and no code that is a word of other columns too."""
    named = sum(fact.texts.values())
    return bool(fact.texts) and named == fact.filled and set(fact.texts) <= CURRENCIES - _WORDS_TOO


#: What a heading of other codes says: the group, the country, the state of a line.
_OF_OTHER_CODES = frozenset(
    (
        "group class category type kind status state country region site location unit department division team "
        "entity company organisation body level tier source route sector fund programme project owner code area"
    ).split()
)


def _of_other_codes(heading: str, fact: ColumnFacts) -> bool:
    """Whether codes under a heading of something else only happen to be codes of currencies hardly anybody bills in.

    ``SLE`` throughout, under *disclosure group*, are senior employees and no leones of Sierra Leone.
    """
    return USUAL.isdisjoint(fact.texts) and not _OF_OTHER_CODES.isdisjoint(heading_words(heading))


def share_headings(header: Header, facts: Sequence[ColumnFacts]) -> None:
    """A heading over a currency's code and the amount right of it, which has none, is the amount's.

    Brokers print one heading over both cells; what the amount is (a movement, a balance) only that heading says.
    """
    for column in range(1, len(facts)):
        before = column - 1
        if header.headings[column] or not header.headings[before] or not only_codes(facts[before]):
            continue
        if facts[column].numeric_share() < 0.8 or best_field(header.matches[before])[0].endswith("currency"):
            continue
        header.headings[column] = header.headings[before]
        header.matches[column] = dict(WORDS.fields(header.headings[before]))
        balance = best_field(header.matches[column])[0] == "_balance"
        header.matches[before] = {} if balance else {"currency": 0.9}


def currency_by_cells(header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> int | None:
    """The column of codes nearest to the amount, the one right of it first, where no column is known as its currency.

    None where the amount's heading names a currency, or no column holds codes and nothing else.
    """
    money = next((picks[name] for name in ("amount", "net", "gross", "debit") if name in picks), None)
    if money is None or "currency" in picks or currency_in_heading(money.heading) is not None:
        return None
    taken = {pick.column for name, pick in picks.items() if not name.startswith("_")}
    found = [
        column
        for column, fact in enumerate(facts)
        if column not in taken and only_codes(fact) and not _of_other_codes(header.headings[column], fact)
    ]
    if not found:
        return None
    nearest = min(found, key=lambda column: (abs(column - money.column), column < money.column))
    heading = header.headings[nearest] if nearest < len(header.headings) else ""
    picks["currency"] = Pick(nearest, 0.6 if heading else 0.5, heading)
    return nearest


#: What a card was charged in abroad, and what its holder is billed, as headings call the two.
_BOUGHT_IN = frozenset("transaction purchase merchant original foreign".split())
_BILLED = frozenset("billing billed settlement settled posted".split())


def currency_of_purchase(facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> None:
    """*Transaction currency* beside *Billing amount* is what was paid in abroad: the amount is in the card's own."""
    currency, amount = picks.get("currency"), picks.get("amount")
    if currency is None or amount is None or "original_currency" in picks:
        return
    billed = _BILLED & set(heading_words(amount.heading))
    said = set(heading_words(currency.heading))
    if billed and said & _BOUGHT_IN and not said & _BILLED and len(facts[currency.column].texts) > 1:
        picks["original_currency"] = picks.pop("currency")


def own_where_same(grid: Grid, header: Header, picks: dict[str, Pick]) -> str | None:
    """The code of the booked amounts where their column of currencies is proven to be the original ones'; or None.

    It is where both columns name one currency and the two amounts differ: an amount in it is the same twice. The
    lines whose amounts are the same are then in the booked currency.
    """
    names = ("currency", "original_currency", "amount", "original_amount")
    if not all(name in picks for name in names):
        return None
    columns = [picks[name].column for name in names]
    same: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    for row in grid.rows[header.first_index : header.first_index + 2000]:
        code, original, one, two = (row[column] if column < len(row) else None for column in columns)
        left, right = plain_number(one), plain_number(two)
        if not isinstance(code, str) or code != original or not left or not right:
            continue
        (same if abs(left - right) < 0.006 else differing)[code] += 1
    if not differing or set(same) & set(differing) or max(differing.values()) < 2:
        return None
    del picks["currency"]
    return next(iter(same)) if len(same) == 1 and next(iter(same)) in CURRENCIES else None
