"""Changing many tools at once: preview, refusals, two people at once, one entry a tool, taking it back, other units."""

import html
import re
from collections.abc import Callable

import pytest

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _tool(tab: Tab, name: str, **values: object) -> int:
    done = tab.send("/tools/new", {"name": name, "category": "engagement", **values})
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]
    return int(re.findall(r"/(\d+)", str(done.location))[0])


def _person(tab: Tab, name: str) -> int:
    tab.send("/people/new", {"name": name, "email": f"{name.split(maxsplit=1)[0].lower()}@example.com"})
    page = tab.get("/tools/new").get_data(as_text=True)
    return int(re.findall(rf'<option value="(\d+)">{name}</option>', page)[0])


def _preview(tab: Tab, ids: list[int], field: str, **values: object) -> tuple[str, dict[str, object]]:
    """The preview's text, and what its form would send."""
    query = "&".join(f"id={each}" for each in ids)
    tab.get(f"/tools/bulk?{query}&field={field}")
    data = {
        "id": [str(each) for each in ids],
        "field": field,
        "step": "preview",
        "reason": "Reorganised",
        **values,
    }
    page = html.unescape(tab.post(f"/tools/bulk?{query}", data).get_data(as_text=True))
    marks = re.findall(r'name="mark" value="([^"]+)"', page)
    once = re.findall(r'name="once"[^>]*value="([^"]*)"', page)
    return page, {**data, "step": "apply", "mark": marks, "once": once[-1] if once else ""}


def test_many_get_an_owner_after_a_look_and_it_is_taken_back(sign_in: Sign) -> None:
    tab = sign_in("ops")
    ada, bob = _person(tab, "Ada Owner"), _person(tab, "Bob Owner")
    one, two, three = (
        _tool(tab, "Mailer", owner_id=ada),
        _tool(tab, "Postman"),
        _tool(tab, "Sender", owner_id=bob),
    )
    page, form = _preview(tab, [one, two, three], "owner", value=str(bob), on="2026-09-30")
    assert "2 would change, 1 is so already" in page
    assert "Ada Owner" in page
    assert "Nothing is written yet" in page
    assert "Bob Owner" not in tab.get(f"/tools/{two}").get_data(as_text=True)
    done = tab.post("/tools/bulk", form)
    assert done.status_code == 303
    assert "Bob Owner" in tab.get(f"/tools/{two}").get_data(as_text=True)
    assert "Reorganised" in tab.get(f"/tools/{one}").get_data(as_text=True)
    again = tab.post("/tools/bulk", form)
    assert again.location == done.location  # sent twice, done once
    made = str(tab.get(str(done.location)).location)
    shown = tab.get(made).get_data(as_text=True)
    assert "Business owner of 2 tools changed" in shown
    assert tab.post(made, {}).status_code == 303
    back = tab.get(f"/tools/{one}").get_data(as_text=True).partition("history-title")
    assert "Ada Owner" in back[0]
    assert "Bob Owner" not in back[0]
    assert "A change of many taken back" in back[2]
    assert "nobody owns it" in tab.get(f"/tools/{two}").get_data(as_text=True)
    assert "nothing to take back" in tab.get(made).get_data(as_text=True)


def test_two_people_at_once_change_nothing_unseen(sign_in: Sign) -> None:
    one, two = sign_in("ops"), sign_in("ops", email="second@example.com")
    first, second = _tool(one, "Mailer"), _tool(one, "Postman")
    _, form = _preview(one, [first, second], "category", value="operations")
    _, other = _preview(two, [second], "category", value="performance")
    assert two.post("/tools/bulk", other).status_code == 303
    late = one.post("/tools/bulk", form)
    text = html.unescape(late.get_data(as_text=True))
    assert late.status_code == 422
    assert "nothing is done" in text
    assert "changed by somebody else since you looked" in text
    assert "Customer Interaction" in one.get(f"/tools/{first}").get_data(as_text=True)
    _, form = _preview(one, [first, second], "category", value="operations")
    assert one.post("/tools/bulk", form).status_code == 303


def test_taking_back_leaves_what_was_changed_again(sign_in: Sign) -> None:
    tab = sign_in("ops")
    one, two = _tool(tab, "Mailer"), _tool(tab, "Postman")
    _, form = _preview(tab, [one, two], "status", value="sunset", on="2026-09-30")
    done = tab.post("/tools/bulk", form)
    assert tab.send(f"/tools/{two}/status", {"status": "retired", "on": "2026-09-30"}).status_code == 303
    made = str(tab.get(str(done.location)).location)
    assert "1 tool would be set back" in html.unescape(tab.get(made).get_data(as_text=True))
    tab.post(made, {})
    assert "Mailer is active" in tab.get(f"/tools/{one}").get_data(as_text=True)
    assert "Postman is retired" in tab.get(f"/tools/{two}").get_data(as_text=True)


