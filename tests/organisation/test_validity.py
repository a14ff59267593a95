"""Dates that may not overlap, closed days that move back with a reason, a unit under its own child."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.governance.fiscal_years import list_years
from mopsaudit.organisation import create_unit, ensure_root, entities, save_setting, scope_for
from mopsaudit.organisation.restructure import update_unit
from mopsaudit.scope import Scope
from tests import builders

TODAY = date(2026, 9, 30)


def day(month: int, number: int = 1) -> date:
    return date(2026, month, number)


@pytest.mark.parametrize(
    "span",
    [
        (day(2), day(3)),
        (day(1), day(2)),
        (None, day(2)),
        (day(5), day(12)),
        (None, None),
        (day(3, 31), day(5)),
    ],
)
def test_overlapping_dates_are_refused_naming_the_other_entry(
    session: Session, span: tuple[date | None, date | None]
) -> None:
    emea = create_unit(session, code="EMEA", name="Europe")
    root = ensure_root(session)
    entities.map_cost_centre(
        session, cost_centre="MKT", unit_id=emea.id, valid_from=day(1), valid_until=day(4)
    )
    entities.map_cost_centre(session, cost_centre="MKT", unit_id=root.id, valid_from=day(6))
    with pytest.raises(
        InvalidError, match=r"mkt belongs to|MKT belongs to .* already, and these days overlap"
    ):
        entities.map_cost_centre(
            session, cost_centre="mkt", unit_id=root.id, valid_from=span[0], valid_until=span[1]
        )


def test_days_that_meet_do_not_overlap_and_an_open_entry_ends_where_the_next_begins(session: Session) -> None:
    unit = create_unit(session, code="EMEA", name="Europe")
    open_ = entities.map_cost_centre(session, cost_centre="MKT", unit_id=unit.id)
    entities.map_cost_centre(session, cost_centre="MKT", unit_id=unit.id, valid_from=day(4))
    assert open_.valid_until == day(4)
    entities.map_cost_centre(session, cost_centre="X", unit_id=unit.id, valid_from=day(1), valid_until=day(4))
    entities.map_cost_centre(session, cost_centre="X", unit_id=unit.id, valid_from=day(4), valid_until=day(6))
    other = entities.create_entity(session, entities.EntityFacts(code="GB1", name="One"))
    entities.map_cost_centre(session, cost_centre="X", unit_id=unit.id, entity_id=other.id)
    with pytest.raises(InvalidError, match="end after it begins"):
        entities.map_cost_centre(
            session, cost_centre="Y", unit_id=unit.id, valid_from=day(4), valid_until=day(4)
        )


def test_a_closed_day_moves_back_with_a_reason_only(session: Session) -> None:
    entity = entities.create_entity(session, entities.EntityFacts(code="GB1", name="One Ltd"))
    for through in (day(6, 30), day(8, 31)):
        entities.close_books(session, entity.id, closed_through=through, version=entity.version, today=TODAY)
    for back in (day(7, 31), None):
        with pytest.raises(InvalidError, match="One Ltd are closed through 31 Aug 2026; say why") as found:
            entities.close_books(
                session, entity.id, closed_through=back, version=entity.version, today=TODAY, reason=" "
            )
        assert found.value.field == "reason"
    facts = entities.EntityFacts(code="GB1", name="One Ltd", closed_through=day(7, 31))
    with pytest.raises(InvalidError, match="say why"):
        entities.update_entity(session, entity.id, facts, version=entity.version)
    with pytest.raises(ConflictError):
        entities.close_books(
            session, entity.id, closed_through=day(7, 31), version=entity.version - 1, today=TODAY, reason="x"
        )
    entities.close_books(
        session,
        entity.id,
        closed_through=day(7, 31),
        version=entity.version,
        today=TODAY,
        reason="Late invoice",
    )
    assert entity.closed_through == day(7, 31)
    with pytest.raises(InvalidError, match="today at the latest"):
        entities.close_books(session, entity.id, closed_through=day(10), version=entity.version, today=TODAY)


@pytest.mark.parametrize("target", ["child", "grandchild", "self"])
def test_a_unit_is_not_moved_under_its_own_child(session: Session, target: str) -> None:
    top = create_unit(session, code="EMEA", name="Europe")
    child = create_unit(session, code="UK", name="Britain", parent=top)
    units = {
        "self": top,
        "child": child,
        "grandchild": create_unit(session, code="L", name="London", parent=child),
    }
    with pytest.raises(InvalidError, match="does not lie below") as found:
        update_unit(
            session,
            top.id,
            code="EMEA",
            name="Europe",
            parent_id=units[target].id,
            retired_on=None,
            version=top.version,
        )
    assert found.value.field == "parent_id"


def test_fiscal_years_are_named_by_their_end_and_hold_their_lines(session: Session, scope: Scope) -> None:
    builders.budget(session, lines=[{"cost_centre": "1", "monthly": 100}])
    for booked in (date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30)):
        builders.spend_line(session, 100, on=booked)
    session.flush()
    plain = list_years(session, scope)
    assert [(each.name, each.lines, each.budgets) for each in plain] == [
        ("FY2027", 0, 0),
        ("FY2026", 1, 1),
        ("FY2025", 2, 0),
    ]
    save_setting(session, "fiscal_start", 7)
    july = list_years(session, scope_for(session, as_of=TODAY, environ={}))
    found = {each.starts_on: (each.name, each.lines, each.other_start, each.current) for each in july}
    assert found[date(2025, 7, 1)] == ("FY2026", 2, False, False)
    assert found[date(2024, 7, 1)] == ("FY2025", 1, False, False)
    assert found[date(2026, 7, 1)][3] is True
    assert found[date(2026, 1, 1)][2] is True, "its budget keeps the days it was made for"
