"""Currencies in use and the rate table: what each rate converts, and what it will, said before it is saved."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from blueprints import exports, filters, identity, links, permissions, shell, tables
from blueprints.forms import Form, Undo, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit import organisation
from mopsaudit.errors import InvalidError
from mopsaudit.intake import rate_table
from mopsaudit.money import CURRENCIES
from mopsaudit.periods import fiscal_year, fiscal_year_name
from mopsaudit.reporting import Amount, Column, LineFilter, Ref, Row, ValueKind
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

blueprint = Blueprint("rates", __name__)
navigation = (Entry("rates.index", "Currencies and rates", Group.ORGANISATION, 60),)

KINDS: Final[Mapping[str, str]] = {
    rate_table.BOOKING: "for lines booked from a day on",
    rate_table.BUDGET: "for the budget of a fiscal year",
}
COLUMNS: Final = (
    Column(key="name", label="Rate of", primary=True),
    Column(key="from", label="From", kind=ValueKind.DATE),
    Column(key="until", label="Until before", kind=ValueKind.DATE, what="The day the next rate begins"),
    Column(key="rate", label="Rate", kind=ValueKind.NUMBER, what="Units of the base currency for one"),
    Column(key="lines", label="Lines converted", kind=ValueKind.NUMBER, summed=True),
    Column(key="source", label="Comes from", kind=ValueKind.REF, wide=True),
)
#: Currencies in use: a second table of the page, so its parameters have a prefix.
_USES: Final = "uses."
_USE_COLUMNS: Final = (
    Column(key="currency", label="Currency", primary=True),
    Column(key="lines", label="Lines", kind=ValueKind.NUMBER, summed=True, wide=True),
    Column(key="unconverted", label="Unconverted lines", kind=ValueKind.NUMBER, summed=True),
    Column(
        key="amount",
        label="Unconverted amount",
        kind=ValueKind.MONEY,
        exact=True,
        what="In the currency itself: it has no rate, so it is in no sum.",
    ),
    Column(key="state", label="Rates"),
)


class RateForm(Form):
    """A rate. ``agreed`` holds what the person has seen the effect of."""

    currency = SelectField("One", choices={code: code for code in sorted(CURRENCIES)})
    kind = SelectField("Used", choices=dict(KINDS))
    valid_from = DateField("From", validators=[DataRequired("Say from which day.")])
    rate = StringField("Is worth", validators=[DataRequired("Give the rate."), Length(max=40)])
    agreed = HiddenField()
    seen = HiddenField()


class RemoveForm(Form):
    """Taking a rate out."""


def _scope() -> Scope:
    return shell.scope()


@blueprint.get("/settings/rates")
def index() -> ResponseReturnValue:
    """Currencies in use with what is unconverted, and the rate table."""
    scope = _scope()
    with reading() as session:
        used = rate_table.currencies_in_use(session, scope)
        found = rate_table.list_rates(session, scope)
    first, editable = scope.settings.fiscal_start, _edits()
    rows = [
        Row(
            id=str(each.id),
            opens=Ref(kind="rate", id=each.id, label=each.currency) if editable else None,
            values={
                "name": f"{each.currency} budget {fiscal_year_name(fiscal_year(each.valid_from, first))}"
                if each.kind == rate_table.BUDGET
                else f"{each.currency} booking",
                "from": each.valid_from,
                "until": each.valid_until,
                "rate": each.rate,
                "lines": each.lines if each.kind == rate_table.BOOKING else None,
                "source": Ref(kind="import", id=each.import_id, label=_origin(each))
                if each.import_id is not None
                else None,
            },
        )
        for each in found
    ]
    table = tables.of_rows(
        COLUMNS,
        rows,
        name="rates",
        noun="rate",
        caption="Rates",
        empty=f"No rate is known yet. Only lines in {scope.currency} count in sums.",
    )
    known = {each.currency for each in found}
    uses = tables.of_rows(
        _USE_COLUMNS,
        [_use_row(each, scope.currency, known) for each in used],
        name="currencies",
        prefix=_USES,
        noun="currency",
        caption="Currencies in use",
        empty="No line is in the ledger yet; currencies show here once one is.",
        row_actions=lambda row: _ways_on(row, editable=editable),
    )
    if uses.asked.export:
        return exports.export(uses)
    return tables.page(
        table,
        "settings/rates.html",
        base=scope.currency,
        uses=uses,
        answer=_answer(used, scope.currency),
        kind_of_reports=scope.settings.rate_kind,
        editable=editable,
    )


def _use_row(each: rate_table.CurrencyUse, base: str, known: Collection[str]) -> Row:
    """A currency with its lines; ``known`` are the currencies a rate of is on record."""
    if each.currency == base:
        state = "base currency"
    elif not each.unconverted:
        state = "complete"
    else:
        state = "a rate is missing" if each.currency in known else "none"
    return Row(
        id=each.currency,
        opens=Ref(kind="currency", id=each.currency, label=each.currency),
        values={
            "currency": each.currency,
            "lines": each.lines,
            "unconverted": each.unconverted,
            "amount": Amount(currency=each.currency, minor=each.unconverted_minor),
            "state": state,
        },
        detail={"unconverted": each.unconverted > 0},
    )


def _ways_on(row: Row, *, editable: bool) -> str:
    """Of a currency with lines no rate converts: these lines, and for those who may a rate for it."""
    if not row.detail["unconverted"]:
        return ""
    code = row.id
    ways = [(links.lines_url(LineFilter(currencies=(code,), unconverted=True)), "Unconverted lines", "of")]
    if editable:
        ways.append((url_for("rates.new", currency=code), "Add a rate", "for"))
    pattern = Markup(
        '<a class="btn btn-quiet btn-sm" href="{}">{}<span class="visually-hidden"> {} {}</span></a>'
    )
    return Markup(" ").join(pattern.format(href, label, word, code) for href, label, word in ways if href)


def _edits() -> bool:
    """Rates are the whole company's: only who keeps its entities changes them."""
    with reading() as session:
        return permissions.may(permissions.Action.EDIT_ENTITIES, organisation.root_unit(session).id)


