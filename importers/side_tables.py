"""Tables of one kind side by side on a sheet (the quarters of a year, each under its name): read one after the other.

They are read where the sheet itself says that they are parts of one list: each stands under a name of its own, each is
summed below itself, one sum covers them all, or each holds other dates. Where it says none of that, a person is asked.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from importers import codes
from importers.dates import month_in, month_value
from importers.grid import Cell, Grid, column_index, key, letters
from importers.pointed import POINTED
from importers.side_evidence import alike, amounts_of, parts_of_one
from importers.spend import Emit, extract
from importers.spend_columns import plain_number
from importers.spend_evidence import ask_table
from importers.spend_locale import decide_values
from importers.spend_plan import Proposal, propose
from importers.spend_tally import Extract
from importers.table import Header, headings_of, span
from importers.texts import fold
from importers.total_words import Says, says_total
from mopsaudit.intake.contract import (
    ControlTotal,
    Layout,
    ReadOptions,
    RowMark,
    SheetDecision,
    SheetReading,
    SheetTotals,
    SpendRow,
)
from mopsaudit.problems import Problem

#: Under ``beside`` a decision keeps the columns of each table, in sheet order: ``["A:C", "E:G"]``.
BESIDE = "beside"
#: The answer that reads every table where a person was asked which one to read.
ALL = "all"


def tables_of(decision: SheetDecision) -> list[range]:
    """The columns of every table a decision reads side by side; empty where it reads one.

    So they are where a person chose columns of several tables: what is to be shifted for the others is not known then.
    """
    said = dict(decision.extra).get(BESIDE)
    if not isinstance(said, list | tuple):
        return []
    found = []
    for each in said:
        first, _, last = str(each).partition(":")
        found.append(range(column_index(first), column_index(last) + 1))
    used = {column for choice in decision.columns for column in span(choice)}
    return found if any(used <= set(table) for table in found) else []


def propose_tables(grid: Grid, options: ReadOptions) -> Proposal:
    """The best reading of one sheet, of all its tables where several of one kind stand side by side."""
    best = propose(grid, options)
    header = best.header
    mapped = bool(options.maps) or POINTED in dict(best.decision.extra)
    if not best.decision.used or header is None or mapped or best.decision.layout is Layout.CROSSTAB:
        return best
    tables = alike(grid, header)
    question_key = key(grid.name, None, "amount_column")
    asked = dict(options.answers).get(question_key, "")
    if len(tables) < 2 or (asked and asked != ALL):
        return best
    if asked != ALL and not parts_of_one(grid, header, tables):
        if not any(question.key == question_key for question in best.questions):
            best.questions.append(ask_table(grid, header, amounts_of(header, tables)))
        return best
    rest = tuple(entry for entry in options.answers if entry[1] != ALL)
    inner = propose(_stacked(grid, header, tables), replace(options, answers=rest))
    if not inner.decision.used or inner.decision.layout is Layout.CROSSTAB:
        return best
    told = [f"{letters(table.start)}:{letters(table.stop - 1)}" for table in tables]
    inner.grid = grid
    inner.decision = replace(
        inner.decision,
        extra=tuple(sorted({**dict(inner.decision.extra), BESIDE: told}.items())),
        reasons=(
            *inner.decision.reasons,
            f"tables of one kind stand side by side in columns {', '.join(told)} and are read one after the other",
        ),
    )
    inner.quality = max(inner.quality, best.quality)
    return inner


def decide_tables(proposal: Proposal, options: ReadOptions) -> None:
    """Decide what the cells of a sheet decide, by the cells of all the tables that are read."""
    tables = tables_of(proposal.decision)
    if not tables:
        decide_values(proposal, options)
        return
    whole = proposal.grid
    header = Header(proposal.decision.header_rows, [], [], whole.position(proposal.decision.first_row), 0.0)
    proposal.grid = _stacked(whole, header, _from_the_read(proposal.decision, tables))
    try:
        decide_values(proposal, options)
    finally:
        proposal.grid = whole


def extract_tables(
    grid: Grid, decision: SheetDecision, emit: Emit, base: str, *, order_open: bool = False
) -> Extract:
    """Read the lines of a used sheet, table by table where it reads several side by side."""
    headings = headings_of(grid, decision)
    tables = tables_of(decision)
    if not tables:
        return extract(grid, decision, headings, emit, base, order_open=order_open)
    read = _from_the_read(decision, tables)[0]
    shifted = [_shifted(grid, decision, table.start - read.start, table) for table in tables]
    below = _sum_below(grid, decision, tables)
    if below is not None:
        index, place = below
        ignored = [replace(each, row_marks=_ignoring(each, grid.numbers[index])) for each in shifted]
        trials = [
            extract(_only(grid, table, each), each, headings, _drop, base, order_open=True)
            for table, each in zip(tables, ignored, strict=True)
        ]
        sums = [value for trial in trials for value in trial.net_sum.values()]
        amount = _money_of(grid, shifted[place], index)
        one = len({code for trial in trials for code in trial.net_sum}) == 1
        if one and amount is not None and abs(sum(sums, Decimal(0)) - amount) < Decimal("0.006"):
            results = [
                extract(_only(grid, table, each), each, headings, emit, base, order_open=order_open)
                for table, each in zip(tables, ignored, strict=True)
            ]
            return _merged(decision, results, _whole(grid, shifted[place], index, amount, results))
    results = [
        extract(_only(grid, table, each), each, headings, emit, base, order_open=order_open)
        for table, each in zip(tables, shifted, strict=True)
    ]
    return _merged(decision, results, None)


# -- one table at a time -----------------------------------------------------------------------------------------


def _from_the_read(decision: SheetDecision, tables: Sequence[range]) -> list[range]:
    """The tables with the one the decision's columns stand in first."""
    amount = decision.column("amount") or decision.column("debit")
    column = span(amount)[0] if amount is not None else tables[0].start
    own = next((table for table in tables if column in table), tables[0])
    return [own, *(table for table in tables if table != own)]


