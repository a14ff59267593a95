"""Spend lines that may settle a commitment, and what persons said which one does."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.allocation import Allocation, Commitment, Invoice, plain
from mopsaudit.facts.commitments import NOT_COUNTED, within
from mopsaudit.facts.invoiced import InvoicesRead, Wanted
from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.reading import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.models import InvoiceAllocation, LinePart, SourceLedger, SpendLine, Supplier, Tool

#: What people write between the letters and digits of an order number.
_BETWEEN: Final = " -/._#:,\u00a0"


def _plain(column: Any) -> ColumnElement[str]:
    """The column as :func:`plain` reads it: ``PO 703``, ``po-703`` and ``PO703`` are one order."""
    bare: ColumnElement[str] = func.lower(column)
    return reduce(lambda text, mark: func.replace(text, mark, ""), _BETWEEN, bare)


def invoices_for(
    session: Session,
    scope: Scope,
    commitments: Sequence[Commitment],
    *,
    since: date,
    read: InvoicesRead | None = None,
) -> InvoicesRead:
    """Living, counting lines from ``since`` to the scope's date that name an order or belong to a committed tool.

    Split lines come in their parts. Three queries; none where ``read``, of the same scope and snapshot, holds them all.
    """
    merged = heads(session)
    wanted = Wanted(
        tools=frozenset(
            merged.family(sorted({each.tool_id for each in commitments if each.tool_id is not None}))
        ),
        numbers=frozenset(plain(number) for each in commitments for number in each.orders),
        references=frozenset(plain(each.reference) for each in commitments if each.reference),
        since=since,
        until=scope.as_of,
    )
    if read is not None and read.wanted.holds(wanted):
        whole = wanted.tools == read.wanted.tools
        found = tuple(
            each
            for each in read.invoices
            if each.day is not None
            and since <= each.day <= scope.as_of
            and (whole or each.tool_id in wanted.tools)
        )
        return InvoicesRead(wanted=wanted, invoices=found)
    return InvoicesRead(wanted=wanted, invoices=_read(session, scope, wanted, merged))


def _read(session: Session, scope: Scope, wanted: Wanted, merged: Heads) -> tuple[Invoice, ...]:
    tools, numbers = sorted(wanted.tools), sorted(wanted.numbers)
    references = sorted(wanted.references)
    if not (tools or numbers or references):
        return ()
    living = and_(
        SpendLine.living,
        SpendLine.counts,
        SpendLine.out_of_scope.is_(False),
        SpendLine.booked_on >= wanted.since,
        SpendLine.booked_on <= wanted.until,
    )
    named = or_(
        _plain(SpendLine.purchase_order).in_(numbers) if numbers else false(),
        _plain(SpendLine.reference).in_(references) if references else false(),
    )
    shared = (
        SpendLine.entity_id,
        SpendLine.cost_centre,
        SpendLine.gl_account,
    )
    dated = (SpendLine.id, SpendLine.month)
    written = (SpendLine.purchase_order, SpendLine.reference, SpendLine.description)
    spread = and_(SpendLine.service_from.is_not(None), SpendLine.service_until.is_not(None))
    accrued = case((SourceLedger.accrued, 1), else_=0)
    # The columns stand in the order of an invoice's own.
    whole = fetch(
        session,
        select(
            SpendLine.id,
            SpendLine.amount_minor,
            SpendLine.currency,
            SpendLine.base_minor,
            SpendLine.booked_on,
            *dated,
            SpendLine.tool_id,
            case((SpendLine.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id),
            *written,
            SpendLine.unit_id,
            *shared,
            SpendLine.spend_type,
            case((spread, 1), else_=0),
            accrued,
        )
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .where(
            living,
            SpendLine.split.is_(False),
            within(scope, SpendLine.unit_id),
            or_(SpendLine.spend_type.is_(None), SpendLine.spend_type.not_in(NOT_COUNTED)),
            or_(SpendLine.tool_id.in_(tools) if tools else false(), named),
        )
        .order_by(SpendLine.booked_on, SpendLine.id),
    )
    unit = func.coalesce(LinePart.unit_id, SpendLine.unit_id)
    parts = fetch(
        session,
        select(
            -LinePart.id,
            LinePart.amount_minor,
            SpendLine.currency,
            LinePart.base_minor,
            SpendLine.booked_on,
            *dated,
            LinePart.tool_id,
            case((LinePart.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id),
            *written,
            unit,
            *shared,
            LinePart.spend_type,
            literal(0),
            accrued,
        )
        .join(LinePart, LinePart.line_id == SpendLine.id)
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .outerjoin(Tool, Tool.id == LinePart.tool_id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .where(
            living,
            SpendLine.split,
            within(scope, unit),
            or_(LinePart.spend_type.is_(None), LinePart.spend_type.not_in(NOT_COUNTED)),
            or_(LinePart.tool_id.in_(tools) if tools else false(), named),
        )
        .order_by(SpendLine.booked_on, LinePart.id),
    )
    found = [*map(Invoice._make, whole), *map(Invoice._make, parts)]
    if merged.of:
        found = [_placed(each, merged) for each in found]
    return tuple(found)


def _placed(invoice: Invoice, merged: Heads) -> Invoice:
    """An invoice on the tool it counts on."""
    tool_id, vendor_id = merged.placed(invoice.tool_id, invoice.vendor_id)
    return invoice._replace(tool_id=tool_id, vendor_id=vendor_id)


def said_allocations(session: Session) -> tuple[Allocation, ...]:
    """What persons allocated; one query."""
    rows = session.scalars(
        select(InvoiceAllocation).where(InvoiceAllocation.how == "person").order_by(InvoiceAllocation.id)
    )
    return tuple(
        Allocation(
            invoice_id=row.line_id,
            key=f"instalment:{row.instalment_id}"
            if row.instalment_id is not None
            else f"order_line:{row.order_line_id}",
            minor=row.amount_minor,
            how="person",
        )
        for row in rows
    )


def window_start(day: date, scope: Scope) -> date:
    """``day`` less the days by which an invoice may precede what it settles."""
    return day - timedelta(days=scope.settings.commitment_window_days)
