"""``kill -9`` at any moment of an import: never partial, never stuck, never doubled, and the retry succeeds."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from mopsaudit import checks
from mopsaudit.intake.summaries import difference
from mopsaudit.store.ledger import Import, Sighting, SpendLine
from mopsaudit.store.session import db, keyring, reading
from tests.intake.test_walk import put

#: Lines of a file, and how far ahead of ours the clock of a worker is that finds a lease run out.
LINES: Final = 1_500
LATER: Final = 60.0


class Workers:
    """Workers forked from one process that has everything imported."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.intake.dying_worker", str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "ready"
        self.ahead = 0.0

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def run(self, seconds: float | None = None) -> bool:
        """Let a worker run, for so long at most; whether it was killed. The next one's clock is past its lease."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.ahead} {'-' if seconds is None else seconds}\n")
        self.process.stdin.flush()
        killed = int(self._said()) == -signal.SIGKILL
        self.ahead += LATER if killed else 0
        return killed

    def close(self) -> None:
        """End the process they come from."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def workers(app: Flask, data: Path) -> Iterator[Workers]:
    found = Workers(data)
    yield found
    found.close()


def ledger_of(number: int) -> str:
    """A file that shares no line with any other but its first, which all have."""
    return (
        "Date,Supplier,Description,Invoice number,Amount\n2026-03-05,ACME LTD,shared,S-1,10.00\n"
        + "".join(
            f"2026-03-{1 + line % 28:02},SUPPLIER {line % 40},thing,{number}-{line},{line % 97}.25\n"
            for line in range(1, LINES)
        )
    )


def entered(app: Flask, number: int) -> tuple[str, int]:
    """An import's status and sightings; on the way, that nothing anywhere is half-written."""
    with app.app_context(), reading() as session:
        record = session.get_one(Import, number)
        assert not difference(session)
        kept = (
            session.scalar(select(func.count()).select_from(Sighting).where(Sighting.import_id == number))
            or 0
        )
        lonely = (
            select(func.count()).select_from(SpendLine).where(~SpendLine.id.in_(select(Sighting.line_id)))
        )
        assert session.scalar(lonely) == 0
        if record.status == "imported":
            assert record.lines_written == kept
        return record.status, kept


def kill_imports(app: Flask, data: Path, workers: Workers, *, seed: int, kills: int = 20) -> set[str]:
    """The statuses imports were in when their worker was killed."""
    seeded = random.Random(seed)
    first = put(app, data, ledger_of(0))
    begun = time.monotonic()
    assert not workers.run()
    whole = time.monotonic() - begun
    assert entered(app, first) == ("imported", LINES)
    seen: set[str] = set()
    done = 1
    for kill in range(kills):
        number = put(app, data, ledger_of(done))
        if workers.run(seeded.random() * whole):
            status, kept = entered(app, number)
            seen.add(status)
            assert status in {"queued", "reading", "ready", "imported"}, kill
            assert kept == (LINES if status == "imported" else 0), kill
            workers.run()
        done += 1
        assert entered(app, number) == ("imported", LINES), kill
        with app.app_context(), reading() as session:
            # Each file brought its own lines and saw the one they share: nothing is doubled.
            assert session.scalar(select(func.count()).select_from(SpendLine)) == done * (LINES - 1) + 1
    with app.app_context(), reading() as session:
        report = checks.check_all(session, folder=data, keyring=keyring())
        assert report.holds, report
    with app.app_context():
        db.engine.dispose()
    return seen


@pytest.mark.parametrize(
    "seed",
    [20260930, *(pytest.param(seed, marks=(pytest.mark.soak, pytest.mark.alone)) for seed in range(1, 10))],
)
def test_a_killed_import_is_before_or_after(app: Flask, data: Path, workers: Workers, seed: int) -> None:
    """Twenty instants each; with the soak two hundred."""
    assert kill_imports(app, data, workers, seed=seed)
