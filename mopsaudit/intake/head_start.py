"""The reading process of ``mopsaudit import``, started before the application is loaded.

Loading the application takes about as long as taking a large workbook apart, and a workbook's cells are the same
whatever the database says of it. So the command line starts the reading process first; it takes the workbook apart and
waits until it is told how to read it, or until nobody will. This module needs the standard library alone.
"""

import atexit
import json
import os
import shutil
import subprocess  # our own interpreter, fixed arguments
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

#: Below this many bytes a workbook is read faster than a head start is worth.
FROM_BYTES: Final = 512 * 1024
#: The file in the spool folder that says what to take apart ahead.
AHEAD: Final = "ahead"
_ENDINGS: Final = (".xlsx", ".xlsm")
_KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class HeadStart:
    """A reading process that holds, or will soon, the cells of the workbook at ``path`` for the reader ``dotted``."""

    dotted: str
    path: Path
    spool: Path
    process: "subprocess.Popen[bytes]"


_waiting: list[HeadStart] = []


def launch(spool: Path, errors: IO[bytes], *, waits: bool = False) -> "subprocess.Popen[bytes]":
    """Start a reading process on its spool folder, with none of our environment's secrets; one that ``waits`` is told
    to go on by a byte on its standard input.
    """
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "OPENPYXL_LXML": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "mopsaudit.intake.child", str(spool)],
        stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
        cwd=spool,
        start_new_session=True,
    )


def begin(arguments: Sequence[str], dotted: str) -> None:
    """Start reading the workbook a command line (without the program's name) imports first, if it is a large one."""
    path = _workbook(arguments)
    if path is None:
        return
    spool = Path(tempfile.mkdtemp(prefix="reading-"))
    told = {"dotted": dotted, "path": str(path), "file_name": path.name}
    (spool / AHEAD).write_text(json.dumps(told), encoding="utf-8")
    with (spool / "errors").open("wb") as errors:
        process = launch(spool, errors, waits=True)
    if not _waiting:
        atexit.register(discard)
    _waiting.append(HeadStart(dotted, path, spool, process))


def _workbook(arguments: Sequence[str]) -> Path | None:
    """The first large workbook named on a command line that imports; what is no file, or small, needs no head start."""
    if not arguments or arguments[0] != "import" or "--help" in arguments:
        return None
    for word in arguments[2:]:
        if word.lower().endswith(_ENDINGS) and not word.startswith("-"):
            try:
                path = Path(word).resolve()
                return path if path.is_file() and path.stat().st_size >= FROM_BYTES else None
            except (OSError, ValueError):  # no name of a file: the command will say so
                return None
    return None


def take(dotted: str, path: Path) -> HeadStart | None:
    """The process that was started for this reader and file, once; it is then the caller's to end."""
    for place, held in enumerate(_waiting):
        if held.dotted == dotted and held.path == path.resolve():
            return _waiting.pop(place)
    return None


def discard() -> None:
    """End what nobody took."""
    while _waiting:
        held = _waiting.pop()
        held.process.kill()
        held.process.wait()
        for pipe in (held.process.stdin, held.process.stdout):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(held.spool, ignore_errors=True)
