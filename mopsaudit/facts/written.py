"""Answers as text and back: JSON that knows our own values, for what outlives a process. Nothing in it is run.

A list whose first member is a number is a value of ours: the number says which kind, above :data:`_OWN` which class of
the list beside it. Only values of ``mopsaudit`` that hold data alone (frozen dataclasses, named tuples, enumerations)
are made from text; what is anything else cannot be written.
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from mopsaudit.errors import MopsauditError

_TUPLE: Final = 0
_LIST: Final = 1
_MAPPING: Final = 2
_DATE: Final = 3
_MOMENT: Final = 4
_DECIMAL: Final = 5
_SET: Final = 6
_FRACTION: Final = 7
_OWN: Final = 10
_PACKAGE: Final = "mopsaudit."
#: How deep a text comes in pieces: a report, its sections, their rows.
_LEVELS: Final = 4
#: Values of which equal ones stand in thousands of rows; each is made once.
_SHARED: Final = frozenset(f"mopsaudit.reporting:{name}" for name in ("LineFilter", "Ref", "Trace"))


class UnwritableError(MopsauditError):
    """A value that cannot be written, or a text that no value can be made of."""


def write(value: object) -> str:
    """The value as one line of text; :func:`read` makes an equal one.

    Raises:
        UnwritableError: when something in it is of a kind that is not written.
    """
    return "".join(pieces(value))


def pieces(value: object) -> Iterator[str]:
    """The text of :func:`write` bit by bit, for who puts it away as it comes.

    Raises:
        UnwritableError: when something in it is of a kind that is not written; what came before is of no use then.
    """
    writer = _Writer()
    yield "["
    yield from writer.pieces(value, _LEVELS)
    yield f",{json.dumps([f'{each.__module__}:{each.__qualname__}' for each in writer.classes])}]"


def read(text: str) -> Any:
    """The value a text was written of.

    Raises:
        UnwritableError: for a text that was not written here, or by a program that had other values.
    """
    try:
        body, names = json.loads(text)
        words: dict[str, str] = {}
        return _value(body, [_maker(name) for name in names], words.setdefault)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnwritableError(f"The text is not one of ours: {error}.") from error


class _Writer:
    """Text made row by row: as lists for the library to write, a report would stand in memory twice more."""

    def __init__(self) -> None:
        self.classes: dict[type, int] = {}

    def pieces(self, value: Any, levels: int) -> Iterator[str]:
        """:meth:`text` of a value, cut so many levels deep."""
        kind = type(value)
        if levels and kind is tuple:
            yield f"[{_TUPLE}"
            for each in value:
                yield ","
                yield from self.pieces(each, levels - 1)
            yield "]"
        elif levels and (fields := _fields_of(kind)) is not None:
            mask, given = _given(value, fields)
            yield f"[{self._number(kind)},{mask}"
            for each in given:
                yield ","
                yield from self.pieces(each, levels - 1)
            yield "]"
        else:
            yield self.text(value)

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
        if (fields := _fields_of(kind)) is not None:
            mask, given = _given(value, fields)
            return ",".join((f"[{self._number(kind)},{mask}", *map(self.text, given))) + "]"
        if kind is list:
            return _listed(_LIST, map(self.text, value))
        if isinstance(value, Enum) and _ours(kind):
            return _listed(self._number(kind), (self.text(value.value),))
        if isinstance(value, tuple) and hasattr(value, "_fields") and _ours(kind):
            return _listed(self._number(kind), map(self.text, value))
        if isinstance(value, Mapping):
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

    def _number(self, kind: type) -> int:
        return self.classes.setdefault(kind, len(self.classes) + _OWN)


_quoted = json.encoder.encode_basestring
_known_fields: dict[type, tuple[tuple[str, Any], ...] | None] = {}


def _listed(number: int, members: Iterable[str]) -> str:
    return ",".join((f"[{number}", *members)) + "]"


def _given(value: Any, fields: tuple[tuple[str, Any], ...]) -> tuple[int, list[Any]]:
    """The fields that are not their default, and a number whose bits say which those are."""
    mask, given = 0, []
    for place, (name, default) in enumerate(fields):
        each = getattr(value, name)
        if each is not default:
            mask |= 1 << place
            given.append(each)
    return mask, given


def _ours(kind: type) -> bool:
    return kind.__module__.startswith(_PACKAGE) and "<" not in kind.__qualname__


def _fields_of(kind: type) -> tuple[tuple[str, Any], ...] | None:
    """Names and defaults of what a dataclass of ours is made of; None for any other kind."""
    if kind not in _known_fields:
        mine = dataclasses.is_dataclass(kind) and _ours(kind)
        _known_fields[kind] = (
            tuple((each.name, each.default) for each in dataclasses.fields(kind) if each.init)
            if mine
            else None
        )
    return _known_fields[kind]


def _maker(name: str) -> Callable[[list[Any]], Any]:
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
        names = [each for each, _ in _fields_of(kind) or ()]
        chosen: dict[int, list[str]] = {}
        alike: dict[tuple[Any, ...], Any] | None = {} if name in _SHARED else None

        def from_fields(members: list[Any]) -> Any:
            mask = members[0]
            given = chosen.get(mask)
            if given is None:
                given = chosen[mask] = [each for place, each in enumerate(names) if mask >> place & 1]
            if alike is None:
                return made(**dict(zip(given, members[1:], strict=True)))
            found = alike.get(key := tuple(members))
            if found is None:
                found = alike[key] = made(**dict(zip(given, members[1:], strict=True)))
            return found

        return from_fields
    if issubclass(kind, Enum):
        return lambda members: made(members[0])
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return lambda members: made(*members)
    raise UnwritableError(f"{name} holds more than data.")


def _value(written: Any, makers: list[Callable[[list[Any]], Any]], word: Callable[[str, str], str]) -> Any:
    if type(written) is not list:
        return written
    kind = written[0]
    members = [
        _value(each, makers, word)
        if type(each) is list
        else word(each, each)  # a report says the same words in thousands of rows: each is kept once
        if type(each) is str
        else each
        for each in written[1:]
    ]
    if kind >= _OWN:
        return makers[kind - _OWN](members)
    return _SIMPLE[kind](members)


_SIMPLE: Final[Mapping[int, Callable[[list[Any]], Any]]] = {
    _TUPLE: tuple,
    _LIST: list,
    _MAPPING: lambda members: dict(zip(members[::2], members[1::2], strict=True)),
    _DATE: lambda members: date.fromisoformat(members[0]),
    _MOMENT: lambda members: datetime.fromisoformat(members[0]),
    _DECIMAL: lambda members: Decimal(members[0]),
    _SET: frozenset,
    _FRACTION: lambda members: Fraction(*members),
}
