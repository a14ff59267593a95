"""The budget page's bridge between two kept months: chosen on the page, kept in the address, refused in a sentence."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_end, month_of
from mopsaudit.reports.budget import keep_forecasts
from mopsaudit.store.models import ContractLine, LegalEntity
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


CLOSES = ("2026-07", "2026-08")


@pytest.fixture
def closes(app: Flask, clock: Clock) -> tuple[str, str]:
    """A company that closed July and August of 2026, with 10 seats more at the second. The months."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        vendor = builders.vendor(session)
        tool = builders.tool(session, of=vendor)
        builders.entity(session, "UK")
        contract = builders.contract(
            session, vendor, start_on=date(2026, 1, 1), initial_months=12, billing_months=1,
            lines=[{"tool": tool, "seats": 100}],
        )  # fmt: skip
        held = session.query(ContractLine).filter_by(contract_id=contract.id).one()
        for on, seats in ((date(2026, 8, 8), 100), (date(2026, 9, 8), 110)):
            for each in session.query(LegalEntity):
                each.closed_through = month_end(month_of(on) - 1)
            held.quantity_micro = seats * 1_000_000
            held.amount_minor = seats * 120_00
            session.flush()
            assert keep_forecasts(session, [scope_for(session, as_of=on)], by=None, now=clock.now)
    return CLOSES


def test_a_pair_of_kept_months_is_chosen_and_stays_in_the_address(
    sign_in: Sign, closes: tuple[str, str]
) -> None:
    tab = sign_in("finance")
    plain = tab.get("/reports/budget?basis=invoiced").get_data(as_text=True)
    assert 'name="moved_since"' in plain
    assert '<input type="hidden" name="basis" value="invoiced">' in plain
    asked = f"moved_since={closes[0]}&moved_until={closes[1]}"
    page = tab.get(f"/reports/budget?basis=invoiced&{asked}").get_data(as_text=True)
    assert f'<option value="{closes[0]}" selected>' in page
    assert f'<option value="{closes[1]}" selected>' in page
    assert "the forecast moved by +1,200 USD: volume +1,200 USD." in page
    # The part opens its tools within the same pair, and the table's own forms keep it.
    assert f"{asked}&movements.f.parts=volume".replace("&", "&amp;") in page
    assert f'<input type="hidden" name="moved_until" value="{closes[1]}">' in page


def test_an_unkept_month_is_said_and_a_word_that_is_no_month_refused(
    sign_in: Sign, closes: tuple[str, str]
) -> None:
    tab = sign_in("finance")
    page = tab.get("/reports/budget?moved_since=2019-02").get_data(as_text=True)
    assert "No forecast that can be used was kept when Feb 2019 was closed" in page
    assert '<option value="2019-02" selected>2019-02, not kept</option>' in page
    assert closes[0] in page
    refused = tab.get("/reports/budget?moved_since=%3Cscript%3E")
    assert refused.status_code == 422
    assert "A month is written like 2026-03." in refused.get_data(as_text=True)


def test_the_command_leads_between_the_same_months(app: Flask, closes: tuple[str, str]) -> None:
    found = app.test_cli_runner().invoke(
        args=[
            "report",
            "budget",
            "--moved-since",
            closes[0],
            "--moved-until",
            closes[1],
            "--as-of",
            "2026-09-30",
        ]
    )
    assert found.exit_code == 0, found.output
    assert "the forecast moved by" in found.output
    assert app.test_cli_runner().invoke(args=["report", "stack", "--moved-since", "2026-03"]).exit_code == 0
