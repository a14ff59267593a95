"""What the lowest-cost stack is asked and answers (PRODUCT.md §4.2). Pure; money in minor units of the base."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: The unit of a requirement or of people that names no unit: the whole company.
EVERYWHERE = 0


class Must(StrEnum):
    """What is fixed about a tool before anything is worked out."""

    KEEP = "keep"
    GO = "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """People of one tool who move together when it is switched off: those of one unit, or all of them.

    ``needs`` are the required capabilities they use it for. ``seats`` maps each tool that could take them on to the
    seats they would need there: who is on it already needs none.
    """

    unit_id: int
    people: int
    needs: frozenset[str]
    seats: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTool:
    """A tool as the solver sees it, over the horizon.

    ``keep_minor`` is what it costs if it stays. ``off_minor`` is what it costs all the same if it is switched off: what
    is owed until its contracts can end, and moving off it (``locked_minor`` + ``moving_minor``). ``pack_minor`` is the
    price of one more pack of ``pack`` seats over the horizon, 0 where a seat costs nothing or its price is not known.
    ``units`` are where it is used; none means everywhere. ``serves`` are the units it may supply.
    """

    id: int
    name: str
    vendor_id: int | None = None
    units: frozenset[int] = frozenset()
    serves: frozenset[int] = frozenset()
    owned: frozenset[str] = frozenset()
    annual_minor: int = 0
    keep_minor: int = 0
    locked_minor: int = 0
    moving_minor: int = 0
    pack_minor: int = 0
    pack: int = 1
    free: int = 0
    blocks: tuple[Block, ...] = ()
    must: Must | None = None
    why: str | None = None

    @property
    def off_minor(self) -> int:
        """What switching it off leaves to be paid."""
        return self.locked_minor + self.moving_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A capability a unit must keep, from ``suppliers`` tools at least."""

    unit_id: int
    capability: str
    suppliers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StackProblem:
    """What is asked: which of the tools to keep so that the horizon costs least and every requirement is met.

    ``vendor_percent`` caps each vendor's share of the yearly cost of what is kept (None: no cap).
    """

    tools: tuple[StackTool, ...]
    requirements: tuple[Requirement, ...]
    vendor_percent: int | None = None

    @property
    def today_minor(self) -> int:
        """What the horizon costs when every tool stays."""
        return sum(tool.keep_minor for tool in self.tools)


class Status(StrEnum):
    """How the search ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A requirement that cannot be met: the capability, the unit, how many tools could supply it."""

    unit_id: int
    capability: str
    wanted: int
    there: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """People of a switched-off tool who go to a survivor; ``seats`` of them are not on it yet."""

    from_id: int
    unit_id: int
    to_id: int
    people: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSet:
    """One set of tools that meets every requirement, with its cost recomputed in integers.

    ``value_minor`` = kept + owed all the same + moving + added packs. ``packs`` maps survivors to packs bought.
    """

    keep: tuple[int, ...]
    off: tuple[int, ...]
    moves: tuple[Move, ...]
    packs: Mapping[int, int]
    value_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackAnswer:
    """The answer with its proof. ``bound_minor``: no set costs less; equal to the value when it is proven.

    ``best`` is None when nothing was found; ``alternatives`` are the next best sets within the margin, each without a
    tool the better ones keep. ``missing`` and ``vendors`` explain what cannot be met.
    """

    status: Status
    best: StackSet | None = None
    bound_minor: int | None = None
    alternatives: tuple[StackSet, ...] = ()
    more_alternatives: bool = False
    missing: tuple[Missing, ...] = ()
    vendors_cannot: bool = False
    solver: str = ""
    nodes: int = 0
    variables: int = 0
    rows: int = 0

    @property
    def proven(self) -> bool:
        """Whether no cheaper set exists under what was asked."""
        return (
            self.status is Status.OPTIMAL
            and self.best is not None
            and self.bound_minor == self.best.value_minor
        )
