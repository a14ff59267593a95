"""A walk over every page: what axe finds, what the console says, what stands outside, what it weighs.

A page is opened once and looked at in several ways (at a desk in the light, at 200 %, on a phone in the dark):
opening it takes much of the time. Two files walk half of the pages each, so that they go side by side, and each half
in :data:`PARTS`, so that none comes near the limit of one test on a slow machine.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.pages import addresses
from tests.browser.site import Site
from tests.browser_setup import DESKTOP, PHONE

#: What one page may bring over the wire to a browser that has nothing yet, in bytes.
HEAVIEST = 300_000
#: Tests that walk one half.
PARTS = 10
#: A window of 1280 px at 200 % is one of 640 CSS px (WCAG 1.4.4 and 1.4.10).
ZOOMED = (640, 450)
#: Buttons, fields and headings that stand outside the window although the page does not scroll sideways.
CUT_OFF = """() => {
  const width = document.documentElement.clientWidth;
  const seen = (each) => {
    for (let up = each.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (["auto", "scroll"].includes(style.overflowX)) { return false; }
    }
    const box = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && style.position !== "fixed"
      && (box.right > width + 1 || box.left < -1);
  };
  return Array.from(document.querySelectorAll("h1, h2, button, input, select, textarea, .answer, .key-figure"))
    .filter(seen).slice(0, 3).map((each) => each.outerHTML.slice(0, 120));
}"""

#: What axe says, as text of the violations alone: Playwright walks through every value of any other answer.
JUDGED = """() => axe.run({resultTypes: ["violations"]}).then((said) => JSON.stringify([
  said.passes.length,
  said.violations.map((rule) => [rule.id, rule.nodes.slice(0, 3).map(
    (node) => node.target.join(" ") + " " + node.html.slice(0, 120)).join("; ")]),
]))"""
#: Rules that hold on the emptiest page; fewer, and axe saw none.
MIN_RULES = 10


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def complaints(page: Page, path: str) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = []
    if over := too_wide(page):
        wrong.append(f"{path}: {over} px wider than the window")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    held, violations = json.loads(page.evaluate(JUDGED))
    assert held > MIN_RULES, "axe looked at the page"
    return wrong + [f"{path}: {rule}: {nodes}" for rule, nodes in violations]


def at_twice_the_size(page: Page, path: str) -> list[str]:
    """What is lost or scrolls two ways at 200 %; the window has its size again afterwards."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    wrong = [f"{path}: cut off at 200 %: {each}" for each in page.evaluate(CUT_OFF)]
    if over := too_wide(page):
        wrong.append(f"{path}: {over} px wider than the window at 200 %")
    page.set_viewport_size(size)
    return wrong


@dataclass
class Wire:
    """Counts what comes as transferred, with every script and style, as if the browser had nothing yet."""

    page: Page
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listens from now on."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", self._hear)

    def _hear(self, event: dict[str, Any]) -> None:
        self.sizes.append(int(event["encodedDataLength"]))

    def taken(self) -> int:
        """Bytes since the last time."""
        total = sum(self.sizes)
        self.sizes.clear()
        return total


def on_a_phone(page: Page, path: str) -> list[str]:
    """What is wrong with the open page at phone width in the dark; the window is as it was afterwards."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-bs-theme=dark]").wait_for(state="attached", timeout=5_000)
    wrong = [f"phone, dark: {each}" for each in complaints(page, path)]
    page.emulate_media(color_scheme="light")
    page.locator("html[data-bs-theme=light]").wait_for(state="attached", timeout=5_000)
    page.set_viewport_size(size)
    return wrong


@dataclass
class Walk:
    """A window that goes from page to page, and what was wrong since it was last asked."""

    site: Site
    page: Page
    wire: Wire
    paths: list[str]
    wrong: list[str] = field(default_factory=list)

    def part(self, number: int, *, first: int) -> list[str]:
        """Everything wrong with part ``number`` of every other page from number ``first`` (0 or 1) on."""
        self.wrong.clear()
        paths = self.paths[first::2][number::PARTS]
        assert len(paths) > 1
        heaviest = max(map(self._look, paths))
        assert heaviest > 30_000, "the wire was heard"
        return self.wrong

    def _look(self, path: str) -> int:
        """Hear and see what is wrong with a page; what it weighs, in bytes."""
        answer = self.page.goto(self.site.address + path, wait_until="load")
        weight = self.wire.taken()
        if answer is None or answer.status != 200:
            self.wrong.append(f"{path}: status {answer.status if answer else None}")
            return weight
        if weight > HEAVIEST:
            self.wrong.append(f"{path}: {weight:,} bytes")
        self.wrong += complaints(self.page, path)
        self.wrong += at_twice_the_size(self.page, path)
        self.wrong += on_a_phone(self.page, path)
        return weight


@contextmanager
def walking(site: Site, browser: Browser) -> Iterator[Walk]:
    """A window at a desk, listened to, before its first page."""
    context = site.context(browser, width=DESKTOP[0], height=DESKTOP[1], dark=False)
    # Told beforehand, the browser compiles it once for all pages.
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    walk = Walk(site=site, page=page, wire=Wire(page), paths=addresses(site.app))

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            walk.wrong.append(f"{page.url}: console: {message.text[:200]}")

    page.on("console", hear)
    page.on("pageerror", lambda error: walk.wrong.append(f"{page.url}: script: {error}"))
    # Colours that fade from one theme into the other would be measured half way.
    page.emulate_media(reduced_motion="reduce")
    yield walk
    context.close()