def _only(grid: Grid, table: range, decision: SheetDecision) -> Grid:
    """The sheet with nothing below its header but one table."""
    start = grid.position(decision.first_row)
    numbers, rows = list(grid.numbers[:start]), list(grid.rows[:start])
    for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True):
        mine: list[Cell] = [None] * table.start + list(row[table.start : table.stop])
        while mine and mine[-1] is None:
            mine.pop()
        if mine:
            numbers.append(number)
            rows.append(mine)
    return replace(grid, numbers=numbers, rows=rows)


def _stacked(grid: Grid, header: Header, tables: Sequence[range]) -> Grid:
    """The sheet with its tables below each other in the columns of the first, as if it were one list."""
    start = header.first_index
    read = tables[0]
    numbers, rows = [], []
    for index in range(start):
        mine = list(grid.rows[index])
        if grid.numbers[index] in header.rows:
            mine = [None] * read.start + mine[read.start : read.stop]
        numbers.append(grid.numbers[index])
        rows.append(mine)
    number = grid.numbers[start] if start < len(grid.numbers) else 1
    for table in tables:
        for row in grid.rows[start:]:
            cells: list[Cell] = [None] * read.start + list(row[table.start : table.stop])
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                numbers.append(number)
                rows.append(cells)
                number += 1
    return replace(grid, numbers=numbers, rows=rows, merged=())


def _shifted(grid: Grid, decision: SheetDecision, offset: int, table: range) -> SheetDecision:
    """The decision for the table ``offset`` columns further, dated by its own name where nothing else dates it."""

    def moved(place: str) -> str:
        first, _, last = place.partition(":")
        place = letters(column_index(first) + offset)
        return f"{place}:{letters(column_index(last) + offset)}" if last else place

    extra = {name: value for name, value in decision.extra if name != BESIDE}
    for name, value in extra.items():
        if (name.endswith("_column") or name in ("indicator", "supplier_heading")) and isinstance(value, str):
            extra[name] = moved(value)
        elif name == "apart":
            extra[name] = {**value, "column": moved(value["column"])}
    if decision.column("date") is None and decision.column("period") is None:
        top = grid.position(decision.header_rows[0] if decision.header_rows else decision.first_row)
        for index in range(max(0, top - 3), grid.position(decision.first_row)):
            row = grid.rows[index]
            texts = [row[column] for column in table if column < len(row)]
            for text in texts:
                month = month_value(text) or month_in([text]) if isinstance(text, str) else None
                if isinstance(text, datetime):
                    month = text.date().replace(day=1)
                if month is not None:
                    extra["period"] = month.isoformat()
    return replace(
        decision,
        columns=tuple(replace(choice, letters=moved(choice.letters)) for choice in decision.columns),
        extra=tuple(sorted(extra.items())),
    )


# -- a sum of all of them ----------------------------------------------------------------------------------------


def _sum_below(grid: Grid, decision: SheetDecision, tables: Sequence[range]) -> tuple[int, int] | None:
    """Index of the last row and place of the table in it, where that row says *total* in one table and no other."""
    for index in range(len(grid.rows) - 1, grid.position(decision.first_row), -1):
        row = grid.rows[index]
        filled = [
            place
            for place, table in enumerate(tables)
            if any(row[column] is not None for column in table if column < len(row))
        ]
        numbers = any(plain_number(value) is not None for value in row)
        if not numbers:
            continue
        claim = max((says_total(value) for value in row if isinstance(value, str)), default=Says.NOTHING)
        return (index, filled[0]) if len(filled) == 1 and claim >= Says.OUTRIGHT else None
    return None


def _ignoring(decision: SheetDecision, number: int) -> tuple[tuple[int, RowMark], ...]:
    marks = dict(decision.row_marks)
    return tuple(sorted({**marks, number: RowMark.IGNORE}.items()))


def _drop(batch: Sequence[SpendRow]) -> None:
    """Nothing becomes of the lines of a trial."""


