"""Objectives: what the money is for. They cascade; a cycle is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.wording import listed
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessCase, BusinessUnit, Objective, Person

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


def in_scope(session: Session, scope: Scope) -> Any:
    """The condition that an objective may be read: the company's, the scope's units' and those of the units above.

    Objectives cascade down, so a unit sees what it serves; :func:`may_change` says which of them are its own.
    """
    path = session.scalars(select(BusinessUnit.path).where(BusinessUnit.id == scope.unit_id)).one()
    units = session.execute(select(BusinessUnit.id, BusinessUnit.path).order_by(BusinessUnit.id)).all()
    above = [unit_id for unit_id, each in units if path.startswith(each)]
    return or_(Objective.unit_id.is_(None), Objective.unit_id.in_({*scope.unit_ids, *above}))


def may_change(scope: Scope, objective: Objective) -> bool:
    """Whether the objective is of the scope's units; without a unit it is the whole company's."""
    return scope.whole if objective.unit_id is None else objective.unit_id in scope.unit_ids


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
    if "parent_id" in changes:
        # Two moves at once could each be right and together make a circle: one waits for the other.
        session.execute(select(Objective.id).order_by(Objective.id).with_for_update()).all()
    objective = fetch(session, Objective, objective_id, "objective")
    apply_edit(objective, version, _check(session, changes, objective.id), "objective")
    session.flush()
    return objective


def retire_objective(session: Session, objective_id: int, version: int, *, on: date) -> Objective:
    """Take an objective out of use; cases keep it.

    Raises:
        ConflictError: stale version.
        InvalidError: objectives in use stand below it.
    """
    objective = fetch(session, Objective, objective_id, "objective")
    below = session.scalars(
        select(Objective.title)
        .where(Objective.parent_id == objective_id, Objective.retired_on.is_(None))
        .order_by(Objective.title)
    ).all()
    if below and objective.retired_on is None:
        raise InvalidError(f"Retire or move what stands below it first: {listed(below)}.")
    apply_edit(objective, version, {"retired_on": on}, "objective")
    session.flush()
    return objective


def restore_objective(session: Session, objective_id: int, version: int) -> Objective:
    """Put an objective that was taken out back in use.

    Raises:
        ConflictError: stale version.
        InvalidError: what it stands below is out of use itself.
    """
    objective = fetch(session, Objective, objective_id, "objective")
    above = session.get(Objective, objective.parent_id) if objective.parent_id is not None else None
    if above is not None and above.retired_on is not None:
        raise InvalidError(f"Put {above.title}, which it stands below, back first.")
    apply_edit(objective, version, {"retired_on": None}, "objective")
    session.flush()
    return objective


def list_objectives(session: Session, *, as_of: date) -> tuple[Objective, ...]:
    """Objectives in use on a day, by title."""
    rows = session.scalars(select(Objective).order_by(Objective.title, Objective.id))
    return tuple(row for row in rows if row.retired_on is None or row.retired_on > as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveRow:
    """An objective in its cascade. ``depth`` counts the readable ones above it; ``cases`` are (id, title, status)."""

    objective: Objective
    depth: int
    parent: str | None
    owner: str | None
    unit: str | None
    cases: tuple[tuple[int, str, str], ...]
    below: int


def cascade(session: Session, scope: Scope) -> tuple[ObjectiveRow, ...]:
    """The objectives the scope may read, parents before what stands below them, with the scope's cases."""
    rows = session.execute(
        select(Objective, Person.name, BusinessUnit.name)
        .outerjoin(Person, Person.id == Objective.owner_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == Objective.unit_id)
        .where(in_scope(session, scope))
        .order_by(Objective.title, Objective.id)
    ).all()
    own = BusinessCase.unit_id.in_(scope.unit_ids)
    served: dict[int, list[tuple[int, str, str]]] = {}
    for case_id, title, status, objective_id in session.execute(
        select(BusinessCase.id, BusinessCase.title, BusinessCase.status, BusinessCase.objective_id)
        .where(
            BusinessCase.objective_id.is_not(None),
            or_(own, BusinessCase.unit_id.is_(None)) if scope.whole else own,
        )
        .order_by(BusinessCase.title, BusinessCase.id)
    ):
        served.setdefault(objective_id or 0, []).append((case_id, title, status))
    known = {objective.id: (objective, owner, unit) for objective, owner, unit in rows}
    below: dict[int | None, list[int]] = {}
    for objective, _, _ in rows:
        below.setdefault(objective.parent_id if objective.parent_id in known else None, []).append(
            objective.id
        )
    found: list[ObjectiveRow] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for each in below.get(parent_id, ()):
            objective, owner, unit = known[each]
            above = known.get(objective.parent_id or 0)
            found.append(
                ObjectiveRow(
                    objective=objective,
                    depth=depth,
                    parent=above[0].title if above else None,
                    owner=owner,
                    unit=unit,
                    cases=tuple(served.get(each, ())),
                    below=len(below.get(each, ())),
                )
            )
            walk(each, depth + 1)

    walk(None, 0)
    return tuple(found)
