"""A step that destroys offers to be taken back in one press, and the press goes through the same checks."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mopsaudit.store.models import ContractLine, Scenario, Tool
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.scenarios.company import three_tools
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
_OFFER = re.compile(r'<form method="post" action="([^"]+)" class="d-inline">(.*?)Undo</button>', re.DOTALL)
_FIELD = re.compile(r'name="([^"]+)" value="([^"]*)"')


def _offer(tab: Tab, path: str) -> tuple[str, dict[str, str]]:
    """Address and fields of the undo that the page offers."""
    notice = tab.get(path).get_data(as_text=True).partition('class="notices"')[2]
    found = _OFFER.search(notice)
    assert found is not None, notice[:400]
    return found[1], dict(_FIELD.findall(found[2]))


def test_a_role_that_was_taken_away_is_given_back(sign_in: Sign) -> None:
    other = sign_in("finance")
    admin = sign_in("admin")
    page = f"/settings/people/{other.account_id}"
    text = admin.get(page).get_data(as_text=True)
    unit = re.search(r'name="unit_id" value="(\d+)"', text)
    assert unit is not None
    taken = admin.post(f"{page}/roles/withdraw", {"role": "finance", "unit_id": unit[1]})
    assert taken.status_code == 303
    address, fields = _offer(admin, page)
    assert "finance in" not in re.sub(r"<[^>]+>", "", admin.get(page).get_data(as_text=True))
    assert admin.client.post(address, data=fields).status_code == 303
    assert "finance in" in re.sub(r"<[^>]+>", "", admin.get(page).get_data(as_text=True))


def test_a_balance_that_was_removed_is_typed_again(app: Flask, clock: Clock, sign_in: Sign) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        ledger = builders.source(session, "AP")
        builders.spend_line(session, 120_00, on=date(2026, 8, 3), of=ledger)
        number = ledger.id
    tab = sign_in("finance")
    month = re.search(
        r'<option[^>]*value="(\d+)"[^>]*>Aug 2026', tab.get("/balances/new").get_data(as_text=True)
    )
    assert month is not None
    data = {"source_id": number, "month": month[1], "currency": "USD", "amount": "1,234.50", "gl_account": ""}
    assert tab.post("/balances/new", data).status_code == 303
    page = tab.get("/balances").get_data(as_text=True)
    balance = re.search(r"/balances/(\d+)/", page)
    assert balance is not None
    assert tab.post(f"/balances/{balance[1]}/remove").status_code == 303
    address, fields = _offer(tab, "/balances")
    assert fields["amount"] == "1234.50"
    assert "1,234.50" not in tab.get("/balances").get_data(as_text=True)
    assert tab.client.post(address, data=fields).status_code == 303
    assert "1,234.50" in tab.get("/balances").get_data(as_text=True)


@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_an_undo_sent_by_somebody_else_is_refused(sign_in: Sign, role: str) -> None:
    other = sign_in(role, email="other@example.com")
    other.get("/profile")
    answer = other.post(f"/settings/people/{other.account_id}/roles", {"role": "admin", "unit_id": "1"})
    assert answer.status_code == 403


def _undo(tab: Tab, path: str) -> None:
    """Press the undo the page offers."""
    address, fields = _offer(tab, path)
    answer = tab.client.post(address, data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]


def _new(tab: Tab, path: str, data: dict[str, object]) -> int:
    done = tab.send(path, data)
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]
    return int(re.findall(r"/(\d+)", str(done.location))[0])


def _said(tab: Tab, path: str) -> str:
    page = tab.get(path).get_data(as_text=True).partition("history-title")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_notice_recorded_in_error_is_taken_back_and_recorded_again(sign_in: Sign) -> None:
    tab = sign_in("ops")
    vendor = _new(tab, "/vendors/new", {"name": "Acme"})
    terms = {"vendor_id": vendor, "title": "Mail", "currency": "EUR", "end_kind": "unknown"}
    kinds = {"renewal_kind": "automatic", "notice_unit": "days", "escalator_kind": "unknown"}
    contract = _new(tab, "/contracts/new", terms | kinds)
    page = f"/contracts/{contract}"
    sent = tab.send(f"{page}/notice", {"served_on": "2026-09-01", "how": "registered letter"})
    assert sent.status_code == 303
    address, fields = _offer(tab, page)
    assert "registered letter" in _said(tab, page)
    assert (
        tab.client.post(address, data={**fields, "version": "99"}).status_code == 422
    )  # somebody changed it since
    tab.get(f"{page}/notice")
    assert tab.client.post(address, data=fields).status_code == 303
    _undo(tab, page)
    assert "registered letter" in _said(tab, page)
    assert "Take the notice back" in _said(tab, page)
    viewer = sign_in("viewer")
    viewer.get(page)
    assert viewer.post(f"{page}/notice/withdraw").status_code == 403
    assert tab.post("/contracts/999999/notice/withdraw", {"version": "1"}).status_code == 404


def test_a_view_that_was_removed_is_kept_again(sign_in: Sign) -> None:
    tab = sign_in("ops")
    tab.get("/tools?q=mail")
    kept = {"page": "tools.index", "query": "q=mail", "name": "Mailers", "unit_id": ""}
    assert tab.post("/views", kept).status_code == 303
    view = re.search(r"/views/(\d+)", tab.get("/views").get_data(as_text=True))
    assert view is not None
    assert tab.send(f"/views/{view[1]}/delete", {}).status_code == 303
    address, fields = _offer(tab, "/views")
    assert "Mailers" not in _said(tab, "/views")
    assert tab.client.post(address, data=fields).status_code == 303
    assert "Mailers" in _said(tab, "/views")


def test_a_cost_centre_that_was_ended_goes_on(sign_in: Sign) -> None:
    tab = sign_in("admin")
    tab.get("/settings/cost-centres")
    assert tab.post("/settings/cost-centres", {"cost_centre": "4711", "unit_id": "1"}).status_code == 303
    tab.get("/settings/cost-centres")
    assert tab.post("/settings/cost-centres/1/end").status_code == 303
    _undo(tab, "/settings/cost-centres")
    rows = tab.get("/settings/cost-centres?sort=valid_from&format=csv").get_data(as_text=True).splitlines()
    assert [line.split(",")[3:6] for line in rows[1:]] == [
        ["2026-09-30", "", "open"],
        ["", "2026-09-30", "ended"],
    ]


def test_an_objective_taken_out_of_use_is_put_back(sign_in: Sign) -> None:
    tab = sign_in("ops")
    objective = _new(tab, "/objectives/new", {"title": "Grow"})
    page = f"/objectives/{objective}"
    for back, then in (("", "Put back in use"), ("1", "Take out of use")):
        version = re.search(r'name="version"[^>]*value="(\d+)"', tab.get(page).get_data(as_text=True))
        assert version is not None
        assert tab.post(f"{page}/retire", {"version": version[1], "back": back}).status_code == 303
        assert then in _said(tab, page)
    version = re.search(r'name="version"[^>]*value="(\d+)"', tab.get(page).get_data(as_text=True))
    assert version is not None
    assert tab.post(f"{page}/retire", {"version": version[1], "back": ""}).status_code == 303
    _undo(tab, page)
    assert "Take out of use" in _said(tab, page)


def test_somebody_who_stays_after_all_is_no_leaver(sign_in: Sign) -> None:
    tab = sign_in("ops")
    tab.send("/people/new", {"name": "Ada Owner", "email": "ada@example.com"})
    person = re.search(r"/people/(\d+)/leave", tab.get("/people?q=Ada+Owner").get_data(as_text=True))
    assert person is not None
    page = f"/people/{person[1]}/leave"
    assert tab.send(page, {"left_on": "2026-09-30"}).status_code == 303
    assert 'value="2026-09-30"' in tab.get(page).get_data(as_text=True)
    tab.send(page, {"left_on": "2026-08-31"})
    _undo(tab, "/people")
    assert 'value="2026-09-30"' in tab.get(page).get_data(as_text=True)
    assert tab.send(page, {"left_on": ""}).status_code == 303
    choice = tab.get("/tools/new").get_data(as_text=True)
    assert "Ada Owner" in choice  # may own again


def test_a_rate_that_was_taken_out_is_entered_again(app: Flask, clock: Clock, sign_in: Sign) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.spend_line(session, 1000, currency="EUR", converted=False, on=date(2026, 3, 5))
    tab = sign_in("admin")
    typed = {"currency": "EUR", "kind": "booking", "valid_from": "2026-01-01", "rate": "1.5"}
    tab.get("/settings/rates/new")
    assert (
        tab.post("/settings/rates/new", {**typed, "agreed": "EUR booking 2026-01-01 1.5"}).status_code == 303
    )
    rate = re.search(r"/settings/rates/(\d+)", tab.get("/settings/rates").get_data(as_text=True))
    assert rate is not None
    rate_id = rate[1]
    assert tab.send(f"/settings/rates/{rate_id}/remove", {}).status_code == 303
    address, fields = _offer(tab, "/settings/rates")
    assert "1 line is unconverted for want of a rate (EUR)" in tab.get("/settings/rates").get_data(
        as_text=True
    )
    assert tab.client.post(address, data=fields).status_code == 303
    assert "Lines in 1 other currency are all converted" in tab.get("/settings/rates").get_data(as_text=True)


def _changes(app: Flask, number: int) -> list[dict[str, object]]:
    with app.app_context(), reading() as session:
        return [dict(each) for each in session.get_one(Scenario, number).changes]


@pytest.fixture
def what_if(app: Flask, clock: Clock, sign_in: Sign) -> tuple[Tab, int]:
    """A scenario with a change of each kind."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        three_tools(session)
        units = [
            builders.unit(session, code, name=name).id for code, name in (("DE", "Germany"), ("FR", "France"))
        ]
        tools = {name: number for number, name in session.execute(select(Tool.id, Tool.name))}
        line = session.scalars(
            select(ContractLine.id).where(ContractLine.quantity_micro.is_not(None))
        ).first()
    tab = sign_in("ops")
    number = _new(tab, "/scenarios/new", {"name": "All kinds"})
    page = tab.get(f"/scenarios/{number}/change/add").get_data(as_text=True)
    offered = page.partition('name="capabilities"')[2].partition("</select>")[0]
    capabilities = re.findall(r'value="([^"]+)"', offered)[:2]
    into = [tools["Beta"], tools["Gamma"]]
    kinds: dict[str, dict[str, object]] = {
        "off": {"tool_id": tools["Alpha"], "into_ids": into, "on": "2027-01-31", "once_minor": "1,234.50"},
        "seats": {"line_id": line, "seats": 0, "on": "2027-03-01"},
        "add": {
            "name": "Delta & Co",
            "on": "2027-02-01",
            "annual_minor": "0",
            "capabilities": capabilities,
            "unit_ids": units,
        },
        "merge": {"unit_ids": units},
    }
    for kind, sent in kinds.items():
        assert tab.send(f"/scenarios/{number}/change/{kind}", sent).status_code == 303, kind
    return tab, number


