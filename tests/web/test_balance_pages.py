"""Typing what the ledger says beside our lines, and signing a difference off."""

import re

from flask import Flask

from mopsaudit.store.ledger import LedgerBalance, SourceLedger
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests.web.browser import Clock, Sign, Tab


def _ledger(app: Flask, clock: Clock) -> int:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        source = SourceLedger(name="AP UK", kind_of_source="ap", accrued=False)
        session.add(source)
        session.flush()
        return source.id


def _text(tab: Tab, path: str) -> str:
    return tab.get(path).get_data(as_text=True)


def test_a_balance_is_typed_changed_signed_off_and_removed(app: Flask, clock: Clock, sign_in: Sign) -> None:
    source_id = _ledger(app, clock)
    tab = sign_in("finance")
    assert "There is no ledger to tie to yet." in _text(tab, "/balances")
    data = {
        "source_id": source_id,
        "month": 2026 * 12 + 2,
        "currency": "gbp",
        "gl_account": "",
        "amount": "1.234,50",
    }
    assert tab.send("/balances/new", {**data, "amount": "12.345"}).status_code == 422
    assert tab.send("/balances/new", {**data, "currency": "XXQ"}).status_code == 422
    assert tab.send("/balances/new", data).status_code == 303
    page = _text(tab, "/balances")
    assert "1,234.50 GBP of difference waits for an explanation" in page
    address = re.findall(r'href="(/balances/\d+)/edit[^"]*"', page)[0]
    assert "1234.50" in _text(tab, f"{address}/edit")
    tab.get(f"{address}/edit")
    seen = tab.page.get_data(as_text=True) if tab.page else ""
    assert 'name="seen"' in seen
    stale = {"amount": "5", "seen": "77"}
    refused = tab.send(f"{address}/edit", stale)
    assert refused.status_code == 422
    assert "meanwhile" in refused.get_data(as_text=True)
    assert tab.send(f"{address}/edit", {"amount": "1200", "seen": "123450"}).status_code == 303
    shown = _text(tab, f"{address}/sign-off")
    assert "a difference of 1,200.00 GBP" in shown
    assert tab.send(f"{address}/sign-off", {"reason": "", "difference": "120000"}).status_code == 422
    assert tab.send(f"{address}/sign-off", {"reason": "x", "difference": "1"}).status_code == 422
    done = tab.send(f"{address}/sign-off", {"reason": "Prepaid in January", "difference": "120000"})
    assert done.status_code == 303
    assert "Prepaid in January" in _text(tab, "/balances")
    assert "1 differs and is signed off" in _text(tab, "/balances")
    tab.get(f"{address}/edit")
    assert tab.post(f"{address}/remove").status_code == 303
    assert tab.get(f"{address}/edit").status_code == 404


def test_a_ledger_is_the_whole_companys_and_only_finance_types(
    app: Flask, clock: Clock, sign_in: Sign, units: None
) -> None:
    source_id = _ledger(app, clock)
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        session.add(
            LedgerBalance(
                source_id=source_id, month=2026 * 12, currency="GBP", amount_minor=5, gl_account=None
            )
        )
    part = sign_in("finance", unit="UK")
    for path in ("/balances", "/balances/new", "/balances/1/edit", "/balances/1/sign-off"):
        assert part.get(path).status_code == 404
    viewer = sign_in("viewer")
    assert "0.05" in _text(viewer, "/balances")
    assert viewer.get("/balances/new").status_code == 403
    admin = sign_in("admin")
    assert admin.get("/balances/999/edit").status_code == 404
