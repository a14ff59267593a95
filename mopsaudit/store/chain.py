"""The trail's chain: entry n has id n and ``mac = HMAC(key, mac of n−1 ‖ canonical JSON of n)``.

The head (count and last mac) is noted in a file after each commit. A crash in between leaves it behind by entries that
still verify; it is never ahead.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from mopsaudit.store.keys import Head, Keyring
from mopsaudit.store.system import TrailEntry

_LOCK: Final = 0x6D6F7073  # the PostgreSQL advisory lock of the chain's end
_GENESIS: Final = bytes(32)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry before it is chained. ``action``: insert, update, delete, or a word of :func:`note`."""

    actor: str
    at: datetime
    action: str
    subject: str
    record_id: int | None
    before: Values | None
    after: Values | None
    reason: str | None


def canonical(entry_id: int, change: Change) -> bytes:
    """What an entry's code is taken over."""
    return json.dumps(
        [
            entry_id,
            change.at.astimezone(UTC).isoformat(timespec="microseconds"),
            change.actor,
            change.action,
            change.subject,
            change.record_id,
            change.before,
            change.after,
            change.reason,
        ],
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def append(connection: Connection, keyring: Keyring, changes: Iterable[Change]) -> Head:
    """Write entries at the chain's end in the connection's transaction; the head to note once that is committed.

    On PostgreSQL a lock orders writers until then; on SQLite there is one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = connection.execute(
        select(TrailEntry.id, TrailEntry.mac).order_by(TrailEntry.id.desc()).limit(1)
    ).one_or_none()
    count, mac = (last.id, bytes(last.mac)) if last is not None else (0, _GENESIS)
    rows = []
    for change in changes:
        count += 1
        mac = keyring.mac(mac + canonical(count, change))
        rows.append(
            {
                "id": count,
                "at": change.at,
                "actor": change.actor,
                "action": change.action,
                "subject": change.subject,
                "record_id": change.record_id,
                "before": change.before,
                "after": change.after,
                "reason": change.reason,
                "mac": mac,
            }
        )
    if rows:
        connection.execute(insert(TrailEntry), rows)
    return Head(count=count, mac=mac.hex(), line=keyring.head().line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying found. ``faults`` are sentences, the first differences first; none means the trail holds.

    ``behind`` counts entries newer than the noted head that verify (a crash before the head was written).
    """

    entries: int
    behind: int
    faults: tuple[str, ...]


def verify(session: Session, keyring: Keyring, *, most: int = 10) -> Verdict:
    """Recompute the chain: finds altered, removed, reordered and cut entries. Stops after ``most`` faults."""
    head = keyring.head()
    if not keyring.has_key("trail"):
        count = session.scalar(select(TrailEntry.id).order_by(TrailEntry.id.desc()).limit(1)) or 0
        missing = (
            ("The trail's key is missing, so nothing in it can be proven.",) if count or head.count else ()
        )
        return Verdict(entries=count, behind=0, faults=missing)
    faults: list[str] = []
    previous, count, at_head = _GENESIS, 0, ""
    statement = select(TrailEntry).order_by(TrailEntry.id).execution_options(yield_per=1000)
    for entry in session.scalars(statement):
        if entry.id != count + 1:
            gone = f"entry {count + 1}" if entry.id == count + 2 else f"entries {count + 1} to {entry.id - 1}"
            faults.append(f"The trail misses {gone}: removed.")
            count = entry.id - 1
        elif keyring.mac(previous + canonical(entry.id, _change(entry))) != entry.mac:
            faults.append(f"Entry {entry.id} of the trail is not what was written: altered or moved.")
        previous, count = bytes(entry.mac), count + 1
        if entry.id == head.count:
            at_head = previous.hex()
        session.expunge(entry)
        if len(faults) >= most:
            return Verdict(entries=count, behind=0, faults=tuple(faults))
    if count < head.count:
        faults.append(f"The trail ends at entry {count}, but {head.count} were written: its end was cut off.")
    elif head.count and at_head != head.mac:
        faults.append(f"Entry {head.count} of the trail differs from the one noted outside the database.")
    return Verdict(entries=count, behind=max(0, count - head.count), faults=tuple(faults))


def catch_up(session: Session, keyring: Keyring) -> int:
    """Move a head that a crash left behind to the last entry, if all entries after it verify. Returns how many."""
    head = keyring.head()
    previous = bytes.fromhex(head.mac) if head.mac else _GENESIS
    count = head.count
    statement = select(TrailEntry).where(TrailEntry.id > head.count).order_by(TrailEntry.id)
    for entry in session.scalars(statement.execution_options(yield_per=1000)):
        right = (
            entry.id == count + 1 and keyring.mac(previous + canonical(entry.id, _change(entry))) == entry.mac
        )
        if not right:
            return 0
        previous, count = bytes(entry.mac), entry.id
        session.expunge(entry)
    if count > head.count:
        keyring.advance(Head(count=count, mac=previous.hex(), line=head.line))
    return count - head.count


def _change(entry: TrailEntry) -> Change:
    return Change(
        actor=entry.actor,
        at=entry.at,
        action=entry.action,
        subject=entry.subject,
        record_id=entry.record_id,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
    )
