"""Saved what-ifs: built change by change, beside today and beside each other, and turned into decisions."""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, filters, identity, kept_reports, permissions, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, drawings_of
from mopsaudit.governance import scenarios, stack_searches
from mopsaudit.governance.scenarios import ScenarioRow
from mopsaudit.organisation import HistoryEntry, history, scope_for
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.scenarios import scenario_tables
from mopsaudit.scenarios.changes import Change, Kind, changes_of_stack
from mopsaudit.scenarios.facts import ScenarioFacts
from mopsaudit.scenarios.outcome import Outcome, what_changed, work_out_scenario
from mopsaudit.scenarios.query import active_names
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

blueprint = Blueprint("scenarios", __name__)
navigation = (Entry("scenarios.index", "Scenarios", Group.SCENARIOS, 10),)

COLUMNS = (
    Column(key="name", label="Scenario", primary=True),
    Column(key="changes", label="Changes", kind=ValueKind.NUMBER),
    Column(key="year", label="Less this fiscal year", kind=ValueKind.MONEY),
    Column(key="annual", label="Less a year in the end", kind=ValueKind.MONEY),
    Column(key="looked", label="Looked through", kind=ValueKind.DATE),
    Column(key="by", label="Made by"),
    Column(key="state", label="State", wide=True),
)
_NAMES: Final = 60


class NameForm(VersionedForm):
    """What a scenario is called."""

    name = StringField("Name", validators=[DataRequired("Give it a name."), Length(max=200)])
    notes = TextAreaField("Notes", validators=[Optional(), Length(max=4000)])


KINDS: Final = {
    Kind.OFF.value: "Switch a tool off or replace it",
    Kind.SEATS.value: "Change seats",
    Kind.ADD.value: "Add a tool",
    Kind.MERGE.value: "Join business units",
}


def scope_of(session: Session, row: ScenarioRow) -> Scope:
    """The scenario's own unit on the day of the request."""
    return scope_for(session, as_of=shell.scope().as_of, unit=row.unit_id, within=identity.permitted_units())


def facts_of(session: Session, scope: Scope) -> ScenarioFacts:
    """What scenarios of a scope are worked out from, kept while nothing changes."""
    return kept_reports.kept(session, ("scenario", scope, ()), lambda: scenario_facts(session, scope))


def _least() -> int:
    """Groups of people smaller than this are hidden; from those who act on them none."""
    return 0 if permissions.may(permissions.Action.SEE_NAMES) else shell.settings().group_minimum


@blueprint.get("/scenarios")
def index() -> ResponseReturnValue:
    """Every saved scenario of the scope."""
    aside = request.args.get("aside") == "1"
    with reading() as session:
        rows = scenarios.list_scenarios(session, shell.scope(), retired=aside)
    table = tables.of_rows(
        COLUMNS,
        [_row(each) for each in rows],
        name="scenarios",
        noun="scenario",
        empty="No scenario is saved yet. Build one, or start from the lowest-cost stack.",
    )
    best = max(
        (each for each in rows if each.figures),
        key=lambda each: (each.figures or {})["annual_minor"],
        default=None,
    )
    currency = shell.scope().currency
    answer = "What would happen if: build a scenario and see it beside today."
    if best is not None and best.figures:
        answer = (
            f"{len(rows)} saved scenario{'s' if len(rows) != 1 else ''}; “{best.name}” saves most: "
            f"{filters.whole(best.figures['annual_minor'], currency)} {currency} a year in the end."
        )
    return tables.page(table, "scenarios/index.html", answer=answer, rows=rows, aside=aside)


def _row(row: ScenarioRow) -> Row:
    currency = shell.scope().currency
    figures = row.figures or {}
    why = "It was not looked through yet."
    return Row(
        id=str(row.id),
        opens=Ref(kind="scenario", id=row.id, label=row.name),
        values={
            "name": row.name,
            "changes": len(row.changes),
            "year": Amount(currency=currency, minor=figures.get("year_minor"), why=why),
            "annual": Amount(currency=currency, minor=figures.get("annual_minor"), why=why),
            "looked": stated(row.looked_on if row.facts is not None else None, why),
            "by": row.by,
            "state": "put aside" if row.retired_on else "in use",
        },
    )


