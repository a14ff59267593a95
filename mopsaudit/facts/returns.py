"""Return on money: ROI, ROMI, NPV, IRR, payback, cost of ownership (PRODUCT.md §4.4). Pure, exact Decimal.

A flow is an amount at a time in years from the approval; the flow at 0 is not discounted. Amounts are Decimals in any
one unit (minor units or units of a currency); rates are shares (0.10 is 10 %).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

ZERO: Final = Decimal(0)
_PRECISION: Final = 50
_LOWEST, _HIGHEST = Decimal("-0.9999"), Decimal("1e6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """``amount`` at ``years`` from the approval; money out is negative."""

    years: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A figure, or None with the reason why there is none."""

    value: Decimal | None
    why: str | None = None


def yearly(*amounts: int | Decimal) -> tuple[Flow, ...]:
    """Flows at 0, 1, 2 … years."""
    return tuple(Flow(years=Decimal(t), amount=Decimal(amount)) for t, amount in enumerate(amounts))


def roi(benefit: Decimal, cost: Decimal) -> Decimal | None:
    """(benefit − cost) / cost as a share; None when nothing was spent."""
    return None if cost == 0 else (benefit - cost) / cost


def romi_percent(incremental_revenue: Decimal, margin: Decimal, spend: Decimal) -> Decimal | None:
    """100 × (incremental revenue × contribution margin − spend) / spend; None when nothing was spent."""
    return None if spend == 0 else 100 * (incremental_revenue * margin - spend) / spend


def npv(flows: Sequence[Flow], rate: Decimal) -> Decimal:
    """Σ CF_t / (1 + r)^t, t in years; exact to fifty digits.

    >>> round(npv(yearly(-100, 60, 60), Decimal("0.10")), 2)
    Decimal('4.13')
    """
    with localcontext() as context:
        context.prec = _PRECISION
        return sum((flow.amount / (1 + rate) ** flow.years for flow in flows), ZERO)


def irr(flows: Sequence[Flow]) -> Outcome:
    """The rate at which the flows are worth nothing: one change of sign gives one answer, else there is none."""
    by_time: dict[Decimal, Decimal] = {}
    for flow in flows:
        by_time[flow.years] = by_time.get(flow.years, ZERO) + flow.amount
    signs = [amount > 0 for _, amount in sorted(by_time.items()) if amount]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes == 0:
        return Outcome(value=None, why="money flows one way only")
    if changes > 1:
        return Outcome(value=None, why="the flows change sign more than once: there is no single answer")
    low, high = _LOWEST, _HIGHEST
    with localcontext() as context:
        context.prec = _PRECISION
        at_low = npv(flows, low)
        if (at_low > 0) == (npv(flows, high) > 0):
            return Outcome(value=None, why="no rate between −99.99 % and a million per cent")
        low, high = _near(flows, low, high, positive_at_low=at_low > 0)
        for _ in range(160):
            middle = (low + high) / 2
            if (npv(flows, middle) > 0) == (at_low > 0):
                low = middle
            else:
                high = middle
            if high - low < Decimal("1e-15"):
                break
        return Outcome(value=(low + high) / 2)


def _near(
    flows: Sequence[Flow], low: Decimal, high: Decimal, *, positive_at_low: bool
) -> tuple[Decimal, Decimal]:
    """A narrower bracket of the root, sought in floating point, believed only when exact figures confirm it."""
    plain = [(float(flow.years), float(flow.amount)) for flow in flows]
    left, right = float(low), float(high)
    if max(years for years, _ in plain) > 60:
        return low, high  # powers beyond what floating point holds
    for _ in range(200):
        middle = (left + right) / 2
        if (math.fsum(amount / (1 + middle) ** years for years, amount in plain) > 0) == positive_at_low:
            left = middle
        else:
            right = middle
    about = Decimal(repr((left + right) / 2))
    margin = Decimal("1e-9") * (1 + abs(about))
    lower, upper = max(low, about - margin), min(high, about + margin)
    if (npv(flows, lower) > 0) == positive_at_low and (npv(flows, upper) > 0) != positive_at_low:
        return lower, upper
    return low, high


def payback(flows: Sequence[Flow]) -> Outcome:
    """Years until the cumulated flows cross zero for the last time, straight within the step; *never* is an answer.

    >>> round(payback(yearly(-100, 60, 60)).value, 2)
    Decimal('1.67')
    """
    total, before, last_years = ZERO, ZERO, ZERO
    crossed: Decimal | None = None
    went_under = False
    merged: dict[Decimal, Decimal] = {}
    for flow in flows:
        merged[flow.years] = merged.get(flow.years, ZERO) + flow.amount
    for years, amount in sorted(merged.items()):
        before, total = total, total + amount
        if total < 0:
            went_under, crossed = True, None
        elif before < 0 or (crossed is None and total > 0):
            share = ZERO if amount == 0 or before >= 0 else -before / amount
            crossed = last_years + share * (years - last_years) if before < 0 else years
        last_years = years
    if crossed is None:
        return Outcome(value=None, why="never" if went_under else "nothing flows")
    return Outcome(value=crossed)


def ownership(
    price: Decimal,
    escalator: Decimal,
    years: int,
    *,
    implementation: Decimal = ZERO,
    services: Decimal = ZERO,
    people: Decimal = ZERO,
) -> Decimal:
    """Total cost of ``years``: Σ_{k<n} p(1 + e)^k + implementation + services + people's time (0 unless typed).

    >>> ownership(Decimal(1), Decimal("0.07"), 5).quantize(Decimal("0.0001"))
    Decimal('5.7507')
    """
    with localcontext() as context:
        context.prec = _PRECISION
        licences = sum((price * (1 + escalator) ** k for k in range(years)), ZERO)
        return licences + implementation + services + people
