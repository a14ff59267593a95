"""Runs an importer in a child process with limits, so that no file can take the application down.

A fresh interpreter reads one file: address space, CPU and wall time bounded, no sockets, no further processes, none of
the parent's environment secrets. Rows travel through a spool file in batches, so the parent's memory stays bounded and
reading can be overlapped with storing. A file that runs into a limit is refused with a sentence, like any other bad
file.
"""

import contextlib
import errno
import gc
import importlib
import json
import os
import pickle  # frames are written by our own child and read through an allow-list
import resource
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from mopsaudit.errors import disk_error
from mopsaudit.intake import head_start
from mopsaudit.intake.contract import (
    Importer,
    Limits,
    Marked,
    MarkOrder,
    NothingFoundError,
    Reading,
    ReadOptions,
)
from mopsaudit.intake.row_spool import Batch, SpoolSink, batches_in, load, remove
from mopsaudit.problems import RefusedError, Severity, declare

if TYPE_CHECKING:
    import subprocess

TOO_LONG: Final = declare(
    "file.took_too_long",
    Severity.FILE,
    "Reading took too much time or memory",
    "Split the file into smaller ones: one month, or one cost centre, per file.",
)

#: How the child ends when it cannot write its rows: exit status → what the system said.
_DISK_STATUS: Final = {74: errno.ENOSPC, 75: errno.EROFS}
_POLL_SECONDS = 0.1


class ImporterFailedError(Exception):
    """The importer itself failed: a fault of ours, not of the file. Its text is the child's traceback."""


class ReadingCancelledError(Exception):
    """Somebody cancelled the reading; the child was ended and its spool removed."""


def scaled(seconds: int, size: int, limits: Limits) -> int:
    """``seconds`` for a file of up to ``limits.scale_from`` bytes, in proportion beyond."""
    return int(seconds * max(1.0, size / limits.scale_from))


