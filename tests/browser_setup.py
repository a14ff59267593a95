"""Chromium for tests: found on the system, driven by Playwright, never downloaded and never calling home.

`page` gives a test a fresh, private browser context. `requires_chromium` skips, saying so, where the system
has no Chromium.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

FLAGS: Final = (
    "--no-sandbox",  # tests may run as root in a container
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: Final = (1440, 900)
PHONE: Final = (390, 844)
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome: `$CHROMIUM` if set, else the first on the path; None when absent."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


requires_chromium = pytest.mark.skipif(
    find_chromium() is None, reason="Chromium is not installed (as root `make test` installs it)"
)
"""Marks a test that drives the browser; use it beside the marker `browser`."""


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium of the system; skips the test where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("Chromium is not installed")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for as long as the block lasts, outside of fixtures."""
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole test process."""
    with chromium() as started:
        yield started


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A private context (cookies, storage, downloads) at desktop size in British English and UTC."""
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        locale="en-GB",
        timezone_id="UTC",
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """A blank page in a private context."""
    return browser_context.new_page()
