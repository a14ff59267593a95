"""The lines page says what another ledger lent a line, and from which cell."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from mopsaudit.store.models import LineLoan
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def lent(app: Flask, clock: Clock) -> None:
    """An invoice with the service dates of its booking, which does not count."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        ap, gl = builders.source(session, "AP"), builders.source(session, "GL", kind_of_source="gl")
        booking = builders.import_file(session, "booking.xlsx", of=gl)
        invoice = builders.spend_line(session, 120_00, on=date(2026, 8, 3), of=ap)
        booked = builders.spend_line(session, 120_00, on=date(2026, 8, 3), of=gl, from_import=booking)
        invoice.service_from, invoice.service_until = date(2026, 1, 1), date(2027, 1, 1)
        booked.counts = False
        session.add(LineLoan(line_id=invoice.id, from_line_id=booked.id, detail="service"))


@pytest.mark.usefixtures("lent")
def test_a_loan_stands_on_the_page_with_its_origin(sign_in: Sign) -> None:
    page = sign_in("finance").get("/lines").get_data(as_text=True)
    assert "1 Jan 2026 to 31 Dec 2026" in page
    assert "service dates from GL › booking.xlsx" in page
