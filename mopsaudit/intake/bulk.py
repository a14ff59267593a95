"""Writing many rows fast: driver-level executemany inside the session's transaction, ids reserved beforehand.

Inserting 100,000 lines through the mapper takes half a minute of a processor; this takes seconds. These tables carry no
trail of their own (an import is one entry with their digest), so nothing listens that would be passed by.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from queue import Queue
from threading import Thread
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Table,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from mopsaudit.store.base import UtcDateTime

T = TypeVar("T")

#: Values in one statement's IN list; SQLite allows 32,766 variables.
CHUNK = 5_000
#: Most rows in one statement that inserts, and most variables SQLite takes in any.
ROWS, VARIABLES = 1_000, 32_000
#: Up to so many values a statement names each.
FEW = 50


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
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join([_mark(session)] * len(columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608  # names of our own tables
    return run_many(session, statement, rows, _dated(session, table, columns))


@dataclass(frozen=True, slots=True)
class Same:
    """A column that is the same in every row."""

    value: Any


def insert_columns(
    session: Session,
    table: Table,
    columns: Mapping[str, Sequence[Any] | Same],
    size: int,
    run: "Run | None" = None,
) -> None:
    """Insert ``size`` rows given column by column, plain values as for :func:`insert_rows`; with ``run`` by that.

    What is empty in every row is left out, which is NULL to a column without a default; a truth or a whole number that
    every row shares stands in the statement. Handing over a value costs the driver of SQLite as much as storing it.
    """
    if not size:
        return
    lite = session.get_bind().dialect.name == "sqlite"
    mark = _mark(session)
    names: list[str] = []
    marks: list[str] = []
    values: list[Iterable[Any]] = []
    for name, column in columns.items():
        stored = table.c[name]
        if isinstance(column, Same):
            if column.value is None and stored.server_default is None:
                continue
            names.append(f'"{name}"')
            if isinstance(column.value, bool | int):
                marks.append(str(column.value).upper())
                continue
            rows: Sequence[Any] = [column.value] * size
        else:
            names.append(f'"{name}"')
            rows = column
        marks.append(mark)
        values.append(_plain(rows, stored.type) if lite else rows)
    begin = f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES '  # noqa: S608  # names of our own tables
    one = f"({', '.join(marks)})"
    lines = zip(*values, strict=True)
    run = run or at_once
    connection = session.connection()
    if not lite:
        run(partial(connection.exec_driver_sql, begin + one, list(lines)))
        return
    # Many rows to a statement: while it runs, this process is free for what comes next.
    for part in chunks(lines, max(1, min(ROWS, VARIABLES // max(1, len(values))))):
        statement = begin + ", ".join([one] * len(part))
        run(partial(connection.exec_driver_sql, statement, tuple(chain.from_iterable(part))))


Run = Callable[[Callable[[], Any]], None]
"""Does a piece of work, at once or a little later, always in the order given."""


def at_once(work: Callable[[], Any]) -> None:
    """The plain way to run."""
    work()


@contextmanager
def beside(session: Session) -> Iterator[Run]:
    """Run statements in a thread while the block goes on to work out the next ones; all have run when it ends.

    SQLite lets go of the interpreter while a statement runs, so what is worked out meanwhile costs no time. Nothing in
    the block may use the session but through what it yields. The first fault of a statement ends the block, nothing is
    run after it; PostgreSQL runs each at once.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield at_once
        return
    waiting: Queue[Callable[[], Any] | None] = Queue(maxsize=2)
    faults: list[BaseException] = []

    def work() -> None:
        while (statement := waiting.get()) is not None:
            try:
                if not faults:
                    statement()
            except BaseException as fault:  # noqa: BLE001  # raised again where the statement was asked for
                faults.append(fault)

    def run(statement: Callable[[], Any]) -> None:
        if faults:
            raise faults[0]
        waiting.put(statement)

    thread = Thread(target=copy_context().run, args=(work,), name="statements")
    thread.start()
    try:
        yield run
    finally:
        waiting.put(None)
        thread.join()
    if faults:
        raise faults[0]


def _plain(column: Sequence[Any], kind: Any) -> Iterable[Any]:
    """A column as SQLite keeps it: days as texts, truths as numbers."""
    if isinstance(kind, Boolean):
        return [None if value is None else int(value) for value in column]
    if isinstance(kind, Date | UtcDateTime):
        texts = {value: _text(value) for value in set(column)}
        return [texts[value] for value in column]
    return column


def update_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set ``columns`` of the rows whose id stands last in each tuple."""
    mark = _mark(session)
    sets = ", ".join(f'"{name}" = {mark}' for name in columns)
    statement = f'UPDATE "{table.name}" SET {sets} WHERE "id" = {mark}'  # noqa: S608  # names of our own tables
    run_many(session, statement, rows, _dated(session, table, columns))


def run_many(
    session: Session, statement: str, rows: Iterable[Sequence[Any]], dated: Sequence[int] = ()
) -> int:
    """Run a statement with the driver's own marks once per tuple; how many. ``dated`` are the places of dates."""
    connection = session.connection()
    written = 0
    source = iter(rows)
    while batch := list(islice(source, 10_000)):
        values = _with_texts(batch, dated) if dated else [tuple(row) for row in batch]
        connection.exec_driver_sql(statement, values)
        written += len(values)
    return written


def _mark(session: Session) -> str:
    return "?" if session.get_bind().dialect.name == "sqlite" else "%s"


def _dated(session: Session, table: Table, columns: Sequence[str]) -> tuple[int, ...]:
    """Places of the columns SQLite keeps as ISO text."""
    if session.get_bind().dialect.name != "sqlite":
        return ()
    return tuple(
        index for index, name in enumerate(columns) if isinstance(table.c[name].type, Date | UtcDateTime)
    )


def _with_texts(rows: Iterable[Sequence[Any]], dated: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows with their dates as text, which few days share."""
    texts: dict[Any, str | None] = {}
    result = []
    for row in rows:
        values = list(row)
        for index in dated:
            value = values[index]
            if value not in texts:
                texts[value] = _text(value)
            values[index] = texts[value]
        result.append(tuple(values))
    return result


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else str(value.isoformat())


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """``values`` in lists of at most ``size``."""
    source = iter(values)
    while part := list(islice(source, size)):
        yield part


def among(session: Session, column: Any, values: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a column of whole numbers is one of ``values``, however many: they travel as one value, and
    the statement is the same for any number of them.
    """
    if session.get_bind().dialect.name == "postgresql":
        wanted = bindparam(None, list(values), type_=ARRAY(BigInteger))
        return cast("ColumnElement[bool]", column == any_(wanted))
    listed = func.json_each(json.dumps(list(values))).table_valued("value").alias()
    return cast("ColumnElement[bool]", column.in_(select(listed.c.value)))


def select_in(session: Session, query: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:
    """Rows of ``query`` where ``column`` is one of ``values``, asked in portions; the query's own order within each."""
    condition = column.in_(bindparam("wanted", expanding=True))
    for part in chunks(values):
        if len(part) > FEW and set(map(type, part)) == {int}:
            yield from session.execute(query.where(among(session, column, part)))
        else:
            yield from session.execute(query.where(condition), {"wanted": part})
