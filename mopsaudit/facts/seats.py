"""Who uses a tool: the users of the usage file that counts at a day, in buckets and by unit, and seats kept out.

Each user who holds a licence stands in exactly one bucket (``buckets``); of files of merged tools that are joined each
user counts once.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.buckets import (
    HOLDERS,
    chosen_days,
    chosen_snapshots,
    joined_bucket,
    leavers_by_day,
    users_in_buckets,
    within_scope,
)
from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import Snapshot, ToolFact, UserCounts
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Exemption,
    ToolUser,
    UsageRecord,
)

#: Snapshots asked about in one statement: databases bound the number of its parameters.
AT_ONCE: Final = 10_000


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
    list nobody (monthly counts) are absent: their counts stand in the snapshot itself. Of files that are joined the
    one they are joined to has the users of all, each once.
    """
    result: dict[int, UserCounts] = _joined_counts(session, scope, snapshots, tools, own_day=own_day)
    alone = [each for each in snapshots if not each.joined]
    for start in range(0, len(alone), AT_ONCE):
        chosen = alone[start : start + AT_ONCE]
        repeated = _repeating(session, chosen)
        for once in (True, False):
            part = [each for each in chosen if (each.id not in repeated) is once]
            if part:
                result |= _count(session, users_in_buckets(scope, part, tools, own_day=own_day, once=once))
    return result


def use_of(
    session: Session,
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool = False,
) -> dict[int, tuple[int, int]]:
    """(licences held, active users) of each snapshot at the scope's date (``own_day``: at the snapshot's), by its id.

    The same counts as :func:`user_counts` gives for its ``assigned`` and ``active``, without the other buckets.
    """
    result: dict[int, tuple[int, int]] = {
        each: (found.assigned, found.active)
        for each, found in _joined_counts(session, scope, snapshots, tools, own_day=own_day).items()
    }
    alone = [each for each in snapshots if not each.joined]
    for start in range(0, len(alone), AT_ONCE):
        chosen = alone[start : start + AT_ONCE]
        repeated = _repeating(session, chosen)
        plain = [each for each in chosen if each.id not in repeated]
        if plain:
            result |= _plain_use(session, scope, plain, tools, own_day=own_day)
        rest = [each for each in chosen if each.id in repeated]
        if rest:
            counts = _count(session, users_in_buckets(scope, rest, tools, own_day=own_day))
            result |= {each: (found.assigned, found.active) for each, found in counts.items()}
    return result


def joined_users(
    session: Session,
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool = False,
) -> dict[int, dict[str, list[Row[Any]]]]:
    """The rows of :func:`users_in_buckets` of joined files by the file they are joined to and by user.

    A user is told by the address or id in the file, so that who uses both of two merged tools is one.
    """
    found: dict[int, dict[str, list[Row[Any]]]] = {}
    for snapshot in snapshots:
        if not snapshot.joined:
            continue
        users: dict[str, list[Row[Any]]] = defaultdict(list)
        statement = users_in_buckets(scope, snapshot.files, tools, own_day=own_day).subquery()
        for row in fetch(
            session, select(statement).order_by(statement.c.tool_user_id, statement.c.snapshot_id)
        ):
            users[row.user_key].append(row)
        found[snapshot.id] = users
    return found


def _joined_counts(
    session: Session,
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool,
) -> dict[int, UserCounts]:
    """Users of joined files, and the totals of those among them that list nobody, by the file they are joined to."""
    found: dict[int, UserCounts] = {}
    listed = joined_users(session, scope, snapshots, tools, own_day=own_day)
    inside = {tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)}
    for snapshot in snapshots:
        if not snapshot.joined:
            continue
        buckets = Counter(joined_bucket(row.bucket for row in rows) for rows in listed[snapshot.id].values())
        counts = _user_counts(buckets)
        if scope.whole or snapshot.tool_id in inside:
            for each in snapshot.files:
                if each.totals_only:
                    counts = counts.plus(UserCounts.of_totals(each.assigned_count, each.active_count))
        found[snapshot.id] = counts
    return found


def _plain_use(
    session: Session,
    scope: Scope,
    snapshots: Sequence[Snapshot],
    tools: Sequence[ToolFact],
    *,
    own_day: bool,
) -> dict[int, tuple[int, int]]:
    chosen = chosen_days(scope, snapshots, tools, own_day=own_day)
    gone = leavers_by_day()
    active = and_(
        UsageRecord.last_activity.between(chosen.c.first, chosen.c.day),
        or_(gone.c.on.is_(None), gone.c.on > chosen.c.day),
    )
    rows = fetch(
        session,
        select(chosen.c.id, func.count(), func.sum(case((active, 1), else_=0)))
        .join(UsageRecord, UsageRecord.snapshot_id == chosen.c.id)
        .outerjoin(gone, gone.c.id == UsageRecord.tool_user_id)
        .where(UsageRecord.assigned, within_scope(scope, tools, chosen))
        .group_by(chosen.c.id)
        .order_by(chosen.c.id),
    )
    return {snapshot_id: (assigned, active_users) for snapshot_id, assigned, active_users in rows}


