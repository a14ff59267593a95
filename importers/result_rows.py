"""Rows of a plan by months that no word calls a total: the result of the lines above them, month by month.

A plan ends in its surplus, an operating statement in its net income. Read as a line like any other, it would be counted
once more. One sum that agrees proves little, the same sum in every month does.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from importers.total_words import Says, says_total

#: Months in which a result must agree and hold something.
_MONTHS: Final = 3
RESULT: Final = re.compile(
    r"\b(?:net|operating|gross)\s+(?:operating\s+)?(?:income|profit|loss|result|margin|cash(?:\s?flow)?|cost|budget|"
    r"position|expenditure|expenses?)\b|\bnet (?:\w+ ){0,3}(?:budget|expenditure|costs?|requirement)\b|"
    r"\b(?:ebitda?|surplus|deficit|noi|bottom line|cash ?flow)\b|"
    r"\b(?:\w*ergebnis|überschuss|fehlbetrag|résultat|bénéfice|resultado|risultato|resultaat|resultat|tulos|wynik|výsledek)\b",
    re.IGNORECASE,
)


def _many_figures(amount: Decimal) -> bool:
    """Whether an amount shows four figures or more that are no noughts at its end."""
    return len(f"{abs(amount):f}".replace(".", "").strip("0")) >= 4


def result_rows(rows: Iterable[tuple[int, str, Sequence[Decimal], bool]]) -> set[int]:
    """The indexes of results, of rows given as index, label, amounts by month and whether a word calls them a total.

    A result equals the sum of all lines above it, or of those since the one before, in each month. Its amounts must
    differ from month to month, else a line may agree by chance; then its label must name a result. In one column or two
    an amount of many figures is as good: the sum of three lines does not come to 16,207 by chance. A row whose words
    may mean a total (*Expense total*) is one where it is the sum of the lines since the last, or of its whole group.
    """
    found: set[int] = set()
    everything: list[Decimal] = []
    block: list[Decimal] = []
    group: list[Decimal] = []
    lines = in_block = 0
    for index, label, amounts, total in rows:
        if not everything:
            everything, block, group = ([Decimal(0)] * len(amounts) for _ in range(3))
        told = {amount for amount in amounts if amount}
        agrees = (lines >= 2 and list(amounts) == everything) or (in_block >= 2 and list(amounts) == block)
        enough = sum(bool(amount) for amount in amounts) >= _MONTHS
        few = len(amounts) < _MONTHS
        proven = len(told) >= _MONTHS or (few and lines >= _MONTHS and all(map(_many_figures, told)))
        whole = list(amounts) == group
        named = (
            told and says_total(label) >= Says.LOOSELY and (whole or (in_block and list(amounts) == block))
        )
        if total or named or (agrees and told and (enough or few) and (proven or RESULT.search(label))):
            if not total:
                found.add(index)
            if named and whole and not (in_block and list(amounts) == block):
                group = [Decimal(0)] * len(amounts)
            block, in_block = [Decimal(0)] * len(amounts), 0
            continue
        everything = [one + two for one, two in zip(everything, amounts, strict=True)]
        block = [one + two for one, two in zip(block, amounts, strict=True)]
        group = [one + two for one, two in zip(group, amounts, strict=True)]
        lines, in_block = lines + 1, in_block + 1
    return found
