"""Contracts with their lines: rows of one vendor and reference (or term) are one contract."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mopsaudit.errors import InvalidError
from mopsaudit.intake.cell_changes import tell
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.contract_edits import Standing, edit_row, named_place, standing
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import NAME_UNKNOWN, TERM_ASSUMED
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.contracts import add_line, create_contract, edit_contract, edit_line
from mopsaudit.inventory.exported import contract_cells
from mopsaudit.organisation import scope_for
from mopsaudit.store.inventory import Contract, ContractLine, Tool, Vendor
from mopsaudit.words import EndKind, RenewalKind, SpendType

_UNIT = 1_000_000
#: A renewal term where a list of contracts has no column for one.
_USUAL_MONTHS = 12


def apply_contracts(work: Work) -> Outcome:
    """A contract line per row. A row of an exported file is found by its record and changes what its cells say
    otherwise; any other contract is found by vendor and reference, else by vendor, start and currency.
    """
    with desk(work) as at:
        known = standing(at)
        at.rows(lambda at, position, row: _row(at, position, row, known))
        written = sorted({place[0] for wrote in at.touched.values() for place in wrote})
        scope = scope_for(at.session, as_of=at.today, unit=work.record.unit_id)
        after = contract_cells(at.session, scope, written)
        tell(at, known.cells, after, "vendor")
        return at.finish()


def _row(at: Desk, position: int, row: RecordRow, known: Standing) -> bool:
    if row.values.get("id") in (None, ""):
        return _line(at, position, row)
    if not edit_row(at, position, row, known, _escalator):
        return False
    at.touched[position][named_place(row, known)] = (row.row, row.cells)
    return True


def _line(at: Desk, position: int, row: RecordRow) -> bool:
    values = row.values
    before = at.journal.touched
    vendor, tool = _parties(at, position, row)
    currency = at.currency(row, position)
    contract = _contract(at, position, row, vendor, tool, currency)
    minor = _amount(at, position, row, currency)
    sku = str(values.get("sku") or "").strip() or None
    description = (tool.name if tool else str(values.get("tool") or "")) or ""
    found = at.session.scalars(
        select(ContractLine)
        .where(
            ContractLine.contract_id == contract.id,
            ContractLine.retired_on.is_(None),
            ContractLine.tool_id.is_(None) if tool is None else ContractLine.tool_id == tool.id,
            ContractLine.sku.is_(None) if sku is None else ContractLine.sku == sku,
        )
        .order_by(ContractLine.id)
    ).first()
    quantity = values.get("quantity")
    facts: dict[str, Any] = {
        "amount_minor": minor,
        "quantity_micro": None if quantity is None else int(Decimal(str(quantity)) * _UNIT),
        "licence_metric": values.get("licence_metric") or (tool.licence_metric if tool else None),
        "pack_size": _whole(values.get("pack_size"), "pack_size"),
        "minimum": _whole(values.get("minimum"), "minimum"),
        "amount_months": values.get("amount_months"),
        "reducible": values.get("reducible"),
    }
    given = {name: value for name, value in facts.items() if value is not None}
    if found is not None and found.import_id != at.work.record.id:
        edit_line(at.session, found.id, found.version, given)
        changed = at.journal.touched > before or bool(at.session.dirty)
        if changed:
            at.touched[position][contract.id, found.id] = (row.row, row.cells)
        return changed
    line = add_line(
        at.session,
        contract.id,
        tool_id=tool.id if tool else None,
        sku=sku,
        description=description[:400],
        spend_type=SpendType.SOFTWARE.value,
        **given,
    )
    line.import_id = at.work.record.id
    line.origin_cell = row.cells.get("amount") or row.cells.get("unit_price") or row.cells.get("quantity")
    at.touched[position][contract.id, line.id] = (row.row, row.cells)
    return True


def _parties(at: Desk, position: int, row: RecordRow) -> tuple[Vendor, Tool | None]:
    """Vendor and tool of a row; either may stand for the other. An unknown tool is a problem, the line stays."""
    vendor_name = str(row.values.get("vendor") or "").strip()
    tool_name = str(row.values.get("tool") or "").strip()
    vendor = at.vendor(vendor_name) if vendor_name else None
    tool = at.tool(tool_name, vendor_id=vendor.id if vendor else None, propose=True) if tool_name else None
    if tool is None and not tool_name and vendor is not None:
        tools = at.session.scalars(
            select(Tool)
            .where(Tool.vendor_id == vendor.id, Tool.merged_into_id.is_(None))
            .order_by(Tool.id)
            .limit(2)
        ).all()
        tool = tools[0] if len(tools) == 1 else None
    if vendor is None and tool is not None:
        vendor = (
            at.session.get_one(Vendor, tool.vendor_id) if tool.vendor_id is not None else at.vendor(tool.name)
        )
    if tool is None and tool_name:
        message = f"There is no tool “{tool_name}”; the line stands on the contract without one."
        at.problem(NAME_UNKNOWN, message, position, row.cells.get("tool"))
    if vendor is None:
        raise InvalidError("A contract needs a vendor.", "vendor")
    return vendor, tool


def _contract(
    at: Desk, position: int, row: RecordRow, vendor: Vendor, tool: Tool | None, currency: str
) -> Contract:
    values = row.values
    reference = str(values.get("reference") or "").strip()[:120] or None
    query = select(Contract).where(Contract.vendor_id == vendor.id, Contract.retired_on.is_(None))
    if reference is not None:
        query = query.where(Contract.reference == reference)
    else:
        start = values.get("start")
        query = query.where(Contract.reference.is_(None), Contract.currency == currency)
        query = query.where(Contract.start_on.is_(None) if start is None else Contract.start_on == start)
    found = at.session.scalars(query.order_by(Contract.id)).first()
    terms = _terms(at, position, row)
    if found is not None:
        if terms:
            edit_contract(at.session, found.id, found.version, terms)
        return found
    if terms.get("renewal_kind") == RenewalKind.AUTOMATIC and "renewal_months" not in values:
        # A list with no such column: most renew for a year. It is told, and a contract on record is left as it is.
        terms["renewal_months"] = _USUAL_MONTHS
        message = f"Row {row.row} renews by itself and no renewal term is stated: {_USUAL_MONTHS} months are assumed."
        at.problem(TERM_ASSUMED, message, position, row.cells.get("auto_renew"))
    title = reference or " ".join(filter(None, (vendor.name, tool.name if tool else None)))
    contract = create_contract(
        at.session,
        vendor_id=vendor.id,
        title=title[:200],
        currency=currency,
        reference=reference,
        **terms,
    )
    contract.import_id = at.work.record.id
    contract.origin_cell = row.cells.get("vendor") or row.cells.get("tool")
    served = values.get("notice_served")
    if isinstance(served, date):
        contract.notice_served_on = served
        contract.notice_how = "as imported"
    return contract


def _terms(at: Desk, position: int, row: RecordRow) -> dict[str, Any]:
    """Terms the row states; what it leaves out stays as it is."""
    values = row.values
    terms: dict[str, Any] = {
        "start_on": values.get("start"),
        "end_on": values.get("end"),
        "end_kind": values.get("end_kind"),
        "initial_months": _whole(values.get("initial_months"), "initial_months"),
        "renewal_months": _whole(values.get("renewal_months"), "renewal_months"),
        "notice_count": _whole(values.get("notice"), "notice"),
        "notice_unit": values.get("notice_unit"),
        "delivery_days": _whole(values.get("delivery_days"), "delivery_days"),
        "billing_months": values.get("billing_months"),
        "payment_terms": values.get("payment_terms"),
        "notes": values.get("notes"),
    }
    auto = values.get("auto_renew")
    if auto is not None:
        terms["renewal_kind"] = (RenewalKind.AUTOMATIC if auto else RenewalKind.EXPRESS).value
    by = values.get("notice_by")
    if isinstance(by, date) and terms["notice_count"] is None and isinstance(values.get("end"), date):
        terms["notice_count"], terms["notice_unit"] = max(0, (values["end"] - by).days), "days"
    if values.get("owner"):
        terms["owner_id"] = at.keepers.named(str(values["owner"]), position, row.cells.get("owner"))
    if values.get("unit"):
        terms["unit_id"] = at.unit_id(str(values["unit"]), position, row.cells.get("unit"))
    if values.get("entity"):
        terms["entity_id"] = at.entities.named(str(values["entity"]))
        if terms["entity_id"] is None:
            message = f"There is no legal entity “{values['entity']}”."
            at.problem(NAME_UNKNOWN, message, position, row.cells.get("entity"))
    terms.update(_escalator(values))
    if terms["end_on"] is not None and terms["end_kind"] is None:
        terms["end_kind"] = EndKind.UNKNOWN.value
    return {name: value for name, value in terms.items() if value is not None}


_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%?")


def _escalator(values: Mapping[str, Any]) -> dict[str, Any]:
    """A yearly increase in words: a percentage, an index with a margin, a cap, the list price."""
    text = str(values.get("escalator") or "").casefold()
    if not text:
        return {}
    numbers = [Decimal(number.replace(",", ".")) for number in _PERCENT.findall(text)]
    ppm = int(numbers[0] * 10_000) if numbers else None
    if any(word in text for word in ("cpi", "rpi", "index", "inflation")):
        return {"escalator_kind": "index", "escalator_index": text[:80], "escalator_margin_ppm": ppm}
    if any(word in text for word in ("cap", "max", "up to", "not exceed")):
        return {"escalator_kind": "cap", "escalator_ppm": ppm}
    if "list" in text:
        return {"escalator_kind": "list"}
    if numbers and 0 < numbers[0] < 1 and "%" not in text:  # a cell formatted as a percentage
        return {"escalator_kind": "fixed", "escalator_ppm": int(numbers[0] * 1_000_000)}
    return {"escalator_kind": "fixed", "escalator_ppm": ppm} if ppm is not None else {}


def _amount(at: Desk, position: int, row: RecordRow, currency: str) -> int | None:
    """The line's total: as stated, else unit price × quantity."""
    amount, price, quantity = (row.values.get(name) for name in ("amount", "unit_price", "quantity"))
    if isinstance(amount, Decimal):
        return at.money(position, amount, currency)
    if isinstance(price, Decimal) and quantity is not None:
        return at.money(position, price * Decimal(str(quantity)), currency)
    return None


def _whole(value: Any, field: str) -> int | None:
    """A whole number of a cell.

    Raises:
        InvalidError: for a fraction or a negative number.
    """
    if value in (None, ""):
        return None
    number = Decimal(str(value))
    if number != number.to_integral_value() or number < 0:
        raise InvalidError(f"{value} is not a whole number.", field)
    return int(number)
