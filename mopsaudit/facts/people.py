"""The people behind the counts: who is active where, and who sits on an idle seat. Names: only to roles that act."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, String, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from mopsaudit.facts.buckets import (
    chosen_days,
    joined_bucket,
    leavers_by_day,
    users_in_buckets,
    within_scope,
)
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.seats import AT_ONCE
from mopsaudit.facts.values import Snapshot, ToolFact
from mopsaudit.scope import Scope
from mopsaudit.store.models import Person, ReclaimCase, ToolUser, UsageRecord

#: Buckets whose users sit on an idle seat.
_IDLE: Final = ("inactive", "leaver")
#: Buckets of users who hold no licence.
_WITHOUT: Final = ("none", "unlicensed", "gone")


def active_people(
    session: Session, scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact]
) -> dict[int, int]:
    """The active people of each tool as a bit set (one bit a person, the same in all tools), by tool id.

    A person is told by the matched person, else by the user key; joined files count with the one they are joined to.
    Ask only for tools that are compared.
    """
    snapshots = [file for each in snapshots for file in each.files]
    bits: dict[str, int] = {}
    result: dict[int, int] = defaultdict(int)
    for start in range(0, len(snapshots), AT_ONCE):
        chosen = chosen_days(scope, snapshots[start : start + AT_ONCE], tools)
        gone = leavers_by_day()
        person = cast(ToolUser.person_id, String)
        rows = fetch(
            session,
            select(
                chosen.c.tool_id,
                func.aggregate_strings(person, "\n"),
                func.aggregate_strings(case((ToolUser.person_id.is_(None), ToolUser.user_key)), "\n"),
            )
            .join(UsageRecord, UsageRecord.snapshot_id == chosen.c.id)
            .join(ToolUser, ToolUser.id == UsageRecord.tool_user_id)
            .outerjoin(gone, gone.c.id == ToolUser.id)
            .where(
                UsageRecord.last_activity.between(chosen.c.first, chosen.c.day),
                or_(gone.c.on.is_(None), gone.c.on > chosen.c.day),
                within_scope(scope, tools, chosen),
            )
            .group_by(chosen.c.tool_id)
            .order_by(chosen.c.tool_id),
        )
        for tool_id, persons, keys in rows:
            found = [
                bits.setdefault(name, len(bits))
                for text, sign in ((persons, "#"), (keys, "@"))
                if text
                for name in (sign + each for each in text.split("\n"))
            ]
            if found:
                size = bytearray(max(found) // 8 + 1)
                for bit in found:
                    size[bit >> 3] |= 1 << (bit & 7)
                result[tool_id] |= int.from_bytes(size, "little")
    return dict(result)


def active_by_unit(
    session: Session, scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact]
) -> dict[tuple[int, int | None], frozenset[str]]:
    """The active people of each tool by (tool, their unit); None is no unit. A person is ``#id``, else ``@key``.

    Who stands in several units of one tool is in each. Joined files count with the one they are joined to.
    """
    snapshots = [file for each in snapshots for file in each.files]
    result: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    for start in range(0, len(snapshots), AT_ONCE):
        chosen = chosen_days(scope, snapshots[start : start + AT_ONCE], tools)
        gone = leavers_by_day()
        rows = fetch(
            session,
            select(chosen.c.tool_id, UsageRecord.unit_id, ToolUser.person_id, ToolUser.user_key)
            .join(UsageRecord, UsageRecord.snapshot_id == chosen.c.id)
            .join(ToolUser, ToolUser.id == UsageRecord.tool_user_id)
            .outerjoin(gone, gone.c.id == ToolUser.id)
            .where(
                UsageRecord.last_activity.between(chosen.c.first, chosen.c.day),
                or_(gone.c.on.is_(None), gone.c.on > chosen.c.day),
                within_scope(scope, tools, chosen),
            )
            .order_by(chosen.c.tool_id, UsageRecord.unit_id, ToolUser.id),
        )
        for tool_id, unit_id, person_id, key in rows:
            result[tool_id, unit_id].add(f"#{person_id}" if person_id is not None else f"@{key}")
    return {key: frozenset(found) for key, found in result.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleUser:
    """A user behind an idle seat: for roles that act on them. ``last_seen`` None: never or not known.

    ``state`` is where asking stands: candidate, asked, kept, reclaimed; ``version`` its record's (0: none yet).
    ``bucket`` is what the seat is doing (inactive, leaver, active …; ``gone``: no longer in the file). ``again``: the
    seat was taken back, and the person has been active since or holds it still.
    """

    tool_user_id: int
    person_id: int | None
    user_key: str
    name: str
    account_kind: str
    leaver: bool
    last_seen: date | None
    state: str
    bucket: str = "inactive"
    version: int = 0
    asked_on: date | None = None
    settled_on: date | None = None
    note: str | None = None
    again: bool = False


def idle_users(
    session: Session, scope: Scope, snapshot: Snapshot, tools: Sequence[ToolFact], *, asked: bool = False
) -> tuple[IdleUser, ...]:
    """The people behind a tool's idle seats, leavers first, then the longest unseen. Names: only to roles that act.

    ``asked``: everybody who was ever asked too, whatever the seat does now.
    """
    users = users_in_buckets(scope, snapshot.files, tools).subquery()
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
            ReclaimCase.version,
            ReclaimCase.asked_on,
            ReclaimCase.settled_on,
            ReclaimCase.note,
        )
        .outerjoin(Person, Person.id == users.c.person_id)
        .outerjoin(ReclaimCase, ReclaimCase.tool_user_id == users.c.tool_user_id)
        .where(
            true()
            if snapshot.joined
            else or_(users.c.bucket.in_(_IDLE), ReclaimCase.id.is_not(None))
            if asked
            else users.c.bucket.in_(_IDLE)
        )
        .order_by(users.c.tool_user_id),
    )
    found = [
        IdleUser(
            tool_user_id=row.tool_user_id,
            person_id=row.person_id,
            user_key=row.user_key,
            name=row.name or row.user_key,
            account_kind=row.account_kind,
            leaver=row.bucket == "leaver",
            last_seen=last,
            state=row.state or "candidate",
            bucket=bucket,
            version=row.version or 0,
            asked_on=row.asked_on,
            settled_on=row.settled_on,
            note=row.note,
            again=row.state == "reclaimed"
            and row.settled_on is not None
            and (
                (last is not None and last > row.settled_on)
                or (bucket not in _WITHOUT and snapshot.as_of > row.settled_on)
            ),
        )
        for row, last, bucket in _once(rows, asked=asked)
    ]
    return tuple(
        sorted(found, key=lambda each: (not each.leaver, each.last_seen or date.min, each.tool_user_id))
    )


def _once(rows: Iterable[Row[Any]], *, asked: bool) -> Iterator[tuple[Row[Any], date | None, str]]:
    """The users, each once with the day last seen in any file: by the record asked about, else seen last."""
    by_user: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_user[row.user_key].append(row)
    for same in by_user.values():
        bucket = joined_bucket(row.bucket for row in same)
        if bucket in _IDLE or (asked and any(row.state for row in same)):
            left = [row for row in same if row.bucket == "leaver"]
            chosen = max(
                left or same,
                key=lambda row: (row.state is not None, row.last or date.min, -row.tool_user_id),
            )
            yield chosen, max((row.last for row in same if row.last), default=None), bucket