@pytest.mark.parametrize("place", range(4), ids=["off", "seats", "add", "merge"])
def test_a_change_removed_from_a_scenario_is_added_again(
    app: Flask, what_if: tuple[Tab, int], place: int
) -> None:
    tab, number = what_if
    page, before = f"/scenarios/{number}", _changes(app, number)
    tab.get(page)
    assert tab.post(f"{page}/step", {"remove": str(place)}).status_code == 303
    rest = [each for at, each in enumerate(before) if at != place]
    assert _changes(app, number) == rest
    notice = tab.get(page).get_data(as_text=True).partition('class="notices"')[2]
    found = _OFFER.search(notice)
    assert found is not None
    fields: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(found[2]):
        fields.setdefault(name, []).append(html.unescape(value))
    assert tab.client.post(found[1], data={**fields, "version": "99"}).status_code == 422
    assert tab.client.post(found[1], data=fields).status_code == 303
    assert _changes(app, number) == [*rest, before[place]]
    assert tab.client.post(found[1], data=fields).status_code == 422  # pressed twice: it stands once


def test_dates_moved_by_months_are_moved_back_where_that_is_exact(
    app: Flask, what_if: tuple[Tab, int]
) -> None:
    tab, number = what_if
    page, before = f"/scenarios/{number}", _changes(app, number)
    tab.get(page)
    assert tab.post(f"{page}/step", {"months": "2"}).status_code == 303
    assert _changes(app, number) != before
    _undo(tab, page)
    assert _changes(app, number) == before
    tab.get(page)
    # 31 January becomes 28 February, which would become 28 January.
    assert tab.post(f"{page}/step", {"months": "1"}).status_code == 303
    assert _OFFER.search(tab.get(page).get_data(as_text=True).partition('class="notices"')[2]) is None


def test_a_scenario_put_aside_is_taken_back(app: Flask, what_if: tuple[Tab, int]) -> None:
    tab, number = what_if
    tab.get(f"/scenarios/{number}")
    assert tab.post(f"/scenarios/{number}/step", {"aside": "1"}).status_code == 303
    _undo(tab, "/scenarios")
    with app.app_context(), reading() as session:
        assert session.get_one(Scenario, number).retired_on is None
