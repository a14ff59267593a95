"""Saved views of lists: kept under a name, private or shared with a unit; opened, changed, made the page's first view.

What a view keeps is the address of a list without its date and page. The page that opens it asks in the scope of
whoever opens it.
"""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, identity, list_addresses, navigation, tables
from blueprints.forms import Form, Undo, VersionedForm, form_page, submit
from mopsaudit.errors import NotFoundError
from mopsaudit.organisation import views as saved
from mopsaudit.reporting import Column, Ref, Row
from mopsaudit.store.session import reading

blueprint = Blueprint("views", __name__)

COLUMNS: Final = (
    Column(key="name", label="View", primary=True),
    Column(key="page", label="Of"),
    Column(key="kind", label="Kept by"),
    Column(key="unit", label="Shared with"),
    Column(key="default", label="Opens the page"),
)


class SaveForm(Form):
    """A name for the address a list is at."""

    name = StringField("Name", validators=[DataRequired("Give the view a name."), Length(max=80)])
    page = HiddenField()
    query = HiddenField()
    unit_id = SelectField("Shared with", coerce=choices.optional_id, validators=[Optional()])


class ViewForm(VersionedForm):
    """A view's name and whom it is shared with."""

    name = StringField("Name", validators=[DataRequired("Give the view a name."), Length(max=80)])
    unit_id = SelectField("Shared with", coerce=choices.optional_id, validators=[Optional()])


@blueprint.get("/views")
def index() -> ResponseReturnValue:
    """The views a person keeps or is shown."""
    who = identity.person()
    with reading() as reader:
        found = saved.list_views(reader, person_id=who.person_id, reach=list_addresses.reach())
    rows = [
        Row(
            id=str(each.id),
            opens=Ref(kind="view", id=each.id, label=each.name),
            values={
                "name": each.name,
                "page": page_name(each.page),
                "kind": "you" if each.own else each.by,
                "unit": each.unit or ("a unit that is gone" if each.unit_id else None),
                "default": "yes" if each.default else None,
            },
        )
        for each in found
    ]
    table = tables.of_rows(
        COLUMNS,
        rows,
        name="views",
        noun="view",
        empty="No view is kept yet. Filter a list, open its Views and give what you see a name.",
    )
    own = sum(each.own for each in found)
    answer = f"You keep {own} view{'' if own == 1 else 's'}; {len(found) - own} more are shared with you."
    return tables.page(table, "views/index.html", answer=answer)


def page_name(page: str) -> str:
    """A list's name, as the navigation calls it."""
    endpoint, _, slug = page.partition(":")
    for each in navigation.entries():
        if each.endpoint == endpoint and dict(each.values).get("slug", "") == slug:
            return each.label
    return page


@blueprint.post("/views")
def save() -> ResponseReturnValue:
    """Keep the address a list is at under a name."""
    who = identity.person()
    form = SaveForm()
    with reading() as reader:
        form.unit_id.choices = _shared_with(reader)
    page, query = str(form.page.data or ""), list_addresses.cleaned(str(form.query.data or ""))
    if list_addresses.address_of(page, "") is None or len(page) > 60:
        raise NotFoundError("There is no such page.")
    if form.validate_on_submit():

        def work(session: Session) -> str:
            view = saved.save_view(
                session,
                person_id=who.person_id,
                page=page,
                name=form.name.data or "",
                query=query,
                unit_id=form.unit_id.data,
            )
            return list_addresses.address_of(page, query, view=str(view.id)) or url_for("views.index")

        done = submit(form, work, said="The view is kept. It opens from Views above the table.")
        if done is not None:
            return done
    return form_page(
        "views/edit.html", form, view=None, page=page_name(page), back=list_addresses.address_of(page, query)
    )


@blueprint.get("/views/<int:view_id>")
def show(view_id: int) -> ResponseReturnValue:
    """Open a view: the list at its address, in the reader's own scope."""
    found = _view(view_id)
    query, gone = list_addresses.within_reach(found)
    if gone:
        flash(f"The view {found.name} asks for the unit {gone}, which is gone or not yours to see.", "warn")
    address = list_addresses.address_of(found.page, query, view=str(found.id))
    if address is None:
        raise NotFoundError("The page of this view is no more.")
    return redirect(address)


