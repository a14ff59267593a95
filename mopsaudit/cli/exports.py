"""``export audit`` and ``export inventory``: the workbooks without the browser (INTERFACES.md)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from mopsaudit.cli.acting import acting
from mopsaudit.errors import InvalidError
from mopsaudit.inventory.people import person_names
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.session import Actor, reading
from mopsaudit.workbook.audit import write_audit
from mopsaudit.workbook.roundtrip import write_inventory


@click.group("export")
def export() -> None:
    """Write a workbook."""


def _to_file(out: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and put it in place whole: a half-written workbook never has its name.

    Raises:
        InvalidError: when the folder is missing or cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        part.touch()  # a folder that is not there is told before minutes of work
        write(part)
        part.replace(out)
    except OSError as error:
        raise InvalidError(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _scope(session: Session, as_of: datetime | None, unit: str | None) -> Scope:
    day: date = as_of.date() if as_of else datetime.now(UTC).date()
    return scope_for(session, as_of=day, unit=unit)


def _name(session: Session, actor: Actor) -> str:
    if actor.person_id is None:
        return actor.label
    return person_names(session, [actor.person_id]).get(actor.person_id, actor.label)


@export.command("audit")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; default today.")
@click.option("--unit", help="Business unit (code or name) with its sub-tree; default the whole company.")
@click.option("--by", help="E-mail of the person who prepares it.")
@with_appcontext
def export_audit(out: Path, as_of: datetime | None, unit: str | None, by: str | None) -> None:
    """Write the Excel audit report to OUT."""
    with reading() as session:
        scope = _scope(session, as_of, unit)
        name = _name(session, acting(by))
        created = datetime.now(UTC)

        def write(part: Path) -> None:
            done = write_audit(session, scope, part, created=created, prepared_by=name)
            click.echo(f"{out}: {len(done.sheets)} sheets, {done.figures} figures with their sources.")

        _to_file(out, write)


@export.command("inventory")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; default today.")
@click.option("--unit", help="Business unit (code or name) with its sub-tree; default the whole company.")
@with_appcontext
def export_inventory(out: Path, as_of: datetime | None, unit: str | None) -> None:
    """Write the inventory to OUT for editing and importing again."""
    with reading() as session:
        scope = _scope(session, as_of, unit)

        def write(part: Path) -> None:
            count = write_inventory(session, scope, part, created=datetime.now(UTC))
            click.echo(f"{out}: {count} tools.")

        _to_file(out, write)


COMMANDS = (export,)
