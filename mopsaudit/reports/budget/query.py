"""Plan, spend and commitments of the fiscal year from the database. A constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.allocation import Allocated, Commitment, Invoice, allocate, plain
from mopsaudit.facts.commitments import NOT_COUNTED, agreements, commitments_between, within
from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.invoiced import InvoicesRead, OrderLoad
from mopsaudit.facts.invoices import invoices_for, said_allocations, waiting_invoices, window_start
from mopsaudit.facts.merges import Heads, head_of, heads, merged_away
from mopsaudit.facts.rates import Rates, load_rates
from mopsaudit.facts.reading import fetch
from mopsaudit.periods import Period, add_months, month_end, month_of, month_start
from mopsaudit.reporting import Ref
from mopsaudit.reports.budget.accruals import accruals, booked_later, cell_of, spread_allocated
from mopsaudit.reports.budget.credit_notes import earlier_credits
from mopsaudit.reports.budget.facts import WAITING_SHOWN, BudgetFacts, Cell, PlanLine, ReasonFact, VersionFact
from mopsaudit.reports.budget.forecast import bought_in
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetAmount,
    BudgetLine,
    BudgetTransfer,
    BudgetVersion,
    BusinessUnit,
    DeviationReason,
    FiscalYear,
    LedgerSummary,
    LegalEntity,
    Person,
    Supplier,
    Tool,
    Vendor,
)
from mopsaudit.words import SpendType


def gather(session: Session, scope: Scope, *, basis: str | None = None) -> BudgetFacts:
    """The facts of the budget report; ``basis`` is invoiced or accrual, default the budget's own."""
    settings = scope.settings
    version, version_basis = _version(session, scope)
    basis = basis or version_basis
    year = scope.year
    budget_rates = load_rates(session, into=scope.currency, kind="budget")
    merged = heads(session)
    lines = _plan(session, scope, version, budget_rates) if version else ()
    later = booked_later(session, scope, budget_rates, merged)
    cells = (*_cells(session, scope, budget_rates, merged, year), *later)
    before = Period(start=add_months(year.start, -12), end=year.start)
    last_year = _cells(session, scope, budget_rates, merged, before, undated=False)
    ahead: tuple[Cell, ...] = ()
    if basis == "accrual":
        moved, ahead = accruals(session, scope, budget_rates, merged)
        cells = (*cells, *moved)
    ledger_from = session.scalar(select(func.min(LedgerSummary.month)))
    year_before: tuple[Cell, ...] = ()
    if ledger_from is not None and ledger_from <= month_of(year.start) - 24:
        older = Period(start=add_months(year.start, -24), end=before.start)
        year_before = _cells(session, scope, budget_rates, merged, older, undated=False)
    contracts, commitments, read, allocated = owed(session, scope, year, ledger_from)
    invoices = read.invoices
    waits, waiting = waiting_invoices(
        session, commitments, read, allocated.settling, year, most=WAITING_SHOWN
    )
    moved_ids: frozenset[int] = frozenset()
    if basis == "accrual":
        spread_out, to_come, moved_ids = spread_allocated(
            scope, budget_rates, commitments, invoices, allocated
        )
        cells, ahead = (*cells, *spread_out), (*ahead, *to_come)
    closed, default, assumed = _closed(session, scope)
    orders, without = _load(scope, commitments, invoices, allocated, cells, year)
    coverage = ledger_coverage(session, scope)
    return BudgetFacts(
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        year=year,
        basis=basis,
        by_days=settings.accrual_by_days,
        rate_kind=settings.rate_kind,
        deviation_minor=settings.deviation_amount_minor,
        deviation_percent=settings.deviation_percent,
        late_year_percent=settings.late_year_percent,
        amount_percent=settings.commitment_amount_percent,
        window_days=settings.commitment_window_days,
        version=version,
        lines=lines,
        cells=tuple(cell for cell in cells if cell.spend_type not in NOT_COUNTED),
        last_year=tuple(cell for cell in last_year if cell.spend_type not in NOT_COUNTED),
        ahead=ahead,
        set_aside=sum(cell.minor for cell in cells if cell.spend_type in NOT_COUNTED and cell.month),
        commitments=commitments,
        allocated=allocated,
        waits=waits,
        waiting=waiting,
        contracted=_contracted(commitments),
        closed=closed,
        closed_default=default,
        closed_assumed=assumed,
        ledger_from=ledger_from,
        ancestors=_ancestors(session, scope),
        names=_names(session, cells, commitments),
        orders=orders,
        without_order=without,
        reasons=_reasons(session, lines),
        possibly_twice=coverage.possibly_twice.minor,
        part_month=bool(later),
        moved=moved_ids,
        bought=bought_in(contracts, year),
        year_before=tuple(cell for cell in year_before if cell.spend_type not in NOT_COUNTED),
        read=read,
        credits=earlier_credits(session, scope),
    )


