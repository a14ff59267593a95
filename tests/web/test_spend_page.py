"""What the spend says, in the browser: its tables and exports, and the dashboard before there are contracts."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from mopsaudit.store.models import Supplier
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


def _proposal(vendor: str, tool: str | None) -> dict[str, object]:
    return {
        "sure": True,
        "vendor": vendor.casefold(),
        "vendor_name": vendor,
        "tool": None,
        "tool_name": tool,
        "spend_type": "software",
    }


@pytest.fixture
def ledger(app: Flask, clock: Clock) -> None:
    """Two years of one yearly tool with a payment made twice, an agency by name, a caterer."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        hubspot: Supplier = builders.supplier(
            session,
            "HUBSPOT INC",
            likely_mille=990,
            score_mille=990,
            proposal=_proposal("HubSpot", "HubSpot"),
        )
        for day, minor, reference in (
            (date(2024, 11, 12), 10_000_00, "INV-1"),
            (date(2025, 11, 10), 10_700_00, "INV-2"),
            (date(2025, 12, 3), 10_700_00, "INV-2"),
        ):
            builders.spend_line(session, minor, on=day, supplied_by=hubspot, reference=reference)
        agency = builders.supplier(session, "BRIGHT MEDIA", likely_mille=720)
        caterer = builders.supplier(session, "LUNCH LTD", likely_mille=50)
        for month in range(1, 9):
            builders.spend_line(session, 500_00, on=date(2026, month, 3), supplied_by=agency)
            builders.spend_line(session, 80_00, on=date(2026, month, 4), supplied_by=caterer)


def test_an_empty_database_says_what_to_do(sign_in: Sign) -> None:
    page = sign_in("finance").get("/spend").get_data(as_text=True)
    assert "There is no spend yet" in page
    assert "Upload a spend workbook" in page
    assert "Upload a spend workbook" not in sign_in("viewer").get("/spend").get_data(as_text=True)


@pytest.mark.usefixtures("ledger")
def test_the_page_answers(sign_in: Sign) -> None:
    page = sign_in("viewer").get("/spend").get_data(as_text=True)
    assert (
        "1 likely marketing tool of 1 vendor costs 21,400 USD a year; 1 supplier changed its price; "
        "1 invoice was likely paid twice (10,700 USD)." in page
    )
    assert "Nov 2026 (D)" in page
    assert "+7 % in Nov 2025" in page
    assert "BRIGHT MEDIA" in page
    assert "LUNCH LTD" not in page
    assert "1 supplier nobody settled looks like no marketing tool: 8 lines, 640 USD." in page
    assert "Export what is shown" not in page  # a viewer exports nothing


@pytest.mark.usefixtures("ledger")
def test_the_tables_are_exported(sign_in: Sign) -> None:
    tab = sign_in("finance")
    shown = tab.get("/spend?format=csv&cols=cost&cols=evidence").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert [row["Supplier"] for row in rows] == ["HUBSPOT INC"]
    assert rows[0]["Twelve months (USD)"] == "21400.00"
    assert "Price +7 % (10,000 → 10,700 USD) in Nov 2025." in rows[0]["Evidence"]
    twice = tab.get("/spend?twice.format=csv").get_data(as_text=True)
    assert "INV-2" in twice
    assert "10700.00" in twice
    assert "BRIGHT MEDIA" in tab.get("/spend?perhaps.format=csv").get_data(as_text=True)
    assert tab.get("/spend?format=xlsx").data[:2] == b"PK"
    assert sign_in("viewer").get("/spend?format=csv").status_code == 403


@pytest.mark.usefixtures("ledger")
def test_the_dashboard_answers_before_there_is_a_contract(sign_in: Sign, app: Flask, clock: Clock) -> None:
    tab = sign_in("finance")
    page = tab.get("/").get_data(as_text=True)
    assert "Five questions, as far as spend answers them" in page
    assert "What answers most next." in page
    assert "Import the contracts of 1 likely tool" in page
    assert "1 renewal likely within three months by the rhythm of invoices: HubSpot (Nov 2026)" in page
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        vendor = builders.vendor(session, "HubSpot")
        tool = builders.tool(session, "HubSpot", of=vendor)
        builders.contract(
            session, vendor, start_on=date(2026, 3, 1), initial_months=12, lines=[{"tool": tool}]
        )
    page = tab.get("/").get_data(as_text=True)
    assert "as far as spend answers them" not in page
    assert "Five questions" in page


@pytest.mark.usefixtures("ledger")
def test_a_ledger_that_ended_offers_its_last_day(sign_in: Sign) -> None:
    page = sign_in("viewer").get("/spend?as_of=2028-05-15").get_data(as_text=True)
    assert "The ledger ends before the day asked about." in page
    assert "as_of=2026-09-01" in page


@pytest.mark.usefixtures("ledger", "units")
def test_another_unit_sees_nothing_of_it(sign_in: Sign) -> None:
    page = sign_in("finance", unit="DE").get("/spend").get_data(as_text=True)
    assert "There is no spend yet" in page
    assert "HUBSPOT" not in page
