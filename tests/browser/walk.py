"""One walk over every page: what axe finds, what the console says, what stands outside, what it weighs.

A page is opened once and looked at in several ways: opening it is what takes the time.
"""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import Site
from tests.browser.pages import addresses

#: What one page may bring over the wire to a browser that has nothing yet, in bytes.
HEAVIEST = 300_000
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


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def complaints(page: Page, path: str, axe: Axe) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = []
    if over := too_wide(page):
        wrong.append(f"{path}: {over} px wider than the window")
    for violation in axe.run(page).response["violations"]:
        nodes = "; ".join(
            " ".join(node["target"]) + " " + node["html"][:120] for node in violation["nodes"][:3]
        )
        wrong.append(f"{path}: {violation['id']}: {nodes}")
    return wrong


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


def walk(site: Site, browser: Browser, *, size: tuple[int, int], dark: bool, closely: bool) -> list[str]:
    """Everything wrong with any page in that window; ``closely``: its weight and 200 % as well."""
    context = site.context(browser, width=size[0], height=size[1], dark=dark)
    page, axe, wrong = context.new_page(), Axe(), list[str]()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(f"{page.url}: console: {message.text[:200]}")

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: script: {error}"))
    wire, heaviest = Wire(page) if closely else None, 0
    paths = addresses(site.app)
    assert len(paths) > 30
    for path in paths:
        answer = page.goto(site.address + path, wait_until="load")
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: status {answer.status if answer else None}")
            continue
        if wire is not None:
            weight = wire.taken()
            heaviest = max(heaviest, weight)
            if weight > HEAVIEST:
                wrong.append(f"{path}: {weight:,} bytes")
        wrong += complaints(page, path, axe)
        if closely:
            wrong += at_twice_the_size(page, path)
    context.close()
    assert wire is None or heaviest > 30_000, "the wire was heard"
    return wrong
