"""Cover, pairs and clusters (PRODUCT.md §4.2): exact integers over bit sets."""

from collections.abc import Iterable, Iterator, Sequence

from mopsaudit.reports.overlap.facts import Pair, Shape


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
