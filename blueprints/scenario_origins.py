"""What a scenario's figures are made of: parts that sum to the figure and open to contracts and spend lines."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints import exports, filters, links, shell, tables
from blueprints.limits import record_number
from blueprints.scenarios import facts_of, scope_of
from mopsaudit.governance import scenarios
from mopsaudit.periods import fiscal_year_name, month_of
from mopsaudit.reporting import LineFilter, Row
from mopsaudit.scenarios.facts import ScenarioFacts
from mopsaudit.scenarios.origins import COLUMNS, origin_row, origins_of, origins_sentence
from mopsaudit.scenarios.outcome import work_out_scenario
from mopsaudit.store.session import reading

blueprint = Blueprint("scenario_origins", __name__)
_SIZE: Final = 100


@blueprint.get("/scenarios/<int:scenario_id>/origins")
def show(scenario_id: int) -> ResponseReturnValue:
    """The parts of a figure: of one fiscal year (``year``, its place; else all), of one change alone (``change``)."""
    with reading() as session:
        row = scenarios.find_scenario(session, shell.scope(), scenario_id)
        scope = scope_of(session, row)
        facts = facts_of(session, scope)
    year, change = (place_named(name) for name in ("year", "change"))
    if (year is not None and year >= len(facts.years)) or (change is not None and change >= len(row.changes)):
        abort(404)
    changes = row.changes if change is None else (row.changes[change],)
    found = origins_of(facts, changes, _months(facts, year))
    span = (
        f"{filters.day_text(facts.years[0].start)} to {filters.day_text(facts.years[-1].end)}"
        if year is None
        else fiscal_year_name(facts.years[year])
    )
    table = tables.of_rows(
        COLUMNS,
        [origin_row(facts, place, each) for place, each in enumerate(found)],
        name="origins",
        noun="part",
        size=_SIZE,
        empty="Nothing is booked, billed or expected in these months.",
        row_actions=lines_link(None if scope.whole else scope.unit_code),
    )
    if table.asked.export:
        return exports.export(table)
    outcome = work_out_scenario(facts, row.changes)
    return render_template(
        "scenarios/origins.html",
        row=row,
        table=table,
        answer=origins_sentence(facts, span, found),
        trust=f"As of {filters.day_text(scope.as_of)} · {scope.unit_label or 'whole company'} · {facts.currency} · "
        f"{span}, invoiced",
        what=None if change is None else outcome.effects[change].what,
        spans=[
            (
                name,
                url_for("scenario_origins.show", scenario_id=row.id, year=place, change=change),
                place == year,
            )
            for place, name in [
                *((place, fiscal_year_name(each)) for place, each in enumerate(facts.years)),
                (None, "All of them"),
            ]
        ],
        part_month=facts.booked is None,
    )


def place_named(name: str) -> int | None:
    """A place in a list, or a record, that the address names by its number; what is none is no page."""
    if not request.args.get(name):
        return None
    place = request.args.get(name, type=record_number)
    if place is None:
        abort(404)
    return place


def _months(facts: ScenarioFacts, year: int | None) -> range:
    if year is None:
        return facts.months
    return range(month_of(facts.years[year].start), month_of(facts.years[year].end))


def lines_link(unit: str | None) -> Callable[[Row], str]:
    """The way down to the spend lines of a part, in the unit its figures are of."""

    def link(row: Row) -> str:
        wanted = row.detail.get("lines")
        if not isinstance(wanted, LineFilter):
            return ""
        return Markup(
            '<a class="btn btn-quiet btn-sm" href="{}">Lines<span class="visually-hidden"> of {}</span></a>'
        ).format(
            url_for("lines.index", **links.line_query(wanted), unit=unit),
            filters.plain(row.values.get("what")),
        )

    return link
