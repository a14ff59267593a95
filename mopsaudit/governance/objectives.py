"""Objectives: what the money is for. They cascade; a cycle is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.store.models import Objective

_COLUMNS: Final = frozenset({"title", "parent_id", "owner_id", "unit_id", "detail"})


def named(text: str, what: str, field: str = "title") -> str:
    """A name without surrounding space.

    Raises:
        InvalidError: empty, or longer than 200 characters.
    """
    clean = " ".join(text.split())
    if not clean or len(clean) > 200:
        raise InvalidError(f"Give the {what} a name of 1 to 200 characters.", field)
    return clean


def _check(session: Session, values: Mapping[str, Any], own_id: int | None) -> dict[str, Any]:
    unknown = set(values) - _COLUMNS
    if unknown:
        raise InvalidError("That cannot be changed here.")
    checked = dict(values)
    if "title" in checked:
        checked["title"] = named(str(checked["title"]), "objective")
    above = checked.get("parent_id")
    seen = {own_id}
    while above is not None:
        if above in seen:
            raise InvalidError("An objective cannot stand below itself.", "parent_id")
        seen.add(above)
        parent = session.get(Objective, above)
        if parent is None:
            raise InvalidError("Choose an objective from the list.", "parent_id")
        above = parent.parent_id
    return checked


def write_objective(session: Session, *, title: str, **values: Any) -> Objective:
    """A new objective; ``values``: parent_id, owner_id, unit_id, detail.

    Raises:
        InvalidError: no title, an unknown parent.
    """
    objective = Objective(**_check(session, {"title": title, **values}, None))
    session.add(objective)
    session.flush()
    return objective


def edit_objective(
    session: Session, objective_id: int, version: int, changes: Mapping[str, Any]
) -> Objective:
    """Change an objective.

    Raises:
        ConflictError: stale version.
        InvalidError: it would stand below itself.
    """
    objective = fetch(session, Objective, objective_id, "objective")
    apply_edit(objective, version, _check(session, changes, objective.id), "objective")
    session.flush()
    return objective


def retire_objective(session: Session, objective_id: int, version: int, *, on: date) -> Objective:
    """Take an objective out of use; cases keep it."""
    objective = fetch(session, Objective, objective_id, "objective")
    apply_edit(objective, version, {"retired_on": on}, "objective")
    session.flush()
    return objective


def list_objectives(session: Session, *, as_of: date) -> tuple[Objective, ...]:
    """Objectives in use on a day, by title."""
    rows = session.scalars(select(Objective).order_by(Objective.title, Objective.id))
    return tuple(row for row in rows if row.retired_on is None or row.retired_on > as_of)
