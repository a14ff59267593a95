"""How facts are read: columns as plain rows past the object loading that records need, and each question once.

A session that reads sees one snapshot, so the same question has the same answer until its transaction ends, and after
it for as long as nothing changes that the answer was read from: :func:`once` and :func:`answer` keep it with the stamps
of what it was made from (:mod:`mopsaudit.store.stamps`). A session that writes keeps nothing.
"""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, Select
from sqlalchemy.orm import Session, SessionTransaction

from mopsaudit.errors import MopsauditError
from mopsaudit.facts.cupboard import Cupboard
from mopsaudit.facts.shelf import Kept, Shelf
from mopsaudit.store.session import writes
from mopsaudit.store.stamps import listening, read_stamps, tell

Ts = TypeVarTuple("Ts")
P = ParamSpec("P")
R = TypeVar("R")

#: Names a column in the statements that go through every line once after a change of them, for who watches for others.
EVERY_LINE: Final = "of_every_line"
_STAMPS: Final = object()
_snapshots: WeakKeyDictionary[SessionTransaction, dict[Hashable, Any]] = WeakKeyDictionary()
_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()
_cupboards: WeakKeyDictionary[Engine, Cupboard] = WeakKeyDictionary()


class _Asking(threading.local):
    at_hand = False


_asking = _Asking()


def fetch(session: Session, statement: Select[*Ts]) -> Sequence[Row[*Ts]]:
    """All rows of a statement over columns, in its order, within the session's transaction."""
    return session.connection().execute(statement).all()


def shelf_of(engine: Engine) -> Shelf:
    """What this process keeps of a database."""
    return _shelves.setdefault(engine, Shelf())


def share(engine: Engine, folder: Path) -> Cupboard:
    """From now on keep answers of a database in a folder too, where other processes find them."""
    return _cupboards.setdefault(engine, Cupboard(folder))


def cupboard_of(engine: Engine) -> Cupboard | None:
    """Where answers of a database are kept beyond this process, if they are."""
    return _cupboards.get(engine)


def answer(session: Session, question: Hashable, make: Callable[[], R], *, alone: bool = False) -> R:
    """What ``make`` reads in answer to a question: kept, or worked out now. Nobody changes what is returned.

    The question names all that ``make`` depends on besides the database. With ``alone`` others who ask the same wait
    for the one that works it out, in all processes where answers are shared (:func:`share`).
    """
    session.connection()  # the snapshot begins here, if it has not
    transaction = session.get_transaction()
    if transaction is None or writes(session):
        return make()
    here = _snapshots.setdefault(transaction, {})
    found: Kept | None = here.get(question)
    if found is None:
        engine = session.connection().engine
        shelf, cupboard = shelf_of(engine), _cupboards.get(engine)
        if _STAMPS not in here:
            here[_STAMPS] = read_stamps(session.connection())
        now = here[_STAMPS]
        found = shelf.find(question, now)
        if found is None and alone:
            turn = shelf.turn(question)
            with turn.lock:
                found = shelf.find(question, now)
                if found is None and cupboard is not None:
                    found = _shared(shelf, cupboard, question, make, now)
                elif found is None:
                    found = _made(shelf, question, make, now)
        elif found is None:
            found = _made(shelf, question, make, now)
        here[question] = found
    tell(set(found.stamps))
    value: R = found.value
    return value


def _made(shelf: Shelf, question: Hashable, make: Callable[[], Any], now: dict[str, int]) -> Kept:
    if _asking.at_hand:
        raise NotAtHandError("The answer is not at hand.")
    with listening() as names:
        value = make()
    kept = Kept(value=value, stamps={name: now.get(name, 0) for name in names})
    shelf.keep(question, kept)
    return kept


def _shared(
    shelf: Shelf, cupboard: Cupboard, question: Hashable, make: Callable[[], Any], now: dict[str, int]
) -> Kept:
    """What another process, or this one before, worked out; else made here while the others wait."""
    found = cupboard.find(question, now)
    if found is None and _asking.at_hand:
        raise NotAtHandError("The answer is not at hand.")
    if found is None:
        with cupboard.turn(question):
            found = cupboard.find(question, now)
            if found is None:
                found = _made(shelf, question, make, now)
                cupboard.keep(question, found, now)
                return found
    shelf.keep(question, found)
    return found


class NotAtHandError(MopsauditError):
    """An answer would have to be worked out, and the asker does not want that."""


@contextmanager
def at_hand() -> Iterator[None]:
    """Within the block this thread takes answers that are kept and works none out: :class:`NotAtHandError` instead."""
    _asking.at_hand = True
    try:
        yield
    finally:
        _asking.at_hand = False


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
