"""A spend file against the ledger: which of its lines are new, known or out of scope, and each sheet's certificate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.certificate import SheetCertificate
from mopsaudit.intake.contract import SheetReading, SpendRow
from mopsaudit.intake.identity import Identities, Ordinals
from mopsaudit.intake.narrowing import Narrowing
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.spend_lines import SpendLines
from mopsaudit.money import to_minors
from mopsaudit.store.ledger import SpendLine


@dataclass(slots=True)
class FileLines:
    """The lines of a file in its order, beside what the ledger holds of them: lists of one length, by place.

    ``line_ids`` are the ledger's lines of that identity and ordinal, dead or alive, or None until those that are
    ``fresh`` get a number; ``fresh``, ``living`` and ``out_of_scope`` hold places, ``residues`` what rounding took away
    where it took anything. ``runs`` are (position of the sheet, first place, place after the last) in order.
    ``identities`` and ``ordinals`` reach as far as :meth:`identify` was asked to: of a ledger that holds nothing yet
    nobody needs them before the lines are written.
    """

    maker: Identities
    rows: SpendLines = field(default_factory=lambda: SpendLines.of(()))
    runs: list[tuple[int, int, int]] = field(default_factory=list)
    minors: list[int] = field(default_factory=list)
    identities: list[bytes] = field(default_factory=list)
    residues: dict[int, Decimal] = field(default_factory=dict)
    ordinals: list[int] = field(default_factory=list)
    line_ids: list[int | None] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)
    living: set[int] = field(default_factory=set)
    out_of_scope: set[int] = field(default_factory=set)
    order: Ordinals = field(default_factory=Ordinals)

    def __len__(self) -> int:
        return len(self.rows)

    def identify(self, stop: int | None = None) -> None:
        """Work out identities and ordinals of the lines before the place ``stop``, of all by default."""
        rows = self.rows[len(self.identities) : stop]
        if not rows:
            return
        found = self.maker.of(
            rows.column("date"),
            rows.column("period"),
            rows.column("supplier"),
            self.minors[len(self.identities) : stop],
            rows.column("currency"),
            rows.column("reference"),
            rows.column("description"),
        )
        self.identities += found
        self.ordinals += self.order.of(found)

    def entering(self) -> SpendLines:
        """The lines that enter the ledger: new, or known but no longer living."""
        if not self.living:
            return self.rows
        return self.rows.at([place for place in range(len(self.rows)) if place not in self.living])

    def entering_runs(self) -> Iterable[tuple[int, Sequence[int]]]:
        """The places of the lines that enter, by the position of their sheet, in order."""
        for position, start, stop in self.runs:
            places: Sequence[int] = range(start, stop)
            if self.living:
                places = [place for place in places if place not in self.living]
            yield position, places


def compare(
    session: Session,
    rows: Iterable[tuple[int, Sequence[SpendRow]]],
    source_id: int | None,
    narrowing: Narrowing,
) -> FileLines:
    """Every line of the file, in its order, beside what the ledger holds.

    ``rows`` are batches with the position of their sheet. ``source_id`` None is a ledger nothing came from yet.
    """
    lines = _lines(rows, source_id or 0, narrowing)
    lines.line_ids = [None] * len(lines)
    if source_id is not None and _holds_lines(session, source_id):
        lines.identify()
        query = select(SpendLine.identity, SpendLine.ordinal, SpendLine.id, SpendLine.living)
        known = {
            (bytes(value), ordinal): (line_id, living)
            for value, ordinal, line_id, living in select_in(
                session, query, SpendLine.identity, sorted(set(lines.identities))
            )
        }
        for place, key in enumerate(zip(lines.identities, lines.ordinals, strict=True)):
            found = known.get(key)
            if found is not None:
                lines.line_ids[place] = found[0]
                if found[1]:
                    lines.living.add(place)
    return lines


def _holds_lines(session: Session, source_id: int) -> bool:
    """Whether anything came from a ledger yet: asking once is less than asking for 100,000 lines by their identity."""
    query = select(SpendLine.id).where(SpendLine.source_id == source_id).limit(1)
    return session.execute(query).first() is not None


def _lines(
    batches: Iterable[tuple[int, Sequence[SpendRow]]], source_id: int, narrowing: Narrowing
) -> FileLines:
    lines = FileLines(Identities(source_id))
    parts = []
    for position, batch in batches:
        if not batch:
            continue
        start = len(lines.minors)
        part = SpendLines.of(batch)
        lines.minors += _minors(part.column("amount"), part.column("currency"), start, lines.residues)
        parts.append(part)
        if narrowing.narrows:
            booked = zip(part.column("cost_centre"), part.column("gl_account"), strict=True)
            lines.out_of_scope.update(
                place for place, where in enumerate(booked, start) if not narrowing.holds(*where)
            )
        if lines.runs and lines.runs[-1][0] == position:
            start = lines.runs.pop()[1]
        lines.runs.append((position, start, len(lines.minors)))
    if parts:
        lines.rows = SpendLines.joined(parts)
    return lines


def _minors(
    amounts: Sequence[Decimal], currencies: Sequence[str], start: int, residues: dict[int, Decimal]
) -> list[int]:
    """The amounts in minor units of their currencies; what rounding takes away goes to ``residues``."""
    if currencies.count(currencies[0]) == len(currencies):
        minors, left = to_minors(amounts, currencies[0])
        residues.update((start + place, residue) for place, residue in left.items())
        return minors
    minors = [0] * len(amounts)
    for currency in sorted(set(currencies)):
        places = [place for place, code in enumerate(currencies) if code == currency]
        some, left = to_minors([amounts[place] for place in places], currency)
        for place, minor in zip(places, some, strict=True):
            minors[place] = minor
        residues.update((start + places[index], residue) for index, residue in left.items())
    return minors


def certify(lines: FileLines, sheets: Sequence[SheetReading], outcome: Outcome) -> None:
    """Write counts and certificates of every used sheet into ``outcome``.

    ``data`` and ``rejected`` are the reader's own sums, so that the identity tests that no line was lost between reader
    and ledger.
    """
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    residues: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    currencies = lines.rows.column("currency")
    for position, start, stop in lines.runs:
        sheet = outcome.sheet(position)
        if not lines.living and not lines.out_of_scope and len(set(currencies[start:stop])) == 1:
            sheet.imported += stop - start
            sums[position, currencies[start]][0] += sum(lines.minors[start:stop])
            places = range(0)
        else:
            places = range(start, stop)
        for place in places:
            minor = lines.minors[place]
            found = sums[position, currencies[place]]
            if place in lines.living:
                sheet.duplicate += 1
                found[1] += minor
            elif place in lines.out_of_scope:
                sheet.out_of_scope += 1
                found[2] += minor
            else:
                sheet.imported += 1
                found[0] += minor
        for place in sorted(place for place in lines.residues if start <= place < stop):
            residues[position, currencies[place]] += lines.residues[place]
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
