"""Many vendors or contracts changed at once: preview, refusals, two at once, taking it back, names in history."""

import html
import re
from collections.abc import Callable

import pytest

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _new(tab: Tab, path: str, data: dict[str, object]) -> int:
    done = tab.send(path, data)
    assert done.status_code == 303, done.get_data(as_text=True)[:2000]
    return int(re.findall(r"/(\d+)", str(done.location))[0])


def _vendor(tab: Tab, name: str, **values: object) -> int:
    return _new(tab, "/vendors/new", {"name": name, **values})


def _contract(tab: Tab, vendor: int, title: str, **values: object) -> int:
    data = {
        "vendor_id": vendor,
        "title": title,
        "currency": "EUR",
        "end_kind": "unknown",
        "renewal_kind": "automatic",
        "notice_unit": "days",
        "escalator_kind": "unknown",
    }
    return _new(tab, "/contracts/new", data | values)


def _person(tab: Tab, name: str) -> int:
    tab.send("/people/new", {"name": name, "email": f"{name.split(maxsplit=1)[0].lower()}@example.com"})
    page = tab.get("/tools/new").get_data(as_text=True)
    return int(re.findall(rf'<option value="(\d+)">{name}</option>', page)[0])


def _preview(
    tab: Tab, path: str, ids: list[int], field: str, unit_of: str = "", **values: object
) -> tuple[str, dict[str, object]]:
    """The preview's text, and what its form would send."""
    query = "&".join(f"id={each}" for each in ids) + (f"&unit={unit_of}" if unit_of else "")
    tab.get(f"{path}?{query}&field={field}")
    data = {"id": [str(each) for each in ids], "field": field, "reason": "Tidied up", **values}
    page = html.unescape(tab.post(f"{path}?{query}", {**data, "step": "preview"}).get_data(as_text=True))
    sent = {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)
        for name in ("mark", "value", "unit", "once")
    }
    form = {**data, "step": "apply", "mark": sent["mark"], "once": sent["once"][-1] if sent["once"] else ""}
    if sent["value"]:
        form["value"] = sent["value"][-1]
    return page, form


