"""Taking a file in: the original kept under a random name, the import and its job committed with it."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.intake.booking import entity_for
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.jobs import JobStatus, job_of
from mopsaudit.jobs import enqueue as queue_job
from mopsaudit.organisation import find_unit
from mopsaudit.problems import RefusedError
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import StoredFile
from mopsaudit.store.ledger import Import, ImportSheet, ImportStatus
from mopsaudit.store.session import Actor
from mopsaudit.store.system import Job

#: Folder of the originals inside the data folder.
UPLOADS = "uploads"
#: Kind of the job that reads a received file, and of the one that applies a large one.
READ_JOB, APPLY_JOB = "read", "apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """An original on disk. ``fresh`` says that it was written just now and no row speaks of it yet."""

    sha256: str
    size: int
    stored_name: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a file: an import to read, or the living import of the same bytes.

    ``written`` are the originals written for it just now; no row speaks of them before the transaction is over.
    """

    import_id: int | None
    first_import_id: int | None = None
    written: tuple[str, ...] = ()


def uploads(folder: Path) -> Path:
    """The folder of originals, made when missing, readable by nobody else."""
    place = folder / UPLOADS
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def original(folder: Path, session: Session, record: Import) -> Path:
    """Where the original of an import is."""
    return uploads(folder) / session.get_one(StoredFile, record.file_id).stored_name


