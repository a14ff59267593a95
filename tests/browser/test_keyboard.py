"""The three stories with a keyboard alone: no pointer is used between signing in and the last page."""

import io
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.site import Site
from tests.browser.stories_setup import LINES, TOTAL, add_account, ledger_file, working
from tests.browser_setup import requires_chromium
from tests.web.browser import PASSWORD

pytestmark = [pytest.mark.browser, requires_chromium]
expect.set_options(timeout=20_000)
#: Steps of the tabulator after which something counts as out of reach.
FURTHEST = 220


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A tab whose pointer is never used."""
    browser_context.set_default_timeout(60_000)
    tab = browser_context.new_page()
    yield tab
    tab.close()


def _reach(page: Page, wanted: Locator) -> None:
    """Go to something by the tabulator; it must be seen to have the focus."""
    expect(wanted).to_be_visible()
    for _ in range(FURTHEST):
        if wanted.evaluate("each => each === document.activeElement"):
            ring = wanted.evaluate(
                "each => { const s = getComputedStyle(each);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            )
            assert ring, f"the focus on {wanted} is not seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by the tabulator")


def _press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    _reach(page, wanted)
    page.keyboard.press(key)


def _type(page: Page, wanted: Locator, text: str) -> None:
    _reach(page, wanted)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def _choose(page: Page, wanted: Locator, label: str) -> None:
    """Choose in a list by typing the beginning of its label, as a keyboard does."""
    _reach(page, wanted)
    page.keyboard.type(label)
    assert wanted.evaluate("each => each.selectedOptions[0].label.trim()").startswith(label)


def _sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/sign-in")
    _type(page, page.get_by_label("Email"), email)
    _type(page, page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav")


def _open_page(page: Page, name: str) -> None:
    """A page of the navigation, past the skip link that leads around it."""
    _press(page, page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_operations_goes_from_the_stack_to_a_decision(site: Site, now: datetime, page: Page) -> None:
    _sign_in(page, site.address, add_account(site.app, "ops", now))
    _open_page(page, "Overlap")
    expect(page.locator(".answer")).to_contain_text("overlap")
    finding = page.locator(".finding-list a").first
    _press(page, finding)
    _press(page, page.get_by_role("link", name="Decide", exact=True))
    _choose(page, page.get_by_label("Tool", exact=True), "HubSpot")
    _choose(page, page.get_by_label("What is decided"), "right-size")
    _type(page, page.get_by_label("Why"), "A quarter of the seats is in use")
    _type(page, page.get_by_label("Expected saving"), "12000")
    _press(page, page.get_by_role("button", name="Save"))
    expect(page.locator("h1")).to_contain_text("HubSpot Marketing Hub")
    expect(page.locator("main")).to_contain_text("A quarter of the seats is in use")


def test_finance_goes_from_a_workbook_to_a_certificate(
    app: Flask, site: Site, now: datetime, page: Page, tmp_path: Path
) -> None:
    _sign_in(page, site.address, add_account(app, "finance", now))
    with working(app, now):
        _open_page(page, "Files")
        _choose(page, page.get_by_label("What is in them"), "Spend")
        chooser = page.locator("input[type=file]")
        # Reached within the wait: the browser listens for the chooser before the key, also where it is slow.
        with page.expect_file_chooser() as waiting:
            _press(page, chooser)
        waiting.value.set_files(ledger_file(tmp_path))
        _press(page, page.get_by_role("button", name="Read the files"))
        question = page.locator("fieldset", has_text="3 April")
        expect(question).to_be_visible(timeout=20_000)
        _press(page, question.get_by_label("3 April").first, "Space")
        _press(page, page.get_by_role("button", name="Answer and read again"))
        button = page.locator(".btn-import")
        expect(button).to_have_text(f"Import {len(LINES)} lines, {TOTAL} USD", timeout=20_000)
        _press(page, button)
        expect(page.locator(".answer")).to_contain_text(f"{len(LINES)} lines", timeout=20_000)
    certificate = page.locator(".certificates")
    expect(certificate).to_contain_text(TOTAL)
    expect(certificate).to_contain_text("Foots")


def test_procurement_takes_the_audit_workbook_along(site: Site, now: datetime, page: Page) -> None:
    _sign_in(page, site.address, add_account(site.app, "procurement", now))
    _open_page(page, "Renewals")
    answer = page.locator(".answer").inner_text()
    _open_page(page, "Audit workbook")
    with working(site.app, now):
        _press(page, page.get_by_role("button", name="Make the file"))
        made = page.get_by_role("link", name=re.compile(r"^martech-audit.*\.xlsx$"))
        expect(made).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        _press(page, made)
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()), data_only=True)
    text = "\n".join(
        str(cell) for row in book["Summary"].iter_rows(values_only=True) for cell in row if cell is not None
    )
    assert answer in text


def test_keys_open_their_list_the_manual_and_the_search(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/reports/renewals")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Escape")
        expect(keys).to_be_hidden()
        page.keyboard.press("?")
        expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page).to_have_url(f"{site.address}/help/renewals")
    page.keyboard.press("/")
    page.keyboard.type("marketo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".search-hits a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-hits a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Search")


def test_a_slow_answer_is_said_and_the_form_goes_once(
    site: Site, now: datetime, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"{site.address}/settings/units/new")
    page.get_by_label("Code").fill("FR")
    page.get_by_label("Name").fill("France")

    def slow() -> datetime:
        time.sleep(2.5)
        return now

    site.app.config["MOPSAUDIT_CLOCK"] = slow
    page.evaluate(_WATCH)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="France")).to_have_count(1)
    site.app.config["MOPSAUDIT_CLOCK"] = lambda: now
    assert page.evaluate("sessionStorage.getItem('said')") == "Working on it…"
    assert page.evaluate("sessionStorage.getItem('again')") == "clicked"
    assert len([url for url in posts if url.endswith("/units/new")]) == 1


#: Keeps what the page says while it waits, and presses the button a second time: the driver cannot look meanwhile.
_WATCH = """() => {
  const word = document.querySelector("[data-at-work]");
  new MutationObserver(() => { if (word.textContent) { sessionStorage.setItem("said", word.textContent); } })
    .observe(word, { childList: true, characterData: true, subtree: true });
  setTimeout(() => {
    document.querySelector("main button[type=submit].btn-primary").click();
    sessionStorage.setItem("again", "clicked");
  }, 1500);
}"""
