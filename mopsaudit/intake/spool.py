"""The typed rows of a read file on disk, so that the review page and applying need not read the workbook again.

A cache and nothing more: keyed by the original's bytes and the reading decision, written whole or not at all, and read
anew when it is missing.
"""

import hashlib
import json
import os
import pickle
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mopsaudit.intake.contract import Reading, ReadingDecision, RecordRow, SpendRow
from mopsaudit.resting import collector_rests

SPOOL = "spool"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file as read: the reading, and its rows in batches with the position of their sheet."""

    reading: Reading
    batches: tuple[tuple[int, Sequence[Any]], ...]

    def spend(self) -> list[tuple[int, Sequence[SpendRow]]]:
        """The batches of a spend file."""
        return list(self.batches)

    def records(self) -> list[tuple[int, RecordRow]]:
        """The rows of any other file, in order."""
        return [(position, row) for position, batch in self.batches for row in batch]


@collector_rests()
def collect(reading: Reading, batches: Iterable[tuple[str | None, Sequence[Any]]]) -> ReadFile:
    """A reading with its rows; sheets are known by name, which a workbook holds once."""
    positions = {sheet.decision.name: index for index, sheet in reversed(list(enumerate(reading.sheets)))}
    return ReadFile(
        reading=reading, batches=tuple((positions[sheet], batch) for sheet, batch in batches if batch)
    )


def _path(folder: Path, sha256: str, decision: ReadingDecision) -> Path:
    text = json.dumps(decision.to_json(), sort_keys=True, default=str)
    key = hashlib.sha256(f"{sha256}|{text}".encode("utf-8", "surrogatepass")).hexdigest()
    place = folder / SPOOL
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place / f"{key}.rows"


def store(folder: Path, sha256: str, read: ReadFile) -> None:
    """Keep a read file; a half-written one is never found."""
    path = _path(folder, sha256, read.reading.decision)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(6)}.partial")
    try:
        with partial.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            pickle.dump(read, file, protocol=pickle.HIGHEST_PROTOCOL)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def load(folder: Path, sha256: str, decision: ReadingDecision) -> ReadFile | None:
    """The read file of these bytes and this decision, or None when it must be read anew."""
    path = _path(folder, sha256, decision)
    try:
        with path.open("rb") as file:
            read = pickle.load(file)  # noqa: S301  # our own file in our own folder
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError):
        return None
    return read if isinstance(read, ReadFile) else None


def forget(folder: Path, sha256: str, decision: ReadingDecision) -> None:
    """Drop a kept file that is no longer needed."""
    _path(folder, sha256, decision).unlink(missing_ok=True)


def clear(folder: Path) -> int:
    """Drop every kept reading, for they may name a person who is erased; how many there were. They are made anew."""
    place = folder / SPOOL
    kept = sorted(place.iterdir()) if place.is_dir() else []
    for path in kept:
        path.unlink(missing_ok=True)
    return len(kept)
