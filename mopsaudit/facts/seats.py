"""Who uses a tool: the usage file that counts at a day, its users in buckets, by unit, and the people among them.

Active at D is an activity with D − window < last ≤ D (PRODUCT.md §4.3). Each user who holds a licence stands in
exactly one bucket, the first that fits: leaver (idle at once), active, exempt, new within the window, without a date,
an account that is no person's, inactive.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Date, Row, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import head_of, heads, merged_away
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import Snapshot, ToolFact, UserCounts
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Exemption,
    Person,
    Tool,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)

#: Account kinds whose seats may be taken back.
RECLAIMABLE: Final = ("person", "leaver")
#: Snapshots asked about in one statement: databases bound the number of its parameters.
AT_ONCE: Final = 10_000
_HOLDERS: Final = frozenset({"active", "exempt", "new", "undated", "other", "inactive", "leaver"})


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


#: Buckets in the order in which the first that fits counts for a user of several joined files.
_FIRST: Final = ("leaver", "active", "exempt", "new", "other", "inactive", "undated", "unlicensed", "none")


def joined_bucket(buckets: Iterable[str]) -> str:
    """The one bucket of a user who stands in several joined files, from the bucket in each.

    Activity in one file makes the licence in another an active one; a date in one makes up for none in another.
    """
    found = set(buckets)
    if "unlicensed" in found and found & _HOLDERS and "leaver" not in found:
        return "active"
    return next(each for each in _FIRST if each in found)


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


def leavers_by_day() -> CTE:
    """Users who left, with the day from which they are gone (always, where the account itself says leaver)."""
    return (
        select(
            ToolUser.id.label("id"),
            case((ToolUser.account_kind == "leaver", literal(date.min, Date())), else_=Person.left_on).label(
                "on"
            ),
        )
        .outerjoin(Person, Person.id == ToolUser.person_id)
        .where(
            or_(
                ToolUser.account_kind == "leaver",
                and_(ToolUser.account_kind == "person", Person.left_on.is_not(None)),
            )
        )
        .cte("gone")
        .prefix_with("MATERIALIZED")
    )


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


def within_scope(scope: Scope, tools: Sequence[ToolFact], chosen: CTE) -> ColumnElement[bool]:
    """The condition that a record belongs to the scope: its units' users, and all of tools used nowhere else."""
    if scope.whole:
        return true()
    inside = [tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)]
    return or_(UsageRecord.unit_id.in_(scope.unit_ids), chosen.c.tool_id.in_(inside))


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
        assigned=sum(number for name, number in buckets.items() if name in _HOLDERS),
        active=got("active", 0),
        exempt=got("exempt", 0),
        new=got("new", 0),
        undated=got("undated", 0),
        other_accounts=got("other", 0),
        inactive=got("inactive", 0) + got("leaver", 0),
        leavers=got("leaver", 0),
        unlicensed_active=got("unlicensed", 0),
    )


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
    away = merged_away()
    head = head_of(away, UsageSnapshot.tool_id)
    return (
        select(
            UsageSnapshot.id.label("id"),
            head.label("tool_id"),
            on.label("day"),
            first.label("first"),
        )
        .outerjoin(away, away.c.tool_id == UsageSnapshot.tool_id)
        .join(Tool, Tool.id == head)
        .where(UsageSnapshot.id.in_([each.id for each in snapshots]))
    )


def chosen_days(
    scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact], *, own_day: bool = False
) -> CTE:
    """The chosen snapshots with the day they are asked about and the first day that counts as active, each once."""
    return _chosen(scope, snapshots, tools, own_day=own_day).cte("chosen").prefix_with("MATERIALIZED")


def users_in_buckets(
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
    chosen = chosen_days(scope, snapshots, tools, own_day=own_day)
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
        .where(within_scope(scope, tools, chosen))
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
    chosen_cte = _chosen(scope, [each for found in best for each in found.files], (), own_day=False).cte(
        "chosen"
    )
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
