"""Legal entities with the day their books are closed through, and the map from cost centres to business units."""

from decimal import Decimal

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints import choices, exports, identity, shell, tables
from blueprints.closing import keeping_forecasts
from blueprints.forms import Form, Undo, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.settings import unit_choices
from mopsaudit import organisation
from mopsaudit.errors import NotFoundError
from mopsaudit.money import CURRENCIES
from mopsaudit.organisation import entities
from mopsaudit.reporting import Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("entities", __name__)
navigation = (
    Entry("entities.index", "Legal entities", Group.ORGANISATION, 40),
    Entry("entities.cost_centres", "Cost centres", Group.ORGANISATION, 50),
)


class EntityForm(VersionedForm):
    """A legal entity."""

    code = StringField("Code", validators=[DataRequired("Give a short code."), Length(max=40)])
    name = StringField("Name", validators=[DataRequired("Give a name."), Length(max=200)])
    currency = SelectField(
        "Currency of its books", choices={"": "not known"} | {each: each for each in sorted(CURRENCIES)}
    )
    country = StringField(
        "Country", validators=[Optional(), Length(max=2)], description="Two letters, such as GB."
    )
    closed_through = DateField(
        "Closed through", validators=[Optional()], description="The last day whose books are closed."
    )
    recoverable_percent = DecimalField(
        "Recoverable tax in percent",
        default=Decimal(100),
        places=None,
        validators=[DataRequired("Give a share, 100 for all."), NumberRange(min=0, max=100)],
        description="Reports are net of the input tax that is recovered.",
    )
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])
    reason = StringField("Why, if the closed day moves back", validators=[Optional(), Length(max=400)])


ENTITIES = (
    Column(key="name", label="Entity", kind=ValueKind.REF, primary=True),
    Column(key="code", label="Code"),
    Column(key="currency", label="Currency"),
    Column(key="country", label="Country"),
    Column(key="closed", label="Closed through", kind=ValueKind.DATE),
    Column(key="share", label="Recoverable tax (%)", kind=ValueKind.NUMBER),
    Column(key="unit", label="Unit"),
)


class CentreForm(Form):
    """Where a cost centre's lines belong, from when."""

    cost_centre = StringField("Cost centre", validators=[DataRequired("Give a cost centre."), Length(max=40)])
    unit_id = SelectField("Business unit", coerce=int)
    valid_from = DateField("From", validators=[Optional()], description="Empty: always.")
    valid_until = DateField(
        "Until before", validators=[Optional()], description="The first day it no longer holds. Empty: open."
    )
    entity_id = SelectField("Legal entity", coerce=choices.optional_id, validators=[Optional()])


class EndForm(Form):
    """The day an entry of the map ends."""

    on = DateField("From this day without a unit", validators=[DataRequired("Say on which day.")])


@blueprint.get("/settings/entities")
def index() -> ResponseReturnValue:
    """The legal entities."""
    allowed = identity.permitted_units()
    with reading() as session:
        root = organisation.root_unit(session).id
        names = {unit.id: unit.name for unit in organisation.list_units(session)}
        rows = [
            Row(
                id=str(each.id),
                opens=Ref(kind="entity", id=each.id, label=each.name),
                values={
                    "name": Ref(kind="entity", id=each.id, label=each.name),
                    "code": each.code,
                    "currency": each.currency,
                    "country": each.country,
                    "closed": stated(each.closed_through, "Nothing of it is closed."),
                    "share": entities.recoverable_percent(each),
                    "unit": names.get(each.unit_id or root),
                },
            )
            for each in entities.list_entities(session)
            if (each.unit_id or root) in allowed
        ]
    table = tables.of_rows(
        ENTITIES,
        rows,
        name="entities",
        noun="entity",
        caption="Legal entities",
        empty="No legal entity yet; imports without one count for the whole company.",
    )
    return tables.page(table, "settings/entities.html")


@blueprint.route("/settings/entities/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new legal entity."""
    form = EntityForm()
    form.unit_id.choices = [("", "the whole company"), *unit_choices()]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.unit_id.data)
            entities.create_entity(session, _facts(form))
            return url_for("entities.index")

        done = submit(form, work, said="The legal entity is there.")
        if done is not None:
            return done
    return form_page("settings/entity.html", form, entity=None, entries=())


