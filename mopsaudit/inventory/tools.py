"""Tools: entering, editing, retiring; their dated facts. Merging two of them is in ``merges``."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.validity import holds, used_within
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.inventory.validity import hold_from
from mopsaudit.inventory.vendors import clean_name, clean_site
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import (
    Tool,
    ToolCapability,
    ToolName,
    ToolPerson,
    ToolState,
    ToolType,
    ToolUnit,
)
from mopsaudit.store.people import Person
from mopsaudit.words import Category, LicenceMetric, ToolStatus

#: A person's part in a tool.
OWNER, BUDGET_HOLDER = "business_owner", "budget_holder"

_EDITABLE = frozenset(
    {
        "name",
        "vendor_id",
        "category",
        "site",
        "description",
        "notes",
        "licence_metric",
        "activity_window_days",
        "daily_use",
        "catalogue_id",
    }
)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a tool belongs to the scope: used by one of its units, or by none and the scope is whole."""
    return true() if scope.whole else used_within(scope)


def get_tool(session: Session, scope: Scope, tool_id: int) -> Tool:
    """The tool, if it lies within the scope (one merged away is found too, so that old links lead on).

    Raises:
        NotFoundError: missing or of another unit: both answer alike.
    """
    tool = session.scalars(select(Tool).where(Tool.id == tool_id, in_scope(scope))).first()
    if tool is None:
        raise NotFoundError("There is no such tool.")
    return tool


def living_tool(session: Session, tool_id: int) -> Tool:
    """The tool, or the one it was merged into, to the end of the chain."""
    tool = session.get(Tool, tool_id)
    if tool is None:
        raise NotFoundError("There is no such tool.")
    while tool.merged_into_id is not None:
        tool = session.get_one(Tool, tool.merged_into_id)
    return tool


def find_tool(session: Session, name: str, vendor_id: int | None = None) -> Tool | None:
    """The one living tool of that name or other name, ignoring case; None when there is none or several."""
    key = " ".join(name.split()).lower()
    query = select(Tool.id).where(func.lower(Tool.name) == key, Tool.merged_into_id.is_(None))
    if vendor_id is not None:
        query = query.where(Tool.vendor_id == vendor_id)
    ids = set(session.scalars(query))
    if not ids:
        others = session.scalars(select(ToolName.tool_id).where(func.lower(ToolName.name) == key)).all()
        merged = session.scalars(
            select(Tool.id).where(func.lower(Tool.name) == key, Tool.merged_into_id.is_not(None))
        ).all()
        ids = {living_tool(session, tool_id).id for tool_id in (*others, *merged)}
        if vendor_id is not None:
            ids = {i for i in ids if session.get_one(Tool, i).vendor_id == vendor_id}
    return session.get_one(Tool, ids.pop()) if len(ids) == 1 else None


def _check_category(value: object) -> str:
    try:
        return Category(str(value)).value
    except ValueError:
        raise InvalidError("Choose one of the four categories.", "category") from None


def _check_metric(value: object) -> str | None:
    if value in (None, ""):
        return None
    try:
        return LicenceMetric(str(value)).value
    except ValueError:
        raise InvalidError("Choose a licence metric from the list.", "licence_metric") from None


def create_tool(
    session: Session,
    *,
    name: str,
    category: str,
    on: date,
    vendor_id: int | None = None,
    status: str = ToolStatus.ACTIVE,
    types: Iterable[str] = (),
    capabilities: Iterable[str] = (),
    unit_ids: Iterable[int] = (),
    owner_id: int | None = None,
    budget_holder_id: int | None = None,
    site: str | None = None,
    description: str = "",
    licence_metric: str | None = None,
    catalogue_id: str | None = None,
) -> Tool:
    """Enter a tool. Its first facts hold without a lower bound: it was so before anybody wrote it down.

    Raises:
        InvalidError: a name in use by a living tool of the same vendor, an unknown category, type or capability.
    """
    text = clean_name(name, "tool")
    if find_tool(session, text, vendor_id) is not None:
        raise InvalidError(f"There is a tool called {text} already.", "name")
    tool = Tool(
        name=text,
        category=_check_category(category),
        vendor_id=vendor_id,
        status=ToolStatus(status).value,
        site=clean_site(site),
        description=description,
        licence_metric=_check_metric(licence_metric),
        catalogue_id=catalogue_id,
    )
    session.add(tool)
    session.flush()
    session.add(ToolState(tool_id=tool.id, status=tool.status))
    set_types(session, tool.id, types)
    set_capabilities(session, tool.id, dict.fromkeys(capabilities), on=on, first=True)
    set_units(session, tool.id, unit_ids, on=on, first=True)
    if owner_id is not None:
        set_person(session, tool.id, OWNER, owner_id, on=on, first=True)
    if budget_holder_id is not None:
        set_person(session, tool.id, BUDGET_HOLDER, budget_holder_id, on=on, first=True)
    return tool


