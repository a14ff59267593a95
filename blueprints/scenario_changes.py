"""Building a scenario: adding a change of a kind, removing one, moving every date, looking through, putting aside."""

from typing import Final

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints import choices, shell
from blueprints.amounts import AmountField
from blueprints.forms import Undo, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.scenarios import KINDS, facts_of, page_of, scope_of
from mopsaudit.governance import scenarios
from mopsaudit.governance.scenarios import ScenarioRow
from mopsaudit.inventory.people import unit_names
from mopsaudit.money import from_minor
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.facts import ScenarioFacts
from mopsaudit.scenarios.outcome import work_out_scenario
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

blueprint = Blueprint("scenario_changes", __name__)


class OffForm(VersionedForm):
    """Switch a tool off, or replace it by others."""

    tool_id = SelectField("Tool", coerce=choices.optional_id)
    on = DateField("From", validators=[DataRequired("Say from when.")])
    into_ids = SelectMultipleField(
        "Its people go to",
        coerce=int,
        validators=[Optional()],
        description="None: it is switched off without a successor.",
    )
    once_minor = AmountField("Moving costs, once", validators=[Optional()])


class SeatsForm(VersionedForm):
    """Change the seats of a contract line."""

    line_id = SelectField("Contract line", coerce=choices.optional_id)
    seats = IntegerField(
        "Seats", validators=[InputRequired("Say how many seats."), NumberRange(0, 10_000_000)]
    )
    on = DateField("From", validators=[DataRequired("Say from when.")])


class AddForm(VersionedForm):
    """Add a tool nobody has yet."""

    name = StringField(
        "What it is called", validators=[DataRequired("Say what it is called."), Length(max=200)]
    )
    on = DateField("From", validators=[DataRequired("Say from when.")])
    annual_minor = AmountField("Costs a year", validators=[InputRequired("Say what it costs.")])
    once_minor = AmountField("Costs once", validators=[Optional()])
    capabilities = SelectMultipleField("What it does", validators=[Optional()])
    unit_ids = SelectMultipleField(
        "For the units", coerce=int, validators=[Optional()], description="None chosen: for all."
    )


class JoinForm(VersionedForm):
    """Join business units."""

    unit_ids = SelectMultipleField(
        "Units that become one", coerce=int, validators=[DataRequired("Choose two.")]
    )


FORMS: Final[dict[str, type[VersionedForm]]] = {
    Kind.OFF: OffForm,
    Kind.SEATS: SeatsForm,
    Kind.ADD: AddForm,
    Kind.MERGE: JoinForm,
}


#: Characters of a removed change that are offered again: the offer waits in the cookie, which holds four thousand.
_MOST_TOLD: Final = 1_200


@blueprint.route("/scenarios/<int:scenario_id>/change/<change>", methods=["GET", "POST"])
def add(scenario_id: int, change: str) -> ResponseReturnValue:
    """Add a change of a kind to a scenario."""
    if change not in FORMS:
        abort(404)
    kind = Kind(change)
    make, title = FORMS[kind], KINDS[kind]
    with reading() as session:
        row = scenarios.find_scenario(session, shell.scope(), scenario_id)
        scope = scope_of(session, row)
        facts = facts_of(session, scope)
        form = make(data={"version": row.version})
        _fill(session, form, scope, facts)
    if form.validate_on_submit():
        done = _keep(form, row, scope, facts, (*row.changes, _change(kind, form)), "Added.")
        if done is not None:
            return done
    return form_page("scenarios/change.html", form, row=row, title=title, kind=kind)


def _fill(session: Session, form: VersionedForm, scope: Scope, facts: ScenarioFacts) -> None:
    """The lists of a form and the currency of its amounts."""
    if isinstance(form, OffForm):
        known = [(each.id, each.name) for each in facts.question.problem.tools]
        known.sort(key=lambda each: each[1].casefold())
        form.tool_id.choices = [("", "choose a tool"), *known]
        form.into_ids.choices = known
    if isinstance(form, SeatsForm):
        lines = sorted(facts.lines.values(), key=lambda each: each.label.casefold())
        form.line_id.choices = [
            ("", "choose a line"),
            *((each.id, f"{each.label} ({each.seats} seats)") for each in lines if each.seats is not None),
        ]
    if isinstance(form, AddForm):
        form.capabilities.choices = choices.capabilities()
    if isinstance(form, AddForm | JoinForm):
        top = scope.unit_id if isinstance(form, JoinForm) else None
        form.unit_ids.choices = unit_names(session, frozenset(scope.unit_ids) - {top})
    for field in form:
        if isinstance(field, AmountField):
            field.currency = scope.currency
            field.label.text += f" ({scope.currency})"


