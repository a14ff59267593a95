"""The index over the built-in catalogue, kept in the data folder: making it takes longer than most commands' own work.

A cache and nothing more. The file's name is a digest of the catalogue and of the program that reads it, so another
version makes its own; its first bytes are the digest of the rest, so a damaged one is made anew. It is put in place
whole, readable by the owner alone, and read through an allow-list of our own values.
"""

import hashlib
import io
import logging
import pickle  # our own file, checked by its digest, read through an allow-list
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar

from mopsaudit.intake.match_catalogue import keep_by
from mopsaudit.resting import collector_rests

T = TypeVar("T")

_log = logging.getLogger(__name__)
_DIGEST: Final = 32
_ALLOWED: Final = {
    "mopsaudit.intake.match_values": {"Alias", "AliasKind", "GuardText", "Target"},
    "mopsaudit.intake.match_index": {"AliasIndex", "Entry"},
}


def keep_in(folder: Path) -> None:
    """From now on look for the index in this folder, and leave it there."""
    keep_by(partial(kept, folder))


def kept(folder: Path, make: Callable[[], T]) -> T:
    """What ``make`` makes of the catalogue: from the folder, else made now and left there for the next process."""
    path = folder / f"catalogue-{program()[:40]}.index"
    with collector_rests():
        try:
            found: T = load(path.read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, DamagedError) as error:
            _log.warning("the kept index of the catalogue is made anew: %s", error)
        else:
            return found
        made = make()
        _leave(path, made)
    return made


class DamagedError(Exception):
    """A file that does not hold what was written."""


def load(data: bytes) -> Any:
    """What a file holds.

    Raises:
        DamagedError: when it is not as it was written.
    """
    told, body = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(body).digest() != told:
        raise DamagedError("its digest is another")
    try:
        return _Unpickler(io.BytesIO(body)).load()
    except pickle.UnpicklingError as error:
        raise DamagedError(str(error)) from error


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """The class of a value, refused when it is none of the index's."""
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return super().find_class(module, name)


def _leave(path: Path, made: object) -> None:
    body = pickle.dumps(made, protocol=5)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(hashlib.sha256(body).digest() + body)
            except OSError:
                part.unlink()
                raise
        part.replace(path)
        for other in path.parent.glob("catalogue-*.index"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError as error:  # a full or read-only disk: the index is none the less made
        _log.warning("the index of the catalogue could not be kept: %s", error)


@cache
def program() -> str:
    """A digest of the catalogue, and of what reads it and makes the index."""
    digest = hashlib.sha256(sys.version.encode())
    root = Path(__file__).resolve().parents[1]
    read = [
        *(root / "intake").glob("match*.py"),
        *(root / "intake" / name for name in ("normalise.py", "supplier_words.py")),
        *(path for path in (root / "catalogue").rglob("*") if path.suffix in {".py", ".psv"}),
        root / "words.py",
    ]
    for path in sorted(read):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
