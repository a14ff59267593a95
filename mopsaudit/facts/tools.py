"""Tools as they stood on a day: units, owners, status, types and capabilities, in a constant number of queries."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.validity import holds, in_figures
from mopsaudit.facts.values import CapabilityFact, ToolFact
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BusinessUnit,
    Person,
    Tool,
    ToolCapability,
    ToolPerson,
    ToolState,
    ToolType,
    ToolUnit,
    Vendor,
)

OWNER = "business_owner"
HOLDER = "budget_holder"


@once
def unit_names(session: Session, scope: Scope) -> dict[int, str]:
    """Names of the scope's units by id, in the order of the tree."""
    rows = fetch(
        session,
        select(BusinessUnit.id, BusinessUnit.name)
        .where(BusinessUnit.id.in_(scope.unit_ids))
        .order_by(BusinessUnit.path, BusinessUnit.id),
    )
    return {row[0]: row[1] for row in rows}


def _states(session: Session, day: date, merged: Heads) -> tuple[dict[int, str], set[int]]:
    """The status that holds on the day by tool (the latest start wins), and the tools that have any dated status.

    A head that did not exist yet has the status of what was merged into it.
    """
    statuses: dict[int, str] = {}
    dated: set[int] = set()
    rows = fetch(
        session,
        select(ToolState.tool_id, ToolState.status, ToolState.valid_from, ToolState.valid_until).order_by(
            ToolState.tool_id, ToolState.valid_from.is_not(None), ToolState.valid_from, ToolState.id
        ),
    )
    for tool_id, status, start, end in rows:
        dated.add(tool_id)
        if (start is None or start <= day) and (end is None or end > day):
            statuses[tool_id] = status
    for tool_id, head in merged.of.items():
        if tool_id in statuses and head in dated:
            statuses.setdefault(head, statuses[tool_id])
    return statuses, dated


@once
def tools_at(session: Session, scope: Scope) -> tuple[ToolFact, ...]:
    """The tools of the scope as they stood at its date, by name; merged ones are left out, retired ones are not.

    A head has the units and types of all tools merged into it, and their people and licence metric where it has none
    of its own. A tool whose dated statuses all start later did not exist yet and is left out. Seven queries, whatever
    the number.
    """
    day = scope.as_of
    settings = scope.settings
    merged = heads(session)
    statuses, dated = _states(session, day, merged)
    units: dict[int, list[int]] = defaultdict(list)
    for tool_id, unit_id in fetch(
        session,
        select(ToolUnit.tool_id, ToolUnit.unit_id)
        .where(holds(ToolUnit, day))
        .order_by(ToolUnit.tool_id, ToolUnit.unit_id),
    ):
        head = merged.tool(tool_id)
        if unit_id not in units[head]:
            units[head].append(unit_id)
    types: dict[int, list[str]] = defaultdict(list)
    for tool_id, type_id in fetch(
        session, select(ToolType.tool_id, ToolType.type_id).order_by(ToolType.tool_id, ToolType.id)
    ):
        head = merged.tool(tool_id)
        if type_id not in types[head]:
            types[head].append(type_id)
    people: dict[tuple[int, str], Ref] = {}
    for tool_id, part, person_id, name in fetch(
        session,
        select(ToolPerson.tool_id, ToolPerson.part, Person.id, Person.name)
        .join(Person, Person.id == ToolPerson.person_id)
        .where(holds(ToolPerson, day), ToolPerson.part.in_((OWNER, HOLDER)))
        .order_by(ToolPerson.tool_id, ToolPerson.part, ToolPerson.id),
    ):
        people[tool_id, part] = Ref(kind="person", id=person_id, label=name or f"person {person_id}")
    for tool_id, head in merged.of.items():
        for part in (OWNER, HOLDER):
            if (tool_id, part) in people:
                people.setdefault((head, part), people[tool_id, part])
    metrics: dict[int, str] = {}
    for tool_id, metric in (
        fetch(
            session,
            select(Tool.id, Tool.licence_metric)
            .where(Tool.merged_into_id.is_not(None), Tool.licence_metric.is_not(None))
            .order_by(Tool.id),
        )
        if merged.of
        else ()
    ):
        metrics.setdefault(merged.tool(tool_id), str(metric))
    found: list[ToolFact] = []
    rows = fetch(
        session,
        select(
            Tool.id,
            Tool.name,
            Tool.vendor_id,
            Vendor.name,
            Tool.category,
            Tool.status,
            Tool.licence_metric,
            Tool.activity_window_days,
            Tool.daily_use,
        )
        .outerjoin(Vendor, Vendor.id == Tool.vendor_id)
        .where(in_figures(scope))
        .order_by(func.lower(Tool.name), Tool.id),
    )
    for tool_id, name, vendor_id, vendor, category, status, metric, window, daily in rows:
        if tool_id in dated and tool_id not in statuses:
            continue
        found.append(
            ToolFact(
                id=tool_id,
                name=name,
                vendor=Ref(kind="vendor", id=vendor_id, label=vendor) if vendor_id else None,
                category=category,
                status=statuses.get(tool_id, status),
                types=tuple(types.get(tool_id, ())),
                units=tuple(sorted(units.get(tool_id, ()))),
                owner=people.get((tool_id, OWNER)),
                holder=people.get((tool_id, HOLDER)),
                licence_metric=metric or metrics.get(tool_id),
                window_days=window
                or (settings.daily_window_days if daily else settings.activity_window_days),
            )
        )
    return tuple(found)


@once
def capabilities_at(session: Session, scope: Scope) -> tuple[CapabilityFact, ...]:
    """Capabilities owned at the scope's date by its tools, by tool and capability; two queries.

    Where two facts about one capability hold at once, the one entered last counts; between tools that were merged the
    one that says most use.
    """
    merged = heads(session)
    known = {tool_id for (tool_id,) in fetch(session, select(Tool.id).where(in_figures(scope)))}
    rows = fetch(
        session,
        select(
            ToolCapability.tool_id,
            ToolCapability.capability_id,
            ToolCapability.used_halves,
            ToolCapability.weight,
            ToolCapability.contract_line_id,
        )
        .where(holds(ToolCapability, scope.as_of))
        .order_by(ToolCapability.tool_id, ToolCapability.capability_id, ToolCapability.id),
    )
    latest = {(row[0], row[1]): row for row in rows}
    if merged.of:
        every, latest = latest, {}
        for (tool_id, capability_id), row in every.items():
            key = (merged.tool(tool_id), capability_id)
            if key not in latest or use_rank(row[2]) > use_rank(latest[key][2]):
                latest[key] = row
        latest = {key: latest[key] for key in sorted(latest)}
    return tuple(
        CapabilityFact(
            tool_id=tool_id, capability_id=capability_id, halves=halves, weight=weight, contract_line_id=line
        )
        for (tool_id, capability_id), (_, _, halves, weight, line) in latest.items()
        if tool_id in known
    )


def use_rank(halves: int | None) -> int:
    """How much use a capability's fact tells of; unknown is less than none."""
    return -1 if halves is None else halves
