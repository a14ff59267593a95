"""Files as the reader would give them, without a workbook: rows in, an import out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.intake.apply import apply_import
from mopsaudit.intake.contract import (
    ColumnChoice,
    Kind,
    Question,
    Reading,
    ReadingDecision,
    RecordRow,
    SheetDecision,
    SheetReading,
    SheetTotals,
    SpendRow,
    Tax,
)
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.receive import receive
from mopsaudit.intake.spool import ReadFile
from mopsaudit.intake.stage import begin_reading, keep_reading, settings_of
from mopsaudit.intake.undo import Undone, undo_import
from mopsaudit.store.ledger import Import
from mopsaudit.store.session import SYSTEM

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
TODAY = date(2026, 9, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A spend line as a test writes it."""

    amount: str
    supplier: str | None = "ACME LTD"
    day: date | None = date(2026, 3, 5)
    currency: str = "USD"
    reference: str | None = "INV-1"
    description: str | None = "thing"
    cost_centre: str | None = None
    unit: str | None = None
    tax: str | None = None
    period: date | None = None
    not_spend: str | None = None
    service: tuple[date, date] | None = None


def spend_read(
    lines: Sequence[Line],
    *,
    tax: Tax = Tax.NET,
    sheet_total: str | None = None,
    unreadable: int = 0,
    questions: tuple[Question, ...] = (),
    fingerprint: str = "",
    columns: tuple[ColumnChoice, ...] = (),
) -> ReadFile:
    """A read spend file of one sheet, AP Ledger, header in row 1."""
    rows = [
        SpendRow(
            row=number,
            cell=f"D{number}",
            amount=Decimal(line.amount),
            currency=line.currency,
            date=line.day,
            period=line.period,
            supplier=line.supplier,
            description=line.description,
            reference=line.reference,
            cost_centre=line.cost_centre,
            unit=line.unit,
            tax=None if line.tax is None else Decimal(line.tax),
            not_spend=line.not_spend,
            service_from=line.service[0] if line.service else None,
            service_until=line.service[1] if line.service else None,
        )
        for number, line in enumerate(lines, 2)
    ]
    decision = SheetDecision(
        name="AP Ledger",
        used=True,
        header_rows=(1,),
        first_row=2,
        tax=tax,
        fingerprint=fingerprint,
        columns=columns,
    )
    totals = tuple(
        SheetTotals(
            currency=currency,
            data=sum((row.amount for row in rows if row.currency == currency), Decimal(0)),
            rejected=Decimal(0),
            unreadable=unreadable,
            sheet_total=None if sheet_total is None else Decimal(sheet_total),
            foots=None
            if sheet_total is None
            else sum((row.amount for row in rows if row.currency == currency), Decimal(0))
            == Decimal(sheet_total),
        )
        for currency in sorted({row.currency for row in rows})
    )
    sheet = SheetReading(
        decision=decision,
        first_data_row=2,
        last_data_row=len(rows) + 1,
        lines_read=len(rows) + unreadable,
        lines_rejected=unreadable,
        totals=totals,
    )
    reading = Reading(
        decision=ReadingDecision(kind=Kind.SPEND, sheets=(decision,)), sheets=(sheet,), questions=questions
    )
    return ReadFile(reading=reading, batches=((0, rows),) if rows else ())


def record_read(kind: Kind, rows: Sequence[dict[str, Any]], **extra: Any) -> ReadFile:
    """A read file of any other kind: rows of values already cast; cells are lettered by the order of the first row."""
    keys = list(rows[0]) if rows else []
    letters = {key: chr(ord("A") + index) for index, key in enumerate(keys)}
    records = [
        RecordRow(
            row=number, values=row, cells={key: f"{letters[key]}{number}" for key in row if key in letters}
        )
        for number, row in enumerate(rows, 2)
    ]
    columns = tuple(ColumnChoice(field=key, letters=letter, header=key) for key, letter in letters.items())
    decision = SheetDecision(
        name="Sheet1",
        used=True,
        header_rows=(1,),
        first_row=2,
        columns=columns,
        extra=tuple(sorted(extra.items())),
    )
    sheet = SheetReading(
        decision=decision, first_data_row=2, last_data_row=len(records) + 1, lines_read=len(records)
    )
    reading = Reading(decision=ReadingDecision(kind=kind, sheets=(decision,)), sheets=(sheet,))
    return ReadFile(reading=reading, batches=((0, records),) if records else ())


def stage(
    session: Session,
    read: ReadFile,
    folder: Path,
    *,
    options: ImportOptions | None = None,
    name: str = "file.xlsx",
    content: bytes | None = None,
) -> int:
    """Receive and stage a read file; its import's id. The bytes stand for the rows unless given."""
    data = content if content is not None else repr((name, read.batches, options)).encode()
    kind = read.reading.decision.kind
    received = receive(
        session,
        kind=kind,
        file_name=name,
        stream=io.BytesIO(data),
        options=options or ImportOptions(),
        folder=folder,
        settings=settings_of(session, {}),
        actor=SYSTEM,
        now=NOW,
        queue=False,
    )
    assert received.import_id is not None, f"duplicate of {received.first_import_id}"
    begin_reading(session, received.import_id, now=NOW)
    keep_reading(session, received.import_id, read, now=NOW)
    return received.import_id


def enter(
    session: Session,
    read: ReadFile,
    folder: Path,
    *,
    options: ImportOptions | None = None,
    name: str = "file.xlsx",
) -> Import:
    """Receive, stage and apply a read file."""
    import_id = stage(session, read, folder, options=options, name=name)
    return apply_import(session, import_id, read, settings=settings_of(session, {}), now=NOW, today=TODAY)


def take_back(session: Session, import_id: int) -> Undone:
    """Undo an import."""
    return undo_import(session, import_id, now=NOW, today=TODAY)
