"""About what currencies are worth, to tell which side of a printed rate is one unit.

Orders of magnitude in US dollars of currencies that have roughly kept theirs since 2010, and for pairs whose rates lie
near one about the lowest and highest of that time. They were set down from general knowledge, not from a table, so
wide room is left around them; they never convert an amount. They tell *1 EUR is 7.46 DKK* from *1 DKK is 7.46 EUR*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_DOLLARS: Final = {
    code: Decimal(value)
    for code, value in (
        pair.split("=")
        for pair in (
            "USD=1 EUR=1.2 GBP=1.4 CHF=1.1 CAD=0.8 AUD=0.8 NZD=0.7 SGD=0.75 JPY=0.009 CNY=0.15 HKD=0.13 TWD=0.032 "
            "KRW=0.0008 INR=0.015 THB=0.03 MYR=0.25 PHP=0.02 IDR=0.00008 VND=0.000043 AED=0.27 SAR=0.27 QAR=0.27 "
            "ILS=0.28 DKK=0.16 SEK=0.11 NOK=0.12 ISK=0.008 PLN=0.27 CZK=0.045 HUF=0.0035 RON=0.25 BGN=0.6 HRK=0.15 "
            "RSD=0.01 MXN=0.055 BRL=0.25 CLP=0.0015 PEN=0.3 ZAR=0.07 KES=0.009 MAD=0.1"
        ).split()
    )
}
#: The currencies most bills of the world are in.
USUAL: Final = frozenset(_DOLLARS)
#: How far from the usual a rate may be, either way, and still be one.
_ROOM: Final = 3
#: About what one unit of the first has been in the second, at least and at most.
_BETWEEN: Final = {
    ("EUR", "USD"): (Decimal("0.956"), Decimal("1.489")),
    ("GBP", "USD"): (Decimal("1.069"), Decimal("1.717")),
    ("GBP", "EUR"): (Decimal("1.063"), Decimal("1.442")),
    ("EUR", "CHF"): (Decimal("0.921"), Decimal("1.487")),
    ("GBP", "CHF"): (Decimal("1.035"), Decimal("1.720")),
}
#: The share a rate may lie beyond these and still be one: a currency that leaves its range is asked about, not misread.
_BEYOND: Final = Decimal("0.1")


def _range(code: str, into: str) -> tuple[Decimal, Decimal] | None:
    """What one unit of ``code`` can be in ``into``; None where it is not kept here."""
    if (code, into) in _BETWEEN:
        low, high = _BETWEEN[code, into]
        return low * (1 - _BEYOND), high * (1 + _BEYOND)
    if (into, code) in _BETWEEN:
        low, high = _BETWEEN[into, code]
        return 1 / (high * (1 + _BEYOND)), 1 / (low * (1 - _BEYOND))
    if code not in _DOLLARS or into not in _DOLLARS:
        return None
    usual = _DOLLARS[code] / _DOLLARS[into]
    return usual / _ROOM, usual * _ROOM


@dataclass(frozen=True, slots=True)
class Readings:
    """What a rate beside a currency can be: of one unit of it, of one unit of ours, of a hundred units of it."""

    of_each: bool
    of_one: bool
    of_hundred: bool


def readings(code: str, into: str, rate: Decimal) -> Readings | None:
    """What ``rate`` beside ``code`` can be in a list of rates of ``into``; None where their worth is not kept."""
    one, other = _range(code, into), _range(into, code)
    if one is None or other is None or rate <= 0:
        return None
    return Readings(
        of_each=one[0] <= rate <= one[1],
        of_one=other[0] <= rate <= other[1],
        of_hundred=one[0] <= rate / 100 <= one[1],
    )


def of_one_by_size(rates: Iterable[tuple[str, Decimal]], into: str) -> bool | None:
    """Whether rates (currency, number) are for one unit of ``into``; None where their sizes do not agree on it.

    One alone must say it, none may gainsay it. Swiss and Nordic lists count yen and crowns by the hundred: 11
    beside SEK says nothing, 0.6 beside JPY gainsays both.
    """
    found = [each for code, rate in rates if (each := readings(code, into, rate)) is not None]
    said = {each.of_one for each in found if each.of_each != each.of_one and not each.of_hundred}
    if len(said) != 1:
        return None
    of_one = said.pop()
    return of_one if all(each.of_one if of_one else each.of_each for each in found) else None
