"""What scripts add to pages that work without them: shortcuts, rows that open, themes, menus, one click one post."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.site import Site
from tests.browser_setup import PHONE, requires_chromium
from tests.web.browser import PASSWORD

pytestmark = [pytest.mark.browser, requires_chromium]


def test_signing_in_by_hand_and_out_again(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.address}/tools")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match an account")
    expect(page.get_by_label("Email")).to_have_value("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.address}/tools")
    page.locator(".topbar details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{site.address}/sign-in")
    context.close()


def test_keys_and_rows(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/tools")
    page.keyboard.press("/")
    expect(page.locator("#quick-search")).to_be_focused()
    page.keyboard.type("marketo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    page.goto(f"{site.address}/tools")
    page.keyboard.press("j")
    expect(page.locator(".data tbody .opens.primary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tools/\d+$"))
    page.goto(f"{site.address}/tools")
    page.locator(".data tbody tr").nth(2).locator("td[data-label='Category']").click()
    expect(page).to_have_url(re.compile(r"/tools/\d+$"))


def test_shortcuts_can_be_switched_off(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/profile")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site.address}/tools")
    page.keyboard.press("/")
    expect(page.locator("#quick-search")).not_to_be_focused()


def test_a_theme_is_kept_for_the_person(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/help")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    page.locator(".topbar details.menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(f"{site.address}/help")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"


def test_filters_and_scope_stand_in_the_address(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/tools")
    page.get_by_role("button", name="Filter columns").click()
    page.get_by_label("Filter Owner: all").press("Enter")
    page.get_by_role("checkbox", name="(empty) 3").press("Space")
    page.get_by_role("button", name="Show", exact=True).and_(page.locator("details[open] button")).press(
        "Enter"
    )
    expect(page.get_by_role("link", name="Owner: (empty)")).to_be_visible()
    expect(page.get_by_text("1–3 of 3 tools (11 in all)")).to_be_visible()
    assert "f.owner=%28empty%29" in page.url
    page.get_by_label("Unit", exact=True).select_option("UK")
    page.wait_for_url(re.compile("unit=UK"))
    assert "f.owner=%28empty%29" in page.url
    page.get_by_role("link", name="Vendors").click()
    assert "unit=UK" in page.url


def test_a_second_click_posts_once(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"{site.address}/settings/units/new")
    page.get_by_label("Code").fill("FR")
    page.get_by_label("Name").fill("France")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("link", name="France")).to_have_count(1)
    assert len(posts) == 1


def test_the_navigation_of_a_phone_opens(site: Site, browser: Browser) -> None:
    context = site.context(browser, width=PHONE[0], height=PHONE[1], dark=True)
    page = context.new_page()
    page.goto(f"{site.address}/")
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tools")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    link.click()
    expect(page).to_have_url(f"{site.address}/tools")
    context.close()


def test_pages_work_without_scripts(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{**site.cookie, "url": site.address}])  # type: ignore[typeddict-item]  # name, value, url
    page = context.new_page()
    page.goto(f"{site.address}/tools")
    expect(page.get_by_label("Filter Owner")).to_be_visible()
    page.get_by_label("Search this table").fill("asana")
    page.get_by_label("Search this table").press("Enter")
    expect(page.get_by_text("1–1 of 1 tool (11 in all)")).to_be_visible()
    context.close()


def test_the_stack_map_is_a_set_of_links(site: Site, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(f"{site.address}/reports/stack")
    tool = page.locator(".stack-map .wide").get_by_role("link", name=re.compile("^Bynder, 45,500 USD a year"))
    tool.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bynder", level=1)).to_be_visible()


def test_a_copied_link_shows_the_same_another_day(site: Site, browser: Browser) -> None:
    context = site.context(browser, width=1280, height=900, dark=False)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.address}/tools?f.owner=%28empty%29")
    page.get_by_role("button", name="Copy a link to this page").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "f.owner=%28empty%29" in copied
    assert "as_of=2026-09-30" in copied
    context.close()
