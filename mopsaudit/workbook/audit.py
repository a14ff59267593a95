"""The Excel audit report: what it holds is gathered into a dossier, which becomes a workbook or a PDF.

Every figure links to its rows in Sources, and Sources to the file, sheet and cells. Same data, scope, subject, day and
person: same bytes (``created`` is given, nothing else reads a clock).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.reading import forget
from mopsaudit.facts.wording import count
from mopsaudit.inventory.vendor_view import vendor_view
from mopsaudit.reporting import Coverage, LineFilter, Ref, Report
from mopsaudit.reports import registry
from mopsaudit.reports.findings import Joined
from mopsaudit.reports.narrowing import Subject, narrowed, subject_of_category
from mopsaudit.reports.standing import standing, tools_of_vendor
from mopsaudit.resting import collector_rests
from mopsaudit.scope import Scope
from mopsaudit.workbook import audit_records as records
from mopsaudit.workbook import sheets
from mopsaudit.workbook.dossier import Dossier, answer_of, figures_of
from mopsaudit.workbook.origins import source_lines
from mopsaudit.workbook.scenario_chapter import TITLE, scenario_chapter
from mopsaudit.workbook.writer import Book

#: So many spend lines stand in the workbook; the whole ledger is a CSV file.
MAX_LINES: Final = 50_000
#: What an audit can be narrowed to, besides a business unit.
SUBJECTS: Final = ("category", "vendor", "tool")

Progress = Callable[[str], None]
"""Told what is being done next: one of :func:`step_names`; what it raises stops the work."""

_TRACING, _RECORDS, _SOURCES, _LINES, _PACKING = (
    "Tracing every figure to its cells",
    "Writing decisions, savings and problems",
    "Writing the sources",
    "Writing the spend lines",
    "Packing the workbook",
)
_LAYING = "Laying out the pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """What was written: sheets, lines shown and in all, figures with a source."""

    sheets: tuple[str, ...]
    lines: int
    lines_in_all: int
    figures: int


def _quiet(_what: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A dossier with the subject it is about (None: all of the scope)."""

    dossier: Dossier
    subject: Subject | None


def step_names(kind: str) -> tuple[str, ...]:
    """The steps of an audit as ``xlsx`` or ``pdf``, in the order progress is told of them."""
    titles = [*(room.title for room in registry.REPORTS.values()), TITLE]
    working = (*(f"Working out {title}" for title in titles), _TRACING)
    if kind == "pdf":
        return (*working, _LAYING)
    written = ("the summary", "Inventory", *titles)
    return (*working, *(f"Writing {title}" for title in written), _RECORDS, _SOURCES, _LINES, _PACKING)


def gather_audit(
    session: Session,
    scope: Scope,
    *,
    created: datetime,
    prepared_by: str,
    about: tuple[str, str] | None = None,
    progress: Progress = _quiet,
) -> Gathered:
    """Build every report of the scope and its saved scenarios, cut to ``about``: (category, id), (vendor, id) or
    (tool, id).

    Raises:
        InvalidError: for another kind of subject.
        NotFoundError: when the subject is not there, or none of the scope's.
    """
    reports: dict[str, Report] = {}
    for slug, room in registry.REPORTS.items():
        progress(f"Working out {room.title}")
        reports[slug] = room.build(session, scope)
    joined = registry.all_findings(session, scope, reports)
    rows = records.inventory_rows(session, scope)
    inventory = Report(
        name="inventory",
        title="Inventory",
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=records.inventory_answer(rows),
        headlines=(),
        columns=records.INVENTORY,
        rows=tuple(rows),
        coverage=Coverage(sentence=""),
        empty="No tool has been entered yet.",
    )
    progress(f"Working out {TITLE}")
    named = {row.opens.id: row.opens.label for row in rows if row.opens is not None}
    what_ifs = scenario_chapter(
        session,
        scope,
        budget=reports.get("budget"),
        names={key: label for key, label in named.items() if isinstance(key, int)},
    )
    chapters = {"inventory": inventory} | reports | {"scenarios": what_ifs}
    company = scope.settings.company_name or "mopsaudit"
    unit = scope.unit_label or "The whole company"
    plot = next((plot for plot in reports["stack"].plots if plot.kind == "bars"), None)
    dossier = Dossier(
        name="audit",
        title="Marketing technology audit",
        company=company,
        about=unit,
        as_of=scope.as_of,
        currency=scope.currency,
        prepared_by=prepared_by,
        created=created,
        answer=answer_of(joined, reports),
        figures=figures_of(joined, reports["stack"]),
        plot=plot,
        findings=joined.findings,
        chapters=tuple(chapters.values()),
    )
    if about is None:
        return Gathered(dossier=dossier, subject=None)
    subject = find_subject(session, scope, about, reports)
    return Gathered(dossier=_cut(dossier, subject, reports, joined, unit), subject=subject)


def find_subject(
    session: Session, scope: Scope, about: tuple[str, str], reports: dict[str, Report]
) -> Subject:
    """The category, vendor or tool of the scope that is asked about.

    Raises:
        InvalidError: for another kind of subject.
        NotFoundError: when it is not there, or the scope has none of its tools.
    """
    kind, key = about
    if kind == "category":
        names = {each.id.value: each.name for each in taxonomy().categories}
        if key not in names:
            raise NotFoundError("There is no such category.")
        return subject_of_category(reports, key, names[key])
    if kind not in SUBJECTS:
        raise InvalidError(f"An audit is narrowed to {', '.join(SUBJECTS)}, not to {kind}.", "about")
    number = int(key) if key.isdigit() else 0
    if kind == "tool":
        label = next(
            (
                tool.label
                for row in reports["stack"].rows
                if isinstance(tool := row.values["tool"], Ref) and tool.id == number
            ),
            None,
        )
        if label is None:
            raise NotFoundError("There is no such tool.")
        return Subject(kind="tool", id=number, label=label, tool_ids=frozenset({number}))
    view = vendor_view(session, scope, number)
    vendors = frozenset({number, *(child.id for child in view.children)})
    tools = tools_of_vendor(reports, vendors)
    if not tools and not view.contracts:
        raise NotFoundError("There is no such vendor.")
    return Subject(kind="vendor", id=number, label=view.vendor.name, tool_ids=tools, vendor_ids=vendors)


