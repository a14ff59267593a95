"""Balances of a ledger as a finance person types them, per account and month, and their sign-off by name."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from mopsaudit.facts.tie_out import Balance, signed_reason, tie_out
from mopsaudit.intake.bulk import lock_ledger
from mopsaudit.money import UnknownCurrencyError, amount_text, currency_code
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LedgerBalance, SourceLedger
from mopsaudit.store.people import Person

#: Longest account the table holds.
ACCOUNT = 40


def type_balance(
    session: Session,
    *,
    source_id: int,
    gl_account: str | None,
    month: int,
    currency: str,
    amount_minor: int,
    seen_minor: int | None,
) -> LedgerBalance:
    """Keep what a ledger says of an account (None: all of it) and month index, in minor units of ``currency``.

    ``seen_minor`` is the balance the person saw, None for none. Another amount than before lets a signature fall.

    Raises:
        NotFoundError: for a ledger that does not exist.
        InvalidError: for a month, currency, account or amount that cannot be.
        ConflictError: when somebody else typed another balance meanwhile.
    """
    if session.get(SourceLedger, source_id) is None:
        raise NotFoundError("There is no such ledger.")
    if not 1990 * 12 <= month < 2101 * 12:
        raise InvalidError("Choose a month between 1990 and 2100.", "month")
    try:
        code = currency_code(currency)
    except UnknownCurrencyError as error:
        raise InvalidError(str(error), "currency") from error
    account = " ".join((gl_account or "").split()) or None
    if account is not None and len(account) > ACCOUNT:
        raise InvalidError(f"An account has at most {ACCOUNT} characters.", "gl_account")
    if abs(amount_minor) >= 10**17:
        raise InvalidError("That number is too large.", "amount")
    lock_ledger(session)
    found = session.scalars(
        select(LedgerBalance).where(
            LedgerBalance.source_id == source_id,
            LedgerBalance.gl_account == account if account else LedgerBalance.gl_account.is_(None),
            LedgerBalance.month == month,
            LedgerBalance.currency == code,
        )
    ).first()
    stored = found.amount_minor if found is not None else None
    if stored not in (seen_minor, amount_minor):
        if stored is None:
            raise ConflictError("Somebody removed this balance meanwhile; type it anew if it holds.")
        said = f"{amount_text(stored, code)} {code}"
        raise ConflictError(
            f"Somebody typed {said} for this month meanwhile.", {"amount": said, "seen": str(stored)}
        )
    if found is None:
        found = LedgerBalance(
            source_id=source_id, gl_account=account, month=month, currency=code, amount_minor=amount_minor
        )
        session.add(found)
    elif found.amount_minor != amount_minor:
        found.amount_minor = amount_minor
        found.signed_off_by_id, found.signed_off_at, found.reason = None, None, None
    session.flush()
    return found


def find_balance(session: Session, scope: Scope, balance_id: int) -> Balance:
    """A typed balance beside our lines.

    Raises:
        NotFoundError: when there is none, or the scope is not the whole company.
    """
    for each in tie_out(session, scope):
        if each.id == balance_id:
            return each
    raise NotFoundError("There is no such balance.")


def sign_off_balance(
    session: Session,
    scope: Scope,
    balance_id: int,
    *,
    person_id: int | None,
    reason: str,
    seen_difference: int,
    now: datetime,
) -> LedgerBalance:
    """A person takes responsibility for the difference they saw; it lapses when the difference changes.

    Raises:
        NotAllowedError: without a person.
        InvalidError: without a reason, or when nothing differs.
        ConflictError: when the difference is another one by now.
        NotFoundError: when there is no such balance.
    """
    if person_id is None or session.get(Person, person_id) is None:
        raise NotAllowedError("A sign-off needs a person.")
    text = " ".join(reason.split())
    if not text:
        raise InvalidError("Say why the difference is accepted.", "reason")
    lock_ledger(session)
    shown = find_balance(session, scope, balance_id)
    if not shown.difference:
        raise InvalidError("This balance ties; there is nothing to sign off.")
    if shown.difference != seen_difference:
        said = f"{amount_text(shown.difference, shown.currency)} {shown.currency}"
        raise ConflictError(
            f"The difference changed meanwhile: it is {said} now.", {"difference": str(shown.difference)}
        )
    record = session.get_one(LedgerBalance, balance_id)
    record.signed_off_by_id, record.signed_off_at = person_id, now
    record.reason = signed_reason(text, shown.difference, shown.currency)
    session.flush()
    return record


def remove_balance(session: Session, scope: Scope, balance_id: int) -> None:
    """Take a typed balance away again; the trail keeps it.

    Raises:
        NotFoundError: when there is none.
    """
    find_balance(session, scope, balance_id)
    session.delete(session.get_one(LedgerBalance, balance_id))
    session.flush()
