"""The tree of business units and the scope a question is asked about."""

import os
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation.preferences import load_settings
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit

ROOT_CODE: Final = "ALL"
#: Days a question may be asked about: far enough from the calendar's ends that terms and years never leave it.
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def _root(session: Session) -> BusinessUnit | None:
    return session.scalars(
        select(BusinessUnit).where(BusinessUnit.parent_id.is_(None)).order_by(BusinessUnit.id).limit(1)
    ).one_or_none()


def root_unit(session: Session) -> BusinessUnit:
    """The root unit, for readers.

    Raises:
        NotFoundError: in a database nobody has prepared yet (:func:`ensure_root`).
    """
    root = _root(session)
    if root is None:
        raise NotFoundError("The database is empty; run: mopsaudit db upgrade")
    return root


def list_units(session: Session) -> tuple[BusinessUnit, ...]:
    """All units, parents before their children."""
    return tuple(session.scalars(select(BusinessUnit).order_by(BusinessUnit.path, BusinessUnit.id)))


def ensure_root(session: Session) -> BusinessUnit:
    """The root unit, made on the first call. Lines without a unit belong to it."""
    root = _root(session)
    if root is None:
        root = BusinessUnit(code=ROOT_CODE, name="Whole company")
        session.add(root)
        session.flush()
        root.path = f"/{root.id}/"
        session.flush()
    return root


def create_unit(
    session: Session, *, code: str, name: str, parent: BusinessUnit | None = None
) -> BusinessUnit:
    """A new unit below ``parent`` (default: the root).

    Raises:
        InvalidError: for an empty code or name, or a code that is taken.
    """
    code, name = code.strip(), name.strip()
    if not code or len(code) > 40:
        raise InvalidError("Give the business unit a code of 1 to 40 characters.", "code")
    if not name or len(name) > 200:
        raise InvalidError("Give the business unit a name of 1 to 200 characters.", "name")
    if session.scalar(select(BusinessUnit.id).where(func.lower(BusinessUnit.code) == code.lower())):
        raise InvalidError(f"The code {code} is taken by another business unit.", "code")
    above = parent or ensure_root(session)
    unit = BusinessUnit(code=code, name=name, parent_id=above.id)
    session.add(unit)
    session.flush()
    unit.path = f"{above.path}{unit.id}/"
    session.flush()
    return unit


def find_unit(session: Session, unit: str | int) -> BusinessUnit:
    """A unit by id, code or name; code before name, upper and lower case alike.

    Raises:
        NotFoundError: when there is none, or two share the name.
    """
    if isinstance(unit, int):
        found = session.get(BusinessUnit, unit)
        if found is not None:
            return found
        raise NotFoundError("There is no such business unit.")
    wanted = unit.strip().lower()
    for column in (BusinessUnit.code, BusinessUnit.name):
        rows = session.scalars(
            select(BusinessUnit).where(func.lower(column) == wanted).order_by(BusinessUnit.id).limit(2)
        ).all()
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise NotFoundError(f"Two business units are called “{unit}”; use the code.")
    raise NotFoundError(f"There is no business unit “{unit}”.")


def unit_tree(session: Session, unit: BusinessUnit) -> tuple[int, ...]:
    """The ids of a unit and its sub-tree, in the order of their paths."""
    rows = session.scalars(
        select(BusinessUnit.id)
        .where(BusinessUnit.path.startswith(unit.path, autoescape=True))
        .order_by(BusinessUnit.path, BusinessUnit.id)
    )
    return tuple(rows)


def scope_for(
    session: Session,
    *,
    as_of: date,
    unit: str | int | None = None,
    within: Collection[int] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Scope:
    """What a question is asked about. ``unit`` is an id, code or name; None is the topmost one allowed.

    ``within`` holds every unit id the asker may see, sub-trees included (None: all). ``environ`` stands in for the
    process environment, from which settings may come. Needs the root unit (:func:`ensure_root`).

    Raises:
        InvalidError: for a day outside :data:`FIRST_DAY` … :data:`LAST_DAY`.
        NotFoundError: for a unit that does not exist or lies outside ``within``; both answer alike.
    """
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise InvalidError(f"The day must lie between {FIRST_DAY} and {LAST_DAY}, not {as_of}.", "as_of")
    if unit is not None:
        chosen = find_unit(session, unit)
        if within is not None and chosen.id not in within:
            raise NotFoundError(
                "There is no such business unit."
                if isinstance(unit, int)
                else f"There is no business unit “{unit}”."
            )
    else:
        statement = select(BusinessUnit).order_by(func.length(BusinessUnit.path), BusinessUnit.id).limit(1)
        if within is None:
            statement = statement.where(BusinessUnit.parent_id.is_(None))
        else:
            statement = statement.where(BusinessUnit.id.in_(within))
        top = session.scalars(statement).one_or_none()
        if top is None:
            raise NotFoundError("There is no business unit you may see.")
        chosen = top
    ids = unit_tree(session, chosen)
    return Scope(
        as_of=as_of,
        unit_id=chosen.id,
        unit_code=chosen.code,
        unit_name=chosen.name,
        unit_ids=ids if within is None else tuple(each for each in ids if each in within),
        whole=chosen.parent_id is None,
        settings=load_settings(session, os.environ if environ is None else environ),
    )
