"""The lowest-cost stack and what is required, in the browser: asking, stale answers, other units, words."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mopsaudit.jobs import job_of
from mopsaudit.scenarios import work
from mopsaudit.store.models import CapabilityNeed, ContractLine, Decision, StackSearch, Tool
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.scenarios.company import MAIL, three_tools
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
ASK: dict[str, Any] = {"months": 36, "lead_months": 3, "moving_minor": "0", "person_minor": "0"}


@pytest.fixture
def company(app: Flask, clock: Clock) -> None:
    """The example of the manual."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        three_tools(session)


def search(app: Flask) -> StackSearch:
    with app.app_context(), reading() as session:
        found = session.scalars(select(StackSearch)).one()
        session.expunge(found)
        return found


def test_a_small_question_is_answered_at_once(company: None, app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    answer = tab.post("/scenarios/stack/new", ASK)
    assert answer.status_code == 303
    found = search(app)
    assert found.status == "done"
    assert found.answer is not None
    assert found.answer["value_minor"] == 41_021_90
    page = tab.get(f"/scenarios/stack/{found.id}").get_data(as_text=True)
    assert "2 tools of 3 would do" in page
    assert "proven: value 41,022 = bound 41,022" in page
    assert "Person 3" in page
    assert "The data changed" not in page
    assert tab.get(f"/scenarios/stack/{found.id}?format=json").get_json()["proof"]["gap_minor"] == 0
    assert "2 tools of 3 would do" in tab.get("/scenarios/stack").get_data(as_text=True)


def test_a_question_above_a_second_is_a_job(
    company: None, app: Flask, sign_in: Sign, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import blueprints.stack_searches as pages

    monkeypatch.setattr(pages, "answered_at_once", lambda question: None)
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    found = search(app)
    assert (found.status, found.answer) == ("working", None)
    assert "being worked out" in tab.get(f"/scenarios/stack/{found.id}").get_data(as_text=True)
    assert tab.get(f"/scenarios/stack/{found.id}/state").get_json()["finished"] is False
    from mopsaudit.jobs.worker import run_one

    with app.app_context():
        assert run_one(app, work.HANDLERS, worker="w", clock=lambda: clock.now)
    assert search(app).status == "done"
    assert tab.get(f"/scenarios/stack/{found.id}/state").get_json()["finished"] is True


def test_a_job_that_waits_can_be_stopped(
    company: None, app: Flask, sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    import blueprints.stack_searches as pages

    monkeypatch.setattr(pages, "answered_at_once", lambda question: None)
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    found = search(app)
    tab.get(f"/scenarios/stack/{found.id}")
    tab.post(f"/scenarios/stack/{found.id}/cancel", {})
    with app.app_context(), reading() as session:
        job = job_of(session, work.STACK_JOB, found.id)
        assert job is not None
        assert job.status == "cancelled"
    assert search(app).status == "cancelled"
    assert "was stopped" in tab.get(f"/scenarios/stack/{found.id}").get_data(as_text=True)


def test_who_does_not_act_on_people_sees_no_names_and_other_units_nothing(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.unit(session, "DE", name="Germany")
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    found = search(app)
    viewer = sign_in("viewer", email="v@example.com")
    page = viewer.get(f"/scenarios/stack/{found.id}").get_data(as_text=True)
    assert "2 tools of 3 would do" in page
    assert "Person 3" not in page
    assert viewer.get(f"/scenarios/stack/{found.id}?format=json").status_code == 403
    german = sign_in("ops", email="d@example.com", unit="DE")
    assert german.get(f"/scenarios/stack/{found.id}").status_code == 404
    assert german.get(f"/scenarios/stack/{found.id}/state").status_code == 404


def test_an_answer_says_that_the_data_changed(company: None, app: Flask, sign_in: Sign, clock: Clock) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    found = search(app)
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.tool(session, "Later", capabilities={MAIL: 2})
    assert "The data changed since" in tab.get(f"/scenarios/stack/{found.id}").get_data(as_text=True)


def test_a_forged_tool_is_refused_and_nothing_is_kept(company: None, app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    answer = tab.post("/scenarios/stack/new", {**ASK, "keep": 999})
    assert answer.status_code == 422
    with app.app_context(), reading() as session:
        assert session.scalars(select(StackSearch)).all() == []


def test_an_empty_company_is_told_so(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    assert "Nothing is required yet" in tab.get("/scenarios/required").get_data(as_text=True)
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    page = tab.get(f"/scenarios/stack/{search(app).id}").get_data(as_text=True)
    assert "No running tool has capabilities yet" in page


def test_words_on_what_is_required_are_said_changed_and_taken_back(
    company: None, app: Flask, sign_in: Sign
) -> None:
    tab = sign_in("ops")
    page = tab.get("/scenarios/required").get_data(as_text=True)
    assert "it is used" in page
    with app.app_context(), reading() as session:
        from mopsaudit.organisation import find_unit

        unit_id = find_unit(session, "UK").id
    tab.get("/scenarios/required/say")
    said = {"capability_id": MAIL, "unit_id": unit_id, "said": "two", "reason": "It must never stop."}
    assert tab.post("/scenarios/required/say", said).status_code == 303
    with app.app_context(), reading() as session:
        need = session.scalars(select(CapabilityNeed)).one()
        assert (need.suppliers, need.set_on) == (2, date(2026, 9, 30))
        need_id = need.id
    assert "It must never stop." in tab.get("/scenarios/required").get_data(as_text=True)
    tab.get(f"/scenarios/required/say?need={need_id}")
    changed = {**said, "said": "no", "version": "1"}
    assert tab.post(f"/scenarios/required/say?need={need_id}", changed).status_code == 303
    tab.get(f"/scenarios/required/say?need={need_id}")
    stale = tab.post(f"/scenarios/required/say?need={need_id}", {**said, "version": "1"})
    assert stale.status_code == 422
    tab.get(f"/scenarios/required/say?need={need_id}")
    assert tab.post(f"/scenarios/required/{need_id}/take-back", {"version": "2"}).status_code == 303
    offer = tab.get("/scenarios/required").get_data(as_text=True).partition('class="notices"')[2]
    assert "Undo</button>" in offer
    assert tab.get(f"/scenarios/required/say?need={need_id}").status_code == 404
    back = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', offer.partition("Undo</button>")[0]))
    assert back["said"] == "no"
    assert tab.client.post("/scenarios/required/say", data=back).status_code == 303
    with app.app_context(), reading() as session:
        again = session.scalars(select(CapabilityNeed)).one()
        assert (again.capability_id, again.unit_id, again.required) == (MAIL, unit_id, False)


def test_only_ops_and_admin_ask(company: None, sign_in: Sign) -> None:
    for role in ("finance", "procurement", "approver", "viewer"):
        tab = sign_in(role, email=f"{role}@example.com")
        if role != "approver":
            assert tab.get("/scenarios/stack").status_code == 200
        assert tab.get("/scenarios/required/say").status_code in (302, 403)


def build(tab: Tab, app: Flask, name: str = "Beta goes") -> int:
    """A scenario in which Beta moves to Alpha on 1 January 2027; its number."""
    tab.get("/scenarios/new")
    made = tab.post("/scenarios/new", {"name": name, "notes": ""})
    number = int(made.location.rpartition("/")[2].partition("?")[0])
    with app.app_context(), reading() as session:
        ids = {each.name: each.id for each in session.scalars(select(Tool))}
    tab.get(f"/scenarios/{number}/change/off")
    sent = {"tool_id": ids["Beta"], "on": "2027-01-01", "into_ids": ids["Alpha"], "once_minor": "1000"}
    assert tab.post(f"/scenarios/{number}/change/off", sent).status_code == 303
    return number


def test_a_scenario_is_built_shown_and_compared(company: None, app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    number = build(tab, app)
    page = tab.get(f"/scenarios/{number}").get_data(as_text=True)
    assert "Beta is switched off; Alpha takes over" in page
    assert "3,000 USD less a year in the end" in page
    assert "Person 33" in page
    assert "The data changed" not in page
    found = tab.get(f"/scenarios/{number}?format=json").get_json()
    assert found["annual"]["amount"] == "3000.00"
    assert found["changes"][0]["people"] == 30
    other = build(tab, app, "Again")
    page = tab.get(f"/scenarios/compare?id={number}&id={other}").get_data(as_text=True)
    assert "Beta goes" in page
    assert "saves most in the end: 3,000 USD a year" in page
    assert "2 saved scenarios" in tab.get("/scenarios").get_data(as_text=True)


def test_every_figure_opens_to_what_it_is_made_of(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        gamma = session.scalars(select(Tool).where(Tool.name == "Gamma")).one()
        builders.spend_line(session, 77_00, on=date(2026, 5, 4), tool=gamma)
    tab = sign_in("ops")
    number = build(tab, app)
    page = tab.get(f"/scenarios/{number}").get_data(as_text=True)
    for figure in ("?year=0", "?year=1", "?year=2", "?change=0"):
        assert f'href="/scenarios/{number}/origins{figure}"' in page, figure
    last = tab.get(f"/scenarios/{number}/origins?year=2").get_data(as_text=True)
    assert "21,000 USD as things stand" in last
    assert "3,000 USD less, from 2 of" in last
    assert "Beta agreement: Beta" in last
    assert '/contracts/2"' in last
    assert "seats for movers" in last
    this = tab.get(f"/scenarios/{number}/origins?year=0").get_data(as_text=True)
    assert f"/lines?tool_ids={gamma_id(app)}&amp;" in this
    alone = tab.get(f"/scenarios/{number}/origins?year=2&change=0").get_data(as_text=True)
    assert "One change alone: Beta is switched off" in alone
    assert tab.get(f"/scenarios/{number}/origins").status_code == 200
    for wrong in ("year=3", "year=x", "year=-1", "change=1", "change=999999999999"):
        assert tab.get(f"/scenarios/{number}/origins?{wrong}").status_code == 404, wrong


def cells(page: str) -> list[str]:
    """Where the single figures of the page's tables lead."""
    return [each.replace("&amp;", "&") for each in re.findall(r'class="opens made-of" href="([^"]+)"', page)]


def test_every_figure_of_a_comparison_opens(company: None, app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    first, second = build(tab, app), build(tab, app, "Again")
    page = tab.get(f"/scenarios/compare?id={first}&id={second}").get_data(as_text=True)
    found = cells(page)
    for number in (first, second):
        for year in range(3):
            assert f"/scenarios/{number}/origins?year={year}" in found
        for place in ("changes-title", "chart-1", "people", "falls"):
            assert f"/scenarios/{number}#{place}" in found, place
            assert f'id="{place}"' in tab.get(f"/scenarios/{number}").get_data(as_text=True), place
    # Three years of today and both, and five measures of each beside the two that count what falls away.
    assert len(found) == 3 * 3 + 2 * 6
    assert found.count(f"/scenarios/{first}/origins?year=0") == 2  # today's, and the first's own
    once = (
        tab.get(f"/scenarios/{first}").get_data(as_text=True).partition("<tfoot>")[2].partition("</tfoot>")[0]
    )
    assert "1,000" in once
    viewer = sign_in("viewer", email="v@example.com")
    page = viewer.get(f"/scenarios/compare?id={first}").get_data(as_text=True)
    assert f"/scenarios/{first}#people" not in cells(page)


def test_every_figure_of_the_lowest_cost_stack_opens(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.unit(session, "DE", name="Germany")
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", {**ASK, "moving_minor": "1000"})
    number = search(app).id
    page = tab.get(f"/scenarios/stack/{number}").get_data(as_text=True)
    for figure in ("", "?span=year"):
        assert f'class="key-figure" href="/scenarios/stack/{number}/parts{figure}"' in page, figure
    found = cells(page)
    assert len(found) == 3 + 2 + 1  # of the tool switched off, and of the two that stay
    alone = next(each for each in found if "tool=" in each and "span" not in each and "f." not in each)
    for each in found:
        assert tab.get(each).status_code == 200, each
    whole = tab.get(f"/scenarios/stack/{number}/parts").get_data(as_text=True)
    assert "63,000 USD today and 42,022 USD with these tools" in whole
    assert "Alpha: Alpha agreement" in whole
    assert '/contracts/1"' in whole
    assert "20,978.10" in whole.partition("<tfoot>")[2]
    assert "Alpha alone" in tab.get(alone).get_data(as_text=True)
    (owed,) = [each for each in found if "goes" in each]
    sums = tab.get(owed).get_data(as_text=True).partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "3,021.90" in sums
    assert "1,000.00" not in sums  # what moving costs is another part
    year = tab.get(f"/scenarios/stack/{number}/parts?span=year").get_data(as_text=True)
    assert "21,000 USD today and 13,000 USD once every contract has ended" in year
    for wrong in ("set=99", "set=x", "tool=999", "tool=-1"):
        assert tab.get(f"/scenarios/stack/{number}/parts?{wrong}").status_code == 404, wrong
    assert tab.get("/scenarios/stack/999/parts").status_code == 404
    german = sign_in("ops", email="d@example.com", unit="DE")
    assert german.get(f"/scenarios/stack/{number}/parts").status_code == 404
    viewer = sign_in("viewer", email="v@example.com")
    assert viewer.get(f"/scenarios/stack/{number}/parts").status_code == 200


def test_an_answer_kept_without_parts_leads_nowhere(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    number = search(app).id
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        kept = session.get_one(StackSearch, number)
        kept.answer = {key: value for key, value in (kept.answer or {}).items() if key != "parts"}
    page = tab.get(f"/scenarios/stack/{number}").get_data(as_text=True)
    assert cells(page) == []
    assert 'href="#off"' in page
    assert tab.get(f"/scenarios/stack/{number}/parts").status_code == 404


def test_parts_of_a_contract_line_that_is_gone_stay_without_their_way_down(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    number = search(app).id
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        alpha = session.scalars(select(Tool).where(Tool.name == "Alpha")).one()
        for line in session.scalars(select(ContractLine).where(ContractLine.tool_id == alpha.id)):
            session.delete(line)
    page = tab.get(f"/scenarios/stack/{number}/parts").get_data(as_text=True)
    assert "Alpha agreement" not in page
    assert "36,000.00" in page


def gamma_id(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalars(select(Tool.id).where(Tool.name == "Gamma")).one()


def test_other_units_and_forged_records_are_not_there(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.unit(session, "DE", name="Germany")
    tab = sign_in("ops")
    number = build(tab, app)
    german = sign_in("ops", email="d@example.com", unit="DE")
    german.get("/scenarios")
    for path in ("", "/edit", "/change/off", "/decide", "/origins"):
        assert german.get(f"/scenarios/{number}{path}").status_code == 404
    assert german.get(f"/scenarios/compare?id={number}").status_code == 404
    tab.get(f"/scenarios/{number}/change/off")
    sent = {"tool_id": 999, "on": "2027-01-01"}
    assert tab.post(f"/scenarios/{number}/change/off", sent).status_code == 422
    assert tab.get(f"/scenarios/{number}/change/nothing").status_code == 404


def test_steps_want_the_version_that_was_seen(company: None, app: Flask, sign_in: Sign) -> None:
    tab = sign_in("ops")
    number = build(tab, app)
    page = tab.get(f"/scenarios/{number}")
    assert page.status_code == 200
    version = tab.fields["version"]
    step = f"/scenarios/{number}/step"
    assert tab.post(step, {"months": "6", "version": version}).status_code == 303
    tab.get(f"/scenarios/{number}")
    assert tab.post(step, {"remove": "0", "version": version}).status_code == 422
    tab.get(f"/scenarios/{number}")
    assert tab.post(step, {"remove": "0"}).status_code == 303
    assert "Nothing is changed" in tab.get(f"/scenarios/{number}").get_data(as_text=True)
    tab.get(f"/scenarios/{number}")
    assert tab.post(step, {"aside": "1"}).status_code == 303
    assert "Beta goes" not in tab.get("/scenarios").get_data(as_text=True)
    assert "Beta goes" in tab.get("/scenarios?aside=1").get_data(as_text=True)


def test_the_page_names_what_changed_and_keeps_a_new_look(
    company: None, app: Flask, sign_in: Sign, clock: Clock
) -> None:
    tab = sign_in("ops")
    number = build(tab, app)
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        for line in session.scalars(select(ContractLine)):
            line.amount_minor = (line.amount_minor or 0) * 2
    page = tab.get(f"/scenarios/{number}").get_data(as_text=True)
    assert "The data changed since this was looked through" in page
    assert "price of a seat" in page
    assert tab.post(f"/scenarios/{number}/step", {"look": "1"}).status_code == 303
    assert "The data changed" not in tab.get(f"/scenarios/{number}").get_data(as_text=True)


def test_the_lowest_cost_stack_becomes_a_scenario_and_that_decisions(
    company: None, app: Flask, sign_in: Sign
) -> None:
    tab = sign_in("ops")
    tab.get("/scenarios/stack/new")
    tab.post("/scenarios/stack/new", ASK)
    tab.get(f"/scenarios/new?search={search(app).id}")
    made = tab.post(f"/scenarios/new?search={search(app).id}", {"name": "Cheapest", "notes": ""})
    number = int(made.location.rpartition("/")[2])
    page = tab.get(f"/scenarios/{number}").get_data(as_text=True)
    assert "Alpha is switched off; Beta and Gamma take over" in page
    tab.get(f"/scenarios/{number}/decide")
    assert tab.post(f"/scenarios/{number}/decide", {}).status_code == 303
    page = tab.get("/decisions").get_data(as_text=True)
    assert "1 decision recorded" in page
    with app.app_context(), reading() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.verdict, decision.scenario_id) == ("replace", number)
    tab.get(f"/scenarios/{number}/decide")
    tab.post(f"/scenarios/{number}/decide", {})
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(Decision)).all()) == 1
