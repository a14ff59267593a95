"""Usage files: users of tools as one file gave them at one day, matched to people by e-mail, then by id."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.journal import keep_journal, undo_journal
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.undo_item import COULD_NOT, REVERSED, UndoItem
from mopsaudit.intake.unknown_apps import UnknownApps
from mopsaudit.intake.usage_records import Told, Use, remove_snapshots, use_of, write_snapshot
from mopsaudit.intake.waiting_users import app_key, forget_waiting, keep_waiting
from mopsaudit.intake.work_order import Work
from mopsaudit.periods import month_end, month_of
from mopsaudit.problems import Severity, declare
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import (
    Import,
    ImportSheet,
    UsageRecord,
    UsageSnapshot,
)

REPEATED = declare(
    "usage.user.repeated",
    Severity.NOTE,
    "A user stands in the file more than once with the same licence",
    "Nothing: the rows count once, with the latest activity.",
)

#: By sheet, tool or folded name of an application, day, grade and event.
Snapshots = dict[tuple[int, int | str, date, str, str], "_Shot"]


@dataclass(slots=True)
class _Shot:
    """One tool's users (or counts) at one day; of an application nobody knows, which waits for its tool."""

    tool: Tool | None
    #: What it goes by in this import: the folded name of an application that waits.
    name: str
    position: int
    as_of: date
    grade: str
    event: str
    users: dict[tuple[str, str, str], Use] = field(default_factory=dict)
    assigned_count: int | None = None
    active_count: int | None = None
    count_row: int | None = None

    @property
    def known(self) -> Tool:
        """Its tool, of a snapshot that does not wait for one."""
        if self.tool is None:
            raise TypeError("an application that waits has no tool")
        return self.tool


def apply_usage(work: Work) -> Outcome:
    """One snapshot per tool, day, grade and event. Rows of an application nobody knows are listed and counted, and
    their users wait beside the ledger until somebody says which tool it is.

    Raises:
        InvalidError: when no row names a tool the inventory or the catalogue knows, and the name is not the file's own.
    """
    shots: Snapshots = {}
    waiting: Snapshots = {}
    unknown = UnknownApps()
    repeated: Counter[int] = Counter()
    with desk(work) as at:
        for position, row in work.read.records():
            at.journal.at(work.session, position, row.row, row.cells.get("tool"))
            name = str(row.values.get("tool") or work.options.tool or "").strip()
            tool = at.tool(name, propose=True) if name else None
            sheet = at.outcome.sheet(position)
            if tool is None:
                _see_unknown(unknown, at, position, row, name)
                if name:
                    _take(waiting, at, position, row, None, app_key(name))
                sheet.rejected += 1
                continue
            if _take(shots, at, position, row, tool, tool.id):
                sheet.imported += 1
            else:
                sheet.duplicate += 1
                repeated[position] += 1
        unknown.tell(at, alone=not shots, typed=work.options.tool)
        for position, count in sorted(repeated.items()):
            message = f"{count} row{'s' if count > 1 else ''} repeat a user of the same licence; each user counts once."
            at.problem(REPEATED, message, position, None)
        _write(work, at, shots)
        _show(at, shots, work.settings)
        work.session.flush()
        keep_journal(work.sheets, at.journal)
        unknown.keep(work.sheets)
        for shot in waiting.values():
            name = unknown.printed(shot.position, shot.name)
            keep_waiting(work.session, name, _told(work, shot), _uses(at, shot))
    outcome = at.outcome
    for position, reading in enumerate(work.read.reading.sheets):
        if reading.decision.used:
            outcome.sheet(position).rejected += reading.lines_rejected
    return outcome


def _measure(at: Desk, row: RecordRow) -> tuple[str, str, date, int | None]:
    """Grade, event, day, and the number of active users where the row states one and names nobody."""
    values = row.values
    grade, event = str(values.get("grade") or "A"), str(values.get("event") or "activity")
    count = values.get("active_count")
    if count is None or any(values.get(name) for name in ("user_email", "user_id", "user_name")):
        return grade, event, at.today, None
    month = values.get("month")
    day = min(month_end(month_of(month)), at.today) if isinstance(month, date) else at.today
    return grade, event, day, int(Decimal(str(count)))


def _see_unknown(unknown: UnknownApps, at: Desk, position: int, row: RecordRow, name: str) -> None:
    """Count a row of an application nobody knows."""
    grade, event, day, count = _measure(at, row)
    unknown.see(position, name, row.cells.get("tool"), grade=grade, event=event, as_of=day)
    if count is not None:
        unknown.add_count(position, name, count, day)
    elif (use := use_of(row)).key:
        unit_id = at.units.named(use.department)
        unknown.add_person(position, name, use.key, unit_id=unit_id, last=use.last)


def _take(
    shots: Snapshots, at: Desk, position: int, row: RecordRow, tool: Tool | None, name: int | str
) -> bool:
    """A row into its snapshot, by its tool's id or its application's name; false when it repeats a user."""
    values = row.values
    grade, event, day, count = _measure(at, row)
    shot = shots.setdefault(
        (position, name, day, grade, event), _Shot(tool, str(name), position, day, grade, event)
    )
    if count is not None:
        assigned = values.get("assigned")
        shot.active_count = (shot.active_count or 0) + count
        if isinstance(assigned, int | Decimal) and not isinstance(assigned, bool):
            shot.assigned_count = (shot.assigned_count or 0) + int(assigned)
        shot.count_row = row.row
        return True
    use = use_of(row)
    key = (use.key, use.licence, use.feature)
    known = shot.users.get(key)
    if known is None:
        shot.users[key] = use
        return True
    known.last = max(filter(None, (known.last, use.last)), default=None)
    known.never = known.never and use.never and known.last is None
    known.assigned = known.assigned or use.assigned
    return False


