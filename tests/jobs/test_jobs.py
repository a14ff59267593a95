"""The queue: committed with its record, claimed once, resumed after a death, cancelled, ended in one transaction."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mopsaudit import jobs
from mopsaudit.errors import InvalidError
from mopsaudit.jobs import JobRun, JobStatus, LeaseLostError, Unsuccessful
from mopsaudit.jobs.queue import Claimed, claim, finish, note_progress
from mopsaudit.jobs.worker import run_one
from mopsaudit.store.models import Job, Vendor
from mopsaudit.store.session import SYSTEM, reading, unit_of_work

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


@pytest.fixture(autouse=True)
def _no_endings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds of the application's own jobs do nothing here."""
    monkeypatch.delitem(jobs.endings, "read", raising=False)


@pytest.fixture
def endings(monkeypatch: pytest.MonkeyPatch) -> list[Unsuccessful]:
    """What was told about jobs that ended without success."""
    told: list[Unsuccessful] = []
    monkeypatch.setitem(jobs.endings, "read", lambda _session, ended: told.append(ended))
    return told


def queue(app: Flask, now: datetime, *, kind: str = "read", count: int = 1) -> list[int]:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        made = [
            jobs.enqueue(session, kind=kind, subject_id=number, now=now, created_by="person:7")
            for number in range(count)
        ]
        return [job.id for job in made]


def take(app: Flask, now: datetime, worker: str = "w") -> Claimed | None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        return claim(session, worker=worker, now=now, kinds=("read", "other"))


def states(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context(), reading() as session:
        return [(job.status, job.message) for job in session.scalars(select(Job).order_by(Job.id))]


@BOTH
def test_a_job_is_claimed_once_and_done(app: Flask, now: datetime, database: str) -> None:
    queue(app, now)
    seen: list[tuple[int, str, int | None]] = []

    def handler(run: JobRun) -> None:
        seen.append((run.subject_id, run.actor.label, run.actor.person_id))
        run.progress(1, 2)

    assert run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert not run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert seen == [(0, "person:7", 7)]
    assert states(app) == [("done", None)]


def test_a_job_that_is_not_committed_is_not_there(app: Flask, now: datetime) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), unit_of_work(SYSTEM, now=now) as session:
        jobs.enqueue(session, kind="read", subject_id=1, now=now, created_by="system")
        raise ZeroDivisionError
    assert states(app) == []


def test_results_and_end_are_one_transaction(app: Flask, now: datetime) -> None:
    queue(app, now)

    def handler(run: JobRun) -> None:
        with unit_of_work(run.actor, now=run.now()) as session:
            session.add(Vendor(name="Adobe"))
            run.finish(session)
            raise InvalidError("The sheet is empty.")

    assert run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert states(app) == [("failed", "The sheet is empty.")]
    with app.app_context(), reading() as session:
        assert session.scalars(select(Vendor)).all() == []


