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
import io
import os
import pickle  # frames are written by our own child and read through an allow-list
import resource
import selectors
import signal
import struct
import subprocess  # our own interpreter, fixed arguments
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import mopsaudit
from mopsaudit.errors import disk_error
from mopsaudit.intake.contract import (
    Importer,
    Limits,
    Marked,
    MarkOrder,
    Reading,
    ReadOptions,
    RecordRow,
    SpendRow,
)
from mopsaudit.problems import RefusedError, Severity, declare

TOO_LONG: Final = declare(
    "file.took_too_long",
    Severity.FILE,
    "Reading took too much time or memory",
    "Split the file into smaller ones: one month, or one cost centre, per file.",
)

Batch = tuple[str | None, list[SpendRow] | list[RecordRow]]

_LENGTH = struct.Struct(">Q")
_AMOUNTS = frozenset(("amount", "tax", "original_amount"))
_DAYS = frozenset(("date", "period"))
#: How the child ends when it cannot write its rows: exit status → what the system said.
_DISK_STATUS: Final = {74: errno.ENOSPC, 75: errno.EROFS}
_POLL_SECONDS = 0.1
_PROGRESS_SECONDS = 0.1
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
_ALLOWED: Final = {
    "decimal": {"Decimal"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "pathlib": {"Path", "PosixPath", "PurePosixPath"},
    "mopsaudit.problems": {"Problem", "Severity"},
    "mopsaudit.intake.contract": None,
    "types": {"MappingProxyType"},
}


class ImporterFailedError(Exception):
    """The importer itself failed: a fault of ours, not of the file. Its text is the child's traceback."""


class ReadingCancelledError(Exception):
    """Somebody cancelled the reading; the child was ended and its spool removed."""


class _Unpickler(pickle.Unpickler):
    """Reads frames and makes nothing but the contract's values."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a value, refused when it is not one of the contract's."""
        if module in _ALLOWED:
            names = _ALLOWED[module]
            if names is None or name in names:
                return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a frame names {module}.{name}")


def _load(data: bytes) -> Any:
    return _Unpickler(io.BytesIO(data)).load()


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
        RefusedError: when the importer refuses the file, or the file runs into a limit.
        ReadingCancelledError: when ``cancelled()`` became true.
        ImporterFailedError: when the importer failed for a reason that is no fault of the file.
    """
    bounds = limits or options.limits
    spool = Path(tempfile.mkdtemp(prefix="reading-", dir=folder))
    keep = False
    try:
        reading = cast(
            "Reading",
            _run(dotted, path, file_name, options, bounds, spool, on_progress, cancelled, meanwhile),
        )
        keep = True
    finally:
        if not keep:
            _remove(spool)
    return reading, _batches(spool)


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
        _remove(spool)


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
) -> Reading | Marked:
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
    root = str(Path(mopsaudit.__file__).resolve().parent.parent)
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": root, "OPENPYXL_LXML": "False", "PYTHONDONTWRITEBYTECODE": "1"}
    with (spool / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "mopsaudit.intake.child", str(spool)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            cwd=spool,
            start_new_session=True,
        )
        try:
            if meanwhile is not None:
                meanwhile()
            _watch(process, deadline, on_progress, cancelled)
        finally:
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
        kind, value = _load(result.read_bytes())
        if kind == "reading":
            return cast("Reading | Marked", value)
        if kind == "refused":
            sentence, code = value
            raise RefusedError(sentence, code=code)
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


def _batches(spool: Path) -> Iterator[Batch]:
    try:
        with (spool / "rows").open("rb") as stream:
            while head := stream.read(_LENGTH.size):
                (length,) = _LENGTH.unpack(head)
                sheet, shape, size, values = _load(stream.read(length))
                if shape == "spend":
                    yield sheet, _spend_rows(size, values)
                else:
                    yield sheet, [RecordRow(*fields) for fields in values]
    finally:
        _remove(spool)


def _spend_rows(size: int, columns: list[Any]) -> list[SpendRow]:
    """The rows of what :class:`_SpoolSink` wrote of a batch of spend lines."""
    values = [
        repeat(None, size)
        if column is None
        else [None if text is None else Decimal(text) for text in column]
        if name in _AMOUNTS
        else column
        for name, column in zip(SpendRow._fields, columns, strict=True)
    ]
    return list(map(SpendRow._make, zip(*values, strict=True)))


def _remove(spool: Path) -> None:
    for entry in spool.iterdir():
        entry.unlink(missing_ok=True)
    spool.rmdir()


# --- the child's side


class _SpoolSink:
    """The sink inside the child: batches into the spool file, progress onto standard output."""

    def __init__(self, rows: BinaryIO) -> None:
        self._rows = rows
        self._said = 0.0
        self._days: dict[Any, Any] = {}
        self._parent = os.getppid()

    def rows(self, sheet: str | None, batch: list[SpendRow] | list[RecordRow]) -> None:
        """Append one batch to the spool."""
        if not batch:
            return
        values: list[Any]
        if isinstance(batch[0], SpendRow):
            shape, values = "spend", self._spend_columns(batch)
        else:
            shape = "record"
            values = [(row.row, dict(row.values), dict(row.cells)) for row in batch]
        frame = pickle.dumps((sheet, shape, len(batch), values), protocol=5)
        self._rows.write(_LENGTH.pack(len(frame)))
        self._rows.write(frame)

    def _spend_columns(self, batch: list[SpendRow]) -> list[Any]:
        """Column by column: None for an empty one, exact amounts as texts, each day once."""
        columns: list[Any] = []
        for name, values in zip(SpendRow._fields, zip(*batch, strict=True), strict=True):
            if values.count(None) == len(values):
                columns.append(None)
            elif name in _AMOUNTS:
                columns.append([None if value is None else str(value) for value in values])
            elif name in _DAYS:
                known = self._days
                columns.append([known.setdefault(value, value) for value in values])
            else:
                columns.append(values)
        return columns

    def progress(self, done: int, total: int | None) -> None:
        """Say how far the reading is, at most ten times a second."""
        now = time.monotonic()
        if now - self._said >= _PROGRESS_SECONDS:
            self._said = now
            if os.getppid() != self._parent:
                os._exit(1)  # whoever wanted these rows was killed
            line = f"{done} {total}\n" if total is not None else f"{done}\n"
            sys.stdout.write(line)
            sys.stdout.flush()


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


def main(folder: str) -> int:
    """The child: read the request in ``folder``, run the importer, leave rows and result there."""
    spool = Path(folder)
    # S301: the request was written by the parent into a folder of its own.
    request = pickle.loads((spool / "request").read_bytes())  # noqa: S301
    _limit(request["memory"], request["cpu"])
    sys.modules["numpy"] = cast(
        "Any", None
    )  # openpyxl does without; its address space is better spent on the file
    sys.modules["PIL"] = cast("Any", None)
    sys.addaudithook(_no_way_out)
    gc.disable()  # a short life of millions of small values without cycles: collecting only costs time
    module, _, name = str(request["dotted"]).partition(":")
    result: tuple[str, object]
    try:
        importer = cast("Importer", getattr(importlib.import_module(module), name))
        with (spool / "rows").open("wb") as stream:
            sink = _SpoolSink(stream)
            reading = importer(Path(request["path"]), request["file_name"], request["options"], sink)
        result = ("reading", reading)
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
    sys.exit(main(sys.argv[1]))
