"""Writing many rows fast: driver-level executemany inside the session's transaction, ids reserved beforehand.

Inserting 100,000 lines through the mapper takes half a minute of a processor; this takes seconds. These tables carry no
trail of their own (an import is one entry with their digest), so nothing listens that would be passed by.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, func, select, text
from sqlalchemy.orm import Session

T = TypeVar("T")

#: Values in one statement's IN list; SQLite allows 32,766 variables.
CHUNK = 5_000


def lock_ledger(session: Session) -> None:
    """Wait until nobody else writes lines, until this transaction ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(620170417)"))


def reserve_ids(session: Session, table: Table, count: int) -> Sequence[int]:
    """``count`` unused primary keys of ``table``, rising."""
    if count == 0:
        return range(0)
    if session.get_bind().dialect.name == "postgresql":
        query = text(
            f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, :count)"  # noqa: S608  # a table of ours
        )
        return sorted(session.execute(query, {"count": count}).scalars())
    last = session.execute(select(func.max(table.c.id))).scalar() or 0
    return range(last + 1, last + 1 + count)


def insert_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert tuples in the order of ``columns``; how many. Values are plain: no type of ours is applied to them."""
    connection = session.connection()
    lite = connection.dialect.name == "sqlite"
    mark = "?" if lite else "%s"
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join([mark] * len(columns))})'  # noqa: S608
    written = 0
    source = iter(rows)
    while batch := [tuple(map(_lite, row)) if lite else tuple(row) for row in islice(source, 10_000)]:
        connection.exec_driver_sql(statement, batch)
        written += len(batch)
    return written


def update_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set ``columns`` of the rows whose id stands last in each tuple."""
    connection = session.connection()
    lite = connection.dialect.name == "sqlite"
    mark = "?" if lite else "%s"
    sets = ", ".join(f'"{name}" = {mark}' for name in columns)
    statement = f'UPDATE "{table.name}" SET {sets} WHERE "id" = {mark}'  # noqa: S608  # names of our own tables
    source = iter(rows)
    while batch := [tuple(map(_lite, row)) if lite else tuple(row) for row in islice(source, 10_000)]:
        connection.exec_driver_sql(statement, batch)


def _lite(value: Any) -> Any:
    """What SQLite stores for a value: dates as ISO text, truth as 0 and 1."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """``values`` in lists of at most ``size``."""
    source = iter(values)
    while part := list(islice(source, size)):
        yield part


def select_in(session: Session, query: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:
    """Rows of ``query`` where ``column`` is one of ``values``, asked in portions; the query's own order within each."""
    condition = column.in_(bindparam("wanted", expanding=True))
    for part in chunks(values):
        yield from session.execute(query.where(condition), {"wanted": part})
