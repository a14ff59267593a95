"""The last of ``db check``: every figure of a report that says which lines it sums equals their sum.

The sum is taken from the lines by a query of its own, not by the one the lines page or the report uses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from mopsaudit.checks import Check
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Headline, LineFilter, Trace
from mopsaudit.reports.registry import REPORTS
from mopsaudit.words import TOOL_COST

#: Report → names of its figures that are sums of lines; others that open the ledger may be differences or forecasts.
SUMMED: Final[Mapping[str, frozenset[str]]] = {
    "stack": frozenset({"yearly_cost"}),
    "budget": frozenset({"amount"}),
    "coverage": frozenset({"yearly_cost"}),
    "quality": frozenset({"yearly_cost", "amount", "undated", "possibly_twice"}),
}

_PIECES: Final = (
    "SELECT l.id AS line_id, l.currency, l.month, l.supplier_id, l.cost_centre, l.gl_account, "
    "CASE WHEN l.split THEN p.tool_id ELSE l.tool_id END AS tool_id, "
    "CASE WHEN l.split THEN p.spend_type ELSE l.spend_type END AS spend_type, "
    "CASE WHEN l.split THEN p.amount_minor ELSE l.amount_minor END AS amount, "
    "CASE WHEN l.split THEN p.base_minor ELSE l.base_minor END AS base "
    "FROM spend_line l LEFT JOIN line_part p ON l.split AND p.line_id = l.id "
    "WHERE l.living AND l.counts AND NOT l.out_of_scope AND (NOT l.split OR p.id IS NOT NULL)"
)


def check_totals(session: Session, *, as_of: date) -> Check:
    """Compare the figures of the whole company's reports at ``as_of`` with the lines they name."""
    check = Check(name="report totals")
    scope = scope_for(session, as_of=as_of)
    if scope.settings.rate_kind != "booking":
        check.warnings.append(
            "Reports convert at the budget rate, the lines at the booking date's: not compared."
        )
        return check
    for slug, names in SUMMED.items():
        room = REPORTS.get(slug)
        if room is None:
            continue
        for where, name, amount in _amounts(room.build(session, scope), slug, ""):
            wanted = _lines_only(amount.trace) if name in names else None
            if wanted is None or amount.minor is None:
                continue
            check.checked += 1
            found = _sum(session, wanted, None if amount.currency == scope.currency else amount.currency)
            if found != amount.minor:
                check.differ(
                    f"{where} says {amount.minor} minor units of {amount.currency}, its lines sum to {found}."
                )
    return check


