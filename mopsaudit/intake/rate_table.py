"""The rate table as people keep it: what each rate converts, said before it is saved, and two rates a day refused.

A rate holds from its day until the next one of its currency and kind begins (half-open). A booking rate decides what a
line is worth on its booking date; a changed one restates the lines it touches and their summaries in one transaction
(decision record 0001). A budget rate is one a fiscal year, from the year's first day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.pieces import ledger_pieces, selected_pieces
from mopsaudit.facts.wording import day as written_day
from mopsaudit.intake.booking import restate_base
from mopsaudit.money import CURRENCIES
from mopsaudit.periods import fiscal_year, fiscal_year_name, month_of, month_start
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import Import, SpendLine
from mopsaudit.store.planning import BudgetLine, BudgetVersion, ExchangeRate, FiscalYear

BOOKING, BUDGET = "booking", "budget"
KINDS: Final = (BOOKING, BUDGET)
#: Digits a rate may have before and after its point: beyond, it is a typing error.
_LARGEST: Final = Decimal(10) ** 9
_SMALLEST: Final = Decimal(10) ** -9
_DIGITS: Final = 18
_COUNTING: Final = and_(SpendLine.living, SpendLine.counts, ~SpendLine.out_of_scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """A rate: units of ``into`` for one ``currency`` from ``valid_from`` until before ``valid_until`` (None: open).

    ``lines`` are the scope's living spend lines it converts; ``import_id`` the file it came with.
    """

    id: int
    currency: str
    into: str
    kind: str
    valid_from: date
    valid_until: date | None
    rate: Decimal
    lines: int
    import_id: int | None
    file_name: str | None
    cell: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyUse:
    """A currency of the scope's living lines: how many, and how many of them have no base amount for want of a rate."""

    currency: str
    lines: int
    unconverted: int
    unconverted_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What saving a rate does: the lines it will convert, how many of them have no base amount so far, budget lines.

    ``until`` is the day before which it holds, None while no later one begins.
    """

    lines: int
    unconverted: int
    budget_lines: int
    until: date | None
    year: str | None

    def sentence(self, currency: str, kind: str) -> str:
        """What saving does, in words."""
        if kind == BUDGET:
            lines = "1 budget line" if self.budget_lines == 1 else f"{self.budget_lines:,} budget lines"
            spend = "and that year’s spend wherever budget rates are used"
            return f"It converts {lines} of {currency} in {self.year}, {spend}."
        lines = "1 line" if self.lines == 1 else f"{self.lines:,} lines"
        new = f", {self.unconverted:,} of them so far unconverted" if self.unconverted else ""
        return (
            f"It converts {lines} of {currency}{new}."
            if self.lines
            else f"It converts no line of {currency} yet."
        )


def currencies_in_use(session: Session, scope: Scope) -> tuple[CurrencyUse, ...]:
    """The currencies of the scope's lines, the base currency's first, then by number of lines.

    The lines are those the page of lines shows: booked by the end of the scope's day, counting, parts of split ones.
    """
    base = scope.settings.base_currency
    piece = selected_pieces(ledger_pieces(), scope, LineFilter(), heads(session)).subquery("piece").c
    missing = piece.base_minor.is_(None)
    rows = session.execute(
        select(
            piece.currency,
            func.count(),
            func.count().filter(missing),
            func.coalesce(func.sum(piece.amount_minor).filter(missing), 0),
        )
        .group_by(piece.currency)
        .order_by(piece.currency)
    )
    found = [
        CurrencyUse(currency=currency, lines=lines, unconverted=open_, unconverted_minor=int(minor))
        for currency, lines, open_, minor in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.currency != base, -each.lines, each.currency)))


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    inside = SpendLine.unit_id.in_(scope.unit_ids)
    return or_(inside, SpendLine.unit_id.is_(None)) if scope.whole else inside


def list_rates(session: Session, scope: Scope) -> tuple[RateRow, ...]:
    """The rates into the base currency, newest first within a currency and kind; two queries."""
    base = scope.settings.base_currency
    rows = session.execute(
        select(ExchangeRate, Import.file_name)
        .outerjoin(Import, Import.id == ExchangeRate.import_id)
        .where(ExchangeRate.into == base)
        .order_by(ExchangeRate.currency, ExchangeRate.kind, ExchangeRate.valid_from.desc(), ExchangeRate.id)
    ).all()
    counts = _line_counts(session, scope)
    following: dict[tuple[str, str], date] = {}
    found = []
    for rate, file_name in rows:
        until = following.get((rate.currency, rate.kind))
        following[rate.currency, rate.kind] = rate.valid_from
        found.append(
            RateRow(
                id=rate.id,
                currency=rate.currency,
                into=rate.into,
                kind=rate.kind,
                valid_from=rate.valid_from,
                valid_until=until,
                rate=Decimal(rate.rate),
                lines=_within(counts.get(rate.currency, []), rate.valid_from, until)
                if rate.kind == BOOKING
                else 0,
                import_id=rate.import_id,
                file_name=file_name,
                cell=rate.origin_cell,
            )
        )
    return tuple(found)


def _line_counts(session: Session, scope: Scope) -> dict[str, list[tuple[date, int]]]:
    """Living foreign lines of the scope per currency and the day their rate is looked up on."""
    rows = session.execute(
        select(SpendLine.currency, SpendLine.booked_on, SpendLine.month, func.count())
        .where(_COUNTING, SpendLine.currency != scope.settings.base_currency, _in_scope(scope))
        .group_by(SpendLine.currency, SpendLine.booked_on, SpendLine.month)
        .order_by(SpendLine.currency, SpendLine.booked_on, SpendLine.month)
    )
    counts: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for currency, day, month, number in rows:
        when = day or (month_start(month) if month is not None else None)
        if when is not None:
            counts[currency].append((when, number))
    return counts


def _within(days: list[tuple[date, int]], start: date, until: date | None) -> int:
    return sum(number for day, number in days if day >= start and (until is None or day < until))


def rate_of(session: Session, rate_id: int) -> ExchangeRate:
    """A rate by id.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.get(ExchangeRate, rate_id)
    if found is None:
        raise NotFoundError("There is no such rate.")
    return found