def _origin(each: rate_table.RateRow) -> str:
    return f"{each.file_name or 'a file'}{f' › {each.cell}' if each.cell else ''}"


def _answer(used: tuple[rate_table.CurrencyUse, ...], base: str) -> str:
    foreign = [each for each in used if each.currency != base]
    missing = [each for each in foreign if each.unconverted]
    if not used:
        return f"Reports add up in {base}. No line is in the ledger yet."
    if not foreign:
        return f"Every line is in {base}, in which reports add up; no rate is needed."
    count = f"{len(foreign)} other currenc{'y' if len(foreign) == 1 else 'ies'}"
    if not missing:
        return f"Reports add up in {base}. Lines in {count} are all converted."
    lines = sum(each.unconverted for each in missing)
    names = ", ".join(each.currency for each in missing)
    lead = "1 line is" if lines == 1 else f"{lines:,} lines are"
    return f"{lead} unconverted for want of a rate ({names}); sums in {base} leave them out until one is entered."


def _whole() -> None:
    identity.require_unit(None)


def _check(form: RateForm, session: Session, rate_id: int | None = None) -> tuple[str, date] | None:
    """The effect of what was typed, and the day it is kept from; None when something is refused."""
    try:
        rate_table.parse_rate(form.rate.data or "")
        day = rate_table.check_rate(
            session,
            _scope(),
            currency=form.currency.data,
            kind=form.kind.data,
            valid_from=form.valid_from.data or shell.today(),
            rate_id=rate_id,
        )
    except InvalidError as error:
        form.refuse(error)
        return None
    effect = rate_table.effect_of(
        session,
        _scope(),
        currency=form.currency.data,
        kind=form.kind.data,
        valid_from=day,
        without=rate_id,
    )
    return effect.sentence(form.currency.data, form.kind.data), day


def _typed(form: RateForm) -> str:
    """What the effect was said for: a change after it is said anew."""
    return " ".join(str(each.data) for each in (form.currency, form.kind, form.valid_from, form.rate))


