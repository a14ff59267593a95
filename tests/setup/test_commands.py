"""The make targets people and schedulers rely on."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("run", "demo", "test", "soak", "bench", "setup", "lint", "screenshots", "help")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def _make(
    *arguments: str, folder: Path = ROOT, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    # Not the variables of the make that may be running these tests
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PORT"))
    }
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        env=inherited if environment is None else environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and what its targets depend on, but nothing installed."""
    for name in ("Makefile", "pyproject.toml", *(path.name for path in ROOT.glob("requirements*.txt"))):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _tools(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def test_help_says_what_each_target_does() -> None:
    shown = _make().stdout.splitlines()
    described = {words[1]: words[2:] for words in (line.split() for line in shown)}
    assert set(TARGETS) <= set(described)
    assert all(described.values())


def test_a_fresh_checkout_sets_up_before_it_runs(checkout: Path) -> None:
    plan = _make("--dry-run", "run", "PORT=9123", folder=checkout).stdout
    steps = (
        "-m venv",
        "-r requirements-build.txt",
        "-r requirements.txt",
        "-e .",
        "mopsaudit serve --port 9123",
    )
    places = [plan.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    assert "--require-hashes" in plan


def test_a_second_run_installs_nothing(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".made-in").write_text(f"{checkout}\n", encoding="utf-8")
    (checkout / ".venv" / ".runtime").touch()
    plan = _make("--dry-run", "run", folder=checkout).stdout
    assert "pip" not in plan
    assert "mopsaudit serve --port 8000" in plan


def test_a_changed_lock_and_a_moved_checkout_install_again(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".made-in").write_text(f"{checkout}\n", encoding="utf-8")
    (checkout / ".venv" / ".runtime").touch()
    os.utime(checkout / "requirements.txt", (2e9, 2e9))
    assert "-r requirements.txt" in _make("--dry-run", "setup", folder=checkout).stdout
    os.utime(checkout / "requirements.txt", (1e9, 1e9))
    assert "pip" not in _make("--dry-run", "setup", folder=checkout).stdout
    (checkout / ".venv" / ".made-in").write_text("/somewhere/else\n", encoding="utf-8")
    assert "venv --clear" in _make("--dry-run", "setup", folder=checkout).stdout


@pytest.mark.parametrize("python", [None, "#!/bin/sh\nexit 1\n"], ids=["none", "too old or without venv"])
def test_without_a_good_python_one_sentence_says_so(checkout: Path, python: str | None) -> None:
    tools = _tools(checkout / "tools", "make", "sh", "cat", "sed")
    if python is not None:
        (tools / "python3").write_text(python, encoding="utf-8")
        (tools / "python3").chmod(0o755)
    done = _make("run", folder=checkout, environment={"PATH": str(tools)})
    assert done.returncode == 2
    assert "Python 3.11 or newer with venv is needed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()


def test_the_landing_check_runs_tests_and_lint() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    lines = script.read_text(encoding="utf-8").splitlines()
    assert {"set -euo pipefail", "make test", "make lint"} <= set(lines)
