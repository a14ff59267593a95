"""The negotiation pack for one vendor: everything to know before a talk, as a workbook or a PDF.

All its companies and contracts, lines, send-by dates, price history and first quotes, seats and use, open commitments,
what is invoiced, what is at stake, and what we own that does the same (PRODUCT.md §5). The reports' figures are those
of the vendor's page; every figure leads to Sources like the audit's. No name of a person behind a seat stands in it.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from mopsaudit.facts.reading import forget
from mopsaudit.facts.wording import count
from mopsaudit.reporting import Report
from mopsaudit.reports import registry
from mopsaudit.reports.narrowing import Subject, narrowed
from mopsaudit.reports.standing import standing
from mopsaudit.resting import collector_rests
from mopsaudit.scope import Scope
from mopsaudit.workbook import audit_records as records
from mopsaudit.workbook import negotiation_prices as prices
from mopsaudit.workbook import negotiation_records as own
from mopsaudit.workbook import sheets
from mopsaudit.workbook.audit import MAX_LINES, Progress, find_subject, lines_about
from mopsaudit.workbook.dossier import Dossier
from mopsaudit.workbook.origins import source_lines
from mopsaudit.workbook.writer import Book

_GATHERING, _WRITING, _PACKING, _LAYING = (
    "Gathering contracts, prices and alternatives",
    "Writing the sheets",
    "Packing the workbook",
    "Laying out the pages",
)


def _quiet(_what: str) -> None:
    return None


def step_names(kind: str) -> tuple[str, ...]:
    """The steps of a pack as ``xlsx`` or ``pdf``, in the order progress is told of them."""
    working = tuple(f"Working out {room.title}" for room in registry.REPORTS.values())
    return (*working, _GATHERING, *((_LAYING,) if kind == "pdf" else (_WRITING, _PACKING)))


def gather_pack(
    session: Session,
    scope: Scope,
    *,
    vendor_id: int,
    created: datetime,
    prepared_by: str,
    progress: Progress = _quiet,
) -> tuple[Dossier, Subject]:
    """What there is to know about a vendor in a scope.

    Raises:
        NotFoundError: when it is not there, or the scope has neither a tool nor a contract of it.
    """
    reports: dict[str, Report] = {}
    for slug, room in registry.REPORTS.items():
        progress(f"Working out {room.title}")
        reports[slug] = room.build(session, scope)
    progress(_GATHERING)
    joined = registry.all_findings(session, scope, reports)
    subject = find_subject(session, scope, ("vendor", str(vendor_id)), reports)
    name = subject.label
    found = standing(reports, joined, name, subject.tool_ids)
    contracts = prices.contracts_with(session, scope, subject.vendor_ids)
    terms = replace(narrowed(reports["renewals"], subject), title="Terms and dates")
    seats = replace(narrowed(reports["underuse"], subject), title="Seats and use")
    chapters = (
        own.companies(session, scope, subject.vendor_ids, name),
        terms,
        prices.contract_lines(session, scope, contracts, name),
        prices.price_history(session, scope, contracts),
        prices.paid(session, scope, subject.vendor_ids),
        seats,
        own.open_commitments(scope, narrowed(reports["budget"], subject), name),
        own.alternatives(session, scope, reports, subject.tool_ids, name),
    )
    unit = scope.unit_label
    dossier = Dossier(
        name="negotiation",
        title=f"Negotiation pack: {name}",
        company=scope.settings.company_name or "mopsaudit",
        about=f"{name} · {unit}" if unit else name,
        as_of=scope.as_of,
        currency=scope.currency,
        prepared_by=prepared_by,
        created=created,
        answer=found.answer or f"Little is known of {name} yet: no contract, cost or use of its tools.",
        figures=found.figures,
        plot=None,
        findings=found.findings,
        chapters=chapters,
        notes=(
            f"{count(len(subject.tool_ids), 'tool')} of {count(len(subject.vendor_ids), 'company', 'companies')}.",
        ),
    )
    return dossier, subject


@collector_rests()
def write_pack(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    *,
    vendor_id: int,
    created: datetime,
    prepared_by: str,
    progress: Progress = _quiet,
) -> tuple[str, ...]:
    """Write the pack as a workbook; the names of its sheets. Errors as :func:`gather_pack`."""
    dossier, subject = gather_pack(
        session, scope, vendor_id=vendor_id, created=created, prepared_by=prepared_by, progress=progress
    )
    progress(_WRITING)
    origins = sheets.Origins(found=source_lines(session, scope, sheets.traced(dossier)))
    forget(session)
    with Book(
        target,
        created=created,
        title=f"{dossier.title}, {dossier.company}",
        subject=dossier.about,
        footer=dossier.footer,
    ) as book:
        contents = [
            ("Summary", "The position in a sentence, four figures, what to raise first"),
            *((report.title, report.answer) for report in dossier.chapters),
            ("Sources", "File, sheet and cells of every figure"),
            ("Lines", "The spend lines themselves"),
            ("Definitions", "The words, and every setting and threshold used"),
        ]
        sheets.cover(book, dossier, contents)
        sheets.summary(book, dossier, origins, sheets={each.title: each.title for each in dossier.chapters})
        for report in dossier.chapters:
            sheets.chapter(book, report, origins)
        sheets.sources(book, origins, scope.currency)
        records.lines_sheet(book, session, scope, limit=MAX_LINES, wanted=lines_about(subject))
        records.definitions_sheet(book, scope, dossier.chapters)
        progress(_PACKING)
        return tuple(book.sheet_names)


@collector_rests()
def write_pack_pdf(
    session: Session,
    scope: Scope,
    target: Path | BinaryIO,
    *,
    vendor_id: int,
    created: datetime,
    prepared_by: str,
    progress: Progress = _quiet,
) -> int:
    """Write the pack as a PDF; the number of its pages. Errors as :func:`gather_pack`."""
    dossier, _ = gather_pack(
        session, scope, vendor_id=vendor_id, created=created, prepared_by=prepared_by, progress=progress
    )
    progress(_LAYING)
    found = source_lines(session, scope, sheets.traced(dossier))
    from mopsaudit.workbook.booklet import write_booklet  # the PDF library doubles the start of every process

    return write_booklet(dossier, target, found, records.glossary())
