"""Facts of the three lists, in a bounded number of queries: the rooms of facts, and what only this question asks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.buckets import chosen_days, within_scope
from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.coverage import in_units
from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.seats import AT_ONCE, user_counts
from mopsaudit.facts.settled import settlements
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.supplier_spend import SPENT, spend_facts
from mopsaudit.facts.tools import tools_at, unit_names
from mopsaudit.facts.values import Bucket, Snapshot, ToolFact
from mopsaudit.gaps.values import App, Billed, GapFacts, Stock, ToolSpend
from mopsaudit.periods import month_of
from mopsaudit.reporting import LineFilter, Trace
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Import,
    ImportSheet,
    ImportStatus,
    LedgerSummary,
    SpendLine,
    Tool,
    ToolName,
    UsageRecord,
    Vendor,
)
from mopsaudit.words import SpendType

#: Settlements of gaps are kept under ids that begin with it.
ROOM: Final = "gaps"
#: Where the import keeps the applications of a usage file that nobody knows (see ``intake.unknown_apps``).
_UNKNOWN: Final = "unknown_apps"
#: Suppliers asked about in one statement.
_PORTION: Final = 5_000


def gap_facts(session: Session, scope: Scope) -> GapFacts:
    """The facts of a scope at its day; the number of queries does not depend on how much there is."""
    spend = spend_facts(session, scope)
    tools = tools_at(session, scope)
    files = snapshots_until(session, scope)
    fresh = scope.settings.usage_fresh_days
    wanted = {tool.id for tool in tools if tool.status != "retired"}
    best = {
        tool_id: found
        for tool_id, each in files.items()
        if tool_id in wanted and (found := best_snapshot(each, scope.as_of, fresh)) is not None
    }
    shown = tuple(best.values())
    running = running_lines(session, scope)
    candidates = [
        each.id
        for each in spend.suppliers
        if each.tool_id is None and each.settled == "open" and each.window.lines
    ]
    apps = unknown_apps(session, scope)
    return GapFacts(
        as_of=scope.as_of,
        currency=scope.currency,
        unit_id=None if scope.whole else scope.unit_id,
        group_minimum=scope.settings.group_minimum,
        fresh_days=fresh,
        spend=spend,
        tools=tools,
        unit_names=unit_names(session, scope),
        paid=_tool_spend(session, scope, *spend.window),
        billed=_billed(session, scope, candidates),
        contracted=frozenset(line.tool_id for line in running if line.tool_id is not None),
        covered=frozenset(
            int(line.vendor.id) for line in running if line.tool_id is None and line.vendor is not None
        ),
        has_usage=bool(files) or bool(apps),
        best=best,
        counts=user_counts(session, scope, shown, tools, own_day=True),
        seen=_last_seen(session, scope, shown, tools),
        apps=apps,
        stock=_stock(session),
        settled=settlements(session, ROOM),
    )


def _tool_spend(session: Session, scope: Scope, first: int, until: int) -> dict[int, ToolSpend]:
    """What was booked on each tool: money of the window by currency, and the last month; one query."""
    merged = heads(session)
    inside = (LedgerSummary.month >= first) & (LedgerSummary.month < until)

    def within(column: Any) -> Any:
        return func.coalesce(func.sum(column).filter(inside), 0)

    rows = fetch(
        session,
        select(
            LedgerSummary.tool_id,
            LedgerSummary.currency,
            within(LedgerSummary.base_minor),
            within(LedgerSummary.unconverted_minor),
            within(LedgerSummary.lines),
            func.max(LedgerSummary.month),
        )
        .where(
            LedgerSummary.tool_id.is_not(None),
            in_units(scope),
            or_(LedgerSummary.spend_type.is_(None), LedgerSummary.spend_type != SpendType.NOT_SPEND.value),
            or_(LedgerSummary.month.is_(None), LedgerSummary.month <= month_of(scope.as_of)),
        )
        .group_by(LedgerSummary.tool_id, LedgerSummary.currency)
        .order_by(LedgerSummary.tool_id, LedgerSummary.currency),
    )
    minor: dict[int, int] = defaultdict(int)
    lines: dict[int, int] = defaultdict(int)
    missing: dict[int, dict[str, int]] = defaultdict(dict)
    last: dict[int, int | None] = {}
    for tool_id, currency, base, unconverted, count, month in rows:
        if tool_id is None:
            continue
        head = merged.tool(tool_id)
        minor[head] += int(base)
        lines[head] += int(count)
        if unconverted:
            missing[head][currency] = missing[head].get(currency, 0) + int(unconverted)
        last[head] = max((each for each in (last.get(head), month) if each is not None), default=None)
    return {
        tool_id: ToolSpend(
            window=Bucket(
                minor=minor[tool_id],
                unconverted=tuple(sorted(missing[tool_id].items())),
                lines=lines[tool_id],
                trace=Trace(
                    lines=LineFilter(
                        tool_ids=(tool_id,), spend_types=SPENT, month_from=first, month_until=until
                    )
                ),
            ),
            last_month=month,
        )
        for tool_id, month in last.items()
    }


def _billed(session: Session, scope: Scope, supplier_ids: Sequence[int]) -> dict[int, Billed]:
    """The last invoice of each supplier and the units it is booked on, in the scope's units and up to its day."""
    inside = SpendLine.unit_id.in_(scope.unit_ids)
    found: dict[int, Billed] = {}
    for start in range(0, len(supplier_ids), _PORTION):
        for supplier_id, unit_id, last in fetch(
            session,
            select(SpendLine.supplier_id, SpendLine.unit_id, func.max(SpendLine.booked_on))
            .where(
                SpendLine.supplier_id.in_(supplier_ids[start : start + _PORTION]),
                SpendLine.living,
                SpendLine.counts,
                ~SpendLine.out_of_scope,
                SpendLine.amount_minor > 0,
                SpendLine.booked_on <= scope.as_of,
                or_(inside, SpendLine.unit_id.is_(None)) if scope.whole else inside,
            )
            .group_by(SpendLine.supplier_id, SpendLine.unit_id)
            .order_by(SpendLine.supplier_id, SpendLine.unit_id),
        ):
            if supplier_id is None:
                continue
            before = found.get(supplier_id, Billed())
            found[supplier_id] = replace(
                before,
                last=max((day for day in (before.last, last) if day is not None), default=None),
                units=before.units if unit_id is None else tuple(sorted({*before.units, unit_id})),
            )
    return found


