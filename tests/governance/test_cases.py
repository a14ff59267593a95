"""Business cases: listed transitions, nobody their own, frozen when approved, broken by a change."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import (
    ApprovalOutdatedError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from mopsaudit.governance import cases, objectives
from mopsaudit.governance.cases import TRANSITIONS, Flow
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.models import Approval, BusinessCase, CaseFlow, CaseStatus
from tests import builders

ANSWERS = {"who": "Ada", "why": "Leads", "what": "Marketo", "how": "Campaigns", "then_what": "Pipeline"}
COST = Flow(side="cost", month=24312, amount_minor=100_00)


def _draft(session: Session, **values: Any) -> BusinessCase:
    owner = builders.person(session, "Olga Owner")
    given: dict[str, Any] = {"title": "Marketo", "currency": "USD", "owner_id": owner.id, **ANSWERS, **values}
    case = cases.write_case(session, **given)
    cases.promise(session, case.id, case.version, [COST])
    return case


def _submitted(session: Session) -> tuple[BusinessCase, int]:
    case, author = _draft(session), builders.person(session, "Sam Submitter")
    cases.submit_case(session, case.id, case.version, by_id=author.id)
    return case, author.id


def _approve(session: Session, case: BusinessCase, now: datetime) -> int:
    approver = builders.person(session, "Anna Approver")
    cases.approve_case(session, case.id, cases.facts_digest(session, case), by_id=approver.id, now=now)
    return approver.id


def test_approved_by_somebody_else_and_frozen_word_for_word(session: Session, now: datetime) -> None:
    case, _ = _submitted(session)
    approver = _approve(session, case, now)
    assert (case.status, case.approved_by_id, case.approved_at) == (CaseStatus.APPROVED, approver, now)
    assert case.frozen is not None
    assert case.frozen["case"]["why"] == "Leads"
    assert case.frozen["flows"] == [["cost", None, None, 24312, 100_00, None]]
    assert cases.still_approved(session, case)
    for change in (
        lambda: cases.edit_case(session, case.id, case.version, {"why": "Other"}),
        lambda: cases.promise(session, case.id, case.version, []),
        lambda: cases.add_metric(session, case.id, name="Leads", measure="outcome"),
    ):
        with pytest.raises(InvalidError, match="frozen"):
            change()


def test_nobody_approves_their_own(session: Session, now: datetime) -> None:
    case, author = _submitted(session)
    digest = cases.facts_digest(session, case)
    for own in (author, case.owner_id):
        assert own is not None
        with pytest.raises(NotAllowedError):
            cases.approve_case(session, case.id, digest, by_id=own, now=now)
        with pytest.raises(NotAllowedError):
            cases.refuse_case(session, case.id, digest, by_id=own, now=now, reason="No")


def test_an_approval_of_facts_that_changed_is_refused(session: Session, now: datetime) -> None:
    case, author = _submitted(session)
    seen = cases.facts_digest(session, case)
    cases.edit_case(session, case.id, case.version, {"what": "Marketo and more"})
    assert case.status == CaseStatus.DRAFT
    cases.submit_case(session, case.id, case.version, by_id=author)
    approver = builders.person(session, "Anna")
    with pytest.raises(ApprovalOutdatedError):
        cases.approve_case(session, case.id, seen, by_id=approver.id, now=now)
    assert session.scalars(select(Approval)).all() == []


def test_the_same_approval_twenty_times_is_one(session: Session, now: datetime) -> None:
    case, _ = _submitted(session)
    digest = cases.facts_digest(session, case)
    approver, other = builders.person(session, "Anna"), builders.person(session, "Otto")
    for _ in range(20):
        cases.approve_case(session, case.id, digest, by_id=approver.id, now=now)
    assert len(session.scalars(select(Approval)).all()) == 1
    with pytest.raises(ConflictError):
        cases.approve_case(session, case.id, digest, by_id=other.id, now=now)


def test_a_change_of_scope_is_approved_anew_and_the_old_promise_holds_meanwhile(
    session: Session, now: datetime
) -> None:
    case, author = _submitted(session)
    _approve(session, case, now)
    before = case.frozen_digest
    with pytest.raises(InvalidError, match="why the scope changes"):
        cases.change_scope(session, case.id, case.version, reason=" ")
    cases.change_scope(session, case.id, case.version, reason="Two more regions")
    cases.promise(session, case.id, case.version, [COST, Flow(side="cost", month=24313, amount_minor=50_00)])
    assert (case.status, case.frozen_digest) == (CaseStatus.DRAFT, before)
    assert not cases.still_approved(session, case)
    cases.submit_case(session, case.id, case.version, by_id=author)
    _approve(session, case, now)
    assert case.frozen_digest != before
    assert len(session.scalars(select(Approval)).all()) == 2


def test_only_listed_transitions(session: Session, now: datetime) -> None:
    approver = builders.person(session, "Anna")
    for status in CaseStatus:
        allowed = TRANSITIONS[status]
        case = _draft(session)
        case.status = status
        session.flush()
        digest = cases.facts_digest(session, case)
        if CaseStatus.SUBMITTED not in allowed:
            with pytest.raises(InvalidError):
                cases.submit_case(session, case.id, case.version, by_id=approver.id)
        if CaseStatus.APPROVED not in allowed:
            with pytest.raises(InvalidError):
                cases.approve_case(session, case.id, digest, by_id=approver.id, now=now)
        if CaseStatus.REFUSED not in allowed:
            with pytest.raises(InvalidError):
                cases.refuse_case(session, case.id, digest, by_id=approver.id, now=now, reason="No")
        if CaseStatus.CLOSED not in allowed:
            with pytest.raises(InvalidError):
                cases.close_case(session, case.id, case.version, on=now.date())


def test_refused_with_a_reason_then_edited_and_submitted_again(session: Session, now: datetime) -> None:
    case, author = _submitted(session)
    approver = builders.person(session, "Anna")
    digest = cases.facts_digest(session, case)
    with pytest.raises(InvalidError, match="why it is refused"):
        cases.refuse_case(session, case.id, digest, by_id=approver.id, now=now, reason="")
    cases.refuse_case(session, case.id, digest, by_id=approver.id, now=now, reason="Too dear")
    assert case.status == CaseStatus.REFUSED
    cases.edit_case(session, case.id, case.version, {"what": "Marketo, fewer seats"})
    cases.submit_case(session, case.id, case.version, by_id=author)
    assert case.status == CaseStatus.SUBMITTED


@pytest.mark.parametrize("column", ["who", "why", "what", "how", "then_what", "owner_id"])
def test_the_five_questions_and_the_owner_are_asked_for(session: Session, column: str) -> None:
    case = _draft(session, **{column: None if column == "owner_id" else " "})
    with pytest.raises(InvalidError) as told:
        cases.submit_case(session, case.id, case.version, by_id=1)
    assert told.value.field == column


def test_closed_only_after_a_review(session: Session, now: datetime) -> None:
    case, _ = _submitted(session)
    approver = _approve(session, case, now)
    with pytest.raises(InvalidError, match="Review the case"):
        cases.close_case(session, case.id, case.version, on=now.date())
    with pytest.raises(InvalidError, match="verdict"):
        cases.review_case(
            session, case.id, reviewed_on=now.date(), reviewer_id=approver, verdict="fine", text="ok"
        )
    cases.review_case(
        session, case.id, reviewed_on=now.date(), reviewer_id=approver, verdict="kept", text="As promised."
    )
    cases.close_case(session, case.id, case.version, on=now.date())
    assert (case.status, case.closed_on) == (CaseStatus.CLOSED, now.date())


def test_a_stale_version_is_refused_with_what_is_stored(session: Session) -> None:
    case = _draft(session)
    version = case.version
    cases.edit_case(session, case.id, version, {"why": "First"})
    with pytest.raises(ConflictError) as told:
        cases.edit_case(session, case.id, version, {"why": "Second"})
    assert told.value.theirs["why"] == "First"
    cases.edit_case(session, case.id, version, {"why": "First"})  # saving the same twice is no conflict
    with pytest.raises(ConflictError):
        cases.promise(session, case.id, version, [COST])


@pytest.mark.parametrize(
    "flow",
    [
        Flow(side="gift", month=1, amount_minor=1),
        Flow(side="benefit", month=1, amount_minor=1),
        Flow(side="benefit", month=1, amount_minor=1, benefit_type="revenue"),
        Flow(side="cost", month=1, amount_minor=-1),
    ],
)
def test_figures_that_break_a_rule(session: Session, flow: Flow) -> None:
    case = _draft(session)
    with pytest.raises(InvalidError):
        cases.promise(session, case.id, case.version, [flow])


def test_ends_before_it_starts_and_unknown_words(session: Session) -> None:
    for values in (
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"category": "fun"},
        {"margin_ppm": 1_000_001},
        {"currency": "XXX"},
        {"status": "approved"},
    ):
        with pytest.raises(InvalidError):
            _draft(session, **values)


def test_a_case_of_another_unit_is_not_there(session: Session, as_of: date) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    case = _draft(session, unit_id=emea.id)

    def seen(unit: str) -> Scope:
        return scope_for(session, as_of=as_of, unit=unit, environ={})

    assert cases.get_case(session, seen(emea.code), case.id) is case
    for unit, ident in ((apac.code, case.id), (apac.code, 99_999)):
        with pytest.raises(NotFoundError, match="There is no such business case"):
            cases.get_case(session, seen(unit), ident)
    assert cases.list_cases(session, seen(apac.code)) == ()


def test_objectives_cascade_without_a_circle(session: Session, as_of: date) -> None:
    top = objectives.write_objective(session, title="Grow")
    below = objectives.write_objective(session, title="Leads", parent_id=top.id)
    with pytest.raises(InvalidError, match="below itself"):
        objectives.edit_objective(session, top.id, top.version, {"parent_id": below.id})
    objectives.retire_objective(session, below.id, below.version, on=as_of)
    assert objectives.list_objectives(session, as_of=as_of) == (top,)


def test_facts_changed_and_changed_back_are_judged_anew(session: Session, now: datetime) -> None:
    case, approver = _waiting(session)
    cases.approve_case(session, case.id, cases.facts_digest(session, case), by_id=approver, now=now)
    cases.change_scope(session, case.id, case.version, reason="Fewer seats.")
    cases.submit_case(session, case.id, case.version, by_id=case.submitted_by_id or 0)
    other = builders.person(session, "Another approver").id
    digest = cases.facts_digest(session, case)
    cases.refuse_case(session, case.id, digest, by_id=other, now=now, reason="Not like this.")
    said = session.scalars(select(Approval)).one()
    assert (said.person_id, said.verdict, said.reason) == (other, "refused", "Not like this.")


def test_typed_benefits_leave_those_of_files_alone(session: Session, now: datetime) -> None:
    case, approver = _waiting(session)
    cases.approve_case(session, case.id, cases.facts_digest(session, case), by_id=approver, now=now)
    brought = builders.import_file(session, "benefits.xlsx")
    session.add(
        CaseFlow(
            case_id=case.id, side="benefit", benefit_type="cash", month=24312, amount_minor=5,
            currency="USD", realised=True, import_id=brought.id,
        )
    )  # fmt: skip
    seen = case.version
    typed = [cases.Flow(side="benefit", benefit_type="cash", month=24313, amount_minor=7)]
    cases.record_benefits(session, case.id, typed, version=seen)
    with pytest.raises(ConflictError):
        cases.record_benefits(session, case.id, [], version=seen)
    assert sorted(session.scalars(select(CaseFlow.amount_minor).where(CaseFlow.realised))) == [5, 7]
    with pytest.raises(InvalidError, match="imported spend"):
        cases.record_benefits(
            session, case.id, [cases.Flow(side="cost", month=24313, amount_minor=7)], version=case.version
        )


def _waiting(session: Session) -> tuple[BusinessCase, int]:
    """A case that waits for approval, and somebody who may give it."""
    owner, author, approver = (builders.person(session, name) for name in ("Olga O", "Sam S", "Ada A"))
    case = cases.write_case(
        session, title="Asked", currency="USD", owner_id=owner.id,
        who="a", why="b", what="c", how="d", then_what="e",
    )  # fmt: skip
    cases.promise(session, case.id, case.version, [cases.Flow(side="cost", month=24312, amount_minor=1)])
    cases.submit_case(session, case.id, case.version, by_id=author.id)
    return case, approver.id
