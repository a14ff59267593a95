"""The pieces a figure is the sum of: lines, and parts of split ones, that a :class:`LineFilter` selects in a scope."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from mopsaudit.facts.merges import Heads, merged_away
from mopsaudit.periods import month_of
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from mopsaudit.store.models import LinePart, Sighting, SpendLine, Supplier, Tool
from mopsaudit.words import TOOL_COST


def ledger_pieces() -> Subquery:
    """Unsplit lines as they are and split ones by their parts; only living, counting ones in scope of the ledger."""
    return union_all(*arms()).subquery("piece")


def arms() -> tuple[Select[Any], Select[Any]]:
    """Unsplit lines, and the parts of split ones."""
    counted = and_(SpendLine.living, SpendLine.counts, ~SpendLine.out_of_scope)
    whole = select(
        SpendLine.id.label("line_id"),
        literal(None).label("part_id"),
        SpendLine.tool_id.label("tool_id"),
        SpendLine.unit_id.label("unit_id"),
        SpendLine.spend_type.label("spend_type"),
        SpendLine.amount_minor.label("amount_minor"),
        SpendLine.base_minor.label("base_minor"),
        *_shared(),
    ).where(counted, ~SpendLine.split)
    parts = (
        select(
            SpendLine.id.label("line_id"),
            LinePart.id.label("part_id"),
            LinePart.tool_id,
            func.coalesce(LinePart.unit_id, SpendLine.unit_id).label("unit_id"),
            LinePart.spend_type,
            LinePart.amount_minor,
            LinePart.base_minor,
            *_shared(),
        )
        .join(LinePart, LinePart.line_id == SpendLine.id)
        .where(counted, SpendLine.split)
    )
    return whole, parts


def _shared() -> tuple[Any, ...]:
    return (
        SpendLine.month.label("month"),
        SpendLine.booked_on.label("booked_on"),
        SpendLine.supplier_id.label("supplier_id"),
        SpendLine.supplier_text.label("supplier_text"),
        SpendLine.currency.label("currency"),
        SpendLine.description.label("description"),
        SpendLine.reference.label("reference"),
        SpendLine.cost_centre.label("cost_centre"),
        SpendLine.gl_account.label("gl_account"),
        SpendLine.method.label("method"),
        SpendLine.rule_id.label("rule_id"),
        SpendLine.edited_by_id.label("edited_by_id"),
        SpendLine.service_from.label("service_from"),
        SpendLine.service_until.label("service_until"),
    )


def selected_pieces(piece: Subquery, scope: Scope, wanted: LineFilter, merged: Heads) -> Select[Any]:
    """All columns of the pieces that the filter selects within the scope's units (those without a unit: the root's).

    A tool's lines are its own and those of the tools merged into it; the pieces name the tool they were placed on.
    Booked by the end of the scope's day; a line that states only its month counts with the month, one without either
    always does. Lines or files asked for by number are shown whatever their day.
    """
    column = piece.c
    in_units = column.unit_id.in_(scope.unit_ids)
    statement = select(piece).where(or_(in_units, column.unit_id.is_(None)) if scope.whole else in_units)
    if not (wanted.line_ids or wanted.import_ids):
        stated = or_(column.month.is_(None), column.month <= month_of(scope.as_of))
        statement = statement.where(
            or_(column.booked_on <= scope.as_of, and_(column.booked_on.is_(None), stated))
        )
    wanted = merged.widened(wanted)
    if wanted.tool_ids:
        statement = statement.where(
            or_(
                column.tool_id.in_([each for each in wanted.tool_ids if each > 0]),
                column.tool_id.is_(None) if 0 in wanted.tool_ids else false(),
                column.tool_id.is_not(None) if -1 in wanted.tool_ids else false(),
            )
        )
    if wanted.spend_types:
        statement = statement.where(
            or_(
                column.spend_type.in_([each for each in wanted.spend_types if each]),
                column.spend_type.is_(None) if "" in wanted.spend_types else false(),
            )
        )
    if wanted.vendor_ids:
        by_tool = select(Tool.id).where(Tool.vendor_id.in_(wanted.vendor_ids), Tool.merged_into_id.is_(None))
        away = merged_away()
        by_head = select(away.c.tool_id).where(away.c.head_id.in_(by_tool))
        by_supplier = select(Supplier.id).where(Supplier.vendor_id.in_(wanted.vendor_ids))
        statement = statement.where(
            or_(
                column.tool_id.in_(by_tool),
                column.tool_id.in_(by_head),
                and_(column.tool_id.is_(None), column.supplier_id.in_(by_supplier)),
            )
        )
    for values, compared in (
        (wanted.supplier_ids, column.supplier_id),
        (wanted.cost_centres, column.cost_centre),
        (wanted.gl_accounts, column.gl_account),
        (wanted.line_ids, column.line_id),
        (wanted.currencies, column.currency),
        (wanted.rule_ids, column.rule_id),
    ):
        if values:
            statement = statement.where(compared.in_(values))
    bounds = []
    if wanted.month_from is not None:
        bounds.append(column.month >= wanted.month_from)
    if wanted.month_until is not None:
        bounds.append(column.month < wanted.month_until)
    if bounds:
        inside = and_(*bounds)
        statement = statement.where(or_(inside, column.month.is_(None)) if wanted.undated else inside)
    elif wanted.undated:
        statement = statement.where(column.month.is_(None))
    if wanted.import_ids:
        seen = select(Sighting.line_id).where(Sighting.import_id.in_(wanted.import_ids), Sighting.living)
        statement = statement.where(column.line_id.in_(seen))
    if wanted.unconverted:
        statement = statement.where(column.base_minor.is_(None))
    if wanted.waiting is not None:
        asked = waits(column.tool_id, column.spend_type, column.supplier_id)
        statement = statement.where(asked if wanted.waiting else not_(asked))
    return statement


def waits(
    tool_id: SQLColumnExpression[int | None],
    spend_type: SQLColumnExpression[str | None],
    supplier_id: SQLColumnExpression[int | None],
) -> ColumnElement[bool]:
    """Money of no tool whose supplier nobody settled: of no type yet, or of a vendor known to sell tools.

    A known vendor alone places nothing: which of its tools was paid for is still to be said.
    """
    settled = select(Supplier.id).where(Supplier.settled != "open")
    nobody = or_(supplier_id.is_(None), supplier_id.not_in(settled))
    return and_(tool_id.is_(None), or_(spend_type.is_(None), and_(spend_type.in_(list(TOOL_COST)), nobody)))


def holding(statement: Select[Any], piece: Subquery, text: str) -> Select[Any]:
    """Of the pieces those that hold every word of ``text``: as printed, described, referenced or charged; any case."""
    column = piece.c
    for word in text.casefold().split():
        named = select(Supplier.id).where(func.lower(Supplier.name).contains(word, autoescape=True))
        shown = (
            column.supplier_text,
            column.description,
            column.reference,
            column.cost_centre,
            column.gl_account,
        )
        statement = statement.where(
            or_(
                column.supplier_id.in_(named),
                *(func.lower(each).contains(word, autoescape=True) for each in shown),
            )
        )
    return statement
