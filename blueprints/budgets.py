"""Budgets on screen: versions of a year, their lines by month, locking, revising, transferring."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints import choices, identity, shell, tables
from blueprints.amounts import AmountField, typed_decimal
from blueprints.budget_plan import month_key, month_label, plan_actions, plan_columns, plan_row
from blueprints.forms import Form, Undo, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit.errors import InvalidError, NotAllowedError, NotFoundError
from mopsaudit.governance import budgets
from mopsaudit.governance.plans import BudgetRow, Plan, list_budgets, plan_of, units_of_budget
from mopsaudit.money import from_minor, to_minor
from mopsaudit.organisation import history, root_unit
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("budgets", __name__)
navigation = (Entry("budgets.index", "Budgets", Group.MONEY, 30),)

COLUMNS = (
    Column(key="name", label="Budget", kind=ValueKind.REF, primary=True),
    Column(key="year", label="Year"),
    Column(key="status", label="Status"),
    Column(key="lines", label="Lines", kind=ValueKind.NUMBER, wide=True),
    Column(key="total", label="Plan of the year"),
    Column(key="locked", label="Locked by"),
)


class NewForm(Form):
    """A draft for the fiscal year of the as-of date."""

    name = StringField("Name", validators=[DataRequired("Give the budget a name."), Length(max=200)])
    basis = SelectField(
        "Compared on", choices={"invoiced": "what is invoiced", "accrual": "what is earned (accrual)"}
    )


class LineForm(VersionedForm):
    """A line's key; its months are fields of the page, named ``month.INDEX``."""

    description = StringField("What it is for", validators=[Optional(), Length(max=400)])
    cost_centre = StringField("Cost centre", validators=[Optional(), Length(max=80)])
    gl_account = StringField("Account", validators=[Optional(), Length(max=80)])
    programme = StringField("Programme", validators=[Optional(), Length(max=120)])
    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    vendor_id = SelectField("Vendor", coerce=choices.optional_id, validators=[Optional()])
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])
    holder_id = SelectField("Budget holder", coerce=choices.optional_id, validators=[Optional()])
    currency = StringField("Currency", validators=[DataRequired(), Length(min=3, max=3)])


class ReviseForm(Form):
    """A new version of a locked budget."""

    name = StringField(
        "Name of the new version", validators=[DataRequired("Give it a name."), Length(max=200)]
    )
    reason = TextAreaField("Why it is revised", validators=[DataRequired("Say why."), Length(max=2000)])


class TransferForm(Form):
    """Plan moved between two lines in one month."""

    from_line_id = SelectField("From", coerce=int)
    to_line_id = SelectField(
        "To", coerce=int, validators=[NumberRange(min=1, message="Choose the line it goes to.")]
    )
    month = SelectField("Month", coerce=int)
    amount_minor = AmountField("Amount", validators=[DataRequired("Say how much.")])
    reason = TextAreaField("Why", validators=[DataRequired("Say why."), Length(max=2000)])
    made_on = DateField("On", validators=[DataRequired()])


def _row(row: BudgetRow) -> Row:
    totals = ", ".join(f"{from_minor(minor, currency):,} {currency}" for currency, minor in row.totals)
    return Row(
        id=str(row.id),
        opens=Ref(kind="budget", id=row.id, label=row.name),
        values={
            "name": Ref(kind="budget", id=row.id, label=row.name),
            "year": row.year,
            "status": row.status,
            "lines": row.lines,
            "total": totals or None,
            "locked": row.locked_by,
        },
    )


@blueprint.get("/budgets")
def index() -> ResponseReturnValue:
    """Every version of every year."""
    with reading() as session:
        rows = list_budgets(session)
    table = tables.of_rows(
        COLUMNS,
        [_row(row) for row in rows],
        name="budgets",
        noun="budget",
        empty="No budget has been entered yet.",
    )
    return tables.page(table, "budgets/index.html", title="Budgets", answer=_answer(rows))


def _answer(rows: tuple[BudgetRow, ...]) -> str:
    if not rows:
        return "No budget is on record: enter one, or import the plan finance already keeps."
    locked = [row for row in rows if row.status == "locked"]
    if not locked:
        return "No budget is approved yet; until one is locked, reports compare with the newest draft."
    return f"{locked[0].name} is the approved budget of {locked[0].year}."


