"""Findings are settled on their page: confirmed, deliberate until a day, dismissed, opened again; totals follow."""

import json
from collections.abc import Callable

import pytest

from tests.web.browser import Tab

Sign = Callable[..., Tab]


pytestmark = pytest.mark.usefixtures("filled")


def _first(tab: Tab) -> tuple[str, str]:
    found = json.loads(tab.get("/reports/overlap?format=json").data)["findings"]
    worth = next(each for each in found if each["amount"]["amount"] not in (None, "0.00"))
    return worth["id"], worth["state"]


def _state(tab: Tab, finding_id: str) -> str:
    found = json.loads(tab.get("/reports/overlap?format=json").data)["findings"]
    return str(next(each["state"] for each in found if each["id"] == finding_id))


def test_a_finding_is_dismissed_with_a_reason_and_opened_again(sign_in: Sign) -> None:
    tab = sign_in("ops")
    finding_id, state = _first(tab)
    assert state == "open"
    path = f"/reports/overlap/settle/{finding_id}"
    assert "Say why." in tab.send(path, {"state": "dismiss"}).get_data(as_text=True)
    done = tab.send(path, {"state": "dismiss", "reason": "Two markets, two laws."})
    assert done.status_code == 303
    assert _state(tab, finding_id) == "dismiss"
    page = tab.get(f"/reports/overlap/findings/{finding_id}").get_data(as_text=True)
    assert "Dismissed by Ops Person" in page
    assert "Two markets, two laws." in page
    assert tab.post(f"/reports/overlap/reopen/{finding_id}", {"version": "1"}).status_code == 303
    assert _state(tab, finding_id) == "open"


def test_a_deliberate_one_needs_a_day_and_comes_back_on_it(sign_in: Sign) -> None:
    tab = sign_in("ops")
    finding_id, _ = _first(tab)
    path = f"/reports/overlap/settle/{finding_id}"
    sent = {"state": "deliberate", "reason": "Until the migration is done."}
    assert "Say when to look at it again." in tab.send(path, sent).get_data(as_text=True)
    assert tab.send(path, {**sent, "review_on": "2026-10-31"}).status_code == 303
    assert _state(tab, finding_id) == "deliberate"
    later = json.loads(tab.get("/reports/overlap?format=json&as_of=2026-11-01").data)["findings"]
    assert all(each["state"] == "open" for each in later if each["id"] == finding_id)


def test_two_who_settle_at_once_see_each_other(sign_in: Sign) -> None:
    one, two = sign_in("ops"), sign_in("admin")
    finding_id, _ = _first(one)
    path = f"/reports/overlap/settle/{finding_id}"
    one.get(path)
    two.get(path)
    assert one.post(path, {"state": "confirm"}).status_code == 303
    late = two.post(path, {"state": "dismiss", "reason": "No."})
    assert late.status_code == 422
    assert "meanwhile" in late.get_data(as_text=True)
    assert _state(one, finding_id) == "confirm"


def test_a_finding_that_changed_or_is_not_there_is_not_settled(sign_in: Sign) -> None:
    tab = sign_in("ops")
    finding_id, _ = _first(tab)
    path = f"/reports/overlap/settle/{finding_id}"
    changed = tab.send(path, {"state": "confirm", "seen": "0" * 64})
    assert changed.status_code == 422
    assert "changed since you looked at it" in changed.get_data(as_text=True)
    assert tab.get("/reports/overlap/settle/no-such").status_code == 404
    assert sign_in("viewer").get(path).status_code == 403