def _write(work: Work, at: Desk, shots: Snapshots) -> None:
    written: list[str] = []
    for shot in shots.values():
        tool = shot.known
        told = _told(work, shot)
        write_snapshot(work.session, tool.id, told, _uses(at, shot))
        written += [f"{tool.id}|{shot.as_of}|{shot.active_count}"]
        written += [
            f"{tool.id}|{use.key}|{use.licence}|{use.feature}|{use.last}" for use in shot.users.values()
        ]
    at.outcome.written = len(written)
    at.outcome.digest = sha256("\n".join(sorted(written)).encode("utf-8", "surrogatepass")).hexdigest()


def _told(work: Work, shot: _Shot) -> Told:
    return Told(
        import_id=work.record.id,
        sheet_id=work.sheets[shot.position].id,
        as_of=shot.as_of,
        grade=shot.grade,
        event=shot.event,
        layout=_layout(work, shot.position),
        assigned_count=shot.assigned_count,
        active_count=shot.active_count,
    )


def _uses(at: Desk, shot: _Shot) -> list[Use]:
    """The users of a snapshot with the unit their department names."""
    for use in shot.users.values():
        use.unit_id = at.units.named(use.department)
    return list(shot.users.values())


def _layout(work: Work, position: int) -> str | None:
    extra: Mapping[str, Any] = dict(work.read.reading.sheets[position].decision.extra)
    name = extra.get("vendor_layout") or extra.get("layout")
    return str(name)[:60] if name else None


def _show(at: Desk, shots: Snapshots, settings: Settings) -> None:
    """What the sheet's JSON adds: people, active ones, and each tool. Activity is unknown in an assignment list."""
    by_sheet: dict[int, list[_Shot]] = {}
    for shot in shots.values():
        by_sheet.setdefault(shot.position, []).append(shot)
    for position, found in by_sheet.items():
        people: set[str] = set()
        active: set[str] = set()
        tools = []
        for shot in found:
            keys = {use.key for use in shot.users.values()}
            people |= keys
            tool = shot.known
            window = timedelta(days=_window(tool, settings))
            busy = {
                use.key
                for use in shot.users.values()
                if use.last is not None and shot.as_of - window < use.last <= shot.as_of
            }
            active |= busy
            known = shot.event != "assignment" or any(use.last or use.never for use in shot.users.values())
            last = max((use.last for use in shot.users.values() if use.last), default=None)
            assigned = len({use.key for use in shot.users.values() if use.assigned})
            tools.append(
                {
                    "tool": tool.name,
                    "as_of": shot.as_of.isoformat(),
                    "assigned": shot.assigned_count if shot.active_count is not None else assigned,
                    "active": shot.active_count
                    if shot.active_count is not None
                    else len(busy)
                    if known
                    else None,
                    "last_activity": None if last is None else last.isoformat(),
                    "grade": shot.grade,
                    "event": shot.event,
                }
            )
        unknown = all(tool["active"] is None for tool in tools)
        at.outcome.sheet(position).extra = {
            "people": len(people),
            "active": None if unknown else len(active),
            "tools": sorted(tools, key=lambda tool: (str(tool["tool"]), str(tool["as_of"]))),
        }


def _window(tool: Tool, settings: Settings) -> int:
    if tool.activity_window_days:
        return tool.activity_window_days
    return settings.daily_window_days if tool.daily_use else settings.activity_window_days


def undo_usage(session: Session, record: Import, _today: date) -> list[UndoItem]:
    """Take out an import's snapshots, the user records nobody else has, and tools it proposed that nothing uses."""
    items: list[UndoItem] = []
    rows = session.execute(
        select(UsageRecord.row, UsageRecord.cell, ImportSheet.name)
        .join(UsageSnapshot, UsageSnapshot.id == UsageRecord.snapshot_id)
        .join(ImportSheet, ImportSheet.id == UsageSnapshot.sheet_id)
        .where(UsageSnapshot.import_id == record.id)
        .order_by(UsageRecord.id)
    )
    items += [
        UndoItem(outcome=REVERSED, what="usage record", sheet=sheet, row=row, cell=cell)
        for row, cell, sheet in rows
    ]
    counts = session.execute(
        select(UsageSnapshot.id, ImportSheet.name)
        .join(ImportSheet, ImportSheet.id == UsageSnapshot.sheet_id)
        .where(UsageSnapshot.import_id == record.id, UsageSnapshot.active_count.is_not(None))
        .order_by(UsageSnapshot.id)
    )
    items += [UndoItem(outcome=REVERSED, what="usage count", sheet=sheet) for _, sheet in counts]
    forget_waiting(session, record.id)
    remove_snapshots(session, UsageSnapshot.import_id == record.id)
    items += [item for item in undo_journal(session, record) if item.outcome == COULD_NOT]
    return items
