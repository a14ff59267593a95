"""Months of a plan that are no amounts of their own: each with all before it, or each a share of the year's amount.

A cumulated plan ends in the year's sum; its months added up are six times that. A phasing prints what part of the
year's budget falls into each month. Both prove themselves by what stands beside them; the cells are then turned into
the amounts of the months before anything else is read of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from importers import codes, plan_codes
from importers.amounts import amount_text, printed_number
from importers.grid import Cell, Grid, address, column_index, key, letters
from importers.months import MonthColumn
from importers.plan_words import says
from importers.spend_plan import Proposal
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Layout, Question, SheetDecision

_CUMULATED: Final = re.compile(
    r"\b(?:cumul\w*|kumul\w*|accumulat\w*|running total|year[- ]to[- ]date|ytd|aufgelaufen|auflaufend|acumulad\w*|"
    r"progressiv\w*|oplopend|narastaj\w*|kertymä\w*|ackumulera\w*|akkumuler\w*)\b|累计|累積|累計|누계",
    re.IGNORECASE,
)
#: So many months, and lines that move, before amounts that never fall are more than chance.
_MONTHS: Final = 6
_LINES: Final = 2
#: The last month of a cumulated line is many times its first; growth alone is seldom so steep.
_STEEP: Final = 4
#: Rows that are looked at before all are.
_LOOKED_AT: Final = 60


def decide_derived(proposal: Proposal, decision: SheetDecision, answers: Mapping[str, str]) -> SheetDecision:
    """Whether months are cumulated (``cumulated``: *yes* or *no*) or shares (``phased``: the column of the year).

    Decided by a column of the year's amounts beside them; amounts that never fall, with nothing beside, are asked.
    """
    known = dict(decision.extra)
    choice = decision.column("amount")
    if choice is None or decision.layout is not Layout.CROSSTAB or {"cumulated", "phased"} & known.keys():
        return decision
    first, last = span(choice)
    dated = proposal.header.months if proposal.header is not None else {}
    kept: Mapping[str, str] = known.get("months", {})
    columns = sorted(map(column_index, kept)) or [
        column for column in range(first, last + 1) if not dated or column in dated
    ]
    if len(columns) < _MONTHS or int(known.get("each_months", 1)) > 1:
        return decision
    mark = choice.decimal_mark or "."
    few = _lines(proposal.grid, decision, columns, mark, most=_LOOKED_AT)
    if not _never_falls(few) and not _shares(few):
        return decision
    lines = _lines(proposal.grid, decision, columns, mark)
    whole = _phased(proposal, decision, columns, lines)
    if whole is not None:
        message = (
            f"The months are shares of “{headings_of(proposal.grid, decision)[whole]}”, in each line all of it: "
            "each month was read as its share."
        )
        _tell(proposal, decision, columns[0], message)
        return _with(decision, "phased", letters(whole))
    if not _never_falls(lines) or _beside(proposal.grid, columns, lines, mark, sum_of=True):
        return decision
    question = key(proposal.grid.name, columns[0], "cumulated")
    answer = answers.get(question)
    if answer in ("yes", "no"):
        return _with(decision, "cumulated", answer)
    said = any(
        _CUMULATED.search(text.replace("_", " "))
        for text in [proposal.grid.name or "", *_above(proposal.grid, decision)]
    )
    if said or _beside(proposal.grid, columns, lines, mark, sum_of=False):
        message = "Each month holds what was planned up to then: the months were read as what each adds."
        _tell(proposal, decision, columns[0], message)
        return _with(decision, "cumulated", "yes")
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(columns[0]),
            asks=f"No amount from column {letters(columns[0])} to {letters(columns[-1])} is below the one before it, "
            "in any line. Does each month hold its own amount, or all up to then?",
            choices=(
                Choice(value="no", reads="its own: the months are added up"),
                Choice(value="yes", reads="all up to then: the last is the year's"),
            ),
        )
    )
    return decision


def amounts_of_months(grid: Grid, decision: SheetDecision, months: Sequence[MonthColumn]) -> Grid:
    """The sheet with the amounts of its months in the cells that hold what they were made of; else the sheet itself."""
    known = dict(decision.extra)
    choice = decision.column("amount")
    if choice is None or not months or not (known.get("cumulated") == "yes" or "phased" in known):
        return grid
    mark = choice.decimal_mark or "."
    columns = [month.column for month in sorted(months, key=lambda month: month.first)]
    start = grid.position(decision.first_row)
    rows = list(grid.rows[:start])
    headings = headings_of(grid, decision)
    for row in grid.rows[start:]:
        if same_texts(row, headings):
            rows.append(row)
        elif "phased" in known:
            rows.append(_shared(row, columns, column_index(known["phased"]), mark))
        else:
            rows.append(_differences(row, columns, mark))
    formats = {column: runs for column, runs in grid.formats.items() if column not in columns}
    return replace(grid, rows=rows, formats=formats if "phased" in known else grid.formats)


def _differences(row: Sequence[Cell], columns: Sequence[int], mark: str) -> list[Cell]:
    made = list(row)
    before = Decimal(0)
    for column in columns:
        amount = _number(row, column, mark)
        if amount is not None:
            made[column] = amount - before
            before = amount
    return made


def _shared(row: Sequence[Cell], columns: Sequence[int], whole: int, mark: str) -> list[Cell]:
    made = list(row)
    total = _number(row, whole, mark)
    shares = [_share(row, column, mark) for column in columns]
    known = [share for share in shares if share is not None]
    if total is None or not known or not sum(known):
        return made
    left, last = total, max(place for place, share in enumerate(shares) if share)
    for place, (column, share) in enumerate(zip(columns, shares, strict=True)):
        if share is None:
            continue
        part = left if place == last else (total * share / sum(known)).quantize(Decimal("0.01"))
        made[column] = part if share else Decimal(0)
        left -= part if share else 0
    return made


def _lines(
    grid: Grid, decision: SheetDecision, columns: Sequence[int], mark: str, *, most: int | None = None
) -> dict[int, list[Decimal | None]]:
    """Row index → its amounts (or shares) by month, of the rows that have any; of the first ``most`` rows alone."""
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    if most is not None:
        stop = min(stop, start + most)
    headings = headings_of(grid, decision)
    return {
        index: amounts
        for index in range(start, stop)
        if not same_texts(row := grid.rows[index], headings)
        and any(amounts := [_share(row, column, mark) for column in columns])
    }


def _never_falls(lines: Mapping[int, Sequence[Decimal | None]]) -> bool:
    """Whether no line ever falls, and most end at many times what they begin with."""
    steep = 0
    for amounts in lines.values():
        known = [amount for amount in amounts if amount is not None]
        if len(known) < _MONTHS or any(later < one for one, later in pairwise(known)) or known[0] < 0:
            return False
        steep += known[-1] >= _STEEP * known[0] and len(set(known)) > 1
    return len(lines) >= _LINES and 3 * steep >= 2 * len(lines)


def _beside(
    grid: Grid,
    columns: Sequence[int],
    lines: Mapping[int, Sequence[Decimal | None]],
    mark: str,
    *,
    sum_of: bool,
) -> bool:
    """Whether a column beside the months holds what the last of them does in every line, or the sum of all."""
    width = max((len(grid.rows[index]) for index in lines), default=0)

    def whole(amounts: Sequence[Decimal | None]) -> Decimal:
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if sum_of else known[-1]

    return any(
        all(
            (told := _number(grid.rows[index], column, mark)) is not None and abs(told - whole(amounts)) <= 1
            for index, amounts in lines.items()
        )
        for column in range(width)
        if column not in columns
    )


def _shares(lines: Mapping[int, Sequence[Decimal | None]]) -> bool:
    """Whether the months of every line come to one, or of every line to a hundred."""
    sums = [
        sum((amount for amount in amounts if amount is not None), Decimal(0)) for amounts in lines.values()
    ]
    return len(lines) >= _LINES and (
        all(abs(each - 1) <= Decimal("0.011") for each in sums)
        or all(abs(each - 100) <= Decimal("1.1") for each in sums)
    )


def _phased(
    proposal: Proposal,
    decision: SheetDecision,
    columns: Sequence[int],
    lines: Mapping[int, Sequence[Decimal | None]],
) -> int | None:
    """The column whose amounts the months are shares of: each line's months come to one, or to a hundred."""
    grid, choice = proposal.grid, decision.column("amount")
    mark = (choice.decimal_mark if choice is not None else None) or "."
    if not _shares(lines):
        return None
    headings = headings_of(grid, decision)
    wholes = [
        column
        for column, heading in enumerate(headings)
        if column not in columns
        and says(heading) != "happened"
        and all((_number(grid.rows[index], column, mark) or 0) > 100 for index in lines)
    ]
    planned = [column for column in wholes if says(headings[column]) == "plan"]
    found = planned if len(planned) == 1 else wholes
    return found[0] if len(found) == 1 else None


