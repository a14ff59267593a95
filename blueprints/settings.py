"""Settings with their sources and history, and the tree of business units."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import filters, identity, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit import organisation
from mopsaudit.intake.booking import restate_base
from mopsaudit.organisation.history import HistoryEntry
from mopsaudit.organisation.restructure import get_unit, update_unit
from mopsaudit.organisation.setting_history import setting_history
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.settings import Settings, SettingSpec, setting_words
from mopsaudit.store.session import reading

blueprint = Blueprint("settings", __name__)
navigation = (
    Entry("settings.index", "Settings", Group.ORGANISATION, 10),
    Entry("settings.units", "Business units", Group.ORGANISATION, 20),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A setting as the list shows it."""

    key: str
    spec: SettingSpec
    value: Any
    shown: str
    source: str
    default: str
    #: The newest entry of its history, where somebody changed it here.
    changed: HistoryEntry | None


def written(value: Any) -> str:
    """A setting's value as a person types it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(str(each) for each in value)
        case None | "":
            return "–"
        case _:
            return str(value)


def told(key: str, value: Any, currency: str) -> str:
    """A setting's value as a person reads it, in their own style of numbers."""
    return str(filters.said(setting_words(key, value, currency)))


def _sources() -> tuple[Shown, ...]:
    currency = shell.settings().base_currency
    with reading() as session:
        return tuple(
            Shown(
                key=each.key,
                spec=each.spec,
                value=each.value,
                shown=told(each.key, each.value, currency),
                source=each.source,
                default=told(each.key, getattr(Settings(), each.key), currency),
                changed=next(iter(setting_history(session, each.key)), None)
                if each.source == "database"
                else None,
            )
            for each in organisation.setting_sources(session, shell.environ())
        )


COLUMNS = (
    Column(key="name", label="Setting", kind=ValueKind.REF, primary=True),
    Column(key="value", label="Value"),
    Column(key="default", label="Default"),
    Column(key="source", label="Comes from", unbroken=True),
    Column(key="by", label="Set by", wide=True),
    Column(key="what", label="What it does", wide=True),
)
UNITS = (
    Column(key="name", label="Unit", kind=ValueKind.REF, primary=True),
    Column(key="parent", label="Belongs to"),
    Column(key="code", label="Code"),
    Column(key="state", label="State", unbroken=True),
    Column(key="retired", label="Retired on", kind=ValueKind.DATE),
)


class SettingForm(Form):
    """One setting and why it is changed."""

    value = StringField("Value", validators=[Length(max=200)])
    reason = StringField("Why", validators=[Optional(), Length(max=400)])


@blueprint.get("/settings")
def index() -> ResponseReturnValue:
    """Every setting with its value and where it comes from."""
    found = _sources()
    changed = sum(each.source == "database" for each in found)
    answer = f"{len(found)} settings, {changed} set here. Each report prints what it used."
    rows = [
        Row(
            id=each.key,
            opens=Ref(kind="setting", id=each.key, label=each.spec.label),
            values={
                "name": Ref(kind="setting", id=each.key, label=each.spec.label),
                "value": each.shown,
                "default": each.default,
                "source": "set here" if each.changed else each.source,
                "by": f"{each.changed.who}, {filters.moment_text(each.changed.at)}" if each.changed else None,
                "what": each.spec.what,
            },
        )
        for each in found
    ]
    table = tables.of_rows(COLUMNS, rows, name="settings", noun="setting", size=200)
    return tables.page(table, "settings/index.html", answer=answer)


