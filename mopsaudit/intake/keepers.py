"""Whom a row names to own or answer for something: by e-mail address, else by name."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.wording import day as written_day
from mopsaudit.intake.record_codes import LEAVER_OWNS, NAME_UNKNOWN, PERSON_ENTERED
from mopsaudit.inventory.people import create_person
from mopsaudit.organisation import email_key
from mopsaudit.problems import ProblemCode
from mopsaudit.store.people import Person

#: Adds a problem of a row: its code, sentence, sheet position and cell.
Tell = Callable[[ProblemCode, str, int, str | None], None]


def called(name: str) -> ColumnElement[bool]:
    """People of that name in any case; as written too, since SQLite folds the case of plain letters alone."""
    return or_(Person.name == name, func.lower(Person.name) == name.lower())


class Keepers:
    """People a file names, each looked up once. A name that cannot stand is a problem; the rest of the row stays."""

    def __init__(self, session: Session, today: date, tell: Tell) -> None:
        self._session, self._today, self._tell = session, today, tell
        self._people: dict[str, Person | None] = {}

    def named(self, text: str, position: int, cell: str | None, *, held_by: int | None = None) -> int | None:
        """Id of the person of that e-mail address or name; an unknown one is entered, a bare name with a note.

        None, with a problem, where several have the name, and for somebody who left on or before today, unless
        ``held_by`` says that they hold it already: a file that repeats what stands is no news.
        """
        text = " ".join(text.split())
        key = text.casefold()
        if key not in self._people:
            self._people[key] = self._find(text, position, cell)
        person = self._people[key]
        if person is None:
            message = f"Several people here are called “{text}”; write the e-mail address."
            self._tell(NAME_UNKNOWN, message, position, cell)
            return None
        if person.id != held_by and person.left_on is not None and person.left_on <= self._today:
            left = f"{person.name or person.email} left on {written_day(person.left_on)}"
            message = f"{left}, so nobody was entered here; name somebody else."
            self._tell(LEAVER_OWNS, message, position, cell)
            return None
        return person.id

    def _find(self, text: str, position: int, cell: str | None) -> Person | None:
        if "@" in text:
            key = email_key(text)
            found = self._session.scalars(select(Person).where(Person.email_key == key)).first()
            return found or create_person(self._session, name=text.partition("@")[0], email=text)
        same = self._session.scalars(
            select(Person).where(called(text), Person.erased_at.is_(None)).order_by(Person.id).limit(2)
        ).all()
        if not same:
            person = create_person(self._session, name=text)
            message = f"“{person.name}” was not known; they were entered by name, without an e-mail address."
            self._tell(PERSON_ENTERED, message, position, cell)
            return person
        return same[0] if len(same) == 1 else None
