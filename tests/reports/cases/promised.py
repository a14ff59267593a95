"""Random business cases, and a naive reading of them: line by line, month by month, a plain bisection (§4.4)."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.periods import month_of
from mopsaudit.store.models import BusinessCase, BusinessUnit, CaseFlow, SpendLine, Tool
from tests import builders as build

DAY = date(2026, 9, 30)
NOW = month_of(DAY)
FIRST = month_of(date(2025, 3, 1))
COST = ("software", "usage", "data", "services")
RATE = Fraction("1.10")


def cases_of_all_kinds(session: Session, seed: int) -> None:
    """Cases on tools and vendors, in units, overlapping in time, in two currencies, with and without margin."""
    dice = random.Random(seed)
    build.rate(session, "EUR", "USD", "1.10", on=date(2024, 1, 1))
    units: list[BusinessUnit] = [build.unit(session, f"U{n}") for n in range(2)]
    vendors = [build.vendor(session, f"Vendor {n}") for n in range(2)]
    tools = [build.tool(session, f"Tool {n}", of=dice.choice(vendors)) for n in range(dice.randint(1, 4))]
    for number in range(dice.randint(1, 6)):
        start = date(2025, 3, 1) + timedelta(days=dice.randint(0, 500))
        currency = dice.choice(("USD", "USD", "EUR"))
        on_tool = dice.random() < 0.7
        build.case(
            session,
            f"Case {number}",
            status=dice.choice(("approved", "approved", "draft", "closed")),
            currency=currency,
            tool_id=dice.choice(tools).id if on_tool else None,
            vendor_id=None if on_tool else dice.choice((None, *(each.id for each in vendors))),
            unit_id=dice.choice((None, None, *(each.id for each in units))),
            margin_ppm=dice.choice((None, 400_000, 1_000_000)),
            starts_on=start if dice.random() < 0.8 else None,
            ends_on=start + timedelta(days=dice.randint(60, 900)) if dice.random() < 0.4 else None,
            approved_at=datetime(start.year, start.month, 1, 9, tzinfo=UTC) if dice.random() < 0.7 else None,
            flows=[
                {
                    "side": side,
                    "benefit_type": None
                    if side == "cost"
                    else dice.choice(("revenue", "cash", "cash", "avoidance", "time")),
                    "month": FIRST + dice.randint(0, 30),
                    "amount_minor": dice.randint(1, 900_000),
                    "realised": side == "benefit" and dice.random() < 0.3,
                }
                for side in dice.choices(("cost", "benefit"), k=dice.randint(0, 9))
            ],
        )
    for _ in range(dice.randint(0, 25)):
        build.spend_line(
            session,
            dice.randint(-30_000, 300_000),
            on=date(2025, 3, 1) + timedelta(days=dice.randint(0, 570)),
            tool=dice.choice(tools),
            unit=dice.choice((None, *units)),
            spend_type=dice.choice((*COST, "media")),
        )


class Reading:
    """One case by hand, in floats of minor units of the base currency."""

    def __init__(self, session: Session, case: BusinessCase) -> None:
        self.case = case
        self.flows = list(session.scalars(select(CaseFlow).where(CaseFlow.case_id == case.id)))

    def value(self, flow: CaseFlow) -> float | None:
        """A flow in the base currency; revenue times the margin; None where no margin is stated."""
        # Exact before it is rounded: in floats 95 × 1.1 lies above 104.5, and half-even would go up.
        base = float(round(flow.amount_minor * (RATE if flow.currency == "EUR" else Fraction(1))))
        if flow.benefit_type != "revenue":
            return base
        return None if self.case.margin_ppm is None else base * self.case.margin_ppm / 1_000_000

    def total(self, wanted: Callable[[CaseFlow], bool]) -> float | None:
        """The sum of some flows; None when one of them is unknown."""
        values = [self.value(flow) for flow in self.flows if wanted(flow)]
        return None if None in values else sum(each for each in values if each is not None)

    def cost(self, *, to_date: bool) -> float | None:
        """Promised cost."""
        return self.total(lambda flow: flow.side == "cost" and (not to_date or flow.month <= NOW))

    def cash(self, *, realised: bool) -> float | None:
        """Cash benefit to date: revenue and cash reductions; no time, whose budget lines never fall here."""
        told = self.total(
            lambda flow: flow.side == "benefit" and flow.realised is realised and flow.month <= NOW
        )
        return (
            None
            if told is None
            else self.total(
                lambda flow: (
                    flow.benefit_type in ("revenue", "cash")
                    and flow.realised is realised
                    and flow.month <= NOW
                )
            )
        )

    def returns(
        self, spend: float | None, *, realised: bool
    ) -> tuple[float | str | None, float | str | None]:
        """(ROI, ROMI) in percent on a cost; realised figures to date, promised ones whole. None: not known."""
        told = [
            flow for flow in self.flows if flow.realised is realised and (not realised or flow.month <= NOW)
        ]
        values = [self.value(flow) for flow in told]
        if spend == 0:
            return "n/a", "n/a"
        if spend is None or None in values:
            return None, None
        cash = sum(self.value(flow) or 0 for flow in told if flow.benefit_type in ("revenue", "cash"))
        roi = 100 * (cash - spend) / spend
        earned = sum(self.value(flow) or 0 for flow in told if flow.benefit_type == "revenue")
        gross = any(flow.benefit_type == "revenue" for flow in told)
        return roi, 100 * (earned - spend) / spend if gross else "n/a"

    def years(self) -> list[tuple[float, float]] | None:
        """(years from the approval, cash) of what was promised; None where a revenue has no margin."""
        months: dict[int, float] = {}
        for flow in self.flows:
            if flow.realised or flow.benefit_type in ("avoidance", "time"):
                continue
            value = self.value(flow)
            if value is None:
                return None
            months[flow.month] = months.get(flow.month, 0.0) + (-value if flow.side == "cost" else value)
        if not months:
            return []
        day = self.case.approved_at or self.case.starts_on
        zero = min(months) if day is None else day.year * 12 + day.month - 1 - SHIFT
        at: dict[float, float] = {}
        for month, value in months.items():
            years = max(0, month - zero) / 12
            at[years] = at.get(years, 0.0) + value
        return sorted(at.items())


#: A month's number starts from here.
SHIFT = 2026 * 12 - month_of(date(2026, 1, 1))


def worth(flows: list[tuple[float, float]], rate: float) -> float:
    """NPV in floats."""
    return float(sum(amount / (1 + rate) ** years for years, amount in flows))


def bisected(flows: list[tuple[float, float]]) -> float | None:
    """IRR in percent by halving; None where the flows do not change sign once."""
    signs = [amount > 0 for _, amount in flows if amount]
    if sum(a != b for a, b in pairwise(signs)) != 1:
        return None
    low, high = -0.9999, 1e6
    if (worth(flows, low) > 0) == (worth(flows, high) > 0):
        return None
    for _ in range(400):
        middle = (low + high) / 2
        if (worth(flows, middle) > 0) == (worth(flows, low) > 0):
            low = middle
        else:
            high = middle
    return 100 * (low + high) / 2


def paid_back(flows: list[tuple[float, float]]) -> float | str:
    """The last time the running sum comes up from below zero."""
    sums, total = [], 0.0
    for years, amount in flows:
        total += amount
        sums.append((years, total))
    if all(each == 0 for _, each in sums):
        return "nothing flows"
    if sums[-1][1] < 0:
        return "never"
    below = [place for place, (_, each) in enumerate(sums) if each < 0]
    if not below:
        return next(years for years, each in sums if each > 0)
    place = below[-1]
    (before, short), (after, reached) = sums[place], sums[place + 1]
    return before + (after - before) * -short / (reached - short)


def spent(session: Session) -> tuple[dict[int, int], int]:
    """Cost by approved case, line by line: each line to one case; and this year's tool cost that no case covers."""
    found: dict[int, int] = {}
    bare = 0
    cases = [
        each
        for each in session.scalars(select(BusinessCase).order_by(BusinessCase.id))
        if each.status in ("approved", "closed")
    ]
    for line in session.scalars(select(SpendLine).where(SpendLine.spend_type.in_(COST))):
        tool, month = session.get_one(Tool, line.tool_id), line.month or 0
        chosen = None
        for names in ("tool", "vendor"):
            fitting = [
                (begins(session, case), case.id)
                for case in cases
                if (
                    case.tool_id == tool.id
                    if names == "tool"
                    else not case.tool_id and case.vendor_id == tool.vendor_id
                )
                and begins(session, case) <= month
                and (case.ends_on is None or month <= month_of(case.ends_on))
                and (case.unit_id is None or case.unit_id == line.unit_id)
            ]
            if fitting:
                chosen = max(fitting)[1]
                break
        if chosen is not None:
            found[chosen] = found.get(chosen, 0) + (line.base_minor or 0)
        elif line.spend_type != "services" and month_of(date(2026, 1, 1)) <= month <= NOW:
            bare += line.base_minor or 0
    return found, bare


def sold(case: BusinessCase, tool: Tool) -> bool:
    """Whether a case that names no tool names the vendor of this one."""
    return case.tool_id is None and case.vendor_id == tool.vendor_id


def begins(session: Session, case: BusinessCase) -> int:
    """The first month whose spend is the case's."""
    day = case.starts_on or (case.approved_at.date() if case.approved_at else None)
    if day is not None:
        return month_of(day)
    months = [
        flow.month
        for flow in session.scalars(select(CaseFlow).where(CaseFlow.case_id == case.id))
        if not flow.realised
    ]
    return min(months, default=month_of(date(2026, 1, 1)))
