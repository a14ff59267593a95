"""Reading a received file and keeping what came of it: decision, questions, problems, review; never the ledger."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.apply import keep_sheets, open_questions, preview
from mopsaudit.intake.child import run_importer
from mopsaudit.intake.contract import Kind, Limits, Reading, ReadingDecision, ReadOptions
from mopsaudit.intake.edits import Edit, edited, edited_options
from mopsaudit.intake.matching import prepare
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.receive import READ_JOB, enqueue, find_import, original, receive
from mopsaudit.intake.spool import ReadFile, collect
from mopsaudit.organisation import load_settings
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool, ToolName
from mopsaudit.store.ledger import Import, ImportStatus, LayoutProfile, SourceLedger
from mopsaudit.store.session import Actor

Progress = Callable[[int, int | None], None]

#: Statuses a file may be read (again) from; *reading* is one a killed worker left behind.
READABLE = (
    ImportStatus.QUEUED,
    ImportStatus.READING,
    ImportStatus.NEEDS_ANSWER,
    ImportStatus.READY,
    ImportStatus.FAILED,
)

#: Statuses in which a person may say how a file is read; a refused one where its sheets are known.
_WAITING = (ImportStatus.READY, ImportStatus.NEEDS_ANSWER)
_EDITABLE = (*_WAITING, ImportStatus.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """What reading an import needs, taken from the database before the child starts."""

    import_id: int
    kind: Kind
    file_name: str
    sha256: str
    options: ReadOptions


def today_of(settings: Settings, now: datetime) -> date:
    """The organisation's day at this moment."""
    return now.astimezone(ZoneInfo(settings.time_zone)).date()


