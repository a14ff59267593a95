"""The lowest-cost stack: asking for it, watching it being worked out, and what it says with its proof."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from blueprints import choices, exports, filters, identity, permissions, shell, tables
from blueprints.amounts import AmountField
from blueprints.forms import Form, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, drawings_of
from mopsaudit import jobs
from mopsaudit.facts.reading import answer
from mopsaudit.governance import stack_searches
from mopsaudit.governance.stack_searches import SearchRow
from mopsaudit.inventory.people import unit_names
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind
from mopsaudit.scenarios import tables as stack_tables
from mopsaudit.scenarios.answer import without_small_groups
from mopsaudit.scenarios.options import HORIZONS, StackOptions
from mopsaudit.scenarios.query import active_names, joined_scope, stack_question
from mopsaudit.scenarios.stack_parts import has_parts
from mopsaudit.scenarios.work import STACK_JOB, answered_at_once, now_digest
from mopsaudit.store.session import reading

blueprint = Blueprint("stack_searches", __name__)
navigation = (Entry("stack_searches.index", "Lowest-cost stack", Group.SCENARIOS, 20),)

#: Names shown of the people of one tool; the sentence above says how many there are.
_NAMES: Final = 60
STATUS: Final = {"working": "being worked out", "done": "done", "failed": "failed", "cancelled": "stopped"}

#: Why a search has no saving, by whether it has no answer.
_NO_SET: Final = {True: "It is not worked out.", False: "No set was found."}

COLUMNS = (
    Column(key="answer", label="Answer", primary=True),
    Column(key="status", label="Status"),
    Column(key="saving", label="Less than today", kind=ValueKind.MONEY),
    Column(key="months", label="Months", kind=ValueKind.NUMBER),
    Column(key="as_of", label="As of", kind=ValueKind.DATE),
    Column(key="by", label="Asked by"),
)


class SearchForm(Form):
    """What is asked of the lowest-cost stack."""

    months = SelectField(
        "Look ahead",
        coerce=int,
        choices={str(each): f"{each} months" for each in HORIZONS},
        description="What a contract owes before its end can be saved later only: a longer look saves more.",
    )
    lead_months = IntegerField(
        "Months until the first tool can be switched off", validators=[NumberRange(0, 60)]
    )
    keep = SelectMultipleField(
        "Tools that must stay",
        coerce=int,
        validators=[Optional()],
        description="Tools a decision says to keep are chosen already.",
    )
    go = SelectMultipleField("Tools that must go", coerce=int, validators=[Optional()])
    vendor_percent = IntegerField(
        "No vendor above, in percent of the yearly cost of what stays",
        validators=[Optional(), NumberRange(1, 100)],
    )
    moving_minor = AmountField("Moving off a tool costs, once", validators=[Optional()])
    person_minor = AmountField("And for each of its people", validators=[Optional()])
    together = SelectMultipleField(
        "Join business units",
        coerce=int,
        validators=[Optional()],
        description="For a merger: two units or more count as one, and any of their tools may serve all of them.",
    )


def _form(session: Session) -> SearchForm:
    scope = shell.scope()
    form = SearchForm(
        data={
            "months": 36,
            "lead_months": 3,
            "keep": list(stack_searches.kept_tools(session, scope)),
            "moving_minor": 0,
            "person_minor": 0,
            "together": request.args.getlist("together", type=record_number),
        }
    )
    tools = [(int(number), name) for number, name in choices.tools(session) if number]
    form.keep.choices = form.go.choices = tools
    form.together.choices = unit_names(session, frozenset(scope.unit_ids) - {scope.unit_id})
    for field in (form.moving_minor, form.person_minor):
        field.currency = scope.currency
        field.label.text += f" ({scope.currency})"
    return form


def _options(form: SearchForm) -> StackOptions:
    return StackOptions(
        months=form.months.data,
        lead_months=form.lead_months.data or 0,
        keep=tuple(form.keep.data or ()),
        go=tuple(form.go.data or ()),
        vendor_percent=form.vendor_percent.data,
        moving_minor=form.moving_minor.data or 0,
        person_minor=form.person_minor.data or 0,
        together=tuple(form.together.data or ()),
    )


@blueprint.get("/scenarios/stack")
def index() -> ResponseReturnValue:
    """What was asked before, newest first."""
    with reading() as session:
        rows = stack_searches.list_searches(session, shell.scope())
    table = tables.of_rows(
        COLUMNS,
        [_row(each) for each in rows],
        name="stack-searches",
        noun="search",
        empty="Nobody has asked for the lowest-cost stack yet.",
    )
    return tables.page(table, "scenarios/searches.html", answer=_newest(rows))


def _row(found: SearchRow) -> Row:
    data = found.answer or {}
    currency = str(data.get("currency") or shell.scope().currency)
    return Row(
        id=str(found.id),
        opens=Ref(kind="stack_search", id=found.id, label=str(found.id)),
        values={
            "answer": data.get("answer") or found.message or "Being worked out",
            "status": STATUS[found.status],
            "saving": Amount(
                currency=currency, minor=data.get("saving_minor"), why=_NO_SET[found.answer is None]
            ),
            "months": found.options.months,
            "as_of": found.as_of,
            "by": found.by,
        },
    )


def _newest(rows: tuple[SearchRow, ...]) -> str:
    newest = next((each.answer for each in rows if each.answer), None)
    if newest is None:
        return "The cheapest set of tools that keeps what each unit needs, worked out exactly: ask for it."
    return str(newest["answer"])


@blueprint.route("/scenarios/stack/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Ask; what takes over a second is worked out in the background."""
    scope = shell.scope()
    with reading() as session:
        form = _form(session)
    if form.validate_on_submit():
        options = _options(form)
        at_once: dict[str, Any] | None = None
        digest = ""
        if not (set(options.keep) & set(options.go)) and len(set(options.together)) != 1:
            with reading() as session:
                question = stack_question(session, scope, options)
            at_once, digest = answered_at_once(question), question.digest

        def work(session: Session) -> str:
            search = stack_searches.start_search(session, scope, options, by_id=choices.me(), now=shell.now())
            if at_once is not None:
                stack_searches.answer_search(session, search.id, digest=digest, answer=at_once)
            else:
                who = identity.current()
                jobs.enqueue(
                    session,
                    kind=STACK_JOB,
                    subject_id=search.id,
                    now=shell.now(),
                    created_by=who.actor.label if who else "system",
                )
            return url_for("stack_searches.show", search_id=search.id)

        done = submit(form, work)
        if done is not None:
            return done
    return form_page("scenarios/search.html", form)


