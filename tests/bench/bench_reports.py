"""Tools list, dashboard, every report and the audit workbook at 200 and 2,000 tools on SQLite; the demo's load.

Each is made as its page makes it: in a session of its own, on a snapshot nobody has asked before, with the collector as
the server sets it. The baseline of the larger company is the smaller one: ten times the tools should cost about ten
times as much. The audit workbook is also held against a bare XlsxWriter write of the very cells it holds: the least it
could cost. ``MOPSAUDIT_BENCH_LINES=1000000`` adds a company of 2,000 tools with about as many spend lines and 200,000
usage records, held against the one of 48,000 lines (bar: twice).
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import openpyxl
import xlsxwriter
from sqlalchemy.orm import Session

from mopsaudit.cli.serving import COLLECT_AFTER
from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.reports import dashboard
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.store.base import Base
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from mopsaudit.workbook.audit import write_audit
from tests.bench.company import AS_OF, MONTHS, USERS, fill
from tests.bench.measure import Bench, Row
from wsgi import create_app

SIZES: Final = (200, 2_000)
NOW: Final = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
#: Half the tools have a usage file.
MANY_USERS: Final = 200


def measure(bench: Bench) -> Iterator[Row]:
    """The companies one after the other, then the demo company's load from its workbooks."""
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    for tools in SIZES:
        yield from _company(bench, tools, f"{tools:,} tools", baseline=f"{SIZES[0]:,} tools")
    wanted = int(os.environ.get("MOPSAUDIT_BENCH_LINES", "0"))
    if wanted:
        tools = SIZES[-1]
        yield from _company(
            bench,
            tools,
            f"{tools:,} tools, {wanted:,} lines",
            baseline=f"{tools:,} tools",
            lines=max(1, wanted // (tools * MONTHS)),
            users=MANY_USERS,
            bar=2,
        )
    data = bench.scratch / "demo"
    program = bench.python.with_name("mopsaudit")
    environment = {
        "MOPSAUDIT_DATA": str(data),
        "MOPSAUDIT_DATABASE_URL": f"sqlite:///{data / 'demo.sqlite'}",
    }
    data.mkdir()
    bench.process("an empty database", [program, "db", "upgrade"], environment=environment)
    yield bench.process("demo company, from its workbooks", [program, "demo"], environment=environment)


def _company(
    bench: Bench,
    tools: int,
    label: str,
    *,
    baseline: str,
    lines: int = 1,
    users: int = USERS,
    bar: float | None = None,
) -> Iterator[Row]:
    folder = bench.scratch / label.replace(",", "").replace(" ", "-")
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": folder})
    with app.app_context():
        with unit_of_work(SYSTEM, now=NOW) as session:
            Base.metadata.create_all(session.connection())
            ensure_root(session)
            fill(session, tools, lines=lines, users=users)
        db.session.remove()
        work: dict[str, Callable[[Session, Scope], object]] = {
            "tools list": list_tools,
            "dashboard": dashboard.build,
            **{slug: room.build for slug, room in REPORTS.items()},
        }
        for name, build in work.items():
            against = () if label == baseline else (f"{name}, {baseline}",)
            yield bench.function(f"{name}, {label}", partial(_asked, build), against=against, bar=bar, runs=3)
        if lines == 1:
            yield from _workbook(bench, label, folder)
        for engine in db.engines.values():
            engine.dispose()


def _asked(build: Callable[[Session, Scope], object]) -> None:
    """One question on a snapshot of its own."""
    with reading() as session:
        build(session, scope_for(session, as_of=AS_OF, environ={}))


def _workbook(bench: Bench, label: str, folder: Path) -> Iterator[Row]:
    path = folder / "audit.xlsx"

    def write() -> None:
        with reading() as session:
            scope = scope_for(session, as_of=AS_OF, environ={})
            write_audit(session, scope, path, created=NOW, prepared_by="Benchmark")

    bare = f"bare XlsxWriter, cells of {label}"
    audit = bench.function(f"audit workbook, {label}", write, against=(bare,), runs=1)
    yield bench.function(bare, partial(_write_bare, _cells(path), folder / "bare.xlsx"), runs=1)
    yield audit


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
