"""Budget: plan, invoiced, owed, where the year lands, and why."""

from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.reporting import Report
from mopsaudit.reports.budget.analysis import analyse
from mopsaudit.reports.budget.kept import closed_month, former_forecast, keep_forecasts
from mopsaudit.reports.budget.query import gather
from mopsaudit.scope import Scope

__all__ = ["BASES", "OPTIONS", "TITLE", "build", "closed_month", "keep_forecasts"]

TITLE: Final = "Budget"
OPTIONS: Final = ("basis",)
BASES: Final = ("invoiced", "accrual")


def build(session: Session, scope: Scope, *, basis: str | None = None) -> Report:
    """The budget report of a scope; ``basis`` invoiced or accrual, default the budget's own.

    Raises:
        InvalidError: for another basis.
    """
    if basis is not None and basis not in BASES:
        raise InvalidError(f"The basis is one of {' or '.join(BASES)}.", "basis")
    facts = gather(session, scope, basis=basis)
    return analyse(facts, former_forecast(session, scope, facts))
