"""Tools: entering, editing with conflicts, dated facts, retiring, merging; the list as of a date."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.inventory import merges, tools, vendors
from mopsaudit.inventory.from_catalogue import add_from_catalogue, suggest_products
from mopsaudit.inventory.listing import list_tools, tool_view
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool, ToolCapability, ToolState
from tests import builders

TODAY = date(2026, 9, 30)
NOW = datetime(2026, 9, 30, tzinfo=UTC)


def _tool(session: Session, name: str = "Mailer", **values: object) -> Tool:
    return tools.create_tool(session, name=name, category="engagement", on=TODAY, **values)  # type: ignore[arg-type]


def test_a_tool_shows_in_the_list_with_its_facts(session: Session, scope: Scope) -> None:
    owner = builders.person(session, "Olive Owner")
    _tool(session, capabilities=["email_campaigns"], types=["email_marketing"], owner_id=owner.id)
    (row,) = list_tools(session, scope)
    assert (row.name, row.category, row.status) == ("Mailer", "engagement", "active")
    assert row.owner == (owner.id, "Olive Owner")
    assert row.capabilities == ("email_campaigns",)
    assert row.types == ("email_marketing",)


@pytest.mark.parametrize(
    "values, field",
    [
        ({"name": "  "}, "name"),
        ({"category": "email"}, "category"),
        ({"capabilities": ["flying"]}, "capabilities"),
        ({"types": ["flying"]}, "types"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"licence_metric": "per moon"}, "licence_metric"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    arguments = {"name": "Mailer", "category": "engagement", "on": TODAY} | values
    with pytest.raises(InvalidError) as caught:
        tools.create_tool(session, **arguments)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_the_same_name_twice_is_refused_whatever_its_case(session: Session) -> None:
    _tool(session, "Mailer")
    with pytest.raises(InvalidError):
        _tool(session, "MAILER ")


def test_a_stale_edit_shows_both_versions_and_a_second_save_of_the_same_is_none(session: Session) -> None:
    tool = _tool(session)
    seen = tool.version
    tools.edit_tool(session, tool.id, seen, {"notes": "mine"})
    tools.edit_tool(session, tool.id, seen, {"notes": "mine"})
    with pytest.raises(ConflictError) as caught:
        tools.edit_tool(session, tool.id, seen, {"notes": "theirs"})
    assert caught.value.theirs["notes"] == "mine"


def test_a_renamed_tool_is_found_by_its_old_name(session: Session) -> None:
    tool = _tool(session, "Pardot")
    tools.edit_tool(session, tool.id, tool.version, {"name": "Account Engagement"})
    found = tools.find_tool(session, "pardot")
    assert found is not None
    assert found.id == tool.id


def test_capabilities_change_from_a_day_on_and_the_past_stays(session: Session) -> None:
    tool = _tool(session, capabilities=["email_campaigns"])
    tools.set_capabilities(session, tool.id, {"landing_pages": 2}, on=date(2026, 6, 1), grade="A")
    before = scope_for(session, as_of=date(2026, 5, 31), environ={})
    after = scope_for(session, as_of=date(2026, 6, 1), environ={})
    assert list_tools(session, before)[0].capabilities == ("email_campaigns",)
    assert list_tools(session, after)[0].capabilities == ("landing_pages",)


def test_a_changed_use_of_a_capability_keeps_what_was_known_before(session: Session) -> None:
    tool = _tool(session, capabilities=["email_campaigns"])
    tools.set_capabilities(session, tool.id, {"email_campaigns": 2}, on=date(2026, 6, 1), grade="A")
    rows = session.scalars(select(ToolCapability).order_by(ToolCapability.id)).all()
    assert [(row.used_halves, row.valid_from, row.valid_until) for row in rows] == [
        (None, None, date(2026, 6, 1)),
        (2, date(2026, 6, 1), None),
    ]


def test_a_planned_retirement_shows_on_its_day_not_before(session: Session) -> None:
    tool = _tool(session)
    tools.set_status(session, tool.id, tool.version, "retired", on=date(2026, 12, 31), today=TODAY)
    now = scope_for(session, as_of=TODAY, environ={})
    then = scope_for(session, as_of=date(2026, 12, 31), environ={})
    assert list_tools(session, now)[0].status == "active"
    assert list_tools(session, then)[0].status == "retired"
    assert list_tools(session, then, include_retired=False) == ()
    assert session.scalar(select(func.count()).select_from(ToolState)) == 2


def _states(session: Session) -> list[tuple[str, date | None, date | None]]:
    rows = session.scalars(
        select(ToolState).order_by(ToolState.valid_from.is_not(None), ToolState.valid_from)
    )
    return [(row.status, row.valid_from, row.valid_until) for row in rows]


def test_a_planned_retirement_taken_back_leaves_the_tool_active_without_end(session: Session) -> None:
    tool = _tool(session)
    tools.set_status(session, tool.id, tool.version, "retired", on=date(2026, 12, 31), today=TODAY)
    tools.set_status(session, tool.id, tool.version, "active", on=TODAY, today=TODAY)
    assert _states(session) == [("active", None, None)]
    then = scope_for(session, as_of=date(2027, 1, 1), environ={})
    assert list_tools(session, then)[0].status == "active"


def test_a_planned_retirement_moved_to_an_earlier_day_is_one_plan(session: Session) -> None:
    tool = _tool(session)
    tools.set_status(session, tool.id, tool.version, "retired", on=date(2026, 12, 31), today=TODAY)
    tools.set_status(session, tool.id, tool.version, "retired", on=date(2026, 11, 30), today=TODAY)
    assert _states(session) == [
        ("active", None, date(2026, 11, 30)),
        ("retired", date(2026, 11, 30), None),
    ]


def test_a_plan_that_comes_back_to_todays_status_is_replaced_whole(session: Session) -> None:
    tool = _tool(session)
    tools.set_status(session, tool.id, tool.version, "sunset", on=date(2026, 12, 1), today=TODAY)
    tools.set_status(session, tool.id, tool.version, "active", on=date(2026, 12, 31), today=TODAY)
    assert [row[0] for row in _states(session)] == ["active", "sunset", "active"]
    tools.set_status(session, tool.id, tool.version, "active", on=TODAY, today=TODAY)
    assert _states(session) == [("active", None, None)]


def test_a_leaver_cannot_become_owner(session: Session) -> None:
    tool = _tool(session)
    gone = builders.person(session, "Lea Ver", left_on=date(2026, 1, 31))
    with pytest.raises(InvalidError):
        tools.set_person(session, tool.id, tools.OWNER, gone.id, on=TODAY)


def test_another_units_tool_and_a_missing_one_answer_alike(session: Session) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    tool = _tool(session, unit_ids=[emea.id])
    scope = scope_for(session, as_of=TODAY, unit=apac.code, environ={})
    with pytest.raises(NotFoundError) as other:
        tools.get_tool(session, scope, tool.id)
    with pytest.raises(NotFoundError) as missing:
        tools.get_tool(session, scope, 999)
    assert str(other.value) == str(missing.value)
    assert list_tools(session, scope) == ()


def test_a_merged_tool_leaves_the_list_and_its_name_leads_on(session: Session, scope: Scope) -> None:
    old, new = _tool(session, "Old Mailer"), _tool(session, "New Mailer")
    merges.merge_tools(session, old.id, new.id, version=old.version, now=NOW)
    assert [row.name for row in list_tools(session, scope)] == ["New Mailer"]
    assert tools.living_tool(session, old.id).id == new.id
    assert [each.tool.name for each in tool_view(session, scope, new).merged] == ["Old Mailer"]
    with pytest.raises(InvalidError):
        merges.merge_tools(session, old.id, new.id, version=old.version, now=NOW)


def test_vendors_merge_and_unmerge_without_loss(session: Session) -> None:
    marketo = vendors.create_vendor(session, name="Marketo", names={"Marketo EMEA Ltd": "legal"})
    adobe = vendors.create_vendor(session, name="Adobe")
    tool = _tool(session, "Marketo Engage", vendor_id=marketo.id)
    merge = vendors.merge_vendors(session, marketo.id, adobe.id, now=NOW)
    assert tool.vendor_id == adobe.id
    found = vendors.find_vendor(session, "marketo emea ltd")
    assert found is not None
    assert found.id == adobe.id
    vendors.unmerge_vendors(session, merge.id, now=NOW)
    assert tool.vendor_id == marketo.id
    assert [row.name for row in vendors.list_vendors(session)] == ["Adobe", "Marketo"]


def test_a_vendor_tree_has_no_loop(session: Session) -> None:
    parent = vendors.create_vendor(session, name="Parent")
    child = vendors.create_vendor(session, name="Child", parent_id=parent.id)
    with pytest.raises(InvalidError):
        vendors.edit_vendor(session, parent.id, parent.version, {"parent_id": child.id})


def test_the_catalogue_is_found_by_letters_and_added_with_vendor_and_capabilities(
    session: Session, scope: Scope
) -> None:
    found = suggest_products(session, "hubsp")
    assert found
    assert all(suggestion.owned_tool_id is None for suggestion in found)
    tool = add_from_catalogue(session, found[0].product.id, on=TODAY)
    (row,) = list_tools(session, scope)
    assert row.vendor == found[0].vendor.name
    assert row.capabilities
    assert suggest_products(session, "hubsp")[0].owned_tool_id == tool.id
    with pytest.raises(InvalidError):
        add_from_catalogue(session, found[0].product.id, on=TODAY)
