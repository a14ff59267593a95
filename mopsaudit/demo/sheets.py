"""Writes one sheet or text file the way people keep them: title rows, a header somewhere below, totals, footnotes."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.workbook.writer import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFile:
    """A file of the demo company: what it is imported as, and what it is in words for the download page."""

    kind: Kind
    path: Path
    what: str
    options: ImportOptions = field(default_factory=ImportOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Around a table: rows above its header, what stands below it, and sheets that hold no data."""

    sheet: str
    above: tuple[str, ...] = ()
    total: tuple[Any, ...] = ()
    below: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def write_workbook(
    path: Path, as_of: date, layout: Layout, heads: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Path:
    """A workbook with one data sheet; ``notes`` stand on a sheet of their own before it, as a cover does.

    The same arguments give the same bytes: the as-of date is the only clock.
    """
    with Book(path, created=datetime.combine(as_of, time(6)), title=path.stem) as book:
        if layout.notes:
            cover = book.sheet("Read me")
            for number, line in enumerate(layout.notes):
                cover.cell(number, 0, line)
        sheet = book.sheet(layout.sheet)
        number = 0
        for line in layout.above:
            sheet.cell(number, 0, line, bold=number == 0)
            number += 1
        if layout.above:
            number += 1
        for column, head in enumerate(heads):
            sheet.cell(number, column, head, bold=True)
        for row in rows:
            number += 1
            for column, value in enumerate(row):
                if value is not None and value != "":
                    sheet.cell(number, column, value)
        if layout.total:
            number += 1
            for column, value in enumerate(layout.total):
                if value is not None:
                    sheet.cell(number, column, value, bold=True)
        number += 1
        for line in layout.below:
            number += 1
            sheet.cell(number, 0, line)
        sheet.widths(*[18.0] * len(heads))
    return path


def write_text(
    path: Path,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    above: Sequence[str] = (),
) -> Path:
    """A delimited text file, as a system exports it."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        for line in above:
            writer.writerow([line])
        writer.writerow(heads)
        writer.writerows(rows)
    return path
