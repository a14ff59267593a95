"""Applying a read file: one transaction an import, whatever its kind, with certificate, problems, one trail entry."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.apply_benefits import apply_benefits
from mopsaudit.intake.apply_budget import apply_budget
from mopsaudit.intake.apply_contracts import apply_contracts
from mopsaudit.intake.apply_credits import apply_credits
from mopsaudit.intake.apply_inventory import apply_inventory
from mopsaudit.intake.apply_orders import apply_orders
from mopsaudit.intake.apply_people import apply_people
from mopsaudit.intake.apply_rates import apply_rates
from mopsaudit.intake.apply_spend import apply_spend, preview_spend
from mopsaudit.intake.apply_usage import apply_usage
from mopsaudit.intake.contract import Kind, Question, SheetDecision
from mopsaudit.intake.matching import judge_for
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.outcome import Outcome, sheet_json
from mopsaudit.intake.placing import storable
from mopsaudit.intake.receive import find_import, first_import
from mopsaudit.intake.settling import rematch_open
from mopsaudit.intake.spool import ReadFile
from mopsaudit.intake.tool_categories import REMEMBERED, told_words, waiting_words
from mopsaudit.intake.work_order import Work
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool, ToolName, Vendor, VendorName
from mopsaudit.store.ledger import (
    Import,
    ImportProblem,
    ImportSheet,
    ImportStatus,
    ImportTotal,
    LayoutProfile,
)

Handler = Callable[[Work], Outcome]


def _spend(work: Work) -> Outcome:
    return apply_spend(
        work.session,
        work.record,
        work.options,
        work.read.reading,
        work.read.spend(),
        work.sheets,
        work.judge,
        work.settings,
    )


#: How each kind enters.
HANDLERS: dict[Kind, Handler] = {
    Kind.SPEND: _spend,
    Kind.USAGE: apply_usage,
    Kind.INVENTORY: apply_inventory,
    Kind.CONTRACTS: apply_contracts,
    Kind.PEOPLE: apply_people,
    Kind.BUDGET: apply_budget,
    Kind.ORDERS: apply_orders,
    Kind.BENEFITS: apply_benefits,
    Kind.RATES: apply_rates,
    Kind.CREDITS: apply_credits,
}


def apply_import(
    session: Session, import_id: int, read: ReadFile, *, settings: Settings, now: datetime, today: date
) -> Import:
    """Bring a read import into the ledger, whole or not at all.

    Applying twice has one effect: an import that is in the ledger already is returned as it is. An import of bytes that
    entered meanwhile through another one is cancelled with the reason.

    Raises:
        InvalidError: when the import is not ready: a question is open, or it was refused, cancelled or undone.
    """
    record = find_import(session, import_id, lock=True)
    if record.status == ImportStatus.IMPORTED:
        return record
    if read.reading.questions or record.status != ImportStatus.READY:
        raise InvalidError(
            _NOT_READY.get(ImportStatus(record.status), "This import is not ready to be applied.")
        )
    options = ImportOptions.from_json(record.options)
    kind = Kind(record.kind)
    used = [sheet.name or "" for sheet in read.reading.decision.sheets if sheet.used]
    known = first_import(session, kind, record.sha256, options.sheets, besides=record.id) or first_import(
        session, kind, record.sha256, used, besides=record.id
    )
    if known is not None:
        record.status = ImportStatus.CANCELLED
        record.reason = f"The same file was imported already (import {known})."
        session.flush()
        return record
    sheets = _sheets(session, record)
    judge = judge_for(session, settings)
    work = Work(
        session=session,
        record=record,
        options=options,
        read=read,
        sheets=sheets,
        judge=judge,
        settings=settings,
        today=today,
        now=now,
    )
    names = _names(session)
    outcome = HANDLERS[kind](work)
    if kind is not Kind.SPEND and _names(session) != names:
        rematch_open(session, settings)  # spend that came before its tool finds it now
    _keep_outcome(session, record, read, sheets, outcome)
    remember_layout(session, record, read, options, now)
    record.status = ImportStatus.IMPORTED
    record.applied_at = now
    record.lines_digest = outcome.digest
    record.lines_written = outcome.written
    session.flush()
    return record


def open_questions(
    session: Session,
    record: Import,
    read: ReadFile,
    *,
    settings: Settings,
    now: datetime,
    today: date,
) -> tuple[Question, ...]:
    """What only a person can answer: the reading's questions, else those that inventory and catalogue leave open."""
    if read.reading.questions or Kind(record.kind) is not Kind.INVENTORY:
        return read.reading.questions
    return waiting_words(
        Work(
            session=session,
            record=record,
            options=ImportOptions.from_json(record.options),
            read=read,
            sheets=(),
            judge=judge_for(session, settings),
            settings=settings,
            today=today,
            now=now,
        )
    )


