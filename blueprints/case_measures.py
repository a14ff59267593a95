"""What became of a business case: its metrics with their readings, and the benefits that came."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import case_figures, shell
from blueprints.forms import Form, VersionedForm, form_page, submit
from mopsaudit.errors import NotFoundError
from mopsaudit.governance import cases
from mopsaudit.governance.case_view import case_view, flows_realised
from mopsaudit.store.session import reading

blueprint = Blueprint("case_measures", __name__)


class MetricForm(Form):
    """A metric of a case that is not approved yet."""

    name = StringField("Metric", validators=[DataRequired("Name the metric."), Length(max=200)])
    measure = SelectField("Kind of measure", choices={each: each for each in cases.MEASURES})
    early_signal = BooleanField("An early signal, not a result")
    unit_of_measure = StringField("Counted in", validators=[Optional(), Length(max=40)])
    baseline = StringField("Today", validators=[Optional(), Length(max=60)])
    target = StringField("Target", validators=[Optional(), Length(max=60)])
    due_on = DateField("By", validators=[Optional()])


class ReadingForm(Form):
    """What a metric reads today."""

    actual = StringField("Reads now", validators=[DataRequired("Enter what it reads."), Length(max=60)])


def _refused(form: Form, case_id: int) -> ResponseReturnValue:
    """Back on the case with what was wrong."""
    said = [*form.problems, *(str(text) for texts in form.errors.values() for text in texts)]
    flash(" ".join(said) or "This form has expired. Try again.", "bad")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/cases/<int:case_id>/metrics")
def add_metric(case_id: int) -> ResponseReturnValue:
    """Add a metric."""
    form = MetricForm()
    with reading() as session:
        cases.get_case(session, shell.scope(), case_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            cases.add_metric(
                session,
                case_id,
                name=form.name.data or "",
                measure=form.measure.data,
                early_signal=form.early_signal.data,
                unit_of_measure=form.unit_of_measure.data or "",
                baseline=form.baseline.data or None,
                target=form.target.data or None,
                due_on=form.due_on.data,
            )
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Added.")
        if done is not None:
            return done
    return _refused(form, case_id)


@blueprint.post("/cases/<int:case_id>/metrics/<int:metric_id>")
def read_metric(case_id: int, metric_id: int) -> ResponseReturnValue:
    """Record what a metric reads today."""
    form = ReadingForm()
    with reading() as session:
        view = case_view(session, cases.get_case(session, shell.scope(), case_id))
    if metric_id not in {each.id for each in view.metrics}:
        raise NotFoundError("There is no such metric.")
    if form.validate_on_submit():

        def work(session: Session) -> str:
            cases.read_metric(session, metric_id, actual=form.actual.data or "", on=shell.today())
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Recorded.")
        if done is not None:
            return done
    return _refused(form, case_id)


@blueprint.route("/cases/<int:case_id>/benefits", methods=["GET", "POST"])
def benefits(case_id: int) -> ResponseReturnValue:
    """The benefits that came, as typed; what files brought stands beside them and stays."""
    with reading() as session:
        case = cases.get_case(session, shell.scope(), case_id)
        stored = case_figures.spans_of(flows_realised(session, case_id, imported=False), case.currency)
        imported = case_figures.spans_of(flows_realised(session, case_id, imported=True), case.currency)
    form = VersionedForm(data={"version": case.version})
    spans = case_figures.typed_spans(request.form) if request.method == "POST" else stored
    if form.validate_on_submit():

        def work(session: Session) -> str:
            flows = case_figures.flows_of(spans, case.currency)
            cases.record_benefits(session, case_id, flows, version=form.seen_version)
            return url_for("cases.show", case_id=case_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    kinds = [each for each in case_figures.KINDS if each[0] != "cost"]
    blank = case_figures.Span(kind="cash", months="1")
    rows = [*spans, *([blank] * max(2, case_figures.ROWS - len(spans)))]
    return form_page(
        "cases/benefits.html",
        form,
        case=case,
        rows=rows,
        imported=imported,
        kinds=kinds,
        labels=dict(case_figures.KINDS),
        methods=cases.METHODS,
    )
