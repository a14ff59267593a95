"""Every page in both themes, at desktop and phone width: no accessibility violation, no error, nothing too wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import Site
from tests.browser.pages import addresses
from tests.browser_setup import DESKTOP, PHONE, requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


def _complaints(page: Page, path: str, axe: Axe) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = []
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if too_wide > 0:
        wrong.append(f"{path}: {too_wide} px wider than the window")
    for violation in axe.run(page).response["violations"]:
        nodes = "; ".join(
            " ".join(node["target"]) + " " + node["html"][:120] for node in violation["nodes"][:3]
        )
        wrong.append(f"{path}: {violation['id']}: {nodes}")
    return wrong


@pytest.mark.parametrize("size, dark", [(DESKTOP, False), (PHONE, True)], ids=["desktop-light", "phone-dark"])
def test_every_page_is_accessible(site: Site, browser: Browser, size: tuple[int, int], dark: bool) -> None:
    context = site.context(browser, width=size[0], height=size[1], dark=dark)
    page, axe, wrong = context.new_page(), Axe(), []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(f"{page.url}: console: {message.text[:200]}")

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: script: {error}"))
    paths = addresses(site.app)
    assert len(paths) > 30
    for path in paths:
        answer = page.goto(site.address + path)
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: status {answer.status if answer else None}")
            continue
        wrong += _complaints(page, path, axe)
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_of_strangers_are_accessible(served: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    page, axe, wrong = context.new_page(), Axe(), []
    for path in ("/sign-in", "/no-such-page", "/first-run"):
        page.goto(served + path)
        wrong += _complaints(page, path, axe)
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)
