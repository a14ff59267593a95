"""What the overlap report rests on: tools with their capabilities as bit sets, their cost, seats, dates and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mopsaudit.facts.values import Settlement, ToolFact, YearlyCost
from mopsaudit.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A tool's capabilities as bit sets over :attr:`Facts.capabilities`: owned, of these used, of these of unknown use.

    ``weights`` holds the weight of each owned capability by bit number; None: all weigh 1.
    """

    tool_id: int
    owned: int
    used: int
    unknown: int
    weights: Mapping[int, int] | None = None

    def weigh(self, mask: int) -> int:
        """The weight this tool gives a set of capabilities."""
        if self.weights is None:
            return mask.bit_count()
        return sum(weight for bit, weight in self.weights.items() if mask >> bit & 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tools that overlap, ``a`` before ``b`` in the order of the tools.

    ``forward`` is cov(a→b) and ``back`` cov(b→a) as (weight shared, weight of all), each with the first tool's weights.
    """

    a: Shape
    b: Shape
    shared: int
    forward: tuple[int, int]
    back: tuple[int, int]
    proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCapability:
    """A contract line that buys one capability of a tool apart: its bit, and its yearly price (None unknown)."""

    tool_id: int
    bit: int
    line_id: int
    base_minor: int | None
    renews_on: date | None
    send_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a compared tool costs and carries; None is unknown.

    ``seat_price`` is the yearly price of one more seat in the base currency (0 where seats are not counted), sold in
    packs of ``pack``; ``free`` the seats nobody holds. ``people`` is the bit set of active people from grade A or B,
    None otherwise. ``lines`` are its contract lines with what each costs a year (0 where that is not known, and for a
    credit).
    """

    tool: ToolFact
    cost: YearlyCost
    seat_price: Fraction | None
    pack: int
    free: int | None
    active: int | None
    people: int | None
    lines: tuple[tuple[int, int], ...]
    renews_on: date | None
    send_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All running tools of a scope.

    ``pairs`` are worked out once, where the query needs to know who is compared; ``standings`` holds the tools in them.
    """

    scope: Scope
    tools: tuple[ToolFact, ...]
    costs: Mapping[int, YearlyCost]
    shapes: tuple[Shape, ...]
    capabilities: tuple[tuple[str, str], ...]
    pairs: tuple[Pair, ...]
    standings: Mapping[int, Standing]
    priced: tuple[PricedCapability, ...]
    units: Mapping[int, str]
    settled: Mapping[str, Settlement]
