"""Rates of a budget among rates of days: told by their kind, by a date such as ``Budget 2026``, or by the heading."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from importers.grid import Cell
from importers.months import names_year
from importers.texts import fold
from mopsaudit.intake.contract import ReadOptions, SheetDecision

_WORDS: Final = re.compile(r"\b(?:budget|plan|prévu|presupuest|begroting)", re.IGNORECASE)


def _says_budget(value: Cell) -> bool:
    return isinstance(value, str) and bool(_WORDS.search(value))


def budgeted(row: Mapping[str, Cell], decision: SheetDecision) -> bool:
    """Whether a row of rates (field → cell) is a budget's: its kind decides, else its date, else the rate's heading."""
    kind = row.get("kind")
    if isinstance(kind, str) and fold(kind):
        return _says_budget(kind)
    heading = decision.column("rate")
    return _says_budget(row.get("valid_from")) or (heading is not None and _says_budget(heading.header))


def budget_start(value: Cell, options: ReadOptions) -> date | None:
    """The first day of the fiscal year a cell names (``Budget 2026``, ``FY26``, 2026), by the year it ends in."""
    year = names_year(value)
    if year is None:
        return None
    return date(year if options.fiscal_start == 1 else year - 1, options.fiscal_start, 1)
