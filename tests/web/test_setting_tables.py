"""Lists of the settings are tables like the others: searched, filtered, sorted and exported by their address."""

from collections.abc import Callable

from tests.web.browser import Tab

Sign = Callable[..., Tab]


def test_cost_centres_are_searched_sorted_exported_and_ended(sign_in: Sign) -> None:
    tab = sign_in("admin")
    for centre in ("4711", "4712"):
        tab.get("/settings/cost-centres")
        assert tab.post("/settings/cost-centres", {"cost_centre": centre, "unit_id": "1"}).status_code == 303
    page = tab.get("/settings/cost-centres?q=4712").get_data(as_text=True)
    assert "1–1 of 1 mapping (2 in all)" in page
    assert page.count("End today") == 1
    rows = tab.get("/settings/cost-centres?sort=-cost_centre&format=csv").get_data(as_text=True).splitlines()
    assert [line.split(",")[0] for line in rows[1:]] == ["4712", "4711"]
    tab.get("/settings/cost-centres")
    assert tab.post("/settings/cost-centres/1/end").status_code == 303
    page = tab.get("/settings/cost-centres?q=4711").get_data(as_text=True)
    assert "ended" in page
    assert "End today" not in page


def test_people_are_filtered_by_role_and_open_their_page(sign_in: Sign) -> None:
    tab = sign_in("admin")
    other = sign_in("viewer", email="v@example.com")
    page = tab.get("/settings/people?f.roles=viewer").get_data(as_text=True)
    assert "1–1 of 1 account (2 in all)" in page
    assert f"/settings/people/{other.account_id}" in page
    assert f'href="/settings/people/{tab.account_id}"' not in page
    assert sign_in("viewer", email="w@example.com").get("/settings/people").status_code == 403


def _rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.lstrip("\ufeff").splitlines()]


def test_units_stand_in_their_tree_until_another_order_is_asked(sign_in: Sign, units: object) -> None:
    tab = sign_in("admin")
    page = tab.get("/settings/units").get_data(as_text=True)
    assert "deep-1" in page
    assert "deep-" not in tab.get("/settings/units?sort=code").get_data(as_text=True)
    page = tab.get("/settings/units?f.parent=(empty)").get_data(as_text=True)
    assert "1–1 of 1 unit (" in page
    rows = _rows(tab.get("/settings/units?sort=-code&format=csv").get_data(as_text=True))
    assert rows[0] == ["Unit", "Belongs to", "Code", "State", "Retired on"]
    codes = [row[2] for row in rows[1:]]
    assert codes == sorted(codes, reverse=True)
    assert len(codes) > 2


def test_entities_years_and_settings_are_searched_filtered_and_exported(sign_in: Sign) -> None:
    tab = sign_in("admin")
    for code, closed in (("DE1", "2026-08-31"), ("UK1", "")):
        data = {"code": code, "name": f"Acme {code}", "currency": "EUR", "closed_through": closed}
        sent = tab.send("/settings/entities/new", data | {"recoverable_percent": "100"})
        assert sent.status_code == 303
    page = tab.get("/settings/entities?f.closed=(empty)").get_data(as_text=True)
    assert "Acme UK1" in page
    assert "Acme DE1" not in page
    rows = _rows(tab.get("/settings/entities?f.closed=2026-08&format=csv").get_data(as_text=True))
    assert [row[:2] for row in rows[1:]] == [["Acme DE1", "DE1"]]
    page = tab.get("/settings/periods?f.closed=(empty)").get_data(as_text=True)
    assert "1–1 of 1 entity (2 in all)" in page
    years = _rows(tab.get("/settings/periods?years.format=csv&years.sort=-name").get_data(as_text=True))
    assert years[0][:3] == ["Year", "From", "Until before"]
    books = _rows(tab.get("/settings/periods?format=csv").get_data(as_text=True))
    assert books[0] == ["Legal entity", "Closed through"]
    tab.send("/settings/values/target_use_percent", {"value": "85", "reason": "Agreed"})
    page = tab.get("/settings?f.source=set+here").get_data(as_text=True)
    assert "/settings/values/target_use_percent" in page
    assert "/settings/values/overlap_min_cover" not in page
    assert tab.get("/settings?q=seats&format=xlsx").status_code == 200