def _names(session: Session) -> tuple[int, ...]:
    """How many names the matcher could know: whether it must be asked again."""
    counts = (select(func.count()).select_from(model) for model in (Tool, Vendor, ToolName, VendorName))
    return tuple(session.scalar(query) or 0 for query in counts)


_NOT_READY = {
    ImportStatus.NEEDS_ANSWER: "This import waits for an answer; give it first.",
    ImportStatus.REFUSED: "This file was refused and cannot be imported.",
    ImportStatus.CANCELLED: "This import was cancelled; upload the file again.",
    ImportStatus.UNDONE: "This import was undone; upload the file again.",
    ImportStatus.QUEUED: "This file has not been read yet.",
}


def preview(
    session: Session,
    record: Import,
    read: ReadFile,
    *,
    settings: Settings,
    now: datetime,
    today: date,
) -> Outcome:
    """What applying would do now. Kinds other than spend are applied inside a savepoint that is taken back."""
    options = ImportOptions.from_json(record.options)
    judge = judge_for(session, settings)
    kind = Kind(record.kind)
    if kind is Kind.SPEND:
        return preview_spend(session, options, read.reading, read.spend(), judge)
    with session.begin_nested() as savepoint:
        work = Work(
            session=session,
            record=record,
            options=options,
            read=read,
            sheets=_sheets(session, record),
            judge=judge,
            settings=settings,
            today=today,
            now=now,
        )
        outcome = HANDLERS[kind](work)
        session.flush()
        savepoint.rollback()
    session.expire_all()
    return outcome


def _sheets(session: Session, record: Import) -> list[ImportSheet]:
    return list(
        session.scalars(
            select(ImportSheet).where(ImportSheet.import_id == record.id).order_by(ImportSheet.position)
        )
    )


def keep_sheets(session: Session, record: Import, read: ReadFile, outcome: Outcome | None) -> None:
    """Write the sheets, the problems and the result of a reading, in place of those of an earlier one."""
    session.execute(delete(ImportProblem).where(ImportProblem.import_id == record.id))
    session.execute(delete(ImportSheet).where(ImportSheet.import_id == record.id))
    for position, sheet in enumerate(read.reading.sheets):
        session.add(
            ImportSheet(
                import_id=record.id,
                position=position,
                name=sheet.decision.name,
                used=sheet.decision.used,
                detail=sheet_detail(read, position)
                | ({"changes": outcome.changes[position]} if outcome and position in outcome.changes else {}),
            )
        )
    session.flush()
    keep_problems(session, record, read, outcome)
    record.result = result_of(read, outcome)
    session.flush()


def keep_problems(session: Session, record: Import, read: ReadFile, outcome: Outcome | None) -> None:
    """Write the problems of a reading and of what it came to."""
    problems = [*read.reading.problems, *(outcome.problems if outcome else ())]
    if problems:
        session.execute(
            insert(ImportProblem),
            [
                {
                    "import_id": record.id,
                    "code": problem.code,
                    "severity": problem.severity.value,
                    "rejected": problem.rejected,
                    "sheet": problem.sheet,
                    "cell": problem.cell,
                    "message": storable(problem.message, 10_000),
                }
                for problem in problems
            ],
        )


