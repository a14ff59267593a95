"""Splitting a supplier over several tools: by shares, contract prices, seats or words, from a day on, seen first."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, DecimalField, FieldList, FormField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional

from blueprints import choices, shell
from blueprints.forms import VersionedForm, form_page, submit
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake import settling, split_view, suppliers
from mopsaudit.intake.split_plans import Part, weighed
from mopsaudit.store.session import reading

blueprint = Blueprint("splits", __name__)

ROWS: Final = 8
_TYPES: Final = {
    value: value.replace("_", " ") for value in ("software", "usage", "data", "services", "media", "agency")
}


class PartForm(PlainForm):
    """One part."""

    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    spend_type = SelectField("Spend type", choices=_TYPES)
    percent = DecimalField("Percent", places=None, validators=[Optional()])
    words = StringField("Words of the description", validators=[Optional(), Length(max=200)])


class SplitForm(VersionedForm):
    """How a supplier's lines divide, and from when."""

    basis = SelectField(
        "Split by",
        choices={
            "percent": "percent",
            "contract": "yearly price of each tool's contract lines",
            "seats": "seats each tool's contract lines buy",
            "description": "words of the description",
        },
    )
    from_day = DateField(
        "From",
        validators=[Optional()],
        description="Lines before this day stay where they are. Empty: every line, also past ones.",
    )
    parts = FieldList(FormField(PartForm), min_entries=ROWS, max_entries=20)


def _answer(session: Session, form: SplitForm) -> settling.Answer:
    """What was typed; rows without a tool and without a share or words are left out."""
    basis = str(form.basis.data)
    parts = []
    for row in form.parts:
        tool_id, percent, words = row.tool_id.data, row.percent.data, (row.words.data or "").strip()
        given = {"percent": percent is not None, "description": bool(words)}.get(basis, False)
        if tool_id is None and not given:
            continue
        parts.append(
            Part(
                tool_id=tool_id,
                spend_type=row.spend_type.data,
                share_ppm=_ppm(percent) if basis == "percent" else None,
                description_pattern=words if basis == "description" else None,
            )
        )
    day: date | None = form.from_day.data
    if basis in ("contract", "seats"):
        scope = shell.scope()
        parts = list(weighed(session, scope, parts, basis, day or shell.today()))
    return settling.Answer(kind="split", parts=tuple(parts), basis=basis, from_day=day)


def _ppm(percent: Decimal | None) -> int:
    share = (percent or Decimal(0)).scaleb(4)
    if not share.is_finite() or share != share.to_integral_value():
        raise InvalidError("Give a share with at most four decimals.", "parts")
    return int(share)


@blueprint.route("/suppliers/<int:supplier_id>/split", methods=["GET", "POST"])
def edit(supplier_id: int) -> ResponseReturnValue:
    """Split a supplier: tried on its lines first, then kept; later lines follow it."""
    scope = shell.scope()
    form = SplitForm()
    with reading() as session:
        found = suppliers.placed_rows(session, scope, (supplier_id,))
        row = found[0] if found else None
        if row is None:
            raise NotFoundError("There is no such supplier.")
        tools = choices.tools(session)
        history = split_view.history_of(session, supplier_id)
    if request.method == "GET":
        form.version.data = str(row.version)
    part: Any
    for part in form.parts:
        part.tool_id.choices = tools
    effect: split_view.SplitEffect | None = None
    if form.validate_on_submit():
        if request.form.get("what") == "try":
            try:
                with reading() as session:
                    answer = _answer(session, form)
                    effect = split_view.preview_split(session, scope, supplier_id, answer)
            except InvalidError as error:
                _refuse(form, error)
        else:

            def work(session: Session) -> str:
                settling.settle(
                    session,
                    supplier_id,
                    form.seen_version,
                    _answer(session, form),
                    person_id=choices.me(),
                    now=shell.now(),
                    today=shell.today(),
                    settings=scope.settings,
                )
                return url_for("suppliers.show", supplier_id=supplier_id)

            done = submit(form, work, said=f"{row.name} is split; its lines follow, and so will future ones.")
            if done is not None:
                return done
    _gather(form)
    values: dict[str, Any] = {"row": row, "history": history, "effect": effect, "currency": scope.currency}
    if effect is not None:
        return render_template("suppliers/split.html", form=form, **values)
    return form_page("suppliers/split.html", form, **values)


def _refuse(form: SplitForm, error: InvalidError) -> None:
    """Rows are many: what is wrong with them stands at the top."""
    form.refuse(InvalidError(str(error)) if error.field == "parts" else error)


def _gather(form: SplitForm) -> None:
    """Refusals of the rows as sentences at the top, for the page shows no error list beside a list of rows."""
    if isinstance(form.parts.errors, list | tuple):
        for each in form.parts.errors:
            if isinstance(each, str):
                form.problems.append(each)
                form.parts.errors = ()
