"""The worker: a few threads that claim jobs and run their handlers, and a heart that renews leases meanwhile."""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mopsaudit.errors import MopsauditError, disk_error
from mopsaudit.jobs.queue import (
    ATTEMPTS,
    Claimed,
    Ending,
    JobCancelledError,
    JobStatus,
    LeaseLostError,
    Unsuccessful,
    anything_to_do,
    beat,
    cancel_asked,
    claim,
    end_without_success,
    finish,
    give_back,
    leave,
    note_progress,
    renew_leases,
)
from mopsaudit.jobs.stops import forget_stop, stop_asked
from mopsaudit.store.session import Actor, reading, unit_of_work

__all__ = ["Handler", "JobRun", "Unsuccessful", "endings", "handlers", "run", "run_one"]

_log = logging.getLogger(__name__)
#: Seconds between two looks at the queue, two heartbeats, two progress notes.
POLL: Final = 0.5
HEARTBEAT: Final = 8.0
PROGRESS: Final = 1.0

Clock = Callable[[], datetime]


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class JobRun:
    """What a handler gets: the job, its progress, its cancelling, and the way to end it with its results.

    A handler writes its results in one ``unit_of_work(run.actor, now=run.now())`` and calls :meth:`finish` in it, so
    that results and end are committed together; a killed worker leaves neither, and the next one starts afresh.
    """

    app: Flask
    job: Claimed
    now: Clock
    finished: bool = False
    _noted: float = field(default=0.0)
    _asked: float = field(default=0.0)

    @property
    def subject_id(self) -> int:
        """The id of the record the job serves."""
        return self.job.subject_id

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was said when the job was queued."""
        return self.job.payload

    @property
    def actor(self) -> Actor:
        """Who asked for the job."""
        label = self.job.created_by
        kind, _, number = label.partition(":")
        return Actor(label=label, person_id=int(number) if kind == "person" and number.isdigit() else None)

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is, and stop when asked to. Call it outside a unit of work; it writes once a second at most.

        Raises:
            JobCancelledError: when somebody asked the job to stop.
            LeaseLostError: when another worker holds it.
        """
        moment = time.monotonic()
        if moment - self._noted >= PROGRESS or (total is not None and done >= total):
            self._noted = moment
            with self.app.app_context(), unit_of_work(self.actor, now=self.now()) as session:
                if not note_progress(session, self.job, done=done, total=total, now=self.now()):
                    raise LeaseLostError("Another worker has taken this job over.")
        self.check_cancelled()

    def check_cancelled(self, *, last: bool = False) -> None:
        """Stop when asked to; looks twice a second at most, but for the ``last`` look before a commit.

        Raises:
            JobCancelledError: when somebody asked the job to stop.
        """
        moment = time.monotonic()
        if moment - self._asked < POLL and not last:
            return
        self._asked = moment
        if stop_asked(_folder(self.app), self.job.id):
            raise JobCancelledError("Cancelled.")
        with self.app.app_context(), reading() as session:
            if cancel_asked(session, self.job):
                raise JobCancelledError("Cancelled.")

    def finish(self, session: Session, message: str | None = None) -> None:
        """Mark the job done within the unit of work that holds its results.

        Raises:
            LeaseLostError: when another worker holds it; let it pass so that the unit of work is undone.
        """
        finish(session, self.job, now=self.now(), message=message)
        self.finished = True


def _folder(app: Flask) -> Path:
    return Path(app.config["MOPSAUDIT_DATA"])


#: Does one job, in an app context. What it raises ends the job: see :func:`run_one`.
Handler = Callable[[JobRun], None]

handlers: dict[str, Handler] = {}
endings: dict[str, Ending] = {}


def run_one(
    app: Flask,
    known: Mapping[str, Handler],
    *,
    worker: str,
    clock: Clock = _clock,
    held: set[int] | None = None,
) -> bool:
    """Claim one job and do it. False when there was none. ``held`` shows its id while it is worked on.

    A :class:`~mopsaudit.errors.MopsauditError` ends the job as failed with its sentence; a fault of the database puts
    it back (up to three attempts); any other fault is logged and ends it with a reference a person can quote.
    """
    with app.app_context():
        with reading() as session:
            if not anything_to_do(session, now=clock(), kinds=known.keys()):
                return False
        with unit_of_work(Actor(label="worker"), now=clock()) as session:
            job = claim(session, worker=worker, now=clock(), kinds=known.keys())
    if job is None:
        return False
    forget_stop(_folder(app), job.id)  # one that came before this claim stands in the queue too
    if held is not None:
        held.add(job.id)
    try:
        _do(app, known, job, clock)
    finally:
        forget_stop(_folder(app), job.id)
        if held is not None:
            held.discard(job.id)
    return True


