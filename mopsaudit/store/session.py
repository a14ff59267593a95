"""The one session: units of work that write, reading that cannot, and what each database needs for both.

Whoever writes opens :func:`unit_of_work`; everything else reads. Outside a unit of work the database itself refuses
to write (SQLite ``query_only``, PostgreSQL ``READ ONLY``), so a page that changes something by looking at it fails
instead of passing unseen. The forms of the sign-in library commit by themselves: their posts count as writing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mopsaudit.store import guards as _guards  # noqa: F401  # the trail's table is never made without its triggers
from mopsaudit.store import models as _models  # noqa: F401  # all tables, so that the metadata is complete
from mopsaudit.store import stamps, trail
from mopsaudit.store.base import Base
from mopsaudit.store.keys import Keyring

#: Execution option of the connections a unit of work uses.
WRITES: Final = "mopsaudit_writes"
#: The PostgreSQL advisory lock every unit of work shares and a restore takes alone.
GATE: Final = 0x6D6F7072
#: How long a writer waits for another one, in milliseconds.
BUSY_MS: Final = 30_000
#: Pages of an SQLite database a connection may keep, in KiB.
CACHE_KIB: Final = 16 * 1024
#: Blueprints of libraries whose posts write without a unit of work of ours.
LIBRARY_BLUEPRINTS: Final = frozenset({"security"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_UNIT: Final = "mopsaudit.unit"
_ACTOR: Final = "mopsaudit.actor"
_TWIN: Final = "mopsaudit.twin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: ``label`` is ``person:ID``, ``cli:NAME``, ``worker`` or ``system``; ``person_id`` where it is one."""

    label: str
    person_id: int | None = None

    @classmethod
    def person(cls, person_id: int) -> "Actor":
        """The actor a person is."""
        return cls(label=f"person:{person_id}", person_id=person_id)


SYSTEM: Final = Actor(label="system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The unit of work a session is in: who, when (aware UTC) and why."""

    actor: Actor
    now: datetime
    reason: str | None = None

    @property
    def label(self) -> str:
        """The actor's label, as the trail prints it."""
        return self.actor.label


class _Session(FlaskSession):
    """Flask's session whose connections know whether they may write."""

    def get_bind(
        self,
        mapper: Any | None = None,
        clause: Any | None = None,
        bind: Engine | Connection | None = None,
        **kwargs: Any,
    ) -> Engine | Connection:
        """The engine; in a unit of work its writing twin on the same pool."""
        found = super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)
        return _twin(found) if isinstance(found, Engine) and _may_write(self) else found


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": _Session})


def _twin(engine: Engine) -> Engine:
    """The writing twin. It refers to its engine, so the engine itself keeps it: both go together."""
    if engine.get_execution_options().get(WRITES):
        return engine
    kept = vars(engine)
    # One for all threads, also where several ask first at once: with two a unit of work would wait for itself.
    twin: Engine = kept.get(_TWIN) or kept.setdefault(_TWIN, engine.execution_options(**{WRITES: True}))
    return twin


def _may_write(session: Session) -> bool:
    return _UNIT in session.info or (
        has_request_context()
        and request.method not in _SAFE_METHODS
        and request.blueprint in LIBRARY_BLUEPRINTS
    )


def init_app(app: Flask) -> None:
    """Bind ``db`` to the app and teach its engine our transactions.

    ``SQLALCHEMY_DATABASE_URI`` and ``MOPSAUDIT_DATA`` (the data folder) must be set.
    """
    app.extensions["mopsaudit.keyring"] = Keyring(app.config["MOPSAUDIT_DATA"] / "keys")
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """SQLite: foreign keys, WAL, full synchronisation, our own BEGIN. PostgreSQL: reading is one read-only snapshot."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "before_cursor_execute", _still_in_transaction)
        event.listen(engine, "commit", _still_there)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    stamps.watch(engine)


def _connect_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Taken as it is needed: with the default of 2 MiB an import of 100,000 lines writes many of its pages twice.
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    cursor.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes past the trail's triggers
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = bool(connection.get_execution_options().get(WRITES))
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _still_in_transaction(
    connection: Connection, _cursor: object, statement: str, _values: object, _context: object, _many: object
) -> None:
    """After "disk full" SQLite has rolled back by itself; what came next would be committed one by one."""
    if connection.in_transaction() and not statement.startswith(("BEGIN", "PRAGMA")):
        _still_there(connection)


def _still_there(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        raise OperationalError(
            "(any)", {}, sqlite3.OperationalError("the database has rolled the transaction back")
        )


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({GATE})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def close_gate(connection: Connection) -> None:
    """Wait until no other unit of work is open and keep new ones waiting until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({GATE})")


@contextmanager
def unit_of_work(actor: Actor, *, now: datetime, reason: str | None = None) -> Iterator[Session]:
    """A session whose changes are committed together at the end, or not at all.

    Changes are written to the trail under ``actor``, ``now`` (aware) and ``reason``. Inside another unit of work this
    joins it: the outer one commits. Needs an app context.

    Raises:
        RuntimeError: when the session holds changes made outside any unit of work.
    """
    session = db.session()
    if _UNIT in session.info:
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("the session was changed outside a unit of work")
    session.rollback()  # a snapshot taken for reading must not be written from
    session.info[_UNIT] = Unit(actor=actor, now=now.astimezone(UTC), reason=reason)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[_UNIT]


@contextmanager
def reading() -> Iterator[Session]:
    """A session to read from: one consistent snapshot. Within a unit of work it is that unit's session.

    In a request the snapshot stays until the response is built, so that a template may still load from it; elsewhere
    it ends with the block.

    Raises:
        RuntimeError: when the block left changes behind.
    """
    session = db.session()
    inside = _UNIT in session.info
    yield session
    if not inside:
        if session.new or session.dirty or session.deleted:
            session.rollback()
            raise RuntimeError("reading code changed a record")
        if not has_request_context():
            session.rollback()


def writes(session: Session) -> bool:
    """Whether what the session reads may change under it: in a unit of work, or where library code commits."""
    return _may_write(session)


def act_as(actor: Actor) -> None:
    """Name who acts in this request, for library code that commits outside a unit of work."""
    db.session().info[_ACTOR] = actor


def unit_of(session: Session) -> Unit:
    """The unit of work the session is in; for library code one of the request's actor at the present moment."""
    unit: Unit | None = session.info.get(_UNIT)
    return unit or Unit(actor=session.info.get(_ACTOR, SYSTEM), now=datetime.now(UTC))


def keyring() -> Keyring:
    """The keys of the running app."""
    found: Keyring = current_app.extensions["mopsaudit.keyring"]
    return found


trail.watch(_Session, occasion_of=unit_of, keyring_of=lambda _session: keyring())
