"""The inventory in the browser: catalogue, editing with conflicts, contracts to the cent, other units, double posts."""

import re
from collections.abc import Callable

import pytest

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _id(location: str) -> int:
    return int(re.findall(r"/(\d+)", location)[0])


def _tool(tab: Tab, name: str = "Mailer", **values: object) -> int:
    done = tab.send("/tools/new", {"name": name, "category": "engagement", **values})
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]
    return _id(done.location)


def test_a_product_of_the_catalogue_becomes_a_tool_with_its_vendor(sign_in: Sign) -> None:
    tab = sign_in("ops")
    found = tab.client.get("/tools/suggest?q=mailch").get_json()
    done = tab.send("/tools/add?q=mailch", {"product_id": found[0]["id"]})
    assert done.status_code == 303
    page = tab.get(done.location).get_data(as_text=True)
    assert found[0]["name"] in page
    assert tab.client.get("/tools/suggest?q=mailch").get_json()[0]["owned"]


def test_what_was_typed_is_shown_again_with_what_to_do(sign_in: Sign) -> None:
    tab = sign_in("ops")
    done = tab.send("/tools/new", {"name": "Mailer", "category": "engagement", "site": "javascript:alert(1)"})
    text = done.get_data(as_text=True)
    assert done.status_code == 422
    assert 'value="Mailer"' in text
    assert "http://" in text


def test_two_editors_see_both_versions(sign_in: Sign) -> None:
    one, two = sign_in("ops"), sign_in("ops", email="second@example.com")
    tool = _tool(one)
    form = {"name": "Mailer", "category": "engagement"}
    one.get(f"/tools/{tool}/edit")
    two.get(f"/tools/{tool}/edit")
    assert one.post(f"/tools/{tool}/edit", {**form, "notes": "first"}).status_code == 303
    conflict = two.post(f"/tools/{tool}/edit", {**form, "notes": "second"})
    text = conflict.get_data(as_text=True)
    assert conflict.status_code == 422
    assert "first" in text
    assert "second" in text


def test_the_same_form_sent_twice_makes_one_tool(sign_in: Sign) -> None:
    tab = sign_in("ops")
    tab.get("/tools/new")
    first = tab.post("/tools/new", {"name": "Mailer", "category": "engagement"})
    second = tab.post("/tools/new", {"name": "Mailer", "category": "engagement"})
    assert first.location == second.location


def test_another_units_tool_is_not_found(sign_in: Sign, units: None) -> None:
    admin, german = sign_in("admin"), sign_in("ops", unit="DE", email="de@example.com")
    choices = re.findall(
        r'<option value="(\d+)">[^<]*(?:UK|United)', admin.get("/tools/new").get_data(as_text=True)
    )
    assert choices
    tool = _tool(admin, unit_ids=choices[0])
    assert admin.get(f"/tools/{tool}").status_code == 200
    assert german.get(f"/tools/{tool}").status_code == 404
    assert german.get("/tools/9999").status_code == 404


def test_a_viewer_sees_and_cannot_edit(sign_in: Sign) -> None:
    tool = _tool(sign_in("ops"))
    viewer = sign_in("viewer", email="v@example.com")
    assert viewer.get(f"/tools/{tool}").status_code == 200
    assert viewer.get(f"/tools/{tool}/edit").status_code == 403
    assert viewer.client.post(f"/tools/{tool}/status").status_code in (400, 403)


