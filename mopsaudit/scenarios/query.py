"""Gathers the question for the lowest-cost stack: tools, what they cost until when, who uses them, what is required."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import capability
from mopsaudit.errors import InvalidError
from mopsaudit.facts.commitments import agreements
from mopsaudit.facts.contracts import running_lines, tool_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.endings import free_from
from mopsaudit.facts.people import active_by_unit
from mopsaudit.facts.reading import fetch
from mopsaudit.facts.seats import AT_ONCE, use_of
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.tools import capabilities_at, tools_at, unit_names
from mopsaudit.facts.values import CapabilityFact, RunningLine, ToolFact, YearlyCost
from mopsaudit.money import ratio_half_even, split_exact
from mopsaudit.periods import Period, add_months
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.question import Bill, Need, StackQuestion, ToolDetail
from mopsaudit.scenarios.values import EVERYWHERE, Block, Must, Requirement, StackProblem, StackTool
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit, CapabilityNeed, Person
from mopsaudit.words import LicenceMetric

_DAY = timedelta(days=1)


def joined_scope(session: Session, scope: Scope, together: Sequence[int]) -> Scope:
    """The scope of several units as one, each with its sub-tree; the scope itself where none are named.

    Raises:
        InvalidError: a unit that is not in the scope, or fewer than two.
    """
    if not together:
        return scope
    if len(set(together)) < 2 or not set(together) <= set(scope.unit_ids):
        raise InvalidError("Choose two units or more to join.", "together")
    rows = fetch(
        session, select(BusinessUnit.id, BusinessUnit.name, BusinessUnit.path).order_by(BusinessUnit.id)
    )
    tops = [(name, path) for unit_id, name, path in rows if unit_id in together]
    ids = tuple(
        unit_id
        for unit_id, _, path in rows
        if unit_id in scope.unit_ids and any(path.startswith(top) for _, top in tops)
    )
    names = " and ".join(name for name, _ in tops)
    return replace(scope, unit_ids=ids, unit_id=together[0], unit_name=names, whole=False)


def stack_question(session: Session, scope: Scope, options: StackOptions) -> StackQuestion:
    """The question as the data stands; the number of queries does not grow with the tools.

    Raises:
        InvalidError: options that cannot be asked (:meth:`StackOptions.checked`).
    """
    options.checked()
    asked = joined_scope(session, scope, options.together)
    across = asked.settings.across_units or bool(options.together)
    start = asked.as_of + _DAY
    horizon = Period(start=start, end=add_months(start, options.months))
    ready_on = add_months(start, options.lead_months)
    tools = tuple(tool for tool in tools_at(session, asked) if tool.running)
    owned: dict[int, list[CapabilityFact]] = defaultdict(list)
    for each in capabilities_at(session, asked):
        owned[each.tool_id].append(each)
    known = tuple(tool for tool in tools if owned.get(tool.id))
    needs = needs_of(session)
    requirements = _requirements(session, asked, known, owned, needs)
    people = people_of(session, asked, known)
    costs = yearly_costs(session, asked, tools=known)
    lines, _ = tool_lines(running_lines(session, asked), known, asked)
    ends = _ends(session, asked, ready_on)
    required: dict[int, set[str]] = defaultdict(set)
    for one in requirements:
        required[one.unit_id].add(one.capability)
    made = [
        _tool(
            tool,
            _Known(
                owned=owned[tool.id],
                lines=lines.get(tool.id, ()),
                cost=costs[tool.id],
                people=people.by_unit.get(tool.id),
                counted=people.counted.get(tool.id),
                assigned=people.assigned.get(tool.id),
            ),
            asked,
            options,
            horizon=horizon,
            ready_on=ready_on,
            across=across,
            ends=ends,
        )
        for tool in known
    ]
    details = {detail.id: detail for _, detail in made}
    plain = tuple(one for one, _ in made)
    problem = StackProblem(
        tools=tuple(
            _with_blocks(one, details[one.id], plain, people, required, across=across) for one in plain
        ),
        requirements=requirements,
        vendor_percent=options.vendor_percent,
    )
    names = {one.capability for one in requirements} | {
        each.capability_id for found in owned.values() for each in found
    }
    return StackQuestion(
        as_of=scope.as_of,
        unit=asked.unit_label,
        currency=scope.currency,
        options=options,
        horizon=horizon,
        ready_on=ready_on,
        across=across,
        problem=problem,
        details=details,
        units=unit_names(session, asked),
        capabilities={name: capability_label(name) for name in sorted(names)},
        needs=needs,
        without_capabilities=tuple(tool.name for tool in tools if not owned.get(tool.id)),
        group_minimum=scope.settings.group_minimum,
    )


def capability_label(capability_id: str) -> str:
    """A capability's name; one that is not in the taxonomy (any more) goes by its id."""
    try:
        return capability(capability_id).name
    except KeyError:
        return capability_id


