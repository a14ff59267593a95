"""Lines of a plan that stand in its sheet several times: once a scenario, in a second table, or as parts of another.

Each is added to the others as it stands. That the same lines come again with other amounts, and which column tells
them apart if one does, is told; a line that another names as the one it belongs to, and that is the sum of all such, is
a total.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from importers import plan_codes
from importers.amounts import amount_text, printed_number
from importers.grid import Cell, Grid, address
from importers.price_doubts import Told
from importers.table import headings_of, span
from importers.texts import fold
from mopsaudit.intake.contract import RowMark, SheetDecision

#: Headings of the key of the line that one belongs to.
_PARENT: Final = re.compile(
    r"parent|rolls? up|belongs to|summari[sz]e[sd]? in|übergeordnet|oberkonto|père|padre|superior|ouder|bovenliggend|"
    r"nadrzędn",
    re.IGNORECASE,
)
#: Fields that any text may be read as; and what a case of a plan is called.
_WORDED: Final = frozenset(("description", "programme"))
_CASE: Final = re.compile(
    r"\b(?:base|best|worst|stretch|low|mid|high|upside|downside|optimistic|pessimistic|conservative|aggressive|"
    r"realistic|approved|draft|final|revised|rev|proposed|submitted|case|scenario|szenario|scénario|escenario|"
    r"v ?[0-9]+)\b",
    re.IGNORECASE,
)
#: Lines that come again, and their share of all, before it is more than chance.
_FEWEST: Final = 3
_SHARE: Final = Decimal("0.5")
#: More different texts than these tell lines apart, and no scenarios.
_MOST: Final = 6


def tell_again(
    grid: Grid, decision: SheetDecision, columns: Sequence[int], kinds: Mapping[int, RowMark]
) -> Iterable[Told]:
    """What to tell of lines that stand in a sheet more than once; ``columns`` are those of the amounts."""
    if not decision.header_rows:
        return
    lines = _lines(grid, decision, columns, kinds)
    read = {span(choice)[0] for choice in decision.columns}
    places = _telling(grid, lines, columns, read)
    if len(lines) < _FEWEST + 1 or not places:
        return
    same = _groups(grid, lines, places)
    if len(lines) >= 2 * _FEWEST and _most(same, lines):
        first = min(same, key=lambda group: group[0])
        yield _told(grid, first, sum(map(len, same)), "the same in every text and day", columns[0])
        return
    headings = headings_of(grid, decision)
    named = {span(choice)[0] for choice in decision.columns if choice.field not in _WORDED}
    for column in places:
        texts = {_text(grid.rows[index], column) for index in lines}
        if column in named or not 2 <= len(texts) <= _MOST or "" in texts or not headings[column]:
            continue
        if (column in read or len(lines) < 2 * _FEWEST) and not any(map(_CASE.search, texts)):
            continue
        others = [place for place in places if place != column]
        groups = _groups(grid, lines, others) if others else []
        each_once = all(
            len({_text(grid.rows[index], column) for index in group}) == len(group) for group in groups
        )
        if groups and each_once and sum(map(len, groups)) * 10 >= 8 * len(lines):
            first = min(groups, key=lambda group: group[0])
            what = f"the same but for “{headings[column][:40]}”, once for each of {_listed(texts)}"
            yield _told(grid, first, sum(map(len, groups)), what, column)
            return


def parents(
    grid: Grid, decision: SheetDecision, columns: Sequence[int], kinds: Mapping[int, RowMark]
) -> tuple[frozenset[int], frozenset[int]]:
    """The rows (indexes) that others name as the one they belong to: those that are their sum, and those that are not.

    A column of keys, each once, and another whose cells, where it has any, are some of them (*id* and *parent_id*).
    """
    choice = decision.column("amount")
    mark = (choice.decimal_mark if choice is not None else None) or "."
    lines = _lines(grid, decision, columns, kinds)
    width = max((len(grid.rows[index]) for index in lines), default=0)
    keys = {
        column: cells
        for column in range(width)
        if column not in columns
        and len(cells := {_text(grid.rows[index], column): index for index in lines}) == len(lines)
        and "" not in cells
    }
    headings = headings_of(grid, decision)
    for column in range(width):
        if (
            column in columns
            or column in keys
            or column >= len(headings)
            or not _PARENT.search(headings[column])
        ):
            continue
        belongs = {index: text for index in lines if (text := _text(grid.rows[index], column))}
        named = [each for each in keys.values() if each.keys() >= set(belongs.values())]
        if not belongs or not named:
            continue
        cells = named[0]
        below: dict[int, list[int]] = defaultdict(list)
        for index, text in belongs.items():
            below[cells[text]].append(index)
        sums = frozenset(
            parent
            for parent, children in below.items()
            if any(_amounts(grid.rows[parent], columns, mark))
            and _amounts(grid.rows[parent], columns, mark)
            == [
                sum(each, Decimal(0))
                for each in zip(
                    *(_amounts(grid.rows[index], columns, mark) for index in children), strict=True
                )
            ]
        )
        other = frozenset(
            parent
            for parent in below
            if parent not in sums and any(_amounts(grid.rows[parent], columns, mark))
        )
        return sums, other
    return frozenset(), frozenset()


def _lines(
    grid: Grid, decision: SheetDecision, columns: Sequence[int], kinds: Mapping[int, RowMark]
) -> list[int]:
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    return [
        index
        for index in range(start, stop)
        if index not in kinds
        and any(column < len(grid.rows[index]) and grid.rows[index][column] is not None for column in columns)
    ]


def _telling(grid: Grid, lines: Sequence[int], columns: Sequence[int], read: set[int]) -> list[int]:
    """The columns of texts and days that say what a line is; one that differs in (nearly) every row numbers them.

    Whole numbers do where a field is ``read`` of them: the others count something.
    """
    width = max((len(grid.rows[index]) for index in lines), default=0)
    found = []
    for column in range(width):
        if column in columns:
            continue
        cells = [grid.rows[index][column] if column < len(grid.rows[index]) else None for index in lines]
        filled = [cell for cell in cells if cell is not None]
        numbers = sum(_is_number(cell) or (isinstance(cell, int) and column not in read) for cell in filled)
        if filled and 2 * numbers < len(filled) and len(set(map(str, filled))) * 20 < len(lines) * 19:
            found.append(column)
    return found


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return amount_text(cell) is not None and not cell.strip().isdigit()
    return isinstance(cell, float | Decimal)


def _groups(grid: Grid, lines: Sequence[int], places: Sequence[int]) -> list[list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in lines:
        found[tuple(_text(grid.rows[index], column) for column in places)].append(index)
    return [group for said, group in found.items() if len(group) > 1 and any(said)]


def _most(groups: Sequence[Sequence[int]], lines: Sequence[int]) -> bool:
    """Whether most lines come exactly twice, and not as an account that simply has several."""
    twice = [group for group in groups if len(group) == 2]
    return len(twice) >= _FEWEST and 2 * len(twice) >= _SHARE * 2 * len(lines) * Decimal("0.8")


def _amounts(row: Sequence[Cell], columns: Sequence[int], mark: str) -> list[Decimal]:
    return [
        printed_number(value, mark) or Decimal(0)
        if column < len(row) and (value := row[column]) is not None and not isinstance(value, bool)
        else Decimal(0)
        for column in columns
    ]


def _text(row: Sequence[Cell], column: int) -> str:
    value = row[column] if column < len(row) else None
    return "" if value is None else fold(str(value)).casefold()


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(f"“{text[:30]}”" for text in sorted(texts))


def _told(grid: Grid, group: Sequence[int], count: int, what: str, column: int) -> Told:
    first, second = (grid.numbers[index] for index in group[:2])
    message = f"{count} lines stand there more than once, as rows {first} and {second} do: {what}. All were added up."
    return plan_codes.PLAN_AGAIN, message, address(second, column)
