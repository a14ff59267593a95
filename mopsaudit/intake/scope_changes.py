"""Changing what of a ledger is in scope: at once where it is small, else as a job that can be watched and stopped.

The job does what the request would: one transaction for lines, summaries, reconciliations and pairs, committed with its
own end. A job that is stopped or killed before leaves the ledger as it was. Inside that transaction nobody can be told
how far it is, so its progress is what it works on, not a share of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.ledgers import Moved, check_version, find_ledger, living_lines, narrow_ledger
from mopsaudit.intake.narrowing import Narrowing, narrowing_of
from mopsaudit.jobs import JobRun, JobStatus, enqueue, job_of
from mopsaudit.store.models import Job
from mopsaudit.store.session import Actor, unit_of_work

NARROW_JOB: Final = "narrow"
#: Living lines up to which a person does not notice the wait.
AT_ONCE: Final = 5_000
_UNDER_WAY: Final = (JobStatus.QUEUED, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a wish: the lines moved, or the job that will move them."""

    moved: Moved | None
    job: Job | None


def under_way(session: Session, ledger_id: int) -> Job | None:
    """The change of a ledger's scope that waits or runs, or None."""
    job = job_of(session, NARROW_JOB, ledger_id)
    return job if job is not None and job.status in _UNDER_WAY else None


def change_scope(
    session: Session,
    ledger_id: int,
    version: int,
    wanted: Narrowing,
    *,
    window_days: int,
    actor: Actor,
    now: datetime,
) -> Change:
    """Narrow or widen a ledger: done when this returns where it has at most :data:`AT_ONCE` living lines, else queued.

    Raises:
        NotFoundError: when there is no such ledger.
        ConflictError: when somebody changed it since ``version`` was seen.
        InvalidError: while another change of it waits or runs.
    """
    source = find_ledger(session, ledger_id)
    check_version(source, version)
    if under_way(session, ledger_id) is not None:
        raise InvalidError(
            "What is in scope of this ledger is being changed just now; wait for it or stop it."
        )
    lines = living_lines(session, ledger_id)
    if wanted == narrowing_of(source) or lines <= AT_ONCE:
        moved = narrow_ledger(session, ledger_id, version, wanted, window_days=window_days)
        return Change(moved=moved, job=None)
    payload: dict[str, Any] = {
        "version": version,
        "window_days": window_days,
        "lines": lines,
        **wanted.to_json(),
    }
    job = enqueue(
        session, kind=NARROW_JOB, subject_id=ledger_id, now=now, created_by=actor.label, payload=payload
    )
    return Change(moved=None, job=job)


def narrow_job(run: JobRun) -> None:
    """Change the scope of the ledger the job serves; stopped before its commit, nothing has moved."""
    run.check_cancelled(last=True)
    with unit_of_work(run.actor, now=run.now()) as session:
        moved = narrow_ledger(
            session,
            run.subject_id,
            int(run.payload["version"]),
            Narrowing.from_json(run.payload),
            window_days=int(run.payload["window_days"]),
            going_on=lambda: run.check_cancelled(last=True),
        )
        run.check_cancelled(last=True)
        run.finish(session, told(moved))


def told(moved: Moved) -> str:
    """What a change did, in a sentence."""
    parts = []
    if moved.left_out:
        parts.append(f"{moved.left_out:,} line{' is' if moved.left_out == 1 else 's are'} out of scope now")
    if moved.brought_back:
        back = moved.brought_back
        parts.append(f"{back:,} line{' is' if back == 1 else 's are'} back in scope")
    return " and ".join(parts) + "." if parts else "Nothing moved."
