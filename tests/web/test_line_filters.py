"""What the columns of spend lines are asked: words, exact values, ranges in whole units, and what is missing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from mopsaudit.organisation import find_unit
from mopsaudit.store.models import BusinessUnit
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def ledger(app: Flask, clock: Clock) -> None:
    """Three lines: a tool's, one without anything, and one in yen, which has no minor unit."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        tool = builders.tool(session, "Mailer")
        of = builders.source(session, "AP")
        file = builders.import_file(session, "AP_Ledger.xlsx", of=of)
        line = builders.spend_line(
            session, 120_00, on=date(2026, 8, 3), of=of, from_import=file, tool=tool, reference="INV-1"
        )
        line.supplier_text, line.cost_centre = "ACME 100%", "4711"
        line.edited_by_id = builders.person(session).id
        line = builders.spend_line(session, -35_50, on=date(2026, 7, 15), of=of)
        line.supplier_text, line.method = "Zorb", "alias"
        line = builders.spend_line(session, 120, on=date(2026, 6, 30), of=of, currency="JPY", converted=False)
        line.supplier_text = "Tokyo Ads"


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "asked, found",
    [
        ("f.supplier=acme", ["ACME 100%"]),
        ("f.supplier=0%25", ["ACME 100%"]),  # a percent sign is no wildcard
        ("f.supplier=_", []),
        ("f.supplier==zorb", ["Zorb"]),
        ("f.supplier=acme&f.supplier=zorb", ["ACME 100%", "Zorb"]),
        ("f.tool=mail", ["ACME 100%"]),
        ("f.tool=(empty)", ["Tokyo Ads", "Zorb"]),
        ("f.cost_centre=(empty)", ["Tokyo Ads", "Zorb"]),
        ("f.booked=2026-07", ["Zorb"]),
        ("f.booked.from=2026-07-16", ["ACME 100%"]),
        ("f.amount=120", ["ACME 100%", "Tokyo Ads"]),
        ("f.amount=%3E120", []),
        ("f.amount=%3C0", ["Zorb"]),
        ("f.amount.to=-35.5", ["Zorb"]),
        ("f.amount.from=119.999&f.amount.to=120.001", ["ACME 100%", "Tokyo Ads"]),
        ("f.amount.from=1e40", []),
        ("f.base=(empty)", ["Tokyo Ads"]),
        ("f.type==media", []),
        ("f.credit=nothing", []),
        ("f.credit=(empty)", ["ACME 100%", "Tokyo Ads", "Zorb"]),
        ("f.unheard=nothing", ["ACME 100%", "Tokyo Ads", "Zorb"]),  # no column: no filter
        ("f.origin=nothing", []),
        ("f.origin=ledger", ["ACME 100%"]),
        ("f.origin==ap_ledger.xlsx", ["ACME 100%"]),
        ("f.origin=(empty)", []),  # each was seen in a file
        ("f.placed==by+hand", ["ACME 100%"]),
        ("f.placed==exact+name", ["Zorb"]),
        ("f.placed=(empty)", ["Tokyo Ads"]),
        ("f.placed==a+rule&f.placed==exact+name", ["Zorb"]),
        ("f.reference=inv&f.booked=2026-07", []),
    ],
)
def test_lines_are_filtered_by_their_columns(sign_in: Sign, asked: str, found: list[str]) -> None:
    tab = sign_in("finance")
    rows = tab.get(f"/lines?{asked}&format=csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert sorted(line.split(",")[1] for line in rows[1:]) == sorted(found)
    number = len(found)
    page = tab.get(f"/lines?{asked}").get_data(as_text=True)
    assert f"{number} spend line{'' if number == 1 else 's'}, " in page


@pytest.fixture
def credited(app: Flask, clock: Clock, units: None) -> None:
    """Two invoices of one supplier, a credit note for the first, and one of another unit for the second."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        uk, de = find_unit(session, "UK"), find_unit(session, "DE")
        of, by = builders.source(session, "AP"), builders.supplier(session, "HOTJAR")

        def line(minor: int, number: str, unit: BusinessUnit, **more: Any) -> int:
            made = builders.spend_line(
                session, minor, of=of, supplied_by=by, unit=unit, reference=number, **more
            )
            return made.id

        first, second = line(400_00, "INV-1", uk), line(500_00, "INV-2", uk)
        line(-33_00, "CN-1", uk, credit_of_id=first)
        line(-44_00, "CN-2", de, credit_of_id=second)
        line(-55_00, "CN-3", uk)


@pytest.mark.usefixtures("credited")
@pytest.mark.parametrize(
    "asked, whole, uk",
    [
        ("==credits+a+line", ["CN-1", "CN-2"], ["CN-1"]),
        ("==was+credited", ["INV-1", "INV-2"], ["INV-1"]),
        ("=credit", ["CN-1", "CN-2", "INV-1", "INV-2"], ["CN-1", "INV-1"]),
        ("=inv-2", ["CN-2"], []),
        ("=CN-1", ["INV-1"], ["INV-1"]),
        ("==CN-1", [], []),
        ("=(empty)", ["CN-3"], ["CN-3", "INV-2"]),
        ("=(empty)&f.amount=%3C0", ["CN-3"], ["CN-3"]),
        ("==was+credited&f.credit=(empty)", ["CN-3", "INV-1", "INV-2"], ["CN-3", "INV-1", "INV-2"]),
    ],
)
def test_credit_notes_are_asked_for_by_either_half(
    sign_in: Sign, asked: str, whole: list[str], uk: list[str]
) -> None:
    """A tie with a line of another unit is none to who does not see that unit: as the column says it."""
    tab, part = sign_in("finance"), sign_in("finance", unit="UK", email="uk@example.com")
    for who, found in ((tab, whole), (part, uk)):
        answer = who.get(f"/lines?f.credit{asked}&cols=reference&format=csv").get_data(as_text=True)
        assert sorted(row.split(",")[1] for row in answer.splitlines()[1:]) == found
    page = tab.get(f"/lines?f.credit{asked}").get_data(as_text=True)
    assert f"{len(whole)} spend line{'' if len(whole) == 1 else 's'}, " in page
    assert "not here any more" not in page
