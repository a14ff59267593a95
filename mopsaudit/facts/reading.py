"""How facts are read: columns as plain rows past the object loading that records need, and each question once.

A session that reads sees one snapshot, so the same question has the same answer until its transaction ends: reports
that are built together (the dashboard, the audit workbook) share what :func:`once` keeps. A session that writes keeps
nothing.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session, SessionTransaction

from mopsaudit.store.session import writes

Ts = TypeVarTuple("Ts")
P = ParamSpec("P")
R = TypeVar("R")

_kept: WeakKeyDictionary[SessionTransaction, dict[Hashable, Any]] = WeakKeyDictionary()


def fetch(session: Session, statement: Select[*Ts]) -> Sequence[Row[*Ts]]:
    """All rows of a statement over columns, in its order, within the session's transaction."""
    return session.connection().execute(statement).all()


def once(read: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """Read a fact once per snapshot and question. The arguments are hashable; nobody changes what is returned."""

    @wraps(read)
    def kept(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        session.connection()  # the snapshot begins here, if it has not
        transaction = session.get_transaction()
        if transaction is None or writes(session):
            return read(session, *args, **kwargs)
        answers = _kept.setdefault(transaction, {})
        question = (read, args, tuple(sorted(kwargs.items())))
        if question not in answers:
            answers[question] = read(session, *args, **kwargs)
        found: R = answers[question]
        return found

    return kept


def forget(session: Session) -> None:
    """Let go of what the snapshot kept, for one that goes on to read a lot: the next question is asked again."""
    transaction = session.get_transaction()
    if transaction is not None:
        _kept.pop(transaction, None)
