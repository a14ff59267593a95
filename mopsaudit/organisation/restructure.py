"""Renaming, moving and retiring business units; a unit is never deleted, its figures stay."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation.edits import apply_edit
from mopsaudit.store.models import BusinessUnit


def get_unit(session: Session, unit_id: int) -> BusinessUnit:
    """A business unit by id.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.get(BusinessUnit, unit_id)
    if found is None:
        raise NotFoundError("There is no such business unit.")
    return found


def update_unit(
    session: Session,
    unit_id: int,
    *,
    code: str,
    name: str,
    parent_id: int | None,
    retired_on: date | None,
    version: int,
) -> BusinessUnit:
    """Change a unit that the person saw in ``version``; a new parent takes the whole sub-tree along.

    Raises:
        ConflictError: when it was changed meanwhile; ``theirs`` holds the stored values.
        InvalidError: for an empty or taken code, an empty name, or a parent that is none or lies below the unit.
        NotFoundError: when there is none.
    """
    unit = session.get(BusinessUnit, unit_id, with_for_update=True)
    if unit is None:
        raise NotFoundError("There is no such business unit.")
    code, name = code.strip(), name.strip()
    if not code or len(code) > 40:
        raise InvalidError("Give the business unit a code of 1 to 40 characters.", "code")
    if not name or len(name) > 200:
        raise InvalidError("Give the business unit a name of 1 to 200 characters.", "name")
    taken = select(BusinessUnit.id).where(
        func.lower(BusinessUnit.code) == code.lower(), BusinessUnit.id != unit_id
    )
    if session.scalar(taken.limit(1)) is not None:
        raise InvalidError(f"The code {code} is taken by another business unit.", "code")
    if unit.parent_id is None and (retired_on is not None or parent_id is not None):
        raise InvalidError("The whole company can be renamed, neither moved nor retired.")
    above = _new_parent(session, unit, parent_id) if parent_id != unit.parent_id else None
    changes = {"code": code, "name": name, "parent_id": parent_id, "retired_on": retired_on}
    apply_edit(unit, version, changes, "business unit")
    if above is not None:
        _move(session, unit, above)
    session.flush()
    return unit


def _new_parent(session: Session, unit: BusinessUnit, parent_id: int | None) -> BusinessUnit:
    above = session.get(BusinessUnit, parent_id) if parent_id is not None else None
    if above is None or above.path.startswith(unit.path):
        raise InvalidError("Choose a unit that does not lie below this one.", "parent_id")
    return above


def _move(session: Session, unit: BusinessUnit, above: BusinessUnit) -> None:
    old, new = unit.path, f"{above.path}{unit.id}/"
    with session.no_autoflush:
        below = session.scalars(
            select(BusinessUnit)
            .where(BusinessUnit.path.startswith(old, autoescape=True))
            .order_by(BusinessUnit.path, BusinessUnit.id)
        ).all()
    if any(len(new) + len(each.path) - len(old) > 400 for each in below):
        raise InvalidError("That is nested too deeply.", "parent_id")
    for each in below:
        each.path = new + each.path[len(old) :]
