"""Usage files: users of tools as one file gave them at one day, matched to people by e-mail, then by id."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import insert_rows, reserve_ids, select_in
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.journal import keep_journal, undo_journal
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.undo_item import COULD_NOT, REVERSED, UndoItem
from mopsaudit.intake.unknown_apps import UnknownApps
from mopsaudit.intake.work_order import Work
from mopsaudit.organisation import email_key
from mopsaudit.periods import month_end, month_of
from mopsaudit.problems import Severity, declare
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Exemption, Tool
from mopsaudit.store.ledger import (
    Import,
    ImportSheet,
    ReclaimCase,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)
from mopsaudit.store.people import Person

REPEATED = declare(
    "usage.user.repeated",
    Severity.NOTE,
    "A user stands in the file more than once with the same licence",
    "Nothing: the rows count once, with the latest activity.",
)

Snapshots = dict[tuple[int, int, date, str, str], "_Shot"]


@dataclass(slots=True)
class _Use:
    """A user of a tool in the file, joined from its rows."""

    key: str
    external: str | None
    kind: str
    row: int
    cell: str
    licence: str
    feature: str
    status: str | None
    assigned: bool
    assigned_on: date | None
    created: date | None
    last: date | None
    never: bool
    used_halves: int | None
    department: str | None


@dataclass(slots=True)
class _Shot:
    """One tool's users (or counts) at one day."""

    tool: Tool
    position: int
    as_of: date
    grade: str
    event: str
    users: dict[tuple[str, str, str], _Use] = field(default_factory=dict)
    assigned_count: int | None = None
    active_count: int | None = None
    count_row: int | None = None


def apply_usage(work: Work) -> Outcome:
    """One snapshot per tool, day, grade and event. Rows of a tool nobody knows are listed, counted and left out.

    Raises:
        InvalidError: when no row names a tool the inventory or the catalogue knows, unless it is a sign-on list of
            several applications.
    """
    shots: Snapshots = {}
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
                sheet.rejected += 1
                continue
            if _take(shots, at, position, row, tool):
                sheet.imported += 1
            else:
                sheet.duplicate += 1
                repeated[position] += 1
        unknown.tell(at, alone=not shots)
        for position, count in sorted(repeated.items()):
            message = f"{count} row{'s' if count > 1 else ''} repeat a user of the same licence; each user counts once."
            at.problem(REPEATED, message, position, None)
        _write(work, at, shots)
        _show(at, shots, work.settings)
        work.session.flush()
        keep_journal(work.sheets, at.journal)
        unknown.keep(work.sheets)
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
    elif (use := _use(row)).key:
        unit_id = at.units.named(use.department)
        unknown.add_person(position, name, use.key, unit_id=unit_id, last=use.last)


def _take(shots: Snapshots, at: Desk, position: int, row: RecordRow, tool: Tool) -> bool:
    """A row into its snapshot; false when it repeats a user."""
    values = row.values
    grade, event, day, count = _measure(at, row)
    shot = shots.setdefault((position, tool.id, day, grade, event), _Shot(tool, position, day, grade, event))
    if count is not None:
        assigned = values.get("assigned")
        shot.active_count = (shot.active_count or 0) + count
        if isinstance(assigned, int | Decimal) and not isinstance(assigned, bool):
            shot.assigned_count = (shot.assigned_count or 0) + int(assigned)
        shot.count_row = row.row
        return True
    use = _use(row)
    key = (use.key, use.licence, use.feature)
    known = shot.users.get(key)
    if known is None:
        shot.users[key] = use
        return True
    known.last = max(filter(None, (known.last, use.last)), default=None)
    known.never = known.never and use.never and known.last is None
    known.assigned = known.assigned or use.assigned
    return False


def _use(row: RecordRow) -> _Use:
    values = row.values
    email = values.get("user_email")
    external = str(values["user_id"]).strip() if values.get("user_id") not in (None, "") else None
    key = email_key(str(email)) if email else (external or str(values.get("user_name") or "")).casefold()
    assigned = values.get("assigned")
    used = values.get("used")
    return _Use(
        key=key[:320],
        external=external,
        kind=str(values.get("account_kind") or "person"),
        row=row.row,
        cell=str(
            row.cells.get("last_activity") or row.cells.get("user_email") or row.cells.get("user_id") or ""
        )[:12],
        licence=str(values.get("licence") or "")[:200],
        feature=str(values.get("feature") or "")[:200],
        status=str(values["status"])[:60] if values.get("status") else None,
        assigned=assigned is not False,
        assigned_on=assigned if isinstance(assigned, date) else None,
        created=values.get("created"),
        last=values.get("last_activity"),
        never=bool(values.get("never")) and values.get("last_activity") is None,
        used_halves=None if used is None else round(float(used) * 2),
        department=values.get("department"),
    )


