"""One change of many tools at once: what it would do to each, doing it in one transaction, and taking it back.

A preview holds a mark of what each tool was when it was looked at. Applying works the preview out again and does
nothing at all where a mark differs: two people who change the same tools see that instead of overwriting each other.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory import tools
from mopsaudit.inventory.lifecycle import StatusChange, status_changes
from mopsaudit.inventory.listing import ToolRow, list_tools
from mopsaudit.inventory.people import person_names, unit_names
from mopsaudit.scope import Scope
from mopsaudit.store import trail
from mopsaudit.store.models import Person, Tool, TrailEntry
from mopsaudit.words import Category, ToolStatus

#: The trail's word for one tool's part of a bulk change, and of taking it back.
DONE: Final = "bulk_edit"
UNDONE: Final = "bulk_undo"
_FAR: Final = date(2199, 12, 31)


class Field(StrEnum):
    """What can be changed of many tools at once."""

    OWNER = "owner"
    BUDGET_HOLDER = "budget_holder"
    UNITS = "units"
    ADD_UNITS = "add_units"
    CATEGORY = "category"
    TYPES = "types"
    STATUS = "status"


#: Facts that change from a day on; the others have no date.
DATED: Final = frozenset({Field.OWNER, Field.BUDGET_HOLDER, Field.UNITS, Field.ADD_UNITS, Field.STATUS})
_PARTS: Final = {Field.OWNER: tools.OWNER, Field.BUDGET_HOLDER: tools.BUDGET_HOLDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What every tool shall be: a person's id or None, ids of units or types, a category, a status; from ``on`` on."""

    field: Field
    value: Any
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the change does to one tool: before and after in words; ``refused`` says why nothing is done to it.

    ``same``: it is so already. ``note`` is what else to know. ``mark`` tells whether the tool was changed since.
    """

    tool_id: int
    name: str
    before: str
    after: str
    same: bool
    refused: str
    note: str
    mark: str


def preview(
    session: Session, scope: Scope, tool_ids: Sequence[int], change: Change, *, reach: Collection[int]
) -> tuple[Outcome, ...]:
    """What the change would do to each tool, by name; nothing is written. ``reach`` are the units the person may edit.

    Raises:
        InvalidError: for a value that cannot be set on any tool: a leaver, an unknown unit, type or category.
        NotFoundError: for a tool outside the scope, merged away or missing: all answer alike.
    """
    rows = _rows(session, scope, tool_ids, change.on)
    _check(session, change, reach)
    words = _Words(session, rows, change)
    planned: dict[int, StatusChange] = {}
    if change.field is Field.STATUS:
        for each in status_changes(session, scope, change.on, _FAR):
            planned.setdefault(each.tool_id, each)
    found = []
    for row, version in rows:
        before, after = value_of(row, change.field), _after(row, change)
        refused = _refused(row, change, reach)
        note = ""
        if (later := planned.get(row.id)) is not None:
            note = f"Its planned change to {later.after} on {later.day} goes."
        elif change.field is Field.CATEGORY and _foreign_types(row, str(change.value)):
            note = "Its technology types belong to another category; give it new ones."
        found.append(
            Outcome(
                tool_id=row.id,
                name=row.name,
                before=words.of(before),
                after=words.of(after),
                same=before == after and not note.startswith("Its planned"),
                refused=refused,
                note=note,
                mark=_mark(row.id, version, change.field, before),
            )
        )
    return tuple(found)


def apply(
    session: Session,
    scope: Scope,
    change: Change,
    seen: Mapping[int, str],
    *,
    reach: Collection[int],
    today: date,
) -> tuple[tuple[Outcome, ...], tuple[int, ...]]:
    """Make the change on every tool of ``seen`` (id → mark of the preview) that is neither so already nor refused.

    Returns the outcomes as they stand now and the ids of tools changed since the preview; where there are any, nothing
    is done. Each changed tool gets one trail entry of its own beside those of its facts.

    Raises:
        InvalidError, NotFoundError: as :func:`preview`.
    """
    outcomes = preview(session, scope, sorted(seen), change, reach=reach)
    stale = tuple(each.tool_id for each in outcomes if each.mark != seen[each.tool_id])
    if stale:
        return outcomes, stale
    rows = {row.id: row for row, _ in _rows(session, scope, sorted(seen), change.on)}
    for each in outcomes:
        if each.same or each.refused:
            continue
        row = rows[each.tool_id]
        after = _after(row, change)
        _set(session, row.id, change.field, after, on=change.on, today=today)
        _note(session, DONE, row.id, change.field, value_of(row, change.field), after, change.on)
    return outcomes, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A bulk change as the trail holds it: ``parts`` are (tool id, before, after); ``undone``: it was taken back."""

    first_id: int
    actor: str
    at: Any
    reason: str | None
    field: Field
    on: date
    parts: tuple[tuple[int, Any, Any], ...]


