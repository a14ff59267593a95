"""What became of one row of an import that was undone."""

from dataclasses import dataclass
from typing import Any

REVERSED, KEPT, COULD_NOT = "reversed", "kept", "could_not"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoItem:
    """What became of one row of the import. ``why`` says it for a row that was not reversed."""

    outcome: str
    what: str
    why: str = ""
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None

    def to_json(self) -> dict[str, Any]:
        """One of the ``items`` of ``imports undo --json``."""
        return {
            "outcome": self.outcome,
            "what": self.what,
            "why": self.why,
            "sheet": self.sheet,
            "row": self.row,
            "cell": self.cell,
        }
