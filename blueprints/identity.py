"""Who is signed in: one row per signed-in browser, looked up by the hash of what its cookie holds.

The cookie is signed, but a signature alone ends nothing: revoking the row does, whatever a copied cookie says. The time
it was last seen travels in the re-issued cookie, so that looking at a page writes nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from mopsaudit import organisation
from mopsaudit.errors import NotFoundError
from mopsaudit.store.session import Actor, act_as, reading, unit_of_work

IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=12)
#: Clocks of several workers may differ by this much.
CLOCK_SKEW: Final = timedelta(minutes=1)
#: Keys of the signed cookie: the session's own token, and when it was last seen (seconds).
_BROWSER: Final = "sid"
_SEEN: Final = "seen"
_NOBODYS: Final = frozenset({"shell.static", "bootstrap.static", "health.healthz", "health.readyz"})
#: What a page asks by itself keeps nobody signed in.
_ASKED_BY_SCRIPTS: Final = frozenset({"shell.running"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The signed-in person. ``grants`` are (role, every unit it counts in), sub-trees included."""

    account_id: int
    person_id: int
    name: str
    email: str
    theme: str
    shortcuts: bool
    number_style: str | None
    time_zone: str | None
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
    app.config.update(
        PERMANENT_SESSION_LIFETIME=LONGEST,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # the last-seen time below refreshes it, and static files stay without
    )
    app.session_interface = _Cookie()
    if (login := getattr(app, "login_manager", None)) is not None:
        login.session_protection = None  # ours are rows; the library's own mark would touch every cookie
    app.before_request(_resolve)


class _Cookie(SecureCookieSessionInterface):
    """The signed cookie, sent over https only where the request came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether this answer's cookie is for https only."""
        return request.is_secure


def _resolve() -> None:
    g.signed_in = None
    if request.endpoint in _NOBODYS:
        return
    sid, seen = session.get(_BROWSER), session.get(_SEEN)
    if not isinstance(sid, str) or not isinstance(seen, int):
        return
    now = clock()
    if not timedelta(0) <= now - datetime.fromtimestamp(seen, UTC) + CLOCK_SKEW <= IDLE + CLOCK_SKEW:
        forget()
        return
    with reading() as reader:
        g.signed_in = _look_up(reader, sid, now)
    if g.signed_in is None:
        forget()
        return
    act_as(g.signed_in.actor)
    if request.endpoint not in _ASKED_BY_SCRIPTS:
        session.permanent = True
        session[_SEEN] = int(now.timestamp())


def _look_up(reader: Session, token: str, now: datetime) -> Identity | None:
    account = organisation.find_session(reader, token, now=now)
    if account is None:
        return None
    return Identity(
        account_id=account.id,
        person_id=account.person_id,
        name=account.person.name,
        email=account.email,
        theme=account.theme,
        shortcuts=account.shortcuts,
        number_style=account.locale,
        time_zone=account.time_zone,
        second_factor=bool(account.tf_totp_secret),
        grants=tuple(
            (grant.role, grant.unit_ids) for grant in organisation.memberships_of(reader, account.id)
        ),
    )


def begin(token: str) -> None:
    """Sign this browser in with a session token: nothing of the cookie before survives."""
    session.clear()
    session.permanent = True
    session[_BROWSER] = token
    session[_SEEN] = int(clock().timestamp())


def end() -> None:
    """Sign this browser out: its row is revoked and the cookie emptied."""
    token, who = session.get(_BROWSER), current()
    if isinstance(token, str) and who is not None:
        with unit_of_work(who.actor, now=clock()) as writer:
            organisation.revoke_session(writer, token, now=clock())
    forget()


def forget() -> None:
    """Empty the cookie and take the request for a stranger's."""
    session.clear()
    g.signed_in = None


def token() -> str | None:
    """The token of this browser's session."""
    found = session.get(_BROWSER)
    return found if isinstance(found, str) else None


def known() -> bool:
    """Whether a page may draw the frame: somebody is signed in and could be looked up."""
    return current() is not None


def visible_units() -> list[tuple[str, str, int]]:
    """Code, name and depth of the units the person may ask about here, in the order of the tree."""
    allowed = permitted_units()
    with reading() as reader:
        units = [unit for unit in organisation.list_units(reader) if unit.id in allowed]
    shallowest = min((unit.path.count("/") for unit in units), default=0)
    return [(unit.code, unit.name, unit.path.count("/") - shallowest) for unit in units]


def clock() -> datetime:
    """The moment of the request (aware UTC), the same from its first line to its last."""
    if "now" not in g:
        tell: Callable[[], datetime] = current_app.config["MOPSAUDIT_CLOCK"]
        g.now = tell()
    moment: datetime = g.now
    return moment


def current() -> Identity | None:
    """The signed-in person; None for a stranger."""
    found: Identity | None = g.get("signed_in")
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
        if "root_unit_id" not in g:  # a list asks for each of its rows
            with reading() as reader:
                g.root_unit_id = organisation.root_unit(reader).id
        unit_id = g.root_unit_id
    if unit_id not in allowed:
        raise NotFoundError("There is no such record.")
