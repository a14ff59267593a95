"""Spend lines into the ledger: one transaction, sums of summaries and certificate with them, nothing half done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Entities, Rates, Units, entity_for
from mopsaudit.intake.bulk import insert_rows, lock_ledger, reserve_ids, update_rows, without_collecting
from mopsaudit.intake.compare import Entry, certify, compare
from mopsaudit.intake.contract import Kind, Reading, SheetDecision, SpendRow, Tax
from mopsaudit.intake.identity import digest, folded
from mopsaudit.intake.ledgers import keep_narrowing
from mopsaudit.intake.narrowing import file_parts, wanted_narrowing
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.outcome import Matched, Outcome
from mopsaudit.intake.placing import (
    NOT_SPEND,
    Facts,
    Judge,
    KnownSupplier,
    Place,
    Rules,
    place,
    storable,
    suppliers_of,
)
from mopsaudit.intake.relations import relate_entered, restates_notes
from mopsaudit.intake.replace_key import KeyedLine
from mopsaudit.intake.restated import would_restate
from mopsaudit.intake.splits import divide_lines
from mopsaudit.intake.summaries import KEY, Deltas
from mopsaudit.intake.unknown_words import unknown_words
from mopsaudit.money import ratio_half_even, to_minor
from mopsaudit.periods import month_of
from mopsaudit.problems import Problem, Severity, declare
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

#: Columns of a line that its identity and file decide, in the order they are written.
_COLUMNS = (
    *("living", "counts", "source_id", "entity_id", "booked_on", "month", "supplier_id", "supplier_text"),
    *("amount_minor", "currency", "tax_minor", "booked_minor", "tax_basis", "original_minor"),
    *("original_currency", "base_minor", "description", "reference", "invoice", "cost_centre", "gl_account"),
    *("purchase_order", "unit_id", "unit_how", "tool_id", "spend_type", "method", "rule_id", "split"),
    "out_of_scope",
)


_BASE, _AMOUNT = _COLUMNS.index("base_minor"), _COLUMNS.index("amount_minor")
#: Of a line's values, those a summary row is kept by.
summary_key = itemgetter(*(_COLUMNS.index(name) for name in KEY))
#: Lines written with one statement.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendContext:
    """What every line of an import shares."""

    source_id: int
    entities: Entities
    units: Units
    rates: Rates
    rules: Rules
    suppliers: dict[str, KnownSupplier]


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


@without_collecting()
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
    entries = compare(session, batches, source.id if source else None, narrowing)
    outcome = Outcome()
    rows = [(each.row.cost_centre, each.row.gl_account, each.row.currency, each.minor) for each in entries]
    outcome.parts = file_parts(rows, source, narrowing)
    certify(entries, reading.sheets, outcome)
    entering = [entry for entry in entries if entry.enters]
    suppliers = suppliers_of(session, _printed(entering), judge, store=False)
    rules, entities = Rules.stored(session), Entities(session)
    entities.default = entities.named(options.entity)
    for entry in entering:
        supplier = suppliers.get(entry.row.supplier or "")
        where = _place(entry, supplier, rules, entities, source.id if source else None)
        _count(outcome.matched, entry, supplier, where)
    if source is not None and options.replace_by:
        outcome.problems += _would_restate(session, source.id, options, entries, suppliers)
    outcome.suppliers_open = len({s.name for s in suppliers.values() if not s.matched})
    return outcome


def _would_restate(
    session: Session,
    source_id: int,
    options: ImportOptions,
    entries: Sequence[Entry],
    suppliers: Mapping[str, KnownSupplier],
) -> list[Problem]:
    """A note on the lines that would stop counting. Suppliers of known lines are those of the lines that enter."""
    lines = []
    for entry in entries:
        supplier = suppliers.get(entry.row.supplier or "")
        lines.append(
            KeyedLine(
                id=entry.line_id or 0,
                supplier=supplier.id if supplier else None,
                invoice=entry.row.invoice or entry.row.reference,
                day=entry.row.date,
                month=_month(entry.row),
                purchase_order=entry.row.purchase_order,
                description=entry.row.description,
                cost_centre=entry.row.cost_centre,
                gl_account=entry.row.gl_account,
            )
        )
    own = {entry.line_id for entry in entries if entry.line_id is not None}
    return restates_notes(would_restate(session, source_id, options.replace_by, lines, own), will=True)


@without_collecting()
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
    entries = compare(session, batches, source.id, narrowing)
    outcome = Outcome()
    certify(entries, reading.sheets, outcome)
    context = SpendContext(
        source_id=source.id,
        entities=Entities(session, record.entity_id),
        units=Units(session, record.unit_id),
        rates=Rates(session, settings.base_currency),
        rules=Rules.stored(session),
        suppliers=suppliers_of(session, _printed(e for e in entries if e.enters), judge, store=True),
    )
    ids, split = _write(session, record, entries, reading, context, outcome)
    _see(session, record, entries, sheets)
    divide_lines(session, split, context.rates)
    outcome.problems += relate_entered(session, record, ids, settings.pair_window_days)
    outcome.problems += unknown_words(entries, context.units, context.entities)
    outcome.digest = digest((entry.identity, entry.ordinal) for entry in entries)
    outcome.written = len(entries)
    outcome.suppliers_open = len({s.name for s in context.suppliers.values() if not s.matched})
    return outcome


def _printed(entries: Iterable[Entry]) -> list[str]:
    return [entry.row.supplier for entry in entries if entry.row.supplier]


def _place(
    entry: Entry, supplier: KnownSupplier | None, rules: Rules, entities: Entities, source_id: int | None
) -> Place:
    row = entry.row
    if row.not_spend:
        return NOT_SPEND
    return place(
        supplier,
        rules,
        lambda: Facts(
            supplier=storable(folded(row.supplier), 400) or "",
            description=row.description,
            cost_centre=row.cost_centre,
            gl_account=row.gl_account,
            minor=entry.minor,
            currency=row.currency,
            day=row.date or row.period,
            entity_id=entities.of_line(row.entity),
            source_id=source_id,
        ),
    )


def _count(matched: Matched, entry: Entry, supplier: KnownSupplier | None, where: Place) -> None:
    """A line is matched when its supplier is settled or sure, or a rule placed it."""
    settled = where.method == "rule" or (supplier is not None and supplier.matched)
    if entry.row.not_spend or not settled:
        return
    matched.lines += 1
    if supplier is not None:
        matched.suppliers.add(supplier.name)
    matched.minor[entry.row.currency] += entry.minor


def _write(
    session: Session,
    record: Import,
    entries: Sequence[Entry],
    reading: Reading,
    context: SpendContext,
    outcome: Outcome,
) -> tuple[list[int], list[int]]:
    """Insert new and revive dead lines with their summaries; ids of lines that entered, and of those to be divided."""
    table: Any = SpendLine.__table__
    fresh = [entry for entry in entries if entry.line_id is None]
    for entry, line_id in zip(fresh, reserve_ids(session, table, len(fresh)), strict=True):
        entry.line_id = line_id
    deltas = Deltas()
    columns = (*_COLUMNS, "id", "identity", "ordinal", "first_import_id")
    new_rows: list[tuple[Any, ...]] = []
    revived: list[tuple[Any, ...]] = []
    ids: list[int] = []
    split: list[int] = []
    fresh_ids = {id(entry) for entry in fresh}
    import_id = record.id
    unconverted: Counter[str] = Counter()
    for entry in entries:
        if not entry.enters or entry.line_id is None:
            continue
        supplier = context.suppliers.get(entry.row.supplier or "")
        where = _place(entry, supplier, context.rules, context.entities, context.source_id)
        values = _values(entry, reading.decision.sheets[entry.position], supplier, where, context)
        ids.append(entry.line_id)
        if id(entry) in fresh_ids:
            new_rows.append((*values, entry.line_id, entry.identity, entry.ordinal, import_id))
            if len(new_rows) >= _AT_ONCE:
                insert_rows(session, table, columns, new_rows)
                new_rows = []
        else:
            revived.append((*values, import_id, entry.line_id))
        base_minor = values[_BASE]
        if base_minor is None:
            unconverted[entry.row.currency] += 1
        _count(outcome.matched, entry, supplier, where)
        if where.split:
            split.append(entry.line_id)
        elif not entry.out_of_scope:
            deltas.add(summary_key(values), values[_AMOUNT], base_minor)
    insert_rows(session, table, columns, new_rows)
    update_rows(session, table, (*_COLUMNS, "first_import_id"), revived)
    deltas.write(session)
    for currency, count in sorted(unconverted.items()):
        text = (
            f"{count} line{'s' if count > 1 else ''} in {currency} "
            f"{'have' if count > 1 else 'has'} no rate into {context.rates.base}"
        )
        outcome.problems.append(
            Problem(
                code=UNCONVERTED.code, severity=Severity.NOTE, message=f"{text}; import the rate to convert."
            )
        )
    return ids, split


def _values(
    entry: Entry, sheet: SheetDecision, supplier: KnownSupplier | None, where: Place, context: SpendContext
) -> tuple[Any, ...]:
    row = entry.row
    entity_id = context.entities.of_line(row.entity)
    day = row.date
    month = _month(row)
    unit_id, unit_how = context.units.of_line(row.unit, row.cost_centre, entity_id, day or row.period)
    tax_minor = None if row.tax is None else to_minor(row.tax, row.currency)[0]
    amount, basis = entry.minor, sheet.tax
    if basis is Tax.GROSS_WITH_TAX:
        if tax_minor is None:
            basis = Tax.GROSS
        else:
            amount -= ratio_half_even(tax_minor, context.entities.recoverable_ppm(entity_id), 1_000_000)
    original = None
    if row.original_amount is not None and row.original_currency:
        original = to_minor(row.original_amount, row.original_currency)[0]
    return (
        True,
        True,
        context.source_id,
        entity_id,
        day,
        month,
        supplier.id if supplier else None,
        storable(folded(row.supplier), 400),
        amount,
        row.currency,
        tax_minor,
        entry.minor,
        basis.value,
        original,
        row.original_currency or None,
        context.rates.base_of(amount, row.currency, day, month),
        storable(row.description, 10_000),
        storable(row.reference, 200),
        storable(row.invoice, 200),
        storable(row.cost_centre, 80),
        storable(row.gl_account, 80),
        storable(row.purchase_order, 80),
        unit_id,
        unit_how,
        where.tool_id,
        where.spend_type,
        where.method,
        where.rule_id,
        where.split,
        entry.out_of_scope,
    )


def _month(row: SpendRow) -> int | None:
    when: date | None = row.date or row.period
    return None if when is None else month_of(when)


def _see(session: Session, record: Import, entries: Sequence[Entry], sheets: Sequence[ImportSheet]) -> None:
    """A sighting of every line of the file: import, sheet, row, cell."""
    table: Any = Sighting.__table__
    by_position = {sheet.position: sheet.id for sheet in sheets}
    rows = (
        (
            new_id,
            entry.line_id,
            record.id,
            by_position[entry.position],
            entry.row.row,
            entry.row.cell[:12],
            True,
        )
        for new_id, entry in zip(reserve_ids(session, table, len(entries)), entries, strict=True)
    )
    insert_rows(session, table, ("id", "line_id", "import_id", "sheet_id", "row", "cell", "living"), rows)
