"""Overlap: which tools do the same, proven on what is used, and what the cheapest set would save (PRODUCT.md §4.2)."""

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.overlap.analysis import TITLE, analyse
from mopsaudit.reports.overlap.query import gather
from mopsaudit.scope import Scope

__all__ = ["TITLE", "build"]


def build(session: Session, scope: Scope) -> Report:
    """The report of a scope; reads only."""
    return analyse(gather(session, scope))
