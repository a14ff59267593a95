"""The reader with openpyxl's parser alone, whatever a sheet's size; run as a program, the command line with it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from importers import reader
from mopsaudit.intake.contract import Reading, ReadOptions, Sink

NEVER = 1 << 62


def read_file(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """As `importers.reader:read_file`, without reading by shapes."""
    return reader.read_file(
        path, file_name, replace(options, limits=replace(options.limits, shapes_from=NEVER)), sink
    )


def main() -> None:
    """The command line."""
    import wsgi  # here, for the reading process imports this module too and needs no application

    make = wsgi.create_app

    def create_app(config: Mapping[str, Any] | None = None) -> Any:
        return make({"MOPSAUDIT_READER": "tests.bench.openpyxl_reader:read_file", **(config or {})})

    wsgi.create_app = create_app
    wsgi.main()


if __name__ == "__main__":
    main()
