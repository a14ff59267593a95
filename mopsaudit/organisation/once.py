"""A form posted once: the second post of the same token finds the first one's result, whatever worker takes it."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mopsaudit.store.models import FormToken

#: How long a token is remembered.
KEPT = timedelta(days=2)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def claim_form_token(session: Session, token: str, *, now: datetime) -> str | None:
    """None when this is the first use of ``token``; else the address the first use led to (``/`` if it kept none).

    Of several at once, the others wait for the first to commit; if it is undone, the next one is the first.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(delete(FormToken).where(FormToken.used_at < now - KEPT))
    taken = session.execute(
        insert(FormToken)
        .values(token=_hash(token), used_at=now)
        .on_conflict_do_nothing(index_elements=["token"])
        .returning(FormToken.id)
    ).one_or_none()
    if taken is not None:
        return None
    return session.scalar(select(FormToken.location).where(FormToken.token == _hash(token))) or "/"


def keep_form_location(session: Session, token: str, location: str) -> None:
    """Remember where the first use of ``token`` led to, in the unit of work that claimed it."""
    session.execute(
        update(FormToken)
        .where(FormToken.token == _hash(token))
        .values(location=location[:400])
        .execution_options(synchronize_session=False)
    )
