"""Where every figure of the workbook comes from: numbered rows of the Sources sheet.

A figure has a row per kind of record, file and sheet it is made of: how many, the base-currency sum of spend lines, the
first and last cell, and the records by name; what nobody imported says that it was entered. Figures made of the very
same records (a tool's yearly cost stands on five sheets) share their rows, which name the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

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

ENTERED: Final = "entered in the product"
#: So many records and figures are named in a row; the rest is counted.
NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One row of Sources: the figures it carries, the kind of record, file, sheet, count, base sum, cells.

    ``trace`` is that of the figures; ``also`` names the others made of the same records.
    """

    trace: Trace
    figure: str
    also: str
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
    """A figure of the workbook: how a person calls it, and its trace."""

    label: str
    trace: Trace


@dataclass(slots=True)
class _Alike:
    """Figures of one trace: the first names, and how many there are."""

    labels: list[str]
    count: int = 1

    @property
    def others(self) -> str:
        told = "; ".join(self.labels[1:])
        rest = self.count - len(self.labels)
        return f"{told}; and {rest:,} more" if rest else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All rows of Sources in the order of the figures, by trace the 0-based number of its first row, and how many
    figures they carry.
    """

    rows: list[SourceLine]
    first: dict[Trace, int]
    figures: int


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    label: str
    file: str
    sheet: str
    cell: str


def figures_in(called: str, values: Iterable[tuple[str, object]]) -> Iterator[Figure]:
    """The traced amounts among labelled values; ``called`` is what a person calls the row they stand in."""
    for label, value in values:
        if isinstance(value, Amount) and value.trace is not None and value.minor is not None:
            yield Figure(label=f"{called} · {label}", trace=value.trace)


def source_lines(session: Session, scope: Scope, figures: Iterable[Figure]) -> Sources:
    """The rows of Sources of some figures."""
    together: dict[Trace, _Alike] = {}
    for figure in figures:
        alike = together.get(figure.trace)
        if alike is None:
            together[figure.trace] = _Alike([figure.label])
        else:
            alike.count += 1
            if len(alike.labels) <= NAMED:
                alike.labels.append(figure.label)
    by_filter = sources_of(session, scope, (trace.lines for trace in together if trace.lines is not None))
    records = _records(session, list(together))
    rows: list[SourceLine] = []
    first: dict[Trace, int] = {}
    count = 0
    for trace, alike in together.items():
        found = (
            [_of_lines(trace, alike, row) for row in by_filter.get(trace.lines, ())] if trace.lines else []
        )
        found += _of_records(trace, alike, _traced(trace, records))
        if found:
            first[trace] = len(rows)
            rows += found
            count += alike.count
    return Sources(rows=rows, first=first, figures=count)


def _named(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    told = "; ".join(names[:NAMED])
    return f"{told}; and {len(names) - NAMED:,} more" if len(names) > NAMED else told


def _of_lines(trace: Trace, alike: _Alike, row: SourceRow) -> SourceLine:
    return SourceLine(
        trace=trace,
        figure=alike.labels[0],
        also=alike.others,
        kind="spend lines",
        record="",
        file=row.file_name,
        sheet=row.sheet or "(text file)",
        count=row.lines,
        base_minor=row.base_minor,
        first_cell=row.first_cell,
        last_cell=row.last_cell,
    )


def _of_records(trace: Trace, alike: _Alike, records: Sequence[_Record]) -> list[SourceLine]:
    """A row per kind, file and sheet, in the order the figure names them."""
    groups: dict[tuple[str, str, str], list[_Record]] = {}
    for record in records:
        groups.setdefault((record.kind, record.file, record.sheet), []).append(record)
    return [
        SourceLine(
            trace=trace,
            figure=alike.labels[0],
            also=alike.others,
            kind=kind,
            record=_named([record.label for record in members]),
            file=file,
            sheet=sheet,
            count=len(members),
            base_minor=None,
            first_cell=members[0].cell,
            last_cell=members[-1].cell,
        )
        for (kind, file, sheet), members in groups.items()
    ]


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
