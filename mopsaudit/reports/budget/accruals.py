"""Sums as cells, and the accrual view of invoices over their service, read from the lines themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.accrual import earned, spread
from mopsaudit.facts.allocation import Allocated, Commitment, Invoice, worth
from mopsaudit.facts.commitments import within
from mopsaudit.facts.merges import Heads
from mopsaudit.facts.rates import Rates
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, month_end, month_of, month_start
from mopsaudit.reports.budget.facts import Cell
from mopsaudit.scope import Scope
from mopsaudit.store.models import LinePart, SourceLedger, SpendLine, Supplier, Tool


def cell_of(
    scope: Scope, rates: Rates, key: Sequence[Any], amount: int, base: int, missing: int, lines: int
) -> Cell:
    """One sum; at budget rates (a setting) its value is the budget value, else the booked one."""
    tool, vendor, unit, entity, centre, account, kind, month, currency, named = key
    at_budget: int | None = base
    if currency != rates.into:
        at_budget = rates.convert(amount, currency, scope.as_of if month is None else month_start(month))
        if scope.settings.rate_kind == "budget":
            base, missing = (0, amount) if at_budget is None else (at_budget, 0)
    value = None if missing else at_budget
    places = (tool, vendor, unit, entity, centre, account, kind, month)
    return Cell(*places, currency, base, missing, value, lines, bool(named), False, amount - missing)


def booked_later(session: Session, scope: Scope, rates: Rates, merged: Heads) -> tuple[Cell, ...]:
    """Lines of the as-of month booked after the date, as sums to take off; none at a month's end."""
    month = month_of(scope.as_of)
    if scope.as_of == month_end(month):
        return ()
    split = SpendLine.split
    tool = case((split, LinePart.tool_id), else_=SpendLine.tool_id)
    unit = case((split, func.coalesce(LinePart.unit_id, SpendLine.unit_id)), else_=SpendLine.unit_id)
    amount = case((split, LinePart.amount_minor), else_=SpendLine.amount_minor)
    base = case((split, LinePart.base_minor), else_=SpendLine.base_minor)
    rows = session.execute(
        select(
            tool,
            case((tool.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id),
            unit,
            SpendLine.entity_id,
            SpendLine.cost_centre,
            SpendLine.gl_account,
            case((split, LinePart.spend_type), else_=SpendLine.spend_type),
            SpendLine.month,
            SpendLine.currency,
            SpendLine.supplier_id.is_not(None),
            amount,
            base,
        )
        .outerjoin(LinePart, and_(LinePart.line_id == SpendLine.id, split))
        .outerjoin(Tool, Tool.id == tool)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .where(
            SpendLine.living,
            SpendLine.counts,
            SpendLine.out_of_scope.is_(False),
            SpendLine.month == month,
            SpendLine.booked_on > scope.as_of,
            within(scope, unit),
        )
        .order_by(SpendLine.id, LinePart.id)
    )
    return tuple(
        cell_of(
            scope,
            rates,
            [*merged.placed(tool_id, vendor_id), *key],
            -minor,
            -(value or 0),
            -minor if value is None else 0,
            -1,
        )
        for tool_id, vendor_id, *key, minor, value in rows
    )


def accruals(
    session: Session, scope: Scope, rates: Rates, merged: Heads
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """What spreading invoices over their service moves: out of the booked month, into the months of service.

    Only ledgers that are not accrued already. The second value is service of this year after the date: invoiced,
    not yet earned. ``service_until`` is the first day after the service.
    """
    year = scope.year
    vendor = case((SpendLine.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id)
    keys: tuple[Any, ...] = (
        SpendLine.tool_id,
        vendor,
        SpendLine.unit_id,
        SpendLine.entity_id,
        SpendLine.cost_centre,
        SpendLine.gl_account,
        SpendLine.spend_type,
        SpendLine.month,
        SpendLine.currency,
        SpendLine.supplier_id.is_not(None),
        SpendLine.service_from,
        SpendLine.service_until,
    )
    rows = session.execute(
        select(
            *keys,
            func.sum(SpendLine.amount_minor),
            func.sum(SpendLine.base_minor),
            func.count(),
        )
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .where(
            SpendLine.living,
            SpendLine.counts,
            SpendLine.out_of_scope.is_(False),
            SpendLine.split.is_(False),
            SourceLedger.accrued.is_(False),
            SpendLine.service_from.is_not(None),
            SpendLine.service_until > SpendLine.service_from,
            SpendLine.base_minor.is_not(None),
            SpendLine.booked_on <= scope.as_of,
            within(scope, SpendLine.unit_id),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    moved: list[Cell] = []
    ahead: list[Cell] = []
    for *key, first, until, amount, base, lines in rows:
        key[0], key[1] = merged.placed(key[0], key[1])
        service = Period(start=first, end=until)
        booked = key[7]
        if booked in year.months:
            moved.append(cell_of(scope, rates, key, -int(amount), -int(base), 0, 0))
        value = cell_of(scope, rates, key, int(amount), int(base), 0, int(lines)).minor
        done, future = _spread(scope, rates, key, value, service, int(lines))
        moved.extend(done)
        ahead.extend(future)
    return tuple(moved), tuple(ahead)


def _spread(
    scope: Scope, rates: Rates, key: Sequence[Any], value: int, service: Period, lines: int
) -> tuple[list[Cell], list[Cell]]:
    """A value by the year's months of its service: up to the date, and still ahead."""
    moved: list[Cell] = []
    ahead: list[Cell] = []
    by_days = scope.settings.accrual_by_days
    parts = spread(value, service, by_days=by_days)
    now = month_of(scope.as_of)
    for month, minor in parts.items():
        if month not in scope.year.months:
            continue
        here = minor if month < now else 0
        if month == now:
            done = earned(value, service, scope.as_of, by_days=by_days)
            here = done - sum(part for before, part in parts.items() if before < month)
        place = [*key[:7], month, scope.currency, key[9]]
        if here:
            moved.append(cell_of(scope, rates, place, here, here, 0, lines)._replace(spread=True))
        if minor - here:
            ahead.append(cell_of(scope, rates, place, minor - here, minor - here, 0, lines))
    return moved, ahead


def spread_allocated(
    scope: Scope,
    rates: Rates,
    commitments: Sequence[Commitment],
    invoices: Sequence[Invoice],
    allocated: Allocated,
) -> tuple[tuple[Cell, ...], tuple[Cell, ...], frozenset[int]]:
    """Invoices without a service period of their own, spread over the service of what they settle.

    Moves like :func:`accruals`: sums to add, sums still ahead, and the ids of the invoices moved.
    """
    by_key = {each.key: each for each in commitments}
    by_id = {each.id: each for each in invoices}
    moved: list[Cell] = []
    ahead: list[Cell] = []
    ids: set[int] = set()
    for allocation in allocated.allocations:
        invoice, commitment = by_id[allocation.invoice_id], by_key[allocation.key]
        whole = worth(invoice, commitment)
        if invoice.spread or invoice.accrued or invoice.month is None or invoice.base_minor is None:
            continue
        if commitment.service is None or not commitment.service.days or not whole:
            continue
        value = (
            invoice.base_minor
            if allocation.minor == whole
            else ratio_half_even(invoice.base_minor, allocation.minor, whole)
        )
        key = [
            invoice.tool_id,
            invoice.vendor_id,
            invoice.unit_id,
            invoice.entity_id,
            invoice.cost_centre,
            invoice.gl_account,
            invoice.spend_type,
            invoice.month,
            scope.currency,
            True,
        ]
        if invoice.month in scope.year.months:
            moved.append(cell_of(scope, rates, key, -value, -value, 0, -1))
        done, future = _spread(scope, rates, key, value, commitment.service, 1)
        moved.extend(done)
        ahead.extend(future)
        ids.add(invoice.id)
    return tuple(moved), tuple(ahead), frozenset(ids)
