"""A report cut to a category, a vendor or a tool: the rows that name its tools, their sums, their findings.

Nothing is worked out anew: rows, sums and findings are those the pages show when they are filtered alike. What a report
says of the whole (its figures, charts, tables that name no tool) is left out and said to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mopsaudit.facts.wording import count, money
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Finding,
    Headline,
    Ref,
    Report,
    Row,
    ValueKind,
)

#: Figures a narrowed report shows at most.
_FIGURES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an audit is about within its unit: its name for people, the tools it holds, and what else names it."""

    kind: str
    id: int | str
    label: str
    tool_ids: frozenset[int]
    vendor_ids: frozenset[int] = frozenset()
    category: str | None = None

    def holds(self, row: Row) -> bool:
        """Whether a row is the subject's: it names one of its tools; naming none, its vendor or its category."""
        refs = [ref for value in row.values.values() for ref in _refs(value)]
        if row.opens is not None:
            refs.append(row.opens)
        tools = {ref.id for ref in refs if ref.kind == "tool"}
        if tools:
            return not tools.isdisjoint(self.tool_ids)
        vendors = {ref.id for ref in refs if ref.kind == "vendor"}
        if vendors:
            return not vendors.isdisjoint(self.vendor_ids)
        return self.category is not None and row.category == self.category

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding names one of the subject's tools."""
        return any(tool.kind == "tool" and tool.id in self.tool_ids for tool in finding.tools)


def _refs(value: object) -> tuple[Ref, ...]:
    return (value,) if isinstance(value, Ref) else value if isinstance(value, tuple) else ()


def subject_of_category(reports: Mapping[str, Report], category: str, label: str) -> Subject:
    """The tools the stack report shows in a category."""
    tools = frozenset(
        tool.id
        for row in reports["stack"].rows
        if row.category == category
        and isinstance(tool := row.values.get("tool"), Ref)
        and isinstance(tool.id, int)
    )
    return Subject(kind="category", id=category, label=label, tool_ids=tools, category=category)


def narrowed(report: Report, subject: Subject) -> Report:
    """The report's part that is the subject's; sums are exact, unknown amounts are counted in the answer."""
    rows = tuple(row for row in report.rows if subject.holds(row))
    sections = tuple(
        replace(section, rows=kept)
        for section in report.sections
        if (kept := tuple(row for row in section.rows if subject.holds(row)))
    )
    figures = _sums(report.columns, rows, report.currency)
    gone = [section.title for section in report.sections if section.key not in {s.key for s in sections}]
    said = f"{count(len(rows), 'row')} of {len(report.rows):,} concern {subject.label}"
    if figures and isinstance(first := figures[0].value, Amount):
        said += f"; {figures[0].label.lower()} {money(first.minor, report.currency)}"
        if first.why:
            said += f" ({first.why})"
    left = "Charts and figures of the whole company are left out"
    if gone:
        left += f", and tables that name no tool of it: {', '.join(gone)}"
    return replace(
        report,
        answer=f"{said}." if rows else f"Nothing in this report concerns {subject.label}.",
        headlines=figures,
        rows=rows,
        sections=sections,
        findings=tuple(finding for finding in report.findings if subject.concerns(finding)),
        plots=(),
        coverage=Coverage(
            sentence=f"{report.coverage.sentence} {left}.".strip(), parts=report.coverage.parts
        ),
    )


def _sums(columns: tuple[Column, ...], rows: tuple[Row, ...], currency: str) -> tuple[Headline, ...]:
    """The sums of the summed money columns, as the table's footer shows them."""
    found = []
    for column in columns:
        if not column.summed or column.kind is not ValueKind.MONEY or column.wide:
            continue
        amounts = [value for row in rows if isinstance(value := row.values.get(column.key), Amount)]
        known = [value for value in amounts if value.minor is not None]
        missing = len(amounts) - len(known)
        found.append(
            Headline(
                key=column.key,
                label=column.label.removesuffix(f" ({currency})"),
                value=Amount(
                    currency=currency,
                    minor=sum(value.minor or 0 for value in known) if known else None,
                    origins=sum(value.origins for value in known),
                    why=f"{count(missing, 'amount')} not known" if missing else None,
                ),
                what=f"the sum of {count(len(known), 'row')}",
            )
        )
    return tuple(found[:_FIGURES])
