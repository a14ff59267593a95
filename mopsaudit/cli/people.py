"""``user``: people without the browser."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit.cli.acting import acting
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake import spool
from mopsaudit.inventory import erasure
from mopsaudit.organisation import create_account, email_key, find_person, find_unit, load_settings
from mopsaudit.store.people import RoleName
from mopsaudit.store.session import reading, unit_of_work


@click.group("user")
def user_group() -> None:
    """People who may sign in."""


@user_group.command("add")
@click.argument("email")
@click.option(
    "--role", required=True, type=click.Choice([each.value for each in RoleName]), help="What they may do."
)
@click.option("--unit", help="Business unit (code or name) the role holds in; default: the whole company.")
@click.option("--name", help="Their name; default: the part of the address before the @.")
@click.option("--by", help="E-mail address of who acts.")
@with_appcontext
def add_command(*, email: str, role: str, unit: str | None, name: str | None, by: str | None) -> None:
    """Add a person who may sign in. The password is asked for on a terminal, else read as one line of input."""
    actor = acting(by)
    with reading() as session:
        unit_id = find_unit(session, unit).id if unit else None
    password = _password()
    hash_checked: Callable[[str, tuple[str, ...]], str] = current_app.extensions["mopsaudit.new_password"]
    called = name or email.partition("@")[0]
    hashed = hash_checked(password, (email, called))
    with unit_of_work(actor, now=datetime.now(UTC)) as session:
        create_account(
            session,
            email=email,
            name=called,
            password_hash=hashed,
            role=role,
            unit=find_unit(session, unit_id) if unit_id else None,
            now=datetime.now(UTC),
        )
    click.echo(f"{email} may sign in as {role}.")


@user_group.command("erase")
@click.argument("email")
@click.option("--to", "successor", metavar="EMAIL", help="Who takes over what they own; default: nobody.")
@click.option("--confirm", metavar="EMAIL", help="The address once more; asked for on a terminal.")
@click.option("--by", help="E-mail address of who acts.")
@with_appcontext
def erase_command(*, email: str, successor: str | None, confirm: str | None, by: str | None) -> None:
    """Erase a person for good: name, addresses, sign-in, identity in usage. Figures and the History stay."""
    actor = acting(by)
    person_id = _known(email)
    successor_id = _known(successor) if successor else None
    now = datetime.now(UTC)
    with reading() as session:
        today = now.astimezone(ZoneInfo(load_settings(session, os.environ).time_zone)).date()
        found = erasure.traces_of(session, person_id, on=today)
    if confirm is None and sys.stdin.isatty():
        click.echo(
            f"{found.name} owns {found.owns} tools, contracts and steps. This cannot be undone.", err=True
        )
        confirm = str(click.prompt("Type the address again", err=True))
    if confirm is None or email_key(confirm) != email_key(email):
        raise InvalidError("Nothing was changed. Say that you mean it: --confirm with the same address.")
    with unit_of_work(actor, now=now) as session:
        counts = erasure.erase_person(
            session,
            person_id,
            now=now,
            today=today,
            by_person_id=actor.person_id,
            successor_id=successor_id,
        )
    spool.clear(current_app.config["MOPSAUDIT_DATA"])  # readings kept for speed may hold the name
    parts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items()))
    click.echo(f"Erased: former person {person_id}{f' ({parts})' if parts else ''}.")
    for each in found.imports:
        click.echo(f"The original of import {each.id} ({each.file_name}) still names them.")


def _known(email: str) -> int:
    with reading() as session:
        person = find_person(session, email)
        if person is None:
            raise NotFoundError(f"Nobody here has the address {email}.")
        return person.id


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True))
    line = sys.stdin.readline()
    if not line:
        raise InvalidError("Give the password as one line on standard input.", "password")
    return line.rstrip("\r\n")


COMMANDS: tuple[click.Command, ...] = (user_group,)
