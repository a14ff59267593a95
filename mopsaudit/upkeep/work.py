"""The background jobs of upkeep: making a backup, proving one, bringing one back."""

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mopsaudit.backup import Backup, BackupError, Note, fits_running, restore_backup
from mopsaudit.errors import InvalidError
from mopsaudit.jobs import Handler, JobRun, JobStatus, enqueue, job_of, waiting_and_running
from mopsaudit.store import trail
from mopsaudit.store.chain import Change
from mopsaudit.store.models import Job, Person, TrailEntry
from mopsaudit.store.session import Actor, db, reading
from mopsaudit.upkeep.copies import copy_path, make_copy, prove_copy

BACKUP_JOB, PROVE_JOB, RESTORE_JOB = "backup", "prove", "restore"
_KINDS: Final = (BACKUP_JOB, PROVE_JOB, RESTORE_JOB)
#: These jobs serve no record.
_NO_RECORD: Final = 0
_OTHER_KEYS: Final = (
    "This backup is of another installation: it holds other keys than the application was started with. Stop the "
    "application, run “mopsaudit db restore FILE”, and start it again."
)


def ask_backup(session: Session, *, actor: Actor, now: datetime) -> Job:
    """Queue a backup, unless one waits or runs already: then that one."""
    known = underway(session, BACKUP_JOB)
    return known or enqueue(session, kind=BACKUP_JOB, subject_id=_NO_RECORD, now=now, created_by=actor.label)


def ask_proof(session: Session, name: str, *, actor: Actor, now: datetime) -> Job:
    """Queue bringing a kept backup to life beside the data and checking it."""
    return enqueue(
        session,
        kind=PROVE_JOB,
        subject_id=_NO_RECORD,
        now=now,
        created_by=actor.label,
        payload={"name": name},
    )


def ask_restore(session: Session, folder: Path, name: str, *, actor: Actor, now: datetime) -> Job:
    """Queue bringing a kept backup back.

    Raises:
        NotFoundError: when there is no such backup.
        InvalidError: when it is another installation's, or one is being brought back already.
        BackupError: when the file is no backup of ours.
    """
    if not fits_running(copy_path(folder, name), folder):
        raise InvalidError(_OTHER_KEYS)
    if underway(session, RESTORE_JOB) is not None:
        raise InvalidError("A backup is being restored already; wait for it to end.")
    return enqueue(
        session,
        kind=RESTORE_JOB,
        subject_id=_NO_RECORD,
        now=now,
        created_by=actor.label,
        payload={"name": name},
    )


def note_step(session: Session, action: str, name: str) -> None:
    """Write to the trail that somebody fetched, deleted or brought in a backup: it holds everything, keys included."""
    trail.note(session, action=action, subject="database", record_id=None, after={"backup": name})


def underway(session: Session, *kinds: str) -> Job | None:
    """The oldest job of upkeep (of these kinds) that waits or runs."""
    wanted = kinds or _KINDS
    return next((job for job in waiting_and_running(session) if job.kind in wanted), None)


def last_failure(session: Session) -> Job | None:
    """The newest job of upkeep, if it failed: what the page tells until the next one."""
    found = [job for kind in _KINDS if (job := job_of(session, kind, _NO_RECORD)) is not None]
    newest = max(found, key=lambda job: job.id, default=None)
    return newest if newest is not None and newest.status == JobStatus.FAILED else None


def last_restore(session: Session) -> TrailEntry | None:
    """The entry of the trail that tells of the newest restore, or None."""
    return session.scalars(
        select(TrailEntry)
        .where(TrailEntry.subject == "database", TrailEntry.action == "restore")
        .order_by(TrailEntry.id.desc())
        .limit(1)
    ).one_or_none()


def restored_by(label: str, email_key: str | None, *, now: datetime) -> Note:
    """The trail's entry of a restore: a person is who has the same address in the restored rows, else nobody by name.

    Numbers of people of before the restore may belong to somebody else after it.
    """

    def note(connection: Connection, told: Backup) -> Change:
        actor = label
        if email_key is not None:
            found = connection.scalar(select(Person.id).where(Person.email_key == email_key))
            actor = f"person:{found}" if found is not None else "system"
        return Change(
            actor=actor,
            at=now,
            action="restore",
            subject="database",
            record_id=None,
            before=None,
            after={"backup_of": told.at.isoformat(), "rows": told.rows, "files": told.files},
            reason=None,
        )

    return note


def _folder(run: JobRun) -> Path:
    return Path(run.app.config["MOPSAUDIT_DATA"])


def backup_job(run: JobRun) -> None:
    """Make a backup and prove it at once."""
    copy = make_copy(_folder(run), now=run.now(), progress=run.progress)
    prove_copy(_folder(run), copy.name, now=run.now(), alive=run.check_cancelled)


def prove_job(run: JobRun) -> None:
    """Prove a kept backup."""
    prove_copy(_folder(run), str(run.payload["name"]), now=run.now(), alive=run.check_cancelled)


def restore_job(run: JobRun) -> None:
    """Bring a kept backup back. Its own row goes with the others, so there is nothing left to end."""
    with reading() as session:
        key = None
        if run.actor.person_id is not None:
            key = session.scalar(select(Person.email_key).where(Person.id == run.actor.person_id))
    label = run.actor.label if run.actor.person_id is None else "system"
    path = copy_path(_folder(run), str(run.payload["name"]))
    if not fits_running(path, _folder(run)):
        raise BackupError(_OTHER_KEYS)
    restore_backup(db.engine, _folder(run), path, now=run.now(), note=restored_by(label, key, now=run.now()))
    run.finished = True


#: What the composer hands to the worker.
HANDLERS: Final[dict[str, Handler]] = {
    BACKUP_JOB: backup_job,
    PROVE_JOB: prove_job,
    RESTORE_JOB: restore_job,
}
