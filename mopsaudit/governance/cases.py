"""Business cases: written, submitted, approved by somebody else, frozen, reviewed, closed (PRODUCT.md §4.4).

An approval is one person's word on one state of the facts: it names their digest, and a case that changed since it was
looked at is not approved. What was approved stays word for word in ``frozen``; a change of scope is approved anew.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from mopsaudit.errors import (
    ApprovalOutdatedError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from mopsaudit.governance.objectives import named
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.models import Approval, BusinessCase, CaseFlow, CaseMetric, CaseReview, CaseStatus
from mopsaudit.words import Category

SUBJECT: Final = "case"
BENEFITS: Final = ("revenue", "cash", "avoidance", "time")
METHODS: Final = ("experiment", "model", "attribution", "opinion")
MEASURES: Final = ("activity", "outcome", "operations")
VERDICTS: Final = ("kept", "partly kept", "broken", "too early")
#: From → to; nothing else is possible.
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    CaseStatus.DRAFT: frozenset({CaseStatus.SUBMITTED}),
    CaseStatus.SUBMITTED: frozenset({CaseStatus.APPROVED, CaseStatus.REFUSED, CaseStatus.DRAFT}),
    CaseStatus.REFUSED: frozenset({CaseStatus.DRAFT}),
    CaseStatus.APPROVED: frozenset({CaseStatus.DRAFT, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset(),
}
_COLUMNS: Final = (
    "title",
    "tool_id",
    "vendor_id",
    "category",
    "unit_id",
    "objective_id",
    "owner_id",
    "budget_holder_id",
    "who",
    "why",
    "what",
    "how",
    "then_what",
    "baseline",
    "currency",
    "margin_ppm",
    "people_minor",
    "starts_on",
    "ends_on",
    "review_on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A promised or realised figure of one month (month index), minor units; costs and benefits both positive.

    ``benefit_type`` revenue, cash, avoidance or time for a benefit; ``method`` of a revenue benefit; ``budget_line_id``
    is the line that falls, which makes time cash.
    """

    side: str
    month: int
    amount_minor: int
    benefit_type: str | None = None
    method: str | None = None
    budget_line_id: int | None = None


def in_scope(scope: Scope) -> Any:
    """The condition that a case belongs to the scope (without a unit: to the whole company)."""
    inside = BusinessCase.unit_id.in_(scope.unit_ids)
    return or_(inside, BusinessCase.unit_id.is_(None)) if scope.whole else inside


def get_case(session: Session, scope: Scope, case_id: int) -> BusinessCase:
    """The case, if it lies within the scope.

    Raises:
        NotFoundError: missing or of another unit: both answer alike.
    """
    case = session.scalars(select(BusinessCase).where(BusinessCase.id == case_id, in_scope(scope))).first()
    if case is None:
        raise NotFoundError("There is no such business case.")
    return case


def list_cases(session: Session, scope: Scope) -> tuple[BusinessCase, ...]:
    """The scope's cases, newest first."""
    return tuple(
        session.scalars(select(BusinessCase).where(in_scope(scope)).order_by(BusinessCase.id.desc()))
    )


def _check(values: Mapping[str, Any]) -> dict[str, Any]:
    if set(values) - set(_COLUMNS):
        raise InvalidError("That cannot be changed here.")
    checked = dict(values)
    if "title" in checked:
        checked["title"] = named(str(checked["title"]), "business case")
    if "currency" in checked:
        try:
            checked["currency"] = currency_code(str(checked["currency"]))
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from None
    if checked.get("category") not in (None, *Category):
        raise InvalidError("Choose one of the four categories.", "category")
    margin = checked.get("margin_ppm")
    if margin is not None and not 0 <= margin <= 1_000_000:
        raise InvalidError("The contribution margin lies between 0 and 100 %.", "margin_ppm")
    if (checked.get("people_minor") or 0) < 0:
        raise InvalidError("People's time costs nothing or more.", "people_minor")
    return checked


def _check_span(case: BusinessCase) -> None:
    if case.starts_on and case.ends_on and case.ends_on < case.starts_on:
        raise InvalidError("The case ends before it starts; check both dates.", "ends_on")


def write_case(session: Session, *, title: str, currency: str, **values: Any) -> BusinessCase:
    """A draft; ``values`` are further columns a person may set (the five questions, owner, dates …).

    Raises:
        InvalidError: no title, an unknown currency or category, ends before it starts.
    """
    case = BusinessCase(status=CaseStatus.DRAFT, **_check({"title": title, "currency": currency, **values}))
    _check_span(case)
    session.add(case)
    session.flush()
    return case


