"""Gathers how complete the facts of each tool and the ledger's money are."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.merges import heads
from mopsaudit.facts.snapshots import snapshots_until
from mopsaudit.facts.tools import capabilities_at, tools_at
from mopsaudit.reports.quality.facts import Facts
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessCase, CaseStatus, Person


def gather(session: Session, scope: Scope) -> Facts:
    """The facts of all running tools of the scope; the number of queries does not grow with them."""
    tools = tuple(tool for tool in tools_at(session, scope) if tool.running)
    lines = running_lines(session, scope)
    by_tool, shared = tool_lines(lines, tools, scope)
    merged = heads(session)
    cases = session.execute(
        select(BusinessCase.tool_id)
        .where(
            BusinessCase.tool_id.is_not(None),
            BusinessCase.status.in_((CaseStatus.APPROVED, CaseStatus.CLOSED)),
        )
        .distinct()
        .order_by(BusinessCase.tool_id)
    )
    return Facts(
        scope=scope,
        tools=tools,
        costs=yearly_costs(session, scope, tools=tools),
        contracted=frozenset(by_tool) | shared,
        capable=frozenset(each.tool_id for each in capabilities_at(session, scope)),
        with_case=frozenset(merged.tool(tool_id) for (tool_id,) in cases if tool_id is not None),
        usage_on={tool_id: found[-1].as_of for tool_id, found in snapshots_until(session, scope).items()},
        gone=frozenset(
            session.scalars(
                select(Person.id)
                .where(or_(Person.left_on <= scope.as_of, Person.erased_at.is_not(None)))
                .order_by(Person.id)
            )
        ),
        ledger=ledger_coverage(session, scope),
    )
