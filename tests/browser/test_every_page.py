"""Every page at desktop width, light: no accessibility violation, no error, nothing too wide, lost or heavy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.walk import complaints, walk
from tests.browser_setup import DESKTOP, requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


def test_every_page_at_a_desk(site: Site, browser: Browser) -> None:
    wrong = walk(site, browser, size=DESKTOP, dark=False, closely=True)
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_of_strangers_are_accessible(served: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    page, axe, wrong = context.new_page(), Axe(), []
    for path in ("/sign-in", "/no-such-page", "/first-run"):
        page.goto(served + path)
        wrong += complaints(page, path, axe)
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)
