"""Who acts from the command line: ``--by EMAIL`` or ``MOPSAUDIT_USER``, else the operating system's user."""

import getpass
import os

from sqlalchemy import select

from mopsaudit.errors import NotFoundError
from mopsaudit.organisation import email_key
from mopsaudit.store.people import Person
from mopsaudit.store.session import Actor, reading


def command_line() -> str:
    """The label of the operating system's user."""
    return f"cli:{getpass.getuser()}"[:120]


def acting(by: str | None) -> Actor:
    """The actor of a command.

    Raises:
        NotFoundError: when an address is given and nobody here has it.
    """
    email = by or os.environ.get("MOPSAUDIT_USER")
    if not email:
        return Actor(label=command_line())
    with reading() as session:
        person_id = session.scalars(select(Person.id).where(Person.email_key == email_key(email))).first()
    if person_id is None:
        raise NotFoundError(f"Nobody here has the address {email}.")
    return Actor.person(person_id)