@blueprint.route("/budgets/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A draft for the fiscal year of the as-of date."""
    scope = shell.scope()
    form = NewForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            year = budgets.ensure_year(session, scope)
            budget = budgets.create_budget(
                session,
                year_id=year.id,
                name=form.name.data or "",
                by_person_id=choices.me(),
                basis=form.basis.data,
            )
            return url_for("budgets.show", budget_id=budget.id)

        done = submit(form, work, said="Saved. Now add its lines.")
        if done is not None:
            return done
    return form_page("budgets/new.html", form, year=scope.year)


@blueprint.get("/budgets/<int:budget_id>")
def show(budget_id: int) -> ResponseReturnValue:
    """One version: its lines by month, its transfers."""
    with reading() as session:
        return _page(session, budget_id, VersionedForm(formdata=None))


def _page(session: Session, budget_id: int, form: VersionedForm) -> ResponseReturnValue:
    plan = plan_of(session, shell.scope(), budget_id)
    form.version.data = str(plan.budget.version)  # what is sent next is decided on what is shown now
    entries = history(session, "budget_version", budget_id)
    names = {each.line.id: each.label for each in plan.lines}
    table = tables.of_rows(
        plan_columns(plan.months),
        [plan_row(each, plan.months) for each in plan.lines],
        name="plan",
        noun="line",
        caption="Plan by month",
        empty="No line yet.",
        row_actions=plan_actions(plan, form),
        beside=[month_key(month) for month in plan.months],
    )
    page = tables.page(
        table,
        "budgets/show.html",
        plan=plan,
        form=form,
        entries=entries,
        month_label=month_label,
        names=names,
        me=choices.me(),
    )
    return (page, 422) if form.problems and isinstance(page, str) else page


@blueprint.route("/budgets/<int:budget_id>/lines/new", methods=["GET", "POST"])
def add_line(budget_id: int) -> ResponseReturnValue:
    """Add a line to a draft."""
    return _line_page(budget_id, None)


@blueprint.route("/budgets/<int:budget_id>/lines/<int:line_id>", methods=["GET", "POST"])
def edit_line(budget_id: int, line_id: int) -> ResponseReturnValue:
    """Edit a line of a draft."""
    return _line_page(budget_id, line_id)


def _line_page(budget_id: int, line_id: int | None) -> ResponseReturnValue:
    with reading() as session:
        plan = plan_of(session, shell.scope(), budget_id)
        found = next((each for each in plan.lines if each.line.id == line_id), None)
        if line_id is not None and found is None:
            raise NotFoundError("There is no such budget line.")
        form = (
            LineForm(obj=found.line) if found else LineForm(data={"currency": shell.settings().base_currency})
        )
        form.tool_id.choices = choices.tools(session)
        form.vendor_id.choices = choices.vendors(session)
        form.unit_id.choices = [("", "the whole company"), *choices.units(session)]
        form.holder_id.choices = choices.people(session, shell.today())
    typed = {month: request.form.get(f"month.{month}", "") for month in plan.months}
    if form.validate_on_submit():

        def work(session: Session) -> str:
            values = {each.short_name: each.data for each in form.shown_fields}
            values["currency"] = (form.currency.data or "").upper()
            budgets.save_line(
                session,
                budget_id,
                line_id=line_id,
                version=form.seen_version,
                values=values,
                amounts=_amounts(typed, values["currency"]),
            )
            return url_for("budgets.show", budget_id=budget_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    if request.method == "GET":
        stored: dict[int, int] = dict(found.amounts) if found else {}
        currency = found.line.currency if found else "USD"
        typed = {m: f"{from_minor(stored[m], currency):f}" if m in stored else "" for m in plan.months}
    return form_page("budgets/line.html", form, plan=plan, found=found, typed=typed, month_label=month_label)


def _amounts(typed: dict[int, str], currency: str) -> dict[int, int | None]:
    """Month index → minor units of what was typed; empty says nothing (None), 0 says that nothing is planned.

    Raises:
        InvalidError: naming the month that is no amount.
    """
    found: dict[int, int | None] = {}
    for month, text in typed.items():
        if not text.strip():
            found[month] = None
            continue
        try:
            minor, residue = to_minor(typed_decimal(text), currency)
        except ValueError as error:
            raise InvalidError(f"{month_label(month)}: {error}") from None
        if residue:
            raise InvalidError(f"{month_label(month)}: {currency} has fewer digits after the point.")
        found[month] = minor
    return found


def _press(budget_id: int, work: Any, said: str, undo: Undo | None = None) -> ResponseReturnValue:
    """A button on the budget's page; what is refused is said there."""
    form = VersionedForm()
    with reading() as session:
        plan_of(session, shell.scope(), budget_id)
    if form.validate_on_submit():
        done = submit(form, lambda session: work(session, form), said=said, undo=undo)
        if done is not None:
            return done
    form.problems = form.problems or ["This form has expired. Try again."]
    with reading() as session:
        return _page(session, budget_id, form)


@blueprint.post("/budgets/<int:budget_id>/lines/<int:line_id>/remove")
def remove_line(budget_id: int, line_id: int) -> ResponseReturnValue:
    """Take a line out of a draft."""

    def work(session: Session, _form: VersionedForm) -> str:
        budgets.remove_line(session, budget_id, line_id)
        return url_for("budgets.show", budget_id=budget_id)

    with reading() as session:
        plan = plan_of(session, shell.scope(), budget_id)
        found = next((each for each in plan.lines if each.line.id == line_id), None)
        back = None
        if found is not None:
            kept = LineForm(formdata=None, obj=found.line)
            fields = {each.short_name: each.data for each in kept.shown_fields}
            months = {
                f"month.{month}": f"{from_minor(minor, found.line.currency):f}"
                for month, minor in found.amounts.items()
            }
            back = Undo(
                address=url_for("budgets.add_line", budget_id=budget_id),
                fields={name: "" if text is None else text for name, text in (fields | months).items()},
            )
    return _press(budget_id, work, "Removed.", back)


def _require_all_units(session: Session, budget_id: int) -> None:
    """A version is locked or revised as a whole: only by who may do it in every unit its lines stand in.

    Raises:
        NotAllowedError: when a line belongs to a unit out of reach (one without a unit belongs to the root).
    """
    permitted = identity.permitted_units()
    units = {root_unit(session).id if each is None else each for each in units_of_budget(session, budget_id)}
    if not units <= set(permitted):
        raise NotAllowedError(
            "This budget holds lines of other business units; somebody over all of them decides."
        )


@blueprint.post("/budgets/<int:budget_id>/lock")
def lock(budget_id: int) -> ResponseReturnValue:
    """Approve and lock a draft."""

    def work(session: Session, form: VersionedForm) -> str:
        _require_all_units(session, budget_id)
        budgets.lock_budget(
            session,
            budget_id,
            form.seen_version,
            by_person_id=choices.me() or 0,
            now=shell.now(),
            empty_is_zero=request.form.get("empty_is_zero") == "1",
        )
        return url_for("budgets.show", budget_id=budget_id)

    return _press(budget_id, work, "Locked. From now on it is read-only.")


@blueprint.route("/budgets/<int:budget_id>/revise", methods=["GET", "POST"])
def revise(budget_id: int) -> ResponseReturnValue:
    """A new draft from a locked version."""
    form = ReviseForm()
    with reading() as session:
        plan = plan_of(session, shell.scope(), budget_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            _require_all_units(session, budget_id)
            made = budgets.revise_budget(
                session,
                budget_id,
                name=form.name.data or "",
                reason=form.reason.data or "",
                by_person_id=choices.me(),
            )
            return url_for("budgets.show", budget_id=made.id)

        done = submit(form, work, said="The new version is a draft; the old one stays as it is.")
        if done is not None:
            return done
    return form_page("budgets/revise.html", form, plan=plan)


@blueprint.route("/budgets/<int:budget_id>/transfer", methods=["GET", "POST"])
def transfer(budget_id: int) -> ResponseReturnValue:
    """Move plan between two lines of a locked version."""
    with reading() as session:
        plan = plan_of(session, shell.scope(), budget_id)
    form = TransferForm(data={"made_on": shell.today()})
    _fill_transfer(form, plan)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            budgets.transfer(
                session,
                budget_id,
                from_line_id=form.from_line_id.data,
                to_line_id=form.to_line_id.data,
                month=form.month.data,
                amount_minor=form.amount_minor.data,
                reason=form.reason.data or "",
                made_on=form.made_on.data or shell.today(),
                by_person_id=choices.me(),
            )
            return url_for("budgets.show", budget_id=budget_id)

        done = submit(form, work, said="Transferred.")
        if done is not None:
            return done
    return form_page("budgets/transfer.html", form, plan=plan)


def _fill_transfer(form: TransferForm, plan: Plan) -> None:
    lines = [(each.line.id, f"{each.label} ({each.line.currency})") for each in plan.lines]
    form.from_line_id.choices = lines
    form.to_line_id.choices = [(0, "choose a line"), *lines]
    form.month.choices = [(month, month_label(month)) for month in plan.months]
    chosen = next((each for each in plan.lines if each.line.id == form.from_line_id.data), None)
    form.amount_minor.currency = chosen.line.currency if chosen else shell.settings().base_currency
