"""Replace by key: a restated file wins over earlier lines with the same key (PRODUCT.md §3.4); nothing is deleted.

Which line counts follows from the imports that stand and from nothing else, so undo brings the old lines back and the
order of plain imports does not matter: a line is *restated* while a standing import that replaces by key holds its key
but not the line itself, unless a later such import holds the line. Among replacing imports of one ledger the later
received one wins.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Exists, case, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.intake.bulk import among, insert_rows, select_in
from mopsaudit.intake.replace_key import KeyedLine, Restatement, key_of, key_words, restatements
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import Import, ImportStatus, LineLoan, LinePair, Sighting, SpendLine

RESTATED: Final = "restated"


def is_restated(line_id: Any) -> Exists:
    """The condition that a line is restated."""
    pair = aliased(LinePair)
    return exists().where(pair.other_line_id == line_id, pair.certainty == RESTATED)


_loan = aliased(LineLoan)
_lent = exists().where(_loan.line_id == SpendLine.id, _loan.detail == "supplier")
#: The values of a :class:`KeyedLine`, in its order; a supplier that is lent to a line is no part of its key.
_KEYED = select(
    SpendLine.id,
    case((_lent, None), else_=SpendLine.supplier_id),
    func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference),
    SpendLine.booked_on,
    SpendLine.month,
    SpendLine.purchase_order,
    SpendLine.description,
    SpendLine.cost_centre,
    SpendLine.gl_account,
).order_by(SpendLine.id)


def restate(session: Session, source_id: int, current: int | None = None) -> set[int]:
    """Bring what is restated in a ledger up to date; the lines for which that changed, either way.

    ``current`` is an import being applied. Whoever calls recounts the lines returned.
    """
    stored = {
        pair.other_line_id: (pair.kept_line_id, pair.import_id, pair.id)
        for pair in session.execute(
            select(LinePair.id, LinePair.other_line_id, LinePair.kept_line_id, LinePair.import_id)
            .join(SpendLine, SpendLine.id == LinePair.other_line_id)
            .where(LinePair.certainty == RESTATED, SpendLine.source_id == source_id)
        )
    }
    replacing = _replacing(session, source_id, current)
    if not stored and not replacing:
        return set()
    rows = session.execute(_KEYED.where(SpendLine.source_id == source_id, SpendLine.living.is_(True)))
    wanted = restatements(_lines(rows), replacing) if replacing else {}
    stale = [
        pair_id
        for other, (kept, import_id, pair_id) in stored.items()
        if other not in wanted or (kept, import_id) != (wanted[other][0], wanted[other][1].import_id)
    ]
    drop_pairs(session, stale)
    gone = set(stale)
    kept_pairs = {other for other, (_, _, pair_id) in stored.items() if pair_id not in gone}
    fresh = [(other, *wanted[other]) for other in sorted(set(wanted) - kept_pairs)]
    columns = ("kept_line_id", "other_line_id", "certainty", "reason", "settled", "import_id")
    table: Any = LinePair.__table__
    insert_rows(
        session,
        table,
        columns,
        (
            (
                kept,
                other,
                RESTATED,
                f"Restated by {key_words(restatement.fields)} in import {restatement.import_id}",
                "same",
                restatement.import_id,
            )
            for other, kept, restatement in fresh
        ),
    )
    session.expire_all()
    return _living(session, set(stored) ^ set(wanted))


def drop_pairs(session: Session, ids: Iterable[int]) -> None:
    """Remove pairs nobody decided: they follow from the lines, whose import or undo is the entry of the trail."""
    if dropped := list(ids):
        session.execute(
            delete(LinePair).where(among(session, LinePair.id, dropped)),
            execution_options={"mopsaudit_trail_covered": True},
        )


def _living(session: Session, ids: set[int]) -> set[int]:
    query = select(SpendLine.id).where(SpendLine.living.is_(True))
    return {line_id for (line_id,) in select_in(session, query, SpendLine.id, sorted(ids))}


def _replacing(session: Session, source_id: int, current: int | None) -> list[Restatement]:
    found = []
    for record in session.scalars(
        select(Import).where(Import.source_id == source_id, Import.kind == "spend").order_by(Import.id)
    ):
        fields = tuple(record.options.get("replace_by", ()))
        if not fields or (record.status != ImportStatus.IMPORTED and record.id != current):
            continue
        seen = session.scalars(
            select(Sighting.line_id).where(Sighting.import_id == record.id, Sighting.living.is_(True))
        )
        found.append(Restatement(import_id=record.id, fields=fields, lines=frozenset(seen)))
    return [each for each in found if each.lines]


def _lines(rows: Iterable[Any]) -> list[KeyedLine]:
    return list(map(KeyedLine._make, rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many lines and how much of one currency, in minor units."""

    currency: str
    lines: int
    minor: int


