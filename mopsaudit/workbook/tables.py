"""A report's columns and values as the cells of its sheet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Row, Value, ValueKind
from mopsaudit.workbook.cells import Head, Money, Share, Unknown


def head_of(column: Column, currency: str) -> Head:
    """The heading of a column; a money column names its currency."""
    money = column.kind is ValueKind.MONEY
    return Head(
        label=f"{column.label} ({currency})" if money and not column.label.endswith(")") else column.label,
        summed=column.summed,
        currency=currency if money else None,
        right=column.kind in (ValueKind.MONEY, ValueKind.NUMBER, ValueKind.RATIO),
    )


def cell_of(value: Value) -> Any:
    """A report's value as a cell value; unknown keeps its reason."""
    match value:
        case Amount():
            if value.minor is None:
                return Unknown(why=value.why or "Unknown.")
            return Money(minor=value.minor, currency=value.currency)
        case Ratio():
            if value.numerator is None or not value.denominator:
                return Unknown(why=value.why or "Not applicable.")
            return Share(numerator=value.numerator, denominator=value.denominator)
        case Missing():
            return Unknown(why=value.why)
        case Ref():
            return value.label
        case tuple():
            return ", ".join(ref.label for ref in value)
        case None | bool() | int() | str() | date() | Decimal():
            return value


def cells_of(row: Row, columns: Sequence[Column]) -> list[Any]:
    """A row's cells in the order of the columns."""
    return [cell_of(row.values.get(column.key)) for column in columns]