def clean_file_name(name: str) -> str:
    """The person's file name without folders and control characters, at most 200 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(letter for letter in base if letter.isprintable()).strip()
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > 200:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else text[:200]
    return text or "file"


def measure(stream: BinaryIO, limit: int) -> tuple[str, int]:
    """SHA-256 and size of what is left of a stream.

    Raises:
        RefusedError: past ``limit`` bytes.
    """
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        size += len(block)
        _refuse_large(size, limit)
        digest.update(block)
    return digest.hexdigest(), size


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise RefusedError(
            f"The file is larger than {limit // (1024 * 1024)} MiB. "
            "Export one month, or the marketing cost centres only, per file.",
            "file.too_large",
        )


def keep(session: Session, stream: BinaryIO, folder: Path, *, limit: int) -> KeptFile:
    """Write a stream to the uploads folder, safe on disk before any row speaks of it; known bytes are not kept twice.

    Raises:
        RefusedError: past ``limit`` bytes; nothing stays behind.
    """
    place = uploads(folder)
    name = secrets.token_hex(20)
    path = place / name
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            while block := stream.read(1 << 20):
                size += len(block)
                _refuse_large(size, limit)
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sha256 = digest.hexdigest()
    stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).first()
    if stored is not None:
        known = place / stored.stored_name
        if known.exists():
            path.unlink()
        else:  # lost from the disk: these are its bytes
            path.replace(known)
        return KeptFile(sha256=sha256, size=size, stored_name=stored.stored_name, fresh=False)
    return KeptFile(sha256=sha256, size=size, stored_name=name, fresh=True)


def first_import(
    session: Session, kind: Kind, sha256: str, sheets: Iterable[str], besides: int | None = None
) -> int | None:
    """The living import of the same bytes, kind and sheets, or None. Refused, cancelled and staged ones never block."""
    wanted = set(sheets)
    query = select(Import).where(
        Import.sha256 == sha256, Import.kind == kind.value, Import.status == ImportStatus.IMPORTED
    )
    for record in session.scalars(query.order_by(Import.id)):
        if record.id == besides:
            continue
        asked = set(record.options.get("sheets", ()))
        if asked == wanted:
            return record.id
        used = set(
            session.scalars(
                select(ImportSheet.name).where(ImportSheet.import_id == record.id, ImportSheet.used.is_(True))
            )
        )
        if wanted and wanted == used:
            return record.id
    return None


def receive(
    session: Session,
    *,
    kind: Kind,
    file_name: str,
    stream: BinaryIO,
    options: ImportOptions,
    folder: Path,
    settings: Settings,
    actor: Actor,
    now: datetime,
    queue: bool,
) -> Received:
    """Keep a file and record its import, with a job to read it when ``queue``.

    The same bytes, kind and sheets as a living import make no second one. A staged import that waits for an answer is
    continued: the new options and answers join those it has.

    Raises:
        RefusedError: when the file is too large.
        NotFoundError: for a unit that does not exist.
    """
    unit_id = find_unit(session, options.unit).id if options.unit else None
    kept = keep(session, stream, folder, limit=settings.upload_bytes)
    try:
        known = first_import(session, kind, kept.sha256, options.sheets)
        if known is not None:
            return Received(import_id=None, first_import_id=known)
        record = waiting_import(session, kind, kept.sha256)
        if record is not None:
            record.options = ImportOptions.from_json(record.options).continued_by(options).to_json()
            record.status = ImportStatus.QUEUED
        else:
            record = _record(session, kind, file_name, kept, options, actor, now)
        record.unit_id = unit_id or record.unit_id
        record.as_of = options.as_of or record.as_of
        session.flush()
        if queue:
            enqueue(session, READ_JOB, record.id, actor, now)
        return Received(import_id=record.id, written=(kept.stored_name,) if kept.fresh else ())
    except BaseException:
        if kept.fresh:
            (uploads(folder) / kept.stored_name).unlink(missing_ok=True)
        raise


def forget_unspoken(session: Session, folder: Path, names: Iterable[str]) -> None:
    """Remove originals whose transaction failed; one a row speaks of after all (its end was lost on the way) stays."""
    for name in names:
        if session.scalars(select(StoredFile.id).where(StoredFile.stored_name == name)).first() is None:
            (uploads(folder) / name).unlink(missing_ok=True)


def waiting_import(session: Session, kind: Kind, sha256: str) -> Import | None:
    """The newest staged import of these bytes that waits for an answer, or None."""
    return session.scalars(
        select(Import)
        .where(Import.sha256 == sha256, Import.kind == kind.value, Import.status == ImportStatus.NEEDS_ANSWER)
        .order_by(Import.id.desc())
        .limit(1)
    ).first()


def _record(
    session: Session,
    kind: Kind,
    file_name: str,
    kept: KeptFile,
    options: ImportOptions,
    actor: Actor,
    now: datetime,
) -> Import:
    stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == kept.sha256)).first()
    if stored is None:
        stored = StoredFile(sha256=kept.sha256, size=kept.size, stored_name=kept.stored_name, stored_at=now)
        session.add(stored)
        session.flush()
    record = Import(
        kind=kind.value,
        status=ImportStatus.QUEUED,
        file_id=stored.id,
        file_name=clean_file_name(file_name),
        sha256=kept.sha256,
        options=options.to_json(),
        entity_id=entity_for(session, options.entity).id if options.entity else None,
        created_by_id=actor.person_id,
        created_by=actor.label,
        created_at=now,
    )
    session.add(record)
    session.flush()
    return record


def passing_record(
    session: Session,
    kind: Kind,
    file_name: str,
    sha256: str,
    options: ImportOptions,
    actor: Actor,
    now: datetime,
) -> Import:
    """An import for a dry run, inside a savepoint that is taken back: no file is kept."""
    kept = KeptFile(sha256=sha256, size=0, stored_name=secrets.token_hex(20), fresh=True)
    record = _record(session, kind, file_name, kept, options, actor, now)
    record.unit_id = find_unit(session, options.unit).id if options.unit else None
    record.as_of = options.as_of
    session.flush()
    return record


def enqueue(session: Session, kind: str, import_id: int, actor: Actor, now: datetime) -> Job:
    """A job for the worker, committed with what it serves; one still waiting for the same work is enough."""
    waiting = job_of(session, kind, import_id)
    if waiting is not None and waiting.status == JobStatus.QUEUED:
        return waiting
    return queue_job(session, kind=kind, subject_id=import_id, now=now, created_by=actor.label)


def find_import(session: Session, import_id: int, *, lock: bool = False) -> Import:
    """The import, locked for this transaction on demand.

    Raises:
        NotFoundError: when there is none.
    """
    known = 0 < import_id < 2**31  # what the column holds; a larger number would be a fault of the driver
    record = session.get(Import, import_id, with_for_update=lock or None) if known else None
    if record is None:
        raise NotFoundError(f"There is no import {import_id}.")
    return record
