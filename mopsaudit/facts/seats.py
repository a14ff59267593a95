"""Who uses a tool: the usage file that counts at a day, its users in buckets, by unit, and the people among them.

Active at D is an activity with D − window < last ≤ D (PRODUCT.md §4.3). Each user who holds a licence stands in
exactly one bucket, the first that fits: leaver (idle at once), active, exempt, new within the window, without a date,
an account that is no person's, inactive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import Snapshot, ToolFact, UserCounts
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Exemption,
    Import,
    Person,
    ReclaimCase,
    Tool,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)

#: Account kinds whose seats may be taken back.
RECLAIMABLE: Final = ("person", "leaver")
#: Snapshots asked about in one statement: databases bound the number of its parameters.
_AT_ONCE: Final = 10_000
_BUCKETS: Final = ("active", "exempt", "new", "undated", "other", "inactive", "leaver", "unlicensed")


def snapshots_until(session: Session, scope: Scope) -> dict[int, tuple[Snapshot, ...]]:
    """All living usage files up to the scope's date by tool, oldest first; one query."""
    found: dict[int, list[Snapshot]] = defaultdict(list)
    rows = session.connection().execute(
        select(
            UsageSnapshot.id,
            UsageSnapshot.tool_id,
            UsageSnapshot.as_of,
            UsageSnapshot.grade,
            UsageSnapshot.event,
            Import.file_name,
            UsageSnapshot.import_id,
            UsageSnapshot.assigned_count,
            UsageSnapshot.active_count,
        )
        .join(Import, Import.id == UsageSnapshot.import_id)
        .where(UsageSnapshot.living, UsageSnapshot.as_of <= scope.as_of)
        .order_by(UsageSnapshot.tool_id, UsageSnapshot.as_of, UsageSnapshot.id)
    )
    for snapshot_id, tool_id, day, grade, event, file_name, import_id, assigned, active in rows:
        found[tool_id].append(
            Snapshot(
                id=snapshot_id,
                tool_id=tool_id,
                as_of=day,
                grade=grade,
                event=event,
                file_name=file_name,
                import_id=import_id,
                assigned_count=assigned,
                active_count=active,
            )
        )
    return {tool_id: tuple(each) for tool_id, each in found.items()}


def best_snapshot(snapshots: Iterable[Snapshot], day: date, fresh_days: int) -> Snapshot | None:
    """The file that counts at a day: among fresh ones activity before assignment, then grade A to D, then the newest;
    where none is fresh the newest of all.
    """
    known = [each for each in snapshots if each.as_of <= day]
    if not known:
        return None
    fresh = [each for each in known if each.as_of > day - timedelta(days=fresh_days)]
    if not fresh:
        return max(known, key=lambda each: (each.as_of, each.id))
    return min(
        fresh, key=lambda each: (not each.shows_activity, each.grade, -each.as_of.toordinal(), -each.id)
    )


def user_counts(
    session: Session,
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool = False,
) -> dict[int, UserCounts]:
    """The users of each snapshot in buckets, by snapshot id, at the scope's date (``own_day``: at the snapshot's).

    In a scope that is not whole only users of its units count, except for tools used by no other unit. Snapshots that
    list nobody (monthly counts) are absent: their counts stand in the snapshot itself.
    """
    result: dict[int, UserCounts] = {}
    for start in range(0, len(snapshots), _AT_ONCE):
        chosen = snapshots[start : start + _AT_ONCE]
        repeated = _repeating(session, chosen)
        for once in (True, False):
            part = [each for each in chosen if (each.id not in repeated) is once]
            if part:
                result |= _count(session, _users(scope, part, tools, own_day=own_day, once=once))
    return result


def _repeating(session: Session, snapshots: Sequence[Snapshot]) -> set[int]:
    """The snapshots in which a user stands in several records (licences, features); one pass over an index."""
    rows = session.connection().execute(
        select(UsageRecord.snapshot_id)
        .where(UsageRecord.snapshot_id.in_([each.id for each in snapshots]))
        .group_by(UsageRecord.snapshot_id)
        .having(func.count() != func.count(func.distinct(UsageRecord.tool_user_id)))
        .order_by(UsageRecord.snapshot_id)
    )
    return {snapshot_id for (snapshot_id,) in rows}


