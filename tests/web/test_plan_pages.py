"""Budgets and business cases in the browser: nobody approves their own, locked is read-only, figures by month."""

import re
from collections.abc import Callable

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _id(location: str) -> int:
    return int(re.findall(r"/(\d+)", location)[0])


def _budget(tab: Tab) -> int:
    done = tab.send("/budgets/new", {"name": "Plan 2026", "basis": "invoiced"})
    assert done.status_code == 303
    return _id(done.location)


def _line(tab: Tab, budget: int, amount: str, **values: str) -> int:
    page = tab.get(f"/budgets/{budget}/lines/new").get_data(as_text=True)
    month = re.findall(r'name="month\.(\d+)"', page)[0]
    done = tab.post(
        f"/budgets/{budget}/lines/new",
        {"cost_centre": "4100", "currency": "USD", f"month.{month}": amount, **values},
    )
    return done.status_code


def test_a_budget_is_entered_locked_by_somebody_else_and_then_read_only(sign_in: Sign) -> None:
    finance = sign_in("finance")
    budget = _budget(finance)
    assert _line(finance, budget, "1,000.50") == 303
    assert "1,000.50" in finance.get(f"/budgets/{budget}").get_data(as_text=True)
    assert finance.post(f"/budgets/{budget}/lock").status_code == 403
    approver = sign_in("approver", email="a@example.com")
    approver.get(f"/budgets/{budget}")
    half = approver.post(f"/budgets/{budget}/lock")
    assert half.status_code == 422
    assert "11 months" in half.get_data(as_text=True)
    approver.get(f"/budgets/{budget}")
    locked = approver.post(f"/budgets/{budget}/lock", {"empty_is_zero": "1"})
    assert locked.status_code == 303, locked.get_data(as_text=True)[:1500]
    assert _line(finance, budget, "5") == 422
    assert "approved budget" in finance.get(f"/budgets/{budget}").get_data(as_text=True)


def test_a_month_that_is_no_amount_is_named(sign_in: Sign) -> None:
    finance = sign_in("finance")
    budget = _budget(finance)
    page = finance.get(f"/budgets/{budget}/lines/new").get_data(as_text=True)
    month = re.findall(r'name="month\.(\d+)"', page)[0]
    done = finance.post(
        f"/budgets/{budget}/lines/new", {"cost_centre": "1", "currency": "USD", f"month.{month}": "a lot"}
    )
    text = done.get_data(as_text=True)
    assert done.status_code == 422
    assert "Jan 2026" in text
    assert 'value="a lot"' in text


def _case(tab: Tab, owner: str = "") -> int:
    answers = dict.fromkeys(("who", "why", "what", "how", "then_what"), "Because.")
    done = tab.send("/cases/new", {"title": "New CDP", "currency": "USD", "owner_id": owner, **answers})
    assert done.status_code == 303, done.get_data(as_text=True)[:1500]
    return _id(done.location)


def test_a_case_is_written_submitted_and_approved_by_somebody_else(sign_in: Sign) -> None:
    finance = sign_in("finance")
    page = finance.get("/cases/new").get_data(as_text=True)
    owner = re.findall(r'id="owner_id".*?<option value="(\d+)">', page, re.DOTALL)[0]
    case = _case(finance, owner)
    rows = {"kind.0": "cost", "start.0": "2026-10", "months.0": "12", "amount.0": "100", "method.0": ""}
    rows |= {"kind.1": "cash", "start.1": "2027-01", "months.1": "12", "amount.1": "150.25", "method.1": ""}
    done = finance.send(f"/cases/{case}/figures", rows)
    assert done.status_code == 303, done.get_data(as_text=True)[:1500]
    shown = finance.get(f"/cases/{case}").get_data(as_text=True)
    assert "1,200.00" in shown
    assert "1,803.00" in shown
    assert finance.post(f"/cases/{case}/step", {"to": "submit"}).status_code == 303
    approver = sign_in("approver", email="a@example.com")
    page = approver.get(f"/cases/{case}").get_data(as_text=True)
    digest = re.findall(r'name="digest" value="(\w+)"', page)[0]
    assert (
        approver.post(f"/cases/{case}/judge", {"digest": "0" * 64, "verdict": "approve"}).status_code == 422
    )
    approver.get(f"/cases/{case}")
    assert approver.post(f"/cases/{case}/judge", {"digest": digest, "verdict": "approve"}).status_code == 303
    assert "approved" in finance.get(f"/cases/{case}").get_data(as_text=True)
    assert finance.send(f"/cases/{case}/figures", rows).status_code == 422


def test_figures_that_make_no_sense_are_named_by_their_row(sign_in: Sign) -> None:
    finance = sign_in("finance")
    case = _case(finance)
    done = finance.send(
        f"/cases/{case}/figures",
        {"kind.0": "cost", "start.0": "next spring", "months.0": "12", "amount.0": "100", "method.0": ""},
    )
    assert done.status_code == 422
    assert "Row 1" in done.get_data(as_text=True)


def test_a_version_with_other_units_lines_is_not_locked_by_one_units_approver(
    sign_in: Sign, units: None
) -> None:
    finance = sign_in("finance")
    budget = _budget(finance)
    assert _line(finance, budget, "100") == 303
    german = sign_in("approver", unit="DE", email="de@example.com")
    german.get(f"/budgets/{budget}")
    refused = german.post(f"/budgets/{budget}/lock")
    assert refused.status_code == 422
    assert "other business units" in refused.get_data(as_text=True)
    assert "is a draft" in finance.get(f"/budgets/{budget}").get_data(as_text=True)


def test_peoples_time_is_typed_in_the_cases_own_currency(sign_in: Sign) -> None:
    finance = sign_in("finance")
    done = finance.send("/cases/new", {"title": "In yen", "currency": "JPY", "people_micro": "1,250,000"})
    case = str(done.location).split("/cases/")[1].split("/")[0]
    page = finance.get(f"/cases/{case}/edit").get_data(as_text=True)
    assert 'value="1250000"' in page
    refused = finance.post(
        f"/cases/{case}/edit", {"title": "In yen", "currency": "JPY", "people_micro": "10.5"}
    )
    assert refused.status_code == 422
    assert "JPY has fewer digits after the point." in refused.get_data(as_text=True)
    emptied = finance.send(f"/cases/{case}/edit", {"title": "In yen", "currency": "JPY", "people_micro": ""})
    assert emptied.status_code == 303
    assert 'value="1250000"' not in finance.get(f"/cases/{case}/edit").get_data(as_text=True)
