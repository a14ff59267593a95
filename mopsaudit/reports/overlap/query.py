"""Gathers what the overlap report rests on: capabilities of all tools, and cost, seats and people of those compared."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import capability
from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.people import active_people
from mopsaudit.facts.seats import use_of
from mopsaudit.facts.settled import settlements
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.tools import capabilities_at, tools_at, unit_names
from mopsaudit.facts.values import CapabilityFact, RunningLine, Snapshot, ToolFact, YearlyCost
from mopsaudit.reports.overlap.arithmetic import pairs_of
from mopsaudit.reports.overlap.facts import Facts, PricedCapability, Shape, Standing
from mopsaudit.scope import Scope
from mopsaudit.words import LicenceMetric


def gather(session: Session, scope: Scope) -> Facts:
    """The facts of all running tools of the scope; the number of queries does not grow with them."""
    settings = scope.settings
    tools = tuple(tool for tool in tools_at(session, scope) if tool.running)
    running = {tool.id for tool in tools}
    owned = [each for each in capabilities_at(session, scope) if each.tool_id in running]
    names = sorted({each.capability_id for each in owned})
    number = {name: index for index, name in enumerate(names)}
    shapes = _shapes(tools, owned, number)
    pairs = pairs_of(
        shapes,
        cover_percent=settings.overlap_cover_percent,
        least=settings.overlap_shared_capabilities,
    )
    compared = {each for pair in pairs for each in (pair.a.tool_id, pair.b.tool_id)}
    lines = running_lines(session, scope)
    costs = yearly_costs(session, scope, tools=tools)
    chosen = {
        tool_id: best
        for tool_id, found in snapshots_until(session, scope).items()
        if tool_id in compared
        and (best := best_snapshot(found, scope.as_of, settings.usage_fresh_days)) is not None
        and best.shows_activity
    }
    counts = use_of(session, scope, tuple(chosen.values()), tools)
    graded = tuple(each for each in chosen.values() if each.grade in {"A", "B"} and each.id in counts)
    people = active_people(session, scope, graded, tools)
    named = {each.tool_id for each in graded}
    by_tool, _ = tool_lines(lines, tools, scope)
    by_line = {line.id: line for line in lines}
    return Facts(
        scope=scope,
        tools=tools,
        costs=costs,
        shapes=shapes,
        capabilities=tuple((name, _label(name)) for name in names),
        pairs=pairs,
        standings={
            tool.id: _standing(
                tool,
                by_tool.get(tool.id, ()),
                chosen.get(tool.id),
                counts,
                people.get(tool.id, 0) if tool.id in named else None,
                costs[tool.id],
            )
            for tool in tools
            if tool.id in compared
        },
        priced=tuple(
            PricedCapability(
                tool_id=each.tool_id,
                bit=number[each.capability_id],
                line_id=each.contract_line_id,
                base_minor=by_line[each.contract_line_id].base_minor,
                renews_on=by_line[each.contract_line_id].renews_on,
                send_by=by_line[each.contract_line_id].send_by,
            )
            for each in owned
            if each.contract_line_id is not None and each.contract_line_id in by_line
        ),
        units=unit_names(session, scope),
        settled=settlements(session, "overlap"),
    )


def _label(capability_id: str) -> str:
    """A capability's name; one that is not in the taxonomy (any more) goes by its id."""
    try:
        return capability(capability_id).name
    except KeyError:
        return capability_id


def _shapes(
    tools: Sequence[ToolFact], owned: Sequence[CapabilityFact], number: dict[str, int]
) -> tuple[Shape, ...]:
    by_tool: dict[int, list[CapabilityFact]] = defaultdict(list)
    for each in owned:
        by_tool[each.tool_id].append(each)
    shapes: list[Shape] = []
    for tool in tools:
        found = by_tool.get(tool.id)
        if not found:
            continue
        all_of = used = unknown = 0
        plain = True
        for each in found:
            bit = 1 << number[each.capability_id]
            all_of |= bit
            if each.halves is None:
                unknown |= bit
            elif each.halves:
                used |= bit
            plain = plain and each.weight == 1
        shapes.append(
            Shape(
                tool_id=tool.id,
                owned=all_of,
                used=used,
                unknown=unknown,
                weights=None if plain else {number[each.capability_id]: each.weight for each in found},
            )
        )
    return tuple(shapes)


def _standing(
    tool: ToolFact,
    lines: Sequence[RunningLine],
    snapshot: Snapshot | None,
    counts: dict[int, tuple[int, int]],
    people: int | None,
    cost: YearlyCost,
) -> Standing:
    seats = [line for line in lines if (line.metric or tool.licence_metric) == LicenceMetric.NAMED_SEAT]
    bought = sum(line.seats or 0 for line in seats) if all(line.seats for line in seats) else None
    price: Fraction | None = None
    if lines and not seats and all(line.metric or tool.licence_metric for line in lines):
        price = Fraction(0)
    elif bought and all(line.base_minor is not None for line in seats):
        price = Fraction(sum(line.base_minor or 0 for line in seats), bought)
    assigned = active = None
    if snapshot is not None:
        users = counts.get(snapshot.id)
        assigned = users[0] if users else snapshot.assigned_count
        active = users[1] if users else snapshot.active_count
    return Standing(
        tool=tool,
        cost=cost,
        seat_price=None if price is None else max(price, Fraction(0)),
        pack=max((line.pack_size or 1 for line in seats), default=1),
        free=max(0, bought - assigned) if bought is not None and seats and assigned is not None else None,
        active=active,
        people=people,
        lines=tuple((line.id, max(0, line.base_minor or 0)) for line in lines),
        renews_on=min((line.renews_on for line in lines if line.renews_on), default=None),
        send_by=min((line.send_by for line in lines if line.send_by), default=None),
    )
