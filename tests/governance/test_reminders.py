"""What waits for a person: their own first, only what their roles reach, nothing of their own to approve or sign."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.governance import cases, savings
from mopsaudit.governance.decisions import add_action
from mopsaudit.governance.reminders import Roles, reminders
from mopsaudit.scope import Scope
from tests import builders


def _what(session: Session, roles: Roles) -> list[tuple[str, bool, bool]]:
    return [(each.what, each.late, each.mine) for each in reminders(session, roles)]


def test_steps_and_decisions(session: Session, scope: Scope) -> None:
    me, other = builders.person(session, "Me"), builders.person(session, "Other")
    tool = builders.tool(session)
    decision = builders.decision(session, tool, "retire", due_on=date(2026, 10, 14))
    builders.decision(session, tool, "keep", due_on=date(2026, 10, 15))
    add_action(session, decision.id, title="Mine", owner_id=me.id, due_on=date(2026, 10, 14))
    add_action(session, decision.id, title="Mine, far off", owner_id=me.id, due_on=date(2026, 10, 15))
    add_action(session, decision.id, title="Theirs", owner_id=other.id, due_on=date(2026, 9, 29))
    add_action(session, decision.id, title="Theirs, today", owner_id=other.id, due_on=date(2026, 9, 30))
    viewer = Roles(person_id=me.id, seeing=scope)
    assert _what(session, viewer) == [("step", False, True)]
    assert _what(session, replace(viewer, deciding=scope)) == [
        ("step", False, True),
        ("step", True, False),
        ("decision", False, False),
    ]
    assert _what(session, replace(viewer, person_id=other.id)) == [
        ("step", True, True),
        ("step", False, True),
    ]
    decision.status = "dropped"
    assert _what(session, replace(viewer, deciding=scope)) == []


def test_reviews_and_approvals_but_never_ones_own(session: Session, scope: Scope) -> None:
    owner, author, head = (builders.person(session, name) for name in ("Olga", "Sam", "Ada"))
    waiting = builders.case(session, "Waiting", status="submitted", owner_id=owner.id)
    waiting.submitted_by_id = author.id
    due = builders.case(session, "Due", status="approved", owner_id=owner.id, review_on=date(2026, 9, 30))
    due.frozen = {"case": {}}
    builders.case(session, "Not yet", status="approved", owner_id=owner.id, review_on=date(2026, 10, 1))
    session.flush()
    for person, expected in (
        (head, [("approval", False, False)]),
        (author, []),
        (owner, [("review", False, True)]),
    ):
        roles = Roles(person_id=person.id, seeing=scope, approving=scope)
        assert _what(session, roles) == expected
    cases.review_case(
        session, due.id, reviewed_on=scope.as_of, reviewer_id=head.id, verdict="kept", text="It came."
    )
    assert _what(session, Roles(person_id=owner.id, seeing=scope)) == []


def test_savings_wait_for_somebody_else_of_finance(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    builders.contract_line(session, contract, tool=tool, amount_minor=12_000_00)
    mine, other = builders.person(session, "Fred"), builders.person(session, "Fiona")
    saving = savings.identify_saving(
        session, scope, title="Quote refused", kind="avoidance", currency="USD", tool_id=tool.id,
        baseline="Quote of 3 May", baseline_minor=14_000_00, annual_minor=1_000_00, by_id=mine.id,
    )  # fmt: skip
    for stage in ("agreed", "contracted"):
        savings.advance_saving(session, scope, saving.id, saving.version, to=stage)
    assert _what(session, Roles(person_id=mine.id, seeing=scope, signing=scope)) == []
    assert _what(session, Roles(person_id=other.id, seeing=scope)) == []
    assert _what(session, Roles(person_id=other.id, seeing=scope, signing=scope)) == [
        ("saving", False, False)
    ]
