"""Users of usage files in buckets: the statements that put each user who holds a licence into exactly one.

Active at D is an activity with D − window < last ≤ D (PRODUCT.md §4.3). The first bucket that fits counts: leaver (idle
at once), active, exempt, new within the window, without a date, an account that is no person's, inactive.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, case, func, literal, or_, select, true

from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import Snapshot, ToolFact
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
#: Buckets of users who hold a licence.
HOLDERS: Final = frozenset({"active", "exempt", "new", "undated", "other", "inactive", "leaver"})
#: Buckets in the order in which the first that fits counts for a user of several joined files.
_FIRST: Final = ("leaver", "active", "exempt", "new", "other", "inactive", "undated", "unlicensed", "none")


def joined_bucket(buckets: Iterable[str]) -> str:
    """The one bucket of a user who stands in several joined files, from the bucket in each.

    Activity in one file makes the licence in another an active one; a date in one makes up for none in another.
    """
    found = set(buckets)
    if "unlicensed" in found and found & HOLDERS and "leaver" not in found:
        return "active"
    return next(each for each in _FIRST if each in found)


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


def within_scope(scope: Scope, tools: Sequence[ToolFact], chosen: CTE) -> ColumnElement[bool]:
    """The condition that a record belongs to the scope: its units' users, and all of tools used nowhere else."""
    if scope.whole:
        return true()
    inside = [tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)]
    return or_(UsageRecord.unit_id.in_(scope.unit_ids), chosen.c.tool_id.in_(inside))


def chosen_snapshots(
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
    return (
        chosen_snapshots(scope, snapshots, tools, own_day=own_day).cte("chosen").prefix_with("MATERIALIZED")
    )


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
