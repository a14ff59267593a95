"""Vendors: the list, one vendor with its names, tools and contracts, editing, merging and taking a merge back."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, permissions, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.positions import of_vendor
from mopsaudit.intake.settling import rematch_open
from mopsaudit.inventory import vendors
from mopsaudit.inventory.vendor_view import vendor_view
from mopsaudit.organisation import history
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("vendors", __name__)
navigation = (Entry("vendors.index", "Vendors", Group.STACK, 20),)

COLUMNS = (
    Column(key="name", label="Vendor", kind=ValueKind.REF, primary=True),
    Column(key="parent", label="Belongs to"),
    Column(key="tools", label="Tools", kind=ValueKind.NUMBER),
    Column(key="contracts", label="Contracts", kind=ValueKind.NUMBER),
    Column(key="names", label="Also called", wide=True),
    Column(key="site", label="Web site", wide=True),
    Column(key="country", label="Country", wide=True),
)
NAME_KINDS = (
    ("trading", "trading name"),
    ("legal", "legal entity"),
    ("past", "past name"),
    ("billing", "billing name"),
)


class VendorForm(VersionedForm):
    """A vendor's own columns."""

    name = StringField("Name", validators=[DataRequired("Give the vendor a name."), Length(max=200)])
    parent_id = SelectField("Belongs to", coerce=choices.optional_id, validators=[Optional()])
    site = StringField("Web site", validators=[Optional(), Length(max=300)])
    country = StringField(
        "Country code", validators=[Optional(), Length(min=2, max=2, message="Two letters, like GB.")]
    )
    notes = TextAreaField("Notes", validators=[Optional(), Length(max=8000)])


class NameForm(Form):
    """One more name of a vendor."""

    name = StringField("Name", validators=[DataRequired(), Length(max=200)])
    kind = SelectField("Kind", choices=dict(NAME_KINDS))


class MergeForm(Form):
    """The vendor that stays."""

    into_id = SelectField(
        "Merge into", coerce=choices.optional_id, validators=[DataRequired("Choose the vendor that stays.")]
    )


def vendor_row(each: vendors.VendorRow) -> Row:
    """A vendor in the list."""
    return Row(
        id=str(each.id),
        opens=Ref(kind="vendor", id=each.id, label=each.name),
        values={
            "name": Ref(kind="vendor", id=each.id, label=each.name),
            "parent": each.parent,
            "tools": each.tools,
            "contracts": each.contracts,
            "names": ", ".join(each.names) or None,
            "site": each.site,
            "country": each.country,
        },
    )


@blueprint.get("/vendors")
def index() -> ResponseReturnValue:
    """Every vendor."""
    with reading() as session:
        found = vendors.list_vendors(session)
    table = tables.of_rows(
        COLUMNS,
        [vendor_row(each) for each in found],
        name="vendors",
        noun="vendor",
        empty="No vendor has been entered yet.",
        picks=url_for("bulk_vendors.change", as_of=None, unit=None)
        if permissions.may(permissions.Action.EDIT_INVENTORY)
        else None,
    )
    idle = sum(1 for each in found if not each.tools and not each.contracts)
    answer = f"{len(found):,} vendor{'s' if len(found) != 1 else ''}"
    answer += f"; {idle:,} without a tool or a contract." if idle else "."
    return tables.page(table, "vendors/index.html", title="Vendors", answer=answer if found else "")


@blueprint.get("/vendors/<int:vendor_id>")
def show(vendor_id: int) -> ResponseReturnValue:
    """One vendor."""
    with reading() as session:
        view = vendor_view(session, shell.scope(), vendor_id)
        entries = history(session, "vendor", vendor_id)
    return render_template(
        "vendors/show.html",
        view=view,
        entries=entries,
        name_form=NameForm(),
        position=of_vendor(view.vendor.name, {vendor_id, *(child.id for child in view.children)}),
    )


@blueprint.route("/vendors/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a vendor."""
    form = VendorForm()
    with reading() as session:
        form.parent_id.choices = choices.vendors(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            vendor = vendors.create_vendor(
                session, name=form.name.data or "", parent_id=form.parent_id.data, site=form.site.data
            )
            return url_for("vendors.show", vendor_id=vendor.id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("vendors/edit.html", form, vendor=None)


@blueprint.route("/vendors/<int:vendor_id>/edit", methods=["GET", "POST"])
def edit(vendor_id: int) -> ResponseReturnValue:
    """Edit a vendor; its old name stays as a past name."""
    with reading() as session:
        vendor = vendor_view(session, shell.scope(), vendor_id).vendor
        form = VendorForm(obj=vendor)
        form.parent_id.choices = [each for each in choices.vendors(session) if each[0] != vendor_id]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            changes = {
                "name": form.name.data,
                "parent_id": form.parent_id.data,
                "site": form.site.data,
                "country": (form.country.data or "").upper() or None,
                "notes": form.notes.data or "",
            }
            vendors.edit_vendor(session, vendor_id, form.seen_version, changes)
            return url_for("vendors.show", vendor_id=vendor_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("vendors/edit.html", form, vendor=vendor)


@blueprint.post("/vendors/<int:vendor_id>/names")
def add_name(vendor_id: int) -> ResponseReturnValue:
    """Give a vendor one more name."""
    form = NameForm()
    with reading() as session:
        view = vendor_view(session, shell.scope(), vendor_id)
        entries = history(session, "vendor", vendor_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            vendors.add_name(session, vendor_id, form.name.data or "", form.kind.data)
            rematch_open(session, shell.settings())
            return url_for("vendors.show", vendor_id=vendor_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("vendors/show.html", form, view=view, entries=entries, name_form=form)


@blueprint.route("/vendors/<int:vendor_id>/merge", methods=["GET", "POST"])
def merge(vendor_id: int) -> ResponseReturnValue:
    """Join this vendor to another one; everything it had moves, its names stay as aliases."""
    form = MergeForm()
    with reading() as session:
        vendor = vendor_view(session, shell.scope(), vendor_id).vendor
        form.into_id.choices = [
            ("", "choose the vendor that stays"),
            *((row.id, row.name) for row in vendors.list_vendors(session) if row.id != vendor_id),
        ]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            vendors.merge_vendors(session, vendor_id, form.into_id.data, now=shell.now())
            rematch_open(session, shell.settings())
            return url_for("vendors.show", vendor_id=form.into_id.data)

        done = submit(form, work, said="Merged. It can be taken back on the vendor's page.")
        if done is not None:
            return done
    return form_page("vendors/merge.html", form, vendor=vendor)


@blueprint.post("/vendors/merges/<int:merge_id>/undo")
def unmerge(merge_id: int) -> ResponseReturnValue:
    """Take a merge back."""
    form = Form()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            vendor = vendors.unmerge_vendors(session, merge_id, now=shell.now())
            return url_for("vendors.show", vendor_id=vendor.id)

        done = submit(form, work, said="The merge is taken back.")
        if done is not None:
            return done
    return form_page("vendors/unmerge.html", form)
