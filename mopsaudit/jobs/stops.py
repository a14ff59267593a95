"""Asking a running job to stop past the database: SQLite has one writer, and that may be the job itself.

A person who presses Stop while a job holds the one write transaction could not be heard before its commit. So the wish
is left as an empty file named by the job's number in the data folder, which every worker of such a database shares; the
job looks there whenever it looks into the queue. The queue keeps the wish too, and alone decides how the job ends.
"""

from pathlib import Path
from typing import Final

_FOLDER: Final = "stops"


def _path(folder: Path, job_id: int) -> Path:
    return folder / _FOLDER / str(job_id)


def ask_stop(folder: Path, job_id: int) -> None:
    """Leave the wish that a job stops; asking twice is asking once."""
    path = _path(folder, job_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def stop_asked(folder: Path, job_id: int) -> bool:
    """Whether somebody left the wish that a job stops."""
    return _path(folder, job_id).exists()


def forget_stop(folder: Path, job_id: int) -> None:
    """Take the wish away: the job begins anew or has ended; its number may come again in a restored database."""
    _path(folder, job_id).unlink(missing_ok=True)
