"""A step that destroys offers to be taken back in one press, and the press goes through the same checks."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
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
