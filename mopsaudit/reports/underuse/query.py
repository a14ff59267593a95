"""Gathers what the under-use report rests on, in a number of queries that does not grow with the company."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.facts.consumption import standing_figures
from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.merges import heads
from mopsaudit.facts.people import IdleUser, idle_users
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.seats import seat_exemptions, use_of, user_counts
from mopsaudit.facts.settled import settlements
from mopsaudit.facts.snapshots import best_snapshot, month_end_snapshots, snapshots_until
from mopsaudit.facts.tools import capabilities_at, tools_at
from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import CapabilityFact, Snapshot, ToolFact, UserCounts
from mopsaudit.periods import month_end, month_of
from mopsaudit.reports.underuse.facts import Asked, ExemptionFact, Facts, MonthUse, Reading, ToolUse
from mopsaudit.scope import Scope
from mopsaudit.store.models import ConsumptionReading, Exemption, ReclaimCase, ToolUser, UsageRecord
from mopsaudit.words import LicenceMetric


def gather(session: Session, scope: Scope) -> Facts:
    """The facts of all running tools of the scope."""
    tools = tuple(tool for tool in tools_at(session, scope) if tool.running)
    lines = running_lines(session, scope)
    costs = yearly_costs(session, scope, tools=tools)
    snapshots = snapshots_until(session, scope)
    fresh_days = scope.settings.usage_fresh_days
    best = {
        tool.id: chosen
        for tool in tools
        if (chosen := best_snapshot(snapshots.get(tool.id, ()), scope.as_of, fresh_days)) is not None
    }
    counts = user_counts(session, scope, tuple(best.values()), tools)
    days, trend = _trend(session, scope, tools, snapshots)
    by_tool, shared = tool_lines(lines, tools, scope)
    metrics = {tool.id: tool.licence_metric for tool in tools}
    seats_shared = {
        line.tool_id
        for line in lines
        if line.tool_id is not None
        and line.tool_id in shared
        and line.unit_id is None
        and not line.one_off
        and (line.metric or metrics.get(line.tool_id)) == LicenceMetric.NAMED_SEAT
    }
    inside = {tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)}
    capabilities: dict[int, list[CapabilityFact]] = defaultdict(list)
    for fact in capabilities_at(session, scope):
        capabilities[fact.tool_id].append(fact)
    readings = _readings(session, scope)
    exempt = seat_exemptions(session, scope)
    asked = _asked(session, best)
    return Facts(
        scope=scope,
        tools=tuple(
            _tool_use(
                tool,
                lines=by_tool.get(tool.id, ()),
                shared_seats=tool.id in seats_shared,
                snapshot=best.get(tool.id),
                counts=counts,
                whole=scope.whole or tool.id in inside,
                exempt_seats=exempt.get(tool.id, 0),
                cost=costs[tool.id],
                capabilities=tuple(capabilities.get(tool.id, ())),
                trend=tuple(trend.get(tool.id, ())),
                readings=tuple(readings.get(tool.id, ())),
                asked=asked.get(tool.id) if scope.whole or tool.id in inside else None,
            )
            for tool in tools
        ),
        days=days,
        settled=settlements(session, "underuse"),
        exemptions=_exemptions(session, scope, {tool.id: tool for tool in tools}, inside),
    )


def _exemptions(
    session: Session, scope: Scope, tools: dict[int, ToolFact], inside: set[int]
) -> tuple[ExemptionFact, ...]:
    """What is kept out of reclaiming, by tool: seats and whole tools each by itself, accounts counted together.

    Accounts are told where the tool's people are all within the scope. Those whose review date has passed come along.
    """
    merged = heads(session)
    rows = fetch(
        session,
        select(
            Exemption.tool_id, Exemption.tool_user_id, Exemption.seats, Exemption.reason, Exemption.review_on
        )
        .where(holds(Exemption, scope.as_of))
        .order_by(Exemption.tool_id, Exemption.id),
    )
    found: list[ExemptionFact] = []
    accounts: dict[tuple[int, bool], list[date | None]] = defaultdict(list)
    for tool_id, user_id, seats, reason, review_on in rows:
        tool = tools.get(merged.tool(tool_id))
        if tool is None:
            continue
        if user_id is None:
            found.append(
                ExemptionFact(tool=tool, accounts=0, seats=seats, reason=reason, review_on=review_on)
            )
        elif scope.whole or tool.id in inside:
            accounts[tool.id, review_on is not None and review_on < scope.as_of].append(review_on)
    found += [
        ExemptionFact(
            tool=tools[tool_id],
            accounts=len(reviews),
            seats=None,
            reason=None,
            review_on=min((each for each in reviews if each is not None), default=None),
        )
        for (tool_id, _), reviews in accounts.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.tool.name.lower(), each.tool.id, each.accounts > 0)))


def _tool_use(
    tool: ToolFact, *, snapshot: Snapshot | None, counts: dict[int, UserCounts], whole: bool, **rest: Any
) -> ToolUse:
    totals = snapshot is not None and snapshot.totals_only and snapshot.id not in counts
    users = _counts(snapshot, counts, whole=whole)
    return ToolUse(
        tool=tool,
        snapshot=snapshot,
        counts=users,
        activity_known=users is not None
        and snapshot is not None
        and snapshot.shows_activity
        and not (totals and snapshot.active_count is None),
        assigned_known=users is not None
        and not (totals and snapshot is not None and snapshot.assigned_count is None),
        lists_people=users is not None and not totals,
        **rest,
    )


def _counts(snapshot: Snapshot | None, counts: dict[int, UserCounts], *, whole: bool) -> UserCounts | None:
    """The users of a file; one that lists nobody gives its totals, which belong to no single unit."""
    if snapshot is None:
        return None
    if snapshot.id in counts or not snapshot.totals_only:
        return counts.get(snapshot.id, UserCounts())
    return UserCounts.of_totals(snapshot.assigned_count, snapshot.active_count) if whole else None


def _trend(
    session: Session,
    scope: Scope,
    tools: tuple[ToolFact, ...],
    snapshots: dict[int, tuple[Snapshot, ...]],
) -> tuple[tuple[date, ...], dict[int, list[MonthUse]]]:
    """Users at the last twelve months' ends and at D, from the file that counted then, as of its own day."""
    this_month = month_of(scope.as_of)
    days = (*(month_end(month) for month in range(this_month - 11, this_month)), scope.as_of)
    known = {tool.id for tool in tools}
    chosen = month_end_snapshots(
        {tool_id: found for tool_id, found in snapshots.items() if tool_id in known},
        days,
        scope.settings.usage_fresh_days,
    )
    distinct = {each.id: each for found in chosen.values() for each in found.values() if not each.joined}
    listed = tuple(each for each in distinct.values() if not each.totals_only)
    counts = use_of(session, scope, listed, tools, own_day=True)
    # The same file may be joined to others each month, so these are counted month by month.
    joined = {
        (day, tool_id): use_of(session, scope, (each,), tools, own_day=True)[each.id]
        for day, found in chosen.items()
        for tool_id, each in found.items()
        if each.joined
    }
    trend: dict[int, list[MonthUse]] = defaultdict(list)
    for day in days:
        for tool_id, snapshot in chosen[day].items():
            if snapshot.joined:
                assigned, active = joined[day, tool_id]
            elif snapshot.id in counts:
                assigned, active = counts[snapshot.id]
            elif snapshot.active_count is not None and scope.whole:
                assigned, active = snapshot.assigned_count or snapshot.active_count, snapshot.active_count
            else:
                continue
            trend[tool_id].append(MonthUse(day=day, assigned=assigned, active=active))
    return days, trend


