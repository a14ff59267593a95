"""Coverage: capabilities, types and value roles served by none, one or several tools (PRODUCT.md §4.1)."""

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.coverage.analysis import TITLE, analyse
from mopsaudit.reports.coverage.query import gather
from mopsaudit.scope import Scope

__all__ = ["TITLE", "build"]


def build(session: Session, scope: Scope) -> Report:
    """The report of a scope; reads only."""
    return analyse(gather(session, scope))
