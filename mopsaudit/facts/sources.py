"""Which files a figure comes from: one row per workbook and sheet with count, sum, first and last cell.

The origin of a line is its oldest living sighting. Filters that differ only in their tools, or only in their lines, are
asked in one query, so a report of 2,000 tools or 7,000 invoices costs a handful of queries, not thousands.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.pieces import ledger_pieces, selected_pieces
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, ImportSheet, Sighting

_CHUNK = 2_000
_TOOLS, _LINES = "tool_ids", "line_ids"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A part of a figure from one sheet: lines, their base-currency sum (minor units), unconverted lines, cells."""

    import_id: int
    file_name: str
    sheet: str | None
    lines: int
    base_minor: int
    unconverted: int
    first_cell: str
    last_cell: str


@dataclass(frozen=True, slots=True)
class _Part:
    #: What the query told the parts apart by: a tool, a line, or nothing.
    key: int | None
    import_id: int
    sheet_id: int
    lines: int
    base_minor: int
    unconverted: int
    first_id: int
    last_id: int


def sources_of(
    session: Session, scope: Scope, filters: Iterable[LineFilter]
) -> dict[LineFilter, tuple[SourceRow, ...]]:
    """The sources of each filter's lines, by file name, sheet and first cell."""
    wanted = list(dict.fromkeys(filters))
    groups: dict[tuple[str, LineFilter], list[LineFilter]] = defaultdict(list)
    for each in wanted:
        groups[_alike(each)].append(each)
    parts: dict[LineFilter, list[_Part]] = {}
    merged = heads(session)
    for (by, _), members in groups.items():
        if len(members) == 1:
            parts[members[0]] = _parts(session, scope, members[0], merged, by="")
            continue
        ids = sorted({i for each in members for i in getattr(each, by)})
        found: dict[int | None, list[_Part]] = defaultdict(list)
        for start in range(0, len(ids), _CHUNK):
            chunk = tuple(ids[start : start + _CHUNK])
            together = (
                replace(members[0], tool_ids=chunk) if by == _TOOLS else replace(members[0], line_ids=chunk)
            )
            for part in _parts(session, scope, together, merged, by=by):
                found[part.key].append(part)
        for each in members:
            parts[each] = [part for i in dict.fromkeys(getattr(each, by)) for part in found[i]]
    return _named(session, parts)


def _alike(wanted: LineFilter) -> tuple[str, LineFilter]:
    """What filters asked in one query have in common, and the field they may differ in (empty: none)."""
    if wanted.tool_ids and not wanted.line_ids and all(tool_id > 0 for tool_id in wanted.tool_ids):
        return _TOOLS, replace(wanted, tool_ids=())
    if wanted.line_ids and not wanted.tool_ids:
        return _LINES, replace(wanted, line_ids=())
    return "", wanted


def _parts(session: Session, scope: Scope, wanted: LineFilter, merged: Heads, *, by: str) -> list[_Part]:
    selected = selected_pieces(ledger_pieces(), scope, wanted, merged).subquery("selected")
    older = aliased(Sighting)
    first_seen = (
        ~select(older.id)
        .where(older.line_id == Sighting.line_id, older.living, older.id < Sighting.id)
        .exists()
    )
    told_apart = {_TOOLS: [selected.c.tool_id], _LINES: [selected.c.line_id]}.get(by, [])
    keys = [*told_apart, Sighting.import_id, Sighting.sheet_id]
    rows = session.execute(
        select(
            *keys,
            func.count(),
            func.coalesce(func.sum(selected.c.base_minor), 0),
            func.count().filter(selected.c.base_minor.is_(None)),
            func.min(Sighting.id),
            func.max(Sighting.id),
        )
        .select_from(selected)
        .join(Sighting, Sighting.line_id == selected.c.line_id)
        .where(Sighting.living, first_seen)
        .group_by(*keys)
        .order_by(*keys)
    ).all()
    shift = len(told_apart)
    return [
        _Part(
            key=merged.tool_or_none(row[0]) if by == _TOOLS else row[0] if by else None,
            import_id=row[shift],
            sheet_id=row[shift + 1],
            lines=row[shift + 2],
            base_minor=int(row[shift + 3]),
            unconverted=row[shift + 4],
            first_id=row[shift + 5],
            last_id=row[shift + 6],
        )
        for row in rows
    ]


def _named(session: Session, parts: dict[LineFilter, list[_Part]]) -> dict[LineFilter, tuple[SourceRow, ...]]:
    every = [part for group in parts.values() for part in group]
    cells = _cells(session, sorted({i for part in every for i in (part.first_id, part.last_id)}))
    names = {
        (import_id, sheet_id): (file_name, sheet)
        for import_id, sheet_id, file_name, sheet in session.execute(
            select(Import.id, ImportSheet.id, Import.file_name, ImportSheet.name).join(
                ImportSheet, ImportSheet.import_id == Import.id
            )
        ).all()
    }
    return {
        wanted: tuple(
            sorted(
                _joined(group, names, cells), key=lambda row: (row.file_name, row.sheet or "", row.import_id)
            )
        )
        for wanted, group in parts.items()
    }


def _joined(
    group: Sequence[_Part], names: dict[tuple[int, int], tuple[str, str | None]], cells: dict[int, str]
) -> list[SourceRow]:
    by_sheet: dict[tuple[int, int], list[_Part]] = defaultdict(list)
    for part in group:
        by_sheet[part.import_id, part.sheet_id].append(part)
    return [
        SourceRow(
            import_id=key[0],
            file_name=names[key][0],
            sheet=names[key][1],
            lines=sum(part.lines for part in members),
            base_minor=sum(part.base_minor for part in members),
            unconverted=sum(part.unconverted for part in members),
            first_cell=cells[min(part.first_id for part in members)],
            last_cell=cells[max(part.last_id for part in members)],
        )
        for key, members in by_sheet.items()
    ]


def _cells(session: Session, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found |= dict(session.execute(select(Sighting.id, Sighting.cell).where(Sighting.id.in_(chunk))).all())
    return found
