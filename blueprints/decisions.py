"""Decisions: what was decided on which tool, by when, worth how much, and whether it is done."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, shell, tables
from blueprints.amounts import AmountField
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from blueprints.reports import build as build_report
from mopsaudit.errors import NotFoundError
from mopsaudit.governance import decisions
from mopsaudit.governance.decisions import DecisionRow
from mopsaudit.governance.savings_ledger import list_savings
from mopsaudit.governance.scores import mismatch, placements
from mopsaudit.inventory import tools
from mopsaudit.organisation import history
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("decisions", __name__)
navigation = (Entry("decisions.index", "Decisions", Group.DECISIONS, 10),)

VERDICTS = (
    ("keep", "keep"),
    ("right_size", "right-size"),
    ("renegotiate", "renegotiate"),
    ("consolidate", "consolidate into another tool"),
    ("replace", "replace"),
    ("retire", "retire"),
)
WORDS = dict(VERDICTS)

COLUMNS = (
    Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
    Column(key="verdict", label="Decision"),
    Column(key="status", label="Status"),
    Column(key="due", label="Due", kind=ValueKind.DATE),
    Column(key="saving", label="Expected saving", kind=ValueKind.MONEY, what="A year, unless it is one-off."),
    Column(key="steps", label="Steps done"),
    Column(key="decider", label="Decided by"),
    Column(key="on", label="On", kind=ValueKind.DATE, wide=True),
    Column(key="reason", label="Why"),
)


class DecisionForm(VersionedForm):
    """A decision on a tool."""

    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    verdict = SelectField("What is decided", choices=dict(VERDICTS))
    into_tool_id = SelectField("Which tool takes over", coerce=choices.optional_id, validators=[Optional()])
    reason = TextAreaField("Why", validators=[DataRequired("Say why."), Length(max=4000)])
    due_on = DateField("Done by", validators=[Optional()])
    expected_minor = AmountField("Expected saving", validators=[Optional()])
    recurring = BooleanField("The saving recurs every year", default=True)


class StepForm(Form):
    """A step of a decision."""

    title = StringField("What is to be done", validators=[DataRequired("Say what."), Length(max=200)])
    owner_id = SelectField("Who", coerce=choices.optional_id, validators=[Optional()])
    due_on = DateField("By", validators=[Optional()])


def _steps(row: DecisionRow) -> str | None:
    if not row.actions:
        return None
    done = sum(1 for each in row.actions if each.done_on is not None)
    late = sum(1 for each in row.actions if each.late)
    return f"{done} of {len(row.actions)}" + (f", {late} late" if late else "")


def _row(row: DecisionRow) -> Row:
    amount = Amount(currency=row.currency, minor=row.expected_minor, why="No saving was stated.")
    return Row(
        id=str(row.id),
        opens=Ref(kind="decision", id=row.id, label=row.tool),
        category=row.category,
        values={
            "tool": Ref(kind="tool", id=row.tool_id, label=row.tool),
            "verdict": WORDS[row.verdict],
            "status": row.status,
            "due": stated(row.due_on, "No date is set."),
            "saving": amount,
            "steps": _steps(row),
            "decider": row.decider,
            "on": row.decided_on,
            "reason": row.reason,
        },
    )


def _found(session: Session, decision_id: int) -> DecisionRow:
    rows = decisions.list_decisions(session, shell.scope(), tools.in_scope(shell.scope()))
    row = next((each for each in rows if each.id == decision_id), None)
    if row is None:
        raise NotFoundError("There is no such decision.")
    return row


def decided_on(session: Session, tool_id: int) -> dict[str, Any]:
    """What the page of a tool says was decided on it: decisions, savings and where the scores place it."""
    scope = shell.scope()
    return {
        "decided": decisions.list_decisions(session, scope, tools.in_scope(scope), tool_id=tool_id),
        "saved": list_savings(session, scope, tool_id=tool_id),
        "placed": next(iter(placements(session, scope, tool_id=tool_id)), None),
    }


@blueprint.get("/decisions")
def index() -> ResponseReturnValue:
    """Every decision of the scope, open ones first."""
    with reading() as session:
        rows = decisions.list_decisions(session, shell.scope(), tools.in_scope(shell.scope()))
    table = tables.of_rows(
        COLUMNS,
        [_row(row) for row in rows],
        name="decisions",
        noun="decision",
        empty="Nothing has been decided yet.",
    )
    return tables.page(table, "decisions/index.html", title="Decisions", answer=_answer(rows))


def _answer(rows: tuple[DecisionRow, ...]) -> str:
    open_now = [row for row in rows if row.status == "open"]
    if not rows:
        return "Nothing has been decided yet: a finding or a tool page is where a decision starts."
    today = shell.scope().as_of
    late = [row for row in open_now if row.due_on is not None and row.due_on < today]
    text = f"{len(open_now)} of {len(rows)} decisions are open"
    if late:
        text += f"; {len(late)} are past their date, {late[0].tool} first"
    steps = [(step, row) for row in open_now for step in row.actions if step.done_on is None]
    overdue = [(step, row) for step, row in steps if step.late]
    if steps:
        text += f"; {len(steps)} step{'s are' if len(steps) != 1 else ' is'} still to be done"
    if overdue:
        step, row = overdue[0]
        who = step.owner or "nobody named"
        text += f", {len(overdue)} of them overdue: first “{step.title}” ({row.tool}, {who})"
    return text + "."


@blueprint.route("/decisions/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Record a decision, on the tool the address names, or one that was closed once more (``again``)."""
    scope = shell.scope()
    with reading() as session:
        tool_id = request.args.get("tool_id", type=record_number)
        if tool_id is not None:
            tools.get_tool(session, scope, tool_id)
        again = request.args.get("again", type=record_number)
        if again is not None:
            start = _again(_found(session, again))
        else:
            start = from_finding(session) if request.args.get("finding") else {"tool_id": tool_id}
        form = DecisionForm(data={"recurring": True, "verdict": request.args.get("verdict"), **start})
        form.tool_id.choices = choices.tools(session)
        form.into_tool_id.choices = choices.tools(session)
        form.expected_minor.currency = scope.currency
        form.expected_minor.label.text = f"Expected saving ({scope.currency})"
    if form.validate_on_submit():

        def work(session: Session) -> str:
            tools.get_tool(session, scope, form.tool_id.data or 0)
            decision = decisions.record_decision(
                session,
                tool_id=form.tool_id.data or 0,
                verdict=form.verdict.data,
                decided_on=shell.today(),
                reason=form.reason.data or "",
                currency=scope.currency,
                decider_id=choices.me(),
                due_on=form.due_on.data,
                into_tool_id=form.into_tool_id.data,
                expected_minor=form.expected_minor.data,
                recurring=form.recurring.data,
            )
            return url_for("decisions.show", decision_id=decision.id)

        done = submit(form, work, said="Recorded. Now say who does what by when.")
        if done is not None:
            return done
    return form_page("decisions/edit.html", form, row=None)