def _number(row: Sequence[Cell], column: int, mark: str) -> Decimal | None:
    value = row[column] if column < len(row) else None
    return None if value is None or isinstance(value, bool) else printed_number(value, mark)


def _share(row: Sequence[Cell], column: int, mark: str) -> Decimal | None:
    """The number of a cell; of a text in percent the number before its sign."""
    value = row[column] if column < len(row) else None
    if isinstance(value, str) and (text := fold(value)).endswith("%"):
        parts = amount_text(text[:-1].strip())
        return None if parts is None else printed_number(text[:-1].strip(), mark)
    return _number(row, column, mark)


def _above(grid: Grid, decision: SheetDecision) -> list[str]:
    """The texts of the lines above a table and of its headings."""
    stop = grid.position(decision.first_row)
    return [value for row in grid.rows[max(0, stop - 15) : stop] for value in row if isinstance(value, str)]


def _tell(proposal: Proposal, decision: SheetDecision, column: int, message: str) -> None:
    cell = address(decision.header_rows[-1], column) if decision.header_rows else None
    proposal.problems.append(
        codes.problem(plan_codes.PLAN_DERIVED, message, sheet=proposal.grid.name, cell=cell)
    )


def _with(decision: SheetDecision, name: str, value: str) -> SheetDecision:
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), name: value}.items())))
