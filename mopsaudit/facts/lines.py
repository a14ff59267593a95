"""The lines behind a figure: what a :class:`LineFilter` selects in a scope, with the cells each was read from.

A split line appears once per part, with the part's tool, unit, type and amount: the pieces sum to the figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    func,
    select,
)
from sqlalchemy.orm import Session

from mopsaudit.facts.line_conditions import Condition, keeping
from mopsaudit.facts.line_totals import line_totals
from mopsaudit.facts.merges import heads, merged_away
from mopsaudit.facts.pieces import arms, holding, ledger_pieces, selected_pieces
from mopsaudit.facts.reading import fetch
from mopsaudit.reporting import LineFilter, Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Import,
    ImportSheet,
    MatchRule,
    Sighting,
    Supplier,
    Tool,
)

#: The order of the ledger unless another is asked for.
NEWEST: Final = "-booked"
#: Lines found by their numbers at once, and more parts than a line has.
_IN_ADDRESSES: Final = 1_000
_PARTS: Final = 1_000
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
    """How a line found its place: method (decision, alias, rule, fuzzy, split, person, pair, none), reason and score.

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
    first is the line's origin. ``service`` is the days it pays for, half-open.
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
    service: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """A page of pieces with the totals over all of them: count, base sum, and what has no rate by currency."""

    pieces: tuple[Piece, ...]
    count: int
    base_minor: int
    unconverted: tuple[tuple[str, int], ...]


def lines_of(
    session: Session,
    scope: Scope,
    wanted: LineFilter,
    *,
    limit: int = 100,
    offset: int = 0,
    text: str = "",
    order: str = NEWEST,
    asked: Sequence[Sequence[Condition]] = (),
) -> LinePage:
    """The lines a figure sums that hold every word of ``text``, with totals over all of them. Four queries.

    ``asked``: of each group of conditions one holds too.

    ``order`` is a key of :data:`ORDERS`, with ``-`` before it turned round; unknown values come last either way. Each
    line names the tool it counts on: of a merged one the head.
    """
    pieces = ledger_pieces()
    statement = selected_pieces(pieces, scope, wanted, heads(session))
    statement = keeping(statement, pieces, asked, scope)
    selected = holding(statement, pieces, text).subquery("selected")
    column = selected.c
    here: list[tuple[int, int | None]] = []
    if order == NEWEST and not text and not asked and limit <= _IN_ADDRESSES:
        # Sorting a large ledger for one page of it takes seconds: an index knows which lines stand there.
        here = _newest(session, scope, wanted, limit, offset)
        selected = statement.where(pieces.c.line_id.in_([line for line, _ in here])).subquery("selected")
        column, limit, offset = selected.c, len(here) * _PARTS, 0
    rows = _rows(session, selected, _in_order(column, order), limit, offset)
    if here:
        shown = {(row.line_id, row.part_id): row for row in rows}
        rows = [shown[each] for each in here]
    totals = line_totals(session, scope, wanted, text=text, asked=asked)
    origins = origins_of(session, tuple({row.line_id for row in rows}))
    return LinePage(
        pieces=_pieces(rows, origins),
        count=totals.count,
        base_minor=totals.base_minor,
        unconverted=totals.unconverted,
    )


def newest_lines(
    session: Session, scope: Scope, wanted: LineFilter, *, limit: int, batch: int = _IN_ADDRESSES
) -> Iterator[tuple[Piece, ...]]:
    """The lines of :func:`lines_of` in its order, the newest ``limit`` of them, ``batch`` at a time.

    The ledger is put in order once; what is held at a time is one batch and where the others stand.
    """
    pieces = ledger_pieces()
    statement = selected_pieces(pieces, scope, wanted, heads(session))
    places = _newest(session, scope, wanted, limit, 0)
    for start in range(0, len(places), batch):
        here = places[start : start + batch]
        lines = [line for line, _ in here]
        selected = statement.where(pieces.c.line_id.in_(lines)).subquery("selected")
        shown = {(row.line_id, row.part_id): row for row in _rows(session, selected, (), None, None)}
        rows = [shown[each] for each in here]
        yield _pieces(rows, origins_of(session, tuple(set(lines))))


def _rows(
    session: Session, selected: Any, order: Sequence[Any], limit: int | None, offset: int | None
) -> Sequence[Any]:
    """Chosen pieces with the names a person knows them by."""
    column, away = selected.c, merged_away()
    return (
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
            .order_by(*order)
            .limit(limit)
            .offset(offset)
        )
        .all()
    )


def _pieces(rows: Sequence[Any], origins: Mapping[int, tuple[Origin, ...]]) -> tuple[Piece, ...]:
    return tuple(
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
            service=(row.service_from, row.service_until)
            if row.service_from is not None and row.service_until is not None
            else None,
        )
        for row in rows
    )


def _newest(
    session: Session, scope: Scope, wanted: LineFilter, limit: int, offset: int
) -> list[tuple[int, int | None]]:
    """Lines and parts of a page, the newest first, undated ones last: each kind by the index on their days."""
    merged = heads(session)
    found: list[tuple[Any, ...]] = []
    for nth, arm in enumerate(arms()):
        piece = arm.subquery("piece")
        column = piece.c
        # Parts are few beside lines: `month + 0` keeps the planner from walking through all lines for their order.
        month = column.month + 0 if nth else column.month
        statement = (
            selected_pieces(piece, scope, wanted, merged)
            .with_only_columns(column.line_id, column.part_id, column.month, column.booked_on)
            .order_by(
                month.desc().nulls_last(),
                column.booked_on.desc().nulls_last(),
                column.line_id.desc(),
                column.part_id,
            )
            .limit(limit + offset)
        )
        found += session.connection().execute(statement)
    found.sort(key=lambda row: row[1] or 0)
    found.sort(key=lambda row: (row[2] is not None, row[2] or 0, row[3] or date.min, row[0]), reverse=True)
    return [(row[0], row[1]) for row in found[offset : offset + limit]]


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
