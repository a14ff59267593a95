"""Sets of tools: who may supply what, what is not met, what a set costs in integers (PRODUCT.md §4.2). Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mopsaudit.scenarios.values import Missing, Move, Must, StackProblem, StackSet, StackTool


class Supply:
    """The tools that may supply a required capability in a unit; those that must go are left out."""

    def __init__(self, problem: StackProblem) -> None:
        holders: dict[str, list[StackTool]] = defaultdict(list)
        for tool in problem.tools:
            if tool.must is not Must.GO:
                for capability in tool.owned:
                    holders[capability].append(tool)
        self._known: dict[tuple[int, str], tuple[int, ...]] = {}
        anywhere: dict[str, set[int]] = defaultdict(set)
        for each in problem.requirements:
            found = tuple(tool.id for tool in holders.get(each.capability, ()) if each.unit_id in tool.serves)
            self._known[each.unit_id, each.capability] = found
            anywhere[each.capability].update(found)
        self._anywhere = {name: tuple(sorted(found)) for name, found in anywhere.items()}

    def of(self, unit_id: int, capability: str) -> tuple[int, ...]:
        """Tools by id; for people of no one unit, whoever may supply any unit the capability is required in."""
        found = self._known.get((unit_id, capability))
        return self._anywhere.get(capability, ()) if found is None else found


def unmet(problem: StackProblem) -> tuple[Missing, ...]:
    """Requirements with fewer possible suppliers than wanted, by capability and unit."""
    supply = Supply(problem)
    return tuple(
        Missing(unit_id=each.unit_id, capability=each.capability, wanted=each.suppliers, there=there)
        for each in sorted(problem.requirements, key=lambda each: (each.capability, each.unit_id))
        if (there := len(supply.of(each.unit_id, each.capability))) < each.suppliers
    )


def meets(problem: StackProblem, keep: Sequence[int]) -> bool:
    """Whether a set honours what is fixed, meets every requirement and the vendor cap."""
    kept = set(keep)
    supply = Supply(problem)
    return (
        all((tool.id in kept) is (tool.must is Must.KEEP) for tool in problem.tools if tool.must is not None)
        and all(
            sum(each in kept for each in supply.of(one.unit_id, one.capability)) >= one.suppliers
            for one in problem.requirements
        )
        and meets_vendor_cap(problem, keep)
    )


def meets_vendor_cap(problem: StackProblem, keep: Sequence[int]) -> bool:
    """Whether no vendor's share of the kept yearly cost is above the cap, in integers."""
    if problem.vendor_percent is None:
        return True
    kept = set(keep)
    by_vendor: dict[int, int] = defaultdict(int)
    total = 0
    for tool in problem.tools:
        if tool.id in kept:
            total += tool.annual_minor
            if tool.vendor_id is not None:
                by_vendor[tool.vendor_id] += tool.annual_minor
    return all(100 * each <= problem.vendor_percent * total for each in by_vendor.values())


def price(
    problem: StackProblem,
    supply: Supply,
    keep: set[int],
    going: Mapping[tuple[int, int], set[int]],
) -> StackSet:
    """What a set costs in integers when people go where ``going`` says; who goes nowhere yet goes where it costs least.

    ``going`` maps (switched-off tool, number of its block) to the survivors the block goes to.
    """
    tools = {tool.id: tool for tool in problem.tools}
    moves: list[Move] = []
    seats: dict[int, int] = defaultdict(int)
    for tool in problem.tools:
        if tool.id in keep:
            continue
        for number, block in enumerate(tool.blocks):
            to = set(going.get((tool.id, number), ()))
            for capability in sorted(block.needs):
                takers = [
                    each for each in supply.of(block.unit_id, capability) if each in keep and each != tool.id
                ]
                if takers and not to & set(takers):
                    to.add(
                        min(
                            takers,
                            key=lambda each: (
                                tools[each].pack_minor * block.seats.get(each, block.people),
                                each,
                            ),
                        )
                    )
            for taker in sorted(to & keep):
                wanted = block.seats.get(taker, block.people)
                moves.append(
                    Move(
                        from_id=tool.id,
                        unit_id=block.unit_id,
                        to_id=taker,
                        people=block.people,
                        seats=wanted,
                    )
                )
                seats[taker] += wanted
    packs = {
        taker: bought
        for taker, wanted in sorted(seats.items())
        if (bought := -(-max(0, wanted - tools[taker].free) // tools[taker].pack))
    }
    value = sum(tool.keep_minor if tool.id in keep else tool.off_minor for tool in problem.tools)
    value += sum(tools[taker].pack_minor * bought for taker, bought in packs.items())
    return StackSet(
        keep=tuple(sorted(keep)),
        off=tuple(sorted(tool.id for tool in problem.tools if tool.id not in keep)),
        moves=tuple(moves),
        packs=packs,
        value_minor=value,
    )


def widened(
    problem: StackProblem,
    supply: Supply,
    keep: set[int],
    going: Mapping[tuple[int, int], set[int]],
    cuts: Sequence[frozenset[int]] = (),
) -> StackSet:
    """A set with what costs nothing to keep kept too, unless that makes it hold all of a cut; ``going`` as above."""
    keep = set(keep)
    found = price(problem, supply, keep, going)
    tools = {tool.id: tool for tool in problem.tools}
    moved: dict[int, int] = defaultdict(int)
    for move in found.moves:
        survivor = tools[move.to_id]
        moved[move.from_id] += survivor.pack_minor * -(-move.seats // survivor.pack)
    for tool in sorted(problem.tools, key=lambda each: each.id):
        if tool.id in keep or tool.must is Must.GO or tool.keep_minor - tool.off_minor > moved[tool.id]:
            continue
        if any(cut <= keep | {tool.id} for cut in cuts):
            continue
        more = price(problem, supply, keep | {tool.id}, going)
        if more.value_minor <= found.value_minor and meets_vendor_cap(problem, more.keep):
            keep.add(tool.id)
            found = more
    return found