def _open_for_edits(case: BusinessCase) -> None:
    if case.status in {CaseStatus.APPROVED, CaseStatus.CLOSED}:
        raise InvalidError("What was approved is frozen. Change the scope to have it approved anew.")


def edit_case(session: Session, case_id: int, version: int, changes: Mapping[str, Any]) -> BusinessCase:
    """Change a case that is not approved; a submitted or refused one is a draft again.

    Raises:
        ConflictError: stale version.
        InvalidError: it is frozen, or a value breaks a rule.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    _open_for_edits(case)
    changed = apply_edit(case, version, _check(changes), "business case")
    _check_span(case)
    if changed:
        case.status = CaseStatus.DRAFT
    session.flush()
    return case


def _check_flow(flow: Flow) -> None:
    if flow.side not in {"cost", "benefit"}:
        raise InvalidError("A figure is a cost or a benefit.", "side")
    if flow.side == "benefit" and flow.benefit_type not in BENEFITS:
        raise InvalidError(f"A benefit is one of {', '.join(BENEFITS)}.", "benefit_type")
    if flow.benefit_type == "revenue" and flow.method not in METHODS:
        raise InvalidError(f"Say how the revenue is measured: {', '.join(METHODS)}.", "method")
    if flow.amount_minor < 0:
        raise InvalidError("Costs and benefits are both entered as positive amounts.", "amount_minor")


def _write_flows(session: Session, case: BusinessCase, flows: Sequence[Flow], *, realised: bool) -> None:
    for flow in flows:
        _check_flow(flow)
    replaced = [CaseFlow.case_id == case.id, CaseFlow.realised.is_(realised)]
    if realised:
        replaced.append(CaseFlow.import_id.is_(None))  # what a file brought leaves with the file
    for old in session.scalars(select(CaseFlow).where(*replaced).order_by(CaseFlow.id)).all():
        session.delete(old)  # one by one: each goes into the History
    session.add_all(
        CaseFlow(
            case_id=case.id,
            side=flow.side,
            benefit_type=flow.benefit_type if flow.side == "benefit" else None,
            method=flow.method,
            month=flow.month,
            amount_minor=flow.amount_minor,
            currency=case.currency,
            realised=realised,
            budget_line_id=flow.budget_line_id,
        )
        for flow in flows
    )
    session.flush()


def _check_version(case: BusinessCase, version: int) -> None:
    """Refuse a stale version."""
    if case.version != version:
        raise ConflictError(
            "Somebody changed this business case since you opened it. Compare both versions and save again.",
            {"version": case.version, "status": case.status},
        )


def promise(session: Session, case_id: int, version: int, flows: Sequence[Flow]) -> BusinessCase:
    """Replace what the case promises, month by month.

    Raises:
        ConflictError: stale version.
        InvalidError: it is frozen, or a figure breaks a rule.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    _open_for_edits(case)
    _check_version(case, version)
    _write_flows(session, case, flows, realised=False)
    case.status = CaseStatus.DRAFT
    flag_modified(case, "status")  # its version rises with its figures, even when no column of it changes
    session.flush()
    return case


def record_benefits(
    session: Session, case_id: int, flows: Sequence[Flow], *, version: int | None = None
) -> BusinessCase:
    """Replace the realised benefits that people typed; figures of files stay. ``version`` is the one they saw.

    Raises:
        ConflictError: stale version.
        InvalidError: the case was never approved, a figure is a cost (those come with the spend) or breaks a rule.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    if case.frozen is None:
        raise InvalidError("Benefits are recorded on an approved case.")
    if version is not None:
        _check_version(case, version)
    if any(flow.side == "cost" for flow in flows):
        raise InvalidError("What it cost is taken from the imported spend.")
    _write_flows(session, case, flows, realised=True)
    flag_modified(
        case, "status"
    )  # its version rises with its figures, so that two who type at once both see it
    session.flush()
    return case


def add_metric(
    session: Session,
    case_id: int,
    *,
    name: str,
    measure: str,
    early_signal: bool = False,
    **values: Any,
) -> CaseMetric:
    """A metric of a case that is not approved: an activity, outcome or operations measure; early signals are marked.

    ``values``: unit_of_measure, baseline, target (exact text), due_on.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    _open_for_edits(case)
    if measure not in MEASURES:
        raise InvalidError(f"A metric is an {', '.join(MEASURES)} measure.", "measure")
    if set(values) - {"unit_of_measure", "baseline", "target", "due_on"}:
        raise InvalidError("That cannot be changed here.")
    metric = CaseMetric(
        case_id=case.id,
        name=named(name, "metric", "name"),
        measure=measure,
        early_signal=early_signal,
        **values,
    )
    session.add(metric)
    case.status = CaseStatus.DRAFT
    flag_modified(case, "status")
    session.flush()
    return metric


