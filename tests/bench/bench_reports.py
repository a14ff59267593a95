"""Tools list, every report and the audit workbook at 200 and 2,000 tools on SQLite.

The baseline of the larger company is the smaller one: ten times the tools should cost about ten times as much. The
audit workbook is also held against a bare XlsxWriter write of the very cells it holds: the least it could cost.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import openpyxl
import xlsxwriter

from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.base import Base
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from mopsaudit.workbook.audit import write_audit
from tests.bench.company import AS_OF, fill
from tests.bench.measure import Bench, Row
from wsgi import create_app

SIZES: Final = (200, 2_000)
NOW: Final = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)


def measure(bench: Bench) -> Iterator[Row]:
    """Each report is built as its page builds it, in one session, with everything warm."""
    for tools in SIZES:
        app = create_app({"TESTING": True, "MOPSAUDIT_DATA": bench.scratch / f"company-{tools}"})
        with app.app_context():
            with unit_of_work(SYSTEM, now=NOW) as session:
                Base.metadata.create_all(session.connection())
                ensure_root(session)
                fill(session, tools)
            with reading() as session:
                scope = scope_for(session, as_of=AS_OF, environ={})
                work: dict[str, Callable[[], object]] = {
                    "tools list": partial(list_tools, session, scope),
                    **{slug: partial(room.build, session, scope) for slug, room in REPORTS.items()},
                }
                for name, build in work.items():
                    smaller = () if tools == SIZES[0] else (f"{name}, {SIZES[0]:,} tools",)
                    yield bench.function(f"{name}, {tools:,} tools", build, against=smaller, runs=3)
                path = bench.scratch / f"audit-{tools}.xlsx"
                audit = bench.function(
                    f"audit workbook, {tools:,} tools",
                    partial(write_audit, session, scope, path, created=NOW, prepared_by="Benchmark"),
                    against=(f"bare XlsxWriter, cells of {tools:,} tools",),
                    runs=1,
                )
                yield bench.function(
                    f"bare XlsxWriter, cells of {tools:,} tools",
                    partial(_write_bare, _cells(path), bench.scratch / "bare.xlsx"),
                    runs=1,
                )
                yield audit
            for engine in db.engines.values():
                engine.dispose()


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
