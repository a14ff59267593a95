"""Doubts about a sheet of spend that is read as it stands: told in a note, for nothing in it decides them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from importers import codes, doubt_codes
from importers.grid import Cell, Grid, address, column_index, letters
from importers.spend_columns import plain_number
from importers.spend_groups import suppliers_unproven
from importers.table import headings_of, span
from mopsaudit.intake.contract import Layout, SheetDecision
from mopsaudit.problems import Problem

#: Days a bill has been open, as an ageing list heads its columns: ``31-60``, ``61 to 90 days``, ``90+``, ``> 120``.
_AGE: Final = re.compile(
    r"(?:[^0-9]{0,12})"
    r"(?:[0-9]{1,3}\s*(?:-|–|to|bis|à|a|tot)\s*[0-9]{2,3}|(?:>|over|über|plus de|más de|oltre|\+)\s*[0-9]{2,3}|"
    r"[0-9]{2,3}\s*(?:\+|plus|and over|or more))\s*(?:days?|tage|jours|d[ií]as|giorni|dagen|dagar|dage|日|天|일)?"
    r"(?: (?:past due|overdue|old))?",
    re.IGNORECASE,
)
#: Bills of several lines, each showing one amount, that are no chance.
_BILLS: Final = 3
#: Lines looked at: what a program repeats on the lines of a bill it repeats from the first on.
_ROWS: Final = 5000


def tell_doubts(grid: Grid, decision: SheetDecision) -> Iterable[Problem]:
    """Notes on a used sheet: an amount that is the same on all lines of each bill, and a list of open bills by age."""
    amount = decision.column("amount")
    if decision.layout is Layout.GROUPED:
        yield from _sections(grid, decision)
    if amount is None or decision.layout is not Layout.FLAT or not decision.header_rows:
        return
    ages = [text for text in headings_of(grid, decision) if text and _AGE.fullmatch(text.strip())]
    if len(ages) >= 3 and decision.column("date") is None:
        yield codes.problem(
            codes.AGED,
            f"The sheet lists what was still open by age (“{ages[0]}”, “{ages[1]}” …): what was paid already is not "
            "in it.",
            sheet=grid.name,
            cell=address(decision.header_rows[-1], span(amount)[0]),
        )
    yield from _repeated(grid, decision, span(amount)[0])
    yield from _signs_apart(grid, decision)


def _signs_apart(grid: Grid, decision: SheetDecision) -> Iterable[Problem]:
    """A note on a column of nothing but + and −: whether − is a credit or what was paid out, it does not say."""
    start = grid.position(decision.first_row)
    signs: defaultdict[int, set[str]] = defaultdict(set)
    for row in grid.rows[start : start + _ROWS]:
        for column, value in enumerate(row):
            if value is not None:
                signs[column].add(value.strip() if isinstance(value, str) and len(value) < 4 else "")
    for column, found in signs.items():
        if "+" in found and len(found) > 1 and found <= {"+", "-", "\u2212", "\u2013"}:
            yield codes.problem(
                codes.UNREAD,
                f"Column {letters(column)} holds + and \u2212 beside the amounts and is not read: all amounts count "
                "alike.",
                sheet=grid.name,
                cell=address(decision.first_row, column),
            )


def _sections(grid: Grid, decision: SheetDecision) -> Iterable[Problem]:
    """A note where nothing says that the rows above the lines are suppliers: they may be parts of the list."""
    names = suppliers_unproven(grid, decision)
    if names:
        told = ", ".join(f"“{name}”" for name in list(names)[:3])
        yield codes.problem(
            doubt_codes.SECTIONS,
            f"The rows above the lines were taken for their suppliers: {told}{' …' if len(names) > 3 else ''}. If they "
            "are parts of the list, its lines name no supplier.",
            sheet=grid.name,
            cell=address(
                next(iter(names.values())), column_index(str(dict(decision.extra)["supplier_heading"]))
            ),
        )


def _repeated(grid: Grid, decision: SheetDecision, money: int) -> Iterable[Problem]:
    chosen = [decision.column(name) for name in ("reference", "supplier", "date")]
    if any(choice is None for choice in chosen[::2]):
        return
    places = [span(choice)[0] for choice in chosen if choice is not None]
    bills: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    start = grid.position(decision.first_row)
    for row in grid.rows[start : start + _ROWS]:
        number = plain_number(row[money]) if money < len(row) else None
        told = tuple(_cell(row, place) for place in places)
        if number and told[0] is not None:
            bills[told].append(number)
    several = [amounts for amounts in bills.values() if len(amounts) > 1]
    alike = [amounts for amounts in several if len(set(amounts)) == 1]
    if len(alike) < _BILLS or len(alike) < 0.9 * len(several) or len({each[0] for each in alike}) < 2:
        return
    lines = sum(map(len, alike))
    yield codes.problem(
        codes.REPEATED_BILL,
        f"All lines of one bill show the same amount ({len(alike):,} bills of {lines:,} lines). If it is the total of "
        "the bill, it counts once for each line.",
        sheet=grid.name,
        cell=address(grid.numbers[start], money),
    )


def _cell(row: list[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None