def _cut(
    dossier: Dossier, subject: Subject, reports: dict[str, Report], joined: Joined, unit: str
) -> Dossier:
    found = standing(reports, joined, subject.label, subject.tool_ids)
    chapters = tuple(narrowed(report, subject) for report in dossier.chapters)
    return replace(
        dossier,
        about=f"{subject.label} · {unit}" if unit != "The whole company" else subject.label,
        answer=found.answer or f"Nothing is known of {subject.label} yet.",
        figures=found.figures,
        findings=found.findings,
        chapters=chapters,
        plot=None,
        notes=(
            f"Cut to {subject.label} ({count(len(subject.tool_ids), 'tool')}): rows, sums and findings that name them.",
        ),
    )


def lines_about(subject: Subject | None) -> LineFilter:
    """The spend lines behind the subject's figures."""
    if subject is None:
        return LineFilter()
    if subject.vendor_ids:
        return LineFilter(vendor_ids=tuple(sorted(subject.vendor_ids)))
    return LineFilter(tool_ids=tuple(sorted(subject.tool_ids)) or (-2,))


@collector_rests()
def write_audit(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    *,
    created: datetime,
    prepared_by: str,
    about: tuple[str, str] | None = None,
    progress: Progress = _quiet,
) -> AuditSummary:
    """Write the audit workbook of a scope; ``created`` is the moment it states, ``prepared_by`` the person it names.

    Raises:
        InvalidError, NotFoundError: as :func:`gather_audit`.
    """
    return write_workbook(
        session,
        scope,
        target,
        # Nobody here holds what was gathered, so that each report can go when its sheet is written.
        gather_audit(
            session, scope, created=created, prepared_by=prepared_by, about=about, progress=progress
        ),
        progress=progress,
    )


def write_workbook(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    gathered: Gathered,
    *,
    progress: Progress = _quiet,
) -> AuditSummary:
    """The workbook of what was gathered; a report leaves memory with its sheet, unless the caller holds it."""
    dossier, subject = gathered.dossier, gathered.subject
    del gathered
    progress(_TRACING)
    origins = sheets.Origins(found=source_lines(session, scope, sheets.traced(dossier)))
    forget(session)
    tools = None if subject is None else subject.tool_ids
    with Book(
        target,
        created=dossier.created,
        title=f"{dossier.title}, {dossier.company}",
        subject=dossier.about,
        footer=dossier.footer,
    ) as book:
        progress("Writing the summary")
        sheets.cover(book, dossier, _contents(dossier))
        sheets.summary(book, dossier, origins, sheets={c.title: c.title for c in dossier.chapters})
        chapters = list(reversed(dossier.chapters))
        outlines = tuple(replace(report, rows=(), sections=(), plots=()) for report in dossier.chapters)
        del dossier
        while chapters:
            progress(f"Writing {chapters[-1].title}")
            sheets.chapter(book, chapters.pop(), origins)
        progress(_RECORDS)
        records.decisions_sheet(book, session, scope, tools=tools)
        records.savings_sheet(book, session, scope, tools=tools)
        records.problems_sheet(book, session)
        progress(_SOURCES)
        sheets.sources(book, origins, scope.currency)
        progress(_LINES)
        shown, in_all = records.lines_sheet(
            book,
            session,
            scope,
            limit=MAX_LINES,
            wanted=lines_about(subject),
            step=lambda: progress(_LINES),
        )
        records.definitions_sheet(book, scope, outlines)
        names = book.sheet_names
        progress(_PACKING)
    return AuditSummary(sheets=tuple(names), lines=shown, lines_in_all=in_all, figures=origins.found.figures)


@collector_rests()
def write_audit_pdf(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    *,
    created: datetime,
    prepared_by: str,
    about: tuple[str, str] | None = None,
    progress: Progress = _quiet,
) -> int:
    """Write the audit of a scope as a PDF; the number of its pages. Arguments and errors as :func:`write_audit`."""
    gathered = gather_audit(
        session, scope, created=created, prepared_by=prepared_by, about=about, progress=progress
    )
    progress(_TRACING)
    found = source_lines(session, scope, sheets.traced(gathered.dossier))
    forget(session)
    progress(_LAYING)
    from mopsaudit.workbook.booklet import write_booklet  # the PDF library doubles the start of every process

    return write_booklet(gathered.dossier, target, found, records.glossary())


def _contents(dossier: Dossier) -> list[tuple[str, str]]:
    """Every sheet and what it holds, for the cover."""
    return [
        ("Summary", "The answer, four figures, what to decide first"),
        *((report.title, report.answer) for report in dossier.chapters),
        ("Decisions", "What was decided, by whom, and the steps that follow"),
        ("Savings", "From identified to realised, each signed by finance"),
        ("Problems", "What could not be read in the files, with cells"),
        ("Sources", "File, sheet and cells of every figure"),
        ("Lines", "The spend lines themselves"),
        ("Definitions", "The words, and every setting and threshold used"),
    ]
