"""Rules that place lines: in their order with what each placed, tried on past lines before they are saved."""

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, filters, identity, permissions, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.limits import record_number
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake import ledgers, rule_view, rules, suppliers
from mopsaudit.intake.rule_view import Effect, RuleList, RuleRow
from mopsaudit.intake.rules import RuleFacts
from mopsaudit.organisation import entities, history
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("rules", __name__)

COLUMNS: Final = (
    Column(key="words", label="Asks for", kind=ValueKind.REF, primary=True),
    Column(key="place", label="Order", kind=ValueKind.NUMBER),
    Column(key="answer", label="Its lines are", kind=ValueKind.REF),
    Column(key="lines", label="Lines", kind=ValueKind.NUMBER, summed=True),
    Column(key="money", label="Money", kind=ValueKind.MONEY, summed=True),
    Column(key="used", label="Last used", kind=ValueKind.DATE, what="Without a day it was never used."),
    Column(key="said", label="To look at"),
    Column(
        key="unconverted",
        label="Without a rate",
        kind=ValueKind.NUMBER,
        summed=True,
        wide=True,
        what="Lines it placed that no rate converts: they are not in its money.",
    ),
    Column(key="note", label="Note", wide=True),
)
_TYPES: Final = {each.value: each.value.replace("_", " ") for each in (*rules.WITH_TOOL, *rules.WITHOUT_TOOL)}


class RuleForm(VersionedForm):
    """What a rule asks and where its lines go."""

    pattern = StringField(
        "Supplier as printed",
        validators=[DataRequired("Give a pattern; * is any supplier."), Length(max=200)],
        description="* stands for anything, ? for one character: google*ads*. Case does not count.",
    )
    kind = SelectField(
        "Written as",
        choices={"glob": "patterns (* and ?)", "regex": "regular expressions"},
        description="Supplier and description both.",
    )
    description = StringField("Description", validators=[Optional(), Length(max=200)])
    cost_centre = StringField(
        "Cost centre", validators=[Optional(), Length(max=40)], description="41* is all that begin with 41."
    )
    gl_account = StringField("Account", validators=[Optional(), Length(max=40)])
    amount_from = DecimalField("Amount from", places=2, validators=[Optional()])
    amount_until = DecimalField(
        "Amount below", places=2, validators=[Optional()], description="In the currency of each line."
    )
    dated_from = DateField("Booked from", validators=[Optional()])
    dated_until = DateField(
        "Booked before", validators=[Optional()], description="The first day it no longer holds."
    )
    entity_id = SelectField("Legal entity", coerce=choices.optional_id, validators=[Optional()])
    source_id = SelectField("Ledger", coerce=choices.optional_id, validators=[Optional()])
    answer = SelectField(
        "Its lines are",
        choices={
            "tool": "a tool",
            "marketing": "marketing, no tool",
            "not_marketing": "not marketing",
        },
    )
    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    spend_type = SelectField("Spend type", choices=_TYPES)
    note = StringField("Note", validators=[Optional(), Length(max=400)])

    @property
    def facts(self) -> RuleFacts:
        """What was typed."""
        not_marketing = self.answer.data == "not_marketing"
        return RuleFacts(
            pattern=self.pattern.data or "",
            kind=self.kind.data,
            description=self.description.data,
            cost_centre=self.cost_centre.data,
            gl_account=self.gl_account.data,
            amount_from=self.amount_from.data,
            amount_until=self.amount_until.data,
            dated_from=self.dated_from.data,
            dated_until=self.dated_until.data,
            entity_id=self.entity_id.data,
            source_id=self.source_id.data,
            answer=self.answer.data,
            tool_id=self.tool_id.data if self.answer.data == "tool" else None,
            spend_type=None if not_marketing else self.spend_type.data,
            note=self.note.data,
        )


@blueprint.before_request
def _whole_company() -> None:
    """A rule moves lines of every unit: people of one unit see none, as if there were none."""
    identity.require_unit(None)


