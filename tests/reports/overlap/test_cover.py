"""The cheapest cover against a naive second reading: every subset, and every way its people can move."""

from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.reports.overlap.arithmetic import bits
from mopsaudit.reports.overlap.cover import STEPS, Cover, Member, cheapest_cover


def mask(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


@st.composite
def members(draw: st.DrawFn, most: int = 5) -> tuple[Member, ...]:
    made = []
    free_seats = draw(st.booleans())
    for tool_id in range(draw(st.integers(1, most))):
        used = draw(st.integers(0, 31))
        people = draw(st.one_of(st.none(), st.integers(0, 63)))
        made.append(
            Member(
                tool_id=tool_id,
                owned=used | draw(st.integers(0, 31)),
                used=used,
                cost=draw(st.integers(-5, 60)),
                price=Fraction(draw(st.integers(0 if free_seats else 1, 12)), draw(st.integers(1, 3))),
                free=draw(st.integers(0, 4)),
                active=people.bit_count() if people is not None else draw(st.integers(0, 9)),
                people=people,
                pack=draw(st.sampled_from((1, 1, 1, 4))),
            )
        )
    return tuple(made)


def naive_cost(found: tuple[Member, ...], keep: tuple[Member, ...]) -> int | None:
    """Least cost of keeping these, or None when a used capability is lost; sets and dictionaries only."""
    needed = set(chain.from_iterable(bits(each.used) for each in found))
    if not needed <= set(chain.from_iterable(bits(each.owned) for each in keep)):
        return None
    ways = []
    for dropped in found:
        if dropped in keep or not dropped.used or not dropped.active:
            continue
        ways.append(
            [
                {each.tool_id: newcomers(dropped, each) for each in chosen}
                for size in range(len(keep) + 1)
                for chosen in combinations(keep, size)
                if set(bits(dropped.used)) <= set(chain.from_iterable(bits(each.owned) for each in chosen))
            ]
        )
    costs = []
    for way in product(*ways):
        cost = sum(each.cost for each in keep)
        for each in keep:
            short = sum(moved.get(each.tool_id, 0) for moved in way) - each.free
            if short > 0:
                pack = each.price * each.pack
                cost += -(-short // each.pack) * -(-pack.numerator // pack.denominator)
        costs.append(cost)
    return min(costs)


def newcomers(dropped: Member, other: Member) -> int:
    if dropped.people is None or other.people is None:
        return dropped.active
    return len(set(bits(dropped.people)) - set(bits(other.people)))


def naive_least(found: tuple[Member, ...]) -> int:
    subsets = chain.from_iterable(combinations(found, size) for size in range(len(found) + 1))
    return min(cost for keep in subsets if (cost := naive_cost(found, keep)) is not None)


def check(found: tuple[Member, ...], cover: Cover) -> None:
    least = naive_least(found)
    assert cover.exact
    assert cover.at_stake == cover.at_most == sum(each.cost for each in found) - least
    kept = tuple(each for each in found if each.tool_id in cover.keep)
    assert naive_cost(found, kept) == least
    assert sum(each.cost for each in kept) + cover.added_minor == least
    for tool_id, seats in cover.added.items():
        assert tool_id in cover.keep
        assert seats > 0


@given(members())
def test_the_cheapest_cover_is_the_best_of_all_subsets(found: tuple[Member, ...]) -> None:
    check(found, cheapest_cover(found))


@given(members(most=4))
def test_the_programme_answers_the_same_where_the_sets_are_too_many(found: tuple[Member, ...]) -> None:
    check(found, cheapest_cover(found, steps=0))


def flat(number: int, cost: int, *owned: int, active: int = 5, price: int = 1) -> Member:
    return Member(
        tool_id=number,
        owned=mask(*owned),
        used=mask(*owned),
        cost=cost,
        price=Fraction(price),
        free=0,
        active=active,
        people=None,
    )


def test_a_search_stopped_by_its_time_tells_its_bound_and_never_promises_too_much() -> None:
    crowd = tuple(
        flat(number, 1_000 + number * 37 % 101, *((number * step) % 23 for step in (1, 3, 5)))
        for number in range(1, 40)
    )
    full = cheapest_cover(crowd)
    stopped = cheapest_cover(crowd, steps=5, seconds=0.0)
    assert full.exact
    assert not stopped.exact
    assert 0 <= stopped.at_stake <= full.at_stake <= stopped.at_most


def test_the_hand_worked_cluster_of_the_manual() -> None:
    """A 50,000 (60 users), B 30,000 (seats 100 a year, 20 free), C 20,000 which A's capabilities do not need."""
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
        price=Fraction(100_00),
        free=20,
        active=90,
        people=None,
    )
    cover = cheapest_cover((a, b))
    assert cover.keep == (2,)
    assert cover.added == {2: 40}
    assert cover.added_minor == 4_000_00
    assert cover.at_stake == cover.at_most == 46_000_00


def test_people_who_need_two_capabilities_get_one_seat_where_one_survivor_has_both() -> None:
    """B's seat is the cheaper, but B has one of the two only: one seat on C, 12, beats one on B and one on C, 22."""
    gone = flat(1, 1_000, 0, 1, active=1)
    b, c = flat(2, 5, 0, active=90, price=10), flat(3, 5, 0, 1, 2, active=90, price=12)
    cover = cheapest_cover((gone, b, c))
    assert cover.keep == (2, 3)
    assert cover.added == {3: 1}
    assert cover.at_stake == 1_000 - 12


def test_seats_are_bought_in_packs() -> None:
    gone = flat(1, 1_000, 0, active=11)
    survivor = Member(
        tool_id=2,
        owned=1,
        used=1,
        cost=200,
        price=Fraction(7, 3),
        free=2,
        active=50,
        people=None,
        pack=5,
    )
    cover = cheapest_cover((gone, survivor))
    assert cover.added == {2: 10}
    assert cover.added_minor == 2 * 12  # a pack: 35 ÷ 3, rounded up
    assert cover.at_stake == 1_000 - 24


@pytest.mark.parametrize("size", [120, 500])
def test_a_very_large_group_of_alike_tools_is_proved(size: int) -> None:
    cover = cheapest_cover(tuple(flat(number, 1_000 + number, 0, 1, 2) for number in range(size)))
    assert cover.exact
    assert cover.keep == (0,)
    assert cover.at_stake == sum(1_000 + number for number in range(1, size)) - (size - 1) * 5


def test_a_group_that_did_not_change_is_not_worked_out_anew() -> None:
    found = (flat(71, 1_000, 0, 1), flat(72, 500, 0, 1))
    first = cheapest_cover(found)
    assert cheapest_cover(tuple(found)) is first
    assert STEPS > 0
