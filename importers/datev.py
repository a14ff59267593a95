"""DATEV's exchange files: a document's date stands as day and month, its year in the first line of the file.

The layout is DATEV's own (a line that begins ``EXTF`` or ``DTVF``, then the headings); the first line holds the period
the bookings are of. A date the period does not hold stays as it is written.
"""

import re
from datetime import date

from importers.grid import Grid
from importers.period_dates import day_within

_MARKS = ("EXTF", "DTVF")
_FROM, _UNTIL = 14, 15
_HEADING = "belegdatum"
_DAY = re.compile(r"\s*([0-9]{1,2})([0-9]{2})\s*")


def complete_dates(grid: Grid) -> None:
    """Give the document dates of such a file their year."""
    if len(grid.rows) < 3 or grid.rows[0][0] not in _MARKS:
        return
    head = grid.rows[0]
    first, last = (_day(head[place]) if len(head) > place else None for place in (_FROM, _UNTIL))
    columns = [
        place for place, heading in enumerate(grid.rows[1]) if str(heading).strip().casefold() == _HEADING
    ]
    if first is None or last is None or not columns:
        return
    for row in grid.rows[2:]:
        for column in columns:
            match = _DAY.fullmatch(str(row[column])) if column < len(row) else None
            if match is None:
                continue
            day = day_within(first, last, int(match.group(2)), int(match.group(1)))
            if day is not None:
                row[column] = day.isoformat()


def _day(value: object) -> date | None:
    text = str(value or "").strip()
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if re.fullmatch("[0-9]{8}", text) else None
    except ValueError:
        return None
