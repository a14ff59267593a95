"""Settling a gap between what is paid, used and listed with a word and a reason; it holds while its facts do."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.gaps import Gap
from mopsaudit.governance.settling import keep_settlement
from mopsaudit.store.models import FindingState


def settle_gap(
    session: Session,
    gap: Gap,
    *,
    state: str,
    by_id: int,
    now: datetime,
    today: date,
    reason: str,
    review_on: date | None = None,
    seen_digest: str | None = None,
    version: int | None = None,
) -> FindingState:
    """Say what a gap is, as it stands: one of its :attr:`Gap.answers`. The same again changes nothing.

    Raises:
        InvalidError: no answer to this kind of gap, no reason, a tool to retire without a day to look again, a day
            that is past.
        ApprovalOutdatedError: the gap changed since it was looked at.
        ConflictError: somebody else settled it meanwhile.
    """
    if state not in gap.answers:
        raise InvalidError("Choose what it is from the list.", "state")
    if not reason.strip():
        raise InvalidError("Say why.", "reason")
    if state == "retire" and review_on is None:
        raise InvalidError("Say when it should be gone.", "review_on")
    if review_on is not None and review_on <= today:
        raise InvalidError("Choose a day that is still to come.", "review_on")
    return keep_settlement(
        session,
        gap.id,
        gap.facts,
        state=state,
        by_id=by_id,
        now=now,
        reason=reason.strip(),
        review_on=review_on,
        seen_digest=seen_digest,
        version=version,
    )
