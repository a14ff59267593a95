"""Seats to take back in the browser: names for roles that act, counts for others, one effect of one form."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import select

from mopsaudit.store.models import ReclaimCase, ToolUser, TrailEntry
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


def fill(app: Flask, clock: Clock) -> tuple[int, list[int]]:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        tool = builders.tool(session, "Seats")
        builders.usage(
            session, tool, as_of=clock.now.date(),
            users=[{"key": f"pat.{n}@example.com", "last_activity": date(2025, 1, 1)} for n in range(3)],
        )  # fmt: skip
        return tool.id, list(session.scalars(select(ToolUser.id).order_by(ToolUser.id)))


def test_operations_asks_and_the_history_says_so(app: Flask, sign_in: Sign, clock: Clock) -> None:
    tool_id, users = fill(app, clock)
    tab, path = sign_in("ops"), f"/reclaims/{tool_id}"
    page = tab.get(path).get_data(as_text=True)
    assert "pat.0@example.com" in page
    given = {"state": "asked", "on": clock.now.date().isoformat(), "users": [str(users[0]), str(users[1])]}
    seen = {f"seen.{each}": "0" for each in users}
    assert tab.send(path, {**given, **seen}).status_code == 303
    with app.app_context():
        assert [each.state for each in db.session.scalars(select(ReclaimCase))] == ["asked", "asked"]
        entries = db.session.scalars(select(TrailEntry).where(TrailEntry.subject == "reclaim_case")).all()
        assert len(entries) == 2
        assert "pat." not in str([each.after for each in entries]), (
            "the trail refers to the account, by number"
        )
    assert "2 asked" in tab.get(path).get_data(as_text=True)
    assert tab.send(path, {**given, "state": "kept", **seen}).status_code == 422, "a reason is wanted"
    stale = {**given, "state": "reclaimed", "users": [str(users[0])], **seen}
    answer = tab.send(path, stale)
    assert answer.status_code == 422
    assert "Somebody said meanwhile" in answer.get_data(as_text=True)
    assert tab.send(path, {**given, "users": ["999999"], "seen.999999": "0"}).status_code == 404
    listed = tab.get("/reclaims").get_data(as_text=True)
    assert "Seats" in listed
    assert "pat.0@example.com" in listed
    csv = tab.get(f"{path}?format=csv").get_data(as_text=True)
    assert "pat.0@example.com" in csv


def test_others_see_counts_only(app: Flask, sign_in: Sign, clock: Clock) -> None:
    tool_id, users = fill(app, clock)
    for role in ("finance", "viewer"):
        tab = sign_in(role)
        for path in (f"/reclaims/{tool_id}", "/reclaims", f"/reclaims/{tool_id}?format=csv"):
            answer = tab.get(path)
            assert "pat." not in answer.get_data(as_text=True), (role, path)
        page = tab.get(f"/reclaims/{tool_id}").get_data(as_text=True)
        assert "under 5" in page
        refused = tab.post(f"/reclaims/{tool_id}", {"state": "asked", "users": [str(users[0])]})
        assert refused.status_code == 403
    assert sign_in("ops").get("/reclaims/99999").status_code == 404
