"""Audit workbook, PDF and negotiation pack at 2,000 tools on SQLite, against a bare XlsxWriter write of the cells.

Each is made by its command, in a process of its own: time and memory are those of the whole program, its start and the
reports included. The bars are 20 seconds and 300 MiB. The bare write holds the values alone: the least it could cost.
"""

import gc
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import openpyxl
import xlsxwriter

from mopsaudit.cli.running import make_ready
from mopsaudit.organisation import ensure_root
from mopsaudit.store.migrations import upgrade
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests.bench.bench_reports import NOW
from tests.bench.company import AS_OF, fill
from tests.bench.measure import Bench, Row
from wsgi import create_app

TOOLS: Final = 2_000
SECONDS: Final = 20.0
MEBIBYTES: Final = 300.0


def measure(bench: Bench) -> Iterator[Row]:
    """The company, then each document."""
    folder = bench.scratch / "workbook"
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": folder})
    with app.app_context():
        upgrade(db.engine)
        with unit_of_work(SYSTEM, now=NOW) as session:
            ensure_root(session)
            fill(session, TOOLS)
        make_ready()  # as whoever opened this database first
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    program = bench.python.with_name("mopsaudit")
    environment = {"MOPSAUDIT_DATA": str(folder), "MOPSAUDIT_DATABASE_URL": ""}
    day = ("--as-of", AS_OF.isoformat())
    bare = f"bare XlsxWriter, cells of {TOOLS:,} tools"
    path = folder / "audit.xlsx"
    made = bench.process(
        f"audit workbook, {TOOLS:,} tools",
        [program, "export", "audit", path, *day],
        environment=environment,
        against=(bare,),
    )
    yield replace(made, memory_bar=MEBIBYTES, seconds_bar=SECONDS)
    cells = _cells(path)
    yield bench.function(bare, partial(_write_bare, cells, folder / "bare.xlsx"), runs=1)
    del cells
    gc.collect()
    others: tuple[tuple[str, list[str | Path]], ...] = (
        ("audit as PDF", ["audit", folder / "audit.pdf"]),
        ("audit of one vendor", ["audit", folder / "vendor.xlsx", "--vendor", "Vendor 0001"]),
        ("negotiation pack", ["negotiation", "Vendor 0001", folder / "pack.xlsx"]),
    )
    for name, command in others:
        yield bench.process(name, [program, "export", *command, *day], environment=environment)


def _cells(path: Path) -> list[list[tuple[object, ...]]]:
    """The values of a workbook, sheet by sheet."""
    book = openpyxl.load_workbook(path, read_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _write_bare(sheets: list[list[tuple[object, ...]]], path: Path) -> None:
    """The values alone: no format, link, table, chart or print set-up."""
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
