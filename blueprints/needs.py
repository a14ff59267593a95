"""What each business unit must keep: what is used counts, unless somebody says otherwise, with a reason."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from blueprints import choices, permissions, shell, tables
from blueprints.forms import Form, Undo, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from mopsaudit.errors import NotFoundError
from mopsaudit.governance import stack_searches
from mopsaudit.governance.stack_searches import NeedRow
from mopsaudit.inventory.people import unit_names
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import capability_label, stack_question
from mopsaudit.scenarios.sets import Supply
from mopsaudit.scenarios.values import EVERYWHERE
from mopsaudit.store.session import reading

blueprint = Blueprint("needs", __name__)
navigation = (Entry("needs.index", "What is required", Group.SCENARIOS, 30),)

COLUMNS = (
    Column(key="capability", label="Capability", primary=True),
    Column(key="unit", label="Unit"),
    Column(key="suppliers", label="Tools that supply it", kind=ValueKind.NUMBER),
    Column(key="wanted", label="Wanted at least", kind=ValueKind.NUMBER),
    Column(key="why", label="Required because"),
)
WORDS = (
    Column(key="capability", label="Capability", primary=True),
    Column(key="unit", label="Unit and those below"),
    Column(key="said", label="Said"),
    Column(key="reason", label="Why"),
    Column(key="by", label="By"),
    Column(key="on", label="On", kind=ValueKind.DATE, wide=True),
)


class NeedForm(VersionedForm):
    """A word on a capability."""

    capability_id = SelectField("Capability")
    unit_id = SelectField("For the unit and those below it", coerce=int)
    said = RadioField(
        "It is",
        choices={
            "one": "required, from one tool at least",
            "two": "required, from two tools at least",
            "no": "not required",
        },
    )
    reason = TextAreaField("Why", validators=[DataRequired("Say why."), Length(max=2000)])


def _choice(row: NeedRow) -> str:
    """The choice of the form that says the word."""
    return "no" if not row.required else "two" if row.suppliers == 2 else "one"


def said(row: NeedRow) -> str:
    """A word in words."""
    if not row.required:
        return "not required"
    return "required" if row.suppliers == 1 else "required from two tools"


@blueprint.get("/scenarios/required")
def index() -> ResponseReturnValue:
    """Every capability each unit must keep, and people's words on it."""
    scope = shell.scope()
    with reading() as session:
        words = stack_searches.list_needs(session, scope)
        question = stack_question(session, scope, StackOptions())
    supply = Supply(question.problem)
    spoken = {(each.capability_id, each.unit_id): each for each in words}
    unknown = {name for each in question.details.values() for name in each.unknown}
    used = {name for each in question.details.values() for name in each.used}
    rows = [
        Row(
            id=f"{each.unit_id}-{each.capability}",
            values={
                "capability": question.capabilities.get(each.capability, capability_label(each.capability)),
                "unit": question.units.get(each.unit_id, "whole company")
                if each.unit_id != EVERYWHERE
                else "whole company",
                "suppliers": len(supply.of(each.unit_id, each.capability)),
                "wanted": each.suppliers,
                "why": "somebody said so"
                if (each.capability, each.unit_id) in spoken
                else "it is used"
                if each.capability in used
                else "it is owned and use is not known"
                if each.capability in unknown
                else "somebody said so for a unit above",
            },
        )
        for each in question.problem.requirements
    ]
    table = tables.of_rows(
        COLUMNS,
        rows,
        name="required",
        noun="requirement",
        empty="Nothing is required yet: no running tool has capabilities in use.",
    )
    spoken_table = tables.of_rows(
        WORDS,
        [
            Row(
                id=str(each.id),
                opens=Ref(kind="need", id=each.id, label=each.unit)
                if permissions.may(permissions.Action.EDIT_SCENARIOS)
                else None,
                values={
                    "capability": capability_label(each.capability_id),
                    "unit": each.unit,
                    "said": said(each),
                    "reason": each.reason,
                    "by": each.by,
                    "on": each.on,
                },
            )
            for each in words
        ],
        name="words",
        prefix="words.",
        noun="word",
        empty="Nobody has said otherwise yet.",
    )
    alone = sum(row.values["suppliers"] == 1 for row in rows)
    answer = (
        f"{len(rows):,} requirements in {len({row.values['unit'] for row in rows})} units; "
        f"{alone:,} of them rest on one tool."
        if rows
        else "Nothing is required yet: no running tool has capabilities in use."
    )
    return tables.page(table, "scenarios/required.html", answer=answer, words=spoken_table)


@blueprint.route("/scenarios/required/say", methods=["GET", "POST"])
def say() -> ResponseReturnValue:
    """Say that a capability is required or not; ``need`` in the address is the word that is changed."""
    scope = shell.scope()
    need_id = request.args.get("need", type=record_number)
    with reading() as session:
        words = {each.id: each for each in stack_searches.list_needs(session, scope)}
        if need_id is not None and need_id not in words:
            raise NotFoundError("There is no such word on a capability.")
        word = words.get(need_id) if need_id is not None else None
        form = NeedForm(
            data={
                "capability_id": word.capability_id if word else request.args.get("capability"),
                "unit_id": word.unit_id if word else scope.unit_id,
                "said": _choice(word) if word else "one",
                "reason": word.reason if word else "",
                "version": word.version if word else "",
            }
        )
        form.capability_id.choices = choices.capabilities()
        form.unit_id.choices = unit_names(session, frozenset(scope.unit_ids))
        if word is not None:
            form.capability_id.choices = [(word.capability_id, capability_label(word.capability_id))]
            form.unit_id.choices = [(word.unit_id, word.unit)]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            stack_searches.say_need(
                session,
                scope,
                capability_id=form.capability_id.data,
                unit_id=form.unit_id.data,
                required=form.said.data != "no",
                suppliers=2 if form.said.data == "two" else 1,
                reason=form.reason.data or "",
                by_id=choices.me(),
                on=shell.today(),
                version=form.seen_version or None,
            )
            return url_for("needs.index")

        done = submit(form, work, said="Saved. It counts the next time a stack is worked out.")
        if done is not None:
            return done
    return form_page("scenarios/say.html", form, word=word, press=Form())


@blueprint.post("/scenarios/required/<int:need_id>/take-back")
def take_back(need_id: int) -> ResponseReturnValue:
    """Take a word back."""
    form = VersionedForm()
    scope = shell.scope()
    with reading() as session:
        word = next((each for each in stack_searches.list_needs(session, scope) if each.id == need_id), None)
    if word is None:
        raise NotFoundError("There is no such word on a capability.")
    if form.validate_on_submit():

        def work(session: Session) -> str:
            stack_searches.take_back_need(session, scope, need_id, form.seen_version)
            return url_for("needs.index")

        back = Undo(
            address=url_for("needs.say"),
            fields={
                "capability_id": word.capability_id,
                "unit_id": word.unit_id,
                "said": _choice(word),
                "reason": word.reason or "",
            },
        )
        done = submit(form, work, said="Taken back. What is used counts again.", undo=back)
        if done is not None:
            return done
    return form_page("scenarios/take_back.html", form, word=word, said=said(word))
