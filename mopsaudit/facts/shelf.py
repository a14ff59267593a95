"""Answers a process keeps: each with the stamps of what it was made from, the least asked for leaving first by size."""

import dataclasses
import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock, RLock
from typing import Any, Final
from weakref import WeakValueDictionary

from mopsaudit.later import waiting_of

#: What a process keeps at most, in bytes as :func:`weight` estimates them.
MOST: Final = 240 * 1024 * 1024
_SAMPLE: Final = 8
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer and the stamps it was made from (:mod:`mopsaudit.store.stamps`), 0 for what nobody ever changed."""

    value: Any
    stamps: Mapping[str, int]

    def holds(self, now: Mapping[str, int]) -> bool:
        """Whether nothing it was made from has changed since."""
        return all(now.get(name, 0) == stamp for name, stamp in self.stamps.items())


class _Turn:
    """A lock that a weak dictionary can hold."""

    def __init__(self) -> None:
        self.lock = RLock()


class Shelf:
    """Answers by question. Safe between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._turns: WeakValueDictionary[Hashable, _Turn] = WeakValueDictionary()
        self.bytes = 0

    def find(self, question: Hashable, now: Mapping[str, int]) -> Kept | None:
        """The answer kept, if it still holds."""
        with self._lock:
            found = self._kept.get(question)
            if found is None or not found[0].holds(now):
                return None
            self._kept.move_to_end(question)
            return found[0]

    def keep(self, question: Hashable, kept: Kept) -> None:
        """Keep an answer in place of an older one; what is larger than a third of all room is not kept."""
        size = weight(kept.value)
        with self._lock:
            _, before = self._kept.pop(question, (None, 0))
            self.bytes -= before
            if size * 3 > self._most:
                return
            self._kept[question] = (kept, size)
            self.bytes += size
            while self.bytes > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self.bytes -= gone

    def questions(self) -> tuple[Hashable, ...]:
        """What was asked, the least recent first."""
        with self._lock:
            return tuple(self._kept)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def turn(self, question: Hashable) -> _Turn:
        """The lock under which a question is worked out, so that two who ask at once do not both."""
        with self._lock:
            turn = self._turns.get(question)
            if turn is None:
                turn = self._turns[question] = _Turn()
            return turn


def weight(value: object) -> int:
    """About how many bytes a value and what it refers to take: long ones by some of their members, shared ones once."""
    return _weight(value, _DEPTH, set())


def _weight(value: object, depth: int, seen: set[int]) -> int:
    if id(value) in seen:
        return 0
    seen.add(id(value))
    size = sys.getsizeof(value, 64)
    if depth == 0 or isinstance(value, str | bytes | int | float | type(None)):
        return size
    if isinstance(value, Mapping):
        return size + _sampled([*value.keys(), *value.values()], depth, seen)
    if isinstance(value, tuple | list | set | frozenset):
        return size + _sampled(value if isinstance(value, tuple | list) else list(value), depth, seen)
    if dataclasses.is_dataclass(value):
        waiting = waiting_of(value)
        there = (each.name for each in dataclasses.fields(value) if each.name not in waiting)
        later = sum(each.weight for each in waiting.values())  # it may be made, and is weighed once
        return size + later + sum(_weight(getattr(value, name), depth - 1, seen) for name in there)
    return size


def _sampled(members: tuple[Any, ...] | list[Any], depth: int, seen: set[int]) -> int:
    if len(members) <= _SAMPLE:
        return sum(_weight(each, depth - 1, seen) for each in members)
    step = len(members) // _SAMPLE
    taken = members[::step]
    return sum(_weight(each, depth - 1, seen) for each in taken) * len(members) // len(taken)