def find_done(session: Session, entry_id: int) -> Done:
    """The bulk change whose first trail entry has this id.

    Raises:
        NotFoundError: when there is none.
    """
    first = session.get(TrailEntry, entry_id)
    if first is None or first.action != DONE:
        raise NotFoundError("There is no such change.")
    entries = session.scalars(
        select(TrailEntry)
        .where(
            TrailEntry.action == DONE,
            TrailEntry.at == first.at,
            TrailEntry.actor == first.actor,
            TrailEntry.id >= first.id,
        )
        .order_by(TrailEntry.id)
    ).all()
    field = Field(first.after["field"])  # type: ignore[index]  # written by _note
    return Done(
        first_id=first.id,
        actor=first.actor,
        at=first.at,
        reason=first.reason,
        field=field,
        on=date.fromisoformat(first.after["on"]),  # type: ignore[index]
        parts=tuple(
            (e.record_id or 0, (e.before or {}).get("value"), (e.after or {}).get("value")) for e in entries
        ),
    )


def latest_of(session: Session, actor: str) -> int | None:
    """The first trail entry of the bulk change somebody made last."""
    last = session.scalar(
        select(func.max(TrailEntry.at)).where(TrailEntry.action == DONE, TrailEntry.actor == actor)
    )
    return session.scalar(
        select(func.min(TrailEntry.id)).where(
            TrailEntry.action == DONE, TrailEntry.actor == actor, TrailEntry.at == last
        )
    )


def undo_preview(session: Session, scope: Scope, done: Done) -> tuple[Outcome, ...]:
    """What taking a bulk change back would do: a tool changed since keeps what it is.

    Raises:
        NotFoundError: when a tool of it lies outside the scope.
    """
    rows = _rows(session, scope, [tool_id for tool_id, _, _ in done.parts], done.on)
    words = _Words(session, rows, Change(field=done.field, value=None, on=done.on), done.parts)
    by_id = {row.id: (row, version) for row, version in rows}
    found = []
    for tool_id, before, after in done.parts:
        row, version = by_id[tool_id]
        now = value_of(row, done.field)
        kept = now not in (_tupled(after), _tupled(before))
        found.append(
            Outcome(
                tool_id=tool_id,
                name=row.name,
                before=words.of(now),
                after=words.of(now if kept else _tupled(before)),
                same=now == _tupled(before),
                refused="Changed again since; it stays as it is." if kept else "",
                note="",
                mark=_mark(row.id, version, done.field, now),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.tool_id)))


def undo(session: Session, scope: Scope, done: Done, *, today: date) -> int:
    """Take a bulk change back where nobody changed the tool since; how many tools were set back."""
    outcomes = {each.tool_id: each for each in undo_preview(session, scope, done)}
    number = 0
    for tool_id, before, after in done.parts:
        if outcomes[tool_id].same or outcomes[tool_id].refused:
            continue
        _set(session, tool_id, done.field, _tupled(before), on=done.on, today=today)
        _note(session, UNDONE, tool_id, done.field, _tupled(after), _tupled(before), done.on)
        number += 1
    return number


def value_of(row: ToolRow, field: Field) -> Any:
    """What a tool is now, as values are compared: ids in order, a code, or None."""
    match field:
        case Field.OWNER:
            return row.owner[0] if row.owner else None
        case Field.BUDGET_HOLDER:
            return row.budget_holder[0] if row.budget_holder else None
        case Field.UNITS | Field.ADD_UNITS:
            return tuple(sorted(unit_id for unit_id, _ in row.units))
        case Field.CATEGORY:
            return row.category
        case Field.TYPES:
            return tuple(sorted(row.types))
        case Field.STATUS:
            return row.status


def _after(row: ToolRow, change: Change) -> Any:
    match change.field:
        case Field.UNITS:
            return tuple(sorted(change.value))
        case Field.ADD_UNITS:
            return tuple(sorted({*change.value, *(unit_id for unit_id, _ in row.units)}))
        case Field.TYPES:
            return tuple(sorted(change.value))
        case _:
            return change.value


def _rows(session: Session, scope: Scope, tool_ids: Sequence[int], on: date) -> list[tuple[ToolRow, int]]:
    """The tools with their versions as they stand on the day, by name."""
    wanted = set(tool_ids)
    present = {row.id: row for row in list_tools(session, scope) if row.id in wanted}
    if wanted - set(present):
        raise NotFoundError("There is no such tool.")
    then = {row.id: row for row in list_tools(session, replace(scope, as_of=on)) if row.id in wanted}
    versions = dict(session.execute(select(Tool.id, Tool.version)).all())
    rows = [then.get(tool_id, present[tool_id]) for tool_id in present]
    return [(row, versions[row.id]) for row in sorted(rows, key=lambda each: (each.name.casefold(), each.id))]


