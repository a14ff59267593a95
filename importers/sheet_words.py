"""The different texts of a sheet's data region, each looked at once: few rows hold a word that claims anything."""

from collections.abc import Sequence

from importers.grid import Cell
from importers.texts import fold
from importers.total_words import Says, says_total


class SheetWords:
    """Which texts of the rows claim to be a total, which stand as a heading, and how each folds.

    A row is asked with ``isdisjoint``: nearly every row of a ledger holds none of the few texts that matter.
    """

    def __init__(self, rows: Sequence[Sequence[Cell]], headings: Sequence[str]) -> None:
        texts = {value for row in rows for value in row if type(value) is str}
        wanted = {heading.casefold() for heading in headings if heading}
        self.folded: dict[str, str] = {}
        claiming, outright, repeated = set(), set(), set()
        for text in texts:
            plain = fold(text)
            self.folded[text] = text if plain == text else plain  # one object for both where they are equal
            if plain.casefold() in wanted:
                repeated.add(text)
            says = says_total(text)
            if says:
                claiming.add(text)
                if says >= Says.OUTRIGHT:
                    outright.add(text)
        #: Texts that claim anything at all, those that claim it outright, those equal to a heading.
        self.claiming, self.outright, self.headings = (
            frozenset(claiming),
            frozenset(outright),
            frozenset(repeated),
        )
