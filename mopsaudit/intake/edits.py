"""Changing a reading decision from the review page: one small edit at a time, each giving a new decision. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import ColumnChoice, ReadingDecision, RowMark, SheetDecision, Tax
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.replace_key import checked_key
from mopsaudit.money import UnknownCurrencyError, currency_code


class EditKind(StrEnum):
    """What an edit changes."""

    COLUMN = "column"
    ROW = "row"
    SHEET = "sheet"
    SIGN = "sign"
    TAX = "tax"
    CURRENCY = "currency"
    ANSWER = "answer"
    SOURCE = "source"
    KIND_OF_SOURCE = "kind_of_source"
    ENTITY = "entity"
    COST_CENTRES = "cost_centres"
    GL_ACCOUNTS = "gl_accounts"
    TOOL = "tool"
    UNIT = "unit"
    REPLACE_BY = "replace_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change a person made. ``sheet`` names the sheet (None for a text file).

    ``target`` is the column's letters, the row's number or the question's key; ``value`` the field (``""`` = read
    nothing from the column), the row's mark (``""`` = as found), ``yes``/``no`` for using a sheet, ``1``/``-1``, a tax
    basis, a currency, an answer, the fields of a key separated by commas, or a name; lists are separated by line
    ends, else by semicolons.
    """

    kind: EditKind
    value: str
    sheet: str | None = None
    target: str = ""


def edited(decision: ReadingDecision, edits: Iterable[Edit]) -> ReadingDecision:
    """The decision with the edits that concern it made, in their order.

    Raises:
        InvalidError: for a sheet, column, row or value that cannot be.
    """
    for edit in edits:
        if edit.kind is EditKind.ANSWER:
            decision = decision.with_answer(edit.target, edit.value)
        elif edit.kind in _ON_SHEET:
            sheet = decision.sheet(edit.sheet)
            if sheet is None:
                raise InvalidError(f"The file has no sheet “{edit.sheet}”.", "sheet")
            decision = decision.with_sheet(_ON_SHEET[edit.kind](sheet, edit))
    return decision


def _column(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    letters = edit.target.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,3}(:[A-Z]{1,3})?", letters):
        raise InvalidError(f"“{edit.target}” is not a column.", "column")
    before = next((choice for choice in sheet.columns if choice.letters == letters), None)
    if not edit.value:
        return sheet.without_column(letters)
    # Who says what a column of an unused sheet is wants the sheet read.
    sheet = sheet if sheet.used else replace(sheet, used=True, why="You said so.")
    return sheet.with_column(
        ColumnChoice(
            field=edit.value,
            letters=letters,
            header=before.header if before else "",
            why="You said so.",
            decimal_mark=before.decimal_mark if before else None,
            date_order=before.date_order if before else None,
            by_person=True,
        )
    )


def _row(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    try:
        row = int(edit.target)
        mark = RowMark(edit.value) if edit.value else None
    except ValueError as error:
        raise InvalidError("Choose what the row is from the list.", "row") from error
    rest = tuple((number, kept) for number, kept in sheet.row_marks if number != row)
    if mark is None:
        return replace(sheet, row_marks=rest)
    if mark is not RowMark.HEADER:
        return sheet.with_mark(row, mark)
    headers = tuple(sorted({*(number for number in sheet.header_rows if number == row - 1), row}))
    return replace(sheet, header_rows=headers, first_row=row + 1, row_marks=rest)


def _use(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    return replace(sheet, used=edit.value == "yes", why="You said so.")


def _sign(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    if edit.value not in ("1", "-1"):
        raise InvalidError("Charges are positive or negative.", "sign")
    return replace(sheet, sign=int(edit.value))


def _tax(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    try:
        return replace(sheet, tax=Tax(edit.value))
    except ValueError as error:
        raise InvalidError("Choose net, gross with a tax column, or gross.", "tax") from error


def _currency(sheet: SheetDecision, edit: Edit) -> SheetDecision:
    try:
        return replace(sheet, currency=currency_code(edit.value), currency_how="option")
    except UnknownCurrencyError as error:
        raise InvalidError(str(error), "currency") from error


_ON_SHEET = {
    EditKind.COLUMN: _column,
    EditKind.ROW: _row,
    EditKind.SHEET: _use,
    EditKind.SIGN: _sign,
    EditKind.TAX: _tax,
    EditKind.CURRENCY: _currency,
}


def edited_options(options: ImportOptions, edits: Iterable[Edit]) -> ImportOptions:
    """The options with what the edits say about ledger, entity, unit, tool and narrowing; answers are kept here too.

    Raises:
        InvalidError: for a kind of source that is none.
    """
    for edit in edits:
        text = edit.value.strip() or None
        mark = (
            "\n" if "\n" in edit.value else ";"
        )  # a value may hold a semicolon: chosen ones come line by line
        many = tuple(part.strip() for part in edit.value.split(mark) if part.strip())
        match edit.kind:
            case EditKind.ANSWER:
                options = options.with_answers({edit.target: edit.value})
            case EditKind.SOURCE:
                options = replace(options, source=text)
            case EditKind.KIND_OF_SOURCE:
                options = replace(options, kind_of_source=text)
            case EditKind.ENTITY:
                options = replace(options, entity=text)
            case EditKind.TOOL:
                options = replace(options, tool=text)
            case EditKind.UNIT:
                options = replace(options, unit=text)
            case EditKind.COST_CENTRES:
                options = replace(options, cost_centres=many)
            case EditKind.REPLACE_BY:
                options = replace(options, replace_by=checked_key(edit.value.split(",")))
            case EditKind.GL_ACCOUNTS:
                options = replace(options, gl_accounts=many)
            case _:
                options = replace(options, edited=True)
    return options
