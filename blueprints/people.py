"""People the inventory names: owners, budget holders, leavers. Sign-ins and roles stand under settings."""

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, identity, shell, tables
from blueprints.forms import Form, Undo, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake import spool
from mopsaudit.inventory import erasure, people
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("people", __name__)
navigation = (Entry("people.index", "Owners", Group.STACK, 40),)

COLUMNS = (
    Column(key="name", label="Name", primary=True),
    Column(key="email", label="E-mail"),
    Column(key="unit", label="Unit"),
    Column(key="department", label="Department", wide=True),
    Column(key="owns", label="Tools owned", kind=ValueKind.NUMBER),
    Column(key="holds", label="Budgets held", kind=ValueKind.NUMBER),
    Column(key="left_on", label="Left on", kind=ValueKind.DATE),
)


class PersonForm(Form):
    """A person who owns or uses something."""

    name = StringField("Name", validators=[DataRequired("Give a name."), Length(max=200)])
    email = StringField("E-mail", validators=[Optional(), Length(max=320)])
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])


class EraseForm(Form):
    """Who takes over, and the address or name typed to say that it is meant."""

    successor_id = SelectField("What they own goes to", coerce=choices.optional_id, validators=[Optional()])
    typed = StringField(
        "Type it to say that you mean it", validators=[DataRequired("Type it."), Length(max=320)]
    )


class LeaveForm(Form):
    """The day a person leaves."""

    left_on = DateField(
        "Leaves on", validators=[Optional()], description="Empty: they stay with the company."
    )


@blueprint.get("/people")
def index() -> ResponseReturnValue:
    """Everybody the inventory knows."""
    with reading() as session:
        found = people.list_people(session, shell.scope().as_of, present_only=False)
    gone = [
        each
        for each in found
        if each.left_on and each.left_on <= shell.scope().as_of and (each.owns or each.holds)
    ]
    rows = [
        Row(
            id=str(each.id),
            opens=Ref(kind="owner", id=each.id, label=each.name),
            values={
                "name": each.name,
                "email": each.email,
                "unit": each.unit,
                "department": each.department,
                "owns": each.owns,
                "holds": each.holds,
                "left_on": each.left_on,
            },
        )
        for each in found
    ]
    answer = f"{len(found):,} people on record"
    if gone:
        answer += f"; {len(gone):,} left and still own tools or budgets: {gone[0].name} first"
    table = tables.of_rows(
        COLUMNS, rows, name="people", noun="person", empty="Nobody is on record yet.", sort="name"
    )
    return tables.page(table, "people/index.html", title="Owners", answer=f"{answer}." if found else "")


@blueprint.route("/people/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a person."""
    form = PersonForm()
    with reading() as session:
        form.unit_id.choices = [("", "not known"), *choices.units(session)]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            people.create_person(
                session, name=form.name.data or "", email=form.email.data, unit_id=form.unit_id.data
            )
            return url_for("people.index")

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("people/new.html", form)


@blueprint.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
def leave(person_id: int) -> ResponseReturnValue:
    """Record that a person leaves: their seats become idle, what they own wants a new owner."""
    with reading() as session:
        known = {each.id: each for each in people.list_people(session, shell.today(), present_only=False)}
    person = known.get(person_id)
    if person is None:
        raise NotFoundError("There is no such person.")
    form = LeaveForm(data={"left_on": person.left_on or shell.today()})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            people.mark_leaver(session, person_id, left_on=form.left_on.data)
            return url_for("people.index")

        before = person.left_on.isoformat() if person.left_on else ""
        back = Undo(address=url_for("people.leave", person_id=person_id), fields={"left_on": before})
        done = submit(form, work, said="Saved.", undo=back)
        if done is not None:
            return done
    return form_page("people/leave.html", form, person_row=person)


@blueprint.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
def erase(person_id: int) -> ResponseReturnValue:
    """Erase a person for good: what is erased and what stays is said first, and a word is typed."""
    identity.require_unit(None)
    with reading() as session:
        found = erasure.traces_of(session, person_id, on=shell.today())
        form = EraseForm()
        form.successor_id.choices = [
            ("", f"nobody: it stays with former person {person_id}"),
            *(
                (key, name)
                for key, name in choices.people(session, shell.today())
                if key not in ("", person_id)
            ),
        ]
    word = found.email or found.name
    form.typed.label.text = f"Type {word} to say that you mean it"
    if form.validate_on_submit():
        if (form.typed.data or "").strip().casefold() != word.strip().casefold():
            form.refuse(InvalidError(f"Type {word}; nothing was changed.", "typed"))
        else:

            def work(session: Session) -> str:
                erasure.erase_person(
                    session,
                    person_id,
                    now=shell.now(),
                    today=shell.today(),
                    by_person_id=identity.person().person_id,
                    successor_id=form.successor_id.data,
                )
                return url_for("people.index")

            done = submit(form, work, said="The person is erased.")
            if done is not None:
                spool.clear(current_app.config["MOPSAUDIT_DATA"])  # readings kept for speed may hold the name
                return done
    return form_page("people/erase.html", form, found=found, word=word)