def _readings(session: Session, scope: Scope) -> dict[int, list[Reading]]:
    rows = fetch(
        session,
        select(
            ConsumptionReading.tool_id,
            ConsumptionReading.as_of,
            ConsumptionReading.bought_micro,
            ConsumptionReading.used_micro,
            ConsumptionReading.expired_micro,
        )
        .where(ConsumptionReading.as_of <= scope.as_of)
        .order_by(ConsumptionReading.tool_id, ConsumptionReading.as_of, ConsumptionReading.id),
    )
    merged = heads(session)
    told: dict[tuple[int, date], list[Reading]] = defaultdict(list)
    for tool_id, day, bought, used, expired in rows:
        told[tool_id, day].append(
            Reading(as_of=day, bought_micro=bought, used_micro=used, expired_micro=expired)
        )
    found: dict[int, dict[int, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    for (tool_id, day), readings in told.items():
        found[merged.tool(tool_id)][tool_id].append(Reading(as_of=day, **standing_figures(readings)))
    return {head: _together(list(series.values())) for head, series in found.items()}


def _together(series: list[list[Reading]]) -> list[Reading]:
    """The readings of one tool, or of several that were merged: on each day the sum of what each last said."""
    if len(series) == 1:
        return series[0]
    together = []
    for day in sorted({each.as_of for readings in series for each in readings}):
        latest = [
            known[-1] for readings in series if (known := [each for each in readings if each.as_of <= day])
        ]
        together.append(
            Reading(
                as_of=day,
                bought_micro=_sum(each.bought_micro for each in latest),
                used_micro=_sum(each.used_micro for each in latest),
                expired_micro=_sum(each.expired_micro for each in latest),
            )
        )
    return together


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def _asked(session: Session, best: Mapping[int, Snapshot]) -> dict[int, Asked]:
    """Where asking for seats stands, by tool; ``again`` by the file that counts. One query where nobody was asked."""
    merged = heads(session)
    states: dict[int, Counter[str]] = defaultdict(Counter)
    for tool_id, state, number in fetch(
        session,
        select(ToolUser.tool_id, ReclaimCase.state, func.count())
        .join(ToolUser, ToolUser.id == ReclaimCase.tool_user_id)
        .where(ReclaimCase.state != "candidate")
        .group_by(ToolUser.tool_id, ReclaimCase.state)
        .order_by(ToolUser.tool_id, ReclaimCase.state),
    ):
        states[merged.tool(tool_id)][state] += number
    files = {file.id: tool_id for tool_id, each in best.items() for file in each.files}
    again: Counter[int] = Counter()
    if any(each["reclaimed"] for each in states.values()) and files:
        rows = fetch(
            session,
            select(UsageRecord.snapshot_id, func.count(func.distinct(ToolUser.user_key)))
            .join(ReclaimCase, ReclaimCase.tool_user_id == UsageRecord.tool_user_id)
            .join(ToolUser, ToolUser.id == UsageRecord.tool_user_id)
            .where(
                ReclaimCase.state == "reclaimed",
                UsageRecord.last_activity > ReclaimCase.settled_on,
            )
            .group_by(UsageRecord.snapshot_id)
            .order_by(UsageRecord.snapshot_id),
        )
        for snapshot_id, number in rows:
            if snapshot_id in files:
                again[files[snapshot_id]] += number
    return {
        tool_id: Asked(
            asked=each["asked"], kept=each["kept"], reclaimed=each["reclaimed"], again=again[tool_id]
        )
        for tool_id, each in states.items()
    }


def reclaim_list(session: Session, scope: Scope, tool_id: int) -> tuple[IdleUser, ...]:
    """The people behind a tool's idle seats, for roles that may see names; empty from a survey or an estimate.

    Raises:
        NotFoundError: for a tool outside the scope.
    """
    tools = tuple(tool for tool in tools_at(session, scope) if tool.id == tool_id)
    if not tools:
        raise NotFoundError("There is no such tool.")
    found = snapshots_until(session, scope).get(tool_id, ())
    best = best_snapshot(found, scope.as_of, scope.settings.usage_fresh_days)
    if best is None or best.grade not in {"A", "B"} or not best.shows_activity:
        return ()
    return idle_users(session, scope, best, tools)
