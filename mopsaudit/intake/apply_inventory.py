"""An inventory workbook into tools: found by id, then by name, else created; omitted columns stay untouched.

A row that says what stands changes nothing: its dated facts do not begin anew, and the use of capabilities stays. A
row of an exported file whose tool somebody changed since is refused where it would change the tool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mopsaudit.catalogue.labels import category_by_label, type_by_label
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake.cell_changes import tell
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import NAME_UNKNOWN
from mopsaudit.intake.records import Desk, desk, listed
from mopsaudit.intake.tool_categories import (
    catalogued,
    category_of,
    exported_parts,
    four,
    ids_of,
    told_category,
)
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.contracts import add_line, create_contract
from mopsaudit.inventory.exported import tool_cells
from mopsaudit.inventory.fingerprints import fingerprints
from mopsaudit.inventory.from_catalogue import vendor_from_catalogue
from mopsaudit.inventory.listing import ToolRow, list_tools
from mopsaudit.inventory.tools import (
    BUDGET_HOLDER,
    OWNER,
    create_tool,
    edit_tool,
    set_capabilities,
    set_person,
    set_status,
    set_types,
    set_units,
    used_of,
)
from mopsaudit.organisation import scope_for
from mopsaudit.store.inventory import Contract, ContractLine, Tool
from mopsaudit.words import EndKind

_SEAT = 1_000_000


@dataclass(frozen=True, slots=True)
class _Standing:
    """The tools as they stand when the import begins, and the digests of their facts, by id."""

    rows: Mapping[int, ToolRow]
    prints: Mapping[int, str]


def apply_inventory(work: Work) -> Outcome:
    """A tool per row with vendor, owners, units, types and capabilities; seats and yearly cost as a contract line."""
    with desk(work) as at:
        scope = scope_for(at.session, as_of=at.today)
        rows = {row.id: row for row in list_tools(at.session, scope)}
        standing = _Standing(rows, fingerprints(at.session, scope, tuple(rows)))
        before = tool_cells(at.session, scope)
        at.rows(lambda at, position, row: _tool(at, position, row, standing))
        written = {tool_id for wrote in at.touched.values() for tool_id in wrote}
        after = tool_cells(at.session, scope, sorted(written))
        tell(at, before, after, "tool")
        return at.finish()


def _tool(at: Desk, position: int, row: RecordRow, standing: _Standing) -> bool:
    values = row.values
    before = at.journal.touched
    vendor_name = str(values.get("vendor") or "").strip()
    vendor = at.vendor(vendor_name) if vendor_name else None
    tool = _known(at, row, vendor.id if vendor else None)
    facts: dict[str, Any] = {}
    for name in ("types", "capabilities"):
        if name in values:
            ids, whole = ids_of(at, position, row, name)
            if whole or tool is None:  # an unknown name says nothing about the others the tool has
                facts[name] = ids
    if "unit" in values:
        names = exported_parts(values["unit"]) if values.get("id") else _units(at, values["unit"])
        found = [at.unit_id(name, position, row.cells.get("unit")) for name in names]
        facts["units"] = [unit_id for unit_id in found if unit_id is not None]
    on = at.today
    if tool is None:
        people = _people(at, position, row, {})
        tool = _create(at, position, row, vendor.id if vendor else None, facts)
        for part, person_id in people.items():
            if person_id is not None:
                set_person(at.session, tool.id, part, person_id, on=on, first=True)
        if values.get("notes"):
            tool.notes = str(values["notes"])
    else:
        now = standing.rows.get(tool.id)
        held = {
            part: holder[0]
            for part, holder in ((OWNER, now and now.owner), (BUDGET_HOLDER, now and now.budget_holder))
            if holder
        }
        _update(at, position, tool, row, vendor.id if vendor else None, facts, now)
        for part, person_id in _people(at, position, row, held).items():
            if person_id != held.get(part):
                set_person(at.session, tool.id, part, person_id, on=on)
    _terms(at, position, tool, row)
    at.session.flush()
    changed = at.journal.touched > before
    seen = str(values.get("seen") or "").strip()
    if changed and seen and standing.prints.get(tool.id, seen) != seen:
        raise InvalidError(
            f"{tool.name} was changed here after this file was exported, so the row was not taken. Export again, or "
            "empty its cell “Seen” to let the row win.",
            "seen",
        )
    if changed:
        at.touched[position][tool.id] = (row.row, row.cells)
    return changed


def _people(at: Desk, position: int, row: RecordRow, held: Mapping[str, int]) -> dict[str, int | None]:
    """Owner and budget holder as the row gives them: an emptied cell is nobody, who cannot stand is left out."""
    found: dict[str, int | None] = {}
    for name, part in (("owner", OWNER), ("budget_holder", BUDGET_HOLDER)):
        if name not in row.values:
            continue
        text = str(row.values[name] or "").strip()
        person_id = (
            at.keepers.named(text, position, row.cells.get(name), held_by=held.get(part)) if text else None
        )
        if person_id is not None or not text:
            found[part] = person_id
    return found


def _known(at: Desk, row: RecordRow, vendor_id: int | None) -> Tool | None:
    ident = row.values.get("id")
    if ident not in (None, ""):
        try:
            tool = at.session.get(Tool, int(str(ident)))
        except ValueError:
            tool = None
        if tool is None:
            raise NotFoundError(f"There is no tool with the id {ident}.")
        return tool
    return at.tool(str(row.values["tool"]), vendor_id=vendor_id)


def _create(at: Desk, position: int, row: RecordRow, vendor_id: int | None, facts: dict[str, Any]) -> Tool:
    values = row.values
    name = str(values["tool"])
    known = catalogued(at, name)
    taken = (
        known is not None and at.session.scalars(select(Tool.id).where(Tool.catalogue_id == known.id)).first()
    )
    category = category_of(at, position, row, facts, known)
    if vendor_id is None and known is not None and not taken:
        vendor_id = vendor_from_catalogue(at.session, known.vendor_id).id
    return create_tool(
        at.session,
        name=name,
        category=category,
        on=at.today,
        vendor_id=vendor_id,
        status=values.get("status") or "active",
        types=facts.get("types") or (known.types if known else ()),
        capabilities=facts.get("capabilities") or (known.capabilities if known else ()),
        unit_ids=facts.get("units", ()),
        site=values.get("site") or (known.site if known else None),
        description=values.get("description") or "",
        licence_metric=values.get("licence_metric") or (known.licence_metric.value if known else None),
        catalogue_id=known.id if known is not None and not taken else None,
    )


def _update(
    at: Desk,
    position: int,
    tool: Tool,
    row: RecordRow,
    vendor_id: int | None,
    facts: dict[str, Any],
    now: ToolRow | None,
) -> None:
    values = row.values
    changes: dict[str, Any] = {}
    if values.get("id") not in (None, "") and values.get("tool"):
        changes["name"] = values["tool"]
    for name in ("description", "notes"):
        if name in values:
            changes[name] = str(values[name] or "")
    for name in ("site", "licence_metric"):
        if name in values:
            changes[name] = values[name]
    if vendor_id is not None or ("vendor" in values and values.get("id")):
        changes["vendor_id"] = vendor_id
    said = str(values.get("category") or "").strip()
    category = category_by_label(said)
    if category is not None:
        changes["category"] = category.value
    elif said and type_by_label(said) is None and told_category(at, position, said) != tool.category:
        message = f"“{said}” is none of the four categories ({four()}); the tool keeps its own."
        at.problem(NAME_UNKNOWN, message, position, row.cells.get("category"))
    if changes:
        edit_tool(at.session, tool.id, tool.version, changes)
    if values.get("status") and values["status"] != (now.status if now else tool.status):
        set_status(at.session, tool.id, tool.version, values["status"], on=at.today, today=at.today)
    if "types" in facts and (now is None or set(facts["types"]) != set(now.types)):
        set_types(at.session, tool.id, facts["types"])
    if "capabilities" in facts and (now is None or set(facts["capabilities"]) != set(now.capabilities)):
        used = used_of(at.session, tool.id, at.today)
        owned = {each: used.get(each) for each in facts["capabilities"]}
        set_capabilities(at.session, tool.id, owned, on=at.today)
    if "units" in facts and (now is None or set(facts["units"]) != {unit_id for unit_id, _ in now.units}):
        set_units(at.session, tool.id, facts["units"], on=at.today)


def _units(at: Desk, value: object) -> list[str]:
    """Units of a cell: by semicolons and commas; by strokes too where that leaves only units we know."""
    found = []
    for text in listed(value):
        parts = [part.strip() for part in text.split("/") if part.strip()]
        apart = at.units.named(text) is None and all(at.units.named(part) is not None for part in parts)
        found.extend(parts if apart else [text])
    return found


def _terms(at: Desk, position: int, tool: Tool, row: RecordRow) -> None:
    """Seats and yearly cost of a plain inventory list stand as one contract line, until a contract file says more."""
    values = row.values
    cost, seats = values.get("yearly_cost"), values.get("seats")
    currency = at.currency(row, position)
    minor = at.money(position, cost, currency) if isinstance(cost, Decimal) else None
    if minor is None and seats is None and values.get("renewal") is None:
        return
    line = at.session.scalars(
        select(ContractLine)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .where(
            ContractLine.tool_id == tool.id, ContractLine.retired_on.is_(None), Contract.retired_on.is_(None)
        )
        .order_by(ContractLine.id)
    ).first()
    quantity = None if seats is None else int(Decimal(str(seats)) * _SEAT)
    if line is not None:
        if line.import_id is None or not line.description.startswith("From the inventory list"):
            return  # a contract says what is bought; a list does not overrule it
        if (quantity, minor) != (line.quantity_micro, line.amount_minor):
            line.quantity_micro, line.amount_minor = quantity, minor
        return
    if tool.vendor_id is None:
        tool.vendor_id = at.vendor(tool.name).id
        at.session.flush()
    renewal = values.get("renewal")
    contract = create_contract(
        at.session,
        vendor_id=tool.vendor_id,
        title=f"{tool.name} (from the inventory list)",
        currency=currency,
        start_on=values.get("start")
        if renewal is None or (values.get("start") or renewal) <= renewal
        else None,
        end_on=renewal,
        end_kind=EndKind.RENEWAL_DATE.value if renewal else EndKind.UNKNOWN.value,
    )
    contract.import_id, contract.origin_cell = at.work.record.id, row.cells.get("tool")
    line = add_line(
        at.session,
        contract.id,
        tool_id=tool.id,
        description="From the inventory list",
        licence_metric=tool.licence_metric,
        quantity_micro=quantity,
        amount_minor=minor,
    )
    line.import_id = at.work.record.id
    line.origin_cell = row.cells.get("yearly_cost") or row.cells.get("seats")