def _amounts(value: Any, where: str, name: str) -> Iterator[tuple[str, str, Amount]]:
    """Every amount anywhere in a report: the way to it, its name (a headline's or column's key), itself."""
    if isinstance(value, Amount):
        yield where, name, value
    elif isinstance(value, Headline):
        yield from _amounts(value.value, f"{where}.{value.key}", value.key)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _amounts(getattr(value, each.name), f"{where}.{each.name}", each.name)
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _amounts(each, f"{where}[{number}]", name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _amounts(each, f"{where}[{key}]", str(key))


def _lines_only(trace: Trace | None) -> LineFilter | None:
    """The lines a figure sums, when it rests on nothing else."""
    if trace is None or any(getattr(trace, each.name) for each in fields(Trace) if each.name != "lines"):
        return None
    return trace.lines


def _sum(session: Session, wanted: LineFilter, currency: str | None) -> int:
    """Minor units of the selected pieces: in the base currency, or as booked in ``currency``."""
    conditions = ["1 = 1"]
    values: dict[str, Any] = {}

    def among(column: str, name: str, chosen: tuple[Any, ...]) -> str:
        if not chosen:
            return "1 = 0"
        values[name] = list(chosen)
        return f"{column} IN :{name}"

    into, vendor_of = _merged(session)
    if wanted.tool_ids:
        named = {each for each in wanted.tool_ids if each > 0}
        either = [
            among("q.tool_id", "tools", tuple(each for each in into if into[each] in named or each in named))
        ]
        either += ["q.tool_id IS NULL"] if 0 in wanted.tool_ids else []
        either += ["q.tool_id IS NOT NULL"] if -1 in wanted.tool_ids else []
        conditions.append(f"({' OR '.join(either)})")
    if wanted.spend_types:
        either = [among("q.spend_type", "types", tuple(each for each in wanted.spend_types if each))]
        either += ["q.spend_type IS NULL"] if "" in wanted.spend_types else []
        conditions.append(f"({' OR '.join(either)})")
    if wanted.vendor_ids:
        sold = tuple(each for each in into if vendor_of[into[each]] in wanted.vendor_ids)
        by_tool = among("t.id", "sold", sold)
        by_supplier = among("s.vendor_id", "vendors", wanted.vendor_ids)
        conditions.append(
            f"(q.tool_id IN (SELECT t.id FROM tool t WHERE {by_tool}) OR (q.tool_id IS NULL AND "  # noqa: S608
            f"q.supplier_id IN (SELECT s.id FROM supplier s WHERE {by_supplier})))"
        )
    for column, name, chosen in (
        ("q.supplier_id", "suppliers", wanted.supplier_ids),
        ("q.cost_centre", "centres", wanted.cost_centres),
        ("q.gl_account", "accounts", wanted.gl_accounts),
        ("q.line_id", "line_ids", wanted.line_ids),
        ("q.currency", "currencies", wanted.currencies),
    ):
        if chosen:
            conditions.append(among(column, name, chosen))
    conditions += _months(wanted, values)
    if wanted.import_ids:
        seen = among("g.import_id", "imports", wanted.import_ids)
        conditions.append(f"q.line_id IN (SELECT g.line_id FROM sighting g WHERE g.living AND {seen})")  # noqa: S608
    if wanted.unconverted:
        conditions.append("q.base IS NULL")
    if wanted.waiting is not None:
        bought = among("q.spend_type", "tool_cost", tuple(str(each.value) for each in TOOL_COST))
        waits = (
            f"(q.tool_id IS NULL AND (q.spend_type IS NULL OR ({bought} AND (q.supplier_id IS NULL OR "  # noqa: S608
            "q.supplier_id NOT IN (SELECT s.id FROM supplier s WHERE s.settled <> 'open')))))"
        )
        conditions.append(waits if wanted.waiting else f"NOT {waits}")
    summed = "q.base"
    if currency is not None:
        summed = "q.amount"
        conditions.append("q.currency = :own")
        values["own"] = currency
    statement = text(
        f"SELECT COALESCE(SUM({summed}), 0) FROM ({_PIECES}) q WHERE {' AND '.join(conditions)}"  # noqa: S608  # our own words; values are bound
    ).bindparams(
        *(bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list))
    )
    return int(session.scalar(statement, values) or 0)


def _merged(session: Session) -> tuple[dict[int, int], dict[int, int | None]]:
    """Where each tool counts, itself or what it was merged into, and each tool's vendor."""
    rows = session.execute(text("SELECT id, merged_into_id, vendor_id FROM tool ORDER BY id")).all()
    next_of = {tool_id: into_id for tool_id, into_id, _ in rows if into_id is not None}
    ends = {}
    for tool_id, _, _ in rows:
        end = tool_id
        while end in next_of:
            end = next_of[end]
        ends[tool_id] = end
    return ends, {tool_id: vendor_id for tool_id, _, vendor_id in rows}


def _months(wanted: LineFilter, values: dict[str, Any]) -> list[str]:
    bounds = []
    if wanted.month_from is not None:
        values["month_from"] = wanted.month_from
        bounds.append("q.month >= :month_from")
    if wanted.month_until is not None:
        values["month_until"] = wanted.month_until
        bounds.append("q.month < :month_until")
    inside = " AND ".join(bounds)
    if not bounds:
        return ["q.month IS NULL"] if wanted.undated else []
    return [f"(({inside}) OR q.month IS NULL)"] if wanted.undated else [f"({inside})"]
