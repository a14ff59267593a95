"""Under-use: what is paid for and not used, what it cost, what comes back at the next renewal (PRODUCT.md §4.3)."""

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.underuse.analysis import TITLE, analyse
from mopsaudit.reports.underuse.query import gather, reclaim_list
from mopsaudit.scope import Scope

__all__ = ["TITLE", "build", "reclaim_list"]


def build(session: Session, scope: Scope) -> Report:
    """The report of a scope; reads only."""
    return analyse(gather(session, scope))
