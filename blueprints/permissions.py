"""Who may do what: one table of routes and one of actions. They are the check, the help page and the test at once.

Deny by default: an endpoint or method that does not stand in :data:`ROUTES` is refused. A role counts in the business
unit it is given in and in the units below; :func:`identity.permitted_units` are the units in which the signed-in person
may do what the route does, and the scope of the request is cut to them.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from blueprints import identity

_log = logging.getLogger(__name__)


class Role(StrEnum):
    """The six roles, as the database knows them."""

    ADMIN = "admin"
    OPS = "ops"
    FINANCE = "finance"
    PROCUREMENT = "procurement"
    APPROVER = "approver"
    VIEWER = "viewer"


class Action(StrEnum):
    """What a route does, as far as permission is concerned."""

    OPEN = "open"
    SELF = "self"
    SEE = "see"
    EXPORT = "export"
    UPLOAD = "upload"
    APPLY = "apply"
    SETTLE = "settle"
    EDIT_INVENTORY = "edit_inventory"
    MERGE_TOOLS = "merge_tools"
    EDIT_PLAN = "edit_plan"
    REQUEST = "request"
    DECIDE = "decide"
    APPROVE = "approve"
    EDIT_SAVINGS = "edit_savings"
    SIGN_SAVINGS = "sign_savings"
    EDIT_SCENARIOS = "edit_scenarios"
    SEE_NAMES = "see_names"
    EDIT_ENTITIES = "edit_entities"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Permission:
    """An action in words and the roles that may do it."""

    label: str
    roles: frozenset[Role]


EVERYONE: Final = frozenset(Role)
_A, _O, _F, _P, _V = Role.ADMIN, Role.OPS, Role.FINANCE, Role.PROCUREMENT, Role.APPROVER

ACTIONS: Final[Mapping[Action, Permission]] = {
    Action.OPEN: Permission("Open without signing in", frozenset()),
    Action.SELF: Permission("One's own profile, password and second factor", EVERYONE),
    Action.SEE: Permission("See pages and reports", EVERYONE),
    Action.EXPORT: Permission("Export tables, reports and the audit workbook", EVERYONE - {Role.VIEWER}),
    Action.UPLOAD: Permission("Upload files and answer questions about them", frozenset({_A, _O, _F, _P})),
    Action.APPLY: Permission("Apply an import, undo it, sign off a difference", frozenset({_A, _F})),
    Action.SETTLE: Permission("Settle suppliers, write rules", frozenset({_A, _O, _F})),
    Action.EDIT_INVENTORY: Permission("Edit tools, vendors and contracts", frozenset({_A, _O, _F})),
    Action.MERGE_TOOLS: Permission("Merge two tools and take a merge back", frozenset({_A, _O})),
    Action.EDIT_PLAN: Permission("Edit budgets and business cases", frozenset({_A, _O, _F})),
    Action.REQUEST: Permission("Ask for a tool", EVERYONE - {Role.VIEWER}),
    Action.DECIDE: Permission("Record decisions and actions", frozenset({_A, _O, _V})),
    Action.APPROVE: Permission("Approve requests and business cases, lock budgets", frozenset({_V})),
    Action.EDIT_SAVINGS: Permission(
        "Enter savings and move them to agreed and contracted", frozenset({_A, _O, _F, _P, _V})
    ),
    Action.SIGN_SAVINGS: Permission("Sign what a saving realised", frozenset({_F})),
    Action.EDIT_SCENARIOS: Permission(
        "Build scenarios, work out the lowest-cost stack, say what is required", frozenset({_A, _O})
    ),
    Action.SEE_NAMES: Permission("See the names of people behind seats", frozenset({_A, _O})),
    Action.EDIT_ENTITIES: Permission(
        "Edit legal entities, cost centres, rates and closed periods", frozenset({_A, _F})
    ),
    Action.ADMINISTER: Permission(
        "Settings, business units, people and roles, backups, erasing a person", frozenset({_A})
    ),
}

Methods = Mapping[str, Action]
_EDIT: Final[Methods] = {"GET": Action.EDIT_INVENTORY, "POST": Action.EDIT_INVENTORY}
_DECIDE: Final[Methods] = {"GET": Action.DECIDE, "POST": Action.DECIDE}
_PLAN: Final[Methods] = {"GET": Action.EDIT_PLAN, "POST": Action.EDIT_PLAN}
_SAVE: Final[Methods] = {"GET": Action.EDIT_SAVINGS, "POST": Action.EDIT_SAVINGS}
_EDIT_ONLY: Final[Methods] = {"POST": Action.EDIT_INVENTORY}
_SEE: Final[Methods] = {"GET": Action.SEE}
_OPEN: Final[Methods] = {"GET": Action.OPEN}
_SELF: Final[Methods] = {"GET": Action.SELF, "POST": Action.SELF}
_ENTITIES: Final[Methods] = {"GET": Action.EDIT_ENTITIES, "POST": Action.EDIT_ENTITIES}
_WHAT_IF: Final[Methods] = {"GET": Action.EDIT_SCENARIOS, "POST": Action.EDIT_SCENARIOS}
_ADMIN: Final[Methods] = {"GET": Action.ADMINISTER, "POST": Action.ADMINISTER}

#: Endpoint → method → action. HEAD counts as GET. A view with several outcomes asks :func:`may` for the finer ones.
ROUTES: Final[Mapping[str, Methods]] = {
    # Served to everybody
    "bootstrap.static": _OPEN,
    "shell.static": _OPEN,
    "health.healthz": _OPEN,
    "health.readyz": _OPEN,
    "access.first_run": {"GET": Action.OPEN, "POST": Action.OPEN},
    "access.sign_in": {"GET": Action.OPEN, "POST": Action.OPEN},
    "access.second_factor": {"GET": Action.OPEN, "POST": Action.OPEN},
    "access.invitation": {"GET": Action.OPEN, "POST": Action.OPEN},
    # One's own
    "access.sign_out": {"POST": Action.SELF},
    "profile.show": _SELF,
    "profile.password": _SELF,
    "profile.second_factor": _SELF,
    "profile.recovery_codes": {"POST": Action.SELF},
    "profile.theme": {"POST": Action.SELF},
    "visits.looked": {"POST": Action.SELF},
    "visits.seen": {"POST": Action.SELF},
    # Shell
    "shell.dashboard": _SEE,
    "shell.search": _SEE,
    "shell.running": _SEE,
    "views.index": _SEE,
    "views.save": {"POST": Action.SEE},
    "views.show": _SEE,
    "views.edit": {"GET": Action.SEE, "POST": Action.SEE},
    "views.update": {"POST": Action.SEE},
    "views.delete": {"GET": Action.SEE, "POST": Action.SEE},
    "views.default": {"POST": Action.SEE},
    "help.index": _SEE,
    "help.page": _SEE,
    "help.picture": _SEE,
    "help.roles": _SEE,
    # Reports
    "reports.show": _SEE,
    "reports.finding": _SEE,
    "stack_map.picture": {"GET": Action.EXPORT},
    "findings.index": _SEE,
    "settlements.settle": _DECIDE,
    "settlements.reopen": {"POST": Action.DECIDE},
    "lines.index": _SEE,
    "spend.index": _SEE,
    # Inventory
    "gaps.index": _SEE,
    "gaps.show": _SEE,
    "gaps.settle": {"POST": Action.SETTLE},
    "gaps.add": {"POST": Action.SETTLE},
    "gaps.link": {"POST": Action.SETTLE},
    "gaps.reopen": {"POST": Action.SETTLE},
    "gaps.take_back": {"POST": Action.SETTLE},
    "tools.index": _SEE,
    "tools.show": _SEE,
    "tools.suggest": {"GET": Action.EDIT_INVENTORY},
    **{
        f"bulk_{kind}.{page}": {"GET": Action.EDIT_INVENTORY} if page == "latest" else _EDIT
        for kind in ("tools", "vendors", "contracts")
        for page in ("change", "latest", "show")
    },
    "tools.add": _EDIT,
    "tools.new": _EDIT,
    "tools.edit": _EDIT,
    "tools.status": _EDIT,
    "tools.use": _EDIT,
    "credits.show": _EDIT,
    "reclaims.index": _SEE,
    "reclaims.show": {"GET": Action.SEE, "POST": Action.SEE_NAMES},
    "tool_merges.merge": {"GET": Action.MERGE_TOOLS, "POST": Action.MERGE_TOOLS},
    "tool_merges.undo": {"POST": Action.MERGE_TOOLS},
    "vendors.index": _SEE,
    "vendors.show": _SEE,
    "vendors.new": _EDIT,
    "vendors.edit": _EDIT,
    "vendors.add_name": _EDIT_ONLY,
    "vendors.merge": _EDIT,
    "vendors.unmerge": _EDIT_ONLY,
    "contracts.index": _SEE,
    "contracts.show": _SEE,
    "contracts.new": _EDIT,
    "contracts.edit": _EDIT,
    "contracts.add_line": _EDIT,
    "contracts.edit_line": _EDIT,
    "contracts.notice": _EDIT,
    "contracts.withdraw_notice": _EDIT_ONLY,
    "contracts.instalments": _EDIT_ONLY,
    "people.index": {"GET": Action.EDIT_INVENTORY},
    "people.new": _EDIT,
    "people.leave": _EDIT,
    "calendar.feed": _OPEN,
    "calendar.show": _SEE,
    "calendar.renew": {"POST": Action.SEE},
    "calendar.end": {"POST": Action.SEE},
    "audit.show": {"GET": Action.EXPORT},
    "audit.order": {"POST": Action.EXPORT},
    "audit.state": {"GET": Action.EXPORT},
    "audit.cancel": {"POST": Action.EXPORT},
    "audit.file": {"GET": Action.EXPORT},
    "decisions.index": _SEE,
    "decisions.show": _SEE,
    "decisions.new": _DECIDE,
    "decisions.edit": _DECIDE,
    "decisions.close": {"POST": Action.DECIDE},
    "decisions.add_step": {"POST": Action.DECIDE},
    "decisions.finish_step": {"POST": Action.DECIDE},
    "savings.index": _SEE,
    "savings.show": _SEE,
    "savings.new": _SAVE,
    "savings.edit": _SAVE,
    "savings.step": {"POST": Action.EDIT_SAVINGS},
    "saving_proofs.realise": {"GET": Action.SIGN_SAVINGS, "POST": Action.SIGN_SAVINGS},
    "scores.index": _SEE,
    "scores.give": _DECIDE,
    "scenarios.index": _SEE,
    "scenarios.compare": _SEE,
    "scenarios.new": _WHAT_IF,
    "scenarios.show": _SEE,
    "scenario_origins.show": _SEE,
    "scenarios.edit": _WHAT_IF,
    "scenario_changes.add": _WHAT_IF,
    "scenario_changes.step": {"POST": Action.EDIT_SCENARIOS},
    "scenarios.decide": _DECIDE,
    "stack_searches.index": _SEE,
    "stack_searches.new": _WHAT_IF,
    "stack_searches.show": _SEE,
    "stack_searches.state": _SEE,
    "stack_parts.show": _SEE,
    "stack_searches.cancel": {"POST": Action.EDIT_SCENARIOS},
    "needs.index": _SEE,
    "needs.say": _WHAT_IF,
    "needs.take_back": {"POST": Action.EDIT_SCENARIOS},
    "objectives.index": _SEE,
    "objectives.show": _SEE,
    "objectives.new": _PLAN,
    "objectives.edit": _PLAN,
    "objectives.retire": {"POST": Action.EDIT_PLAN},
    "budgets.index": _SEE,
    "budgets.show": _SEE,
    "budgets.new": _PLAN,
    "budgets.add_line": _PLAN,
    "budgets.edit_line": _PLAN,
    "budgets.remove_line": {"POST": Action.EDIT_PLAN},
    "budgets.lock": {"POST": Action.APPROVE},
    "budgets.revise": _PLAN,
    "budgets.transfer": _PLAN,
    "suppliers.index": _SEE,
    "suppliers.show": _SEE,
    "suppliers.settle": {"POST": Action.SETTLE},
    "suppliers.acceptable": {"GET": Action.SETTLE},
    "suppliers.accept": {"POST": Action.SETTLE},
    "suppliers.undo": {"POST": Action.SETTLE},
    "splits.edit": {"GET": Action.SETTLE, "POST": Action.SETTLE},
    "rules.index": _SEE,
    "rules.new": {"GET": Action.SETTLE, "POST": Action.SETTLE},
    "rules.show": {"GET": Action.SEE, "POST": Action.SETTLE},
    "rules.move": {"POST": Action.SETTLE},
    "rules.use": {"POST": Action.SETTLE},
    "cases.index": _SEE,
    "cases.show": _SEE,
    "cases.new": _PLAN,
    "cases.edit": _PLAN,
    "cases.figures": _PLAN,
    "cases.step": {"POST": Action.EDIT_PLAN},
    "cases.judge": {"POST": Action.APPROVE},
    "cases.review": {"POST": Action.DECIDE},
    "case_measures.add_metric": {"POST": Action.EDIT_PLAN},
    "case_measures.read_metric": {"POST": Action.EDIT_PLAN},
    "case_measures.benefits": _PLAN,
    # Files
    "demo.index": _SEE,
    "demo.download": {"GET": Action.EXPORT},
    "imports.index": _SEE,
    "imports.upload": {"POST": Action.UPLOAD},
    "imports.show": _SEE,
    "imports.state": _SEE,
    "import_problems.index": _SEE,
    "import_problems.state": _SEE,
    "import_problems.prepare": {"POST": Action.EXPORT},
    "import_problems.workbook": {"GET": Action.EXPORT},
    "imports.original": {"GET": Action.EXPORT},
    "imports.template": _SEE,
    "imports.cancel": {"POST": Action.UPLOAD},
    "imports.apply": {"POST": Action.APPLY},
    **dict.fromkeys(("import_changes.restated", "import_changes.changes"), _SEE),
    **{key: {"GET": Action.EXPORT} for key in ("list_files.tools", "list_files.contracts")},
    "import_changes.undo": {"GET": Action.APPLY, "POST": Action.APPLY},
    "import_changes.sign_off": {"GET": Action.APPLY, "POST": Action.APPLY},
    "import_changes.settle": {"POST": Action.APPLY},
    "comparisons.show": _SEE,
    "balances.index": _SEE,
    "balances.new": {"GET": Action.APPLY, "POST": Action.APPLY},
    "balances.edit": {"GET": Action.APPLY, "POST": Action.APPLY},
    "balances.sign_off": {"GET": Action.APPLY, "POST": Action.APPLY},
    "balances.remove": {"POST": Action.APPLY},
    "review.edit": {"POST": Action.UPLOAD},
    "review.read_as": {"POST": Action.UPLOAD},
    "ledgers.index": {"GET": Action.APPLY},
    "ledgers.show": {"GET": Action.APPLY, "POST": Action.APPLY},
    "ledgers.state": {"GET": Action.APPLY},
    "ledgers.cancel": {"POST": Action.APPLY},
    # Settings
    "settings.index": {"GET": Action.ADMINISTER},
    "settings.edit": _ADMIN,
    "settings.units": {"GET": Action.ADMINISTER},
    "settings.unit_new": _ADMIN,
    "settings.unit": _ADMIN,
    "accounts.index": {"GET": Action.ADMINISTER},
    "accounts.show": {"GET": Action.ADMINISTER},
    "accounts.grant": _ADMIN,
    "accounts.withdraw": {"POST": Action.ADMINISTER},
    "accounts.activation": {"POST": Action.ADMINISTER},
    "accounts.reset_factor": {"POST": Action.ADMINISTER},
    "accounts.invite": _ADMIN,
    "accounts.withdraw_invitation": {"POST": Action.ADMINISTER},
    "entities.index": {"GET": Action.EDIT_ENTITIES},
    "entities.new": _ENTITIES,
    "entities.show": _ENTITIES,
    "entities.cost_centres": _ENTITIES,
    "entities.end_cost_centre": {"POST": Action.EDIT_ENTITIES},
    "rates.index": _SEE,
    "rates.new": _ENTITIES,
    "rates.edit": _ENTITIES,
    "rates.remove": _ENTITIES,
    "periods.index": _SEE,
    "periods.close": _ENTITIES,
    "people.erase": _ADMIN,
    "upkeep.index": {"GET": Action.ADMINISTER},
    "upkeep.state": {"GET": Action.ADMINISTER},
    "upkeep.make": {"POST": Action.ADMINISTER},
    "upkeep.prove": {"POST": Action.ADMINISTER},
    "upkeep.download": {"POST": Action.ADMINISTER},
    "upkeep.delete": _ADMIN,
    "upkeep.restore": _ADMIN,
    "upkeep.upload": _ADMIN,
}


def action_of(endpoint: str, method: str) -> Action | None:
    """What the route does; None where it is not declared, which is refused."""
    return ROUTES.get(endpoint, {}).get("GET" if method == "HEAD" else method)


def roles_for(endpoint: str, method: str) -> frozenset[Role]:
    """The roles that may use the route; empty for undeclared ones."""
    action = action_of(endpoint, method)
    return frozenset() if action is None else ACTIONS[action].roles


def may(action: Action | str, unit_id: int | None = None) -> bool:
    """Whether the signed-in person may do ``action`` in a unit (None: anywhere). For templates and finer checks."""
    who = identity.current()
    if who is None:
        return False
    units = who.units_for(ACTIONS[Action(action)].roles)
    return bool(units) if unit_id is None else unit_id in units


def require(action: Action, unit_id: int | None = None) -> None:
    """Answer 403 unless :func:`may`."""
    if not may(action, unit_id):
        g.refused_action = action
        abort(403)


def init_app(app: Flask) -> None:
    """Guard every request of the app."""
    app.before_request(_guard)
    app.jinja_env.globals["may"] = may


def _guard() -> ResponseReturnValue | None:
    """Refuse what is not declared, send strangers to the sign-in page, and note the units the role reaches."""
    if request.endpoint is None:
        return None  # no such page or method: the routing error is the answer
    action = action_of(request.endpoint, request.method)
    if action is None:
        _log.error("endpoint %s %s has no declared permission", request.method, request.endpoint)
        abort(403)
    if action is Action.OPEN:
        g.permitted_units = frozenset()
        return None
    who = identity.current()
    if who is None:
        return _sign_in_first()
    if who.needs_second_factor and action is not Action.SELF and Role.APPROVER in who.roles:
        return redirect(url_for("profile.second_factor", as_of=None, unit=None))
    units = who.units_for(ACTIONS[action].roles)
    if not units:
        g.refused_action = action
        abort(403)
    g.permitted_units = units
    return None


def _sign_in_first() -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json" or request.endpoint == "shell.running":
        abort(401)
    session.pop("_flashes", None)
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    back = None if back == "/" else back
    return redirect(url_for("access.sign_in", next=back, as_of=None, unit=None))
