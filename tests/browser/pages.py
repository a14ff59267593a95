"""Every page there is, from the routes: with the first record of each kind in place of the addresses' arguments."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.help import pages as manual_pages
from blueprints.permissions import ROUTES
from mopsaudit import organisation
from mopsaudit.gaps import find_gaps
from mopsaudit.gaps.query import gap_facts
from mopsaudit.inventory import bulk
from mopsaudit.inventory.bulk_records import CONTRACTS, VENDORS, ContractField, VendorField
from mopsaudit.inventory.bulk_tools import TOOLS
from mopsaudit.inventory.bulk_tools import Field as ToolField
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
    TrailEntry,
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
        *(
            f"bulk_{kind}.latest" for kind in ("tools", "vendors", "contracts")
        ),  # lead on to the change itself
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


def _first_of_many(subject: str) -> int | None:
    """The first change of many records of a table."""
    return db.session().scalar(
        select(func.min(TrailEntry.id)).where(TrailEntry.action == "bulk_edit", TrailEntry.subject == subject)
    )


def _steps_of_many(path: str, kind: str) -> list[str]:
    """The first two pages of changing many records: what to change, and to what."""
    of_kind: dict[str, tuple[type[Any], str]] = {
        "tools": (Tool, "owner"),
        "vendors": (Vendor, "parent"),
        "contracts": (Contract, "notice"),
    }
    model, field = of_kind[kind]
    first = db.session().scalar(select(func.min(model.id)))
    return [] if first is None else [f"{path}?id={first}", f"{path}?id={first}&field={field}"]


def change_many(session: Session, now: datetime) -> None:
    """Change a tool, a vendor and a contract as the pages for many do, so that each has such a change to show."""
    today = now.date()
    scope = organisation.scope_for(session, as_of=today)
    wanted: tuple[tuple[bulk.Kind, type[Any], StrEnum, str], ...] = (
        (TOOLS, Tool, ToolField.CATEGORY, "operations"),
        (VENDORS, Vendor, VendorField.COUNTRY, "FI"),
        (CONTRACTS, Contract, ContractField.PAYMENT, "30 days net"),
    )
    for kind, model, field, value in wanted:
        ids = [session.scalars(select(model.id).order_by(model.id.desc())).first() or 0]
        change = bulk.Change(field=field, value=value, on=today)
        marks = {
            each.record_id: each.mark for each in bulk.preview(session, scope, kind, ids, change, reach=())
        }
        bulk.apply(session, scope, kind, change, marks, reach=(), today=today)


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
            if "entry_id" in rule.arguments:
                entry = _first_of_many(rule.endpoint.removeprefix("bulk_").removesuffix("s.show"))
                found += [bound.build(rule.endpoint, {"entry_id": entry})] if entry else []
                continue
            if rule.endpoint.startswith("bulk_"):
                found += _steps_of_many(
                    rule.rule, rule.endpoint.removeprefix("bulk_").removesuffix(".change")
                )
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
