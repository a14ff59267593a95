"""A record's history for people: the trail's entries with names in place of references."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation.wording import Wording, hidden
from mopsaudit.store.models import Person, TrailEntry
from mopsaudit.store.trail import entries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One column of a change, ``label`` its name for people; ``before`` and ``after`` in words (names, amounts, days),
    None where there was or is nothing.
    """

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of a record. ``who`` is a name, or the label of a command line or worker."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    record_id: int | None
    changes: tuple[FieldChange, ...]
    reason: str | None


#: Who signs in, what a person keeps for themselves: no document about the stack says anything of these.
_NO_DATA: Final = ("account", "invitation", "membership", "report_subscription", "saved_view")


def last_change(session: Session) -> datetime:
    """When the data changed last: the moment a document states, so that the same data give the same bytes.

    The first second of 1970 where nothing was ever entered.
    """
    found = session.scalar(
        select(TrailEntry.at)
        .where(TrailEntry.subject.not_in(_NO_DATA))
        .order_by(TrailEntry.id.desc())
        .limit(1)
    )
    return found or datetime.fromtimestamp(0, UTC)


def history(session: Session, subject: str, record_id: int, *, most: int = 200) -> tuple[HistoryEntry, ...]:
    """The changes of one record (``subject`` is its table), newest first."""
    return _told(session, entries_of(session, subject, record_id, most=most))


def latest_changes(
    session: Session, *, most: int = 100, before_id: int | None = None
) -> tuple[HistoryEntry, ...]:
    """The newest changes of all records, newest first; ``before_id`` pages on."""
    statement = select(TrailEntry).order_by(TrailEntry.id.desc()).limit(most)
    if before_id is not None:
        statement = statement.where(TrailEntry.id < before_id)
    return _told(session, tuple(session.scalars(statement)))


def _told(session: Session, entries: tuple[TrailEntry, ...]) -> tuple[HistoryEntry, ...]:
    names = _names(session, entries)
    wording = Wording(session, entries)
    return tuple(
        HistoryEntry(
            id=entry.id,
            at=entry.at,
            who=_who(entry.actor, names),
            action=entry.action,
            subject=entry.subject,
            record_id=entry.record_id,
            changes=_changes(wording, entry),
            reason=entry.reason,
        )
        for entry in entries
    )


def _changes(wording: Wording, entry: TrailEntry) -> tuple[FieldChange, ...]:
    before, after = entry.before or {}, entry.after or {}
    return tuple(
        FieldChange(
            field=key,
            label=wording.label(entry, key),
            before=wording.said(entry, key, before.get(key)),
            after=wording.said(entry, key, after.get(key)),
        )
        for key in dict.fromkeys((*before, *after))
        # A correction may say again what stood there: nothing changed.
        if not hidden(key) and (entry.action != "update" or before.get(key) != after.get(key))
    )


def _names(session: Session, entries: Iterable[TrailEntry]) -> dict[int, str]:
    ids = {number for entry in entries if (number := _person_id(entry.actor)) is not None}
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.id))
    return {row.id: row.name for row in rows}


def _person_id(label: str) -> int | None:
    kind, _, number = label.partition(":")
    return int(number) if kind == "person" and number.isdigit() else None


def _who(label: str, names: Mapping[int, str]) -> str:
    number = _person_id(label)
    if number is None:
        kind, _, user = label.partition(":")
        return f"{user} on the command line" if kind == "cli" else label
    return names.get(number) or f"former person {number}"
