"""Rules in the browser: tried, saved, moved, removed; two people at once, forged fields, other units' people."""

from collections.abc import Callable
from csv import DictReader
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.store.ledger import MatchRule, SpendLine
from tests import builders
from tests.intake.files import enter, spend_read
from tests.intake.test_rules import LINES
from tests.web.browser import Tab

Sign = Callable[..., Tab]
ADS = {"pattern": "zorb*", "kind": "glob", "description": "*ads*", "answer": "tool", "spend_type": "media"}


@pytest.fixture
def tool_id(session: Session, data: Path) -> int:
    """A tool, and a ledger whose lines are not on it."""
    enter(session, spend_read(LINES), data)
    tool_id = builders.tool(session, "Zorb Ads").id
    session.commit()
    return tool_id


def on_tool(session: Session, tool_id: int) -> int:
    found = len(session.scalars(select(SpendLine.id).where(SpendLine.tool_id == tool_id)).all())
    session.rollback()
    return found


def stored(session: Session) -> list[tuple[int, int]]:
    """Number and version of the rules in order; the session lets go of the database again."""
    found = session.execute(select(MatchRule.id, MatchRule.version).order_by(MatchRule.position)).all()
    session.rollback()
    return [(rule_id, version) for rule_id, version in found]


def saved(tab: Tab, tool_id: int, **more: str) -> None:
    tab.get("/suppliers/rules/new")
    answer = tab.post("/suppliers/rules/new", {**ADS, "tool_id": tool_id, "what": "save", **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_a_rule_is_tried_saved_named_on_its_lines_and_removed(
    sign_in: Sign, session: Session, tool_id: int
) -> None:
    tab = sign_in("ops")
    assert "No rule yet" in tab.get("/suppliers/rules").get_data(as_text=True)
    tab.get("/suppliers/rules/new")
    tried = tab.post("/suppliers/rules/new", {**ADS, "tool_id": tool_id, "what": "try"})
    text = tried.get_data(as_text=True)
    assert tried.status_code == 200
    assert "2 lines would move, 5.00" in text
    assert "from not placed to Zorb Ads (media)" in text
    assert on_tool(session, tool_id) == 0
    assert tab.post("/suppliers/rules/new", {**ADS, "tool_id": tool_id, "what": "save"}).status_code == 303
    assert tab.post("/suppliers/rules/new", {**ADS, "tool_id": tool_id, "what": "save"}).status_code == 303
    assert len(stored(session)) == 1, "one form, one rule"
    assert on_tool(session, tool_id) == 2
    page = tab.get("/suppliers/rules").get_data(as_text=True)
    assert "The rule is saved; 2 lines moved." in page
    assert "1 rule placed 2 lines, 5.00 USD." in page
    rule_id = stored(session)[0][0]
    lines = tab.get(f"/lines?rule_ids={rule_id}&cols=supplier&cols=placed").get_data(as_text=True)
    assert "2 spend lines" in lines
    assert "rule “zorb*”" in lines
    tab.get("/suppliers/rules")
    assert tab.post(f"/suppliers/rules/{rule_id}/use", {"active": "0"}).status_code == 303
    assert on_tool(session, tool_id) == 0
    page = tab.get("/suppliers/rules").get_data(as_text=True)
    assert "Put back" in page
    tab.fields["version"] = str(stored(session)[0][1])
    tab.post(f"/suppliers/rules/{rule_id}/use", {"active": "1"})
    assert on_tool(session, tool_id) == 2


def test_a_runaway_pattern_is_refused_beside_its_field(sign_in: Sign, tool_id: int) -> None:
    tab = sign_in("finance")
    for what in ("try", "save"):
        tab.get("/suppliers/rules/new")
        answer = tab.post(
            "/suppliers/rules/new",
            {**ADS, "pattern": r"(a+)+(?=b)", "kind": "regex", "tool_id": tool_id, "what": what},
        )
        assert answer.status_code == 422
        assert "could make a match run away" in answer.get_data(as_text=True)


def test_two_people_at_once_see_both_versions(sign_in: Sign, session: Session, tool_id: int) -> None:
    ada, bob = sign_in("ops"), sign_in("finance", email="bob@x.io")
    saved(ada, tool_id)
    page = f"/suppliers/rules/{stored(session)[0][0]}"
    ada.get(page)
    bob.get(page)
    change = {**ADS, "tool_id": tool_id, "what": "save"}
    assert ada.post(page, {**change, "pattern": "zorb m*"}).status_code == 303
    refused = bob.post(page, {**change, "pattern": "zorb*h"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Somebody changed this rule" in text
    assert "zorb m*" in text
    assert "zorb*h" in text


def test_rules_are_moved_by_buttons_and_a_stale_move_is_told(
    sign_in: Sign, session: Session, tool_id: int
) -> None:
    tab = sign_in("admin")
    saved(tab, tool_id)
    saved(tab, tool_id, pattern="z*", answer="not_marketing")
    (first, _), (second, version) = stored(session)
    page = tab.get("/suppliers/rules").get_data(as_text=True)
    assert "which comes first" in page
    done = tab.post(f"/suppliers/rules/{second}/move", {"to": "0", "version": version, "by": "up"})
    assert (done.status_code, done.location) == (303, f"/suppliers/rules#rule-{second}-up")
    assert on_tool(session, tool_id) == 0
    tab.get("/suppliers/rules")
    tab.post(f"/suppliers/rules/{first}/move", {"to": "0", "version": "1"})
    assert "since you looked" in tab.get("/suppliers/rules").get_data(as_text=True)
    assert on_tool(session, tool_id) == 0
    assert tab.post(f"/suppliers/rules/{first}/move", {"to": "x"}).status_code == 400


def test_forged_and_missing_records_are_refused(sign_in: Sign, units: None, tool_id: int) -> None:
    tab = sign_in("ops")
    tab.get("/suppliers/rules/new")
    answer = tab.post("/suppliers/rules/new", {**ADS, "tool_id": "999", "what": "save"})
    assert answer.status_code == 422
    assert tab.get("/suppliers/rules/999").status_code == 404
    assert tab.get("/suppliers/rules/new?supplier=999").status_code == 404
    assert tab.get("/suppliers/rules/new?supplier=x").status_code == 404
    assert tab.post("/suppliers/rules/999/use", {"active": "1", "version": "1"}).status_code == 404
    elsewhere = sign_in("ops", unit="UK", email="uk@x.io")
    assert elsewhere.get("/suppliers/rules").status_code == 404
    viewer = sign_in("viewer", email="v@x.io")
    assert viewer.get("/suppliers/rules").status_code == 200
    assert viewer.get("/suppliers/rules/new").status_code == 403


def test_rules_keep_their_order_and_are_searched_filtered_and_exported(sign_in: Sign, tool_id: int) -> None:
    tab = sign_in("finance")
    for pattern in ("zorb*", "acme*", "mail*"):
        saved(tab, tool_id, pattern=pattern)
    page = tab.get("/suppliers/rules").get_data(as_text=True)
    assert page.index("zorb*") < page.index("acme*") < page.index("mail*")
    assert page.count('name="to"') == 4  # two ways for the middle one, one for each end
    page = tab.get("/suppliers/rules?q=acme").get_data(as_text=True)
    assert "1–1 of 1 rule (3 in all)" in page
    assert 'name="to"' not in page  # a part of the order is no place to move a rule in
    assert "show all of them in their order" in page
    assert "1–2 of 2 rules (3 in all)" in tab.get("/suppliers/rules?f.used=(empty)").get_data(as_text=True)
    rows = tab.get("/suppliers/rules?sort=-place&format=csv").get_data(as_text=True).splitlines()
    assert [each["Order"] for each in DictReader(rows)] == ["3", "2", "1"]
