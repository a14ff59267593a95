"""The walk of a file from end to end, each step its own unit of work: what the worker and the command line call.

Browser: received (with its job) → :func:`read_import` in the worker → the review page → :func:`apply_read`.
Command line: :func:`import_file` reads first and then receives, stages and applies in one transaction, so that a killed
command leaves nothing behind. Both go through the same steps.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake import spool
from mopsaudit.intake.apply import apply_import, keep_sheets, open_questions, preview, result_of
from mopsaudit.intake.apply_spend import preview_spend
from mopsaudit.intake.child import ImporterFailedError, ReadingCancelledError
from mopsaudit.intake.contract import Kind, NothingFoundError, ReadingDecision
from mopsaudit.intake.matching import judge_for
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.receive import (
    clean_file_name,
    find_import,
    first_import,
    forget_unspoken,
    measure,
    original,
    passing_record,
    receive,
    waiting_import,
)
from mopsaudit.intake.slips import slips
from mopsaudit.intake.stage import (
    Progress,
    ToRead,
    begin_reading,
    cancel,
    keep_reading,
    read_options,
    read_rows,
    refuse,
    settings_of,
    today_of,
)
from mopsaudit.intake.tool_categories import check_answers
from mopsaudit.intake.undo import Undone, undo_import
from mopsaudit.intake.view import bare_json, import_json, reading_json
from mopsaudit.organisation import find_unit
from mopsaudit.problems import RefusedError
from mopsaudit.store.ledger import Import, ImportStatus
from mopsaudit.store.session import Actor, reading, unit_of_work


def read_import(
    import_id: int,
    *,
    reader: str,
    folder: Path,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    finish: Callable[[Session], None] | None = None,
) -> str:
    """Read a received file and stage it; the status it then has. Safe to repeat after a worker was killed.

    ``finish`` is called in the unit of work that stores the result, so that a job and its result end together.

    Raises:
        InvalidError: when the import is settled already.
        ImporterFailedError: through a fault of ours; the import is then *failed*.
    """
    with unit_of_work(actor, now=now) as session:
        to_read = begin_reading(session, import_id, now=now)
        path = original(folder, session, find_import(session, import_id))
    try:
        read = read_rows(
            path, to_read, reader, folder=_scratch(folder), progress=progress, cancelled=cancelled
        )
    except RefusedError as error:
        with unit_of_work(actor, now=now) as session:
            found = error.reading if isinstance(error, NothingFoundError) else None
            refuse(session, import_id, error.sentence, found=found)
            if finish is not None:
                finish(session)
        return ImportStatus.REFUSED
    except ReadingCancelledError:
        with unit_of_work(actor, now=now) as session:
            cancel(session, import_id)
        return ImportStatus.CANCELLED
    except ImporterFailedError:
        with unit_of_work(actor, now=now) as session:
            refuse(session, import_id, "Reading this file failed through a fault of ours.", failed=True)
        raise
    spool.store(folder, to_read.sha256, read)
    with unit_of_work(actor, now=now) as session:
        keep_reading(session, import_id, read, now=now)
        if finish is not None:
            finish(session)
        return find_import(session, import_id).status


def _scratch(folder: Path) -> Path:
    place = folder / spool.SPOOL
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def rows_of(import_id: int, *, reader: str, folder: Path, now: datetime) -> spool.ReadFile:
    """The rows of a staged import: from the spool, or read anew by its decision when they are gone.

    Raises:
        InvalidError: when it has not been read yet.
    """
    with reading() as session:
        record = find_import(session, import_id)
        if not record.decision:
            raise InvalidError("This file has not been read yet.")
        decision = ReadingDecision.from_json(record.decision)
        kept = spool.load(folder, record.sha256, decision)
        if kept is not None:
            return kept
        settings = settings_of(session)
        options = read_options(
            session,
            Kind(record.kind),
            ImportOptions.from_json(record.options),
            settings,
            today=today_of(settings, now),
            decision=decision,
        )
        to_read = ToRead(
            import_id=import_id,
            kind=Kind(record.kind),
            file_name=record.file_name,
            sha256=record.sha256,
            options=options,
        )
        path = original(folder, session, record)
    read = read_rows(path, to_read, reader, folder=_scratch(folder))
    spool.store(folder, to_read.sha256, read)
    return read


def apply_read(
    import_id: int,
    *,
    reader: str,
    folder: Path,
    actor: Actor,
    now: datetime,
    finish: Callable[[Session], None] | None = None,
    going_on: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Bring a staged import into the ledger; its object of INTERFACES.md. A second click has no second effect.

    ``going_on`` is asked before the lines are written and once more before the commit; what it raises leaves the ledger
    as it was and the import ready.

    Raises:
        InvalidError: when it is not ready.
    """
    with reading() as session:
        done = find_import(session, import_id).status == ImportStatus.IMPORTED
        if done:
            return import_json(session, import_id)
    read = rows_of(import_id, reader=reader, folder=folder, now=now)
    if going_on is not None:
        going_on()
    with unit_of_work(actor, now=now) as session:
        record = _apply(session, import_id, read, now=now)
        if going_on is not None:
            going_on()
        if finish is not None:
            finish(session)
        result = import_json(session, import_id)
        sha256 = record.sha256
    spool.forget(folder, sha256, read.reading.decision)
    return result


def _apply(session: Session, import_id: int, read: spool.ReadFile, *, now: datetime) -> Import:
    settings = settings_of(session)
    return apply_import(session, import_id, read, settings=settings, now=now, today=today_of(settings, now))


