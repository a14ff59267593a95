"""The Excel audit report: Summary, Inventory, a sheet per report, Decisions, Savings, Problems, Sources and more.

Every figure links to its rows in Sources, and Sources to the file, sheet and cells. Same data, scope, as-of and person:
same bytes (``created`` is given, nothing else reads a clock).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from mopsaudit.facts.wording import day, money
from mopsaudit.reporting import Column, Finding, Report, Row, ValueKind, ranked
from mopsaudit.reports.findings import Joined, bearers_of, join, with_inaction
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.workbook import audit_records as records
from mopsaudit.workbook.cells import Head, Link, Money, Unknown
from mopsaudit.workbook.charts import place_plot
from mopsaudit.workbook.origins import Figure, SourceLine, figures_in, source_lines
from mopsaudit.workbook.tables import cell_of, head_of
from mopsaudit.workbook.writer import Book, Sheet

#: Sheet tabs of the reports, by the categories' quiet accent; the order is the registry's.
MAX_LINES = 50_000
_HEADER_ROWS = 4

FINDING_COLUMNS = (
    Column(key="sentence", label="Finding", primary=True),
    Column(key="tools", label="Tools"),
    Column(key="amount", label="At stake a year", kind=ValueKind.MONEY),
    Column(key="recoverable", label="Recoverable this year", kind=ValueKind.MONEY),
    Column(key="earliest", label="Earliest", kind=ValueKind.DATE),
    Column(key="due", label="Decide by", kind=ValueKind.DATE),
    Column(key="confidence", label="Confidence"),
    Column(key="next_step", label="Next step"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """What was written: sheets, lines shown and in all, figures with a source, links to it."""

    sheets: tuple[str, ...]
    lines: int
    lines_in_all: int
    figures: int


@dataclass(frozen=True, slots=True)
class _Origins:
    """The Sources sheet's rows and where each figure's first row stands."""

    rows: list[SourceLine]
    first: dict[str, int]

    def linked(self, place: str, value: Any) -> Any:
        """A cell that leads to its row of Sources, when it has one."""
        number = self.first.get(place)
        if number is None or isinstance(value, Unknown):
            return value
        return Link(
            value=value,
            target=f"internal:'Sources'!A{_HEADER_ROWS + 1 + number}",
            tip="Where this comes from",
        )


def finding_row(finding: Finding) -> Row:
    """A finding as a table row."""
    return Row(
        id=finding.id,
        values={
            "sentence": finding.sentence,
            "tools": finding.tools,
            "amount": finding.amount,
            "recoverable": finding.recoverable,
            "earliest": finding.earliest,
            "due": finding.due,
            "confidence": finding.confidence.value,
            "next_step": finding.next_step,
        },
    )


def write_audit(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    *,
    created: datetime,
    prepared_by: str,
    progress: Callable[[str], None] | None = None,
) -> AuditSummary:
    """Write the audit report of a scope; ``created`` is the moment it states, ``prepared_by`` the person it names."""
    say = progress or (lambda _text: None)
    reports: list[Report] = []
    for room in REPORTS.values():
        say(f"Working out {room.title}")
        reports.append(room.build(session, scope))
    every = [finding for report in reports for finding in report.findings]
    joined = with_inaction(join(every, bearers_of(session, scope), scope.currency))
    inventory = records.inventory_rows(session, scope)
    say("Tracing every figure to its cells")
    figures = [figure for report in reports for figure in _figures(report)]
    figures += [
        f
        for row in inventory
        for f in figures_in(_place("Inventory", row.id), _labelled(row, records.INVENTORY))
    ]
    rows, first = source_lines(session, scope, figures)
    origins = _Origins(rows, first)
    unit = scope.unit_label or "the whole company"
    company = scope.settings.company_name or "mopsaudit"
    footer = f"{company} · {unit} · as of {scope.as_of.isoformat()} · {scope.currency}"
    names: list[str] = []
    with Book(
        target, created=created, title=f"Marketing technology audit, {company}", subject=unit, footer=footer
    ) as book:
        say("Writing the sheets")
        summary = book.sheet("Summary", tab="#0b5c6b")
        _summary(summary, scope, reports, joined, created=created, prepared_by=prepared_by, origins=origins)
        sheet = book.sheet("Inventory")
        sheet.title("Inventory", records.inventory_answer(inventory))
        _table(sheet, "Inventory", records.INVENTORY, inventory, scope.currency, origins)
        for report in reports:
            _report(book, report, origins)
        records.decisions_sheet(book, session, scope)
        records.savings_sheet(book, session, scope)
        records.problems_sheet(book, session)
        _sources(book, origins, scope)
        shown, in_all = records.lines_sheet(book, session, scope, limit=MAX_LINES)
        records.definitions_sheet(book, scope, reports)
        names = book.sheet_names
    return AuditSummary(sheets=tuple(names), lines=shown, lines_in_all=in_all, figures=len(first))


def _place(sheet: str, row: str) -> str:
    return f"{sheet} · {row}"


def _labelled(row: Row, columns: Sequence[Column]) -> list[tuple[str, object]]:
    return [(column.label, row.values.get(column.key)) for column in columns]


def _figures(report: Report) -> list[Figure]:
    found = figures_in(_place(report.title, "figures"), ((h.label, h.value) for h in report.headlines))
    tables = [("", report.columns, report.rows), *((s.title, s.columns, s.rows) for s in report.sections)]
    for title, columns, rows in tables:
        for row in rows:
            found += figures_in(_place(f"{report.title} {title}".strip(), row.id), _labelled(row, columns))
    return found


def _table(
    sheet: Sheet, place: str, columns: Sequence[Column], rows: Sequence[Row], currency: str, origins: _Origins
) -> Any:
    heads = [head_of(column, currency) for column in columns]
    cells = [
        [
            origins.linked(f"{_place(place, row.id)} · {column.label}", cell_of(row.values.get(column.key)))
            for column in columns
        ]
        for row in rows
    ]
    return sheet.table(heads, cells, categories=[row.category for row in rows])


def _summary(
    sheet: Sheet,
    scope: Scope,
    reports: Sequence[Report],
    joined: Joined,
    *,
    created: datetime,
    prepared_by: str,
    origins: _Origins,
) -> None:
    company = scope.settings.company_name or "Marketing technology audit"
    sheet.title(f"Marketing technology audit: {company}", _lead(joined, reports))
    sheet.widths(46, 26, 16, 16, 12, 12, 11, 34)
    for label, value in (
        ("Scope", scope.unit_label or "The whole company"),
        ("As of", scope.as_of),
        ("Currency", scope.currency),
        ("Prepared by", prepared_by),
        ("Written at (UTC)", created),
    ):
        sheet.pair(label, value)
    sheet.gap()
    sheet.heading("The reports in a sentence each")
    for report in reports:
        sheet.note(f"{report.title}: {report.answer}", muted=False, span=len(FINDING_COLUMNS))
    sheet.gap()
    sheet.heading("What this rests on")
    for report in reports:
        if report.coverage.sentence:
            sheet.note(f"{report.title}: {report.coverage.sentence}", span=len(FINDING_COLUMNS))
    sheet.gap()
    sheet.heading("Decide first")
    top = [finding_row(finding) for finding in joined.findings[:10]]
    if top:
        _table(sheet, "Summary", FINDING_COLUMNS, top, scope.currency, origins)
    else:
        sheet.note("Nothing to decide has been found yet.")
    sheet.heading("Sign-off")
    for role in ("Prepared", "Reviewed", "Approved"):
        sheet.pair(f"{role} by, on", "________________________________")


def _lead(joined: Joined, reports: Sequence[Report]) -> str:
    if not joined.findings:
        return reports[0].answer if reports else "There is nothing to report yet."
    count = len(joined.findings)
    dated = [finding.due for finding in joined.findings if finding.due is not None]
    text = f"{count} finding{'s' if count != 1 else ''}"
    if joined.annual.minor:
        text += f"; {money(joined.annual.minor, joined.currency)} a year is at stake, each euro counted once"
    if dated:
        text += f"; the first must be decided by {day(min(dated))}"
    return text + "."


def _report(book: Book, report: Report, origins: _Origins) -> None:
    sheet = book.sheet(report.title)
    sheet.title(report.title, report.answer)
    if report.coverage.sentence:
        sheet.note(report.coverage.sentence)
    for headline in report.headlines:
        place = f"{_place(report.title, 'figures')} · {headline.label}"
        sheet.pair(headline.label, origins.linked(place, cell_of(headline.value)))
    sheet.gap()
    _table(sheet, report.title, report.columns, report.rows, report.currency, origins)
    for plot in report.plots:
        place_plot(book, sheet, plot)
    for section in report.sections:
        sheet.heading(section.title)
        if section.sentence:
            sheet.note(section.sentence)
        _table(
            sheet, f"{report.title} {section.title}", section.columns, section.rows, report.currency, origins
        )
    if report.findings:
        sheet.heading("Findings")
        rows = [finding_row(finding) for finding in ranked(report.findings)]
        _table(sheet, f"{report.title} findings", FINDING_COLUMNS, rows, report.currency, origins)
    if report.thresholds:
        sheet.heading("Thresholds")
        for threshold in report.thresholds:
            sheet.pair(threshold.label, threshold.value)


def _sources(book: Book, origins: _Origins, scope: Scope) -> None:
    sheet = book.sheet("Sources")
    count = len({row.figure for row in origins.rows})
    files = len({row.file for row in origins.rows} - {"entered in the product"})
    sheet.title(
        "Sources", f"{count} figures come from {files} file{'s' if files != 1 else ''}; each with its cells."
    )
    heads = (
        Head(label="Figure", width=60),
        Head(label="Records"),
        Head(label="Record", width=40),
        Head(label="File", width=36),
        Head(label="Sheet"),
        Head(label="Count"),
        Head(label=f"Sum ({scope.currency})", currency=scope.currency),
        Head(label="First cell"),
        Head(label="Last cell"),
    )
    rows = [
        [
            row.figure,
            row.kind,
            row.record,
            row.file,
            row.sheet,
            row.count,
            None if row.base_minor is None else Money(minor=row.base_minor, currency=scope.currency),
            row.first_cell,
            row.last_cell,
        ]
        for row in origins.rows
    ]
    sheet.table(heads, rows)
