"""Changing many records at once: choose them and the change, look at it row by row, make it, take it back.

:func:`pages` makes the three pages of one kind of record; tools, vendors and contracts each say what theirs are.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints import choices, filters, identity, shell, tables
from blueprints.forms import Form, form_page, submit
from mopsaudit.errors import InvalidError
from mopsaudit.inventory import bulk
from mopsaudit.inventory.bulk import Change, Kind, Outcome
from mopsaudit.reporting import Column, Ref, Row
from mopsaudit.store.session import reading

#: Most records of one change.
MOST: Final = 2000
#: Rows of a preview that are shown one by one.
SHOWN: Final = 300


class ChangeForm(Form):
    """The value, the day it holds from, and why."""

    on = DateField("From", validators=[Optional()])
    reason = StringField(
        "Why", validators=[DataRequired("Say why; it stands in the history of each."), Length(max=400)]
    )

    @property
    def chosen(self) -> Any:
        """The value as the core compares it."""
        found = self["value"].data
        return tuple(found) if isinstance(found, list) else found

    def sent(self) -> list[tuple[str, str]]:
        """What the next step sends of the value."""
        pairs: list[tuple[str, str]] = []
        for each in self.shown_fields:
            if each.short_name not in ("on", "reason"):
                values = each.data if isinstance(each.data, list) else [each.data]
                pairs += [(each.short_name, "" if one is None else str(one)) for one in values]
        return pairs


class PersonForm(ChangeForm):
    """A person, or nobody."""

    value = SelectField("Who", coerce=choices.optional_id, validators=[Optional()])


class SeveralUnitsForm(ChangeForm):
    """Business units."""

    value = SelectMultipleField("Which", coerce=int, validators=[Optional()])


class CodeForm(ChangeForm):
    """One of a few codes."""

    value = SelectField("Which", validators=[DataRequired("Choose one.")])


class CodesForm(ChangeForm):
    """Several codes."""

    value = SelectMultipleField("Which", validators=[Optional()])


class RecordForm(ChangeForm):
    """Another record, or none."""

    value = SelectField("Which", coerce=choices.optional_id, validators=[Optional()])


class NumberForm(ChangeForm):
    """A whole number, or not known."""

    value = IntegerField("How many", validators=[Optional(), NumberRange(min=0, max=3650)])


class PeriodForm(ChangeForm):
    """A number of days or months, or not known."""

    value = IntegerField("How many", validators=[Optional(), NumberRange(min=0, max=3650)])
    unit = SelectField("It counts", choices={"days": "days", "months": "months"})

    @property
    def chosen(self) -> Any:
        """Number and unit together."""
        return (self.value.data, self.unit.data)


class TextForm(ChangeForm):
    """A short text, or nothing."""

    value = StringField("What", validators=[Optional(), Length(max=200)])

    @property
    def chosen(self) -> Any:
        """The text, None when empty."""
        return " ".join((self.value.data or "").split()) or None


class Many(ABC):
    """What the pages of one kind of record need to know."""

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    #: Where its list is, its pages begin, and its blueprint is called.
    index: ClassVar[str]
    path: ClassVar[str]
    name: ClassVar[str]
    #: Fields in the words of the page; what stands behind a comma is left out of titles.
    words: ClassVar[Mapping[StrEnum, str]]

    @abstractmethod
    def form(self, field: StrEnum, session: Session) -> ChangeForm:
        """The form that asks for the value of a field."""

    @abstractmethod
    def known(self, session: Session) -> list[int]:
        """The ids the person may change, in the order of the list."""

    @abstractmethod
    def listed(self, session: Session) -> tables.Table:
        """The list as its address filters it, up to one more than :data:`MOST` rows."""

    def counted(self, number: int) -> str:
        """``3 tools``."""
        return f"{filters.count(number)} {self.noun}{'' if number == 1 else 's'}"

    def title(self, field: StrEnum) -> str:
        """A field's words in a title."""
        return self.words[field].partition(",")[0]


def pages(many: Many) -> Blueprint:
    """The pages that change many records of a kind: choose and look, the person's last change, one change that was
    made.
    """
    blueprint = Blueprint(many.name, __name__)

    @blueprint.route(f"{many.path}/bulk", methods=["GET", "POST"])
    def change() -> ResponseReturnValue:
        """Choose the change of those ticked, look at it, make it: each step is this page, only the last one writes."""
        return _change(many)

    @blueprint.get(f"{many.path}/bulk/latest")
    def latest() -> ResponseReturnValue:
        """The bulk change the person made last; to the list, with how to make one, where there is none."""
        who = identity.person()
        with reading() as session:
            found = bulk.latest_of(session, many.kind, who.actor.label)
        if found is None:
            flash(
                f"You have not changed {many.noun}s together yet: tick some, or change all that are found, below the "
                "list.",
                "warn",
            )
            return redirect(url_for(many.index))
        return redirect(url_for(f"{many.name}.show", entry_id=found))

    @blueprint.route(f"{many.path}/bulk/<int:entry_id>", methods=["GET", "POST"])
    def show(entry_id: int) -> ResponseReturnValue:
        """A bulk change that was made, and taking it back where nobody changed the record since."""
        return _show(many, entry_id)

    return blueprint


def _chosen_ids(many: Many, session: Session) -> tuple[int, ...]:
    """Those the request names: ticked ones, or (``all``) those the list's search and filters leave.

    404 for a record that is not there or not theirs; 400 for more than :data:`MOST`.
    """
    given = request.values.getlist("id", type=int)
    if given or request.method == "POST":
        known = many.known(session)
        if set(given) - set(known):
            abort(404)
        wanted = set(given)
        found = [each for each in known if each in wanted]
    elif request.args.get("all"):
        found = [int(row.id) for row in many.listed(session).rows]
    else:
        found = []
    if len(found) > MOST:
        abort(400, f"At most {MOST:,} {many.noun}s are changed at once; filter the list first.")
    return tuple(found)


