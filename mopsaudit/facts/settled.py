"""What people settled about findings: kept by finding and digest, so that a changed tool opens it again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.values import Settlement
from mopsaudit.store.models import FindingState


@once
def settlements(session: Session, room: str) -> dict[str, Settlement]:
    """The settlements of one report's findings by finding id; one query. Finding ids start with ``room-``."""
    rows = fetch(
        session,
        select(
            FindingState.finding_id,
            FindingState.state,
            FindingState.reason,
            FindingState.review_on,
            FindingState.facts_digest,
        )
        .where(FindingState.finding_id.startswith(f"{room}-", autoescape=True))
        .order_by(FindingState.finding_id),
    )
    return {
        finding_id: Settlement(state=state, reason=reason, review_on=review_on, digest=digest)
        for finding_id, state, reason, review_on, digest in rows
    }
