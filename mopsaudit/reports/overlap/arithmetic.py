"""Cover, pairs, clusters and the cheapest cover (PRODUCT.md §4.2): exact integers over bit sets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mopsaudit.reports.overlap.facts import Pair, Shape

#: Steps of the search for the cheapest cover of one cluster; past them its answer is *at least*.
STEPS = 4000
#: What working out the seats of one complete set weighs in steps, and the largest cluster searched at all.
_LEAF = 10
_DEEPEST = 120


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def sharing(masks: Sequence[int], least: int) -> Iterator[tuple[int, int]]:
    """Index pairs (i < j) whose sets share at least ``least`` members, in order; sparse: others are never looked at.

    For each set the tools that hold each of its members are counted in bit-sliced counters that stop at ``least``.
    """
    holders: dict[int, int] = {}
    for index, mask in enumerate(masks):
        for bit in bits(mask):
            holders[bit] = holders.get(bit, 0) | 1 << index
    for index, mask in enumerate(masks):
        if mask.bit_count() < least:
            continue
        reached = [0] * least
        for bit in bits(mask):
            others = holders[bit] >> (index + 1)
            for level in range(least - 1, 0, -1):
                reached[level] |= reached[level - 1] & others
            reached[0] |= others
        for offset in bits(reached[-1]):
            yield index, index + 1 + offset


def pairs_of(shapes: Sequence[Shape], *, cover_percent: int, least: int) -> tuple[Pair, ...]:
    """The pairs that overlap: cover at least ``cover_percent`` either way and at least ``least`` shared capabilities.

    *Proven* where used capabilities meet both; else *possible* where capabilities used or of unknown use do.
    """
    proven = list(_pairs(shapes, [each.used for each in shapes], cover_percent, least, proven=True))
    known = {(pair.a.tool_id, pair.b.tool_id) for pair in proven}
    may = [each.used | each.unknown for each in shapes]
    possible = [
        pair
        for pair in _pairs(shapes, may, cover_percent, least, proven=False)
        if (pair.a.tool_id, pair.b.tool_id) not in known
    ]
    return (*proven, *possible)


def _pairs(
    shapes: Sequence[Shape], masks: Sequence[int], cover_percent: int, least: int, *, proven: bool
) -> Iterator[Pair]:
    weights = [shape.weigh(mask) for shape, mask in zip(shapes, masks, strict=True)]
    for i, j in sharing(masks, least):
        shared = masks[i] & masks[j]
        there, back = shapes[i].weigh(shared), shapes[j].weigh(shared)
        if (weights[i] and 100 * there >= cover_percent * weights[i]) or (
            weights[j] and 100 * back >= cover_percent * weights[j]
        ):
            yield Pair(shapes[i], shapes[j], shared, (there, weights[i]), (back, weights[j]), proven)


def clusters_of(pairs: Iterable[Pair]) -> tuple[tuple[int, ...], ...]:
    """The connected groups of tool ids, each ascending, in the order of their first tool."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for pair in pairs:
        first, second = pair.a.tool_id, pair.b.tool_id
        parent.setdefault(first, first)
        parent.setdefault(second, second)
        a, b = root(first), root(second)
        if a != b:
            parent[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for node in sorted(parent):
        groups.setdefault(root(node), []).append(node)
    return tuple(tuple(group) for group in groups.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A tool of a cluster as the search sees it; what is unknown counts 0 and is named beside the result.

    ``cost`` a year, ``price`` of one more seat a year, ``free`` seats, ``active`` users, all in minor units or people.
    """

    tool_id: int
    owned: int
    used: int
    cost: int
    price: Fraction
    free: int
    active: int
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cheapest set of survivors: their ids, the seats added on each and what these cost a year (rounded up).

    ``at_stake`` = cost of all − cost of the survivors − added seats. ``exact``: no cheaper set exists; else the amount
    is *at least*. ``steps`` is what the search took.
    """

    keep: tuple[int, ...]
    added: Mapping[int, int]
    added_minor: int
    at_stake: int
    exact: bool
    steps: int


def added_seats(members: Sequence[Member], keep: Sequence[bool]) -> dict[int, int]:
    """Seats the survivors need for the users of dropped tools, by index.

    Each used capability of a dropped tool goes to the survivor owning it whose seat is cheapest (then the one entered
    first); the tool's active users who are not on that survivor already need a seat there, free seats first.
    """
    takes: dict[int, int] = {}
    survivors = [index for index, stays in enumerate(keep) if stays]
    for index in sorted(survivors, key=lambda index: (members[index].price, members[index].tool_id)):
        for bit in bits(members[index].owned):
            takes.setdefault(bit, index)
    needed: dict[int, int] = {}
    for index, dropped in enumerate(members):
        if keep[index] or not dropped.active:
            continue
        for other in {takes[bit] for bit in bits(dropped.used) if bit in takes}:
            common = 0
            theirs = members[other].people
            if dropped.people is not None and theirs is not None:
                common = (dropped.people & theirs).bit_count()
            needed[other] = needed.get(other, 0) + max(0, dropped.active - common)
    return {
        other: seats - members[other].free
        for other, seats in sorted(needed.items())
        if seats > members[other].free
    }


def seats_cost(members: Sequence[Member], added: Mapping[int, int]) -> int:
    """What added seats cost a year: the sum of seats × price, rounded up to the minor unit."""
    total = sum((members[index].price * seats for index, seats in added.items()), Fraction(0))
    return -(-total.numerator // total.denominator)


def cheapest_cover(members: Sequence[Member], *, steps: int = STEPS) -> Cover:
    """The cheapest subset that owns every capability any member uses, the survivors' added seats included.

    Depth first over keep or drop, dearest tool first, dropping tried first; a branch is left when what it keeps, the
    dearest capability still to be covered and the seats its dropped users need at the least cost as much as the best
    set found. After ``steps`` the best set so far is returned as not exact.
    """
    search = _Search(members, steps)
    search.run()
    return Cover(
        keep=tuple(member.tool_id for member, kept in zip(members, search.best_keep, strict=True) if kept),
        added={members[index].tool_id: seats for index, seats in search.best_added.items()},
        added_minor=seats_cost(members, search.best_added),
        at_stake=sum(member.cost for member in members) - search.best_cost,
        exact=search.exact,
        steps=steps - search.left,
    )


class _Search:
    """The branch and bound over one cluster; its bounds are kept up step by step in integers."""

    def __init__(self, members: Sequence[Member], steps: int) -> None:
        size = len(members)
        self.members, self.left, self.exact = members, steps, True
        self.required = 0
        for member in members:
            self.required |= member.used
        self.order = sorted(range(size), key=lambda index: (-members[index].cost, members[index].tool_id))
        #: What the tools from a place on own together, and the cheapest of them for each required capability.
        self.rest = [0] * (size + 1)
        self.cheapest: list[dict[int, int]] = [{} for _ in range(size + 1)]
        for place in range(size - 1, -1, -1):
            member = members[self.order[place]]
            self.rest[place] = self.rest[place + 1] | member.owned
            self.cheapest[place] = dict(self.cheapest[place + 1])
            for bit in bits(member.owned & self.required):
                self.cheapest[place][bit] = min(self.cheapest[place].get(bit, member.cost), member.cost)
        self.price = min((each.price.numerator // each.price.denominator for each in members), default=0)
        self.free = sum(each.free for each in members)
        self.moved = [self._moved(index) for index in range(size)] if self.price else [0] * size
        self.keep = [True] * size
        self.best_keep, self.best_added = [True] * size, dict[int, int]()
        self.best_cost = sum(each.cost for each in members)

    def _moved(self, index: int) -> int:
        """Seats the users of a dropped tool need at the least, wherever they go."""
        mine = self.members[index]
        if not mine.used or not mine.active:
            return 0
        if mine.people is None:
            return mine.active
        common = max(
            (
                (mine.people & other.people).bit_count()
                for place, other in enumerate(self.members)
                if place != index and other.people is not None
            ),
            default=0,
        )
        return max(0, mine.active - common)

    def run(self) -> None:
        """Two quick sets first, then the search where the cluster is not too deep for it."""
        self._greedy(mind_seats=False)
        self._greedy(mind_seats=True)
        if len(self.members) > _DEEPEST:
            self.exact = False
            return
        self._search(0, 0, 0, 0, self.free)

    def _greedy(self, *, mind_seats: bool) -> None:
        self.keep = [True] * len(self.members)
        covered = [0] * (len(self.order) + 1)
        for place in range(len(self.order) - 1, -1, -1):
            covered[place] = covered[place + 1] | self.members[self.order[place]].owned
        kept = 0
        for place, index in enumerate(self.order):
            member = self.members[index]
            cheap = mind_seats and member.cost <= member.active * self.price
            if cheap or self.required & ~(kept | covered[place + 1]):
                kept |= member.owned
            else:
                self.keep[index] = False
        self._leaf(sum(each.cost for each, stays in zip(self.members, self.keep, strict=True) if stays))
        self.keep = [True] * len(self.members)

    def _leaf(self, kept_cost: int) -> None:
        if kept_cost >= self.best_cost:
            return
        self.left -= _LEAF
        added = added_seats(self.members, self.keep)
        cost = kept_cost + seats_cost(self.members, added)
        if cost < self.best_cost:
            self.best_cost, self.best_keep, self.best_added = cost, self.keep.copy(), added

    def _search(self, place: int, kept_cost: int, covered: int, moved: int, free: int) -> None:
        if self.left <= 0:
            self.exact = False
            return
        self.left -= 1
        if place == len(self.order):
            self._leaf(kept_cost)
            return
        at_least = kept_cost + self.price * max(0, moved - free)
        missing = self.required & ~covered
        if missing:
            cheapest = self.cheapest[place]
            at_least += max(cheapest[bit] for bit in bits(missing))
        if at_least >= self.best_cost:
            return
        index = self.order[place]
        member = self.members[index]
        if not missing & ~self.rest[place + 1]:
            self.keep[index] = False
            self._search(place + 1, kept_cost, covered, moved + self.moved[index], free - member.free)
            self.keep[index] = True
        self._search(place + 1, kept_cost + member.cost, covered | member.owned, moved, free)
