"""Readings of consumption tools: credits bought, used and expired so far in the term, as of a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.consumption import standing_figures
from mopsaudit.reporting import Ref
from mopsaudit.store.models import ConsumptionReading, Import

_MILLION: Final = 1_000_000
#: What a reading may tell, each counted since the term began.
FIGURES: Final = ("bought", "used", "expired")
#: More credits than this are a slip of the keyboard.
MOST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReading:
    """What is known of a tool's credits on a day, in millionths; ``source`` is the file and cell said last, if any."""

    as_of: date
    bought_micro: int | None
    used_micro: int | None
    expired_micro: int | None
    source: Ref | None


def readings_of(session: Session, tool_id: int) -> tuple[DayReading, ...]:
    """The readings of a tool by day, newest first; two queries."""
    days: dict[date, list[ConsumptionReading]] = defaultdict(list)
    for each in session.scalars(
        select(ConsumptionReading)
        .where(ConsumptionReading.tool_id == tool_id)
        .order_by(ConsumptionReading.as_of.desc(), ConsumptionReading.id)
    ):
        days[each.as_of].append(each)
    wanted = sorted({told[-1].import_id or 0 for told in days.values()})
    files = session.scalars(select(Import).where(Import.id.in_(wanted)).order_by(Import.id))
    names = {each.id: each.file_name for each in files}
    return tuple(
        DayReading(as_of=day, source=_source(told[-1], names), **standing_figures(told))
        for day, told in days.items()
    )


def _source(reading: ConsumptionReading, names: Mapping[int, str]) -> Ref | None:
    if reading.import_id is None:
        return None
    label = f"{names[reading.import_id]} {reading.cell or ''}".strip()
    return Ref(kind="import", id=reading.import_id, label=label)


def told_on(session: Session, tool_id: int, on: date) -> Sequence[ConsumptionReading]:
    """All that was told of a tool's credits on a day, oldest first: every file that carries it, or a person."""
    return session.scalars(
        select(ConsumptionReading)
        .where(ConsumptionReading.tool_id == tool_id, ConsumptionReading.as_of == on)
        .order_by(ConsumptionReading.id)
    ).all()


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
    values = {f"{name}_micro": micro_of(value, name) for name, value in given.items()}
    told = told_on(session, tool_id, as_of)
    for before in told[:-1]:
        session.delete(before)
    found = told[-1] if told else ConsumptionReading(tool_id=tool_id, as_of=as_of)
    session.add(found)
    for name, minor in values.items():
        setattr(found, name, minor)
    found.import_id = found.cell = None  # a person's word now: no cell of a file says so any more
    session.flush()
    return found


def micro_of(value: Decimal | None, name: str) -> int | None:
    """Credits in millionths; None stays unknown.

    Raises:
        InvalidError: a negative number, one beyond a million million, more than six digits after the point.
    """
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= MOST:
        raise InvalidError("Enter a number from 0 to 1,000,000,000,000.", name)
    micro = value * _MILLION
    if micro != micro.to_integral_value():
        raise InvalidError("Enter at most six digits after the point.", name)
    return int(micro)
