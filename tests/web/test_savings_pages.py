"""Savings, objectives, scores and what waits, in the browser: who may what, one effect, both versions, other units."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import find_unit
from mopsaudit.store.models import BudgetLine, Saving, SavingLine, Tool
from mopsaudit.store.session import reading
from tests import builders
from tests.browser import company
from tests.web.browser import Tab

Sign = Callable[..., Tab]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Ids of a tool and of the budget line that pays for it."""

    id: int
    budget_line_id: int


@pytest.fixture
def tool(app: Flask, session: Session) -> Bearer:
    """A tool at 12,000 a year by contract, with a budget line and two invoices of 500 since July."""
    vendor = builders.vendor(session)
    made = builders.tool(session, of=vendor)
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    builders.contract_line(session, contract, tool=made, amount_minor=12_000_00)
    builders.budget(session, lines=[{"tool_id": made.id, "monthly": 1_000_00}])
    for month in (7, 8):
        builders.spend_line(session, 500_00, on=date(2026, month, 5), tool=made)
    return _kept(session, made)


def _kept(session: Session, tool: Tool) -> Bearer:
    found = Bearer(tool.id, session.scalars(select(BudgetLine.id)).one())
    session.commit()
    return found


def _values(tool: Bearer, **more: str) -> dict[str, str]:
    return {
        "title": "Fewer seats",
        "kind": "reduction",
        "tool_id": str(tool.id),
        "currency": "USD",
        "baseline": "12,000 for 100 seats",
        "annual_minor": "3,000",
        "recurring": "y",
        "budget_line_id": str(tool.budget_line_id),
        **more,
    }


def _saving(tab: Tab, tool: Bearer, **more: str) -> int:
    done = tab.send("/savings/new", _values(tool, **more))
    assert done.status_code == 303, done.get_data(as_text=True)[-3000:]
    return int(re.findall(r"/savings/(\d+)", done.location)[0])


def _contracted(tab: Tab, tool: Bearer) -> int:
    saving = _saving(tab, tool)
    for stage in ("agreed", "contracted"):
        tab.get(f"/savings/{saving}")
        assert tab.post(f"/savings/{saving}/step", {"to": stage}).status_code == 303
    return saving


def test_a_saving_goes_from_identified_to_signed_by_finance(app: Flask, sign_in: Sign, tool: Bearer) -> None:
    ops, finance = sign_in("ops"), sign_in("finance")
    saving = _contracted(ops, tool)
    address = f"/savings/{saving}/realise?first=2026-07&last=2026-08&covers=1"
    assert ops.get(address).status_code == 403
    assert "waits for finance" in finance.get("/").get_data(as_text=True)
    page = finance.get(address).get_data(as_text=True)
    assert "These months show 1,000.00 USD saved at most." in page
    lines = re.findall(r'name="line" value="(\d+)"[^>]* checked', page)
    assert len(lines) == 2
    months = {"first": "2026-07", "last": "2026-08", "covers": "1", "step": "sign"}
    above = finance.post(
        f"/savings/{saving}/realise", {**months, "line": lines, "realised_minor": "1,000.01"}
    )
    assert above.status_code == 422
    assert "1,000 USD at most" in above.get_data(as_text=True)
    finance.get(address)
    sent = {**months, "line": lines, "realised_minor": "1,000.00"}
    assert finance.post(f"/savings/{saving}/realise", sent).status_code == 303
    assert finance.post(f"/savings/{saving}/realise", sent).status_code == 303  # the same form again
    with app.app_context(), reading() as read:
        assert len(read.scalars(select(SavingLine.id)).all()) == 2
    shown = finance.get(f"/savings/{saving}").get_data(as_text=True)
    assert "1,000.00 USD realised, signed by Finance Person" in shown
    assert "1,000 USD realised this year" in finance.get("/savings").get_data(as_text=True)


