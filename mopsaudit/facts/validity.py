"""Which dated facts hold on a day, and which tools belong to a scope then: conditions for queries."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from mopsaudit.facts.merges import merged_away
from mopsaudit.scope import Scope
from mopsaudit.store.base import Valid
from mopsaudit.store.models import Contract, ContractLine, LedgerSummary, Tool, ToolUnit


def holds(model: type[Valid], day: date) -> ColumnElement[bool]:
    """The condition that a fact of ``model`` holds on ``day`` (half-open: from its first day, before its last)."""
    return and_(
        or_(model.valid_from.is_(None), model.valid_from <= day),
        or_(model.valid_until.is_(None), model.valid_until > day),
    )


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a tool belongs to the scope: used by one of its units, or by none and the scope is whole.

    This is what a person of the scope may open. A tool merged into another belongs to none.
    """
    living = Tool.merged_into_id.is_(None)
    if scope.whole:
        return living
    return and_(living, used_within(scope))


def used_within(scope: Scope) -> ColumnElement[bool]:
    """The condition that one of the scope's units uses the tool, or one merged into it, on the day."""
    here = and_(holds(ToolUnit, scope.as_of), ToolUnit.unit_id.in_(scope.unit_ids))
    away = merged_away()
    led = select(away.c.head_id).join(ToolUnit, ToolUnit.tool_id == away.c.tool_id).where(here)
    return or_(exists().where(ToolUnit.tool_id == Tool.id, here), Tool.id.in_(led))


def in_figures(scope: Scope) -> ColumnElement[bool]:
    """The condition that a tool stands in the scope's reports: it belongs to it, or one of its units pays for it.

    Wider than :func:`in_scope`, so that units sum to the whole: spend booked on a unit, or a contract made for it, is
    that unit's money whoever uses the tool. Reports show of such a tool only the scope's own lines and users.
    """
    if scope.whole:
        return in_scope(scope)
    booked = LedgerSummary.unit_id.in_(scope.unit_ids)
    bought = and_(
        Contract.id == ContractLine.contract_id,
        func.coalesce(ContractLine.unit_id, Contract.unit_id).in_(scope.unit_ids),
    )
    away = merged_away()
    led = select(away.c.head_id)
    return and_(
        Tool.merged_into_id.is_(None),
        or_(
            in_scope(scope),
            exists().where(LedgerSummary.tool_id == Tool.id, booked),
            exists().where(ContractLine.tool_id == Tool.id, bought),
            Tool.id.in_(led.join(LedgerSummary, LedgerSummary.tool_id == away.c.tool_id).where(booked)),
            Tool.id.in_(led.join(ContractLine, ContractLine.tool_id == away.c.tool_id).where(bought)),
        ),
    )
