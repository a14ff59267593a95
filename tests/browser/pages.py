"""Every page there is, from the routes: with the first record of each kind in place of the addresses' arguments."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from blueprints.help import pages as manual_pages
from blueprints.permissions import ROUTES
from mopsaudit import organisation
from mopsaudit.gaps import find_gaps
from mopsaudit.gaps.query import gap_facts
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.models import (
    Account,
    BudgetVersion,
    BusinessCase,
    BusinessUnit,
    Contract,
    ContractLine,
    Decision,
    ExchangeRate,
    Import,
    LedgerBalance,
    LegalEntity,
    MatchRule,
    Objective,
    Person,
    SavedView,
    Saving,
    Scenario,
    SourceLedger,
    SpendLine,
    StackSearch,
    Supplier,
    Tool,
    Vendor,
)
from mopsaudit.store.session import db
from mopsaudit.upkeep.copies import list_copies

#: Argument of an address → the model whose first record it names.
RECORDS: dict[str, type[Any]] = {
    "tool_id": Tool,
    "vendor_id": Vendor,
    "contract_id": Contract,
    "line_id": ContractLine,
    "view_id": SavedView,
    "unit_id": BusinessUnit,
    "account_id": Account,
    "person_id": Person,
    "supplier_id": Supplier,
    "import_id": Import,
    "ledger_id": SourceLedger,
    "case_id": BusinessCase,
    "decision_id": Decision,
    "rule_id": MatchRule,
    "saving_id": Saving,
    "objective_id": Objective,
    "budget_id": BudgetVersion,
    "balance_id": LedgerBalance,
    "rate_id": ExchangeRate,
    "entity_id": LegalEntity,
    "search_id": StackSearch,
    "scenario_id": Scenario,
}
#: Answers that are no pages: files, JSON, the frame's own parts.
NO_PAGES = frozenset(
    {
        *("bootstrap.static", "shell.static", "shell.running", "health.healthz", "health.readyz"),
        *(
            "help.picture",
            "imports.state",
            "imports.original",
            "import_problems.state",
            "tools.suggest",
            "stack_searches.state",
        ),
        *("upkeep.state", "demo.download", "audit.state", "audit.file", "ledgers.state"),
        "access.first_run",  # closed once there is an account
        "bulk_tools.latest",  # leads on to the person's last bulk change, and nobody has made one here
    }
)


def _first_gap() -> str | None:
    """The first gap of the whole company on the last day there is a line of."""
    session = db.session()
    last = session.scalar(select(func.max(SpendLine.booked_on)))
    scope = organisation.scope_for(session, as_of=last) if last else None
    found = find_gaps(gap_facts(session, scope)).found if scope else ()
    return found[0].id if found else None


def _first_finding(slug: str) -> str | None:
    """The first finding of a report on the day the newest line was booked."""
    session = db.session()
    last = session.scalar(select(func.max(SpendLine.booked_on)))
    if last is None:
        return None
    report = REPORTS[slug].build(session, organisation.scope_for(session, as_of=last))
    return report.findings[0].id if report.findings else None


def addresses(app: Flask) -> list[str]:
    """The address of every page, in order; those whose records this company does not have are left out."""
    found = []
    with app.test_request_context():
        first = {
            name: db.session().scalar(select(model.id).order_by(model.id).limit(1))
            for name, model in RECORDS.items()
        }
        setting = organisation.setting_sources(db.session(), {})[0].key
        kept = next(iter(list_copies(Path(app.config["MOPSAUDIT_DATA"]))), None)
        values = {**first, "key": setting, "kind": "spend", "token": None, "slug": None}
        values["name"] = kept.name if kept else None
        values["change"] = "off"
        values["gap_id"] = _first_gap()
        bound = app.url_map.bind("localhost")
        for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
            action = ROUTES.get(rule.endpoint, {}).get("GET")
            if (
                action is None
                or rule.endpoint in NO_PAGES
                or rule.rule.rpartition(".")[2] in ("xlsx", "csv", "ics", "<kind>")
            ):
                continue
            if rule.endpoint == "reports.show":
                found += [bound.build(rule.endpoint, {"slug": slug}) for slug in REPORTS]
                continue
            if "finding_id" in rule.arguments:
                found += [
                    bound.build(rule.endpoint, {"slug": slug, "finding_id": finding_id})
                    for slug in REPORTS
                    if (finding_id := _first_finding(slug)) is not None
                ]
                continue
            if rule.endpoint == "help.page":
                found += [bound.build(rule.endpoint, {"slug": page.slug}) for page in manual_pages()]
                continue
            wanted = {name: values.get(name) for name in rule.arguments}
            if all(value is not None for value in wanted.values()):
                found.append(bound.build(rule.endpoint, wanted))
    return found