def _change(kind: Kind, form: VersionedForm) -> Change:
    data = {name: value for name, value in form.data.items() if name in Change.__dataclass_fields__}
    for name in ("into_ids", "capabilities", "unit_ids"):
        if name in data:
            data[name] = tuple(data[name] or ())
    for name in ("annual_minor", "once_minor"):
        if name in data:
            data[name] = data[name] or 0
    return Change(kind=kind, **data)


def _keep(
    form: VersionedForm,
    row: ScenarioRow,
    scope: Scope,
    facts: ScenarioFacts,
    changes: tuple[Change, ...],
    said: str,
    back: Undo | None = None,
) -> ResponseReturnValue | None:
    """Keep the changes with what they rest on; None where the core refused. ``back`` is sent with the version kept."""
    fields = dict(back.fields) if back is not None else {}

    def work(session: Session) -> str:
        edited = scenarios.edit_scenario(session, scope, row.id, form.seen_version, changes=changes)
        outcome = work_out_scenario(facts, changes)
        kept = scenarios.look_through(session, scope, row.id, edited.version, outcome)
        fields["version"] = kept.version  # known now: the offer is written when this is done
        return url_for("scenarios.show", scenario_id=row.id)

    undo = Undo(address=back.address, fields=fields) if back is not None else None
    return submit(form, work, said=said, undo=undo)


def _again(row: ScenarioRow, change: Change, currency: str) -> Undo | None:
    """What adds a removed change again, by the form it was added with; None where it says more than a cookie holds."""
    typed: dict[str, str | int | list[str | int]] = {}
    for name, value in change.to_data().items():
        if name.endswith("_minor"):
            typed[name] = f"{from_minor(value, currency):f}"
        elif name != "kind" and value not in (None, "", []):
            typed[name] = value
    if len(str(typed)) > _MOST_TOLD:
        return None
    address = url_for("scenario_changes.add", scenario_id=row.id, change=change.kind.value)
    return Undo(address=address, fields=typed)


@blueprint.post("/scenarios/<int:scenario_id>/step")
def step(scenario_id: int) -> ResponseReturnValue:
    """Remove a change (``remove``), move every date (``months``), look through (``look``), put aside or take back."""
    form = VersionedForm()
    with reading() as session:
        row = scenarios.find_scenario(session, shell.scope(), scenario_id)
        scope = scope_of(session, row)
        facts = facts_of(session, scope)
    if form.validate_on_submit():
        done = _step(form, row, scope, facts)
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return page_of(session, scenario_id, form)


def _step(
    form: VersionedForm, row: ScenarioRow, scope: Scope, facts: ScenarioFacts
) -> ResponseReturnValue | None:
    sent = request.form
    if "remove" in sent:
        place = sent.get("remove", type=record_number)
        if place is None or place >= len(row.changes):
            abort(404)
        kept = tuple(each for at, each in enumerate(row.changes) if at != place)
        back = _again(row, row.changes[place], scope.currency)
        return _keep(form, row, scope, facts, kept, "Removed.", back)
    if "months" in sent:
        try:
            months = int(sent["months"])
        except ValueError:
            months = 0
        if not months or abs(months) > 60:
            form.problems.append("Say by how many months, 60 at most.")
            return None
        moved = tuple(each.moved(months) for each in row.changes)
        # The end of a longer month does not come back from a shorter one.
        exact = all(each.moved(-months) == before for each, before in zip(moved, row.changes, strict=True))
        address = url_for("scenario_changes.step", scenario_id=row.id)
        back = Undo(address=address, fields={"months": -months}) if exact else None
        return _keep(form, row, scope, facts, moved, "Every date is moved.", back)
    if "look" in sent:
        return _keep(form, row, scope, facts, row.changes, "Kept with today's data.")

    def work(session: Session) -> str:
        scenarios.put_aside(
            session, scope, row.id, form.seen_version, on=None if row.retired_on else shell.today()
        )
        return url_for("scenarios.index")

    back = Undo(
        address=url_for("scenario_changes.step", scenario_id=row.id),
        fields={"aside": "1", "version": form.seen_version + 1},
    )
    return submit(form, work, said="Taken back." if row.retired_on else "Put aside.", undo=back)