@blueprint.get("/suppliers/rules")
def index() -> ResponseReturnValue:
    """All rules in order with what each placed."""
    scope = shell.scope()
    with reading() as session:
        found = rule_view.list_rules(session, scope)
    form = Form()
    settles = permissions.may(permissions.Action.SETTLE)

    def actions(row: Row) -> str:
        page = render_template(
            "rules/actions.html", form=form, settles=settles, in_order=in_order, **row.detail
        )
        return Markup(page)  # noqa: S704  # our own template, escaped as it was rendered

    last = len(found.rules) - 1
    table = tables.of_rows(
        COLUMNS,
        [_row(each, scope.currency, last) for each in found.rules],
        name="rules",
        noun="rule",
        caption="Rules in order",
        empty="No rule yet.",
        size=200,
        row_actions=actions,
    )
    # Places are those of the whole order: a part of it, or another order, is not where a rule is moved.
    in_order = (
        table.found == table.total and table.asked.sort in (None, "place") and not table.asked.descending
    )
    return tables.page(
        table,
        "rules/index.html",
        found=found,
        answer=_answer(found, scope.currency),
        in_order=in_order,
        form=form,
    )


def _row(rule: RuleRow, currency: str, last: int) -> Row:
    """A rule in the list, with what its buttons need."""
    said = [f"places nothing: {rule.dead}"] if rule.dead else []
    said += [f"contradicts: {each}" for each in rule.conflicts]
    answer: Ref | str = (
        Ref(kind="tool", id=rule.tool_id, label=rule.answer) if rule.tool_id is not None else rule.answer
    )
    return Row(
        id=str(rule.rule_id),
        opens=Ref(kind="rule", id=rule.rule_id, label=rule.words),
        values={
            "place": rule.place,
            "words": Ref(kind="rule", id=rule.rule_id, label=rule.words),
            "answer": answer,
            "lines": rule.lines,
            "money": Amount(currency=currency, minor=rule.base_minor, origins=rule.lines),
            "used": stated(rule.last_used, "It was never used."),
            "said": "; ".join(said) or None,
            "unconverted": rule.unconverted,
            "note": rule.note,
        },
        detail={
            "anchor": f"rule-{rule.rule_id}",
            "place": rule.place - 1,
            "rule": rule,
            "last": last,
        },
    )


def _answer(found: RuleList, currency: str) -> str:
    if not found.rules:
        return "No rule yet; lines go by decisions, exact names and strong likeness."
    lines = sum(each.lines for each in found.rules)
    money = filters.exact_text(sum(each.base_minor for each in found.rules), currency)
    text = f"{_count(len(found.rules), 'rule')} placed {_count(lines, 'line')}, {money} {currency}"
    if not lines:
        one = len(found.rules) == 1
        return (
            "The one rule places no line." if one else f"None of the {len(found.rules)} rules places a line."
        )
    dead = sum(1 for each in found.rules if each.dead)
    clashing = sum(1 for each in found.rules if each.conflicts)
    if dead:
        text += f"; {_count(dead, 'rule')} place{'s' if dead == 1 else ''} nothing"
    if clashing:
        text += (
            f"; {_count(clashing, 'rule')} say{'s' if clashing == 1 else ''} otherwise than an earlier one"
        )
    return f"{text}."


def _count(number: int, noun: str) -> str:
    return f"{filters.count(number)} {noun}{'' if number == 1 else 's'}"