@blueprint.route("/scenarios/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Start a scenario, empty or from the lowest-cost stack of a search the address names."""
    scope = shell.scope()
    search_id = request.args.get("search", type=record_number)
    found: tuple[Change, ...] = ()
    with reading() as session:
        if search_id is not None:
            search = stack_searches.find_search(session, scope, search_id)
            found = changes_of_stack(search.answer or {})
        form = NameForm(data={"name": f"Lowest cost, {filters.day_text(scope.as_of)}" if search_id else ""})
        outcome = work_out_scenario(facts_of(session, scope), found)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            made = scenarios.save_scenario(
                session,
                scope,
                name=form.name.data or "",
                notes=form.notes.data or "",
                changes=found,
                by_id=choices.me(),
            )
            scenarios.look_through(session, scope, made.id, made.version, outcome)
            return url_for("scenarios.show", scenario_id=made.id)

        done = submit(form, work, said="Saved. Now say what changes." if not found else "Saved.")
        if done is not None:
            return done
    return form_page("scenarios/edit.html", form, row=None, number=len(found))


@blueprint.get("/scenarios/<int:scenario_id>")
def show(scenario_id: int) -> ResponseReturnValue:
    """One scenario beside today; ``format=json`` is the object of the manual."""
    with reading() as session:
        return page_of(session, scenario_id, VersionedForm())


def page_of(session: Session, scenario_id: int, form: Form) -> ResponseReturnValue:
    """The page of a scenario; 422 where a form on it was refused."""
    row = scenarios.find_scenario(session, shell.scope(), scenario_id)
    if isinstance(form, VersionedForm):
        form.version.data = str(row.version)  # what is pressed next is pressed on what stands here
    scope = scope_of(session, row)
    facts = facts_of(session, scope)
    outcome = work_out_scenario(facts, row.changes)
    least = _least()
    changed = what_changed(facts, row.facts, outcome.facts)
    if request.args.get("format") == "json":
        permissions.require(permissions.Action.EXPORT)
        return jsonify(scenario_tables.scenario_json(facts, row.name, outcome, changed=changed, least=least))
    names = {}
    if permissions.may(permissions.Action.SEE_NAMES):
        ids = [each.tool_id for each in row.changes if each.kind is Kind.OFF and each.tool_id is not None]
        found = active_names(session, scope, ids) if ids else {}
        labels = {each.id: each.name for each in facts.question.problem.tools}
        names = {labels.get(tool, str(tool)): who[:_NAMES] for tool, who in found.items()}
    parts = _parts(row.id, facts, outcome)
    page = render_template(
        "scenarios/show.html",
        row=row,
        form=form,
        outcome=outcome,
        answer=scenario_tables.sentence(facts, outcome),
        trust=f"As of {filters.day_text(scope.as_of)} · {scope.unit_label or 'whole company'} · {facts.currency} · "
        f"{filters.day_text(facts.years[0].start)} to {filters.day_text(facts.years[-1].end)}, invoiced",
        figures=_figures(row.id, facts, outcome, least, named=bool(names)),
        drawings=drawings_of(scenario_tables.scenario_plots(facts, [(row.name, outcome)])),
        changes=tables.of_rows(
            [replace(each, summed=each.key == "once") for each in scenario_tables.CHANGES],
            [
                replace(
                    scenario_tables.change_row(facts, place, each, least=least),
                    opens=Ref(kind="scenario_part", id=f"{row.id}:change:{place}", label=each.what),
                )
                for place, each in enumerate(outcome.effects)
            ],
            name="changes",
            noun="change",
            empty="Nothing is changed yet: this is today.",
        ),
        effects=outcome.effects,
        parts=parts,
        changed=changed,
        kinds=KINDS,
        names=names,
        most=_NAMES,
        old=(scope.as_of - row.looked_on).days > 31,
        merges=[unit for each in row.changes if each.kind is Kind.MERGE for unit in each.unit_ids],
        entries=_history(session, scenario_id),
    )
    return (page, 422) if form.errors or form.problems else page


def _history(session: Session, scenario_id: int) -> list[HistoryEntry]:
    """What people changed, in words: changes are counted, what the scenario rested on is left out."""
    found = []
    for entry in history(session, "scenario", scenario_id):
        shown = tuple(
            replace(each, before=_counted(each.before), after=_counted(each.after))
            if each.field == "changes"
            else each
            for each in entry.changes
            if each.field not in ("facts", "figures")
        )
        if shown or entry.action != "update":
            found.append(replace(entry, changes=shown))
    return found


def _counted(value: object) -> str | None:
    return f"{len(value)} changes" if isinstance(value, list) else None


def _parts(number: int, facts: ScenarioFacts, outcome: Outcome) -> list[tuple[str, str, tables.Table]]:
    lost = sum(not each.left for each in outcome.falls)
    found: list[tuple[str, str, str, tuple[Column, ...], tuple[Row, ...]]] = [
        (
            "years",
            "Budget by fiscal year",
            "What is booked stays; what a contract owes ends with its term.",
            scenario_tables.YEARS,
            tuple(
                replace(each, opens=Ref(kind="scenario_part", id=f"{number}:year:{place}", label=each.id))
                for place, each in enumerate(scenario_tables.year_rows(facts, outcome))
            ),
        ),
        (
            "falls",
            "Required capabilities left with one supplier or none",
            f"{lost} would have none, {len(outcome.falls) - lost} one.",
            scenario_tables.FALLS,
            scenario_tables.fall_rows(outcome),
        ),
        (
            "shared",
            "What the joined units do in several tools",
            "The combined overlap of what is used.",
            scenario_tables.SHARED,
            scenario_tables.shared_rows(outcome),
        ),
    ]
    return [
        (title, text, tables.of_rows(columns, rows, name=key, prefix=f"{key}.", caption=title, noun="row"))
        for key, title, text, columns, rows in found
        if rows
    ]


def _figures(
    number: int, facts: ScenarioFacts, outcome: Outcome, least: int, *, named: bool
) -> tuple[Figure, ...]:
    def made_of(year: int | None) -> str:
        return url_for("scenario_origins.show", scenario_id=number, year=year)

    def money(minor: int) -> Any:
        return filters.short(Amount(currency=facts.currency, minor=minor))

    people = "few" if 0 < outcome.people < least else filters.count(outcome.people)
    return (
        Figure(
            label=f"Less in {outcome.years[0][0]}",
            text=money(outcome.year_minor),
            what=f"of {filters.whole(outcome.years[0][1], facts.currency)} today's forecast",
            tone="bad" if outcome.year_minor < 0 else "plain",
            href=made_of(0),
        ),
        Figure(
            label="Less a year in the end",
            text=money(outcome.annual_minor),
            what=f"in {outcome.years[-1][0]}",
            tone="bad" if outcome.annual_minor < 0 else "plain",
            href=made_of(len(outcome.years) - 1),
        ),
        Figure(
            label="People who move",
            text=people,
            what="active in a tool that is switched off, each once",
            tone="plain",
            href="#people" if named else "#changes-title",
        ),
        Figure(
            label="Pays back by",
            text=outcome.break_even or "not in these months",
            what=f"{filters.whole(outcome.moving_minor, facts.currency)} {facts.currency} once",
            tone="plain",
            href=made_of(None),
        ),
    )


@blueprint.route("/scenarios/<int:scenario_id>/edit", methods=["GET", "POST"])
def edit(scenario_id: int) -> ResponseReturnValue:
    """Rename a scenario, or change its notes."""
    with reading() as session:
        row = scenarios.find_scenario(session, shell.scope(), scenario_id)
        scope = scope_of(session, row)
    form = NameForm(data={"name": row.name, "notes": row.notes, "version": row.version})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            scenarios.edit_scenario(
                session,
                scope,
                scenario_id,
                form.seen_version,
                name=form.name.data or "",
                notes=form.notes.data or "",
            )
            return url_for("scenarios.show", scenario_id=scenario_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("scenarios/edit.html", form, row=row, number=0)


@blueprint.route("/scenarios/<int:scenario_id>/decide", methods=["GET", "POST"])
def decide(scenario_id: int) -> ResponseReturnValue:
    """Turn a scenario into decisions, after a look at which."""
    form = Form()
    with reading() as session:
        row = scenarios.find_scenario(session, shell.scope(), scenario_id)
        scope = scope_of(session, row)
        facts = facts_of(session, scope)
        outcome = work_out_scenario(facts, row.changes)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            made = scenarios.turn_into_decisions(
                session,
                scope,
                scenario_id,
                outcome,
                tool_of_line={
                    line.id: line.tool_id for line in facts.lines.values() if line.tool_id is not None
                },
                send_by={each.id: each.send_by for each in facts.question.details.values() if each.send_by},
                by_id=choices.me(),
                today=shell.today(),
            )
            for what, why in made.left_out:
                flash(f"Left out: {what}: {why}.", "warn")
            number = len(made.decision_ids)
            flash(f"{number} decision{'s' if number != 1 else ''} recorded.", "good")
            return url_for("decisions.index")

        done = submit(form, work)
        if done is not None:
            return done
    return form_page("scenarios/decide.html", form, row=row, effects=outcome.effects, currency=facts.currency)


@blueprint.get("/scenarios/compare")
def compare() -> ResponseReturnValue:
    """Up to four scenarios of one unit side by side."""
    wanted = list(dict.fromkeys(request.args.getlist("id", type=record_number)))[
        : scenario_tables.COMPARED_AT_MOST
    ]
    with reading() as session:
        every = scenarios.list_scenarios(session, shell.scope())
        rows = [scenarios.find_scenario(session, shell.scope(), each) for each in wanted]
        if len({row.unit_id for row in rows}) > 1:
            abort(400, "Compare scenarios of the same unit.")
        scope = scope_of(session, rows[0]) if rows else shell.scope()
        facts = facts_of(session, scope)
        outcomes = [(row.name, work_out_scenario(facts, row.changes)) for row in rows]
    columns, found = scenario_tables.compared(
        facts,
        outcomes,
        least=_least(),
        numbers=[row.id for row in rows],
        named=permissions.may(permissions.Action.SEE_NAMES),
    )
    table = tables.of_rows(
        columns, found, name="compare", noun="measure", empty="Choose scenarios to compare."
    )
    answer = "Choose up to four scenarios to see them side by side."
    if outcomes:
        name, best = max(outcomes, key=lambda each: each[1].annual_minor)
        saved = filters.whole(best.annual_minor, facts.currency)
        answer = f"“{name}” saves most in the end: {saved} {facts.currency} a year."
    return tables.page(
        table,
        "scenarios/compare.html",
        answer=answer,
        drawings=drawings_of(scenario_tables.scenario_plots(facts, outcomes)),
        every=every,
        wanted=wanted,
    )
