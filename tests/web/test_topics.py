"""Every page leads to its own page of the manual, and says who can help where it refuses or finds nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from blueprints.help import find_page
from blueprints.permissions import ROUTES
from blueprints.topics import TOPICS, topic_slug
from mopsaudit.reports.registry import REPORTS
from tests.browser.pages import NO_PAGES
from tests.web.browser import Tab

Sign = Callable[..., Tab]


def test_every_page_of_the_route_table_has_a_page_of_the_manual() -> None:
    without = []
    for endpoint, methods in ROUTES.items():
        if "GET" not in methods or endpoint in NO_PAGES:
            continue
        slugs = REPORTS if endpoint == "reports.show" else (None,)
        without += [
            f"{endpoint} ({slug or 'no slug'})"
            for slug in slugs
            if not ((found := topic_slug(endpoint, slug)) and find_page(found))
        ]
    assert not without


def test_no_topic_is_of_a_route_that_is_gone(app: Flask) -> None:
    names = {rule.endpoint for rule in app.url_map.iter_rules()}
    names |= {name.partition(".")[0] for name in names}
    assert set(TOPICS) - names == {"review"} - names


@pytest.mark.parametrize(
    "path, title",
    [
        ("/", "Dashboard"),
        ("/tools", "Inventory"),
        ("/reports/renewals", "Renewals"),
        ("/search?q=x", "Search"),
        ("/settings", "Settings"),
        ("/profile", "Your profile"),
    ],
)
def test_a_page_links_its_own_section(sign_in: Sign, path: str, title: str) -> None:
    text = sign_in("admin").get(path).get_data(as_text=True)
    assert f'aria-label="Help: {title}"' in text
    assert f">{title}</a></span>" in text


def test_a_refusal_says_who_may_and_whom_to_ask(sign_in: Sign) -> None:
    sign_in("admin")
    viewer = sign_in("viewer")
    text = viewer.get("/tools/new").get_data(as_text=True)
    assert viewer.page is not None
    assert viewer.page.status_code == 403
    assert "admin, ops, finance" in text
    assert "Yours: viewer" in text
    assert "Admins here: Admin Person" in text


def test_a_stranger_is_told_no_names(sign_in: Sign, tab: Tab) -> None:
    sign_in("admin")
    text = tab.get("/no-such-page").get_data(as_text=True)
    assert "Admin Person" not in text
    assert "Perhaps you meant" not in text


def test_a_missing_page_offers_a_search_and_what_is_near(sign_in: Sign) -> None:
    text = sign_in("viewer").get("/vendor").get_data(as_text=True)
    assert 'id="missing-q"' in text
    assert 'href="/vendors"' in text.partition("Perhaps you meant")[2]


def test_a_missing_record_answers_like_another_units(sign_in: Sign) -> None:
    tab = sign_in("viewer")
    one = tab.get("/tools/999999").get_data(as_text=True)
    assert tab.page is not None
    assert tab.page.status_code == 404
    assert "There is no such page or record" in one