def _repeating(session: Session, snapshots: Sequence[Snapshot]) -> set[int]:
    """The snapshots in which a user stands in several records (licences, features); one pass over an index."""
    rows = fetch(
        session,
        select(UsageRecord.snapshot_id)
        .where(UsageRecord.snapshot_id.in_([each.id for each in snapshots]))
        .group_by(UsageRecord.snapshot_id)
        .having(func.count() != func.count(func.distinct(UsageRecord.tool_user_id)))
        .order_by(UsageRecord.snapshot_id),
    )
    return {snapshot_id for (snapshot_id,) in rows}


def _count(session: Session, statement: Select[Any]) -> dict[int, UserCounts]:
    users = statement.subquery()
    rows = fetch(
        session,
        select(users.c.snapshot_id, users.c.bucket, func.count())
        .group_by(users.c.snapshot_id, users.c.bucket)
        .order_by(users.c.snapshot_id, users.c.bucket),
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for snapshot_id, bucket, number in rows:
        found[snapshot_id][bucket] = number
    return {snapshot_id: _user_counts(buckets) for snapshot_id, buckets in found.items()}


def _user_counts(buckets: Mapping[str, int]) -> UserCounts:
    got = buckets.get
    return UserCounts(
        assigned=sum(number for name, number in buckets.items() if name in HOLDERS),
        active=got("active", 0),
        exempt=got("exempt", 0),
        new=got("new", 0),
        undated=got("undated", 0),
        other_accounts=got("other", 0),
        inactive=got("inactive", 0) + got("leaver", 0),
        leavers=got("leaver", 0),
        unlicensed_active=got("unlicensed", 0),
    )


def seat_exemptions(session: Session, scope: Scope) -> dict[int, int | None]:
    """Seats of a tool kept out of reclaiming on the day, by tool id: a number, or None for the whole tool.

    What is kept out of a merged tool is kept out of its head.
    """
    merged = heads(session)
    rows = fetch(
        session,
        select(Exemption.tool_id, Exemption.seats)
        .where(
            Exemption.tool_user_id.is_(None),
            holds(Exemption, scope.as_of),
            or_(Exemption.review_on.is_(None), Exemption.review_on >= scope.as_of),
        )
        .order_by(Exemption.tool_id, Exemption.id),
    )
    result: dict[int, int | None] = {}
    for tool_id, seats in rows:
        head = merged.tool(tool_id)
        before = result.get(head, 0)
        result[head] = None if seats is None or before is None else before + seats
    return result


def users_by_unit(
    session: Session, scope: Scope, tool_ids: Sequence[int]
) -> dict[int, dict[int, tuple[int, int]]]:
    """(licences held, active users) by unit for tools shared by users: what an allocation key may rest on.

    From each tool's best usage file at the scope's date, over all units; users without a unit are left out. Of joined
    files every user counts once in each unit they stand in.
    """
    best = [
        chosen
        for tool_id, found in snapshots_until(session, scope).items()
        if tool_id in tool_ids
        and (chosen := best_snapshot(found, scope.as_of, scope.settings.usage_fresh_days)) is not None
    ]
    if not best:
        return {}
    chosen_cte = chosen_snapshots(
        scope, [each for found in best for each in found.files], (), own_day=False
    ).cte("chosen")
    active = UsageRecord.last_activity.between(chosen_cte.c.first, chosen_cte.c.day)
    user = ToolUser.user_key
    rows = fetch(
        session,
        select(
            chosen_cte.c.tool_id,
            UsageRecord.unit_id,
            func.count(func.distinct(case((UsageRecord.assigned, user)))),
            func.count(func.distinct(case((active, user)))),
        )
        .join(UsageRecord, UsageRecord.snapshot_id == chosen_cte.c.id)
        .join(ToolUser, ToolUser.id == UsageRecord.tool_user_id)
        .where(UsageRecord.unit_id.is_not(None))
        .group_by(chosen_cte.c.tool_id, UsageRecord.unit_id)
        .order_by(chosen_cte.c.tool_id, UsageRecord.unit_id),
    )
    result: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for tool_id, unit_id, assigned, users in rows:
        if unit_id is not None:
            result[tool_id][unit_id] = (assigned, users)
    return dict(result)
