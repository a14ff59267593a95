"""A disk that is really full: one sentence, nothing half written, and the same file enters once there is room."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four MiB of its own; only root may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)) == 0
    if not made:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _mount(*arguments: str) -> int:
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    return done.returncode


def command(disk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the product on the data folder on that disk."""
    environment = {**os.environ, "MOPSAUDIT_DATA": str(disk / "data"), "PYTHONPATH": str(ROOT)}
    environment.pop("MOPSAUDIT_DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "wsgi", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_really_full_disk_takes_nothing_and_works_again_after(disk: Path, tmp_path: Path) -> None:
    lines = tmp_path / "ledger.csv"
    text = "".join(
        f"2026-03-{n % 28 + 1:02},SUPPLIER {n % 90},{'x' * 200},INV-{n},1.25\n" for n in range(9_000)
    )
    lines.write_text("Date,Supplier,Description,Invoice number,Net amount\n" + text, encoding="utf-8")
    assert command(disk, "db", "upgrade").returncode == 0
    before = {path for path in disk.rglob("*") if path.is_file()}
    failed = command(disk, "import", "spend", str(lines), "--json", "--tax", "net", "--currency", "USD")
    assert failed.returncode != 0
    said = failed.stderr.strip().splitlines()[-1]
    assert "disk is full" in said
    assert "nothing was changed" in said
    assert "Traceback" not in failed.stderr
    assert "Traceback" not in failed.stdout
    left = {path for path in disk.rglob("*") if path.is_file()} - before
    assert not [path for path in left if not path.name.endswith(("-wal", "-shm"))]
    assert _mount("-o", "remount,size=96m", str(disk)) == 0
    listed = command(disk, "imports", "list", "--json")
    assert json.loads(listed.stdout)["imports"] == []
    done = command(disk, "import", "spend", str(lines), "--json", "--tax", "net", "--currency", "USD")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"] == [{"currency": "USD", "imported": "11250.00"}]
    assert command(disk, "db", "check").returncode == 0