def run_importer(
    dotted: str,
    path: Path,
    file_name: str,
    options: ReadOptions,
    *,
    limits: Limits | None = None,
    folder: Path | None = None,
    on_progress: Callable[[int, int | None], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[Reading, Iterator[Batch]]:
    """Run the importer ``dotted`` (``module:function``) on a file in a child process.

    Returns the reading and an iterator of ``(sheet, rows)`` batches in sheet order; the iterator reads a spool file in
    ``folder`` (the system's temporary one by default) and removes it when it ends or is closed. ``meanwhile`` is called
    once the child has started: something this process needs later and may as well do now.

    Raises:
        RefusedError: when the importer refuses the file, or the file runs into a limit; a ``NothingFoundError`` when no
            table of the kind was found in it.
        ReadingCancelledError: when ``cancelled()`` became true.
        ImporterFailedError: when the importer failed for a reason that is no fault of the file.
    """
    bounds = limits or options.limits
    started = head_start.take(dotted, path) if folder is None and bounds.alike(Limits()) else None
    spool = started.spool if started else Path(tempfile.mkdtemp(prefix="reading-", dir=folder))
    process = started.process if started else None
    keep = False
    try:
        reading = cast(
            "Reading",
            _run(dotted, path, file_name, options, bounds, spool, on_progress, cancelled, meanwhile, process),
        )
        keep = True
    finally:
        if not keep:
            remove(spool)
    return reading, batches_in(spool)


def run_marker(
    dotted: str,
    path: Path,
    file_name: str,
    order: MarkOrder,
    *,
    limits: Limits,
    folder: Path | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Marked:
    """Run the marker ``dotted`` (``module:function``) on a person's file in a child process with the same limits.

    Raises:
        RefusedError: when the file runs into a limit; what stands at the order's target is then of no use.
        ReadingCancelledError: when ``cancelled()`` became true.
        ImporterFailedError: when the marker failed for a reason that is no fault of the file.
    """
    spool = Path(tempfile.mkdtemp(prefix="marking-", dir=folder))
    try:
        return cast("Marked", _run(dotted, path, file_name, order, limits, spool, None, cancelled))
    finally:
        remove(spool)


def _run(
    dotted: str,
    path: Path,
    file_name: str,
    options: ReadOptions | MarkOrder,
    limits: Limits,
    spool: Path,
    on_progress: Callable[[int, int | None], None] | None,
    cancelled: Callable[[], bool] | None,
    meanwhile: Callable[[], None] | None = None,
    started: "subprocess.Popen[bytes] | None" = None,
) -> Reading | Marked:
    process = started
    try:
        size = path.stat().st_size
        request = {
            "dotted": dotted,
            "path": str(path.resolve()),
            "file_name": file_name,
            "options": options,
            "memory": limits.memory,
            "cpu": scaled(limits.cpu_seconds, size, limits),
        }
        (spool / "request").write_bytes(pickle.dumps(request, protocol=5))
        deadline = time.monotonic() + scaled(limits.wall_seconds, size, limits)
        if process is None:
            with (spool / "errors").open("wb") as errors:
                process = head_start.launch(spool, errors)
        elif process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), process.stdin as go_on:
                go_on.write(b"\n")  # one that ended already has left word why
        if meanwhile is not None:
            meanwhile()
        _watch(process, deadline, on_progress, cancelled)
    finally:
        if process is not None:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
    return _outcome(spool, process.returncode)


def _watch(
    process: "subprocess.Popen[bytes]",
    deadline: float,
    on_progress: Callable[[int, int | None], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Follow the child's progress lines until it ends.

    Raises:
        ReadingCancelledError: on request.
        RefusedError: past the deadline.
    """
    stream = process.stdout
    if stream is None:
        raise ImporterFailedError("the child has no output")
    os.set_blocking(stream.fileno(), False)
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if cancelled is not None and cancelled():
                raise ReadingCancelledError
            if time.monotonic() > deadline:
                raise RefusedError(_SENTENCE_TIME, code=TOO_LONG.code)
            if not selector.select(_POLL_SECONDS):
                continue
            chunk = os.read(stream.fileno(), 65536)
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            if lines and on_progress is not None:
                done, _, total = lines[-1].decode("ascii", "replace").partition(" ")
                with contextlib.suppress(ValueError):
                    on_progress(int(done), int(total) if total else None)
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise RefusedError(_SENTENCE_TIME, code=TOO_LONG.code)
        time.sleep(0.005)


_SENTENCE_TIME = (
    "Reading this file took too long. Split it into smaller ones: one month, or one cost centre, per file."
)
_SENTENCE_BROKEN = (
    "Reading this file was stopped: it needs more memory or time than a file may take, or it is damaged. "
    "Open it in Excel, save it again, and split it if it is large."
)


def _outcome(spool: Path, status: int) -> Reading | Marked:
    result = spool / "result"
    if result.exists():
        kind, value = load(result.read_bytes())
        if kind == "reading":
            return cast("Reading | Marked", value)
        if kind == "refused":
            sentence, code = value
            raise RefusedError(sentence, code=code)
        if kind == "nothing":
            raise NothingFoundError(*value)
    if status in _DISK_STATUS:
        raise OSError(_DISK_STATUS[status], os.strerror(_DISK_STATUS[status]))
    if status == -signal.SIGXCPU:
        raise RefusedError(_SENTENCE_TIME, code=TOO_LONG.code)
    if status < 0:  # killed: by a limit, or by a native reader that aborts on the file
        raise RefusedError(_SENTENCE_BROKEN, code=TOO_LONG.code)
    errors = (spool / "errors").read_bytes()[-8000:].decode("utf-8", "replace")
    if "MemoryError" in errors or "memory allocation" in errors:
        raise RefusedError(_SENTENCE_BROKEN, code=TOO_LONG.code)
    raise ImporterFailedError(errors or f"the reader ended with status {status}")


# --- the child's side


_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn")


def _no_way_out(event: str, _arguments: tuple[object, ...]) -> None:
    """An audit hook: a reader opens no connection and starts no process."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not use {event}")


def _limit(memory: int, cpu: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _take_apart(dotted: str, path: Path, file_name: str) -> "Importer | None":
    """What the reader holds of a file before it is told how to read it, as an importer of it; None when it holds
    nothing, and tells why once it reads.
    """
    module = importlib.import_module(dotted.partition(":")[0])
    ahead = getattr(module, "read_ahead", None)
    try:
        return None if ahead is None else cast("Importer", ahead(path, file_name))
    except (RefusedError, MemoryError, RecursionError, OSError):
        return None


def main(folder: str) -> int:
    """The child: read the request in ``folder``, run the importer, leave rows and result there.

    With a head start (:mod:`~mopsaudit.intake.head_start`) it takes the file apart first and waits for the request.
    """
    spool = Path(folder)
    sys.modules["numpy"] = cast(
        "Any", None
    )  # openpyxl does without; its address space is better spent on the file
    sys.modules["PIL"] = cast("Any", None)
    sys.addaudithook(_no_way_out)
    gc.disable()  # a short life of millions of small values without cycles: collecting only costs time
    held: Importer | None = None
    if (spool / head_start.AHEAD).exists():
        told = json.loads((spool / head_start.AHEAD).read_text(encoding="utf-8"))
        limits, path = Limits(), Path(told["path"])
        _limit(limits.memory, scaled(limits.cpu_seconds, path.stat().st_size, limits))
        held = _take_apart(told["dotted"], path, told["file_name"])
        if not sys.stdin.buffer.read(1):  # nobody wants it any more
            shutil.rmtree(spool, ignore_errors=True)
            return 0
    # S301: the request was written by the parent into a folder of its own.
    request = pickle.loads((spool / "request").read_bytes())  # noqa: S301
    _limit(request["memory"], request["cpu"])
    module, _, name = str(request["dotted"]).partition(":")
    result: tuple[str, object]
    try:
        importer = held or cast("Importer", getattr(importlib.import_module(module), name))
        with (spool / "rows").open("wb") as stream:
            sink = SpoolSink(stream)
            reading = importer(Path(request["path"]), request["file_name"], request["options"], sink)
        result = ("reading", reading)
    except NothingFoundError as error:
        result = ("nothing", (error.sentence, error.code, error.reading))
    except RefusedError as error:
        result = ("refused", (error.sentence, error.code))
    except (MemoryError, RecursionError):
        result = ("refused", (_SENTENCE_BROKEN, TOO_LONG.code))
    except OSError as error:
        return _disk_status(error)
    data = pickle.dumps(result, protocol=5)
    part = spool / "result.part"
    try:
        part.write_bytes(data)
        part.rename(spool / "result")
    except OSError as error:
        return _disk_status(error)
    return 0


def _disk_status(error: OSError) -> int:
    """The exit status that tells the parent of a full or read-only disk; any other fault is raised again."""
    told = errno.EROFS if error.errno == errno.EROFS else errno.ENOSPC
    if disk_error(error) is None:
        raise error
    return next(status for status, code in _DISK_STATUS.items() if code == told)


if __name__ == "__main__":
    ended = main(sys.argv[1])
    sys.stdout.flush()
    # Whoever waits for the rows waits for our end: taking millions of cells down one by one would serve nobody.
    os._exit(ended)