def parse_rate(text: str) -> Decimal:
    """A rate as typed: a number above zero with a decimal point.

    Raises:
        InvalidError: for anything else, so that 1,234 is never taken for 1.234 or 1234.
    """
    try:
        rate = Decimal(text.strip())
    except InvalidOperation as error:
        raise InvalidError(
            "Write the rate with a decimal point and no other mark, like 1.0842.", "rate"
        ) from error
    if not rate.is_finite() or not _SMALLEST <= rate <= _LARGEST or len(rate.as_tuple().digits) > _DIGITS:
        raise InvalidError("A rate is a number above zero, of at most 18 digits.", "rate")
    return rate


def effect_of(
    session: Session, scope: Scope, *, currency: str, kind: str, valid_from: date, without: int | None = None
) -> Effect:
    """What a rate from a day on will convert, in the whole ledger; ``without`` is the rate it takes the place of.

    Nothing is changed. The living lines between its day and the next rate's count.
    """
    until = _next_day(session, scope.settings.base_currency, currency, kind, valid_from, without)
    if kind == BUDGET:
        year = fiscal_year(valid_from, scope.settings.fiscal_start)
        budgeted = session.scalar(
            select(func.count())
            .select_from(BudgetLine)
            .join(BudgetVersion, BudgetVersion.id == BudgetLine.budget_id)
            .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
            .where(
                BudgetLine.currency == currency,
                BudgetVersion.status != "superseded",
                FiscalYear.starts_on == year.start,
            )
        )
        return Effect(
            lines=0, unconverted=0, budget_lines=budgeted or 0, until=until, year=fiscal_year_name(year)
        )
    row = session.execute(
        select(func.count(), func.count().filter(SpendLine.base_minor.is_(None))).where(
            _COUNTING, SpendLine.currency == currency, _looked_up(valid_from, until)
        )
    ).one()
    return Effect(lines=row[0], unconverted=row[1], budget_lines=0, until=until, year=None)


def _looked_up(start: date, until: date | None) -> ColumnElement[bool]:
    """Lines whose rate is looked up on a day of the span: their booking date, else the first of their month."""
    dated = SpendLine.booked_on >= start
    monthly = SpendLine.month >= _first_month(start)
    if until is not None:
        dated = and_(dated, SpendLine.booked_on < until)
        monthly = and_(monthly, SpendLine.month < _first_month(until))
    return or_(dated, and_(SpendLine.booked_on.is_(None), monthly))


def _first_month(day: date) -> int:
    """The first month whose first day is not before ``day``."""
    return month_of(day) + (day.day > 1)


def _next_day(
    session: Session, into: str, currency: str, kind: str, day: date, without: int | None
) -> date | None:
    later = select(func.min(ExchangeRate.valid_from)).where(
        ExchangeRate.into == into,
        ExchangeRate.currency == currency,
        ExchangeRate.kind == kind,
        ExchangeRate.valid_from > day,
    )
    return session.scalar(later if without is None else later.where(ExchangeRate.id != without))


