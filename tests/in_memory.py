"""The temporary folders of a test run in memory, where there is room: tests of pages and imports wait for the disk.

Each test's folder goes with the test, those of passed ones at once (``tmp_path_retention_policy``), so that a run needs
some fifty megabytes at a time. ``--basetemp`` names another place; a machine without a large shared memory uses the
system's temporary folder as ever.
"""

import os
import shutil
from pathlib import Path
from typing import Final

import pytest

_MEMORY: Final = Path("/dev/shm")  # a folder of this run alone is made in it
_ROOM: Final = 6 * 1024**3
_MADE = pytest.StashKey[Path]()


def _room() -> bool:
    """Whether shared memory is there, is ours to write, and neither it nor the machine is short of memory."""
    try:
        found = os.statvfs(_MEMORY)
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return False
    available = next(int(line.split()[1]) for line in told.splitlines() if line.startswith("MemAvailable"))
    writable = os.access(_MEMORY, os.W_OK | os.X_OK)
    return writable and found.f_bavail * found.f_frsize >= _ROOM and available * 1024 >= 2 * _ROOM


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the place, in the process that shares the tests out; the others are told theirs."""
    if not hasattr(config, "workerinput") and config.option.basetemp is None and _room():
        made = _MEMORY / f"mopsaudit-tests-{os.getpid()}"
        config.option.basetemp = config.stash[_MADE] = made


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    made = config.stash.get(_MADE, None)
    if made is not None:
        shutil.rmtree(made, ignore_errors=True)