def edit_tool(session: Session, tool_id: int, version: int, changes: Mapping[str, Any]) -> Tool:
    """Change a tool's own columns; renaming keeps the old name, so files that use it still find the tool.

    Raises:
        ConflictError: stale version.
        InvalidError: an unknown column, category or metric; a name in use.
    """
    tool = fetch(session, Tool, tool_id, "tool")
    wanted = dict(changes)
    if set(wanted) - _EDITABLE:
        raise InvalidError("That cannot be changed here.")
    if "name" in wanted:
        wanted["name"] = clean_name(str(wanted["name"]), "tool")
        other = find_tool(session, wanted["name"], wanted.get("vendor_id", tool.vendor_id))
        if other is not None and other.id != tool.id:
            raise InvalidError(f"There is a tool called {other.name} already.", "name")
    if "category" in wanted:
        wanted["category"] = _check_category(wanted["category"])
    if "licence_metric" in wanted:
        wanted["licence_metric"] = _check_metric(wanted["licence_metric"])
    if "site" in wanted:
        wanted["site"] = clean_site(wanted["site"])
    old_name = tool.name
    if "name" in apply_edit(tool, version, wanted, "tool"):
        add_tool_name(session, tool.id, old_name)
    session.flush()
    return tool


def add_tool_name(session: Session, tool_id: int, name: str) -> None:
    """Give a tool one more name; the same again does nothing."""
    known = session.scalars(
        select(ToolName.id).where(ToolName.tool_id == tool_id, ToolName.name == name)
    ).first()
    if known is None:
        session.add(ToolName(tool_id=tool_id, name=name))
        session.flush()


def set_types(session: Session, tool_id: int, types: Iterable[str]) -> None:
    """Replace a tool's technology types (ids of the taxonomy), those of tools merged into it with them.

    Raises:
        InvalidError: for an id the taxonomy does not know.
    """
    wanted = dict.fromkeys(types)
    known = {technology_type.id for technology_type in taxonomy().types}
    for type_id in wanted:
        if type_id not in known:
            raise InvalidError(f"“{type_id}” is not a technology type; choose one from the list.", "types")
    family = heads(session).family((tool_id,))
    known_rows = session.scalars(
        select(ToolType).where(ToolType.tool_id.in_(family)).order_by(ToolType.id)
    ).all()
    for row in known_rows:
        if row.type_id not in wanted:
            session.delete(row)
    there = {row.type_id for row in known_rows}
    for type_id in wanted:
        if type_id not in there:
            session.add(ToolType(tool_id=tool_id, type_id=type_id))
    session.flush()


def set_capabilities(
    session: Session,
    tool_id: int,
    used: Mapping[str, int | None],
    *,
    on: date,
    grade: str | None = None,
    first: bool = False,
) -> None:
    """Make exactly these capabilities owned from ``on`` on; values say how far each is used (0, 1, 2 halves, None).

    What tools merged into it say otherwise ends then, too.

    Raises:
        InvalidError: an unknown capability id or a use outside 0–2.
    """
    known = {capability.id for capability in taxonomy().capabilities}
    for capability_id, halves in used.items():
        if capability_id not in known:
            raise InvalidError(
                f"“{capability_id}” is not a capability; choose one from the list.", "capabilities"
            )
        if halves is not None and halves not in (0, 1, 2):
            raise InvalidError("A capability is used not at all, half or fully.", "capabilities")
    wanted = [
        {
            "capability_id": capability_id,
            "used_halves": halves,
            "evidence_grade": grade if halves is not None else None,
            "evidence_on": on if halves is not None else None,
        }
        for capability_id, halves in used.items()
    ]
    keys = ("capability_id",) if first else ("capability_id", "used_halves")
    for merged_id in heads(session).family((tool_id,))[1:]:
        kept = _held(session, merged_id, on)
        same = [each for each in wanted if (each["capability_id"], each["used_halves"]) in kept]
        hold_from(session, ToolCapability, {"tool_id": merged_id}, same, keys=keys, on=on)
    hold_from(session, ToolCapability, {"tool_id": tool_id}, wanted, keys=keys, on=on, first=first)


