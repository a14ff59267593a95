"""A person's word on which commitment an invoice settles, and on why a budget line deviates."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.store.models import (
    BudgetLine,
    DeviationReason,
    Instalment,
    InvoiceAllocation,
    OrderLine,
    SpendLine,
)


def allocate_invoice(
    session: Session,
    *,
    line_id: int,
    amount_minor: int,
    instalment_id: int | None = None,
    order_line_id: int | None = None,
) -> InvoiceAllocation:
    """Put a spend line, or a part of it, on one instalment or one order line; ``amount_minor`` in its currency.

    The same allocation again changes its amount.

    Raises:
        NotFoundError: no such line, instalment or order line.
        InvalidError: not exactly one commitment, nothing, the other sign, or more than the invoice in all.
    """
    line = session.get(SpendLine, line_id, with_for_update=True)
    if line is None or not line.living:
        raise NotFoundError("There is no such invoice.")
    if (instalment_id is None) == (order_line_id is None):
        raise InvalidError("Choose one instalment or one order line.", "commitment")
    target = (
        session.get(Instalment, instalment_id)
        if instalment_id is not None
        else session.get(OrderLine, order_line_id)
    )
    if target is None:
        raise NotFoundError("There is no such instalment or order line.")
    if amount_minor == 0 or (amount_minor > 0) != (line.amount_minor > 0):
        raise InvalidError("Allocate an amount of the invoice's own sign, not zero.", "amount_minor")
    same = InvoiceAllocation.instalment_id == instalment_id
    if instalment_id is None:
        same = InvoiceAllocation.order_line_id == order_line_id
    kept = session.scalars(
        select(InvoiceAllocation).where(
            InvoiceAllocation.line_id == line_id, InvoiceAllocation.how == "person", same
        )
    ).first()
    others = session.scalar(
        select(func.coalesce(func.sum(InvoiceAllocation.amount_minor), 0)).where(
            InvoiceAllocation.line_id == line_id,
            InvoiceAllocation.how == "person",
            InvoiceAllocation.id != (kept.id if kept else 0),
        )
    )
    if abs(int(others or 0) + amount_minor) > abs(line.amount_minor):
        raise InvalidError("That is more than the invoice.", "amount_minor")
    if kept is None:
        kept = InvoiceAllocation(
            line_id=line_id, instalment_id=instalment_id, order_line_id=order_line_id, how="person"
        )
        session.add(kept)
    kept.amount_minor = amount_minor
    session.flush()
    return kept


def withdraw_allocation(session: Session, allocation_id: int) -> None:
    """Take a person's allocation back; the rules decide again.

    Raises:
        NotFoundError: there is none.
    """
    kept = session.get(InvoiceAllocation, allocation_id)
    if kept is None or kept.how != "person":
        raise NotFoundError("There is no such allocation.")
    session.delete(kept)
    session.flush()


def give_reason(
    session: Session, *, budget_line_id: int, through_month: int, reason: str, by_id: int, now: datetime
) -> DeviationReason:
    """A budget holder's reason for a deviation through a month (month index). Earlier reasons are kept.

    Raises:
        NotFoundError: no such budget line.
        InvalidError: without a reason.
    """
    if session.get(BudgetLine, budget_line_id) is None:
        raise NotFoundError("There is no such budget line.")
    if not reason.strip():
        raise InvalidError("Say why the line deviates.", "reason")
    given = DeviationReason(
        budget_line_id=budget_line_id,
        through_month=through_month,
        reason=reason.strip(),
        given_by_id=by_id,
        given_at=now,
    )
    session.add(given)
    session.flush()
    return given
