"""Since the last visit: compared with what the dashboard last showed before this sign-in; looking moves nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints import credentials
from mopsaudit.organisation import find_unit
from mopsaudit.organisation.visits import visit_of
from mopsaudit.store.models import Decision, Import, Tool
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests import builders
from tests.web.browser import PASSWORD, Clock, Tab

Sign = Callable[..., Tab]


def _board(tab: Tab, path: str = "/") -> str:
    return tab.get(path).get_data(as_text=True)


def _mark(app: Flask, tab: Tab) -> tuple[object, object] | None:
    """What was shown last, and what is compared with."""
    assert tab.account_id is not None
    with app.app_context(), reading() as session:
        found = visit_of(session, tab.account_id)
        return None if found is None else (found.latest, found.seen)


def _token(tab: Tab) -> dict[str, str]:
    return {"csrf_token": tab.fields["csrf_token"]}


def _news(app: Flask, clock: Clock) -> None:
    """A file comes in, one is decided on, one decision falls due, one tool more overlaps and costs."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        ledger = builders.source(session, "Card")
        came = builders.import_file(session, "Card_October.xlsx", of=ledger)
        came.applied_at = clock.now
        tool = session.scalars(select(Tool).where(Tool.name == "Tableau")).one()
        builders.spend_line(session, 90_000_00, on=date(2026, 9, 29), tool=tool, from_import=came)
        builders.decision(session, tool, "retire", reason="Nobody opens it.")
        session.scalars(select(Decision).order_by(Decision.id)).first().due_on = clock.now.date()  # type: ignore[union-attr]  # the company has one


@pytest.mark.usefixtures("filled")
def test_a_first_visit_has_nothing_to_compare_with(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("finance")
    text = _board(tab)
    assert "This is your first visit" in text
    assert "Since your last visit" not in text
    assert _mark(app, tab) is None, "reading a page writes nothing"


@pytest.mark.usefixtures("filled")
def test_a_look_is_noted_and_the_next_sign_in_compares(app: Flask, clock: Clock, sign_in: Sign) -> None:
    with app.app_context():
        kept = credentials.hashed(PASSWORD)
    tab = sign_in("finance", email="ada@example.com", hashed=kept)
    _board(tab)
    assert tab.post("/visits/looked", _token(tab)).status_code == 204
    mark = _mark(app, tab)
    assert mark is not None
    assert mark[0] is not None
    assert mark[1] is None, "a look does not move what is compared"
    assert "This is your first visit" in _board(tab)

    clock.now += timedelta(days=2)
    _news(app, clock)
    back = Tab(app=app, client=app.test_client(), clock=clock, account_id=tab.account_id)
    assert back.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD}).status_code == 303
    text = _board(back)
    assert "Since your last visit" in text
    assert "Card_October.xlsx" in text
    assert "Tableau: retire" in text
    assert "fell due" in text
    assert "The forecast moved by +" in text
    assert "new finding" in text
    again = _board(back)
    assert "Card_October.xlsx" in again, "looking again changes nothing"

    assert back.post("/visits/seen", _token(back)).status_code == 303
    text = _board(back)
    assert "Nothing has changed" in text
    assert "Card_October.xlsx" not in text


@pytest.mark.usefixtures("filled")
def test_another_day_or_unit_is_not_compared(sign_in: Sign) -> None:
    tab = sign_in("finance")
    for path in ("/?as_of=2026-08-31", "/?unit=UK"):
        text = _board(tab, path)
        assert "first visit" not in text
        assert "data-look" not in text


@pytest.mark.usefixtures("filled")
def test_files_of_other_units_are_not_told(app: Flask, clock: Clock, sign_in: Sign) -> None:
    tab = sign_in("finance", unit="UK")
    _board(tab)
    assert tab.post("/visits/seen", _token(tab)).status_code == 303
    clock.now += timedelta(hours=1)
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        for name, unit in (("For_Germany.xlsx", "DE"), ("For_Britain.xlsx", "UK")):
            came = builders.import_file(session, name, of=builders.source(session, name))
            came.applied_at = clock.now
            came.unit_id = find_unit(session, unit).id
        assert session.scalars(select(Import.id)).all()
    text = _board(tab)
    assert "For_Britain.xlsx" in text
    assert "For_Germany.xlsx" not in text


@pytest.mark.usefixtures("filled")
def test_a_settled_finding_is_told_once(app: Flask, clock: Clock, sign_in: Sign) -> None:
    tab = sign_in("ops")
    _board(tab)
    tab.post("/visits/seen", _token(tab))
    found = tab.get("/reports/overlap?format=json").get_json()["findings"][0]
    tab.get(f"/reports/overlap/settle/{found['id']}")
    seen = tab.page.get_data(as_text=True).partition('name="seen"')[2] if tab.page is not None else ""
    digest = seen.partition('value="')[2].partition('"')[0]
    answer = tab.post(
        f"/reports/overlap/settle/{found['id']}",
        {"state": "dismiss", "reason": "They do different things.", "seen": digest},
    )
    assert answer.status_code == 303
    assert "1 finding settled" in _board(tab)
