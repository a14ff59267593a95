"""The trail: who changed what, when, from what to what and why; append-only and chained (PRODUCT.md §4.8).

It hangs on the mapper's own flush events, so library code that commits by itself is covered too. What a flush changed
is held with the session and written as entries just before the commit, in the same transaction, so that the chain's
lock is held for an instant only. Statements that would pass by (bulk UPDATE, DELETE or INSERT on an audited table)
are refused unless their execution option :data:`COVERED` says that the caller notes them itself.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction, object_session

from mopsaudit.store.base import Base
from mopsaudit.store.chain import Change, Values, append
from mopsaudit.store.keys import Head, Keyring
from mopsaudit.store.system import TrailEntry

#: Execution option of a statement on an audited table whose effect the caller notes with :func:`note`.
COVERED: Final = "mopsaudit_trail_covered"
#: Text or JSON longer than this stands in the trail by its digest.
LONGEST: Final = 2000
_PENDING: Final = "mopsaudit.trail.pending"
_HEAD: Final = "mopsaudit.trail.head"
_QUIET: Final = frozenset({"version"})


class Occasion(Protocol):
    """Who, when and why: what a unit of work knows."""

    @property
    def label(self) -> str:
        """The actor."""

    @property
    def now(self) -> datetime:
        """The moment, aware UTC."""

    @property
    def reason(self) -> str | None:
        """Why, if said."""


def note(
    session: Session,
    *,
    action: str,
    subject: str,
    record_id: int | None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Write an entry of its own in the session's unit of work (an import with its digest, a bulk change)."""
    _hold(session, action, subject, record_id, before, after)


def watch(
    sessions: type[Session],
    *,
    occasion_of: Callable[[Session], Occasion],
    keyring_of: Callable[[Session], Keyring],
) -> None:
    """Write the trail of all changes that go through ``sessions``."""
    _occasions[sessions] = occasion_of
    event.listen(sessions, "do_orm_execute", _refuse_unseen)
    event.listen(sessions, "after_transaction_create", _mark)
    event.listen(sessions, "after_soft_rollback", _forget)

    def before_commit(session: Session) -> None:
        if not session.in_nested_transaction():
            session.flush()
            pending = session.info.pop(_PENDING, None)
            if pending:
                session.info[_HEAD] = append(session.connection(), keyring_of(session), _merged(pending))

    def after_commit(session: Session) -> None:
        head: Head | None = session.info.pop(_HEAD, None)
        if head is not None:
            keyring_of(session).advance(head)

    event.listen(sessions, "before_commit", before_commit)
    event.listen(sessions, "after_commit", after_commit)


_occasions: dict[type[Session], Callable[[Session], Occasion]] = {}
_marks: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()


def _hold(
    session: Session,
    action: str,
    subject: str,
    record_id: int | None,
    before: Values | None,
    after: Values | None,
) -> None:
    occasion = next(of for kind, of in _occasions.items() if isinstance(session, kind))(session)
    session.info.setdefault(_PENDING, []).append(
        Change(
            actor=occasion.label,
            at=occasion.now,
            action=action,
            subject=subject,
            record_id=record_id,
            before=before,
            after=after,
            reason=occasion.reason,
        )
    )


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _marks[transaction] = len(session.info.get(_PENDING, ()))


def _forget(session: Session, transaction: SessionTransaction) -> None:
    pending = session.info.get(_PENDING)
    if pending is not None:
        del pending[_marks.get(transaction, 0) if transaction.nested else 0 :]
    if not transaction.nested:
        session.info.pop(_HEAD, None)


