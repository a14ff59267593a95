"""The inventory as people look at it: the list of tools within a scope, and one tool with all that hangs on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.validity import holds
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


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    result: dict[int, list[str]] = defaultdict(list)
    for key, value in rows:
        result[key].append(value)
    return result


def list_tools(
    session: Session, scope: Scope, *, include_retired: bool = True, ids: Sequence[int] | None = None
) -> tuple[ToolRow, ...]:
    """The living tools of the scope by name, with their facts as of its date; a constant number of queries."""
    query = select(Tool).where(Tool.merged_into_id.is_(None), in_scope(scope))
    if ids is not None:
        query = query.where(Tool.id.in_(ids))
    tools = session.scalars(query.order_by(func.lower(Tool.name), Tool.id)).all()
    chosen = select(Tool.id).where(Tool.merged_into_id.is_(None), in_scope(scope))
    vendors = dict(session.execute(select(Vendor.id, Vendor.name)).all())
    types = _grouped(
        session.execute(
            select(ToolType.tool_id, ToolType.type_id)
            .where(ToolType.tool_id.in_(chosen))
            .order_by(ToolType.id)
        ).all()
    )
    capabilities = _grouped(
        session.execute(
            select(ToolCapability.tool_id, ToolCapability.capability_id)
            .where(ToolCapability.tool_id.in_(chosen), holds(ToolCapability, scope.as_of))
            .order_by(ToolCapability.capability_id)
        ).all()
    )
    units: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tool_id, unit_id, unit_name in session.execute(
        select(ToolUnit.tool_id, BusinessUnit.id, BusinessUnit.name)
        .join(BusinessUnit, BusinessUnit.id == ToolUnit.unit_id)
        .where(ToolUnit.tool_id.in_(chosen), holds(ToolUnit, scope.as_of))
        .order_by(BusinessUnit.name, BusinessUnit.id)
    ):
        units[tool_id].append((unit_id, unit_name))
    states = dict(
        session.execute(
            select(ToolState.tool_id, ToolState.status)
            .where(ToolState.tool_id.in_(chosen), holds(ToolState, scope.as_of))
            .order_by(ToolState.id)
        ).all()
    )
    contracts: dict[int | None, int] = dict(
        session.execute(
            select(ContractLine.tool_id, func.count(func.distinct(ContractLine.contract_id)))
            .join(Contract, Contract.id == ContractLine.contract_id)
            .where(ContractLine.tool_id.in_(chosen), ContractLine.retired_on.is_(None))
            .group_by(ContractLine.tool_id)
        ).all()
    )
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
                contracts=contracts.get(tool.id, 0),
                site=tool.site,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolView:
    """One tool with its other names, dated statuses, capabilities with use, and its contracts with their lines."""

    row: ToolRow
    tool: Tool
    names: tuple[str, ...]
    states: tuple[tuple[str, date | None, date | None], ...]
    capabilities: tuple[ToolCapability, ...]
    contracts: tuple[tuple[Contract, tuple[ContractLine, ...]], ...]
    merged: tuple[Tool, ...]


def tool_view(session: Session, scope: Scope, tool: Tool) -> ToolView:
    """Everything the tool page shows besides the reports' figures."""
    rows = list_tools(session, scope, ids=[tool.id])
    names = session.scalars(
        select(ToolName.name).where(ToolName.tool_id == tool.id).order_by(ToolName.id)
    ).all()
    states = session.scalars(
        select(ToolState).where(ToolState.tool_id == tool.id).order_by(ToolState.id)
    ).all()
    capabilities = session.scalars(
        select(ToolCapability)
        .where(ToolCapability.tool_id == tool.id, holds(ToolCapability, scope.as_of))
        .order_by(ToolCapability.capability_id)
    ).all()
    lines: dict[int, list[ContractLine]] = defaultdict(list)
    for line in session.scalars(
        select(ContractLine)
        .where(ContractLine.tool_id == tool.id, ContractLine.retired_on.is_(None))
        .order_by(ContractLine.id)
    ):
        lines[line.contract_id].append(line)
    contracts = session.scalars(
        select(Contract).where(Contract.id.in_(lines)).order_by(Contract.start_on, Contract.id)
    ).all()
    merged = session.scalars(
        select(Tool).where(Tool.merged_into_id == tool.id).order_by(Tool.name, Tool.id)
    ).all()
    return ToolView(
        row=rows[0],
        tool=tool,
        names=tuple(names),
        states=tuple((state.status, state.valid_from, state.valid_until) for state in states),
        capabilities=tuple(capabilities),
        contracts=tuple((contract, tuple(lines[contract.id])) for contract in contracts),
        merged=tuple(merged),
    )
