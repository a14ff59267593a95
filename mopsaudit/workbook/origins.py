"""Where every figure of the workbook comes from: numbered rows of the Sources sheet.

A figure made of spend lines has a row per file and sheet; one made of contract, budget, order, case or usage
records has a row per record, with the cell it was imported from or the word *entered*.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.facts.sources import SourceRow, sources_of
from mopsaudit.reporting import Amount, Trace
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetLine,
    BudgetVersion,
    BusinessCase,
    Contract,
    ContractLine,
    Import,
    ImportSheet,
    Instalment,
    OrderLine,
    PurchaseOrder,
    Tool,
    UsageSnapshot,
)

ENTERED = "entered in the product"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One row of Sources: the figure it carries, the kind of record, file, sheet, count, base sum, cells."""

    figure: str
    kind: str
    record: str
    file: str
    sheet: str
    count: int
    base_minor: int | None
    first_cell: str
    last_cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of the workbook with its place (sheet · row · column) and trace."""

    place: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    label: str
    file: str
    sheet: str
    cell: str


def figures_in(place: str, values: Iterable[tuple[str, object]]) -> list[Figure]:
    """The traced amounts among labelled values, named ``place · label``."""
    return [
        Figure(place=f"{place} · {label}", trace=value.trace)
        for label, value in values
        if isinstance(value, Amount) and value.trace is not None and value.minor is not None
    ]


def source_lines(
    session: Session, scope: Scope, figures: Sequence[Figure]
) -> tuple[list[SourceLine], dict[str, int]]:
    """All rows of Sources in the order of the figures, and by figure the 0-based number of its first row."""
    by_filter = sources_of(session, scope, (f.trace.lines for f in figures if f.trace.lines is not None))
    records = _records(session, [figure.trace for figure in figures])
    rows: list[SourceLine] = []
    first: dict[str, int] = {}
    for figure in figures:
        if figure.place in first:
            continue
        found = (
            [_of_lines(figure.place, row) for row in by_filter.get(figure.trace.lines, ())]
            if figure.trace.lines
            else []
        )
        found += [_of_record(figure.place, record) for record in _traced(figure.trace, records)]
        if found:
            first[figure.place] = len(rows)
            rows += found
    return rows, first


def _of_lines(place: str, row: SourceRow) -> SourceLine:
    return SourceLine(
        figure=place,
        kind="spend lines",
        record="",
        file=row.file_name,
        sheet=row.sheet or "(text file)",
        count=row.lines,
        base_minor=row.base_minor,
        first_cell=row.first_cell,
        last_cell=row.last_cell,
    )


def _of_record(place: str, record: _Record) -> SourceLine:
    return SourceLine(
        figure=place,
        kind=record.kind,
        record=record.label,
        file=record.file,
        sheet=record.sheet,
        count=1,
        base_minor=None,
        first_cell=record.cell,
        last_cell=record.cell,
    )


def _traced(trace: Trace, records: dict[str, dict[int, _Record]]) -> list[_Record]:
    wanted = (
        ("contract_line", trace.contract_lines),
        ("instalment", trace.instalments),
        ("order_line", trace.order_lines),
        ("snapshot", trace.snapshots),
        ("budget_line", trace.budget_lines),
        ("case", trace.cases),
    )
    return [records[kind][i] for kind, ids in wanted for i in ids if i in records[kind]]


def _place(origin: str | None) -> tuple[str, str]:
    """Sheet and cell of a stored origin ``Sheet!C42`` or ``C42``."""
    if not origin:
        return "", ""
    sheet, bang, cell = origin.rpartition("!")
    return (sheet, cell) if bang else ("", origin)


def _records(session: Session, traces: Sequence[Trace]) -> dict[str, dict[int, _Record]]:
    ids: dict[str, set[int]] = defaultdict(set)
    for trace in traces:
        ids["contract_line"].update(trace.contract_lines)
        ids["instalment"].update(trace.instalments)
        ids["order_line"].update(trace.order_lines)
        ids["snapshot"].update(trace.snapshots)
        ids["budget_line"].update(trace.budget_lines)
        ids["case"].update(trace.cases)
    found: dict[str, dict[int, _Record]] = defaultdict(dict)
    files = {row[0]: row[1] for row in session.execute(select(Import.id, Import.file_name)).all()}
    _contract_records(session, ids, files, found)
    _budget_records(session, ids, files, found)
    away = merged_away()
    for snapshot, tool, sheet in session.execute(
        select(UsageSnapshot, Tool.name, ImportSheet.name)
        .outerjoin(away, away.c.tool_id == UsageSnapshot.tool_id)
        .join(Tool, Tool.id == head_of(away, UsageSnapshot.tool_id))
        .join(ImportSheet, ImportSheet.id == UsageSnapshot.sheet_id)
        .order_by(UsageSnapshot.id)
    ).all():
        if snapshot.id in ids["snapshot"]:
            label = f"users of {tool} as of {snapshot.as_of.isoformat()}, grade {snapshot.grade}"
            found["snapshot"][snapshot.id] = _Record(
                "usage", label, files[snapshot.import_id], sheet or "(text file)", ""
            )
    return found


def _contract_records(
    session: Session, ids: dict[str, set[int]], files: dict[int, str], found: dict[str, dict[int, _Record]]
) -> None:
    for line, title in session.execute(
        select(ContractLine, Contract.title)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .order_by(ContractLine.id)
    ).all():
        if line.id in ids["contract_line"]:
            sheet, cell = _place(line.origin_cell)
            label = f"{title}: {line.description or line.sku or 'line'}"
            file = files.get(line.import_id, ENTERED) if line.import_id else ENTERED
            found["contract_line"][line.id] = _Record("contract line", label, file, sheet, cell)
    for instalment, title, import_id in session.execute(
        select(Instalment, Contract.title, Contract.import_id)
        .join(Contract, Contract.id == Instalment.contract_id)
        .order_by(Instalment.id)
    ).all():
        if instalment.id in ids["instalment"]:
            label = f"{title}: instalment of {instalment.due_on.isoformat()}"
            file = files.get(import_id, ENTERED) if import_id else ENTERED
            found["instalment"][instalment.id] = _Record("instalment", label, file, "", "")
    for ordered, number, import_id in session.execute(
        select(OrderLine, PurchaseOrder.number, PurchaseOrder.import_id)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .order_by(OrderLine.id)
    ).all():
        if ordered.id in ids["order_line"]:
            sheet, cell = _place(ordered.origin_cell)
            file = files.get(import_id, ENTERED) if import_id else ENTERED
            found["order_line"][ordered.id] = _Record(
                "order", f"{number} {ordered.description}".strip(), file, sheet, cell
            )


def _budget_records(
    session: Session, ids: dict[str, set[int]], files: dict[int, str], found: dict[str, dict[int, _Record]]
) -> None:
    for line, version, import_id in session.execute(
        select(BudgetLine, BudgetVersion.name, BudgetVersion.import_id)
        .join(BudgetVersion, BudgetVersion.id == BudgetLine.budget_id)
        .order_by(BudgetLine.id)
    ).all():
        if line.id in ids["budget_line"]:
            parts = (line.cost_centre, line.gl_account, line.programme, line.description)
            label = f"{version}: {' · '.join(part for part in parts if part) or 'line'}"
            cell = f"row {line.origin_row}" if line.origin_row else ""
            file = files.get(import_id, ENTERED) if import_id else ENTERED
            found["budget_line"][line.id] = _Record("budget line", label, file, line.origin_sheet or "", cell)
    for case in session.scalars(select(BusinessCase).order_by(BusinessCase.id)):
        if case.id in ids["case"]:
            found["case"][case.id] = _Record("business case", case.title, ENTERED, "", "")
