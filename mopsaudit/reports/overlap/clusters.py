"""Judges each group of overlapping tools: what it costs, what would do, what each tool alone provides. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mopsaudit.facts.values import YearlyCost, left_of_year, state_of, sum_of_costs
from mopsaudit.facts.wording import count, money
from mopsaudit.money import split_exact
from mopsaudit.reporting import Amount, Confidence, Ref
from mopsaudit.reports.overlap.arithmetic import bits, clusters_of
from mopsaudit.reports.overlap.cover import SECONDS, Cover, Member, cheapest_cover
from mopsaudit.reports.overlap.facts import Facts, Pair, Shape, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tools judged together: the whole scope, or one unit of it (``unit_id``), with their cost there."""

    key: str
    unit_id: int | None
    label: str | None
    tools: frozenset[int]
    costs: Mapping[int, YearlyCost]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A connected group of tools. ``cover`` is None for a possible one: only proven overlap carries money.

    ``shared`` are capabilities two of its tools use (possible: use or may use); ``alone`` what each tool alone
    provides, both as bit sets. ``by_bearer`` parts the annual amount over what one euro counts once on.
    """

    id: str
    group: Group
    proven: bool
    standings: tuple[Standing, ...]
    shared: int
    alone: Mapping[int, int]
    cover: Cover | None
    run_rate: Amount
    at_stake: Amount
    this_year: Amount
    due: date | None
    earliest: date | None
    state: str
    facts: tuple[str, ...]
    unknowns: tuple[str, ...]
    hedge: str
    confidence: Confidence
    by_bearer: Mapping[str, int]

    @property
    def keep(self) -> tuple[Ref, ...]:
        """The survivors of the cheapest cover."""
        kept = self.cover.keep if self.cover else ()
        return tuple(each.tool.ref for each in self.standings if each.tool.id in kept)

    @property
    def dropped(self) -> tuple[Standing, ...]:
        """The tools the cheapest cover does without."""
        kept = self.cover.keep if self.cover else tuple(each.tool.id for each in self.standings)
        return tuple(each for each in self.standings if each.tool.id not in kept)


def groups_of(facts: Facts) -> tuple[Group, ...]:
    """One group of all tools when overlap is judged across units, else one for each unit, and one for tools of none."""
    scope = facts.scope
    here = "all" if scope.whole else f"s{scope.unit_id}"
    everybody = frozenset(tool.id for tool in facts.tools)
    if scope.settings.across_units:
        return (Group(key=here, unit_id=None, label=scope.unit_label, tools=everybody, costs=facts.costs),)
    found = [
        Group(
            key=f"u{unit_id}",
            unit_id=unit_id,
            label=name,
            tools=frozenset(tool.id for tool in facts.tools if unit_id in tool.units),
            costs={tool.id: facts.costs[tool.id].in_unit(unit_id) for tool in facts.tools},
        )
        for unit_id, name in facts.units.items()
    ]
    homeless = frozenset(tool.id for tool in facts.tools if not tool.units)
    if homeless:
        found.append(Group(key=here, unit_id=None, label=scope.unit_label, tools=homeless, costs=facts.costs))
    return tuple(group for group in found if group.tools)


def judge(facts: Facts) -> tuple[Cluster, ...]:
    """All clusters: proven ones, dearest first, then possible ones by name."""
    shapes = {shape.tool_id: shape for shape in facts.shapes}
    found: list[Cluster] = []
    for group in groups_of(facts):
        pairs = [
            pair for pair in facts.pairs if pair.a.tool_id in group.tools and pair.b.tool_id in group.tools
        ]
        for proven in (True, False):
            for ids in clusters_of(pair for pair in pairs if pair.proven is proven):
                found.append(_cluster(ids, group, facts, shapes, proven=proven))
    return tuple(
        sorted(
            found,
            key=lambda each: (
                not each.proven,
                -(each.at_stake.minor or 0),
                -(each.run_rate.minor or 0),
                each.standings[0].tool.name.lower(),
                each.id,
            ),
        )
    )


def _cluster(
    ids: Sequence[int],
    group: Group,
    facts: Facts,
    shapes: Mapping[int, Shape],
    *,
    proven: bool,
) -> Cluster:
    scope = facts.scope
    standings = tuple(
        sorted(
            (facts.standings[each] for each in ids), key=lambda each: (each.tool.name.lower(), each.tool.id)
        )
    )
    masks = {each: shapes[each].used if proven else shapes[each].used | shapes[each].unknown for each in ids}
    seen = shared = 0
    for mask in masks.values():
        shared |= seen & mask
        seen |= mask
    costs = {each: group.costs[each] for each in ids}
    cover = cheapest_cover(_members(standings, costs, shapes)) if proven else None
    kind = "proven" if proven else "possible"
    digest = hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()[:12]
    finding_id = f"overlap-{kind}-{group.key}-{digest}"
    words = tuple(
        word
        for each in sorted(ids)
        for word in (
            f"tool:{each}",
            *(
                f"tool:{each}:{facts.capabilities[bit][0]}:{_use(shapes[each], bit)}"
                for bit in bits(shapes[each].owned)
            ),
        )
    )
    dropped = tuple(each for each in standings if cover is not None and each.tool.id not in cover.keep)
    unknowns, hedge = _unknowns(standings, dropped, costs, cover, shapes, scope.currency)
    known = [each for each in costs.values() if each.minor is not None]
    run_rate = _sum_amount(
        costs.values(), sum(each.minor or 0 for each in known) if known else None, scope.currency
    )
    stake = cover.at_stake if cover is not None and known else None
    at_stake = _sum_amount(
        costs.values(),
        stake,
        scope.currency,
        why="use is not known: possible overlap carries no money" if not proven else None,
    )
    return Cluster(
        id=finding_id,
        group=group,
        proven=proven,
        standings=standings,
        shared=shared,
        alone=_alone(ids, shapes),
        cover=cover,
        run_rate=run_rate,
        at_stake=at_stake,
        this_year=_this_year(dropped, costs, cover, at_stake, facts),
        due=min((each.send_by for each in dropped if each.send_by), default=None),
        earliest=min((each.renews_on for each in dropped if each.renews_on), default=None),
        state=state_of(facts.settled.get(finding_id), words, scope.as_of),
        facts=words,
        unknowns=unknowns,
        hedge=hedge,
        confidence=_confidence(standings, unknowns, cover, proven=proven),
        by_bearer=_by_bearer(dropped, costs, stake or 0),
    )


def _use(shape: Shape, bit: int) -> str:
    if shape.used >> bit & 1:
        return "used"
    return "unknown" if shape.unknown >> bit & 1 else "unused"


def _members(
    standings: Iterable[Standing], costs: Mapping[int, YearlyCost], shapes: Mapping[int, Shape]
) -> tuple[Member, ...]:
    return tuple(
        Member(
            tool_id=each.tool.id,
            owned=shapes[each.tool.id].owned,
            used=shapes[each.tool.id].used,
            cost=costs[each.tool.id].minor or 0,
            price=each.seat_price or Fraction(0),
            free=each.free or 0,
            active=each.active or 0,
            people=each.people,
            pack=each.pack,
        )
        for each in sorted(standings, key=lambda each: each.tool.id)
    )


def _alone(ids: Sequence[int], shapes: Mapping[int, Shape]) -> dict[int, int]:
    """What each tool owns that no other of them owns."""
    once = twice = 0
    for each in ids:
        twice |= once & shapes[each].owned
        once |= shapes[each].owned
    return {each: shapes[each].owned & ~twice for each in ids}


def _unknowns(
    standings: Sequence[Standing],
    dropped: Sequence[Standing],
    costs: Mapping[int, YearlyCost],
    cover: Cover | None,
    shapes: Mapping[int, Shape],
    currency: str,
) -> tuple[tuple[str, ...], str]:
    """What the amount does not know, in words, and the word before it: ``at least``, ``up to``, ``about`` or none.

    A cost nobody knows and a search stopped by its time (its bound is told) can only raise it; users, seat prices and
    uses nobody knows can lower it.
    """
    more, less = [], []
    without = [each.tool.name for each in standings if costs[each.tool.id].minor is None]
    if without:
        more.append(f"no known yearly cost: {', '.join(without)}")
    if cover is None:
        return tuple(more), ""
    silent = [each.tool.name for each in dropped if each.active is None]
    if silent:
        less.append(f"users not known, no seats added for them: {', '.join(silent)}")
    free = [each.tool.name for each in standings if each.tool.id in cover.keep and each.seat_price is None]
    if dropped and free:
        less.append(f"price of a seat not known, counted as nothing: {', '.join(free)}")
    open_use = sum(shapes[each.tool.id].unknown.bit_count() for each in dropped)
    if open_use:
        less.append(
            f"{count(open_use, 'capability', 'capabilities')} of unknown use in the tools that would go"
        )
    if not cover.exact:
        more.append(
            f"the search for the cheapest set stopped after {SECONDS:.0f} seconds; "
            f"no set saves more than {money(cover.at_most, currency)}"
        )
    hedge = "about" if more and less else "at least" if more else "up to" if less else ""
    return (*more, *less), hedge


def _sum_amount(
    costs: Iterable[YearlyCost], minor: int | None, currency: str, why: str | None = None
) -> Amount:
    """``minor`` resting on the lines of the costs."""
    total = sum_of_costs(costs, currency, why="none of its tools has a known yearly cost")
    if minor is None:
        return replace(total, minor=None, origins=0, why=why or total.why)
    return replace(total, minor=minor)


def _this_year(
    dropped: Sequence[Standing],
    costs: Mapping[int, YearlyCost],
    cover: Cover | None,
    at_stake: Amount,
    facts: Facts,
) -> Amount:
    """What of it falls into this fiscal year: each dropped tool from its next renewal, less the seats added then."""
    scope = facts.scope
    if cover is None or at_stake.minor is None:
        return Amount(currency=scope.currency, minor=None, why=at_stake.why)
    paid = [each for each in dropped if costs[each.tool.id].minor]
    if any(each.renews_on is None for each in paid):
        return Amount(currency=scope.currency, minor=None, why="a tool that would go has no renewal date")
    starts = [each.renews_on for each in paid if each.renews_on]
    gross = sum(
        left_of_year(costs[each.tool.id].minor or 0, 1, each.renews_on, scope.as_of, scope.year)
        for each in paid
        if each.renews_on
    )
    seats = left_of_year(cover.added_minor, 1, min(starts), scope.as_of, scope.year) if starts else 0
    return Amount(
        currency=scope.currency,
        minor=min(at_stake.minor, max(0, gross - seats)),
        origins=at_stake.origins,
        trace=at_stake.trace,
    )


def _confidence(
    standings: Sequence[Standing], unknowns: Sequence[str], cover: Cover | None, *, proven: bool
) -> Confidence:
    if not proven or cover is None:
        return Confidence.LOW
    if unknowns:
        return (
            Confidence.LOW if any("no known yearly cost" in each for each in unknowns) else Confidence.MEDIUM
        )
    return Confidence.HIGH if all(each.people is not None for each in standings) else Confidence.MEDIUM


def _by_bearer(dropped: Sequence[Standing], costs: Mapping[int, YearlyCost], stake: int) -> dict[str, int]:
    """The amount parted over the contract lines of the tools that would go (the tool where it has none), by cost.

    A line whose price is not known bears nothing beside one whose price is: what it costs is in no run rate.
    """
    bearers: list[tuple[str, int]] = []
    for each in dropped:
        cost = costs[each.tool.id].minor or 0
        if each.lines:
            prices = [price for _, price in each.lines]
            shares = split_exact(cost, prices if any(prices) else [1] * len(prices))
            bearers += [(f"line:{line}", share) for (line, _), share in zip(each.lines, shares, strict=True)]
        else:
            bearers.append((f"tool:{each.tool.id}", cost))
    if not any(weight for _, weight in bearers):
        return {name: 0 for name, _ in bearers}
    parts = split_exact(stake, [weight for _, weight in bearers])
    return {name: part for (name, _), part in zip(bearers, parts, strict=True)}


def people_overlap(first: Standing, second: Standing, least: int) -> tuple[int, int] | None:
    """(people active in both, the smaller number of active people); None without grade A or B or too few people."""
    if first.people is None or second.people is None:
        return None
    smaller = min(first.people.bit_count(), second.people.bit_count())
    return ((first.people & second.people).bit_count(), smaller) if smaller >= least else None


def pair_order(pair: Pair) -> tuple[bool, int, int, int]:
    """Proven first, then most shared capabilities, then by ids."""
    return (not pair.proven, -pair.shared.bit_count(), pair.a.tool_id, pair.b.tool_id)