def _change(many: Many) -> ResponseReturnValue:
    with reading() as session:
        ids = _chosen_ids(many, session)
        if not ids:
            flash(f"Tick the {many.noun}s to change, or filter the list and change all of them.", "warn")
            return redirect(url_for(many.index), 303)
        text = request.values.get("field", "")
        values: dict[str, Any] = {"many": many, "ids": ids}
        if text not in set(many.kind.fields):
            return render_template("bulk/change.html", **values, field=None)
        field = many.kind.fields(text)
        form = many.form(field, session)
    dated = field in many.kind.dated
    if not dated:
        del form.on
    values |= {"field": field, "title": many.title(field)}
    if request.form.get("step") is None or not form.validate_on_submit():
        return form_page("bulk/change.html", form, **values, outcomes=None)
    on: date = (form.on.data if dated else None) or shell.today()
    wanted = Change(field=field, value=form.chosen, on=on)
    stale: list[int] = []
    if request.form.get("step") == "apply":
        seen = dict(zip(ids, request.form.getlist("mark"), strict=False))
        if len(seen) != len(ids):
            abort(400)
        done = _apply(many, form, wanted, seen, stale)
        if done is not None:
            return done
    try:
        with reading() as session:
            outcomes = bulk.preview(
                session, shell.scope(), many.kind, ids, wanted, reach=identity.permitted_units()
            )
    except InvalidError as error:
        form.refuse(error)
        return form_page("bulk/change.html", form, **values, outcomes=None)
    by_id = {each.record_id: each for each in outcomes}
    response = make_response(
        render_template(
            "bulk/change.html",
            form=form,
            **values,
            outcomes=outcomes,
            marks=[by_id[each].mark for each in ids],
            rows=_preview_rows(many, outcomes, frozenset(stale))[:SHOWN],
            columns=_columns(many),
            more=max(0, len(outcomes) - SHOWN),
            count=sum(not (each.same or each.refused) for each in outcomes),
            refused=sum(bool(each.refused) for each in outcomes),
            on=on,
            dated=dated,
        )
    )
    response.status_code = 422 if form.problems or stale else 200
    return response


class _StaleError(InvalidError):
    """Somebody changed a record since the preview: nothing is done."""


def _apply(
    many: Many, form: ChangeForm, wanted: Change, seen: Mapping[int, str], stale: list[int]
) -> ResponseReturnValue | None:
    scope, reach, today = shell.scope(), identity.permitted_units(), shell.today()
    changed: list[int] = []

    def work(session: Session) -> str:
        outcomes, late = bulk.apply(session, scope, many.kind, wanted, seen, reach=reach, today=today)
        if late:
            stale.extend(late)
            raise _StaleError(
                f"Somebody changed some of these {many.noun}s since you looked; nothing is done. Look again below."
            )
        changed.extend(each.record_id for each in outcomes if not (each.same or each.refused))
        # Without the unit of the address: what moved to another unit would not be found in it.
        return url_for(f"{many.name}.latest", unit=None) if changed else url_for(many.index)

    done = submit(form, work, reason=(form.reason.data or "").strip())
    if done is not None and changed:
        flash(f"{many.counted(len(changed))} changed. You can take it back below.", "good")
    return done


def _columns(many: Many) -> tuple[Column, ...]:
    return (
        Column(key="record", label=many.noun.capitalize(), primary=True),
        Column(key="before", label="Now"),
        Column(key="after", label="Then"),
        Column(key="what", label="What happens"),
    )


def _preview_rows(many: Many, outcomes: Sequence[Outcome], stale: frozenset[int]) -> list[Row]:
    """Rows of the preview: refusals and conflicts first, then changes, then what stays."""

    def order(each: Outcome) -> int:
        return 0 if each.record_id in stale else 1 if each.refused else 3 if each.same else 2

    return [
        Row(
            id=str(each.record_id),
            values={
                "record": Ref(kind=many.kind.subject, id=each.record_id, label=each.name),
                "before": each.before,
                "after": each.before if each.refused or each.same else each.after,
                "what": "changed by somebody else since you looked"
                if each.record_id in stale
                else f"refused: {each.refused}"
                if each.refused
                else "stays as it is"
                if each.same
                else each.note or "changes",
            },
        )
        for each in sorted(outcomes, key=order)
    ]


def _show(many: Many, entry_id: int) -> ResponseReturnValue:
    with reading() as session:
        done = bulk.find_done(session, many.kind, entry_id)
        outcomes = bulk.undo_preview(session, shell.scope(), many.kind, done)
        by = choices.actor_names(session, [done.actor]).get(done.actor, done.actor)
    form = Form()
    if form.validate_on_submit():
        counted: list[int] = []

        def work(session: Session) -> str:
            counted.append(bulk.undo(session, shell.scope(), many.kind, done, today=shell.today()))
            return url_for(f"{many.name}.show", entry_id=entry_id)

        answer = submit(form, work, reason=f"Bulk change of {filters.day_text(done.at.date())} taken back")
        if answer is not None:
            if counted:
                flash(f"{many.counted(counted[0])} set back to what they were.", "good")
            return answer
    return form_page(
        "bulk/done.html",
        form,
        many=many,
        done=done,
        by=by,
        title=many.title(done.field),
        rows=_preview_rows(many, outcomes, frozenset())[:SHOWN],
        columns=_columns(many),
        count=sum(not (each.same or each.refused) for each in outcomes),
        kept=sum(bool(each.refused) for each in outcomes),
    )
