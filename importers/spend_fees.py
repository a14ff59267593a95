"""Fees in a column of their own beside the amounts: money that left too, where the amounts do not hold it already.

A column that is the amount with its fee, row by row, proves which of the two holds the fee; so does a balance that
moves by both. Where nothing does, it is asked.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from importers.grid import Grid, key, letters
from importers.spend_columns import Pick, plain_number
from importers.table import ColumnFacts, Header, best_field
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question

_FEE: Final = re.compile(
    r"\b(?:fees?|surcharges?|commissions?|(?:bank|card|service|processing|transaction|transfer) charges?|charges? \(|"
    r"[\w-]*geb(?:ü|ue)hr(?:en)?|[\w-]*entgelte?|provision(?:en)?|frais|comisi[oó]n(?:es)?|commissioni?|comiss[aãõ]o|"
    r"avgift(?:er)?|[\w-]*gebyr(?:er)?|kulut?|palvelumaksut?|opłat[ay]|prowizj[ae]|poplatk[yu]|poplatek|toeslag|provisie|"
    r"комисси[яи]|комісія)\b|手数料|手续费|수수료",
    re.IGNORECASE,
)
#: A heading of a fee that is no amount of it, or none on top.
_NOT_MONEY: Final = re.compile(
    r"currency|\bccy\b|curr\b|type|percent|%|rate\b|refund|waiv|sats|satz|valuta|währung|name|code|status|description|"
    r"\bid\b|includ|inkl|incl|excl|exkl|after|before|without|\bnach\b|\bvor\b|\bohne\b|\bhors\b",
    re.IGNORECASE,
)
_ROWS: Final = 500
_NEAR: Final = 0.006


def fee_heading(heading: str) -> bool:
    """Whether a heading is of fees, and not of their kind, their currency or an amount with or without them."""
    return bool(_FEE.search(fold(heading))) and not _NOT_MONEY.search(heading)


def fees_beside(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: Mapping[str, Pick],
    taken: set[int],
    answers: Mapping[str, str],
    extra: dict[str, object],
    questions: list[Question],
    reasons: list[str],
) -> None:
    """Note in ``extra`` the column of fees that come on top of the amounts; a question where the cells do not say."""
    amount = picks.get("amount")
    column = _fee_column(header, facts, taken)
    if amount is None or column is None:
        return
    found = _fees(grid, header, amount.column, column)
    if not found:
        return
    asked = key(grid.name, column, "fee")
    said = answers.get(asked)
    if said is None:
        said = _proven(grid, header, facts, picks, amount.column, column)
    told = f"column {letters(column)} “{header.headings[column]}”"
    if said == "inside":
        reasons.append(f"{told} holds fees that the amounts include")
        return
    minus = sum(fee < 0 for fee in found) * 2 > len(found)
    if said == "add":
        extra["fee_column"] = letters(column)
        if minus:
            extra["fee_minus"] = True
        reasons.append(f"{told} holds fees that come on top: a line costs its amount and its fee")
        return
    total = abs(sum(found))
    questions.append(
        Question(
            key=asked,
            sheet=grid.name,
            column=letters(column),
            asks=f"Column {letters(column)} “{header.headings[column]}” holds fees beside the amounts: {total:,.2f} in "
            f"{len(found):,} lines. Do they come on top?",
            choices=(
                Choice(value="add", reads="yes: a line costs its amount and its fee"),
                Choice(value="inside", reads="no: the amounts include them, or they are not ours"),
            ),
        )
    )


def _fee_column(header: Header, facts: Sequence[ColumnFacts], taken: set[int]) -> int | None:
    """The one column headed as fees that nothing else is read from and that holds amounts; None for none or several."""
    found = [
        column
        for column, heading in enumerate(header.headings)
        if column not in taken
        and fee_heading(heading)
        and facts[column].filled
        and facts[column].numeric_share() >= 0.8
        and best_field(header.matches[column])[0] not in ("tax", "_balance", "_quantity")
    ]
    return found[0] if len(found) == 1 else None


def _rows(grid: Grid, header: Header, columns: Sequence[int]) -> list[list[float]]:
    """The numbers of the rows that have one in the first of these columns; 0 for what is blank in the others."""
    found = []
    for row in grid.rows[header.first_index : header.first_index + _ROWS]:
        numbers = [plain_number(row[column]) if column < len(row) else None for column in columns]
        if numbers[0] is not None:
            found.append([number or 0.0 for number in numbers])
    return found


def _fees(grid: Grid, header: Header, amount: int, column: int) -> list[float]:
    """The fees that are not nought, of rows with an amount; none where they are no part of it (or another unit)."""
    rows = _rows(grid, header, (amount, column))
    found = [fee for _, fee in rows if fee]
    return [] if rows and sum(abs(fee) > abs(whole) for whole, fee in rows if fee) > len(found) / 2 else found


def _proven(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: Mapping[str, Pick],
    amount: int,
    fee: int,
) -> str | None:
    """``add`` or ``inside`` where another column is the amount with its fee, or a balance moves by it; else None."""
    tax = picks["tax"].column if "tax" in picks else None
    for column, fact in enumerate(facts):
        if column in (amount, fee, tax) or fact.numeric_share() < 0.8 or fact.filled < 3:
            continue
        rows = _rows(grid, header, (amount, fee, column))
        if best_field(header.matches[column])[0] == "_balance":
            if _moves(rows):
                return "add"
            continue
        with_fee = [row for row in rows if row[1]]
        if len(with_fee) < 2:
            continue
        for way in (1, -1):
            if all(abs(whole + way * part - other) < _NEAR for whole, part, other in rows):
                return "add" if all(abs(other) > abs(whole) for whole, _, other in with_fee) else "inside"
        if tax is not None:
            taxed = _rows(grid, header, (amount, fee, column, tax))
            if all(abs(whole + part + duty - other) < _NEAR for whole, part, other, duty in taxed):
                return "add"
    return None


def _moves(rows: Sequence[Sequence[float]]) -> bool:
    """Whether a balance moves by amount and fee together, from the top or the bottom, not by the amount alone."""
    for way in (1, -1):
        down = up = alone = count = 0
        for before, after in pairwise(rows):
            count += 1
            down += abs(after[2] - before[2] - after[0] - way * after[1]) < _NEAR
            up += abs(before[2] - after[2] - before[0] - way * before[1]) < _NEAR
            alone += (
                abs(after[2] - before[2] - after[0]) < _NEAR or abs(before[2] - after[2] - before[0]) < _NEAR
            )
        if count >= 3 and max(down, up) >= 0.9 * count and alone < max(down, up):
            return True
    return False
