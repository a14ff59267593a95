"""Tools list, dashboard and every report at 200 and 2,000 tools on SQLite; the demo company's load.

Each is made as its page makes it: in a session of its own, on a snapshot nobody has asked before, with the collector as
the server sets it. The baseline of the larger company is the smaller one: ten times the tools should cost about ten
times as much. ``MOPSAUDIT_BENCH_LINES=1000000`` adds a company of 2,000 tools with about as many spend lines and
200,000 usage records, held against the one of 48,000 lines (bar: twice).
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.cli.serving import COLLECT_AFTER
from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.reports import dashboard
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.store.base import Base
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
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
        for engine in db.engines.values():
            engine.dispose()


def _asked(build: Callable[[Session, Scope], object]) -> None:
    """One question on a snapshot of its own."""
    with reading() as session:
        build(session, scope_for(session, as_of=AS_OF, environ={}))