def _write(work: Work, at: Desk, shots: Snapshots) -> None:
    session = work.session
    written: list[str] = []
    for shot in shots.values():
        snapshot = UsageSnapshot(
            tool_id=shot.tool.id,
            import_id=work.record.id,
            sheet_id=work.sheets[shot.position].id,
            as_of=shot.as_of,
            grade=shot.grade,
            event=shot.event,
            layout=_layout(work, shot.position),
            assigned_count=shot.assigned_count,
            active_count=shot.active_count,
        )
        session.add(snapshot)
        session.flush()
        users = _tool_users(session, shot)
        table: Any = UsageRecord.__table__
        columns = (
            *("snapshot_id", "tool_user_id", "unit_id", "licence", "feature", "status", "assigned"),
            *("assigned_on", "created_on", "last_activity", "never", "used_halves", "row", "cell"),
        )
        rows = [
            (
                snapshot.id,
                users[use.key],
                at.units.named(use.department),
                use.licence,
                use.feature,
                use.status,
                use.assigned,
                use.assigned_on,
                use.created,
                use.last,
                use.never,
                use.used_halves,
                use.row,
                use.cell,
            )
            for use in shot.users.values()
        ]
        insert_rows(session, table, columns, rows)
        written += [f"{shot.tool.id}|{shot.as_of}|{shot.active_count}"]
        written += [
            f"{shot.tool.id}|{use.key}|{use.licence}|{use.feature}|{use.last}" for use in shot.users.values()
        ]
    at.outcome.written = len(written)
    at.outcome.digest = sha256("\n".join(sorted(written)).encode("utf-8", "surrogatepass")).hexdigest()


def _layout(work: Work, position: int) -> str | None:
    extra: Mapping[str, Any] = dict(work.read.reading.sheets[position].decision.extra)
    name = extra.get("vendor_layout") or extra.get("layout")
    return str(name)[:60] if name else None


def _tool_users(session: Session, shot: _Shot) -> dict[str, int]:
    """Ids of the tool's user records by key; new ones are made, with the person they are where one is known."""
    uses: dict[str, _Use] = {}
    for use in shot.users.values():
        uses.setdefault(use.key, use)
    known = {
        user.user_key: user
        for (user,) in select_in(
            session, select(ToolUser).where(ToolUser.tool_id == shot.tool.id), ToolUser.user_key, sorted(uses)
        )
    }
    people = dict(select_in(session, select(Person.email_key, Person.id), Person.email_key, sorted(uses)))
    numbers = sorted({use.external for use in uses.values() if use.external})
    by_number = dict(select_in(session, select(Person.external_id, Person.id), Person.external_id, numbers))
    for key, user in known.items():
        use = uses[key]
        if user.kind_set_by_id is None and user.account_kind != use.kind:
            user.account_kind = use.kind
        if user.person_id is None:
            user.person_id = people.get(key) or by_number.get(use.external)
    fresh = [key for key in uses if key not in known]
    table: Any = ToolUser.__table__
    ids = reserve_ids(session, table, len(fresh))
    insert_rows(
        session,
        table,
        ("id", "tool_id", "user_key", "person_id", "account_kind"),
        (
            (
                new_id,
                shot.tool.id,
                key,
                people.get(key) or by_number.get(uses[key].external),
                uses[key].kind[:12],
            )
            for key, new_id in zip(fresh, ids, strict=True)
        ),
    )
    session.flush()
    return {key: user.id for key, user in known.items()} | dict(zip(fresh, ids, strict=True))


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
            window = timedelta(days=_window(shot.tool, settings))
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
                    "tool": shot.tool.name,
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
    shots = select(UsageSnapshot.id).where(UsageSnapshot.import_id == record.id)
    users = list(
        session.scalars(
            select(UsageRecord.tool_user_id)
            .where(UsageRecord.snapshot_id.in_(shots))
            .distinct()
            .order_by(UsageRecord.tool_user_id)
        )
    )
    quiet = {"synchronize_session": False}
    session.execute(delete(UsageRecord).where(UsageRecord.snapshot_id.in_(shots)).execution_options(**quiet))
    session.execute(
        delete(UsageSnapshot).where(UsageSnapshot.import_id == record.id).execution_options(**quiet)
    )
    for start in range(0, len(users), 5_000):
        session.execute(
            delete(ToolUser)
            .where(
                ToolUser.id.in_(users[start : start + 5_000]),
                ToolUser.kind_set_by_id.is_(None),
                ~exists().where(UsageRecord.tool_user_id == ToolUser.id),
                ~exists().where(ReclaimCase.tool_user_id == ToolUser.id),
                ~exists().where(Exemption.tool_user_id == ToolUser.id),
            )
            .execution_options(**quiet)
        )
    session.expire_all()
    items += [item for item in undo_journal(session, record) if item.outcome == COULD_NOT]
    return items
