"""A spend file against the ledger: which of its lines are new, known or out of scope, and each sheet's certificate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.certificate import SheetCertificate
from mopsaudit.intake.contract import SheetReading, SpendRow
from mopsaudit.intake.identity import Identities, ordinals
from mopsaudit.intake.narrowing import Narrowing
from mopsaudit.intake.outcome import Outcome
from mopsaudit.money import to_minor
from mopsaudit.store.ledger import SpendLine


@dataclass(slots=True)
class Entry:
    """One line of the file. ``line_id`` is the ledger's line of that identity and ordinal, dead or alive, or None."""

    position: int
    row: SpendRow
    minor: int
    residue: Decimal
    identity: bytes
    ordinal: int = 1
    line_id: int | None = None
    living: bool = False
    out_of_scope: bool = False

    @property
    def enters(self) -> bool:
        """Whether it enters the ledger: new, or known but no longer living."""
        return not self.living


def compare(
    session: Session,
    rows: Iterable[tuple[int, Sequence[SpendRow]]],
    source_id: int | None,
    narrowing: Narrowing,
) -> list[Entry]:
    """Every line of the file, in its order, beside what the ledger holds.

    ``rows`` are batches with the position of their sheet. ``source_id`` None is a ledger nothing came from yet.
    """
    entries = _entries(rows, source_id or 0, narrowing)
    for entry, ordinal in zip(entries, ordinals(entry.identity for entry in entries), strict=True):
        entry.ordinal = ordinal
    if source_id is not None and _holds_lines(session, source_id):
        query = select(SpendLine.identity, SpendLine.ordinal, SpendLine.id, SpendLine.living)
        known = {
            (bytes(value), ordinal): (line_id, living)
            for value, ordinal, line_id, living in select_in(
                session, query, SpendLine.identity, sorted({entry.identity for entry in entries})
            )
        }
        for entry in entries:
            found = known.get((entry.identity, entry.ordinal))
            if found is not None:
                entry.line_id, entry.living = found
    return entries


def _holds_lines(session: Session, source_id: int) -> bool:
    """Whether anything came from a ledger yet: asking once is less than asking for 100,000 lines by their identity."""
    query = select(SpendLine.id).where(SpendLine.source_id == source_id).limit(1)
    return session.execute(query).first() is not None


def _entries(
    rows: Iterable[tuple[int, Sequence[SpendRow]]], source_id: int, narrowing: Narrowing
) -> list[Entry]:
    identity = Identities(source_id).of
    narrow = narrowing.narrows
    entries = []
    for position, batch in rows:
        for row in batch:
            minor, residue = to_minor(row.amount, row.currency)
            entry = Entry(
                position,
                row,
                minor,
                residue,
                identity(
                    row.date, row.period, row.supplier, minor, row.currency, row.reference, row.description
                ),
            )
            if narrow and not narrowing.holds(row.cost_centre, row.gl_account):
                entry.out_of_scope = True
            entries.append(entry)
    return entries


def certify(entries: Iterable[Entry], sheets: Sequence[SheetReading], outcome: Outcome) -> None:
    """Write counts and certificates of every used sheet into ``outcome``.

    ``data`` and ``rejected`` are the reader's own sums, so that the identity tests that no line was lost between reader
    and ledger.
    """
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    residues: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        key = (entry.position, entry.row.currency)
        sheet = outcome.sheet(entry.position)
        if entry.living:
            sheet.duplicate += 1
            sums[key][1] += entry.minor
        elif entry.out_of_scope:
            sheet.out_of_scope += 1
            sums[key][2] += entry.minor
        else:
            sheet.imported += 1
            sums[key][0] += entry.minor
        if entry.residue:
            residues[key] += entry.residue
    for position, reading in enumerate(sheets):
        if not reading.decision.used:
            continue
        sheet = outcome.sheet(position)
        sheet.rejected = reading.lines_rejected
        read = {total.currency: total for total in reading.totals}
        for currency in sorted({*read, *(code for at, code in sums if at == position)}):
            total = read.get(currency)
            imported, duplicate, left_out = sums[position, currency]
            sheet.certificates.append(
                SheetCertificate(
                    currency=currency,
                    data=total.data if total else Decimal(0),
                    imported_minor=imported,
                    duplicate_minor=duplicate,
                    out_of_scope_minor=left_out,
                    rejected=total.rejected if total else Decimal(0),
                    rounding=residues[position, currency],
                    unreadable=total.unreadable if total else 0,
                    sheet_total=total.sheet_total if total else None,
                    foots=total.foots if total else None,
                )
            )
