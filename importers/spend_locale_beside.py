"""What the columns beside a doubtful one show: one program writes all amounts with one mark, all days in one order."""

from collections.abc import Iterator, Sequence

from importers.amounts import amount_text, decimal_mark
from importers.dates import date_order, date_readings
from importers.spend_plan import Proposal

#: Rows looked at, texts a column must hold to tell anything, columns of a sheet that are looked at.
_ROWS, _LEAST, _WIDTH = 2000, 3, 40


def mark_beside(proposal: Proposal, column: int, start: int) -> str | None:
    """The decimal mark that the other columns of amounts in text show, where they agree; else None."""
    found = set()
    for texts in _beside(proposal, column, start):
        parts = [each for text in texts if (each := amount_text(text)) is not None]
        if len(parts) < _LEAST or len(parts) * 2 < len(texts):
            continue
        evidence = decimal_mark(parts)
        if evidence.undecided or evidence.mark is None:
            continue
        found.add(evidence.mark)
    return found.pop() if len(found) == 1 else None


def order_beside(proposal: Proposal, column: int, texts: Sequence[str], start: int) -> str | None:
    """The order of day and month that the other columns of dates written alike show, where they agree; else None.

    A column that shows both orders itself is not helped.
    """
    if any(len(set(date_readings(text).values())) == 1 for text in texts):
        own = {next(iter(date_readings(text)), "") for text in texts if len(date_readings(text)) == 1}
        if own - {""}:
            return None
    signs = {sign for text in texts for sign in text if sign in "./-"}
    found = set()
    for others in _beside(proposal, column, start):
        days = [text for text in others if date_readings(text)]
        if len(days) < _LEAST or len(days) * 2 < len(others):
            continue
        evidence = date_order(days)
        alike = {sign for text in days for sign in text if sign in "./-"} == signs
        if alike and not evidence.undecided and evidence.order is not None:
            found.add(evidence.order)
    return found.pop() if len(found) == 1 else None


def _beside(proposal: Proposal, column: int, start: int) -> Iterator[list[str]]:
    """The texts of every other column."""
    rows = proposal.grid.rows[start : start + _ROWS]
    for other in range(min(proposal.grid.width, _WIDTH)):
        if other != column:
            yield [value for row in rows if other < len(row) and isinstance(value := row[other], str)]
