"""Tools: the list, one tool with all that hangs on it, entering from the catalogue or by hand, editing, retiring."""

from datetime import date

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints import choices, permissions, positions, shell, tables
from blueprints.decisions import decided_on
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.tool_list import COLUMNS, kept_rows
from mopsaudit.facts.cost import cost_of_tool
from mopsaudit.intake.settling import rematch_open
from mopsaudit.inventory import from_catalogue, listing, tools
from mopsaudit.organisation import history
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import reading
from mopsaudit.words import LicenceMetric, ToolStatus

blueprint = Blueprint("tools", __name__)
navigation = (Entry("tools.index", "Tools", Group.STACK, 10),)


class ToolForm(VersionedForm):
    """A tool's own columns with its dated facts, which change from a day on."""

    name = StringField("Name", validators=[DataRequired("Give the tool a name."), Length(max=200)])
    vendor_id = SelectField("Vendor", coerce=choices.optional_id, validators=[Optional()])
    category = SelectField("Category", validators=[DataRequired()])
    types = SelectMultipleField("Technology types", validators=[Optional()])
    capabilities = SelectMultipleField("Capabilities", validators=[Optional()])
    unit_ids = SelectMultipleField("Business units that use it", coerce=int, validators=[Optional()])
    owner_id = SelectField("Business owner", coerce=choices.optional_id, validators=[Optional()])
    budget_holder_id = SelectField("Budget holder", coerce=choices.optional_id, validators=[Optional()])
    licence_metric = SelectField("Licence metric", validators=[Optional()])
    activity_window_days = IntegerField(
        "Activity window in days",
        validators=[Optional(), NumberRange(min=1, max=730, message="1 to 730 days.")],
    )
    site = StringField("Web site", validators=[Optional(), Length(max=300)])
    description = TextAreaField("What it is for", validators=[Optional(), Length(max=4000)])
    notes = TextAreaField("Notes", validators=[Optional(), Length(max=8000)])
    effective = DateField("Units, people and capabilities change on", validators=[Optional()])

    def fill_choices(self, session: Session) -> None:
        """The lists a person chooses from."""
        self.vendor_id.choices = choices.vendors(session)
        self.category.choices = choices.categories()
        self.types.choices = choices.types()
        self.capabilities.choices = choices.capabilities()
        self.unit_ids.choices = choices.units(session)
        people = choices.people(session, shell.today())
        self.owner_id.choices = people
        self.budget_holder_id.choices = people
        self.licence_metric.choices = [
            ("", "not known"),
            *((m.value, m.value.replace("_", " ")) for m in LicenceMetric),
        ]


class StatusForm(VersionedForm):
    """A lifecycle status from a day on."""

    status = SelectField(
        "Status", choices={s.value: s.value for s in ToolStatus}, validators=[DataRequired()]
    )
    on = DateField("From", validators=[DataRequired("Say from which day on.")])


class AddForm(Form):
    """Entering a catalogue product."""

    product_id = StringField("Product", validators=[DataRequired()])


@blueprint.get("/tools")
def index() -> ResponseReturnValue:
    """Every tool of the scope."""
    with reading() as session:
        rows, said = kept_rows(session, shell.scope())
    table = tables.of_rows(
        COLUMNS,
        rows,
        name="tools",
        noun="tool",
        empty="No tool has been entered yet.",
        sort="name",
        picks=url_for("bulk_tools.change", as_of=None, unit=None)
        if permissions.may(permissions.Action.EDIT_INVENTORY)
        else None,
    )
    return tables.page(table, "tools/index.html", title="Tools", answer=said)


