"""The rows on their way from the reading process to ours: a file of frames, column by column.

One frame a batch: its length (8 bytes, big end first), then ``(sheet, shape, rows, values)`` pickled. Of spend lines
``values`` are the columns of their :class:`~mopsaudit.intake.spend_lines.SpendLines`: None for an empty one, amounts as
texts so that they stay exact, each day once. Frames are read through an allow-list of the contract's values.
"""

import io
import os
import pickle  # frames are written by our own child and read through an allow-list
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from mopsaudit.intake.contract import RecordRow, SpendRow
from mopsaudit.intake.spend_lines import SpendLines

Batch = tuple[str | None, SpendLines | list[RecordRow]]

_LENGTH = struct.Struct(">Q")
_AMOUNTS = frozenset(("amount", "tax", "original_amount"))
_DAYS = frozenset(("date", "period", "service_from", "service_until"))
_PROGRESS_SECONDS = 0.1
_ALLOWED: Final = {
    "decimal": {"Decimal"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "pathlib": {"Path", "PosixPath", "PurePosixPath"},
    "mopsaudit.problems": {"Problem", "Severity"},
    "mopsaudit.intake.contract": None,
    "types": {"MappingProxyType"},
}


class _Unpickler(pickle.Unpickler):
    """Reads frames and makes nothing but the contract's values."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a value, refused when it is not one of the contract's."""
        if module in _ALLOWED:
            names = _ALLOWED[module]
            if names is None or name in names:
                return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a frame names {module}.{name}")


def load(data: bytes) -> Any:
    """What a frame holds."""
    return _Unpickler(io.BytesIO(data)).load()


def batches_in(spool: Path) -> Iterator[Batch]:
    """The batches of a spool folder, which is removed when they end or nobody wants more."""
    try:
        with (spool / "rows").open("rb") as stream:
            while head := stream.read(_LENGTH.size):
                (length,) = _LENGTH.unpack(head)
                sheet, shape, size, values = load(stream.read(length))
                if shape == "spend":
                    yield sheet, _spend_lines(size, values)
                else:
                    yield sheet, [RecordRow(*fields) for fields in values]
    finally:
        remove(spool)


def _spend_lines(size: int, columns: list[Any]) -> SpendLines:
    """The lines of what :class:`SpoolSink` wrote of a batch of them."""
    return SpendLines(
        size,
        [
            [None if text is None else Decimal(text) for text in column]
            if name in _AMOUNTS and column is not None
            else column
            for name, column in zip(SpendRow._fields, columns, strict=True)
        ],
    )


def remove(spool: Path) -> None:
    """Take a spool folder away."""
    for entry in spool.iterdir():
        entry.unlink(missing_ok=True)
    spool.rmdir()


class SpoolSink:
    """The sink inside the child: batches into the spool file, progress onto standard output."""

    def __init__(self, rows: BinaryIO) -> None:
        self._rows = rows
        self._said = 0.0
        self._days: dict[Any, Any] = {}
        self._parent = os.getppid()

    def rows(self, sheet: str | None, batch: Sequence[SpendRow] | Sequence[RecordRow]) -> None:
        """Append one batch to the spool."""
        if not batch:
            return
        values: list[Any]
        if isinstance(batch, SpendLines) or isinstance(batch[0], SpendRow):
            shape, values = "spend", self._spend_columns(SpendLines.of(cast("Sequence[SpendRow]", batch)))
        else:
            shape = "record"
            records = cast("Sequence[RecordRow]", batch)
            values = [(row.row, dict(row.values), dict(row.cells)) for row in records]
        frame = pickle.dumps((sheet, shape, len(batch), values), protocol=5)
        self._rows.write(_LENGTH.pack(len(frame)))
        self._rows.write(frame)

    def _spend_columns(self, lines: SpendLines) -> list[Any]:
        """Column by column: None for an empty one, exact amounts as texts, each day once."""
        columns: list[Any] = []
        for name, values in zip(SpendRow._fields, lines.columns, strict=True):
            if values is None:
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