@blueprint.get("/scenarios/stack/<int:search_id>")
def show(search_id: int) -> ResponseReturnValue:
    """The answer of a search, or how far it is; ``format=json`` is the object of the manual."""
    scope = shell.scope()
    with reading() as session:
        found = stack_searches.find_search(session, scope, search_id)
        job = jobs.job_of(session, STACK_JOB, search_id)
        if found.answer is None:
            return form_page(
                "scenarios/working.html", Form(), found=found, job=job, words=STATUS[found.status]
            )
        acts = permissions.may(permissions.Action.SEE_NAMES)
        data = found.answer if acts else without_small_groups(found.answer, scope.settings.group_minimum)
        names = {}
        if acts and data.get("off"):
            ids = [int(each["id"]) for each in data["off"]]
            names = active_names(session, joined_scope(session, scope, found.options.together), ids)
        stale = _stale(session, found)
    if request.args.get("format") == "json":
        permissions.require(permissions.Action.EXPORT)
        return jsonify(data)
    parts = _parts(found.id, data)
    for _, _, table in parts:
        if table.asked.export:
            return exports.export(table)
    return form_page(
        "scenarios/stack.html",
        Form(),
        found=found,
        data=data,
        figures=_figures(found.id, data),
        trust=trust_line(data),
        parts=parts,
        drawings=drawings_of(stack_tables.stack_plots(data)),
        stale=stale,
        names={
            each["name"]: names[each["id"]][:_NAMES] for each in data.get("off", ()) if each["id"] in names
        },
        most=_NAMES,
    )


def _stale(session: Session, found: SearchRow) -> bool:
    """Whether the data the answer rests on is another by now."""
    scope = replace(shell.scope(), as_of=found.as_of)
    return (
        answer(
            session,
            ("stack-search", scope, found.id),
            lambda: now_digest(session, scope, found.options),
        )
        != found.digest
    )


