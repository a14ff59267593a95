"""Gathers what the coverage report rests on."""

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.tools import capabilities_at, tools_at
from mopsaudit.reports.coverage.facts import CapabilityWord, Facts
from mopsaudit.scope import Scope


def gather(session: Session, scope: Scope) -> Facts:
    """The facts of all running tools of the scope; the number of queries does not grow with them."""
    tools = tuple(tool for tool in tools_at(session, scope) if tool.running)
    running = {tool.id for tool in tools}
    lines = running_lines(session, scope)
    by_tool, _ = tool_lines(lines, tools, scope)
    words = taxonomy()
    category_of = {each.id: each.category.value for each in words.types}
    owned = tuple(each for each in capabilities_at(session, scope) if each.tool_id in running)
    extra = sorted({each.capability_id for each in owned} - {each.id for each in words.capabilities})
    return Facts(
        scope=scope,
        tools=tools,
        owned=owned,
        capabilities=(
            *(
                CapabilityWord(
                    id=each.id,
                    name=each.name,
                    type_id=each.type_id,
                    category=category_of[each.type_id],
                    roles=each.roles,
                )
                for each in words.capabilities
            ),
            *(CapabilityWord(id=each, name=each, type_id="", category="", roles=()) for each in extra),
        ),
        categories=tuple((each.id.value, each.name) for each in words.categories),
        types=tuple((each.id, each.name, each.category.value) for each in words.types),
        roles=tuple((each.id, each.name) for each in words.roles),
        costs=yearly_costs(session, scope, tools=tools),
        renews_on={
            tool_id: min(line.renews_on for line in found if line.renews_on)
            for tool_id, found in by_tool.items()
            if any(line.renews_on for line in found)
        },
    )
