"""``report``: a report on standard output, the very one the page shows."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from mopsaudit.organisation import scope_for
from mopsaudit.reports.output import to_csv, to_text
from mopsaudit.reports.registry import NAMES, find_room
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading


def today_in(scope: Scope, now: datetime) -> date:
    """The day it is in the organisation's time zone."""
    return now.astimezone(ZoneInfo(scope.settings.time_zone)).date()


@click.command("report")
@click.argument("name", type=click.Choice(NAMES))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The end of that day; default: today.")
@click.option("--unit", help="Business unit (code or name) with its sub-tree; default: the whole company.")
@click.option("--basis", type=click.Choice(["invoiced", "accrual"]), help="Default: the budget's own.")
@click.option(
    "--moved-since", help="A closed month (2026-03) the bridge starts from; default: the newest kept."
)
@click.option("--moved-until", help="A closed month the bridge leads to; default: the report's date.")
@click.option(
    "--format", "how", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
@with_appcontext
def report_command(
    *, name: str, as_of: datetime | None, unit: str | None, how: str, **options: str | None
) -> None:
    """Print a report. ``--basis`` and ``--moved-…`` matter to the budget; the others do not differ by them."""
    now = datetime.now(UTC)
    with reading() as session:
        scope = scope_for(session, as_of=as_of.date() if as_of else now.date(), unit=unit)
        if as_of is None and today_in(scope, now) != scope.as_of:
            scope = scope_for(session, as_of=today_in(scope, now), unit=unit)
        room = find_room(name)
        known = {key: value for key, value in options.items() if key in room.options}
        report = room.build(session, scope, **known)
        match how:
            case "json":
                text = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
            case "csv":
                text = to_csv(report)
            case _:
                text = to_text(report)
    click.echo(text, nl=False)


COMMANDS: tuple[click.Command, ...] = (report_command,)