def _again(row: DecisionRow) -> dict[str, Any]:
    """What a decision that is recorded anew starts from: the closed one, its saving where the currency is the same."""
    return {
        "tool_id": row.tool_id,
        "verdict": row.verdict,
        "into_tool_id": row.into_tool_id,
        "reason": row.reason,
        "due_on": row.due_on,
        "expected_minor": row.expected_minor if row.currency == shell.scope().currency else None,
        "recurring": row.recurring,
    }


#: Kind of a finding → what is most often decided on it; the person chooses.
_PROPOSED = {
    "idle-seats": "right_size",
    "overlap": "consolidate",
    "possible-overlap": "consolidate",
    "owned-unused": "consolidate",
    "over-use": "renegotiate",
    "price-change": "renegotiate",
    "price-increase": "renegotiate",
    "renewal-due": "renegotiate",
    "window-missed": "renegotiate",
}


def from_finding(session: Session) -> dict[str, Any]:
    """What a decision on the finding the address names starts from: its tool, kind, saving and send-by date.

    Raises:
        NotFoundError: there is no such finding (any more), or it names no tool of the scope.
    """
    slug, finding_id = request.args.get("report", ""), request.args.get("finding", "")
    found = next((each for each in build_report(slug).findings if each.id == finding_id), None)
    tool_id = next((each.id for each in found.tools if each.kind == "tool"), None) if found else None
    if found is None or tool_id is None:
        raise NotFoundError("There is no such finding any more.")
    tools.get_tool(session, shell.scope(), int(tool_id))
    return {
        "tool_id": int(tool_id),
        "verdict": _PROPOSED.get(found.kind, "keep"),
        "expected_minor": found.amount.minor or None,
        "due_on": found.due,
        "reason": found.sentence,
    }