@blueprint.get("/tools/<int:tool_id>")
def show(tool_id: int) -> ResponseReturnValue:
    """One tool."""
    with reading() as session:
        tool = tools.get_tool(session, shell.scope(), tool_id)
        if tool.merged_into_id is not None:
            head = tools.living_tool(session, tool.id)
            entries = history(session, "tool", tool.id)
            return render_template("tools/merged.html", tool=tool, head=head, entries=entries)
        view = listing.tool_view(session, shell.scope(), tool)
        entries = history(session, "tool", tool.id)
        cost = cost_of_tool(session, shell.scope(), tool.id)
        decided = decided_on(session, tool.id)
    names = choices.names()
    return render_template(
        "tools/show.html",
        view=view,
        names=names,
        type_names=[names.get(each, each) for each in view.row.types],
        entries=entries,
        cost=cost,
        **decided,
        position=positions.of_tool(tool.name, tool.id),
        reports=[REPORTS[slug] for slug in ("overlap", "underuse", "renewals", "budget") if slug in REPORTS],
        answer=_tool_answer(view),
        decide_url=url_for("decisions.new", tool_id=tool_id)
        if "decisions.new" in current_app.view_functions
        else None,
    )


def _tool_answer(view: listing.ToolView) -> str:
    """What stands out about one tool, in a sentence."""
    row = view.row
    parts = []
    if row.owner is None:
        parts.append("nobody owns it")
    if not view.contracts:
        parts.append("no contract is on record")
    if not view.capabilities:
        parts.append("its capabilities are not known")
    kind = f"{row.name} is {row.status}"
    return (
        f"{kind}; {', '.join(parts)}." if parts else f"{kind}, owned by {row.owner[1] if row.owner else ''}."
    )


@blueprint.get("/tools/suggest")
def suggest() -> ResponseReturnValue:
    """Catalogue products for a few letters, as JSON for the search box of *Add a tool*."""
    with reading() as session:
        found = from_catalogue.suggest_products(session, request.args.get("q", ""))
    names = choices.names()
    return jsonify(
        [
            {
                "id": each.product.id,
                "name": each.product.name,
                "vendor": each.vendor.name,
                "category": names[each.product.category.value],
                "capabilities": len(each.product.capabilities),
                "owned": url_for("tools.show", tool_id=each.owned_tool_id) if each.owned_tool_id else None,
            }
            for each in found
        ]
    )


