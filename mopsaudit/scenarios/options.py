"""What is asked of the lowest-cost stack, as a value that is kept with its answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mopsaudit.errors import InvalidError

HORIZONS = (12, 24, 36, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOptions:
    """``months`` is the horizon, ``lead_months`` the time until the first tool can be switched off.

    ``keep`` and ``go`` are tools that must stay or go. ``vendor_percent`` caps a vendor's share of the yearly cost of
    what is kept. Moving off a tool costs ``moving_minor`` (``moving`` by tool instead) and ``person_minor`` for each of
    its people, minor units of the base currency. ``together`` are units joined into one: their tools serve both.
    """

    months: int = 36
    lead_months: int = 3
    keep: tuple[int, ...] = ()
    go: tuple[int, ...] = ()
    vendor_percent: int | None = None
    moving_minor: int = 0
    person_minor: int = 0
    moving: Mapping[int, int] = field(default_factory=dict)
    together: tuple[int, ...] = ()

    def checked(self) -> "StackOptions":
        """Itself, when it can be asked.

        Raises:
            InvalidError: a horizon or lead time out of range, a negative cost, a tool that must stay and go.
        """
        if not 6 <= self.months <= 120:
            raise InvalidError("Look ahead 6 to 120 months.", "months")
        if not 0 <= self.lead_months < self.months:
            raise InvalidError("The first change must lie within the months looked at.", "lead_months")
        if self.vendor_percent is not None and not 1 <= self.vendor_percent <= 100:
            raise InvalidError("A share lies between 1 and 100 percent.", "vendor_percent")
        if min(self.moving_minor, self.person_minor, *self.moving.values(), 0) < 0:
            raise InvalidError("Moving costs nothing or more.", "moving_minor")
        if set(self.keep) & set(self.go):
            raise InvalidError("A tool cannot be kept and switched off at once.", "go")
        return self

    def to_data(self) -> dict[str, Any]:
        """It as JSON."""
        return {
            "months": self.months,
            "lead_months": self.lead_months,
            "keep": list(self.keep),
            "go": list(self.go),
            "vendor_percent": self.vendor_percent,
            "moving_minor": self.moving_minor,
            "person_minor": self.person_minor,
            "moving": {str(tool): minor for tool, minor in sorted(self.moving.items())},
            "together": list(self.together),
        }

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "StackOptions":
        """What :meth:`to_data` wrote."""
        percent = data.get("vendor_percent")
        return StackOptions(
            months=int(data["months"]),
            lead_months=int(data["lead_months"]),
            keep=tuple(int(each) for each in data["keep"]),
            go=tuple(int(each) for each in data["go"]),
            vendor_percent=None if percent is None else int(percent),
            moving_minor=int(data["moving_minor"]),
            person_minor=int(data["person_minor"]),
            moving={int(tool): int(minor) for tool, minor in data["moving"].items()},
            together=tuple(int(each) for each in data["together"]),
        )
