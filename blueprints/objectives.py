"""Objectives: what the money is for. They cascade; business cases serve them."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, identity, permissions, shell, tables
from blueprints.forms import Undo, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit.errors import NotFoundError
from mopsaudit.governance import objectives
from mopsaudit.governance.objectives import ObjectiveRow
from mopsaudit.organisation import history, root_unit
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("objectives", __name__)
navigation = (Entry("objectives.index", "Objectives", Group.DECISIONS, 25),)

COLUMNS: Final = (
    Column(key="title", label="Objective", kind=ValueKind.REF, primary=True),
    Column(key="parent", label="Stands below"),
    Column(key="owner", label="Owner"),
    Column(key="unit", label="Business unit"),
    Column(key="cases", label="Business cases", kind=ValueKind.NUMBER),
    Column(key="approved", label="Approved", kind=ValueKind.NUMBER),
    Column(key="state", label="State"),
)


class ObjectiveForm(VersionedForm):
    """An objective and what it stands below."""

    title = StringField("Objective", validators=[DataRequired("Say what is to be reached."), Length(max=200)])
    parent_id = SelectField("Stands below", coerce=choices.optional_id, validators=[Optional()])
    owner_id = SelectField("Owner", coerce=choices.optional_id, validators=[Optional()])
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])
    detail = TextAreaField("How it is measured", validators=[Optional(), Length(max=4000)])

    def fill_choices(self, session: Session, own_id: int | None = None) -> None:
        """The lists a person chooses from; retired objectives stay only where they are chosen already."""
        rows = objectives.cascade(session, shell.scope())
        self.parent_id.choices = [
            ("", "nothing: it is a top objective"),
            *(
                (row.objective.id, "\u2003" * row.depth + row.objective.title)
                for row in rows
                if row.objective.id != own_id
                and (row.objective.retired_on is None or row.objective.id == self.parent_id.data)
            ),
        ]
        people = choices.people(session, shell.today())
        if self.owner_id.data and self.owner_id.data not in {each[0] for each in people}:
            people.append((self.owner_id.data, "the owner on record, who has left"))
        self.owner_id.choices = people
        units: list[tuple[int | str, str]] = [*choices.units(session)]
        if root_unit(session).id in identity.permitted_units():
            units.insert(0, ("", "the whole company"))
        self.unit_id.choices = units

    def values(self) -> dict[str, Any]:
        """The columns as typed."""
        return {each.short_name: each.data for each in self.shown_fields} | {"detail": self.detail.data or ""}


def _row(row: ObjectiveRow) -> Row:
    objective = row.objective
    return Row(
        id=str(objective.id),
        opens=Ref(kind="objective", id=objective.id, label=objective.title),
        values={
            "title": Ref(kind="objective", id=objective.id, label="\u2003" * row.depth + objective.title),
            "parent": row.parent,
            "owner": row.owner,
            "unit": row.unit or "the whole company",
            "cases": len(row.cases),
            "approved": sum(1 for _, _, status in row.cases if status in ("approved", "closed")),
            "state": "retired" if objective.retired_on else "in use",
        },
    )


@blueprint.get("/objectives")
def index() -> ResponseReturnValue:
    """The cascade of objectives, each with the cases that serve it."""
    with reading() as session:
        rows = objectives.cascade(session, shell.scope())
    table = tables.of_rows(
        COLUMNS, [_row(row) for row in rows], name="objectives", noun="objective", empty="No objective yet."
    )
    return tables.page(table, "objectives/index.html", title="Objectives", answer=_answer(rows))


def _answer(rows: tuple[ObjectiveRow, ...]) -> str:
    living = [row for row in rows if row.objective.retired_on is None]
    if not living:
        return "No objective is on record: write down what the money is for, and business cases can serve it."
    bare = [row for row in living if not row.cases and not row.below]
    text = f"{len(living)} objective{'s' if len(living) != 1 else ''} in use"
    if bare:
        text += f"; no business case serves {len(bare)} of them, {bare[0].objective.title} first"
    return text + "."


def _found(session: Session, objective_id: int) -> ObjectiveRow:
    rows = objectives.cascade(session, shell.scope())
    row = next((each for each in rows if each.objective.id == objective_id), None)
    if row is None:
        raise NotFoundError("There is no such objective.")
    return row


def _own(session: Session, objective_id: int) -> ObjectiveRow:
    """The same, where the person may change it: what is read from above answers as if it were not there."""
    row = _found(session, objective_id)
    if not objectives.may_change(shell.scope(), row.objective):
        raise NotFoundError("There is no such objective.")
    return row


@blueprint.get("/objectives/<int:objective_id>")
def show(objective_id: int) -> ResponseReturnValue:
    """One objective: what it serves, what stands below it, which cases serve it."""
    with reading() as session:
        return _page(session, objective_id, VersionedForm(formdata=None))


def _page(session: Session, objective_id: int, form: VersionedForm) -> ResponseReturnValue:
    row = _found(session, objective_id)
    form.version.data = str(row.objective.version)
    rows = objectives.cascade(session, shell.scope())
    page = render_template(
        "objectives/show.html",
        row=row,
        objective=row.objective,
        below=[each for each in rows if each.objective.parent_id == objective_id],
        form=form,
        mine=permissions.may(permissions.Action.EDIT_PLAN)
        and objectives.may_change(shell.scope(), row.objective),
        entries=history(session, "objective", objective_id),
    )
    return (page, 422) if form.problems else page


@blueprint.route("/objectives/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write an objective."""
    with reading() as session:
        form = ObjectiveForm()
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            objective = objectives.write_objective(session, **form.values())
            return url_for("objectives.show", objective_id=objective.id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("objectives/edit.html", form, objective=None)


@blueprint.route("/objectives/<int:objective_id>/edit", methods=["GET", "POST"])
def edit(objective_id: int) -> ResponseReturnValue:
    """Change an objective of one's own units."""
    with reading() as session:
        objective = _own(session, objective_id).objective
        form = ObjectiveForm(obj=objective)
        form.fill_choices(session, objective_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            objectives.edit_objective(session, objective_id, form.seen_version, form.values())
            return url_for("objectives.show", objective_id=objective_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("objectives/edit.html", form, objective=objective)


@blueprint.post("/objectives/<int:objective_id>/retire")
def retire(objective_id: int) -> ResponseReturnValue:
    """Take an objective out of use, or put it back; the cases that serve it keep it."""
    form, back = VersionedForm(), request.form.get("back") == "1"
    with reading() as session:
        _own(session, objective_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            if back:
                objectives.restore_objective(session, objective_id, form.seen_version)
            else:
                objectives.retire_objective(session, objective_id, form.seen_version, on=shell.today())
            return url_for("objectives.show", objective_id=objective_id)

        undo = Undo(
            address=url_for("objectives.retire", objective_id=objective_id),
            fields={"version": form.seen_version + 1, "back": "" if back else "1"},
        )
        said = "Back in use." if back else "Out of use; the cases that serve it keep it."
        done = submit(form, work, said=said, undo=undo)
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, objective_id, form)