@blueprint.get("/decisions/<int:decision_id>")
def show(decision_id: int) -> ResponseReturnValue:
    """One decision with its steps."""
    with reading() as session:
        return _page(session, decision_id, StepForm())


def _page(session: Session, decision_id: int, form: StepForm) -> ResponseReturnValue:
    row = _found(session, decision_id)
    form.owner_id.choices = choices.people(session, shell.today())
    scope = shell.scope()
    saving = next(
        (
            each
            for each in list_savings(session, scope, tool_id=row.tool_id)
            if each.saving.decision_id == decision_id and each.stage != "dropped"
        ),
        None,
    )
    placed = next((each for each in placements(session, scope) if each.tool_id == row.tool_id), None)
    page = render_template(
        "decisions/show.html",
        row=row,
        verdict=WORDS[row.verdict],
        form=form,
        press=Form(),
        saving=saving,
        placed=placed,
        disagrees=placed is not None and mismatch(placed.quadrant, row.verdict),
        entries=history(session, "decision", decision_id),
    )
    return (page, 422) if form.errors or form.problems else page


@blueprint.route("/decisions/<int:decision_id>/edit", methods=["GET", "POST"])
def edit(decision_id: int) -> ResponseReturnValue:
    """Change an open decision."""
    with reading() as session:
        row = _found(session, decision_id)
        form = DecisionForm(
            data={
                "version": row.version,
                "tool_id": row.tool_id,
                "verdict": row.verdict,
                "into_tool_id": row.into_tool_id,
                "reason": row.reason,
                "due_on": row.due_on,
                "expected_minor": row.expected_minor,
                "recurring": row.recurring,
            }
        )
        form.tool_id.choices = [(row.tool_id, row.tool)]
        form.into_tool_id.choices = choices.tools(session)
        form.expected_minor.currency = row.currency
        form.expected_minor.label.text = f"Expected saving ({row.currency})"
    if form.validate_on_submit():

        def work(session: Session) -> str:
            changes = {
                "verdict": form.verdict.data,
                "into_tool_id": form.into_tool_id.data,
                "reason": form.reason.data,
                "due_on": form.due_on.data,
                "expected_minor": form.expected_minor.data,
                "recurring": form.recurring.data,
            }
            decisions.edit_decision(session, decision_id, form.seen_version, changes)
            return url_for("decisions.show", decision_id=decision_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("decisions/edit.html", form, row=row)


@blueprint.post("/decisions/<int:decision_id>/close")
def close(decision_id: int) -> ResponseReturnValue:
    """Mark a decision done or dropped."""
    form = VersionedForm()
    status = request.form.get("status", "")
    with reading() as session:
        _found(session, decision_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            decisions.close_decision(session, decision_id, form.seen_version, status)
            return url_for("decisions.show", decision_id=decision_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    step = StepForm(formdata=None)
    step.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, decision_id, step)


@blueprint.post("/decisions/<int:decision_id>/steps")
def add_step(decision_id: int) -> ResponseReturnValue:
    """Add a step."""
    form = StepForm()
    with reading() as session:
        _found(session, decision_id)
        form.owner_id.choices = choices.people(session, shell.today())
    if form.validate_on_submit():

        def work(session: Session) -> str:
            decisions.add_action(
                session,
                decision_id,
                title=form.title.data or "",
                owner_id=form.owner_id.data,
                due_on=form.due_on.data,
            )
            return url_for("decisions.show", decision_id=decision_id)

        done = submit(form, work, said="Added.")
        if done is not None:
            return done
    with reading() as session:
        return _page(session, decision_id, form)


@blueprint.post("/decisions/<int:decision_id>/steps/<int:action_id>")
def finish_step(decision_id: int, action_id: int) -> ResponseReturnValue:
    """Mark a step done, or open again."""
    form = Form()
    with reading() as session:
        row = _found(session, decision_id)
    if action_id not in {each.id for each in row.actions}:
        raise NotFoundError("There is no such step.")
    done_on = None if request.form.get("open") == "1" else shell.today()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            decisions.finish_action(session, action_id, done_on=done_on)
            return url_for("decisions.show", decision_id=decision_id)

        done = submit(form, work)
        if done is not None:
            return done
    with reading() as session:
        return _page(session, decision_id, StepForm(formdata=None))
