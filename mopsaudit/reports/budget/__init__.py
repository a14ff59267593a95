"""Budget: plan, invoiced, owed, where the year lands, and why."""

from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.periods import month_from_text
from mopsaudit.reporting import Report
from mopsaudit.reports.budget.analysis import analyse
from mopsaudit.reports.budget.kept import closed_month, compared, keep_forecasts
from mopsaudit.reports.budget.query import gather
from mopsaudit.scope import Scope

__all__ = ["BASES", "OPTIONS", "TITLE", "build", "closed_month", "keep_forecasts"]

TITLE: Final = "Budget"
OPTIONS: Final = ("basis", "moved_since", "moved_until")
BASES: Final = ("invoiced", "accrual")


def build(
    session: Session,
    scope: Scope,
    *,
    basis: str | None = None,
    moved_since: str | None = None,
    moved_until: str | None = None,
) -> Report:
    """The budget report of a scope; ``basis`` invoiced or accrual, default the budget's own.

    The bridge leads from the forecast kept when the month ``moved_since`` (``2026-03``) was closed to the one kept for
    ``moved_until``: default the newest kept, and the report's own.

    Raises:
        InvalidError: for another basis, or what is not a month.
    """
    if basis is not None and basis not in BASES:
        raise InvalidError(f"The basis is one of {' or '.join(BASES)}.", "basis")
    facts = gather(session, scope, basis=basis)
    since = _month("moved_since", moved_since)
    until = _month("moved_until", moved_until)
    return analyse(facts, compared(session, scope, facts, since=since, until=until))


def _month(option: str, text: str | None) -> int | None:
    """A month as given; None for none."""
    if text is None:
        return None
    try:
        return month_from_text(text)
    except ValueError:
        raise InvalidError("A month is written like 2026-03.", option) from None