def trust_line(data: Any) -> str:
    """As of when, for whom, in which currency, from how much, and whether it is proven."""
    unit = data["unit"] or "whole company"
    proof = data["proof"]
    said = (
        f"proven: value {filters.whole(proof['value_minor'], data['currency'])} = bound "
        f"{filters.whole(proof['bound_minor'], data['currency'])}"
        if proof["proven"]
        else "not proven"
    )
    return (
        f"As of {filters.day_text(date.fromisoformat(data['as_of']))} · {unit} · {data['currency']} · "
        f"{data['tools']} tools, {data['requirements']} requirements · {said}"
    )


def _figures(number: int, data: Any) -> tuple[Figure, ...]:
    if "value_minor" not in data:
        return ()
    currency = data["currency"]

    def made_of(span: str | None, instead: str) -> str:
        if not has_parts(data):
            return instead  # an answer that was kept before its parts were
        return url_for("stack_parts.show", search_id=number, span=span)

    def money(minor: int) -> Any:
        return filters.short(Amount(currency=currency, minor=minor))

    return (
        Figure(
            label=f"Over {data['months']} months",
            text=money(data["value_minor"]),
            what=f"instead of {filters.whole(data['today_minor'], currency)} {currency}",
            tone="plain",
            href=made_of(None, "#keep"),
        ),
        Figure(
            label="Less than today",
            text=money(data["saving_minor"]),
            what="net of what is owed, moving and added seats",
            tone="good" if data["saving_minor"] else "plain",
            href=made_of(None, "#off"),
        ),
        Figure(
            label="Less a year in the end",
            text=money(data["annual_minor"]),
            what="once every contract has ended",
            tone="plain",
            href=made_of("year", "#off"),
        ),
        Figure(
            label="Pays back by",
            text=data["break_even"] or "never",
            what=f"within the {data['months']} months",
            tone="plain",
            href="#chart-0",
        ),
    )


def _parts(number: int, data: Any) -> list[tuple[str, str, tables.Table]]:
    """Heading, sentence and table of each part that has something to say."""
    off, keep, lost = (len(data.get(name, ())) for name in ("off", "keep", "lost"))
    found = (
        (
            "off",
            "What would be switched off",
            f"{off} tools, dearest first.",
            stack_tables.OFF,
            stack_tables.off_rows,
        ),
        ("keep", "What would stay", f"{keep} tools.", stack_tables.KEEP, stack_tables.keep_rows),
        (
            "lost",
            "What falls away",
            f"{lost} capabilities that nobody would supply any more; none of them is required.",
            stack_tables.LOST,
            stack_tables.lost_rows,
        ),
        (
            "others",
            "The next best sets",
            "Each within 5 percent of the best, and without a tool the better ones pay for.",
            stack_tables.OTHERS,
            stack_tables.other_rows,
        ),
        (
            "missing",
            "What no stack can meet",
            "Say that it is not required, or let a tool stay that supplies it.",
            stack_tables.MISSING,
            stack_tables.missing_rows,
        ),
    )
    return [
        (
            title,
            sentence,
            tables.of_rows(
                columns, rows(data, number), name=key, prefix=f"{key}.", caption=title, noun="row"
            ),
        )
        for key, title, sentence, columns, rows in found
        if rows(data)
    ]


@blueprint.get("/scenarios/stack/<int:search_id>/state")
def state(search_id: int) -> ResponseReturnValue:
    """How far a search is, as JSON for the progress bar."""
    with reading() as session:
        found = stack_searches.find_search(session, shell.scope(), search_id)
        job = jobs.job_of(session, STACK_JOB, search_id)
    return jsonify(
        status=found.status,
        done=job.progress_done if job else 0,
        total=job.progress_total if job else None,
        text="Working it out",
        finished=found.status != "working",
    )


@blueprint.post("/scenarios/stack/<int:search_id>/cancel")
def cancel(search_id: int) -> ResponseReturnValue:
    """Stop a search."""
    form = Form()
    with reading() as session:
        stack_searches.find_search(session, shell.scope(), search_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            job = jobs.job_of(session, STACK_JOB, search_id)
            if job is not None:
                jobs.ask_cancel(session, job, now=shell.now(), ending=jobs.endings.get(STACK_JOB))
            return url_for("stack_searches.show", search_id=search_id)

        done = submit(form, work)
        if done is not None:
            return done
    return show(search_id)
