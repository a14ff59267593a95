"""An importer with a fault of its own."""

from pathlib import Path

from mopsaudit.intake.contract import Reading, ReadOptions, Sink


def read_file(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Fails."""
    raise ZeroDivisionError(file_name)
