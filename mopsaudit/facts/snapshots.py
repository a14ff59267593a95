"""Usage files: all of them by tool, and the one that counts at a day."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.values import Snapshot
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, UsageSnapshot


@once
def snapshots_until(session: Session, scope: Scope) -> dict[int, tuple[Snapshot, ...]]:
    """All living usage files up to the scope's date by tool, oldest first, those of merged tools by their head.

    Two queries.
    """
    merged = heads(session)
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
        head = merged.tool(tool_id)
        found[head].append(
            Snapshot(
                id=snapshot_id,
                tool_id=head,
                source_id=tool_id,
                as_of=day,
                grade=grade,
                event=event,
                file_name=file_name,
                import_id=import_id,
                assigned_count=assigned,
                active_count=active,
            )
        )
    for head in merged.of.values():
        found[head].sort(key=lambda each: (each.as_of, each.id))
    return {tool_id: tuple(each) for tool_id, each in found.items() if each}


def best_snapshot(snapshots: Iterable[Snapshot], day: date, fresh_days: int) -> Snapshot | None:
    """The file that counts at a day: among fresh ones activity before assignment, then grade A to D, then the newest;
    where none is fresh the newest of all.

    Of tools that were merged each gives its best file; those about as fresh as the best of them are joined to it.
    """
    known = [each for each in snapshots if each.as_of <= day]
    if not known:
        return None
    best = _best(known, day, fresh_days)
    others = {each.source_id for each in known} - {best.source_id}
    if not others:
        return best
    span = timedelta(days=fresh_days)
    theirs = (_best([each for each in known if each.source_id == other], day, fresh_days) for other in others)
    return join_files(best, theirs, (day if best.as_of > day - span else best.as_of) - span)


def join_files(best: Snapshot, others: Iterable[Snapshot], since: date) -> Snapshot:
    """The file with those of tools merged with its tool that are younger than ``since``, by their number."""
    joined = sorted((each for each in others if each.as_of > since), key=lambda each: each.id)
    return replace(best, joined=tuple(joined)) if joined else best


def _best(known: Sequence[Snapshot], day: date, fresh_days: int) -> Snapshot:
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
    """For each day (ascending) the best file of each tool that shows activity and was fresh then, if there is one.

    Of tools that were merged the best file of each, joined to the best of all.
    """
    result: dict[date, dict[int, Snapshot]] = {day: {} for day in days}
    for tool_id, found in snapshots.items():
        sources = {each.source_id for each in found}
        if len(sources) > 1:
            for day, each in _joined_at_month_ends(found, sources, days, fresh_days):
                result[day][tool_id] = each
            continue
        for snapshot in sorted(found, key=_rank):
            if not snapshot.shows_activity:
                continue
            until = snapshot.as_of + timedelta(days=fresh_days)
            for day in days[bisect_left(days, snapshot.as_of) : bisect_left(days, until)]:
                result[day].setdefault(tool_id, snapshot)
    return result


def _joined_at_month_ends(
    found: Sequence[Snapshot], sources: Iterable[int], days: Sequence[date], fresh_days: int
) -> Iterator[tuple[date, Snapshot]]:
    """(day, best file with the others joined) for the days on which a file of one of the sources counted."""
    alone = {
        source: month_end_snapshots(
            {source: [each for each in found if each.source_id == source]}, days, fresh_days
        )
        for source in sources
    }
    for day in days:
        counted = sorted((by_day[day][source] for source, by_day in alone.items() if by_day[day]), key=_rank)
        if counted:
            yield day, join_files(counted[0], counted[1:], date.min)