def owed(
    session: Session, scope: Scope, year: Period, ledger_from: int | None, read: InvoicesRead | None = None
) -> tuple[tuple[ContractFact, ...], tuple[Commitment, ...], InvoicesRead, Allocated]:
    """What contracts and orders oblige to on the scope's day, and which invoices settle it.

    From the year before on, as far back as the ledger reaches (``ledger_from``, month index). ``read`` are invoices of
    the same scope read for a later day.
    """
    settings = scope.settings
    contracts = agreements(session, scope)
    since = year.start
    if ledger_from is not None:
        since = max(min(month_start(ledger_from), year.start), add_months(year.start, -12))
    commitments = commitments_between(session, scope, contracts, since=since, until=year.end)
    said = said_allocations(session)
    found = invoices_for(
        session, scope, commitments, since=window_start(since, scope), by_person=said, read=read
    )
    allocated = allocate(
        commitments,
        found.invoices,
        by_person=said,
        amount_percent=settings.commitment_amount_percent,
        window_days=settings.commitment_window_days,
    )
    return contracts, commitments, found, allocated


def earlier(session: Session, scope: Scope, facts: BudgetFacts, day: date) -> BudgetFacts:
    """The facts at the end of an earlier month of the same year, as they are entered today.

    Spend by month is what it is, so only what the day changes is read again: where contracts stand, what is owed, which
    invoices had come. On accrual basis everything.
    """
    before = replace(scope, as_of=day)
    if facts.basis == "accrual":
        return gather(session, before, basis=facts.basis)
    contracts, commitments, _, allocated = owed(session, before, facts.year, facts.ledger_from, facts.read)
    return replace(
        facts,
        as_of=day,
        commitments=commitments,
        allocated=allocated,
        contracted=_contracted(commitments),
        bought=bought_in(contracts, facts.year),
        part_month=False,
    )