def test_nobody_signs_their_own(app: Flask, sign_in: Sign, tool: Bearer) -> None:
    finance = sign_in("finance")
    saving = _contracted(finance, tool)
    assert "Nobody signs their own" in finance.get(f"/savings/{saving}").get_data(as_text=True)
    finance.get(f"/savings/{saving}/realise")
    done = finance.post(
        f"/savings/{saving}/realise",
        {"first": "2026-09", "last": "2026-09", "realised_minor": "1", "step": "sign", "signed_by_id": "1"},
    )
    assert done.status_code == 422
    with app.app_context(), reading() as read:
        assert read.get_one(Saving, saving).signed_by_id is None


def test_both_versions_of_an_edit_are_shown(app: Flask, sign_in: Sign, tool: Bearer) -> None:
    first, second = sign_in("ops"), sign_in("ops", email="o2@example.com")
    saving = _saving(first, tool)
    first.get(f"/savings/{saving}/edit")
    second.get(f"/savings/{saving}/edit")
    assert first.post(f"/savings/{saving}/edit", _values(tool, annual_minor="2,000")).status_code == 303
    late = second.post(f"/savings/{saving}/edit", _values(tool, annual_minor="2,500"))
    assert late.status_code == 422
    assert "Now stored" in late.get_data(as_text=True)
    with app.app_context(), reading() as read:
        assert read.get_one(Saving, saving).annual_minor == 2_000_00


def test_what_is_claimed_already_is_a_sentence_and_what_was_typed_stays(sign_in: Sign, tool: Bearer) -> None:
    ops = sign_in("ops")
    _saving(ops, tool, annual_minor="9,000")
    done = ops.send("/savings/new", _values(tool, annual_minor="4,000"))
    text = done.get_data(as_text=True)
    assert done.status_code == 422
    assert "3,000 USD of that is not claimed by another saving" in text
    assert 'value="4,000"' in text


