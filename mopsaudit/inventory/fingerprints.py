"""What a tool's facts were when they were exported: a short digest that a file carries and an import compares.

Somebody who edits an exported list for a week must not undo what others changed meanwhile: a row whose tool has another
digest by now, and which would change it, is refused and says so.
"""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.tools import people_of
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool


def fingerprints(session: Session, scope: Scope, tool_ids: Sequence[int]) -> dict[int, str]:
    """The digest of each tool's own columns and of its dated facts on the scope's day, by tool id."""
    wanted = sorted(set(tool_ids))
    people = people_of(session, wanted, scope.as_of)
    texts = texts_of(session, wanted)
    return {
        row.id: _digest(
            row.name,
            row.vendor_id,
            row.category,
            sorted(row.types),
            sorted(row.capabilities),
            row.status,
            sorted(unit_id for unit_id, _ in row.units),
            sorted((part, person.id) for part, person in people.get(row.id, {}).items()),
            row.licence_metric,
            row.site,
            *texts.get(row.id, ("", "")),
        )
        for row in list_tools(session, scope, ids=wanted)
    }


def texts_of(session: Session, tool_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Description and notes of tools, by id."""
    return {
        tool_id: (description, notes)
        for tool_id, description, notes in session.execute(
            select(Tool.id, Tool.description, Tool.notes)
            .where(Tool.id.in_(sorted(tool_ids)))
            .order_by(Tool.id)
        )
    }


def _digest(*facts: object) -> str:
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
