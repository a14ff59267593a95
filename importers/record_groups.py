"""Rows of a list of records that are none: remarks below it, suppliers that head their orders, sums of credits."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from importers.casts import Casts
from importers.grid import Cell, Grid, address
from importers.plan_again import parents
from importers.table import span
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from mopsaudit.intake.contract import Kind, RowMark, SheetDecision

#: Columns that add up over the lines of a kind that holds no money.
_ADDED: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.CREDITS: ("bought", "used", "expired")}
#: How a remark under a table begins, however short.
_REMARK = re.compile(
    r"(?:sources?|notes?|remarks?|quellen?|hinweise?|anmerkung(?:en)?|stand|fonte|fuente|bron|remarques?|as of|legend|"
    r"legende|nota|k[aä]lla|kilde)\s*:|\*{1,3}\s|(?:total|count|number|anzahl|nombre|antal|aantal)\b[^\d]*:\s*\d+$",
    re.IGNORECASE,
)


def is_footnote(row: Sequence[Any]) -> bool:
    """A row whose one filled cell is a sentence: said under a table, not a record with all but its name missing."""
    filled = [cell.value if hasattr(cell, "value") else cell for cell in row]
    texts = [str(value).strip() for value in filled if value is not None and str(value).strip()]
    if len(texts) != 1:
        return False
    if _REMARK.match(texts[0]):
        return True
    if len(texts[0].split()) < 5:
        return False
    return texts[0].endswith(".") or texts[0].casefold().startswith(
        ("note", "source", "*", "all amounts", "prices ")
    )


def suppliers_above(grid: Grid, decision: SheetDecision, start: int, stop: int) -> dict[int, tuple[str, str]]:
    """Row index → text and cell of what stands alone above the orders below it, where all orders have such a heading.

    It is their supplier. Only of a list without a column for suppliers, whose lines have numbers of their own; two
    headings at least, or one with a total below its lines. Empty for any other list, and for a single number above the
    positions of an order.
    """
    number = decision.column("order_number")
    if decision.column("supplier") is not None or number is None:
        return {}
    at = span(number)[0]
    found: dict[int, tuple[str, str]] = {}
    waiting: dict[int, tuple[str, str]] = {}
    totals = 0
    for index in range(start, stop):
        filled = [column for column, value in enumerate(grid.rows[index]) if value is not None]
        first = grid.rows[index][filled[0]] if filled else None
        if isinstance(first, str) and says_total(first) >= Says.LOOSELY:
            totals += 1
        elif isinstance(first, str) and len(filled) == 1:
            waiting[index] = fold(first), address(grid.numbers[index], filled[0])
        elif filled:
            if at not in filled or len(waiting) > 1 or not (waiting or found):
                return {}
            found.update(waiting)
            waiting.clear()
    return found | waiting if len(found) + min(totals, 1) >= 2 else {}


def sums_of(
    kind: Kind, grid: Grid, decision: SheetDecision, casts: Casts, start: int, stop: int
) -> tuple[dict[int, RowMark], list[tuple[str, str]]]:
    """Row index → total, of a kind whose figures add up without being money, and what does not add up with its cell.

    A row called nothing but *Total* is one; any other that speaks of a total must be the sum of the lines above. A line
    of a plan that is the sum of those that name it as theirs is one too.
    """
    if kind is Kind.BUDGET and (choice := decision.column("amount")) is not None:
        summed, other = parents(grid, decision, list(range(span(choice)[0], span(choice)[1] + 1)), {})
        said = "is what other rows say they belong to, and not their sum: kept beside them."
        return dict.fromkeys(summed, RowMark.TOTAL), [
            (f"Row {grid.numbers[index]} {said}", address(grid.numbers[index], span(choice)[0]))
            for index in sorted(other)
        ]
    places = {name: span(choice)[0] for name in _ADDED.get(kind, ()) if (choice := decision.column(name))}
    sums = dict.fromkeys(places, Decimal(0))
    found: dict[int, RowMark] = {}
    wrong: list[tuple[str, str]] = []
    for index in range(start, stop) if places else ():
        row = grid.rows[index]
        told = {name: _number(row, column, name, casts) for name, column in places.items()}
        words = [value for value in row if isinstance(value, str) and says_total(value) >= Says.OUTRIGHT]
        agrees = any(told.values()) and all(each in (None, sums[name]) for name, each in told.items())
        if words and (agrees or any(map(only_total, words))):
            found[index] = RowMark.TOTAL
            wrong += [
                (
                    f"The total in row {grid.numbers[index]} says {each:f}; its lines come to {sums[name]:f}.",
                    address(grid.numbers[index], places[name]),
                )
                for name, each in told.items()
                if each not in (None, sums[name])
            ]
            continue
        for name, each in told.items():
            sums[name] += each or 0
    return found, wrong


def _number(row: list[Cell], column: int, name: str, casts: Casts) -> Decimal | None:
    return casts.plain_number(row[column], name) if column < len(row) else None
