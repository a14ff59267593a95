"""What the under-use report rests on, per tool: seats bought, the usage file that counts, its users, credits."""

from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.values import (
    CapabilityFact,
    RunningLine,
    Settlement,
    Snapshot,
    ToolFact,
    UserCounts,
    YearlyCost,
)
from mopsaudit.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthUse:
    """A tool's users at a month's end: licences held and active people, from the file that counted then."""

    day: date
    assigned: int
    active: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Credits of a consumption tool on a day, in millionths of a unit; None is unknown."""

    as_of: date
    bought_micro: int | None
    used_micro: int | None
    expired_micro: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many people stand where with the seats of a tool; ``again`` were taken back and are active since."""

    asked: int = 0
    kept: int = 0
    reclaimed: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """One tool: ``lines`` are its running contract lines in the scope.

    ``shared_seats``: seats of it are bought for several units together and cannot be told apart here.
    ``activity_known`` and ``assigned_known`` say what the usage file tells; ``counts`` holds zero where it does not.
    ``exempt_seats`` None: the whole tool is exempt.
    """

    tool: ToolFact
    lines: tuple[RunningLine, ...]
    shared_seats: bool
    snapshot: Snapshot | None
    counts: UserCounts | None
    activity_known: bool
    assigned_known: bool
    lists_people: bool
    exempt_seats: int | None
    cost: YearlyCost
    capabilities: tuple[CapabilityFact, ...]
    trend: tuple[MonthUse, ...]
    readings: tuple[Reading, ...]
    asked: Asked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionFact:
    """What somebody keeps out of reclaiming: accounts (``accounts`` of them together), ``seats``, or the whole tool.

    ``reason`` is None for accounts: it may name a person. After ``review_on`` (the earliest of accounts) it protects
    nothing.
    """

    tool: ToolFact
    accounts: int
    seats: int | None
    reason: str | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All running tools of a scope, what is exempt, and what was settled about findings."""

    scope: Scope
    tools: tuple[ToolUse, ...]
    days: tuple[date, ...]
    settled: dict[str, Settlement]
    exemptions: tuple[ExemptionFact, ...] = ()
