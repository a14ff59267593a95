"""Saved views: kept, opened in the reader's own scope, shared with a unit, changed by version, first of a page."""

import html
import re
from collections.abc import Callable

import pytest

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _tool(tab: Tab, name: str, **values: object) -> None:
    done = tab.send("/tools/new", {"name": name, "category": "engagement", **values})
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]


def _keep(tab: Tab, address: str, name: str, **more: object) -> str:
    page = html.unescape(tab.get(address).get_data(as_text=True))
    query = re.findall(r'name="query" value="([^"]*)"', page)[-1]
    done = tab.post("/views", {"page": "tools.index", "query": query, "name": name, "unit_id": "", **more})
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    return str(done.location)


def _id(location: str) -> int:
    return int(re.findall(r"view=(\d+)", location)[0])


def _unit(tab: Tab, code: str) -> str:
    page = tab.get("/tools/new").get_data(as_text=True)
    found = re.findall(r'<option value="(\d+)">([^<]+)</option>', page)
    name = {"UK": "United Kingdom", "DE": "Germany", "ALL": "Whole company"}[code]
    return next(str(key) for key, label in found if label.strip("\u00a0 ") == name)


def test_a_view_keeps_the_address_of_a_list_and_opens_it(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    location = _keep(tab, "/tools?f.owner=(empty)&sort=-cost&page=1&as_of=2025-01-01", "Ownerless")
    assert "f.owner=%28empty%29" in location
    assert "sort=-cost" in location
    assert "as_of" not in location
    page = tab.get(location).get_data(as_text=True)
    assert "View: Ownerless" in page
    assert "changed" not in page
    assert "changed" in tab.get(location + "&q=x").get_data(as_text=True)
    opened = tab.get(f"/views/{_id(location)}")
    assert opened.status_code == 302
    assert "f.owner" in str(opened.location)


def test_the_same_name_twice_and_no_name_are_refused(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    _keep(tab, "/tools?q=a", "Mine")
    again = tab.post("/views", {"page": "tools.index", "query": "q=b", "name": " mine ", "unit_id": ""})
    assert again.status_code == 422
    assert "called mine here already" in again.get_data(as_text=True)
    assert tab.post("/views", {"page": "tools.index", "query": "q=b", "name": " "}).status_code == 422
    assert tab.post("/views", {"page": "no.where", "query": "", "name": "x"}).status_code == 404


def test_a_private_view_is_nobody_elses(sign_in: Sign) -> None:
    one, two = sign_in("ops"), sign_in("ops", email="second@example.com")
    _tool(one, "Mailer")
    view = _id(_keep(one, "/tools?q=a", "Mine"))
    two.get("/tools")
    assert two.get(f"/views/{view}").status_code == 404
    assert two.get("/views/999999").status_code == 404
    assert two.get(f"/views/{view}/edit").status_code == 404
    two.get("/tools")
    assert two.post(f"/views/{view}/update", {"query": "q=b", "version": "1"}).status_code == 404
    assert two.post(f"/views/{view}/delete").status_code == 404
    assert two.post("/views/default", {"page": "tools.index", "view_id": str(view)}).status_code == 404


@pytest.mark.usefixtures("units")
def test_a_shared_view_shows_its_reader_no_more_than_their_own(sign_in: Sign) -> None:
    boss, uk, de = (
        sign_in("ops"),
        sign_in("ops", unit="UK", email="uk@example.com"),
        sign_in("ops", unit="DE", email="de@example.com"),
    )
    _tool(uk, "British Mailer", unit_ids=[_unit(uk, "UK")])
    _tool(de, "German Mailer", unit_ids=[_unit(de, "DE")])
    view = _id(_keep(boss, "/tools?q=Mailer&unit=UK", "British", unit_id=_unit(uk, "UK")))
    opened = uk.get(f"/views/{view}")
    assert opened.status_code == 302
    assert "British Mailer" in uk.get(str(opened.location)).get_data(as_text=True)
    assert de.get(f"/views/{view}").status_code == 404  # shared with another unit's people
    _keep(boss, "/tools?q=Mailer&unit=UK", "For all", unit_id=_unit(boss, "ALL"))
    listed = de.get("/views").get_data(as_text=True)
    assert "For all" in listed
    other = int(re.findall(r"/views/(\d+)", listed)[0])
    gone = de.get(f"/views/{other}")
    assert "unit=" not in str(gone.location)
    page = de.get(str(gone.location)).get_data(as_text=True)
    assert "gone or not yours to see" in page
    assert "German Mailer" in page
    assert "British Mailer" not in page


def test_a_view_of_columns_that_are_gone_says_so(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    page = tab.get("/tools?f.colour=blue&cols=name&cols=size&sort=-weight").get_data(as_text=True)
    assert "columns that are not here any more: colour, size, weight" in page
    assert "Mailer" in page


def test_a_page_opens_with_the_view_chosen_for_it_and_the_way_back_is_one_click(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    view = _id(_keep(tab, "/tools?f.owner=(empty)", "Ownerless"))
    assert tab.get("/tools").status_code == 200
    assert tab.post("/views/default", {"page": "tools.index", "view_id": str(view)}).status_code == 303
    first = tab.get("/tools?as_of=2026-01-01")
    assert first.status_code == 302
    assert "f.owner=%28empty%29" in str(first.location)
    assert "as_of=2026-01-01" in str(first.location)
    everything = tab.get("/tools?view=all")
    assert everything.status_code == 200
    assert tab.get("/tools?q=Mailer").status_code == 200  # an address that asks something is asked
    assert tab.get("/tools?format=csv").status_code == 200
    tab.get("/tools?view=all")
    assert tab.post("/views/default", {"page": "tools.index"}).status_code == 303
    assert tab.get("/tools").status_code == 200


def test_two_who_change_a_view_see_the_conflict_and_removing_takes_it_from_the_page(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    view = _id(_keep(tab, "/tools?q=a", "Mine"))
    tab.get(f"/tools?q=b&view={view}")
    assert tab.post(f"/views/{view}/update", {"query": "q=b", "version": "1"}).status_code == 303
    assert tab.post(f"/views/{view}/update", {"query": "q=c", "version": "1"}).status_code == 422
    assert "q=b" in str(tab.get(f"/views/{view}").location)
    done = tab.send(f"/views/{view}/edit", {"name": "Ours", "unit_id": ""})
    assert done.status_code == 303
    assert "Ours" in tab.get("/views").get_data(as_text=True)
    tab.post("/views/default", {"page": "tools.index", "view_id": str(view)})
    assert tab.send(f"/views/{view}/delete", {}).status_code == 303
    assert tab.get("/tools").status_code == 200
    assert tab.get(f"/views/{view}").status_code == 404


def test_a_list_is_left_as_it_was_and_cleared_by_clearing_it(sign_in: Sign) -> None:
    tab = sign_in("ops")
    _tool(tab, "Mailer")
    tab.get("/tools?f.owner=(empty)&as_of=2026-01-01")
    away = tab.get("/vendors").get_data(as_text=True)
    assert 'href="/tools?f.owner=%28empty%29"' in html.unescape(away)
    tab.get("/tools")
    assert 'href="/tools"' in tab.get("/vendors").get_data(as_text=True)
    tab.get("/tools?q=" + "x" * 400)
    assert 'href="/tools"' in tab.get("/vendors").get_data(as_text=True)
