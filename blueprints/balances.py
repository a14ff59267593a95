"""Does this tie to the ledger? Its balances per account and month, typed by a person, beside our lines."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, identity, shell, tables
from blueprints.amounts import typed_decimal
from blueprints.forms import Form, Undo, form_page, submit
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from blueprints.permissions import Action, may
from mopsaudit.errors import InvalidError
from mopsaudit.facts.tie_out import Balance, tie_out, tie_sentence
from mopsaudit.facts.wording import month as month_name
from mopsaudit.intake import balances, ledgers
from mopsaudit.money import UnknownCurrencyError, from_minor, to_minor
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("balances", __name__)
navigation = (Entry("balances.index", "Ledger balances", Group.IMPORTS, 35),)

COLUMNS = (
    Column(key="which", label="Ledger and month", kind=ValueKind.REF, primary=True),
    Column(key="account", label="Account", wide=True),
    Column(key="typed", label="Ledger says", kind=ValueKind.MONEY, exact=True),
    Column(key="ours", label="Our lines", kind=ValueKind.MONEY, exact=True),
    Column(key="difference", label="Difference", kind=ValueKind.MONEY, exact=True),
    Column(key="state", label="State"),
    Column(key="signed", label="Signed off", wide=True),
)


#: What waits for somebody stands first.
_FIRST = ("differs", "differs again", "signed off", "not typed", "ties")


class AmountForm(Form):
    """What the ledger says; ``seen`` is the balance the person saw, in minor units."""

    amount = StringField(
        "The ledger's balance", validators=[DataRequired("Write the balance."), Length(max=40)]
    )
    seen = HiddenField()


class BalanceForm(AmountForm):
    """Of which account and month."""

    source_id = SelectField("Ledger", coerce=int)
    month = SelectField("Month", coerce=int)
    gl_account = StringField("Account", validators=[Optional(), Length(max=balances.ACCOUNT)])
    currency = StringField("Currency", validators=[DataRequired("Write a currency."), Length(min=3, max=3)])


class SignOffForm(Form):
    """Why a difference is accepted."""

    reason = TextAreaField(
        "Why the difference is accepted", validators=[DataRequired("Say why."), Length(max=2000)]
    )
    difference = HiddenField()


@blueprint.before_request
def _whole_company() -> None:
    """A ledger is the whole company's: any other unit's people see none, as if it were missing."""
    identity.require_unit(None)


@blueprint.get("/balances")
def index() -> ResponseReturnValue:
    """Every typed balance beside our lines, and the ledgers of the last months nobody typed one of."""
    with reading() as session:
        found = tie_out(session, shell.scope())
    table = tables.of_rows(
        COLUMNS,
        [_row(each) for each in sorted(found, key=lambda each: _FIRST.index(each.state))],
        name="balances",
        noun="balance",
        caption="Ledger balances",
        empty="No spend file has been imported yet; type a balance once its ledger is here.",
        row_actions=_actions if may(Action.APPLY) else None,
    )
    return tables.page(table, "balances/index.html", answer=_answer(found), any_ledger=bool(found))


def _answer(found: Sequence[Balance]) -> str:
    said = tie_sentence(found)
    if said is not None:
        return said
    if not found:
        return "There is no ledger to tie to yet."
    return "Nobody has typed a balance yet: take the month's total from the ledger and type it beside ours."


def _row(each: Balance) -> Row:
    def amount(minor: int | None) -> Amount:
        return Amount(currency=each.currency, minor=minor, why="nobody typed this balance")

    signed = f"{each.signed_by}: {each.reason}" if each.signed_by and not each.lapsed else None
    key = f"{each.source_id}.{each.month}.{each.currency}.{each.gl_account or ''}"
    return Row(
        id=str(each.id) if each.id is not None else f"new.{key}",
        values={
            "which": Ref(
                kind="ledger",
                id=each.source_id,
                label=" · ".join(filter(None, (each.ledger, month_name(each.month), each.gl_account))),
            ),
            "account": each.gl_account or "all",
            "typed": amount(each.minor),
            "ours": amount(each.ours),
            "difference": amount(each.difference),
            "state": each.state,
            "signed": signed,
        },
    )


def _actions(row: Row) -> str:
    pattern = Markup(
        '<a class="btn btn-quiet btn-sm" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    )
    which = row.values["which"]
    what = which.label if isinstance(which, Ref) else ""
    return Markup(" ").join(pattern.format(href, label, what) for label, href in _links(row))


def _links(row: Row) -> list[tuple[str, str]]:
    if row.id.startswith("new."):
        _, source_id, month, currency, account = row.id.split(".", 4)
        address = url_for(
            "balances.new", source=source_id, month=month, currency=currency, account=account or None
        )
        return [("Type it", address)]
    links = [("Change", url_for("balances.edit", balance_id=int(row.id)))]
    if str(row.values["state"]).startswith("differs"):
        links.append(("Sign off", url_for("balances.sign_off", balance_id=int(row.id))))
    return links


def _form(session: Session, **values: object) -> BalanceForm:
    form = BalanceForm(data=values or None)
    form.source_id.choices = [(each.id, each.name) for each in ledgers.ledgers(session)]
    last = month_of(shell.scope().as_of)
    months = list(range(last, last - 36, -1))
    chosen = form.month.data if isinstance(form.month.data, int) else None
    if chosen is not None and chosen not in months and 1990 * 12 <= chosen < 2101 * 12:
        months.append(chosen)
    form.month.choices = [(month, month_name(month)) for month in months]
    return form


@blueprint.route("/balances/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Type a balance; an address with ledger, month and currency has them chosen."""
    with reading() as session:
        form = _form(
            session,
            source_id=_number("source"),
            month=_number("month"),
            gl_account=request.args.get("account", "")[: balances.ACCOUNT],
            currency=request.args.get("currency", shell.scope().currency)[:3],
        )
    if form.validate_on_submit():

        def work(session: Session) -> str:
            currency = (form.currency.data or "").upper()
            balances.type_balance(
                session,
                source_id=form.source_id.data,
                gl_account=form.gl_account.data,
                month=form.month.data,
                currency=currency,
                amount_minor=_minor(form, currency),
                seen_minor=None,
            )
            return url_for("balances.index")

        done = submit(form, work, said="Kept.")
        if done is not None:
            return done
    return form_page("balances/new.html", form)


