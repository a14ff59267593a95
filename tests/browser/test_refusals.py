"""Pages that say no, and pages that wait, as somebody at a browser meets them: why, what to do, and a way on."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from blueprints import credentials
from mopsaudit import organisation
from mopsaudit.organisation import save_setting
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests.browser.site import Site, session_cookie
from tests.browser.walk import complaints
from tests.browser_setup import PHONE, requires_chromium
from tests.web.browser import PASSWORD

pytestmark = [pytest.mark.browser, requires_chromium]


def _in_both_sizes(page: Page) -> None:
    """Nothing is wrong with the page that is open, at a desk and on a phone."""
    size = page.viewport_size
    assert size is not None
    wrong = complaints(page, page.url)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    wrong += complaints(page, page.url)
    page.set_viewport_size(size)
    assert not wrong, wrong


def _viewer(site: Site, browser: Browser, now: datetime) -> BrowserContext:
    with site.app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        account = organisation.create_account(
            session,
            email="vera@example.com",
            name="Vera Rubin",
            password_hash=credentials.hashed(PASSWORD),
            role="viewer",
            now=now,
        )
        token = organisation.open_session(session, account.id, now=now)
    cookie = session_cookie(site.app, token, now)
    return Site(app=site.app, address=site.address, cookie=cookie).context(
        browser, width=1280, height=900, dark=False
    )


def test_what_a_role_may_not_is_told_with_who_may(site: Site, browser: Browser, now: datetime) -> None:
    context = _viewer(site, browser, now)
    page = context.new_page()
    answer = page.goto(f"{site.address}/settings/people")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Your role does not allow this")
    expect(page.locator(".answer")).to_contain_text("Yours: viewer.")
    expect(page.locator("main")).to_contain_text("Admins here: Ada Lovelace.")
    _in_both_sizes(page)
    page.get_by_role("link", name="Who may do what").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/help/roles")
    page.go_back()
    page.locator("main").get_by_role("link", name="To the dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    context.close()


def test_too_large_an_upload_is_told_before_it_is_sent_and_after(
    site: Site, desktop: BrowserContext, tmp_path: Path, now: datetime
) -> None:
    with site.app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        save_setting(session, "upload_bytes", 1024 * 1024)
    files = [tmp_path / name for name in ("One.csv", "Two.csv")]
    for each in files:
        each.write_bytes(b"x" * 700_000)
    page = desktop.new_page()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"{site.address}/imports")
    expect(page.locator("#files-hint")).to_contain_text("up to 1 MB")
    page.set_input_files("#files", files)
    word = page.locator("[data-chosen] .bad")
    expect(word).to_contain_text("Together 1.3 MB; one upload takes 1 MB.")
    page.get_by_role("button", name="Read the files").click()
    assert posts == [], "nothing is sent that would be refused"
    page.set_input_files("#files", files[:1])
    expect(word).to_have_count(0)
    assert page.evaluate("document.querySelector('#files').validity.valid")

    # Without the script's word the server says it.
    page.set_input_files("#files", files)
    page.evaluate("document.querySelector('#files').setCustomValidity('')")
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was sent is too large")
    expect(page.locator(".answer")).to_contain_text("may have 1 MB together")
    _in_both_sizes(page)
    page.get_by_role("link", name="Back to the page before").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Files")


def test_too_many_attempts_are_told_with_how_long_to_wait(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    for _ in range(6):
        page.goto(f"{site.address}/sign-in")
        page.get_by_label("Email").fill("ada@example.com")
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many attempts")
    expect(page.locator(".answer")).to_contain_text("Try again 15 minutes after the last one.")
    expect(page.get_by_role("navigation", name="Pages")).to_have_count(0)
    _in_both_sizes(page)
    page.get_by_role("link", name="Back to the page before").or_(
        page.get_by_role("link", name="To the sign-in page")
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()


def test_a_fault_says_that_nothing_was_saved_and_can_be_tried_again(
    site: Site, desktop: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = threading.Event()
    broken.set()
    show = site.app.view_functions["profile.show"]

    def view() -> object:
        if broken.is_set():
            raise ZeroDivisionError("with a secret detail")
        return show()

    monkeypatch.setitem(site.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(site.app.view_functions, "profile.show", view)
    page = desktop.new_page()
    answer = page.goto(f"{site.address}/profile")
    assert answer is not None
    assert answer.status == 500
    expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong on our side")
    expect(page.locator(".answer")).to_contain_text("Nothing of your last step was saved.")
    expect(page.locator("main")).to_contain_text("Reference ")
    assert "secret detail" not in page.content()
    _in_both_sizes(page)
    broken.clear()
    page.get_by_role("link", name="Open this page again").click()
    expect(page.get_by_label("Single-key shortcuts")).to_be_visible()
    assert page.url == f"{site.address}/profile"


def test_work_in_the_background_says_where_it_stands(site: Site, desktop: BrowserContext) -> None:
    """A queued backup waits in words; when no answer comes the page says so and goes on asking."""
    page = desktop.new_page()
    page.goto(f"{site.address}/settings/upkeep")
    page.get_by_role("button", name="Make a backup now").click()
    word = page.locator("[data-progress-text]")
    expect(word).to_have_text("Waiting for the worker to be free.")
    _in_both_sizes(page)
    page.route("**/settings/upkeep/state*", lambda route: route.abort())
    expect(word).to_have_text("No answer just now; the work goes on. Trying again.", timeout=10_000)
    page.unroute("**/settings/upkeep/state*")
    expect(word).to_have_text("Waiting for the worker to be free.", timeout=10_000)
