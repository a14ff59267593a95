"""Contracts: the list with send-by dates, one contract with its lines, entering and editing, notice."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints import choices, kept_reports, permissions, shell, tables
from blueprints.amounts import AmountField, QuantityField
from blueprints.forms import Form, Undo, VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from mopsaudit.facts.terms import TermState
from mopsaudit.inventory import contracts
from mopsaudit.inventory.contract_view import RENEWALS, ContractRow, contract_view, list_contracts
from mopsaudit.organisation import history
from mopsaudit.reporting import Amount, Column, Missing, Ref, Row, ValueKind
from mopsaudit.store.session import reading
from mopsaudit.words import EndKind, LicenceMetric, RenewalKind, SpendType

blueprint = Blueprint("contracts", __name__)
navigation = (Entry("contracts.index", "Contracts", Group.STACK, 30),)

COLUMNS = (
    Column(key="title", label="Contract", kind=ValueKind.REF, primary=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF),
    Column(key="state", label="State"),
    Column(key="end", label="Term ends", kind=ValueKind.DATE),
    Column(key="send_by", label="Send notice by", kind=ValueKind.DATE),
    Column(
        key="annual",
        label="A year",
        kind=ValueKind.MONEY,
        what="Annualised price of its running lines.",
        summed=True,
    ),
    Column(key="owner", label="Owner"),
    Column(key="reference", label="Reference", wide=True),
    Column(key="unit", label="Business unit", wide=True),
    Column(key="notice", label="Notice period", wide=True),
    Column(key="renewal", label="Renewal", wide=True),
)

END_KINDS = (
    (EndKind.UNKNOWN.value, "not known which"),
    (EndKind.LAST_DAY.value, "the last day in force"),
    (EndKind.RENEWAL_DATE.value, "the day the next term starts"),
)
_ESCALATORS = (
    ("unknown", "not known"),
    ("fixed", "fixed %"),
    ("index", "an index"),
    ("cap", "capped %"),
    ("list", "list price"),
)
_MONTHS = [Optional(), NumberRange(min=1, max=600, message="One month or more.")]


class ContractForm(VersionedForm):
    """A contract's terms."""

    title = StringField("Title", validators=[DataRequired("Give the contract a title."), Length(max=200)])
    vendor_id = SelectField("Vendor", coerce=choices.optional_id, validators=[Optional()])
    reference = StringField("Reference", validators=[Optional(), Length(max=120)])
    currency = StringField(
        "Currency", validators=[DataRequired("Say the currency, like EUR."), Length(min=3, max=3)]
    )
    start_on = DateField("Starts on", validators=[Optional()])
    initial_months = IntegerField("Initial term in months", validators=_MONTHS)
    end_on = DateField("Ends on", validators=[Optional()])
    end_kind = SelectField("That date is", choices=dict(END_KINDS))
    renewal_kind = SelectField("Renewal", choices=RENEWALS)
    renewal_months = IntegerField("Renewal term in months", validators=_MONTHS)
    month_to_month = BooleanField("Runs from month to month")
    notice_count = IntegerField("Notice period", validators=[Optional(), NumberRange(min=0, max=3650)])
    notice_unit = SelectField("Notice counts", choices={"days": "days", "months": "months"})
    delivery_days = IntegerField(
        "Business days to deliver a notice", validators=[Optional(), NumberRange(min=0, max=60)]
    )
    billing_months = IntegerField("Billed every … months", validators=_MONTHS)
    escalator_kind = SelectField("Price rises by", choices=dict(_ESCALATORS))
    unit_id = SelectField("Business unit", coerce=choices.optional_id, validators=[Optional()])
    owner_id = SelectField("Owner", coerce=choices.optional_id, validators=[Optional()])
    notes = TextAreaField("Notes", validators=[Optional(), Length(max=8000)])

    def fill_choices(self, session: Session) -> None:
        """The lists a person chooses from."""
        self.vendor_id.choices = choices.vendors(session)
        self.unit_id.choices = [("", "the whole company"), *choices.units(session)]
        self.owner_id.choices = choices.people(session, shell.today())

    def terms(self) -> dict[str, Any]:
        """The columns as typed."""
        names = [each.short_name for each in self.shown_fields if each.short_name != "vendor_id"]
        values = {name: getattr(self, name).data for name in names}
        return values | {
            "reference": self.reference.data or None,
            "notes": self.notes.data or "",
            "currency": (self.currency.data or "").upper(),
        }