def sheet_detail(read: ReadFile, position: int) -> dict[str, Any]:
    """What the review page shows of a sheet beside its result: first rows, what each row is, control totals."""
    sheet = read.reading.sheets[position]
    return {
        "preview": [[row, list(cells)] for row, cells in sheet.preview],
        "row_kinds": [[row, mark.value] for row, mark in sheet.row_kinds],
        "controls": [
            {
                "row": control.row,
                "cell": control.cell,
                "label": control.label,
                "amount": str(control.amount),
                "first_row": control.first_row,
                "last_row": control.last_row,
                "agrees": control.agrees,
                "grand": control.grand,
            }
            for control in sheet.controls
        ],
        "hidden_rows": sheet.hidden_rows,
        "hidden_columns": list(sheet.hidden_columns),
    }


def result_of(read: ReadFile, outcome: Outcome | None) -> dict[str, Any]:
    """The part of the object of INTERFACES.md that the rows decide."""
    done = outcome or Outcome()
    return {
        "sheets": [
            sheet_json(sheet, outcome.sheets.get(position) if outcome else None)
            for position, sheet in enumerate(read.reading.sheets)
        ],
        "totals": done.totals(),
        "matched": done.matched.to_json(),
        "suppliers_open": done.suppliers_open,
        "parts": done.parts,
    }


def _keep_outcome(
    session: Session, record: Import, read: ReadFile, sheets: Sequence[ImportSheet], outcome: Outcome
) -> None:
    session.execute(delete(ImportProblem).where(ImportProblem.import_id == record.id))
    keep_problems(session, record, read, outcome)
    for sheet in sheets:
        if sheet.position in outcome.changes:
            sheet.detail = {**sheet.detail, "changes": outcome.changes[sheet.position]}
    record.result = result_of(read, outcome)
    record.decision = read.reading.decision.to_json()
    for position, done in sorted(outcome.sheets.items()):
        for certificate in done.certificates:
            total = certificate.sheet_total
            session.add(
                ImportTotal(
                    import_id=record.id,
                    sheet_id=sheets[position].id,
                    currency=certificate.currency,
                    data=f"{certificate.data:f}",
                    imported_minor=certificate.imported_minor,
                    duplicate_minor=certificate.duplicate_minor,
                    out_of_scope_minor=certificate.out_of_scope_minor,
                    rejected=f"{certificate.rejected:f}",
                    rounding=f"{certificate.rounding:f}",
                    unreadable=certificate.unreadable,
                    sheet_total=None if total is None else f"{total:f}",
                )
            )
    session.flush()


def remember_layout(
    session: Session, record: Import, read: ReadFile, options: ImportOptions, now: datetime
) -> None:
    """Save what a person corrected, and which ledger this layout comes from, for the next file of the same layout."""
    corrected = bool(options.maps or options.answers or options.edited)
    told = options.source is not None or options.kind_of_source is not None or options.entity is not None
    for sheet in read.reading.decision.sheets:
        if not sheet.used or not sheet.fingerprint:
            continue
        profile = session.scalars(
            select(LayoutProfile).where(
                LayoutProfile.kind == record.kind, LayoutProfile.fingerprint == sheet.fingerprint
            )
        ).first()
        if profile is None:
            if not corrected and not told:
                continue
            profile = LayoutProfile(
                kind=record.kind,
                fingerprint=sheet.fingerprint,
                name=f"{record.file_name[:150]} · {sheet.name or 'text'}"[:200],
                decision=_corrections(read, sheet, options) if corrected else {},
            )
            session.add(profile)
        elif corrected:
            profile.decision = _corrections(read, sheet, options)
        if told or profile.source_id is None:
            profile.source_id = record.source_id
        profile.used_at = now
    session.flush()


def _corrections(read: ReadFile, sheet: SheetDecision, options: ImportOptions) -> dict[str, Any]:
    decision = read.reading.decision
    data: list[dict[str, Any]] = decision.to_json()["sheets"]
    found = data[decision.sheets.index(sheet)]
    words = told_words(sheet, dict(options.answers))
    if words:
        found["extra"] = {**found["extra"], REMEMBERED: words}
    return found