@blueprint.route("/views/<int:view_id>/edit", methods=["GET", "POST"])
def edit(view_id: int) -> ResponseReturnValue:
    """Rename a view of one's own, or share it."""
    found = _view(view_id, own=True)
    form = ViewForm(data={"name": found.name, "unit_id": found.unit_id, "version": found.version})
    with reading() as reader:
        form.unit_id.choices = _shared_with(reader, found)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            saved.change_view(
                session,
                view_id,
                form.seen_version,
                person_id=found_person(),
                name=form.name.data or "",
                unit_id=form.unit_id.data,
            )
            return url_for("views.index")

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page(
        "views/edit.html", form, view=found, page=page_name(found.page), back=url_for("views.index")
    )


@blueprint.post("/views/<int:view_id>/update")
def update(view_id: int) -> ResponseReturnValue:
    """Let a view of one's own ask for what is shown now."""
    found = _view(view_id, own=True)
    form = VersionedForm()
    query = list_addresses.cleaned(request.form.get("query", ""))
    if form.validate_on_submit():

        def work(session: Session) -> str:
            saved.change_view(session, view_id, form.seen_version, person_id=found_person(), query=query)
            return list_addresses.address_of(found.page, query, view=str(view_id)) or url_for("views.index")

        done = submit(form, work, said=f"{found.name} shows this from now on.")
        if done is not None:
            return done
    return form_page(
        "confirm.html",
        form,
        heading=f"Change {found.name}",
        sentence="Somebody changed this view meanwhile. Open it, set it as you want it and save again.",
        action="Save again",
        danger=False,
        back=url_for("views.show", view_id=view_id),
        trail=[("Views", url_for("views.index"))],
    )


@blueprint.route("/views/<int:view_id>/delete", methods=["GET", "POST"])
def delete(view_id: int) -> ResponseReturnValue:
    """Remove a view of one's own."""
    found = _view(view_id, own=True)
    form = Form()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            saved.delete_view(session, view_id, person_id=found_person())
            return url_for("views.index")

        back = Undo(
            address=url_for("views.save"),
            fields={
                "page": found.page,
                "query": found.query,
                "name": found.name,
                "unit_id": found.unit_id or "",
            },
        )
        done = submit(form, work, said=f"{found.name} is removed. The list itself is as it was.", undo=back)
        if done is not None:
            return done
    shared = f" People of {found.unit} lose it too." if found.unit else ""
    return form_page(
        "confirm.html",
        form,
        heading=f"Remove the view {found.name}",
        sentence=f"Only the view goes, nothing it shows.{shared}",
        action="Remove the view",
        back=url_for("views.index"),
        trail=[("Views", url_for("views.index"))],
    )


@blueprint.post("/views/default")
def default() -> ResponseReturnValue:
    """Choose the view a page opens with, or that it opens with everything."""
    form = Form()
    page = request.form.get("page", "")
    chosen = request.form.get("view_id", type=int)
    found = _view(chosen) if chosen else None
    if list_addresses.address_of(page, "") is None:
        raise NotFoundError("There is no such page.")
    form.validate_on_submit()

    def work(session: Session) -> str:
        saved.choose_default(session, person_id=found_person(), page=page, view=found)
        if found is None:
            return list_addresses.address_of(page, "", view=list_addresses.ALL) or "/"
        return url_for("views.show", view_id=found.id)

    said = f"{page_name(page)} opens with {found.name} from now on." if found else "It opens with everything."
    done = submit(form, work, said=said)
    return done if done is not None else redirect(url_for("views.index"), 303)


def found_person() -> int:
    """The signed-in person's id."""
    return identity.person().person_id


def _view(view_id: int, *, own: bool = False) -> saved.View:
    with reading() as reader:
        found = saved.get_view(reader, view_id, person_id=found_person(), reach=list_addresses.reach())
    if own and not found.own:
        raise NotFoundError("There is no such view.")
    return found


def _shared_with(reader: Session, view: saved.View | None = None) -> Sequence[tuple[int | str, str]]:
    """Nobody, or a unit of the person's own; that of the view stays a choice."""
    units: list[tuple[int | str, str]] = [("", "nobody: only I see it"), *choices.units(reader)]
    if view is not None and view.unit_id is not None and all(each[0] != view.unit_id for each in units):
        units.append((view.unit_id, view.unit or "a unit that is gone"))
    return units
