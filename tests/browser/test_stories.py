"""Three people at work in a real browser: finance brings a ledger in, operations cleans up, procurement negotiates."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from mopsaudit.organisation import create_setup_token
from mopsaudit.store.ledger import SpendLine
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests.browser.site import Site
from tests.browser.stories_setup import (
    LINES,
    TOTAL,
    add_account,
    import_ledger,
    ledger_file,
    sign_in,
    working,
)
from tests.browser_setup import requires_chromium
from tests.web.browser import PASSWORD

pytestmark = [pytest.mark.browser, requires_chromium]


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A tab that fails the test when a script does."""
    tab = browser_context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    assert not faults


def _living(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return (
            session.scalar(select(func.count()).select_from(SpendLine).where(SpendLine.living.is_(True))) or 0
        )


def test_finance_brings_a_ledger_in_and_takes_it_back(
    app: Flask, served: str, now: datetime, page: Page, tmp_path: Path
) -> None:
    """First run, then finance: upload, one question, review, import, certificate, undo."""
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        token = create_setup_token(session, now=now)
    page.goto(f"{served}/first-run?token={token}")
    page.fill("input[name=name]", "Grace Hopper")
    page.fill("input[name=email]", "grace@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=company_name]", "Example Instruments Ltd")
    page.click("button:has-text('Create the account')")
    expect(page.locator("h1")).to_be_visible()
    expect(page).to_have_url(f"{served}/")
    page.context.clear_cookies()

    sign_in(page, served, add_account(app, "finance", now))
    with working(app, now):
        page.goto(f"{served}/imports")
        page.select_option("select[name=kind]", "spend")
        page.set_input_files("input[type=file]", ledger_file(tmp_path))
        page.click("button:has-text('Read the files')")
        question = page.locator("fieldset", has_text="3 April")
        expect(question).to_be_visible(timeout=20_000)
        assert _living(app) == 0
        question.get_by_label("3 April").first.check()
        page.click("button:has-text('Answer and read again')")
        button = page.locator(".btn-import")
        expect(button).to_have_text(f"Import {len(LINES)} lines, {TOTAL} USD", timeout=20_000)
        expect(page.locator(".review-side")).to_contain_text("Foots")
        expect(page.locator("tr.row-header")).to_contain_text("Invoice date")
        button.click()
        expect(page.locator(".answer")).to_contain_text(
            f"{len(LINES)} lines of AP_Spring_2026.xlsx count", timeout=20_000
        )
    expect(page.locator("main")).to_contain_text(TOTAL)
    assert _living(app) == len(LINES)
    page.click("a:has-text('Undo')")
    page.fill("[name=reason]", "The wrong period")
    page.click("button:has-text('Undo this import')")
    expect(page.locator("main")).to_contain_text("taken back")
    assert _living(app) == 0


def test_operations_settles_suppliers_and_decides(
    site: Site, now: datetime, page: Page, tmp_path: Path
) -> None:
    """The review queue, a tool from the catalogue, two reports, a decision."""
    import_ledger(site.app, tmp_path, now)
    sign_in(page, site.address, add_account(site.app, "ops", now))
    page.goto(f"{site.address}/suppliers")
    mailchimp = page.locator("li.queue-item", has_text="MAILCHIMP")
    mailchimp.locator("button:has-text('It is Mailchimp')").click()
    expect(page.locator("li.queue-item", has_text="MAILCHIMP")).to_have_count(0)
    page.goto(f"{site.address}/suppliers?q=riverside&band=all")
    page.locator("li.queue-item", has_text="RIVERSIDE").locator(
        "button:has-text('Not marketing')"
    ).first.click()
    page.goto(f"{site.address}/suppliers?band=settled")
    expect(page.locator("ol.queue")).to_contain_text("RIVERSIDE")

    page.goto(f"{site.address}/tools/add")
    page.locator("#typed").press_sequentially("figma", delay=20)
    page.locator("#suggestions tr", has_text="Figma").locator("button").first.click()
    expect(page.locator("h1")).to_have_text("Figma")

    page.goto(f"{site.address}/reports/overlap")
    expect(page.locator(".answer")).to_contain_text("overlap")
    page.goto(f"{site.address}/reports/underuse")
    expect(page.locator(".answer")).to_contain_text("seats")

    page.goto(f"{site.address}/decisions/new")
    page.select_option("select[name=tool_id]", label="HubSpot Marketing Hub")
    page.select_option("select[name=verdict]", "right_size")
    page.fill("[name=reason]", "A quarter of the seats is in use")
    page.fill("[name=expected_minor]", "12000")
    page.fill("[name=due_on]", "2026-12-15")
    page.click("main button[type=submit]:has-text('Save')")
    expect(page.locator("h1")).to_contain_text("HubSpot Marketing Hub")
    page.goto(f"{site.address}/decisions")
    expect(page.locator("main")).to_contain_text("A quarter of the seats is in use")


def test_procurement_takes_the_audit_workbook_along(site: Site, now: datetime, page: Page) -> None:
    """Renewals on the page, then the same sentences in the workbook."""
    sign_in(page, site.address, add_account(site.app, "procurement", now))
    answers = {}
    for slug in ("renewals", "overlap", "underuse"):
        page.goto(f"{site.address}/reports/{slug}")
        answers[slug] = page.locator(".answer").inner_text()
    page.goto(f"{site.address}/audit")
    with working(site.app, now):
        page.click("main button:has-text('Make the file')")
        made = page.locator("main a[download]", has_text="martech-audit")
        expect(made).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        made.click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()), data_only=True)
    text = "\n".join(
        str(cell) for row in book["Summary"].iter_rows(values_only=True) for cell in row if cell is not None
    )
    for slug, answer in answers.items():
        assert answer in text, slug
    assert "Decide first" in text
    assert {"Summary", "Inventory", "Renewals", "Sources", "Lines", "Definitions"} <= set(book.sheetnames)
