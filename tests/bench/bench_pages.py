"""Pages at 2,000 tools and 200,000 usage records on SQLite: 10,000 and 1,000,000 spend lines, fresh and warm.

Each is asked through the test client, its time all that the server spends. *fresh*: the first look of a process that
finds the answers the worker made ready (:mod:`mopsaudit.cli.warming`) and has kept nothing itself; *warm*: the next.
The baseline of the larger company is the smaller one (bar: twice). Statements and bytes of the page, uncompressed as
it is sent, stand below each. ``MOPSAUDIT_BENCH_LINES`` is the larger number; the companies are kept between runs.
"""

import gc
import json
import os
import time
from collections.abc import Iterator
from contextvars import Context
from typing import Any, Final

from flask import Flask
from sqlalchemy import event

from mopsaudit.cli import warming
from mopsaudit.cli.serving import COLLECT_AFTER
from mopsaudit.facts.reading import shelf_of
from mopsaudit.figures import draw
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import db
from tests.bench.companies import NOW, company
from tests.bench.company import MONTHS
from tests.bench.measure import Bench, BenchFailedError, Row
from tests.web import browser
from tests.web.browser import Clock, Tab
from wsgi import create_app

TOOLS: Final = 2_000
USERS: Final = 200
#: Seconds of a page that is warm, and of the dashboard; what a page may weigh.
PAGE_BAR, DASHBOARD_BAR, HEAVIEST = 0.15, 0.2, 300_000
PAGES: Final = (
    "/",
    *(f"/reports/{slug}" for slug in REPORTS),
    *("/findings", "/stack/gaps", "/spend", "/lines", "/imports", "/imports/1"),
    *("/tools", "/tools/1", "/vendors", "/vendors/1", "/contracts", "/contracts/1"),
    *("/suppliers", "/budgets", "/cases", "/decisions", "/savings", "/people"),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Both companies one after the other."""
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    many = int(os.environ.get("MOPSAUDIT_BENCH_LINES", "1000000"))
    few = f"{TOOLS * MONTHS // 5:,} lines"
    yield from _pages(bench, few, lines=1, every=5, baseline=None)
    lines = max(1, many // (TOOLS * MONTHS))
    yield from _pages(bench, f"{lines * TOOLS * MONTHS:,} lines", lines=lines, every=1, baseline=few)


def _pages(bench: Bench, label: str, *, lines: int, every: int, baseline: str | None) -> Iterator[Row]:
    folder = bench.scratch / f"pages-{lines}-{every}"
    company(folder, TOOLS, lines=lines, users=USERS, every=every)
    app = create_app({"TESTING": True, "MOPSAUDIT_SHARE_ANSWERS": True, "MOPSAUDIT_DATA": folder})
    clock = Clock(NOW)
    app.config["MOPSAUDIT_CLOCK"] = clock
    tab = browser.sign_in(app, clock, "admin")
    yield _made_ready(app, clock, label)
    draw.prepare()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    tab.client.get("/help")
    with app.app_context():
        shelf_of(db.engine).clear()
        db.engine.dispose()
    for page in PAGES:
        found = _apart(app, tab, page)
        note = f"{found['statements']} statements, {found['bytes']:,} bytes"
        if found["bytes"] > HEAVIEST:
            note += " (over the bar)"
        yield Row(name=f"{page} fresh, {label}", seconds=found["fresh"][0], cpu_seconds=found["fresh"][1])
        yield Row(
            name=f"{page} warm, {label}",
            seconds=found["warm"][0],
            cpu_seconds=found["warm"][1],
            runs=3,
            against=() if baseline is None else (f"{page} warm, {baseline}",),
            bar=None if baseline is None else 2,
            seconds_bar=DASHBOARD_BAR if page == "/" else PAGE_BAR,
            note=note,
        )
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _made_ready(app: Flask, clock: Clock, label: str) -> Row:
    """All answers from nothing, as the worker makes them after a change."""
    worker = warming.Warming(app, works=True, clock=clock, environ={})
    Context().run(worker.look)  # it waits until nothing changes
    cpu, started = time.process_time(), time.perf_counter()
    Context().run(worker.look)
    return Row(
        name=f"all answers from nothing, {label}",
        seconds=time.perf_counter() - started,
        cpu_seconds=time.process_time() - cpu,
    )


def _apart(app: Flask, tab: Tab, page: str) -> dict[str, Any]:
    """A page in a process of its own, forked from one that has loaded the program and kept nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writer, json.dumps(_looked(app, tab, page)).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, ended = os.waitpid(child, 0)
    if ended or not said:
        raise BenchFailedError(f"{page}: the process that asked for it ended with {ended}.")
    found: dict[str, Any] = json.loads(said)
    return found


def _looked(app: Flask, tab: Tab, page: str) -> dict[str, Any]:
    heard = [0]

    def count(*_: object) -> None:
        heard[0] += 1

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)

    def look() -> tuple[float, float]:
        cpu, started = time.process_time(), time.perf_counter()
        answer = tab.client.get(page)
        took = time.perf_counter() - started, time.process_time() - cpu
        if answer.status_code != 200:
            raise BenchFailedError(f"{page}: {answer.status_code}")
        weights.append(len(answer.data))
        return took

    weights = list[int]()
    fresh = look()
    heard[0] = 0
    warm = look()
    statements = heard[0]
    return {
        "fresh": fresh,
        "warm": min(warm, look(), look()),
        "statements": statements,
        "bytes": weights[-1],
    }
