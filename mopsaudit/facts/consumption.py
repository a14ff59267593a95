"""Readings of one day as one: several files may carry the same reading, and each may know what the other does not."""

from collections.abc import Iterable
from typing import Protocol

#: What a reading may tell, each counted since the term began, in millionths of a credit.
FIGURES = ("bought_micro", "used_micro", "expired_micro")


class Told(Protocol):
    """A reading as it is stored; None is unknown."""

    @property
    def bought_micro(self) -> int | None:
        """Credits bought so far in the term."""

    @property
    def used_micro(self) -> int | None:
        """Credits used so far in the term."""

    @property
    def expired_micro(self) -> int | None:
        """Credits expired so far in the term."""


def standing_figures(readings: Iterable[Told]) -> dict[str, int | None]:
    """What stands of the readings of one tool and day, oldest entered first: of each figure the last that was told."""
    found: dict[str, int | None] = dict.fromkeys(FIGURES)
    for each in readings:
        for name in FIGURES:
            value = getattr(each, name)
            if value is not None:
                found[name] = value
    return found
