"""Taking back the last decision a person made in the queue: one supplier, or all that one click accepted.

What stood before is read from the trail, which holds every change of a supplier with its old values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake.bulk import lock_ledger
from mopsaudit.intake.placement import place_again
from mopsaudit.intake.split_plans import take_split_back
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import SplitPart, SplitRule, Supplier
from mopsaudit.store.system import TrailEntry
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
_OF_PART: Final = ("tool_id", "spend_type", "share_ppm", "weight", "description_pattern")


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
        found = _before(session, supplier)
        if found is None:
            raise InvalidError(
                f"What {name} was before is no longer in the trail; open it and settle it again."
            )
        entry_id, before = found
        was_split = before.get("settled", supplier.settled) == "split"
        if supplier.settled == "split":
            take_split_back(session, supplier, was_split=was_split)
        elif was_split:
            _split_again(session, supplier, entry_id)
        for column in _DECIDED:
            if column in before:
                setattr(supplier, column, before[column])
        supplier.decided_at = _moment(before.get("decided_at"))
        done.append(supplier)
    session.flush()
    place_again(session, [supplier.id for supplier in done], settings)
    return done


def _split_again(session: Session, supplier: Supplier, entry_id: int) -> None:
    """The splits that stood before an entry of the trail, where a later split of another time took their place."""
    if session.scalar(select(SplitRule.id).where(SplitRule.supplier_id == supplier.id).limit(1)) is not None:
        return
    standing: dict[int, tuple[int, dict[str, Any]]] = {}
    for entry in _earlier(session, "split_rule", entry_id):
        if entry.record_id is None:
            continue
        if entry.action == "insert":
            standing[entry.record_id] = (entry.id, dict(entry.after or {}))
        elif entry.action == "delete":
            standing.pop(entry.record_id, None)
        elif entry.record_id in standing:
            standing[entry.record_id][1].update(entry.after or {})
    parts = [each for each in _earlier(session, "split_part", entry_id) if each.action == "insert"]
    for rule_id, (made, values) in sorted(standing.items(), key=lambda item: item[1][0]):
        if values.get("supplier_id") != supplier.id:
            continue
        rule = SplitRule(
            supplier_id=supplier.id,
            basis=values["basis"],
            reason=values.get("reason"),
            valid_from=_day(values.get("valid_from")),
            valid_until=_day(values.get("valid_until")),
        )
        session.add(rule)
        session.flush()
        # An id may have served an earlier rule: its parts were written before this one was.
        session.add_all(
            SplitPart(rule_id=rule.id, **{name: (each.after or {}).get(name) for name in _OF_PART})
            for each in parts
            if each.id > made and (each.after or {}).get("rule_id") == rule_id
        )
    session.flush()


def _earlier(session: Session, subject: str, entry_id: int) -> Sequence[TrailEntry]:
    return session.scalars(
        select(TrailEntry)
        .where(TrailEntry.subject == subject, TrailEntry.id < entry_id)
        .order_by(TrailEntry.id)
    ).all()


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _before(session: Session, supplier: Supplier) -> tuple[int, dict[str, Any]] | None:
    """The entry of the newest change of the decision's moment, and the values it replaced."""
    for entry in entries_of(session, "supplier", supplier.id):
        before, after = entry.before or {}, entry.after or {}
        made, earlier = _moment(after.get("decided_at")), _moment(before.get("decided_at"))
        # Taking a decision back is a change of its own, to an earlier moment.
        if made is not None and made == supplier.decided_at and (earlier is None or earlier < made):
            return entry.id, dict(before)
    return None


def _moment(value: Any) -> datetime | None:
    return value if value is None or isinstance(value, datetime) else datetime.fromisoformat(str(value))
