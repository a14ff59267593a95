"""Doubts about a sheet of spend that is read as it stands: told in a note, for nothing in it decides them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from importers import codes, doubt_codes
from importers.grid import Cell, Grid, address, column_index, letters
from importers.plan_words import expected_beside_actual
from importers.spend_agreed import tell_agreed
from importers.spend_columns import plain_number
from importers.spend_groups import suppliers_unproven
from importers.table import headings_of, sample_rows, span
from importers.texts import fold
from importers.total_words import says_total
from importers.words import heading_words
from mopsaudit.intake.contract import Layout, SheetDecision
from mopsaudit.money import exact, told_amount
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
#: The most different texts of a column that sorts the lines.
_SORTS: Final = 8


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
            doubt_codes.AGED,
            f"The sheet lists what was still open by age (“{ages[0]}”, “{ages[1]}” …): what was paid already is not "
            "in it.",
            sheet=grid.name,
            cell=address(decision.header_rows[-1], span(amount)[0]),
        )
    yield from tell_agreed(grid, decision)
    yield from _repeated(grid, decision, span(amount)[0])
    if "indicator" not in dict(decision.extra):
        yield from _signs_apart(grid, decision)
    yield from _without_currency(grid, decision, span(amount)[0])
    yield from _expected(grid, decision, span(amount)[0])
    yield from _personal(grid, decision, span(amount)[0])


def _without_currency(grid: Grid, decision: SheetDecision, money: int) -> Iterable[Problem]:
    """A note on lines whose currency is left empty in a list of several: the sheet's is a guess for them."""
    choice = decision.column("currency")
    telling = decision.column("date") or decision.column("supplier")
    if choice is None or telling is None:
        return
    column, told = span(choice)[0], span(telling)[0]
    start = grid.position(decision.first_row)
    cells = [_cell(row, column) for row in grid.rows[start:]]
    codes_there = {cell.strip() for cell in set(cells) if isinstance(cell, str)} - {""}
    if len(codes_there) < 2 or (None not in cells and "" not in cells):
        return
    empty = [
        index
        for index, cell in enumerate(cells, start)
        if (cell is None or cell == "")
        and plain_number(_cell(grid.rows[index], money))
        and _cell(grid.rows[index], told) not in (None, "")
        and not any(isinstance(each, str) and says_total(each) for each in grid.rows[index])
    ]
    if empty:
        count = len(empty)
        yield codes.problem(
            codes.CURRENCY_ASSUMED,
            f"{count:,} line{' names' if count == 1 else 's name'} no currency in a list of several; "
            f"{decision.currency} was taken.",
            sheet=grid.name,
            cell=address(grid.numbers[empty[0]], column),
        )


def _expected(grid: Grid, decision: SheetDecision, money: int) -> Iterable[Problem]:
    """A note on lines that say they are a forecast or a plan beside others that say they happened."""
    start = grid.position(decision.first_row)
    headings = headings_of(grid, decision)
    sample = [grid.rows[index] for index in sample_rows(start, len(grid.rows))]
    for column, heading in enumerate(headings):
        seen = {cell for row in sample if isinstance(cell := _cell(row, column), str)}
        if not seen or len(seen) > _SORTS + 2:  # the heading again, the word of a total
            continue
        held = {row[column] for row in grid.rows[start:] if column < len(row)}
        texts = {cell.strip() for cell in held if isinstance(cell, str)} - {"", heading}
        expected = expected_beside_actual(texts) if 2 <= len(texts) <= _SORTS else ()
        if not expected:
            continue
        lines = [
            (index, number)
            for index, row in enumerate(grid.rows[start:], start)
            if isinstance(cell := _cell(row, column), str)
            and cell.strip() in expected
            and (number := plain_number(_cell(row, money)))
        ]
        if lines:
            said = " and ".join(f"“{text}”" for text in sorted(expected))
            total = sum((exact(number) for _, number in lines), Decimal(0)) * decision.sign
            one = len(lines) == 1
            worth = ""
            if decision.currency and decision.column("currency") is None:
                worth = f"with {told_amount(total, decision.currency)} "
            yield codes.problem(
                doubt_codes.EXPECTED,
                f"{len(lines):,} line{' says' if one else 's say'} {said} in column {letters(column)}, beside others "
                f"that happened; {worth}{'it counts' if one else 'they count'} as spend.",
                sheet=grid.name,
                cell=address(grid.numbers[lines[0][0]], column),
            )


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


#: What a heading of private expenses says, and what its cells say yes and no with.
_PRIVATE: Final = frozenset(
    "personal private privat prive privado privato personlich personnel particular".split()
)
_YES: Final = frozenset("y yes true ja j oui o si s x 1 sim tak ano".split())
_NO: Final = frozenset("n no false nein non nee nej nao nie ne 0".split())


def _personal(grid: Grid, decision: SheetDecision, money: int) -> Iterable[Problem]:
    """A note on lines of an expense report whose own column says that they are personal."""
    start = grid.position(decision.first_row)
    for column, heading in enumerate(headings_of(grid, decision)):
        if not heading or not _PRIVATE.intersection(heading_words(heading)):
            continue
        said = {
            index: fold(str(cell)).casefold().rstrip(".")
            for index in range(start, len(grid.rows))
            if (cell := _cell(grid.rows[index], column)) is not None
            and plain_number(_cell(grid.rows[index], money))
        }
        private = [index for index, text in said.items() if text in _YES]
        if private and all(text in _YES | _NO for text in said.values()):
            total = sum(
                (exact(plain_number(_cell(grid.rows[index], money)) or 0.0) for index in private), Decimal(0)
            )
            worth = f", {told_amount(total * decision.sign, decision.currency)}," if decision.currency else ""
            yield codes.problem(
                doubt_codes.PERSONAL,
                f"{len(private):,} of the lines{worth} are personal, as “{heading}” says; they count as spend.",
                sheet=grid.name,
                cell=address(grid.numbers[private[0]], column),
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
