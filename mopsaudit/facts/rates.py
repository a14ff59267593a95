"""The rate table: units of the base currency for one unit of another on a day. A missing rate is None, never 1:1."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import fetch, once
from mopsaudit.money import convert
from mopsaudit.store.models import ExchangeRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rates of a kind (``booking`` or ``budget``) into one currency: by currency first days, and rates from them."""

    into: str
    kind: str
    by_currency: Mapping[str, tuple[tuple[date, ...], tuple[Decimal, ...]]]

    def rate(self, currency: str, day: date) -> Decimal | None:
        """The rate that holds on ``day``; 1 for the base currency itself, None when there is none yet."""
        if currency == self.into:
            return Decimal(1)
        days, rates = self.by_currency.get(currency, ((), ()))
        index = bisect_right(days, day)
        return rates[index - 1] if index else None

    def convert(self, minor: int, currency: str, day: date) -> int | None:
        """Minor units of the base currency, rounded half-even; None without a rate."""
        rate = self.rate(currency, day)
        return None if rate is None else convert(minor, currency, self.into, rate)


@once
def load_rates(session: Session, *, into: str, kind: str = "booking") -> Rates:
    """All rates of a kind into a currency; one query."""
    rows: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for currency, start, rate in fetch(
        session,
        select(ExchangeRate.currency, ExchangeRate.valid_from, ExchangeRate.rate)
        .where(ExchangeRate.into == into, ExchangeRate.kind == kind)
        .order_by(ExchangeRate.currency, ExchangeRate.valid_from, ExchangeRate.id),
    ):
        rows[currency].append((start, Decimal(rate)))
    return Rates(
        into=into,
        kind=kind,
        by_currency={
            currency: (tuple(start for start, _ in found), tuple(rate for _, rate in found))
            for currency, found in rows.items()
        },
    )
