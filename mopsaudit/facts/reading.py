"""How facts are read: columns as plain rows past the object loading that records need, and each question once.

A session that reads sees one snapshot, so the same question has the same answer until its transaction ends, and after
it for as long as nothing changes that the answer was read from: :func:`once` and :func:`answer` keep it with the stamps
of what it was made from (:mod:`mopsaudit.store.stamps`). A session that writes keeps nothing.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, Select
from sqlalchemy.orm import Session, SessionTransaction

from mopsaudit.facts.shelf import Kept, Shelf
from mopsaudit.store.session import writes
from mopsaudit.store.stamps import listening, read_stamps, tell

Ts = TypeVarTuple("Ts")
P = ParamSpec("P")
R = TypeVar("R")

_STAMPS: Final = object()
_snapshots: WeakKeyDictionary[SessionTransaction, dict[Hashable, Any]] = WeakKeyDictionary()
_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()


def fetch(session: Session, statement: Select[*Ts]) -> Sequence[Row[*Ts]]:
    """All rows of a statement over columns, in its order, within the session's transaction."""
    return session.connection().execute(statement).all()


def shelf_of(engine: Engine) -> Shelf:
    """What this process keeps of a database."""
    return _shelves.setdefault(engine, Shelf())


def answer(session: Session, question: Hashable, make: Callable[[], R], *, alone: bool = False) -> R:
    """What ``make`` reads in answer to a question: kept, or worked out now. Nobody changes what is returned.

    The question names all that ``make`` depends on besides the database. With ``alone`` others who ask the same in
    this process wait for the one that works it out.
    """
    session.connection()  # the snapshot begins here, if it has not
    transaction = session.get_transaction()
    if transaction is None or writes(session):
        return make()
    here = _snapshots.setdefault(transaction, {})
    found: Kept | None = here.get(question)
    if found is None:
        shelf = shelf_of(session.connection().engine)
        if _STAMPS not in here:
            here[_STAMPS] = read_stamps(session.connection())
        now = here[_STAMPS]
        found = shelf.find(question, now)
        if found is None and alone:
            turn = shelf.turn(question)
            with turn.lock:
                found = shelf.find(question, now) or _made(shelf, question, make, now)
        elif found is None:
            found = _made(shelf, question, make, now)
        here[question] = found
    tell(set(found.stamps))
    value: R = found.value
    return value


def _made(shelf: Shelf, question: Hashable, make: Callable[[], Any], now: dict[str, int]) -> Kept:
    with listening() as names:
        value = make()
    kept = Kept(value=value, stamps={name: now.get(name, 0) for name in names})
    shelf.keep(question, kept)
    return kept


def once(read: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """Read a fact once per state of the data and question. The arguments are hashable; nobody changes what is returned.

    What is returned holds no record of the session's.
    """

    @wraps(read)
    def kept(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        question = (read, args, tuple(sorted(kwargs.items())))
        return answer(session, question, lambda: read(session, *args, **kwargs))

    return kept


def forget(session: Session) -> None:
    """Let go of what the snapshot and the process kept, for one that goes on to read a lot: all is asked again."""
    transaction = session.get_transaction()
    if transaction is not None:
        _snapshots.pop(transaction, None)
        shelf_of(session.connection().engine).clear()
