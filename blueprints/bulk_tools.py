"""Changing many tools at once: choose them and the change, look at it row by row, make it, take it back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, filters, identity, positions, shell, tables
from blueprints.forms import Form, form_page, submit
from blueprints.tool_list import COLUMNS, tool_row
from mopsaudit.errors import InvalidError
from mopsaudit.inventory import bulk_tools, listing
from mopsaudit.inventory.bulk_tools import DATED, Change, Field, Outcome
from mopsaudit.reporting import Column, Ref, Row
from mopsaudit.store.session import reading
from mopsaudit.words import ToolStatus

blueprint = Blueprint("bulk_tools", __name__)

#: Fields in the words of the page.
WORDS: Final[Mapping[Field, str]] = {
    Field.OWNER: "Business owner",
    Field.BUDGET_HOLDER: "Budget holder",
    Field.UNITS: "Business units, in place of those it has",
    Field.ADD_UNITS: "Business units, beside those it has",
    Field.CATEGORY: "Category",
    Field.TYPES: "Technology types, in place of those it has",
    Field.STATUS: "Status",
}
#: Most tools of one change.
MOST: Final = 2000
#: Rows of a preview that are shown one by one.
SHOWN: Final = 300
COLUMNS_OF: Final = (
    Column(key="tool", label="Tool", primary=True),
    Column(key="before", label="Now"),
    Column(key="after", label="Then"),
    Column(key="what", label="What happens"),
)


class ChangeForm(Form):
    """The value, the day it holds from, and why."""

    on = DateField("From", validators=[Optional()])
    reason = StringField(
        "Why", validators=[DataRequired("Say why; it stands in each tool's history."), Length(max=400)]
    )


class PersonForm(ChangeForm):
    """A person, or nobody."""

    value = SelectField("Who", coerce=choices.optional_id, validators=[Optional()])


class UnitsForm(ChangeForm):
    """Business units."""

    value = SelectMultipleField("Which", coerce=int, validators=[Optional()])


class OneForm(ChangeForm):
    """A category or a status."""

    value = SelectField("Which", validators=[DataRequired("Choose one.")])


class SeveralForm(ChangeForm):
    """Technology types."""

    value = SelectMultipleField("Which", validators=[Optional()])


def _form(field: Field, session: Session) -> ChangeForm:
    data = {"on": shell.today()}
    match field:
        case Field.OWNER | Field.BUDGET_HOLDER:
            person = PersonForm(data=data)
            person.value.choices = choices.people(session, shell.today())
            return person
        case Field.UNITS | Field.ADD_UNITS:
            units = UnitsForm(data=data)
            units.value.choices = choices.units(session)
            return units
        case Field.CATEGORY:
            category = OneForm(data=data)
            category.value.choices = choices.categories()
            return category
        case Field.TYPES:
            types = SeveralForm(data=data)
            types.value.choices = choices.types()
            return types
        case Field.STATUS:
            status = OneForm(data=data)
            status.value.choices = {each.value: each.value for each in ToolStatus}
            return status


def chosen_ids(session: Session) -> tuple[int, ...]:
    """The tools the request names: ticked ones, or (``all``) those the list's search and filters leave.

    404 for a tool that is not there or not theirs; 400 for more than :data:`MOST`.
    """
    rows = listing.list_tools(session, shell.scope())
    given = request.values.getlist("id", type=int)
    if given or request.method == "POST":
        known = {row.id for row in rows}
        if set(given) - known:
            abort(404)
        found = [row.id for row in rows if row.id in set(given)]
    elif request.args.get("all"):
        names, known_of = choices.names(), positions.of_tools()
        table = tables.of_rows(
            COLUMNS,
            [tool_row(row, names, known_of) for row in rows],
            name="tools",
            sort="name",
            size=MOST + 1,
        )
        found = [int(row.id) for row in table.rows]
    else:
        found = []
    if len(found) > MOST:
        abort(400, f"At most {MOST:,} tools are changed at once; filter the list first.")
    return tuple(found)


@blueprint.route("/tools/bulk", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """Choose the change of the tools chosen, look at it, make it: each step is this page, only the last one writes."""
    with reading() as session:
        ids = chosen_ids(session)
        if not ids:
            flash("Tick the tools to change, or filter the list and change all of them.", "warn")
            return redirect(url_for("tools.index"), 303)
        text = request.values.get("field", "")
        if text not in set(Field):
            return render_template("tools/bulk.html", ids=ids, fields=WORDS, field=None)
        field = Field(text)
        form = _form(field, session)
        if field not in DATED:
            del form.on
    values: dict[str, Any] = {
        "ids": ids,
        "fields": WORDS,
        "field": field,
        "title": WORDS[field].partition(",")[0],
    }
    if request.form.get("step") is None or not form.validate_on_submit():
        return form_page("tools/bulk.html", form, **values, outcomes=None)
    on: date = (form.on.data if field in DATED else None) or shell.today()
    wanted = Change(field=field, value=_value(form), on=on)
    reach = identity.permitted_units()
    stale: list[int] = []
    if request.form.get("step") == "apply":
        seen = dict(zip(ids, request.form.getlist("mark"), strict=False))
        if len(seen) != len(ids):
            abort(400)
        done = _apply(form, wanted, seen, stale)
        if done is not None:
            return done
    try:
        with reading() as session:
            outcomes = bulk_tools.preview(session, shell.scope(), ids, wanted, reach=reach)
    except InvalidError as error:
        form.refuse(error)
        return form_page("tools/bulk.html", form, **values, outcomes=None)
    by_id = {each.tool_id: each for each in outcomes}
    response = make_response(
        render_template(
            "tools/bulk.html",
            form=form,
            **values,
            outcomes=outcomes,
            marks=[(each, by_id[each].mark) for each in ids],
            rows=_preview_rows(outcomes, frozenset(stale))[:SHOWN],
            columns=COLUMNS_OF,
            more=max(0, len(outcomes) - SHOWN),
            count=sum(not (each.same or each.refused) for each in outcomes),
            refused=sum(bool(each.refused) for each in outcomes),
            stale=stale,
            on=on,
            dated=field in DATED,
        )
    )
    response.status_code = 422 if form.problems or stale else 200
    return response


def _value(form: ChangeForm) -> Any:
    found = form["value"].data
    return tuple(found) if isinstance(found, list) else found


class _StaleError(InvalidError):
    """Somebody changed a tool since the preview: nothing is done."""


def _apply(
    form: ChangeForm, wanted: Change, seen: Mapping[int, str], stale: list[int]
) -> ResponseReturnValue | None:
    scope, reach, today = shell.scope(), identity.permitted_units(), shell.today()
    changed: list[int] = []

    def work(session: Session) -> str:
        outcomes, late = bulk_tools.apply(session, scope, wanted, seen, reach=reach, today=today)
        if late:
            stale.extend(late)
            raise _StaleError(
                "Somebody changed some of these tools since you looked; nothing is done. Look again below."
            )
        changed.extend(each.tool_id for each in outcomes if not (each.same or each.refused))
        return url_for("bulk_tools.latest") if changed else url_for("tools.index")

    done = submit(form, work, reason=(form.reason.data or "").strip())
    if done is not None and changed:
        flash(f"{_tools(len(changed))} changed. You can take it back below.", "good")
    return done


def _preview_rows(outcomes: Sequence[Outcome], stale: frozenset[int]) -> list[Row]:
    """Rows of the preview: refusals and conflicts first, then changes, then what stays."""

    def order(each: Outcome) -> int:
        return 0 if each.tool_id in stale else 1 if each.refused else 3 if each.same else 2

    return [
        Row(
            id=str(each.tool_id),
            values={
                "tool": Ref(kind="tool", id=each.tool_id, label=each.name),
                "before": each.before,
                "after": each.before if each.refused or each.same else each.after,
                "what": "changed by somebody else since you looked"
                if each.tool_id in stale
                else f"refused: {each.refused}"
                if each.refused
                else "stays as it is"
                if each.same
                else each.note or "changes",
            },
        )
        for each in sorted(outcomes, key=order)
    ]


def _tools(number: int) -> str:
    return f"{filters.count(number)} tool{'' if number == 1 else 's'}"


@blueprint.get("/tools/bulk/latest")
def latest() -> ResponseReturnValue:
    """The bulk change the person made last; to the list of tools, with how to make one, where there is none."""
    who = identity.person()
    with reading() as session:
        found = bulk_tools.latest_of(session, who.actor.label)
    if found is None:
        flash(
            "You have not changed tools together yet: tick some, or change all that are found, below the list.",
            "warn",
        )
        return redirect(url_for("tools.index"))
    return redirect(url_for("bulk_tools.show", entry_id=found))


@blueprint.route("/tools/bulk/<int:entry_id>", methods=["GET", "POST"])
def show(entry_id: int) -> ResponseReturnValue:
    """A bulk change that was made, and taking it back where nobody changed the tool since."""
    with reading() as session:
        done = bulk_tools.find_done(session, entry_id)
        outcomes = bulk_tools.undo_preview(session, shell.scope(), done)
        by = choices.actor_names(session, [done.actor]).get(done.actor, done.actor)
    form = Form()
    if form.validate_on_submit():
        counted: list[int] = []

        def work(session: Session) -> str:
            counted.append(bulk_tools.undo(session, shell.scope(), done, today=shell.today()))
            return url_for("bulk_tools.show", entry_id=entry_id)

        answer = submit(form, work, reason=f"Bulk change of {filters.day_text(done.at.date())} taken back")
        if answer is not None:
            if counted:
                flash(f"{_tools(counted[0])} set back to what they were.", "good")
            return answer
    return form_page(
        "tools/bulk_done.html",
        form,
        done=done,
        by=by,
        title=WORDS[done.field].partition(",")[0],
        rows=_preview_rows(outcomes, frozenset())[:SHOWN],
        columns=COLUMNS_OF,
        count=sum(not (each.same or each.refused) for each in outcomes),
        kept=sum(bool(each.refused) for each in outcomes),
    )