def _text(tab: Tab, path: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", tab.get(path).get_data(as_text=True))))


def test_many_contracts_get_an_owner_whose_name_stands_in_their_history(sign_in: Sign) -> None:
    tab = sign_in("ops")
    ada, bob = _person(tab, "Ada Owner"), _person(tab, "Bob Owner")
    vendor = _vendor(tab, "Acme")
    one = _contract(tab, vendor, "Mail", owner_id=ada)
    two = _contract(tab, vendor, "Post")
    three = _contract(tab, vendor, "Send", owner_id=bob)
    page, form = _preview(tab, "/contracts/bulk", [one, two, three], "owner", value=str(bob))
    assert "2 would change, 1 is so already" in page
    assert "Nothing is written yet" in page
    assert "Bob Owner" not in _text(tab, f"/contracts/{two}")
    done = tab.post("/contracts/bulk", form)
    assert done.status_code == 303
    told = _text(tab, f"/contracts/{one}")
    assert "Changed together with others" in told
    assert "Owner: Ada Owner → Bob Owner" in told
    assert "Why: Tidied up" in told
    assert tab.post("/contracts/bulk", form).location == done.location  # sent twice, done once
    made = str(tab.get(str(done.location)).location)
    assert "Owner of 2 contracts changed" in _text(tab, made)
    assert tab.post(made, {}).status_code == 303
    told = _text(tab, f"/contracts/{one}")
    assert "A change of many taken back" in told
    assert "Owner: Bob Owner → Ada Owner" in told
    assert "nothing to take back" in _text(tab, made)


def test_a_notice_period_is_two_columns_and_one_change(sign_in: Sign) -> None:
    tab = sign_in("ops")
    vendor = _vendor(tab, "Acme")
    one = _contract(tab, vendor, "Mail", notice_count="90")
    two = _contract(tab, vendor, "Post")
    page, form = _preview(tab, "/contracts/bulk", [one, two], "notice", value="3", unit="months")
    assert "90 days" in page
    assert "not known" in page
    assert "3 months" in page
    done = tab.post("/contracts/bulk", form)
    assert done.status_code == 303
    listed = _text(tab, "/contracts?cols=notice")
    assert listed.count("3 months") >= 2
    assert "Notice: 90 days → 3 months" in _text(tab, f"/contracts/{one}")
    made = str(tab.get(str(done.location)).location)
    tab.get(made)
    assert tab.post(made, {}).status_code == 303
    assert "90 days" in _text(tab, "/contracts?cols=notice")
    assert "3 months" not in _text(tab, "/contracts?cols=notice")


def test_two_people_at_once_change_no_contract_unseen(sign_in: Sign) -> None:
    one, two = sign_in("ops"), sign_in("ops", email="second@example.com")
    vendor = _vendor(one, "Acme")
    first, second = _contract(one, vendor, "Mail"), _contract(one, vendor, "Post")
    _, form = _preview(one, "/contracts/bulk", [first, second], "renewal", value="express")
    _, other = _preview(two, "/contracts/bulk", [second], "billing", value="3")
    assert two.post("/contracts/bulk", other).status_code == 303
    late = one.post("/contracts/bulk", form)
    text = html.unescape(late.get_data(as_text=True))
    assert late.status_code == 422
    assert "nothing is done" in text
    assert "changed by somebody else since you looked" in text
    _, form = _preview(one, "/contracts/bulk", [first, second], "renewal", value="express")
    assert one.post("/contracts/bulk", form).status_code == 303


def test_two_changes_of_one_moment_are_taken_back_apart(sign_in: Sign) -> None:
    tab = sign_in("ops")
    vendor = _vendor(tab, "Acme")
    one = _contract(tab, vendor, "Mail", billing_months="12")
    _, form = _preview(tab, "/contracts/bulk", [one], "billing", value="3")
    tab.post("/contracts/bulk", form)
    _, form = _preview(tab, "/contracts/bulk", [one], "payment", value="30 days net")
    made = str(tab.get(str(tab.post("/contracts/bulk", form).location)).location)
    assert "Payment terms of 1 contract changed" in _text(tab, made)
    tab.post(made, {})
    told = _text(tab, f"/contracts/{one}")
    assert "Payment: 30 days net → –" in told
    assert "Billing months: 3 → 12" not in told


@pytest.mark.parametrize(
    "field, value, says",
    [
        ("owner", "999999", "Not a valid choice"),
        ("unit", "999999", "Not a valid choice"),
        ("renewal", "never", "Not a valid choice"),
        ("billing", "0", "at least one month"),
        ("delivery", "61", "from 0 to 60"),
        ("notice", "-1", "Number must be"),
        ("nothing", "1", "Choose what to change"),
    ],
)
def test_values_no_contract_can_have_are_refused(sign_in: Sign, field: str, value: str, says: str) -> None:
    tab = sign_in("ops")
    one = _contract(tab, _vendor(tab, "Acme"), "Mail")
    page, form = _preview(tab, "/contracts/bulk", [one], field, value=value, unit="days")
    assert "Nothing is written yet" not in page
    assert says in page
    assert tab.post("/contracts/bulk", {**form, "mark": ["x"]}).status_code in (200, 422)
    assert "Changed" not in _text(tab, f"/contracts/{one}")


@pytest.mark.usefixtures("units")
def test_contracts_of_another_unit_answer_as_missing_ones(sign_in: Sign) -> None:
    boss, de = sign_in("ops"), sign_in("ops", unit="DE", email="de@example.com")
    page = boss.get("/contracts/new").get_data(as_text=True)
    unit = {
        name: number
        for number, name in re.findall(
            r'<option value="(\d+)">[\u00a0 ]*([A-Z][a-z ]+[A-Za-z]*)</option>', page
        )
    }
    vendor = _vendor(boss, "Acme")
    british = _contract(boss, vendor, "British", unit_id=unit["United Kingdom"])
    german = _contract(boss, vendor, "German", unit_id=unit["Germany"])
    assert de.get(f"/contracts/bulk?id={british}").status_code == 404
    assert boss.get("/contracts/bulk?id=999999").status_code == 404
    page, _ = _preview(de, "/contracts/bulk", [german], "unit", value=unit["United Kingdom"])
    assert "Not a valid choice" in page
    _, form = _preview(boss, "/contracts/bulk", [german], "unit", unit_of="DE", value=unit["United Kingdom"])
    done = boss.post("/contracts/bulk?unit=DE", form)
    made = str(boss.get(str(done.location)).location)
    assert boss.get(made).status_code == 200  # though the contract has left the unit of the address
    assert de.get(made).status_code == 404
    assert de.get("/contracts/bulk/999999").status_code == 404
    assert boss.get(made.replace("/contracts/", "/vendors/")).status_code == 404
    assert sign_in("viewer").get(f"/contracts/bulk?id={german}").status_code == 403


def test_vendors_are_hung_below_another_and_never_below_themselves(sign_in: Sign) -> None:
    tab = sign_in("ops")
    head, child, other = _vendor(tab, "Adobe"), _vendor(tab, "Marketo"), _vendor(tab, "Magento")
    page, form = _preview(tab, "/vendors/bulk", [head, child, other], "parent", value=str(head))
    assert "2 would change, 1 is refused" in page
    assert "A vendor cannot belong to itself" in page
    done = tab.post("/vendors/bulk", form)
    assert done.status_code == 303
    assert _text(tab, "/vendors?f.parent=%3DAdobe").count("Adobe") >= 2
    assert "Parent: – → Adobe" in _text(tab, f"/vendors/{child}") or "Parent: Adobe" in _text(
        tab, f"/vendors/{child}"
    )
    made = str(tab.get(str(done.location)).location)
    tab.get(made)
    assert tab.post(made, {}).status_code == 303
    assert "A change of many taken back" in _text(tab, f"/vendors/{other}")
    page, form = _preview(tab, "/vendors/bulk", [child, other], "country", value="us")
    assert "US" in page
    tab.post("/vendors/bulk", form)
    assert "Country: US" in _text(tab, f"/vendors/{other}")
    page, _ = _preview(tab, "/vendors/bulk", [child], "country", value="U1")
    assert "A country is two letters" in page


def test_all_vendors_that_the_filter_leaves_are_chosen(sign_in: Sign) -> None:
    tab = sign_in("ops")
    for name in ("Mailer One", "Mailer Two", "Board"):
        _vendor(tab, name)
    listed = html.unescape(tab.get("/vendors?q=Mailer").get_data(as_text=True))
    assert 'href="/vendors/bulk?q=Mailer&all=1"' in listed
    assert "Change 2 vendors" in _text(tab, "/vendors/bulk?q=Mailer&all=1")
    assert "You have not changed vendors together yet" in _text(
        tab, str(tab.get("/vendors/bulk/latest").location)
    )
