"""Cover, pairs, clusters and the cheapest cover against a naive second reading with sets and all subsets."""

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.reports.overlap.arithmetic import (
    Member,
    bits,
    cheapest_cover,
    clusters_of,
    pairs_of,
    sharing,
)
from mopsaudit.reports.overlap.facts import Shape


def mask(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


def shape(tool_id: int, used: int, unknown: int = 0, unused: int = 0, **weights: int) -> Shape:
    return Shape(
        tool_id=tool_id,
        owned=used | unknown | unused,
        used=used,
        unknown=unknown,
        weights={int(bit[1:]): weight for bit, weight in weights.items()} or None,
    )


def test_cover_is_directional_and_weighted() -> None:
    small, large = shape(1, mask(0, 1)), shape(2, mask(0, 1, 2, 3, 4, 5))
    (pair,) = pairs_of([small, large], cover_percent=50, least=2)
    assert (pair.forward, pair.back, pair.proven) == ((2, 2), (2, 6), True)
    weighted = shape(1, mask(0, 1, 2), b0=5, b1=1, b2=1)
    (pair,) = pairs_of([weighted, shape(2, mask(0, 1, 3, 4))], cover_percent=50, least=2)
    assert (pair.forward, pair.back) == ((6, 7), (2, 4))


@pytest.mark.parametrize(
    "a, b, found",
    [
        (shape(1, mask(0, 1, 2, 3)), shape(2, mask(0, 1, 8, 9)), 1),  # 2 of 4: exactly one half
        (shape(1, mask(0, 1, 2, 3, 4)), shape(2, mask(0, 1, 7, 8, 9)), 0),  # 2 of 5
        (shape(1, mask(0)), shape(2, mask(0)), 0),  # one shared capability is not enough
        (shape(1, 0, unused=mask(0, 1)), shape(2, mask(0, 1)), 0),  # owned and known to be unused
        (shape(1, mask(0, 1), b0=0, b1=0), shape(2, mask(0, 1), b0=0, b1=0), 0),  # nothing weighs anything
    ],
)
def test_thresholds(a: Shape, b: Shape, found: int) -> None:
    assert len(pairs_of([a, b], cover_percent=50, least=2)) == found


def test_unknown_use_is_possible_never_proven() -> None:
    (pair,) = pairs_of([shape(1, mask(0), mask(1)), shape(2, mask(0, 1))], cover_percent=50, least=2)
    assert not pair.proven
    assert pair.shared == mask(0, 1)


CAPABILITIES = st.integers(0, 2**7 - 1)


@st.composite
def shapes(draw: st.DrawFn) -> list[Shape]:
    made = []
    for tool_id in range(draw(st.integers(0, 9))):
        used, unknown, unused = draw(CAPABILITIES), draw(CAPABILITIES), draw(CAPABILITIES)
        unknown &= ~used
        owned = used | unknown | unused
        weights = {bit: draw(st.integers(0, 3)) for bit in bits(owned)} if draw(st.booleans()) else None
        made.append(Shape(tool_id=tool_id, owned=owned, used=used, unknown=unknown, weights=weights))
    return made


def naive_pairs(found: list[Shape], percent: int, least: int) -> dict[tuple[int, int], bool]:
    result: dict[tuple[int, int], bool] = {}
    for proven in (True, False):
        for a, b in combinations(found, 2):
            sets = [set(bits(each.used if proven else each.used | each.unknown)) for each in (a, b)]
            shared = sets[0] & sets[1]
            weigh = [each.weights or dict.fromkeys(bits(each.owned), 1) for each in (a, b)]
            covers = [
                Fraction(sum(w[c] for c in shared), sum(w[c] for c in own))
                for w, own in zip(weigh, sets, strict=True)
                if sum(w[c] for c in own)
            ]
            if len(shared) >= least and any(cover >= Fraction(percent, 100) for cover in covers):
                result.setdefault((a.tool_id, b.tool_id), proven)
    return result


@given(shapes(), st.integers(1, 100), st.integers(1, 4))
def test_pairs_agree_with_sets(found: list[Shape], percent: int, least: int) -> None:
    pairs = pairs_of(found, cover_percent=percent, least=least)
    assert {(each.a.tool_id, each.b.tool_id): each.proven for each in pairs} == naive_pairs(
        found, percent, least
    )
    groups = clusters_of(pairs)
    together = {tool: index for index, group in enumerate(groups) for tool in group}
    assert all(together[each.a.tool_id] == together[each.b.tool_id] for each in pairs)
    assert sum(len(group) for group in groups) == len(together)
    for group in groups:  # connected: walking the pairs from its first tool reaches all of it
        seen, edge = {group[0]}, [group[0]]
        while edge:
            here = edge.pop()
            for pair in pairs:
                ends = {pair.a.tool_id, pair.b.tool_id}
                if here in ends:
                    edge += ends - seen
                    seen |= ends
        assert seen == set(group)


@given(st.lists(st.integers(0, 2**9 - 1), max_size=14), st.integers(1, 4))
def test_sharing_finds_each_pair_once_in_order(masks: list[int], least: int) -> None:
    expected = [
        (i, j) for i, j in combinations(range(len(masks)), 2) if (masks[i] & masks[j]).bit_count() >= least
    ]
    assert list(sharing(masks, least)) == expected


@st.composite
def members(draw: st.DrawFn) -> list[Member]:
    made = []
    for tool_id in range(draw(st.integers(1, 7))):
        used = draw(st.integers(0, 31))
        people = draw(st.one_of(st.none(), st.integers(0, 63)))
        made.append(
            Member(
                tool_id=tool_id,
                owned=used | draw(st.integers(0, 31)),
                used=used,
                cost=draw(st.integers(0, 60)),
                price=Fraction(draw(st.integers(0, 12)), draw(st.integers(1, 3))),
                free=draw(st.integers(0, 4)),
                active=people.bit_count() if people is not None else draw(st.integers(0, 9)),
                people=people,
            )
        )
    return made


def naive_cost(found: list[Member], keep: tuple[Member, ...]) -> int | None:
    """Cost of keeping these, or None when a used capability is lost; sets and dictionaries only."""
    needed = set(chain.from_iterable(bits(each.used) for each in found))
    if not needed <= set(chain.from_iterable(bits(each.owned) for each in keep)):
        return None
    seats: dict[int, int] = {}
    for dropped in found:
        if dropped in keep:
            continue
        takes = {
            min(
                (each for each in keep if bit in set(bits(each.owned))), key=lambda e: (e.price, e.tool_id)
            ).tool_id
            for bit in bits(dropped.used)
        }
        for each in keep:
            if each.tool_id in takes:
                users = dropped.active
                if dropped.people is not None and each.people is not None:
                    users -= len(set(bits(dropped.people)) & set(bits(each.people)))
                seats[each.tool_id] = seats.get(each.tool_id, 0) + users
    extra = sum((each.price * max(0, seats.get(each.tool_id, 0) - each.free) for each in keep), Fraction(0))
    return sum(each.cost for each in keep) + -(-extra.numerator // extra.denominator)


@given(members())
def test_the_cheapest_cover_is_the_best_of_all_subsets(found: list[Member]) -> None:
    subsets = chain.from_iterable(combinations(found, size) for size in range(len(found) + 1))
    costs = [cost for keep in subsets if (cost := naive_cost(found, keep)) is not None]
    cover = cheapest_cover(found, steps=100_000)
    assert cover.exact
    assert cover.at_stake == sum(each.cost for each in found) - min(costs)
    kept = tuple(each for each in found if each.tool_id in cover.keep)
    assert naive_cost(found, kept) == min(costs)


@given(members(), st.integers(0, 30))
def test_a_search_cut_short_never_promises_too_much(found: list[Member], steps: int) -> None:
    full, short = cheapest_cover(found, steps=100_000), cheapest_cover(found, steps=steps)
    assert 0 <= short.at_stake <= full.at_stake
    assert short.at_stake == full.at_stake or not short.exact


def test_the_hand_worked_cluster_of_the_manual() -> None:
    """A 50,000 (60 users), B 30,000 (seats 100 a year, 20 free), C 20,000 which A's capabilities do not need."""
    price = Fraction(100_00)
    a = Member(
        tool_id=1,
        owned=mask(0, 1),
        used=mask(0, 1),
        cost=50_000_00,
        price=Fraction(80_00),
        free=0,
        active=60,
        people=None,
    )
    b = Member(
        tool_id=2,
        owned=mask(0, 1, 2),
        used=mask(0, 1, 2),
        cost=30_000_00,
        price=price,
        free=20,
        active=90,
        people=None,
    )
    cover = cheapest_cover([a, b])
    assert cover.keep == (2,)
    assert cover.added == {2: 40}
    assert cover.added_minor == 4_000_00
    assert cover.at_stake == 46_000_00


def test_a_very_large_cluster_is_bounded() -> None:
    crowd = [
        Member(tool_id=n, owned=7, used=7, cost=1000 + n, price=Fraction(1), free=0, active=5, people=None)
        for n in range(500)
    ]
    cover = cheapest_cover(crowd)
    assert not cover.exact
    assert cover.keep == (0,)
    assert cover.at_stake == sum(1000 + n for n in range(1, 500)) - 499 * 5
