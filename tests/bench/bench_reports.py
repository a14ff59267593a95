"""Tools list, dashboard and every report at 200 and 2,000 tools on SQLite; the demo company's load.

Each is made as its page makes it: in a session of its own, with the collector as the server sets it. *first* is what is
worked out after a change, the others what is kept until the next. The baseline of the larger company is the smaller
one: ten times the tools should cost about ten times as much. `bench_pages` asks for whole pages of a larger one.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.cli.serving import COLLECT_AFTER
from mopsaudit.facts.reading import shelf_of
from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.reports import dashboard
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.store.migrations import upgrade
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from tests.bench.company import AS_OF, fill
from tests.bench.measure import Bench, Row
from wsgi import create_app

SIZES: Final = (200, 2_000)
NOW: Final = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
#: Seconds a kept answer may take of its page's.
DASHBOARD_BAR, PAGE_BAR = 0.2, 0.15


def measure(bench: Bench) -> Iterator[Row]:
    """The companies one after the other, then the demo company's load from its workbooks."""
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    for tools in SIZES:
        yield from _company(bench, tools, f"{tools:,} tools", baseline=f"{SIZES[0]:,} tools")
    data = bench.scratch / "demo"
    program = bench.python.with_name("mopsaudit")
    environment = {
        "MOPSAUDIT_DATA": str(data),
        "MOPSAUDIT_DATABASE_URL": f"sqlite:///{data / 'demo.sqlite'}",
    }
    data.mkdir()
    bench.process("an empty database", [program, "db", "upgrade"], environment=environment)
    yield bench.process("demo company, from its workbooks", [program, "demo"], environment=environment)


def _company(bench: Bench, tools: int, label: str, *, baseline: str) -> Iterator[Row]:
    folder = bench.scratch / label.replace(",", "").replace(" ", "-")
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": folder})
    with app.app_context():
        upgrade(db.engine)
        with unit_of_work(SYSTEM, now=NOW) as session:
            ensure_root(session)
            fill(session, tools)
        db.session.remove()
        work: dict[str, Callable[[Session, Scope], object]] = {
            "tools list": list_tools,
            "dashboard": dashboard.build,
            **{slug: room.build for slug, room in REPORTS.items()},
        }
        for name, build in work.items():
            against = () if label == baseline else (f"{name} first, {baseline}",)
            yield bench.function(f"{name} first, {label}", partial(_anew, build), against=against, runs=1)
            against = () if label == baseline else (f"{name}, {baseline}",)
            kept = bench.function(f"{name}, {label}", partial(_asked, build), against=against, runs=3)
            yield replace(kept, seconds_bar=DASHBOARD_BAR if name == "dashboard" else PAGE_BAR)
        for engine in db.engines.values():
            engine.dispose()


def _anew(build: Callable[[Session, Scope], object]) -> None:
    """One question to a process that has kept nothing itself."""
    shelf_of(db.engine).clear()
    _asked(build)


def _asked(build: Callable[[Session, Scope], object]) -> None:
    """One question on a snapshot of its own."""
    with reading() as session:
        build(session, scope_for(session, as_of=AS_OF, environ={}))
