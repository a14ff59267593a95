"""Readings of consumption tools: what is refused, and the same day again."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.inventory.credits import enter_reading, readings_of
from tests import builders

DAY = date(2026, 9, 30)


def enter(session: Session, tool_id: int, **values: Any) -> None:
    given: dict[str, Any] = {
        "as_of": DAY,
        "bought": None,
        "used": None,
        "expired": None,
        "today": DAY,
    } | values
    enter_reading(session, tool_id, **given)


def test_the_same_day_again_replaces(session: Session) -> None:
    tool = builders.tool(session)
    enter(session, tool.id, used=Decimal("10.5"))
    enter(session, tool.id, bought=Decimal(100), used=Decimal(11))
    (found,) = readings_of(session, tool.id)
    assert (found.bought_micro, found.used_micro, found.expired_micro) == (100_000_000, 11_000_000, None)


@pytest.mark.parametrize(
    "values, field",
    [
        ({"as_of": date(2026, 10, 1), "used": Decimal(1)}, "as_of"),
        ({}, "used"),
        ({"used": Decimal(-1)}, "used"),
        ({"bought": Decimal("1e13")}, "bought"),
        ({"expired": Decimal("NaN")}, "expired"),
        ({"used": Decimal("0.0000001")}, "used"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, values: dict[str, Any], field: str) -> None:
    tool = builders.tool(session)
    with pytest.raises(InvalidError) as caught:
        enter(session, tool.id, **values)
    assert caught.value.field == field
    assert readings_of(session, tool.id) == ()
