"""Gathers the stack as it stood, or is planned to stand, on a day."""

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.tools import capabilities_at, tools_at, unit_names
from mopsaudit.reports.stack.facts import Facts
from mopsaudit.scope import Scope
from mopsaudit.words import ToolStatus


def gather(session: Session, scope: Scope) -> Facts:
    """The facts of all tools of the scope; the number of queries does not grow with them."""
    everything = tools_at(session, scope)
    tools = tuple(tool for tool in everything if tool.status != ToolStatus.RETIRED)
    running = {tool.id for tool in tools if tool.running}
    lines = running_lines(session, scope)
    by_tool, _ = tool_lines(lines, tools, scope)
    suppliers: dict[str, list[int]] = {}
    for each in capabilities_at(session, scope):
        if each.tool_id in running and each.halves != 0:
            suppliers.setdefault(each.capability_id, []).append(each.tool_id)
    alone: dict[int, int] = {}
    for found in suppliers.values():
        if len(found) == 1:
            alone[found[0]] = alone.get(found[0], 0) + 1
    words = taxonomy()
    due = {
        tool_id: min(line.send_by for line in found if line.send_by)
        for tool_id, found in by_tool.items()
        if any(line.send_by for line in found)
    }
    return Facts(
        scope=scope,
        tools=tools,
        retired=len(everything) - len(tools),
        costs=yearly_costs(session, scope, tools=tools),
        categories={each.id.value: each.name for each in words.categories},
        types={each.id: (each.name, each.category.value) for each in words.types},
        units=unit_names(session, scope),
        send_by=due,
        alone=alone,
    )
