"""Where the header of a spend sheet may stand: rows its words name, a line of unknown words, or none at all."""

from datetime import date, datetime

from importers.amounts import amount_text
from importers.dates import date_readings
from importers.grid import Grid
from importers.spend_columns import WEIGHTS, WORDS
from importers.table import Header, find_headers, heading_of, plain_text_row


def header_candidates(grid: Grid) -> list[Header]:
    """Headers to try: the best named ones, then a header in words nobody listed, or no header where there is none."""
    named = find_headers(grid, WORDS, WEIGHTS)[:8]
    floor = named[0].score * 0.3 if named else 0.0
    return [*(header for header in named if header.score >= floor), _unnamed(grid) or _headless(grid)]


def _headless(grid: Grid) -> Header:
    width = min(grid.width, 256)
    return Header(
        rows=(), headings=[""] * width, matches=[{} for _ in range(width)], first_index=0, score=0.0
    )


def _unnamed(grid: Grid) -> Header | None:
    """A line of short texts over amounts or dates: a header in words nobody listed, and no line of the table."""
    width = min(grid.width, 256)
    for index in range(min(len(grid.rows) - 1, 20)):
        row = grid.rows[index]
        if not plain_text_row(row):
            continue
        below = grid.rows[index + 1]
        if plain_text_row(below) or sum(value is not None for value in below) < 2:
            continue
        headings = [heading_of(value) for value in row[:width]]
        headings.extend([""] * (width - len(headings)))
        return Header(
            rows=(grid.numbers[index],),
            headings=headings,
            matches=[WORDS.fields(heading) if heading else {} for heading in headings],
            first_index=index + 1,
            score=0.0,
        )
    return None


def lines_above(grid: Grid, header: Header) -> int:
    """How many rows above a header look like lines: a date, a name and an amount in one row."""
    found = 0
    for row in grid.rows[: max(0, header.first_index - len(header.rows))]:
        dated = named = amount = False
        for value in row:
            if isinstance(value, str):
                if date_readings(value):
                    dated = True
                elif amount_text(value) is not None:
                    amount = True
                else:
                    named = True
            elif isinstance(value, datetime | date):
                dated = True
            elif isinstance(value, int | float) and not isinstance(value, bool):
                amount = True
        found += dated and named and amount
    return found
