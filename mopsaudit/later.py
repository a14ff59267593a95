"""Values whose long members are made when somebody first asks for them: read from a file, and perhaps never seen.

A class of such values derives from :class:`Later`; its frozen dataclass has slots or not. Nobody who uses a value sees
the difference: it compares, is replaced and is written like one that was made whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Final

#: One lock for all: making a member takes milliseconds, and two threads must not make it twice.
_making: Final = RLock()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member not made yet: ``make`` makes it; ``weight`` is about what it will take, in bytes."""

    make: Callable[[], Any]
    weight: int


class Later:
    """A value that may hold members not made yet."""

    __slots__ = ("_waiting",)

    #: From how many entries on a member (a tuple or a mapping) may wait to be made.
    WAITS_FROM: ClassVar[int] = 16

    if not TYPE_CHECKING:  # a checker would take any name for a member

        def __getattr__(self, name: str) -> Any:
            """Called for a member that is not there: made now, if it waits."""
            with _making:
                waiting = waiting_of(self)
                if name not in waiting:
                    return object.__getattribute__(self, name)  # made meanwhile, or no member at all
                value = waiting[name].make()
                object.__setattr__(self, name, value)
                rest = {key: each for key, each in waiting.items() if key != name}
                object.__setattr__(self, "_waiting", rest)
                return value


_NOTHING: Final[Mapping[str, Waiting]] = {}


def waiting_of(value: object) -> Mapping[str, Waiting]:
    """The members of a value that are not made yet, by name."""
    if not isinstance(value, Later):
        return _NOTHING
    try:
        found: Mapping[str, Waiting] = object.__getattribute__(value, "_waiting")
    except AttributeError:
        return _NOTHING
    return found


def put_off(value: Later, waiting: Mapping[str, Waiting]) -> None:
    """Let members of a value that has none of those names yet wait."""
    object.__setattr__(value, "_waiting", dict(waiting))
