"""The inventory as people look at it: the list of tools within a scope, and one tool with all that hangs on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import Heads, heads, merged_away
from mopsaudit.facts.tools import use_rank
from mopsaudit.facts.validity import holds
from mopsaudit.inventory.merges import MergedTool, merged_into
from mopsaudit.inventory.tools import BUDGET_HOLDER, OWNER, in_scope, people_of
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import (
    Contract,
    ContractLine,
    Tool,
    ToolCapability,
    ToolName,
    ToolState,
    ToolType,
    ToolUnit,
    Vendor,
)
from mopsaudit.store.people import BusinessUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """A tool in the list, as of the scope's date. Owner and holder are (person id, name) or None."""

    id: int
    name: str
    vendor_id: int | None
    vendor: str | None
    category: str
    status: str
    types: tuple[str, ...]
    capabilities: tuple[str, ...]
    units: tuple[tuple[int, str], ...]
    owner: tuple[int, str] | None
    budget_holder: tuple[int, str] | None
    licence_metric: str | None
    contracts: int
    site: str | None


def _grouped(rows: Iterable[tuple[int, str]], merged: Heads) -> dict[int, list[str]]:
    result: dict[int, dict[str, None]] = defaultdict(dict)
    for key, value in rows:
        result[merged.tool(key)][value] = None
    return {key: list(values) for key, values in result.items()}


def list_tools(
    session: Session, scope: Scope, *, include_retired: bool = True, ids: Sequence[int] | None = None
) -> tuple[ToolRow, ...]:
    """The living tools of the scope by name, with their facts as of its date; a constant number of queries.

    What was merged into a tool counts on it.
    """
    merged = heads(session)
    query = select(Tool).where(Tool.merged_into_id.is_(None), in_scope(scope))
    if ids is not None:
        query = query.where(Tool.id.in_(ids))
    tools = session.scalars(query.order_by(func.lower(Tool.name), Tool.id)).all()
    away = merged_away()
    living = select(Tool.id).where(Tool.merged_into_id.is_(None), in_scope(scope))
    named = select(Vendor.id, Vendor.name)
    if ids is not None:
        living = living.where(Tool.id.in_(ids))
        named = named.where(Vendor.id.in_({tool.vendor_id for tool in tools}))
    chosen = living.union_all(select(away.c.tool_id).where(away.c.head_id.in_(living)))
    vendors = dict(session.execute(named).all())
    types = _grouped(
        session.execute(
            select(ToolType.tool_id, ToolType.type_id)
            .where(ToolType.tool_id.in_(chosen))
            .order_by(ToolType.id)
        ).all(),
        merged,
    )
    capabilities = _grouped(
        session.execute(
            select(ToolCapability.tool_id, ToolCapability.capability_id)
            .where(ToolCapability.tool_id.in_(chosen), holds(ToolCapability, scope.as_of))
            .order_by(ToolCapability.capability_id)
        ).all(),
        merged,
    )
    units: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tool_id, unit_id, unit_name in session.execute(
        select(ToolUnit.tool_id, BusinessUnit.id, BusinessUnit.name)
        .join(BusinessUnit, BusinessUnit.id == ToolUnit.unit_id)
        .where(ToolUnit.tool_id.in_(chosen), holds(ToolUnit, scope.as_of))
        .order_by(BusinessUnit.name, BusinessUnit.id)
    ):
        head = merged.tool(tool_id)
        if (unit_id, unit_name) not in units[head]:
            units[head].append((unit_id, unit_name))
    states = dict(
        session.execute(
            select(ToolState.tool_id, ToolState.status)
            .where(ToolState.tool_id.in_(chosen), holds(ToolState, scope.as_of))
            .order_by(ToolState.id)
        ).all()
    )
    contracts: dict[int, set[int]] = defaultdict(set)
    for line_of, contract_id in session.execute(
        select(ContractLine.tool_id, ContractLine.contract_id)
        .where(ContractLine.tool_id.in_(chosen), ContractLine.retired_on.is_(None))
        .order_by(ContractLine.id)
    ):
        if line_of is not None:
            contracts[merged.tool(line_of)].add(contract_id)
    people = people_of(session, (tool.id for tool in tools), scope.as_of)
    rows = []
    for tool in tools:
        status = states.get(tool.id, tool.status)
        if status == "retired" and not include_retired:
            continue
        parts = people.get(tool.id, {})
        owner, holder = parts.get(OWNER), parts.get(BUDGET_HOLDER)
        rows.append(
            ToolRow(
                id=tool.id,
                name=tool.name,
                vendor_id=tool.vendor_id,
                vendor=vendors.get(tool.vendor_id) if tool.vendor_id is not None else None,
                category=tool.category,
                status=status,
                types=tuple(types.get(tool.id, ())),
                capabilities=tuple(capabilities.get(tool.id, ())),
                units=tuple(units.get(tool.id, ())),
                owner=None if owner is None else (owner.id, owner.name),
                budget_holder=None if holder is None else (holder.id, holder.name),
                licence_metric=tool.licence_metric,
                contracts=len(contracts.get(tool.id, ())),
                site=tool.site,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolView:
    """One tool with its other names, dated statuses, capabilities with use, and its contracts with their lines.

    ``merged`` are the tools that count on it and the merges that can be taken back.
    """

    row: ToolRow
    tool: Tool
    names: tuple[str, ...]
    states: tuple[tuple[str, date | None, date | None], ...]
    capabilities: tuple[ToolCapability, ...]
    contracts: tuple[tuple[Contract, tuple[ContractLine, ...]], ...]
    merged: tuple[MergedTool, ...]


def tool_view(session: Session, scope: Scope, tool: Tool) -> ToolView:
    """Everything the tool page shows besides the reports' figures."""
    rows = list_tools(session, scope, ids=[tool.id])
    family = heads(session).family((tool.id,))
    joined = merged_into(session, tool.id)
    others = session.scalars(
        select(ToolName.name).where(ToolName.tool_id.in_(family)).order_by(ToolName.id)
    ).all()
    names = dict.fromkeys((*others, *(each.tool.name for each in joined)))
    states = session.scalars(
        select(ToolState).where(ToolState.tool_id == tool.id).order_by(ToolState.id)
    ).all()
    capabilities: dict[str, ToolCapability] = {}
    for fact in session.scalars(
        select(ToolCapability)
        .where(ToolCapability.tool_id.in_(family), holds(ToolCapability, scope.as_of))
        .order_by(ToolCapability.capability_id, ToolCapability.tool_id != tool.id, ToolCapability.id)
    ):
        known = capabilities.get(fact.capability_id)
        if known is None or use_rank(fact.used_halves) > use_rank(known.used_halves):
            capabilities[fact.capability_id] = fact
    lines: dict[int, list[ContractLine]] = defaultdict(list)
    for line in session.scalars(
        select(ContractLine)
        .where(ContractLine.tool_id.in_(family), ContractLine.retired_on.is_(None))
        .order_by(ContractLine.id)
    ):
        lines[line.contract_id].append(line)
    contracts = session.scalars(
        select(Contract).where(Contract.id.in_(lines)).order_by(Contract.start_on, Contract.id)
    ).all()
    return ToolView(
        row=rows[0],
        tool=tool,
        names=tuple(names),
        states=tuple((state.status, state.valid_from, state.valid_until) for state in states),
        capabilities=tuple(capabilities.values()),
        contracts=tuple((contract, tuple(lines[contract.id])) for contract in contracts),
        merged=joined,
    )
