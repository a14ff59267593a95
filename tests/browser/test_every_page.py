"""Every page, light at a desk and dark on a phone: no violation, no error, nothing too wide, lost or heavy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.walk import complaints, walk
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


def test_every_page_of_the_first_half(site: Site, browser: Browser) -> None:
    wrong = walk(site, browser, first=0)
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_of_strangers_are_accessible(served: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    page, axe, wrong = context.new_page(), Axe(), []
    for path in ("/sign-in", "/no-such-page", "/first-run"):
        page.goto(served + path)
        wrong += complaints(page, path, axe)
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)
