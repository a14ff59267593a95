"""What keeps pages quick: as many statements for a company twice the size, and no walk through lines or users."""

import json
from contextvars import Context
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import shelf_of
from mopsaudit.store.session import db
from tests.bench.company import fill
from tests.reports.test_speed import listening_to, reads_every_line
from tests.web import browser
from tests.web.browser import Clock, Tab

#: Statements of each page in a process that has kept nothing, pinned: one more is a decision.
COLD = {
    "/": 130,
    "/findings": 105,
    "/spend": 32,
    "/lines": 28,
    "/imports": 21,
    "/imports/1": 26,
    "/tools": 60,
    "/tools/1": 120,  # what the reports say of it, each euro once: all of them, as on the page of a vendor
    "/vendors": 18,
    "/vendors/1": 108,
    "/contracts": 20,
    "/contracts/1": 20,
    "/suppliers": 25,
    "/stack/gaps": 44,
    "/budgets": 17,
    "/cases": 24,
}
#: The same once it is kept.
WARM = 40
LARGE = ("spend_line", "line_part", "sighting", "usage_record")


@pytest.fixture
def tab(app: Flask, session: Session) -> Tab:
    fill(session, 80)
    session.commit()
    clock = Clock(datetime(2026, 9, 30, 12, tzinfo=UTC))
    app.config["MOPSAUDIT_CLOCK"] = clock
    return browser.sign_in(app, clock, "admin")


def _cold(tab: Tab, page: str) -> list[tuple[str, Any]]:
    """The statements of a page that nothing is kept of."""
    assert _get(tab, page) == 200  # what a process finds out once
    shelf_of(db.engine).clear()
    return _heard(tab, page)


def _heard(tab: Tab, page: str) -> list[tuple[str, Any]]:
    with listening_to(db.engine) as heard:
        _get(tab, page)
    return list(heard)


def _get(tab: Tab, page: str) -> int:
    """A page as a request of its own, beside the test's session that writes."""
    status: int = Context().run(lambda: tab.client.get(page).status_code)
    return status


def test_a_page_asks_as_much_of_a_company_twice_the_size(app: Flask, session: Session, tab: Tab) -> None:
    before = {page: len(_cold(tab, page)) for page in COLD}
    fill(session, 80, seed=2)
    session.commit()
    after = {page: len(_cold(tab, page)) for page in COLD}
    assert after == before
    assert {page: number for page, number in after.items() if number > COLD[page]} == {}
    for page in COLD:
        _get(tab, page)
        assert len(_heard(tab, page)) <= WARM, page


def test_no_page_walks_through_lines_or_users(app: Flask, session: Session, tab: Tab) -> None:
    walked = set()
    for page in sorted(COLD):
        for statement, parameters in _cold(tab, page):
            if not statement.startswith(("SELECT", "WITH")) or reads_every_line(statement):
                continue
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            for *_, step in plan:
                if any(
                    step == f"SCAN {each}" or step.startswith(f"SCAN {each} USING INTEGER") for each in LARGE
                ):
                    walked.add((page, step, json.dumps(statement)[:400]))
    assert not walked
