"""What an import of records wrote, row by row, so that undo can take back exactly that and nothing a person did since.

Every record made or changed through the session while a journal is open is noted with the row that caused it, its new
values and, where it stood before, the old ones. Values a person's erasure must reach are never noted, only that they
changed: undo says that it could not bring them back.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mopsaudit.intake.undo_item import COULD_NOT, KEPT, REVERSED, UndoItem
from mopsaudit.store.base import Base
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import Import, ImportProblem, ImportSheet, ImportTotal, Supplier

#: Records that belong to the import itself.
_OWN = (Import, ImportSheet, ImportTotal, ImportProblem, Supplier)
#: Columns that change with every edit and mean nothing by themselves.
_QUIET = frozenset({"id", "version"})


@dataclass(slots=True)
class Journal:
    """Entries by sheet position: dictionaries of JSON values, in the order written."""

    entries: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    sheet: int = 0
    row: int | None = None
    cell: str | None = None
    touched: int = 0

    def at(self, session: Session, sheet: int, row: int | None, cell: str | None) -> None:
        """From now on what is written belongs to this row; what came before is flushed to the row before."""
        session.flush()
        self.sheet, self.row, self.cell = sheet, row, cell
        self.touched = 0


@contextmanager
def journal(session: Session) -> Iterator[Journal]:
    """Note every record written through the session until the block ends."""
    kept = Journal()

    def flushed(of: Session, _context: Any) -> None:
        for record in of.new:
            _note(kept, record, made=True)
        for record in of.dirty:
            if of.is_modified(record):
                _note(kept, record, made=False)
        for record in of.deleted:
            _note_gone(kept, record)

    event.listen(session, "after_flush", flushed)
    try:
        yield kept
        session.flush()
    finally:
        event.remove(session, "after_flush", flushed)


def _note(kept: Journal, record: Any, *, made: bool) -> None:
    if isinstance(record, _OWN):
        return
    state = inspect(record)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    hidden: list[str] = []
    for column in state.mapper.columns:
        name = column.key
        if name in _QUIET:
            continue
        history = state.attrs[name].history
        if name in record.personal:
            if not made and history.has_changes():
                hidden.append(name)
            continue
        if made:
            after[name] = plain(getattr(record, name))
        elif history.has_changes():
            before[name] = plain(history.deleted[0]) if history.deleted else None
            after[name] = plain(history.added[0]) if history.added else None
    if not made and not after and not hidden:
        return
    kept.touched += 1
    entry = {"t": record.__tablename__, "id": record.id, "row": kept.row, "cell": kept.cell, "after": after}
    if not made:
        entry["before"] = before
    if hidden:
        entry["hidden"] = hidden
    kept.entries[kept.sheet].append(entry)


def _note_gone(kept: Journal, record: Any) -> None:
    """A record the row removed (a fact it replaced), with everything needed to put it back."""
    if isinstance(record, _OWN) or record.personal:
        return
    columns = inspect(record).mapper.columns
    gone = {column.key: plain(getattr(record, column.key)) for column in columns if column.key != "id"}
    kept.touched += 1
    kept.entries[kept.sheet].append(
        {"t": record.__tablename__, "id": record.id, "row": kept.row, "cell": kept.cell, "gone": gone}
    )


def plain(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    match value:
        case Enum():
            return value.value
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return value.hex()
        case _:
            return value


def keep_journal(sheets: Sequence[ImportSheet], kept: Journal) -> None:
    """Store the journal with the sheets of the import."""
    for sheet in sheets:
        entries = kept.entries.get(sheet.position)
        if entries:
            sheet.detail = {**sheet.detail, "journal": entries}


def undo_journal(session: Session, record: Import) -> list[UndoItem]:
    """Take back what the import's rows wrote, latest first: what is as they left it goes, or returns to what it was.

    A record edited since, or that something else leans on, stays and is named.
    """
    items: list[UndoItem] = []
    sheets = session.scalars(
        select(ImportSheet).where(ImportSheet.import_id == record.id).order_by(ImportSheet.position)
    ).all()
    for sheet in sheets:
        outcomes: dict[tuple[int | None, str | None], tuple[str, str, str]] = {}
        for entry in reversed(sheet.detail.get("journal", ())):
            outcome, why = _take_back(session, entry)
            key = (entry["row"], entry["cell"])
            what = entry["t"].replace("_", " ")
            if _worse(outcome, outcomes.get(key, (REVERSED, "", ""))[0]) or key not in outcomes:
                outcomes[key] = (outcome, why, what)
        for (row, cell), (outcome, why, what) in sorted(outcomes.items(), key=lambda item: item[0][0] or 0):
            items.append(UndoItem(outcome=outcome, what=what, why=why, sheet=sheet.name, row=row, cell=cell))
    return items


def made_tools(session: Session, record: Import) -> list[int]:
    """The tools the import's rows made, as far as they still are."""
    made = [
        entry["id"]
        for sheet in session.scalars(
            select(ImportSheet).where(ImportSheet.import_id == record.id).order_by(ImportSheet.position)
        )
        for entry in sheet.detail.get("journal", ())
        if entry["t"] == Tool.__tablename__ and "before" not in entry
    ]
    return sorted(session.scalars(select(Tool.id).where(Tool.id.in_(made))))


_RANK = (REVERSED, KEPT, COULD_NOT)


def _worse(one: str, other: str) -> bool:
    return _RANK.index(one) > _RANK.index(other)


def _models() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _take_back(session: Session, entry: Mapping[str, Any]) -> tuple[str, str]:
    model = _models()[entry["t"]]
    found = session.get(model, entry["id"])
    if "gone" in entry:
        return _put_back(session, model, entry, found)
    if found is None:
        return REVERSED, ""
    changed = [name for name, value in entry["after"].items() if plain(getattr(found, name)) != value]
    if "before" not in entry:
        if changed:
            return KEPT, "somebody changed it since"
        try:
            with session.begin_nested():
                session.delete(found)
                session.flush()
        except IntegrityError:
            session.expire(found)
            return COULD_NOT, "something else refers to it by now"
        return REVERSED, ""
    back = {name: value for name, value in entry["before"].items() if name not in changed}
    for name, value in back.items():
        setattr(found, name, _typed(model, name, value))
    session.flush()
    if entry.get("hidden"):
        what = " and ".join(name.replace("_", " ") for name in entry["hidden"])
        return COULD_NOT, f"earlier values of {what} are not kept, so that erasing a person reaches them"
    return (KEPT, "somebody changed it since") if changed else (REVERSED, "")


def _put_back(session: Session, model: Any, entry: Mapping[str, Any], found: Any) -> tuple[str, str]:
    """Insert a removed record again under its own id; one that cannot stand any more is named."""
    if found is not None:
        return REVERSED, ""
    values = {name: _typed(model, name, value) for name, value in entry["gone"].items()}
    try:
        with session.begin_nested():
            session.add(model(id=entry["id"], **values))
            session.flush()
    except IntegrityError:
        return COULD_NOT, "what it belonged to is gone, or another took its place"
    return REVERSED, ""


def _typed(model: Any, name: str, value: Any) -> Any:
    """A JSON value as its column holds it."""
    kind = inspect(model).columns[name].type.python_type
    if isinstance(value, str) and kind is dt.date:
        return dt.date.fromisoformat(value)
    if isinstance(value, str) and kind is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if isinstance(value, str) and kind is bytes:
        return bytes.fromhex(value)
    return value
