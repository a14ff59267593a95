"""Exchange rates; lines they touch are restated with their summaries in the same transaction."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from mopsaudit.errors import InvalidError
from mopsaudit.facts.wording import day as written_day
from mopsaudit.intake.booking import restate_base
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.money import CURRENCIES
from mopsaudit.periods import fiscal_year
from mopsaudit.store.planning import ExchangeRate


def apply_rates(work: Work) -> Outcome:
    """A rate per row; the same currency, kind and day again takes the new value."""
    with desk(work) as at:
        at.rows(_rate)
        outcome = at.finish()
    restate_base(work.session, work.settings.base_currency)
    return outcome


def _rate(at: Desk, position: int, row: RecordRow) -> bool:
    values = row.values
    currency, into = values.get("from"), values.get("to") or at.work.settings.base_currency
    if currency not in CURRENCIES or into not in CURRENCIES:
        raise InvalidError("A rate needs two currency codes such as EUR and USD.", "from")
    if currency == into:
        raise InvalidError("A currency needs no rate into itself.", "from")
    rate = Decimal(str(values["rate"]))
    if not rate.is_finite() or rate <= 0:
        raise InvalidError("A rate is a number above zero.", "rate")
    kind = "budget" if "budget" in str(values.get("kind") or "").casefold() else "booking"
    day = values.get("valid_from")
    if day is None:
        if kind == "booking":
            raise InvalidError("A booking rate needs the day or month it holds from.", "valid_from")
        day = fiscal_year(at.today, at.work.settings.fiscal_start).start
    return _keep(at, str(currency), str(into), kind, day, rate, row)


def _keep(at: Desk, currency: str, into: str, kind: str, day: date, rate: Decimal, row: RecordRow) -> bool:
    known = at.session.scalars(
        select(ExchangeRate).where(
            ExchangeRate.currency == currency,
            ExchangeRate.into == into,
            ExchangeRate.kind == kind,
            ExchangeRate.valid_from == day,
        )
    ).first()
    text = f"{rate.normalize():f}"
    if known is not None:
        if Decimal(known.rate) == rate:
            return False
        if known.import_id == at.work.record.id:
            raise InvalidError(
                f"The file gives two {kind} rates for {currency} from {written_day(day)}: {known.rate}"
                f"{f' in {known.origin_cell}' if known.origin_cell else ''}, and {text}. Keep one of them.",
                "rate",
            )
        known.rate, known.import_id, known.origin_cell = text, at.work.record.id, row.cells.get("rate")
        return True
    at.session.add(
        ExchangeRate(
            currency=currency,
            into=into,
            kind=kind,
            valid_from=day,
            rate=text,
            import_id=at.work.record.id,
            origin_cell=row.cells.get("rate"),
        )
    )
    return True
