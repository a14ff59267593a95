"""Answers that outlive a process: files of the data folder, shared by all processes on one database.

A file holds an answer with the stamps of what it was made from and the identity of its database; it is given only where
all of them are what the asking snapshot has. Its name is a digest of the question and of the program's own text, so
that another version of the program never reads it. Files are JSON of :mod:`mopsaudit.facts.written`, readable by the
owner alone, put in place whole and checked as a whole. Nothing is lost with them: an answer that is not there is
worked out.
"""

import fcntl
import hashlib
import json
import logging
import os
import tempfile
import zlib
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import mopsaudit
from mopsaudit.facts.shelf import Kept
from mopsaudit.facts.written import UnwritableError, read, write
from mopsaudit.store.stamps import IDENTITY

_log = logging.getLogger(__name__)
#: What the folder holds at most, in bytes; the oldest leave first.
MOST: Final = 256 * 1024 * 1024
_ANSWERS: Final = "*.answer"


@cache
def program() -> str:
    """A digest of the program's own text and data: answers of another one are not taken."""
    digest = hashlib.sha256()
    root = Path(mopsaudit.__file__).parent
    for folder in (root, root.parent / "blueprints"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".json", ".toml", ".csv", ".yaml"}:
                digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Cupboard:
    """Answers by question in a folder. Safe between processes and threads."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self._most = most

    def find(self, question: Hashable, now: Mapping[str, int]) -> Kept | None:
        """The answer kept, if it holds in a snapshot with these stamps."""
        path = self._place(question)
        try:
            with path.open("rb") as file:
                head = _head(file.readline())
                if head is None or not Kept(value=None, stamps=head.stamps).holds(now):
                    return None
                body = file.read()
            if zlib.crc32(body) != head.check:
                raise UnwritableError("The file is torn.")
            return Kept(value=read(body), stamps=head.stamps)
        except FileNotFoundError:
            return None
        except (OSError, UnwritableError) as error:
            _log.warning("a kept answer could not be read and is made anew: %s", error)
            return None

    def keep(self, question: Hashable, kept: Kept, now: Mapping[str, int]) -> None:
        """Keep an answer in place of an older one; what cannot be written, or has no room, is not kept."""
        if IDENTITY not in now:
            return  # a database that cannot be told from another
        try:
            body = write(kept.value).encode()
        except UnwritableError as error:
            _log.debug("not kept: %s", error)
            return
        stamps = {**kept.stamps, IDENTITY: now[IDENTITY]}
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".new", delete=False) as file:
                part = Path(file.name)
                try:
                    file.write(json.dumps([stamps, zlib.crc32(body)]).encode() + b"\n")
                    file.write(body)
                except BaseException:
                    part.unlink(missing_ok=True)
                    raise
            part.replace(self._place(question))
            self._make_room()
        except OSError as error:  # a full or read-only disk: the answer is none the less one
            _log.warning("an answer could not be kept: %s", error)

    @contextmanager
    def turn(self, question: Hashable) -> Iterator[None]:
        """While one process works a question out, others that ask it wait."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            file = os.open(self._place(question).with_suffix(".turn"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            _log.warning("nobody can wait for an answer: %s", error)
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def sweep(self, now: Mapping[str, int]) -> int:
        """Take away the answers that no longer hold: what was changed or erased is not read back from a file."""
        gone = 0
        for path in self.folder.glob(_ANSWERS):
            with suppress(OSError):
                with path.open("rb") as file:
                    head = _head(file.readline())
                if head is None or not Kept(value=None, stamps=head.stamps).holds(now):
                    path.unlink()
                    gone += 1
        return gone

    def _place(self, question: Hashable) -> Path:
        name = hashlib.sha256(f"{program()}\n{question!r}".encode()).hexdigest()
        return self.folder / f"{name[:40]}.answer"

    def _make_room(self) -> None:
        found = []
        for path in self.folder.glob(_ANSWERS):
            with suppress(FileNotFoundError):
                told = path.stat()
                found.append((told.st_mtime, told.st_size, path))
        found.sort()
        size = sum(each[1] for each in found)
        for _, bytes_, path in found[:-1]:
            if size <= self._most:
                return
            path.unlink(missing_ok=True)
            size -= bytes_


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of a file: the stamps of its answer, and what the bytes after it sum up to."""

    stamps: dict[str, int]
    check: int


def _head(line: bytes) -> _Head | None:
    try:
        stamps, check = json.loads(line)
    except (ValueError, TypeError):
        return None
    return _Head(stamps, check) if isinstance(stamps, dict) and IDENTITY in stamps else None
