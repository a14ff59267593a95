"""The list of tools: owner, cost, use and findings of each in one row."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from blueprints import choices, positions
from mopsaudit.facts.reading import answer
from mopsaudit.inventory import listing
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.scope import Scope

COLUMNS: Final = (
    Column(key="name", label="Tool", kind=ValueKind.REF, primary=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF),
    Column(key="category", label="Category"),
    Column(key="status", label="Status"),
    Column(key="owner", label="Owner"),
    Column(key="cost", label="Yearly cost", kind=ValueKind.MONEY, summed=True),
    Column(key="use", label="Seats in use", kind=ValueKind.RATIO),
    Column(key="marks", label="Findings"),
    Column(key="types", label="Technology types", wide=True),
    Column(key="units", label="Units", wide=True),
    Column(key="budget_holder", label="Budget holder", wide=True),
    Column(key="metric", label="Licence", wide=True),
    Column(key="capabilities", label="Capabilities", kind=ValueKind.NUMBER, wide=True),
    Column(key="contracts", label="Contracts", kind=ValueKind.NUMBER, wide=True),
)


def kept_rows(session: Session, scope: Scope) -> tuple[tuple[Row, ...], str]:
    """The rows of every tool of a scope and the sentence above them, kept while nothing changes."""

    def work() -> tuple[tuple[Row, ...], str]:
        listed = listing.list_tools(session, scope)
        names, known = choices.names(), positions.of_tools(session, scope)
        living = [row for row in listed if row.status != "retired"]
        return tuple(tool_row(row, names, known) for row in listed), list_answer(living)

    return answer(session, ("tool-rows", scope), work, alone=True)


def tool_row(tool: listing.ToolRow, names: dict[str, str], known: Mapping[int, positions.Known]) -> Row:
    """A tool with what the reports know of it; a retired one has no run rate."""
    of_it = known.get(tool.id)
    return Row(
        id=str(tool.id),
        opens=Ref(kind="tool", id=tool.id, label=tool.name),
        category=tool.category,
        values={
            "name": Ref(kind="tool", id=tool.id, label=tool.name),
            "vendor": Ref(kind="vendor", id=tool.vendor_id, label=tool.vendor or "")
            if tool.vendor_id
            else None,
            "category": names[tool.category],
            "types": ", ".join(names.get(each, each) for each in tool.types) or None,
            "status": tool.status,
            "units": ", ".join(name for _, name in tool.units) or None,
            "owner": tool.owner[1] if tool.owner else None,
            "budget_holder": tool.budget_holder[1] if tool.budget_holder else None,
            "metric": tool.licence_metric.replace("_", " ") if tool.licence_metric else None,
            "capabilities": len(tool.capabilities),
            "contracts": tool.contracts,
            "cost": of_it.cost if of_it else None,
            "use": of_it.use if of_it else None,
            "marks": of_it.marks if of_it else None,
        },
    )


def list_answer(rows: list[listing.ToolRow]) -> str:
    """How many tools there are and what is missing of them, in a sentence."""
    if not rows:
        return (
            "The inventory is empty: add what you know, or import a spend file and let the catalogue propose."
        )
    ownerless = sum(1 for row in rows if row.owner is None)
    unpaid = sum(1 for row in rows if row.contracts == 0)
    text = f"{len(rows):,} tool{'s' if len(rows) != 1 else ''} in use or planned"
    gaps = []
    if ownerless:
        gaps.append(f"{ownerless:,} without an owner")
    if unpaid:
        gaps.append(f"{unpaid:,} without a contract on record")
    return (
        f"{text}; {' and '.join(gaps)}." if gaps else f"{text}; each has an owner and a contract on record."
    )
