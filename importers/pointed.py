"""A table a person points at on a sheet in which none was found: columns and heading rows are theirs.

On the review page of a refused file a person says which columns are what and which row holds the headings. What they
leave open (decimal marks, the order of days, tax, currency) is found or asked as for any table. The layout is
remembered by its headings, like every correction.
"""

from dataclasses import replace
from datetime import date, datetime

from importers.amounts import amount_text
from importers.dates import date_readings
from importers.fingerprints import fingerprint
from importers.grid import Cell, Grid
from importers.table import Header, headings_of, span
from importers.words import Words
from mopsaudit.intake.contract import Kind, ReadingDecision, ReadOptions, SheetDecision

#: In a decision's extra: a person pointed at the table.
POINTED = "pointed"
#: How far down a sheet a remembered heading is looked for, in rows.
_DEPTH = 80


def with_pointed(options: ReadOptions) -> ReadOptions:
    """The options with what their decision points at, where it holds only what a person said; else themselves."""
    used = [] if options.decision is None else [sheet for sheet in options.decision.sheets if sheet.used]
    if not used or any(sheet.fingerprint or not all_said(sheet) for sheet in used):
        return options
    names = tuple(sheet.name for sheet in used if sheet.name is not None)
    return replace(options, decision=None, pointed=tuple(used), sheets=names)


def all_said(decision: SheetDecision) -> bool:
    """Whether every column of a decision is a person's word, and there are any."""
    return bool(decision.columns) and all(choice.by_person for choice in decision.columns)


def pointed_at(grid: Grid, options: ReadOptions) -> SheetDecision | None:
    """What a person said of this sheet now, or of one with the same headings before; None where nobody did."""
    if options.pointed:
        return next((each for each in options.pointed if each.name == grid.name), None)
    for print_, data in options.profiles:
        if not data.get("extra", {}).get(POINTED):
            continue
        stored = ReadingDecision.from_json(
            {"kind": Kind.SPEND.value, "answers": {}, "sheets": [dict(data)]}
        ).sheets[0]
        depth = len(stored.header_rows)
        for index in range(min(len(grid.rows), _DEPTH) - depth + 1) if depth else ():
            rows = tuple(grid.numbers[index : index + depth])
            told = replace(
                stored,
                name=grid.name,
                header_rows=rows,
                first_row=rows[-1] + 1,
                row_marks=(),
                columns=tuple(choice for choice in stored.columns if choice.by_person),
            )
            header = Header(rows, headings_of(grid, told), [], index + depth, 0.0)
            if fingerprint(header, stored.layout) == print_:
                return told
    return None


def header_at(grid: Grid, told: SheetDecision, words: Words) -> Header:
    """The header of the table pointed at: the rows a person named, else the row of texts above the first values."""
    columns = [column for choice in told.columns for column in span(choice)]
    if told.header_rows:
        first = grid.position(told.first_row)
    else:
        first = next((place for place, row in enumerate(grid.rows) if _valued(row, columns)), 0)
        above = grid.rows[first - 1] if first else []
        if any(column < len(above) and isinstance(above[column], str) for column in columns):
            told = replace(told, header_rows=(grid.numbers[first - 1],))
    headings = headings_of(grid, told)
    return Header(
        rows=told.header_rows,
        headings=headings,
        matches=[words.fields(heading) if heading else {} for heading in headings],
        first_index=first,
        score=1.0,
    )


def _valued(row: list[Cell], columns: list[int]) -> bool:
    """Whether a row holds a number or a day in one of the columns."""
    values = [row[column] for column in columns if column < len(row)]
    return any(
        isinstance(value, int | float | datetime | date)
        or (isinstance(value, str) and (amount_text(value) is not None or bool(date_readings(value))))
        for value in values
    )


def asked_with(options: ReadOptions, told: SheetDecision) -> ReadOptions:
    """The options with a person's columns as maps."""
    maps = tuple((choice.field, f"{choice.letters.partition(':')[0]}:") for choice in told.columns)
    return replace(options, maps=maps)


def as_told(decision: SheetDecision, told: SheetDecision) -> SheetDecision:
    """A proposed decision with what a person said marked as theirs, so that it is remembered."""
    if not decision.used:
        return decision
    said = {(choice.field, choice.letters) for choice in told.columns}
    columns = tuple(
        replace(choice, by_person=True, why="You said so.", confidence=1.0)
        if (choice.field, choice.letters) in said
        else choice
        for choice in decision.columns
    )
    return replace(
        decision,
        columns=columns,
        row_marks=told.row_marks,
        confidence=1.0,
        extra=tuple(sorted({**dict(decision.extra), POINTED: True}.items())),
    )
