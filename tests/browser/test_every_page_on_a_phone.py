"""Every page at phone width, dark; a file of its own, so that both walks go side by side."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.walk import walk
from tests.browser_setup import PHONE, requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


def test_every_page_on_a_phone(site: Site, browser: Browser) -> None:
    wrong = walk(site, browser, size=PHONE, dark=True, closely=False)
    assert not wrong, "\n" + "\n".join(wrong)
