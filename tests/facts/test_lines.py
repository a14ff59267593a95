"""The lines of a figure are searched and sorted in the database: totals follow the search, unknown values come last."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import ORDERS, lines_of
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from tests import builders


@pytest.fixture
def ledger(session: Session) -> None:
    """Four lines; one without a date, one with signs that a search must take literally."""
    builders.spend_line(
        session,
        120_00,
        on=date(2026, 3, 1),
        supplied_by=builders.supplier(session, "ADOBE SYSTEMS"),
        description="Seats 100%",
    )
    builders.spend_line(
        session,
        -20_00,
        on=date(2026, 4, 1),
        supplied_by=builders.supplier(session, "Adobe Inc"),
        reference="CN_7",
    )
    builders.spend_line(
        session,
        500_00,
        on=date(2026, 1, 5),
        supplied_by=builders.supplier(session, "CANVA"),
        cost_centre="MKT-1",
    )
    builders.spend_line(session, 7_00, on=None, supplied_by=builders.supplier(session, "Zoom"))


def _said(session: Session, scope: Scope, *, text: str = "", order: str = "-booked") -> list[str | None]:
    return [
        piece.supplier_text for piece in lines_of(session, scope, LineFilter(), text=text, order=order).pieces
    ]


@pytest.mark.usefixtures("ledger")
def test_every_word_is_looked_for_in_any_case(session: Session, scope: Scope) -> None:
    found = lines_of(session, scope, LineFilter(), text="adobe")
    assert (found.count, found.base_minor) == (2, 100_00)
    assert _said(session, scope, text="ADOBE 100%") == ["ADOBE SYSTEMS"]
    assert _said(session, scope, text="cn_7") == ["Adobe Inc"]
    assert _said(session, scope, text="mkt-1") == ["CANVA"]
    assert _said(session, scope, text="100_") == []
    assert lines_of(session, scope, LineFilter(), text="nothing of that").count == 0


@pytest.mark.usefixtures("ledger")
def test_lines_stand_in_the_order_asked_for(session: Session, scope: Scope) -> None:
    assert _said(session, scope) == ["Adobe Inc", "ADOBE SYSTEMS", "CANVA", "Zoom"]
    assert _said(session, scope, order="booked") == ["CANVA", "ADOBE SYSTEMS", "Adobe Inc", "Zoom"]
    assert _said(session, scope, order="-amount") == ["CANVA", "ADOBE SYSTEMS", "Zoom", "Adobe Inc"]
    assert _said(session, scope, order="description")[0] == "ADOBE SYSTEMS"
    assert _said(session, scope, order="no such column") == ["CANVA", "ADOBE SYSTEMS", "Adobe Inc", "Zoom"]
    for name in ORDERS:
        assert len(_said(session, scope, order=f"-{name}")) == 4
