"""What people and scripts see of an import: the object of INTERFACES.md, lists, review, certificate, sign-off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotAllowedError
from mopsaudit.intake.certificate import SheetCertificate
from mopsaudit.intake.contract import Reading, ReadingDecision
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.receive import find_import
from mopsaudit.money import to_minor
from mopsaudit.problems import Problem, Severity
from mopsaudit.store.ledger import (
    Import,
    ImportProblem,
    ImportSheet,
    ImportStatus,
    ImportTotal,
    SourceLedger,
)
from mopsaudit.store.people import LegalEntity, Person


def bare_json(kind: str, file_name: str, sha256: str, status: str, **values: Any) -> dict[str, Any]:
    """The object of INTERFACES.md with every key, for a file that is not (or not yet) an import."""
    empty: dict[str, Any] = {
        "import_id": None,
        "kind": kind,
        "file": file_name,
        "sha256": sha256,
        "status": status,
        "reason": None,
        "first_import_id": None,
        "questions": [],
        "sheets": [],
        "totals": [],
        "matched": {"lines": 0, "suppliers": 0, "amount": []},
        "problems": [],
    }
    return {**empty, **values}


def reading_json(reading: Reading, outcome: Outcome | None, result: Mapping[str, Any]) -> dict[str, Any]:
    """What a reading adds to :func:`bare_json`: questions, sheets, totals, matched, problems."""
    problems = [*reading.problems, *(outcome.problems if outcome else ())]
    return {
        "questions": [question.to_json() for question in reading.questions],
        "sheets": result["sheets"],
        "totals": result["totals"],
        "matched": result["matched"],
        "problems": [problem.to_json() for problem in problems],
    }


def import_json(session: Session, import_id: int) -> dict[str, Any]:
    """An import as INTERFACES.md shows it, with who signed off what.

    Raises:
        NotFoundError: when there is none.
    """
    record = find_import(session, import_id)
    result: dict[str, Any] = record.result or {}
    sheets = [dict(sheet) for sheet in result.get("sheets", ())]
    for sheet, certificates in zip(sheets, certificates_of(session, record), strict=False):
        if certificates:
            sheet["totals"] = [certificate.to_json() for certificate in certificates]
    return bare_json(
        record.kind,
        record.file_name,
        record.sha256,
        record.status,
        import_id=record.id,
        reason=record.reason,
        questions=record.questions or [],
        sheets=sheets,
        totals=result.get("totals", []),
        matched=result.get("matched", {"lines": 0, "suppliers": 0, "amount": []}),
        problems=[problem.to_json() for problem in problems_of(session, import_id)],
    )


def problems_of(session: Session, import_id: int) -> list[Problem]:
    """The problems of an import in the order they were found."""
    return [
        Problem(
            code=row.code,
            severity=Severity(row.severity),
            message=row.message,
            sheet=row.sheet,
            cell=row.cell,
            rejected=row.rejected,
        )
        for row in session.scalars(
            select(ImportProblem).where(ImportProblem.import_id == import_id).order_by(ImportProblem.id)
        )
    ]


def certificates_of(session: Session, record: Import) -> list[list[SheetCertificate]]:
    """The certificates by sheet position and currency: as stored once imported, else as the review worked them out."""
    sheets: Sequence[Mapping[str, Any]] = (record.result or {}).get("sheets", ())
    found: list[list[SheetCertificate]] = []
    names = {
        person_id: email or name
        for person_id, email, name in session.execute(
            select(Person.id, Person.email, Person.name)
            .join(ImportTotal, ImportTotal.signed_off_by_id == Person.id)
            .where(ImportTotal.import_id == record.id)
            .order_by(Person.id)
        )
    }
    stored = {
        (position, total.currency): total
        for position, total in session.execute(
            select(ImportSheet.position, ImportTotal)
            .join(ImportTotal, ImportTotal.sheet_id == ImportSheet.id)
            .where(ImportTotal.import_id == record.id)
            .order_by(ImportTotal.id)
        )
    }
    for position, sheet in enumerate(sheets):
        certificates = []
        for data in sheet.get("totals", ()):
            certificate = _certificate(data)
            total = stored.get((position, certificate.currency))
            if total is not None and total.signed_off_by_id is not None:
                name = names.get(total.signed_off_by_id) or f"person {total.signed_off_by_id}"
                certificate = replace(certificate, signed_off_by=name)
            certificates.append(certificate)
        found.append(certificates)
    return found


def _certificate(data: Mapping[str, Any]) -> SheetCertificate:
    currency = data["currency"]
    total = data["sheet_total"]

    def minor(key: str) -> int:
        return to_minor(Decimal(data[key]), currency)[0]

    return SheetCertificate(
        currency=currency,
        data=Decimal(data["data"]),
        imported_minor=minor("imported"),
        duplicate_minor=minor("duplicate"),
        out_of_scope_minor=minor("out_of_scope"),
        rejected=Decimal(data["rejected"]),
        rounding=Decimal(data["rounding"]),
        unreadable=data["unreadable"],
        sheet_total=None if total is None else Decimal(total),
        foots=data["foots"],
        signed_off_by=data["signed_off_by"],
    )


def certificate_json(session: Session, import_id: int) -> dict[str, Any]:
    """The reconciliation of an import: its sheets' certificates, and whether all balance and foot.

    Raises:
        NotFoundError: when there is none.
    """
    record = find_import(session, import_id)
    sheets: Sequence[Mapping[str, Any]] = (record.result or {}).get("sheets", ())
    by_sheet = certificates_of(session, record)
    every = [certificate for certificates in by_sheet for certificate in certificates]
    return {
        "import_id": record.id,
        "kind": record.kind,
        "file": record.file_name,
        "sha256": record.sha256,
        "status": record.status,
        "balanced": all(certificate.balanced for certificate in every),
        "foots": all(certificate.foots is not False for certificate in every),
        "sheets": [
            {"name": sheet["name"], "totals": [certificate.to_json() for certificate in certificates]}
            for sheet, certificates in zip(sheets, by_sheet, strict=True)
            if sheet["used"]
        ],
    }


def sign_off(
    session: Session, import_id: int, *, person_id: int | None, reason: str, now: datetime
) -> list[ImportTotal]:
    """A person takes responsibility for what an import could not read, or for a total that does not foot.

    Raises:
        NotAllowedError: without a person: a command line user or the system cannot sign.
        InvalidError: without a reason, or when nothing waits for a signature.
    """
    if person_id is None or session.get(Person, person_id) is None:
        raise NotAllowedError("A sign-off needs a person; say who with --by and their e-mail address.")
    text = " ".join(reason.split())
    if not text:
        raise InvalidError("Say why the difference is accepted.", "reason")
    record = find_import(session, import_id, lock=True)
    if record.status != ImportStatus.IMPORTED:
        raise InvalidError("Only an import that is in the ledger can be signed off.")
    wanting = {
        (position, certificate.currency)
        for position, certificates in enumerate(certificates_of(session, record))
        for certificate in certificates
        if certificate.wants_sign_off
    }
    rows = session.execute(
        select(ImportSheet.position, ImportTotal)
        .join(ImportTotal, ImportTotal.sheet_id == ImportSheet.id)
        .where(ImportTotal.import_id == import_id)
        .order_by(ImportTotal.id)
    )
    signed = []
    for position, total in rows:
        if (position, total.currency) in wanting:
            total.signed_off_by_id = person_id
            total.signed_off_at = now
            total.sign_off_reason = text
            signed.append(total)
    if not signed:
        raise InvalidError("Nothing of this import waits for a signature.")
    session.flush()
    return signed


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """An import in a list. ``problems`` counts those that are more than a note."""

    id: int
    kind: str
    status: str
    file_name: str
    sha256: str
    source: str | None
    entity: str | None
    unit_id: int | None
    created_by: str
    created_by_id: int | None
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    lines: int
    problems: int
    totals: tuple[tuple[str, str], ...]
    reason: str | None

    def to_json(self) -> dict[str, Any]:
        """One of ``imports list --json``."""
        return {
            "import_id": self.id,
            "kind": self.kind,
            "status": self.status,
            "file": self.file_name,
            "sha256": self.sha256,
            "source": self.source,
            "entity": self.entity,
            "created_by": self.created_by,
            "created_at": self.created_at.isoformat(),
            "applied_at": None if self.applied_at is None else self.applied_at.isoformat(),
            "undone_at": None if self.undone_at is None else self.undone_at.isoformat(),
            "lines": self.lines,
            "problems": self.problems,
            "totals": [{"currency": currency, "imported": amount} for currency, amount in self.totals],
            "reason": self.reason,
        }


def list_imports(
    session: Session, *, limit: int | None = None, offset: int = 0, kind: str | None = None
) -> tuple[ImportRow, ...]:
    """Imports, newest first."""
    problems = (
        select(func.count())
        .where(ImportProblem.import_id == Import.id, ImportProblem.severity != Severity.NOTE.value)
        .scalar_subquery()
    )
    query = (
        select(Import, SourceLedger.name, LegalEntity.code, problems)
        .outerjoin(SourceLedger, SourceLedger.id == Import.source_id)
        .outerjoin(LegalEntity, LegalEntity.id == Import.entity_id)
        .order_by(Import.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if kind is not None:
        query = query.where(Import.kind == kind)
    return tuple(
        ImportRow(
            id=record.id,
            kind=record.kind,
            status=record.status,
            file_name=record.file_name,
            sha256=record.sha256,
            source=source,
            entity=entity,
            unit_id=record.unit_id,
            created_by=record.created_by,
            created_by_id=record.created_by_id,
            created_at=record.created_at,
            applied_at=record.applied_at,
            undone_at=record.undone_at,
            lines=record.lines_written,
            problems=count,
            totals=tuple(
                (total["currency"], total["imported"]) for total in (record.result or {}).get("totals", ())
            ),
            reason=record.reason,
        )
        for record, source, entity, count in session.execute(query)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """One sheet on the review page: its decision, first rows with what each is, counts and certificates."""

    position: int
    name: str | None
    used: bool
    result: Mapping[str, Any]
    detail: Mapping[str, Any]
    certificates: tuple[SheetCertificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything the review page shows of a staged (or imported) file."""

    import_id: int
    version: int
    kind: str
    status: str
    reason: str | None
    file_name: str
    options: Mapping[str, Any]
    decision: ReadingDecision | None
    questions: tuple[Mapping[str, Any], ...]
    sheets: tuple[ReviewSheet, ...]
    problems: tuple[Problem, ...]
    matched: Mapping[str, Any]
    suppliers_open: int
    totals: tuple[Mapping[str, str], ...]
    lines: Mapping[str, int]
    #: What an undo came to: counts by outcome under ``lines``, the rows that were not reversed under ``items``.
    undo: Mapping[str, Any] | None = None
    parts: Mapping[str, Any]


