"""Credits booked in a fiscal year for an earlier one: they lower this year though they belong to the last."""

from sqlalchemy import literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.commitments import NOT_COUNTED, within
from mopsaudit.facts.reading import fetch
from mopsaudit.periods import month_of
from mopsaudit.reports.budget.facts import Credit
from mopsaudit.scope import Scope
from mopsaudit.store.models import SpendLine


def earlier_credits(session: Session, scope: Scope) -> tuple[Credit, ...]:
    """Lines below zero booked this year up to the date whose service, or the invoice they credit, lies before it.

    By id, in minor units of the base currency at the booking date's rate (None: no rate). One query, on an index of
    credits alone.
    """
    credited = aliased(SpendLine)
    year = scope.year
    rows = fetch(
        session,
        select(SpendLine.id, SpendLine.base_minor)
        .outerjoin(credited, credited.id == SpendLine.credit_of_id)
        .where(
            # Written out: an index of some rows is taken only where the statement itself says which.
            SpendLine.amount_minor < literal_column("0"),
            SpendLine.month >= month_of(year.start),
            SpendLine.month < month_of(year.end),
            SpendLine.booked_on <= scope.as_of,
            SpendLine.living,
            SpendLine.counts,
            SpendLine.out_of_scope.is_(False),
            or_(SpendLine.spend_type.is_(None), SpendLine.spend_type.not_in(NOT_COUNTED)),
            or_(SpendLine.service_until <= year.start, credited.booked_on < year.start),
            within(scope, SpendLine.unit_id),
        )
        .order_by(SpendLine.id),
    )
    return tuple(Credit(line_id=line_id, base_minor=base) for line_id, base in rows)