def test_a_job_ends_even_when_its_ending_fails(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    queue(app, now)

    def ending(session: Session, ended: Unsuccessful) -> None:
        session.add(Vendor(name="half"))
        session.flush()
        raise ZeroDivisionError

    def handler(run: JobRun) -> None:
        raise InvalidError("The sheet is empty.")

    monkeypatch.setitem(jobs.endings, "read", ending)
    assert run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert states(app) == [("failed", "The sheet is empty.")]
    with app.app_context(), reading() as session:
        assert session.scalars(select(Vendor)).all() == []
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_ends_the_job_with_a_reference(
    app: Flask, now: datetime, endings: list[Unsuccessful], caplog: pytest.LogCaptureFixture
) -> None:
    queue(app, now)

    def handler(run: JobRun) -> None:
        raise ZeroDivisionError("secret 42")

    run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    (status, message) = states(app)[0]
    assert status == "failed"
    assert message is not None
    assert "secret" not in message
    assert message.split()[-1].rstrip(".") in caplog.text
    assert [(each.status, each.message) for each in endings] == [(JobStatus.FAILED, message)]


def test_a_lost_database_puts_the_job_back_three_times(
    app: Flask, now: datetime, endings: list[Unsuccessful]
) -> None:
    queue(app, now)

    def handler(run: JobRun) -> None:
        raise OperationalError("x", None, Exception("disk I/O error"))

    for _ in range(3):
        assert run_one(app, {"read": handler}, worker="w", clock=lambda: now)
        assert states(app)[0][0] == "queued"
    run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert states(app)[0][0] == "failed"
    assert len(endings) == 1


@BOTH
def test_two_files_are_read_at_once_and_the_rest_wait(app: Flask, now: datetime, database: str) -> None:
    queue(app, now, count=4)
    queue(app, now, kind="other", count=1)
    taken = [take(app, now, f"w{number}") for number in range(4)]
    assert [each and each.kind for each in taken] == ["read", "read", "other", None]


@BOTH
def test_a_dead_worker_s_job_is_claimed_again_when_its_lease_ran_out(
    app: Flask, now: datetime, database: str
) -> None:
    queue(app, now)
    first = take(app, now, "dead")
    assert first is not None
    assert take(app, now + timedelta(seconds=29), "next") is None
    second = take(app, now + timedelta(seconds=31), "next")
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    with app.app_context(), pytest.raises(LeaseLostError), unit_of_work(SYSTEM, now=now) as session:
        session.add(Vendor(name="by the zombie"))
        finish(session, first, now=now)
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        assert not note_progress(session, first, done=1, total=2, now=now)
        assert session.scalars(select(Vendor)).all() == []
        finish(session, second, now=now)
    assert states(app) == [("done", None)]


@BOTH
def test_many_workers_claim_each_job_once(app: Flask, now: datetime, database: str) -> None:
    queue(app, now, kind="other", count=40)
    taken: list[int] = []

    def work(name: str) -> None:
        while (job := take(app, now, name)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Counter(taken) == Counter(dict.fromkeys(taken, 1))
    assert len(taken) == 40


def test_a_queued_job_is_cancelled_at_once(session: Session, now: datetime) -> None:
    told: list[Unsuccessful] = []
    job = jobs.enqueue(session, kind="read", subject_id=5, now=now, created_by="system")
    status = jobs.ask_cancel(session, job, now=now, ending=lambda _session, ended: told.append(ended))
    assert (status, told[0].subject_id) == (JobStatus.CANCELLED, 5)


def test_a_running_job_stops_when_asked(app: Flask, now: datetime, endings: list[Unsuccessful]) -> None:
    (number,) = queue(app, now)

    def handler(run: JobRun) -> None:
        with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
            job = session.get(Job, number)
            assert job is not None
            assert jobs.ask_cancel(session, job, now=now, ending=None) is JobStatus.RUNNING
        run.progress(1, 2)
        raise AssertionError("it went on")

    run_one(app, {"read": handler}, worker="w", clock=lambda: now)
    assert states(app) == [("cancelled", "Cancelled.")]
    assert [each.status for each in endings] == [JobStatus.CANCELLED]


def test_a_worker_works_until_it_is_stopped(app: Flask) -> None:
    now = datetime.now(UTC)
    queue(app, now, count=3)
    stop = threading.Event()
    done: list[int] = []
    seen: list[bool] = []

    def handler(run: JobRun) -> None:
        with app.app_context(), reading() as session:
            seen.append(jobs.worker_seen(session, now=datetime.now(UTC)))
        done.append(run.subject_id)
        if len(done) == 3:
            stop.set()

    worker = threading.Thread(target=jobs.run, args=(app, {"read": handler}, stop))
    worker.start()
    worker.join(30)
    assert not worker.is_alive()
    assert sorted(done) == [0, 1, 2]
    assert seen == [True, True, True]
    assert {status for status, _ in states(app)} == {"done"}
    with app.app_context(), reading() as session:
        assert not jobs.worker_seen(session, now=datetime.now(UTC))


KILLED = """
import sys, time, threading
from pathlib import Path
from mopsaudit import jobs
from wsgi import create_app
app = create_app({"MOPSAUDIT_DATA": Path(sys.argv[1])})
def handler(run):
    print("started", flush=True)
    time.sleep(60)
jobs.run(app, {"read": handler}, threading.Event())
"""


def test_a_killed_worker_s_job_is_done_by_the_next(app: Flask, now: datetime) -> None:
    queue(app, now)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(app.config["MOPSAUDIT_DATA"])], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        os.kill(process.pid, signal.SIGKILL)
    done: list[int] = []

    def handler(run: JobRun) -> None:
        done.append(run.job.attempts)

    later = datetime.now(UTC) + timedelta(seconds=40)
    deadline = time.monotonic() + 10
    while not done and time.monotonic() < deadline:
        run_one(app, {"read": handler}, worker="next", clock=lambda: later)
    assert done == [2]
    assert states(app) == [("done", None)]
