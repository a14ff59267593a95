"""Purchase orders with their lines; an order linked to a contract is the same commitment."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import NAME_UNKNOWN
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.vendors import find_vendor
from mopsaudit.store.inventory import OrderLine, PurchaseOrder


def apply_orders(work: Work) -> Outcome:
    """An order line per row; orders are found by number and entity, lines by their number, else by their place."""
    seen: dict[int, int] = {}
    with desk(work) as at:
        at.rows(lambda desk_, position, row: _line(desk_, position, row, seen))
        return at.finish()


def _line(at: Desk, position: int, row: RecordRow, seen: dict[int, int]) -> bool:
    values = row.values
    currency = at.currency(row, position)
    order, changed = _order(at, position, row, currency)
    tool_name = str(values.get("tool") or "").strip()
    tool = at.tool(tool_name, propose=True) if tool_name else None
    if tool_name and tool is None:
        at.problem(NAME_UNKNOWN, f"There is no tool “{tool_name}”.", position, row.cells.get("tool"))
    amount = values["amount"] if isinstance(values.get("amount"), Decimal) else Decimal(0)
    seen[order.id] = seen.get(order.id, 0) + 1
    number = str(values["line"]) if values.get("line") not in (None, "") else str(seen[order.id])
    facts: dict[str, Any] = {
        "amount_minor": at.money(position, amount, currency),
        "tool_id": tool.id if tool else None,
        "description": str(values.get("description") or "")[:400],
        "due_on": values.get("delivery") or values.get("date"),
        "cost_centre": _short(values.get("cost_centre")),
        "gl_account": _short(values.get("gl_account")),
    }
    line = at.session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id == order.id, OrderLine.number == number[:40])
        .order_by(OrderLine.id)
    ).first()
    if line is None:
        at.session.add(
            OrderLine(order_id=order.id, number=number[:40], origin_cell=row.cells.get("amount"), **facts)
        )
        return True
    for name, value in facts.items():
        if value is not None and getattr(line, name) != value:
            setattr(line, name, value)
            changed = True
    return changed


def _order(at: Desk, position: int, row: RecordRow, currency: str) -> tuple[PurchaseOrder, bool]:
    values = row.values
    number = str(values["order_number"]).strip()[:80]
    entity_id = at.entities.of_line(str(values["entity"])) if values.get("entity") else at.entities.default
    supplier = str(values.get("supplier") or "").strip()
    contract = at.contract(str(values["contract"]).strip() if values.get("contract") else None)
    if values.get("contract") and contract is None:
        message = f"There is no contract “{values['contract']}”."
        at.problem(NAME_UNKNOWN, message, position, row.cells.get("contract"))
    vendor = find_vendor(at.session, supplier) if supplier else None
    if vendor is None and supplier:
        known = at.ours.vendor_id(at.matcher.match(supplier).vendor_id)
        vendor_id = known
    else:
        vendor_id = vendor.id if vendor else None
    closed = values.get("status") == "closed"
    facts: dict[str, Any] = {
        "vendor_id": vendor_id or (contract.vendor_id if contract else None),
        "supplier_text": supplier[:300] or None,
        "contract_id": contract.id if contract else None,
        "unit_id": at.unit_id(values.get("unit"), position, row.cells.get("unit")),
        "ordered_on": values.get("date"),
        "status": values.get("status"),
        "closed_on": (values.get("end") or at.today) if closed else None,
    }
    query = select(PurchaseOrder).where(PurchaseOrder.number == number)
    query = query.where(
        PurchaseOrder.entity_id.is_(None) if entity_id is None else PurchaseOrder.entity_id == entity_id
    )
    order = at.session.scalars(query.order_by(PurchaseOrder.id)).first()
    if order is None:
        facts["status"] = facts["status"] or "open"
        order = PurchaseOrder(
            number=number, entity_id=entity_id, currency=currency, import_id=at.work.record.id, **facts
        )
        at.session.add(order)
        at.session.flush()
        return order, True
    changed = False
    for name, value in facts.items():
        if (
            value is not None
            and getattr(order, name) != value
            and not (name == "closed_on" and order.closed_on)
        ):
            setattr(order, name, value)
            changed = True
    at.session.flush()
    return order, changed


def _short(value: object) -> str | None:
    text = str(value or "").strip()
    return text[:40] or None
