"""When tools come and go: the dated statuses as changes between two days, planned ones included."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.inventory.tools import in_scope
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool, ToolState
from mopsaudit.words import ToolStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A tool's status from a day on; ``before`` is None where nothing was known until then."""

    day: date
    tool_id: int
    name: str
    before: str | None
    after: str

    @property
    def goes(self) -> bool:
        """Whether the tool leaves the stack."""
        return self.after == ToolStatus.RETIRED

    @property
    def comes(self) -> bool:
        """Whether the tool enters the stack."""
        return not self.goes and self.before in (None, ToolStatus.RETIRED)


def status_changes(session: Session, scope: Scope, since: date, until: date) -> tuple[StatusChange, ...]:
    """Changes of living tools' statuses with ``since < day <= until``, by day and name."""
    merged = heads(session)
    rows = session.execute(
        select(ToolState.tool_id, Tool.name, ToolState.status, ToolState.valid_from)
        .join(Tool, Tool.id == ToolState.tool_id)
        .where(Tool.merged_into_id.is_(None), in_scope(scope))
        .order_by(ToolState.tool_id, ToolState.valid_from.is_not(None), ToolState.valid_from, ToolState.id)
    ).all()
    found = []
    last: dict[int, str] = {}
    for tool_id, name, status, start in rows:
        before = last.get(merged.tool(tool_id))
        if start is not None and since < start <= until and status != before:
            found.append(StatusChange(day=start, tool_id=tool_id, name=name, before=before, after=status))
        last[merged.tool(tool_id)] = status
    return tuple(sorted(found, key=lambda each: (each.day, each.name.casefold(), each.tool_id)))