def read_metric(session: Session, metric_id: int, *, actual: str, on: date) -> CaseMetric:
    """Record what a metric reads on a day."""
    metric = fetch(session, CaseMetric, metric_id, "metric")
    metric.actual, metric.read_on = actual.strip(), on
    session.flush()
    return metric


def facts_of(session: Session, case: BusinessCase) -> dict[str, Any]:
    """What an approval is given on: the case, its promises and its metrics' baselines and targets."""
    flows = session.scalars(
        select(CaseFlow)
        .where(CaseFlow.case_id == case.id, CaseFlow.realised.is_(False))
        .order_by(CaseFlow.side, CaseFlow.benefit_type, CaseFlow.month, CaseFlow.amount_minor, CaseFlow.id)
    )
    metrics = session.scalars(
        select(CaseMetric).where(CaseMetric.case_id == case.id).order_by(CaseMetric.name, CaseMetric.id)
    )
    return {
        "case": {
            column: _plain(getattr(case, column))
            for column in _COLUMNS
            # Where it is not typed it stands in no fact: what was approved before it could be stays approved.
            if column != "people_minor" or case.people_minor is not None
        },
        "flows": [
            [flow.side, flow.benefit_type, flow.method, flow.month, flow.amount_minor, flow.budget_line_id]
            for flow in flows
        ],
        "metrics": [
            [m.name, m.measure, m.early_signal, m.unit_of_measure, m.baseline, m.target, _plain(m.due_on)]
            for m in metrics
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def facts_digest(session: Session, case: BusinessCase) -> str:
    """SHA-256 (hex) of :func:`facts_of`: what a page shows to an approver and an approval names."""
    text = json.dumps(facts_of(session, case), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _move(case: BusinessCase, to: str) -> None:
    if to not in TRANSITIONS[case.status]:
        raise InvalidError(f"A case that is {case.status} cannot become {to}.")
    case.status = to


def submit_case(session: Session, case_id: int, version: int, *, by_id: int) -> BusinessCase:
    """Ask for approval.

    Raises:
        InvalidError: one of the five questions, the owner or the figures are missing.
        ConflictError: stale version.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    _check_version(case, version)
    for column, asks in (
        ("who", "who takes part and who controls the budget"),
        ("why", "why: the objective it serves"),
        ("what", "what is bought"),
        ("how", "how: the process and the people that will use it"),
        ("then_what", "then what: early signals, then outcomes"),
    ):
        if not str(getattr(case, column)).strip():
            raise InvalidError(f"Answer {asks}.", column)
    if case.owner_id is None:
        raise InvalidError("Name the owner of the case.", "owner_id")
    promised = session.scalars(
        select(CaseFlow.id).where(
            CaseFlow.case_id == case.id, CaseFlow.side == "cost", CaseFlow.realised.is_(False)
        )
    ).first()
    if promised is None:
        raise InvalidError("Enter what it is expected to cost, month by month.", "flows")
    _move(case, CaseStatus.SUBMITTED)
    case.submitted_by_id = by_id
    session.flush()
    return case


def _judge(
    session: Session, case: BusinessCase, digest: str, by_id: int, now: datetime, verdict: str, reason: str
) -> None:
    if by_id in {case.submitted_by_id, case.owner_id}:
        raise NotAllowedError("Nobody approves their own business case; ask somebody else.")
    if facts_digest(session, case) != digest:
        raise ApprovalOutdatedError("The case changed since you looked at it. Read it again, then decide.")
    said = session.scalars(
        select(Approval).where(
            Approval.subject == SUBJECT,
            Approval.subject_id == case.id,
            Approval.facts_digest == digest,
            Approval.step == 1,
        )
    ).first()
    if said is None:
        said = Approval(subject=SUBJECT, subject_id=case.id, facts_digest=digest)
        session.add(said)
    # The same facts asked for once more (changed and changed back): the latest word holds, the History keeps the other.
    said.person_id, said.verdict, said.reason, said.at = by_id, verdict, reason or None, now


def approve_case(
    session: Session, case_id: int, digest: str, *, by_id: int, now: datetime, reason: str = ""
) -> BusinessCase:
    """Approve the state of the case that ``digest`` names and freeze it. The same approval again has no second effect.

    Raises:
        NotAllowedError: by the one who submitted or owns it.
        ApprovalOutdatedError: the facts changed since.
        ConflictError: somebody else approved it meanwhile.
        InvalidError: it is not submitted.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    if case.status == CaseStatus.APPROVED and case.frozen_digest == digest:
        if case.approved_by_id == by_id:
            return case
        raise ConflictError("Somebody else approved it already.", {"approved_by_id": case.approved_by_id})
    if case.status != CaseStatus.SUBMITTED:
        raise InvalidError(f"A case that is {case.status} cannot become {CaseStatus.APPROVED}.")
    _judge(session, case, digest, by_id, now, "approved", reason)
    _move(case, CaseStatus.APPROVED)
    case.frozen, case.frozen_digest = facts_of(session, case), digest
    case.approved_by_id, case.approved_at = by_id, now
    session.flush()
    return case


def refuse_case(
    session: Session, case_id: int, digest: str, *, by_id: int, now: datetime, reason: str
) -> BusinessCase:
    """Refuse a submitted case; the reason is for its owner.

    Raises:
        NotAllowedError, ApprovalOutdatedError, InvalidError: as :func:`approve_case`; also without a reason.
    """
    if not reason.strip():
        raise InvalidError("Say why it is refused.", "reason")
    case = fetch(session, BusinessCase, case_id, "business case")
    if case.status != CaseStatus.SUBMITTED:
        raise InvalidError(f"A case that is {case.status} cannot become {CaseStatus.REFUSED}.")
    _judge(session, case, digest, by_id, now, "refused", reason.strip())
    _move(case, CaseStatus.REFUSED)
    session.flush()
    return case


def change_scope(session: Session, case_id: int, version: int, *, reason: str) -> BusinessCase:
    """Open an approved case for changes. What was approved holds until the change is approved anew.

    Raises:
        ConflictError: stale version.
        InvalidError: without a reason, or it is not approved.
    """
    if not reason.strip():
        raise InvalidError("Say why the scope changes.", "reason")
    case = fetch(session, BusinessCase, case_id, "business case")
    _check_version(case, version)
    if case.status != CaseStatus.APPROVED:
        raise InvalidError(f"A case that is {case.status} has no approved scope to change.")
    _move(case, CaseStatus.DRAFT)
    session.flush()
    return case


def still_approved(session: Session, case: BusinessCase) -> bool:
    """Whether the approval stands: the case is approved and its facts are those that were approved."""
    return (
        case.status in {CaseStatus.APPROVED, CaseStatus.CLOSED}
        and case.frozen_digest is not None
        and facts_digest(session, case) == case.frozen_digest
    )


def review_case(
    session: Session, case_id: int, *, reviewed_on: date, reviewer_id: int, verdict: str, text: str
) -> CaseReview:
    """A review of an approved or closed case.

    Raises:
        InvalidError: an unknown verdict, no text, or the case was never approved.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    if verdict not in VERDICTS:
        raise InvalidError(f"The verdict is one of {', '.join(VERDICTS)}.", "verdict")
    if not text.strip():
        raise InvalidError("Say in a sentence what was found.", "text")
    if case.frozen is None:
        raise InvalidError("Only an approved case is reviewed.")
    review = CaseReview(
        case_id=case.id, reviewed_on=reviewed_on, reviewer_id=reviewer_id, verdict=verdict, text=text.strip()
    )
    session.add(review)
    session.flush()
    return review


def close_case(session: Session, case_id: int, version: int, *, on: date) -> BusinessCase:
    """Close an approved case once it was reviewed.

    Raises:
        ConflictError: stale version.
        InvalidError: it is not approved, or was never reviewed.
    """
    case = fetch(session, BusinessCase, case_id, "business case")
    _check_version(case, version)
    reviewed = session.scalars(select(CaseReview.id).where(CaseReview.case_id == case.id)).first()
    if case.status == CaseStatus.APPROVED and reviewed is None:
        raise InvalidError("Review the case before you close it: was the promise kept?")
    _move(case, CaseStatus.CLOSED)
    case.closed_on = on
    session.flush()
    return case
