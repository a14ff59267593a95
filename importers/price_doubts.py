"""Amounts of one column not written alike: thousands by points beside thousands by commas, with and without tax.

One decimal mark holds for a column. A cell that it turns into thousandths, where others group their thousands or
show cents, is told: no answer about the mark can be right for both. So are prices that say they are without tax
beside others that say they are with it.
"""

import re
from collections.abc import Iterable
from typing import Final

from importers import codes
from importers.amounts import AmountText, Shape, amount_text
from importers.casts import Cast, cast_of
from importers.grid import Grid, address
from importers.price_texts import PRICED, bare_amount, price_of
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import ColumnChoice, Kind, SheetDecision
from mopsaudit.money import exponent
from mopsaudit.problems import ProblemCode

Told = tuple[ProblemCode, str, str]

_MAYBE: Final = {".": Shape.MAYBE_POINT, ",": Shape.MAYBE_COMMA}
_SURE: Final = {".": Shape.POINT, ",": Shape.COMMA}
_WITHOUT: Final = re.compile(
    r"\b(?:excl|excluding|ex|exc|exkl|plus|zzgl|before|without|hors|net|netto|ht)\b", re.IGNORECASE
)
_WITH: Final = re.compile(r"\b(?:incl?|including|inkl|gross|brutto|ttc)\b", re.IGNORECASE)
#: Prices of one of something, which may well be printed to a thousandth.
_OF_ONE: Final = frozenset(("unit_price", "_unit_price", "_each"))
_MOST: Final = 5


def tell_prices(grid: Grid, decision: SheetDecision, kind: Kind, start: int, stop: int) -> Iterable[Told]:
    """What to tell of the amounts between two rows (indexes): a code, a sentence and a cell each."""
    for choice in decision.columns:
        if cast_of(kind, choice.field) is not Cast.MONEY:
            continue
        first, last = span(choice)
        cells = [
            (address(grid.numbers[index], column), value)
            for index in range(start, stop)
            for column in range(first, min(last + 1, len(grid.rows[index])))
            if isinstance(value := grid.rows[index][column], str)
        ]
        if kind in PRICED:
            yield from _taxes(cells)
        if choice.decimal_mark in _MAYBE:
            yield from _marks(cells, choice, decision, kind)


def _taxes(cells: list[tuple[str, str]]) -> Iterable[Told]:
    without = with_tax = None
    for cell, text in cells:
        if price_of(text) is None:
            continue
        if _WITHOUT.search(text):
            without = without or (cell, fold(text))
        elif _WITH.search(text):
            with_tax = with_tax or (cell, fold(text))
    if without and with_tax:
        said = f"{without[0]} “{without[1]}” is without tax, {with_tax[0]} “{with_tax[1]}” with it"
        yield codes.TAX_MIXED, f"{said}: each was read as it stands.", max(without[0], with_tax[0])


def _marks(
    cells: list[tuple[str, str]], choice: ColumnChoice, decision: SheetDecision, kind: Kind
) -> Iterable[Told]:
    mark = choice.decimal_mark or "."
    other = "," if mark == "." else "."
    found = [
        (cell, text, parts)
        for cell, text in cells
        if (parts := amount_text(str(bare_amount(text) if kind in PRICED else text))) is not None
    ]
    doubtful = [each for each in found if each[2].shape is _MAYBE[mark] and _in_hundredths(each[2], decision)]
    if not doubtful:
        return
    fractions = [
        len(parts.body.rpartition(mark)[2])
        for _, _, parts in found
        if parts.shape is _SURE[mark] and mark in parts.body
    ]
    grouped = next((text for _, text, parts in found if parts.shape is _MAYBE[other]), None)
    if any(length > 2 for length in fractions) or (
        grouped is None and (choice.field in _OF_ONE or choice.by_person or not fractions)
    ):
        return
    beside = f"“{fold(grouped)}” beside it" if grouped is not None else "cents in the amounts beside it"
    for cell, text, _ in doubtful[:_MOST]:
        read = f"{cell} “{fold(text)[:60]}” was read with “{mark}” as the decimal mark, as thousandths"
        message = f"{read}; {beside} says otherwise."
        yield codes.OTHER_MARK, message, cell


def _in_hundredths(parts: AmountText, decision: SheetDecision) -> bool:
    """Whether the currency of an amount, as far as it is known, has no thousandths."""
    code = (parts.currency or decision.currency or "").upper()
    return not re.fullmatch(r"[A-Z]{3}", code) or exponent(code) < 3