@blueprint.route("/settings/values/<key>", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """One setting: its value, its history, and a form to change it."""
    setting = next((each for each in _sources() if each.key == key), None)
    if setting is None:
        abort(404)
    identity.require_unit(None)
    typed = written(setting.value)
    form = SettingForm(data={"value": "" if typed == "–" else typed})
    if setting.spec.choices:
        form.value.description = f"One of: {', '.join(setting.spec.choices)}."
    elif setting.spec.minimum is not None and setting.spec.maximum is not None:
        form.value.description = f"{setting.spec.minimum} to {setting.spec.maximum}."
    if form.validate_on_submit():

        def work(session: Session) -> str:
            organisation.save_setting(session, key, form.value.data)
            if key == "base_currency":
                restate_base(session, organisation.load_settings(session, {}).base_currency)
            return url_for("settings.edit", key=key)

        done = submit(form, work, said="Saved.", reason=form.reason.data or None)
        if done is not None:
            return done
    with reading() as session:
        entries = setting_history(session, key)
    return form_page(
        "settings/edit.html",
        form,
        setting=setting,
        default=setting.default,
        entries=entries,
    )


class UnitForm(VersionedForm):
    """A business unit."""

    code = StringField("Code", validators=[DataRequired("Give a short code."), Length(max=40)])
    name = StringField("Name", validators=[DataRequired("Give a name."), Length(max=200)])
    parent_id = SelectField("Below", coerce=int)
    retired_on = DateField(
        "Retired on", validators=[Optional()], description="Its figures stay; nothing new is placed in it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit as the tree shows it."""

    id: int
    code: str
    name: str
    depth: int
    parent_id: int | None
    retired: date | None


def permitted_tree() -> tuple[UnitRow, ...]:
    """The units the person may change here, in the order of the tree."""
    allowed = identity.permitted_units()
    with reading() as session:
        units = [unit for unit in organisation.list_units(session) if unit.id in allowed]
    top = min((unit.path.count("/") for unit in units), default=0)
    return tuple(
        UnitRow(
            id=unit.id,
            code=unit.code,
            name=unit.name,
            depth=unit.path.count("/") - top,
            parent_id=unit.parent_id,
            retired=unit.retired_on,
        )
        for unit in units
    )


def unit_choices(*, without: str | None = None) -> list[tuple[int, str]]:
    """Units to choose from, indented by depth; ``without`` is the path of a sub-tree to leave out."""
    with reading() as session:
        hidden = (
            {unit.id for unit in organisation.list_units(session) if unit.path.startswith(without)}
            if without
            else set()
        )
    return [
        (unit.id, "\u00a0\u00a0" * unit.depth + unit.name)
        for unit in permitted_tree()
        if unit.id not in hidden
    ]


@blueprint.get("/settings/units")
def units() -> ResponseReturnValue:
    """The tree of business units, in its order unless the address asks for another."""
    found = permitted_tree()
    names = {each.id: each.name for each in found}
    rows = [
        Row(
            id=str(each.id),
            opens=Ref(kind="unit", id=each.id, label=each.name),
            values={
                "name": Ref(kind="unit", id=each.id, label=each.name),
                "parent": names.get(each.parent_id) if each.parent_id is not None else None,
                "code": each.code,
                "state": "retired" if each.retired else "in use",
                "retired": each.retired,
            },
            detail={"depth": 0 if request.args.get("sort") else each.depth},
        )
        for each in found
    ]
    table = tables.of_rows(UNITS, rows, name="units", noun="unit", size=200)
    return tables.page(table, "settings/units.html")


@blueprint.route("/settings/units/new", methods=["GET", "POST"])
def unit_new() -> ResponseReturnValue:
    """A new unit below another one."""
    form = UnitForm()
    form.parent_id.choices = unit_choices()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.parent_id.data)
            parent = get_unit(session, form.parent_id.data)
            organisation.create_unit(
                session, code=form.code.data or "", name=form.name.data or "", parent=parent
            )
            return url_for("settings.units")

        done = submit(form, work, said="The business unit is there.")
        if done is not None:
            return done
    return form_page("settings/unit.html", form, unit=None, entries=())


@blueprint.route("/settings/units/<int:unit_id>", methods=["GET", "POST"])
def unit(unit_id: int) -> ResponseReturnValue:
    """One unit: its code, name, place in the tree, and history."""
    identity.require_unit(unit_id)
    with reading() as session:
        found = get_unit(session, unit_id)
        path, title, root = found.path, found.name, found.parent_id is None
        form = UnitForm(obj=found)
        entries = organisation.history(session, "business_unit", unit_id)
    if root:
        del form.parent_id, form.retired_on
    else:
        form.parent_id.choices = unit_choices(without=path)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            parent_id = None if root else form.parent_id.data
            if parent_id is not None:
                identity.require_unit(parent_id)
            update_unit(
                session,
                unit_id,
                code=form.code.data or "",
                name=form.name.data or "",
                parent_id=parent_id,
                retired_on=None if root else form.retired_on.data,
                version=form.seen_version,
            )
            return url_for("settings.units")

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("settings/unit.html", form, unit=title, entries=entries)
