"""Cover, pairs and clusters against a naive second reading with sets."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.reports.overlap.arithmetic import bits, clusters_of, pairs_of, sharing
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
        (shape(1, mask(0, 1, 2, 3)), shape(2, mask(0, 1, 7, 8, 9)), 1),  # one half one way only
        (shape(1, mask(0, 1, 7, 8, 9)), shape(2, mask(0, 1, 2, 3)), 1),  # and the other way
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
