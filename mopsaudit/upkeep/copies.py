"""Kept backups: files in the folder ``backups`` of the data folder, each with a note of what is known of it beside it.

The note is a file and no row, because a restore replaces the rows. A backup put into the folder by hand is listed too.
"""

import json
import re
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from mopsaudit.backup import (
    BackupError,
    Progress,
    fits_running,
    free_name,
    kept_backups,
    passing_copy,
    read_manifest,
    write_backup,
)
from mopsaudit.checks import check_all
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.store.keys import Keyring, write_private
from mopsaudit.store.session import db

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.zip")
#: Seconds a half-written file may lie there before it counts as left behind by a killed process.
_LEFT_BEHIND: Final = 24 * 3600
#: How many differences of a check are kept.
_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A kept backup. ``at`` is the moment (aware UTC) it shows, None where the file is no backup of ours (``fault``).

    ``whole`` is what ``db check`` said of it when it was brought to life beside the data: None where nobody asked yet;
    ``differences`` are the first sentences of what it found. ``fits`` says that the running application can go on with
    it; one of another installation is restored by the command, with the application stopped.
    """

    name: str
    size: int
    at: datetime | None
    rows: int
    files: int
    whole: bool | None
    checked_at: datetime | None
    differences: tuple[str, ...]
    fits: bool
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    whole: bool
    checked_at: str
    differences: tuple[str, ...]
    size: int


def list_copies(folder: Path) -> tuple[Copy, ...]:
    """Every kept backup, the newest moment first; those that are none last."""
    found = [
        _copy(path, folder) for path in sorted(kept_backups(folder).iterdir()) if _NAME.fullmatch(path.name)
    ]
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda each: (each.at or oldest, each.name), reverse=True))


def find_copy(folder: Path, name: str) -> Copy:
    """A kept backup by its name.

    Raises:
        NotFoundError: when there is none; a name that leads elsewhere is none.
    """
    return _copy(copy_path(folder, name), folder)


def copy_path(folder: Path, name: str) -> Path:
    """Where a kept backup lies.

    Raises:
        NotFoundError: as :func:`find_copy`.
    """
    path = kept_backups(folder) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError("There is no such backup.")
    return path


def _copy(path: Path, folder: Path) -> Copy:
    size = path.stat().st_size
    note = _noted(path, size)
    try:
        told, fits, fault = read_manifest(path), fits_running(path, folder), None
    except BackupError as error:
        told, fits, fault = None, False, str(error).replace(str(path), "The file")
    return Copy(
        name=path.name,
        size=size,
        at=told.at if told else None,
        rows=told.rows if told else 0,
        files=told.files if told else 0,
        whole=note.whole if note else None,
        checked_at=datetime.fromisoformat(note.checked_at) if note else None,
        differences=note.differences if note else (),
        fits=fits,
        fault=fault,
    )


def _note_path(path: Path) -> Path:
    return path.with_suffix(".json")


def _noted(path: Path, size: int) -> _Note | None:
    """The note beside a backup; one of other bytes (a file put in its place) says nothing."""
    try:
        found = json.loads(_note_path(path).read_text(encoding="utf-8"))
        note = _Note(**{**found, "differences": tuple(found["differences"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return note if note.size == size else None


def make_copy(folder: Path, *, now: datetime, progress: Progress | None = None) -> Copy:
    """Back everything up into the folder of kept backups, as of one committed moment; safe while serving.

    Raises:
        BackupError: when the disk does not take it.
    """
    tidy_copies(folder, now=now)
    path = free_name(folder, "mopsaudit", now)
    try:
        write_backup(db.engine, folder, path, now=now, progress=progress)
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error.strerror or error}.") from error
    return _copy(path, folder)


def prove_copy(folder: Path, name: str, *, now: datetime, alive: Callable[[], None] | None = None) -> Copy:
    """Bring a kept backup to life beside the data, run ``db check`` on it, and note the result.

    ``alive`` is called between the two steps and may stop it by raising.

    Raises:
        NotFoundError: when there is no such backup.
    """
    path = copy_path(folder, name)
    try:
        with passing_copy(path, folder) as (engine, place), Session(engine) as session:
            if alive is not None:
                alive()
            report = check_all(session, folder=place, keyring=Keyring(place / "keys"))
        differences = tuple(each for check in report.checks for each in check.differences)
    except BackupError as error:
        differences = (str(error).replace(str(path), "The file"),)
    note = _Note(
        whole=not differences,
        checked_at=now.astimezone(UTC).isoformat(),
        differences=differences[:_MOST],
        size=path.stat().st_size,
    )
    write_private(_note_path(path), json.dumps(asdict(note), indent=1))
    return _copy(path, folder)


def receive_copy(folder: Path, stream: BinaryIO, *, now: datetime) -> Copy:
    """Keep a backup somebody uploads, whole or not at all.

    Raises:
        InvalidError: when it is no backup of ours, of a newer version, or the disk does not take it.
    """
    temporary = kept_backups(folder) / f".received-{secrets.token_hex(8)}"
    try:
        with temporary.open("xb") as file:
            temporary.chmod(0o600)
            shutil.copyfileobj(stream, file)
        try:
            read_manifest(temporary)
        except BackupError as error:
            raise InvalidError(str(error).replace(str(temporary), "The file"), "file") from error
        path = free_name(folder, "uploaded", now)
        temporary.replace(path)
    except OSError as error:
        raise InvalidError(f"The file could not be kept: {error.strerror or error}.", "file") from error
    finally:
        temporary.unlink(missing_ok=True)
    return _copy(path, folder)


def remove_copy(folder: Path, name: str) -> None:
    """Delete a kept backup and its note.

    Raises:
        NotFoundError: when there is none.
    """
    path = copy_path(folder, name)
    path.unlink(missing_ok=True)
    _note_path(path).unlink(missing_ok=True)


def tidy_copies(folder: Path, *, now: datetime) -> int:
    """Remove what killed processes left half-written, and notes without their backup; how many files."""
    removed = 0
    for path in sorted(kept_backups(folder).iterdir()):
        half = path.name.startswith(".") and now.timestamp() - path.stat().st_mtime > _LEFT_BEHIND
        if half or (path.suffix == ".json" and not path.with_suffix(".zip").exists()):
            path.unlink(missing_ok=True)
            removed += 1
    for place in sorted(folder.glob(".restore-*")):
        if place.is_dir() and now.timestamp() - place.stat().st_mtime > _LEFT_BEHIND:
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
    return removed
