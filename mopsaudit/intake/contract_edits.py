"""A row of an exported list of contracts: what its cells say otherwise than the record, and nothing else, is changed.

The row names its record (``C12-L34``). A cell that says what stood when the import began is not an edit, also where
another row of the same contract has changed the term meanwhile; an emptied cell clears; an omitted column is untouched.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.records import Desk
from mopsaudit.inventory.contracts import add_line, edit_contract, edit_line
from mopsaudit.inventory.exported import LINE_FIELDS, Cells, Place, contract_cells, print_of, says
from mopsaudit.organisation import scope_for
from mopsaudit.store.inventory import Contract, ContractLine
from mopsaudit.words import EndKind, RenewalKind

_RECORD: Final = re.compile(r"C(\d{1,15})(?:-L(\d{1,15}))?", re.IGNORECASE)
_UNIT: Final = 1_000_000
#: Cells that may not be emptied, and why.
_KEPT: Final = {
    "vendor": "A contract needs a vendor.",
    "currency": "A contract needs a currency.",
    "amount_months": "Say how many months the amount covers.",
    "reducible": "Say yes or no.",
}
_TERM_COLUMNS: Final = {
    "reference": "reference",
    "currency": "currency",
    "start": "start_on",
    "end": "end_on",
    "initial_months": "initial_months",
    "renewal_months": "renewal_months",
    "delivery_days": "delivery_days",
    "notes": "notes",
}

Words = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class Standing:
    """The contracts as they stood when the import began, and what rows have changed of their terms since."""

    cells: Mapping[Place, Cells]
    said: dict[tuple[int, str], str] = field(default_factory=dict)


def standing(at: Desk) -> Standing:
    """What the import may edit: the contracts of its unit and its sub-tree, all where it has none."""
    scope = scope_for(at.session, as_of=at.today, unit=at.work.record.unit_id)
    return Standing(contract_cells(at.session, scope))


def named_place(row: RecordRow, known: Standing) -> Place:
    """The contract and line the row names.

    Raises:
        NotFoundError: for text that is no record of ours, and for one that is missing or of another unit alike.
    """
    text = str(row.values["id"]).strip()
    match = _RECORD.fullmatch(text)
    place = (int(match[1]), int(match[2]) if match[2] else None) if match else None
    if place is None or place not in known.cells:
        raise NotFoundError(
            f"There is no contract line “{text[:40]}”; empty the cell to enter the row as new."
        )
    return place


def edit_row(at: Desk, position: int, row: RecordRow, known: Standing, escalator_of: Words) -> bool:
    """Apply what the row says otherwise; whether it changed anything.

    Raises:
        InvalidError: a cell that cannot be, two rows that say different things of one contract, or a record somebody
            changed since the export (*Seen*).
        NotFoundError: for an unknown record or person.
    """
    place = named_place(row, known)
    cells = known.cells[place]
    edited = {
        name: row.values.get(name)
        for name in cells
        if name in row.cells and name != "billing" and _reads(name, row) != says(cells[name])
    }
    if "billing" in row.cells and _billing_differs(row, cells):
        edited["billing"] = row.values.get("billing_months")
    if not edited:
        return False
    seen = str(row.values.get("seen") or "").strip()
    if seen and seen != print_of(cells):
        raise InvalidError(
            "This contract was changed here after the file was exported, so the row was not taken. Export again, or "
            "empty its cell “Seen” to let the row win.",
            "seen",
        )
    for name, why in _KEPT.items():
        if name in edited and edited[name] in (None, ""):
            raise InvalidError(why, name)
    terms = {name: value for name, value in edited.items() if name not in LINE_FIELDS}
    for name, value in terms.items():
        told = known.said.setdefault((place[0], name), says(value))
        if told != says(value):
            raise InvalidError("Another row says something else of the same contract; make them agree.", name)
    contract = at.session.get_one(Contract, place[0])
    if terms:
        edit_contract(
            at.session, contract.id, contract.version, _terms(at, position, row, terms, escalator_of)
        )
    line = {name: value for name, value in edited.items() if name in LINE_FIELDS}
    if line:
        _edit_line(at, position, row, contract, place[1], line)
    return True


def _reads(name: str, row: RecordRow) -> str:
    """A cell as text: the reader takes a notice period apart and an end's kind for its key; the export has words."""
    value = row.values.get(name)
    if name == "notice" and value is not None:
        value = f"{value} {row.values.get('notice_unit') or 'days'}"
    return says(value.replace("_", " ") if name == "end_kind" and isinstance(value, str) else value)