def _count(session: Session, statement: Select[Any]) -> dict[int, UserCounts]:
    users = statement.subquery()
    columns = [func.sum(case((users.c.bucket == name, 1), else_=0)) for name in _BUCKETS]
    rows = session.connection().execute(
        select(users.c.snapshot_id, *columns).group_by(users.c.snapshot_id).order_by(users.c.snapshot_id)
    )
    return {
        snapshot_id: UserCounts(
            assigned=active + exempt + new + undated + other + inactive + leavers,
            active=active,
            exempt=exempt,
            new=new,
            undated=undated,
            other_accounts=other,
            inactive=inactive + leavers,
            leavers=leavers,
            unlicensed_active=unlicensed,
        )
        for snapshot_id, active, exempt, new, undated, other, inactive, leavers, unlicensed in rows
    }


def _chosen(
    scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact], *, own_day: bool
) -> Select[Any]:
    """(snapshot, tool, day, first day that counts as active) of the chosen snapshots, worked out once each."""
    windows = {tool.id: tool.window_days for tool in tools}
    default = scope.settings.activity_window_days
    window = func.coalesce(
        Tool.activity_window_days,
        case((Tool.daily_use, scope.settings.daily_window_days), else_=default),
    )
    spans = {windows.get(each.tool_id, default) for each in snapshots} or {default}
    if own_day:
        pairs = {(each.as_of, windows.get(each.tool_id, default)) for each in snapshots}
        first = case(
            *(
                (
                    and_(UsageSnapshot.as_of == day, window == span),
                    literal(day - timedelta(days=span - 1), Date()),
                )
                for day, span in sorted(pairs)
            ),
            else_=literal(date.max, Date()),
        )
        on: Any = UsageSnapshot.as_of
    else:
        first = case(
            *(
                (window == span, literal(scope.as_of - timedelta(days=span - 1), Date()))
                for span in sorted(spans)
            ),
            else_=literal(date.max, Date()),
        )
        on = literal(scope.as_of, Date())
    return (
        select(
            UsageSnapshot.id.label("id"),
            UsageSnapshot.tool_id.label("tool_id"),
            on.label("day"),
            first.label("first"),
        )
        .join(Tool, Tool.id == UsageSnapshot.tool_id)
        .where(UsageSnapshot.id.in_([each.id for each in snapshots]))
    )


def _users(
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool = False,
    once: bool = False,
) -> Select[Any]:
    """Each user of the snapshots once: snapshot_id, tool_id, tool_user_id, person_id, user_key, kind, last, bucket.

    ``once``: no user stands in a snapshot twice, so that nothing has to be grouped.
    """
    chosen = _chosen(scope, snapshots, tools, own_day=own_day).cte("chosen").prefix_with("MATERIALIZED")
    inside = [tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)]
    within = (
        true() if scope.whole else or_(UsageRecord.unit_id.in_(scope.unit_ids), chosen.c.tool_id.in_(inside))
    )
    record = UsageRecord
    facts: tuple[ColumnElement[Any], ...] = (
        case((record.assigned, 1), else_=0),
        case((record.last_activity <= chosen.c.day, record.last_activity)),
        case((record.never, 1), else_=0),
        record.assigned_on.expression,
        record.created_on.expression,
    )
    statement = (
        select(
            chosen.c.id.label("snapshot_id"),
            chosen.c.tool_id,
            chosen.c.day,
            chosen.c.first,
            record.tool_user_id,
            *(
                (fact if once else func.max(fact)).label(name)
                for fact, name in zip(
                    facts, ("holds", "last", "never", "assigned_on", "created_on"), strict=True
                )
            ),
        )
        .join(record, record.snapshot_id == chosen.c.id)
        .where(within)
    )
    if not once:
        statement = statement.group_by(
            chosen.c.id, chosen.c.tool_id, chosen.c.day, chosen.c.first, record.tool_user_id
        )
    each = statement.subquery("each")
    exempt = ToolUser.id.in_(
        select(Exemption.tool_user_id).where(
            Exemption.tool_user_id.is_not(None),
            holds(Exemption, scope.as_of),
            or_(Exemption.review_on.is_(None), Exemption.review_on >= scope.as_of),
        )
    )
    left = or_(
        ToolUser.account_kind == "leaver",
        and_(ToolUser.account_kind == "person", Person.left_on <= each.c.day),
    )
    active = each.c.last >= each.c.first
    new = or_(
        and_(each.c.assigned_on >= each.c.first, each.c.assigned_on <= each.c.day),
        and_(each.c.created_on >= each.c.first, each.c.created_on <= each.c.day),
    )
    bucket = case(
        (and_(each.c.holds == 0, active), "unlicensed"),
        (each.c.holds == 0, "none"),
        (left, "leaver"),
        (active, "active"),
        (exempt, "exempt"),
        (new, "new"),
        (and_(each.c.last.is_(None), each.c.never == 0), "undated"),
        (ToolUser.account_kind.not_in(RECLAIMABLE), "other"),
        else_="inactive",
    )
    return (
        select(
            each.c.snapshot_id,
            each.c.tool_id,
            each.c.tool_user_id,
            ToolUser.person_id,
            ToolUser.user_key,
            ToolUser.account_kind,
            each.c.last,
            bucket.label("bucket"),
        )
        .join(ToolUser, ToolUser.id == each.c.tool_user_id)
        .outerjoin(Person, Person.id == ToolUser.person_id)
    )


