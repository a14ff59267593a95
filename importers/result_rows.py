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


def alike(vectors: Sequence[Sequence[Decimal]]) -> bool:
    """Whether all vectors run alike: each a multiple of the first, so that sums of them agree by chance."""
    base = next((vector for vector in vectors if any(vector)), ())
    place = next((at for at, value in enumerate(base) if value), None)
    if place is None:
        return True
    return all(
        value * base[place] == other * vector[place]
        for vector in vectors
        for value, other in zip(vector, base, strict=True)
    )


def result_rows(
    rows: Iterable[tuple[int, str, Sequence[Decimal], bool]], doubtful: set[int] | None = None
) -> set[int]:
    """The indexes of results, of rows given as index, label, amounts by month and whether a word calls them a total.

    A result equals the sum of all lines above it, or of those since the one before, in each month. Its amounts must
    differ from month to month and not run as those of every line do, else a line may agree by chance; then its label
    must name a result. In one column or two
    an amount of many figures is as good: the sum of three lines does not come to 16,207 by chance. A row whose words
    may mean a total (*Expense total*) is one where it is the sum of the lines since the last, or of its whole group.
    ``doubtful`` takes the rows that agree, but so run all lines.
    """
    found: set[int] = set()
    everything: list[Decimal] = []
    block: list[Decimal] = []
    group: list[Decimal] = []
    above: list[Sequence[Decimal]] = []
    lines = in_block = 0
    for index, label, amounts, total in rows:
        if not everything:
            everything, block, group = ([Decimal(0)] * len(amounts) for _ in range(3))
        told = {amount for amount in amounts if amount}
        agrees = (lines >= 2 and list(amounts) == everything) or (in_block >= 2 and list(amounts) == block)
        enough = sum(bool(amount) for amount in amounts) >= _MONTHS
        few = len(amounts) < _MONTHS
        proven = (agrees and len(told) >= _MONTHS and not alike(above)) or (
            few and lines >= _MONTHS and all(map(_many_figures, told))
        )
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
        if doubtful is not None and agrees and len(told) >= _MONTHS:
            doubtful.add(index)
        everything = [one + two for one, two in zip(everything, amounts, strict=True)]
        block = [one + two for one, two in zip(block, amounts, strict=True)]
        group = [one + two for one, two in zip(group, amounts, strict=True)]
        above.append(amounts)
        lines, in_block = lines + 1, in_block + 1
    return found
