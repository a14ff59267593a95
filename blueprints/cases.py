"""Business cases: who, why, what, how, and then what; figures, approval by somebody else, reviews."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import case_figures, choices, identity, shell, tables
from blueprints.amounts import QuantityField
from blueprints.case_measures import MetricForm, ReadingForm
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from mopsaudit.errors import InvalidError
from mopsaudit.governance import cases, objectives
from mopsaudit.governance.case_view import CaseView, case_view, case_views, flows_promised, flows_realised
from mopsaudit.money import CURRENCIES, from_minor, to_minor
from mopsaudit.organisation import history, root_unit
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("cases", __name__)
navigation = (Entry("cases.index", "Business cases", Group.DECISIONS, 20),)

COLUMNS = (
    Column(key="title", label="Business case", kind=ValueKind.REF, primary=True),
    Column(key="status", label="Status"),
    Column(key="tool", label="Tool"),
    Column(key="owner", label="Owner"),
    Column(key="cost", label="Promised cost", kind=ValueKind.MONEY),
    Column(
        key="benefit",
        label="Promised benefit",
        kind=ValueKind.MONEY,
        what="Cash and non-cash stand apart on its page.",
    ),
    Column(key="review", label="Review on", kind=ValueKind.DATE),
    Column(key="objective", label="Objective", wide=True),
    Column(key="look", label="To look at"),
)
_QUESTIONS = ("who", "why", "what", "how", "then_what")


class CaseForm(VersionedForm):
    """The five questions and what they hang on."""

    title = StringField("Title", validators=[DataRequired("Give the case a title."), Length(max=200)])
    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    vendor_id = SelectField("Vendor", coerce=choices.optional_id, validators=[Optional()])
    objective_id = SelectField("Objective it serves", coerce=choices.optional_id, validators=[Optional()])
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])
    owner_id = SelectField("Owner", coerce=choices.optional_id, validators=[Optional()])
    budget_holder_id = SelectField(
        "Who controls the budget", coerce=choices.optional_id, validators=[Optional()]
    )
    currency = StringField("Currency", validators=[DataRequired(), Length(min=3, max=3)])
    who = TextAreaField(
        "Who: stakeholders, and who controls the budget", validators=[Optional(), Length(max=4000)]
    )
    why = TextAreaField("Why: the objective it serves", validators=[Optional(), Length(max=4000)])
    what = TextAreaField("What is bought", validators=[Optional(), Length(max=4000)])
    how = TextAreaField(
        "How: the process and the people that will use it", validators=[Optional(), Length(max=4000)]
    )
    margin_micro = QuantityField("Contribution margin before marketing spend, %", validators=[Optional()])
    people_micro = QuantityField(
        "People's time over five years, in the case's currency",
        validators=[Optional()],
    )
    then_what = TextAreaField(
        "Then what: early signals, then outcomes", validators=[Optional(), Length(max=4000)]
    )
    baseline = TextAreaField("Baseline: how it is today", validators=[Optional(), Length(max=4000)])
    starts_on = DateField("Starts on", validators=[Optional()])
    ends_on = DateField("Ends on", validators=[Optional()])
    review_on = DateField("Review on", validators=[Optional()])

    def fill_choices(self, session: Session) -> None:
        """The lists a person chooses from."""
        people = choices.people(session, shell.today())
        self.tool_id.choices = choices.tools(session)
        self.vendor_id.choices = choices.vendors(session)
        units: list[tuple[int | str, str]] = [*choices.units(session)]
        if root_unit(session).id in identity.permitted_units():
            units.insert(0, ("", "the whole company"))  # else the case would be out of its writer's own sight
        self.unit_id.choices = units
        self.objective_id.choices = [
            ("", "none named"),
            *(
                (row.objective.id, "\u2003" * row.depth + row.objective.title)
                for row in objectives.cascade(session, shell.scope())
                if row.objective.retired_on is None or row.objective.id == self.objective_id.data
            ),
        ]
        self.owner_id.choices = people
        self.budget_holder_id.choices = people

    def values(self) -> dict[str, Any]:
        """The columns as typed."""
        found = {each.short_name: each.data for each in self.shown_fields}
        for name in (*_QUESTIONS, "baseline"):
            found[name] = found[name] or ""
        margin, people = found.pop("margin_micro"), found.pop("people_micro")
        currency = (self.currency.data or "").upper()
        return found | {
            "currency": currency,
            "people_minor": _minor(people, currency),
            "margin_ppm": None if margin is None else margin // 100,
        }


def _minor(micro: int | None, currency: str) -> int | None:
    """An amount typed beside its currency; with a code that is none, nothing: the code is refused by name."""
    if micro is None or currency not in CURRENCIES:
        return None
    minor, residue = to_minor(Decimal(micro).scaleb(-6), currency)
    if residue:
        raise InvalidError(f"{currency} has fewer digits after the point.", "people_micro")
    return minor


class ReviewForm(Form):
    """A review after the fact."""

    verdict = SelectField("The promise was", choices={each: each for each in cases.VERDICTS})
    text = TextAreaField("What happened", validators=[DataRequired("Say what happened."), Length(max=4000)])


def _look(view: CaseView) -> str | None:
    """What is not right with a case, in a few words."""
    if view.review_due(shell.scope().as_of):
        return "review is due"
    if view.promises_nothing:
        return "no benefit promised"
    if view.case.status == "submitted":
        return "waits for approval"
    return None


def _row(view: CaseView) -> Row:
    case = view.case
    why = "No figures yet."
    return Row(
        id=str(case.id),
        opens=Ref(kind="case", id=case.id, label=case.title),
        values={
            "title": Ref(kind="case", id=case.id, label=case.title),
            "status": case.status,
            "tool": view.tool,
            "owner": view.owner,
            "cost": Amount(currency=case.currency, minor=view.cost_minor, why=why),
            "benefit": Amount(currency=case.currency, minor=view.benefit_minor, why=why),
            "review": None if case.status == "closed" else stated(case.review_on, "No review is planned."),
            "objective": view.objective,
            "look": _look(view),
        },
    )


@blueprint.get("/cases")
def index() -> ResponseReturnValue:
    """Every business case of the scope."""
    with reading() as session:
        views = case_views(session, cases.list_cases(session, shell.scope()))
    table = tables.of_rows(
        COLUMNS, [_row(view) for view in views], name="cases", noun="case", empty="No business case yet."
    )
    waiting = sum(1 for view in views if view.case.status == "submitted")
    answer = f"{len(views)} business case{'s' if len(views) != 1 else ''}"
    if waiting:
        answer += f"; {waiting} wait{'s' if waiting == 1 else ''} for approval"
    due = sum(1 for view in views if view.review_due(shell.scope().as_of))
    if due:
        answer += f"; the review of {due} is due"
    bare = sum(1 for view in views if view.promises_nothing)
    if bare:
        answer += f"; {bare} promise{'s' if bare == 1 else ''} no benefit"
    answer += "."
    if not views:
        answer = (
            "No business case is on record: write one, and what was promised can be held against what came."
        )
    return tables.page(table, "cases/index.html", title="Business cases", answer=answer)


@blueprint.get("/cases/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """One business case."""
    with reading() as session:
        return _page(session, case_id, VersionedForm(formdata=None))


def _page(session: Session, case_id: int, form: VersionedForm) -> ResponseReturnValue:
    case = cases.get_case(session, shell.scope(), case_id)
    view = case_view(session, case)
    form.version.data = str(case.version)  # what is sent next is decided on what is shown now
    page = render_template(
        "cases/show.html",
        view=view,
        spans=case_figures.spans_of(flows_promised(session, case_id), case.currency),
        kinds=dict(case_figures.KINDS),
        digest=cases.facts_digest(session, case),
        stands=cases.still_approved(session, case),
        form=form,
        review=ReviewForm(formdata=None),
        review_due=view.review_due(shell.scope().as_of),
        metric=MetricForm(formdata=None),
        reading_form=ReadingForm(formdata=None),
        came=case_figures.spans_of(flows_realised(session, case_id, imported=False), case.currency),
        came_by_file=case_figures.spans_of(flows_realised(session, case_id, imported=True), case.currency),
        me=choices.me(),
        entries=history(session, "business_case", case_id),
    )
    return (page, 422) if form.problems else page


@blueprint.route("/cases/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write a business case."""
    with reading() as session:
        start = {
            "currency": shell.settings().base_currency,
            "tool_id": request.args.get("tool_id", type=record_number),
            "objective_id": request.args.get("objective_id", type=record_number),
        }
        form = CaseForm(data=start)
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            case = cases.write_case(session, **form.values())
            return url_for("cases.figures", case_id=case.id)

        done = submit(form, work, said="Saved. Now its figures.")
        if done is not None:
            return done
    return form_page("cases/edit.html", form, case=None)


