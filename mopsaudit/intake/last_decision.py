"""Taking back the last decision a person made in the queue: one supplier, or all that one click accepted.

What stood before is read from the trail, which holds every change of a supplier with its old values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake.bulk import lock_ledger
from mopsaudit.intake.placement import place_again
from mopsaudit.intake.split_plans import take_split_back
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import Supplier
from mopsaudit.store.trail import entries_of

#: The columns of a supplier that a decision writes, but for the moment of it.
_DECIDED: Final = (
    "settled",
    "vendor_id",
    "tool_id",
    "spend_type",
    "method",
    "score_mille",
    "reason",
    "decided_by_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDecision:
    """The newest decision of a person that still stands: when, and for which suppliers (id, name, settled)."""

    at: datetime
    suppliers: tuple[tuple[int, str, str], ...]


def last_decision(session: Session, person_id: int | None) -> LastDecision | None:
    """What the person settled last, in one click; None when nothing of theirs stands."""
    if person_id is None:
        return None
    newest = session.scalars(
        select(Supplier.decided_at)
        .where(Supplier.decided_by_id == person_id, Supplier.settled != "open")
        .order_by(Supplier.decided_at.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    rows = session.execute(
        select(Supplier.id, Supplier.name, Supplier.settled)
        .where(Supplier.decided_by_id == person_id, Supplier.decided_at == newest, Supplier.settled != "open")
        .order_by(Supplier.id)
    )
    return LastDecision(at=newest, suppliers=tuple((row.id, row.name, row.settled) for row in rows))


def undo_last_decision(
    session: Session, person_id: int | None, at: datetime, settings: Settings
) -> Sequence[Supplier]:
    """Put the suppliers of a person's last decision back to what stood before it, with all their lines.

    A tool the decision entered from the catalogue stays: others may use it by now.

    Raises:
        ConflictError: the last decision is not the one made ``at`` any more: somebody decided since.
    """
    lock_ledger(session)
    last = last_decision(session, person_id)
    if last is None or last.at != at:
        raise ConflictError("Something was decided since; look at what the last decision is now.")
    done = []
    for supplier_id, name, _ in last.suppliers:
        supplier = session.get_one(Supplier, supplier_id)
        before = _before(session, supplier)
        if before is None:
            raise InvalidError(
                f"What {name} was before is no longer in the trail; open it and settle it again."
            )
        was_split = before.get("settled", supplier.settled) == "split"
        if supplier.settled == "split":
            take_split_back(session, supplier, was_split=was_split)
        for column in _DECIDED:
            if column in before:
                setattr(supplier, column, before[column])
        supplier.decided_at = _moment(before.get("decided_at"))
        done.append(supplier)
    session.flush()
    place_again(session, [supplier.id for supplier in done], settings)
    return done


def _before(session: Session, supplier: Supplier) -> dict[str, Any] | None:
    """The values the newest change of the decision's moment replaced."""
    for entry in entries_of(session, "supplier", supplier.id):
        before, after = entry.before or {}, entry.after or {}
        made, earlier = _moment(after.get("decided_at")), _moment(before.get("decided_at"))
        # Taking a decision back is a change of its own, to an earlier moment.
        if made is not None and made == supplier.decided_at and (earlier is None or earlier < made):
            return dict(before)
    return None


def _moment(value: Any) -> datetime | None:
    return value if value is None or isinstance(value, datetime) else datetime.fromisoformat(str(value))
