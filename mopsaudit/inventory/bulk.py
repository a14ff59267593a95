"""One change of many records at once: what it would do to each, doing it in one transaction, and taking it back.

A preview holds a mark of what each record was when it was looked at. Applying works the preview out again and does
nothing at all where a mark differs: two people who change the same records see that instead of overwriting each other.
What can be changed of a kind of record, and how, is its :class:`Kind`: of tools, of vendors, of contracts.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import NotFoundError
from mopsaudit.scope import Scope
from mopsaudit.store import trail
from mopsaudit.store.models import TrailEntry

#: The trail's word for one record's part of a bulk change, and of taking it back.
DONE: Final = "bulk_edit"
UNDONE: Final = "bulk_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What every record shall be: ``value`` as the field has it; from ``on`` on, where the field is dated."""

    field: StrEnum
    value: Any
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One record as it stands: ``value`` is the field's, in the form values are compared in (ids in order, a code)."""

    id: int
    name: str
    version: int
    value: Any
    row: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the change does to one record: before and after in words; ``refused`` says why nothing is done to it.

    ``same``: it is so already. ``note`` is what else to know. ``mark`` tells whether the record was changed since.
    """

    record_id: int
    name: str
    before: str
    after: str
    same: bool
    refused: str
    note: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One record's part of a bulk change as the trail holds it."""

    record_id: int
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A bulk change as the trail holds it."""

    first_id: int
    actor: str
    at: Any
    reason: str | None
    field: StrEnum
    on: date
    parts: tuple[Part, ...]


class Kind(ABC):
    """What can be changed of many records of one table at once."""

    #: The table, which is the trail's word for its records.
    subject: ClassVar[str]
    #: What can be changed.
    fields: ClassVar[type[StrEnum]]
    #: Fields that change from a day on; the others have no date.
    dated: ClassVar[frozenset[StrEnum]] = frozenset()

    @abstractmethod
    def standing(
        self, session: Session, scope: Scope, ids: Collection[int], field: StrEnum, on: date
    ) -> list[Standing]:
        """The records as they stand on a day, by name.

        Raises:
            NotFoundError: for a record outside the scope, merged away or missing: all answer alike.
        """

    @abstractmethod
    def check(self, session: Session, change: Change, reach: Collection[int]) -> None:
        """Refuse a value that cannot be set on any record; ``reach`` are the units the person may edit.

        Raises:
            InvalidError: a leaver, an unknown unit, a code that does not exist.
        """

    @abstractmethod
    def words(self, session: Session, field: StrEnum, values: Iterable[Any]) -> Callable[[Any], str]:
        """How people read the values of a field."""

    @abstractmethod
    def change(
        self, session: Session, record_id: int, field: StrEnum, value: Any, *, on: date, today: date
    ) -> None:
        """Set the field of one record.

        Raises:
            InvalidError: what only this record refuses.
        """

    def after(self, standing: Standing, change: Change) -> Any:
        """What the record's value becomes."""
        return change.value

    def refused(self, session: Session, standing: Standing, change: Change, reach: Collection[int]) -> str:
        """Why nothing can be done to this record; empty when something can."""
        return ""

    def notes(
        self, session: Session, scope: Scope, standings: Sequence[Standing], change: Change
    ) -> Mapping[int, tuple[str, bool]]:
        """By record: what else to know, and whether that alone makes it a change."""
        return {}


def preview(
    session: Session,
    scope: Scope,
    kind: Kind,
    ids: Collection[int],
    change: Change,
    *,
    reach: Collection[int],
) -> tuple[Outcome, ...]:
    """What the change would do to each record, by name; nothing is written. ``reach``: the units one may edit.

    Raises:
        InvalidError, NotFoundError: as :meth:`Kind.check` and :meth:`Kind.standing`.
    """
    standings = kind.standing(session, scope, ids, change.field, change.on)
    kind.check(session, change, reach)
    after = {each.id: kind.after(each, change) for each in standings}
    said = kind.words(session, change.field, [*(each.value for each in standings), *after.values()])
    notes = kind.notes(session, scope, standings, change)
    found = []
    for each in standings:
        note, alone = notes.get(each.id, ("", False))
        found.append(
            Outcome(
                record_id=each.id,
                name=each.name,
                before=said(each.value),
                after=said(after[each.id]),
                same=each.value == after[each.id] and not alone,
                refused=kind.refused(session, each, change, reach),
                note=note,
                mark=_mark(each, change.field),
            )
        )
    return tuple(found)


def apply(
    session: Session,
    scope: Scope,
    kind: Kind,
    change: Change,
    seen: Mapping[int, str],
    *,
    reach: Collection[int],
    today: date,
) -> tuple[tuple[Outcome, ...], tuple[int, ...]]:
    """Make the change on every record of ``seen`` (id → mark of the preview) that is neither so already nor refused.

    Returns the outcomes as they stand now and the ids of records changed since the preview; where there are any,
    nothing is done. Each changed record gets one trail entry of its own beside those of its facts.

    Raises:
        InvalidError, NotFoundError: as :func:`preview`.
    """
    outcomes = preview(session, scope, kind, sorted(seen), change, reach=reach)
    stale = tuple(each.record_id for each in outcomes if each.mark != seen[each.record_id])
    if stale:
        return outcomes, stale
    standings = {
        each.id: each for each in kind.standing(session, scope, sorted(seen), change.field, change.on)
    }
    together = _together(change, seen)
    for each in outcomes:
        if each.same or each.refused:
            continue
        standing = standings[each.record_id]
        after = kind.after(standing, change)
        kind.change(session, standing.id, change.field, after, on=change.on, today=today)
        part = Part(record_id=standing.id, before=standing.value, after=after)
        _note(session, DONE, kind, part, change.field, change.on, together)
    return outcomes, ()


