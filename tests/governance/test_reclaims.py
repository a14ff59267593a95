"""Taking seats back: who is listed, which step follows which, what outlives a file, what is told."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.governance.reclaims import asked_seats, list_answer, move_seats, people_behind
from mopsaudit.intake.apply_usage import undo_usage
from mopsaudit.organisation import scope_for
from mopsaudit.reports.underuse import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, ReclaimCase, Tool, ToolUser
from tests import builders

DAY = date(2026, 9, 30)
OLD = date(2025, 1, 1)
IDLE: list[dict[str, Any]] = [{"key": f"idle{n}", "last_activity": OLD} for n in range(6)]


@pytest.fixture
def scope(session: Session) -> Scope:
    return scope_for(session, as_of=DAY, environ={})


def tool_with(session: Session, *more: dict[str, Any], grade: str = "A", **values: Any) -> Tool:
    tool = builders.tool(session, "Seats")
    users = [*IDLE, {"key": "busy", "last_activity": DAY}, *more]
    builders.usage(session, tool, users=users, grade=grade, **values)
    return tool


def user(session: Session, key: str) -> int:
    return session.scalars(select(ToolUser.id).where(ToolUser.user_key == key)).one()


def move(
    session: Session, scope: Scope, tool: Tool, key: str, state: str, *, seen: int = 0, note: str = ""
) -> int:
    chosen = {user(session, key): seen}
    return move_seats(session, scope, tool.id, chosen, state, on=DAY, by_id=None, note=note)


def state_of(session: Session, key: str) -> ReclaimCase:
    return session.scalars(select(ReclaimCase).where(ReclaimCase.tool_user_id == user(session, key))).one()


def test_only_people_and_leavers_are_listed(session: Session, scope: Scope) -> None:
    tool = tool_with(
        session,
        {"key": "robot", "last_activity": OLD, "account_kind": "service"},
        {"key": "guest", "last_activity": OLD, "account_kind": "external"},
        {"key": "left", "last_activity": DAY, "account_kind": "leaver"},
    )
    behind = people_behind(session, scope, tool.id)
    assert [each.user_key for each in behind.users][:1] == ["left"], "leavers first"
    assert {each.user_key for each in behind.users} == {"left", *(each["key"] for each in IDLE)}
    with pytest.raises(NotFoundError):
        move(session, scope, tool, "robot", "asked")
    with pytest.raises(NotFoundError):
        move(session, scope, tool, "busy", "asked")


@pytest.mark.parametrize(
    "values, why",
    [
        ({"grade": "C"}, "a survey (grade C) names nobody"),
        ({"grade": "D"}, "an estimate (grade D) proposes nothing"),
        ({"event": "assignment"}, "an assignment list gives allocation only"),
    ],
)
def test_weak_evidence_names_nobody(session: Session, scope: Scope, values: dict[str, str], why: str) -> None:
    tool = tool_with(session, **values)
    behind = people_behind(session, scope, tool.id)
    assert behind.users == ()
    assert why in list_answer(behind, names=True)
    with pytest.raises(NotFoundError):
        move(session, scope, tool, "idle0", "asked")


def test_the_steps_in_order(session: Session, scope: Scope) -> None:
    tool = tool_with(session, {"key": "left", "last_activity": OLD, "account_kind": "leaver"})
    with pytest.raises(InvalidError, match="idle0 is candidate: asked can follow"):
        move(session, scope, tool, "idle0", "reclaimed")
    assert move(session, scope, tool, "left", "reclaimed") == 1, "a leaver need not be asked"
    assert move(session, scope, tool, "idle0", "asked") == 1
    assert move(session, scope, tool, "idle0", "asked") == 0, "the same form again has one effect"
    with pytest.raises(InvalidError, match="Say why the seat is kept"):
        move(session, scope, tool, "idle0", "kept", seen=1)
    assert move(session, scope, tool, "idle0", "kept", seen=1, note="Year-end close") == 1
    kept = state_of(session, "idle0")
    assert (kept.state, kept.asked_on, kept.settled_on, kept.note) == ("kept", DAY, DAY, "Year-end close")
    assert move(session, scope, tool, "idle0", "asked", seen=2) == 1
    assert move(session, scope, tool, "idle0", "candidate", seen=3) == 1
    assert state_of(session, "idle0").asked_on is None
    with pytest.raises(InvalidError, match="still to come"):
        move_seats(
            session, scope, tool.id, {user(session, "idle1"): 0}, "asked", on=date(2026, 10, 1), by_id=None
        )


def test_ten_on_idle_seats_of_whom_two_keep_theirs(session: Session, scope: Scope) -> None:
    """The manual's example: 40 seats, 30 active, 34 needed; eight asked, two kept, six taken back."""
    tool = builders.tool(session, "Seats")
    builders.contract(
        session,
        builders.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        renewal_months=12,
        renewal_kind="automatic",
        end_kind="renewal_date",
        notice_count=30,
        lines=[{"tool": tool, "seats": 40}],
    )
    users = [{"key": f"idle{n}", "last_activity": OLD} for n in range(10)]
    users += [{"key": f"busy{n}", "last_activity": DAY} for n in range(30)]
    builders.usage(session, tool, users=users)
    for number in range(8):
        move(session, scope, tool, f"idle{number}", "asked")
    for number in range(8):
        state, note = ("kept", "Year-end close") if number < 2 else ("reclaimed", "")
        move(session, scope, tool, f"idle{number}", state, seen=1, note=note)
    report = build(session, scope)
    (row,) = next(each for each in report.sections if each.key == "reclaim").rows
    assert [row.values[key] for key in ("idle", "asked", "kept", "reclaimed", "right_size")] == [
        *("10", "0", "under 5", "6"),
        34,
    ]
    assert row.values["send_by"] is not None
    states = [each.state for each in people_behind(session, scope, tool.id).users]
    assert [states.count(each) for each in ("candidate", "kept", "reclaimed")] == [2, 2, 6]