def settings_of(session: Session, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force for an import."""
    return load_settings(session, os.environ if environ is None else environ)


def read_options(
    session: Session,
    kind: Kind,
    options: ImportOptions,
    settings: Settings,
    *,
    today: date,
    decision: ReadingDecision | None = None,
) -> ReadOptions:
    """What the importer is told: the person's options, remembered layouts, our tools' names, our calendar.

    ``decision`` is one a person edited, to be obeyed as it stands.
    """
    profiles = tuple(
        (profile.fingerprint, profile.decision)
        for profile in session.scalars(
            select(LayoutProfile).where(LayoutProfile.kind == kind.value).order_by(LayoutProfile.id)
        )
        if profile.decision
    )
    currency = options.currency
    if currency is None and options.source:
        currency = session.scalars(
            select(SourceLedger.currency).where(SourceLedger.name == options.source)
        ).first()
    tools = [
        *session.scalars(select(Tool.name).order_by(Tool.id)),
        *session.scalars(select(ToolName.name).order_by(ToolName.id)),
    ]
    return ReadOptions(
        kind=kind,
        sheets=options.sheets,
        maps=options.maps,
        answers=options.answers,
        currency=currency,
        base_currency=settings.base_currency,
        tool=options.tool,
        tax=options.tax,
        as_of=options.as_of or today,
        fiscal_start=settings.fiscal_start,
        profiles=profiles,
        decision=decision,
        known_tools=tuple(dict.fromkeys(tools)),
        limits=Limits().taking(settings.upload_bytes),
    )


def begin_reading(session: Session, import_id: int, *, now: datetime) -> ToRead:
    """Mark an import as being read and gather what the child needs.

    Raises:
        InvalidError: when it is imported, undone, refused or cancelled: reading again would change nothing.
    """
    record = find_import(session, import_id, lock=True)
    if not move(session, record, READABLE, ImportStatus.READING):
        raise InvalidError("This import is settled; it is not read again.")
    settings = settings_of(session)
    options = ImportOptions.from_json(record.options)
    decision = ReadingDecision.from_json(record.decision) if options.edited and record.decision else None
    kind = Kind(record.kind)
    return ToRead(
        import_id=import_id,
        kind=kind,
        file_name=record.file_name,
        sha256=record.sha256,
        options=read_options(
            session, kind, options, settings, today=today_of(settings, now), decision=decision
        ),
    )


def read_rows(
    path: Path,
    to_read: ToRead,
    reader: str,
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ReadFile:
    """Read the original in a limited child process; no transaction is open meanwhile. ``reader`` is a dotted name.

    Raises:
        RefusedError: when the file as a whole cannot be read.
        ReadingCancelledError: when ``cancelled()`` became true.
        ImporterFailedError: when the importer failed through a fault of ours.
    """
    reading, batches = run_importer(
        reader,
        path,
        to_read.file_name,
        to_read.options,
        folder=folder,
        on_progress=progress,
        cancelled=cancelled,
        meanwhile=prepare if to_read.kind is Kind.SPEND else None,
    )
    return collect(reading, batches)


def keep_reading(
    session: Session, import_id: int, read: ReadFile, *, now: datetime, review: bool = True
) -> Outcome | None:
    """Store a reading; the import is *ready*, or *needs-answer* while a question is open.

    ``review`` works out what applying would do, for a page to show; whoever applies at once needs it not.

    Raises:
        InvalidError: when the import was cancelled meanwhile.
    """
    record = find_import(session, import_id, lock=True)
    settings = settings_of(session)
    today = today_of(settings, now)
    questions = open_questions(session, record, read, settings=settings, now=now, today=today)
    status = ImportStatus.NEEDS_ANSWER if questions else ImportStatus.READY
    if not move(session, record, (ImportStatus.READING,), status):
        raise InvalidError("This import was cancelled while it was read.")
    keep_sheets(session, record, read, None)
    outcome = None
    if review and not questions:
        outcome = preview(session, record, read, settings=settings, now=now, today=today)
        keep_sheets(session, record, read, outcome)
    write(
        session,
        record,
        decision=read.reading.decision.to_json(),
        questions=[question.to_json() for question in questions],
    )
    return outcome


def refuse(
    session: Session,
    import_id: int,
    reason: str,
    *,
    failed: bool = False,
    found: Reading | None = None,
) -> None:
    """Settle an import that could not be read: refused with its sentence, or failed through a fault of ours.

    ``found`` is what a file without a table of its kind holds; its sheets are kept, for a person to say what they are.
    """
    record = find_import(session, import_id, lock=True)
    status = ImportStatus.FAILED if failed else ImportStatus.REFUSED
    if move(session, record, READABLE, status):
        write(session, record, reason=reason)
        if found is not None:
            keep_sheets(session, record, collect(found, ()), None)
            write(session, record, decision=found.decision.to_json(), questions=[])


def cancel(session: Session, import_id: int) -> Import:
    """Give up an import that is not in the ledger.

    Raises:
        InvalidError: when it is imported (undo it instead) or settled already.
    """
    record = find_import(session, import_id, lock=True)
    if not move(session, record, READABLE, ImportStatus.CANCELLED):
        raise InvalidError("This import is settled; what entered the ledger is undone, not cancelled.")
    return record


def read_as(
    session: Session,
    import_id: int,
    kind: Kind,
    *,
    folder: Path,
    settings: Settings,
    actor: Actor,
    now: datetime,
) -> int:
    """Receive the bytes of an import that is not in the ledger as another kind; the id of the import they then are.

    What waited for a person is cancelled; a refused or cancelled one stays as it is.

    Raises:
        InvalidError: when it counts or is being read, or is of this kind already.
    """
    record = find_import(session, import_id, lock=True)
    if kind.value == record.kind:
        raise InvalidError(f"This file is read as {kind.value} already.", "kind")
    if record.status in (ImportStatus.IMPORTED, ImportStatus.QUEUED, ImportStatus.READING):
        raise InvalidError("Only a file that is read and not in the ledger can be read as another kind.")
    move(session, record, _WAITING, ImportStatus.CANCELLED)
    told = ImportOptions.from_json(record.options)
    with original(folder, session, record).open("rb") as stream:
        done = receive(
            session,
            kind=kind,
            file_name=record.file_name,
            stream=stream,
            options=ImportOptions(unit=told.unit, tool=told.tool, entity=told.entity),
            folder=folder,
            settings=settings,
            actor=actor,
            now=now,
            queue=True,
        )
    found = done.first_import_id if done.import_id is None else done.import_id
    if found is None:
        raise InvalidError("This file is here already.")
    return found


def edit_decision(
    session: Session,
    import_id: int,
    version: int | None,
    edits: Iterable[Edit],
    *,
    actor: Actor,
    now: datetime,
) -> Import:
    """Change how a staged file is read and queue reading it again.

    Raises:
        InvalidError: when the import is not staged, or an edit makes no sense.
    """
    record = find_import(session, import_id, lock=True)
    if record.status not in _EDITABLE or not record.decision:
        raise InvalidError("Only a file that waits for its import can be read differently.")
    if version is not None and version != record.version:
        raise InvalidError("This import changed since you opened it; look at it again.", "version")
    wanted = list(edits)
    decision = edited(ReadingDecision.from_json(record.decision), wanted)
    options = edited_options(ImportOptions.from_json(record.options), wanted)
    write(session, record, decision=decision.to_json(), options=options.to_json())
    move(session, record, _EDITABLE, ImportStatus.QUEUED)
    enqueue(session, READ_JOB, record.id, actor, now)
    return record


def move(session: Session, record: Import, before: Iterable[ImportStatus], after: ImportStatus) -> bool:
    """Change the status if it is one of ``before``; whether it did. Two workers or clicks cannot both: the record is
    locked, and its version tells where the database cannot lock.
    """
    if record.status not in tuple(before):
        return False
    record.status = after
    if after in READABLE:
        record.reason = None
    session.flush()
    return True


def write(session: Session, record: Import, **values: Any) -> None:
    """Store what a step found out."""
    for name, value in values.items():
        setattr(record, name, value)
    session.flush()
