"""Owned-versus-used overlap: capabilities owned twice and used in one tool only (PRODUCT.md §4.2). Pure."""

from collections import defaultdict
from dataclasses import dataclass

from mopsaudit.facts.values import ToolFact
from mopsaudit.reports.overlap.arithmetic import bits
from mopsaudit.reports.overlap.clusters import Group, groups_of
from mopsaudit.reports.overlap.facts import Facts, PricedCapability


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """A capability that one tool of a group uses while others own it unused; ``open`` own it with unknown use.

    ``lines`` are the separately priced contract lines that buy it for the idle owners: only they carry money.
    """

    group: Group
    bit: int
    user: ToolFact
    idle: tuple[ToolFact, ...]
    open: tuple[ToolFact, ...]
    lines: tuple[PricedCapability, ...]


def owned_twice(facts: Facts) -> tuple[Twice, ...]:
    """By capability name, in each group overlap is judged in. A tool of unknown use is told, never taken for idle."""
    found = [each for group in groups_of(facts) for each in _in_group(group, facts)]
    return tuple(
        sorted(
            found,
            key=lambda each: (facts.capabilities[each.bit][1].lower(), each.bit, each.group.label or ""),
        )
    )


def _in_group(group: Group, facts: Facts) -> list[Twice]:
    tools = {tool.id: tool for tool in facts.tools}
    used: dict[int, list[int]] = defaultdict(list)
    unused: dict[int, list[int]] = defaultdict(list)
    unknown: dict[int, list[int]] = defaultdict(list)
    for shape in facts.shapes:
        if shape.tool_id not in group.tools:
            continue
        for mask, into in (
            (shape.used, used),
            (shape.unknown, unknown),
            (shape.owned & ~shape.used & ~shape.unknown, unused),
        ):
            for bit in bits(mask):
                into[bit].append(shape.tool_id)
    priced: dict[tuple[int, int], list[PricedCapability]] = defaultdict(list)
    for each in facts.priced:
        priced[each.tool_id, each.bit].append(each)
    return [
        Twice(
            group=group,
            bit=bit,
            user=tools[users[0]],
            idle=tuple(tools[each] for each in unused[bit]),
            open=tuple(tools[each] for each in unknown.get(bit, ())),
            lines=tuple(line for each in unused[bit] for line in priced.get((each, bit), ())),
        )
        for bit, users in used.items()
        if len(users) == 1 and unused.get(bit)
    ]


def unused_lines(facts: Facts, found: tuple[Twice, ...]) -> tuple[PricedCapability, ...]:
    """The priced lines of owned-twice capabilities that buy nothing used or of unknown use besides, by line id."""
    shapes = {shape.tool_id: shape for shape in facts.shapes}
    busy = {
        each.line_id
        for each in facts.priced
        if (shapes[each.tool_id].used | shapes[each.tool_id].unknown) >> each.bit & 1
    }
    lines = {line.line_id: line for each in found for line in each.lines if line.line_id not in busy}
    return tuple(lines[each] for each in sorted(lines))