def would_restate(
    session: Session, source_id: int, fields: Sequence[str], lines: Iterable[KeyedLine], own: set[int]
) -> list[Sum]:
    """What of a ledger would stop counting if a file with these lines replaced by key. ``own`` are its known lines."""
    keys = {key for line in lines if (key := key_of(fields, line)) is not None}
    if not keys:
        return []
    rows = session.execute(
        _KEYED.add_columns(SpendLine.currency, SpendLine.amount_minor).where(
            SpendLine.source_id == source_id, SpendLine.living.is_(True), SpendLine.counts.is_(True)
        )
    )
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for *values, currency, minor in rows:
        line = KeyedLine._make(values)
        if line.id not in own and key_of(fields, line) in keys:
            sums[currency][0] += 1
            sums[currency][1] += minor
    return [Sum(currency=code, lines=count, minor=minor) for code, (count, minor) in sorted(sums.items())]


def restated_sums(session: Session, import_id: int, *, by: bool) -> list[Sum]:
    """What an import restated (``by``), or what of its lines another import restates: in-scope lines by currency."""
    if session.scalar(select(LinePair.id).where(LinePair.certainty == RESTATED).limit(1)) is None:
        return []  # as in most ledgers, and the lines of a large import need not be gone through for it
    query = (
        select(SpendLine.currency, func.count(), func.sum(SpendLine.amount_minor))
        .join(LinePair, LinePair.other_line_id == SpendLine.id)
        .where(LinePair.certainty == RESTATED, SpendLine.living.is_(True), SpendLine.out_of_scope.is_(False))
        .group_by(SpendLine.currency)
        .order_by(SpendLine.currency)
    )
    if by:
        query = query.where(LinePair.import_id == import_id)
    else:
        seen = select(Sighting.line_id).where(Sighting.import_id == import_id, Sighting.living.is_(True))
        query = query.where(SpendLine.id.in_(seen))
    return [
        Sum(currency=code, lines=count, minor=int(minor)) for code, count, minor in session.execute(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedLine:
    """A line that no longer counts and the one that stands in its place; amounts in minor units of their currency."""

    line_id: int
    booked_on: date | None
    supplier: str | None
    reference: str | None
    description: str | None
    minor: int
    currency: str
    instead_id: int
    instead_minor: int
    instead_currency: str
    reason: str


def restated_lines(session: Session, scope: Scope, import_id: int) -> list[RestatedLine]:
    """The lines an import restated, of the scope's units (those without a unit: the root's), oldest first."""
    instead = aliased(SpendLine)
    inside = SpendLine.unit_id.in_(scope.unit_ids)
    rows = session.execute(
        select(
            SpendLine.id,
            SpendLine.booked_on,
            SpendLine.supplier_text,
            func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference),
            SpendLine.description,
            SpendLine.amount_minor,
            SpendLine.currency,
            instead.id,
            instead.amount_minor,
            instead.currency,
            LinePair.reason,
        )
        .join(LinePair, LinePair.other_line_id == SpendLine.id)
        .join(instead, instead.id == LinePair.kept_line_id)
        .where(
            LinePair.certainty == RESTATED,
            LinePair.import_id == import_id,
            SpendLine.living.is_(True),
            or_(inside, SpendLine.unit_id.is_(None)) if scope.whole else inside,
        )
        .order_by(SpendLine.booked_on.is_(None), SpendLine.booked_on, SpendLine.id)
    )
    names = (
        *("line_id", "booked_on", "supplier", "reference", "description", "minor", "currency"),
        *("instead_id", "instead_minor", "instead_currency", "reason"),
    )
    return [RestatedLine(**dict(zip(names, row, strict=True))) for row in rows]