@blueprint.route("/settings/rates/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new rate: its effect first, then saved."""
    _whole()
    wanted = request.args.get("currency", "")
    form = RateForm(
        data={"currency": wanted if wanted in CURRENCIES else "EUR", "valid_from": _scope().year.start}
    )
    effect = None
    if form.validate_on_submit():
        with reading() as session:
            checked = _check(form, session)
        if checked is not None and form.agreed.data == _typed(form):

            def work(session: Session) -> str:
                rate_table.add_rate(
                    session,
                    _scope(),
                    currency=form.currency.data,
                    kind=form.kind.data,
                    valid_from=form.valid_from.data or shell.today(),
                    rate=rate_table.parse_rate(form.rate.data or ""),
                )
                return url_for("rates.index")

            done = submit(form, work, said="The rate is kept.")
            if done is not None:
                return done
        elif checked is not None:
            effect = checked[0]
            form.agreed.data = _typed(form)
    return _rate_page(form, rate=None, effect=effect)


@blueprint.route("/settings/rates/<int:rate_id>", methods=["GET", "POST"])
def edit(rate_id: int) -> ResponseReturnValue:
    """One rate: its number and first day, and its history."""
    _whole()
    with reading() as session:
        found = rate_table.rate_of(session, rate_id)
        entries = organisation.history(session, "exchange_rate", rate_id)
        form = RateForm(
            data={
                "currency": found.currency,
                "kind": found.kind,
                "valid_from": found.valid_from,
                "rate": found.rate,
                "seen": rate_table.seen_text(found),
            }
        )
        name = f"{found.currency} from {filters.day_text(found.valid_from)}"
        form.currency.data, form.kind.data = found.currency, found.kind  # a forged field is ignored
    effect = None
    if form.validate_on_submit():
        with reading() as session:
            checked = _check(form, session, rate_id)
        if checked is not None and form.agreed.data == _typed(form):

            def work(session: Session) -> str:
                rate_table.change_rate(
                    session,
                    _scope(),
                    rate_id,
                    valid_from=form.valid_from.data or shell.today(),
                    rate=rate_table.parse_rate(form.rate.data or ""),
                    seen=str(form.seen.data or ""),
                )
                return url_for("rates.index")

            done = submit(form, work, said="The rate is changed.")
            if done is not None:
                return done
            if form.theirs:
                form.seen.data = str(form.theirs["seen"])
        elif checked is not None:
            effect = checked[0]
            form.agreed.data = _typed(form)
    shown = {"id": rate_id, "name": name, "kind": KINDS[form.kind.data], "currency": form.currency.data}
    return _rate_page(form, rate=shown, effect=effect, entries=entries)


def _rate_page(form: RateForm, *, effect: str | None, **values: Any) -> ResponseReturnValue:
    """The form; what saving does is no refusal."""
    page = make_response(
        form_page("settings/rate.html", form, effect=effect, base=_scope().currency, **values)
    )
    if effect:
        page.status_code = 200
    return page


@blueprint.route("/settings/rates/<int:rate_id>/remove", methods=["GET", "POST"])
def remove(rate_id: int) -> ResponseReturnValue:
    """Take a rate out: what its lines are worth then is said first."""
    _whole()
    scope = _scope()
    with reading() as session:
        found = rate_table.rate_of(session, rate_id)
        before = rate_table.rate_before(session, found)
        effect = rate_table.effect_of(
            session,
            scope,
            currency=found.currency,
            kind=found.kind,
            valid_from=found.valid_from,
            without=rate_id,
        )
        one = effect.lines == 1
        lines = f"{effect.lines:,} line{'' if one else 's'} of {found.currency}"
        if found.kind == rate_table.BUDGET:
            sentence = f"The budget of {effect.year} has no rate of {found.currency} of its own then."
        elif not effect.lines:
            sentence = "No line is converted with it."
        elif before is None:
            then = "unconverted then and left out of sums, until another rate is entered"
            sentence = f"{lines} {'is' if one else 'are'} {then}."
        else:
            since = filters.day_text(before.valid_from)
            sentence = f"{lines} take{'s' if one else ''} the rate of {since} then, {before.rate}."
        heading = f"Take out the rate of {found.currency} from {filters.day_text(found.valid_from)}"
    form = RemoveForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            rate_table.remove_rate(session, scope, rate_id)
            return url_for("rates.index")

        typed = (found.currency, found.kind, found.valid_from.isoformat(), str(found.rate))
        # Its effect was said on this page: entering it again asks nothing anew.
        fields = dict(zip(("currency", "kind", "valid_from", "rate"), typed, strict=True))
        back = Undo(address=url_for("rates.new"), fields={**fields, "agreed": " ".join(typed)})
        done = submit(form, work, said="The rate is taken out.", undo=back)
        if done is not None:
            return done
    return form_page(
        "confirm.html",
        form,
        heading=heading,
        sentence=sentence,
        action="Take it out",
        back=url_for("rates.index"),
        trail=[("Currencies and rates", url_for("rates.index"))],
    )
