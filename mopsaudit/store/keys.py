"""Keys kept beside the database, never in it: the web's secret, the trail's key and its head."""

import fcntl
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from mopsaudit.errors import MopsauditError

#: A key is at least this many characters long.
SHORTEST: Final = 32
_KNOWN: Final = frozenset(
    {"changeme", "secret", "secretkey", "dev", "development", "password", "mopsaudit", "test"}
)


class WeakKeyError(MopsauditError):
    """A key is too short, known, or readable by others; the application does not start with it."""


def check_key(text: str, name: str) -> None:
    """Refuse a key somebody could guess.

    Raises:
        WeakKeyError: when it is short, a known default, or has fewer than eight different characters.
    """
    plain = "".join(character for character in text.lower() if character.isalnum())
    repeated = any(plain and not plain.replace(word, "") for word in _KNOWN)
    if len(text) < SHORTEST or len(set(text)) < 8 or repeated:
        raise WeakKeyError(
            f"The key {name} is too short or well known. Delete the file to have a new one made "
            f"(everybody is then signed out), or put {SHORTEST} or more random characters in it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the trail stood at the last commit that was noted: number of entries and the last one's code.

    ``line`` changes with each restore: a writer that committed before it does not move the head of what came after.
    """

    count: int
    mac: str
    line: str = ""

    def to_json(self) -> str:
        """The text of the head's file."""
        return json.dumps({"count": self.count, "mac": self.mac, "line": self.line})

    @classmethod
    def from_json(cls, text: str) -> "Head":
        """The inverse of :meth:`to_json`."""
        found = json.loads(text)
        return cls(count=int(found["count"]), mac=str(found["mac"]), line=str(found.get("line", "")))


class Keyring:
    """The folder of keys. Files are made on first use, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(stat.S_IRWXU)
        self._cached: dict[str, tuple[tuple[int, ...], bytes]] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes a file of the folder meanwhile. Not to be nested."""
        handle = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def key(self, name: str) -> bytes:
        """The key ``name``, made on the first call.

        Raises:
            WeakKeyError: when the file holds a key somebody could guess, or others may read it.
        """
        path = self.folder / f"{name}.key"
        try:
            found = path.stat()
        except FileNotFoundError:
            found = self._make(path)
        version = (found.st_ino, found.st_mtime_ns, found.st_mode)
        cached = self._cached.get(name)
        if cached is None or cached[0] != version:  # a restore may have brought another key
            if found.st_mode & 0o077:
                raise WeakKeyError(f"Others can read the key {path}. Run: chmod 600 {path}")
            text = path.read_text(encoding="utf-8").strip()
            check_key(text, str(path))
            cached = (version, text.encode())
            self._cached[name] = cached
        return cached[1]

    def _make(self, path: Path) -> os.stat_result:
        with self.locked():
            if not path.exists():
                write_private(path, secrets.token_hex(32))
            return path.stat()

    def has_key(self, name: str) -> bool:
        """Whether the key exists already."""
        return (self.folder / f"{name}.key").exists()

    def mac(self, message: bytes) -> bytes:
        """HMAC-SHA256 of a message under the trail's key."""
        return hmac.new(self.key("trail"), message, sha256).digest()

    def head(self) -> Head:
        """The trail's head as last noted; of an empty trail where none was."""
        path = self.folder / "trail.head"
        if not path.exists():
            return Head(count=0, mac="")
        return Head.from_json(path.read_text(encoding="utf-8"))

    def advance(self, head: Head) -> None:
        """Note a head that is further on than the one noted; an older one, or one of before a restore, is left."""
        with self.locked():
            noted = self.head()
            if head.line == noted.line and head.count > noted.count:
                write_private(self.folder / "trail.head", head.to_json())


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, 0600 from the first byte."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
