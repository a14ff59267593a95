"""Which rows with an amount are totals: by arithmetic as well as by words, for a supplier may be called TOTAL LTD."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from importers.total_words import Says, only_total, repeats

#: A label that recurs is looked at from so many times on, and so many such labels at most.
_OFTEN, _LABELS = 3, 4
#: Two sums agree when they differ by less than this many units: half a minor unit and the noise of a stored float.
TOLERANCE = Decimal("0.0051")
#: A total of a printed page runs over its lines, whatever group they are of, and ends no group.
_PAGE = re.compile(
    r"\b(?:page|seiten?|p[aá]gina|sivu)\b|\b(?:seitensumme|paginatotaal|sidsumma|sidesum)\b", re.IGNORECASE
)

#: The word for the total of all; a group may be called Grand Central Hotel.
_GRAND = re.compile(r"\bgrand[\s-]?totals?\b", re.IGNORECASE)


@dataclass(slots=True)
class Amounted:
    """A row of the data region that holds an amount: what the total finder knows of it.

    ``missing`` counts the columns that nearly every line fills and this row does not, of ``core`` such columns;
    ``bare`` says nothing but numbers stands in it, ``words`` counts its other texts; ``dated`` says its date or period
    reads as one; ``name`` is what a group total may repeat (the supplier).
    """

    index: int
    number: int
    amount: Decimal | None
    label: str
    says: Says
    missing: int
    core: int
    bare: bool
    dated: bool
    name: str = ""
    words: int = 1
    #: Of a sheet with debit and credit: which side alone is filled, None for both or neither.
    side: str | None = None

    @property
    def full(self) -> bool:
        """Whether it fills whatever nearly every line fills, and that is more than a name."""
        return self.core >= 2 and self.missing == 0


@dataclass(slots=True)
class Found:
    """A total row found: over which row numbers, what it should be, and whether it agrees.

    ``covers``: it is the sum of every line above it.
    """

    row: Amounted
    first: int
    last: int
    expected: Decimal
    agrees: bool
    grand: bool
    covers: bool = False


def find_totals(rows: Sequence[Amounted], silent: Mapping[int, Found] | None = None) -> dict[int, Found]:
    """Row index → the total it is. Rows come in sheet order; the rest are lines.

    ``silent``: those known to be subtotals though no word says so.
    """
    found: dict[int, Found] = dict(silent or {})
    block: list[Amounted] = []
    everything = Decimal(0)
    count = 0
    block_sum = Decimal(0)
    since_grand = Decimal(0)
    lines_since_grand = 0
    subtotals: list[Found] = []
    largest = Decimal(0)
    first_line = 0
    page_sum, page_lines, page_first = Decimal(0), 0, 0
    sides: dict[str, list[Decimal]] = {}
    proven: set[str] = set()
    recurring = _recurring(rows)
    total_rows = len(rows)
    for position, row in enumerate(rows):
        if row.amount is None:
            if row.says >= Says.OUTRIGHT and not row.dated:
                found[row.index] = Found(row, row.number, row.number, Decimal(0), False, False)
            continue
        amount = row.amount
        if silent and row.index in silent:
            subtotals.append(silent[row.index])
            proven.add(row.label.casefold())
            if silent[row.index].first < row.number:
                block, block_sum = [], Decimal(0)
            continue
        if row.dated and not row.says and not row.bare:
            # Nothing of it hints at a total, as nearly always: no sum has to be compared.
            if not count:
                first_line = row.number
            block.append(row)
            block_sum += amount
            everything += amount
            since_grand += amount
            lines_since_grand += 1
            count += 1
            page_sum += amount
            page_lines += 1
            page_first = page_first or row.number
            if row.side is not None:
                sides.setdefault(row.side, []).append(amount)
            if amount > largest or -amount > largest:
                largest = abs(amount)
            continue
        if (
            row.side is not None
            and (row.says in (Says.LOOSELY, Says.OUTRIGHT) or (row.bare and len(sides) > 1))
            and not row.dated
            and not row.full
            and len(sides) > 1
            and len(sides.get(row.side, ())) >= 2
            and abs(amount - sum(sides[row.side], Decimal(0))) <= TOLERANCE
        ):  # what was charged, or what was paid: one column's total, which ends nothing
            found[row.index] = Found(row, first_line, row.number - 1, amount, True, False)
            continue
        if row.says is Says.OUTRIGHT and not row.dated and _PAGE.search(row.label) and page_lines:
            only_page = (
                count == page_lines and position == total_rows - 1
            )  # the total of the whole table then
            agrees, expected, first = abs(amount - page_sum) <= TOLERANCE, page_sum, page_first
            page_sum, page_lines, page_first = Decimal(0), 0, 0
            if agrees and not only_page:
                found[row.index] = Found(row, first, row.number - 1, expected, True, False)
                continue
        over_block = bool(block) and abs(amount - block_sum) <= TOLERANCE
        over_all = count > 0 and abs(amount - everything) <= TOLERANCE
        over_part = lines_since_grand > 0 and abs(amount - since_grand) <= TOLERANCE
        matches = over_block or over_all or over_part
        last = position == total_rows - 1
        is_total = False
        match row.says:
            case Says.BALANCE:
                is_total = True
            case Says.FIGURE:
                is_total = not (row.dated or row.full)
            case Says.OUTRIGHT:
                line = row.dated or (row.full and (row.core >= 3 or not only_total(row.label)))
                # “Total cost of ownership” on a line like any other is none for being the line above once more.
                once_more = len(block) == 1 and not over_all and block[0].label == row.label
                proved = matches and count >= 2 and not once_more
                is_total = not line or proved or row.missing * 2 >= max(row.core, 1)
            case Says.LOOSELY:
                named = bool(block) and bool(row.label) and repeats(row.label, block[-1].name)
                if row.dated:
                    is_total = False
                elif matches and (
                    len(block) >= 2 or count >= 2 or named or row.label.casefold() in recurring
                ):
                    is_total = True
                else:
                    is_total = named or (row.core >= 3 and row.missing >= row.core - 1)
            case Says.NOTHING:
                if row.bare and count:
                    if matches and (over_all or len(block) >= 2 or subtotals or count >= 2):
                        is_total = True
                    elif last and count >= 5 and row.core >= 1 and row.missing == row.core:
                        is_total = abs(amount) > largest
                elif matches and row.words == 1 and not row.dated and not row.full:
                    # A word in a language nobody listed, alone beside the exact sum of the lines above it.
                    lines = not block or any(entry.missing == 0 for entry in block)
                    over = over_all and count >= 3 and (last or row.missing > 0)
                    far = row.core >= 2 and row.missing >= row.core - 1
                    again = bool(row.label) and row.label.casefold() in proven  # it stood beside a sum before
                    carried = again and over_all and not block  # brought forward on the next page
                    is_total = lines and (
                        over or carried or (over_block and far and (len(block) >= 3 or again))
                    )
                    if is_total and row.label:
                        proven.add(row.label.casefold())
        if is_total:
            single = not subtotals
            if over_all and _GRAND.search(row.label):
                last = True
            grand = over_all and (last or count > len(block) or not block)
            if not matches and row.says is Says.OUTRIGHT:
                grand = bool(_GRAND.search(row.label)) or (last and single)
            if not matches and row.says is Says.NOTHING:
                grand = last
            if row.says >= Says.BALANCE:
                grand = False
            if grand:
                expected, first = everything, first_line
            elif over_part and not over_block:
                expected, first = since_grand, first_line
            else:
                expected, first = (block_sum, block[0].number) if block else (since_grand, first_line)
            result = Found(
                row,
                first,
                block[-1].number if block else row.number - 1,
                expected,
                matches or row.says >= Says.BALANCE,
                grand,
            )
            result.covers = over_all and count >= 2
            found[row.index] = result
            if row.says < Says.BALANCE:
                subtotals.append(result)
                block, block_sum = [], Decimal(0)
                if over_part and not over_block:
                    since_grand, lines_since_grand = Decimal(0), 0
        else:
            if not count:
                first_line = row.number
            block.append(row)
            block_sum += amount
            everything += amount
            since_grand += amount
            lines_since_grand += 1
            count += 1
            page_sum += amount
            page_lines += 1
            page_first = page_first or row.number
            if row.side is not None:
                sides.setdefault(row.side, []).append(amount)
            largest = max(largest, abs(amount))
    if block:
        _only_so_far(found, block[-1].index)
    elif found:
        _only_so_far(found, max((row.index for row in rows if row.index not in found), default=-1))
    _last_is_grand(found, everything, first_line)
    return found


def _recurring(rows: Sequence[Amounted]) -> set[str]:
    """Labels that may say a total, stand three times or more and each time beside the sum of the rows since the last:
    groups of one line each have such totals.
    """
    often = Counter(row.label.casefold() for row in rows if row.says is Says.LOOSELY and not row.dated)
    found: set[str] = set()
    for label in [label for label, times in often.most_common(_LABELS) if label and times >= _OFTEN]:
        since, lines, agree = Decimal(0), 0, True
        for row in rows:
            if row.amount is None:
                continue
            if row.says is Says.LOOSELY and not row.dated and row.label.casefold() == label:
                agree = agree and lines > 0 and abs(row.amount - since) <= TOLERANCE
                since, lines = Decimal(0), 0
            else:
                since, lines = since + row.amount, lines + 1
        if agree:
            found.add(label)
    return found


def _only_so_far(found: dict[int, Found], last_line: int) -> None:
    """A sum of every line above it with lines below it is the sum of the first group, whatever it equals."""
    for entry in found.values():
        if entry.grand and entry.row.index < last_line and not _GRAND.search(entry.row.label):
            entry.grand = False


def _last_is_grand(found: dict[int, Found], everything: Decimal, first_line: int) -> None:
    """When no total was named grand, the last one that covers every line is."""
    if not found or any(entry.grand for entry in found.values()):
        return
    entries = [
        entry for entry in found.values() if entry.row.amount is not None and entry.row.says < Says.BALANCE
    ]
    if not entries:
        return
    last = entries[-1]
    assert last.row.amount is not None
    first = entries[0]
    if (
        len(entries) > 1
        and first.row.says is Says.OUTRIGHT
        and first.row.number < first_line
        and first.row.amount is not None
        and abs(first.row.amount - everything) <= TOLERANCE
    ):
        last = first  # the total of all stands above the groups
    assert last.row.amount is not None
    if abs(last.row.amount - everything) <= TOLERANCE:
        last.grand, last.expected, last.first, last.agrees = True, everything, first_line, True
    elif len(entries) == 1 and last.row.says is Says.OUTRIGHT and not last.agrees:
        last.grand, last.expected, last.first = True, everything, first_line
