"""Sums in a table's footer: exact, per currency, with what is unknown counted beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mopsaudit.reporting import Amount, Column, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A footer sum: minor units per currency or a plain number; ``unknown`` rows are counted beside it."""

    money: tuple[tuple[str, int], ...] = ()
    number: Decimal | int | None = None
    unknown: int = 0


def sum_of(column: Column, rows: Sequence[Row]) -> Sum:
    """The sum of a column over rows: exact minor units per currency, or a number."""
    per_currency: dict[str, int] = {}
    number: Decimal | int | None = None
    unknown = 0
    for row in rows:
        value = row.values.get(column.key)
        match value:
            case Amount(minor=None):
                unknown += 1
            case Amount(minor=int() as minor, currency=currency):
                per_currency[currency] = per_currency.get(currency, 0) + minor
            case bool():
                number = (number or 0) + int(value)
            case int() | Decimal():
                number = (number or 0) + value
    return Sum(money=tuple(sorted(per_currency.items())), number=number, unknown=unknown)
