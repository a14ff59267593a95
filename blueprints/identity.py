"""Who is signed in: one row per signed-in browser, looked up by the hash of what its cookie holds.

The cookie is signed, but a signature alone ends nothing: revoking the row does, whatever a copied cookie says. The time
it was last seen travels in the re-issued cookie, so that looking at a page writes nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask, current_app, g, request, session
from sqlalchemy.orm import Session

from mopsaudit import organisation
from mopsaudit.errors import NotFoundError
from mopsaudit.store.session import Actor, act_as, reading

IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=12)
#: Keys of the signed cookie: the session's own token, and when it was last seen (seconds).
_COOKIE_TOKEN: Final = "sid"
_SEEN: Final = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The signed-in person. ``grants`` are (role, every unit it counts in), sub-trees included."""

    account_id: int
    person_id: int
    name: str
    email: str
    theme: str
    shortcuts: bool
    second_factor: bool
    grants: tuple[tuple[str, frozenset[int]], ...]

    @property
    def actor(self) -> Actor:
        """The person as the one who acts."""
        return Actor.person(self.person_id)

    @property
    def roles(self) -> frozenset[str]:
        """Roles in any unit."""
        return frozenset(role for role, _ in self.grants)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role asks for a second factor that is not set up yet: those who approve need one."""
        return not self.second_factor and "approver" in self.roles

    def units_for(self, roles: Collection[str]) -> frozenset[int]:
        """The units in which one of ``roles`` is held."""
        return frozenset(unit for role, units in self.grants if role in roles for unit in units)


def init_app(app: Flask) -> None:
    """Resolve the person before anything else asks, and keep the cookie's last-seen time fresh."""
    app.config.setdefault("PERMANENT_SESSION_LIFETIME", LONGEST)
    app.config.setdefault("SESSION_COOKIE_HTTPONLY", True)
    app.config.setdefault("SESSION_COOKIE_SAMESITE", "Lax")
    app.before_request(_resolve)


def _resolve() -> None:
    g.identity = None
    g.identity_known = True
    token, seen = session.get(_COOKIE_TOKEN), session.get(_SEEN)
    if request.endpoint in ("shell.static", "bootstrap.static", "health.healthz"):
        return
    if not isinstance(token, str) or not isinstance(seen, int):
        return
    now = clock()
    if now - datetime.fromtimestamp(seen, UTC) > IDLE:
        forget()
        return
    with reading() as reader:
        g.identity = _look_up(reader, token, now)
    if g.identity is None:
        forget()
        return
    act_as(g.identity.actor)
    session.permanent = True
    session[_SEEN] = int(now.timestamp())


def clock() -> datetime:
    """The moment of the request (aware UTC), the same from its first line to its last."""
    if "now" not in g:
        tell: Callable[[], datetime] = current_app.config["MOPSAUDIT_CLOCK"]
        g.now = tell()
    moment: datetime = g.now
    return moment


def current() -> Identity | None:
    """The signed-in person; None for a stranger."""
    found: Identity | None = g.get("identity")
    return found


def person() -> Identity:
    """The signed-in person, in views that only they reach.

    Raises:
        RuntimeError: when nobody is signed in: the route was declared open.
    """
    found = current()
    if found is None:
        raise RuntimeError("nobody is signed in")
    return found


def permitted_units() -> frozenset[int]:
    """The units in which the person may do what the route does (set by the guard)."""
    units: frozenset[int] = g.get("permitted_units", frozenset())
    return units


def require_unit(unit_id: int | None) -> None:
    """Refuse a record, or a new value, of a unit the person may not act in; None is the root's.

    Raises:
        NotFoundError: the same answer as for a record that does not exist.
    """
    allowed = permitted_units()
    if unit_id is None:
        with reading() as reader:
            unit_id = organisation.root_unit(reader).id
    if unit_id not in allowed:
        raise NotFoundError("There is no such record.")
