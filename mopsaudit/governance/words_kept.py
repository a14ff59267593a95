"""What a person said of something, kept once and replaced by version: of a finding, of what a unit needs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError
from mopsaudit.store.models import CapabilityNeed, FindingState

Word = TypeVar("Word", CapabilityNeed, FindingState)


def keep_word(
    session: Session,
    of: Select[Word],
    make: Callable[[], Word],
    values: Mapping[str, Any],
    *,
    said: Mapping[str, Any],
    version: int | None,
    meanwhile: str,
) -> Word:
    """Keep ``values`` in the row ``of`` finds, or in the one ``make`` makes; the row, flushed.

    ``said`` (who and when) goes with them and alone changes nothing: the same values again leave the row, its version
    and who said it as they are. ``version`` is that of the row somebody saw, None where they saw none.

    Raises:
        ConflictError: other values stand there in another version. It says ``meanwhile`` and holds what stands.
    """
    kept = session.scalars(of.with_for_update()).first()
    if kept is None:
        kept = make()
        session.add(kept)
    elif all(getattr(kept, name) == value for name, value in values.items()):
        return kept
    else:
        check_version(kept, version, meanwhile, {name: getattr(kept, name) for name in values})
    for name, value in (dict(values) | dict(said)).items():
        setattr(kept, name, value)
    session.flush()
    return kept


def take_back(session: Session, kept: CapabilityNeed | FindingState, version: int, meanwhile: str) -> None:
    """Delete a word as it was seen; the History keeps it.

    Raises:
        ConflictError: it stands in another version.
    """
    check_version(kept, version, meanwhile, {})
    session.delete(kept)
    session.flush()


def check_version(
    kept: CapabilityNeed | FindingState, version: int | None, meanwhile: str, theirs: dict[str, object]
) -> None:
    """Refuse when ``kept`` is not the version somebody saw.

    Raises:
        ConflictError: with ``theirs`` and the version that stands.
    """
    if kept.version != version:
        raise ConflictError(meanwhile, theirs | {"version": kept.version})
