"""Keys of suppliers when the rules of normalising change with a release: what was decided is found by new spellings.

A supplier is found by the key of its printed name (``intake.normalise``). Its key is worked out anew from its name once
for every change of those rules; the digest of the rules a database is keyed by stands with its settings. Where several
suppliers come to one key, nobody's decision is changed: open ones join; open ones follow a decision they now share a
name with, as a later spelling would; decisions that contradict each other stay apart until a person settles them.
"""

import hashlib
import inspect
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mopsaudit.intake import normalise as rules
from mopsaudit.intake import supplier_words
from mopsaudit.intake.bulk import lock_ledger, update_rows
from mopsaudit.intake.normalise import normalise
from mopsaudit.intake.placement import place_again
from mopsaudit.intake.splits import splits_of
from mopsaudit.intake.summaries import Deltas
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import SpendLine, SplitPart, SplitRule, Supplier, SupplierSpelling
from mopsaudit.store.system import Setting

#: The setting that holds the digest; no person changes it.
_KEYED_BY: Final = "supplier_keys"
_LENGTH: Final = 200
_DECIDED: Final = ("settled", "vendor_id", "tool_id", "spend_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What new rules did: keys that read otherwise, open suppliers joined to another, open suppliers that follow a
    decision, and names on which decisions contradict each other.
    """

    keys: int = 0
    joined: int = 0
    followed: int = 0
    conflicts: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.keys or self.joined or self.followed or self.conflicts)

    def __str__(self) -> str:
        parts = (
            (self.keys, "supplier is found", "suppliers are found", "by another key"),
            (self.joined, "open supplier joined", "open suppliers joined", "another of the same name"),
            (self.followed, "open supplier follows", "open suppliers follow", "a decision on the same name"),
            (self.conflicts, "name is decided", "names are decided", "in two ways (see Suppliers)"),
        )
        return "; ".join(
            f"{number:,} {one if number == 1 else many} {rest}" for number, one, many, rest in parts if number
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyConflict:
    """Suppliers of one name that are decided differently: id, name, kind of decision, and the decision in words."""

    suppliers: tuple[tuple[int, str, str, str], ...]


@cache
def rules_digest() -> str:
    """What tells these rules of normalising from any others: a digest of their text and of the tables of letters."""
    told = (inspect.getsource(rules), inspect.getsource(supplier_words), unicodedata.unidata_version)
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def keys_are_current(session: Session, digest: str | None = None) -> bool:
    """Whether the suppliers stand under keys of these rules; a ledger without suppliers always does."""
    kept = session.scalars(select(Setting).where(Setting.key == _KEYED_BY)).one_or_none()
    if kept is not None and kept.value.get("value") == (digest or rules_digest()):
        return True
    return session.scalar(select(Supplier.id).limit(1)) is None


def renew_keys(
    session: Session, *, now: datetime, settings: Settings, digest: str | None = None
) -> KeyChange | None:
    """Put every supplier under its key by these rules; None when they are so already. Ask in a unit of work.

    ``digest`` stands for the rules, for tests. Keys alone are written past the trail, whose entry of the setting
    stands for them; joining and following are entries of their own, and what follows may be opened again like any
    decision. A group of one name that was looked at before is left as people left it.
    """
    lock_ledger(session)
    if keys_are_current(session, digest):
        return None
    rows = session.execute(
        select(Supplier.id, Supplier.key, Supplier.name, Supplier.settled).order_by(Supplier.id)
    ).all()
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[normalise(row.name)[:_LENGTH]].append(row)
    keys: dict[int, str] = {}
    joins: list[tuple[int, list[int]]] = []
    follows: list[tuple[int, list[int]]] = []
    conflicts = 0
    for key, group in groups.items():
        if all(row.key in (key, _aside(key, row.id)) for row in group):
            continue
        opened = [row.id for row in group if row.settled == "open"]
        decided = [row.id for row in group if row.settled != "open"]
        agree = len(_decisions(session, decided)) < 2
        conflicts += not agree
        # Where decisions contradict each other a new spelling is asked about: an open supplier has the key, or none.
        holder = next(iter(decided if agree and decided else opened), None)
        keys |= {row.id: key if row.id == holder else _aside(key, row.id) for row in group}
        if decided and agree:
            # One that stood beside the decision already was opened again by a person: it stays open.
            others = [row.id for row in group if row.id in opened and row.key != _aside(key, row.id)]
            follows.append((decided[0], others))
        elif len(opened) > 1:
            joins.append((opened[0], opened[1:]))
    for first, others in joins:
        _join(session, first, others)
        for gone in others:
            del keys[gone]
    before = {row.id: row.key for row in rows}
    changed = {number: key for number, key in keys.items() if before[number] != key}
    _write(session, changed)
    for decided_id, others in follows:
        _follow(session, decided_id, others, now)
    moved = [*(first for first, _ in joins), *(each for _, others in follows for each in others)]
    place_again(session, moved, settings)
    _keep_digest(session, digest or rules_digest())
    return KeyChange(
        keys=len(changed),
        joined=sum(len(others) for _, others in joins),
        followed=sum(len(others) for _, others in follows),
        conflicts=conflicts,
    )


def _aside(key: str, supplier_id: int) -> str:
    """The key of a supplier beside another of its name: no printed name gives it, for none keeps a blank and a #."""
    return f"{key[: _LENGTH - 22]} #{supplier_id}"


def _name_of(key: str, supplier_id: int) -> str | None:
    """The key a supplier stands beside; None for one that has its own."""
    name, sign, number = key.rpartition(" #")
    return name if sign and number == str(supplier_id) else None


def _write(session: Session, keys: dict[int, str]) -> None:
    """In two steps: a key one supplier gives up another may take."""
    table: Any = Supplier.__table__
    session.flush()
    update_rows(session, table, ("key",), [(f"{number} #", number) for number in keys])
    update_rows(session, table, ("key",), [(key, number) for number, key in keys.items()])
    session.expire_all()


def _decisions(session: Session, supplier_ids: Sequence[int]) -> set[tuple[Any, ...]]:
    """The different decisions among these suppliers; splits are the same where all their parts and days are."""
    if len(supplier_ids) < 2:
        return set()
    splits = splits_of(session, set(supplier_ids))
    found = set()
    for supplier_id in supplier_ids:
        supplier = session.get_one(Supplier, supplier_id)
        parts = (
            tuple(
                (
                    rule.basis,
                    rule.valid_from,
                    rule.valid_until,
                    tuple(tuple(_values(part, _OF_PART)) for part in each),
                )
                for rule, each in splits.get(supplier_id, ())
            )
            if supplier.settled == "split"
            else ()
        )
        found.add((supplier.settled, supplier.tool_id, supplier.spend_type, parts))
    return found


_OF_PART: Final = ("tool_id", "spend_type", "share_ppm", "weight", "description_pattern")


def _values(record: Any, columns: Iterable[str]) -> list[Any]:
    return [getattr(record, column) for column in columns]


def _join(session: Session, first_id: int, others: Sequence[int]) -> None:
    """Spellings and lines of open suppliers go to the first of them; the others end."""
    quiet = {"synchronize_session": False}
    first = session.get_one(Supplier, first_id)
    gone = [session.get_one(Supplier, each) for each in others]
    waiting = [first.postponed_until, *(each.postponed_until for each in gone)]
    first.postponed_until = None if None in waiting else min(filter(None, waiting))
    deltas = Deltas()
    deltas.take_where(session, SpendLine.supplier_id.in_((first_id, *others)))
    for table in (SpendLine, SupplierSpelling):
        session.execute(
            update(table)
            .where(table.supplier_id.in_(others))
            .values(supplier_id=first_id)
            .execution_options(**quiet)
        )
    deltas.put_where(session, SpendLine.supplier_id == first_id)
    deltas.write(session)
    _drop_splits(session, others)
    for supplier in gone:
        session.delete(supplier)
    session.flush()


def _drop_splits(session: Session, supplier_ids: Sequence[int]) -> None:
    """What an open supplier keeps of an earlier time when it was split."""
    query = select(SplitRule).where(SplitRule.supplier_id.in_(supplier_ids)).order_by(SplitRule.id)
    for rule in session.scalars(query):
        session.delete(rule)
    session.flush()


def _follow(session: Session, decided_id: int, others: Sequence[int], now: datetime) -> None:
    """Open suppliers are settled as one of the same name is, each for itself, so that each may be opened again."""
    decided = session.get_one(Supplier, decided_id)
    splits = splits_of(session, {decided_id}).get(decided_id, []) if decided.settled == "split" else []
    for supplier_id in others:
        supplier = session.get_one(Supplier, supplier_id)
        for column in _DECIDED:
            setattr(supplier, column, getattr(decided, column))
        supplier.method, supplier.score_mille = "decision", 1000
        supplier.reason = f"As a person decided on {decided.name}, which is the same name."[:400]
        supplier.decided_by_id, supplier.decided_at, supplier.postponed_until = None, now, None
        _drop_splits(session, [supplier_id])
        for rule, parts in reversed(splits):
            copied = SplitRule(
                supplier_id=supplier_id,
                basis=rule.basis,
                reason=rule.reason,
                valid_from=rule.valid_from,
                valid_until=rule.valid_until,
            )
            session.add(copied)
            session.flush()
            session.add_all(
                SplitPart(rule_id=copied.id, **dict(zip(_OF_PART, _values(part, _OF_PART), strict=True)))
                for part in parts
            )
    session.flush()


def _keep_digest(session: Session, digest: str) -> None:
    kept = session.scalars(select(Setting).where(Setting.key == _KEYED_BY)).one_or_none()
    if kept is None:
        session.add(Setting(key=_KEYED_BY, value={"value": digest}))
    else:
        kept.value = {"value": digest}
    session.flush()


def take_free_key(session: Session, supplier: Supplier) -> None:
    """After a decision: a supplier that stood beside another of its name has the name's key once all agree."""
    name = _name_of(supplier.key, supplier.id)
    if name is None or supplier.settled == "open":
        return
    others = _of_names(session, [name])
    held = any(row.key == name for row in others)
    decided = [row.id for row in others if row.settled != "open"]
    if not held and len(_decisions(session, decided)) < 2:
        supplier.key = name
        session.flush()


def _of_names(session: Session, names: Iterable[str]) -> list[Any]:
    """The suppliers of these names: the one that has the key, and those beside it."""
    columns = (
        Supplier.id,
        Supplier.key,
        Supplier.name,
        Supplier.settled,
        Supplier.tool_id,
        Supplier.spend_type,
    )
    found = []
    for name in names:
        rows = session.execute(
            select(*columns)
            .where((Supplier.key == name) | Supplier.key.startswith(f"{name} #", autoescape=True))
            .order_by(Supplier.id)
        )
        found += [row for row in rows if row.key == name or _name_of(row.key, row.id) == name]
    return found


def key_conflicts(session: Session) -> tuple[KeyConflict, ...]:
    """Names on which decisions contradict each other since the rules of normalising changed; each is settled by
    deciding one of its suppliers as the other.
    """
    beside = session.execute(
        select(Supplier.id, Supplier.key).where(Supplier.key.contains(" #")).order_by(Supplier.key)
    )
    names = sorted({name for row in beside if (name := _name_of(row.key, row.id)) is not None})
    found = []
    for name in names:
        decided = [row for row in _of_names(session, [name]) if row.settled != "open"]
        if len(_decisions(session, [row.id for row in decided])) > 1:
            found.append(
                KeyConflict(
                    suppliers=tuple((row.id, row.name, row.settled, _words(session, row)) for row in decided)
                )
            )
    return tuple(found)


def _words(session: Session, supplier: Any) -> str:
    if supplier.settled == "split":
        return "split over several tools"
    tool = None if supplier.tool_id is None else session.get(Tool, supplier.tool_id)
    return tool.name if tool is not None else (supplier.spend_type or supplier.settled).replace("_", " ")
