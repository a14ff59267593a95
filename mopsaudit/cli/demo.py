"""``demo``: the demo company in an empty database."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit.demo.load import load_demo
from mopsaudit.organisation import load_settings
from mopsaudit.store.session import reading


@click.command("demo")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Day the company is shown at; default today."
)
@with_appcontext
def demo_command(*, as_of: datetime | None) -> None:
    """Load the demo company into an empty database. No users are made."""
    loaded = load_demo(
        as_of.date() if as_of else _today(),
        reader=current_app.config["MOPSAUDIT_READER"],
        folder=Path(current_app.config["MOPSAUDIT_DATA"]),
        say=lambda line: click.echo(f"  {line}"),
    )
    click.echo(
        f"The demo company is loaded: {len(loaded.files)} files imported, {loaded.suppliers_settled} suppliers settled."
    )


def _today() -> date:
    with reading() as session:
        zone = load_settings(session, os.environ).time_zone
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


#: What the composer adds to the console script.
COMMANDS: tuple[click.Command, ...] = (demo_command,)
