"""Quality: how complete each tool's facts are and what the money is known to be (PRODUCT.md §4.1, 4.10)."""

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.quality.analysis import TITLE, analyse
from mopsaudit.reports.quality.query import gather
from mopsaudit.scope import Scope

__all__ = ["TITLE", "build"]


def build(session: Session, scope: Scope) -> Report:
    """The report of a scope; reads only."""
    return analyse(gather(session, scope))
