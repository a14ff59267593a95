"""Renewals: what ends when, until when notice can be sent, who owns it, and what of next year is already committed."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.reporting import Report
from mopsaudit.reports.renewals.analysis import analyse, deadlines
from mopsaudit.reports.renewals.calendar import calendar_text
from mopsaudit.reports.renewals.query import gather
from mopsaudit.scope import Scope

TITLE: Final = "Renewals"


def build(session: Session, scope: Scope) -> Report:
    """The renewals report of a scope."""
    return analyse(gather(session, scope))


def build_calendar(session: Session, scope: Scope, *, now: datetime) -> str:
    """The scope's deadlines as iCalendar text (RFC 5545); the same facts and ``now`` give the same text."""
    return calendar_text(deadlines(gather(session, scope)), now=now)
