"""A full or read-only disk, cancelling under way, a job asked to stop at its end: before or after, never between."""

import errno
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from mopsaudit.intake import run, spool, work
from mopsaudit.intake.apply import apply_import
from mopsaudit.intake.receive import APPLY_JOB, READ_JOB, enqueue
from mopsaudit.intake.summaries import difference
from mopsaudit.jobs import JobCancelledError, JobRun, JobStatus, ask_cancel, ask_stop, job_of
from mopsaudit.jobs.queue import claim, finish
from mopsaudit.jobs.worker import run_one
from mopsaudit.store.ledger import Import, Sighting, SpendLine
from mopsaudit.store.models import Job
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from tests.intake.files import NOW
from tests.intake.test_walk import CSV, READER, apply, put, status, work_off

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


def lines(app: Flask) -> tuple[int, int]:
    """How many lines and sightings the ledger holds; its kept sums are checked on the way."""
    with app.app_context(), reading() as session:
        assert not difference(session)
        count = session.scalar(select(func.count()).select_from(SpendLine)) or 0
        return count, session.scalar(select(func.count()).select_from(Sighting)) or 0


def message(app: Flask, kind: str, number: int) -> tuple[str, str | None]:
    with app.app_context(), reading() as session:
        job = job_of(session, kind, number)
        assert job is not None
        return job.status, job.message


def queue_apply(app: Flask, number: int) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        enqueue(session, APPLY_JOB, number, SYSTEM, NOW)


def stop(app: Flask, kind: str, number: int) -> None:
    """What the button of the page does."""
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        job = job_of(session, kind, number)
        assert job is not None
        ask_cancel(session, job, now=datetime.now(UTC), ending=work.ENDINGS.get(kind))


def until(holds: Callable[[], Any], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children() -> set[int]:
    path = Path(f"/proc/{os.getpid()}/task")
    return {int(pid) for task in path.iterdir() for pid in (task / "children").read_text().split()}


def test_a_file_being_read_can_be_cancelled(app: Flask, data: Path) -> None:
    number = put(app, data)
    app.config["MOPSAUDIT_READER"] = "tests.intake.slow_reader:slow"
    before = children()
    worker = threading.Thread(target=run_one, args=(app, work.HANDLERS), kwargs={"worker": "test"})
    worker.start()

    def progressed() -> bool:
        with app.app_context(), reading() as session:
            job = job_of(session, READ_JOB, number)
            return job is not None and job.progress_done > 0 and job.progress_total == 600

    until(progressed)
    assert status(app, number) == "reading"
    asked = time.monotonic()
    stop(app, READ_JOB, number)
    worker.join(30)
    assert time.monotonic() - asked < 10
    assert status(app, number) == "cancelled"
    assert message(app, READ_JOB, number) == ("cancelled", "Cancelled.")
    assert children() <= before
    assert list((data / spool.SPOOL).iterdir()) == []
    assert lines(app) == (0, 0)


def test_entering_can_be_stopped_before_its_commit(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(app, data)
    work_off(app)
    queue_apply(app, number)
    rows_of = run.rows_of

    def asked_meanwhile(*arguments: Any, **values: Any) -> spool.ReadFile:
        stop(app, APPLY_JOB, number)
        return rows_of(*arguments, **values)

    with monkeypatch.context() as patch:
        patch.setattr(run, "rows_of", asked_meanwhile)
        work_off(app)
    assert message(app, APPLY_JOB, number) == ("cancelled", "Cancelled.")
    assert status(app, number) == "ready"
    assert lines(app) == (0, 0)
    queue_apply(app, number)
    work_off(app)
    assert (status(app, number), lines(app)) == ("imported", (2, 2))


def test_entering_is_stopped_while_it_holds_the_write_transaction(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page leaves the wish beside the database, which has one writer: the job."""
    number = put(app, data)
    work_off(app)
    queue_apply(app, number)

    def asked_meanwhile(*arguments: Any, **values: Any) -> Any:
        entered = apply_import(*arguments, **values)
        with app.app_context(), reading() as session:
            job = job_of(session, APPLY_JOB, number)
            assert job is not None
            ask_stop(data, job.id)
        return entered

    with monkeypatch.context() as patch:
        patch.setattr(run, "apply_import", asked_meanwhile)
        work_off(app)
    assert message(app, APPLY_JOB, number) == ("cancelled", "Cancelled.")
    assert (status(app, number), lines(app)) == ("ready", (0, 0))
    queue_apply(app, number)
    work_off(app)
    assert (status(app, number), lines(app)) == ("imported", (2, 2))


@BOTH
def test_a_job_asked_to_stop_is_not_done(app: Flask, now: datetime, database: str) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        session.add(
            Job(kind="other", subject_id=1, payload={}, status="queued", created_at=now, created_by="x")
        )
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        job = claim(session, worker="w", now=now, kinds=("other",))
    assert job is not None
    stop(app, "other", 1)
    with app.app_context(), pytest.raises(JobCancelledError), unit_of_work(SYSTEM, now=now) as session:
        finish(session, job, now=now)
    assert message(app, "other", 1)[0] == JobStatus.RUNNING


@pytest.mark.parametrize(
    "reader, said", [("disk_full", "The disk is full"), ("read_only", "The disk is read-only")]
)
def test_a_reader_without_room_says_so(app: Flask, data: Path, reader: str, said: str) -> None:
    number = put(app, data)
    app.config["MOPSAUDIT_READER"] = f"tests.intake.slow_reader:{reader}"
    work_off(app)
    assert status(app, number) == "failed"
    state, sentence = message(app, READ_JOB, number)
    assert state == "failed"
    assert sentence is not None
    assert sentence.startswith(said)
    with app.app_context(), reading() as session:
        assert session.get_one(Import, number).reason == sentence
    assert list((data / spool.SPOOL).iterdir()) == []
    app.config["MOPSAUDIT_READER"] = READER
    again = put(app, data, CSV + "\n")
    work_off(app)
    assert status(app, again) == "ready"


def test_a_kept_reading_without_room_leaves_no_half(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(app, data)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("mopsaudit.intake.spool.pickle.dump", full)
        work_off(app)
    assert status(app, number) == "failed"
    assert (message(app, READ_JOB, number)[1] or "").startswith("The disk is full")
    assert list((data / spool.SPOOL).iterdir()) == []


def test_a_full_database_takes_nothing_and_works_again_after(app: Flask, data: Path) -> None:
    content = CSV + "".join(f"2026-03-07,SUPPLIER {n},{'x' * 200},N{n},1.00,9\n" for n in range(2_000))
    number = put(app, data, content)
    work_off(app)

    def no_room(connection: Any, _record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    with app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", no_room)
        try:
            with pytest.raises(OperationalError, match="full"):
                run.apply_read(number, reader=READER, folder=data, actor=SYSTEM, now=NOW)
        finally:
            event.remove(db.engine, "connect", no_room)
            db.engine.dispose()
    assert (status(app, number), lines(app)) == ("ready", (0, 0))
    assert apply(app, data, number)["status"] == "imported"
    assert lines(app) == (2_002, 2_002)


def test_a_job_without_room_ends_with_a_sentence(app: Flask, data: Path) -> None:
    number = put(app, data)

    def full(_run: JobRun) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert run_one(app, {READ_JOB: full}, worker="test")
    assert message(app, READ_JOB, number) == (
        "failed",
        "The disk is full; nothing was changed. Free some space and do it again.",
    )
