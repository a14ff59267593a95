"""Stamps of the data: what changed is told, table by table and column by column, in the transaction that changes it.

Whoever keeps an answer made from the database has to know when it is no longer true. At each commit every table that
got or lost rows and every column that was set gets a new random number in ``data_stamp``. An answer is kept with the
stamps of all it was read from, and holds as long as they are the same in the snapshot that asks again. What was changed
and what was read are both taken from the statements themselves, as the database gets them: there is no list of what
depends on what that could be forgotten. Names are ``table`` (rows came or went) and ``table.column`` (values were set).

Stamps are random, not counted: a database put back to an earlier state has that state's stamps, and answers of it hold.
"""

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, event, inspect, text

from mopsaudit.store.base import Base

STAMPS: Final = "data_stamp"
#: The row that tells this database from any other, made with its schema; an unstamped copy of another never matches.
IDENTITY: Final = "database"
_CHANGED: Final = "mopsaudit.changed"
_REMADE: Final = "mopsaudit.remade"
_CHANGE: Final = re.compile(
    r"\b(?:(INSERT)\s+(?:OR\s+\w+\s+)?INTO|(REPLACE)\s+INTO|(UPDATE)(?:\s+OR\s+\w+)?|(DELETE)\s+FROM)\s+\"?(\w+)\"?",
    re.IGNORECASE,
)
_SCHEMA: Final = re.compile(r"\s*(?:CREATE|ALTER|DROP)\b", re.IGNORECASE)
_SET: Final = re.compile(r"(?:\bSET|,)\s*\"?(\w+)\"?\s*=", re.IGNORECASE)
_WHERE: Final = re.compile(r"\bWHERE\b", re.IGNORECASE)
_EVERYTHING: Final = re.compile(r"(?:\bSELECT|\bDISTINCT|,|\.)\s*\*", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:(\w+)\"?\.\"?)?(\w+)")
_RENEW: Final = text(
    f"INSERT INTO {STAMPS} (name, stamp) VALUES (:name, :stamp) "  # noqa: S608  # a table of ours
    "ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp"
)


class _Listening(threading.local):
    def __init__(self) -> None:
        self.stack: list[set[str]] = []


_listening = _Listening()


def watch(engine: Engine) -> None:
    """Stamp what is committed through the engine, and hear what is read through it."""
    event.listen(engine, "before_cursor_execute", _hear)
    event.listen(engine, "commit", _renew)
    event.listen(engine, "rollback", _forget)


def read_stamps(connection: Connection) -> dict[str, int]:
    """All stamps as the connection's snapshot has them; a name nobody ever changed is missing."""
    rows = connection.execute(text(f"SELECT name, stamp FROM {STAMPS}"))  # noqa: S608  # a table of ours
    return {row[0]: row[1] for row in rows}


@contextmanager
def listening() -> Iterator[set[str]]:
    """The names of what this thread reads within the block; an outer block hears them too."""
    heard: set[str] = set()
    _listening.stack.append(heard)
    try:
        yield heard
    finally:
        _listening.stack.pop()
        tell(heard)


def tell(names: Iterator[str] | set[str] | frozenset[str]) -> None:
    """Count names as read now: an answer that was kept stands for what it was made from."""
    if _listening.stack:
        _listening.stack[-1].update(names)


@lru_cache(maxsize=512)
def changed_by(statement: str) -> frozenset[str]:
    """The names a statement changes; with rows that go, those of tables the database itself empties or unlinks."""
    found: set[str] = set()
    for match in _CHANGE.finditer(statement):
        table = match[5].lower()
        if table == STAMPS or table not in Base.metadata.tables:
            continue
        if match[3] is None:
            found |= _emptied(Base.metadata.tables[table]) if match[4] else {table}
            continue
        rest = statement[match.end() :]
        where = _WHERE.search(rest)
        columns = _SET.findall(rest[: where.start()] if where else rest)
        found |= {f"{table}.{column.lower()}" for column in columns} or {table}
    return frozenset(found)


def _emptied(table: Table) -> set[str]:
    """A table that loses rows and what its foreign keys do to others."""
    found = {table.name}
    for other in Base.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is not table or other.name in found:
                continue
            if key.ondelete == "CASCADE":
                found |= _emptied(other)
            elif key.ondelete == "SET NULL":
                found.add(f"{other.name}.{key.parent.name}")
    return found


@lru_cache(maxsize=512)
def read_by(statement: str) -> frozenset[str]:
    """The names a statement reads, or more: its tables, and of each the columns whose names stand in it.

    A column named with a table (``business_case.version``) is that table's alone; one that stands by itself or with
    another name, which may be an alias of any table, is counted for each table that has one of that name.
    """
    words: set[str] = set()
    alone: set[str] = set()
    owned: set[tuple[str, str]] = set()
    for match in _NAMED.finditer(statement.lower()):
        owner, word = match[1], match[2]
        words.add(word)
        if owner is not None:
            words.add(owner)
        if owner in Base.metadata.tables:
            owned.add((owner, word))
        else:
            alone.add(word)
    every = _EVERYTHING.search(statement) is not None
    found: set[str] = set()
    for table in words & set(Base.metadata.tables) - {STAMPS}:
        found.add(table)
        columns = Base.metadata.tables[table].columns
        found |= {
            f"{table}.{column.name}"
            for column in columns
            if every or column.name in alone or (table, column.name) in owned
        }
    return frozenset(found)


def _hear(
    connection: Connection, _cursor: object, statement: str, _values: object, _context: object, _many: object
) -> None:
    if _listening.stack:
        _listening.stack[-1].update(read_by(statement))
    if statement.startswith("SELECT"):
        return
    if changed := changed_by(statement):
        connection.info.setdefault(_CHANGED, set()).update(changed)
    elif _SCHEMA.match(statement):
        connection.info[_REMADE] = True


def _renew(connection: Connection) -> None:
    changed: set[str] = connection.info.pop(_CHANGED, set())
    remade = connection.info.pop(_REMADE, False)
    if not changed or (remade and not inspect(connection).has_table(STAMPS)):
        return  # a migration has no stamps to renew before it has made their table
    rows: list[dict[str, Any]] = [
        {"name": name, "stamp": secrets.randbits(63)} for name in sorted(changed)
    ]  # in order: two writers never wait for each other
    connection.execute(_RENEW, rows)


def _forget(connection: Connection) -> None:
    connection.info.pop(_CHANGED, None)
    connection.info.pop(_REMADE, None)
