"""``python -m tests.intake.dying_worker DATA``: for each line read, forks a worker that reads and enters what waits.

The line says how many seconds the worker's clock runs ahead, and after how many it is killed (``-`` never). How it
ended is written back. Forking spares each worker the start of Python.
"""

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from mopsaudit.intake import work
from mopsaudit.intake.matching import prepare
from mopsaudit.intake.receive import APPLY_JOB, enqueue
from mopsaudit.jobs.worker import run_one
from mopsaudit.store.ledger import Import, ImportStatus
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from wsgi import create_app


def ready(app: Flask) -> list[int]:
    """The imports a person would now press the button for."""
    with app.app_context(), reading() as session:
        found = session.query(Import.id).where(Import.status == ImportStatus.READY).order_by(Import.id)
        return [number for (number,) in found]


def work_off(app: Flask, ahead: timedelta) -> None:
    """Read what waits to be read, enter what is ready."""

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    for _ in range(2):
        while run_one(app, work.HANDLERS, worker=f"w{os.getpid()}", clock=clock):
            pass
        for number in ready(app):
            with app.app_context(), unit_of_work(SYSTEM, now=clock()) as session:
                enqueue(session, APPLY_JOB, number, SYSTEM, clock())


def ended(pid: int, deadline: float | None) -> int:
    """How a worker ended; it is killed at its deadline."""
    if deadline is None:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so the number is still its own
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        time.sleep(0.001)


def say(text: str) -> None:
    """Answer whoever wrote the line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(folder: str) -> None:
    """Fork until the input ends."""
    app = create_app({"MOPSAUDIT_DATA": Path(folder)})
    prepare()
    with app.app_context():
        db.engine.dispose()
    say("ready")
    for line in sys.stdin:
        ahead, limit = line.split()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                work_off(app, timedelta(seconds=float(ahead)))
                status = 0
            finally:
                os._exit(status)
        say(str(ended(pid, None if limit == "-" else time.monotonic() + float(limit))))


if __name__ == "__main__":
    main(sys.argv[1])
