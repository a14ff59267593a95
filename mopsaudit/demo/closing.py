"""The demo company closed its books last month and this: both forecasts are kept, two contracts changed since."""

from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.money import ratio_half_even
from mopsaudit.organisation import list_units, scope_for
from mopsaudit.periods import add_months, month_end, month_of
from mopsaudit.reports import budget
from mopsaudit.reports.budget.query import gather
from mopsaudit.store.inventory import ContractLine
from mopsaudit.store.models import LegalEntity

#: The books of a month are closed on this day of the next one.
CLOSED_ON: Final = 6
#: By how much each of the two has become dearer or larger since this month's close, and since last month's.
_SINCE_LAST: Final = 4
_SINCE_THE_ONE_BEFORE: Final = 7
_MILLION: Final = 1_000_000


def keep_forecasts_of_last_closes(session: Session, as_of: date, *, by: int | None) -> None:
    """Keep the forecasts as they were on the days the books were closed, last month and this; nothing before this one.

    Of the contract lines with most still to pay this year, the first has become dearer since, the second larger.
    """
    if as_of.day <= CLOSED_ON:
        return
    closed_on = as_of.replace(day=CLOSED_ON)
    facts = gather(session, scope_for(session, as_of=closed_on))
    ahead = sorted(
        (-(each.base_minor or 0), each.contract_line_id)
        for each in facts.commitments
        if each.contract_line_id is not None
        and each.instalment_id is None
        and each.due_on is not None
        and each.due_on > closed_on
    )
    lines = [
        session.get_one(ContractLine, line_id) for line_id in dict.fromkeys(line_id for _, line_id in ahead)
    ]
    seats = [line for line in lines if (line.quantity_micro or 0) >= 25 * _MILLION][:2]
    _keep(session, seats, add_months(closed_on, -1), since=_SINCE_THE_ONE_BEFORE, by=by)
    _keep(session, seats, closed_on, since=_SINCE_LAST, by=by)


def _keep(
    session: Session, seats: list[ContractLine], closed_on: date, *, since: int, by: int | None
) -> None:
    """Keep the forecast of a day with the books and the lines as they stood then; both stand as before afterwards.

    ``since`` is by how much in a hundred the lines grew from that day to today.
    """
    books = session.scalars(
        select(LegalEntity).where(LegalEntity.closed_through.is_not(None)).order_by(LegalEntity.id)
    ).all()
    closed = [(entity, entity.closed_through) for entity in books]
    now = [(line, line.amount_minor, line.quantity_micro) for line in seats]
    last = month_end(month_of(closed_on) - 1)
    for entity, through in closed:
        entity.closed_through = min(through or last, last)
    if now:
        dearer, amount, _ = now[0]
        dearer.amount_minor = ratio_half_even(amount or 0, 100, 100 + since)
    for larger, amount, quantity in now[1:]:
        whole = (quantity or 0) // _MILLION
        fewer = ratio_half_even(whole, 100, 100 + since)
        larger.amount_minor = ratio_half_even(amount or 0, fewer, whole)
        larger.quantity_micro = fewer * _MILLION
    session.flush()
    budget.keep_forecasts(
        session,
        [scope_for(session, as_of=closed_on, unit=unit.id) for unit in list_units(session)],
        by=by,
        now=datetime.combine(closed_on, time(12), tzinfo=UTC),
    )
    for line, amount, quantity in now:
        line.amount_minor, line.quantity_micro = amount, quantity
    for entity, through in closed:
        entity.closed_through = through
    session.flush()
