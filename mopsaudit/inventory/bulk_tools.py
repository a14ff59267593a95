"""What can be changed of many tools at once: people, units, category, types, status."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory import tools
from mopsaudit.inventory.bulk import Change, Kind, Standing
from mopsaudit.inventory.lifecycle import StatusChange, status_changes
from mopsaudit.inventory.listing import ToolRow, list_tools
from mopsaudit.inventory.people import check_present, person_names, unit_names
from mopsaudit.scope import Scope
from mopsaudit.store.models import Tool
from mopsaudit.words import Category, ToolStatus

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


_PARTS: Final[Mapping[StrEnum, str]] = {Field.OWNER: tools.OWNER, Field.BUDGET_HOLDER: tools.BUDGET_HOLDER}


class ToolKind(Kind):
    """Tools: their dated facts change from a day on, category and types at once."""

    subject = "tool"
    fields = Field
    dated: ClassVar[frozenset[StrEnum]] = frozenset(
        {Field.OWNER, Field.BUDGET_HOLDER, Field.UNITS, Field.ADD_UNITS, Field.STATUS}
    )

    def standing(
        self, session: Session, scope: Scope, ids: Collection[int], field: StrEnum, on: date
    ) -> list[Standing]:
        """The tools with their versions as they stand on the day, by name."""
        wanted = set(ids)
        present = {row.id: row for row in list_tools(session, scope) if row.id in wanted}
        if wanted - set(present):
            raise NotFoundError("There is no such tool.")
        then = {row.id: row for row in list_tools(session, replace(scope, as_of=on)) if row.id in wanted}
        versions = dict(session.execute(select(Tool.id, Tool.version)).all())
        rows = [then.get(tool_id, present[tool_id]) for tool_id in present]
        return [
            Standing(
                id=row.id, name=row.name, version=versions[row.id], value=value_of(row, Field(field)), row=row
            )
            for row in sorted(rows, key=lambda each: (each.name.casefold(), each.id))
        ]

    def check(self, session: Session, change: Change, reach: Collection[int]) -> None:
        """A present person, units one may edit, types and codes that exist."""
        match change.field:
            case Field.OWNER | Field.BUDGET_HOLDER:
                check_present(session, change.value, change.on)
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

    def after(self, standing: Standing, change: Change) -> Any:
        """Several values in order; units added stand beside those there are."""
        match change.field:
            case Field.UNITS | Field.TYPES:
                return tuple(sorted(change.value))
            case Field.ADD_UNITS:
                return tuple(sorted({*change.value, *standing.value}))
            case _:
                return change.value

    def refused(self, session: Session, standing: Standing, change: Change, reach: Collection[int]) -> str:
        """Units of others are not taken from a tool; a type belongs to its category."""
        if change.field is Field.UNITS and set(standing.value) - set(reach):
            return "Units you may not edit use it too; add units to it instead."
        if change.field is Field.TYPES and not _types_of(standing.row.category) & set(change.value):
            return "None of these types belongs to its category."
        return ""

    def notes(
        self, session: Session, scope: Scope, standings: Sequence[Standing], change: Change
    ) -> Mapping[int, tuple[str, bool]]:
        """A planned status that goes; types that no longer fit."""
        planned: dict[int, StatusChange] = {}
        if change.field is Field.STATUS:
            for each in status_changes(session, scope, change.on, _FAR):
                planned.setdefault(each.tool_id, each)
        found: dict[int, tuple[str, bool]] = {}
        for standing in standings:
            if (later := planned.get(standing.id)) is not None:
                found[standing.id] = (f"Its planned change to {later.after} on {later.day} goes.", True)
            elif change.field is Field.CATEGORY and _foreign_types(standing.row, str(change.value)):
                found[standing.id] = (
                    "Its technology types belong to another category; give it new ones.",
                    False,
                )
        return found

    def words(self, session: Session, field: StrEnum, values: Iterable[Any]) -> Callable[[Any], str]:
        """Names of people, units, types and categories; ``nobody`` or ``none`` for nothing."""
        flat = {one for each in values for one in (each if isinstance(each, tuple) else (each,))} - {None}
        known: Mapping[Any, str] = {}
        match field:
            case Field.OWNER | Field.BUDGET_HOLDER:
                known = person_names(session, flat)
            case Field.UNITS | Field.ADD_UNITS:
                known = {key: label.strip("\u00a0 ") for key, label in unit_names(session, flat)}
            case Field.CATEGORY:
                known = {each.id.value: each.name for each in taxonomy().categories}
            case Field.TYPES:
                known = {each.id: each.name for each in taxonomy().types}

        def said(value: Any) -> str:
            if value is None:
                return "nobody"
            if isinstance(value, tuple):
                return ", ".join(sorted(known.get(each, str(each)) for each in value)) or "none"
            return known.get(value, str(value))

        return said

    def change(
        self, session: Session, record_id: int, field: StrEnum, value: Any, *, on: date, today: date
    ) -> None:
        """Set the fact by the same commands as a tool's own page."""
        match field:
            case Field.OWNER | Field.BUDGET_HOLDER:
                tools.set_person(session, record_id, _PARTS[field], value, on=on)
            case Field.UNITS | Field.ADD_UNITS:
                tools.set_units(session, record_id, value, on=on)
            case Field.TYPES:
                tools.set_types(session, record_id, value)
            case Field.CATEGORY:
                version = session.get_one(Tool, record_id).version
                tools.edit_tool(session, record_id, version, {"category": value})
            case Field.STATUS:
                version = session.get_one(Tool, record_id).version
                tools.set_status(session, record_id, version, value, on=on, today=today)


#: Changes of many tools.
TOOLS: Final = ToolKind()


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


def _types_of(category: str) -> set[str]:
    return {each.id for each in taxonomy().types if each.category.value == category}


def _foreign_types(row: ToolRow, category: str) -> bool:
    return bool(row.types) and not _types_of(category) & set(row.types)
