"""The ledgers files come from, and changing what of one is in scope: lines, sums, reconciliations and pairs follow.

See :mod:`mopsaudit.intake.narrowing` for what a narrowing is.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, NotFoundError
from mopsaudit.intake.bulk import among, lock_ledger, select_in
from mopsaudit.intake.narrowing import Narrowing, Part, narrowing_of, parts_of
from mopsaudit.intake.relations import relate_narrowed
from mopsaudit.intake.summaries import Deltas
from mopsaudit.money import amount_text, to_minor
from mopsaudit.store.ledger import (
    Import,
    ImportSheet,
    ImportTotal,
    LinePair,
    Sighting,
    SourceLedger,
    SpendLine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A ledger with its imports, lines in scope, and what stands out of scope by currency (minor units)."""

    id: int
    name: str
    kind: str
    narrowing: Narrowing
    version: int
    imports: int
    lines: int
    left_out: int
    left_out_sums: tuple[tuple[str, int], ...]


def ledgers(session: Session) -> tuple[LedgerRow, ...]:
    """All ledgers files came from, by name; three queries."""
    imports = {
        source_id: number
        for source_id, number in session.execute(
            select(Import.source_id, func.count())
            .where(Import.source_id.is_not(None), Import.status == "imported")
            .group_by(Import.source_id)
            .order_by(Import.source_id)
        )
        if source_id is not None
    }
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    sums: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for source_id, out, currency, minor, lines in session.execute(
        select(
            SpendLine.source_id,
            SpendLine.out_of_scope,
            SpendLine.currency,
            func.sum(SpendLine.booked_minor),
            func.count(),
        )
        .where(SpendLine.living.is_(True))
        .group_by(SpendLine.source_id, SpendLine.out_of_scope, SpendLine.currency)
        .order_by(SpendLine.source_id, SpendLine.currency)
    ):
        counts[source_id][1 if out else 0] += lines
        if out:
            sums[source_id].append((currency, int(minor)))
    return tuple(
        LedgerRow(
            id=source.id,
            name=source.name,
            kind=source.kind_of_source,
            narrowing=narrowing_of(source),
            version=_version(source),
            imports=imports.get(source.id, 0),
            lines=counts[source.id][0],
            left_out=counts[source.id][1],
            left_out_sums=tuple(sums[source.id]),
        )
        for source in session.scalars(select(SourceLedger).order_by(SourceLedger.name, SourceLedger.id))
    )