def _billing_differs(row: RecordRow, cells: Cells) -> bool:
    months = row.values.get("billing_months")
    standing_text = says(cells["billing"])
    return says(_rhythm(months)) != standing_text


def _rhythm(months: Any) -> str | None:
    words = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
    return None if months is None else words.get(int(months), f"every {months} months")


def _terms(
    at: Desk, position: int, row: RecordRow, edited: Mapping[str, Any], escalator_of: Words
) -> dict[str, Any]:
    """Edited terms as columns of the contract."""
    if "vendor" in edited:
        raise InvalidError("A contract stays with its vendor; enter a new one with the other.", "vendor")
    changes: dict[str, Any] = {}
    for name, value in edited.items():
        match name:
            case "end_kind":
                changes["end_kind"] = value or EndKind.UNKNOWN.value
            case "auto_renew":
                said = {None: RenewalKind.UNKNOWN, True: RenewalKind.AUTOMATIC, False: RenewalKind.EXPRESS}
                changes["renewal_kind"] = said[value].value
            case "escalator":
                changes |= _escalator(value, escalator_of)
            case "billing":
                changes["billing_months"] = value
            case "owner":
                owner = at.keepers.named(str(value), position, row.cells.get("owner")) if value else None
                if owner is not None or not value:
                    changes["owner_id"] = owner
            case "unit":
                changes["unit_id"] = _named(at, position, row, "unit", value, at.units.named)
            case "entity":
                changes["entity_id"] = _named(at, position, row, "entity", value, at.entities.named)
            case "notice":
                changes["notice_count"] = _whole(value, name)
                if value is not None:
                    changes["notice_unit"] = row.values.get("notice_unit") or "days"
            case "initial_months" | "renewal_months" | "delivery_days":
                changes[_TERM_COLUMNS[name]] = _whole(value, name)
            case "notes":
                changes["notes"] = str(value or "")
            case _:
                changes[_TERM_COLUMNS[name]] = value
    return changes


def _named(
    at: Desk, position: int, row: RecordRow, name: str, value: Any, find: Callable[[str], int | None]
) -> int | None:
    """The id of a unit or legal entity a cell names; None for an emptied one.

    Raises:
        InvalidError: for a name nobody knows.
    """
    if not value:
        return None
    found = find(str(value))
    if found is None:
        what = "business unit" if name == "unit" else "legal entity"
        raise InvalidError(f"There is no {what} “{value}”.", name)
    return found


def _escalator(value: Any, escalator_of: Words) -> dict[str, Any]:
    nothing = {
        "escalator_kind": "unknown",
        "escalator_ppm": None,
        "escalator_index": None,
        "escalator_margin_ppm": None,
    }
    if not value:
        return nothing
    found = escalator_of({"escalator": value})
    if not found:
        raise InvalidError(
            f"“{value}” is no yearly increase: write 5 %, CPI + 2 %, cap 3 % or list.", "escalator"
        )
    return nothing | found


def _edit_line(
    at: Desk,
    position: int,
    row: RecordRow,
    contract: Contract,
    line_id: int | None,
    edited: Mapping[str, Any],
) -> None:
    """Edited cells as columns of the line; a contract that had none gets one."""
    changes: dict[str, Any] = {}
    for name, value in edited.items():
        match name:
            case "tool":
                tool = at.tool(str(value)) if value else None
                if value and tool is None:
                    raise InvalidError(f"There is no tool “{value}”; add it first.", "tool")
                changes["tool_id"] = tool.id if tool else None
            case "quantity":
                changes["quantity_micro"] = None if value is None else int(Decimal(str(value)) * _UNIT)
            case "amount":
                changes["amount_minor"] = (
                    None if value is None else at.money(position, Decimal(str(value)), contract.currency)
                )
            case "amount_months" | "pack_size" | "minimum":
                changes[name] = _whole(value, name)
            case _:
                changes[name] = value
    if line_id is None:
        made = add_line(at.session, contract.id, **{k: v for k, v in changes.items() if v is not None})
        made.import_id = at.work.record.id
        made.origin_cell = row.cells.get("amount") or row.cells.get("quantity")
        return
    line = at.session.get_one(ContractLine, line_id)
    edit_line(at.session, line.id, line.version, changes)


def _whole(value: Any, name: str) -> int | None:
    if value in (None, ""):
        return None
    number = Decimal(str(value))
    if number != number.to_integral_value() or number < 0:
        raise InvalidError(f"{value} is not a whole number.", name)
    return int(number)
