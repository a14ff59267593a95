"""What is paid, used and listed, in the browser: the table, adding, linking, settling, stale pages, other units."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mopsaudit.catalogue.products import product
from mopsaudit.intake.contract import Kind
from mopsaudit.organisation import find_unit
from mopsaudit.store.models import (
    FindingState,
    LedgerSummary,
    Supplier,
    Tool,
    ToolName,
    ToolUnit,
    UsageSnapshot,
)
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.intake.files import NOW, enter, record_read
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
LOOM = "/stack/gaps/gaps-paid-p-loom"


def _fill(app: Flask, clock: Clock, make: Callable[[Any], None]) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        make(session)


def _loom(session: Any, name: str = "LOOM INC", **values: Any) -> None:
    proposal = {
        "sure": True,
        "vendor": product("loom").vendor_id,
        "vendor_name": "Loom",
        "tool": "loom",
        "tool_name": "Loom",
        "spend_type": "software",
    }
    supplier = builders.supplier(session, name, likely_mille=990, score_mille=990, proposal=proposal)
    builders.spend_line(session, 900_00, on=date(2026, 6, 3), supplied_by=supplier, **values)


def _apps(session: Any) -> None:
    made = builders.import_file(session, "Okta.csv", kind="usage")
    sheet = builders.sheet_of(session, made)
    part = {"unit_id": None, "people": 12, "last": "2026-09-12"}
    entry = {"name": "Fooblex", "rows": 12, "cell": "A2", "grade": "B", "event": "sign-in", "count": None}
    sheet.detail = {"unknown_apps": [{**entry, "as_of": "2026-09-30", "units": [part]}]}


@pytest.fixture
def gaps(app: Flask, clock: Clock) -> None:
    """A tool paid for and not listed, an application nobody knows, a listed tool without a contract or a line."""

    def make(session: Any) -> None:
        _loom(session)
        _apps(session)
        builders.tool(session, "Pulse")

    _fill(app, clock, make)


def _fooblex(tab: Tab) -> str:
    page = tab.get("/stack/gaps").get_data(as_text=True)
    start = page.index("/stack/gaps/gaps-used-")
    return page[start : page.index('"', start)]


def _seen(tab: Tab) -> str:
    assert tab.page is not None
    text = tab.page.get_data(as_text=True)
    start = text.index('name="seen"')
    return text[start:].partition('value="')[2].partition('"')[0]


def _send(tab: Tab, path: str, step: str, data: dict[str, Any]) -> Any:
    """Open the gap and send one of its forms."""
    page = tab.get(path)
    assert page.status_code == 200
    return tab.post(f"{path}/{step}", {"seen": _seen(tab), **data})


def test_an_empty_database_has_nothing_to_compare(sign_in: Sign) -> None:
    page = sign_in("viewer").get("/stack/gaps").get_data(as_text=True)
    assert "There is nothing to compare yet" in page


@pytest.mark.usefixtures("gaps")
def test_the_page_answers_and_its_table_is_filtered_and_exported(sign_in: Sign) -> None:
    tab = sign_in("finance")
    page = tab.get("/stack/gaps").get_data(as_text=True)
    assert (
        "1 tool is paid for (900 USD in twelve months) and 1 more is signed in to without being confirmed in "
        "the inventory; of 1 listed tool 1 has neither spend nor contract." in page
    )
    only = tab.get("/stack/gaps?f.gap=%3Dused, not listed").get_data(as_text=True)
    assert "Fooblex" in only
    assert "LOOM" not in only
    assert "Fooblex" in tab.get("/stack/gaps?format=csv").get_data(as_text=True)
    viewer = sign_in("viewer")
    assert "Settle it" not in viewer.get(LOOM).get_data(as_text=True)
    assert viewer.post(f"{LOOM}/add").status_code == 403


@pytest.mark.usefixtures("gaps")
def test_one_click_adds_the_tool_and_settles_its_suppliers(sign_in: Sign, app: Flask) -> None:
    tab = sign_in("ops")
    assert "Add Loom from the catalogue" in tab.get(LOOM).get_data(as_text=True)
    done = _send(tab, LOOM, "add", {"product_id": "loom"})
    assert done.status_code == 303
    with app.app_context(), reading() as session:
        tool = session.scalars(select(Tool).where(Tool.catalogue_id == "loom")).one()
        assert tool.status == "active"
        supplier = session.scalars(select(Supplier)).one()
        assert (supplier.settled, supplier.tool_id) == ("tool", tool.id)
        assert session.scalars(select(LedgerSummary.tool_id)).all() == [tool.id]
    assert tab.get(LOOM).status_code == 404


@pytest.mark.usefixtures("gaps")
def test_it_is_a_tool_we_have(sign_in: Sign, app: Flask) -> None:
    tab = sign_in("ops")
    path = _fooblex(tab)
    with app.app_context(), reading() as session:
        pulse = session.scalars(select(Tool.id).where(Tool.name == "Pulse")).one()
    assert _send(tab, LOOM, "link", {"tool_id": str(pulse)}).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(Supplier.tool_id)).all() == [pulse]
    assert "Choose the tool." in _send(tab, path, "link", {"tool_id": ""}).get_data(as_text=True)
    assert _send(tab, path, "link", {"tool_id": "999999"}).status_code == 422
    assert _send(tab, path, "link", {"tool_id": str(pulse)}).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(ToolName.name).where(ToolName.tool_id == pulse)).all() == ["Fooblex"]
    page = tab.get("/stack/gaps").get_data(as_text=True)
    assert "Fooblex" not in page.partition("<table")[2]


def test_an_applications_users_come_in_with_the_tool_and_are_taken_back(
    sign_in: Sign, app: Flask, data: Path
) -> None:
    rows = [
        {"tool": "Fooblex", "user_email": f"p{n}@x.io", "grade": "B", "event": "sign-in"} for n in range(6)
    ]
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        builders.tool(session, "Pulse")
        enter(session, record_read(Kind.USAGE, rows), data, name="okta.csv")
    tab, viewer = sign_in("ops"), sign_in("viewer", email="vera@x.io")
    with app.app_context(), reading() as session:
        pulse = session.scalars(select(Tool.id).where(Tool.name == "Pulse")).one()
    assert _send(tab, _fooblex(tab), "link", {"tool_id": str(pulse)}).status_code == 303
    page = tab.get(f"/tools/{pulse}").get_data(as_text=True)
    assert "6 users of Fooblex came in with it." in page
    with app.app_context(), reading() as session:
        assert session.scalars(select(UsageSnapshot.tool_id)).all() == [pulse]
    page = viewer.get("/stack/gaps").get_data(as_text=True)
    assert "Applications whose users came in" in page
    assert "Take back" not in page.partition("Applications whose users came in")[2].partition("<td")[2]
    listed = tab.get("/stack/gaps?placed.format=csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert listed == [
        "Application,Tool,People,Newest file,Called so",
        "Fooblex,Pulse,6,okta.csv,a name beside it",
    ]
    page = tab.get("/stack/gaps?placed.f.people.from=7").get_data(as_text=True)
    assert "0 of 1" in page.partition("Applications whose users came in")[2]
    page = tab.get("/stack/gaps").get_data(as_text=True)
    path = page.partition('action="/stack/gaps/applications/')[2].partition('"')[0]
    assert viewer.post(f"/stack/gaps/applications/{path}").status_code == 403
    tab.get("/stack/gaps")
    assert tab.post("/stack/gaps/applications/9999/back").status_code == 404
    tab.get("/stack/gaps")
    assert tab.post(f"/stack/gaps/applications/{path}").status_code == 303
    page = tab.get("/stack/gaps").get_data(as_text=True)
    assert "Taken back: its users wait again, and the gap is open." in page
    assert "Applications whose users came in" not in page
    _fooblex(tab)
    with app.app_context(), reading() as session:
        assert session.scalars(select(UsageSnapshot.tool_id)).all() == []


@pytest.mark.usefixtures("gaps")
def test_it_is_settled_with_a_reason_and_opened_again(sign_in: Sign) -> None:
    tab = sign_in("finance")
    path = _fooblex(tab)
    assert "Say why." in _send(tab, path, "settle", {"state": "free"}).get_data(as_text=True)
    kept = _send(tab, path, "settle", {"state": "free", "reason": "The campus licence covers it."})
    assert kept.status_code == 303
    page = tab.get("/stack/gaps").get_data(as_text=True)
    assert "1 settled gap is left out" in page
    assert "Fooblex" not in page.partition("<table")[2]
    assert "The campus licence covers it." in tab.get(path).get_data(as_text=True)
    assert "Fooblex" in tab.get("/stack/gaps?settled=1").get_data(as_text=True).partition("<table")[2]
    tab.get(path)
    assert tab.post(f"{path}/reopen", {"version": "7"}).status_code == 422
    tab.get(path)
    assert tab.post(f"{path}/reopen").status_code == 303
    assert "Fooblex" in tab.get("/stack/gaps").get_data(as_text=True).partition("<table")[2]


@pytest.mark.usefixtures("gaps")
def test_not_marketing_settles_the_suppliers_too(sign_in: Sign, app: Flask) -> None:
    done = _send(sign_in("finance"), LOOM, "settle", {"state": "outside", "reason": "It is IT's."})
    assert done.status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(Supplier.settled)).all() == ["not_marketing"]
        assert session.scalars(select(FindingState.state)).all() == ["outside"]


@pytest.mark.usefixtures("gaps")
@pytest.mark.parametrize("step", ["add", "settle"])
def test_what_changed_since_is_looked_at_again(sign_in: Sign, app: Flask, clock: Clock, step: str) -> None:
    tab = sign_in("ops")
    tab.get(LOOM)
    seen = _seen(tab)
    _fill(app, clock, lambda session: _loom(session, "LOOM GMBH"))
    sent = {"seen": seen, "product_id": "loom", "state": "outside", "reason": "No."}
    late = tab.post(f"{LOOM}/{step}", sent)
    assert late.status_code == 422
    assert "changed since you looked at it" in late.get_data(as_text=True)
    with app.app_context(), reading() as session:
        assert set(session.scalars(select(Supplier.settled))) == {"open"}
        assert session.scalars(select(Tool.catalogue_id).where(Tool.catalogue_id == "loom")).all() == []


def test_a_proposed_tool_is_confirmed(sign_in: Sign, app: Flask, clock: Clock) -> None:
    def make(session: Any) -> None:
        loom = builders.tool(session, "Loom", status="proposed")
        builders.usage(session, loom, users=[{"key": "a", "last_activity": date(2026, 9, 2)}], grade="B")

    _fill(app, clock, make)
    tab = sign_in("ops")
    with app.app_context(), reading() as session:
        tool_id = session.scalars(select(Tool.id)).one()
    path = f"/stack/gaps/gaps-used-t-{tool_id}"
    assert "fewer than 5 people" in tab.get(path).get_data(as_text=True)
    assert _send(tab, path, "add", {}).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(Tool.status)).one() == "active"


@pytest.mark.usefixtures("units")
def test_another_unit_meets_nothing_and_ones_own_tool_is_its_units(
    sign_in: Sign, app: Flask, clock: Clock
) -> None:
    with app.app_context(), reading() as session:
        uk = find_unit(session, "UK").id
    _fill(app, clock, lambda inside: _loom(inside, unit=find_unit(inside, "UK")))
    other, own = sign_in("ops", unit="DE"), sign_in("ops", unit="UK", email="uk@example.com")
    path = f"/stack/gaps/gaps-u{uk}-paid-p-loom"
    assert "Loom" not in other.get("/stack/gaps").get_data(as_text=True)
    for gap in (path, LOOM, "/stack/gaps/none"):
        assert other.get(gap).status_code == 404
        assert other.post(f"{gap}/add", {"product_id": "loom"}).status_code == 404
    assert own.get(LOOM).status_code == 404
    assert _send(own, path, "add", {"product_id": "loom"}).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(ToolUnit.unit_id)).all() == [uk]
