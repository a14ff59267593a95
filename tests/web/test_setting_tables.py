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