def _last_seen(
    session: Session, scope: Scope, snapshots: Sequence[Snapshot], tools: Sequence[ToolFact]
) -> dict[int, date]:
    """The last day anybody of the scope was seen, by the snapshot that counts (with those joined to it)."""
    heads_of = {file.id: each.id for each in snapshots for file in each.files}
    every = [file for each in snapshots for file in each.files]
    found: dict[int, date] = {}
    for start in range(0, len(every), AT_ONCE):
        chosen = chosen_days(scope, every[start : start + AT_ONCE], tools, own_day=True)
        for snapshot_id, last in fetch(
            session,
            select(chosen.c.id, func.max(UsageRecord.last_activity))
            .join(UsageRecord, UsageRecord.snapshot_id == chosen.c.id)
            .where(within_scope(scope, tools, chosen), UsageRecord.last_activity <= chosen.c.day)
            .group_by(chosen.c.id)
            .order_by(chosen.c.id),
        ):
            if last is not None:
                head = heads_of[snapshot_id]
                found[head] = max(last, found.get(head, last))
    return found


def unknown_apps(session: Session, scope: Scope) -> tuple[App, ...]:
    """Applications of living usage files that nobody knew when they were read, each as its newest file counts it.

    A unit sees those its own people use; what a file only states as a number belongs to the whole company.
    """
    rows = fetch(
        session,
        select(ImportSheet.detail[_UNKNOWN], Import.id, Import.file_name)
        .join(Import, Import.id == ImportSheet.import_id)
        .where(
            Import.kind == "usage",
            Import.status == ImportStatus.IMPORTED.value,
            ImportSheet.used,
        )
        .order_by(Import.id, ImportSheet.position),
    )
    newest: dict[str, App] = {}
    for entries, import_id, file_name in rows:
        for entry in entries or ():
            app = _app(entry, scope, import_id, file_name)
            if app is None or app.as_of > scope.as_of:
                continue
            before = newest.get(app.key)
            if before is None or app.as_of >= before.as_of:
                newest[app.key] = app
    return tuple(newest[key] for key in sorted(newest))


def _app(entry: dict[str, Any], scope: Scope, import_id: int, file_name: str) -> App | None:
    units = [
        each
        for each in entry["units"]
        if (scope.whole if each["unit_id"] is None else each["unit_id"] in scope.unit_ids)
    ]
    people = sum(int(each["people"]) for each in units)
    if scope.whole and entry["count"] is not None:
        people = max(people, int(entry["count"]))
    if not units and not scope.whole:
        return None
    days = [date.fromisoformat(each["last"]) for each in units if each["last"]]
    name = str(entry["name"])
    return App(
        key=fold(name),
        name=name,
        people=people,
        last=max(days, default=None),
        grade=str(entry["grade"]),
        event=str(entry["event"]),
        as_of=date.fromisoformat(entry["as_of"]),
        units=tuple(sorted(each["unit_id"] for each in units if each["unit_id"] is not None)),
        import_id=import_id,
        file_name=file_name,
    )


def fold(name: str) -> str:
    """A name as two spellings of it are compared: case and white space folded."""
    return " ".join(name.split()).casefold()


def _stock(session: Session) -> Stock:
    """What the inventory holds, of any unit: only whether it does, never whose it is."""
    products: set[str] = set()
    vendors: set[str] = set()
    names: set[str] = set()
    for name, product, status, vendor_id, vendor, of_catalogue in fetch(
        session,
        select(Tool.name, Tool.catalogue_id, Tool.status, Vendor.id, Vendor.name, Vendor.catalogue_id)
        .outerjoin(Vendor, Vendor.id == Tool.vendor_id)
        .order_by(Tool.id),
    ):
        names.add(fold(name))
        if product is not None:
            products.add(product)
        if status != "retired":
            vendors |= {each for each in (of_catalogue, fold(vendor or ""), f"vendor:{vendor_id}") if each}
    names |= {fold(name) for (name,) in fetch(session, select(ToolName.name).order_by(ToolName.id))}
    return Stock(products=frozenset(products), vendors=frozenset(vendors), names=frozenset(names))