def undo(import_id: int, *, actor: Actor, now: datetime, reason: str | None = None) -> Undone:
    """Take an import out of the ledger again.

    Raises:
        InvalidError: when it is not in the ledger.
    """
    with unit_of_work(actor, now=now, reason=reason) as session:
        return undo_import(session, import_id, now=now, today=today_of(settings_of(session), now))


def import_file(
    kind: Kind,
    path: Path,
    options: ImportOptions,
    *,
    reader: str,
    folder: Path,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Import a file without the browser; the object of INTERFACES.md. A refusal is a result, not an exception.

    Without an open question it is in the ledger afterwards; with one it is staged (``needs-answer``). A dry run stores
    nothing. ``duplicate-file`` when a living import holds the same bytes, kind and sheets.

    Raises:
        InvalidError: for options that cannot be.
        NotFoundError: for a unit that does not exist.
    """
    name = clean_file_name(path.name)
    sha256 = ""
    try:
        with reading() as session:
            settings = settings_of(session)
            with path.open("rb") as stream:
                sha256, _ = measure(stream, settings.upload_bytes)
            known = first_import(session, kind, sha256, options.sheets)
            if known is not None:
                return bare_json(kind.value, name, sha256, "duplicate-file", first_import_id=known)
            if options.unit:
                find_unit(session, options.unit)
            waiting = waiting_import(session, kind, sha256)
            told = options
            if waiting is not None:
                told = ImportOptions.from_json(waiting.options).continued_by(options)
            to_read = ToRead(
                import_id=0,
                kind=kind,
                file_name=name,
                sha256=sha256,
                options=read_options(session, kind, told, settings, today=today_of(settings, now)),
            )
        read = read_rows(path, to_read, reader)
        _check_told(options, read)
        problems = (*slips(read.reading, options.answers), *read.reading.problems)
        read = replace(read, reading=replace(read.reading, problems=problems))
    except RefusedError as error:
        return bare_json(kind.value, name, sha256, "refused", reason=error.sentence)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        sentence = f"The file “{name}” cannot be opened; check its path and that you may read it."
        return bare_json(kind.value, name, sha256, "refused", reason=sentence)
    if dry_run:
        return _dry_run(kind, name, sha256, told, read, actor=actor, now=now)
    with _nothing_left(folder) as written, unit_of_work(actor, now=now) as session:
        with path.open("rb") as stream:
            received = receive(
                session,
                kind=kind,
                file_name=name,
                stream=stream,
                options=options,
                folder=folder,
                settings=settings,
                actor=actor,
                now=now,
                queue=False,
            )
        written.extend(received.written)
        if received.import_id is None:
            return bare_json(
                kind.value, name, sha256, "duplicate-file", first_import_id=received.first_import_id
            )
        begin_reading(session, received.import_id, now=now)
        keep_reading(session, received.import_id, read, now=now, review=False)
        if find_import(session, received.import_id).status == ImportStatus.READY:
            record = _apply(session, received.import_id, read, now=now)
            if record.status == ImportStatus.CANCELLED:
                known = first_import(session, kind, sha256, _used(read), besides=record.id)
                return bare_json(kind.value, name, sha256, "duplicate-file", first_import_id=known)
        return import_json(session, received.import_id)


@contextmanager
def _nothing_left(folder: Path) -> Iterator[list[str]]:
    """Takes the originals written inside away again when what is inside fails; those it cannot ask about stay."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        with suppress(SQLAlchemyError, OSError), reading() as session:
            forget_unspoken(session, folder, written)
        raise


def _check_told(options: ImportOptions, read: spool.ReadFile) -> None:
    """Refuse what the file cannot follow: a sheet of a text file, an answer that is none of the choices.

    Raises:
        RefusedError: saying what there is instead.
    """
    if options.sheets and all(sheet.name is None for sheet in read.reading.decision.sheets):
        raise RefusedError("This file is text and has no sheets; leave --sheet away.")
    given = dict(options.answers)
    for question in read.reading.questions:
        choices = [choice.value for choice in question.choices]
        if choices and question.key in given and given[question.key] not in choices:
            listed = ", ".join(f"“{value}”" for value in choices)
            said = given[question.key]
            raise RefusedError(f"“{said}” does not answer {question.key}; choose one of {listed}.")
    if read.reading.decision.kind is Kind.INVENTORY:
        check_answers(read, options.answers)


def _used(read: spool.ReadFile) -> list[str]:
    return [sheet.name or "" for sheet in read.reading.decision.sheets if sheet.used]


def _dry_run(
    kind: Kind,
    name: str,
    sha256: str,
    options: ImportOptions,
    read: spool.ReadFile,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """What the import would be. Kinds previewed by applying them are applied inside a savepoint, taken back."""
    outcome: Outcome | None = None
    if read.reading.questions:
        pass
    elif kind is Kind.SPEND:
        with reading() as session:
            judge = judge_for(session, settings_of(session))
            outcome = preview_spend(session, options, read.reading, read.spend(), judge)
    else:
        with unit_of_work(actor, now=now) as session, session.begin_nested() as savepoint:
            settings = settings_of(session)
            today = today_of(settings, now)
            record = passing_record(session, kind, name, sha256, options, actor, now)
            keep_sheets(session, record, read, None)
            questions = open_questions(session, record, read, settings=settings, now=now, today=today)
            read = replace(read, reading=replace(read.reading, questions=questions))
            if not questions:
                outcome = preview(session, record, read, settings=settings, now=now, today=today)
            savepoint.rollback()
    status = "needs-answer" if read.reading.questions else "dry-run"
    result = result_of(read, outcome)
    return bare_json(kind.value, name, sha256, status, **reading_json(read.reading, outcome, result))
