"""Whole amounts whose commas part thousands: were they decimal marks, every amount would be finer than a cent."""

from collections.abc import Iterable
from typing import Final

from importers.amounts import AmountText, Shape
from importers.words import heading_words

#: Currencies of cents, pence and the like whose countries part thousands by commas; the sign several of them share.
_BY_COMMAS: Final = frozenset("$ USD GBP AUD CAD NZD HKD SGD INR MYR PHP KES NGN ILS CNY".split())
#: What English headings call an amount. *Total* and *net* are words of languages that set decimal commas, too.
_ENGLISH: Final = frozenset(
    (
        "amount value cost costs spend spent spending paid payment payments expenditure price fee fees grant grants "
        "award awarded gross invoice"
    ).split()
)
#: Different amounts, and those among them whose last digit is no 0, that are no chance.
_AMOUNTS: Final = 8
_UNEVEN: Final = 3


def parted_by_commas(texts: Iterable[AmountText], heading: str, currency: str | None) -> bool:
    """Whether commas before three digits part thousands, for as decimal marks they would leave no booked amount.

    £12,345 and £8,712 under an English heading: nobody books thousandths of a penny, line after line. ``currency`` is
    what the heading or a column says; the amounts' own signs count as well. A base currency nobody names does not.
    """
    if not _ENGLISH.intersection(heading_words(heading)):
        return False
    different: set[str] = set()
    for parts in texts:
        if parts.shape is Shape.MAYBE_COMMA:
            if (parts.currency or currency) not in _BY_COMMAS:
                return False
            different.add(parts.body)
        elif parts.shape is not Shape.NONE:
            return False
    return len(different) >= _AMOUNTS and sum(not body.endswith("0") for body in different) >= _UNEVEN
