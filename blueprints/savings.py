"""The savings ledger: what was identified, agreed, contracted and realised; reductions apart from avoidance."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from blueprints import choices, shell, tables
from blueprints.amounts import AmountField
from blueprints.filters import short
from blueprints.forms import VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure
from mopsaudit.errors import NotFoundError
from mopsaudit.governance import decisions, saving_choices, saving_proof, savings
from mopsaudit.governance.savings_ledger import (
    SavingRow,
    SavingsTotal,
    ledger_answer,
    list_savings,
    savings_totals,
)
from mopsaudit.inventory import tools
from mopsaudit.inventory.people import person_names
from mopsaudit.organisation import history
from mopsaudit.periods import fiscal_year_name, month_end, month_start
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("savings", __name__)
navigation = (Entry("savings.index", "Savings", Group.DECISIONS, 30),)

_KINDS: Final = {
    "reduction": "reduction (we pay less)",
    "avoidance": "avoidance (we do not pay what was quoted)",
}
_NO_START: Final = "No day on which it takes effect, and no amount for this year, is stated."

COLUMNS: Final = (
    Column(key="title", label="Saving", kind=ValueKind.REF, primary=True),
    Column(key="stage", label="Stage"),
    Column(
        key="kind", label="Kind", what="A reduction lowers a budget line; avoidance never counts with it."
    ),
    Column(key="tool", label="Tool", kind=ValueKind.REF),
    Column(key="annual", label="A year", kind=ValueKind.MONEY, what="Once, where it is one-off."),
    Column(key="recurring", label="Recurs"),
    Column(key="in_year", label="This fiscal year", kind=ValueKind.MONEY),
    Column(
        key="realised", label="Realised", kind=ValueKind.MONEY, what="Signed by finance from spend lines."
    ),
    Column(key="effective", label="From", kind=ValueKind.DATE, wide=True),
    Column(key="decision", label="Decision", kind=ValueKind.REF, wide=True),
    Column(key="proof", label="Proof", wide=True),
)


#: What a saving states, and a new one from a dropped one says again.
_SAID: Final = (
    *(
        "title",
        "kind",
        "decision_id",
        "tool_id",
        "contract_line_id",
        "currency",
        "baseline",
        "baseline_minor",
    ),
    *("annual_minor", "in_year_minor", "recurring", "effective_on", "budget_line_id"),
)


class SavingForm(VersionedForm):
    """A saving: what it lies on, what it is measured against, how much."""

    title = StringField("What is saved", validators=[DataRequired("Say what is saved."), Length(max=200)])
    kind = SelectField("Kind", choices=_KINDS)
    decision_id = SelectField("Decision it comes from", coerce=choices.optional_id, validators=[Optional()])
    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    contract_line_id = SelectField("Contract line", coerce=choices.optional_id, validators=[Optional()])
    currency = StringField("Currency", validators=[DataRequired(), Length(min=3, max=3)])
    baseline = TextAreaField("Baseline", validators=[DataRequired("State the baseline."), Length(max=400)])
    baseline_minor = AmountField("Baseline a year", validators=[Optional()])
    annual_minor = AmountField("Saves a year", validators=[InputRequired("Enter what it saves a year.")])
    in_year_minor = AmountField("Of it in the fiscal year it starts", validators=[Optional()])
    recurring = BooleanField("It recurs every year", default=True)
    effective_on = DateField("Takes effect on", validators=[Optional()])
    budget_line_id = SelectField("Budget line it lowers", coerce=choices.optional_id, validators=[Optional()])

    def fill_choices(
        self, session: Session, kept: Mapping[str, Sequence[tuple[int, str]]] = MappingProxyType({})
    ) -> None:
        """The lists a person chooses from, all within the request's scope; amounts in the currency that is typed.

        What a saving names already (``kept``) stays in its lists, though it ended or was settled meanwhile.
        """
        scope = shell.scope()

        def offered(
            column: str, first: str, rows: Sequence[tuple[int | str, str]]
        ) -> list[tuple[int | str, str]]:
            own = [each for each in kept.get(column, ()) if each[0] not in {row[0] for row in rows}]
            return [("", first), *own, *(row for row in rows if row[0] != "")]

        self.tool_id.choices = offered("tool_id", "not known", choices.tools(session))
        self.contract_line_id.choices = offered(
            "contract_line_id", "the tool as a whole", saving_choices.contract_lines(session, scope)
        )
        self.budget_line_id.choices = offered(
            "budget_line_id", "not named yet", saving_choices.budget_lines(session, scope)
        )
        self.decision_id.choices = offered(
            "decision_id", "none", saving_choices.decisions_without_saving(session, scope)
        )
        code = (self.currency.data or "").strip().upper()
        for each in (self.baseline_minor, self.annual_minor, self.in_year_minor):
            each.currency = code if saving_choices.known_currency(code) else scope.currency

    def values(self) -> dict[str, Any]:
        """The columns as typed."""
        found = {each.short_name: each.data for each in self.shown_fields}
        return found | {"currency": (self.currency.data or "").strip().upper()}


def _row(row: SavingRow) -> Row:
    saving = row.saving
    signed = row.stage == "realised"
    return Row(
        id=str(saving.id),
        opens=Ref(kind="saving", id=saving.id, label=saving.title),
        category=row.category,
        values={
            "title": Ref(kind="saving", id=saving.id, label=saving.title),
            "stage": row.stage,
            "kind": saving.kind,
            "tool": Ref(kind="tool", id=row.tool_id, label=row.tool) if row.tool_id and row.tool else None,
            "annual": Amount(currency=saving.currency, minor=saving.annual_minor),
            "recurring": "every year" if saving.recurring else "once",
            "in_year": Amount(currency=saving.currency, minor=row.in_year_minor, why=_NO_START),
            "realised": Amount(
                currency=saving.currency,
                minor=saving.realised_minor if signed else None,
                why="Finance has not signed it yet.",
            ),
            "effective": stated(saving.effective_on, "No day on which it takes effect is stated."),
            "decision": Ref(kind="decision", id=saving.decision_id, label="Decision")
            if saving.decision_id
            else None,
            "proof": None if not signed else "stands" if row.proof_holds else "lines are gone",
        },
    )


@blueprint.get("/savings")
def index() -> ResponseReturnValue:
    """The savings ledger of the scope."""
    scope = shell.scope()
    with reading() as session:
        rows = list_savings(session, scope)
        totals = savings_totals(session, scope, rows)
    table = tables.of_rows(
        COLUMNS,
        [_row(row) for row in rows],
        name="savings",
        noun="saving",
        empty="No saving yet. Open a decision or a finding and identify what it saves.",
    )
    return tables.page(
        table,
        "savings/index.html",
        title="Savings",
        answer=ledger_answer(totals, scope),
        figures=_figures(totals),
        year=fiscal_year_name(scope.year),
        scope=scope,
        unconverted=sum(each.unconverted for each in totals),
        avoidance=[each for each in totals if each.kind == "avoidance"],
    )


def _figures(totals: tuple[SavingsTotal, ...]) -> tuple[Figure, ...]:
    """Reductions by stage; each opens to the savings it is the sum of."""
    scope = shell.scope()

    def figure(stage: str) -> Figure:
        these = [each for each in totals if (each.stage, each.kind) == (stage, "reduction")]
        realised = stage == "realised"
        minor = sum(each.realised_minor if realised else each.annual_minor for each in these)
        number = sum(each.count for each in these)
        asked: dict[str, Any] = {"f.stage": f"={stage}", "f.kind": "=reduction"}
        if not realised:
            asked["f.recurring"] = "=every year"
        return Figure(
            label="Realised this year" if realised else f"{stage.capitalize()} a year",
            text=short(Amount(currency=scope.currency, minor=minor)),
            what=f"{number} reduction{'' if number == 1 else 's'}"
            + (", signed by finance" if realised else ", recurring ones summed"),
            tone="good" if realised and minor else "plain",
            href=url_for("savings.index", **asked),
        )

    return tuple(figure(stage) for stage in savings.STAGES) if totals else ()


@blueprint.get("/savings/<int:saving_id>")
def show(saving_id: int) -> ResponseReturnValue:
    """One saving."""
    with reading() as session:
        return _page(session, saving_id, VersionedForm(formdata=None))


def found(session: Session, saving_id: int) -> SavingRow:
    """The saving as the ledger lists it.

    Raises:
        NotFoundError: missing, or of another unit.
    """
    row = next((each for each in list_savings(session, shell.scope()) if each.saving.id == saving_id), None)
    if row is None:
        raise NotFoundError("There is no such saving.")
    return row


def _page(session: Session, saving_id: int, form: VersionedForm) -> ResponseReturnValue:
    row = found(session, saving_id)
    saving = row.saving
    form.version.data = str(saving.version)
    people = {saving.identified_by_id, saving.signed_by_id} - {None}
    page = render_template(
        "savings/show.html",
        row=row,
        saving=saving,
        form=form,
        names=person_names(session, {each for each in people if each is not None}),
        lines=saving_proof.proving_lines(session, saving_id),
        named=saving_choices.names_of(session, saving),
        months=(month_start(saving.proof_from), month_end(saving.proof_until - 1))
        if saving.proof_from is not None and saving.proof_until is not None
        else None,
        mine=not saving_proof.may_sign(session, saving, choices.me() or 0),
        year=fiscal_year_name(shell.scope().year),
        entries=history(session, "saving", saving_id),
    )
    return (page, 422) if form.problems else page


def _start(session: Session) -> dict[str, Any]:
    """What the address says a new saving starts from: a decision, a tool, or one that was dropped (``again``)."""
    scope = shell.scope()
    if (again := request.args.get("again", type=record_number)) is not None:
        before = savings.get_saving(session, scope, again)
        return {name: getattr(before, name) for name in _SAID}
    start: dict[str, Any] = {"currency": scope.currency, "recurring": True, "kind": "reduction"}
    decision_id = request.args.get("decision_id", type=record_number)
    tool_id = request.args.get("tool_id", type=record_number)
    said: str | None = None
    if decision_id is not None:
        rows = decisions.list_decisions(session, scope, tools.in_scope(scope))
        row = next((each for each in rows if each.id == decision_id), None)
        if row is None:
            raise NotFoundError("There is no such decision.")
        tool_id, said = row.tool_id, row.currency
        start |= {
            "decision_id": row.id,
            "title": f"{row.tool}: {row.verdict.replace('_', '-')}",
            "annual_minor": row.expected_minor,
            "currency": row.currency,
            "recurring": row.recurring,
        }
    if tool_id is not None:
        tools.get_tool(session, scope, tool_id)
        start["tool_id"] = tool_id
        start |= saving_choices.baseline_of(session, scope, tool_id)
        if said is not None and start["currency"] != said:
            start["annual_minor"] = None  # stated in another currency than the contract is in
    return start


@blueprint.route("/savings/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Identify a saving, from a decision or a tool where the address names one."""
    scope = shell.scope()
    with reading() as session:
        form = SavingForm(data=_start(session))
        form.fill_choices(session)
    if request.method == "POST":
        form.process(request.form)  # once more: now the amounts know their currency
    if form.validate_on_submit():

        def work(session: Session) -> str:
            saving = savings.identify_saving(
                session, scope, by_id=choices.me(), on=shell.today(), **form.values()
            )
            return url_for("savings.show", saving_id=saving.id)

        done = submit(form, work, said="Identified. It counts in the ledger from now on.")
        if done is not None:
            return done
    return form_page("savings/edit.html", form, saving=None)


