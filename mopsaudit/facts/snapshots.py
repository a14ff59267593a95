"""Usage files: all of them by tool, and the one that counts at a day."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import fetch
from mopsaudit.facts.values import Snapshot
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, UsageSnapshot


def snapshots_until(session: Session, scope: Scope) -> dict[int, tuple[Snapshot, ...]]:
    """All living usage files up to the scope's date by tool, oldest first; one query."""
    found: dict[int, list[Snapshot]] = defaultdict(list)
    rows = fetch(
        session,
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
        .order_by(UsageSnapshot.tool_id, UsageSnapshot.as_of, UsageSnapshot.id),
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
    return min(fresh, key=_rank)


def _rank(snapshot: Snapshot) -> tuple[bool, str, int, int]:
    return (
        not snapshot.shows_activity,
        snapshot.grade,
        -snapshot.as_of.toordinal(),
        -snapshot.id,
    )


def month_end_snapshots(
    snapshots: Mapping[int, Sequence[Snapshot]], days: Sequence[date], fresh_days: int
) -> dict[date, dict[int, Snapshot]]:
    """For each day (ascending) the best file of each tool that shows activity and was fresh then, if there is one."""
    result: dict[date, dict[int, Snapshot]] = {day: {} for day in days}
    for tool_id, found in snapshots.items():
        for snapshot in sorted(found, key=_rank):
            if not snapshot.shows_activity:
                continue
            until = snapshot.as_of + timedelta(days=fresh_days)
            for day in days[bisect_left(days, snapshot.as_of) : bisect_left(days, until)]:
                result[day].setdefault(tool_id, snapshot)
    return result
