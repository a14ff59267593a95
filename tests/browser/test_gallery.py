"""The gallery for people to look at: every page, wide and light, narrow and dark; ``make screenshots`` fills it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.pages import addresses
from tests.browser_setup import DESKTOP, PHONE, requires_chromium

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"


@requires_chromium
@pytest.mark.screenshots
@pytest.mark.parametrize("size, dark", [(DESKTOP, False), (PHONE, True)], ids=["desktop-light", "phone-dark"])
def test_gallery(site: Site, browser: Browser, size: tuple[int, int], dark: bool) -> None:
    folder = FOLDER / ("phone-dark" if dark else "desktop-light")
    folder.mkdir(parents=True, exist_ok=True)
    context = site.context(browser, width=size[0], height=size[1], dark=dark)
    page = context.new_page()
    for path in addresses(site.app):
        page.goto(site.address + path)
        name = re.sub(r"\W+", "-", path.strip("/")) or "dashboard"
        page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
    context.close()
    assert len(list(folder.glob("*.png"))) > 30
