"""Credit notes tied to what they credit, where their reference says so (PRODUCT.md §3.4).

Which line a credit belongs to follows from the standing lines of its supplier alone, so it is the same whatever the
order of imports, and undo unties it. A tie changes no amount: the credit counts in its own month, and takes over the
service dates of what it credits where it has none of its own.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.wording import money
from mopsaudit.intake.bulk import chunks, select_in, update_rows
from mopsaudit.intake.duplicates import invoice_key, invoice_keys
from mopsaudit.intake.restated import is_restated
from mopsaudit.problems import Problem, Severity, declare
from mopsaudit.store.ledger import ImportSheet, Sighting, SpendLine
from mopsaudit.words import SpendType

EXCEEDS: Final = declare(
    "spend.credit.exceeds",
    Severity.NOTE,
    "A refund larger than what it refunds",
    "Check the credit note against its invoice; both count as the ledger holds them.",
)
#: A word that may be an invoice number: letters, digits and the signs between them.
_WORD: Final = re.compile(r"[^\W_][\w./\-]*")
#: What a credit note's own number begins or ends with, around the number of the invoice.
_OWN: Final = re.compile(
    r"^(?:cn|cr|crn|credit|creditnote|refund|rf|rev|gs|av)(?=.)|(?<=.)(?:cn|cr|crn|credit|rev|r)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """A line as ties see it. ``number`` is its invoice number, else the ledger's reference; ``texts`` what it says."""

    id: int
    source_id: int
    supplier: int
    day: date | None
    minor: int
    currency: str
    number: str | None
    texts: tuple[str | None, ...] = ()

    @property
    def when(self) -> tuple[bool, date, int]:
        """The earlier line is tied to first; undated ones last."""
        return (self.day is None, self.day or date.max, self.id)


def ties(lines: Iterable[CreditLine]) -> dict[int, int]:
    """Credit → the charge it credits: same ledger, supplier and currency, its number named by the credit. Pure.

    In this order: the credit carries the invoice's own number; its texts name the number; its number is the invoice's
    with a credit note's letters around it, and the amounts agree. A number of digits alone must be named in a text that
    holds it whole. Where several charges carry the number the one of the same amount is taken, else the first.
    """
    groups: dict[tuple[int, int, str], list[CreditLine]] = defaultdict(list)
    for line in lines:
        groups[line.source_id, line.supplier, line.currency].append(line)
    found: dict[int, int] = {}
    for group in groups.values():
        charges: dict[str, list[CreditLine]] = defaultdict(list)
        for line in sorted(group, key=lambda each: each.when):
            key = invoice_key(line.number)
            if line.minor > 0 and key is not None:
                charges[key].append(line)
        if not charges:
            continue
        for line in group:
            if line.minor < 0 and (charge := _charge(line, charges)) is not None:
                found[line.id] = charge.id
    return found


def keys_of(credit: CreditLine) -> set[str]:
    """Every key a charge may be found by for a credit: what :func:`ties` asks for, and no more."""
    own = invoice_key(credit.number)
    bare = _OWN.sub("", own) if own else None
    keys = {key for text in credit.texts for key in _numbers(text)}
    return keys | ({own} if own else set()) | ({bare, f"inv{bare}"} if bare else set())


def _charge(credit: CreditLine, charges: dict[str, list[CreditLine]]) -> CreditLine | None:
    own = invoice_key(credit.number)
    if own is not None and own in charges:
        return _best(credit, charges[own])
    for text in credit.texts:
        for key in _numbers(text):
            if key != own and key in charges:
                return _best(credit, charges[key])
    bare = _OWN.sub("", own) if own else None
    if bare and bare != own:
        same = [
            line
            for key in (bare, f"inv{bare}")
            for line in charges.get(key, ())
            if line.minor == -credit.minor
        ]
        if same:
            return same[0]
    return None


def _best(credit: CreditLine, lines: Sequence[CreditLine]) -> CreditLine:
    return next((line for line in lines if line.minor == -credit.minor), lines[0])


