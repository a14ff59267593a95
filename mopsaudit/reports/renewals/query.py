"""Contracts, their terms and what is known of past terms. A constant number of queries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.commitments import agreements
from mopsaudit.periods import Period, add_months
from mopsaudit.reports.renewals.facts import HistoryFact, RenewalFacts
from mopsaudit.scope import Scope
from mopsaudit.store.models import TermHistory


def gather(session: Session, scope: Scope) -> RenewalFacts:
    """The facts of the renewals report."""
    contracts = agreements(session, scope)
    shown = {contract.id for contract in contracts}
    history = tuple(
        HistoryFact(
            id=row.id,
            contract_id=row.contract_id,
            term_start=row.term_start,
            term_end=row.term_end,
            amount_minor=row.amount_minor,
            seats=row.seats,
            first_quote_minor=row.first_quote_minor,
            quoted_on=row.quoted_on,
            outcome=row.outcome,
        )
        for row in session.scalars(
            select(TermHistory).order_by(TermHistory.contract_id, TermHistory.term_start, TermHistory.id)
        )
        if row.contract_id in shown
    )
    year = scope.year
    return RenewalFacts(
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        year=year,
        next_year=Period(start=year.end, end=add_months(year.end, 12)),
        gates=scope.settings.gates_days,
        delivery_days=scope.settings.delivery_business_days,
        contracts=contracts,
        history=history,
    )
