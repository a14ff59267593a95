"""The demo company closed its books early this month: the forecast was kept, and two contracts changed since."""

from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.money import ratio_half_even
from mopsaudit.organisation import list_units, scope_for
from mopsaudit.reports import budget
from mopsaudit.store.inventory import Contract, ContractLine

#: The books of a month are closed on this day of the next one.
CLOSED_ON: Final = 6
_PERCENT: Final = 4


def keep_forecast_of_last_close(session: Session, as_of: date, *, by: int | None) -> None:
    """Keep the forecast as it was on the day the books were closed, this month.

    Of the two dearest contract lines by seat, one has become 4 % dearer since and the other 4 % larger. Nothing is kept
    before that day of the month.
    """
    if as_of.day <= CLOSED_ON:
        return
    closed_on = as_of.replace(day=CLOSED_ON)
    lines = session.scalars(
        select(ContractLine)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .where(
            Contract.status == "signed",
            ContractLine.quantity_micro >= 50_000_000,
            ContractLine.licence_metric == "named_seat",
            ContractLine.amount_minor.is_not(None),
        )
        .order_by(ContractLine.amount_minor.desc(), ContractLine.id)
        .limit(2)
    ).all()
    now = [(line, line.amount_minor, line.quantity_micro) for line in lines]
    for number, (line, amount, quantity) in enumerate(now):
        line.amount_minor = ratio_half_even(amount or 0, 100, 100 + _PERCENT)
        if number and quantity is not None:
            line.quantity_micro = ratio_half_even(quantity // 1_000_000, 100, 100 + _PERCENT) * 1_000_000
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
