"""Where a record named on a page leads: one table from kind to route, used by every list, finding and trail entry."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for

from mopsaudit.reporting import LineFilter, Ref

#: Kind of a :class:`reporting.Ref` → endpoint and the name of its argument. A page that does not exist is no link.
REF_ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "tool": ("tools.show", "tool_id"),
    "vendor": ("vendors.show", "vendor_id"),
    "contract": ("contracts.show", "contract_id"),
    "unit": ("settings.unit", "unit_id"),
    "owner": ("people.leave", "person_id"),
    "account": ("accounts.show", "account_id"),
    "rate": ("rates.edit", "rate_id"),
    "supplier": ("suppliers.show", "supplier_id"),
    "gap": ("gaps.show", "gap_id"),
    "import": ("imports.show", "import_id"),
    "case": ("cases.show", "case_id"),
    "decision": ("decisions.show", "decision_id"),
    "saving": ("savings.show", "saving_id"),
    "need": ("needs.say", "need"),
    "scenario": ("scenarios.show", "scenario_id"),
    "stack_search": ("stack_searches.show", "search_id"),
    "score": ("scores.give", "tool_id"),
    "objective": ("objectives.show", "objective_id"),
    "reclaim": ("reclaims.show", "tool_id"),
    "request": ("requests.show", "request_id"),
    "budget": ("budgets.show", "budget_id"),
    "budget_line": ("budgets.line", "line_id"),
    "ledger": ("ledgers.show", "ledger_id"),
    "report": ("reports.show", "slug"),
    "rule": ("rules.show", "rule_id"),
    "setting": ("settings.edit", "key"),
    "entity": ("entities.show", "entity_id"),
    "closing": ("periods.close", "entity_id"),
    "line": ("lines.show", "line_id"),
    "view": ("views.show", "view_id"),
}


def ref_url(ref: Ref) -> str | None:
    """The address of a record, in the scope of the request; None where it has no page."""
    if ref.kind == "finding":
        slug, _, finding_id = str(ref.id).partition("/")
        return url_for("reports.finding", slug=slug, finding_id=finding_id)
    if ref.kind == "movement":  # the tools behind one part of the forecast's bridge
        same = ("basis", "moved_since", "moved_until")
        asked: dict[str, Any] = {name: request.args.get(name) or None for name in same}
        asked["movements.f.parts"] = ref.id
        return url_for("reports.show", slug="budget", **asked) + "#movements"
    if ref.kind == "scenario_part":  # what a figure of a scenario is made of: "number:year:place"
        number, about, place = str(ref.id).split(":")
        part: dict[str, Any] = {"scenario_id": int(number), about: place}
        return url_for("scenario_origins.show", **part)
    if ref.kind == "scenario_place":  # where the page of a scenario shows it: "number:anchor"
        number, _, anchor = str(ref.id).partition(":")
        return url_for("scenarios.show", scenario_id=int(number)) + f"#{anchor}"
    if ref.kind == "stack_part":  # what a figure of a lowest-cost stack is made of: stack_parts.lead
        search, *asked_of = str(ref.id).split(":")
        names = ("set", "span", "tool", "f.becomes")
        of: dict[str, Any] = {name: text or None for name, text in zip(names, asked_of, strict=True)}
        return url_for("stack_parts.show", search_id=int(search), **of)
    if ref.kind == "currency":
        return lines_url(LineFilter(currencies=(str(ref.id),)))
    if ref.kind == "lines":
        return url_for("lines.index", line_ids=str(ref.id).split(","))
    endpoint, argument = REF_ENDPOINTS.get(ref.kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {argument: ref.id}
    return url_for(endpoint, **values)


_MANY: Final = (
    "tool_ids",
    "vendor_ids",
    "supplier_ids",
    "spend_types",
    "cost_centres",
    "gl_accounts",
    "line_ids",
    "import_ids",
    "currencies",
    "rule_ids",
)


def lines_url(lines: LineFilter | None) -> str | None:
    """The page of the spend lines a figure sums; None where there is no such page yet."""
    if lines is None or "lines.index" not in current_app.view_functions:
        return None
    return url_for("lines.index", **line_query(lines))


def line_query(lines: LineFilter) -> dict[str, Any]:
    """A line filter as arguments of an address; what restricts nothing is left out."""
    query: dict[str, Any] = {}
    for name in _MANY:
        if values := getattr(lines, name):
            query[name] = [str(value) for value in values]
    for name in ("month_from", "month_until"):
        if (value := getattr(lines, name)) is not None:
            query[name] = value
    for name in ("undated", "unconverted"):
        if getattr(lines, name):
            query[name] = 1
    if lines.waiting is not None:
        query["waiting"] = int(lines.waiting)
    return query


def here(args: Mapping[str, Sequence[str]] | None = None) -> str:
    """This page with the given query (default: the one it was asked with), as a path on this host.

    Never through ``url_for``: its own arguments (``_scheme``, ``_external``) must not come from an address.
    """
    query: dict[str, Sequence[str]] = (
        {key: list(values) for key, values in request.args.lists()} if args is None else dict(args)
    )
    path = quote(request.script_root + "/" + request.path.lstrip("/"))
    text = urlencode([(key, value) for key, values in query.items() for value in values])
    return f"{path}?{text}" if text else path


def on_this_host(address: str | None) -> str | None:
    """The address where it is a plain path of ours, else None: ``next`` never leaves this host."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(letter) < 32 or letter == "\\" for letter in address) or len(address) > 2000:
        return None
    return address
