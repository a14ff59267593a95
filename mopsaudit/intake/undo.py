"""Undoing an import: every row ends reversed, kept or could-not, and nothing else changes (PRODUCT.md §3.4)."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.apply_usage import undo_usage
from mopsaudit.intake.booking import restate_base
from mopsaudit.intake.bulk import lock_ledger, select_in, update_rows
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.journal import made_tools, undo_journal
from mopsaudit.intake.receive import find_import
from mopsaudit.intake.relations import relate_after_undo
from mopsaudit.intake.settling import release_tools, rematch_open
from mopsaudit.intake.summaries import Deltas
from mopsaudit.intake.undo_item import COULD_NOT, KEPT, REVERSED, UndoItem
from mopsaudit.organisation import load_settings
from mopsaudit.store.ledger import Import, ImportSheet, ImportStatus, Sighting, SpendLine

#: Rows that were not simply reversed, as many as the import's page lists of them.
LISTED: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The result of an undo: counts by outcome, and the rows that were not simply reversed."""

    import_id: int
    counts: dict[str, int]
    items: tuple[UndoItem, ...]

    def to_json(self) -> dict[str, Any]:
        """The object of ``imports undo --json`` (INTERFACES.md)."""
        return {
            "import_id": self.import_id,
            "status": "undone",
            "lines": {name: self.counts.get(name, 0) for name in (REVERSED, KEPT, COULD_NOT)},
            "items": [item.to_json() for item in self.items],
        }


Undoer = Callable[[Session, Import, date], list[UndoItem]]


def undo_import(session: Session, import_id: int, *, now: datetime, today: date) -> Undone:
    """Take an import out of the ledger again.

    Raises:
        InvalidError: when it is not in the ledger.
    """
    record = find_import(session, import_id, lock=True)
    if record.status != ImportStatus.IMPORTED:
        raise InvalidError("Only an import that is in the ledger can be undone.")
    lock_ledger(session)
    kind = Kind(record.kind)
    settings = load_settings(session, os.environ)
    if kind is not Kind.SPEND:
        release_tools(session, made_tools(session, record), settings)
    items = UNDO[kind](session, record, today)
    if kind is not Kind.SPEND:
        rematch_open(session, settings)
    counts = Counter(item.outcome for item in items)
    undone = Undone(
        import_id=import_id,
        counts=dict(counts),
        items=tuple(item for item in items if item.outcome != REVERSED),
    )
    record.status = ImportStatus.UNDONE
    record.undone_at = now
    said = undone.to_json()
    record.result = {
        **(record.result or {}),
        "undo": {"lines": said["lines"], "items": said["items"][:LISTED]},
    }
    session.flush()
    return undone


def _undo_spend(session: Session, record: Import, today: date) -> list[UndoItem]:
    seen = session.execute(
        select(
            Sighting.id,
            Sighting.line_id,
            Sighting.row,
            Sighting.cell,
            ImportSheet.name,
            SpendLine.edited_by_id,
        )
        .join(ImportSheet, ImportSheet.id == Sighting.sheet_id)
        .join(SpendLine, SpendLine.id == Sighting.line_id)
        .where(Sighting.import_id == record.id, Sighting.living.is_(True))
        .order_by(Sighting.id)
    ).all()
    elsewhere: dict[int, int] = {}
    others = (
        select(Sighting.line_id, Sighting.import_id)
        .where(Sighting.living.is_(True), Sighting.import_id != record.id)
        .order_by(Sighting.id)
    )
    for line_id, import_id in select_in(session, others, Sighting.line_id, [row.line_id for row in seen]):
        elsewhere.setdefault(line_id, import_id)
    items: list[UndoItem] = []
    blind: list[tuple[bool, int]] = []
    dead: list[int] = []
    for sighting_id, line_id, row, cell, sheet, edited_by in seen:
        why = ""
        if line_id in elsewhere:
            outcome, why = KEPT, f"also in import {elsewhere[line_id]}"
            blind.append((False, sighting_id))
        elif edited_by is not None:
            outcome, why = KEPT, "a person edited the line since"
        else:
            outcome = REVERSED
            blind.append((False, sighting_id))
            dead.append(line_id)
        items.append(UndoItem(outcome=outcome, what="line", why=why, sheet=sheet, row=row, cell=cell))
    deltas = Deltas()
    deltas.take(session, dead)
    sightings: Any = Sighting.__table__
    lines: Any = SpendLine.__table__
    update_rows(session, sightings, ("living",), blind)
    update_rows(session, lines, ("living",), ((False, line_id) for line_id in dead))
    session.expire_all()
    deltas.write(session)
    relate_after_undo(session, record, dead, load_settings(session, os.environ).pair_window_days)
    return items


def _undo_records(session: Session, record: Import, today: date) -> list[UndoItem]:
    return undo_journal(session, record)


def _undo_rates(session: Session, record: Import, today: date) -> list[UndoItem]:
    items = undo_journal(session, record)
    restate_base(session, load_settings(session, os.environ).base_currency)
    return items


#: How each kind is undone.
UNDO: dict[Kind, Undoer] = {
    **dict.fromkeys(Kind, _undo_records),
    Kind.SPEND: _undo_spend,
    Kind.USAGE: undo_usage,
    Kind.RATES: _undo_rates,
}
