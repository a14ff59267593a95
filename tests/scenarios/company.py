"""Three tools of one unit: the hand-worked example of the manual (`scenarios.md`), as of 30 September 2026."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.store.models import BusinessUnit, Tool
from tests import builders as build

DAY = date(2026, 9, 30)
MAIL, FORMS, TRENDS = "sentiment", "mention_tracking", "trend_discovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What was made."""

    unit: BusinessUnit
    alpha: Tool
    beta: Tool
    gamma: Tool


def three_tools(session: Session) -> Company:
    """Alpha (12,000 a year, 40 seats, 30 in use), Beta (6,000, 30 people, 10 of them on Alpha), Gamma (3,000, flat).

    Alpha and Beta end on 1 January 2027 (notice 60 days), Gamma on 1 July 2027; all renew for 12 months.
    """
    unit = build.unit(session, "UK", name="United Kingdom")
    vendor = build.vendor(session, "Acme")
    alpha = build.tool(session, "Alpha", capabilities={MAIL: 2, FORMS: 2}, units=[unit])
    beta = build.tool(session, "Beta", capabilities={MAIL: 2}, units=[unit])
    gamma = build.tool(session, "Gamma", capabilities={FORMS: 2, TRENDS: 2}, units=[unit])
    terms: dict[str, Any] = {
        "initial_months": 12,
        "renewal_months": 12,
        "renewal_kind": "automatic",
        "notice_count": 60,
        "notice_unit": "days",
        "unit_id": unit.id,
        "billing_months": 12,
    }
    for tool, start, seats, amount, metric in (
        (alpha, date(2026, 1, 1), 40, 12_000_00, "named_seat"),
        (beta, date(2026, 1, 1), 30, 6_000_00, "named_seat"),
        (gamma, date(2026, 7, 1), None, 3_000_00, "flat"),
    ):
        build.contract(
            session,
            vendor,
            title=f"{tool.name} agreement",
            start_on=start,
            lines=[{"tool": tool, "seats": seats, "amount_minor": amount, "licence_metric": metric}],
            **terms,
        )
    seen = {"last_activity": date(2026, 9, 20), "assigned": True, "unit_id": unit.id}
    people = [build.person(session, f"Person {number}") for number in range(50)]
    build.usage(
        session,
        alpha,
        users=[{"key": f"a{n}", "person": people[n], **seen} for n in range(30)],
    )
    build.usage(
        session,
        beta,
        users=[{"key": f"b{n}", "person": people[n], **seen} for n in range(20, 50)],
    )
    return Company(unit=unit, alpha=alpha, beta=beta, gamma=gamma)
