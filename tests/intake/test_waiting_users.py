"""Users of applications nobody knew come in with their tool, leave with its name, and are erased while they wait."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.settling import rematch_open
from mopsaudit.intake.waiting_users import follow_names, placed_apps, take_back_app, waiting_people
from mopsaudit.inventory.erasure import erase_person, traces_of
from mopsaudit.inventory.merges import merge_tools, unmerge_tools
from mopsaudit.inventory.tools import add_tool_name, edit_tool
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.models import (
    ReclaimCase,
    Tool,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
    WaitingApp,
    WaitingUser,
)
from tests import builders
from tests.intake.files import NOW, TODAY, enter, record_read, take_back

SETTINGS = Settings()

FOOBLEX = (
    {"user_email": "ann@example.org", "last_activity": date(2026, 9, 2), "department": "Sales"},
    {"user_email": "ANN@example.org", "last_activity": date(2026, 8, 1), "licence": ""},
    {"user_email": "bob@example.org", "user_id": "B-7"},
)


def entered(
    session: Session, data: Path, *, apps: tuple[str, ...] = ("Fooblex",), name: str = "okta.csv"
) -> int:
    rows: list[dict[str, Any]] = [
        {"tool": app, "grade": "B", "event": "sign-in", **row} for app in apps for row in FOOBLEX
    ]
    return enter(session, record_read(Kind.USAGE, rows), data, name=name).id


def counted(session: Session, tool: Tool) -> list[tuple[str, date | None, int | None]]:
    """The users that stand on a tool: key, last activity, unit."""
    session.expire_all()
    return [
        (key, last, unit)
        for key, last, unit in session.execute(
            select(ToolUser.user_key, UsageRecord.last_activity, UsageRecord.unit_id)
            .join(UsageRecord, UsageRecord.tool_user_id == ToolUser.id)
            .join(UsageSnapshot, UsageSnapshot.id == UsageRecord.snapshot_id)
            .where(UsageSnapshot.tool_id == tool.id)
            .order_by(ToolUser.user_key)
        )
    ]


def test_a_name_brings_the_users_in_and_taking_it_back_takes_them_out(session: Session, data: Path) -> None:
    sales = builders.unit(session, "SAL", name="Sales")
    pulse = builders.tool(session, "Pulse")
    entered(session, data)
    assert counted(session, pulse) == []
    assert waiting_people(session, "fooblex") == 2
    add_tool_name(session, pulse.id, "  FOOBLEX ".strip())
    rematch_open(session, SETTINGS)
    assert counted(session, pulse) == [
        ("ann@example.org", date(2026, 9, 2), sales.id),
        ("bob@example.org", None, None),
    ]
    assert waiting_people(session, "fooblex") == 0
    assert follow_names(session) == 0, "twice is once"
    scope = scope_for(session, as_of=TODAY)
    (app,) = placed_apps(session, scope)
    assert (app.name, app.tool, app.people, app.own_name) == ("Fooblex", "Pulse", 2, False)
    take_back_app(session, scope, app.id)
    assert counted(session, pulse) == []
    assert session.scalar(select(func.count()).select_from(ToolUser)) == 0
    assert (waiting_people(session, "fooblex"), placed_apps(session, scope)) == (2, ())
    with pytest.raises(NotFoundError):
        take_back_app(session, scope, app.id)


def test_the_tools_own_name_is_renamed_not_taken_back(session: Session, data: Path, scope: Scope) -> None:
    entered(session, data)
    tool = builders.tool(session, "Fooblex")
    assert follow_names(session) == 1
    (app,) = placed_apps(session, scope)
    with pytest.raises(InvalidError, match="itself is called so"):
        take_back_app(session, scope, app.id)
    edit_tool(session, tool.id, tool.version, {"name": "Quux"})
    follow_names(session)
    assert len(counted(session, tool)) == 2, "a renamed tool keeps its old name"


def test_two_tools_of_one_name_leave_them_waiting(session: Session, data: Path) -> None:
    entered(session, data)
    one, two = builders.tool(session, "Fooblex"), builders.tool(session, "Fooblex")
    assert follow_names(session) == 0
    merge = merge_tools(session, two.id, one.id, version=two.version, now=NOW)
    assert follow_names(session) == 1
    assert len(counted(session, one)) == 2
    unmerge_tools(session, merge.id, now=NOW)
    assert follow_names(session) == 1
    assert counted(session, one) == counted(session, two) == []


def test_users_follow_a_name_out_of_a_merge(session: Session, data: Path) -> None:
    pulse, other = builders.tool(session, "Pulse"), builders.tool(session, "Other")
    add_tool_name(session, other.id, "Fooblex")
    merge = merge_tools(session, other.id, pulse.id, version=other.version, now=NOW)
    record = entered(session, data)
    assert len(counted(session, pulse)) == 2, "the name is known: nothing waits"
    assert session.scalar(select(func.count()).select_from(WaitingApp)) == 0
    take_back(session, record)
    unmerge_tools(session, merge.id, now=NOW)
    entered(session, data, apps=("Quuxly",), name="second.csv")
    add_tool_name(session, other.id, "Quuxly")
    merge_tools(session, other.id, pulse.id, version=session.get_one(Tool, other.id).version, now=NOW)
    assert follow_names(session) == 1
    assert len(counted(session, pulse)) == 2


def test_undoing_the_import_forgets_who_waits_and_who_came_in(session: Session, data: Path) -> None:
    pulse = builders.tool(session, "Pulse")
    first = entered(session, data, apps=("Fooblex", "Quuxly"))
    add_tool_name(session, pulse.id, "Fooblex")
    follow_names(session)
    undone = take_back(session, first)
    assert undone.counts == {"reversed": 2}
    for table in (WaitingApp, WaitingUser, UsageSnapshot, ToolUser):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    entered(session, data, apps=("Fooblex", "Quuxly"))
    assert len(counted(session, pulse)) == 2
    assert [each.name for each in session.scalars(select(WaitingApp))] == ["Quuxly"]


def test_undoing_the_inventory_that_named_the_tool_lets_the_users_wait_again(
    session: Session, data: Path
) -> None:
    entered(session, data)
    rows = [{"tool": "Fooblex", "category": "engagement", "vendor": None}]
    inventory = enter(session, record_read(Kind.INVENTORY, rows), data, name="inventory.csv")
    (tool,) = session.scalars(select(Tool)).all()
    assert len(counted(session, tool)) == 2
    undone = take_back(session, inventory.id)
    assert undone.counts == {"reversed": 1}
    session.expire_all()
    assert session.scalars(select(Tool)).all() == []
    assert waiting_people(session, "fooblex") == 2


def test_a_seat_somebody_asked_about_keeps_its_user(session: Session, data: Path, scope: Scope) -> None:
    pulse = builders.tool(session, "Pulse")
    entered(session, data)
    add_tool_name(session, pulse.id, "Fooblex")
    follow_names(session)
    user = session.scalars(select(ToolUser).where(ToolUser.user_key == "bob@example.org")).one()
    session.add(ReclaimCase(tool_user_id=user.id, state="candidate", version=1))
    session.flush()
    (app,) = placed_apps(session, scope)
    take_back_app(session, scope, app.id)
    assert session.scalars(select(ToolUser.user_key)).all() == ["bob@example.org"]
    add_tool_name(session, pulse.id, "Fooblex")
    follow_names(session)
    assert len(counted(session, pulse)) == 2


def test_an_erased_person_waits_under_no_name_and_comes_in_under_none(session: Session, data: Path) -> None:
    pulse = builders.tool(session, "Pulse")
    bob = builders.person(session, "Bob", email="robert@example.org", external_id="B-7")
    record = entered(session, data)
    traces = traces_of(session, bob.id, on=TODAY)
    assert (traces.usage_users, [each.id for each in traces.imports]) == (1, [record])
    erase_person(session, bob.id, now=NOW, today=TODAY, by_person_id=None)
    session.expire_all()
    keys = session.scalars(select(WaitingUser.user_key).order_by(WaitingUser.id)).all()
    assert keys[0] == "ann@example.org"
    assert keys[1].startswith("erased:w")
    assert session.scalars(select(WaitingUser.external_id)).all() == [None, None]
    add_tool_name(session, pulse.id, "Fooblex")
    follow_names(session)
    assert len(counted(session, pulse)) == 2, "the count stays"
    assert "bob" not in str(counted(session, pulse))


def test_a_unit_takes_back_what_its_own_people_use(session: Session, data: Path) -> None:
    builders.unit(session, "SAL", name="Sales")
    builders.unit(session, "OPS", name="Operations")
    pulse = builders.tool(session, "Pulse")
    entered(session, data)
    add_tool_name(session, pulse.id, "Fooblex")
    follow_names(session)
    (mine,) = placed_apps(session, scope_for(session, as_of=TODAY, unit="SAL"))
    assert mine.people == 1
    other = scope_for(session, as_of=TODAY, unit="OPS")
    assert placed_apps(session, other) == ()
    with pytest.raises(NotFoundError):
        take_back_app(session, other, mine.id)
