"""Spend lines into the ledger: one transaction, sums of summaries and certificate with them, nothing half done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Entities, Rates, Units, entity_for
from mopsaudit.intake.bulk import (
    Run,
    Same,
    beside,
    chunks,
    insert_columns,
    lock_ledger,
    reserve_ids,
    update_rows,
)
from mopsaudit.intake.compare import FileLines, certify, compare
from mopsaudit.intake.contract import Kind, Reading, SpendRow
from mopsaudit.intake.credits import EnteredCharges
from mopsaudit.intake.identity import digest
from mopsaudit.intake.ledgers import keep_narrowing
from mopsaudit.intake.line_columns import LineBlock, LineColumns, Places, add_up
from mopsaudit.intake.narrowing import file_parts, wanted_narrowing
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.placing import Judge, KnownSupplier, Rules, suppliers_of
from mopsaudit.intake.relations import relate_entered, restates_notes
from mopsaudit.intake.replace_key import KeyedLine
from mopsaudit.intake.restated import would_restate
from mopsaudit.intake.spend_lines import SpendLines
from mopsaudit.intake.splits import divide_lines
from mopsaudit.intake.summaries import Deltas
from mopsaudit.intake.unknown_words import unknown_words
from mopsaudit.periods import month_of
from mopsaudit.problems import Problem, Severity, declare
from mopsaudit.resting import collector_rests
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import (
    Import,
    ImportSheet,
    LayoutProfile,
    Sighting,
    SourceKind,
    SourceLedger,
    SpendLine,
)

Batches = Sequence[tuple[int, Sequence[SpendRow]]]

UNCONVERTED = declare(
    "spend.currency.no_rate",
    Severity.NOTE,
    "Lines in a currency without a rate",
    "Import or type the rate; until then these lines stand beside the totals as unconverted.",
)

#: What a ledger is called when nobody names it.
SOURCE_NAMES = {
    SourceKind.AP: "Accounts payable",
    SourceKind.GL: "General ledger",
    SourceKind.CARD: "Card",
    SourceKind.EXPENSE: "Expenses",
}

#: Lines written with one statement.
_AT_ONCE = 5_000


def kind_of_source(options: ImportOptions, reading: Reading) -> SourceKind:
    """Which kind of ledger a file comes from: as said, else by what its columns are called, else accounts payable."""
    if options.kind_of_source:
        return SourceKind(options.kind_of_source)
    stated = reading.meta.get("kind_of_source")
    if stated:
        return SourceKind(stated)
    used = [sheet for sheet in reading.decision.sheets if sheet.used]
    headers = " ".join(choice.header.casefold() for sheet in used for choice in sheet.columns)
    fields = {choice.field for sheet in used for choice in sheet.columns}
    if any(word in headers for word in ("merchant", "cardholder", "card number")):
        return SourceKind.CARD
    if any(word in headers for word in ("claimant", "expense claim", "employee")):
        return SourceKind.EXPENSE
    if {"debit", "credit"} <= fields and "gl_account" in fields:
        return SourceKind.GL
    return SourceKind.AP


def profile_source(session: Session, reading: Reading) -> int | None:
    """The ledger a file of this layout came from last time, or None."""
    prints = sorted(
        {sheet.fingerprint for sheet in reading.decision.sheets if sheet.used and sheet.fingerprint}
    )
    return session.scalars(
        select(LayoutProfile.source_id)
        .where(
            LayoutProfile.kind == Kind.SPEND.value,
            LayoutProfile.fingerprint.in_(prints),
            LayoutProfile.source_id.is_not(None),
        )
        .order_by(LayoutProfile.id.desc())
        .limit(1)
    ).first()


def find_source(
    session: Session, options: ImportOptions, reading: Reading, entity_code: str | None
) -> tuple[SourceLedger | None, str, SourceKind]:
    """The ledger the file comes from if it is known, and the name and kind it has or would get."""
    if not options.source and not options.kind_of_source and not options.entity:
        remembered = profile_source(session, reading)
        if remembered is not None:
            ledger = session.get_one(SourceLedger, remembered)
            return ledger, ledger.name, SourceKind(ledger.kind_of_source)
    kind = kind_of_source(options, reading)
    name = options.source or " ".join(filter(None, (SOURCE_NAMES[kind], entity_code)))
    name = " ".join(name.split())[:120]
    source = session.scalars(select(SourceLedger).where(SourceLedger.name == name)).first()
    return source, name, SourceKind(source.kind_of_source) if source else kind


@collector_rests()
def preview_spend(
    session: Session,
    options: ImportOptions,
    reading: Reading,
    batches: Batches,
    judge: Judge,
) -> Outcome:
    """What applying would do, without writing anything."""
    source, _, _ = find_source(session, options, reading, options.entity)
    narrowing = wanted_narrowing(options, source)
    lines = compare(session, batches, source.id if source else None, narrowing)
    outcome = Outcome()
    booked = map(lines.rows.column, ("cost_centre", "gl_account", "currency"))
    parts = list(zip(*booked, lines.minors, strict=True))
    outcome.parts = file_parts(parts, source, narrowing)
    certify(lines, reading.sheets, outcome)
    suppliers = suppliers_of(session, _printed(lines.entering()), judge, store=False)
    rules, entities = Rules.stored(session), Entities(session)
    entities.default = entities.named(options.entity)
    places = Places(suppliers, rules, entities, source.id if source else None)
    for _, entering in lines.entering_runs():
        rows = lines.rows.at(entering)
        minors = [lines.minors[place] for place in entering]
        places.count(outcome.matched, rows, minors, places.of(rows, minors))
    if source is not None and options.replace_by:
        outcome.problems += _would_restate(session, source.id, options, lines, suppliers)
    outcome.suppliers_open = len({s.name for s in suppliers.values() if not s.matched})
    return outcome


def _would_restate(
    session: Session,
    source_id: int,
    options: ImportOptions,
    lines: FileLines,
    suppliers: Mapping[str, KnownSupplier],
) -> list[Problem]:
    """A note on the lines that would stop counting. Suppliers of known lines are those of the lines that enter."""
    keyed = []
    for row, line_id in zip(lines.rows, lines.line_ids, strict=True):
        supplier = suppliers.get(row.supplier or "")
        when = row.date or row.period
        keyed.append(
            KeyedLine(
                id=line_id or 0,
                supplier=supplier.id if supplier else None,
                invoice=row.invoice or row.reference,
                day=row.date,
                month=None if when is None else month_of(when),
                purchase_order=row.purchase_order,
                description=row.description,
                cost_centre=row.cost_centre,
                gl_account=row.gl_account,
            )
        )
    own = {line_id for line_id in lines.line_ids if line_id is not None}
    return restates_notes(would_restate(session, source_id, options.replace_by, keyed, own), will=True)


@collector_rests()
def apply_spend(
    session: Session,
    record: Import,
    options: ImportOptions,
    reading: Reading,
    batches: Batches,
    sheets: Sequence[ImportSheet],
    judge: Judge,
    settings: Settings,
) -> Outcome:
    """Write the lines of a read file: new lines, revived ones, sightings of known ones, pairs, splits, summaries.

    ``sheets`` are the stored sheets by position. The caller holds the transaction and has checked the status.
    """
    lock_ledger(session)
    entity = entity_for(session, options.entity) if options.entity else None
    source, name, kind = find_source(session, options, reading, entity.code if entity else None)
    if source is None:
        source = SourceLedger(
            name=name,
            kind_of_source=kind.value,
            entity_id=entity.id if entity else None,
            accrued=kind is SourceKind.GL,
        )
        session.add(source)
    if options.currency and source.currency is None:
        source.currency = options.currency.upper()
    session.flush()
    record.source_id = source.id
    record.entity_id = entity.id if entity else source.entity_id
    narrowing = wanted_narrowing(options, source)
    keep_narrowing(session, source, narrowing, window_days=settings.pair_window_days)
    lines = compare(session, batches, source.id, narrowing)
    outcome = Outcome()
    certify(lines, reading.sheets, outcome)
    units, rates = Units(session, record.unit_id), Rates(session, settings.base_currency)
    suppliers = suppliers_of(session, _printed(lines.entering()), judge, store=True)
    entities = Entities(session, record.entity_id)
    places = Places(suppliers, Rules.stored(session), entities, source.id)
    columns = LineColumns(source.id, places, units, rates)
    deltas, charges = Deltas(), EnteredCharges(record.id)
    _number(session, lines)
    seen_ids = reserve_ids(session, Sighting.__table__, len(lines))  # type: ignore[arg-type]
    with beside(session) as run:
        ids, split = _write(session, record, lines, reading, columns, outcome, deltas, charges, run)
        _see(session, record, lines, sheets, seen_ids, run)
        words = unknown_words(lines.rows, units, entities)
        lines.identify()
        outcome.digest = digest(zip(lines.identities, lines.ordinals, strict=True))
        sums = deltas.rows()
    deltas.write(session, sums)
    divide_lines(session, split, rates)
    parties = {supplier.id for supplier in suppliers.values() if supplier.id is not None}
    outcome.problems += relate_entered(session, record, ids, parties, charges, settings.pair_window_days)
    outcome.problems += words
    outcome.written = len(lines)
    outcome.suppliers_open = len({s.name for s in suppliers.values() if not s.matched})
    return outcome


def _printed(rows: SpendLines) -> list[str]:
    return [name for name in rows.column("supplier") if name]


def _number(session: Session, lines: FileLines) -> None:
    """Ids for the lines the ledger does not hold yet."""
    table: Any = SpendLine.__table__
    fresh = [place for place, line_id in enumerate(lines.line_ids) if line_id is None]
    lines.fresh.update(fresh)
    for place, line_id in zip(fresh, reserve_ids(session, table, len(fresh)), strict=True):
        lines.line_ids[place] = line_id


def _write(
    session: Session,
    record: Import,
    lines: FileLines,
    reading: Reading,
    columns: LineColumns,
    outcome: Outcome,
    deltas: Deltas,
    charges: EnteredCharges,
    run: Run,
) -> tuple[list[int], list[int]]:
    """Insert new and revive dead lines by ``run``, gather what they add up to and which are ``charges``; ids of lines
    that entered, and of those to be divided.
    """
    ids: list[int] = []
    split: list[int] = []
    unconverted: Counter[str] = Counter()
    for position, entering in lines.entering_runs():
        tax = reading.decision.sheets[position].tax
        for some in chunks(entering, _AT_ONCE):
            rows = lines.rows.at(some)
            minors = [lines.minors[place] for place in some]
            block = columns.of(rows, minors, [place in lines.out_of_scope for place in some], tax)
            line_ids: list[int] = [lines.line_ids[place] or 0 for place in some]
            lines.identify(some[-1] + 1)
            _store(session, record, lines, block, some, run)
            charges.add(line_ids, block.of("amount_minor"), block.of("invoice"), block.of("reference"))
            unconverted += add_up(block, deltas)
            columns.places.count(outcome.matched, rows, minors, block.places)
            ids += line_ids
            split += [line_id for line_id, where in zip(line_ids, block.places, strict=True) if where.split]
    for currency, count in sorted(unconverted.items()):
        text = (
            f"{count} line{'s' if count > 1 else ''} in {currency} "
            f"{'have' if count > 1 else 'has'} no rate into {columns.rates.base}"
        )
        outcome.problems.append(
            Problem(
                code=UNCONVERTED.code, severity=Severity.NOTE, message=f"{text}; import the rate to convert."
            )
        )
    return ids, split


def _store(
    session: Session,
    record: Import,
    lines: FileLines,
    block: LineBlock,
    some: Sequence[int],
    run: Run,
) -> None:
    """Write the lines at these places: new ones inserted, those that are no longer living revived."""
    table: Any = SpendLine.__table__
    fresh = lines.fresh
    new: list[int] | range = range(block.size)
    if not fresh.issuperset(some):
        new = [index for index, place in enumerate(some) if place in fresh]
        names = (*block.columns, "first_import_id")
        revived = [
            (*values, record.id, lines.line_ids[place])
            for values, place in zip(block.tuples(tuple(block.columns)), some, strict=True)
            if place not in fresh
        ]
        run(partial(update_rows, session, table, names, revived))
    columns = {
        "id": [lines.line_ids[some[index]] for index in new],
        "identity": [lines.identities[some[index]] for index in new],
        "ordinal": [lines.ordinals[some[index]] for index in new],
        "first_import_id": Same(record.id),
        **{
            name: column
            if isinstance(column, Same) or len(new) == block.size
            else [column[index] for index in new]
            for name, column in block.columns.items()
        },
    }
    insert_columns(session, table, columns, len(new), run)


def _see(
    session: Session,
    record: Import,
    lines: FileLines,
    sheets: Sequence[ImportSheet],
    new_ids: Sequence[int],
    run: Run,
) -> None:
    """A sighting of every line of the file, by ``run``: import, sheet, row, cell."""
    table: Any = Sighting.__table__
    by_position = {sheet.position: sheet.id for sheet in sheets}
    for position, start, stop in lines.runs:
        for some in chunks(range(start, stop), _AT_ONCE):
            first, last = some[0], some[-1] + 1
            rows = lines.rows[first:last]
            columns: dict[str, Sequence[Any] | Same] = {
                "id": new_ids[first:last],
                "line_id": lines.line_ids[first:last],
                "import_id": Same(record.id),
                "sheet_id": Same(by_position[position]),
                "row": rows.column("row"),
                "cell": [cell[:12] for cell in rows.column("cell")],
                "living": Same(True),
            }
            insert_columns(session, table, columns, len(rows), run)
