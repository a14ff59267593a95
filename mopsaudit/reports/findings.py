"""The findings of all rooms joined: one euro once (PRODUCT.md §4).

A bearer is what money lies on: a contract line (``line:12``), or a tool that has none (``tool:3``). Per bearer one
amount is at stake: the largest single finding, never the sum, at most its run rate. Totals add bearers, not findings.
A finding without bearers (a deviation, a missing owner) is no saving and adds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from sqlalchemy.orm import Session

from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.tools import tools_at
from mopsaudit.facts.wording import money
from mopsaudit.later import Later
from mopsaudit.money import ratio_half_even, split_exact
from mopsaudit.reporting import Amount, Band, Finding, Trace, ranked
from mopsaudit.scope import Scope

#: States in which a finding's money still counts; a deliberate or dismissed one is settled.
COUNTED = ("open", "confirm")
#: Bands in which something is to be decided this month.
SOON: Final = (Band.OVERDUE, Band.DAYS_14, Band.DAYS_30)
#: The open findings at the head of the list that :class:`Brief` holds.
_FIRST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearers:
    """What money lies on: yearly run rate by bearer (base currency, unknown ones absent), and each tool's lines."""

    run_rates: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What lies at stake on one bearer: a year's worth and whose word it is.

    ``recoverable`` is the most any single finding can still take out of this fiscal year there.
    """

    bearer: str
    minor: int
    recoverable: int
    finding_id: str


@dataclass(frozen=True, kw_only=True)  # no slots: it keeps what it worked out
class Joined(Later):
    """Findings in their one order, and the money behind them, each bearer once.

    ``rooms`` names the report of each finding by the finding's id, where several are joined.
    """

    findings: tuple[Finding, ...]
    stakes: tuple[Stake, ...]
    currency: str
    rooms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for stake in self.stakes:
            found[stake.finding_id] = found.get(stake.finding_id, 0) + stake.minor
        return found

    @property
    def annual(self) -> Amount:
        """A year's worth at stake."""
        return self._amount(sum(stake.minor for stake in self.stakes))

    @property
    def recoverable(self) -> Amount:
        """What of it can still be taken out of this fiscal year."""
        return self._amount(sum(stake.recoverable for stake in self.stakes))

    def _amount(self, minor: int) -> Amount:
        return Amount(
            currency=self.currency,
            minor=minor,
            origins=len(self.stakes),
            basis="the largest finding of each contract line or tool",
            trace=Trace(
                contract_lines=tuple(
                    int(stake.bearer.removeprefix("line:"))
                    for stake in self.stakes
                    if stake.bearer.startswith("line:")
                )
            ),
        )

    def counted(self, finding_id: str) -> int:
        """What a finding adds to the total: the bearers on which it is the largest."""
        return self._counts.get(finding_id, 0)

    def within(self, bands: Iterable[Band]) -> int:
        """A year's worth at stake of findings in some bands; bearers count by their own largest finding."""
        wanted = set(bands)
        inside = {finding.id for finding in self.findings if finding.band in wanted}
        return sum(stake.minor for stake in self.stakes if stake.finding_id in inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the list of findings comes to, for who does not need the list.

    Money is a year's in minor units of ``currency``, each bearer once: ``annual`` of all, ``soon`` of those in
    :data:`SOON`; ``recoverable`` is what can still be taken out of this fiscal year. ``waiting`` counts the open ones,
    ``waiting_soon`` those of them in :data:`SOON`, ``late`` says whether one is overdue. ``first`` are the first open
    ones with the report each is of.
    """

    currency: str
    waiting: int
    waiting_soon: int
    late: bool
    annual: int
    recoverable: int
    soon: int
    first: tuple[tuple[str, Finding], ...]


def brief_of(joined: Joined) -> Brief:
    """What joined findings come to."""
    waiting = [each for each in joined.findings if each.state == "open"]
    soon = [each for each in waiting if each.band in SOON]
    return Brief(
        currency=joined.currency,
        waiting=len(waiting),
        waiting_soon=len(soon),
        late=any(each.band is Band.OVERDUE for each in soon),
        annual=joined.annual.minor or 0,
        recoverable=joined.recoverable.minor or 0,
        soon=joined.within(SOON),
        first=tuple((joined.rooms[each.id], each) for each in waiting[:_FIRST]),
    )


def bearers_of(session: Session, scope: Scope) -> Bearers:
    """Run rates of contract lines in force and of tools, in the base currency; bounded queries."""
    tools = tools_at(session, scope)
    lines = running_lines(session, scope)
    costs = yearly_costs(session, scope, tools=tools)
    rates: dict[str, int] = {}
    of_tool: dict[int, list[str]] = {}
    for line in lines:
        inside = line.unit_id in scope.unit_ids or (scope.whole and line.unit_id is None)
        if line.one_off or not inside:
            continue
        if line.base_minor is not None:
            rates[f"line:{line.id}"] = line.base_minor
        if line.tool_id is not None:
            of_tool.setdefault(line.tool_id, []).append(f"line:{line.id}")
    for tool_id, cost in costs.items():
        if cost.minor is not None:
            rates[f"tool:{tool_id}"] = cost.minor
    return Bearers(run_rates=rates, lines={tool_id: tuple(found) for tool_id, found in of_tool.items()})


def shares_of(finding: Finding, bearers: Bearers) -> dict[str, int]:
    """A finding's annual amount by bearer, tools resolved to their contract lines; the parts sum to the amount.

    By ``evidence["by_bearer"]`` where the room says it, else in proportion to the run rates, else evenly.
    """
    amount = finding.amount.minor or 0
    if amount <= 0 or not finding.bearers:
        return {}
    said: Any = finding.evidence.get("by_bearer")
    if isinstance(said, Mapping) and said:
        parts = {str(bearer): _said(part) for bearer, part in said.items()}
    else:
        parts = _split(amount, finding.bearers, bearers)
    resolved: dict[str, int] = {}
    for bearer, minor in parts.items():
        lines = bearers.lines.get(int(bearer.removeprefix("tool:")), ()) if bearer.startswith("tool:") else ()
        for name, part in (_split(minor, lines, bearers) if lines else {bearer: minor}).items():
            resolved[name] = resolved.get(name, 0) + part
    return resolved


def _said(part: Any) -> int:
    """A bearer's part as a room wrote it: minor units, or a record that holds them as ``annual_minor``."""
    return int(part["annual_minor"] or 0) if isinstance(part, Mapping) else int(part)


def _split(minor: int, names: Sequence[str], bearers: Bearers) -> dict[str, int]:
    unique = sorted(set(names))
    weights = [max(0, bearers.run_rates.get(name, 0)) for name in unique]
    if not any(weights):
        weights = [1] * len(unique)
    return dict(zip(unique, split_exact(minor, weights), strict=True))


def join(findings: Iterable[Finding], bearers: Bearers, currency: str) -> Joined:
    """Findings ranked, and per bearer the largest one that still counts, at most the bearer's run rate."""
    ordered = ranked(tuple({finding.id: finding for finding in findings}.values()))
    best: dict[str, Stake] = {}
    sooner: dict[str, int] = {}
    for finding in ordered:
        if finding.state not in COUNTED:
            continue
        shares = shares_of(finding, bearers)
        whole = sum(shares.values())
        parts = _recoverable(finding, shares) if whole > 0 else ()
        for (bearer, share), part in zip(shares.items(), parts, strict=True):
            minor = min(share, bearers.run_rates.get(bearer, share))
            stake = Stake(bearer=bearer, minor=minor, recoverable=min(part, minor), finding_id=finding.id)
            sooner[bearer] = max(sooner.get(bearer, 0), stake.recoverable)
            kept = best.get(bearer)
            if minor > 0 and (kept is None or _larger(stake, kept)):
                best[bearer] = stake
    return Joined(
        findings=ordered,
        stakes=tuple(replace(best[bearer], recoverable=sooner[bearer]) for bearer in sorted(best)),
        currency=currency,
    )


def _recoverable(finding: Finding, shares: Mapping[str, int]) -> tuple[int, ...]:
    """What of each share can still be taken out this year: as the room says it, else in proportion."""
    said: Any = finding.evidence.get("by_bearer")
    if isinstance(said, Mapping) and set(said) == set(shares):
        told = [part.get("this_year_minor") if isinstance(part, Mapping) else None for part in said.values()]
        if all(part is not None for part in told):
            by_name = dict(zip(said, told, strict=True))
            return tuple(max(0, int(by_name[name] or 0)) for name in shares)
    left = min(max(0, finding.recoverable.minor or 0), sum(shares.values()))
    return split_exact(left, list(shares.values()))


def with_inaction(joined: Joined) -> Joined:
    """Renewals told what doing nothing costs: what is recoverable on their lines × the renewal term (§4.5)."""
    at_stake = {stake.bearer: stake.minor for stake in joined.stakes}
    found = []
    for finding in joined.findings:
        months = finding.evidence.get("renewal_months")
        minor = sum(at_stake.get(bearer, 0) for bearer in finding.bearers)
        if finding.kind != "renewal-due" or not isinstance(months, int) or not minor:
            found.append(finding)
            continue
        cost = Amount(
            currency=joined.currency,
            minor=ratio_half_even(minor, months, 12),
            basis=f"recoverable on its lines × {months} months",
        )
        found.append(
            replace(
                finding,
                sentence=f"{finding.sentence} Doing nothing costs {money(cost.minor, cost.currency)} over that term.",
                evidence={**finding.evidence, "cost_of_inaction": cost.to_json()},
            )
        )
    return replace(joined, findings=tuple(found))


def _larger(one: Stake, other: Stake) -> bool:
    """The larger amount wins, then what can be taken out sooner, then the earlier id: no order of input matters."""
    return (one.minor, one.recoverable, other.finding_id) > (other.minor, other.recoverable, one.finding_id)
