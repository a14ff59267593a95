"""The changes a scenario is made of, as values that are kept and shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mopsaudit.errors import InvalidError
from mopsaudit.periods import add_months


class Kind(StrEnum):
    """What a change does."""

    OFF = "off"
    SEATS = "seats"
    ADD = "add"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. Money is minor units of the base currency.

    *off*: ``tool_id`` is switched off on ``on``; its people go to ``into_ids`` (nobody: to none); ``once_minor`` is
    what moving costs. *seats*: line ``line_id`` has ``seats`` from ``on``. *add*: a tool ``name`` from ``on`` for
    ``annual_minor`` a year and ``once_minor`` once, with ``capabilities`` for ``unit_ids`` (none: everywhere).
    *merge*: ``unit_ids`` are joined into one.
    """

    kind: Kind
    on: date | None = None
    tool_id: int | None = None
    into_ids: tuple[int, ...] = ()
    line_id: int | None = None
    seats: int | None = None
    name: str = ""
    annual_minor: int = 0
    once_minor: int = 0
    capabilities: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()

    def checked(self) -> "Change":
        """Itself, when it says enough.

        Raises:
            InvalidError: a part is missing or wrong, named by its field.
        """
        if self.kind is not Kind.MERGE and self.on is None:
            raise InvalidError("Say from when.", "on")
        if min(self.annual_minor, self.once_minor) < 0:
            raise InvalidError("A cost is zero or more.", "once_minor")
        if self.kind is Kind.OFF:
            if self.tool_id is None:
                raise InvalidError("Choose the tool.", "tool_id")
            if self.tool_id in self.into_ids:
                raise InvalidError("Choose another tool to move to.", "into_ids")
        if self.kind is Kind.SEATS:
            if self.line_id is None:
                raise InvalidError("Choose the contract line.", "line_id")
            if self.seats is None or self.seats < 0:
                raise InvalidError("Say how many seats.", "seats")
        if self.kind is Kind.ADD and not self.name.strip():
            raise InvalidError("Say what the tool is called.", "name")
        if self.kind is Kind.MERGE and len(set(self.unit_ids)) < 2:
            raise InvalidError("Choose two units or more to join.", "unit_ids")
        return self

    def moved(self, months: int) -> "Change":
        """The same, ``months`` later (earlier below zero)."""
        return self if self.on is None else replace(self, on=add_months(self.on, months))

    def to_data(self) -> dict[str, Any]:
        """It as JSON, without what it does not say."""
        return {
            "kind": self.kind.value,
            "on": self.on.isoformat() if self.on else None,
            "tool_id": self.tool_id,
            "into_ids": list(self.into_ids),
            "line_id": self.line_id,
            "seats": self.seats,
            "name": self.name,
            "annual_minor": self.annual_minor,
            "once_minor": self.once_minor,
            "capabilities": list(self.capabilities),
            "unit_ids": list(self.unit_ids),
        }

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "Change":
        """What :meth:`to_data` wrote."""
        return Change(
            kind=Kind(data["kind"]),
            on=date.fromisoformat(data["on"]) if data["on"] else None,
            tool_id=data["tool_id"],
            into_ids=tuple(data["into_ids"]),
            line_id=data["line_id"],
            seats=data["seats"],
            name=data["name"],
            annual_minor=int(data["annual_minor"]),
            once_minor=int(data["once_minor"]),
            capabilities=tuple(data["capabilities"]),
            unit_ids=tuple(data["unit_ids"]),
        )


def changes_of_stack(answer: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes that make the lowest-cost stack: each tool it switches off, from the day anything can."""
    on = date.fromisoformat(str(answer["ready_on"]))
    return tuple(
        Change(
            kind=Kind.OFF,
            tool_id=int(each["id"]),
            on=on,
            into_ids=tuple(sorted({int(to["id"]) for to in each["to"]})),
            once_minor=int(each["moving_minor"]),
        )
        for each in answer.get("off", ())
    )


def all_from(data: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Kept changes as values."""
    return tuple(Change.from_data(each) for each in data)
