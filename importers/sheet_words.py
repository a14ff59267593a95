"""The different texts of a sheet's data region, each looked at once: few rows hold a word that claims anything."""

from collections.abc import Sequence
from itertools import zip_longest

from importers.grid import Cell
from importers.not_spend import says_reversal
from importers.texts import fold
from importers.total_words import Says, hints, says_total, shape


class SheetWords:
    """Which texts of the rows claim to be a total, stand as a heading or take a posting back, and how each folds.

    A row is asked with ``isdisjoint``: nearly every row of a ledger holds none of the few texts that matter.
    """

    def __init__(self, rows: Sequence[Sequence[Cell]], headings: Sequence[str]) -> None:
        wanted = {heading.casefold() for heading in headings if heading}
        forms = {shape(heading) for heading in wanted}
        looked: dict[str, tuple[bool, bool, bool]] = {}
        self.folded: dict[str, str] = {}
        claiming, outright, repeated, taken_back = set(), set(), set(), set()
        for text in _texts(rows):
            plain = fold(text)
            self.folded[text] = text if plain == text else plain  # one object for both where they are equal
            form = shape(plain)
            found = looked.get(form)
            if found is None:
                found = looked[form] = (hints(form), form.casefold() in forms, says_reversal(form))
            may_claim, may_repeat, takes_back = found
            if may_repeat and plain.casefold() in wanted:
                repeated.add(text)
            if takes_back:
                taken_back.add(text)
            if may_claim and (says := says_total(text)):
                claiming.add(text)
                if says >= Says.OUTRIGHT:
                    outright.add(text)
        #: Texts that claim anything at all, and those that claim it outright.
        self.claiming, self.outright = frozenset(claiming), frozenset(outright)
        #: Texts equal to a heading, and those that speak of a posting taken back.
        self.headings, self.reversals = frozenset(repeated), frozenset(taken_back)


def _texts(rows: Sequence[Sequence[Cell]]) -> set[str]:
    """The different texts, gathered column by column: most columns of a ledger hold no text or nothing else."""
    found: set[Cell] = set()
    for first in range(0, len(rows), 2000):
        for column in zip_longest(*rows[first : first + 2000]):
            if str in set(map(type, column)):
                found.update(column)
    return {value for value in found if type(value) is str}
