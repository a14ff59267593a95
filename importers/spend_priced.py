"""What one of something costs, beside how many were bought: the line's own value is found by arithmetic.

Purchasing programs list a price, the quantity it stands for (``Per``, 100 or 1,000) and the value of the line. The
price alone is no line's cost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from importers.amounts import printed_number
from importers.grid import Cell, Grid
from importers.price_words import PER, PRICES
from importers.spend_columns import Pick
from importers.table import ColumnFacts, Header, best_field
from importers.words import heading_words

_ROWS = 300
#: Lines whose quantity is not one, which alone tell a price from the line's value.
_TELLING = 3
_AGREE = 0.95
_POWERS = frozenset((1.0, 10.0, 100.0, 1000.0, 10000.0))


@dataclass(frozen=True, slots=True)
class _Product:
    """Columns of which one is the product of two others (divided by a fourth), 0-based."""

    value: int
    quantity: int
    per: int | None


def is_price(heading: str) -> bool:
    """Whether a heading speaks of the price of one."""
    words = heading_words(heading)
    return any(
        word in PRICES or word.endswith(("preis", "prijs", "単価", "单价", "單價", "단가")) for word in words
    )


def price_alone(facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> list[int]:
    """Let a unit price beside a quantity stand for the amount where no column holds one: it is asked about.

    No column is guessed: an empty list.
    """
    price, quantity = picks.get("_unit_price"), picks.get("_quantity")
    if price is None or quantity is None or facts[price.column].numeric_share() < 0.8:
        return []
    del picks["_unit_price"]
    picks["amount"] = Pick(price.column, 0.6, price.heading)
    return []


def _numbers(facts: Sequence[ColumnFacts], aside: Iterable[int]) -> Iterator[int]:
    left_out = set(aside)
    for column, fact in enumerate(facts):
        if column not in left_out and fact.filled >= _TELLING and fact.numeric_share() >= 0.8:
            yield column


def quantities(header: Header, facts: Sequence[ColumnFacts], price: int) -> list[int]:
    """The columns of quantities by their headings, in sheet order."""
    return [
        column
        for column in _numbers(facts, (price,))
        if best_field(header.matches[column])[0] == "_quantity"
        or "quantity" in heading_words(header.headings[column])
    ]


def per_column(grid: Grid, header: Header, facts: Sequence[ColumnFacts], price: int) -> int | None:
    """The column of how many pieces a price stands for: 1, 10, 100 …, not 1 throughout; None where there is none."""
    for column in _numbers(facts, (price,)):
        if not PER & set(heading_words(header.headings[column])):
            continue
        found = {number for row in rows_of(grid, header) if (number := number_at(row, column)) is not None}
        if found <= _POWERS and found - {1.0}:
            return column
    return None


def value_of_price(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take the column that is the chosen price times a quantity, row by row, for the amount; why, or None."""
    for name in ("net", "amount"):
        chosen = picks.get(name)
        if chosen is None or not is_price(chosen.heading):
            continue
        found = [
            product
            for product in _products(grid, header, facts, chosen.column)
            if best_field(header.matches[product.value])[0] not in ("_balance", "tax")
        ]
        values = {product.value for product in found}
        if len(values) != 1:
            continue
        value = values.pop()
        for other in [other for other, pick in picks.items() if pick.column in (value, chosen.column)]:
            del picks[other]
        picks["amount"] = Pick(value, 0.9, header.headings[value])
        return f"“{header.headings[value]}” is “{chosen.heading}” times the quantity, so it is what the line came to"
    return None


def _products(grid: Grid, header: Header, facts: Sequence[ColumnFacts], price: int) -> Iterator[_Product]:
    rows = rows_of(grid, header)
    per = per_column(grid, header, facts, price)
    beside = [
        column
        for column in _numbers(facts, (price,))
        if best_field(header.matches[column])[0] not in ("_rate", "tax")
    ]
    for quantity in beside:
        for value in _numbers(facts, (price, quantity)):
            for unit in (per, None) if per is not None else (None,):
                if unit not in (quantity, value) and any(
                    _is_product(rows, (price, quantity, unit, value), mark) for mark in ".,"
                ):
                    yield _Product(value, quantity, unit)
                    break


def _is_product(rows: Sequence[Sequence[Cell]], columns: tuple[int, int, int | None, int], mark: str) -> bool:
    """Whether price × quantity (÷ per) is the value in nearly every row, and no mere 1 × price in three of them."""
    price, quantity, per, value = columns
    agree = count = telling = 0
    for row in rows:
        one, many, whole = (number_at(row, each, mark) for each in (price, quantity, value))
        unit = 1.0 if per is None else number_at(row, per, mark)
        if one is None or many is None or whole is None or not unit:
            continue
        times = many / unit
        count += 1
        right = abs(one * times - whole) <= 0.006 + 0.0051 * abs(times)
        agree += right
        telling += right and bool(many) and many == int(many) and abs(abs(whole) - abs(one)) > 0.02
        if count - agree > 2 + 0.05 * len(rows):
            return False
    return count >= _TELLING and agree >= _AGREE * count and telling >= _TELLING


def rows_of(grid: Grid, header: Header) -> Sequence[Sequence[Cell]]:
    """The first rows of the table."""
    return grid.rows[header.first_index : header.first_index + _ROWS]


def number_at(row: Sequence[Cell], column: int, mark: str = ".") -> float | None:
    """The number of a cell for comparing, by a decimal mark where it reads two ways; None for none."""
    found = printed_number(row[column], mark) if column < len(row) else None
    return float(found) if found is not None else None
