"""Taking seats back: who sits on an idle one, where asking stands, and each change of it (PRODUCT.md §4.3).

Only people and leavers may be asked, and only where a vendor's own export or single sign-on shows activity: a survey
names nobody, an estimate proposes nothing. A state outlives the next usage file and its undo.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.people import IdleUser, idle_users
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.tools import tools_at
from mopsaudit.facts.validity import in_scope
from mopsaudit.facts.values import Snapshot, ToolFact
from mopsaudit.facts.wording import count
from mopsaudit.scope import Scope
from mopsaudit.store.models import Person, ReclaimCase, Tool, ToolUser

STATES: Final = ("candidate", "asked", "kept", "reclaimed")
#: From each state, what may follow. A leaver need not be asked.
NEXT: Final[Mapping[str, frozenset[str]]] = {
    "candidate": frozenset({"asked"}),
    "asked": frozenset({"candidate", "kept", "reclaimed"}),
    "kept": frozenset({"asked"}),
    "reclaimed": frozenset({"asked"}),
}
_IDLE: Final = ("inactive", "leaver")
#: Groups smaller than this are hidden from those who may not see names.
SMALLEST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The people behind a tool's idle seats, and everybody asked before; ``why`` nobody may be named, if so."""

    tool: ToolFact
    snapshot: Snapshot | None
    users: tuple[IdleUser, ...]
    why: str | None = None

    @property
    def by_state(self) -> dict[str, int]:
        """How many stand in each state; ``again`` are seats taken back and in use or held since."""
        counts = Counter(each.state for each in self.users)
        return {state: counts[state] for state in STATES} | {"again": sum(each.again for each in self.users)}


def people_behind(session: Session, scope: Scope, tool_id: int) -> Behind:
    """The list of a tool; names are for roles that act on them.

    Raises:
        NotFoundError: for a tool outside the scope, or merged into another.
    """
    tools = tuple(each for each in tools_at(session, scope) if each.id == tool_id)
    if not tools:
        raise NotFoundError("There is no such tool.")
    found = snapshots_until(session, scope).get(tool_id, ())
    best = best_snapshot(found, scope.as_of, scope.settings.usage_fresh_days)
    why = _nobody(best)
    if why is not None or best is None:
        return Behind(tool=tools[0], snapshot=best, users=(), why=why)
    users = idle_users(session, scope, best, tools, asked=True)
    inside = scope.whole or bool(tools[0].units and set(tools[0].units) <= set(scope.unit_ids))
    gone = _gone(session, tool_id, {each.user_key for each in users}) if inside else ()
    return Behind(tool=tools[0], snapshot=best, users=(*users, *gone))


def _nobody(best: Snapshot | None) -> str | None:
    """Why nobody may be named from a usage file; None when people may be."""
    if best is None:
        return "no usage file says who uses it"
    if best.grade == "D":
        return "an estimate (grade D) proposes nothing"
    if best.grade not in {"A", "B"}:
        return "a survey (grade C) names nobody"
    if not best.shows_activity:
        return "an assignment list gives allocation only, not who is active"
    return None


def _gone(session: Session, tool_id: int, known: set[str]) -> tuple[IdleUser, ...]:
    """People asked before who no longer stand in the usage file: their licence is gone from it."""
    rows = session.execute(
        select(ReclaimCase, ToolUser, Person.name)
        .join(ToolUser, ToolUser.id == ReclaimCase.tool_user_id)
        .outerjoin(Person, Person.id == ToolUser.person_id)
        .where(ToolUser.tool_id.in_(heads(session).family((tool_id,))))
        .order_by(ReclaimCase.id)
    )
    return tuple(
        IdleUser(
            tool_user_id=user.id,
            person_id=user.person_id,
            user_key=user.user_key,
            name=name or user.user_key,
            account_kind=user.account_kind,
            leaver=user.account_kind == "leaver",
            last_seen=None,
            state=case.state,
            bucket="gone",
            version=case.version,
            asked_on=case.asked_on,
            settled_on=case.settled_on,
            note=case.note,
        )
        for case, user, name in rows
        if user.user_key not in known
    )


def move_seats(
    session: Session,
    scope: Scope,
    tool_id: int,
    chosen: Mapping[int, int],
    state: str,
    *,
    on: date,
    by_id: int | None,
    note: str = "",
) -> int:
    """Bring the chosen users of a tool (user → version seen, 0: no record yet) to a state; how many changed.

    Who stands in it already is left alone, so the same form sent twice has one effect.

    Raises:
        NotFoundError: a tool outside the scope, or a user who is not on its list.
        InvalidError: nobody chosen, an unknown state, a step that does not follow, a seat in use that was never asked
            about, a day to come, or a kept seat without a reason.
        ConflictError: somebody changed one of them meanwhile.
    """
    if state not in STATES:
        raise InvalidError("Choose what happened.", "state")
    if not chosen:
        raise InvalidError("Choose at least one person.", "users")
    if on > scope.as_of:
        raise InvalidError("That day is still to come.", "on")
    why = " ".join(note.split())[:2000]
    if state == "kept" and not why:
        raise InvalidError("Say why the seat is kept.", "note")
    listed = {each.tool_user_id: each for each in people_behind(session, scope, tool_id).users}
    if set(chosen) - set(listed):
        raise NotFoundError("There is no such person on the list.")
    moved = 0
    for user_id, seen in sorted(chosen.items()):
        moved += _move(session, listed[user_id], seen, state, on, by_id, why)
    session.flush()
    return moved