class LineForm(VersionedForm):
    """One line of a contract."""

    tool_id = SelectField("Tool", coerce=choices.optional_id, validators=[Optional()])
    description = StringField("What it buys", validators=[Optional(), Length(max=400)])
    sku = StringField("SKU", validators=[Optional(), Length(max=120)])
    spend_type = SelectField("Spend type", choices={s.value: s.value.replace("_", " ") for s in SpendType})
    licence_metric = SelectField("Licence metric", validators=[Optional()])
    quantity_micro = QuantityField("Quantity (seats, credits)", validators=[Optional()])
    amount_minor = AmountField("Amount", validators=[Optional()])
    amount_months = IntegerField(
        "The amount covers … months", default=12, validators=[DataRequired(), NumberRange(min=1, max=600)]
    )
    one_off = BooleanField("Paid once")
    starts_on = DateField("Starts on", validators=[Optional()])
    ends_on = DateField("Last day", validators=[Optional()])
    pack_size = IntegerField("Sold in packs of", validators=[Optional(), NumberRange(min=1)])
    minimum = IntegerField("Minimum quantity", validators=[Optional(), NumberRange(min=0)])
    reducible = BooleanField("Can be reduced at renewal", default=True)
    cost_centre = StringField("Cost centre", validators=[Optional(), Length(max=40)])
    gl_account = StringField("Account", validators=[Optional(), Length(max=40)])

    def fill_choices(self, session: Session, currency: str) -> None:
        """The lists a person chooses from, and the currency amounts are in."""
        self.tool_id.choices = choices.tools(session)
        self.licence_metric.choices = [
            ("", "not known"),
            *((m.value, m.value.replace("_", " ")) for m in LicenceMetric),
        ]
        self.amount_minor.currency = currency
        self.amount_minor.label.text = f"Amount ({currency})"

    def values(self) -> dict[str, Any]:
        """The columns as typed."""
        found = {each.short_name: each.data for each in self.shown_fields}
        for name in ("sku", "licence_metric", "cost_centre", "gl_account"):
            found[name] = found[name] or None
        found["description"] = found["description"] or ""
        return found


class NoticeForm(VersionedForm):
    """A notice that was served, with its proof."""

    served_on = DateField("Served on", validators=[DataRequired("Say when.")])
    how = StringField("How", validators=[DataRequired("Say how it was served."), Length(max=200)])


def contract_row(each: ContractRow) -> Row:
    """A contract in the list."""
    return Row(
        id=str(each.id),
        opens=Ref(kind="contract", id=each.id, label=each.title),
        values={
            "title": Ref(kind="contract", id=each.id, label=each.title),
            "vendor": Ref(kind="vendor", id=each.vendor_id, label=each.vendor),
            "state": each.state,
            "end": each.end or (Missing(each.undated) if each.undated else None),
            "send_by": each.send_by or (Missing(each.undated) if each.undated else None),
            "annual": Amount(
                currency=each.currency,
                minor=each.annual_minor,
                why=None if each.annual_minor is not None else each.why,
            ),
            "owner": each.owner,
            "reference": each.reference,
            "unit": each.unit,
            "notice": each.notice,
            "renewal": each.renewal,
        },
    )