def used_of(session: Session, tool_id: int, on: date) -> dict[str, int | None]:
    """How far each capability a tool owns on a day is used (halves, None): the most where a merged one differs."""
    found: dict[str, int | None] = {}
    for each in heads(session).family((tool_id,)):
        for capability_id, halves in _held(session, each, on):
            known = found.get(capability_id)
            found[capability_id] = halves if known is None else max(known, halves or 0)
    return found


def _held(session: Session, tool_id: int, on: date) -> set[tuple[str, int | None]]:
    """Capabilities of a tool on a day with their use."""
    rows = session.execute(
        select(ToolCapability.capability_id, ToolCapability.used_halves).where(
            ToolCapability.tool_id == tool_id, holds(ToolCapability, on)
        )
    )
    return {(capability_id, halves) for capability_id, halves in rows}


def set_units(
    session: Session, tool_id: int, unit_ids: Iterable[int], *, on: date, first: bool = False
) -> None:
    """Make exactly these units users of the tool, and of those merged into it, from ``on`` on."""
    wanted = [{"unit_id": unit_id} for unit_id in unit_ids]
    for merged_id in heads(session).family((tool_id,))[1:]:
        held = set(
            session.scalars(
                select(ToolUnit.unit_id).where(ToolUnit.tool_id == merged_id, holds(ToolUnit, on))
            )
        )
        same = [each for each in wanted if each["unit_id"] in held]
        hold_from(session, ToolUnit, {"tool_id": merged_id}, same, keys=("unit_id",), on=on)
    hold_from(session, ToolUnit, {"tool_id": tool_id}, wanted, keys=("unit_id",), on=on, first=first)


def set_person(
    session: Session, tool_id: int, part: str, person_id: int | None, *, on: date, first: bool = False
) -> None:
    """Make a person the tool's owner or budget holder from ``on`` on (None: nobody).

    Raises:
        InvalidError: for a person who left before then: a leaver cannot own.
    """
    if person_id is not None:
        person = session.get(Person, person_id)
        if person is None or (person.left_on is not None and person.left_on <= on):
            raise InvalidError("Choose somebody who is still with the company.", part)
    wanted = [] if person_id is None else [{"person_id": person_id}]
    if person_id is None:  # nobody, not even whom a tool merged into it names
        for merged_id in heads(session).family((tool_id,))[1:]:
            hold_from(
                session, ToolPerson, {"tool_id": merged_id, "part": part}, [], keys=("person_id",), on=on
            )
    subject = {"tool_id": tool_id, "part": part}
    hold_from(session, ToolPerson, subject, wanted, keys=("person_id",), on=on, first=first)


def set_status(session: Session, tool_id: int, version: int, status: str, *, on: date, today: date) -> Tool:
    """Give a tool a lifecycle status from ``on`` on; a future one is planned and changes nothing today.

    Tools are retired, never deleted.

    Raises:
        ConflictError: stale version.
    """
    tool = fetch(session, Tool, tool_id, "tool")
    value = ToolStatus(status).value
    hold_from(session, ToolState, {"tool_id": tool_id}, [{"status": value}], keys=("status",), on=on)
    if on <= today:
        apply_edit(tool, version, {"status": value}, "tool")
    session.flush()
    return tool


def people_of(session: Session, tool_ids: Iterable[int], on: date) -> dict[int, dict[str, Person]]:
    """Owner and budget holder by tool and part on a day; where a tool has none, that of one merged into it."""
    merged = heads(session)
    asked = set(tool_ids)
    result: dict[int, dict[str, Person]] = {}
    inherited: dict[int, dict[str, Person]] = {}
    rows = session.execute(
        select(ToolPerson.tool_id, ToolPerson.part, Person)
        .join(Person, Person.id == ToolPerson.person_id)
        .where(holds(ToolPerson, on))
        .order_by(ToolPerson.tool_id, ToolPerson.id)
    )
    for tool_id, part, person in rows:
        if tool_id in asked:
            result.setdefault(tool_id, {})[part] = person
        elif merged.tool(tool_id) in asked:
            inherited.setdefault(merged.tool(tool_id), {}).setdefault(part, person)
    for tool_id, parts in inherited.items():
        result[tool_id] = parts | result.get(tool_id, {})
    return result
