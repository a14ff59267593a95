"""One way to read columns: as plain rows, all at once, past the object loading that records need."""

from collections.abc import Sequence
from typing import TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

Ts = TypeVarTuple("Ts")


def fetch(session: Session, statement: Select[*Ts]) -> Sequence[Row[*Ts]]:
    """All rows of a statement over columns, in its order, within the session's transaction."""
    return session.connection().execute(statement).all()