def answer_of(rows: Sequence[ContractRow], today: date) -> str:
    """How many contracts there are, and which must be ended first: past their send-by date, or due within 120 days."""
    if not rows:
        return "No contract is on record: enter one, or import a contract list."
    dated = sorted(
        (row for row in rows if row.send_by is not None), key=lambda row: (row.send_by or today, row.id)
    )
    late = [
        row for row in dated if row.send_by and row.send_by < today and row.state == TermState.WINDOW_OPEN
    ]
    soon = [row for row in dated if row.send_by and 0 <= (row.send_by - today).days <= 120]
    text = f"{len(rows):,} contract{'s' if len(rows) != 1 else ''}"
    if late:
        one = len(late) == 1
        text += (
            f"; {len(late):,} {'is' if one else 'are'} past the day to send notice, which may still arrive "
        )
        text += f"in time, {late[0].title} first"
    if soon:
        more = "more " if late else ""
        text += f"; {len(soon):,} {more}can only be ended if notice is sent within 120 days, {soon[0].title} "
        text += "next" if late else "first"
    return text + "."


@blueprint.get("/contracts")
def index() -> ResponseReturnValue:
    """Every contract of the scope."""
    scope = shell.scope()
    with reading() as session:
        rows = kept_reports.kept(session, ("contracts", scope, ()), lambda: list_contracts(session, scope))
    table = tables.of_rows(
        COLUMNS,
        [contract_row(each) for each in rows],
        name="contracts",
        noun="contract",
        empty="No contract yet.",
        sort="send_by",
        picks=url_for("bulk_contracts.change", as_of=None, unit=None)
        if permissions.may(permissions.Action.EDIT_INVENTORY)
        else None,
    )
    return tables.page(table, "contracts/index.html", title="Contracts", answer=answer_of(rows, scope.as_of))


@blueprint.get("/contracts/<int:contract_id>")
def show(contract_id: int) -> ResponseReturnValue:
    """One contract."""
    with reading() as session:
        contracts.get_contract(session, shell.scope(), contract_id)
        view = contract_view(session, shell.scope(), contract_id)
        entries = history(session, "contract", contract_id)
        return render_template(
            "contracts/show.html", view=view, entries=entries, form=Form(), withdraw=Form()
        )


