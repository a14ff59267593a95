"""Pages on paper, at twice their size, and by weight: one sheet for the dashboard, nothing lost, nothing heavy."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import Site
from tests.browser.pages import addresses
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]
#: What one page may bring over the wire to a browser that has nothing yet, in bytes.
HEAVIEST = 300_000


def _sheets(path: Path) -> int:
    """Pages of a PDF, from its page tree."""
    return len(re.findall(rb"/Type\s*/Page(?!s)", path.read_bytes()))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_dashboard_is_one_sheet_of_paper(
    site: Site, desktop: BrowserContext, tmp_path: Path, paper: str
) -> None:
    page = desktop.new_page()
    page.goto(site.address + "/")
    page.get_by_role("button", name="Mark as seen").or_(page.get_by_text("first visit")).first.wait_for()
    sheet = tmp_path / f"{paper}.pdf"
    page.pdf(path=str(sheet), format=paper, landscape=True, print_background=True)
    assert _sheets(sheet) == 1
    page.goto(f"{site.address}/reports/stack")
    page.pdf(path=str(sheet), format=paper, landscape=True)
    assert _sheets(sheet) > 1, "the count can tell"


def test_at_two_hundred_percent_nothing_is_lost_and_nothing_scrolls_two_ways(
    site: Site, browser: Browser
) -> None:
    """A window of 1280 px at 200 % is one of 640 CSS px with twice the pixels (WCAG 1.4.4 and 1.4.10)."""
    context = browser.new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    context.add_cookies([{**site.cookie, "url": site.address}])  # type: ignore[typeddict-item]  # name, value, url
    page, wrong = context.new_page(), []
    for path in addresses(site.app):
        page.goto(site.address + path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{path}: {over} px wider than the window")
        wrong += [f"{path}: cut off: {each}" for each in page.evaluate(_CUT_OFF)]
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)


#: Buttons, fields and headings that stand outside the window although the page does not scroll sideways.
_CUT_OFF = """() => {
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


def test_the_browsers_own_zoom_keeps_the_frame_whole(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    wrong = []
    for path in ("/", "/tools", "/reports/overlap", "/imports", "/findings", "/profile", "/suppliers"):
        page.goto(site.address + path)
        page.evaluate("document.documentElement.style.zoom = '2'")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{path}: {over} px")
    assert not wrong


def test_no_page_is_heavier_than_it_may_be(site: Site, browser: Browser) -> None:
    """As transferred, with every script and style, to a browser that has nothing yet."""
    heavy, heaviest = [], 0
    for path in addresses(site.app):
        context = site.context(browser, width=1280, height=900, dark=False)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[int] = []

        def hear(event: dict[str, Any], into: list[int] = sizes) -> None:
            into.append(int(event["encodedDataLength"]))

        wire.on("Network.loadingFinished", hear)
        page.goto(site.address + path, wait_until="load")
        context.close()
        assert sizes
        heaviest = max(heaviest, sum(sizes))
        if sum(sizes) > HEAVIEST:
            heavy.append(f"{path}: {sum(sizes):,} bytes")
    assert heaviest > 30_000, "the wire was heard"
    assert not heavy, "\n" + "\n".join(heavy)