def _numbers(text: str | None) -> list[str]:
    """Keys of the words of a text, single and two in a row (``INV 1042``), that may be invoice numbers."""
    words = _WORD.findall(text or "")[:60]
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    return [key for word in (*pairs, *words) if (key := invoice_key(word)) is not None]


_LINES: Final = select(
    SpendLine.id,
    SpendLine.source_id,
    SpendLine.supplier_id,
    SpendLine.booked_on,
    SpendLine.amount_minor,
    SpendLine.currency,
    SpendLine.invoice,
    SpendLine.reference,
    SpendLine.description,
    SpendLine.credit_of_id,
    SpendLine.service_from,
    SpendLine.service_until,
).order_by(SpendLine.id)

#: Lines that may credit or be credited.
_STANDING: Final = and_(
    SpendLine.living.is_(True),
    ~is_restated(SpendLine.id),
    or_(SpendLine.spend_type.is_(None), SpendLine.spend_type != SpendType.NOT_SPEND.value),
)
_AT_ONCE: Final = 5_000


def _credit_line(row: Any) -> CreditLine:
    return CreditLine(
        id=row.id,
        source_id=row.source_id,
        supplier=row.supplier_id,
        day=row.booked_on,
        minor=row.amount_minor,
        currency=row.currency,
        number=row.invoice or row.reference,
        texts=(row.description, row.reference),
    )


class EnteredCharges:
    """The charges that enter with an import and the keys of their numbers, which need not be read back to be named."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self._ids = array("q")
        self._keys = array("q")  # their hashes: a key is compared when its line is looked at

    def add(
        self,
        line_ids: Sequence[int],
        amounts: Sequence[int],
        invoices: Sequence[str | None],
        references: Sequence[str | None],
    ) -> None:
        """Lines as they are stored, column by column; those that are no charge are passed over."""
        charges = [place for place, minor in enumerate(amounts) if minor > 0]
        self._ids.extend(line_ids[place] for place in charges)
        self._keys.extend(
            map(hash, invoice_keys([invoices[place] or references[place] for place in charges]))
        )

    def beside_others(self, session: Session) -> bool:
        """Whether lines entered with any other import: as after the first, which is often the largest."""
        column = SpendLine.first_import_id
        lowest, highest = (
            session.scalar(select(column).order_by(order).limit(1)) for order in (column, column.desc())
        )
        return (lowest, highest) != (self.import_id, self.import_id)

    def named(self, wanted: Iterable[str | None]) -> list[int]:
        """Ids of the charges whose key is wanted, and seldom of another whose key has the same hash."""
        hashes = set(map(hash, wanted))
        return [line_id for line_id, key in zip(self._ids, self._keys, strict=True) if key in hashes]


def tie_credits(session: Session, supplier_ids: Iterable[int], entered: EnteredCharges | None = None) -> None:
    """Bring the ties of these suppliers' credits up to date. Suppliers without a credit cost one query.

    ``entered`` are all charges of the import that was just written, where they are known.
    """
    wanted = sorted(set(supplier_ids))
    told = _LINES.add_columns(_STANDING.label("standing"))
    # Each by an index of its own: a condition that holds one or the other would read every line of these suppliers.
    found = list(select_in(session, told.where(SpendLine.amount_minor < 0), SpendLine.supplier_id, wanted))
    no_longer = told.where(SpendLine.credit_of_id > 0, SpendLine.amount_minor >= 0)
    asked = set(wanted)
    found += [row for row in session.execute(no_longer) if row.supplier_id in asked]
    if not found:
        return
    parties = sorted({row.supplier_id for row in found})
    before = {row.id: row for row in found if row.credit_of_id is not None}
    rows: dict[int, Any] = {row.id: row for row in found if row.standing and row.amount_minor < 0}
    wanted_keys = {key for row in rows.values() for key in keys_of(_credit_line(row))}
    number = func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference)
    numbered = (
        select(SpendLine.id, number)
        .where(SpendLine.living.is_(True), SpendLine.amount_minor > 0)
        .execution_options(yield_per=_AT_ONCE)
    )
    # Of the many charges of a supplier only those a credit may name are looked at closely, their standing too.
    named = [] if entered is None else entered.named(wanted_keys)
    if entered is None or entered.beside_others(session):
        if entered is not None:
            numbered = numbered.where(SpendLine.first_import_id != entered.import_id)
        named += [
            line_id
            for part in chunks(parties)
            for some in session.connection()
            .execute(numbered.where(SpendLine.supplier_id.in_(part)))
            .partitions()
            for line_id in _named(some, wanted_keys)
        ]
    rows |= {row.id: row for row in select_in(session, _LINES.where(_STANDING), SpendLine.id, sorted(named))}
    tied = ties(map(_credit_line, rows.values()))
    changed = []
    for line_id in sorted(set(before) | set(tied)):
        was = before[line_id].credit_of_id if line_id in before else None
        now = tied.get(line_id)
        if was == now:
            continue
        row = rows.get(line_id) or before[line_id]
        changed.append((now, *_service(row, rows.get(now) if now else None, untied=was is not None), line_id))
    table: Any = SpendLine.__table__
    update_rows(session, table, ("credit_of_id", "service_from", "service_until"), changed)
    if changed:
        session.expire_all()


def _named(rows: Sequence[Any], wanted: Container[str | None]) -> Iterator[int]:
    """Ids of the rows (id, number) whose number's key is wanted."""
    keys = invoice_keys([number for _, number in rows])
    return (line_id for (line_id, _), key in zip(rows, keys, strict=True) if key in wanted)


