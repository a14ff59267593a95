"""What the layouts share: a case of one workbook, sums, groups and rows of lines."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.importers.layouts.lines import Case, Line, Rows, book, table

Finish = Callable[[openpyxl.Workbook], None]


def units(of: Sequence[Line]) -> float:
    """The sum of lines as a sheet stores it."""
    return sum(line.cents for line in of) / 100


def sheet_case(
    name: str,
    rows: Rows,
    truth: Sequence[Line],
    *,
    finish: Finish | None = None,
    sheets: dict[str, Rows] | None = None,
    **extra: Any,
) -> Case:
    """A workbook of one sheet of rows, or of several, with its truth."""

    def write(folder: Path) -> Path:
        return book(folder / f"{name}.xlsx", {**({"Report": rows} if rows else {}), **(sheets or {})}, finish)

    return Case(name=name, write=write, truth=truth, **extra)


def grouped_by(of: Sequence[Line], key: Callable[[Line], Any]) -> dict[Any, list[Line]]:
    """Lines by a key, sorted by it."""
    groups: dict[Any, list[Line]] = {}
    for line in sorted(of, key=lambda line: (str(key(line)), line.number)):
        groups.setdefault(key(line), []).append(line)
    return groups


def row_of(spec: str, line: Line) -> list[Any]:
    """One row of a table."""
    return table(spec, [line])[1]