def test_two_people_at_once(session: Session, scope: Scope) -> None:
    tool = tool_with(session)
    move(session, scope, tool, "idle0", "asked")
    move(session, scope, tool, "idle0", "reclaimed", seen=1)
    with pytest.raises(ConflictError, match="Somebody said meanwhile that idle0 is reclaimed"):
        move(session, scope, tool, "idle0", "kept", seen=1, note="needed")


def test_another_units_tool_and_user_answer_alike(session: Session, scope: Scope) -> None:
    tool, other = tool_with(session), builders.tool(session, "Other")
    builders.usage(session, other, users=[{"key": "elsewhere", "last_activity": OLD}])
    with pytest.raises(NotFoundError):
        move(session, scope, tool, "elsewhere", "asked")
    with pytest.raises(NotFoundError):
        people_behind(session, scope, 9_999)


def test_a_state_outlives_the_next_file_and_its_undo(session: Session, scope: Scope) -> None:
    tool = builders.tool(session, "Seats")
    first = builders.import_file(session, "First.csv", kind="usage")
    builders.usage(session, tool, users=IDLE, as_of=date(2026, 8, 31), from_import=first)
    move(session, scope, tool, "idle0", "asked")
    builders.usage(session, tool, users=[*IDLE[1:], {"key": "busy", "last_activity": DAY}])
    behind = people_behind(session, scope, tool.id)
    assert [
        (each.user_key, each.bucket, each.state) for each in behind.users if each.state != "candidate"
    ] == [("idle0", "gone", "asked")]
    assert move(session, scope, tool, "idle0", "reclaimed", seen=1) == 1
    for record in session.scalars(select(Import).where(Import.kind == "usage").order_by(Import.id)).all():
        undo_usage(session, record, DAY)
    assert state_of(session, "idle0").state == "reclaimed"
    builders.usage(session, tool, users=IDLE)
    behind = people_behind(session, scope, tool.id)
    assert next(each.state for each in behind.users if each.user_key == "idle0") == "reclaimed"


def test_who_is_active_again_is_told(session: Session, scope: Scope) -> None:
    tool = tool_with(session)
    for number, key in enumerate(("idle0", "idle1", "idle2")):
        move_seats(session, scope, tool.id, {user(session, key): 0}, "asked", on=date(2026, 9, 1), by_id=None)
        chosen = {user(session, key): 1}
        move_seats(session, scope, tool.id, chosen, "reclaimed", on=date(2026, 9, 10 + number), by_id=None)
    later = scope_for(session, as_of=date(2026, 10, 31), environ={})
    builders.usage(
        session, tool, as_of=date(2026, 10, 30),
        users=[
            {"key": "idle0", "last_activity": date(2026, 10, 20)},
            {"key": "idle1", "last_activity": OLD},
            {"key": "idle2", "last_activity": OLD, "assigned": False},
        ],
    )  # fmt: skip
    again = {each.user_key: each.again for each in people_behind(session, later, tool.id).users}
    assert again == {"idle0": True, "idle1": True, "idle2": False} | {
        each["key"]: False for each in IDLE[3:] if each["key"] in again
    }
    report = build(session, later)
    (row,) = next(each for each in report.sections if each.key == "reclaim").rows
    assert (row.values["reclaimed"], row.values["again"]) == ("under 5", "under 5")
    assert row.state == "in use again"


def test_small_groups_are_hidden_from_those_who_may_not_see_names(session: Session, scope: Scope) -> None:
    tool = tool_with(session)
    move(session, scope, tool, "idle0", "asked")
    behind = people_behind(session, scope, tool.id)
    assert list_answer(behind, names=True) == "6 people of Seats sit on a seat they do not use; 1 asked."
    assert (
        list_answer(behind, names=False) == "6 people of Seats sit on a seat they do not use; under 5 asked."
    )
    (row,) = next(each for each in build(session, scope).sections if each.key == "reclaim").rows
    assert (row.values["idle"], row.values["asked"], row.values["kept"]) == ("6", "under 5", "0")


def test_everybody_asked_of_the_scopes_tools(session: Session, scope: Scope) -> None:
    tool = tool_with(session)
    move(session, scope, tool, "idle0", "asked")
    move(session, scope, tool, "idle1", "asked")
    move(session, scope, tool, "idle1", "reclaimed", seen=1)
    assert [(each.name, each.state) for each in asked_seats(session, scope)] == [
        ("idle0", "asked"),
        ("idle1", "reclaimed"),
    ]
    away = builders.unit(session, "AWAY")
    assert asked_seats(session, scope_for(session, as_of=DAY, environ={}, unit=away.id)) == ()