def _service(credit: Any, charge: Any, *, untied: bool) -> tuple[date | None, date | None]:
    """The service dates of a credit: its own, else those of what it credits; an untied one gives them back."""
    if charge is not None and (untied or credit.service_from is None):
        return charge.service_from, charge.service_until
    if charge is None and untied:
        return None, None
    return credit.service_from, credit.service_until


def excess_notes(session: Session, import_id: int) -> list[Problem]:
    """A note for every charge that more was credited to than it was, of which this import holds a credit."""
    credit, charge = aliased(SpendLine), aliased(SpendLine)
    own = (
        select(Sighting.line_id, Sighting.cell, ImportSheet.name)
        .join(ImportSheet, ImportSheet.id == Sighting.sheet_id)
        .where(Sighting.import_id == import_id, Sighting.living.is_(True))
        .subquery("own")
    )
    rows = session.execute(
        select(
            credit.credit_of_id,
            own.c.cell,
            own.c.name,
            credit.invoice,
            credit.reference,
        )
        .join(own, own.c.line_id == credit.id)
        .where(credit.credit_of_id.is_not(None), credit.amount_minor < 0)
        .order_by(credit.id)
    ).all()
    where = {row.credit_of_id: row for row in rows}  # the last credit of a charge names the cell
    if not where:
        return []
    credited: dict[int, int] = defaultdict(int)
    query = select(credit.credit_of_id, credit.amount_minor).where(credit.living.is_(True))
    for charge_id, minor in select_in(session, query, credit.credit_of_id, sorted(where)):
        credited[charge_id] += minor
    charges = select(
        charge.id, charge.amount_minor, charge.currency, charge.invoice, charge.reference
    ).order_by(charge.id)
    notes = []
    for row in select_in(session, charges, charge.id, sorted(where)):
        if credited[row.id] + row.amount_minor >= 0:
            continue
        place = where[row.id]
        paid = money(row.amount_minor, row.currency, exact=True)
        back = money(-credited[row.id], row.currency, exact=True)
        notes.append(
            Problem(
                code=EXCEEDS.code,
                severity=EXCEEDS.severity,
                message=(
                    f"{back} are credited to “{row.invoice or row.reference}”, which was "
                    f"{paid}; both count as the ledger holds them."
                ),
                sheet=place.name,
                cell=place.cell,
            )
        )
    return notes
