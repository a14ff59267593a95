"""The limited child process: what it returns, and every way it ends early."""

import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importers.reader import read_file
from mopsaudit.intake.child import ImporterFailedError, ReadingCancelledError, run_importer, scaled
from mopsaudit.intake.contract import Kind, Limits, Reading, ReadOptions, Sink
from mopsaudit.problems import RefusedError
from tests.importers.builders import Collected, package, read, workbook

if TYPE_CHECKING:
    from flask.testing import FlaskClient

HERE = "tests.importers.test_child"
OPTIONS = ReadOptions(kind=Kind.SPEND, base_currency="GBP")
HEAD = ["Invoice date", "Supplier", "Amount"]


def spend_file(tmp_path: Path, count: int = 3) -> Path:
    rows = [[datetime(2026, 1, 1 + n % 28), f"Supplier {n % 7}", n + 0.25] for n in range(count)]  # noqa: DTZ001
    return workbook(tmp_path / "a.xlsx", [HEAD, *rows])


# --- importers for the child to run; each is imported by dotted name in a fresh interpreter


def runs_forever(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Uses processor time without end."""
    number = 0
    while True:
        number += 1


def sleeps(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Waits without end."""
    time.sleep(600)
    raise AssertionError


def eats_memory(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Wants more memory than there is."""
    return [bytearray(64 * 1024 * 1024) for _ in range(10_000)]  # type: ignore[return-value]


def fails(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Has a fault of its own."""
    raise ZeroDivisionError("ours")


def aborts(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Ends as a native reader does on a file it cannot bear."""
    os.abort()


def connects(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Tries to reach the network."""
    import socket

    socket.create_connection(("127.0.0.1", 9))
    raise AssertionError


def tells_secrets(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Refuses with what it sees of the environment and of loaded modules."""
    raise RefusedError(f"{os.environ.get('MOPSAUDIT_SECRET')} {sys.modules.get('numpy')}")


def test_the_child_reads_what_the_parent_would(tmp_path: Path) -> None:
    path = spend_file(tmp_path, 4500)
    told: list[tuple[int, int | None]] = []
    spool = tmp_path / "spool"
    spool.mkdir()
    reading, batches = run_importer(
        "importers.reader:read_file",
        path,
        path.name,
        OPTIONS,
        folder=spool,
        on_progress=lambda done, total: told.append((done, total)),
    )
    found = list(batches)
    expected = Collected()

    assert reading == read_file(path, path.name, OPTIONS, expected)
    assert [(sheet, list(batch)) for sheet, batch in found] == expected.batches
    assert len(found) == 3
    assert told
    assert not list(spool.iterdir())


def test_records_travel_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Tool", "Vendor", "Seats"], ["CRM", "ACME", 5]])
    _, batches = run_importer("importers.reader:read_file", path, path.name, ReadOptions(kind=Kind.INVENTORY))
    assert [row for _, batch in batches for row in batch] == read(path, Kind.INVENTORY)[1]


def test_a_refusal_keeps_its_sentence_and_code(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(RefusedError, match="PDF") as caught:
        run_importer("importers.reader:read_file", path, path.name, OPTIONS)
    assert caught.value.code == "file.not_a_workbook"


@pytest.mark.parametrize(
    "importer, limits",
    [
        ("runs_forever", Limits(cpu_seconds=1, wall_seconds=30)),
        ("sleeps", Limits(wall_seconds=1)),
        ("eats_memory", Limits(memory=512 * 1024 * 1024)),
        ("aborts", Limits()),
    ],
)
def test_a_file_that_runs_into_a_limit_is_refused(tmp_path: Path, importer: str, limits: Limits) -> None:
    path = spend_file(tmp_path)
    started = time.monotonic()
    with pytest.raises(RefusedError) as caught:
        run_importer(f"{HERE}:{importer}", path, path.name, OPTIONS, limits=limits, folder=tmp_path)
    assert caught.value.code == "file.took_too_long"
    assert time.monotonic() - started < 20
    assert not list(tmp_path.glob("reading-*"))


def test_a_fault_of_ours_is_told_apart(tmp_path: Path) -> None:
    path = spend_file(tmp_path)
    with pytest.raises(ImporterFailedError, match="ZeroDivisionError"):
        run_importer(f"{HERE}:fails", path, path.name, OPTIONS)


def test_no_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spend_file(tmp_path)
    with pytest.raises(ImporterFailedError, match="may not use socket"):
        run_importer(f"{HERE}:connects", path, path.name, OPTIONS)
    monkeypatch.setenv("MOPSAUDIT_SECRET", "hidden")
    with pytest.raises(RefusedError, match="None None"):
        run_importer(f"{HERE}:tells_secrets", path, path.name, OPTIONS)


def test_cancel_ends_the_child(tmp_path: Path) -> None:
    path = spend_file(tmp_path)
    started = time.monotonic()
    with pytest.raises(ReadingCancelledError):
        run_importer(
            f"{HERE}:sleeps",
            path,
            path.name,
            OPTIONS,
            folder=tmp_path,
            cancelled=lambda: time.monotonic() > started + 0.5,
        )
    assert time.monotonic() - started < 10
    assert not list(tmp_path.glob("reading-*"))


def test_limits_grow_with_the_file() -> None:
    limits = replace(Limits(), scale_from=100)
    assert scaled(60, 50, limits) == 60
    assert scaled(60, 200, limits) == 120


def weighs_a_refusal(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Refuses with the code, the processor seconds and the KiB of growth the product's own refusal took."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    try:
        return read_file(path, file_name, options, sink)
    except RefusedError as refused:
        after = resource.getrusage(resource.RUSAGE_SELF)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        raise RefusedError(f"{refused.code} {seconds} {after.ru_maxrss - before.ru_maxrss}") from refused


@pytest.mark.parametrize(
    "parts",
    [
        lambda: {"xl/media/zeros.bin": b"\0" * (101 * 1024 * 1024)},
        lambda: {f"xl/media/{n}.bin": b"\0" * (90 * 1024 * 1024) for n in range(3)},
        lambda: {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 5_000_000},
    ],
    ids=["one part", "all parts", "strings"],
)
def test_a_bomb_is_refused_within_two_seconds_and_64_mib(
    tmp_path: Path, parts: Callable[[], dict[str, bytes]]
) -> None:
    path = package(tmp_path / "bomb.xlsx", parts())
    with pytest.raises(RefusedError) as caught:
        run_importer(f"{HERE}:weighs_a_refusal", path, path.name, OPTIONS)
    code, seconds, growth = str(caught.value.sentence).split()
    assert code == "file.too_large"
    assert float(seconds) < 2
    assert int(growth) < 64 * 1024


def test_the_server_answers_while_files_are_read(tmp_path: Path, client: "FlaskClient") -> None:
    path = spend_file(tmp_path)

    def read() -> None:
        with pytest.raises(RefusedError):
            run_importer(f"{HERE}:runs_forever", path, path.name, OPTIONS, limits=Limits(cpu_seconds=1))

    with ThreadPoolExecutor(2) as readers:
        reads = [readers.submit(read) for _ in range(2)]
        slowest, asked = 0.0, 0
        while not all(each.done() for each in reads):
            started = time.monotonic()
            assert client.get("/healthz").status_code == 200
            slowest, asked = max(slowest, time.monotonic() - started), asked + 1
            time.sleep(0.05)
        for each in reads:
            each.result()
    assert asked > 5
    assert slowest < 1
