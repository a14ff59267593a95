"""The background jobs of imports: reading a received file, applying one, marking a large one's problems, narrowing a
large ledger.
"""

import os
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.intake.marking import MARK_JOB, mark
from mopsaudit.intake.receive import APPLY_JOB, READ_JOB, find_import
from mopsaudit.intake.run import apply_read, read_import
from mopsaudit.intake.scope_changes import NARROW_JOB, narrow_job
from mopsaudit.intake.stage import READABLE, cancel, refuse
from mopsaudit.intake.supplier_keys import keys_are_current, renew_keys
from mopsaudit.intake.tidy import tidy
from mopsaudit.jobs import Ending, Handler, JobRun, JobStatus, Unsuccessful
from mopsaudit.organisation import load_settings
from mopsaudit.store.session import SYSTEM, reading, unit_of_work


def read_job(run: JobRun) -> None:
    """Read the import the job serves; a cancelled or killed job leaves the ledger as it was."""

    def cancelled() -> bool:
        run.check_cancelled()
        return False

    read_import(
        run.subject_id,
        reader=run.app.config["MOPSAUDIT_READER"],
        folder=Path(run.app.config["MOPSAUDIT_DATA"]),
        actor=run.actor,
        now=run.now(),
        progress=run.progress,
        cancelled=cancelled,
        finish=run.finish,
    )
    with reading() as session:
        tidy(session, Path(run.app.config["MOPSAUDIT_DATA"]), now=run.now())


def apply_job(run: JobRun) -> None:
    """Bring the import the job serves into the ledger; cancelled before its commit, it is ready as before."""
    apply_read(
        run.subject_id,
        reader=run.app.config["MOPSAUDIT_READER"],
        folder=Path(run.app.config["MOPSAUDIT_DATA"]),
        actor=run.actor,
        now=run.now(),
        finish=run.finish,
        going_on=lambda: run.check_cancelled(last=True),
    )


def mark_job(run: JobRun) -> None:
    """Make the marked copy of the import the job serves."""

    def cancelled() -> bool:
        run.check_cancelled()
        return False

    mark(
        run.subject_id,
        marker=run.app.config["MOPSAUDIT_MARKER"],
        folder=Path(run.app.config["MOPSAUDIT_DATA"]),
        cancelled=cancelled,
    )


def read_ended(session: Session, end: Unsuccessful) -> None:
    """A reading that ended without success: the import is cancelled or failed, never left *reading*."""
    record = find_import(session, end.subject_id)
    if record.status not in READABLE:
        return
    if end.status is JobStatus.CANCELLED:
        cancel(session, end.subject_id)
    else:
        refuse(session, end.subject_id, end.message, failed=True)


def with_keys_renewed(restore: Handler) -> Handler:
    """The job that brings a backup back, and then puts its suppliers under the keys of this version's rules for reading
    names: a backup of an older version may come back while the application serves.
    """

    def job(run: JobRun) -> None:
        restore(run)
        with reading() as session:
            keyed = keys_are_current(session)
        if not keyed:
            reason = "The backup was made by a version that reads the names of suppliers otherwise."
            with unit_of_work(SYSTEM, now=run.now(), reason=reason) as session:
                renew_keys(session, now=run.now(), settings=load_settings(session, os.environ))

    return job


#: What the composer hands to the worker.
HANDLERS: Final[dict[str, Handler]] = {
    READ_JOB: read_job,
    APPLY_JOB: apply_job,
    MARK_JOB: mark_job,
    NARROW_JOB: narrow_job,
}
ENDINGS: Final[dict[str, Ending]] = {READ_JOB: read_ended}