def _number(name: str) -> int | None:
    text = request.args.get(name)
    try:
        return record_number(text) if text else None
    except ValueError:
        return None


@blueprint.route("/balances/<int:balance_id>/edit", methods=["GET", "POST"])
def edit(balance_id: int) -> ResponseReturnValue:
    """Change a typed balance; a signature it had falls."""
    with reading() as session:
        found = balances.find_balance(session, shell.scope(), balance_id)
    amount = f"{from_minor(found.minor or 0, found.currency):f}"
    form = AmountForm(data={"amount": amount, "seen": str(found.minor)})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            balances.type_balance(
                session,
                source_id=found.source_id,
                gl_account=found.gl_account,
                month=found.month,
                currency=found.currency,
                amount_minor=_minor(form, found.currency),
                seen_minor=_whole(form.seen.data),
            )
            return url_for("balances.index")

        done = submit(form, work, said="Kept.")
        if done is not None:
            return done
        if "seen" in form.theirs:
            form.seen.data = str(form.theirs["seen"])
    return form_page("balances/edit.html", form, balance=found, month=month_name(found.month))


def _minor(form: AmountForm, currency: str) -> int:
    try:
        minor, residue = to_minor(typed_decimal(form.amount.data or ""), currency)
    except UnknownCurrencyError as error:
        raise InvalidError(str(error), "currency") from error
    except ValueError as error:
        raise InvalidError(str(error), "amount") from error
    if residue:
        raise InvalidError(f"{currency} has fewer digits after the point.", "amount")
    return minor


def _whole(text: str | None) -> int | None:
    """A whole number a form carried; None where somebody changed it."""
    plain = (text or "").strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and plain.isascii() and len(plain) < 20 else None


@blueprint.route("/balances/<int:balance_id>/sign-off", methods=["GET", "POST"])
def sign_off(balance_id: int) -> ResponseReturnValue:
    """Accept a difference by name; it lapses when the difference changes."""
    with reading() as session:
        found = balances.find_balance(session, shell.scope(), balance_id)
    form = SignOffForm(data={"difference": str(found.difference)})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            balances.sign_off_balance(
                session,
                shell.scope(),
                balance_id,
                person_id=choices.me(),
                reason=form.reason.data or "",
                seen_difference=_whole(form.difference.data) or 0,
                now=shell.now(),
            )
            return url_for("balances.index")

        done = submit(form, work, said="Signed off.")
        if done is not None:
            return done
        form.difference.data = str(form.theirs.get("difference", form.difference.data))
    return form_page("balances/sign_off.html", form, balance=found, month=month_name(found.month))


@blueprint.post("/balances/<int:balance_id>/remove")
def remove(balance_id: int) -> ResponseReturnValue:
    """Take a typed balance away again."""
    form = Form()
    with reading() as session:
        kept = balances.find_balance(session, shell.scope(), balance_id)
        back = Undo(
            address=url_for("balances.new"),
            fields={
                "source_id": kept.source_id,
                "month": kept.month,
                "gl_account": kept.gl_account or "",
                "currency": kept.currency,
                "amount": f"{from_minor(kept.minor or 0, kept.currency):f}",
            },
        )

    def work(session: Session) -> str:
        balances.remove_balance(session, shell.scope(), balance_id)
        return url_for("balances.index")

    if form.validate_on_submit() and (done := submit(form, work, said="Removed.", undo=back)) is not None:
        return done
    flash("This form has expired. Try again.", "bad")
    return redirect(url_for("balances.index"), 303)
