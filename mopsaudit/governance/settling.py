"""What people settle about findings: confirm, deliberate, dismiss. A settlement holds while its facts stay the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ApprovalOutdatedError, InvalidError
from mopsaudit.facts.values import facts_digest
from mopsaudit.governance.words_kept import keep_word, take_back
from mopsaudit.reporting import Finding
from mopsaudit.store.models import FindingState, Person

_MEANWHILE: Final = "Somebody settled this finding meanwhile."
STATES: Final = ("confirm", "deliberate", "dismiss")


def settle_finding(
    session: Session,
    finding: Finding,
    *,
    state: str,
    by_id: int,
    now: datetime,
    reason: str = "",
    review_on: date | None = None,
    seen_digest: str | None = None,
    version: int | None = None,
) -> FindingState:
    """Settle a finding as it stands. The same settlement twice changes nothing.

    ``seen_digest`` is what the page showed (:func:`mopsaudit.facts.values.facts_digest`); ``version`` the settlement it
    replaces, None where the person saw none.

    Raises:
        InvalidError: an unknown state; *deliberate* without reason or review date, *dismiss* without reason.
        ApprovalOutdatedError: the finding changed since it was looked at.
        ConflictError: somebody else settled it meanwhile.
    """
    if state not in STATES:
        raise InvalidError("Confirm it, call it deliberate, or dismiss it.", "state")
    text = reason.strip()
    if state != "confirm" and not text:
        raise InvalidError("Say why.", "reason")
    if state == "deliberate" and review_on is None:
        raise InvalidError("Say when to look at it again.", "review_on")
    return keep_settlement(
        session,
        finding.id,
        finding.facts,
        state=state,
        by_id=by_id,
        now=now,
        reason=text,
        review_on=review_on,
        seen_digest=seen_digest,
        version=version,
    )


def keep_settlement(
    session: Session,
    finding_id: str,
    facts: Iterable[str],
    *,
    state: str,
    by_id: int,
    now: datetime,
    reason: str,
    review_on: date | None,
    seen_digest: str | None,
    version: int | None,
) -> FindingState:
    """Keep what was said of the facts as they stand; the state and the reason are checked by who asks.

    Raises:
        ApprovalOutdatedError, ConflictError: as :func:`settle_finding`.
    """
    digest = facts_digest(facts)
    if seen_digest is not None and seen_digest != digest:
        raise ApprovalOutdatedError(
            "This finding changed since you looked at it. Read it again, then decide."
        )
    return keep_word(
        session,
        select(FindingState).where(FindingState.finding_id == finding_id),
        lambda: FindingState(finding_id=finding_id),
        {"state": state, "reason": reason or None, "review_on": review_on, "facts_digest": digest},
        said={"settled_by_id": by_id, "settled_at": now},
        version=version,
        meanwhile=_MEANWHILE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A settlement as it is kept: what was said, why, until when, by whom. ``digest`` is of the facts it speaks of."""

    state: str
    reason: str
    review_on: date | None
    by: str | None
    at: datetime
    version: int
    digest: str


def settlement_of(session: Session, finding_id: str) -> Settled | None:
    """What somebody settled about a finding, whether or not it still holds; None where nobody did."""
    row = session.execute(
        select(FindingState, Person.name)
        .outerjoin(Person, Person.id == FindingState.settled_by_id)
        .where(FindingState.finding_id == finding_id)
    ).first()
    if row is None:
        return None
    kept, name = row
    return Settled(
        state=kept.state,
        reason=kept.reason or "",
        review_on=kept.review_on,
        by=name,
        at=kept.settled_at,
        version=kept.version,
        digest=kept.facts_digest,
    )


def reopen_finding(session: Session, finding_id: str, version: int) -> None:
    """Take a settlement back; the History keeps it.

    Raises:
        ConflictError: somebody changed it meanwhile.
    """
    kept = session.scalars(
        select(FindingState).where(FindingState.finding_id == finding_id).with_for_update()
    ).first()
    if kept is not None:
        take_back(session, kept, version, _MEANWHILE)
