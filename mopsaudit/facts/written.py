"""Answers as text and back: JSON that knows our own values, for what outlives a process. Nothing in it is run.

A list whose first member is a number is a value of ours: the number says which kind, above :data:`_OWN` which class of
the list beside it. Only values of ``mopsaudit`` that hold data alone (frozen dataclasses, named tuples, enumerations)
are made from text; what is anything else cannot be written.

The first line holds the classes, the words mappings go by and the value; then comes, a line each, what stands in it
many times and is written once, then long members of values that may be made later (:mod:`mopsaudit.later`): who looks
at a report's answer does not wait for its thousands of rows.
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MemberDescriptorType
from typing import Any, Final

from mopsaudit.errors import MopsauditError
from mopsaudit.later import Later, Waiting, put_off

_TUPLE: Final = 0
_LIST: Final = 1
_MAPPING: Final = 2
_DATE: Final = 3
_MOMENT: Final = 4
_DECIMAL: Final = 5
_SET: Final = 6
_FRACTION: Final = 7
#: A value of the second line, by its place there.
_SAME: Final = 8
#: A member that stands in a line of its own: its number among them, its length.
_PART: Final = 9
#: A mapping by words that other mappings have too: the number of their tuple, then the values.
_SHAPED: Final = 10
_OWN: Final = 11
_PACKAGE: Final = "mopsaudit."


class _Sharing(Enum):
    """Whether values of a class are written once: never, where they are the same one, where they are equal."""

    NONE = 0
    SAME = 1
    EQUAL = 2


#: What stands in thousands of rows, or with each tool it speaks of.
_SHARED: Final = {
    "mopsaudit.reporting:Finding": _Sharing.SAME,
    "mopsaudit.reporting:LineFilter": _Sharing.EQUAL,
    "mopsaudit.reporting:Ref": _Sharing.EQUAL,
    "mopsaudit.reporting:Trace": _Sharing.EQUAL,
}
#: Words of a mapping that may be those of a row; what has more is a mapping by names.
_SHAPE: Final = 60
#: Bytes a value takes for each of its text, about.
_GROWS: Final = 6


class UnwritableError(MopsauditError):
    """A value that cannot be written, or a text that no value can be made of."""


def write(value: object) -> str:
    """The value as lines of text; :func:`read` makes an equal one.

    Raises:
        UnwritableError: when something in it is of a kind that is not written.
    """
    writer = _Writer()
    body = writer.text(value)
    known = ",".join(_json(each) for each in (writer.names(), [*writer.shapes], len(writer.same)))
    return "\n".join((f"[{known},{body}]", *writer.same, *writer.parts))


def _json(plain: object) -> str:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def read(text: str | bytes) -> Any:
    """The value a text was written of; its long members are made when they are first asked for.

    Raises:
        UnwritableError: for a text that was not written here, or by a program that had other values.
    """
    try:
        first, *lines = (text.encode() if isinstance(text, str) else text).split(b"\n")
        names, shapes, same, body = json.loads(first)
        return _Reader([_maker(name) for name in names], shapes, lines[:same], lines[same:]).value(body)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnwritableError(f"The text is not one of ours: {error}.") from error


class _Writer:
    """Text made value by value: as lists for the library to write, a report would stand in memory twice more."""

    def __init__(self) -> None:
        self._classes: dict[type, int] = {}
        self._shared: dict[type, _Sharing] = {}
        self._places: dict[object, int] = {}
        #: By identity, for as long as the value written holds them: equal ones are looked for once.
        self._seen: dict[int, int] = {}
        self.same: list[str] = []
        self.shapes: dict[tuple[str, ...], int] = {}
        self.parts: list[str] = []

    def names(self) -> list[str]:
        """The classes of what was written, in the order of their numbers."""
        return [_name_of(each) for each in self._classes]

    def text(self, value: Any) -> str:
        """One value as JSON."""
        kind = type(value)
        if kind is str:
            return _quoted(value)
        if value is None:
            return "null"
        if kind is int:
            return str(value)
        if kind is bool or kind is float:
            return json.dumps(value)
        if kind is tuple:
            return _listed(_TUPLE, map(self.text, value))
        if dataclasses.is_dataclass(value) and self._ours(kind):
            shared = self._sharing(kind) is not _Sharing.NONE
            return self._once(value, kind) if shared else self._fields(value, kind)
        if kind is list:
            return _listed(_LIST, map(self.text, value))
        if isinstance(value, Enum) and self._ours(kind):
            return _listed(self._number(kind), (self.text(value.value),))
        if isinstance(value, tuple) and hasattr(value, "_fields") and self._ours(kind):
            return _listed(self._number(kind), map(self.text, value))
        if isinstance(value, Mapping):
            if 0 < len(value) <= _SHAPE and all(type(key) is str for key in value):
                shape = self.shapes.setdefault(tuple(value), len(self.shapes))
                return _listed(_SHAPED, (str(shape), *map(self.text, value.values())))
            return _listed(_MAPPING, (self.text(part) for pair in value.items() for part in pair))
        if kind is date:
            return f'[{_DATE},"{value.isoformat()}"]'
        if kind is datetime:
            return f'[{_MOMENT},"{value.isoformat()}"]'
        if kind is Decimal:
            return f'[{_DECIMAL},"{value}"]'
        if kind is frozenset:
            return _listed(_SET, map(self.text, value))
        if kind is Fraction:
            return f"[{_FRACTION},{value.numerator},{value.denominator}]"
        raise UnwritableError(f"A {kind.__module__}.{kind.__qualname__} cannot be written.")

    def _sharing(self, kind: type) -> _Sharing:
        known = self._shared.get(kind)
        if known is None:
            known = self._shared[kind] = _SHARED.get(_name_of(kind), _Sharing.NONE)
        return known

    def _once(self, value: Any, kind: type) -> str:
        place = self._seen.get(id(value))
        if place is None:
            equal = self._shared[kind] is _Sharing.EQUAL
            place = self._places.get(value) if equal else None
            if place is None:
                written = self._fields(value, kind)  # what it holds of its like comes before it
                place = len(self.same)
                self.same.append(written)
                if equal:
                    self._places[value] = place
            self._seen[id(value)] = place
        return f"[{_SAME},{place}]"

    def _fields(self, value: Any, kind: type) -> str:
        """The fields that are not their default, and a number whose bits say which those are."""
        mask, written = 0, []
        least = kind.WAITS_FROM if issubclass(kind, Later) else sys.maxsize
        slots = "__slots__" in vars(kind)
        for place, (name, default) in enumerate(_fields_of(kind)):
            each = getattr(value, name)
            if each is not default:
                mask |= 1 << place
                text = self.text(each)
                # A class without slots holds its defaults itself: a member with one would not be missed.
                waits = slots or default is dataclasses.MISSING
                if waits and isinstance(each, tuple | Mapping) and len(each) >= least:
                    self.parts.append(text)
                    text = f"[{_PART},{len(self.parts) - 1},{len(text)}]"
                written.append(text)
        return _listed(self._number(kind), (str(mask), *written))

    def _number(self, kind: type) -> int:
        return self._classes.setdefault(kind, len(self._classes) + _OWN)

    @staticmethod
    def _ours(kind: type) -> bool:
        return kind.__module__.startswith(_PACKAGE) and "<" not in kind.__qualname__


_quoted = json.encoder.encode_basestring


def _listed(number: int, members: Iterable[str]) -> str:
    return ",".join((f"[{number}", *members)) + "]"


def _name_of(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


_known_fields: dict[type, tuple[tuple[str, Any], ...]] = {}


def _fields_of(kind: type) -> tuple[tuple[str, Any], ...]:
    """Names and defaults of what a dataclass is made of."""
    found = _known_fields.get(kind)
    if found is None:
        found = tuple((each.name, each.default) for each in dataclasses.fields(kind) if each.init)
        _known_fields[kind] = found
    return found


_Make = Callable[[list[Any]], Any]
_Put = Callable[[Any, Any], None]


def _maker(name: str) -> _Make:
    """What makes a value of the class of that name from the members of its list, already read."""
    module, _, path = name.partition(":")
    if not module.startswith(_PACKAGE) or module not in sys.modules:
        raise UnwritableError(f"{name} is none of our values.")
    kind: Any = sys.modules[module]
    for part in path.split("."):
        kind = getattr(kind, part)
    if not isinstance(kind, type):
        raise UnwritableError(f"{name} is no class.")
    made: Any = kind
    if dataclasses.is_dataclass(kind):
        return _from_fields(kind)
    if issubclass(kind, Enum):
        return lambda members: made(members[0])
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return lambda members: made(*members)
    raise UnwritableError(f"{name} holds more than data.")


def _from_fields(kind: type) -> _Make:
    """Makes a dataclass of the number that says which fields are given, and those.

    One with nothing to check is filled past its ``__init__``, which takes twice the time.
    """
    fields = _fields_of(kind)
    if len(fields) != len(dataclasses.fields(kind)) or hasattr(kind, "__post_init__"):
        return _by_name(kind, fields)
    setters = [_setter(kind, name) for name, _ in fields]
    later, new = issubclass(kind, Later), object.__new__
    chosen: dict[int, tuple[list[_Put], list[tuple[_Put, Any]], list[str]]] = {}

    def choose(mask: int) -> tuple[list[_Put], list[tuple[_Put, Any]], list[str]]:
        given = [place for place in range(len(fields)) if mask >> place & 1]
        rest = [place for place in range(len(fields)) if not mask >> place & 1]
        if missing := [fields[place][0] for place in rest if fields[place][1] is dataclasses.MISSING]:
            raise UnwritableError(f"{kind.__name__} has no {', '.join(missing)}.")
        found = chosen[mask] = (
            [setters[place] for place in given],
            [(setters[place], fields[place][1]) for place in rest],
            [fields[place][0] for place in given],
        )
        return found

    def make(members: list[Any]) -> Any:
        given, defaults, names = chosen.get(members[0]) or choose(members[0])
        value: Any = new(kind)
        if later:
            waiting = {
                name: each for name, each in zip(names, members[1:], strict=True) if type(each) is Waiting
            }
            put_off(value, waiting)
        for put, each in zip(given, members[1:], strict=True):
            if type(each) is not Waiting:
                put(value, each)
        for put, default in defaults:
            put(value, default)
        return value

    return make


def _setter(kind: type, name: str) -> _Put:
    """What sets a field of a frozen value that is being made."""
    slot = getattr(kind, name, None)
    if isinstance(slot, MemberDescriptorType):
        return slot.__set__
    return lambda value, each: object.__setattr__(value, name, each)


def _by_name(kind: type, fields: tuple[tuple[str, Any], ...]) -> _Make:
    """Makes a dataclass by its ``__init__``."""
    made: Any = kind
    names = [name for name, _ in fields]

    def make(members: list[Any]) -> Any:
        given = [each for place, each in enumerate(names) if members[0] >> place & 1]
        return made(**dict(zip(given, members[1:], strict=True)))

    return make


class _Reader:
    """Makes the values of one text."""

    def __init__(
        self, makers: list[_Make], shapes: list[list[str]], same: list[bytes], parts: list[bytes]
    ) -> None:
        self._makers, self._shapes = makers, shapes
        self._same_lines, self._parts = same, parts
        self._same: dict[int, Any] = {}
        words: dict[str, str] = {}
        self._word = words.setdefault

    def value(self, written: Any) -> Any:
        """The value of what was written."""
        if type(written) is not list:
            return written
        kind = written[0]
        if kind == _SAME:
            return self._shared(written[1])
        value, word = self.value, self._word
        members: list[Any] = [
            value(each)
            if type(each) is list
            else word(each, each)  # a report says the same words in thousands of rows: each is kept once
            if type(each) is str
            else each
            for each in written[1:]
        ]
        if kind >= _OWN:
            return self._makers[kind - _OWN](members)
        if kind == _SHAPED:
            return dict(zip(self._shapes[members[0]], members[1:], strict=True))
        if kind == _PART:
            return self._waiting(*members)
        return _SIMPLE[kind](members)

    def _shared(self, place: int) -> Any:
        try:
            return self._same[place]
        except KeyError:
            found = self._same[place] = self.value(json.loads(self._same_lines[place]))
            return found

    def _waiting(self, number: int, length: int) -> Waiting:
        def make() -> Any:
            found = self.value(json.loads(self._parts[number]))
            self._parts[number] = b""
            return found

        self._parts[number]  # it is there
        return Waiting(make=make, weight=length * _GROWS)


_SIMPLE: Final[Mapping[int, _Make]] = {
    _TUPLE: tuple,
    _LIST: list,
    _MAPPING: lambda members: dict(zip(members[::2], members[1::2], strict=True)),
    _DATE: lambda members: date.fromisoformat(members[0]),
    _MOMENT: lambda members: datetime.fromisoformat(members[0]),
    _DECIMAL: lambda members: Decimal(members[0]),
    _SET: frozenset,
    _FRACTION: lambda members: Fraction(*members),
}
