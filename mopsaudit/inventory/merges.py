"""Joining two records of one tool, what that moves, and taking it back. No record moves: see ``facts.merges``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.merges import heads
from mopsaudit.facts.tools import capabilities_at, tools_at
from mopsaudit.reporting import Amount
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import ContractLine, Merge, Tool
from mopsaudit.store.ledger import LinePart, SpendLine, ToolUser, UsageSnapshot
from mopsaudit.store.planning import BudgetLine, BusinessCase, Decision


def merge_tools(session: Session, from_id: int, into_id: int, *, version: int, now: datetime) -> Merge:
    """Join two tools: the first counts on the second from now on, in every report and at every date.

    It keeps its own records and points on, so taking the merge back loses nothing; its names lead to the second.

    Raises:
        NotFoundError: one of them does not exist.
        InvalidError: the same tool twice, or one that was merged into another already (which rules out circles).
        ConflictError: ``version`` is not the first tool's present one.
    """
    if from_id == into_id:
        raise InvalidError("Choose two different tools.", "into_id")
    # Both in the order of their numbers, so that two people who merge crosswise do not wait for each other.
    locked = {
        tool.id: tool
        for tool in session.scalars(
            select(Tool)
            .where(Tool.id.in_((from_id, into_id)))
            .order_by(Tool.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if len(locked) < 2:
        raise NotFoundError("There is no such tool.")
    source, target = locked[from_id], locked[into_id]
    for tool in (source, target):
        if tool.merged_into_id is not None:
            head = session.get_one(Tool, heads(session).tool(tool.id))
            raise InvalidError(
                f"{tool.name} was merged into {head.name} already; choose {head.name}.", "into_id"
            )
    if source.version != version:
        raise ConflictError(
            "Somebody changed this tool since you opened it. Look at what moves once more.",
            {"version": source.version},
        )
    source.merged_into_id = into_id
    merge = Merge(subject="tool", from_id=from_id, into_id=into_id, moved={}, at=now)
    session.add(merge)
    session.flush()
    return merge


def unmerge_tools(session: Session, merge_id: int, *, now: datetime) -> Tool:
    """Take a merge of tools back: the first stands for itself again with all its records. The tool is returned.

    Raises:
        NotFoundError: no such merge.
        InvalidError: it is taken back already.
    """
    merge = session.get(Merge, merge_id, with_for_update=True)
    if merge is None or merge.subject != "tool":
        raise NotFoundError("There is no such merge.")
    tool = session.get_one(Tool, merge.from_id, with_for_update=True)
    if merge.undone_at is not None or tool.merged_into_id != merge.into_id:
        raise InvalidError("This merge is taken back already.")
    tool.merged_into_id = None
    merge.undone_at = now
    session.flush()
    return tool


def find_merge(session: Session, merge_id: int) -> Merge:
    """A merge of tools.

    Raises:
        NotFoundError: no such merge.
    """
    merge = session.get(Merge, merge_id)
    if merge is None or merge.subject != "tool":
        raise NotFoundError("There is no such merge.")
    return merge


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedTool:
    """A tool merged into another, directly or through a third, and the merge that can be taken back."""

    merge: Merge
    tool: Tool
    into: Tool


def merged_into(session: Session, tool_id: int) -> tuple[MergedTool, ...]:
    """The tools that count on this one, oldest merge first."""
    family = heads(session).family((tool_id,))[1:]
    if not family:
        return ()
    rows = session.execute(
        select(Merge, Tool)
        .join(Tool, Tool.id == Merge.from_id)
        .where(Merge.subject == "tool", Merge.undone_at.is_(None), Merge.from_id.in_(family))
        .order_by(Merge.id)
    ).all()
    return tuple(
        MergedTool(merge=merge, tool=tool, into=session.get_one(Tool, merge.into_id)) for merge, tool in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What counts on a tool and would move with it: records by kind, its yearly cost and its users.

    ``shared_users``, ``shared_contracts`` and ``shared_capabilities`` are those the other tool has too: they count once
    after the merge.
    """

    tool: Tool
    cost: Amount
    lines: int
    contracts: int
    users: int
    capabilities: int
    cases: int
    decisions: int
    budget_lines: int
    shared_users: int = 0
    shared_contracts: int = 0
    shared_capabilities: int = 0


def moving(session: Session, scope: Scope, tool: Tool, into: Tool | None = None) -> Moving:
    """What hangs on a tool and on those merged into it; a bounded number of queries."""
    merged = heads(session)
    family = merged.family((tool.id,))
    other = merged.family((into.id,)) if into is not None else ()
    facts = [each for each in tools_at(session, scope) if each.id == tool.id]
    cost = yearly_costs(session, scope, tools=facts).get(tool.id)
    capabilities: dict[int, set[str]] = {tool.id: set()}
    for each in capabilities_at(session, scope):
        capabilities.setdefault(each.tool_id, set()).add(each.capability_id)

    def number(column: InstrumentedAttribute[Any], *conditions: Any) -> int:
        return session.scalar(select(func.count()).where(column.in_(family), *conditions)) or 0

    def users(ids: tuple[int, ...]) -> set[str]:
        living = select(UsageSnapshot.tool_id).where(UsageSnapshot.living)
        return set(
            session.scalars(
                select(ToolUser.user_key).where(ToolUser.tool_id.in_(ids), ToolUser.tool_id.in_(living))
            )
        )

    def contracts(ids: tuple[int, ...]) -> set[int]:
        return set(
            session.scalars(
                select(ContractLine.contract_id).where(
                    ContractLine.tool_id.in_(ids), ContractLine.retired_on.is_(None)
                )
            )
        )

    mine, agreed = users(family), contracts(family)
    return Moving(
        tool=tool,
        cost=cost.amount
        if cost is not None
        else Amount(currency=scope.currency, minor=None, why="It did not exist on this day."),
        lines=number(SpendLine.tool_id, SpendLine.living, ~SpendLine.split) + number(LinePart.tool_id),
        contracts=len(agreed),
        users=len(mine),
        capabilities=len(capabilities[tool.id]),
        cases=number(BusinessCase.tool_id),
        decisions=number(Decision.tool_id),
        budget_lines=number(BudgetLine.tool_id),
        shared_users=len(mine & users(other)) if other else 0,
        shared_contracts=len(agreed & contracts(other)) if other else 0,
        shared_capabilities=len(capabilities[tool.id] & capabilities.get(into.id, set())) if into else 0,
    )
