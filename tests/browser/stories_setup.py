"""What the stories need around the browser: a worker that does the background work, people, and files to upload."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from blueprints import credentials
from mopsaudit import jobs, organisation
from mopsaudit.demo.sheets import Layout, write_workbook
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.run import import_file
from mopsaudit.money import to_minor
from mopsaudit.store.session import SYSTEM, unit_of_work
from mopsaudit.workbook.cells import Money
from tests.web.browser import PASSWORD

#: Supplier, description, amount of each line; every date is one that two countries read differently.
LINES = (
    ("03/04/2026", "INV-2201", "MAILCHIMP *MISC", "Monthly plan", "350.00"),
    ("05/04/2026", "INV-2202", "HOTJAR LTD", "Plus plan", "99.00"),
    ("07/04/2026", "INV-2203", "RIVERSIDE CATERING CO", "Team lunch", "645.25"),
    ("04/05/2026", "INV-2204", "MAILCHIMP *MISC", "Monthly plan", "350.00"),
    ("06/05/2026", "INV-2205", "QUANTIVE ADVISORY LLC", "Platform access fee", "4,800.00"),
    ("08/05/2026", "CN-2206", "HOTJAR LTD", "Credit note for INV-2202", "(33.00)"),
)
#: What they sum to.
TOTAL = "6,211.25"


def ledger_file(folder: Path) -> Path:
    """A payables ledger as people send it: a cover, title rows, text dates, a grand total, a footnote."""
    rows: list[tuple[Any, ...]] = []
    total = 0
    for day, number, supplier, text, amount in LINES:
        sign = -1 if amount.startswith("(") else 1
        minor = sign * to_minor(_decimal(amount), "USD")[0]
        total += minor
        rows.append((day, number, supplier, text, Money(minor=minor, currency="USD"), "USD"))
    return write_workbook(
        folder / "AP_Spring_2026.xlsx",
        date(2026, 9, 30),
        Layout(
            sheet="AP Ledger",
            above=("Example Instruments Ltd", "Accounts payable", "April and May 2026"),
            total=("Grand total", None, None, None, Money(minor=total, currency="USD"), None),
            below=("Net of recoverable tax.",),
            notes=("Prepared by finance", "One row per invoice"),
        ),
        ("Invoice date", "Invoice number", "Supplier", "Description", "Net amount", "Currency"),
        rows,
    )


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text.strip("()").replace(",", ""))


def import_ledger(app: Flask, folder: Path, now: datetime) -> None:
    """The same file, imported without the browser; its dates are told."""
    with app.app_context():
        result = import_file(
            Kind.SPEND,
            ledger_file(folder),
            ImportOptions(source="AP", kind_of_source="ap"),
            reader=app.config["MOPSAUDIT_READER"],
            folder=Path(app.config["MOPSAUDIT_DATA"]),
            actor=SYSTEM,
            now=now,
        )
        if result["status"] == "needs-answer":
            answers = tuple((each["key"], "dmy") for each in result["questions"])
            result = import_file(
                Kind.SPEND,
                ledger_file(folder),
                ImportOptions(source="AP", kind_of_source="ap", answers=answers),
                reader=app.config["MOPSAUDIT_READER"],
                folder=Path(app.config["MOPSAUDIT_DATA"]),
                actor=SYSTEM,
                now=now,
            )
    assert result["status"] == "imported", result


def add_account(app: Flask, role: str, now: datetime) -> str:
    """Somebody of that role with a real password; their address."""
    email = f"{role}@example.com"
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        organisation.create_account(
            session,
            email=email,
            name=f"{role.capitalize()} Person",
            password_hash=credentials.hashed(PASSWORD),
            role=role,
            now=now,
        )
    return email


def sign_in(page: Page, address: str, email: str) -> None:
    """Through the page, as a person does."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(f"{address}/**")
    page.wait_for_selector("nav")


@contextmanager
def working(app: Flask, now: datetime) -> Iterator[None]:
    """A background worker beside the web server for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(
        target=jobs.run,
        args=(app, jobs.handlers, stop),
        kwargs={"threads": 1, "clock": lambda: now},
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
