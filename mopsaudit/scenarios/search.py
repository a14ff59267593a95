"""The cheapest set of a small problem, proved by going through all sets with bounds, in integers. Pure.

The same question as :mod:`mopsaudit.scenarios.solver` answers, without its start-up: a group of thirty tools takes a
thousandth of a second here and twenty there. What is not done within the steps goes to the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mopsaudit.scenarios.sets import Supply, widened
from mopsaudit.scenarios.values import Must, StackProblem, StackSet

#: Choices of who takes whom that are tried one within the other; more go to the solver.
_CHOICES: Final = 200


@dataclass(frozen=True, slots=True)
class _Block:
    """People of the tool at one place: seats wanted by place, and for each need the places that take it as a set."""

    wanted: dict[int, int]
    needs: tuple[int, ...]
    number: int


def search(problem: StackProblem, steps: int) -> tuple[StackSet | None, int]:
    """The cheapest set, and the steps it took; None when they did not suffice or the problem is not a plain one.

    Plain: one supplier a requirement and no cap on vendors. Every requirement has a possible supplier
    (:func:`mopsaudit.scenarios.sets.unmet` is empty).
    """
    if problem.vendor_percent is not None or any(each.suppliers != 1 for each in problem.requirements):
        return None, 0
    tree = _Tree(problem, steps)
    tree.grow()
    return (tree.best_set() if tree.left > 0 else None), steps - tree.left


@dataclass(frozen=True, slots=True)
class _Choice:
    """A need of one block that several survivors can take: (place, number) of the block and the places."""

    key: tuple[int, int]
    wanted: dict[int, int]
    takers: tuple[int, ...]


def _places(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


class _Tree:
    """Depth first over keep or drop, the tool dearest to keep first, dropping tried first.

    Sets of tools are bit sets over their places in ``problem.tools``. What costs nothing to keep is kept from the
    start: a tool more takes nothing away from anybody, so all costs further down add up and a branch is left when what
    it costs for certain is no less than the best set found.
    """

    def __init__(self, problem: StackProblem, steps: int) -> None:
        self.problem, self.left = problem, steps
        self.supply = Supply(problem)
        tools = problem.tools
        self.place = {tool.id: index for index, tool in enumerate(tools)}
        self.more = [tool.keep_minor - tool.off_minor for tool in tools]
        self.constant = sum(tool.off_minor for tool in tools)
        self.rate = [tool.pack_minor // tool.pack for tool in tools]
        self.required = sorted(
            {
                self._mask(self.supply.of(each.unit_id, each.capability), but=None)
                for each in problem.requirements
            },
            key=lambda mask: (mask.bit_count(), mask),
        )
        self.blocks = [self._blocks(index) for index in range(len(tools))]
        self.fixed = 0
        for index, tool in enumerate(tools):
            if tool.must is Must.KEEP or (tool.must is None and self.more[index] <= 0):
                self.fixed |= 1 << index
        self.order = sorted(
            (index for index, tool in enumerate(tools) if tool.must is None and not self.fixed >> index & 1),
            key=lambda index: (-self.more[index], tools[index].id),
        )
        self.cheapest_seat = min(self.rate, default=0)
        self.fewest = [self._fewest(index) for index in range(len(tools))]
        #: The less of keeping a tool and of seating its people; what is still open from a place of the order on.
        self.either = [
            min(more, self.cheapest_seat * seats) for more, seats in zip(self.more, self.fewest, strict=True)
        ]
        self.rest = [0] * (len(self.order) + 1)
        self.undecided = [0] * (len(self.order) + 1)
        for at in range(len(self.order) - 1, -1, -1):
            self.rest[at] = self.rest[at + 1] | 1 << self.order[at]
            self.undecided[at] = self.undecided[at + 1] + self.either[self.order[at]]
        self.best: int | None = None
        self.best_keep = 0
        self.best_going: dict[tuple[int, int], set[int]] = {}

    def _mask(self, ids: tuple[int, ...], *, but: int | None) -> int:
        mask = 0
        for each in ids:
            if self.place[each] != but:
                mask |= 1 << self.place[each]
        return mask

    def _blocks(self, index: int) -> tuple[_Block, ...]:
        tool = self.problem.tools[index]
        found = []
        for number, block in enumerate(tool.blocks):
            needs = {
                self._mask(self.supply.of(block.unit_id, capability), but=index) for capability in block.needs
            }
            wanted = {}
            for mask in needs:
                for taker in _places(mask):
                    other = self.problem.tools[taker]
                    seats = block.seats.get(other.id, block.people)
                    if seats and other.pack_minor:
                        wanted[taker] = seats
            found.append(_Block(wanted, tuple(sorted(needs)), number))
        return tuple(found)

    def _fewest(self, index: int) -> int:
        """Seats the people of a dropped tool need at the least, wherever they go."""
        if not self.cheapest_seat:
            return 0
        return sum(
            max(min(block.wanted.get(taker, 0) for taker in _places(mask)) for mask in block.needs)
            for block in self.blocks[index]
            if block.needs and all(block.needs)
        )

    def grow(self) -> None:
        """Go through all sets."""
        tools = self.problem.tools
        gone = [index for index, tool in enumerate(tools) if tool.must is Must.GO]
        free = sum(tool.free for tool in tools if tool.must is not Must.GO)
        start = self.constant + sum(self.more[each] for each in _places(self.fixed))
        open_ = [(0, start, self.fixed, sum(self.fewest[each] for each in gone), free)]
        while open_:
            self.left -= 1
            if self.left <= 0:
                return
            at, cost, keep, moved, free = open_.pop()
            if not self._may_be_best(at, cost, keep, moved, free):
                continue
            if at == len(self.order):
                self._leaf(cost, keep)
                continue
            index = self.order[at]
            open_.append((at + 1, cost + self.more[index], keep | 1 << index, moved, free))
            open_.append((at + 1, cost, keep, moved + self.fewest[index], free - tools[index].free))

    def _may_be_best(self, at: int, cost: int, keep: int, moved: int, free: int) -> bool:
        """Whether what is decided up to a place of the order can still lead to less than the best set found.

        Two lower bounds: the dearest need still to be met beside the seats of who has to move already; and, for each
        tool not decided yet, the less of keeping it and of seating its people, the need still to be met beyond that.
        """
        needed = beyond = 0
        for mask in self.required:
            if not mask & keep:
                able = _places(mask & self.rest[at])
                if not able:
                    return False
                needed = max(needed, min(self.more[each] for each in able))
                beyond = max(beyond, min(self.more[each] - self.either[each] for each in able))
        if self.best is None:
            return True
        seats = self.cheapest_seat * (moved - free)
        return self.best > max(
            cost + needed + max(0, seats), cost + beyond + max(0, seats + self.undecided[at])
        )

    def _leaf(self, cost: int, keep: int) -> None:
        """Where only one survivor can take the people of a dropped tool they go there; else all ways are tried."""
        seats = [0] * len(self.more)
        going: dict[tuple[int, int], set[int]] = {}
        choices: list[_Choice] = []
        for index in _places(((1 << len(self.more)) - 1) & ~keep):
            for block in self.blocks[index]:
                needs = [mask & keep for mask in block.needs]
                if not all(needs):
                    return
                # Where a seat costs nothing nobody has to choose.
                needs = [mask for mask in needs if all(taker in block.wanted for taker in _places(mask))]
                taken = 0
                for mask in needs:
                    if mask & (mask - 1) == 0:
                        taken |= mask
                key = (index, block.number)
                going[key] = set(_places(taken))
                for taker in going[key]:
                    seats[taker] += block.wanted[taker]
                choices += [
                    _Choice(key, block.wanted, tuple(_places(mask)))
                    for mask in dict.fromkeys(needs)
                    if not mask & taken
                ]
        if len(choices) > _CHOICES:
            self.left = 0
            return
        ahead = [0] * (len(choices) + 1)
        dearest = 0
        for at in range(len(choices) - 1, -1, -1):
            each = choices[at]
            least = min(self.rate[taker] * each.wanted[taker] for taker in each.takers)
            same = at + 1 < len(choices) and choices[at + 1].key == each.key
            dearest = max(dearest, least) if same else least
            after = at + 1
            while after < len(choices) and choices[after].key == each.key:
                after += 1
            ahead[at] = ahead[after] + dearest
        self._choose(0, choices, ahead, cost, keep, seats, going)

    def _choose(
        self,
        at: int,
        choices: Sequence[_Choice],
        ahead: Sequence[int],
        cost: int,
        keep: int,
        seats: list[int],
        going: dict[tuple[int, int], set[int]],
    ) -> None:
        self.left -= 1
        if self.left <= 0:
            return
        total = cost + self._seats_cost(seats)
        there = going[choices[at].key] if at < len(choices) else set()
        if self.best is not None:
            # Free seats may still take in whoever has not chosen yet; a block that has chosen counts no more.
            slack = sum(
                self.rate[place] * max(0, self.problem.tools[place].free - seats[place])
                for place in _places(keep)
            )
            after = at
            if there:
                while after < len(choices) and choices[after].key == choices[at].key:
                    after += 1
            if total + max(0, ahead[after] - slack) >= self.best:
                return
        if at == len(choices):
            self.best, self.best_keep = total, keep
            self.best_going = {key: set(found) for key, found in going.items() if found}
            return
        each = choices[at]
        if there & set(each.takers):
            self._choose(at + 1, choices, ahead, cost, keep, seats, going)
            return
        for taker in sorted(each.takers, key=lambda one: (self.rate[one] * each.wanted[one], one)):
            seats[taker] += each.wanted[taker]
            there.add(taker)
            self._choose(at + 1, choices, ahead, cost, keep, seats, going)
            there.discard(taker)
            seats[taker] -= each.wanted[taker]

    def _seats_cost(self, seats: Sequence[int]) -> int:
        total = 0
        for place, count in enumerate(seats):
            tool = self.problem.tools[place]
            if count > tool.free:
                total += tool.pack_minor * -(-(count - tool.free) // tool.pack)
        return total

    def best_set(self) -> StackSet | None:
        """The cheapest set found, with what costs nothing to keep kept."""
        if self.best is None:
            return None
        tools = self.problem.tools
        going = {
            (tools[index].id, number): {tools[taker].id for taker in found}
            for (index, number), found in self.best_going.items()
        }
        return widened(self.problem, self.supply, {tools[each].id for each in _places(self.best_keep)}, going)
