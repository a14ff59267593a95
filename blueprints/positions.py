"""The position on a vendor or a tool, as its page shows it: figures, findings, and rows of the reports."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from blueprints import kept_reports, shell
from blueprints.reports import Figure, figures_of, finding_url
from mopsaudit.facts.reading import answer
from mopsaudit.reporting import Amount, Column, Finding, Ratio, Ref, Row
from mopsaudit.reports import registry
from mopsaudit.reports.standing import Positions, Standing, positions_of, standing_in
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table of rows out of one report, and where that report is."""

    key: str
    title: str
    href: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Ready to show; ``findings`` are pairs of finding and address."""

    answer: str
    figures: tuple[Figure, ...]
    findings: tuple[tuple[Finding, str], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the reports know of one tool: yearly cost, seats in use, findings in words."""

    cost: Amount | None
    use: Ratio | None
    marks: str | None


def of_tools(session: Session, scope: Scope) -> dict[int, Known]:
    """By tool, from the rows of the stack and the under-use report of a scope."""
    stack = kept_reports.stack_with_marks(session, scope)
    seats = registry.REPORTS["underuse"].build(session, scope)
    use = {
        tool.id: value
        for row in seats.rows
        if isinstance(tool := row.values["tool"], Ref)
        and isinstance(value := row.values["utilisation"], Ratio)
    }
    found = {}
    for row in stack.rows:
        tool, cost, marks = row.values["tool"], row.values["yearly_cost"], row.values["marks"]
        if isinstance(tool, Ref) and isinstance(tool.id, int):
            found[tool.id] = Known(
                cost=cost if isinstance(cost, Amount) else None,
                use=use.get(tool.id),
                marks=str(marks) if marks else None,
            )
    return found


def kept_positions(session: Session, scope: Scope) -> Positions:
    """What the reports hold of every tool of a scope, kept so that a page of one reads of that one alone."""

    def work() -> Positions:
        built = {slug: room.build(session, scope) for slug, room in registry.REPORTS.items()}
        return positions_of(built, registry.all_findings(session, scope))

    return answer(session, ("positions", scope), work, alone=True)


def of_vendor(name: str, vendor_ids: Collection[int]) -> Position:
    """The position with a vendor and the companies that belong to it."""
    with reading() as session:
        known = kept_positions(session, shell.scope())
    return _ready(standing_in(known, name, known.of_vendors(vendor_ids)))


def of_tool(name: str, tool_id: int) -> Position:
    """The position on one tool."""
    with reading() as session:
        known = kept_positions(session, shell.scope())
    return _ready(standing_in(known, name, {tool_id}))


def _ready(found: Standing) -> Position:
    return Position(
        answer=found.answer,
        figures=figures_of(found.figures),
        findings=tuple((each, finding_url(found.rooms[each.id], each)) for each in found.findings),
        parts=tuple(
            Part(
                key={"renewals": "terms", "underuse": "seats"}[each.slug],
                title=each.title,
                href=url_for("reports.show", slug=each.slug),
                columns=each.columns,
                rows=each.rows,
            )
            for each in found.extracts
        ),
    )
