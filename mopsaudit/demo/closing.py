"""The demo company closed its books early this month: the forecast was kept, and two contracts changed since."""

from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.money import ratio_half_even
from mopsaudit.organisation import list_units, scope_for
from mopsaudit.reports import budget
from mopsaudit.reports.budget.query import gather
from mopsaudit.store.inventory import ContractLine

#: The books of a month are closed on this day of the next one.
CLOSED_ON: Final = 6
#: By how much each of the two has become dearer or larger since.
_PERCENT: Final = 4
_MILLION: Final = 1_000_000


def keep_forecast_of_last_close(session: Session, as_of: date, *, by: int | None) -> None:
    """Keep the forecast as it was on the day the books were closed, this month; nothing before that day of a month.

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
    now = [(line, line.amount_minor, line.quantity_micro) for line in seats]
    if now:
        dearer, amount, _ = now[0]
        dearer.amount_minor = ratio_half_even(amount or 0, 100, 100 + _PERCENT)
    for larger, amount, quantity in now[1:]:
        whole = (quantity or 0) // _MILLION
        fewer = ratio_half_even(whole, 100, 100 + _PERCENT)
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
    session.flush()