def test_the_same_form_sent_at_once_enters_one_saving(app: Flask, sign_in: Sign, tool: Bearer) -> None:
    ops = sign_in("ops")
    ops.get("/savings/new")
    values = {**ops.fields, **_values(tool)}
    start = threading.Barrier(6)
    told: list[int] = []

    def send() -> None:
        client = app.test_client()
        client._cookies = ops.client._cookies
        start.wait()
        told.append(client.post("/savings/new", data=values).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [303] * 6
    with app.app_context(), reading() as read:
        assert len(read.scalars(select(Saving.id)).all()) == 1


def test_another_units_saving_is_not_there(sign_in: Sign, units: None, session: Session) -> None:
    german = builders.tool(session, "Only German", units=[find_unit(session, "DE")])
    contract = builders.contract(
        session, builders.vendor(session), start_on=date(2026, 1, 1), initial_months=12
    )
    builders.contract_line(session, contract, tool=german, amount_minor=1_000_00)
    builders.budget(session, lines=[{"tool_id": german.id, "monthly": 100}])
    bearer = _kept(session, german)
    saving = _saving(sign_in("ops"), bearer, annual_minor="10")
    british = sign_in("ops", unit="UK", email="uk@example.com")
    assert british.get(f"/savings/{saving}").status_code == 404
    assert british.get(f"/savings/{saving}/edit").status_code == 404
    british.get("/savings")
    assert british.get(f"/savings/new?tool_id={bearer.id}").status_code == 404
    refused = british.send("/savings/new", _values(bearer, annual_minor="10"))
    assert refused.status_code == 422


def test_an_objective_does_not_stand_below_its_own_child(sign_in: Sign) -> None:
    ops = sign_in("ops")
    top = _objective(ops, "Grow")
    below = _objective(ops, "Leads", parent_id=str(top))
    refused = ops.send(f"/objectives/{top}/edit", {"title": "Grow", "parent_id": str(below)})
    assert refused.status_code == 422
    assert "cannot stand below itself" in refused.get_data(as_text=True)
    ops.get(f"/objectives/{top}")
    kept = ops.post(f"/objectives/{top}/retire")
    assert "what stands below it first: Leads" in kept.get_data(as_text=True)
    case = ops.send("/cases/new", {"title": "New CDP", "currency": "USD", "objective_id": str(below)})
    assert case.status_code == 303
    assert "New CDP" in ops.get(f"/objectives/{below}").get_data(as_text=True)


def _objective(tab: Tab, title: str, **values: str) -> int:
    done = tab.send("/objectives/new", {"title": title, **values})
    assert done.status_code == 303, done.get_data(as_text=True)[-2000:]
    return int(re.findall(r"/objectives/(\d+)", done.location)[0])


def test_a_case_that_promises_no_benefit_says_so_and_its_review_comes_up(sign_in: Sign) -> None:
    ops = sign_in("ops")
    done = ops.send("/cases/new", {"title": "New CDP", "currency": "USD", "review_on": "2026-09-01"})
    case = int(re.findall(r"/cases/(\d+)", done.location)[0])
    rows = {"kind.0": "cost", "start.0": "2026-10", "months.0": "12", "amount.0": "100", "method.0": ""}
    assert ops.send(f"/cases/{case}/figures", rows).status_code == 303
    assert "No benefit is promised" in ops.get(f"/cases/{case}").get_data(as_text=True)
    assert "1 promises no benefit" in ops.get("/cases").get_data(as_text=True)


def test_scores_put_a_tool_into_its_quadrant_and_question_the_decision(sign_in: Sign, tool: Bearer) -> None:
    ops = sign_in("ops")
    assert "0 of 1 tools are scored; 1 waits for a score." in ops.get("/scores").get_data(as_text=True)
    assert "Eliminate: neither" not in ops.get("/scores").get_data(as_text=True)
    done = ops.send("/decisions/new", {"tool_id": str(tool.id), "verdict": "keep", "reason": "We like it."})
    assert ">agree<" not in ops.get("/scores").get_data(
        as_text=True
    )  # nobody scored it: nothing to agree with
    assert ops.send(f"/scores/{tool.id}", {"functional": "1", "technical": "2"}).status_code == 303
    page = ops.get(done.location).get_data(as_text=True)
    assert "something else than this decision" in page
    page = ops.get("/scores").get_data(as_text=True)
    assert "mismatch" in page
    assert "1 of 1 tools is scored; 0 wait for a score; 1 decision says something else" in page
    figures = re.findall(
        r'href="(/scores\?[^"]+)"><span class="label">([^<]+)</span><span class="value[^"]*">([^<]+)', page
    )
    assert [(label, number) for _, label, number in figures] == [
        ("Invest: fit and sound", "0"),
        ("Migrate: fit, not sound", "0"),
        ("Tolerate: sound, not fit", "0"),
        ("Eliminate: neither", "1"),
    ]
    assert "1 decided otherwise" in page
    there = {
        label: ops.get(address.replace("&amp;", "&")).get_data(as_text=True) for address, label, _ in figures
    }
    assert [label for label, shown in there.items() if f'data-href="/scores/{tool.id}' in shown] == [
        "Eliminate: neither"
    ]


def test_a_decision_starts_from_its_finding(app: Flask, sign_in: Sign, session: Session) -> None:
    company.fill(session)
    session.commit()
    ops = sign_in("ops")
    report = ops.get("/reports/underuse").get_data(as_text=True)
    found = re.findall(r'href="(/reports/underuse/findings/[^"]*)"', report)[0].replace("&amp;", "&")
    page = ops.get(found).get_data(as_text=True)
    address = re.findall(r'href="(/decisions/new[^"]+)"', page)[0].replace("&amp;", "&")
    form = ops.get(address).get_data(as_text=True)
    chosen = re.findall(r"<option[^>]*selected[^>]*>", form)
    assert any('value="right_size"' in each for each in chosen), chosen
    assert re.search(r'id="expected_minor"[^>]*value="[1-9]', form)
    assert re.search(r"<textarea[^>]*>\s*\w", form)
    assert 'href="/savings/new?tool_id=' in page
    assert ops.get(address.split("finding=")[0] + "finding=none").status_code == 404
    assert "/decisions/new" not in sign_in("viewer").get(found).get_data(as_text=True)


def test_a_decision_that_is_closed_says_so_before_and_is_recorded_again(
    app: Flask, sign_in: Sign, session: Session, tool: Bearer
) -> None:
    builders.unit(session, "DE", name="Germany")
    session.commit()
    ops = sign_in("ops")
    made = {
        "tool_id": str(tool.id),
        "verdict": "renegotiate",
        "reason": "The price is above the market.",
        "due_on": "2026-11-30",
        "expected_minor": "3,000",
        "recurring": "y",
    }
    done = ops.send("/decisions/new", made)
    number = int(re.findall(r"/decisions/(\d+)", done.location)[0])
    assert (
        ops.send(f"/savings/new?decision_id={number}", _values(tool, decision_id=str(number))).status_code
        == 303
    )
    page = ops.get(f"/decisions/{number}").get_data(as_text=True)
    assert "Closing is final" in page
    assert "Its saving stays on the ledger" in page
    assert f"again={number}" not in page
    assert ops.post(f"/decisions/{number}/close", {"status": "dropped"}).status_code == 303
    page = ops.get(f"/decisions/{number}").get_data(as_text=True)
    assert "Closing is final" not in page
    assert "its saving still stands on the ledger" in page
    assert f'href="/decisions/new?again={number}"' in page
    form = ops.get(f"/decisions/new?again={number}").get_data(as_text=True)
    assert any('value="renegotiate"' in each for each in re.findall(r"<option[^>]*selected[^>]*>", form))
    assert "The price is above the market." in form
    assert 'value="2026-11-30"' in form
    assert re.search(r'id="expected_minor"[^>]*value="3,?000', form)
    again = ops.post(f"/decisions/new?again={number}", made)
    assert again.status_code == 303
    assert again.location != done.location
    assert ops.get("/decisions/new?again=999").status_code == 404
    german = sign_in("ops", email="d@example.com", unit="DE")
    assert german.get(f"/decisions/new?again={number}").status_code == 404
    assert "again=" not in sign_in("viewer").get(f"/decisions/{number}").get_data(as_text=True)


def test_a_saving_that_is_dropped_says_so_before_and_is_entered_again(
    app: Flask, sign_in: Sign, session: Session, tool: Bearer
) -> None:
    builders.unit(session, "DE", name="Germany")
    session.commit()
    ops = sign_in("ops")
    saving = _saving(ops, tool)
    page = ops.get(f"/savings/{saving}").get_data(as_text=True)
    assert "Dropping is final" in page
    assert f"again={saving}" not in page
    sent = {"to": "dropped", "reason": "The vendor refused."}
    assert ops.post(f"/savings/{saving}/step", sent).status_code == 303
    page = ops.get(f"/savings/{saving}").get_data(as_text=True)
    assert "Dropping is final" not in page
    assert f'href="/savings/new?again={saving}"' in page
    address = f"/savings/new?again={saving}"
    form = ops.get(address).get_data(as_text=True)
    assert "12,000 for 100 seats" in form
    assert re.search(r'id="annual_minor"[^>]*value="3,?000', form)
    assert any(
        f'value="{tool.budget_line_id}"' in each for each in re.findall(r"<option[^>]*selected[^>]*>", form)
    )
    assert ops.post(address, _values(tool)).status_code == 303
    with app.app_context(), reading() as read:
        stages = read.scalars(select(Saving.stage).order_by(Saving.id)).all()
    assert stages == ["dropped", "identified"]
    german = sign_in("ops", email="d@example.com", unit="DE")
    assert german.get(address).status_code == 404