@blueprint.route("/savings/<int:saving_id>/edit", methods=["GET", "POST"])
def edit(saving_id: int) -> ResponseReturnValue:
    """Change a saving that is neither realised nor dropped."""
    scope = shell.scope()
    with reading() as session:
        saving = savings.get_saving(session, scope, saving_id)
        form = SavingForm(obj=saving)
        form.fill_choices(session, saving_choices.named_by(session, saving))
    if request.method == "POST":
        form.process(request.form)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            savings.edit_saving(
                session, scope, saving_id, form.seen_version, form.values(), by_id=choices.me()
            )
            return url_for("savings.show", saving_id=saving_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("savings/edit.html", form, saving=saving)


@blueprint.post("/savings/<int:saving_id>/step")
def step(saving_id: int) -> ResponseReturnValue:
    """Move a saving to agreed or contracted, or drop it with a reason."""
    form = VersionedForm()
    scope = shell.scope()
    with reading() as session:
        savings.get_saving(session, scope, saving_id)
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    if form.validate_on_submit():

        def work(session: Session) -> str:
            if to == "dropped":
                savings.drop_saving(
                    session, scope, saving_id, form.seen_version, reason=reason, on=shell.today()
                )
            else:
                savings.advance_saving(session, scope, saving_id, form.seen_version, to=to, on=shell.today())
            return url_for("savings.show", saving_id=saving_id)

        done = submit(form, work, said="Saved.", reason=reason or None)
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, saving_id, form)
