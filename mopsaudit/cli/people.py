"""``user``: people without the browser."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit.cli.acting import acting
from mopsaudit.errors import InvalidError
from mopsaudit.organisation import create_account, find_unit
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


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True))
    line = sys.stdin.readline()
    if not line:
        raise InvalidError("Give the password as one line on standard input.", "password")
    return line.rstrip("\r\n")


COMMANDS: tuple[click.Command, ...] = (user_group,)
