"""Writing and removing usage snapshots: a tool's users as one file gave them at one day, with the people they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import insert_rows, reserve_ids, select_in
from mopsaudit.intake.contract import RecordRow
from mopsaudit.organisation import email_key
from mopsaudit.store.inventory import Exemption
from mopsaudit.store.ledger import ReclaimCase, ToolUser, UsageRecord, UsageSnapshot
from mopsaudit.store.people import Person

#: Columns of a usage record and of a waiting user that :attr:`Use.noted` fills.
NOTED = (
    *("unit_id", "licence", "feature", "status", "assigned", "assigned_on"),
    *("created_on", "last_activity", "never", "used_halves", "row", "cell"),
)


@dataclass(slots=True)
class Use:
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
    unit_id: int | None = None

    @property
    def noted(self) -> tuple[object, ...]:
        """What a record keeps of the user, whether the tool is known or waited for, in the order of ``NOTED``."""
        return (
            *(self.unit_id, self.licence, self.feature, self.status, self.assigned, self.assigned_on),
            *(self.created, self.last, self.never, self.used_halves, self.row, self.cell),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file says of all users of a snapshot: whence, of which day, on which evidence, and stated counts."""

    import_id: int
    sheet_id: int
    as_of: date
    grade: str
    event: str
    layout: str | None
    assigned_count: int | None = None
    active_count: int | None = None


def use_of(row: RecordRow) -> Use:
    """A row as the user it names; its unit is not looked up yet."""
    values = row.values
    email = values.get("user_email")
    external = str(values["user_id"]).strip() if values.get("user_id") not in (None, "") else None
    key = email_key(str(email)) if email else (external or str(values.get("user_name") or "")).casefold()
    assigned = values.get("assigned")
    used = values.get("used")
    return Use(
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


def write_snapshot(session: Session, tool_id: int, told: Told, uses: Sequence[Use]) -> int:
    """Store a snapshot of a tool with its users; its id. Of equal users (licence and feature too) there is one."""
    snapshot = UsageSnapshot(
        tool_id=tool_id,
        import_id=told.import_id,
        sheet_id=told.sheet_id,
        as_of=told.as_of,
        grade=told.grade,
        event=told.event,
        layout=told.layout,
        assigned_count=told.assigned_count,
        active_count=told.active_count,
    )
    session.add(snapshot)
    session.flush()
    users = _tool_users(session, tool_id, uses)
    table: Any = UsageRecord.__table__
    rows = [(snapshot.id, users[use.key], *use.noted) for use in uses]
    insert_rows(session, table, ("snapshot_id", "tool_user_id", *NOTED), rows)
    return snapshot.id


def _tool_users(session: Session, tool_id: int, rows: Sequence[Use]) -> dict[str, int]:
    """Ids of the tool's user records by key; new ones are made, with the person they are where one is known."""
    uses: dict[str, Use] = {}
    for use in rows:
        uses.setdefault(use.key, use)
    known = {
        user.user_key: user
        for (user,) in select_in(
            session, select(ToolUser).where(ToolUser.tool_id == tool_id), ToolUser.user_key, sorted(uses)
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
                tool_id,
                key,
                people.get(key) or by_number.get(uses[key].external),
                uses[key].kind[:12],
            )
            for key, new_id in zip(fresh, ids, strict=True)
        ),
    )
    session.flush()
    return {key: user.id for key, user in known.items()} | dict(zip(fresh, ids, strict=True))


def remove_snapshots(session: Session, which: ColumnElement[bool]) -> None:
    """Take out the snapshots of a condition, their records, and users nobody else has and nobody spoke of since."""
    shots = list(session.scalars(select(UsageSnapshot.id).where(which).order_by(UsageSnapshot.id)))
    if not shots:
        return
    of_these = UsageRecord.snapshot_id.in_(select(UsageSnapshot.id).where(which))
    users = list(
        session.scalars(
            select(UsageRecord.tool_user_id).where(of_these).distinct().order_by(UsageRecord.tool_user_id)
        )
    )
    quiet = {"synchronize_session": False}
    session.execute(delete(UsageRecord).where(of_these).execution_options(**quiet))
    session.execute(delete(UsageSnapshot).where(which).execution_options(**quiet))
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