@blueprint.route("/cases/<int:case_id>/edit", methods=["GET", "POST"])
def edit(case_id: int) -> ResponseReturnValue:
    """Edit a draft."""
    with reading() as session:
        case = cases.get_case(session, shell.scope(), case_id)
        margin = None if case.margin_ppm is None else case.margin_ppm * 100
        people = None
        if case.people_minor is not None:
            people = int(from_minor(case.people_minor, case.currency).scaleb(6))
        form = CaseForm(obj=case, margin_micro=margin, people_micro=people)
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            cases.edit_case(session, case_id, form.seen_version, form.values())
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("cases/edit.html", form, case=case)


@blueprint.route("/cases/<int:case_id>/figures", methods=["GET", "POST"])
def figures(case_id: int) -> ResponseReturnValue:
    """The promised costs and benefits by month."""
    with reading() as session:
        case = cases.get_case(session, shell.scope(), case_id)
        stored = case_figures.spans_of(flows_promised(session, case_id), case.currency)
    form = VersionedForm(data={"version": case.version})
    spans = case_figures.typed_spans(request.form) if request.method == "POST" else stored
    if form.validate_on_submit():

        def work(session: Session) -> str:
            flows = case_figures.flows_of(spans, case.currency)
            cases.promise(session, case_id, form.seen_version, flows)
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    rows = [*spans, *([case_figures.Span()] * max(2, case_figures.ROWS - len(spans)))]
    return form_page(
        "cases/figures.html", form, case=case, rows=rows, kinds=case_figures.KINDS, methods=cases.METHODS
    )


