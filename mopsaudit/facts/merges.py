"""Which tool a merged one counts on: the one place that follows ``merged_into_id`` to the end of the chain.

A merge moves no record (decision 0002). Whoever sums, lists or names by tool asks here for the head of the chain: in
Python through :func:`heads`, read once per question, or within a statement through :func:`merged_away`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import CTE, ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from mopsaudit.facts.reading import fetch, once
from mopsaudit.reporting import LineFilter
from mopsaudit.store.models import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Where merged tools count. ``of`` leads each merged tool to its head, ``vendors`` each head to its vendor."""

    of: Mapping[int, int] = field(default_factory=dict)
    vendors: Mapping[int, int | None] = field(default_factory=dict)

    def tool(self, tool_id: int) -> int:
        """The tool itself, or the head it was merged into."""
        return self.of.get(tool_id, tool_id)

    def tool_or_none(self, tool_id: int | None) -> int | None:
        """The same where no tool may be named."""
        return None if tool_id is None else self.of.get(tool_id, tool_id)

    def placed(self, tool_id: int | None, vendor_id: int | None) -> tuple[int | None, int | None]:
        """Tool and vendor of money booked on a tool: a merged one's money is its head's vendor's."""
        if tool_id is None or tool_id not in self.of:
            return tool_id, vendor_id
        head = self.of[tool_id]
        return head, self.vendors[head]

    def family(self, tool_ids: Iterable[int]) -> tuple[int, ...]:
        """The tools asked for and all that were merged into them, in order, each once."""
        asked = tuple(tool_ids)
        wanted = set(asked)
        return (*asked, *sorted(each for each, head in self.of.items() if head in wanted - {each}))

    def widened(self, wanted: LineFilter) -> LineFilter:
        """The filter with the lines of merged tools where it names their heads."""
        if not self.of or not wanted.tool_ids:
            return wanted
        return replace(wanted, tool_ids=self.family(wanted.tool_ids))


@once
def heads(session: Session) -> Heads:
    """The heads of all merged tools; one query, empty where nothing is merged."""
    into = aliased(Tool)
    rows = fetch(
        session,
        select(Tool.id, Tool.merged_into_id, into.merged_into_id, into.vendor_id)
        .join(into, into.id == Tool.merged_into_id)
        .order_by(Tool.id),
    )
    if not rows:
        return Heads()
    next_of = {tool_id: into_id for tool_id, into_id, _, _ in rows if into_id is not None}
    vendors = {into_id: vendor for _, into_id, further, vendor in rows if into_id and further is None}
    found: dict[int, int] = {}
    for tool_id in next_of:
        head = tool_id
        while head in next_of:
            head = next_of[head]
        found[tool_id] = head
    return Heads(of=found, vendors=vendors)


def _chains() -> CTE:
    """Every merged tool with the end of its chain."""
    step = (
        select(Tool.id.label("tool_id"), Tool.merged_into_id.label("head_id"))
        .where(Tool.merged_into_id.is_not(None))
        .cte("merge_step", recursive=True)
    )
    further, head = aliased(Tool), aliased(Tool)
    chain = step.union_all(
        select(step.c.tool_id, further.merged_into_id)
        .join(further, further.id == step.c.head_id)
        .where(further.merged_into_id.is_not(None))
    )
    return (
        select(chain.c.tool_id, chain.c.head_id)
        .join(head, head.id == chain.c.head_id)
        .where(head.merged_into_id.is_(None))
        .cte("merged_away")
    )


_CHAINS: Final = _chains()


def merged_away() -> CTE:
    """(tool_id, head_id) of every tool that was merged into another, for conditions and joins within a statement."""
    return _CHAINS.alias()


def head_of(
    merged: CTE, column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[int]:
    """The head of the tool a column names, in a statement that outer-joins ``merged`` on that column."""
    return func.coalesce(merged.c.head_id, column)
