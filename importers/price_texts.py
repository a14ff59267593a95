"""Prices with words behind them in one cell: ``$45,000/yr``, ``1.200 € / Monat``, ``9,000 OMR (excl. VAT)``.

The amount is read as any other; the words say what span it covers and whether it is that of one seat. Anything that is
no word of a price leaves the cell unread.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from importers.amounts import amount_text
from importers.billing import billing_of, price_months
from importers.currencies import currency_in_heading
from importers.grid import Cell
from importers.table import ColumnFacts
from importers.texts import fold
from mopsaudit.intake.contract import Kind

#: Kinds whose prices are of a span, which these words say.
PRICED: Final = frozenset((Kind.CONTRACTS, Kind.INVENTORY))
_SEAT: Final = re.compile(
    r"\b(?:seats?|users?|licen[cs]es?|named|agents?|editors?|members?|persons?|people|hosts?|nutzer|benutzer|"
    r"lizenz(?:en)?|"
    r"platz|utilisateurs?|licences?|postes?|usuarios?|licencias?|utent[ei]|licenz[ae]|gebruikers?|licenties?)\b",
    re.IGNORECASE,
)
_TAX: Final = re.compile(
    r"\b(?:excl|excluding|ex|exc|incl?|including|plus|zzgl|inkl|before|without|hors|vat|gst|hst|tax(?:es)?|mwst|ust|tva|iva|"
    r"btw|moms|net|netto|gross|brutto|ht|ttc)\b",
    re.IGNORECASE,
)
_LITTLE: Final = re.compile(
    r"\b(?:per|pro|par|por|al|a|an|und|et|y|e|en|och|og|each|je|every|the|and|billed|paid|invoiced|flat|fee|list|price)\b",
    re.IGNORECASE,
)
_RHYTHM: Final = re.compile(
    r"\b(?:p\.?\s?[am]\.?|annum|annually|annual|years?|yearly|yr|y|months?|monthly|mo|mth|quarters?|quarterly|qtr|q|"
    r"jahr|jährlich|monat|monatlich|quartal|vierteljährlich|an|annuel|mois|mensuel|trimestre|año|anual|mes|mensual|"
    r"anno|annuale|mese|mensile|jaar|maand|kwartaal|år|månad|måned|rok|miesiąc)\b\.?",
    re.IGNORECASE,
)
_QUARTER: Final = re.compile(r"/\s?(?:q|qtr)\b", re.IGNORECASE)
_ENDS: Final = re.compile(r"[\s/(]")


class SpokenPrice(NamedTuple):
    """A price out of its words: its amount as text, the months it covers (None: unsaid), whether it is a seat's."""

    amount: str
    months: int | None
    seat: bool


@lru_cache(maxsize=5_000)
def price_of(text: str) -> SpokenPrice | None:
    """An amount and words of a price behind it, taken apart; None for an amount alone or anything else."""
    plain = fold(text)
    if not plain or len(plain) > 60 or amount_text(plain) is not None:
        return None
    for match in reversed(list(_ENDS.finditer(plain))):
        amount, words = plain[: match.start()].strip(), plain[match.start() :].strip()
        if not words or amount_text(amount) is None:
            continue
        rest = words
        for known in (_SEAT, _TAX, _RHYTHM, _LITTLE):
            rest = known.sub(" ", rest)
        if re.search(r"[^\s/().,:*–-]", rest):
            return None
        months = 3 if _QUARTER.search(words) else billing_of(words, alone=True)[0]
        return SpokenPrice(amount, months, bool(_SEAT.search(words)))
    return None


def says_span(value: object) -> bool:
    """Whether a cell is a price that says what span it covers."""
    found = price_of(value) if isinstance(value, str) else None
    return found is not None and found.months is not None


def bare_amount(value: Cell) -> Cell:
    """A cell without the words of a price behind its amount; any other as it is."""
    found = price_of(value) if isinstance(value, str) else None
    return found.amount if found is not None else value


def priced(facts: ColumnFacts) -> float:
    """Share of a column's filled cells that are amounts, with words of a price behind them or without."""
    if not facts.filled:
        return 0.0
    told = sum(count for text, count in facts.texts.items() if price_of(text) is not None)
    return (facts.numeric + told) / facts.filled


def price_by_span(
    kind: Kind,
    headings: Sequence[str],
    facts: Sequence[ColumnFacts],
    picks: Mapping[str, tuple[int, float]],
    used: set[int],
) -> dict[str, tuple[int, float]]:
    """The column whose heading says a currency and a span (*OMR / year*), where no other is the price.

    A year's goes before a shorter span's.
    """
    if kind is not Kind.CONTRACTS or {"amount", "unit_price"} & picks.keys():
        return {}
    taken = {column for name, (column, _) in picks.items() if not name.startswith("_")}
    found = [
        (-months, column)
        for column, heading in enumerate(headings)
        if column not in taken
        and isinstance(months := price_months(heading), int)
        and currency_in_heading(heading) is not None
        and priced(facts[column]) >= 0.8
    ]
    if not found:
        return {}
    column = min(found)[1]
    used.add(column)
    return {"amount": (column, 0.8)}