def _check(session: Session, change: Change, reach: Collection[int]) -> None:
    match change.field:
        case Field.OWNER | Field.BUDGET_HOLDER:
            if change.value is not None:
                person = session.get(Person, change.value)
                if person is None or (person.left_on is not None and person.left_on <= change.on):
                    raise InvalidError("Choose somebody who is still with the company on that day.", "value")
        case Field.UNITS | Field.ADD_UNITS:
            if not change.value or set(change.value) - set(reach):
                raise InvalidError("Choose one or more of your business units.", "value")
        case Field.CATEGORY:
            if change.value not in {each.value for each in Category}:
                raise InvalidError("Choose one of the four categories.", "value")
        case Field.TYPES:
            if not change.value or set(change.value) - {each.id for each in taxonomy().types}:
                raise InvalidError("Choose one or more technology types.", "value")
        case Field.STATUS:
            if change.value not in {each.value for each in ToolStatus}:
                raise InvalidError("Choose a status.", "value")


def _refused(row: ToolRow, change: Change, reach: Collection[int]) -> str:
    if change.field is Field.UNITS and {unit_id for unit_id, _ in row.units} - set(reach):
        return "Units you may not edit use it too; add units to it instead."
    if change.field is Field.TYPES and not _types_of(row.category) & set(change.value):
        return "None of these types belongs to its category."
    return ""


def _types_of(category: str) -> set[str]:
    return {each.id for each in taxonomy().types if each.category.value == category}


def _foreign_types(row: ToolRow, category: str) -> bool:
    return bool(row.types) and not _types_of(category) & set(row.types)


def _set(session: Session, tool_id: int, field: Field, value: Any, *, on: date, today: date) -> None:
    match field:
        case Field.OWNER | Field.BUDGET_HOLDER:
            tools.set_person(session, tool_id, _PARTS[field], value, on=on)
        case Field.UNITS | Field.ADD_UNITS:
            tools.set_units(session, tool_id, value, on=on)
        case Field.TYPES:
            tools.set_types(session, tool_id, value)
        case Field.CATEGORY:
            version = session.get_one(Tool, tool_id).version
            tools.edit_tool(session, tool_id, version, {"category": value})
        case Field.STATUS:
            version = session.get_one(Tool, tool_id).version
            tools.set_status(session, tool_id, version, value, on=on, today=today)


def _note(
    session: Session, action: str, tool_id: int, field: Field, before: Any, after: Any, on: date
) -> None:
    """One entry of the tool's own: ids and codes, never names."""
    trail.note(
        session,
        action=action,
        subject="tool",
        record_id=tool_id,
        before={"value": list(before) if isinstance(before, tuple) else before},
        after={
            "value": list(after) if isinstance(after, tuple) else after,
            "field": field.value,
            "on": on.isoformat(),
        },
    )


def _mark(tool_id: int, version: int, field: Field, value: Any) -> str:
    text = f"{tool_id}|{version}|{field.value}|{value!r}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class _Words:
    """Values in words: names of people, units, types and categories."""

    def __init__(
        self,
        session: Session,
        rows: Iterable[tuple[ToolRow, int]],
        change: Change,
        parts: Iterable[tuple[int, Any, Any]] = (),
    ) -> None:
        self._field = change.field
        self._names: Mapping[Any, str] = {}
        values = [value_of(row, change.field) for row, _ in rows]
        values += [change.value, *(each for _, before, after in parts for each in (before, after))]
        flat = {
            each
            for value in values
            for each in (value if isinstance(value, list | tuple | set | frozenset) else [value])
            if each is not None
        }
        match change.field:
            case Field.OWNER | Field.BUDGET_HOLDER:
                self._names = person_names(session, flat)
            case Field.UNITS | Field.ADD_UNITS:
                self._names = {key: label.strip("\u00a0 ") for key, label in unit_names(session, flat)}
            case Field.CATEGORY:
                self._names = {each.id.value: each.name for each in taxonomy().categories}
            case Field.TYPES:
                self._names = {each.id: each.name for each in taxonomy().types}
            case Field.STATUS:
                self._names = {}

    def of(self, value: Any) -> str:
        """The value as people read it; ``nobody`` or ``none`` for nothing."""
        if value is None:
            return "nobody"
        if isinstance(value, tuple):
            return ", ".join(sorted(self._names.get(each, str(each)) for each in value)) or "none"
        return self._names.get(value, str(value))
