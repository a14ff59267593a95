"""Signed-in browsers as rows, and the throttle of sign-ins: both shared by all workers."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mopsaudit.store.models import Account, SignInAttempt, WebSession

#: A session ends this long after it was opened, whatever happens in it.
LONGEST: Final = timedelta(hours=12)
#: Failures are counted over this long.
WINDOW: Final = timedelta(minutes=15)
#: Failures within the window after which a key has to wait, by the key's first word; the rest at 5.
_LIMITS: Final = {"address": 30, "account": 10}
_FEWEST: Final = 5


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(session: Session, account_id: int, *, now: datetime, agent: str | None = None) -> str:
    """Sign a browser in. The token goes into its cookie; the row keeps the hash only."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(WebSession).where(WebSession.created_at < now - 10 * LONGEST))
    session.add(
        WebSession(
            token_hash=_hash(token),
            account_id=account_id,
            created_at=now,
            agent=agent[:200] if agent else None,
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, *, now: datetime) -> Account | None:
    """The account a browser is signed in as; None for a wrong, revoked or outlived token or an inactive account."""
    return session.scalars(
        select(Account)
        .join(WebSession, WebSession.account_id == Account.id)
        .where(
            WebSession.token_hash == _hash(token),
            WebSession.revoked_at.is_(None),
            WebSession.created_at > now - LONGEST,
            Account.active,
        )
    ).one_or_none()


def revoke_session(session: Session, token: str, *, now: datetime) -> None:
    """Sign one browser out; a token nobody knows changes nothing."""
    session.execute(
        update(WebSession)
        .where(WebSession.token_hash == _hash(token), WebSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def revoke_sessions(session: Session, account_id: int, *, now: datetime, but: str | None = None) -> None:
    """Sign an account out everywhere, except in the browser with the token ``but``."""
    statement = update(WebSession).where(WebSession.account_id == account_id, WebSession.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(WebSession.token_hash != _hash(but))
    session.execute(statement.values(revoked_at=now).execution_options(synchronize_session=False))


def _kept(key: str) -> str:
    """A key as it is stored: its first word in the clear, the rest (an address, a name) hashed."""
    word, _, rest = key.partition(":")
    return f"{word[:20]}:{hashlib.sha256(rest.encode('utf-8', 'surrogatepass')).hexdigest()}"


def note_failed_sign_in(session: Session, keys: Collection[str], *, now: datetime) -> None:
    """Count a failure under each key (``address:…``, ``account:…``, ``pair:…``)."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    session.add_all(SignInAttempt(key=_kept(key), at=now) for key in sorted(keys))
    session.flush()


def is_throttled(session: Session, keys: Collection[str], *, now: datetime) -> bool:
    """Whether one of the keys failed too often in the last 15 minutes. Nobody is locked out for good."""
    counts = session.execute(
        select(SignInAttempt.key, func.count())
        .where(SignInAttempt.key.in_([_kept(key) for key in keys]), SignInAttempt.at > now - WINDOW)
        .group_by(SignInAttempt.key)
        .order_by(SignInAttempt.key)
    ).all()
    return any(count >= _LIMITS.get(key.partition(":")[0], _FEWEST) for key, count in counts)


def forget_failed_sign_ins(session: Session, keys: Collection[str]) -> None:
    """Start the count anew after a success; leave out the address, which others share."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_([_kept(key) for key in keys])))