def test_a_contract_with_a_line_shows_its_dates_and_amounts_to_the_cent(sign_in: Sign) -> None:
    tab = sign_in("ops")
    tool = _tool(tab)
    vendor = _id(tab.send("/vendors/new", {"name": "Mail Corp"}).location)
    terms = {
        "title": "Mail 2026",
        "vendor_id": vendor,
        "currency": "EUR",
        "start_on": "2026-01-01",
        "initial_months": "12",
        "renewal_kind": "automatic",
        "renewal_months": "12",
        "notice_count": "90",
        "notice_unit": "days",
        "end_kind": "unknown",
        "escalator_kind": "unknown",
        "billing_months": "3",
    }
    done = tab.send("/contracts/new", terms)
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    contract = _id(done.location)
    line = {
        "tool_id": tool,
        "amount_minor": "1,234.56",
        "amount_months": "12",
        "quantity_micro": "10",
        "spend_type": "software",
    }
    assert tab.send(f"/contracts/{contract}/lines/new", line).status_code == 303
    assert tab.send(f"/contracts/{contract}", None).status_code in (200, 405)
    tab.get(f"/contracts/{contract}")
    assert tab.post(f"/contracts/{contract}/instalments").status_code == 303
    page = tab.get(f"/contracts/{contract}").get_data(as_text=True)
    assert "1,234.56" in page
    assert page.count("308.64") >= 4
    assert "3 Oct 2026" in page  # 90 days before the next term starts on 1 January


@pytest.mark.parametrize("typed", ["12,34,56x", "1.234,567", "1e999"])
def test_an_amount_that_is_none_is_refused_and_shown_again(sign_in: Sign, typed: str) -> None:
    tab = sign_in("ops")
    vendor = _id(tab.send("/vendors/new", {"name": "Mail Corp"}).location)
    terms = {
        "title": "M",
        "vendor_id": vendor,
        "currency": "EUR",
        "renewal_kind": "express",
        "notice_unit": "days",
    }
    terms |= {"end_kind": "unknown", "escalator_kind": "unknown"}
    contract = _id(tab.send("/contracts/new", terms).location)
    done = tab.send(
        f"/contracts/{contract}/lines/new",
        {"amount_minor": typed, "amount_months": "12", "spend_type": "software"},
    )
    assert done.status_code == 422
    assert f'value="{typed}"' in done.get_data(as_text=True)


def test_vendors_are_merged_and_the_merge_is_taken_back(sign_in: Sign) -> None:
    tab = sign_in("ops")
    one = _id(tab.send("/vendors/new", {"name": "Marketo"}).location)
    two = _id(tab.send("/vendors/new", {"name": "Adobe"}).location)
    assert tab.send(f"/vendors/{one}/merge", {"into_id": two}).status_code == 303
    page = tab.get(f"/vendors/{two}").get_data(as_text=True)
    merge = re.findall(r"/vendors/merges/(\d+)/undo", page)[0]
    assert "was merged into" in tab.get(f"/vendors/{one}").get_data(as_text=True)
    tab.get(f"/vendors/{two}")
    assert tab.post(f"/vendors/merges/{merge}/undo").status_code == 303
    assert "was merged into" not in tab.get(f"/vendors/{one}").get_data(as_text=True)


def test_tools_are_merged_after_a_look_at_what_moves_and_the_merge_is_taken_back(sign_in: Sign) -> None:
    tab = sign_in("ops")
    old, new = _tool(tab, "Old Mailer"), _tool(tab, "Mailer")
    assert "Show what moves" in tab.get(f"/tools/{old}/merge").get_data(as_text=True)
    preview = tab.get(f"/tools/{old}/merge?into={new}").get_data(as_text=True)
    assert "Merge into Mailer" in preview
    assert "Spend lines" in preview
    assert f"/tools/{new}/merge?into={old}" in preview
    done = tab.post(f"/tools/{old}/merge?into={new}", {"into_id": new})
    assert done.status_code == 303
    assert _id(done.location) == new
    assert "was merged into" in tab.get(f"/tools/{old}").get_data(as_text=True)
    for page in ("edit", "status", "use", "merge"):
        assert tab.get(f"/tools/{old}/{page}").status_code == 302
    page = tab.get(f"/tools/{new}").get_data(as_text=True)
    assert "Merged into it" in page
    (merge,) = re.findall(r"/tools/merges/(\d+)/undo", page)
    assert "History" in tab.get(f"/tools/{old}").get_data(as_text=True)
    assert tab.post(f"/tools/merges/{merge}/undo").status_code == 303
    assert "was merged into" not in tab.get(f"/tools/{old}").get_data(as_text=True)
    tab.get(f"/tools/{new}")
    again = tab.post(f"/tools/merges/{merge}/undo")
    assert again.status_code == 422
    assert "taken back already" in again.get_data(as_text=True)


