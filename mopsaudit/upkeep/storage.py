"""What the data takes on disk: database, originals, readings kept for speed, backups, and the rest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from mopsaudit.backup import BACKUPS

#: Folder of the data folder → what it is called and what it holds.
FOLDERS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "uploads",
        "Originals",
        "Workbooks as they were received, and documents of contracts; every figure leads to them.",
    ),
    (
        "spool",
        "Readings kept for speed",
        "What was read from files that wait; cleared after 14 days, made anew when missing.",
    ),
    (BACKUPS, "Backups", "Kept backups; delete those you no longer need."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the data with its bytes and how many files they are (None: not counted in files)."""

    label: str
    what: str
    bytes: int
    files: int | None


def storage_used(session: Session, folder: Path) -> tuple[Part, ...]:
    """What each part of the data takes, the database first. Bytes of files as the file system tells their length."""
    parts = [_database(session, folder)]
    seen = 0
    for name, label, what in FOLDERS:
        files = _files(folder / name)
        seen += sum(files)
        parts.append(Part(label=label, what=what, bytes=sum(files), files=len(files)))
    everything = sum(_files(folder))
    own = parts[0].bytes if _sqlite(session) else 0
    parts.append(
        Part(
            label="Everything else",
            what="Keys and files that are being written.",
            bytes=max(0, everything - seen - own),
            files=None,
        )
    )
    return tuple(parts)


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _database(session: Session, folder: Path) -> Part:
    if _sqlite(session):
        place = session.scalar(text("SELECT file FROM pragma_database_list WHERE name = 'main'"))
        path = Path(str(place))
        used = sum(
            each.stat().st_size
            for ending in ("", "-wal", "-shm")
            if (each := Path(f"{path}{ending}")).exists()
        )
        what = "SQLite, in the data folder."
    else:
        used = int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        what = "PostgreSQL, as it tells itself."
    return Part(label="Database", what=what, bytes=used, files=None)


def _files(folder: Path) -> list[int]:
    """Lengths of all files below a folder; one that goes away meanwhile does not count."""
    found: list[int] = []
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            if path.is_file():
                found.append(path.stat().st_size)
        except FileNotFoundError:
            continue
    return found
