"""The queue: enqueue, claim, lease, cancel, end. Each function takes the session of somebody's unit of work.

A job is *queued*, *running* under a lease, then *done*, *failed* or *cancelled*. A worker that dies lets its lease run
out; the next worker claims the job again, at most :data:`ATTEMPTS` times. A worker that was merely slow cannot finish a
job somebody else holds by then: :func:`finish` raises and its transaction is undone.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from mopsaudit.errors import MopsauditError
from mopsaudit.store.models import Job, WorkerBeat

#: How long a claim holds without a heartbeat.
LEASE: Final = timedelta(seconds=30)
#: How often a job may be claimed before it counts as failed.
ATTEMPTS: Final = 3
#: How many jobs of a kind run at once over all workers (SAFETY.md: two files are read at once, the rest wait;
#: one backup is made, proven or restored and one ledger narrowed at a time).
LIMITS: Final[Mapping[str, int]] = {
    "read": 2,
    "backup": 1,
    "prove": 1,
    "restore": 1,
    "export": 1,
    "narrow": 1,
}
#: A worker not seen for this long is gone.
GONE: Final = timedelta(seconds=30)
_CLAIM_LOCK: Final = 0x6D6F7071  # PostgreSQL: claims are counted and taken one after the other


class JobStatus(StrEnum):
    """Life of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobCancelledError(MopsauditError):
    """Somebody asked for the job to stop; the handler lets it pass through."""


class LeaseLostError(MopsauditError):
    """Another worker holds the job by now; what this one did must not be committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A job a worker holds."""

    id: int
    kind: str
    subject_id: int
    payload: Mapping[str, Any]
    attempts: int
    worker: str
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsuccessful:
    """How a job ended without success: *failed* or *cancelled*, and the sentence a person reads."""

    job_id: int
    subject_id: int
    status: JobStatus
    message: str
    now: datetime


#: What is done, in the same transaction, when a job of a kind ends without success.
Ending = Callable[[Session, Unsuccessful], None]


def enqueue(
    session: Session,
    *,
    kind: str,
    subject_id: int,
    now: datetime,
    created_by: str,
    payload: Mapping[str, Any] | None = None,
) -> Job:
    """Queue work on a record; it is seen by workers when the session's unit of work commits."""
    job = Job(
        kind=kind,
        subject_id=subject_id,
        payload=dict(payload or {}),
        status=JobStatus.QUEUED,
        created_at=now,
        created_by=created_by,
    )
    session.add(job)
    session.flush()
    return job


def job_of(session: Session, kind: str, subject_id: int) -> Job | None:
    """The newest job of a record, or None."""
    return session.scalars(
        select(Job).where(Job.kind == kind, Job.subject_id == subject_id).order_by(Job.id.desc()).limit(1)
    ).one_or_none()


def waiting_and_running(session: Session, kind: str | None = None) -> tuple[Job, ...]:
    """Jobs not ended yet, oldest first."""
    statement = select(Job).where(Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))).order_by(Job.id)
    return tuple(session.scalars(statement if kind is None else statement.where(Job.kind == kind)))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Job.status == JobStatus.QUEUED, and_(Job.status == JobStatus.RUNNING, Job.lease_until < now))


def anything_to_do(session: Session, *, now: datetime, kinds: Collection[str]) -> bool:
    """Whether a job of these kinds waits for a worker; a cheap read before the writing claim."""
    return session.scalar(select(Job.id).where(_free(now), Job.kind.in_(kinds)).limit(1)) is not None


