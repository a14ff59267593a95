"""The different texts of a sheet's data region, each looked at once: few rows hold a word that claims anything."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from importers.grid import Cell
from importers.not_spend import says_reversal
from importers.texts import fold
from importers.total_words import Says, hints, says_total, shape

#: How many texts are looked at together, and what of a plain text but blanks is not seen.
_PORTION: Final = 500
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f]")


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
        mended: set[str] = set()
        for texts, plains, shapes in _folded(_texts(rows)):
            self.folded.update(zip(texts, plains, strict=True))
            if plains is not texts:
                mended.update(text for text, plain in zip(texts, plains, strict=True) if text is not plain)
            for form in set(shapes).difference(looked):
                looked[form] = (hints(form), form.casefold() in forms, says_reversal(form))
            telling = {form for form in set(shapes) if any(looked[form])}
            if not telling:
                continue
            for text, plain, form in zip(texts, plains, shapes, strict=True):
                if form not in telling:
                    continue
                may_claim, may_repeat, takes_back = looked[form]
                if may_repeat and plain.casefold() in wanted:
                    repeated.add(text)
                if takes_back:
                    taken_back.add(text)
                if may_claim and (says := says_total(text)):
                    claiming.add(text)
                    if says >= Says.OUTRIGHT:
                        outright.add(text)
        #: Texts that do not fold to themselves.
        self.mended = frozenset(mended)
        #: Texts that claim anything at all, and those that claim it outright.
        self.claiming, self.outright = frozenset(claiming), frozenset(outright)
        #: Texts equal to a heading, and those that speak of a posting taken back.
        self.headings, self.reversals = frozenset(repeated), frozenset(taken_back)


def _folded(texts: Iterable[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Texts in portions, with how each folds and its shape: :func:`fold` and :func:`shape` of each.

    Nearly all texts of a ledger fold to themselves. A portion of plain ones is looked at as one text, in which a line
    break stands between two; a portion that holds a break, a control character or a needless blank is looked at one
    by one.
    """
    ordered: dict[bool, list[str]] = {True: [], False: []}
    for text in texts:
        ordered[text.isascii()].append(text)
    for plain in (True, False):
        some = ordered[plain]
        for first in range(0, len(some), _PORTION):
            portion = some[first : first + _PORTION]
            joined = "\n".join(portion)
            if plain and _folds_to_itself(joined, len(portion)):
                yield portion, portion, shape(joined).split("\n")
                continue
            folds = list(map(fold, portion))
            # One object for both where they are equal.
            same = [text if text == folded else folded for text, folded in zip(portion, folds, strict=True)]
            yield portion, same, list(map(shape, same))


def _folds_to_itself(joined: str, count: int) -> bool:
    """Whether every one of so many plain texts, joined by line breaks, is as a person sees it."""
    return (
        joined.count("\n") == count - 1
        and "  " not in joined
        and " \n" not in joined
        and "\n " not in joined
        and not joined.startswith(" ")
        and not joined.endswith(" ")
        and _CONTROL.search(joined) is None
    )


def _texts(rows: Sequence[Sequence[Cell]]) -> set[str]:
    """The different texts, gathered column by column: most columns of a ledger hold no text or nothing else."""
    found: set[Cell] = set()
    for first in range(0, len(rows), 2000):
        for column in zip_longest(*rows[first : first + 2000]):
            if str in set(map(type, column)):
                found.update(column)
    return {value for value in found if type(value) is str}