def check_rate(
    session: Session,
    scope: Scope,
    *,
    currency: str,
    kind: str,
    valid_from: date,
    rate_id: int | None = None,
) -> date:
    """The day the rate is kept from: of a budget rate the first day of its fiscal year.

    Raises:
        InvalidError: for a currency, kind or day that cannot be, and for a second rate of one day, naming the other.
    """
    base = scope.settings.base_currency
    if currency not in CURRENCIES:
        raise InvalidError("Choose a currency of the list.", "currency")
    if currency == base:
        raise InvalidError(f"{base} is the base currency; it needs no rate into itself.", "currency")
    if kind not in KINDS:
        raise InvalidError("A rate is for booking dates or for a budget year.", "kind")
    day = fiscal_year(valid_from, scope.settings.fiscal_start).start if kind == BUDGET else valid_from
    other = session.execute(
        select(ExchangeRate.id, ExchangeRate.rate, Import.file_name)
        .outerjoin(Import, Import.id == ExchangeRate.import_id)
        .where(
            ExchangeRate.currency == currency,
            ExchangeRate.into == base,
            ExchangeRate.kind == kind,
            ExchangeRate.valid_from == day,
        )
    ).one_or_none()
    if other is not None and other.id != rate_id:
        came = f", from {other.file_name}" if other.file_name else ""
        raise InvalidError(
            f"There is a {kind} rate of {currency} from {written_day(day)} already: {Decimal(other.rate):f}{came}. "
            "Change that one, or choose another day.",
            "valid_from",
        )
    return day


def add_rate(
    session: Session, scope: Scope, *, currency: str, kind: str, valid_from: date, rate: Decimal
) -> ExchangeRate:
    """Keep a new rate and restate what it converts.

    Raises:
        InvalidError: as :func:`check_rate`.
    """
    day = check_rate(session, scope, currency=currency, kind=kind, valid_from=valid_from)
    made = ExchangeRate(
        currency=currency,
        into=scope.settings.base_currency,
        kind=kind,
        valid_from=day,
        rate=f"{rate.normalize():f}",
    )
    session.add(made)
    session.flush()
    _restate(session, scope, made)
    return made


def change_rate(
    session: Session, scope: Scope, rate_id: int, *, valid_from: date, rate: Decimal, seen: str
) -> ExchangeRate:
    """Change a rate's number or first day and restate what it converts, and what it no longer does.

    ``seen`` is what the person saw (:func:`seen_text`). The rate no longer counts as the import's own.

    Raises:
        ConflictError: when somebody changed it meanwhile; ``theirs`` holds the stored values.
        InvalidError: as :func:`check_rate`.
        NotFoundError: when there is none.
    """
    found = session.get(ExchangeRate, rate_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such rate.")
    day = check_rate(
        session, scope, currency=found.currency, kind=found.kind, valid_from=valid_from, rate_id=rate_id
    )
    if Decimal(found.rate) == rate and found.valid_from == day:
        return found
    if seen_text(found) != seen:
        raise ConflictError(
            "Somebody changed this rate since you opened it. Compare both and save again.",
            {"rate": found.rate, "valid_from": found.valid_from, "seen": seen_text(found)},
        )
    found.rate, found.valid_from = f"{rate.normalize():f}", day
    session.flush()
    _restate(session, scope, found)
    return found


def remove_rate(session: Session, scope: Scope, rate_id: int) -> None:
    """Take a rate out: the one before it holds on, or its lines are unconverted again.

    Raises:
        NotFoundError: when there is none.
    """
    found = rate_of(session, rate_id)
    session.delete(found)
    session.flush()
    _restate(session, scope, found)


def rate_before(session: Session, rate: ExchangeRate) -> ExchangeRate | None:
    """The rate that holds on once this one is taken out."""
    return session.scalars(
        select(ExchangeRate)
        .where(
            ExchangeRate.currency == rate.currency,
            ExchangeRate.into == rate.into,
            ExchangeRate.kind == rate.kind,
            ExchangeRate.valid_from < rate.valid_from,
        )
        .order_by(ExchangeRate.valid_from.desc())
        .limit(1)
    ).first()


def seen_text(rate: ExchangeRate) -> str:
    """What a person saw of a rate: any change of it is another text."""
    return f"{rate.valid_from.isoformat()} {rate.rate}"


def _restate(session: Session, scope: Scope, rate: ExchangeRate) -> None:
    if rate.kind == BOOKING:
        restate_base(session, scope.settings.base_currency, {rate.currency})
