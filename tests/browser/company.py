"""A small company to look at: tools that overlap, seats that idle, contracts to renew, a budget, a case, decisions."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import capabilities_of_type, taxonomy
from mopsaudit.governance.objectives import write_objective
from mopsaudit.governance.savings import advance_saving, identify_saving
from mopsaudit.governance.stack_searches import answer_search, start_search
from mopsaudit.organisation import save_setting, scope_for
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import stack_question
from mopsaudit.scenarios.work import answered_at_once
from mopsaudit.store.models import BudgetLine, LegalEntity
from tests import builders

#: Name, vendor, category, capabilities of the first type of the category, cents a year, seats, active people.
TOOLS = (
    ("Marketo Engage", "Adobe", "engagement", (0, 4), 84_000_00, 60, 41),
    ("HubSpot Marketing Hub", "HubSpot", "engagement", (0, 5), 63_600_00, 45, 12),
    ("Salesforce Sales Cloud", "Salesforce", "engagement", (5, 9), 198_000_00, 150, 139),
    ("Tableau", "Salesforce", "performance", (0, 4), 41_200_00, 40, 9),
    ("Looker Studio Pro", "Google", "performance", (0, 3), 12_900_00, 25, 21),
    ("Semrush", "Semrush", "intelligence", (0, 3), 9_600_00, 6, 6),
    ("Brandwatch", "Cision", "intelligence", (1, 4), 38_000_00, 12, 5),
    ("Asana", "Asana", "operations", (0, 4), 21_450_00, 110, 77),
    ("monday.com", "monday.com", "operations", (0, 3), 17_280_00, 60, 22),
    ("Bynder", "Bynder", "operations", (6, 9), 45_500_00, 80, 64),
    ("Canva Teams", "Canva", "operations", (9, 11), 4_800_00, 40, 33),
)


def fill(session: Session) -> None:
    """Everything as of 30 September 2026."""
    save_setting(session, "company_name", "Example Instruments Ltd")
    save_setting(session, "base_currency", "USD")
    uk = builders.unit(session, "UK", name="United Kingdom")
    builders.unit(session, "DE", name="Germany")
    owner = builders.person(session, "Priya Nair")
    holder = builders.person(session, "Tom Becker")
    tree = taxonomy()
    ledger = builders.source(session, "AP")
    file = builders.import_file(session, "AP_Ledger_2026.xlsx", of=ledger)
    by_category = {
        category.id.value: [
            capability.id
            for kind in tree.types
            if kind.category == category.id
            for capability in capabilities_of_type(kind.id)
        ]
        for category in tree.categories
    }
    made = []
    for number, (name, of, category, span, yearly, seats, active) in enumerate(TOOLS):
        vendor = builders.vendor(session, f"{of} Inc.") if number == 3 else builders.vendor(session, of)
        tool = builders.tool(
            session,
            name,
            of=vendor,
            category=category,
            types=[next(kind.id for kind in tree.types if kind.category == category)],
            capabilities=dict.fromkeys(by_category[category][slice(*span)], 2),
            units=[uk] if number % 3 == 0 else [],
            business_owner=owner if number % 4 else None,
            budget_holder=holder,
            licence_metric="named_seat",
        )
        made.append(tool)
        builders.contract(
            session,
            vendor,
            title=f"{name} subscription",
            start_on=date(2024, 1 + number, 1),
            initial_months=12,
            renewal_kind="automatic",
            renewal_months=12,
            notice_count=60,
            notice_unit="days",
            lines=[
                {
                    "tool": tool,
                    "seats": seats,
                    "amount_minor": yearly,
                    "description": f"{name}, {seats} seats",
                }
            ],
        )
        supplied_by = builders.supplier(session, f"{of.upper()} SYSTEMS {number}", of=tool)
        for month in range(1, 10):
            builders.spend_line(
                session,
                yearly // 12,
                on=date(2026, month, 14),
                tool=tool,
                supplied_by=supplied_by,
                of=ledger,
                from_import=file,
            )
        builders.usage(
            session,
            tool,
            users=[
                {"key": f"person{each}@example.com", "last_activity": date(2026, 9, 20) if each < active else None,
                 "never": each >= active}
                for each in range(seats)
            ],
        )  # fmt: skip
    for number, name in enumerate(("BLUE SKY CATERING", "PAYPAL *UNKNOWN", "NORTHWIND EVENTS LTD")):
        builders.spend_line(
            session,
            4_321_00 * (number + 1),
            supplied_by=builders.supplier(session, name),
            of=ledger,
            from_import=file,
        )
    builders.spend_line(session, 700_00, on=None, of=ledger, from_import=file)
    builders.budget(
        session,
        lines=[
            {"tool_id": tool.id, "monthly": yearly // 11, "cost_centre": "MKT-01"}
            for tool, (*_, yearly, _, _) in zip(made, TOOLS, strict=True)
        ],
    )
    builders.rate(session, "EUR", "USD", "1.0842", on=date(2026, 1, 1))
    session.add(LegalEntity(code="GB1", name="Example Instruments UK Ltd", closed_through=date(2026, 8, 31)))
    builders.case(session, "One platform for demand generation", tool_id=made[0].id)
    decision = builders.decision(session, made[1], "consolidate", reason="Marketo covers what we use.")
    objective = write_objective(session, title="Grow pipeline by a fifth")
    write_objective(session, title="More leads from the web", parent_id=objective.id)
    lowered = session.scalars(select(BudgetLine).order_by(BudgetLine.id).offset(1).limit(1)).one()
    saving = identify_saving(
        session,
        scope_for(session, as_of=date(2026, 9, 30)),
        title="HubSpot moves to Marketo",
        kind="reduction",
        currency="USD",
        tool_id=made[1].id,
        decision_id=decision.id,
        baseline="Last price × 45 seats.",
        annual_minor=30_000_00,
        budget_line_id=lowered.id,
        effective_on=date(2026, 7, 1),
    )
    for stage in ("agreed", "contracted"):
        advance_saving(
            session, scope_for(session, as_of=date(2026, 9, 30)), saving.id, saving.version, to=stage
        )
    scope = scope_for(session, as_of=date(2026, 9, 30))
    question = stack_question(session, scope, StackOptions())
    search = start_search(
        session, scope, question.options, by_id=None, now=datetime(2026, 9, 30, 12, tzinfo=UTC)
    )
    answer = answered_at_once(question)
    if answer is not None:
        answer_search(session, search.id, digest=question.digest, answer=answer)