@blueprint.route("/contracts/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a contract, for a vendor or a tool when the address names one."""
    with reading() as session:
        tool_id = request.args.get("tool_id", type=record_number)
        vendor_id = request.args.get("vendor_id", type=record_number) or choices.vendor_of(
            session, shell.scope(), tool_id
        )
        start = {
            "vendor_id": vendor_id,
            "currency": shell.settings().base_currency,
            # What nobody says is not assumed: a form that is silent on renewal leaves it open.
            "renewal_kind": RenewalKind.UNKNOWN.value,
        }
        form = ContractForm(data=start)
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            terms = form.terms()
            contract = contracts.create_contract(
                session,
                vendor_id=form.vendor_id.data or 0,
                title=terms.pop("title"),
                currency=terms.pop("currency"),
                **terms,
            )
            return url_for("contracts.add_line", contract_id=contract.id, tool_id=tool_id)

        done = submit(form, work, said="Saved. Now say what it buys.")
        if done is not None:
            return done
    return form_page("contracts/edit.html", form, contract=None)


@blueprint.route("/contracts/<int:contract_id>/edit", methods=["GET", "POST"])
def edit(contract_id: int) -> ResponseReturnValue:
    """Edit a contract's terms."""
    with reading() as session:
        contract = contracts.get_contract(session, shell.scope(), contract_id)
        form = ContractForm(obj=contract)
        form.fill_choices(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            contracts.edit_contract(session, contract_id, form.seen_version, form.terms())
            return url_for("contracts.show", contract_id=contract_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("contracts/edit.html", form, contract=contract)


@blueprint.route("/contracts/<int:contract_id>/lines/new", methods=["GET", "POST"])
def add_line(contract_id: int) -> ResponseReturnValue:
    """Add a line to a contract."""
    with reading() as session:
        contract = contracts.get_contract(session, shell.scope(), contract_id)
        form = LineForm(
            data={
                "tool_id": request.args.get("tool_id", type=record_number),
                "amount_months": 12,
                "reducible": True,
            }
        )
        form.fill_choices(session, contract.currency)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            contracts.add_line(session, contract_id, **form.values())
            return url_for("contracts.show", contract_id=contract_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("contracts/line.html", form, contract=contract, line=None)


@blueprint.route("/contracts/<int:contract_id>/lines/<int:line_id>", methods=["GET", "POST"])
def edit_line(contract_id: int, line_id: int) -> ResponseReturnValue:
    """Edit a line of a contract."""
    with reading() as session:
        contract = contracts.get_contract(session, shell.scope(), contract_id)
        line = contracts.get_line(session, contract_id, line_id)
        form = LineForm(obj=line)
        form.fill_choices(session, contract.currency)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            contracts.edit_line(session, line_id, form.seen_version, form.values())
            return url_for("contracts.show", contract_id=contract_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("contracts/line.html", form, contract=contract, line=line)


@blueprint.route("/contracts/<int:contract_id>/notice", methods=["GET", "POST"])
def notice(contract_id: int) -> ResponseReturnValue:
    """Record a notice that was served."""
    with reading() as session:
        contract = contracts.get_contract(session, shell.scope(), contract_id)
        form = NoticeForm(data={"version": contract.version, "served_on": shell.today()})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            contracts.serve_notice(
                session,
                contract_id,
                form.seen_version,
                served_on=form.served_on.data or shell.today(),
                by_person_id=choices.me(),
                how=form.how.data or "",
            )
            return url_for("contracts.show", contract_id=contract_id)

        back = Undo(
            address=url_for("contracts.withdraw_notice", contract_id=contract_id),
            fields={"version": form.seen_version + 1},  # the version recording it makes
        )
        done = submit(form, work, said="The notice is on record.", undo=back)
        if done is not None:
            return done
    return form_page("contracts/notice.html", form, contract=contract)


@blueprint.post("/contracts/<int:contract_id>/notice/withdraw")
def withdraw_notice(contract_id: int) -> ResponseReturnValue:
    """Take a recorded notice back; the History keeps both."""
    form = VersionedForm()
    with reading() as session:
        contract = contracts.get_contract(session, shell.scope(), contract_id)
        served, how = contract.notice_served_on, contract.notice_how
    if form.validate_on_submit():

        def work(session: Session) -> str:
            contracts.withdraw_notice(session, contract_id, form.seen_version)
            return url_for("contracts.show", contract_id=contract_id)

        back = Undo(
            address=url_for("contracts.notice", contract_id=contract_id),
            fields={
                "version": form.seen_version + 1,
                "served_on": served.isoformat() if served else "",
                "how": how or "",
            },
        )
        said = "The notice is taken back; the contract goes on as its terms say."
        done = submit(form, work, said=said, undo=back if served else None)
        if done is not None:
            return done
    with reading() as session:
        return form_page(
            "contracts/show.html",
            form,
            view=contract_view(session, shell.scope(), contract_id),
            entries=history(session, "contract", contract_id),
            withdraw=form,
        )


@blueprint.post("/contracts/<int:contract_id>/instalments")
def instalments(contract_id: int) -> ResponseReturnValue:
    """Write the instalments of the current and the next fiscal year from the billing rhythm."""
    form = Form()
    scope = shell.scope()
    with reading() as session:
        contracts.get_contract(session, scope, contract_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            until = scope.year.end.replace(year=scope.year.end.year + 1)
            contracts.plan_instalments(session, contract_id, until=until)
            return url_for("contracts.show", contract_id=contract_id)

        done = submit(form, work, said="The instalments are planned.")
        if done is not None:
            return done
    with reading() as session:
        view = contract_view(session, scope, contract_id)
        entries = history(session, "contract", contract_id)
        return form_page("contracts/show.html", form, view=view, entries=entries, withdraw=form)