def _version(session: Session, scope: Scope) -> tuple[VersionFact | None, str]:
    """The locked version of the year holding the date, else its newest draft."""
    row = session.execute(
        select(BudgetVersion, Person.name)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .outerjoin(Person, Person.id == BudgetVersion.locked_by_id)
        .where(
            FiscalYear.starts_on <= scope.as_of,
            FiscalYear.ends_on > scope.as_of,
            BudgetVersion.status.in_(("locked", "draft")),
        )
        .order_by(BudgetVersion.status.desc(), BudgetVersion.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None, "invoiced"
    version, by = row
    return (
        VersionFact(
            id=version.id,
            name=version.name,
            status=version.status,
            basis=version.basis,
            locked_on=version.locked_at.date() if version.locked_at else None,
            locked_by=by,
            reason=version.reason,
        ),
        version.basis,
    )


def _plan(session: Session, scope: Scope, version: VersionFact, rates: Rates) -> tuple[PlanLine, ...]:
    """The lines of a version: months at the year's budget rate (else the booking rate), transfers included."""
    booked = load_rates(session, into=scope.currency)
    months: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    moved: dict[int, int] = defaultdict(int)
    for line_id, month, minor in fetch(
        session,
        select(BudgetAmount.line_id, BudgetAmount.month, BudgetAmount.amount_minor)
        .join(BudgetLine, BudgetLine.id == BudgetAmount.line_id)
        .where(BudgetLine.budget_id == version.id)
        .order_by(BudgetAmount.line_id, BudgetAmount.month),
    ):
        months[line_id][month] += minor
    for transfer in session.scalars(
        select(BudgetTransfer)
        .where(BudgetTransfer.budget_id == version.id, BudgetTransfer.made_on <= scope.as_of)
        .order_by(BudgetTransfer.id)
    ):
        months[transfer.from_line_id][transfer.month] -= transfer.amount_minor
        months[transfer.to_line_id][transfer.month] += transfer.amount_minor
        moved[transfer.from_line_id] -= transfer.amount_minor
        moved[transfer.to_line_id] += transfer.amount_minor
    found = []
    away = merged_away()
    rows = fetch(
        session,
        select(
            BudgetLine.id,
            BudgetLine.unit_id,
            BudgetLine.entity_id,
            BudgetLine.cost_centre,
            BudgetLine.gl_account,
            BudgetLine.vendor_id,
            BudgetLine.holder_id,
            BudgetLine.programme,
            BudgetLine.currency,
            BudgetLine.description,
            BusinessUnit.name,
            Tool.id,
            Tool.name,
            Vendor.name,
            Person.name,
        )
        .outerjoin(BusinessUnit, BusinessUnit.id == BudgetLine.unit_id)
        .outerjoin(away, away.c.tool_id == BudgetLine.tool_id)
        .outerjoin(Tool, Tool.id == head_of(away, BudgetLine.tool_id))
        .outerjoin(Vendor, Vendor.id == BudgetLine.vendor_id)
        .outerjoin(Person, Person.id == BudgetLine.holder_id)
        .where(BudgetLine.budget_id == version.id, within(scope, BudgetLine.unit_id))
        .order_by(BudgetLine.id),
    )
    for line in rows:
        names: tuple[Any, ...] = line[-5:]
        unit, tool_id, tool, vendor, holder = names
        plan: dict[int, int] = {}
        unconverted = 0
        for month, minor in sorted(months[line.id].items()):
            value = rates.convert(minor, line.currency, month_start(month))
            if value is None:
                value = booked.convert(minor, line.currency, scope.year.start)
            if value is None:
                unconverted += minor
            else:
                plan[month] = value
        parts = (tool, vendor, line.programme, line.cost_centre, line.gl_account, unit)
        label = line.description or " · ".join(str(part) for part in parts if part) or f"Line {line.id}"
        found.append(
            PlanLine(
                id=line.id,
                label=label,
                unit_id=line.unit_id,
                unit=unit,
                entity_id=line.entity_id,
                cost_centre=line.cost_centre,
                gl_account=line.gl_account,
                tool=Ref(kind="tool", id=tool_id, label=tool) if tool_id else None,
                vendor=Ref(kind="vendor", id=line.vendor_id, label=vendor) if line.vendor_id else None,
                programme=line.programme,
                currency=line.currency,
                holder=Ref(kind="person", id=line.holder_id, label=holder or f"person {line.holder_id}")
                if line.holder_id
                else None,
                plan=plan,
                unconverted=unconverted,
                transferred=rates.convert(moved[line.id], line.currency, scope.as_of) or 0,
            )
        )
    return tuple(found)


def _cells(
    session: Session, scope: Scope, rates: Rates, merged: Heads, period: Period, *, undated: bool = True
) -> tuple[Cell, ...]:
    """The kept summaries of a period by everything a budget joins on, and the undated ones of all time."""
    row = LedgerSummary
    vendor = case((row.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id)
    keys: tuple[Any, ...] = (
        row.tool_id,
        vendor,
        row.unit_id,
        row.entity_id,
        row.cost_centre,
        row.gl_account,
        row.spend_type,
        row.month,
        row.currency,
        row.supplier_id.is_not(None),
    )
    months: ColumnElement[bool] = and_(row.month >= month_of(period.start), row.month < month_of(period.end))
    rows = fetch(
        session,
        select(
            *keys,
            func.sum(row.amount_minor),
            func.sum(row.base_minor),
            func.sum(row.unconverted_minor),
            func.sum(row.lines),
        )
        .outerjoin(Tool, Tool.id == row.tool_id)
        .outerjoin(Supplier, Supplier.id == row.supplier_id)
        .where(within(scope, row.unit_id), months | row.month.is_(None) if undated else months)
        .group_by(*keys)
        .order_by(*keys),
    )
    width = len(keys)
    if not merged.of:
        return tuple(cell_of(scope, rates, each[:width], *map(int, each[width:])) for each in rows)
    return tuple(
        cell_of(scope, rates, [*merged.placed(each[0], each[1]), *each[2:width]], *map(int, each[width:]))
        for each in rows
    )


def _contracted(commitments: Sequence[Commitment]) -> frozenset[tuple[int, str]]:
    """Tools and spend types something is owed for: their spend is forecast by what is owed, not by a run rate."""
    return frozenset(
        (each.tool_id, each.spend_type or SpendType.SOFTWARE)
        for each in commitments
        if each.tool_id is not None and each.contract_id is not None
    )


def _closed(session: Session, scope: Scope) -> tuple[dict[int, int], int, bool]:
    """The last closed month of each entity; for the rest the earliest of them, else the month before the date's."""
    found: dict[int, int] = {}
    for entity_id, day in session.execute(
        select(LegalEntity.id, LegalEntity.closed_through)
        .where(LegalEntity.closed_through.is_not(None))
        .order_by(LegalEntity.id)
    ):
        if day is None:
            continue
        full = month_of(day) if day == month_end(month_of(day)) else month_of(day) - 1
        found[entity_id] = full
    if found:
        return found, min(found.values()), False
    last = month_of(scope.as_of)
    return {}, last if scope.as_of == month_end(last) else last - 1, True


def _ancestors(session: Session, scope: Scope) -> dict[int, frozenset[int]]:
    rows = session.execute(
        select(BusinessUnit.id, BusinessUnit.path)
        .where(BusinessUnit.id.in_(scope.unit_ids))
        .order_by(BusinessUnit.id)
    )
    return {
        unit_id: frozenset({unit_id, *(int(part) for part in path.split("/") if part)})
        for unit_id, path in rows
    }


def _names(
    session: Session, cells: Sequence[Cell], commitments: Sequence[Commitment]
) -> Mapping[tuple[str, int], str]:
    """Names of tools, vendors and units that stand in the tables."""
    keyed: tuple[Cell | Commitment, ...] = (*cells, *commitments)
    wanted: tuple[tuple[str, Any, set[int]], ...] = (
        ("tool", Tool, {each.tool_id for each in keyed if each.tool_id is not None}),
        ("vendor", Vendor, {each.vendor_id for each in keyed if each.vendor_id is not None}),
    )
    names: dict[tuple[str, int], str] = {}
    for kind, model, ids in wanted:
        if ids:
            rows = session.execute(
                select(model.id, model.name).where(model.id.in_(sorted(ids))).order_by(model.id)
            )
            names |= {(kind, each): name for each, name in rows}
    return names


def _load(
    scope: Scope,
    commitments: Sequence[Commitment],
    invoices: Sequence[Invoice],
    allocated: Allocated,
    cells: Sequence[Cell],
    year: Period,
) -> tuple[tuple[OrderLoad, ...], int]:
    """The year's orders with their invoices, and what was invoiced without one (base currency)."""
    by_order: dict[str, list[Commitment]] = defaultdict(list)
    for each in commitments:
        if each.order_id is not None and (each.due_on is None or each.due_on in year):
            for number in each.orders:
                by_order[plain(number)].append(each)
    billed: dict[str, list[int]] = defaultdict(list)
    named = 0
    for invoice in invoices if by_order else ():
        number = plain(invoice.order)
        if number not in by_order or invoice.base_minor is None or invoice.day is None:
            continue
        if invoice.day in year:
            billed[number].append(invoice.base_minor)
            named += invoice.base_minor
    orders = tuple(
        OrderLoad(
            minor=sum(each.base_minor or 0 for each in found),
            is_open=not all(each.closed for each in found),
            invoices=tuple(billed[number]),
        )
        for number, found in sorted(by_order.items())
    )
    now = month_of(scope.as_of)
    invoiced = sum(
        cell.minor
        for cell in cells
        if cell.month is not None and cell.month <= now and cell.spend_type not in NOT_COUNTED
    )
    return orders, invoiced - named


def _reasons(session: Session, lines: Sequence[PlanLine]) -> tuple[ReasonFact, ...]:
    """The latest reason of each line."""
    latest: dict[int, ReasonFact] = {}
    rows = session.execute(
        select(DeviationReason, Person.name)
        .outerjoin(Person, Person.id == DeviationReason.given_by_id)
        .order_by(DeviationReason.budget_line_id, DeviationReason.given_at, DeviationReason.id)
    )
    shown = {line.id for line in lines}
    for reason, by in rows:
        if reason.budget_line_id in shown:
            latest[reason.budget_line_id] = ReasonFact(
                line_id=reason.budget_line_id, reason=reason.reason, by=by, on=reason.given_at.date()
            )
    return tuple(latest.values())
