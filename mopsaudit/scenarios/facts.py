"""What a scenario is worked out from: money of today by month and what bears it, contracts, people, the stack. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mopsaudit.facts.terms import Standing, Terms
from mopsaudit.periods import Period
from mopsaudit.reporting import LineFilter
from mopsaudit.scenarios.question import StackQuestion


class Source(StrEnum):
    """Where a sum comes from: booked, owed by a contract or an order, or the run rate beside them.

    What a scenario adds: costs of moving and a new tool's price as typed, and seats for the people who move.
    """

    BOOKED = "booked"
    OWED = "owed"
    PACE = "pace"
    MOVING = "moving"
    SEATS = "seats"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Money of one month, in minor units of the base currency.

    ``due`` is the day a contract bills it and ``service`` what for; ``line_id`` the contract line, None where a
    contract bills several together. ``contract_id`` is None for what an order owes; ``what`` names either, or the tool
    that is added.
    """

    month: int
    minor: int
    source: Source
    tool_id: int | None = None
    line_id: int | None = None
    due: date | None = None
    service: Period | None = None
    contract_id: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosition:
    """A contract line: what it is, how it ends, how its seats may change. ``annual_minor`` None: no price or rate."""

    id: int
    label: str
    tool_id: int | None
    terms: Terms
    stands: Standing
    ends_on: date | None
    seats: int | None
    annual_minor: int | None
    reducible: bool
    pack: int
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFacts:
    """Today, from the start of the fiscal year for ``months`` month indices.

    The flows of the fiscal year sum to the budget report's forecast. ``people`` are those active in each tool;
    ``question`` holds tools, capabilities and what is required. ``years`` are fiscal years within the months.
    ``booked`` selects the ledger lines that are booked this year, None on a day within a month, whose lines are booked
    in part; ``names`` are those of the tools the flows name.
    """

    as_of: date
    unit: str | None
    currency: str
    year: Period
    months: range
    years: tuple[Period, ...]
    flows: tuple[Flow, ...]
    lines: Mapping[int, LinePosition]
    people: Mapping[int, frozenset[str]]
    question: StackQuestion
    booked: LineFilter | None = None
    names: Mapping[int, str] = field(default_factory=dict)