def _do(app: Flask, known: Mapping[str, Handler], job: Claimed, clock: Clock) -> None:
    if job.attempts > ATTEMPTS:
        _end(
            app,
            job,
            JobStatus.FAILED,
            "The work stopped three times before it was done. Start it again.",
            clock,
        )
        return
    current = JobRun(app=app, job=job, now=clock)
    try:
        with app.app_context():
            known[job.kind](current)
            if not current.finished:
                with unit_of_work(current.actor, now=clock()) as session:
                    current.finish(session)
    except JobCancelledError as error:
        _end(app, job, JobStatus.CANCELLED, str(error), clock)
    except LeaseLostError:
        _log.warning("job %s was taken over by another worker", job.id)
    except MopsauditError as error:
        _end(app, job, JobStatus.FAILED, str(error), clock)
    except OperationalError:
        _log.exception("job %s lost the database", job.id)
        with app.app_context(), unit_of_work(Actor(label="worker"), now=clock()) as session:
            give_back(session, job)
    except Exception as error:  # noqa: BLE001  # whatever a handler does, the worker lives on and the job ends
        told = disk_error(error) if isinstance(error, OSError) else None
        reference = secrets.token_hex(4)
        _log.exception("job %s failed, reference %s", job.id, reference)
        sentence = f"Something went wrong on our side; nothing was changed. Reference {reference}."
        _end(app, job, JobStatus.FAILED, str(told) if told is not None else sentence, clock)


def _end(app: Flask, job: Claimed, status: JobStatus, message: str, clock: Clock) -> None:
    """End it with what its kind wants done then; when that fails in turn, end it all the same."""
    ending = endings.get(job.kind)
    try:
        _write_end(app, job, status, message, clock, ending)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001  # a job that cannot end would be claimed for ever
        _log.exception("what was to be done at the end of job %s failed", job.id)
        _write_end(app, job, status, message, clock, None)


def _write_end(
    app: Flask, job: Claimed, status: JobStatus, message: str, clock: Clock, ending: Ending | None
) -> None:
    with app.app_context(), unit_of_work(Actor(label="worker"), now=clock()) as session:
        end_without_success(session, job, status=status, message=message, now=clock(), ending=ending)


def run(
    app: Flask,
    known: Mapping[str, Handler],
    stop: threading.Event,
    *,
    threads: int = 2,
    clock: Clock = _clock,
) -> None:
    """Work until ``stop`` is set; jobs under way are finished first. Renews their leases while they run."""
    name = f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(3)}"[:80]
    heart_stop = threading.Event()
    held: set[int] = set()
    heart = threading.Thread(
        target=_beat, args=(app, name, heart_stop, held, clock), name="heart", daemon=True
    )
    _beat_once(app, name, held, clock)  # seen before the first job is claimed
    heart.start()
    hands = [
        threading.Thread(target=_work, args=(app, known, stop, name, held, clock), name=f"hand-{number}")
        for number in range(threads)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    heart_stop.set()
    heart.join()
    with app.app_context(), unit_of_work(Actor(label="worker"), now=clock()) as session:
        leave(session, worker=name)


def _work(
    app: Flask,
    known: Mapping[str, Handler],
    stop: threading.Event,
    name: str,
    held: set[int],
    clock: Clock,
) -> None:
    while not stop.is_set():
        try:
            busy = run_one(app, known, worker=name, clock=clock, held=held)
        except Exception:  # noqa: BLE001  # the database is away or full: try again, for as long as it takes
            _log.exception("the worker could not look at the queue")
            busy = False
            stop.wait(5.0)
        if not busy:
            stop.wait(POLL)


def _beat(app: Flask, name: str, stop: threading.Event, held: set[int], clock: Clock) -> None:
    while not stop.wait(HEARTBEAT):
        _beat_once(app, name, held, clock)


def _beat_once(app: Flask, name: str, held: set[int], clock: Clock) -> None:
    try:
        with app.app_context(), unit_of_work(Actor(label="worker"), now=clock()) as session:
            beat(session, worker=name, now=clock())
            renew_leases(session, worker=name, ids=tuple(held), now=clock())
    except Exception:  # noqa: BLE001  # the next beat tries again; until then the lease runs
        _log.exception("the worker's heart could not beat")
