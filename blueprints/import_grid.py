"""The sheet on the review page: its first rows as they are, what each column and row is taken for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mopsaudit.intake.contract import RowMark, SheetDecision
from mopsaudit.intake.view import Review, ReviewSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class GridColumn:
    """A column of the sheet as shown: its letter, the field it is taken for, how sure, why.

    ``like`` is the letter of the column it follows, in a table that stands beside the first.
    """

    letter: str
    field: str
    label: str
    confidence: int | None
    why: str
    like: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A row of the sheet as shown: its number, what it is, its cells."""

    number: int
    mark: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The first rows of a sheet with the columns named and the rows marked."""

    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]


def letters(index: int) -> str:
    """The column letters of a 0-based index."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _number(text: str) -> int:
    value = 0
    for letter in text:
        value = value * 26 + ord(letter) - 64
    return value - 1


def grid_of(review: Review, sheet: ReviewSheet, labels: Mapping[str, str]) -> Grid:
    """The sheet as it is, with what we took its columns and rows for."""
    preview: Sequence[Any] = sheet.detail.get("preview", ())
    kinds = {int(row): str(mark) for row, mark in sheet.detail.get("row_kinds", ())}
    width = max((len(cells) for _, cells in preview), default=0)
    decision = review.decision.sheet(sheet.name) if review.decision else None
    any_used = any(each.used for each in review.sheets)
    taken: dict[int, GridColumn] = {}
    # Names of groups may stand over a column that holds something else in the lines: that is what it is called.
    for choice in sorted(decision.columns if decision else (), key=lambda each: each.header != "heading"):
        first, _, last = choice.letters.partition(":")
        for index in range(_number(first), _number(last or first) + 1):
            taken[index] = GridColumn(
                letter=letters(index),
                field=choice.field,
                label=labels.get(choice.field) or choice.field.strip("_").replace("_", " ").capitalize(),
                confidence=round(choice.confidence * 100),
                why=choice.why,
            )
    taken |= _beside(decision, taken)
    width = max([width, *(index + 1 for index in taken)], default=0)
    # A column that is empty as far as the page shows it, and is not read, only pushes the others out of sight.
    filled = {index for _, cells in preview for index, cell in enumerate(cells) if str(cell).strip()}
    places = [index for index in range(min(width, 40)) if index in taken or index in filled]
    columns = tuple(
        taken.get(i, GridColumn(letter=letters(i), field="", label="not read", confidence=None, why=""))
        for i in places
    )
    rows = tuple(
        GridRow(
            number=int(row),
            mark=kinds.get(int(row)) or _unnamed(int(row), sheet, decision, any_used=any_used),
            cells=tuple(str(cells[i]) if i < len(cells) else "" for i in places),
        )
        for row, cells in preview
    )
    return Grid(columns=columns, rows=rows)


#: So many columns the sentence above the sheet names at most; all stand above the sheet's own columns.
_NAMED: Final = 6


def read_from(decision: SheetDecision | None, order: Sequence[str]) -> list[tuple[str, str, str]]:
    """Which columns the first fields of ``order`` are read from: field, first column's letters, heading.

    On a wide sheet the amounts stand out of sight; what counts is said above it.
    """
    places = {key: place for place, key in enumerate(order)}
    found = [
        (choice.field, choice.letters.partition(":")[0], " ".join(choice.header.split())[:40])
        for choice in (decision.columns if decision else ())
        if choice.field in places
    ]
    return sorted(found, key=lambda each: places[each[0]])[:_NAMED]


def _beside(decision: SheetDecision | None, taken: Mapping[int, GridColumn]) -> dict[int, GridColumn]:
    """The columns of further tables that stand beside the first and are read as its columns are."""
    told = dict(decision.extra).get("beside") if decision else None
    tables = [str(each).partition(":") for each in told] if isinstance(told, list | tuple) else []
    firsts = [_number(first) for first, _, _ in tables]
    inside = [range(_number(first), _number(last) + 1) for first, _, last in tables]
    # As in reading: a person who chose columns of several tables has taken them for one.
    leading = next((table for table in inside if set(taken) <= set(table)), None)
    if leading is None:
        return {}
    return {
        first + index - leading.start: replace(
            column, letter=letters(first + index - leading.start), like=column.letter
        )
        for first in firsts
        if first != leading.start
        for index, column in taken.items()
    }


def _unnamed(row: int, sheet: ReviewSheet, decision: SheetDecision | None, *, any_used: bool) -> str:
    """What a row is that reading found nothing special about: a line, if it stands where the lines are."""
    if not sheet.used:
        # Where no sheet is, a person is about to say which rows are what.
        return (RowMark.IGNORE if any_used else RowMark.DATA).value
    if decision is None or (
        decision.first_row <= row and (decision.last_row is None or row <= decision.last_row)
    ):
        return RowMark.DATA.value
    return RowMark.NOTE.value