def claim(session: Session, *, worker: str, now: datetime, kinds: Collection[str]) -> Claimed | None:
    """Take the oldest job that is free, under a lease; None when there is none or its kind is at its limit.

    A job whose worker died is free once its lease ran out. Exactly one of several workers gets a job.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})
    counts = session.execute(
        select(Job.kind, func.count())
        .where(Job.status == JobStatus.RUNNING, Job.lease_until >= now)
        .group_by(Job.kind)
        .order_by(Job.kind)
    )
    running = {kind: count for kind, count in counts}  # noqa: C416  # a Row is no tuple to the type checker
    allowed = [kind for kind in sorted(kinds) if running.get(kind, 0) < LIMITS.get(kind, 1_000_000)]
    oldest = (
        select(Job.id)
        .where(_free(now), Job.kind.in_(allowed))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(Job)
        .where(Job.id == oldest)
        .values(status=JobStatus.RUNNING, worker=worker, lease_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.subject_id, Job.payload, Job.attempts, Job.created_by)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    return Claimed(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        payload=row.payload,
        attempts=row.attempts,
        worker=worker,
        created_by=row.created_by,
    )


def _held(job: Claimed) -> ColumnElement[bool]:
    return and_(
        Job.id == job.id,
        Job.status == JobStatus.RUNNING,
        Job.worker == job.worker,
        Job.attempts == job.attempts,
    )


def _set(session: Session, job: Claimed, **values: Any) -> bool:
    done = session.execute(
        update(Job)
        .where(_held(job))
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return done.one_or_none() is not None


def renew_leases(session: Session, *, worker: str, ids: Collection[int], now: datetime) -> None:
    """Hold on to these jobs of a worker for another lease."""
    session.execute(
        update(Job)
        .where(Job.status == JobStatus.RUNNING, Job.worker == worker, Job.id.in_(sorted(ids)))
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def note_progress(session: Session, job: Claimed, *, done: int, total: int | None, now: datetime) -> bool:
    """Say how far a job is (``done`` of ``total``), which also renews the lease. False when no longer held."""
    return _set(session, job, progress_done=done, progress_total=total, lease_until=now + LEASE)


def cancel_asked(session: Session, job: Claimed) -> bool:
    """Whether the job should stop: somebody asked, or it is no longer held."""
    asked = session.scalar(select(Job.cancel_asked).where(_held(job)))
    return True if asked is None else asked


def finish(session: Session, job: Claimed, *, now: datetime, message: str | None = None) -> None:
    """Mark a job done in the transaction that holds its results.

    Raises:
        JobCancelledError: when somebody asked it to stop before this; whoever was told "cancelled" was told the truth.
        LeaseLostError: when another worker holds it. Either way the caller's transaction must be undone.
    """
    ended = session.execute(
        update(Job)
        .where(_held(job), Job.cancel_asked.is_(False))
        .values(status=JobStatus.DONE, finished_at=now, lease_until=None, message=message)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    if ended.one_or_none() is not None:
        return
    if session.scalar(select(Job.cancel_asked).where(_held(job))):
        raise JobCancelledError("Cancelled.")
    raise LeaseLostError("Another worker has taken this job over.")


def end_without_success(
    session: Session, job: Claimed, *, status: JobStatus, message: str, now: datetime, ending: Ending | None
) -> bool:
    """Mark a job failed or cancelled and do what its kind wants done then. False when it is no longer held."""
    if not _set(session, job, status=status, finished_at=now, lease_until=None, message=message[:400]):
        return False
    if ending is not None:
        ending(
            session,
            Unsuccessful(job_id=job.id, subject_id=job.subject_id, status=status, message=message, now=now),
        )
    return True


def give_back(session: Session, job: Claimed) -> bool:
    """Put a job back into the queue (the worker stops, or the database was away). False when no longer held."""
    return _set(session, job, status=JobStatus.QUEUED, worker=None, lease_until=None)


def ask_cancel(session: Session, job: Job, *, now: datetime, ending: Ending | None) -> JobStatus:
    """Ask for a job to stop. A queued one is cancelled at once; a running one when it next looks.

    Returns the status it has then; an ended job keeps its own.
    """
    message = "Cancelled."
    taken = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.status == JobStatus.QUEUED)
        .values(status=JobStatus.CANCELLED, cancel_asked=True, finished_at=now, message=message)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        session.execute(
            update(Job)
            .where(Job.id == job.id, Job.status == JobStatus.RUNNING)
            .values(cancel_asked=True)
            .execution_options(synchronize_session=False)
        )
    elif ending is not None:
        ending(
            session,
            Unsuccessful(
                job_id=job.id,
                subject_id=job.subject_id,
                status=JobStatus.CANCELLED,
                message=message,
                now=now,
            ),
        )
    session.refresh(job)
    return JobStatus(job.status)


def beat(session: Session, *, worker: str, now: datetime) -> None:
    """Note that a worker lives; forget those not seen for a day."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < now - timedelta(days=1)))
    row = session.scalars(select(WorkerBeat).where(WorkerBeat.worker == worker)).one_or_none()
    if row is None:
        session.add(WorkerBeat(worker=worker, seen_at=now))
    else:
        row.seen_at = now
    session.flush()


def leave(session: Session, *, worker: str) -> None:
    """A worker ends in order."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.worker == worker))


def worker_seen(session: Session, *, now: datetime) -> bool:
    """Whether a worker was seen lately; what ``/readyz`` asks."""
    return session.scalar(select(WorkerBeat.id).where(WorkerBeat.seen_at >= now - GONE).limit(1)) is not None