@blueprint.route("/tools/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Add a tool from the catalogue by typing a few letters; works without scripts too."""
    form = AddForm()
    typed = request.args.get("q", "")
    with reading() as session:
        found = from_catalogue.suggest_products(session, typed, limit=30)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            tool = from_catalogue.add_from_catalogue(session, form.product_id.data or "", on=shell.today())
            rematch_open(session, shell.settings())  # spend that waited for this tool is placed on it
            return url_for("tools.show", tool_id=tool.id)

        done = submit(
            form, work, said="Added from the catalogue. Check its capabilities and give it an owner."
        )
        if done is not None:
            return done
    return form_page("tools/add.html", form, typed=typed, found=found, names=choices.names())


@blueprint.route("/tools/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a tool by hand."""
    form = ToolForm()
    with reading() as session:
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            tool = tools.create_tool(
                session,
                name=form.name.data or "",
                category=form.category.data,
                on=shell.today(),
                vendor_id=form.vendor_id.data,
                types=form.types.data or (),
                capabilities=form.capabilities.data or (),
                unit_ids=form.unit_ids.data or (),
                owner_id=form.owner_id.data,
                budget_holder_id=form.budget_holder_id.data,
                site=form.site.data,
                description=form.description.data or "",
                licence_metric=form.licence_metric.data,
            )
            rematch_open(session, shell.settings())
            return url_for("tools.show", tool_id=tool.id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("tools/edit.html", form, view=None)


@blueprint.route("/tools/<int:tool_id>/edit", methods=["GET", "POST"])
def edit(tool_id: int) -> ResponseReturnValue:
    """Edit a tool; its dated facts change from the day given, the past stays."""
    with reading() as session:
        tool = tools.get_tool(session, shell.scope(), tool_id)
        if tool.merged_into_id is not None:
            return redirect(url_for("tools.show", tool_id=tool_id))
        view = listing.tool_view(session, shell.scope(), tool)
        row = view.row
        form = ToolForm(
            data={
                "version": tool.version,
                "name": tool.name,
                "vendor_id": tool.vendor_id,
                "category": tool.category,
                "types": list(row.types),
                "capabilities": list(row.capabilities),
                "unit_ids": [unit_id for unit_id, _ in row.units],
                "owner_id": row.owner[0] if row.owner else None,
                "budget_holder_id": row.budget_holder[0] if row.budget_holder else None,
                "licence_metric": tool.licence_metric or "",
                "activity_window_days": tool.activity_window_days,
                "site": tool.site,
                "description": tool.description,
                "notes": tool.notes,
                "effective": shell.today(),
            }
        )
        form.fill_choices(session)
        used = {each.capability_id: each.used_halves for each in view.capabilities}
    if form.validate_on_submit():

        def work(session: Session) -> str:
            _save(session, form, tool_id, row, used)
            if form.name.data != row.name or form.vendor_id.data != row.vendor_id:
                rematch_open(session, shell.settings())
            return url_for("tools.show", tool_id=tool_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("tools/edit.html", form, view=view)


def _save(
    session: Session, form: ToolForm, tool_id: int, row: listing.ToolRow, used: dict[str, int | None]
) -> None:
    """Write an edited tool: its columns under the version the person saw, its facts only where they differ."""
    on: date = form.effective.data or shell.today()
    tools.edit_tool(
        session,
        tool_id,
        form.seen_version,
        {
            "name": form.name.data,
            "vendor_id": form.vendor_id.data,
            "category": form.category.data,
            "licence_metric": form.licence_metric.data,
            "activity_window_days": form.activity_window_days.data,
            "site": form.site.data,
            "description": form.description.data or "",
            "notes": form.notes.data or "",
        },
    )
    if set(form.types.data or ()) != set(row.types):
        tools.set_types(session, tool_id, form.types.data or ())
    chosen = list(form.capabilities.data or ())
    if set(chosen) != set(row.capabilities):
        tools.set_capabilities(session, tool_id, {each: used.get(each) for each in chosen}, on=on)
    if set(form.unit_ids.data or ()) != {unit_id for unit_id, _ in row.units}:
        tools.set_units(session, tool_id, form.unit_ids.data or (), on=on)
    if form.owner_id.data != (row.owner[0] if row.owner else None):
        tools.set_person(session, tool_id, tools.OWNER, form.owner_id.data, on=on)
    if form.budget_holder_id.data != (row.budget_holder[0] if row.budget_holder else None):
        tools.set_person(session, tool_id, tools.BUDGET_HOLDER, form.budget_holder_id.data, on=on)


@blueprint.route("/tools/<int:tool_id>/status", methods=["GET", "POST"])
def status(tool_id: int) -> ResponseReturnValue:
    """Give a tool a lifecycle status from a day on: tools are retired, never deleted."""
    with reading() as session:
        tool = tools.get_tool(session, shell.scope(), tool_id)
        if tool.merged_into_id is not None:
            return redirect(url_for("tools.show", tool_id=tool_id))
        form = StatusForm(data={"version": tool.version, "status": tool.status, "on": shell.today()})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            tools.set_status(
                session,
                tool_id,
                form.seen_version,
                form.status.data,
                on=form.on.data or shell.today(),
                today=shell.today(),
            )
            return url_for("tools.show", tool_id=tool_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("tools/status.html", form, tool=tool)


@blueprint.route("/tools/<int:tool_id>/use", methods=["GET", "POST"])
def use(tool_id: int) -> ResponseReturnValue:
    """Say how far each capability is used: what overlap and feature utilisation rest on."""
    with reading() as session:
        tool = tools.get_tool(session, shell.scope(), tool_id)
        if tool.merged_into_id is not None:
            return redirect(url_for("tools.show", tool_id=tool_id))
        view = listing.tool_view(session, shell.scope(), tool)
    form = Form()
    if form.validate_on_submit():
        halves: dict[str, int | None] = {}
        for each in view.capabilities:
            text = request.form.get(f"used.{each.capability_id}", "")
            halves[each.capability_id] = int(text) if text in ("0", "1", "2") else None

        def work(session: Session) -> str:
            tools.set_capabilities(session, tool_id, halves, on=shell.today(), grade="C")
            return url_for("tools.show", tool_id=tool_id)

        done = submit(form, work, said="Saved as a survey's evidence (grade C).")
        if done is not None:
            return done
    return form_page("tools/use.html", form, tool=tool, view=view, names=choices.names())
