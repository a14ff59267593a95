"""When a person last looked at the dashboard and what it showed: the mark that *since your last visit* counts from.

Two states are kept per account. ``latest`` is what the dashboard last showed; ``seen`` is what it had last shown when
this visit began, and stays while the visit lasts. A sign-in begins a visit; *mark as seen* does too. Reading a page
writes nothing: a page asks to be noted by a request of its own. None of it is part of the trail.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.store.models import DashboardVisit


def visit_of(session: Session, account_id: int) -> DashboardVisit | None:
    """The marks of an account; None before its first visit was noted."""
    return session.get(DashboardVisit, account_id)


def begin_visit(session: Session, account_id: int) -> None:
    """A person comes back: what they were shown last is what is compared with from now on."""
    found = session.get(DashboardVisit, account_id)
    if found is not None and found.latest_at is not None:
        found.seen, found.seen_at = found.latest, found.latest_at
        session.flush()


def note_visit(session: Session, account_id: int, shown: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what the dashboard shows now, without moving what it is compared with."""
    found = session.get(DashboardVisit, account_id)
    if found is None:
        found = DashboardVisit(account_id=account_id)
        session.add(found)
    found.latest, found.latest_at = dict(shown), now
    session.flush()


def mark_seen(session: Session, account_id: int, shown: Mapping[str, Any], *, now: datetime) -> None:
    """The person has seen what is new: from now on everything is compared with the present state."""
    note_visit(session, account_id, shown, now=now)
    begin_visit(session, account_id)
