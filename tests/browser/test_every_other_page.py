"""The other half of the pages; a file of its own, so that both halves are walked side by side."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.walk import walk
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


def test_every_page_of_the_second_half(site: Site, browser: Browser) -> None:
    wrong = walk(site, browser, first=1)
    assert not wrong, "\n" + "\n".join(wrong)
