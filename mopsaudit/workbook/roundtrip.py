"""The inventory as workbooks people edit and import again: a row per tool or contract line, known headings.

A tool is found again by its id, else by name and vendor; a contract line by *Our record*, else by vendor and contract.
An omitted column is untouched, an emptied cell clears. *Seen* holds a digest of the facts, so that a row does not undo
what somebody else changed meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from mopsaudit.inventory.exported import Cell, contract_cells, print_of, record_key, tool_cells, written
from mopsaudit.inventory.fingerprints import fingerprints
from mopsaudit.scope import Scope
from mopsaudit.workbook.cells import Head
from mopsaudit.workbook.writer import Book

#: Heading → field, in the order of the columns.
COLUMNS: Final = {
    "Tool": "tool",
    "Vendor": "vendor",
    "Category": "category",
    "Technology types": "types",
    "Capabilities": "capabilities",
    "Status": "status",
    "Business units": "unit",
    "Business owner": "owner",
    "Budget holder": "budget_holder",
    "Licence metric": "licence_metric",
    "Web site": "site",
    "Description": "description",
    "Notes": "notes",
}
HEADS: Final = ("Id", *COLUMNS, "Seen")
#: The same of contracts: a row per line, the terms of its contract in each.
CONTRACT_COLUMNS: Final = {
    "Vendor": "vendor",
    "Contract": "reference",
    "Tool": "tool",
    "SKU": "sku",
    "Licence metric": "licence_metric",
    "Quantity": "quantity",
    "Amount": "amount",
    "Amount covers (months)": "amount_months",
    "Currency": "currency",
    "Start": "start",
    "End": "end",
    "End means": "end_kind",
    "Initial term (months)": "initial_months",
    "Renewal term (months)": "renewal_months",
    "Renews by itself": "auto_renew",
    "Notice period": "notice",
    "Delivery days": "delivery_days",
    "Price increase": "escalator",
    "Pack size": "pack_size",
    "Minimum": "minimum",
    "Reducible": "reducible",
    "Billing": "billing",
    "Owner": "owner",
    "Business unit": "unit",
    "Legal entity": "entity",
    "Notes": "notes",
}
CONTRACT_HEADS: Final = ("Our record", *CONTRACT_COLUMNS, "Seen")
_WIDTHS: Final = {"Capabilities": 60.0, "Technology types": 40.0, "Description": 40.0, "Notes": 40.0}


def write_inventory(session: Session, scope: Scope, target: Path | BinaryIO, *, created: datetime) -> int:
    """Write the scope's tools for editing; how many."""
    tools = tool_cells(session, scope)
    prints = fingerprints(session, scope, tuple(tools))
    rows = [[tool_id, *_row(cells, COLUMNS), prints[tool_id]] for tool_id, cells in tools.items()]
    _write(target, "Inventory", HEADS, rows, scope, created)
    return len(rows)


def write_contracts(session: Session, scope: Scope, target: Path | BinaryIO, *, created: datetime) -> int:
    """Write the scope's contracts for editing, a row per line; how many rows."""
    rows = [
        [record_key(place), *_row(cells, CONTRACT_COLUMNS), print_of(cells)]
        for place, cells in contract_cells(session, scope).items()
    ]
    _write(target, "Contracts", CONTRACT_HEADS, rows, scope, created)
    return len(rows)


def _row(cells: Mapping[str, Cell], columns: Mapping[str, str]) -> list[object]:
    return [written(cells.get(key)) for key in columns.values()]


def _write(
    target: Path | BinaryIO,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    scope: Scope,
    created: datetime,
) -> None:
    with Book(target, created=created, title=title, footer=f"as of {scope.as_of.isoformat()}") as book:
        book.sheet(title).table([Head(label=label, width=_WIDTHS.get(label)) for label in heads], rows)