def needs_of(session: Session) -> tuple[Need, ...]:
    """What people said is required or not, by capability and unit; one query."""
    rows = fetch(
        session,
        select(
            CapabilityNeed.capability_id,
            CapabilityNeed.unit_id,
            CapabilityNeed.required,
            CapabilityNeed.suppliers,
            CapabilityNeed.reason,
        ).order_by(CapabilityNeed.capability_id, CapabilityNeed.unit_id),
    )
    return tuple(
        Need(capability=name, unit_id=unit_id, required=required, suppliers=suppliers, reason=reason)
        for name, unit_id, required, suppliers, reason in rows
    )


def _requirements(
    session: Session,
    scope: Scope,
    tools: Sequence[ToolFact],
    owned: Mapping[int, Sequence[CapabilityFact]],
    needs: Sequence[Need],
) -> tuple[Requirement, ...]:
    """What is used in a unit, or owned there with unknown use, as the word nearest to the unit changes it."""
    wanted: dict[tuple[int, str], int] = {}
    live: set[int] = set()
    for tool in tools:
        units = [each for each in tool.units if each in scope.unit_ids] or [EVERYWHERE]
        live.update(units)
        for each in owned[tool.id]:
            if each.halves is None or each.halves > 0:
                for unit_id in units:
                    wanted[unit_id, each.capability_id] = 1
    above = {
        unit_id: [int(part) for part in path.split("/") if part]
        for unit_id, path in fetch(
            session, select(BusinessUnit.id, BusinessUnit.path).order_by(BusinessUnit.id)
        )
    }
    said = {(each.capability, each.unit_id): each for each in needs}
    root = next((unit_id for unit_id, path in above.items() if len(path) == 1), None)
    for name in {each.capability for each in needs}:
        for unit_id in live:
            line = above.get(unit_id, []) if unit_id != EVERYWHERE else [root] if root else []
            word = next((said[name, each] for each in reversed(line) if (name, each) in said), None)
            if word is None:
                continue
            if word.required:
                wanted[unit_id, name] = word.suppliers
            else:
                wanted.pop((unit_id, name), None)
    return tuple(
        Requirement(unit_id=unit_id, capability=name, suppliers=suppliers)
        for (unit_id, name), suppliers in sorted(wanted.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Active people by tool and unit where a file names them, else counted; licences held by tool."""

    by_unit: Mapping[int, Mapping[int, frozenset[str]]]
    all_of: Mapping[int, frozenset[str]]
    counted: Mapping[int, int]
    assigned: Mapping[int, int]

    def of(self, tool_id: int) -> frozenset[str]:
        """Everybody active in a tool, as far as a file names them."""
        return self.all_of.get(tool_id, frozenset())


def people_of(session: Session, scope: Scope, tools: Sequence[ToolFact]) -> People:
    """Who is active in each tool, from the file that counts at the date."""
    ids = {tool.id for tool in tools}
    chosen = {
        tool_id: best
        for tool_id, found in snapshots_until(session, scope).items()
        if tool_id in ids
        and (best := best_snapshot(found, scope.as_of, scope.settings.usage_fresh_days)) is not None
        and best.shows_activity
    }
    counts = use_of(session, scope, tuple(chosen.values()), tools)
    named = tuple(each for each in chosen.values() if each.id in counts)
    by_unit: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    for (tool_id, unit_id), found in active_by_unit(session, scope, named, tools).items():
        by_unit[tool_id][unit_id or EVERYWHERE] = found
    assigned: dict[int, int] = {}
    counted: dict[int, int] = {}
    for tool_id, each in chosen.items():
        users = counts.get(each.id)
        held, active = users or (each.assigned_count, each.active_count)
        if held is not None:
            assigned[tool_id] = held
        if users is None and active is not None:
            counted[tool_id] = active
        elif users is not None:
            by_unit.setdefault(tool_id, {})
    all_of = {tool_id: frozenset[str]().union(*found.values()) for tool_id, found in by_unit.items()}
    return People(by_unit=by_unit, all_of=all_of, counted=counted, assigned=assigned)


def _ends(session: Session, scope: Scope, ready_on: date) -> dict[int, date | None]:
    """By contract line: the first day it is not owed when one leaves on ``ready_on`` or as soon after as may be.

    A line whose own last day comes first ends then; nothing ends before anybody can be ready.
    """
    found: dict[int, date | None] = {}
    for contract in agreements(session, scope):
        free = free_from(contract.terms, contract.stands, ready_on)
        for line in contract.lines:
            own = None if line.ends_on is None else line.ends_on + _DAY
            first = min((each for each in (free, own) if each is not None), default=None)
            found[line.id] = None if first is None else max(first, ready_on)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    owned: Sequence[CapabilityFact]
    lines: Sequence[RunningLine]
    cost: YearlyCost
    people: Mapping[int, frozenset[str]] | None
    counted: int | None
    assigned: int | None


def _tool(
    tool: ToolFact,
    known: _Known,
    scope: Scope,
    options: StackOptions,
    *,
    horizon: Period,
    ready_on: date,
    across: bool,
    ends: Mapping[int, date | None],
) -> tuple[StackTool, ToolDetail]:
    annual = known.cost.minor or 0
    keep = ratio_half_even(annual, options.months, 12)
    weights = _weights(known.lines) if known.lines else [1]
    bills = []
    for place, (part, yearly) in enumerate(
        zip(split_exact(keep, weights), split_exact(annual, weights), strict=True)
    ):
        line = known.lines[place] if known.lines else None
        free = ready_on if line is None else ends.get(line.id)
        days = horizon.days if free is None else min(horizon.days, max(0, (free - horizon.start).days))
        bills.append(
            Bill(
                line_id=line.id if line else None,
                free_from=free,
                keep_minor=part,
                owed_minor=ratio_half_even(part, days, horizon.days),
                annual_minor=yearly,
            )
        )
    active = known.counted
    if known.people is not None:
        active = len(frozenset[str]().union(*known.people.values()))
    price, pack, free_seats = _seats(tool, known)
    months = options.months - options.lead_months
    each_pack = Fraction(0) if price is None else price * pack * months / 12
    inside = frozenset(unit for unit in tool.units if unit in scope.unit_ids)
    moving = options.moving.get(tool.id, options.moving_minor) + options.person_minor * (active or 0)
    must = Must.KEEP if tool.id in options.keep else Must.GO if tool.id in options.go else None
    everywhere = frozenset({*scope.unit_ids, EVERYWHERE})
    made = StackTool(
        id=tool.id,
        name=tool.name,
        vendor_id=int(tool.vendor.id) if tool.vendor else None,
        units=inside,
        serves=everywhere if across or not inside else inside,
        owned=frozenset(each.capability_id for each in known.owned),
        annual_minor=annual,
        keep_minor=keep,
        locked_minor=sum(each.owed_minor for each in bills),
        moving_minor=moving,
        pack_minor=-(-each_pack.numerator // each_pack.denominator),
        pack=pack,
        free=free_seats,
        must=must,
    )
    detail = ToolDetail(
        id=tool.id,
        name=tool.name,
        category=tool.category,
        vendor=tool.vendor.label if tool.vendor else None,
        cost_minor=known.cost.minor,
        basis=known.cost.basis if known.cost.minor is not None else None,
        budget_lines=known.cost.trace.budget_lines,
        bills=tuple(bills),
        send_by=min((line.send_by for line in known.lines if line.send_by), default=None),
        people=active,
        seat_minor=None if price is None else -(-price.numerator // price.denominator),
        used=frozenset(each.capability_id for each in known.owned if each.halves),
        unknown=frozenset(each.capability_id for each in known.owned if each.halves is None),
    )
    return made, detail


def _weights(lines: Sequence[RunningLine]) -> list[int]:
    """What each line weighs in its tool's cost; alike where no price is known."""
    found = [max(0, line.base_minor or 0) for line in lines]
    return found if any(found) else [1] * len(lines)


def _seats(tool: ToolFact, known: _Known) -> tuple[Fraction | None, int, int]:
    """(price of a seat a year, seats of a pack, free seats) from the contract lines; no price where none count."""
    seats = [line for line in known.lines if (line.metric or tool.licence_metric) == LicenceMetric.NAMED_SEAT]
    bought = sum(line.seats or 0 for line in seats)
    if not seats or not bought or any(line.seats is None or line.base_minor is None for line in seats):
        return None, 1, 0
    price = Fraction(sum(line.base_minor or 0 for line in seats), bought)
    pack = max((line.pack_size or 1 for line in seats), default=1)
    free = max(0, bought - known.assigned) if known.assigned is not None else 0
    return max(price, Fraction(0)), max(1, pack), free


def _with_blocks(
    tool: StackTool,
    detail: ToolDetail,
    others: Sequence[StackTool],
    people: People,
    required: Mapping[int, set[str]],
    *,
    across: bool,
) -> StackTool:
    """The tool with its people in blocks: all together across units, else those of each unit."""
    wanted_of = detail.used | detail.unknown
    groups: dict[int, frozenset[str] | int] = {}
    if tool.id in people.by_unit:
        if across:
            groups = {EVERYWHERE: people.of(tool.id)}
        else:
            groups = dict(people.by_unit[tool.id])
    elif tool.id in people.counted:
        groups = {EVERYWHERE: people.counted[tool.id]}
    blocks = []
    for unit_id, who in sorted(groups.items()):
        size = who if isinstance(who, int) else len(who)
        units = [unit_id] if unit_id in required else list(tool.units) or [EVERYWHERE]
        needs = frozenset(name for name in wanted_of if any(name in required.get(each, ()) for each in units))
        if not size or not needs:
            continue
        blocks.append(
            Block(
                unit_id=unit_id if unit_id in required else EVERYWHERE,
                people=size,
                needs=needs,
                seats={
                    other.id: size if isinstance(who, int) else len(who - people.of(other.id))
                    for other in others
                    if other.id != tool.id and other.owned & needs and other.pack_minor
                },
            )
        )
    return replace(tool, blocks=tuple(blocks))


def active_names(session: Session, scope: Scope, tool_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Who is active in each tool, by name, from the file that counts at the date. Names: only to roles that act."""
    tools = tuple(tool for tool in tools_at(session, scope) if tool.id in set(tool_ids))
    people = people_of(session, scope, tools)
    ids = {int(each[1:]) for found in people.all_of.values() for each in found if each.startswith("#")}
    names: dict[int, str] = {}
    chosen = sorted(ids)
    for start in range(0, len(chosen), AT_ONCE):
        rows = fetch(
            session,
            select(Person.id, Person.name, Person.email)
            .where(Person.id.in_(chosen[start : start + AT_ONCE]))
            .order_by(Person.id),
        )
        names |= {person_id: name or email or f"person {person_id}" for person_id, name, email in rows}
    return {
        tool_id: tuple(
            sorted(
                (names.get(int(each[1:]), each[1:]) if each.startswith("#") else each[1:] for each in found),
                key=str.casefold,
            )
        )
        for tool_id, found in people.all_of.items()
        if found
    }