def test_a_merge_is_refused_into_itself_a_merged_tool_or_over_a_change(sign_in: Sign) -> None:
    tab, other = sign_in("ops"), sign_in("admin", email="second@example.com")
    one, two, three = (_tool(tab, name) for name in ("One", "Two", "Three"))
    tab.get(f"/tools/{one}/merge?into={two}")
    assert tab.post(f"/tools/{one}/merge", {"into_id": one}).status_code == 422
    other.get(f"/tools/{one}/edit")
    changed = other.post(f"/tools/{one}/edit", {"name": "One", "category": "engagement", "notes": "new"})
    assert changed.status_code == 303
    stale = tab.post(f"/tools/{one}/merge?into={two}", {"into_id": two})
    assert stale.status_code == 422
    assert "Somebody changed this tool" in stale.get_data(as_text=True)
    assert tab.send(f"/tools/{one}/merge?into={two}", {"into_id": two}).status_code == 303
    tab.get(f"/tools/{two}/merge?into={three}")
    assert tab.post(f"/tools/{three}/merge", {"into_id": one}).status_code == 422
    assert tab.post(f"/tools/{two}/merge?into={one}", {"into_id": one}).status_code == 422
    assert tab.get("/tools/999/merge").status_code == 404
    assert tab.post("/tools/merges/999/undo").status_code == 404


def test_merging_tools_is_for_ops_and_admins(sign_in: Sign) -> None:
    ops = sign_in("ops")
    old, new = _tool(ops, "Old Mailer"), _tool(ops, "Mailer")
    finance = sign_in("finance", email="finance@example.com")
    assert f"/tools/{old}/merge" not in finance.get(f"/tools/{old}").get_data(as_text=True)
    assert finance.get(f"/tools/{old}/merge?into={new}").status_code == 403
    assert ops.send(f"/tools/{old}/merge?into={new}", {"into_id": new}).status_code == 303
    page = finance.get(f"/tools/{new}").get_data(as_text=True)
    assert "Old Mailer" in page
    assert "/undo" not in page


def test_a_decision_with_a_step_is_recorded_and_closed(sign_in: Sign) -> None:
    tab = sign_in("ops")
    tool = _tool(tab)
    done = tab.send(
        f"/decisions/new?tool_id={tool}",
        {"tool_id": tool, "verdict": "retire", "reason": "Nobody uses it", "expected_minor": "1200"},
    )
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]
    decision = _id(done.location)
    tab.get(f"/decisions/{decision}")
    assert tab.post(f"/decisions/{decision}/steps", {"title": "Serve notice"}).status_code == 303
    tab.get(f"/decisions/{decision}")
    assert tab.post(f"/decisions/{decision}/close", {"status": "done"}).status_code == 303
    assert "Nobody uses it" in tab.get("/decisions").get_data(as_text=True)


def test_a_calendar_address_works_without_signing_in_until_it_is_ended(sign_in: Sign, tab: Tab) -> None:
    ops = sign_in("ops")
    made = ops.send("/calendar", {}).get_data(as_text=True)
    path = re.findall(r"(/calendar/[\w-]+\.ics)", made)[0]
    feed = tab.client.get(path)
    assert feed.status_code == 200
    assert feed.get_data(as_text=True).startswith("BEGIN:VCALENDAR")
    ops.get("/calendar")
    assert ops.post("/calendar/end").status_code == 303
    assert tab.client.get(path).status_code == 404
