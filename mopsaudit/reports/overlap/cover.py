"""The cheapest cover of one group of tools (PRODUCT.md §4.2): the lowest-cost stack's own solver, asked for one year.

Pure; exact integers of minor units of the base currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from mopsaudit.reports.overlap.arithmetic import bits
from mopsaudit.scenarios.solver import solve
from mopsaudit.scenarios.values import EVERYWHERE, Block, Requirement, StackProblem, StackTool

#: Steps of going through the sets of one group; beyond them the programme is solved, for so many seconds at most.
STEPS: Final = 5_000
SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A tool of a group as the solver sees it; what is unknown counts 0 and is named beside the result.

    ``cost`` a year, ``price`` of one more seat a year (sold in packs of ``pack``), ``free`` seats, ``active`` users, in
    minor units or people. ``owned``, ``used`` and ``people`` are bit sets.
    """

    tool_id: int
    owned: int
    used: int
    cost: int
    price: Fraction
    free: int
    active: int
    people: int | None
    pack: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cheapest set of survivors: their ids, the seats bought on each and what these cost a year.

    ``at_stake`` = cost of all − cost of the survivors − added seats. ``at_most`` equals it where no cheaper set exists;
    a search stopped by its time has proved that no set saves more than ``at_most``.
    """

    keep: tuple[int, ...]
    added: Mapping[int, int]
    added_minor: int
    at_stake: int
    at_most: int

    @property
    def exact(self) -> bool:
        """Whether it is proved that no cheaper set exists."""
        return self.at_stake == self.at_most


@lru_cache(maxsize=512)
def cheapest_cover(members: tuple[Member, ...], *, steps: int = STEPS, seconds: float = SECONDS) -> Cover:
    """The cheapest subset that owns every capability any member uses, the survivors' added seats included.

    People of a tool that goes move to survivors that together own all they used it for, the way that costs least; who
    is on a survivor already needs no seat there, free seats are taken first, the rest is bought in packs (the price of
    a pack rounded up to the minor unit). A group that did not change is not worked out anew.
    """
    problem = _problem(members)
    answer = solve(problem, seconds=seconds, steps=steps)
    today = problem.today_minor
    best = answer.best
    keep = tuple(each.tool_id for each in members) if best is None else best.keep
    packs = {} if best is None else best.packs
    tools = {tool.id: tool for tool in problem.tools}
    stake = 0 if best is None else today - best.value_minor
    bound = answer.bound_minor
    if (
        bound is None
    ):  # stopped before any bound was reached: nothing costs less than no tool but those that pay
        bound = sum(min(0, each.cost) for each in members)
    return Cover(
        keep=keep,
        added={each: bought * tools[each].pack for each, bought in packs.items()},
        added_minor=sum(tools[each].pack_minor * bought for each, bought in packs.items()),
        at_stake=stake,
        at_most=max(stake, today - bound),
    )


def _problem(members: Sequence[Member]) -> StackProblem:
    required = 0
    for member in members:
        required |= member.used
    return StackProblem(
        tools=tuple(_tool(member, members) for member in members),
        requirements=tuple(Requirement(unit_id=EVERYWHERE, capability=_name(bit)) for bit in bits(required)),
    )


def _name(bit: int) -> str:
    return f"{bit:06d}"


def _names(mask: int) -> frozenset[str]:
    return frozenset(_name(bit) for bit in bits(mask))


def _tool(member: Member, members: Sequence[Member]) -> StackTool:
    blocks: tuple[Block, ...] = ()
    if member.used and member.active:
        seats = {
            other.tool_id: _newcomers(member, other)
            for other in members
            if other is not member and other.owned & member.used and other.price
        }
        blocks = (Block(unit_id=EVERYWHERE, people=member.active, needs=_names(member.used), seats=seats),)
    pack = max(Fraction(0), member.price) * member.pack
    return StackTool(
        id=member.tool_id,
        name=str(member.tool_id),
        serves=frozenset({EVERYWHERE}),
        owned=_names(member.owned),
        annual_minor=member.cost,
        keep_minor=member.cost,
        pack_minor=-(-pack.numerator // pack.denominator),
        pack=member.pack,
        free=member.free,
        blocks=blocks,
    )


def _newcomers(member: Member, other: Member) -> int:
    """Active users of one tool who are not on the other yet; where people are not named, all of them."""
    if member.people is None or other.people is None:
        return member.active
    return max(0, member.active - (member.people & other.people).bit_count())