def review(session: Session, import_id: int) -> Review:
    """The review of an import.

    Raises:
        NotFoundError: when there is none.
    """
    record = find_import(session, import_id)
    result: Mapping[str, Any] = record.result or {}
    results: Sequence[Mapping[str, Any]] = result.get("sheets", ())
    by_sheet = certificates_of(session, record)
    sheets = []
    counts = dict.fromkeys(("read", "imported", "duplicate", "out_of_scope", "rejected"), 0)
    stored = session.scalars(
        select(ImportSheet).where(ImportSheet.import_id == import_id).order_by(ImportSheet.position)
    )
    for sheet in stored:
        own = results[sheet.position] if sheet.position < len(results) else {}
        for name, value in own.get("lines", {}).items():
            counts[name] = counts.get(name, 0) + value
        sheets.append(
            ReviewSheet(
                position=sheet.position,
                name=sheet.name,
                used=sheet.used,
                result=own,
                detail=sheet.detail,
                certificates=tuple(by_sheet[sheet.position]) if sheet.position < len(by_sheet) else (),
            )
        )
    return Review(
        import_id=record.id,
        version=record.version,
        kind=record.kind,
        status=record.status,
        reason=record.reason,
        file_name=record.file_name,
        options=record.options,
        decision=ReadingDecision.from_json(record.decision) if record.decision else None,
        questions=tuple(record.questions or ()),
        sheets=tuple(sheets),
        problems=tuple(problems_of(session, import_id)),
        matched=result.get("matched", {"lines": 0, "suppliers": 0, "amount": []}),
        suppliers_open=result.get("suppliers_open", 0),
        totals=tuple(result.get("totals", ())),
        lines=counts,
        undo=result.get("undo"),
        parts=result.get("parts", {}),
    )
