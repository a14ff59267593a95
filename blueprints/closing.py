"""Closing a month of all books keeps the forecast as it is known then, for every business unit."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from blueprints import identity, shell
from mopsaudit import organisation
from mopsaudit.reports import budget


@contextmanager
def keeping_forecasts(session: Session) -> Iterator[None]:
    """What is done inside may close books; when a further month is closed of all of them, the forecasts are kept."""
    before = budget.closed_month(session)
    yield
    session.flush()
    after = budget.closed_month(session)
    if after is None or (before is not None and after <= before):
        return
    who = identity.current()
    today = shell.today()
    units = organisation.list_units(session)
    budget.keep_forecasts(
        session,
        [organisation.scope_for(session, as_of=today, unit=each.id) for each in units],
        by=who.person_id if who is not None else None,
        now=shell.now(),
    )
