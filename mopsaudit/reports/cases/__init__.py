"""Business cases: what was promised, what was delivered, and the spend that no case covers."""

from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.cases.analysis import analyse
from mopsaudit.reports.cases.query import gather
from mopsaudit.scope import Scope

TITLE: Final = "Approved vs delivered"


def build(session: Session, scope: Scope) -> Report:
    """The business-case report of a scope."""
    return analyse(gather(session, scope))
