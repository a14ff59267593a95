"""Subtotals that no word names: in bold, with the group's name again, with a date alone, above or below their lines.

One sum that happens to agree proves nothing; a sheet nearly all of whose lines stand in groups that agree does.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from importers.total_words import Says
from importers.totals import TOLERANCE, Amounted, Found

#: Groups of two lines or more that must agree.
_GROUPS = 2
#: Of all lines, how many must stand in groups that agree.
_COVERED = 0.9


def silent_sums(rows: Sequence[Amounted]) -> dict[int, Found]:
    """Row index → the subtotal it is, of rows that say nothing of a total; empty unless the whole sheet is laid out so.

    Rows come in sheet order. A row may be a subtotal where it lacks what most lines have: a date, a name or another
    column nearly every line fills.
    """
    known = [row for row in rows if row.amount is not None and _unsaid(row)]
    doubtful = _doubtful(known)
    if not _GROUPS <= len(doubtful) <= len(known) / 2:
        return {}
    return _groups(known, doubtful) or _groups(list(reversed(known)), doubtful)


def _unsaid(row: Amounted) -> bool:
    """Whether no word says for sure that it is a total: a supplier may be called Subtotal Systems."""
    return row.says <= Says.LOOSELY or (row.says is Says.OUTRIGHT and (row.dated or row.full))


def _doubtful(rows: Sequence[Amounted]) -> set[int]:
    """Indexes of the rows that lack what most have."""
    dated = sum(row.dated for row in rows) * 2 >= len(rows)
    named = sum(bool(row.name) for row in rows) * 2 >= len(rows)
    return {row.index for row in rows if row.missing or (dated and not row.dated) or (named and not row.name)}


def _groups(rows: Iterable[Amounted], doubtful: set[int]) -> dict[int, Found]:
    """The doubtful rows that are the exact sum of the lines since the one before, where nearly all lines have one."""
    found: dict[int, Found] = {}
    block: list[Amounted] = []
    total = Decimal(0)
    covered = lines = groups = 0
    for row in rows:
        assert row.amount is not None
        if row.index in doubtful and block and abs(row.amount - total) <= TOLERANCE:
            numbers = [entry.number for entry in block]
            found[row.index] = Found(row, min(numbers), max(numbers), total, True, False)
            covered += len(block)
            groups += len(block) >= 2 and bool(total)
            block, total = [], Decimal(0)
            continue
        block.append(row)
        total += row.amount
        lines += 1
    return found if groups >= _GROUPS and covered >= _COVERED * lines else {}


def sum_on_top(rows: Sequence[Amounted], cells: Sequence[Sequence[object]]) -> dict[int, Found]:
    """The first row with an amount, where it is the exact sum of all others and names nothing of what each of them
    names: exports of advertising platforms put the total of all first. ``cells`` are the sheet's rows by index.
    """
    known = [row for row in rows if row.amount is not None and _unsaid(row)]
    if len(known) < 3 or known[0].name or not known[0].amount:
        return {}
    top, lines = known[0], known[1:]
    total = sum((row.amount for row in lines if row.amount), Decimal(0))
    if abs((top.amount or 0) - total) > TOLERANCE:
        return {}
    own = cells[top.index]
    width = max(len(cells[row.index]) for row in lines)
    lacks = [column for column in range(width) if column >= len(own) or own[column] is None]
    named = sum(
        all(column < len(cells[row.index]) and cells[row.index][column] is not None for row in lines)
        for column in lacks
    )
    if named < 2:  # a line without a supplier may cost what two others do
        return {}
    return {top.index: Found(top, lines[0].number, lines[-1].number, total, True, True, covers=True)}


def summary_above(rows: Sequence[Amounted]) -> list[Amounted]:
    """The undated rows before the first dated one that hold, name by name, the sums of the lines below; else none."""
    first = next((place for place, row in enumerate(rows) if row.dated), len(rows))
    above = [row for row in rows[:first] if _unsaid(row) and row.amount is not None]
    if len(above) < 2 or first == len(rows):
        return []
    sums: dict[str, Decimal] = {}
    for row in rows[first:]:
        if row.amount is not None and _unsaid(row):
            sums[row.name] = sums.get(row.name, Decimal(0)) + row.amount
    said = {row.name: row.amount for row in above}
    if len(said) != len(above) or said.keys() != sums.keys():
        return []
    agree = all(abs(sums[name] - (amount or 0)) <= TOLERANCE for name, amount in said.items())
    return above if agree else []


def summary_below(rows: Sequence[Amounted]) -> tuple[list[Amounted], set[int]]:
    """The rows at the end that lack what lines have and come to the sum of all lines; the indexes to leave out.

    Neither, where there are none.
    """
    last = next((place for place in range(len(rows) - 1, -1, -1) if _is_line(rows[place])), None)
    if last is None:
        return [], set()
    below = [row for row in rows[last + 1 :] if not row.says and row.amount is not None]
    if len(below) < 2:
        return [], set()
    lines = sum(
        (row.amount for row in rows[: last + 1] if row.amount is not None and _is_line(row)), Decimal(0)
    )
    if abs(sum((row.amount for row in below if row.amount), Decimal(0)) - lines) > TOLERANCE:
        return [], set()
    kept = {row.index for row in rows[last + 1 :] if row.says and row.number < below[0].number}
    return below, {row.index for row in rows[last + 1 :]} - kept


def _is_line(row: Amounted) -> bool:
    return row.dated or (row.core > 0 and row.missing * 2 < row.core and not row.says)
