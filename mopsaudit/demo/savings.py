"""What the decisions of the demo company bring: its savings ledger, entered and signed as people would."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.demo.people import FINANCE, OPS
from mopsaudit.demo.settlements import Company, tool_ids
from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.governance.saving_proof import proof_of, realise_saving
from mopsaudit.governance.savings import advance_saving, identify_saving
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.scope import Scope
from mopsaudit.store.planning import BudgetLine, BudgetVersion, Decision, FiscalYear, Saving

#: Product, what is saved, percent of its yearly cost, kind, stage it has reached.
SAVINGS: Final = (
    ("tableau-cloud", "Tableau: half of the seats go", 40, "reduction", "identified"),
    ("drift", "Drift is retired", 100, "reduction", "contracted"),
    ("wrike", "Wrike: boards move to Asana", 90, "reduction", "agreed"),
    ("bynder-dam", "Bynder: price of the renewal cut after the outage", 9, "reduction", "realised"),
    ("gong", "Gong: uplift of the renewal refused", 9, "avoidance", "contracted"),
)


def enter_savings(session: Session, company: Company) -> None:
    """What the decisions bring: one saving signed on its spend lines, one contracted, one agreed, one avoided.

    Stated by operations, signed by finance; amounts are parts of what the ledger says these tools cost.
    """
    ids, day = tool_ids(session), company.as_of
    people = company.people
    scope = scope_for(session, as_of=day)
    costs = yearly_costs(session, scope)
    decided = {
        each.tool_id: each.id for each in session.scalars(select(Decision).order_by(Decision.id)).all()
    }
    # What is still to come can save nothing before the term it lies in has ended.
    renewals = {
        line.tool_id: line.renews_on for line in running_lines(session, scope) if line.renews_on is not None
    }
    lines = {
        each.tool_id: each.id
        for each in session.scalars(
            select(BudgetLine)
            .join(BudgetVersion, BudgetVersion.id == BudgetLine.budget_id)
            .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
            .where(BudgetLine.tool_id.is_not(None), FiscalYear.ends_on > day)
            .order_by(BudgetLine.id.desc())
        )
    }
    any_line = session.scalars(select(BudgetLine.id).order_by(BudgetLine.id).limit(1)).first()
    for product_id, title, percent, kind, stage in SAVINGS:
        tool_id = ids[product_id]
        cost = costs[tool_id].minor
        if not cost:
            raise LookupError(f"the demo company pays nothing for {product_id}")
        saving = identify_saving(
            session,
            scope,
            title=title,
            kind=kind,
            currency=scope.currency,
            tool_id=tool_id,
            decision_id=decided.get(tool_id) if kind == "reduction" else None,
            baseline="Last price × current seats, as the ledger shows it."
            if kind == "reduction"
            else "The vendor's written quote for the renewal, 9 percent above the last price.",
            baseline_minor=cost if kind == "reduction" else cost * 109 // 100,
            annual_minor=cost * percent // 100,
            budget_line_id=(lines.get(tool_id) or any_line) if kind == "reduction" else None,
            effective_on=scope.year.start
            if stage == "realised" or kind == "avoidance"
            else renewals.get(tool_id),
            by_id=people[OPS],
            on=max(scope.year.start, day - timedelta(days=80)),
        )
        for reached in ("agreed", "contracted")[: {"identified": 0, "agreed": 1}.get(stage, 2)]:
            advance_saving(session, scope, saving.id, saving.version, to=reached, on=day - timedelta(days=40))
        if stage == "realised":
            _sign(session, scope, saving, people[FINANCE], company.now)


def _sign(session: Session, scope: Scope, saving: Saving, person_id: int, now: datetime) -> None:
    """Finance takes the closed months of the year and signs what their lines show, a year's worth at most."""
    first = month_of(scope.year.start)
    until = max(month_of(scope.as_of), first + 1)
    proof = proof_of(session, scope, saving, first, until, covers=12)
    brought = min(proof.room_minor, (saving.annual_minor or 0) * (until - first) // 12)
    if brought <= 0:
        return  # early in a year nothing shows yet: it stays contracted
    realise_saving(
        session,
        scope,
        saving.id,
        saving.version,
        month_from=first,
        month_until=until,
        line_ids=[each.line_id for each in proof.lines],
        realised_minor=brought,
        by_id=person_id,
        now=now,
        covers=12,
    )
