"""Every page, light at a desk and dark on a phone: no violation, no error, nothing too wide, lost or heavy."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.walk import PARTS, Walk, complaints
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_first_half(walk: Walk, part: int) -> None:
    wrong = walk.part(part, first=0)
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_of_strangers_are_accessible(served: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="light")
    page, wrong = context.new_page(), []
    for path in ("/sign-in", "/no-such-page", "/first-run"):
        page.goto(served + path)
        wrong += complaints(page, path)
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_is_wrong_is_told(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>Tools</title><h1>Tools</h1><img src='data:,'>"
        "<p style='color: #ccc; background: #fff; width: 3000px'>Hardly there"
    )
    wrong = complaints(page, "/here")
    assert "px wider" in wrong[0]
    found = {each.split(": ")[1] for each in wrong}
    assert {"image-alt", "color-contrast"} <= found
    assert next(each for each in wrong if "image-alt" in each).endswith('image-alt: img <img src="data:,">')