@blueprint.post("/cases/<int:case_id>/step")
def step(case_id: int) -> ResponseReturnValue:
    """Submit, or open an approved scope for changes, or close."""
    form = VersionedForm()
    with reading() as session:
        cases.get_case(session, shell.scope(), case_id)
    to = request.form.get("to", "")
    reason = request.form.get("reason", "")
    if form.validate_on_submit():

        def work(session: Session) -> str:
            if to == "submit":
                cases.submit_case(session, case_id, form.seen_version, by_id=choices.me() or 0)
            elif to == "change":
                cases.change_scope(session, case_id, form.seen_version, reason=reason)
            else:
                cases.close_case(session, case_id, form.seen_version, on=shell.today())
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Saved.", reason=reason or None)
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, case_id, form)


@blueprint.post("/cases/<int:case_id>/judge")
def judge(case_id: int) -> ResponseReturnValue:
    """Approve or refuse the very state that was shown."""
    form = VersionedForm()
    with reading() as session:
        cases.get_case(session, shell.scope(), case_id)
    digest, reason = request.form.get("digest", ""), request.form.get("reason", "")
    refuse = request.form.get("verdict") == "refuse"
    if form.validate_on_submit():

        def work(session: Session) -> str:
            person = choices.me() or 0
            if refuse:
                cases.refuse_case(session, case_id, digest, by_id=person, now=shell.now(), reason=reason)
            else:
                cases.approve_case(session, case_id, digest, by_id=person, now=shell.now(), reason=reason)
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Refused." if refuse else "Approved; what was approved is frozen.")
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, case_id, form)


@blueprint.post("/cases/<int:case_id>/reviews")
def review(case_id: int) -> ResponseReturnValue:
    """Record a review."""
    form = ReviewForm()
    with reading() as session:
        cases.get_case(session, shell.scope(), case_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            cases.review_case(
                session,
                case_id,
                reviewed_on=shell.today(),
                reviewer_id=choices.me() or 0,
                verdict=form.verdict.data,
                text=form.text.data or "",
            )
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="The review is on record.")
        if done is not None:
            return done
    shown = VersionedForm(formdata=None)
    shown.problems = form.problems or ["Say what happened."]
    with reading() as session:
        return _page(session, case_id, shown)