def ledger_parts(session: Session, ledger_id: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The cost centres and the accounts of a ledger's living lines, in scope or not."""
    kept = narrowing_of(find_ledger(session, ledger_id))
    found = []
    for column, wanted in (
        (SpendLine.cost_centre, kept.cost_centres),
        (SpendLine.gl_account, kept.gl_accounts),
    ):
        rows = session.execute(
            select(column, SpendLine.currency, func.sum(SpendLine.booked_minor), func.count())
            .where(SpendLine.source_id == ledger_id, SpendLine.living.is_(True))
            .group_by(column, SpendLine.currency)
            .order_by(column, SpendLine.currency)
        )
        found.append(
            parts_of(((value, code, int(minor), lines) for value, code, minor, lines in rows), wanted)
        )
    return found[0], found[1]


def find_ledger(session: Session, ledger_id: int) -> SourceLedger:
    """The ledger.

    Raises:
        NotFoundError: when there is none.
    """
    source = session.get(SourceLedger, ledger_id)
    if source is None:
        raise NotFoundError("There is no such ledger.")
    return source


def _version(source: SourceLedger) -> int:
    return int((source.narrowing or {}).get("version", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many lines a change of the narrowing left out and brought back."""

    left_out: int
    brought_back: int


def narrow_ledger(
    session: Session,
    ledger_id: int,
    version: int,
    wanted: Narrowing,
    *,
    window_days: int,
    going_on: Callable[[], None] | None = None,
) -> Moved:
    """Change what of a ledger is in scope, for all its lines, with summaries, reconciliations and pairs.

    ``window_days`` is the setting for pairing lines of two ledgers. ``going_on`` is asked between the steps; what it
    raises leaves the ledger as it was, once the caller's transaction is undone.

    Raises:
        NotFoundError: when there is no such ledger.
        ConflictError: when somebody changed it since.
    """
    lock_ledger(session)
    source = find_ledger(session, ledger_id)
    check_version(source, version)
    return keep_narrowing(session, source, wanted, window_days=window_days, going_on=going_on)


def check_version(source: SourceLedger, version: int) -> None:
    """That nobody changed what is in scope since somebody saw ``version`` of it.

    Raises:
        ConflictError: when somebody did, with what stands now.
    """
    if _version(source) != version:
        raise ConflictError(
            f"Somebody changed what is in scope of {source.name} since you looked.",
            {
                "version": _version(source),
                "cost_centres": "; ".join(narrowing_of(source).cost_centres) or "all",
                "gl_accounts": "; ".join(narrowing_of(source).gl_accounts) or "all",
            },
        )


def living_lines(session: Session, ledger_id: int) -> int:
    """How many living lines a ledger has, in scope or not: what a change of its narrowing looks at."""
    query = select(func.count()).where(SpendLine.source_id == ledger_id, SpendLine.living.is_(True))
    return int(session.scalar(query) or 0)


def keep_narrowing(
    session: Session,
    source: SourceLedger,
    wanted: Narrowing,
    *,
    window_days: int,
    going_on: Callable[[], None] | None = None,
) -> Moved:
    """Keep a narrowing with its ledger and let all its living lines follow. The caller has locked the ledger."""
    step = going_on or (lambda: None)
    if wanted == narrowing_of(source):
        return Moved(left_out=0, brought_back=0)
    source.narrowing = {**wanted.to_json(), "version": _version(source) + 1}
    session.flush()
    known: dict[tuple[str | None, str | None], bool] = {}
    out: list[int] = []
    back: list[int] = []
    rows = session.execute(
        select(SpendLine.id, SpendLine.cost_centre, SpendLine.gl_account, SpendLine.out_of_scope)
        .where(SpendLine.source_id == source.id, SpendLine.living.is_(True))
        .order_by(SpendLine.id)
    )
    for line_id, centre, account, left_out in rows:
        inside = known.get((centre, account))
        if inside is None:
            inside = known[centre, account] = wanted.holds(centre, account)
        if inside == bool(left_out):
            (back if inside else out).append(line_id)
    step()
    _move(session, out, out_of_scope=True)
    step()
    _move(session, back, out_of_scope=False)
    step()
    gone, entered = _by_import(session, out), _by_import(session, back)
    for ids in gone.values():
        _forget_probable(session, ids)
    relate_narrowed(session, source.id, gone, entered, window_days)
    return Moved(left_out=len(out), brought_back=len(back))


def _move(session: Session, ids: Sequence[int], *, out_of_scope: bool) -> None:
    """Set the lines' mark, and let summaries and reconciliations follow."""
    if not ids:
        return
    _certify(session, ids, 1 if out_of_scope else -1)
    deltas = Deltas()
    if out_of_scope:  # a line out of scope is in no summary: there is nothing to put, or nothing to take
        deltas.take(session, ids)
    session.execute(
        update(SpendLine)
        .where(among(session, SpendLine.id, ids))
        .values(out_of_scope=out_of_scope)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    if not out_of_scope:
        deltas.put(session, ids)
    deltas.write(session)


def _certify(session: Session, ids: Sequence[int], sign: int) -> None:
    """Move what these lines add up to between *imported* and *out of scope* of the file each entered with."""
    moved: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = session.execute(
        select(
            Sighting.import_id,
            Sighting.sheet_id,
            SpendLine.currency,
            func.sum(SpendLine.booked_minor),
            func.count(),
        )
        .join(
            SpendLine,
            and_(SpendLine.id == Sighting.line_id, SpendLine.first_import_id == Sighting.import_id),
        )
        .where(among(session, SpendLine.id, ids))
        .group_by(Sighting.import_id, Sighting.sheet_id, SpendLine.currency)
        .order_by(Sighting.import_id, Sighting.sheet_id, SpendLine.currency)
    )
    for import_id, sheet_id, currency, minor, lines in rows:
        sums = moved[import_id, sheet_id, currency]
        sums[0] += sign * int(minor)
        sums[1] += sign * lines
    for (import_id, sheet_id, currency), (minor, lines) in sorted(moved.items()):
        total = session.scalars(
            select(ImportTotal).where(ImportTotal.sheet_id == sheet_id, ImportTotal.currency == currency)
        ).one_or_none()
        if total is not None:
            total.imported_minor -= minor
            total.out_of_scope_minor += minor
        record = session.get_one(Import, import_id)
        position = session.scalars(select(ImportSheet.position).where(ImportSheet.id == sheet_id)).one()
        record.result = _restated(record.result or {}, position, currency, minor, lines)
        session.flush()


def _restated(
    result: Mapping[str, Any], position: int, currency: str, minor: int, lines: int
) -> dict[str, Any]:
    """The kept object of an import with ``minor`` and ``lines`` moved from imported to out of scope on one sheet."""

    def moved(text: str, by: int) -> str:
        return amount_text(to_minor(Decimal(text), currency)[0] + by, currency)

    sheets = [dict(sheet) for sheet in result.get("sheets", ())]
    if position < len(sheets) and "lines" in sheets[position]:
        sheet = sheets[position]
        counts = dict(sheet["lines"])
        counts["imported"] -= lines
        counts["out_of_scope"] += lines
        sheet["lines"] = counts
        sheet["totals"] = [
            {
                **total,
                "imported": moved(total["imported"], -minor),
                "out_of_scope": moved(total["out_of_scope"], minor),
            }
            if total["currency"] == currency
            else total
            for total in sheet["totals"]
        ]
    totals = [
        {**total, "imported": moved(total["imported"], -minor)} if total["currency"] == currency else total
        for total in result.get("totals", ())
    ]
    return {**result, "sheets": sheets, "totals": totals}


def _by_import(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    query = select(SpendLine.id, SpendLine.first_import_id).order_by(SpendLine.id)
    for line_id, import_id in select_in(session, query, SpendLine.id, ids):
        found[import_id].append(line_id)
    return dict(sorted(found.items()))


def _forget_probable(session: Session, ids: Sequence[int]) -> None:
    """A line out of scope is in no doubt any more; widened again, it is compared anew."""
    for column in (LinePair.kept_line_id, LinePair.other_line_id):
        query = (
            select(LinePair)
            .where(LinePair.certainty == "probable", LinePair.settled == "open")
            .order_by(LinePair.id)
        )
        for (pair,) in list(select_in(session, query, column, ids)):
            session.delete(pair)
        session.flush()
