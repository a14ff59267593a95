"""What an edited list changes, cell by cell: what stood, what stands after, and the row that says so.

Worked out from the records themselves, as the export would write them before and after, so it holds for what was
really written and names nothing that was not. People are kept by id and named when they are shown, so that erasing a
person reaches them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.inventory.exported import Cell, Cells, Holder, says, written
from mopsaudit.store.ledger import ImportSheet
from mopsaudit.store.people import Person

if TYPE_CHECKING:
    from mopsaudit.intake.records import Desk


def tell(at: "Desk", before: Mapping[Any, Cells], after: Mapping[Any, Cells], name: str) -> None:
    """Keep what each sheet changed with the outcome; ``name`` is the field a record is called by."""
    entered = [
        entry["id"]
        for entries in at.journal.entries.values()
        for entry in entries
        if entry["t"] == "person" and "before" not in entry and "gone" not in entry
    ]
    for position, rows in sorted(at.touched.items()):
        names = {key: str((after.get(key) or before.get(key) or {}).get(name) or "") for key in rows}
        at.outcome.changes[position] = cell_changes(before, after, rows, names, new_people=entered)


def cell_changes(
    before: Mapping[Any, Cells],
    after: Mapping[Any, Cells],
    rows: Mapping[Any, tuple[int | None, Mapping[str, str]]],
    names: Mapping[Any, str],
    *,
    new_people: Iterable[int] = (),
) -> list[dict[str, Any]]:
    """One entry per changed cell: row, cell, record, ``does`` (create, change, clear), field, old, new.

    ``rows`` says which row wrote each record, ``names`` what to call it. A new record is told by its filled cells.
    """
    fresh = frozenset(new_people)
    found: list[dict[str, Any]] = []
    for key, (row, cells) in rows.items():
        then, now = before.get(key), after.get(key)
        if now is None:
            continue
        for name, value in now.items():
            old = None if then is None else then.get(name)
            if says(old) == says(value) and _who(old) == _who(value):
                continue
            if then is None and value in (None, ""):
                continue
            found.append(
                {
                    "row": row,
                    "cell": cells.get(name),
                    "record": names.get(key, ""),
                    "does": "create" if then is None else "clear" if value in (None, "") else "change",
                    "field": name,
                    "old": _kept(old, frozenset()),
                    "new": _kept(value, fresh),
                }
            )
    return found


def _who(cell: Cell) -> int | None:
    return cell.id if isinstance(cell, Holder) else None


def _kept(cell: Cell, fresh: frozenset[int]) -> Any:
    """A cell as JSON; a person as ``{"person": id}``, one that this file enters as ``{"person": None}``."""
    if isinstance(cell, Holder):
        return {"person": None if cell.id in fresh else cell.id}
    shown = written(cell)
    return shown if shown is None or isinstance(shown, int | str) else str(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that changes a record, as people read it. ``does`` is create, change or clear; ``field`` is its key."""

    sheet: str | None
    row: int | None
    cell: str | None
    record: str
    does: str
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """How many records are created and edited, and how many cells of these change and clear."""

    created: int
    edited: int
    changed_cells: int
    cleared_cells: int


def cell_changes_of(session: Session, import_id: int) -> tuple[CellChange, ...]:
    """What the cells of a staged import would change, or of one in the ledger did; by sheet, row and field."""
    sheets = session.scalars(
        select(ImportSheet).where(ImportSheet.import_id == import_id).order_by(ImportSheet.position)
    ).all()
    entries = [(sheet.name, each) for sheet in sheets for each in sheet.detail.get("changes", ())]
    ids = {
        value["person"]
        for _, each in entries
        for value in (each["old"], each["new"])
        if isinstance(value, dict) and value["person"] is not None
    }
    named = select(Person.id, Person.name).where(Person.id.in_(sorted(ids)))
    names: dict[int, str] = dict(session.execute(named).all())

    def shown(value: Any) -> str | None:
        if isinstance(value, dict):
            ident = value["person"]
            return (
                "a person entered by this file"
                if ident is None
                else names.get(ident, "a person erased since")
            )
        return None if value in (None, "") else str(value)

    return tuple(
        CellChange(
            sheet=name,
            row=each["row"],
            cell=each["cell"],
            record=each["record"],
            does=each["does"],
            field=each["field"],
            old=shown(each["old"]),
            new=shown(each["new"]),
        )
        for name, each in entries
    )


def counted(changes: Sequence[CellChange]) -> Changed:
    """The changes in four numbers."""
    created = {(each.sheet, each.row) for each in changes if each.does == "create"}
    edited = {(each.sheet, each.row) for each in changes if each.does != "create"}
    return Changed(
        created=len(created),
        edited=len(edited),
        changed_cells=sum(each.does == "change" for each in changes),
        cleared_cells=sum(each.does == "clear" for each in changes),
    )
