"""What the builders make holds together."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.store.models import BudgetAmount, LedgerSummary, Sighting, UsageRecord
from tests import builders


def test_a_whole_small_company(session: Session) -> None:
    emea = builders.unit(session, "EMEA")
    owner = builders.person(session)
    adobe = builders.vendor(session)
    marketo = builders.tool(
        session, of=adobe, capabilities={"email.campaigns": 2, "landing.pages": None}, units=[emea],
        business_owner=owner,
    )  # fmt: skip
    builders.contract(
        session, adobe, lines=[{"tool": marketo, "seats": 10}], instalments=[(date(2026, 1, 1), 100)]
    )
    paid_to = builders.supplier(session, of=marketo)
    for minor in (10, 20):
        builders.spend_line(session, minor, tool=marketo, supplied_by=paid_to, unit=emea)
    builders.spend_line(session, 5, on=None, currency="EUR", converted=False)
    builders.usage(session, marketo, users=[{"key": "a@example.com", "last_activity": date(2026, 9, 1)}])
    builders.budget(session, lines=[{"cost_centre": "100", "monthly": 1000}])
    builders.case(session, flows=[{"side": "cost", "month": 1, "amount_minor": 5}], tool_id=marketo.id)
    builders.decision(session, marketo)
    summaries = session.execute(
        select(LedgerSummary.amount_minor, LedgerSummary.unconverted_minor, LedgerSummary.lines).order_by(
            LedgerSummary.id
        )
    ).all()
    assert summaries == [(30, 0, 2), (5, 5, 1)]
    counts = [
        session.scalar(select(func.count()).select_from(model))
        for model in (Sighting, UsageRecord, BudgetAmount)
    ]
    assert counts == [3, 1, 12]
