"""People as the inventory knows them: owners, budget holders, users; with or without a sign-in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.validity import holds
from mopsaudit.inventory.edits import fetch
from mopsaudit.inventory.vendors import clean_name
from mopsaudit.organisation import email_key
from mopsaudit.store.inventory import Tool, ToolPerson
from mopsaudit.store.people import BusinessUnit, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person in a list: unit, dates, and how many living tools they own or hold the budget of on a day."""

    id: int
    name: str
    email: str | None
    unit: str | None
    department: str | None
    joined_on: date | None
    left_on: date | None
    owns: int
    holds: int


def list_people(session: Session, on: date, *, present_only: bool = True) -> tuple[PersonRow, ...]:
    """People by name; ``present_only`` leaves out those who left on or before ``on`` and erased ones."""
    query = (
        select(Person, BusinessUnit.name)
        .outerjoin(BusinessUnit, BusinessUnit.id == Person.unit_id)
        .where(Person.erased_at.is_(None))
        .order_by(func.lower(Person.name), Person.id)
    )
    if present_only:
        query = query.where(or_(Person.left_on.is_(None), Person.left_on > on))
    counts: dict[tuple[int, str], int] = {}
    for person_id, part, number in session.execute(
        select(ToolPerson.person_id, ToolPerson.part, func.count())
        .join(Tool, Tool.id == ToolPerson.tool_id)
        .where(holds(ToolPerson, on), Tool.merged_into_id.is_(None))
        .group_by(ToolPerson.person_id, ToolPerson.part)
    ).all():
        counts[person_id, part] = number
    return tuple(
        PersonRow(
            id=person.id,
            name=person.name,
            email=person.email,
            unit=unit,
            department=person.department,
            joined_on=person.joined_on,
            left_on=person.left_on,
            owns=counts.get((person.id, "business_owner"), 0),
            holds=counts.get((person.id, "budget_holder"), 0),
        )
        for person, unit in session.execute(query).all()
    )


def create_person(
    session: Session, *, name: str, email: str | None = None, unit_id: int | None = None
) -> Person:
    """Enter a person who owns or uses something.

    Raises:
        InvalidError: when somebody has that address already.
    """
    address = (email or "").strip() or None
    key = email_key(address) if address else None
    if address is not None and "@" not in address:
        raise InvalidError("Write the address in full, like name@company.com.", "email")
    if key and session.scalars(select(Person.id).where(Person.email_key == key)).first() is not None:
        raise InvalidError("Somebody has this address already.", "email")
    person = Person(name=clean_name(name, "person"), email=address, email_key=key, unit_id=unit_id)
    session.add(person)
    session.flush()
    return person


def mark_leaver(session: Session, person_id: int, *, left_on: date | None) -> Person:
    """Record that a person leaves, or (None) that they stay; what they own stays theirs on paper and shows as owned by
    a leaver.
    """
    person = fetch(session, Person, person_id, "person")
    person.left_on = left_on
    session.flush()
    return person


def unit_names(session: Session, ids: Collection[int]) -> list[tuple[int, str]]:
    """Units by their place in the tree, each name indented by its depth."""
    rows = session.execute(
        select(BusinessUnit.id, BusinessUnit.name, BusinessUnit.path)
        .where(BusinessUnit.id.in_(ids), BusinessUnit.retired_on.is_(None))
        .order_by(BusinessUnit.path)
    ).all()
    return [(unit_id, "\u00a0\u00a0" * max(0, path.count("/") - 2) + name) for unit_id, name, path in rows]


def person_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Name (else address) by id; an erased person is *somebody erased*."""
    rows = session.execute(select(Person.id, Person.name, Person.email).where(Person.id.in_(ids))).all()
    return {person_id: name or email or "somebody erased" for person_id, name, email in rows}


def check_present(session: Session, person_id: int | None, on: date, column: str = "value") -> None:
    """Nobody, or somebody who is with the company on a day.

    Raises:
        InvalidError: somebody unknown, or who left on or before the day.
    """
    if person_id is None:
        return
    person = session.get(Person, person_id)
    if person is None or (person.left_on is not None and person.left_on <= on):
        raise InvalidError("Choose somebody who is still with the company on that day.", column)