def _money_of(grid: Grid, decision: SheetDecision, index: int) -> Decimal | None:
    """The amount in a row as the decision reads it."""
    lone = replace(grid, numbers=[grid.numbers[index]], rows=[list(grid.rows[index])])
    marks = ((grid.numbers[index], RowMark.DATA),)
    alone = replace(decision, first_row=grid.numbers[index], row_marks=marks, layout=Layout.FLAT)
    found = extract(lone, alone, headings_of(grid, decision), _drop, "EUR", order_open=True)
    values = list(found.net_sum.values())
    return values[0] if len(values) == 1 and found.reading.lines_read == 1 else None


def _whole(
    grid: Grid, decision: SheetDecision, index: int, amount: Decimal, results: Sequence[Extract]
) -> ControlTotal:
    """The sum of all tables as a control that agrees."""
    choice = decision.column("amount") or decision.column("debit")
    assert choice is not None
    number = grid.numbers[index]
    firsts = [each.reading.first_data_row for each in results if each.reading.first_data_row is not None]
    lasts = [each.reading.last_data_row for each in results if each.reading.last_data_row is not None]
    label = next(
        (fold(value) for value in grid.rows[index] if isinstance(value, str) and says_total(value)), ""
    )
    return ControlTotal(
        row=number,
        cell=f"{choice.letters.partition(':')[0]}{number}",
        label=label,
        amount=amount,
        first_row=min(firsts, default=number),
        last_row=max(lasts, default=number),
        agrees=True,
        grand=True,
    )


# -- together ----------------------------------------------------------------------------------------------------


def _merged(decision: SheetDecision, results: Sequence[Extract], whole: ControlTotal | None) -> Extract:
    """What the tables came to, as the reading of one sheet."""
    readings = [each.reading for each in results]
    sums: dict[str, Decimal] = {}
    for each in results:
        for code, value in each.net_sum.items():
            sums[code] = sums.get(code, Decimal(0)) + value
    totals = []
    for code in sorted({total.currency for reading in readings for total in reading.totals}):
        mine = [total for reading in readings for total in reading.totals if total.currency == code]
        stated = [total.sheet_total for total in mine]
        known = [value for value in stated if value is not None]
        summed = sum(known, Decimal(0)) if len(known) == len(readings) else None
        foots = [total.foots for total in mine]
        totals.append(
            SheetTotals(
                currency=code,
                data=sum((total.data for total in mine), Decimal(0)),
                rejected=sum((total.rejected for total in mine), Decimal(0)),
                unreadable=sum(total.unreadable for total in mine),
                sheet_total=whole.amount if whole is not None else summed,
                foots=False if False in foots else True if whole is not None or all(foots) else None,
            )
        )
    controls = [control for reading in readings for control in reading.controls]
    kinds = _kinds(readings)
    if whole is not None:
        controls.append(whole)
        kinds[whole.row] = RowMark.TOTAL
    firsts = [reading.first_data_row for reading in readings if reading.first_data_row is not None]
    lasts = [reading.last_data_row for reading in readings if reading.last_data_row is not None]
    reading = replace(
        readings[0],
        decision=decision,
        first_data_row=min(firsts, default=None),
        last_data_row=max(lasts, default=None),
        lines_read=sum(each.lines_read for each in readings),
        lines_rejected=sum(each.lines_rejected for each in readings),
        total_rows=sum(mark is RowMark.TOTAL for mark in kinds.values()),
        blank_rows=min(each.blank_rows for each in readings),
        note_rows=sum(mark in (RowMark.NOTE, RowMark.IGNORE) for mark in kinds.values()),
        repeated_headers=max(each.repeated_headers for each in readings),
        totals=tuple(totals),
        controls=tuple(controls),
        row_kinds=tuple(sorted(kinds.items())),
    )
    problems: dict[tuple[str, str, str | None], Problem] = {}
    for result in results:
        for problem in result.problems:
            problems.setdefault((problem.code, problem.message, problem.cell), problem)
    told = list(problems.values())
    told.append(
        codes.problem(
            codes.SIDE_BY_SIDE,
            f"{len(results)} tables of one kind stand side by side; their {reading.lines_read:,} lines were read one "
            "table after the other.",
            sheet=decision.name,
            cell=f"{dict(decision.extra)[BESIDE][0].partition(':')[0]}{reading.first_data_row or 1}",
        )
    )
    return Extract(reading, told, sums)


def _kinds(readings: Sequence[SheetReading]) -> dict[int, RowMark]:
    """What each row is: a line where it is one in any table, so told only where no table has a line in it."""
    kinds: dict[int, RowMark] = {}
    for reading in readings:
        kinds.update(reading.row_kinds)
    for reading in readings:
        told = dict(reading.row_kinds)
        first, last = reading.first_data_row, reading.last_data_row
        if first is None or last is None:
            continue
        for row in [row for row in kinds if first <= row <= last and row not in told]:
            del kinds[row]
    return kinds
