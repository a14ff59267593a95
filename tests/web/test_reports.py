"""Report pages: one page for every room, the same as files, findings with an address, kept until data changes."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Coverage, Report
from mopsaudit.reports.registry import REPORTS, Room
from mopsaudit.scope import Scope
from mopsaudit.store.models import Tool
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("slug", list(REPORTS))
def test_every_report_is_a_page_a_file_and_an_object(sign_in: Sign, slug: str) -> None:
    tab = sign_in("finance")
    text = tab.get(f"/reports/{slug}").get_data(as_text=True)
    answer = json.loads(tab.get(f"/reports/{slug}?format=json").get_data(as_text=True))
    assert answer["report"] == slug
    assert (
        str(answer["answer"]).replace("'", "&#39;").replace("&", "&amp;").replace("&amp;#39;", "&#39;")
        in text
    )
    assert "How this is worked out" in text
    assert " style=" not in text
    lines = tab.get(f"/reports/{slug}?format=csv").get_data(as_text=True).splitlines()
    assert len(lines) == len(answer["rows"]) + 1
    assert tab.get(f"/reports/{slug}?format=xlsx").data[:2] == b"PK"


@pytest.mark.usefixtures("filled")
def test_a_finding_has_its_own_page_and_leads_to_a_decision(sign_in: Sign) -> None:
    tab = sign_in("ops")
    found = json.loads(tab.get("/reports/overlap?format=json").data)["findings"]
    assert found
    page = tab.get(f"/reports/overlap/findings/{found[0]['id']}")
    assert page.status_code == 200
    assert "/decisions/new?report=overlap" in page.get_data(as_text=True)
    assert tab.get("/reports/overlap/findings/no-such-finding").status_code == 404


@pytest.mark.usefixtures("filled")
def test_a_figure_leads_down_to_the_lines_and_their_cells(sign_in: Sign) -> None:
    tab = sign_in("finance")
    page = tab.get("/lines?month_from=24312&month_until=24321").get_data(as_text=True)
    assert "AP_Ledger_2026.xlsx › Sheet1 › F" in page
    assert tab.get("/lines?tool_ids=x").status_code == 400
    assert tab.get("/lines?month_from=-1").status_code == 400
    assert "0 spend lines" in tab.get("/lines?tool_ids=999999").get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_the_dashboard_counts_one_euro_once(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    text = tab.get("/").get_data(as_text=True)
    assert "a year is at stake" in text
    assert "To decide next" in text
    assert "Upload a spend workbook" not in text


def test_an_empty_database_shows_where_to_start(sign_in: Sign) -> None:
    assert "Upload a spend workbook" in sign_in("finance").get("/").get_data(as_text=True)
    viewer = sign_in("viewer").get("/").get_data(as_text=True)
    assert "Nothing has been imported yet" in viewer
    assert "Upload a spend workbook" not in viewer


def test_a_report_that_is_not_there_is_not_found(sign_in: Sign) -> None:
    assert sign_in("viewer").get("/reports/nothing").status_code == 404


def test_a_report_is_kept_until_something_it_was_made_from_changes(app: Flask, clock: Clock) -> None:
    made: list[date] = []

    def make(session: Session, scope: Scope) -> Report:
        made.append(scope.as_of)
        session.execute(text("SELECT name FROM tool")).all()
        return Report(
            name="x",
            title="X",
            as_of=scope.as_of,
            unit=None,
            currency="USD",
            answer=f"Made {len(made)} times.",
            headlines=(),
            columns=(),
            rows=(),
            coverage=Coverage(sentence=""),
        )

    room = Room(slug="x", title="X", make=make)

    def ask(day: date) -> str:
        with app.app_context():
            session = db.session()
            return room.build(session, scope_for(session, as_of=day, environ={})).answer

    first, other = date(2026, 9, 30), date(2026, 6, 30)
    assert [ask(first), ask(first), ask(other), ask(first)] == [
        "Made 1 times.",
        "Made 1 times.",
        "Made 2 times.",
        "Made 1 times.",
    ]
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        tool_id = builders.tool(session, "Marketo Engage").id
    assert ask(first) == "Made 3 times."
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.vendor(session, "Adobe")
        session.get_one(Tool, tool_id).notes = "Nothing the report reads."
    assert ask(first) == "Made 3 times."
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        session.get_one(Tool, tool_id).name = "Marketo"
    assert ask(first) == "Made 4 times."


@pytest.mark.usefixtures("filled")
def test_quick_search_finds_records_of_the_scope(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    text = tab.get("/search?q=marketo").get_data(as_text=True)
    assert 'href="/tools/' in text
    assert "Marketo Engage" in text
    assert "is called" in tab.get("/search?q=%25").get_data(as_text=True), "a percent sign is a letter"
    assert "&lt;script&gt;" in tab.get("/search?q=<script>").get_data(as_text=True)