def _move(
    session: Session, user: IdleUser, seen: int, state: str, on: date, by_id: int | None, why: str
) -> bool:
    case = session.scalars(
        select(ReclaimCase).where(ReclaimCase.tool_user_id == user.tool_user_id).with_for_update()
    ).one_or_none()
    now = case.state if case else "candidate"
    if now == state:
        return False
    if (case.version if case else 0) != seen:
        raise ConflictError(
            f"Somebody said meanwhile that {user.name} is {now}. Look at the list again.", {"state": now}
        )
    allowed = NEXT[now] | ({"reclaimed"} if now == "candidate" and user.leaver else set())
    if state not in allowed:
        raise InvalidError(f"{user.name} is {now}: {_steps(allowed)} can follow.", "state")
    if now == "candidate" and user.bucket not in _IDLE:
        raise InvalidError(f"{user.name} uses the seat; there is nothing to ask for.", "users")
    if case is None:
        case = ReclaimCase(tool_user_id=user.tool_user_id)
        session.add(case)
    case.state = state
    case.changed_by_id = by_id
    case.note = why or None
    if state == "asked":
        case.asked_on, case.settled_on = on, None
    elif state == "candidate":
        case.asked_on = case.settled_on = None
    else:
        case.settled_on = on
    return True


def _steps(allowed: frozenset[str]) -> str:
    return " or ".join(sorted(allowed))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSeat:
    """A seat somebody was asked about, of any tool of the scope."""

    tool_id: int
    tool: str
    name: str
    state: str
    asked_on: date | None
    settled_on: date | None
    note: str | None


def asked_seats(session: Session, scope: Scope) -> tuple[AskedSeat, ...]:
    """Everybody who was asked for a seat, of the tools of the scope, the open ones first. Names: for roles that act."""
    merged = heads(session)
    named = session.execute(select(Tool.id, Tool.name).where(in_scope(scope)).order_by(Tool.id)).all()
    names = {tool_id: name for tool_id, name in named}  # noqa: C416  # a row is no pair to the type checker
    rows = session.execute(
        select(ReclaimCase, ToolUser.tool_id, ToolUser.user_key, Person.name)
        .join(ToolUser, ToolUser.id == ReclaimCase.tool_user_id)
        .outerjoin(Person, Person.id == ToolUser.person_id)
        .where(ReclaimCase.state != "candidate")
        .order_by(ReclaimCase.id)
    )
    found = [
        AskedSeat(
            tool_id=merged.tool(tool_id),
            tool=names[merged.tool(tool_id)],
            name=name or key,
            state=case.state,
            asked_on=case.asked_on,
            settled_on=case.settled_on,
            note=case.note,
        )
        for case, tool_id, key, name in rows
        if merged.tool(tool_id) in names
    ]
    return tuple(sorted(found, key=lambda each: (STATES.index(each.state), each.tool.lower(), each.name)))


def hidden(number: int, *, names: bool) -> str:
    """A count of people for those who may not see names: 1 to 4 are ``under 5``."""
    return f"under {SMALLEST}" if not names and 0 < number < SMALLEST else f"{number:,}"


def list_answer(behind: Behind, *, names: bool) -> str:
    """How many idle seats there are and where asking stands, in a sentence."""
    if behind.why is not None:
        return f"Nobody is proposed for {behind.tool.name}: {behind.why}."
    states = behind.by_state
    idle = sum(each.bucket in _IDLE for each in behind.users)
    if not behind.users:
        return f"Everybody who holds a seat of {behind.tool.name} uses it."
    said = f"{_people(idle, names=names)} of {behind.tool.name} sit on a seat they do not use"
    if idle == 1 and names:
        said = f"1 person of {behind.tool.name} sits on a seat they do not use"
    parts = [
        f"{hidden(states[state], names=names)} {words}"
        for state, words in (("asked", "asked"), ("kept", "kept"), ("reclaimed", "taken back"))
        if states[state]
    ]
    text = f"{said}; {', '.join(parts)}" if parts else f"{said}; nobody was asked yet"
    if states["again"]:
        text += f"; {hidden(states['again'], names=names)} taken back and in use or held again"
    return f"{text}."


def _people(number: int, *, names: bool) -> str:
    return (
        count(number, "person", "people")
        if names or number >= SMALLEST or not number
        else f"under {SMALLEST} people"
    )
