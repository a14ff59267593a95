"""The inventory as a workbook people edit and import again: one row per tool, headings the importer knows.

A row is found again by its id, else by name and vendor; an omitted column is untouched, an emptied cell clears. *Seen*
holds a digest of the tool's facts, so that a row does not undo what somebody else changed meanwhile.
"""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.inventory.fingerprints import fingerprints, texts_of
from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.tools import BUDGET_HOLDER, OWNER, people_of
from mopsaudit.scope import Scope
from mopsaudit.workbook.cells import Head
from mopsaudit.workbook.writer import Book

HEADS: Final = (
    "Id",
    "Tool",
    "Vendor",
    "Category",
    "Technology types",
    "Capabilities",
    "Status",
    "Business units",
    "Business owner",
    "Budget holder",
    "Licence metric",
    "Web site",
    "Description",
    "Notes",
    "Seen",
)


def write_inventory(session: Session, scope: Scope, target: Path | BinaryIO, *, created: datetime) -> int:
    """Write the scope's tools for editing; how many. Lists within a cell are separated by semicolons."""
    names = {category.id.value: category.name for category in taxonomy().categories}
    types = {each.id: each.name for each in taxonomy().types}
    capabilities = {each.id: each.name for each in taxonomy().capabilities}
    tools = list_tools(session, scope)
    ids = [tool.id for tool in tools]
    people = people_of(session, ids, scope.as_of)
    prints = fingerprints(session, scope, ids)
    texts = texts_of(session, ids)
    rows: list[list[object]] = []
    for tool in tools:
        parts = people.get(tool.id, {})
        owner, holder = parts.get(OWNER), parts.get(BUDGET_HOLDER)
        rows.append(
            [
                tool.id,
                tool.name,
                tool.vendor,
                names[tool.category],
                "; ".join(types.get(each, each) for each in tool.types),
                "; ".join(capabilities.get(each, each) for each in tool.capabilities),
                tool.status,
                "; ".join(name for _, name in tool.units),
                owner.email if owner else None,
                holder.email if holder else None,
                tool.licence_metric,
                tool.site,
                *texts.get(tool.id, ("", "")),
                prints[tool.id],
            ]
        )
    with Book(target, created=created, title="Inventory", footer=f"as of {scope.as_of.isoformat()}") as book:
        sheet = book.sheet("Inventory")
        widths = {"Capabilities": 60.0, "Technology types": 40.0, "Description": 40.0, "Notes": 40.0}
        sheet.table([Head(label=label, width=widths.get(label)) for label in HEADS], rows)
    return len(rows)