def test_a_status_of_a_later_day_is_planned_and_wrong_values_are_refused(sign_in: Sign) -> None:
    tab = sign_in("ops")
    one = _tool(tab, "Mailer")
    _, form = _preview(tab, [one], "status", value="retired", on="2027-01-31")
    assert tab.post("/tools/bulk", form).status_code == 303
    assert "Mailer is active" in tab.get(f"/tools/{one}").get_data(as_text=True)
    assert "Mailer is retired" in tab.get(f"/tools/{one}?as_of=2027-02-01").get_data(as_text=True)
    page, _ = _preview(tab, [one], "status", value="active", on="2026-10-31")
    assert "planned change to retired on 2027-01-31 goes" in page
    for field, value in (("status", "gone"), ("category", "none"), ("types", "nothing"), ("units", "999999")):
        page, form = _preview(tab, [one], field, value=value)
        assert "Nothing is written yet" not in page
        assert tab.post("/tools/bulk", {**form, "mark": ["x"]}).status_code == 422
    page, _ = _preview(tab, [one], "status", value="sunset", reason=" ")
    assert "Say why" in page


def test_types_of_another_category_are_refused_row_by_row(sign_in: Sign) -> None:
    tab = sign_in("ops")
    one, two = _tool(tab, "Mailer"), _tool(tab, "Board", category="operations")
    page = tab.get("/tools/new").get_data(as_text=True)
    kinds = page[page.index("Customer Interaction", page.index('name="types"')) :]
    email = re.findall(r'<option value="([^"]+)">', kinds)[0]
    page, form = _preview(tab, [one, two], "types", value=email)
    assert "1 would change, 1 is refused" in page
    assert "None of these types belongs to its category" in page
    assert tab.post("/tools/bulk", form).status_code == 303


def test_all_that_the_filter_leaves_are_chosen(sign_in: Sign) -> None:
    tab = sign_in("ops")
    for name in ("Mailer One", "Mailer Two", "Board"):
        _tool(tab, name)
    listed = html.unescape(tab.get("/tools?q=Mailer&sort=-cost").get_data(as_text=True))
    assert 'href="/tools/bulk?q=Mailer&all=1"' in listed
    assert "Change all 2 found" in listed
    assert "Change 2 tools" in tab.get("/tools/bulk?q=Mailer&all=1").get_data(as_text=True)
    assert tab.get("/tools/bulk").status_code == 303
    assert tab.get("/tools/bulk?id=999999").status_code == 404


@pytest.mark.usefixtures("units")
def test_tools_of_another_unit_answer_as_missing_ones_and_shared_ones_keep_their_units(sign_in: Sign) -> None:
    boss, de = sign_in("ops"), sign_in("ops", unit="DE", email="de@example.com")
    page = boss.get("/tools/new").get_data(as_text=True)
    unit = {
        name: number
        for number, name in re.findall(
            r'<option value="(\d+)">[\u00a0 ]*([A-Z][a-z ]+[A-Za-z]*)</option>', page
        )
    }
    british = _tool(boss, "British", unit_ids=[unit["United Kingdom"]])
    shared = _tool(boss, "Shared", unit_ids=[unit["United Kingdom"], unit["Germany"]])
    assert de.get(f"/tools/bulk?id={british}").status_code == 404
    page, _ = _preview(de, [shared], "units", value=unit["Germany"])
    assert "Units you may not edit use it too" in page
    _, form = _preview(boss, [british], "status", value="sunset", on="2026-09-30")
    done = boss.post("/tools/bulk", form)
    made = str(boss.get(str(done.location)).location)
    assert de.get(made).status_code == 404
    assert de.get("/tools/bulk/999999").status_code == 404
    assert sign_in("viewer").get(f"/tools/bulk?id={british}").status_code == 403


def test_history_names_people_and_units_and_never_their_numbers(sign_in: Sign) -> None:
    tab = sign_in("ops")
    ada = _person(tab, "Ada Owner")
    one = _tool(tab, "Mailer")
    _, form = _preview(tab, [one], "owner", value=str(ada), on="2026-09-30")
    assert tab.post("/tools/bulk", form).status_code == 303
    told = re.sub(
        r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", tab.get(f"/tools/{one}").get_data(as_text=True)))
    )
    assert "Changed together with others" in told
    assert "Owner: Ada Owner" in told
    assert "Holds from: 30 Sep 2026" in told
    assert "Bulk edit" not in told
    assert "Value:" not in told
