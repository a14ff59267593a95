"""``db``, ``trail`` and ``settings``: the house-keeping commands."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit import backup, checks
from mopsaudit.cli.acting import command_line
from mopsaudit.cli.running import CHECK_FAILED, bare, make_ready, stop
from mopsaudit.organisation import email_key, setting_sources
from mopsaudit.store import chain
from mopsaudit.store.guards import missing_guards
from mopsaudit.store.migrations import current_revision
from mopsaudit.store.session import db, keyring, reading
from mopsaudit.upkeep.work import restored_by


@click.group("db")
def db_group() -> None:
    """The database: schema, integrity, backup."""


@db_group.command("upgrade")
@bare
@with_appcontext
def upgrade_command() -> None:
    """Bring the database to this version's schema."""
    before = current_revision(db.engine)
    change = make_ready(upgrade_old=True)
    after = current_revision(db.engine)
    click.echo(
        f"The database is at {after} already." if before == after else f"The database is at {after} now."
    )
    if change is not None and change.anything:
        click.echo(f"This version reads supplier names otherwise: {change}.")


@db_group.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def check_command(*, as_json: bool) -> None:
    """Recompute everything from the lines: certificates, splits, origins, summaries, the trail."""
    with reading() as session:
        report = checks.check_all(
            session, folder=Path(current_app.config["MOPSAUDIT_DATA"]), keyring=keyring()
        )
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    else:
        for each in report.checks:
            click.echo(f"{each.name}: {each.checked} checked, {each.wrong} wrong")
            for warning in each.warnings:
                click.echo(f"  warning: {warning}")
    if not report.holds:
        stop("\n".join(each for check in report.checks for each in check.differences), CHECK_FAILED)


@db_group.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup_command(*, file: Path) -> None:
    """Write database, uploads and keys into one FILE, as they are at one committed moment; safe while serving."""
    made = backup.write_backup(
        db.engine, Path(current_app.config["MOPSAUDIT_DATA"]), file, now=datetime.now(UTC)
    )
    click.echo(
        f"{file}: {made.rows} rows and {made.files} files. It holds the keys: keep it as safe as the data."
    )


@db_group.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", help="E-mail address of who acts.")
@bare
@with_appcontext
def restore_command(*, file: Path, by: str | None) -> None:
    """Bring back a backup FILE, whole or not at all; what is there now is kept as a backup, everybody is signed out."""
    now = datetime.now(UTC)
    email = by or os.environ.get("MOPSAUDIT_USER")
    made = backup.restore_backup(
        db.engine,
        Path(current_app.config["MOPSAUDIT_DATA"]),
        file,
        now=now,
        note=restored_by(command_line(), email_key(email) if email else None, now=now),
    )
    make_ready()
    click.echo(f"Restored {made.rows} rows and {made.files} files as of {made.at:%d %b %Y %H:%M} UTC.")


@click.group("trail")
def trail_group() -> None:
    """The history of every record."""


@trail_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def verify_command(*, as_json: bool) -> None:
    """Check the trail: altered, removed, reordered or cut entries are found."""
    with reading() as session:
        found = chain.verify(session, keyring())
        absent = missing_guards(session.connection())
    faults = [*found.faults, *(f"The trigger {name} that protects the trail is missing." for name in absent)]
    if as_json:
        click.echo(json.dumps({"entries": found.entries, "holds": not faults, "faults": faults}, indent=2))
    elif not faults:
        click.echo(f"The trail holds: {found.entries} entries.")
    if faults:
        stop("\n".join(faults), CHECK_FAILED)


@click.command("settings")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def settings_command(*, as_json: bool) -> None:
    """Print every setting with its value and where it comes from."""
    with reading() as session:
        found = setting_sources(session, os.environ)
    if as_json:
        listed = [{"key": each.key, "value": _plain(each.value), "source": each.source} for each in found]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    width = max(len(each.key) for each in found)
    for each in found:
        click.echo(f"{each.key:<{width}}  {_text(each.value)}  ({each.source})")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int | str) else str(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value) or "–"


COMMANDS: tuple[click.Command, ...] = (db_group, trail_group, settings_command)
