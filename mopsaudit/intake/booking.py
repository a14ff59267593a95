"""What a line is worth in the base currency, and which unit and entity it belongs to."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import select_in, update_rows
from mopsaudit.intake.summaries import Deltas
from mopsaudit.money import convert
from mopsaudit.periods import month_start
from mopsaudit.store.ledger import LinePart, SpendLine
from mopsaudit.store.people import BusinessUnit, CostCentreUnit, LegalEntity
from mopsaudit.store.planning import ExchangeRate


class Rates:
    """The booking rates into the base currency, by currency and day."""

    def __init__(self, session: Session, base: str) -> None:
        self.base = base
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[Decimal]] = defaultdict(list)
        rows = session.execute(
            select(ExchangeRate.currency, ExchangeRate.valid_from, ExchangeRate.rate)
            .where(ExchangeRate.into == base, ExchangeRate.kind == "booking")
            .order_by(ExchangeRate.currency, ExchangeRate.valid_from)
        )
        for currency, day, rate in rows:
            self._days[currency].append(day)
            self._rates[currency].append(Decimal(rate))

    def rate(self, currency: str, day: date | None, month: int | None) -> Decimal | None:
        """Units of the base currency for one unit on a day (or the first of a month); None is unknown, never 1."""
        if currency == self.base:
            return Decimal(1)
        when = day or (month_start(month) if month is not None else None)
        if when is None:
            return None
        index = bisect_right(self._days.get(currency, []), when)
        return self._rates[currency][index - 1] if index else None

    def base_of(self, minor: int, currency: str, day: date | None, month: int | None) -> int | None:
        """Minor units of the base currency, or None where no rate is known (the *unconverted* bucket)."""
        if currency == self.base:
            return minor
        rate = self.rate(currency, day, month)
        return None if rate is None else convert(minor, currency, self.base, rate)


def restate_base(session: Session, base: str, currencies: set[str] | None = None) -> int:
    """Bring base amounts of stored lines up to the rates now stored, with their summaries; how many changed.

    ``currencies`` limits it to lines in these; None is all, as when the base currency itself was changed.
    """
    rates = Rates(session, base)
    query = select(
        SpendLine.id,
        SpendLine.amount_minor,
        SpendLine.currency,
        SpendLine.booked_on,
        SpendLine.month,
        SpendLine.base_minor,
    ).order_by(SpendLine.id)
    if currencies is not None:
        query = query.where(SpendLine.currency.in_(sorted(currencies)))
    changed = [
        (new, line_id)
        for line_id, amount, currency, day, month, old in session.execute(query)
        if (new := rates.base_of(amount, currency, day, month)) != old
    ]
    if not changed:
        return 0
    ids = [line_id for _, line_id in changed]
    deltas = Deltas()
    deltas.take(session, ids)
    update_rows(session, SpendLine.__table__, ("base_minor",), changed)  # type: ignore[arg-type]
    parts = (
        select(LinePart, SpendLine.currency, SpendLine.booked_on, SpendLine.month)
        .join(SpendLine, SpendLine.id == LinePart.line_id)
        .where(SpendLine.split.is_(True))
        .order_by(LinePart.id)
    )
    for part, currency, day, month in select_in(session, parts, SpendLine.id, ids):
        part.base_minor = rates.base_of(part.amount_minor, currency, day, month)
    session.flush()
    deltas.put(session, ids)
    deltas.write(session)
    return len(ids)


class Units:
    """How a line gets its unit: its own column, else the cost-centre map on its day, else the import's option."""

    def __init__(self, session: Session, option: int | None = None) -> None:
        self._option = option
        self._by_word: dict[str, int] = {}
        for unit_id, code, name in session.execute(
            select(BusinessUnit.id, BusinessUnit.code, BusinessUnit.name).order_by(BusinessUnit.id.desc())
        ):
            self._by_word[name.casefold()] = unit_id
            self._by_word[code.casefold()] = unit_id
        self._known: dict[str, int | None] = {}
        self._map: dict[str, list[CostCentreUnit]] = defaultdict(list)
        for fact in session.scalars(select(CostCentreUnit).order_by(CostCentreUnit.id)):
            self._map[fact.cost_centre.casefold()].append(fact)

    @property
    def mapped(self) -> bool:
        """Whether cost centres are mapped at all: else a line's own column decides, and the import's option."""
        return bool(self._map)

    def named(self, text: str | None) -> int | None:
        """The unit of that code or name, or None."""
        if not text:
            return None
        if text not in self._known:
            self._known[text] = self._by_word.get(" ".join(text.split()).casefold())
        return self._known[text]

    def of_line(
        self, text: str | None, cost_centre: str | None, entity_id: int | None, day: date | None
    ) -> tuple[int | None, str]:
        """Unit id and how it was found: column, map, option or none."""
        named = self.named(text)
        if named is not None:
            return named, "column"
        if cost_centre and self._map:
            for fact in self._map.get(cost_centre.strip().casefold(), ()):
                if fact.entity_id is not None and fact.entity_id != entity_id:
                    continue
                if day is None:
                    holds = fact.valid_from is None and fact.valid_until is None
                else:
                    begun = fact.valid_from is None or fact.valid_from <= day
                    holds = begun and (fact.valid_until is None or fact.valid_until > day)
                if holds:
                    return fact.unit_id, "map"
        return (self._option, "option") if self._option is not None else (None, "none")


class Entities:
    """Legal entities by code or name, and what share of input tax each recovers."""

    def __init__(self, session: Session, default: int | None = None) -> None:
        self.default = default
        self._by_word: dict[str, int] = {}
        self._share: dict[int, int] = {}
        for entity in session.scalars(select(LegalEntity).order_by(LegalEntity.id.desc())):
            self._by_word[entity.name.casefold()] = entity.id
            self._by_word[entity.code.casefold()] = entity.id
            self._share[entity.id] = entity.recoverable_tax_ppm

    def named(self, text: str | None) -> int | None:
        """The entity of that code or name, or None."""
        return self._by_word.get(" ".join(text.split()).casefold()) if text else None

    def of_line(self, text: str | None) -> int | None:
        """The entity a line names, else the import's."""
        return self.named(text) or self.default

    def recoverable_ppm(self, entity_id: int | None) -> int:
        """Parts per million of input tax that are recovered; all of it where no entity says otherwise."""
        return self._share.get(entity_id, 1_000_000) if entity_id is not None else 1_000_000


def entity_for(session: Session, text: str) -> LegalEntity:
    """The entity of that code or name; made when there is none: naming it with a file is how finance adds one."""
    wanted = " ".join(text.split())
    for column in (LegalEntity.code, LegalEntity.name):
        found = session.scalars(
            select(LegalEntity).where(func.lower(column) == wanted.lower()).order_by(LegalEntity.id).limit(1)
        ).first()
        if found is not None:
            return found
    entity = LegalEntity(code=wanted[:40], name=wanted[:200], recoverable_tax_ppm=1_000_000)
    session.add(entity)
    session.flush()
    return entity
