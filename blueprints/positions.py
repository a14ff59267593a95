"""The position on a vendor or a tool, as its page shows it: figures, findings, and rows of the reports."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for

from blueprints import kept_reports, shell
from blueprints.reports import Figure, figures_of, finding_url
from mopsaudit.reporting import Amount, Column, Finding, Ratio, Ref, Report, Row
from mopsaudit.reports import registry
from mopsaudit.reports.standing import Standing, standing, tools_of_vendor
from mopsaudit.store.session import reading

#: Reports whose findings speak of one tool; joined findings need all reports and stand on the vendor's page.
OF_TOOL = ("stack", "overlap", "underuse", "renewals")


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


def of_tools() -> dict[int, Known]:
    """By tool, from the rows of the stack and the under-use report of the scope."""
    scope = shell.scope()
    with reading() as session:
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


def of_vendor(name: str, vendor_ids: Collection[int]) -> Position:
    """The position with a vendor and the companies that belong to it."""
    scope = shell.scope()
    with reading() as session:
        built = {slug: room.build(session, scope) for slug, room in registry.REPORTS.items()}
        joined = registry.all_findings(session, scope)
    return _ready(built, standing(built, joined, name, tools_of_vendor(built, vendor_ids)))


def of_tool(name: str, tool_id: int) -> Position:
    """The position on one tool."""
    scope = shell.scope()
    with reading() as session:
        built = {slug: registry.REPORTS[slug].build(session, scope) for slug in OF_TOOL}
    return _ready(built, standing(built, None, name, {tool_id}))


def _ready(built: dict[str, Report], found: Standing) -> Position:
    owner = {each.id: slug for slug, report in built.items() for each in report.findings}
    return Position(
        answer=found.answer,
        figures=figures_of(found.figures),
        findings=tuple((each, finding_url(owner[each.id], each)) for each in found.findings),
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
