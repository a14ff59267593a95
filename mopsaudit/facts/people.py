"""The people behind the counts: who is active where, and who sits on an idle seat. Names: only to roles that act."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import fetch
from mopsaudit.facts.seats import AT_ONCE, users_in_buckets
from mopsaudit.facts.values import Snapshot, ToolFact
from mopsaudit.scope import Scope
from mopsaudit.store.models import Person, ReclaimCase


def active_people(
    session: Session, scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact]
) -> dict[int, int]:
    """The active people of each tool as a bit set (one bit a person, the same in all tools), by tool id.

    A person is told by the matched person, else by the user key. Ask only for tools that are compared.
    """
    bits: dict[int | str, int] = {}
    result: dict[int, int] = defaultdict(int)
    for start in range(0, len(snapshots), AT_ONCE):
        users = users_in_buckets(scope, snapshots[start : start + AT_ONCE], tools).subquery()
        people: dict[int, list[int]] = defaultdict(list)
        for tool_id, person_id, key in fetch(
            session,
            select(users.c.tool_id, users.c.person_id, users.c.user_key)
            .where(users.c.bucket.in_(("active", "unlicensed")))
            .order_by(users.c.tool_id, users.c.tool_user_id),
        ):
            people[tool_id].append(bits.setdefault(person_id or key, len(bits)))
        for tool_id, found in people.items():
            size = bytearray(max(found) // 8 + 1)
            for bit in found:
                size[bit >> 3] |= 1 << (bit & 7)
            result[tool_id] |= int.from_bytes(size, "little")
    return dict(result)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleUser:
    """A user behind an idle seat: for roles that act on them. ``last_seen`` None: never or not known.

    ``state`` is where asking stands: candidate, asked, kept, reclaimed.
    """

    tool_user_id: int
    person_id: int | None
    user_key: str
    name: str
    account_kind: str
    leaver: bool
    last_seen: date | None
    state: str


def idle_users(
    session: Session, scope: Scope, snapshot: Snapshot, tools: Sequence[ToolFact]
) -> tuple[IdleUser, ...]:
    """The people behind a tool's idle seats, leavers first, then the longest unseen. Names: only to roles that act."""
    users = users_in_buckets(scope, (snapshot,), tools).subquery()
    rows = fetch(
        session,
        select(
            users.c.tool_user_id,
            users.c.person_id,
            users.c.user_key,
            Person.name,
            users.c.account_kind,
            users.c.bucket,
            users.c.last,
            ReclaimCase.state,
        )
        .outerjoin(Person, Person.id == users.c.person_id)
        .outerjoin(ReclaimCase, ReclaimCase.tool_user_id == users.c.tool_user_id)
        .where(users.c.bucket.in_(("inactive", "leaver")))
        .order_by(users.c.tool_user_id),
    )
    found = [
        IdleUser(
            tool_user_id=user_id,
            person_id=person_id,
            user_key=key,
            name=name or key,
            account_kind=kind,
            leaver=bucket == "leaver",
            last_seen=last,
            state=state or "candidate",
        )
        for user_id, person_id, key, name, kind, bucket, last, state in rows
    ]
    return tuple(
        sorted(found, key=lambda each: (not each.leaver, each.last_seen or date.min, each.tool_user_id))
    )
