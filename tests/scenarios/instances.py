"""Random stacks for the solver, the same for the same seed, and a second, naive way to find the cheapest set."""

import random
from itertools import chain, combinations, product

from mopsaudit.scenarios.sets import meets
from mopsaudit.scenarios.values import EVERYWHERE, Block, Must, Requirement, StackProblem, StackTool


def random_problem(
    seed: int, *, tools: int, capabilities: int, units: int, across: bool, vendor_percent: int | None = None
) -> StackProblem:
    """A stack of ``tools``; used capabilities are required, people are drawn by unit, some tools are fixed."""
    draw = random.Random(seed)
    names = [f"c{number:03d}" for number in range(capabilities)]
    groups = [names[start : start + 5] for start in range(0, capabilities, 5)]
    everybody = [(person, draw.randrange(1, units + 1)) for person in range(tools * 12)]
    owned: dict[int, list[str]] = {}
    used: dict[int, list[str]] = {}
    where: dict[int, list[int]] = {}
    people: dict[int, set[int]] = {}
    for tool in range(1, tools + 1):
        around = [
            name
            for group in draw.sample(groups, min(len(groups), draw.choice([1, 1, 2, 3])))
            for name in group
        ]
        owned[tool] = sorted(draw.sample(around, draw.randint(1, max(1, len(around) * 4 // 5))))
        used[tool] = [name for name in owned[tool] if draw.random() < 0.7]
        where[tool] = sorted(draw.sample(range(1, units + 1), min(units, draw.choice([1, 1, 2, 3, 5]))))
        here = [person for person, unit in everybody if unit in where[tool]]
        people[tool] = set(draw.sample(here, min(len(here), draw.choice([0, 3, 10, 40, 80]))))
    unit_of = dict(everybody)
    found = []
    for tool, names_owned in owned.items():
        price = draw.choice([0, 0, 12_000, 30_000, 60_001])
        annual = price * len(people[tool]) + draw.randrange(0, 5_000_000)
        blocks = []
        for unit in (EVERYWHERE,) if across else tuple(where[tool]):
            mine = {each for each in people[tool] if across or unit_of[each] == unit}
            if mine:
                seats = {
                    other: len(mine - people[other])
                    for other in owned
                    if other != tool
                    and set(owned[other]) & set(used[tool])
                    and (across or unit in where[other])
                }
                blocks.append(Block(unit_id=unit, people=len(mine), needs=frozenset(used[tool]), seats=seats))
        keep = annual * 3
        found.append(
            StackTool(
                id=tool,
                name=f"Tool {tool}",
                vendor_id=tool % max(2, tools // 5),
                units=frozenset(where[tool]),
                serves=frozenset(range(units + 1)) if across else frozenset(where[tool]),
                owned=frozenset(names_owned),
                annual_minor=annual,
                keep_minor=keep,
                locked_minor=keep * draw.randrange(0, 18) // 36,
                moving_minor=draw.randrange(0, 500_000),
                pack_minor=price * 3,
                pack=draw.choice([1, 1, 1, 5]),
                free=draw.choice([0, 0, 5, 20]),
                blocks=tuple(blocks),
                must=draw.choice([Must.KEEP, *[None] * 20]),
            )
        )
    required = sorted({(unit, name) for tool in owned for unit in where[tool] for name in used[tool]})
    twice = set(draw.sample(required, len(required) // 20))
    holders = {
        (unit, name): sum(name in each.owned and unit in each.serves for each in found)
        for unit, name in required
    }
    return StackProblem(
        tools=tuple(found),
        requirements=tuple(
            Requirement(
                unit_id=unit,
                capability=name,
                suppliers=2 if (unit, name) in twice and holders[unit, name] > 1 else 1,
            )
            for unit, name in required
        ),
        vendor_percent=vendor_percent,
    )


def cheapest_by_trying(problem: StackProblem) -> int | None:
    """The least cost over every subset and every way its people can move; written apart from the solver."""
    best: int | None = None
    everything = [tool.id for tool in problem.tools]
    for keep in chain.from_iterable(combinations(everything, size) for size in range(len(everything) + 1)):
        if meets(problem, keep):
            cost = cost_of_keeping(problem, set(keep))
            best = cost if best is None else min(best, cost)
    return best


def cost_of_keeping(problem: StackProblem, keep: set[int]) -> int:
    """The least a set that meets what is required costs, over every way its people can move."""
    tools = {tool.id: tool for tool in problem.tools}
    fixed = sum(
        tool.keep_minor if tool.id in keep else tool.locked_minor + tool.moving_minor
        for tool in problem.tools
    )
    choices: list[list[dict[int, int]]] = []
    required = {(each.unit_id, each.capability) for each in problem.requirements}
    for tool in problem.tools:
        if tool.id in keep:
            continue
        for block in tool.blocks:
            units = [block.unit_id] if block.unit_id != EVERYWHERE else sorted({unit for unit, _ in required})
            wanted = [
                {
                    other
                    for other in keep
                    if name in tools[other].owned
                    and any((unit, name) in required and unit in tools[other].serves for unit in units)
                }
                for name in sorted(block.needs)
                if any((unit, name) in required for unit in units)
            ]
            able = sorted(set().union(*wanted)) if wanted else []
            options = [
                {other: block.seats.get(other, block.people) for other in taken}
                for size in range(len(able) + 1)
                for taken in combinations(able, size)
                if all(set(taken) & each for each in wanted)
            ]
            choices.append(options)
    best: int | None = None
    for chosen in product(*choices):
        seats: dict[int, int] = {}
        for option in chosen:
            for other, count in option.items():
                seats[other] = seats.get(other, 0) + count
        cost = fixed
        for other, count in seats.items():
            extra = max(0, count - tools[other].free)
            cost += tools[other].pack_minor * -(-extra // tools[other].pack)
        best = cost if best is None else min(best, cost)
    assert best is not None
    return best
