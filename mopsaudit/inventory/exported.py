"""The inventory as the cells of an exported file, by the fields of the import that reads them back.

One account of what a cell says serves the export, the comparison of an edited row with what stands, and the preview of
what a file would change. Lists are separated by semicolons; people stand by their e-mail address (:class:`Holder`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.inventory.contracts import in_scope
from mopsaudit.inventory.fingerprints import texts_of
from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.tools import BUDGET_HOLDER, OWNER, people_of
from mopsaudit.money import from_minor
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, ContractLine, Tool, Vendor
from mopsaudit.store.people import BusinessUnit, LegalEntity, Person
from mopsaudit.words import EndKind, RenewalKind

_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a cell: compared by id, written as the address, else the name."""

    id: int
    text: str


Cell = str | int | Decimal | date | bool | Holder | None
Cells = dict[str, Cell]
#: A contract and one of its lines; None for a contract without a line.
Place = tuple[int, int | None]

_EVERY: Final = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
_END_WORDS: Final = {EndKind.LAST_DAY.value: "last day", EndKind.RENEWAL_DATE.value: "renewal date"}


def tool_cells(session: Session, scope: Scope, ids: Sequence[int] | None = None) -> dict[int, Cells]:
    """The tools of the scope by id, in the order of their names: what the export writes of each."""
    names = {category.id.value: category.name for category in taxonomy().categories}
    types = {each.id: each.name for each in taxonomy().types}
    capabilities = {each.id: each.name for each in taxonomy().capabilities}
    tools = list_tools(session, scope, ids=ids)
    every = [tool.id for tool in tools]
    people = people_of(session, every, scope.as_of)
    texts = texts_of(session, every)
    found: dict[int, Cells] = {}
    for tool in tools:
        parts = people.get(tool.id, {})
        description, notes = texts.get(tool.id, ("", ""))
        found[tool.id] = {
            "tool": tool.name,
            "vendor": tool.vendor,
            "category": names[tool.category],
            "types": "; ".join(types.get(each, each) for each in tool.types) or None,
            "capabilities": "; ".join(capabilities.get(each, each) for each in tool.capabilities) or None,
            "status": tool.status,
            "unit": "; ".join(name for _, name in tool.units) or None,
            "owner": _holder(parts.get(OWNER)),
            "budget_holder": _holder(parts.get(BUDGET_HOLDER)),
            "licence_metric": tool.licence_metric,
            "site": tool.site,
            "description": description or None,
            "notes": notes or None,
        }
    return found


def contract_cells(
    session: Session, scope: Scope, contract_ids: Sequence[int] | None = None
) -> dict[Place, Cells]:
    """The living contracts of the scope by line, a contract without one by itself: what the export writes of each.

    Terms of a contract stand in each row of its lines. ``amount`` is in units of the contract's currency over
    ``amount_months``.
    """
    query = (
        select(Contract, Vendor.name, Person, BusinessUnit.name, LegalEntity.code)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .outerjoin(Person, Person.id == Contract.owner_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == Contract.unit_id)
        .outerjoin(LegalEntity, LegalEntity.id == Contract.entity_id)
        .where(Contract.retired_on.is_(None), in_scope(scope))
        .order_by(Vendor.name, Contract.id)
    )
    if contract_ids is not None:
        query = query.where(Contract.id.in_(sorted(contract_ids)))
    rows = session.execute(query).all()
    lines: dict[int, list[tuple[ContractLine, str | None]]] = {}
    held = session.execute(
        select(ContractLine, Tool.name)
        .outerjoin(Tool, Tool.id == ContractLine.tool_id)
        .where(
            ContractLine.contract_id.in_([contract.id for contract, *_ in rows]),
            ContractLine.retired_on.is_(None),
        )
        .order_by(ContractLine.id)
    )
    for line, tool in held:
        lines.setdefault(line.contract_id, []).append((line, tool))
    found: dict[Place, Cells] = {}
    for contract, vendor, owner, unit, entity in rows:  # the last three may be missing
        terms = _terms(contract) | {
            "vendor": vendor,
            "owner": _holder(owner),
            "unit": unit,
            "entity": entity,
        }
        for line, product in lines.get(contract.id, ()):
            found[contract.id, line.id] = terms | _line(line, product, contract.currency)
        if contract.id not in lines:
            found[contract.id, None] = terms | dict.fromkeys(LINE_FIELDS)
    return found


