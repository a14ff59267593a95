"""Which dated facts hold on a day, and which tools belong to a scope then: conditions for queries."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from mopsaudit.scope import Scope
from mopsaudit.store.base import Valid
from mopsaudit.store.models import Tool, ToolUnit


def holds(model: type[Valid], day: date) -> ColumnElement[bool]:
    """The condition that a fact of ``model`` holds on ``day`` (half-open: from its first day, before its last)."""
    return and_(
        or_(model.valid_from.is_(None), model.valid_from <= day),
        or_(model.valid_until.is_(None), model.valid_until > day),
    )


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a tool belongs to the scope: used by one of its units, or by none and the scope is whole."""
    if scope.whole:
        unit_facts = and_(ToolUnit.tool_id == Tool.id, holds(ToolUnit, scope.as_of))
        within = exists().where(unit_facts, ToolUnit.unit_id.in_(scope.unit_ids))
        return and_(Tool.merged_into_id.is_(None), or_(within, ~exists().where(unit_facts)))
    return and_(
        Tool.merged_into_id.is_(None),
        exists().where(
            ToolUnit.tool_id == Tool.id,
            holds(ToolUnit, scope.as_of),
            ToolUnit.unit_id.in_(scope.unit_ids),
        ),
    )
