"""The stack map: tools by category and type with yearly cost and marks, by unit, at any date (PRODUCT.md §4.1)."""

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.stack.analysis import TITLE, analyse, mark
from mopsaudit.reports.stack.query import gather
from mopsaudit.scope import Scope

__all__ = ["TITLE", "build", "mark"]


def build(session: Session, scope: Scope) -> Report:
    """The report of a scope; reads only."""
    return analyse(gather(session, scope))
