"""What waits for a person: their own steps first, then what their roles let them settle. Each leads to its page.

A role counts in the units it is given in, so each question is asked about its own scope; None means the person has no
such role. Nothing here depends on money: urgency is the order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.validity import in_scope as tools_in_scope
from mopsaudit.facts.wording import day
from mopsaudit.governance.case_view import case_views
from mopsaudit.governance.cases import list_cases
from mopsaudit.governance.decisions import list_decisions
from mopsaudit.governance.saving_proof import may_sign
from mopsaudit.governance.savings_ledger import list_savings
from mopsaudit.scope import Scope
from mopsaudit.store.models import CaseStatus, Import, ImportTotal

#: A decision is spoken of this many days before it is due.
AHEAD: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The scope in which the person may do each thing; None: nowhere. ``seeing`` is what they may look at."""

    person_id: int
    seeing: Scope
    deciding: Scope | None = None
    approving: Scope | None = None
    signing: Scope | None = None
    applying: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing that waits. ``kind`` and ``id`` say which record it leads to; ``mine``: by name, not by role.

    ``what``: step, decision, review, approval, saving, proof or sign-off.
    """

    what: str
    kind: str
    id: int
    sentence: str
    due: date | None
    late: bool
    mine: bool


def reminders(session: Session, roles: Roles) -> tuple[Reminder, ...]:
    """Everything that waits for the person: theirs by name first, late before what is not, then by day."""
    found = [
        *_decided(session, roles),
        *_cases(session, roles),
        *_savings(session, roles),
        *_sign_offs(session, roles),
    ]
    found.sort(key=lambda each: (not each.mine, not each.late, each.due or date.max, each.what, each.id))
    return tuple(found)


def _decided(session: Session, roles: Roles) -> Iterator[Reminder]:
    """Steps that are overdue (one's own also before) and open decisions that fall due."""
    today = roles.seeing.as_of
    soon = today + timedelta(days=AHEAD)
    everywhere = list_decisions(session, roles.seeing, tools_in_scope(roles.seeing))
    may = (
        {each.id for each in list_decisions(session, roles.deciding, tools_in_scope(roles.deciding))}
        if roles.deciding
        else set()
    )
    for row in everywhere:
        if row.status != "open":
            continue
        for step in row.actions:
            mine = step.owner_id == roles.person_id
            if step.done_on is not None or not (mine or (row.id in may and step.late)):
                continue
            if step.due_on is not None and step.due_on > soon:
                continue
            who = "you" if mine else step.owner or "nobody named"
            when = f", due {day(step.due_on)}" if step.due_on else ", without a date"
            yield Reminder(
                what="step",
                kind="decision",
                id=row.id,
                sentence=f"Step “{step.title}” on {row.tool} ({who}){when}.",
                due=step.due_on,
                late=step.late,
                mine=mine,
            )
        mine = row.decider_id == roles.person_id
        if row.due_on is not None and row.due_on <= soon and (mine or row.id in may):
            verdict = row.verdict.replace("_", "-")
            yield Reminder(
                what="decision",
                kind="decision",
                id=row.id,
                sentence=f"Decision to {verdict} {row.tool}, due {day(row.due_on)}, is not done yet.",
                due=row.due_on,
                late=row.due_on < today,
                mine=mine,
            )


def _cases(session: Session, roles: Roles) -> Iterator[Reminder]:
    """Reviews that are due, and cases that wait for the person's approval: never their own."""
    today, me = roles.seeing.as_of, roles.person_id
    reviewing = {case.id for case in list_cases(session, roles.deciding)} if roles.deciding else set()
    approving = {case.id for case in list_cases(session, roles.approving)} if roles.approving else set()
    listed = list_cases(session, roles.seeing)
    due = {
        view.case.id
        for view in case_views(session, [case for case in listed if case.status == CaseStatus.APPROVED])
        if view.review_due(today)
    }
    for case in listed:
        if case.status == CaseStatus.SUBMITTED and case.id in approving:
            if me not in {case.submitted_by_id, case.owner_id}:
                sentence = f"“{case.title}” waits for approval."
                yield Reminder(
                    what="approval",
                    kind="case",
                    id=case.id,
                    sentence=sentence,
                    due=None,
                    late=False,
                    mine=False,
                )
            continue
        mine = case.owner_id == me
        if case.status != CaseStatus.APPROVED or not (mine or case.id in reviewing):
            continue
        if case.id in due:
            yield Reminder(
                what="review",
                kind="case",
                id=case.id,
                sentence=f"The review of “{case.title}” was due on {day(case.review_on)}.",
                due=case.review_on,
                late=case.review_on is not None and case.review_on < today,
                mine=mine,
            )


def _savings(session: Session, roles: Roles) -> Iterator[Reminder]:
    """Contracted savings that finance has not signed, and signed ones whose lines are gone."""
    if roles.signing is None:
        return
    for row in list_savings(session, roles.signing):
        saving = row.saving
        if row.stage == "contracted" and may_sign(session, saving, roles.person_id):
            sentence = f"Saving “{saving.title}” waits for finance to sign what it brought."
            yield Reminder(
                what="saving",
                kind="saving",
                id=saving.id,
                sentence=sentence,
                due=saving.effective_on,
                late=False,
                mine=False,
            )
        elif row.stage == "realised" and not row.proof_holds:
            sentence = f"Lines that proved the saving “{saving.title}” stand in the ledger no more."
            yield Reminder(
                what="proof", kind="saving", id=saving.id, sentence=sentence, due=None, late=True, mine=False
            )


def _sign_offs(session: Session, roles: Roles) -> Iterator[Reminder]:
    """Imports with amounts that could not be read and that nobody has signed off."""
    if roles.applying is None:
        return
    own = Import.unit_id.in_(roles.applying.unit_ids)
    for import_id, name, number in session.execute(
        select(Import.id, Import.file_name, func.sum(ImportTotal.unreadable))
        .join(ImportTotal, ImportTotal.import_id == Import.id)
        .where(
            Import.status == "imported",
            ImportTotal.unreadable > 0,
            ImportTotal.signed_off_by_id.is_(None),
            or_(own, Import.unit_id.is_(None)) if roles.applying.whole else own,
        )
        .group_by(Import.id, Import.file_name)
        .order_by(Import.id)
    ):
        sentence = (
            f"{name}: {number} amount{'s' if number != 1 else ''} could not be read; sign the difference off."
        )
        yield Reminder(
            what="sign-off", kind="import", id=import_id, sentence=sentence, due=None, late=False, mine=False
        )
