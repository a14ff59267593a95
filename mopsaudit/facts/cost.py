"""Yearly cost (run rate) per tool and unit, and net tool spend by month, from kept summaries: never from lines.

The run rate of a tool at D, per unit, is the first that exists (PRODUCT.md §4): the annualised price of contract lines
running at D; net tool spend (software, usage, data) of the twelve full months before D; the budget line of the fiscal
year; else unknown. Money that names no unit covers all units of its tool: a contract without a unit outranks spend by
unit, and invoices without a unit are not added to contracts that name theirs, so nothing counts twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.contracts import running_lines
from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.rates import Rates, load_rates
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.seats import users_by_unit
from mopsaudit.facts.tools import tools_at
from mopsaudit.facts.validity import holds
from mopsaudit.facts.values import Basis, CostPart, RunningLine, ToolFact, YearlyCost, cost_of_parts
from mopsaudit.money import split_exact
from mopsaudit.periods import month_of, trailing_months
from mopsaudit.reporting import Amount
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    AllocationKey,
    AllocationShare,
    BudgetAmount,
    BudgetLine,
    BudgetVersion,
    FiscalYear,
    LedgerSummary,
)
from mopsaudit.words import TOOL_COST

_MILLION = 1_000_000
_Parts = dict[int | None, CostPart]
#: The tools asked about; None: all.
_Only = Collection[int] | None


def yearly_costs(
    session: Session, scope: Scope, *, tools: Sequence[ToolFact] | None = None
) -> dict[int, YearlyCost]:
    """The yearly cost of each tool of the scope (unknown ones too), by tool id; bounded queries.

    ``tools`` are those of :func:`tools_at` that are asked about.
    """
    if tools is None:
        return dict(_every_cost(session, scope))
    if len(tools) == 1:
        return _costs(session, scope, tools)
    every = _every_cost(session, scope)
    return {tool.id: every[tool.id] for tool in tools}


@once
def _every_cost(session: Session, scope: Scope) -> Mapping[int, YearlyCost]:
    return _costs(session, scope, tools_at(session, scope))


def _costs(session: Session, scope: Scope, tools: Sequence[ToolFact]) -> dict[int, YearlyCost]:
    merged = heads(session)
    # One tool is asked for by its page: the database finds its rows alone.
    only = merged.family((tools[0].id,)) if len(tools) == 1 else None
    running = running_lines(session, scope)
    contract = _contract_parts(
        running if only is None else [line for line in running if line.tool_id == tools[0].id]
    )
    spend = _spend_parts(session, scope, merged, only)
    budget = _budget_parts(session, scope, merged, only)
    keys = _allocation_keys(session, scope, merged)
    months = _months(scope)
    unit_ids = frozenset(scope.unit_ids)
    result: dict[int, YearlyCost] = {}
    nothing: _Parts = {}
    for tool in tools:
        taken = first_that_exists(
            contract.get(tool.id, nothing), spend.get(tool.id, nothing), budget.get(tool.id, nothing)
        )
        key = keys.get(tool.id, {})
        parts = [
            part
            for found in taken.values()
            for part in _allocated(found, tool, key)
            if _belongs(part, tool, scope, unit_ids)
        ]
        if len(parts) > 1:
            parts.sort(key=lambda part: (part.unit_id is None, part.unit_id or 0))
        result[tool.id] = cost_of_parts(tool.id, scope.currency, tuple(parts), months)
    return result


def cost_of_tool(session: Session, scope: Scope, tool_id: int) -> Amount:
    """The yearly cost of one tool of the scope as a figure with its trace; unknown with the reason."""
    found = yearly_costs(
        session, scope, tools=[tool for tool in tools_at(session, scope) if tool.id == tool_id]
    )
    cost = found.get(tool_id)
    if cost is None:
        return Amount(currency=scope.currency, minor=None, why="It did not exist on this day.")
    return cost.amount


def first_that_exists(contract: _Parts, spend: _Parts, budget: _Parts) -> _Parts:
    """Per unit the first basis that exists; what names no unit is taken only where nothing before it was."""
    taken: _Parts = {}
    for source in (contract, spend, budget):
        if None in taken:
            break
        before = bool(taken)
        for unit_id, part in source.items():
            usable = part.minor is not None or part.unconverted
            if usable and unit_id not in taken and not (unit_id is None and before):
                taken[unit_id] = part
    return taken or contract


def _months(scope: Scope) -> tuple[int, int]:
    window = trailing_months(scope.as_of, 12)
    return month_of(window.start), month_of(window.end)


def _belongs(part: CostPart, tool: ToolFact, scope: Scope, unit_ids: frozenset[int]) -> bool:
    if part.unit_id is not None:
        return part.unit_id in unit_ids
    inside = bool(tool.units) and unit_ids.issuperset(tool.units)
    return scope.whole or (inside and part.basis is not Basis.SPEND)


def _contract_parts(lines: Iterable[RunningLine]) -> dict[int, _Parts]:
    grouped: dict[int, dict[int | None, list[RunningLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.tool_id is not None and line.spend_type in TOOL_COST and not line.one_off:
            grouped[line.tool_id][line.unit_id].append(line)
    return {
        tool_id: {unit_id: _contract_part(unit_id, found) for unit_id, found in by_unit.items()}
        for tool_id, by_unit in grouped.items()
    }


def _contract_part(unit_id: int | None, lines: Sequence[RunningLine]) -> CostPart:
    converted = [line.base_minor for line in lines if line.base_minor is not None]
    missing: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.base_minor is None and line.annual_minor is not None:
            missing[line.currency] += line.annual_minor
    return CostPart(
        unit_id=unit_id,
        basis=Basis.CONTRACT,
        minor=sum(converted) if converted else None,
        origins=len(lines),
        unconverted=tuple(sorted(missing.items())),
        unpriced=sum(line.annual_minor is None for line in lines),
        contract_lines=tuple(line.id for line in lines),
    )


@dataclass(slots=True)
class _Sum:
    minor: int = 0
    converted: bool = False
    origins: int = 0
    missing: dict[str, int] | None = None

    def part(self, unit_id: int | None, basis: Basis, budget_lines: tuple[int, ...] = ()) -> CostPart:
        missing = {currency: minor for currency, minor in (self.missing or {}).items() if minor}
        return CostPart(
            unit_id=unit_id,
            basis=basis,
            minor=self.minor if self.converted or not missing else None,
            origins=self.origins,
            unconverted=tuple(sorted(missing.items())),
            budget_lines=budget_lines,
        )

    def add(self, currency: str, base: int | None, missing: int) -> None:
        if base is not None:
            self.minor += base
            self.converted = True
        if missing:
            self.missing = self.missing or {}
            self.missing[currency] = self.missing.get(currency, 0) + missing


def _spend_parts(session: Session, scope: Scope, merged: Heads, only: _Only) -> dict[int, _Parts]:
    """Net tool spend of the twelve full months before D by tool and unit; one query over the covering index."""
    start, end = _months(scope)
    rates = (
        load_rates(session, into=scope.currency, kind="budget")
        if scope.settings.rate_kind == "budget"
        else None
    )
    # Only budget rates differ by fiscal year; at booking rates one group a tool, unit and currency will do.
    this_year = case((LedgerSummary.month >= month_of(scope.year.start), 1), else_=0)
    keys = (LedgerSummary.tool_id, LedgerSummary.unit_id, LedgerSummary.currency)
    groups: list[Any] = [*keys, this_year] if rates is not None else [*keys]
    # `month + 0` keeps the planner on the covering index: by month it would visit every row of the table.
    month = LedgerSummary.month + 0
    rows = fetch(
        session,
        select(
            *keys,
            func.max(this_year),
            func.sum(LedgerSummary.amount_minor),
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
        )
        .where(
            LedgerSummary.tool_id.is_not(None) if only is None else LedgerSummary.tool_id.in_(only),
            month >= start,
            month < end,
            LedgerSummary.spend_type.in_(TOOL_COST),
        )
        .group_by(*groups)
        .order_by(*groups),
    )
    sums: dict[int, dict[int | None, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    for tool_id, unit_id, currency, current, amount, base, missing, count in rows:
        if tool_id is None:
            continue
        found = sums[merged.tool(tool_id)][unit_id]
        found.origins += int(count)
        value, left = converted_sum(
            int(amount), int(base), int(missing), currency, rates, scope, current=bool(current)
        )
        found.add(currency, value, left)
    return {
        tool_id: {unit_id: each.part(unit_id, Basis.SPEND) for unit_id, each in by_unit.items()}
        for tool_id, by_unit in sums.items()
    }


def converted_sum(
    amount: int,
    base: int,
    missing: int,
    currency: str,
    rates: Rates | None,
    scope: Scope,
    *,
    current: bool,
) -> tuple[int | None, int]:
    """A summary's sum in the base currency and what of it has no rate (minor units of ``currency``).

    At booking rates (``rates`` None) both come from the summary; at budget rates the sum converts at its fiscal year's
    rate: the scope's year when ``current``, else the year before. The first is None when nothing could be converted.
    """
    if rates is None:
        return (None if missing and missing == amount and base == 0 else base), missing
    day = scope.as_of if current else scope.year.start - timedelta(days=1)
    value = rates.convert(amount, currency, day)
    return value, amount if value is None else 0


def _budget_parts(session: Session, scope: Scope, merged: Heads, only: _Only) -> dict[int, _Parts]:
    """The plan of the fiscal year by tool and unit: of its locked version, else of the newest draft."""
    versions = fetch(
        session,
        select(BudgetVersion.id)
        .join(FiscalYear, FiscalYear.id == BudgetVersion.fiscal_year_id)
        .where(
            FiscalYear.starts_on <= scope.as_of,
            FiscalYear.ends_on > scope.as_of,
            BudgetVersion.status.in_(("locked", "draft")),
        )
        .order_by(BudgetVersion.status.desc(), BudgetVersion.id.desc())
        .limit(1),
    )
    if not versions:
        return {}
    planned = load_rates(session, into=scope.currency, kind="budget")
    booked = load_rates(session, into=scope.currency)
    rows = fetch(
        session,
        select(
            BudgetLine.id,
            BudgetLine.tool_id,
            BudgetLine.unit_id,
            BudgetLine.currency,
            func.sum(BudgetAmount.amount_minor),
        )
        .join(BudgetAmount, BudgetAmount.line_id == BudgetLine.id)
        .where(
            BudgetLine.budget_id == versions[0][0],
            BudgetLine.tool_id.is_not(None) if only is None else BudgetLine.tool_id.in_(only),
        )
        .group_by(BudgetLine.id, BudgetLine.tool_id, BudgetLine.unit_id, BudgetLine.currency)
        .order_by(BudgetLine.id),
    )
    sums: dict[int, dict[int | None, tuple[_Sum, list[int]]]] = defaultdict(dict)
    for line_id, tool_id, unit_id, currency, amount in rows:
        if tool_id is None:
            continue
        found, ids = sums[merged.tool(tool_id)].setdefault(unit_id, (_Sum(), []))
        ids.append(line_id)
        found.origins += 1
        value = planned.convert(int(amount), currency, scope.as_of)
        if value is None:
            value = booked.convert(int(amount), currency, scope.as_of)
        found.add(currency, value, int(amount) if value is None else 0)
    return {
        tool_id: {
            unit_id: found.part(unit_id, Basis.BUDGET, tuple(ids))
            for unit_id, (found, ids) in by_unit.items()
        }
        for tool_id, by_unit in sums.items()
    }


def _allocation_keys(session: Session, scope: Scope, merged: Heads) -> dict[int, dict[int, int]]:
    """Unit → weight of each shared tool's key that holds on the day; fixed shares are parts per million.

    A head without a key of its own divides by that of a tool merged into it.
    """
    keys: dict[int, tuple[int, str]] = {}
    for key_id, tool_id, basis in fetch(
        session,
        select(AllocationKey.id, AllocationKey.tool_id, AllocationKey.basis)
        .where(holds(AllocationKey, scope.as_of))
        .order_by(AllocationKey.tool_id, AllocationKey.id),
    ):
        keys[tool_id] = (key_id, basis)
    for tool_id, head in merged.of.items():
        if (found_key := keys.pop(tool_id, None)) is not None:
            keys.setdefault(head, found_key)
    if not keys:
        return {}
    tool_of = {key_id: tool_id for tool_id, (key_id, _) in keys.items()}
    weights: dict[int, dict[int, int]] = {}
    for key_id, unit_id, share in fetch(
        session,
        select(AllocationShare.key_id, AllocationShare.unit_id, AllocationShare.share_ppm).order_by(
            AllocationShare.key_id, AllocationShare.unit_id
        ),
    ):
        if key_id in tool_of and keys[tool_of[key_id]][1] == "fixed":
            weights.setdefault(tool_of[key_id], {})[unit_id] = share
    counted = {tool_id: basis for tool_id, (_, basis) in keys.items() if basis in {"seats", "active"}}
    if counted:
        for tool_id, by_unit in users_by_unit(session, scope, tuple(counted)).items():
            index = 0 if counted[tool_id] == "seats" else 1
            found = {unit_id: counts[index] for unit_id, counts in by_unit.items() if counts[index]}
            if found:
                weights[tool_id] = found
    return weights


def _allocated(part: CostPart, tool: ToolFact, weights: Mapping[int, int]) -> tuple[CostPart, ...]:
    """A part without a unit divided by the tool's key (largest remainder), else given to its only unit, else shared.

    Fixed shares that do not reach a million leave the rest shared.
    """
    if part.unit_id is not None:
        return (part,)
    if not weights:
        if part.basis is not Basis.SPEND and len(tool.units) == 1:
            return (replace(part, unit_id=tool.units[0]),)
        return (replace(part, mixed=len(tool.units) > 1),)
    total = sum(weights.values())
    shares: list[tuple[int | None, int]] = list(weights.items())
    fixed = total <= _MILLION and total > _MILLION // 2
    if fixed and total < _MILLION:
        shares.append((None, _MILLION - total))
    sizes = [weight for _, weight in shares]
    minors = split_exact(part.minor, sizes) if part.minor is not None else (None,) * len(sizes)
    missing = [(currency, split_exact(minor, sizes)) for currency, minor in part.unconverted]
    whole = sum(sizes)
    return tuple(
        replace(
            part,
            unit_id=unit_id,
            minor=minors[index],
            unconverted=tuple((currency, split[index]) for currency, split in missing if split[index]),
            share_ppm=weight * _MILLION // whole,
        )
        for index, (unit_id, weight) in enumerate(shares)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """Net tool spend of one tool in one month: base currency, what has no rate, and the number of lines."""

    minor: int
    unconverted: tuple[tuple[str, int], ...]
    lines: int


def month_sums(
    session: Session, scope: Scope, *, month_from: int, month_until: int, tool_ids: Sequence[int] = ()
) -> dict[tuple[int, int], MonthSum]:
    """Net tool spend of the scope's units by (tool id, month index), half-open; from the covering index."""
    merged = heads(session)
    units = LedgerSummary.unit_id.in_(scope.unit_ids)
    conditions = [
        LedgerSummary.tool_id.in_(merged.family(tool_ids))
        if tool_ids
        else LedgerSummary.tool_id.is_not(None),
        LedgerSummary.month >= month_from,
        LedgerSummary.month < month_until,
        LedgerSummary.spend_type.in_(TOOL_COST),
        units | LedgerSummary.unit_id.is_(None) if scope.whole else units,
    ]
    rates = (
        load_rates(session, into=scope.currency, kind="budget")
        if scope.settings.rate_kind == "budget"
        else None
    )
    rows = fetch(
        session,
        select(
            LedgerSummary.tool_id,
            LedgerSummary.month,
            LedgerSummary.currency,
            func.sum(LedgerSummary.amount_minor),
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
        )
        .where(*conditions)
        .group_by(LedgerSummary.tool_id, LedgerSummary.month, LedgerSummary.currency)
        .order_by(LedgerSummary.tool_id, LedgerSummary.month, LedgerSummary.currency),
    )
    sums: dict[tuple[int, int], _Sum] = defaultdict(_Sum)
    for tool_id, month, currency, amount, base, missing, count in rows:
        if tool_id is None or month is None:
            continue
        found = sums[merged.tool(tool_id), month]
        found.origins += int(count)
        value: int | None = int(base)
        left = int(missing)
        if rates is not None:
            value = rates.convert(int(amount), currency, date(month // 12, month % 12 + 1, 1))
            left = int(amount) if value is None else 0
        found.add(currency, value, left)
    return {
        key: MonthSum(
            minor=each.minor, unconverted=tuple(sorted((each.missing or {}).items())), lines=each.origins
        )
        for key, each in sums.items()
    }