def seat_exemptions(session: Session, scope: Scope) -> dict[int, int | None]:
    """Seats of a tool kept out of reclaiming on the day, by tool id: a number, or None for the whole tool."""
    rows = session.connection().execute(
        select(Exemption.tool_id, Exemption.seats)
        .where(
            Exemption.tool_user_id.is_(None),
            holds(Exemption, scope.as_of),
            or_(Exemption.review_on.is_(None), Exemption.review_on >= scope.as_of),
        )
        .order_by(Exemption.tool_id, Exemption.id)
    )
    result: dict[int, int | None] = {}
    for tool_id, seats in rows:
        before = result.get(tool_id, 0)
        result[tool_id] = None if seats is None or before is None else before + seats
    return result


def users_by_unit(
    session: Session, scope: Scope, tool_ids: Sequence[int]
) -> dict[int, dict[int, tuple[int, int]]]:
    """(licences held, active users) by unit for tools shared by users: what an allocation key may rest on.

    From each tool's best usage file at the scope's date, over all units; users without a unit are left out.
    """
    best = [
        chosen
        for tool_id, found in snapshots_until(session, scope).items()
        if tool_id in tool_ids
        and (chosen := best_snapshot(found, scope.as_of, scope.settings.usage_fresh_days)) is not None
    ]
    if not best:
        return {}
    chosen_cte = _chosen(scope, best, (), own_day=False).cte("chosen")
    active = UsageRecord.last_activity.between(chosen_cte.c.first, chosen_cte.c.day)
    user = UsageRecord.tool_user_id
    rows = session.connection().execute(
        select(
            chosen_cte.c.tool_id,
            UsageRecord.unit_id,
            func.count(func.distinct(case((UsageRecord.assigned, user)))),
            func.count(func.distinct(case((active, user)))),
        )
        .join(UsageRecord, UsageRecord.snapshot_id == chosen_cte.c.id)
        .where(UsageRecord.unit_id.is_not(None))
        .group_by(chosen_cte.c.tool_id, UsageRecord.unit_id)
        .order_by(chosen_cte.c.tool_id, UsageRecord.unit_id)
    )
    result: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for tool_id, unit_id, assigned, users in rows:
        if unit_id is not None:
            result[tool_id][unit_id] = (assigned, users)
    return dict(result)


def active_people(
    session: Session, scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact]
) -> dict[int, int]:
    """The active people of each tool as a bit set (one bit a person, the same in all tools), by tool id.

    A person is told by the matched person, else by the user key. Ask only for tools that are compared.
    """
    bits: dict[int | str, int] = {}
    result: dict[int, int] = defaultdict(int)
    for start in range(0, len(snapshots), _AT_ONCE):
        users = _users(scope, snapshots[start : start + _AT_ONCE], tools).subquery()
        people: dict[int, list[int]] = defaultdict(list)
        for tool_id, person_id, key in session.connection().execute(
            select(users.c.tool_id, users.c.person_id, users.c.user_key)
            .where(users.c.bucket.in_(("active", "unlicensed")))
            .order_by(users.c.tool_id, users.c.tool_user_id)
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
    users = _users(scope, (snapshot,), tools).subquery()
    rows = session.connection().execute(
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
        .order_by(users.c.tool_user_id)
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


def month_end_snapshots(
    snapshots: Mapping[int, Sequence[Snapshot]], days: Sequence[date], fresh_days: int
) -> dict[date, dict[int, Snapshot]]:
    """For each day the best file of each tool that shows activity and was fresh then; tools without one are absent."""
    result: dict[date, dict[int, Snapshot]] = {}
    for day in days:
        result[day] = {}
        for tool_id, found in snapshots.items():
            best = best_snapshot(found, day, fresh_days)
            if best is not None and best.shows_activity and (day - best.as_of).days < fresh_days:
                result[day][tool_id] = best
    return result
