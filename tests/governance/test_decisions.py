"""Decisions: refused without a reason, edited under a version, closed by listed steps; steps with owners."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.governance import decisions
from mopsaudit.inventory.tools import in_scope
from mopsaudit.scope import Scope
from mopsaudit.store.planning import Decision
from tests import builders

TODAY = date(2026, 9, 30)


def _decide(session: Session, **values: Any) -> Decision:
    tool_id = values.pop("tool_id", None) or builders.tool(session).id
    given: dict[str, Any] = {
        "verdict": "retire",
        "decided_on": TODAY,
        "reason": "Nobody uses it.",
        "currency": "USD",
    } | values
    return decisions.record_decision(session, tool_id=tool_id, **given)


@pytest.mark.parametrize(
    "values, field",
    [
        ({"verdict": "burn"}, "verdict"),
        ({"reason": "  "}, "reason"),
        ({"expected_minor": -1}, "expected_minor"),
        ({"verdict": "consolidate"}, "into_tool_id"),
        ({"currency": "EURO"}, "currency"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(session: Session, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        _decide(session, **values)
    assert caught.value.field == field


def test_a_decision_on_no_tool_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        _decide(session, tool_id=999)


def test_a_stale_edit_is_refused_with_what_is_stored(session: Session) -> None:
    decision = _decide(session)
    seen = decision.version
    decisions.edit_decision(session, decision.id, seen, {"reason": "It is unused."})
    with pytest.raises(ConflictError) as caught:
        decisions.edit_decision(session, decision.id, seen, {"reason": "It is dear."})
    assert caught.value.theirs["reason"] == "It is unused."


def test_a_closed_decision_stays_closed(session: Session) -> None:
    decision = _decide(session)
    decisions.close_decision(session, decision.id, decision.version, "done")
    assert decisions.close_decision(session, decision.id, 0, "done").status == "done"
    with pytest.raises(InvalidError):
        decisions.close_decision(session, decision.id, decision.version, "open")
    with pytest.raises(InvalidError):
        decisions.edit_decision(session, decision.id, decision.version, {"reason": "other"})


def test_open_decisions_come_first_with_their_late_steps(session: Session, scope: Scope) -> None:
    done = _decide(session)
    decisions.close_decision(session, done.id, done.version, "done")
    later = _decide(session, due_on=date(2026, 12, 1))
    sooner = _decide(session, due_on=date(2026, 10, 1))
    decisions.add_action(session, sooner.id, title="Send notice", owner_id=None, due_on=date(2026, 9, 1))
    rows = decisions.list_decisions(session, scope, in_scope(scope))
    assert [row.id for row in rows] == [sooner.id, later.id, done.id]
    assert [action.late for action in rows[0].actions] == [True]
    decisions.finish_action(session, rows[0].actions[0].id, done_on=TODAY)
    assert not decisions.list_decisions(session, scope, in_scope(scope))[0].actions[0].late


def test_a_leaver_cannot_be_given_a_step(session: Session) -> None:
    decision = _decide(session)
    gone = builders.person(session, left_on=date(2026, 9, 1))
    with pytest.raises(InvalidError):
        decisions.add_action(session, decision.id, title="Ask", owner_id=gone.id, due_on=date(2026, 10, 1))