def find_done(session: Session, kind: Kind, entry_id: int) -> Done:
    """The bulk change of this kind of record whose first trail entry has this id.

    Raises:
        NotFoundError: when there is none.
    """
    first = session.get(TrailEntry, entry_id)
    if first is None or first.action != DONE or first.subject != kind.subject:
        raise NotFoundError("There is no such change.")
    told: Mapping[str, Any] = first.after or {}
    entries = session.scalars(
        select(TrailEntry)
        .where(
            TrailEntry.action == DONE,
            TrailEntry.subject == kind.subject,
            TrailEntry.at == first.at,
            TrailEntry.actor == first.actor,
            TrailEntry.id >= first.id,
        )
        .order_by(TrailEntry.id)
    ).all()
    return Done(
        first_id=first.id,
        actor=first.actor,
        at=first.at,
        reason=first.reason,
        field=kind.fields(told["field"]),
        on=date.fromisoformat(told["on"]),
        parts=tuple(
            Part(
                record_id=each.record_id or 0,
                before=_tupled((each.before or {}).get("value")),
                after=_tupled((each.after or {}).get("value")),
            )
            for each in entries
            if (each.after or {}).get("together") == told.get("together")
        ),
    )


def latest_of(session: Session, kind: Kind, actor: str) -> int | None:
    """The first trail entry of the bulk change of this kind of record somebody made last."""
    own = (TrailEntry.action == DONE, TrailEntry.subject == kind.subject, TrailEntry.actor == actor)
    last = session.scalars(
        select(TrailEntry).where(
            TrailEntry.id == select(func.max(TrailEntry.id)).where(*own).scalar_subquery()
        )
    ).first()
    if last is None:
        return None
    together = (last.after or {}).get("together")
    entries = session.scalars(
        select(TrailEntry).where(*own, TrailEntry.at == last.at).order_by(TrailEntry.id)
    )
    return next(each.id for each in entries if (each.after or {}).get("together") == together)


def undo_preview(session: Session, scope: Scope, kind: Kind, done: Done) -> tuple[Outcome, ...]:
    """What taking a bulk change back would do: a record changed since keeps what it is.

    Raises:
        NotFoundError: when a record of it lies outside the scope.
    """
    standings = kind.standing(session, scope, [each.record_id for each in done.parts], done.field, done.on)
    values = [value for each in done.parts for value in (each.before, each.after)]
    said = kind.words(session, done.field, [*(each.value for each in standings), *values])
    by_id = {each.id: each for each in standings}
    # What begins later than the change is another's: setting the day back would end it.
    at_last = kind.standing(session, scope, list(by_id), done.field, date.max)
    later = {each.id: each.value for each in at_last}
    found = []
    for part in done.parts:
        now = by_id[part.record_id]
        kept = now.value not in (part.after, part.before) or later[part.record_id] != now.value
        found.append(
            Outcome(
                record_id=now.id,
                name=now.name,
                before=said(now.value),
                after=said(now.value if kept else part.before),
                same=now.value == part.before,
                refused="Changed again since; it stays as it is." if kept else "",
                note="",
                mark=_mark(now, done.field),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.record_id)))


def undo(session: Session, scope: Scope, kind: Kind, done: Done, *, today: date) -> int:
    """Take a bulk change back where nobody changed the record since; how many records were set back."""
    outcomes = {each.record_id: each for each in undo_preview(session, scope, kind, done)}
    number = 0
    for part in done.parts:
        if outcomes[part.record_id].same or outcomes[part.record_id].refused:
            continue
        kind.change(session, part.record_id, done.field, part.before, on=done.on, today=today)
        back = Part(record_id=part.record_id, before=part.after, after=part.before)
        _note(session, UNDONE, kind, back, done.field, done.on, str(done.first_id))
        number += 1
    return number


def _note(
    session: Session, action: str, kind: Kind, part: Part, field: StrEnum, on: date, together: str
) -> None:
    """One entry of the record's own: ids and codes, never names, which its history looks up.

    ``together`` tells apart two changes of one moment.
    """
    after: dict[str, Any] = {"value": _listed(part.after), "field": field.value, "together": together}
    trail.note(
        session,
        action=action,
        subject=kind.subject,
        record_id=part.record_id,
        before={"value": _listed(part.before)},
        after=after | {"on": on.isoformat()},
    )


def _together(change: Change, seen: Mapping[int, str]) -> str:
    text = f"{change.field.value}|{change.on}|{sorted(seen.items())}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _mark(standing: Standing, field: StrEnum) -> str:
    text = f"{standing.id}|{standing.version}|{field.value}|{standing.value!r}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
