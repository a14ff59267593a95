"""A naive reading of overlap: pairs, groups and cost at stake every subset tried (PRODUCT.md §4.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    Contract,
    ContractLine,
    Tool,
    ToolCapability,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)
from tests.facts.company import DAY, RATE, half_even, held, naive_buckets, naive_cost
from tests.facts.judged import on


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A tool as somebody with the records on the table would write it down."""

    id: int
    used: frozenset[str]
    maybe: frozenset[str]
    owned: frozenset[str]
    cost: int | None
    seat: Fraction | None
    pack: int
    free: int
    active: int
    people: frozenset[str] | None


def plain(session: Session, scope: Scope, tool: Tool) -> Plain:
    """Reads one tool. A cost unknown stays None; a seat price unknown stays None and counts as nothing."""
    owned = {
        each.capability_id: each.used_halves
        for each in session.scalars(select(ToolCapability).where(ToolCapability.tool_id == tool.id))
    }
    lines = [
        (line, contract)
        for line in session.scalars(select(ContractLine).where(ContractLine.tool_id == tool.id))
        if (contract := session.get_one(Contract, line.contract_id)).start_on is not None
        and contract.start_on <= DAY < on(contract.start_on, contract.initial_months or 0)
        and held(line, DAY)
    ]
    named = [each for each in lines if (each[0].licence_metric or tool.licence_metric) == "named_seat"]
    bought = sum(seats_of(line) for line, _ in named)
    complete = bool(named) and all(seats_of(line) for line, _ in named)
    seat: Fraction | None = None
    if lines and not named and all(line.licence_metric or tool.licence_metric for line, _ in lines):
        seat = Fraction(0)
    elif complete and all(annual(line, contract) is not None for line, contract in named):
        seat = Fraction(sum(annual(line, contract) or 0 for line, contract in named), bought)
    counted = naive_buckets(session, tool)
    shows = counted is not None and counted[0] != "assignment"
    seated = sum(counted[1].values()) if counted is not None and shows else None
    snapshot = session.scalars(select(UsageSnapshot).where(UsageSnapshot.tool_id == tool.id)).one_or_none()
    return Plain(
        id=tool.id,
        used=frozenset(name for name, halves in owned.items() if halves),
        maybe=frozenset(name for name, halves in owned.items() if halves is None or halves),
        owned=frozenset(owned),
        cost=naive_cost(session, scope, tool),
        seat=seat,
        pack=max((line.pack_size or 1 for line, _ in named), default=1),
        free=max(0, bought - seated) if complete and seated is not None else 0,
        active=counted[1]["active"] if counted is not None and shows else 0,
        people=active_keys(session, tool, snapshot)
        if snapshot is not None and shows and snapshot.grade in "AB"
        else None,
    )


def seats_of(line: ContractLine) -> int:
    """Seats bought; 0 where the line does not say."""
    return (line.quantity_micro or 0) // 1_000_000


def annual(line: ContractLine, contract: Contract) -> int | None:
    """A line's yearly price in dollars."""
    if line.amount_minor is None or contract.currency == "CHF":
        return None
    if line.one_off:
        return 0
    minor = half_even(Fraction(line.amount_minor * 12, line.amount_months))
    return half_even(Fraction(minor) * Fraction(RATE)) if contract.currency == "EUR" else minor


def active_keys(session: Session, tool: Tool, snapshot: UsageSnapshot) -> frozenset[str]:
    """Who was active in the window, by address; leavers are not."""
    window = timedelta(days=30 if tool.daily_use else 90)
    rows: Iterable[Any] = session.execute(
        select(ToolUser, UsageRecord)
        .join(UsageRecord, UsageRecord.tool_user_id == ToolUser.id)
        .where(UsageRecord.snapshot_id == snapshot.id)
    )
    return frozenset(
        user.user_key
        for user, record in rows
        if record.last_activity is not None
        and DAY - window < record.last_activity <= DAY
        and user.account_kind != "leaver"
    )


def overlapping(tools: list[Plain], *, proven: bool) -> list[frozenset[int]]:
    """The connected groups of pairs with two shared capabilities and half of either covered."""
    pairs = []
    for a, b in combinations(tools, 2):
        for sure in (True, False):
            left, right = (a.used, b.used) if sure else (a.maybe, b.maybe)
            shared = left & right
            if len(shared) >= 2 and any(2 * len(shared) >= len(own) for own in (left, right)):
                if sure is proven:
                    pairs.append({a.id, b.id})
                break
    groups: list[set[int]] = []
    for pair in pairs:
        touching = [each for each in groups if each & pair]
        groups = [each for each in groups if not each & pair] + [pair.union(*touching)]
    return sorted((frozenset(each) for each in groups), key=min)


def stake(tools: list[Plain]) -> int | None:
    """Cost of all − the cheapest subset owning all that is used, with seats for who moves; None: no cost known."""
    if all(each.cost is None for each in tools):
        return None
    wanted = frozenset[str]().union(*(each.used for each in tools))
    total = sum(each.cost or 0 for each in tools)
    least = total
    for size in range(len(tools) + 1):
        for keep in combinations(tools, size):
            kept = sum(each.cost or 0 for each in keep)
            if kept < least and wanted <= frozenset[str]().union(*(each.owned for each in keep)):
                least = min(least, kept + seats([each for each in tools if each not in keep], keep))
    return total - least


def seats(gone: list[Plain], keep: tuple[Plain, ...]) -> int:
    """What seats for the people of dropped tools cost at the least, over every way they can go."""
    ways = [
        [
            chosen
            for size in range(len(keep) + 1)
            for chosen in combinations(keep, size)
            if each.used <= frozenset[str]().union(*(one.owned for one in chosen))
        ]
        for each in gone
        if each.used and each.active
    ]
    movers = [each for each in gone if each.used and each.active]
    costs = []
    for way in product(*([_smallest(each) for each in ways])):
        cost = 0
        for taker in keep:
            new = sum(
                newcomers(mover, taker) for mover, chosen in zip(movers, way, strict=True) if taker in chosen
            )
            short = max(0, new - taker.free)
            pack = max(Fraction(0), taker.seat or Fraction(0)) * taker.pack
            cost += -(-short // taker.pack) * -(-pack.numerator // pack.denominator)
        costs.append(cost)
    return min(costs)


def _smallest(ways: list[tuple[Plain, ...]]) -> list[tuple[Plain, ...]]:
    """Ways that hold no other way: going to more survivors than needed never costs less."""
    return [way for way in ways if not any(set(map(id, other)) < set(map(id, way)) for other in ways)]


def newcomers(mover: Plain, taker: Plain) -> int:
    """Who has to get a seat: the active people not on it already."""
    if mover.people is None or taker.people is None:
        return mover.active
    return max(0, mover.active - len(mover.people & taker.people))
