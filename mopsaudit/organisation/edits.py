"""Applying an edit to a record of the organisation: the version the person saw must be the one stored."""

from collections.abc import Mapping
from typing import Any

from mopsaudit.errors import ConflictError


def apply_edit(record: Any, version: int, changes: Mapping[str, Any], what: str) -> bool:
    """Set ``changes`` on ``record`` if its version is still ``version``; whether anything changed.

    A person who saves the same values twice sees no conflict: when every change is already stored, nothing happens.

    Raises:
        ConflictError: somebody changed the record meanwhile; carries the stored values and the stored version.
    """
    changed = {column: value for column, value in changes.items() if getattr(record, column) != value}
    if not changed:
        return False
    if record.version != version:
        theirs = {column: getattr(record, column) for column in changes} | {"version": record.version}
        raise ConflictError(
            f"Somebody changed this {what} since you opened it. Compare both versions and save again.", theirs
        )
    for column, value in changed.items():
        setattr(record, column, value)
    return True
