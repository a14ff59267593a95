"""The reader with openpyxl's parser alone, whatever a sheet's size; run as a program, the command line with it."""

from dataclasses import replace
from pathlib import Path

from importers import reader
from mopsaudit.intake.contract import Importer, Limits, Reading, ReadOptions, Sink

NEVER = 1 << 62


def read_file(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """As `importers.reader:read_file`, without reading by shapes."""
    return reader.read_file(path, file_name, _without(options), sink)


def read_ahead(path: Path, file_name: str) -> Importer:
    """As `importers.reader:read_ahead`, without reading by shapes."""
    held = reader.read_ahead(path, file_name, Limits(shapes_from=NEVER))
    return lambda path, file_name, options, sink: held(path, file_name, _without(options), sink)


def _without(options: ReadOptions) -> ReadOptions:
    return replace(options, limits=replace(options.limits, shapes_from=NEVER))


def main() -> None:
    """The command line."""
    import wsgi  # here, for the reading process imports this module too and needs no application

    wsgi.READER = "tests.bench.openpyxl_reader:read_file"
    wsgi.main()


if __name__ == "__main__":
    main()
