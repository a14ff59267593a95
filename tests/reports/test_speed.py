"""What keeps reports quick: questions asked once, queries that do not grow with the company, plans by an index."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.reading import EVERY_LINE, shelf_of
from mopsaudit.facts.tools import tools_at
from mopsaudit.organisation import scope_for
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.store.session import db
from tests import builders as build
from tests.bench.company import fill
from tests.facts.company import DAY
from tests.facts.test_company import as_read

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
#: Statements of each report in a session that reads (five open the transaction, find the scope and read the
#: stamps), pinned: one more is a decision.
QUERIES = {
    "stack": 24,
    "overlap": 30,
    "underuse": 34,
    "budget": 43,  # seven of them for the former forecast, where none was kept
    "cases": 24,
    "renewals": 14,
    "coverage": 24,
    "quality": 30,
}


@contextmanager
def listening_to(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(*arguments: Any) -> None:
        heard.append((arguments[2], arguments[3]))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def reads_every_line(statement: str) -> bool:
    """Whether it is one of the two that go through all lines, once after a change of them.

    What may settle a commitment is nearly every line of the year, and likely duplicates are pairs among all lines.
    """
    return EVERY_LINE in statement


def _build(app: Flask, *slugs: str) -> None:
    """The reports as a process makes them that has kept nothing."""
    shelf_of(db.engine).clear()

    def work(session: Session) -> None:
        scope = scope_for(session, as_of=DAY, environ={})
        for slug in slugs:
            REPORTS[slug].build(session, scope)

    as_read(app, work)


@pytest.mark.parametrize("slug", REPORTS)
def test_a_report_asks_as_much_of_a_company_twice_the_size(app: Flask, session: Session, slug: str) -> None:
    numbers = []
    for seed, tools in ((1, 80), (2, 80)):
        fill(session, tools, seed=seed)
        session.commit()
        _build(app, slug)  # what a process finds out once
        with listening_to(db.engine) as heard:
            _build(app, slug)
        numbers.append(len(heard))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= QUERIES[slug], numbers


def test_reports_built_together_ask_each_question_once(app: Flask, session: Session) -> None:
    fill(session, 20)
    session.commit()
    shelf_of(db.engine).clear()
    with listening_to(db.engine) as heard:
        as_read(app, lambda reader: all_findings(reader, scope_for(reader, as_of=DAY, environ={})))
    together = [statement for statement, _ in heard]
    alone = 0
    for slug in REPORTS:
        with listening_to(db.engine) as heard:
            _build(app, slug)
        alone += len(heard)
    assert len(together) < alone * 2 // 3
    for table in ("tool_state", "tool_capability", "usage_snapshot JOIN import_file"):
        assert sum(f"FROM {table}" in statement for statement in together) == 1, table


def test_what_was_read_holds_for_a_snapshot_and_no_longer(app: Flask, session: Session) -> None:
    build.tool(session, "First")
    session.commit()
    seen: list[tuple[str, ...]] = []

    def look(reader: Session) -> None:
        scope = scope_for(reader, as_of=DAY, environ={})
        tools_at(reader, scope)
        with listening_to(db.engine) as heard:
            seen.append(tuple(tool.name for tool in tools_at(reader, scope)))
        assert not heard

    as_read(app, look)
    build.tool(session, "Second")
    session.commit()
    as_read(app, look)
    assert seen == [("First",), ("First", "Second")]


def test_a_session_that_writes_reads_anew(session: Session) -> None:
    scope = scope_for(session, as_of=DAY, environ={})
    before = ledger_coverage(session, scope)
    build.spend_line(session, 500, tool=build.tool(session))
    assert ledger_coverage(session, scope).on_tools.minor == before.on_tools.minor + 500


@pytest.mark.parametrize("slug", REPORTS)
def test_no_report_walks_through_lines_or_users_without_an_index(
    app: Flask, session: Session, slug: str
) -> None:
    fill(session, 20)
    session.commit()
    with listening_to(db.engine) as heard:
        _build(app, slug)
    walked = []
    for statement, parameters in heard:
        if not statement.startswith(("SELECT", "WITH")) or reads_every_line(statement):
            continue
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        for *_, step in plan:
            if any(
                step == f"SCAN {table}" or step.startswith(f"SCAN {table} USING INTEGER")
                for table in ("spend_line", "line_part", "sighting", "usage_record")
            ):
                walked.append((step, statement))
    assert not walked
