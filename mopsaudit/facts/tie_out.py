"""Does the ledger tie? The balances a person typed beside the lines that entered, per ledger, account and month."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.reading import fetch
from mopsaudit.facts.wording import money
from mopsaudit.money import amount_text
from mopsaudit.periods import month_of
from mopsaudit.scope import Scope
from mopsaudit.store.models import LedgerBalance, LinePair, Person, SourceLedger, SpendLine

#: Months looked back at for ledgers nobody typed a balance of.
LOOK_BACK: Final = 12
_SIGNED: Final = re.compile(r" \(difference (-?[0-9.]+)\)$")

#: Ledger, account (None: the whole ledger), month index, currency.
Key = tuple[int, str | None, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the ledger says of an account and month, and what our lines come to; minor units of ``currency``.

    ``minor`` is None where nobody typed a balance (``id`` then None too). ``ours`` sums the booked amounts of every
    line of the ledger that stands, also those that do not count as cost or are out of scope: the ledger holds them too.
    A signature holds for the difference it was given for; ``lapsed`` says that the difference is another one by now.
    """

    id: int | None
    source_id: int
    ledger: str
    gl_account: str | None
    month: int
    currency: str
    minor: int | None
    ours: int
    lines: int
    signed_by: str | None = None
    signed_at: datetime | None = None
    reason: str | None = None
    lapsed: bool = False

    @property
    def difference(self) -> int | None:
        """What the ledger says less what our lines come to; None while nobody typed a balance."""
        return None if self.minor is None else self.minor - self.ours

    @property
    def state(self) -> str:
        """``not typed``, ``ties``, ``signed off``, ``differs`` or, after a signature, ``differs again``."""
        if self.minor is None:
            return "not typed"
        if not self.difference:
            return "ties"
        if self.signed_by is None:
            return "differs"
        return "differs again" if self.lapsed else "signed off"

    @property
    def open(self) -> bool:
        """Whether a difference waits for a signature."""
        return self.state in ("differs", "differs again")


def signed_reason(reason: str, difference: int, currency: str) -> str:
    """A reason as it is kept: with the difference it was given for, so that it lapses when that changes."""
    return f"{reason} (difference {amount_text(difference, currency)})"


def plain_reason(reason: str | None) -> str | None:
    """A kept reason as the person wrote it."""
    return None if reason is None else _SIGNED.sub("", reason)


def tie_out(session: Session, scope: Scope) -> tuple[Balance, ...]:
    """Typed balances and the last months' ledgers without one, by ledger, newest month first. Three queries.

    A ledger is the whole company's: a scope that is not whole has none. Months after the scope's day are left out.
    """
    if not scope.whole:
        return ()
    last = month_of(scope.as_of)
    names = dict(
        fetch(
            session, select(SourceLedger.id, SourceLedger.name).order_by(SourceLedger.name, SourceLedger.id)
        )
    )
    sums = _sums(session, last)
    typed: dict[Key, Balance] = {}
    rows = fetch(
        session,
        select(
            LedgerBalance.id,
            LedgerBalance.source_id,
            LedgerBalance.gl_account,
            LedgerBalance.month,
            LedgerBalance.currency,
            LedgerBalance.amount_minor,
            func.coalesce(Person.name, Person.email),
            LedgerBalance.signed_off_at,
            LedgerBalance.reason,
        )
        .outerjoin(Person, Person.id == LedgerBalance.signed_off_by_id)
        .where(LedgerBalance.month <= last)
        .order_by(LedgerBalance.id),
    )
    for balance_id, source_id, account, month, currency, minor, person, at, reason in rows:
        ours, lines = _ours(sums, (source_id, account, month, currency))
        signed = _SIGNED.search(reason or "")
        typed[source_id, account, month, currency] = Balance(
            id=balance_id,
            source_id=source_id,
            ledger=names[source_id],
            gl_account=account,
            month=month,
            currency=currency,
            minor=minor,
            ours=ours,
            lines=lines,
            signed_by=person,
            signed_at=at,
            reason=plain_reason(reason),
            lapsed=signed is not None and signed[1] != amount_text(minor - ours, currency),
        )
    missing = {
        (source_id, None, month, currency)
        for source_id, _, month, currency in sums
        if month > last - LOOK_BACK
        and not any(key[0] == source_id and key[2:] == (month, currency) for key in typed)
    }
    found = [*typed.values(), *(_untyped(key, names, sums) for key in missing)]
    order = {source_id: place for place, source_id in enumerate(names)}
    return tuple(
        sorted(
            found, key=lambda each: (order[each.source_id], -each.month, each.currency, each.gl_account or "")
        )
    )


Sums = dict[tuple[int, str | None, int, str], tuple[int, int]]


def _untyped(key: Key, names: dict[int, str], sums: Sums) -> Balance:
    source_id, account, month, currency = key
    ours, lines = _ours(sums, key)
    return Balance(
        id=None,
        source_id=source_id,
        ledger=names[source_id],
        gl_account=account,
        month=month,
        currency=currency,
        minor=None,
        ours=ours,
        lines=lines,
    )


def _ours(sums: Sums, key: Key) -> tuple[int, int]:
    """Booked amount and number of our lines of a key; without an account those of all accounts."""
    source_id, account, month, currency = key
    parts = [
        value
        for (source, own, when, code), value in sums.items()
        if (source, when, code) == (source_id, month, currency) and account in (None, own)
    ]
    return sum(minor for minor, _ in parts), sum(lines for _, lines in parts)


def _sums(session: Session, last: int) -> Sums:
    pair = aliased(LinePair)
    restated = exists().where(pair.other_line_id == SpendLine.id, pair.certainty == "restated")
    rows = fetch(
        session,
        select(
            SpendLine.source_id,
            SpendLine.gl_account,
            SpendLine.month,
            SpendLine.currency,
            func.sum(SpendLine.booked_minor),
            func.count(),
        )
        .where(SpendLine.living, ~restated, SpendLine.month.is_not(None), SpendLine.month <= last)
        .group_by(SpendLine.source_id, SpendLine.gl_account, SpendLine.month, SpendLine.currency)
        .order_by(SpendLine.source_id, SpendLine.month, SpendLine.currency, SpendLine.gl_account),
    )
    found: dict[tuple[int, str | None, int, str], tuple[int, int]] = {}
    for source_id, account, month, currency, minor, lines in rows:
        if month is None:
            continue
        key = (source_id, (account or "").strip() or None, month, currency)
        before = found.get(key, (0, 0))
        found[key] = (before[0] + int(minor), before[1] + lines)
    return found


def tie_sentence(balances: Iterable[Balance]) -> str | None:
    """How the typed balances stand, in a sentence; None where none was typed."""
    typed = [each for each in balances if each.minor is not None]
    if not typed:
        return None
    tied = sum(1 for each in typed if not each.difference)
    signed = sum(1 for each in typed if each.state == "signed off")
    amounts: dict[str, int] = defaultdict(int)
    for each in typed:
        if each.open:
            amounts[each.currency] += abs(each.difference or 0)
    verb = "ties" if len(typed) == 1 else "tie"
    noun = "balance" if len(typed) == 1 else "balances"
    text = f"{tied} of {len(typed)} typed ledger {noun} {verb} to our lines"
    if signed:
        text += f", {signed} {'differs' if signed == 1 else 'differ'} and {'is' if signed == 1 else 'are'} signed off"
    if amounts:
        listed = " and ".join(money(minor, code, exact=True) for code, minor in sorted(amounts.items()))
        text += f"; {listed} of difference waits for an explanation"
    return f"{text}."
