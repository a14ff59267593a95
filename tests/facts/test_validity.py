"""A dated fact holds from its first day on and no longer on its last: half-open, at any date past or planned."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.tools import tools_at
from mopsaudit.facts.validity import holds
from mopsaudit.organisation import scope_for
from mopsaudit.store.models import ToolUnit
from tests import builders

FIRST, LAST = date(2026, 4, 1), date(2026, 10, 1)


@pytest.mark.parametrize(
    "day, there",
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST - timedelta(days=1), True),
        (LAST, False),
    ],
)
def test_a_units_tool_is_its_own_from_the_first_day_until_before_the_last(
    session: Session, day: date, there: bool
) -> None:
    unit = builders.unit(session, "EMEA")
    tool = builders.tool(session)
    session.add(ToolUnit(tool_id=tool.id, unit_id=unit.id, valid_from=FIRST, valid_until=LAST))
    builders.contract(
        session,
        builders.vendor(session),
        start_on=date(2025, 1, 1),
        initial_months=36,
        lines=[{"tool": tool, "seats": 5}],
    )
    session.flush()
    assert (session.scalars(select(ToolUnit.id).where(holds(ToolUnit, day))).first() is not None) is there
    inside = scope_for(session, as_of=day, unit=unit.id, environ={})
    assert [each.id for each in tools_at(session, inside)] == ([tool.id] if there else [])
    whole = yearly_costs(session, scope_for(session, as_of=day, environ={}))[tool.id]
    assert [part.unit_id for part in whole.parts] == ([unit.id] if there else [None])