@blueprint.route("/settings/entities/<int:entity_id>", methods=["GET", "POST"])
def show(entity_id: int) -> ResponseReturnValue:
    """One legal entity and its history."""
    with reading() as session:
        found = entities.get_entity(session, entity_id)
        identity.require_unit(found.unit_id)
        name = found.name
        form = EntityForm(obj=found, data={"recoverable_percent": entities.recoverable_percent(found)})
        entries = organisation.history(session, "legal_entity", entity_id)
    form.unit_id.choices = [("", "the whole company"), *unit_choices()]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.unit_id.data)
            reason = form.reason.data or None
            with keeping_forecasts(session):
                entities.update_entity(
                    session, entity_id, _facts(form), version=form.seen_version, reason=reason
                )
            return url_for("entities.index")

        done = submit(form, work, said="Saved.", reason=form.reason.data or None)
        if done is not None:
            return done
    return form_page("settings/entity.html", form, entity=name, entries=entries)


def _facts(form: EntityForm) -> entities.EntityFacts:
    return entities.EntityFacts(
        code=form.code.data or "",
        name=form.name.data or "",
        currency=form.currency.data or None,
        country=form.country.data or None,
        closed_through=form.closed_through.data,
        recoverable_percent=form.recoverable_percent.data or Decimal(0),
        unit_id=form.unit_id.data,
    )


CENTRES = (
    Column(key="cost_centre", label="Cost centre", primary=True),
    Column(key="unit", label="Unit"),
    Column(key="entity", label="Entity"),
    Column(
        key="valid_from", label="From", kind=ValueKind.DATE, what="Without a day it holds from the beginning."
    ),
    Column(key="valid_until", label="Until", kind=ValueKind.DATE, what="Without a day it has no end."),
    Column(key="state", label="State"),
)


def _centre_row(each: entities.CentreRow) -> Row:
    """An entry of the map; without a first day it holds always, without a last one it is open."""
    return Row(
        id=str(each.id),
        state="ended" if each.valid_until else "open",
        values={
            "cost_centre": each.cost_centre,
            "unit": each.unit,
            "entity": each.entity or "any",
            "valid_from": each.valid_from,
            "valid_until": each.valid_until,
            "state": "ended" if each.valid_until and each.valid_until <= shell.today() else "open",
        },
    )


def _centre_actions(row: Row) -> str:
    if row.values["valid_until"] is not None:
        return ""
    page = render_template("settings/cost_centre_actions.html", row=row)
    return Markup(page)  # noqa: S704  # our own template, escaped as it was rendered


@blueprint.route("/settings/cost-centres", methods=["GET", "POST"])
def cost_centres() -> ResponseReturnValue:
    """The map, and a form for one more entry; a later entry ends the one before it."""
    form, allowed = CentreForm(), identity.permitted_units()
    form.unit_id.choices = unit_choices()
    with reading() as session:
        rows = [each for each in entities.list_cost_centres(session) if each.unit_id in allowed]
        form.entity_id.choices = [
            ("", "any"),
            *((each.id, f"{each.code} {each.name}") for each in entities.list_entities(session)),
        ]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.unit_id.data)
            entities.map_cost_centre(
                session,
                cost_centre=form.cost_centre.data or "",
                unit_id=form.unit_id.data,
                valid_from=form.valid_from.data,
                valid_until=form.valid_until.data,
                entity_id=form.entity_id.data,
            )
            return url_for("entities.cost_centres")

        done = submit(form, work, said="The cost centre is mapped.")
        if done is not None:
            return done
    table = tables.of_rows(
        CENTRES,
        [_centre_row(each) for each in rows],
        name="cost-centres",
        noun="mapping",
        caption="Cost-centre map",
        empty="No cost centre is mapped yet; spend keeps the unit its file names.",
        row_actions=_centre_actions,
    )
    if table.asked.export:
        return exports.export(table)
    return form_page("settings/cost_centres.html", form, table=table)


@blueprint.post("/settings/cost-centres/<int:entry_id>/end")
def end_cost_centre(entry_id: int) -> ResponseReturnValue:
    """End an entry of the map today."""
    form = EndForm(formdata=None)
    form.once.data = None  # ending it twice today is ending it once
    with reading() as session:
        entry = next((each for each in entities.list_cost_centres(session) if each.id == entry_id), None)
    if entry is None:
        raise NotFoundError("There is no such entry.")
    identity.require_unit(entry.unit_id)

    def work(session: Session) -> str:
        entities.end_cost_centre(session, entry_id, on=shell.today())
        return url_for("entities.cost_centres")

    back = Undo(
        address=url_for("entities.cost_centres"),
        fields={
            "cost_centre": entry.cost_centre,
            "unit_id": entry.unit_id,
            "valid_from": shell.today().isoformat(),
            "entity_id": entry.entity_id or "",
        },
    )
    done = submit(form, work, said="The entry ends today.", undo=back)
    return done or redirect(url_for("entities.cost_centres"), 303)
