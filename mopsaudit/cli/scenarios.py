"""``scenario``: saved what-ifs and the lowest-cost stack on standard output, as their pages show them."""

import json
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from mopsaudit.cli.reports import today_in
from mopsaudit.errors import NotFoundError
from mopsaudit.facts.wording import money
from mopsaudit.governance.scenarios import ScenarioRow, list_scenarios
from mopsaudit.governance.stack_searches import kept_tools
from mopsaudit.inventory.listing import list_tools
from mopsaudit.organisation import scope_for
from mopsaudit.scenarios.answer import stack_data, without_small_groups
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.outcome import what_changed, work_out_scenario
from mopsaudit.scenarios.query import stack_question
from mopsaudit.scenarios.scenario_tables import scenario_json
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.scenarios.work import AT_MOST, work_out
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

_AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The end of that day; default: today."
)
_UNIT = click.option(
    "--unit", help="Business unit (code or name) with its sub-tree; default: the whole company."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def _scope(session: Session, as_of: datetime | None, unit: str | None) -> Scope:
    now = datetime.now(UTC)
    scope = scope_for(session, as_of=as_of.date() if as_of else now.date(), unit=unit)
    if as_of is None and today_in(scope, now) != scope.as_of:
        scope = scope_for(session, as_of=today_in(scope, now), unit=unit)
    return scope


@click.group("scenario")
def scenario_command() -> None:
    """Saved what-ifs, and the cheapest stack that keeps what is required."""


@scenario_command.command("list")
@_AS_OF
@_UNIT
@_JSON
@with_appcontext
def list_command(*, as_of: datetime | None, unit: str | None, as_json: bool) -> None:
    """List the saved scenarios in use."""
    with reading() as session:
        scope = _scope(session, as_of, unit)
        rows = list_scenarios(session, scope)
    if as_json:
        found = [
            {
                "id": row.id,
                "name": row.name,
                "changes": len(row.changes),
                "looked_on": row.looked_on.isoformat(),
                "by": row.by,
            }
            for row in rows
        ]
        click.echo(json.dumps({"scenarios": found}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        saves = money(row.figures["annual_minor"], scope.currency) if row.figures else "not looked through"
        click.echo(f"{row.id}  {row.name}: {len(row.changes)} changes, {saves} a year in the end")


def _find(rows: tuple[ScenarioRow, ...], name: str) -> ScenarioRow:
    found = [row for row in rows if name in (str(row.id), row.name)]
    if len(found) != 1:
        raise NotFoundError(f"There is no one scenario “{name}”; “mopsaudit scenario list” shows them.")
    return found[0]


@scenario_command.command("show")
@click.argument("name")
@_AS_OF
@_JSON
@with_appcontext
def show_command(*, name: str, as_of: datetime | None, as_json: bool) -> None:
    """Show a scenario (its number or name) beside today."""
    with reading() as session:
        scope = _scope(session, as_of, None)
        row = _find(list_scenarios(session, scope), name)
        scope = scope_for(session, as_of=scope.as_of, unit=row.unit_id)
        facts = scenario_facts(session, scope)
        outcome = work_out_scenario(facts, row.changes)
        changed = what_changed(facts, row.facts, outcome.facts)
        data = scenario_json(facts, row.name, outcome, changed=changed, least=scope.settings.group_minimum)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(f"{data['scenario']} (as of {data['as_of']})")
    click.echo(data["answer"])
    for sentence in changed:
        click.echo(f"Changed since: {sentence}")
    for year, today, then in outcome.years:
        click.echo(f"{year}  today {money(today, facts.currency)}  scenario {money(then, facts.currency)}")
    for effect in outcome.effects:
        click.echo(f"- {effect.what}: {money(effect.annual_minor, facts.currency)} a year")


@scenario_command.command("solve")
@_AS_OF
@_UNIT
@click.option("--months", default=36, show_default=True, help="How far to look ahead.")
@click.option("--lead-months", default=3, show_default=True, help="Until the first tool can be switched off.")
@click.option(
    "--keep", multiple=True, help="A tool (name) that must stay; repeatable. Decisions to keep count too."
)
@click.option(
    "--vendor-percent", type=int, help="No vendor above this share of the yearly cost of what stays."
)
@click.option("--seconds", default=AT_MOST, show_default=True, help="Time for the search.")
@_JSON
@with_appcontext
def solve_command(
    *,
    as_of: datetime | None,
    unit: str | None,
    months: int,
    lead_months: int,
    keep: tuple[str, ...],
    vendor_percent: int | None,
    seconds: float,
    as_json: bool,
) -> None:
    """Work out the lowest-cost stack, with its proof; nothing is kept."""
    with reading() as session:
        scope = _scope(session, as_of, unit)
        ids = {row.name.casefold(): row.id for row in list_tools(session, scope, include_retired=False)}
        unknown = [name for name in keep if name.casefold() not in ids]
        if unknown:
            raise NotFoundError(f"There is no tool “{unknown[0]}”.")
        options = StackOptions(
            months=months,
            lead_months=lead_months,
            keep=tuple(sorted({*kept_tools(session, scope), *(ids[name.casefold()] for name in keep)})),
            vendor_percent=vendor_percent,
        )
        question = stack_question(session, scope, options)
    data = without_small_groups(stack_data(question, work_out(question, seconds=seconds)))
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(data["answer"])
    proof = data["proof"]
    if proof["value_minor"] is not None:
        click.echo(
            f"Value {money(proof['value_minor'], scope.currency, exact=True)}, bound "
            f"{money(proof['bound_minor'], scope.currency, exact=True)}: "
            f"{'proven' if proof['proven'] else 'not proven'} ({proof['solver']})"
        )
    for each in data.get("off", ()):
        click.echo(f"- {each['name']}: {each['why']} Saves {money(each['saves_minor'], scope.currency)}.")
    for each in data["missing"]:
        click.echo(f"- {each['capability']} in {each['unit']}: {each['there']} of {each['wanted']} suppliers")


COMMANDS: tuple[click.Command, ...] = (scenario_command,)
