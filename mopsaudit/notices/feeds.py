"""Calendar addresses: a person's private link to the send-by dates of a unit. Only the token's hash is kept."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.store.system import CalendarFeed


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_feed(session: Session, *, person_id: int, unit_id: int | None, now: datetime) -> str:
    """A new address for a person; the one they had ends. Returns its token, which is shown once.

    ``unit_id`` None is the whole company, as far as the person reached when the address was made.
    """
    close_feed(session, person_id=person_id, now=now)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(person_id=person_id, token_hash=_hash(token), unit_id=unit_id, created_at=now))
    session.flush()
    return token


def close_feed(session: Session, *, person_id: int, now: datetime) -> bool:
    """End a person's address; whether there was one."""
    feed = current_feed(session, person_id)
    if feed is None:
        return False
    feed.revoked_at = now
    session.flush()
    return True


def current_feed(session: Session, person_id: int) -> CalendarFeed | None:
    """The person's living address, or None."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc())
    ).first()


def feed_of(session: Session, token: str) -> CalendarFeed:
    """The living feed of a token.

    Raises:
        NotFoundError: unknown or ended: both answer alike.
    """
    feed = session.scalars(
        select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token), CalendarFeed.revoked_at.is_(None))
    ).first()
    if feed is None:
        raise NotFoundError("There is no such calendar.")
    return feed
