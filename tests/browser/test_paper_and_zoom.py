"""The dashboard on one sheet of paper, and the browser's own zoom."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.site import Site
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


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
