"""Readings of consumption tools: credits bought, used and expired so far in the term, as of a day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.store.models import ConsumptionReading

_MILLION: Final = 1_000_000
#: More credits than this are a slip of the keyboard.
MOST: Final = Decimal(10) ** 12


def readings_of(session: Session, tool_id: int) -> tuple[ConsumptionReading, ...]:
    """The readings of a tool, newest first."""
    return tuple(
        session.scalars(
            select(ConsumptionReading)
            .where(ConsumptionReading.tool_id == tool_id)
            .order_by(ConsumptionReading.as_of.desc(), ConsumptionReading.id.desc())
        )
    )


def enter_reading(
    session: Session,
    tool_id: int,
    *,
    as_of: date,
    bought: Decimal | None,
    used: Decimal | None,
    expired: Decimal | None,
    today: date,
) -> ConsumptionReading:
    """What the vendor's page says on a day; a second reading of the same day replaces the first. None is unknown.

    The caller has made sure that the tool lies within reach.

    Raises:
        InvalidError: a day to come, nothing known at all, a negative number or one beyond a million million, more than
            six digits after the point.
    """
    if as_of > today:
        raise InvalidError("That day is still to come.", "as_of")
    given: Mapping[str, Decimal | None] = {"bought": bought, "used": used, "expired": expired}
    if all(value is None for value in given.values()):
        raise InvalidError("Enter at least one of bought, used and expired.", "used")
    values = {f"{name}_micro": _micro(value, name) for name, value in given.items()}
    found = session.scalars(
        select(ConsumptionReading)
        .where(ConsumptionReading.tool_id == tool_id, ConsumptionReading.as_of == as_of)
        .order_by(ConsumptionReading.id.desc())
    ).first()
    if found is None:
        found = ConsumptionReading(tool_id=tool_id, as_of=as_of)
        session.add(found)
    for name, minor in values.items():
        setattr(found, name, minor)
    session.flush()
    return found


def _micro(value: Decimal | None, name: str) -> int | None:
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= MOST:
        raise InvalidError("Enter a number from 0 to 1,000,000,000,000.", name)
    micro = value * _MILLION
    if micro != micro.to_integral_value():
        raise InvalidError("Enter at most six digits after the point.", name)
    return int(micro)
