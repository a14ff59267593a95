"""Which page of the manual explains a page: one table from route to page, so that no page is without help."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, request, url_for

from blueprints.help import find_page

blueprint = Blueprint("topics", __name__)

#: Blueprint, or endpoint where one differs from the rest of its blueprint → page of the manual, with its section.
TOPICS: Final[dict[str, str]] = {
    "access": "access",
    "accounts": "access",
    "audit": "audit-workbook",
    "balances": "reconciliation",
    "budgets": "budget",
    "calendar": "renewals",
    "case_measures": "cases",
    "bulk_tools": "tables",
    "bulk_vendors": "tables",
    "bulk_contracts": "tables",
    "cases": "cases",
    "comparisons": "duplicates-and-undo",
    "contracts": "contracts",
    "credits": "underuse",
    "decisions": "decisions",
    "demo": "demo",
    "entities": "settings",
    "findings": "findings",
    "gaps": "gaps",
    "help": "first-steps",
    "import_changes": "duplicates-and-undo",
    "import_problems": "problems",
    "imports": "imports",
    "ledgers": "reconciliation",
    "list_files": "inventory",
    "lines": "spend",
    "needs": "scenarios",
    "objectives": "objectives",
    "people": "inventory",
    "people.erase": "upkeep",
    "periods": "rates",
    "profile": "profile",
    "rates": "rates",
    "reclaims": "underuse",
    "reports.finding": "findings",
    "review": "imports",
    "rules": "suppliers",
    "saving_proofs": "savings",
    "savings": "savings",
    "scenario_changes": "scenarios",
    "scenario_origins": "scenarios",
    "scenarios": "scenarios",
    "scores": "decisions",
    "settings": "settings",
    "settlements": "findings",
    "shell": "dashboard",
    "shell.search": "search",
    "spend": "spend",
    "splits": "suppliers",
    "stack_parts": "scenarios",
    "stack_searches": "scenarios",
    "stack_map": "stack",
    "suppliers": "suppliers",
    "tool_merges": "inventory",
    "tools": "inventory",
    "upkeep": "upkeep",
    "vendors": "inventory",
    "views": "tables",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A page of the manual that explains what is shown."""

    title: str
    href: str


def topic_slug(endpoint: str, slug: str | None = None) -> str | None:
    """The page of the manual for a route; ``slug`` is the report's own, whose page carries its name."""
    if endpoint == "reports.show":
        return slug
    return TOPICS.get(endpoint) or TOPICS.get(endpoint.partition(".")[0])


class _Manual:
    """Asked for by the frame only."""

    @property
    def topic(self) -> Topic | None:
        """What explains the page of the request; None where nothing does (an error before any route)."""
        if request.endpoint is None:
            return None
        slug = topic_slug(request.endpoint, (request.view_args or {}).get("slug"))
        found = find_page(slug) if slug else None
        if found is None:
            return None
        return Topic(title=found.title, href=url_for("help.page", slug=found.slug))


@blueprint.app_context_processor
def _values() -> dict[str, Any]:
    return {"manual": _Manual()}
