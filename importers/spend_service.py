"""What a line of spend pays for: the days its service runs, from two columns or from one that holds both."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from importers import codes
from importers.dates import month_value
from importers.grid import Cell, address
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import SheetDecision
from mopsaudit.problems import ProblemCode

#: First and last day in one cell, by what stands between them.
_BETWEEN: Final = re.compile(r"\s+(?:-|–|—|to|until|till|bis|au|al|a|t/m|tot|til|till och med)\s+|\s*[–—]\s*")
_NOTHING: Final = (None, None)
Days = tuple[date | None, date | None]


class ServiceDates:
    """Reads service dates as a decision says. ``day_of`` reads a cell as a day; problems go to ``report``."""

    def __init__(
        self,
        decision: SheetDecision,
        day_of: Callable[[Cell], date | None],
        report: Callable[[ProblemCode, str, str | None], None],
    ) -> None:
        columns = {choice.field: span(choice)[0] for choice in decision.columns}
        self.first, self.last = columns.get("service_from"), columns.get("service_until")
        self._day_of, self._report = day_of, report

    @property
    def told(self) -> bool:
        """Whether the sheet says what its lines pay for at all."""
        return self.first is not None

    def of(self, row: list[Cell], number: int) -> Days:
        """First day and day after the last, both None where the row does not say both. A missing one is no problem."""
        if self.first is None:
            return _NOTHING
        said = row[self.first] if self.first < len(row) else None
        end = row[self.last] if self.last is not None and self.last < len(row) else None
        if self.last is None and isinstance(said, str):
            month = month_value(said)
            if month is not None:
                return month, date(month.year + month.month // 12, month.month % 12 + 1, 1)
            parts = _BETWEEN.split(fold(said))
            if len(parts) == 2:
                said, end = parts
            elif fold(said) and self._day_of(said) is None:
                return self._odd(row, number)
        if said in (None, "") or end in (None, ""):
            return _NOTHING
        first, last = self._day_of(said), self._day_of(end)
        if first is None or last is None or last < first:
            return self._odd(row, number)
        return first, after(first, last)

    def _odd(self, row: list[Cell], number: int) -> Days:
        assert self.first is not None
        shown = " to ".join(
            fold(str(row[column]))[:40]
            for column in (self.first, self.last)
            if column is not None and column < len(row)
        )
        self._report(
            codes.SERVICE_UNREADABLE,
            f"Row {number}: “{shown}” cannot be read as the days the line pays for; it has none.",
            address(number, self.first),
        )
        return _NOTHING


def after(first: date, last: date) -> date:
    """The day after a service that is said to run from ``first`` to ``last``.

    The last day is part of it, but for a term written from one day to the same day of a later month (1 January to
    1 January), which ends before that day.
    """
    if last.day == first.day and (last.year, last.month) != (first.year, first.month):
        return last
    return last + timedelta(days=1)
