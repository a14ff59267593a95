"""A large workbook taken apart before the application is loaded is read to the same lines, or not at all."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers import reader
from importers.grid import Grid
from mopsaudit.intake import head_start
from mopsaudit.intake.child import run_importer
from mopsaudit.intake.contract import Kind, ReadOptions, Sink
from mopsaudit.problems import RefusedError
from tests.bench.ledgers import write_ledger
from tests.importers.builders import Collected

READER = "importers.reader:read_file"
OPTIONS = ReadOptions(kind=Kind.SPEND, base_currency="GBP", tax="net")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(head_start, "FROM_BYTES", 1)
    yield
    head_start.discard()


def _begin(path: Path) -> head_start.HeadStart:
    head_start.begin(["import", "spend", "--json", str(path)], READER)
    (held,) = head_start._waiting
    return held


def _read(path: Path) -> tuple[object, list[object]]:
    reading, batches = run_importer(READER, path, path.name, OPTIONS)
    return reading, [row for _, batch in batches for row in batch]


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_lines_are_those_of_any_reading(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 300)
    usual = _read(path)
    held = _begin(path)
    assert _read(path) == usual
    assert len(usual[1]) == 300
    assert held.process.returncode == 0  # it was this process that read
    assert not held.spool.exists()
    assert not head_start._waiting


def test_a_file_changed_meanwhile_is_read_as_it_is_now(tmp_path: Path) -> None:
    path, later = tmp_path / "ledger.xlsx", tmp_path / "later.xlsx"
    write_ledger(path, 300)
    write_ledger(later, 200, seed=2)
    expected = _read(later)[1]
    _begin(path)
    time.sleep(1.5)  # it has taken the first one apart
    later.replace(path)
    assert _read(path)[1] == expected


def test_a_file_that_cannot_be_read_is_refused_as_any(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(500))
    with pytest.raises(RefusedError) as usual:
        _read(path)
    _begin(path)
    with pytest.raises(RefusedError) as early:
        _read(path)
    assert (early.value.sentence, early.value.code) == (usual.value.sentence, usual.value.code)


def test_what_nobody_takes_ends_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 300)
    held = _begin(path)
    head_start.discard()
    assert _gone(held.process.pid)
    assert not held.spool.exists()


def test_a_process_whose_parent_is_gone_ends_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 300)
    held = _begin(path)
    assert held.process.stdin is not None
    held.process.stdin.close()  # as when the parent is killed
    assert held.process.wait(timeout=30) == 0
    assert not held.spool.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["report", "spend", "ledger.xlsx"],
        ["import", "spend"],
        ["import", "spend", "missing.xlsx"],
        ["import", "spend", "ledger.csv"],
        ["import", "spend", "bad\0name.xlsx"],
        ["import", "spend", "--help", "ledger.xlsx"],
    ],
)
def test_other_commands_start_nothing(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_ledger(tmp_path / "ledger.xlsx", 3)
    (tmp_path / "ledger.csv").write_text("a,b\n")
    head_start.begin(arguments, READER)
    assert not head_start._waiting


def test_a_small_workbook_needs_no_head_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 3)
    monkeypatch.setattr(head_start, "FROM_BYTES", path.stat().st_size + 1)
    head_start.begin(["import", "spend", str(path)], READER)
    assert not head_start._waiting


def test_what_was_taken_apart_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 30)
    usual = Collected()
    reading = reader.read_file(path, path.name, OPTIONS, usual)
    held = reader.read_ahead(path, path.name)
    opened: list[Path] = []
    open_grids = reader.open_grids

    def opening(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Iterator[Grid]:
        opened.append(path)
        return open_grids(path, file_name, options, sink)

    monkeypatch.setattr(reader, "open_grids", opening)
    early, again = Collected(), Collected()
    assert held(path, path.name, OPTIONS, early) == reading
    assert early.batches == usual.batches
    assert not opened
    assert held(path, path.name, OPTIONS, again) == reading  # once is all it is good for
    assert again.batches == usual.batches
    assert opened == [path]
