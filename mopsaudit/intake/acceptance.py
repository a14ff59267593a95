"""Accepting every proposal of the queue above a score at once, after seeing what that is."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError
from mopsaudit.intake.settling import Answer, settle
from mopsaudit.intake.suppliers import QueueRow, open_queue
from mopsaudit.scope import Scope


def acceptable(session: Session, scope: Scope, from_mille: int) -> tuple[QueueRow, ...]:
    """Suppliers of the queue whose one proposed product scores at least ``from_mille``: what accepting settles.

    Where the vendor is sure and no product told apart, the only tool of that vendor in the inventory is meant; with
    none or several there it stays in the queue: which of a vendor's tools it is, a person says.
    """
    return tuple(
        row
        for row in open_queue(session, scope)[0]
        if row.sure
        and row.score_mille >= from_mille
        and (row.proposal_product_id is not None or row.answer_tool_id is not None)
    )


def accept_sure(
    session: Session,
    scope: Scope,
    *,
    from_mille: int,
    person_id: int | None,
    now: datetime,
    today: date,
    expected: int | None = None,
    only: frozenset[int] | None = None,
) -> int:
    """Settle every supplier that is :func:`acceptable`; how many. ``expected`` is how many the person saw, ``only``
    are the suppliers they left ticked (None: all they saw); an id that is not among those seen settles nothing.

    Raises:
        ConflictError: there are more or fewer by now.
    """
    count = 0
    rows = acceptable(session, scope, from_mille)
    if expected is not None and len(rows) != expected:
        raise ConflictError(
            f"You saw {expected:,} suppliers and there are {len(rows):,} by now; look at them again."
        )
    for row in rows if only is None else [row for row in rows if row.supplier_id in only]:
        settle(
            session,
            row.supplier_id,
            row.version,
            Answer(kind="tool", tool_id=row.answer_tool_id, product_id=row.proposal_product_id),
            person_id=person_id,
            now=now,
            today=today,
            settings=scope.settings,
        )
        count += 1
    return count
