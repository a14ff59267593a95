"""What of the money is placed: a known vendor alone places nothing until somebody says which tool was paid for."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.values import Bucket
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from tests import builders

_DAY = date(2026, 6, 30)


@pytest.fixture
def scope(session: Session) -> Scope:
    """A company with money in every state."""
    tool = builders.tool(session)
    vendor = builders.supplier(session, "HUBSPOT", vendor_id=builders.vendor(session, "HubSpot").id)
    data = builders.supplier(session, "PANEL", settled="marketing", spend_type="data", method="decision")
    for amount, values in (
        (1, {"tool": tool}),
        (2, {"supplied_by": vendor, "spend_type": "software"}),
        (4, {"supplied_by": data, "spend_type": "data"}),
        (8, {"supplied_by": builders.supplier(session, "NOBODY")}),
        (16, {"supplied_by": builders.supplier(session, "ADS"), "spend_type": "media"}),
        (32, {"spend_type": "software"}),
        (64, {"supplied_by": vendor, "spend_type": "not_marketing"}),
        (128, {"supplied_by": vendor, "spend_type": "software", "currency": "EUR", "converted": False}),
    ):
        builders.spend_line(session, amount, on=date(2026, 3, 1), **values)
    return scope_for(session, as_of=_DAY, environ={})


def test_a_vendor_nobody_settled_waits_and_a_settled_one_does_not(session: Session, scope: Scope) -> None:
    found = ledger_coverage(session, scope)
    assert (found.on_tools.minor, found.other_marketing.minor, found.open.minor) == (1, 4 + 16, 2 + 8 + 32)
    assert found.open.unconverted == (("EUR", 128),)
    assert found.other_marketing.unconverted == ()
    assert (found.open.lines, found.other_marketing.lines, found.lines) == (4, 2, 8)
    assert (found.settled_minor, found.marketing_minor) == (21, 63)


@pytest.mark.parametrize("name", ["on_tools", "other_marketing", "open", "outside"])
def test_each_part_opens_to_its_lines(name: str, session: Session, scope: Scope) -> None:
    bucket: Bucket = getattr(ledger_coverage(session, scope), name)
    assert bucket.trace is not None
    assert bucket.trace.lines is not None
    page = lines_of(session, scope, bucket.trace.lines)
    assert (page.count, page.base_minor) == (bucket.lines, bucket.minor)
    assert sum(piece.base_minor or 0 for piece in page.pieces) == bucket.minor
