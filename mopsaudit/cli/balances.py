"""``balances``: what the ledger says per account and month, typed, compared and signed off without the browser."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.cli.acting import acting
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.tie_out import Balance, tie_out, tie_sentence
from mopsaudit.intake import balances
from mopsaudit.money import UnknownCurrencyError, amount_text, to_minor
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LedgerBalance, SourceLedger
from mopsaudit.store.session import reading, unit_of_work

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


@click.group("balances")
def balances_group() -> None:
    """Type what the ledger says and see whether our lines tie to it."""


def _scope(session: Session) -> Scope:
    return scope_for(session, as_of=datetime.now(UTC).date())


def _ledger(session: Session, text: str) -> SourceLedger:
    """The ledger of that name (case does not count) or number.

    Raises:
        NotFoundError: when there is none, with the names there are.
    """
    known = list(session.scalars(select(SourceLedger).order_by(SourceLedger.name, SourceLedger.id)))
    wanted = " ".join(text.split()).casefold()
    for each in known:
        if each.name.casefold() == wanted:
            return each
    for each in known:
        if str(each.id) == wanted:
            return each
    names = ", ".join(f"“{each.name}”" for each in known[:12]) or "none yet"
    raise NotFoundError(f"There is no ledger “{text}”; there are: {names}.")


def _month(text: str) -> int:
    """The month index of ``2026-03``.

    Raises:
        InvalidError: for anything else.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        raise InvalidError(f"Write the month as 2026-03, not “{text}”.")
    return int(found[1]) * 12 + int(found[2]) - 1


def _minor(text: str, currency: str) -> int:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise InvalidError(f"Write the amount as 1234.50, not “{text}”.") from error
    if not value.is_finite():
        raise InvalidError(f"Write the amount as 1234.50, not “{text}”.")
    minor, residue = to_minor(value, currency)
    if residue:
        raise InvalidError(f"{currency} has fewer digits after the point than “{text}”.")
    return minor


def balance_json(each: Balance) -> dict[str, Any]:
    """A balance beside our lines: amounts as decimal strings and as minor units, null where nobody typed one."""

    def money(name: str, minor: int | None) -> dict[str, Any]:
        text = None if minor is None else amount_text(minor, each.currency)
        return {name: text, f"{name}_minor": minor}

    return {
        "balance_id": each.id,
        "ledger_id": each.source_id,
        "ledger": each.ledger,
        "account": each.gl_account,
        "month": f"{each.month // 12:04d}-{each.month % 12 + 1:02d}",
        "currency": each.currency,
        **money("balance", each.minor),
        **money("lines_sum", each.ours),
        **money("difference", each.difference),
        "lines": each.lines,
        "state": each.state,
        "signed_off_by": each.signed_by,
        "reason": each.reason,
    }


def _print(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _say(each: Balance) -> None:
    data = balance_json(each)
    number = "new" if each.id is None else str(each.id)
    click.echo(
        f"{number:>6} {each.ledger:24} {data['month']} {each.gl_account or 'all':12} {each.currency} "
        f"{data['balance'] or '–':>16} {data['lines_sum']:>16} {data['difference'] or '–':>14} {each.state}"
    )


@balances_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def list_command(*, as_json: bool) -> None:
    """Every typed balance beside our lines, and the ledgers of the last months nobody typed one of."""
    with reading() as session:
        found = tie_out(session, _scope(session))
    if as_json:
        _print({"answer": tie_sentence(found), "balances": [balance_json(each) for each in found]})
        return
    click.echo(tie_sentence(found) or "Nobody has typed a balance yet.")
    for each in found:
        _say(each)


#: A credit balance starts with a minus, which is no option.
@balances_group.command("type", context_settings={"ignore_unknown_options": True})
@click.argument("ledger")
@click.argument("month")
@click.argument("amount")
@click.option("--account", help="The account; without it the balance is that of the whole ledger.")
@click.option("--currency", help="Its currency; default: the base currency.")
@click.option("--replace", is_flag=True, help="Take the place of another balance that was typed before.")
@click.option("--by", help="E-mail address of who acts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def type_command(
    *,
    ledger: str,
    month: str,
    amount: str,
    account: str | None,
    currency: str | None,
    replace: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Keep what LEDGER (its name or number) says for MONTH (2026-03): AMOUNT, as 1234.50.

    Another balance that stands there already is left alone and refused, unless --replace is given; a signature falls.
    """
    with unit_of_work(acting(by), now=datetime.now(UTC)) as session:
        source = _ledger(session, ledger)
        code = (currency or _scope(session).currency).upper()
        try:
            minor = _minor(amount, code)
        except UnknownCurrencyError as error:
            raise InvalidError(str(error)) from error
        when = _month(month)
        kept = balances.type_balance(
            session,
            source_id=source.id,
            gl_account=account,
            month=when,
            currency=code,
            amount_minor=minor,
            seen_minor=_stored(session, source.id, account, when, code) if replace else None,
        )
        balance_id = kept.id
    _show(balance_id, as_json=as_json)


def _stored(session: Session, source_id: int, account: str | None, month: int, currency: str) -> int | None:
    name = " ".join((account or "").split()) or None
    return session.scalar(
        select(LedgerBalance.amount_minor).where(
            LedgerBalance.source_id == source_id,
            LedgerBalance.gl_account == name if name else LedgerBalance.gl_account.is_(None),
            LedgerBalance.month == month,
            LedgerBalance.currency == currency,
        )
    )


def _show(balance_id: int, *, as_json: bool) -> None:
    with reading() as session:
        found = next((each for each in tie_out(session, _scope(session)) if each.id == balance_id), None)
    if found is None:  # a month still to come is kept and compared once it has begun
        if as_json:
            _print({"balance_id": balance_id, "state": "not compared yet"})
        else:
            click.echo(f"{balance_id:>6} kept; it is compared once its month has begun")
        return
    if as_json:
        _print(balance_json(found))
    else:
        _say(found)


@balances_group.command("sign-off")
@click.argument("balance_id", type=int)
@click.option("--by", help="E-mail address of who signs.")
@click.option("--reason", required=True, help="Why the difference is accepted.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def sign_off_command(*, balance_id: int, by: str | None, reason: str, as_json: bool) -> None:
    """Accept the difference of a balance by name; it lapses when the difference changes. Needs a person."""
    actor, now = acting(by), datetime.now(UTC)
    with unit_of_work(actor, now=now, reason=reason) as session:
        scope = _scope(session)
        shown = balances.find_balance(session, scope, balance_id)
        balances.sign_off_balance(
            session,
            scope,
            balance_id,
            person_id=actor.person_id,
            reason=reason,
            seen_difference=shown.difference or 0,
            now=now,
        )
    _show(balance_id, as_json=as_json)


@balances_group.command("remove")
@click.argument("balance_id", type=int)
@click.option("--by", help="E-mail address of who acts.")
@with_appcontext
def remove_command(*, balance_id: int, by: str | None) -> None:
    """Take a typed balance away again; the trail keeps it."""
    with unit_of_work(acting(by), now=datetime.now(UTC)) as session:
        balances.remove_balance(session, _scope(session), balance_id)
    click.echo(f"balance {balance_id} removed")


#: What the composer adds to the console script.
COMMANDS: tuple[click.Command, ...] = (balances_group,)
