"""Tools list and every report, facts to findings, at 200 and 2,000 tools on SQLite.

The baseline of the larger company is the smaller one: ten times the tools should cost about ten times as much.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import ensure_root, scope_for
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.base import Base
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
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
            for engine in db.engines.values():
                engine.dispose()