@blueprint.route("/suppliers/rules/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new rule, last in order; ``supplier`` in the address begins it with that supplier's name."""
    form = RuleForm()
    with reading() as session:
        if request.method == "GET" and (asked := request.args.get("supplier")):
            found = suppliers.placed_rows(session, shell.scope(), (_number(asked),))
            row = found[0] if found else None
            if row is None:
                raise NotFoundError("There is no such supplier.")
            form.pattern.data = f"{row.name}*"[:200]
        _fill(session, form)
    return _edit(form, None)


def _number(text: str) -> int:
    try:
        return record_number(text)
    except ValueError:
        abort(404)


@blueprint.route("/suppliers/rules/<int:rule_id>", methods=["GET", "POST"])
def show(rule_id: int) -> ResponseReturnValue:
    """One rule: its wording, tried on past lines and changed."""
    with reading() as session:
        rule = rules.get_rule(session, rule_id)
        facts = rules.facts_of_rule(rule)
        form = RuleForm(obj=facts, data={"version": rule.version})
        _fill(session, form)
    return _edit(form, rule_id)


def _fill(session: Session, form: RuleForm) -> None:
    form.tool_id.choices = choices.tools(session)
    known = {each for each, _ in form.tool_id.choices}
    if request.method == "GET" and form.tool_id.data and form.tool_id.data not in known:
        # A retired or merged tool stays what the rule says until somebody chooses another.
        form.tool_id.choices.append((form.tool_id.data, "the tool it has now"))
    form.entity_id.choices = [
        ("", "any"),
        *((each.id, f"{each.code} {each.name}") for each in entities.list_entities(session)),
    ]
    form.source_id.choices = [("", "any"), *((each.id, each.name) for each in ledgers.ledgers(session))]


def _edit(form: RuleForm, rule_id: int | None) -> ResponseReturnValue:
    effect: Effect | None = None
    if form.validate_on_submit():
        if request.form.get("what") == "try":
            try:
                with reading() as session:
                    effect = rule_view.preview_rule(session, shell.scope(), form.facts, rule_id)
            except InvalidError as error:
                form.refuse(error)
        else:
            moved: list[int] = []

            def work(session: Session) -> str:
                if rule_id is None:
                    _, lines = rules.add_rule(session, form.facts)
                else:
                    _, lines = rules.edit_rule(session, rule_id, form.seen_version, form.facts)
                moved.append(lines)
                return url_for("rules.index")

            done = submit(form, work)
            if done is not None:
                if moved:
                    flash(f"The rule is saved; {_moved(moved[0])}.", "good")
                return done
    return _rule_page(form, rule_id, effect)


def _rule_page(form: RuleForm, rule_id: int | None, effect: Effect | None) -> ResponseReturnValue:
    with reading() as session:
        stored = None if rule_id is None else rules.get_rule(session, rule_id)
        values: dict[str, Any] = {
            "words": None if stored is None else rule_view.words_of(session, stored),
            "rule": None if stored is None else {"id": stored.id, "active": stored.active},
            "entries": history(session, "match_rule", rule_id) if rule_id is not None else (),
            "effect": effect,
            "currency": shell.scope().currency,
            "shown": rule_view.SHOWN,
        }
    if effect is not None:
        return render_template("rules/show.html", form=form, **values)
    return form_page("rules/show.html", form, **values)


def _moved(lines: int) -> str:
    return "no line moved" if not lines else f"{_count(lines, 'line')} moved"


@blueprint.post("/suppliers/rules/<int:rule_id>/move")
def move(rule_id: int) -> ResponseReturnValue:
    """Put a rule at another place of the order."""
    to = request.form.get("to", -1, type=int)
    if to < 0:
        abort(400)
    by = request.form.get("by")
    return _change(
        rule_id,
        lambda session, seen: rules.move_rule(session, rule_id, seen, to),
        "The order is saved",
        # The button pressed has the focus again, so that pressing it moves the rule on.
        anchor=f"rule-{rule_id}-{by}" if by in ("up", "down") else f"rule-{rule_id}",
    )


@blueprint.post("/suppliers/rules/<int:rule_id>/use")
def use(rule_id: int) -> ResponseReturnValue:
    """Remove a rule, or put a removed one back."""
    active = request.form.get("active") == "1"
    said = "The rule is back, last in order" if active else "The rule is removed"
    return _change(
        rule_id, lambda session, seen: rules.set_in_use(session, rule_id, seen, active=active), said
    )


def _change(rule_id: int, change: Any, said: str, anchor: str | None = None) -> ResponseReturnValue:
    form = VersionedForm()
    with reading() as session:
        rules.get_rule(session, rule_id)
    moved: list[int] = []
    if form.validate_on_submit():

        def work(session: Session) -> str:
            _, lines = change(session, form.seen_version)
            moved.append(lines)
            return url_for("rules.index", _anchor=anchor)

        done = submit(form, work)
        if done is not None:
            if moved:
                flash(f"{said}; {_moved(moved[0])}.", "good")
            return done
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("rules.index"), 303)
