"""Applying an edit to a record people share: the version they saw must be the one stored."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, NotFoundError

M = TypeVar("M")


def fetch(session: Session, model: type[M], record_id: int, what: str) -> M:
    """The record, locked for this transaction where the database can.

    Raises:
        NotFoundError: when there is none.
    """
    record = session.get(model, record_id, with_for_update=True)
    if record is None:
        raise NotFoundError(f"There is no such {what}.")
    return record


def apply_edit(record: Any, version: int, changes: Mapping[str, Any], what: str) -> tuple[str, ...]:
    """Set ``changes`` on ``record`` if its version is still ``version``; the columns that really changed.

    A person who saves the same values twice sees no conflict: when every change is already stored, nothing happens.

    Raises:
        ConflictError: somebody changed the record meanwhile; carries the stored values of the columns in question and
            the stored version.
    """
    changed = tuple(column for column, value in changes.items() if getattr(record, column) != value)
    if not changed:
        return ()
    if record.version != version:
        theirs = {column: getattr(record, column) for column in changes} | {"version": record.version}
        raise ConflictError(
            f"Somebody changed this {what} since you opened it. Compare both versions and save again.", theirs
        )
    for column in changed:
        setattr(record, column, changes[column])
    return changed
