"""Settled findings, allocations by a person, reasons, scores."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ApprovalOutdatedError, ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.settled import settlements
from mopsaudit.governance.allocation import allocate_invoice, give_reason, withdraw_allocation
from mopsaudit.governance.scores import give_score, mismatch, placements, quadrant
from mopsaudit.governance.settling import reopen_finding, settle_finding
from mopsaudit.reporting import Amount, Finding
from mopsaudit.scope import Scope
from mopsaudit.store.models import BudgetLine, FindingState, InvoiceAllocation, OrderLine
from tests import builders


def _finding(*facts: str) -> Finding:
    nothing = Amount(currency="USD", minor=0)
    return Finding(
        id="overlap-1-2", kind="overlap", sentence="", amount=nothing, recoverable=nothing, facts=facts
    )


def test_a_settlement_holds_until_its_facts_change(session: Session, now: datetime, as_of: date) -> None:
    ada = builders.person(session)
    settle_finding(session, _finding("a", "b"), state="confirm", by_id=ada.id, now=now)
    settle_finding(session, _finding("b", "a"), state="confirm", by_id=ada.id, now=now)
    assert len(session.scalars(select(FindingState)).all()) == 1
    kept = settlements(session, "overlap")["overlap-1-2"]
    assert kept.holds(("a", "b"), as_of)
    assert not kept.holds(("a", "c"), as_of)


def test_deliberate_wants_reason_and_review_and_dismiss_a_reason(session: Session, now: datetime) -> None:
    for state, reason in (("ignore", ""), ("dismiss", ""), ("deliberate", "Two regions")):
        with pytest.raises(InvalidError):
            settle_finding(session, _finding("a"), state=state, reason=reason, by_id=1, now=now)


def test_what_changed_since_it_was_looked_at_is_refused(session: Session, now: datetime) -> None:
    ada = builders.person(session)
    with pytest.raises(ApprovalOutdatedError):
        settle_finding(session, _finding("a"), state="confirm", by_id=ada.id, now=now, seen_digest="0" * 64)
    kept = settle_finding(session, _finding("a"), state="confirm", by_id=ada.id, now=now)
    with pytest.raises(ConflictError):
        settle_finding(session, _finding("a"), state="dismiss", reason="No", by_id=ada.id, now=now)
    settle_finding(
        session, _finding("a"), state="dismiss", reason="No", by_id=ada.id, now=now, version=kept.version
    )
    with pytest.raises(ConflictError):
        reopen_finding(session, "overlap-1-2", 99)
    reopen_finding(session, "overlap-1-2", kept.version)
    assert settlements(session, "overlap") == {}


def test_a_persons_allocation_stays_within_the_invoice(session: Session) -> None:
    line = builders.spend_line(session, 1_000)
    builders.order(session, "A", lines=[{"amount_minor": 700}, {"amount_minor": 700}])
    first, second = session.scalars(select(OrderLine).order_by(OrderLine.id))
    made = allocate_invoice(session, line_id=line.id, amount_minor=600, order_line_id=first.id)
    assert allocate_invoice(session, line_id=line.id, amount_minor=700, order_line_id=first.id) is made
    with pytest.raises(InvalidError, match="more than the invoice"):
        allocate_invoice(session, line_id=line.id, amount_minor=301, order_line_id=second.id)
    for amount in (0, -5):
        with pytest.raises(InvalidError, match="own sign"):
            allocate_invoice(session, line_id=line.id, amount_minor=amount, order_line_id=second.id)
    with pytest.raises(InvalidError, match="one instalment or one order line"):
        allocate_invoice(session, line_id=line.id, amount_minor=1)
    with pytest.raises(NotFoundError):
        allocate_invoice(session, line_id=line.id, amount_minor=1, instalment_id=99)
    withdraw_allocation(session, made.id)
    assert session.scalars(select(InvoiceAllocation)).all() == []


def test_reasons_are_kept(session: Session, now: datetime) -> None:
    builders.budget(session, lines=[{"monthly": 1}])
    line = session.scalars(select(BudgetLine)).one()
    with pytest.raises(InvalidError):
        give_reason(session, budget_line_id=line.id, through_month=1, reason=" ", by_id=1, now=now)
    with pytest.raises(NotFoundError):
        give_reason(session, budget_line_id=99, through_month=1, reason="x", by_id=1, now=now)
    ada = builders.person(session)
    given = give_reason(
        session, budget_line_id=line.id, through_month=1, reason="Fair", by_id=ada.id, now=now
    )
    assert given.id


def test_quadrants_and_mismatch() -> None:
    assert [quadrant(f, t) for f, t in (([3], [4]), ([4], [1]), ([1, 2], [3]), ([2], [2]), ([], [4]))] == [
        "invest",
        "migrate",
        "tolerate",
        "eliminate",
        "unscored",
    ]
    assert quadrant([2, 3], [2, 3]) == "invest"  # a mean of 2.5 is high
    assert mismatch("invest", "retire")
    assert not mismatch("eliminate", "retire")
    assert not mismatch("unscored", "retire")


def test_an_unscored_tool_sits_in_the_tray(session: Session, scope: Scope, as_of: date) -> None:
    ada = builders.person(session)
    scored, bare = builders.tool(session, "Scored"), builders.tool(session, "Bare")
    for dimension, value in (("functional", 4), ("technical", 4)):
        give_score(session, tool_id=scored.id, dimension=dimension, value=value, person_id=ada.id, on=as_of)
    give_score(session, tool_id=scored.id, dimension="technical", value=1, person_id=ada.id, on=as_of)
    builders.decision(session, scored, "keep")
    builders.decision(session, bare, "retire")
    found = {each.tool: each for each in placements(session, scope)}
    assert (found["Scored"].quadrant, found["Scored"].scores, found["Scored"].disagrees) == (
        "migrate",
        2,
        True,
    )
    assert (found["Bare"].quadrant, found["Bare"].disagrees) == ("unscored", False)
    with pytest.raises(InvalidError):
        give_score(session, tool_id=bare.id, dimension="technical", value=5, person_id=ada.id, on=as_of)