def _refuse_unseen(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    if isinstance(table, Table) and table in _audited_tables() and not state.execution_options.get(COVERED):
        raise RuntimeError(
            f"a bulk statement on {table.name} passes the trail by; change its records through the session, "
            f"or note the change and set the execution option {COVERED}"
        )


def _audited_tables() -> frozenset[Table]:
    if not _tables:
        _tables.update(
            {mapper.local_table: mapper for mapper in Base.registry.mappers if mapper.class_.audited}  # type: ignore[misc]
        )
    return frozenset(_tables)


_tables: dict[Table, Mapper[Any]] = {}


# ── What a flush changes ──────────────────────────────────────────────────────────────────────────


@event.listens_for(Base, "after_insert", propagate=True)
def _after_insert(mapper: Mapper[Any], _connection: Connection, target: Base) -> None:
    session = _watched(target)
    if session is not None:
        row = {column.key: inspect(target).dict.get(key) for key, column in _columns(mapper)}
        _hold(session, "insert", _name(mapper), row["id"], None, _shown(mapper, row, skip_none=True))


@event.listens_for(Base, "before_update", propagate=True)
def _before_update(mapper: Mapper[Any], connection: Connection, target: Base) -> None:
    session = _watched(target)
    if session is None:
        return
    state = inspect(target)
    before: Values = {}
    after: Values = {}
    unknown = False
    for key, column in _columns(mapper):
        history = state.attrs[key].history
        if column.key not in _QUIET and history.has_changes():
            after[column.key] = history.added[0] if history.added else None
            before[column.key] = history.deleted[0] if history.deleted else None
            unknown = unknown or not history.deleted
    if not after:
        return
    identity = state.identity[0] if state.identity else None
    row = _row(connection, mapper, identity) if unknown or mapper.class_.personal else {}
    if unknown:
        before = {key: row.get(key) for key in before}
    if before != after:
        person = row.get("person_id")
        _hold(
            session,
            "update",
            _name(mapper),
            identity,
            _shown(mapper, before, identity=identity, person=person),
            _shown(mapper, after, identity=identity, person=person),
        )


@event.listens_for(Base, "before_delete", propagate=True)
def _before_delete(mapper: Mapper[Any], connection: Connection, target: Base) -> None:
    state = inspect(target)
    if state.identity is None:
        return
    session = object_session(target)
    if session is None or not isinstance(session, tuple(_occasions)):
        return
    if mapper.class_.audited:
        row = _row(connection, mapper, state.identity[0])
        if row:
            _hold(session, "delete", _name(mapper), row["id"], _shown(mapper, row, skip_none=True), None)
    _hold_cascade(session, connection, mapper.local_table, state.identity[0])


def _hold_cascade(session: Session, connection: Connection, parent: Any, identity: int) -> None:
    """Rows the database itself deletes with their parent."""
    for table in _audited_tables():
        mapper = _tables[table]
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            if key.column.table is parent and key.ondelete == "CASCADE":
                rows = connection.execute(select(table).where(key.parent == identity).order_by(table.c.id))
                for found in rows.mappings().all():
                    row = dict(found)
                    shown = _shown(mapper, row, skip_none=True)
                    _hold(session, "delete", table.name, row["id"], shown, None)
                    _hold_cascade(session, connection, table, row["id"])


def _watched(target: Base) -> Session | None:
    session = object_session(target)
    return session if target.audited and isinstance(session, tuple(_occasions)) else None


def _name(mapper: Mapper[Any]) -> str:
    return str(mapper.class_.__tablename__)


def _columns(mapper: Mapper[Any]) -> Iterable[tuple[str, Any]]:
    """(attribute, column) pairs in the order of the table."""
    return ((mapper.get_property_by_column(column).key, column) for column in mapper.local_table.columns)


def _row(connection: Connection, mapper: Mapper[Any], identity: int | None) -> Values:
    table: Any = mapper.local_table
    found = connection.execute(select(table).where(table.c.id == identity)).mappings().one_or_none()
    return dict(found) if found is not None else {}


def _shown(
    mapper: Mapper[Any],
    row: Mapping[str, Any],
    *,
    skip_none: bool = False,
    identity: int | None = None,
    person: int | None = None,
) -> Values:
    """Values as the trail keeps them: JSON; personal ones as a reference to the row that holds them."""
    own = identity if identity is not None else row.get("id")
    holder = person if person is not None else row.get("person_id")
    reference = f"person:{holder}" if holder is not None else f"{_name(mapper)}:{own}"
    return {
        key: {"ref": reference} if key in mapper.class_.personal and value is not None else plain(value)
        for key, value in row.items()
        if key not in _QUIET and not (skip_none and value is None)
    }


def plain(value: Any) -> Any:
    """A value in JSON that reads back equal; long ones by digest and length."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    written = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    if len(written) > LONGEST:
        digest = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
        return {"sha256": digest, "characters": len(written)}
    return value if isinstance(value, str) else json.loads(written)


# ── What is written of it ─────────────────────────────────────────────────────────────────────────


def _merged(pending: Iterable[Change]) -> list[Change]:
    """One entry per record and transaction: an insert or update with what later flushes made of it."""
    merged: dict[Any, Change] = {}
    for number, change in enumerate(pending):
        if change.action not in ("insert", "update", "delete") or change.record_id is None:
            merged[number] = change
            continue
        key = (change.subject, change.record_id)
        first = merged.get(key)
        if first is None or (first.action == "delete"):
            if first is not None:
                merged[number] = merged.pop(key)
            merged[key] = change
        elif change.action == "delete":
            if first.action == "insert":
                del merged[key]
            else:
                merged[key] = change
        else:
            before = None if first.action == "insert" else {**(change.before or {}), **(first.before or {})}
            merged[key] = replace(first, before=before, after={**(first.after or {}), **(change.after or {})})
    return list(merged.values())


def entries_of(session: Session, subject: str, record_id: int, *, most: int = 200) -> tuple[TrailEntry, ...]:
    """The newest entries of one record, newest first."""
    statement = (
        select(TrailEntry)
        .where(TrailEntry.subject == subject, TrailEntry.record_id == record_id)
        .order_by(TrailEntry.id.desc())
        .limit(most)
    )
    return tuple(session.scalars(statement))
