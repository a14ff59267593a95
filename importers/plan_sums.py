"""Sums within a plan by months: of groups within groups, of both sides, and those that stand above what they sum up.

A profit and loss plan nests its totals and ends in a result of incomes less costs. One after the other is taken off
what stands above it, as on a stack; a sum that agrees in every month proves itself unless all its parts run alike.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from importers.amounts import amount_text
from importers.grid import Cell
from importers.result_rows import RESULT, alike
from importers.total_words import Says, says_total
from importers.totals import Amounted, Found

#: Columns a plan must have, and different amounts in them, for an agreement without a word to prove anything.
COLUMNS: Final = 3
#: No group has more parts.
_DEEP: Final = 120

Vector = tuple[Decimal, ...]


class Row(NamedTuple):
    """A row of a plan: its place (index) and number, its label as it stands, its amounts by column."""

    place: int
    number: int
    label: str
    amounts: Vector


class Sum(NamedTuple):
    """A row that sums others up: the numbers of the first and last of them."""

    row: Row
    first: int
    last: int


def _added(vectors: Sequence[Vector]) -> Vector:
    return tuple(sum(values, Decimal(0)) for values in zip(*vectors, strict=True))


class _Part(NamedTuple):
    """A line, or a sum with all it sums up, on its way: its row, and the numbers of its first and last line."""

    row: Row
    first: int
    last: int
    summed: bool
    whole: Decimal


def sums_below(rows: Sequence[Row]) -> dict[int, Sum]:
    """Index → the sum it is, of rows that sum up what stands above them."""
    found: dict[int, Sum] = {}
    stack: list[_Part] = []
    for row in rows:
        made = _over(row, stack) if any(row.amounts) else None
        if made is None:
            stack.append(_Part(row, row.number, row.number, False, sum(row.amounts, Decimal(0))))
            continue
        taken = stack[-made:]
        del stack[-made:]
        if _by_kind(row, taken, stack):  # total opex, total capex: of lines that stand mixed above them
            for part in taken:
                found[part.row.place] = Sum(part.row, stack[0].first, stack[-1].last)
            taken = stack[:]
            stack.clear()
        stack.append(_Part(row, taken[0].first, taken[-1].last, True, sum(row.amounts, Decimal(0))))
        found[row.place] = Sum(row, taken[0].first, taken[-1].last)
    return found


def _by_kind(row: Row, taken: Sequence[_Part], rest: Sequence[_Part]) -> bool:
    """Whether what a total sums up are totals themselves, of lines further up that come to the same."""
    return (
        len(rest) > len(taken) > 1
        and all(not part.summed and says_total(part.row.label) >= Says.LOOSELY for part in taken)
        and _added([part.row.amounts for part in rest]) == row.amounts
    )


def _over(row: Row, stack: Sequence[_Part]) -> int | None:
    """How many of the last parts a row sums up, or is the difference of; None where it is a line."""
    if not stack:
        return None
    named = says_total(row.label) >= Says.LOOSELY
    result = bool(RESULT.search(row.label))
    told = len({amount for amount in row.amounts if amount}) >= COLUMNS
    best: int | None = None
    running = sum(row.amounts, Decimal(0))
    for count, part in enumerate(reversed(stack[-_DEEP:]), start=1):
        running -= part.whole
        if running or _added([each.row.amounts for each in stack[-count:]]) != row.amounts:
            continue
        if named or (result and (count > 1 or part.summed)):
            return count
        if count > 1 and told and best is None and not alike([each.row.amounts for each in stack[-count:]]):
            best = count
    if best is not None:
        return best
    if len(stack) > 1 and (result or (named and told)):
        above, below = stack[-2].row, stack[-1].row
        less = tuple(one - two for one, two in zip(above.amounts, below.amounts, strict=True))
        if less == row.amounts:
            return 2
    return None


def sums_above(rows: Sequence[Row], whole: Vector) -> dict[int, Sum]:
    """Index → the sum it is, of rows that stand above what they sum up; empty unless the plan's total proves them.

    ``whole`` is what the lines must come to without them.
    """
    if _added([row.amounts for row in rows]) == whole:
        return {}
    for fewest in (2, 1):  # a group of one is the line below it once more
        found = _heads(rows, fewest)
        lines = [row.amounts for row in rows if row.place not in found]
        if found and lines and _added(lines) == whole:
            return found
    return {}


def _proven_heads(rows: Sequence[Row]) -> dict[int, Sum]:
    """Index → the sum it is, of rows that stand above what they sum up where each proves itself: no total is needed."""
    found = _heads(rows, 2)
    numbers = [row.number for row in rows]
    for head in found.values():
        first, last = bisect_left(numbers, head.first), bisect_right(numbers, head.last)
        below = [row.amounts for row in rows[first:last]]
        if len({amount for amount in head.row.amounts if amount}) < COLUMNS or alike(below):
            return {}
    return found


def _heads(rows: Sequence[Row], fewest: int) -> dict[int, Sum]:
    """The rows that are the sum of what follows them, from the last up, so that groups within groups count once."""
    found: dict[int, Sum] = {}
    below: list[tuple[Vector, int, int, Decimal]] = []
    for row in reversed(rows):
        whole = rest = sum(row.amounts, Decimal(0))
        taken = 0
        for count, part in enumerate(reversed(below[-_DEEP:]), start=1):
            rest -= part[3]
            if rest or count < fewest or not any(row.amounts):
                continue
            if _added([each[0] for each in below[-count:]]) == row.amounts:
                taken = count
                break
        last = row.number
        if taken:
            first, last = below[-1][1], below[-taken][2]
            found[row.place] = Sum(row, first, last)
            del below[-taken:]
        below.append((row.amounts, row.number, last, whole))
    return found


def sums_of_plan(found: Sequence[Amounted], amounts: Mapping[int, Vector]) -> dict[int, Found]:
    """The sums of a plan of three columns or more, proven column by column, as totals known without a word."""
    rows = [
        Row(each.index, each.number, each.label, amounts[each.index])
        for each in found
        if each.index in amounts
    ]
    if not rows or len(rows[0].amounts) < COLUMNS:
        return {}
    sums = sums_below(rows)
    lines = [row for row in rows if row.place not in sums]
    last = rows[-1]
    if not sums and len(rows) > 1 and says_total(last.label) >= Says.LOOSELY:
        sums = sums_above(rows[:-1], last.amounts)
        if sums:
            sums[last.place] = Sum(last, rows[0].number, rows[-2].number)
    elif not sums:
        sums = _proven_heads(rows)
    by_index = {each.index: each for each in found}
    return {
        index: Found(
            row=by_index[index],
            first=made.first,
            last=made.last,
            expected=sum(made.row.amounts, Decimal(0)),
            agrees=True,
            grand=False,
            covers=made.first <= lines[0].number and made.last >= lines[-1].number if lines else False,
        )
        for index, made in sums.items()
    }


def calls_itself_total(row: Sequence[Cell]) -> bool:
    """Whether a text of a row says that it is a total."""
    texts = (value for value in row if isinstance(value, str) and amount_text(value) is None)
    return any(says_total(text) >= Says.LOOSELY for text in texts)
