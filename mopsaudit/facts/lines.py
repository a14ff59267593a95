"""The lines behind a figure: what a :class:`LineFilter` selects in a scope, with the cells each was read from.

A split line appears once per part, with the part's tool, unit, type and amount: the pieces sum to the figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import Heads, heads, merged_away
from mopsaudit.facts.reading import fetch
from mopsaudit.periods import month_of
from mopsaudit.reporting import LineFilter, Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Import,
    ImportSheet,
    LinePart,
    MatchRule,
    Sighting,
    SpendLine,
    Supplier,
    Tool,
)

#: What lines are sorted by → columns of the pieces.
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "booked": ("month", "booked_on"),
    "supplier": ("supplier_text",),
    "type": ("spend_type",),
    "description": ("description",),
    "reference": ("reference",),
    "cost_centre": ("cost_centre",),
    "amount": ("amount_minor",),
    "base": ("base_minor",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A cell a line was seen in: import, file, sheet (None: a text file), 1-based row, cell address."""

    import_id: int
    file_name: str
    sheet: str | None
    row: int
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How a line found its place: method (decision, alias, rule, fuzzy, split, person, none), reason and score.

    ``rule`` is the rule that placed it; ``score_mille`` of 1,000 where the matcher did.
    """

    method: str
    reason: str | None = None
    score_mille: int | None = None
    rule: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A ledger line, or the part of a split one that the filter selects. Amounts in minor units.

    ``base_minor`` is in the base currency, None without a rate. ``origins`` are its living sightings, oldest first; the
    first is the line's origin.
    """

    line_id: int
    part_id: int | None
    booked_on: date | None
    month: int | None
    supplier: Ref | None
    supplier_text: str | None
    tool: Ref | None
    spend_type: str | None
    unit_id: int | None
    amount_minor: int
    currency: str
    base_minor: int | None
    description: str | None
    reference: str | None
    cost_centre: str | None
    gl_account: str | None
    placed: Placed
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """A page of pieces with the totals over all of them: count, base sum, and what has no rate by currency."""

    pieces: tuple[Piece, ...]
    count: int
    base_minor: int
    unconverted: tuple[tuple[str, int], ...]


def ledger_pieces() -> Subquery:
    """Unsplit lines as they are and split ones by their parts; only living, counting ones in scope of the ledger."""
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
            SpendLine.id,
            LinePart.id,
            LinePart.tool_id,
            func.coalesce(LinePart.unit_id, SpendLine.unit_id),
            LinePart.spend_type,
            LinePart.amount_minor,
            LinePart.base_minor,
            *_shared(),
        )
        .join(LinePart, LinePart.line_id == SpendLine.id)
        .where(counted, SpendLine.split)
    )
    return union_all(whole, parts).subquery("piece")


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
    return statement


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


def lines_of(
    session: Session,
    scope: Scope,
    wanted: LineFilter,
    *,
    limit: int = 100,
    offset: int = 0,
    text: str = "",
    order: str = "-booked",
) -> LinePage:
    """The lines a figure sums that hold every word of ``text``, with totals over all of them. Four queries.

    ``order`` is a key of :data:`ORDERS`, with ``-`` before it turned round; unknown values come last either way. Each
    line names the tool it counts on: of a merged one the head.
    """
    pieces = ledger_pieces()
    statement = selected_pieces(pieces, scope, wanted, heads(session))
    selected = holding(statement, pieces, text).subquery("selected")
    away = merged_away()
    column = selected.c
    totals = (
        session.connection()
        .execute(
            select(
                column.currency,
                func.count(),
                func.coalesce(func.sum(column.base_minor), 0),
                func.coalesce(func.sum(column.amount_minor).filter(column.base_minor.is_(None)), 0),
            )
            .group_by(column.currency)
            .order_by(column.currency)
        )
        .all()
    )
    rows = (
        session.connection()
        .execute(
            select(
                selected,
                Supplier.name.label("supplier"),
                Supplier.reason.label("reason"),
                Supplier.score_mille.label("score_mille"),
                MatchRule.pattern.label("rule"),
                Tool.id.label("head_id"),
                Tool.name.label("tool"),
            )
            .outerjoin(Supplier, Supplier.id == column.supplier_id)
            .outerjoin(MatchRule, MatchRule.id == column.rule_id)
            .outerjoin(away, away.c.tool_id == column.tool_id)
            .outerjoin(Tool, Tool.id == func.coalesce(away.c.head_id, column.tool_id))
            .order_by(*_in_order(column, order))
            .limit(limit)
            .offset(offset)
        )
        .all()
    )
    origins = origins_of(session, tuple({row.line_id for row in rows}))
    return LinePage(
        pieces=tuple(
            Piece(
                line_id=row.line_id,
                part_id=row.part_id,
                booked_on=row.booked_on,
                month=row.month,
                supplier=Ref(kind="supplier", id=row.supplier_id, label=row.supplier)
                if row.supplier_id
                else None,
                supplier_text=row.supplier_text,
                tool=Ref(kind="tool", id=row.head_id, label=row.tool) if row.head_id else None,
                spend_type=row.spend_type,
                unit_id=row.unit_id,
                amount_minor=row.amount_minor,
                currency=row.currency,
                base_minor=row.base_minor,
                description=row.description,
                reference=row.reference,
                cost_centre=row.cost_centre,
                gl_account=row.gl_account,
                placed=_placed(row),
                origins=origins.get(row.line_id, ()),
            )
            for row in rows
        ),
        count=sum(row[1] for row in totals),
        base_minor=sum(int(row[2]) for row in totals),
        unconverted=tuple((row[0], int(row[3])) for row in totals if row[3]),
    )


def _in_order(column: Any, order: str) -> tuple[ColumnElement[Any], ...]:
    """How the lines stand: undated ones last by date, and each order ends with the newest line first."""
    down = order.startswith("-")
    parts: list[ColumnElement[Any]] = []
    for name in ORDERS.get(order.removeprefix("-"), ORDERS["booked"]):
        each = column[name]
        parts += [each.is_(None), each.desc() if down else each.asc()]
    return (*parts, column.line_id.desc(), column.part_id)


def _placed(row: Any) -> Placed:
    if row.edited_by_id is not None:
        return Placed(method="person")
    if row.rule_id is not None:
        return Placed(method="rule", rule=Ref(kind="rule", id=row.rule_id, label=f"rule “{row.rule}”"))
    matched = row.method in ("alias", "fuzzy")
    return Placed(
        method=row.method,
        reason=row.reason or None if matched else None,
        score_mille=row.score_mille if matched else None,
    )


def origins_of(session: Session, line_ids: tuple[int, ...]) -> dict[int, tuple[Origin, ...]]:
    """The living sightings of lines, oldest first, by line id; one query."""
    if not line_ids:
        return {}
    rows = fetch(
        session,
        select(
            Sighting.line_id,
            Sighting.import_id,
            Import.file_name,
            ImportSheet.name,
            Sighting.row,
            Sighting.cell,
        )
        .join(Import, Import.id == Sighting.import_id)
        .join(ImportSheet, ImportSheet.id == Sighting.sheet_id)
        .where(Sighting.line_id.in_(line_ids), Sighting.living)
        .order_by(Sighting.line_id, Sighting.id),
    )
    found: dict[int, list[Origin]] = {}
    for line_id, import_id, file_name, sheet, row, cell in rows:
        found.setdefault(line_id, []).append(
            Origin(import_id=import_id, file_name=file_name, sheet=sheet, row=row, cell=cell)
        )
    return {line_id: tuple(each) for line_id, each in found.items()}