#: Fields that belong to a line; all others of a row are terms of its contract.
LINE_FIELDS: Final = (
    *("tool", "sku", "licence_metric", "quantity", "amount", "amount_months"),
    *("pack_size", "minimum", "reducible"),
)


def _terms(contract: Contract) -> Cells:
    return {
        "reference": contract.reference,
        "currency": contract.currency,
        "start": contract.start_on,
        "end": contract.end_on,
        "end_kind": _END_WORDS.get(contract.end_kind),
        "initial_months": contract.initial_months,
        "renewal_months": contract.renewal_months,
        "auto_renew": None
        if contract.renewal_kind == RenewalKind.UNKNOWN
        else contract.renewal_kind == RenewalKind.AUTOMATIC,
        "notice": None
        if contract.notice_count is None
        else f"{contract.notice_count} {contract.notice_unit}",
        "delivery_days": contract.delivery_days,
        "escalator": escalator_text(contract),
        "billing": _billing(contract.billing_months),
        "notes": contract.notes or None,
    }


def _line(line: ContractLine, tool: str | None, currency: str) -> Cells:
    return {
        "tool": tool,
        "sku": line.sku,
        "licence_metric": line.licence_metric,
        "quantity": None if line.quantity_micro is None else _plain(Decimal(line.quantity_micro) / _MILLION),
        "amount": None if line.amount_minor is None else from_minor(line.amount_minor, currency),
        "amount_months": line.amount_months,
        "pack_size": line.pack_size,
        "minimum": line.minimum,
        "reducible": line.reducible,
    }


def escalator_text(contract: Contract) -> str | None:
    """The yearly increase in the words the import reads: ``5 %``, ``cap 3 %``, ``CPI + 2 %``, ``list price``."""
    percent = f"{_plain(Decimal(contract.escalator_ppm or 0) / 10_000):f} %"
    match contract.escalator_kind:
        case "fixed":
            return percent if contract.escalator_ppm is not None else None
        case "cap":
            return f"cap {percent}" if contract.escalator_ppm is not None else "cap"
        case "index":
            return contract.escalator_index or "index"
        case "list":
            return "list price"
    return None


def _billing(months: int | None) -> str | None:
    return None if months is None else _EVERY.get(months, f"every {months} months")


def _plain(number: Decimal) -> Decimal:
    """Without trailing zeros, never in powers of ten."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _holder(person: Person | None) -> Holder | None:
    return None if person is None else Holder(person.id, person.email or person.name)


def written(cell: Cell) -> str | int | Decimal | date | None:
    """A cell as a spreadsheet holds it."""
    match cell:
        case Holder():
            return cell.text
        case bool():
            return "yes" if cell else "no"
        case _:
            return cell


def says(cell: Cell) -> str:
    """A cell as text to compare by: what a person typed is equal where it reads alike."""
    shown = written(cell)
    if isinstance(shown, Decimal):
        return f"{_plain(shown):f}"
    if isinstance(shown, date):
        return shown.isoformat()
    return " ".join(str(shown if shown is not None else "").split()).casefold()


def print_of(cells: Mapping[str, Cell]) -> str:
    """A short digest of all cells of a row: what was known when it was exported (*Seen*)."""
    facts = [
        (key, f"person {cell.id}" if isinstance(cell, Holder) else says(cell))
        for key, cell in sorted(cells.items())
    ]
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def record_key(place: Place) -> str:
    """How a row names its contract and line: ``C12-L34``, or ``C12``."""
    return f"C{place[0]}" + ("" if place[1] is None else f"-L{place[1]}")
