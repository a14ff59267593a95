"""Importers that are slow, or find the disk full: what a person may have to wait for or hear of."""

import errno
import time
from pathlib import Path

from importers.reader import read_file as read
from mopsaudit.intake.contract import Reading, ReadOptions, Sink


def slow(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Reads for a minute."""
    for second in range(600):
        sink.progress(second, 600)
        time.sleep(0.1)
    return read(path, file_name, options, sink)


def disk_full(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Finds no room for its rows."""
    raise OSError(errno.ENOSPC, "No space left on device")


def read_only(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Finds a disk that takes no writing."""
    raise OSError(errno.EROFS, "Read-only file system")
