"""What facts look like: frozen values that queries fill and judgement reads. Pure; money in minor units of the base."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum

from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, add_months
from mopsaudit.reporting import Amount, LineFilter, Ref, Trace
from mopsaudit.words import TOOL_COST, ToolStatus

#: Statuses of tools that are in the stack: paid for or used on the day.
RUNNING_STATUSES = (ToolStatus.TRIAL, ToolStatus.ACTIVE, ToolStatus.SUNSET)


def facts_digest(facts: Iterable[str]) -> str:
    """SHA-256 (hex) over the sorted fact strings of a finding: what a settlement of it was settled on."""
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()


def left_of_year(minor: int, divisor: int, starts: date, as_of: date, year: Period) -> int:
    """``minor`` ÷ ``divisor`` a year, by days from ``starts`` (after D at least) to the end of the fiscal year.

    Rounded half-even; 0 when it starts after the year.
    """
    start = max(starts, as_of + timedelta(days=1))
    if start >= year.end:
        return 0
    return ratio_half_even(minor, (year.end - start).days, divisor * (add_months(start, 12) - start).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a person settled about a finding: the state, why, when to look again, and the digest of its facts then."""

    state: str
    reason: str | None
    review_on: date | None
    digest: str

    def holds(self, facts: Iterable[str], day: date) -> bool:
        """Whether it still stands on ``day``: the facts are the same and no review is due."""
        return (self.review_on is None or self.review_on >= day) and self.digest == facts_digest(facts)


def state_of(settled: Settlement | None, facts: Iterable[str], day: date) -> str:
    """``confirm``, ``deliberate`` or ``dismiss`` while the settlement stands, else ``open``."""
    return settled.state if settled is not None and settled.holds(facts, day) else "open"


class Basis(StrEnum):
    """What a yearly cost rests on, in order of preference (PRODUCT.md §4)."""

    CONTRACT = "contract"
    SPEND = "last 12 months"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPart:
    """A tool's yearly cost in one unit on one basis. ``unit_id`` None is *shared, not allocated* or without a unit.

    ``minor`` is the converted part in the base currency, None when nothing could be converted; ``unconverted`` holds
    (currency, minor units of it) of what has no rate. ``unpriced`` counts running contract lines without a price.
    ``origins`` counts the contract lines, spend lines or budget lines behind it. ``share_ppm`` is set when the part is
    a share by an allocation key. ``mixed``: money of a tool of several units that no key divides.
    """

    unit_id: int | None
    basis: Basis
    minor: int | None
    origins: int
    unconverted: tuple[tuple[str, int], ...] = ()
    unpriced: int = 0
    contract_lines: tuple[int, ...] = ()
    budget_lines: tuple[int, ...] = ()
    share_ppm: int | None = None
    mixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyCost:
    """The run rate of one tool in a scope: the sum of its parts there, or unknown with ``why``.

    ``months`` are the half-open month indices of the spend basis. ``minor`` is in ``currency``, the base currency.
    """

    tool_id: int
    currency: str
    minor: int | None
    parts: tuple[CostPart, ...]
    months: tuple[int, int]
    why: str | None = None

    @property
    def basis(self) -> str | None:
        """``contract``, ``last 12 months``, ``budget``, several joined by *and*, or None when unknown."""
        if len(self.parts) == 1:
            return self.parts[0].basis.value
        found = {part.basis for part in self.parts}
        return " and ".join(basis for basis in Basis if basis in found) or None

    @property
    def origins(self) -> int:
        """How many lines it rests on."""
        return sum(part.origins for part in self.parts)

    @property
    def unconverted(self) -> tuple[tuple[str, int], ...]:
        """(currency, minor units) of what has no rate, by currency."""
        sums: dict[str, int] = {}
        for part in self.parts:
            for currency, minor in part.unconverted:
                sums[currency] = sums.get(currency, 0) + minor
        return tuple(sorted(sums.items()))

    @property
    def trace(self) -> Trace:
        """The way down to the lines of all its parts."""
        if len(self.parts) == 1 and self.parts[0].basis is not Basis.SPEND:
            part = self.parts[0]
            return Trace(contract_lines=part.contract_lines, budget_lines=part.budget_lines)
        spend = any(part.basis is Basis.SPEND for part in self.parts)
        return Trace(
            lines=LineFilter(
                tool_ids=(self.tool_id,),
                spend_types=tuple(TOOL_COST),
                month_from=self.months[0],
                month_until=self.months[1],
            )
            if spend
            else None,
            contract_lines=tuple(sorted({line for part in self.parts for line in part.contract_lines})),
            budget_lines=tuple(sorted({line for part in self.parts for line in part.budget_lines})),
        )

    @property
    def amount(self) -> Amount:
        """It as a figure with origins, basis and trace."""
        return Amount(
            currency=self.currency,
            minor=self.minor,
            origins=self.origins,
            why=self.why,
            basis=self.basis,
            trace=self.trace if self.parts else None,
        )

    def in_unit(self, unit_id: int | None) -> "YearlyCost":
        """The part of it in one unit (None: shared or without a unit)."""
        parts = tuple(part for part in self.parts if part.unit_id == unit_id)
        return cost_of_parts(self.tool_id, self.currency, parts, self.months)


def cost_of_parts(
    tool_id: int, currency: str, parts: tuple[CostPart, ...], months: tuple[int, int]
) -> YearlyCost:
    """The yearly cost that parts add up to; unknown where none has a figure or credits exceed charges."""
    known = [part.minor for part in parts if part.minor is not None]
    why: str | None = None
    minor: int | None = sum(known) if known else None
    if not parts:
        why = "no contract line, no spend in the last 12 months, no budget line"
    elif minor is None:
        rates = sorted({each for part in parts for each, _ in part.unconverted})
        why = f"no exchange rate for {', '.join(rates)}" if rates else "the contract lines have no price"
    elif minor < 0:
        minor, why = None, "credits exceed charges in the last 12 months"
    return YearlyCost(tool_id=tool_id, currency=currency, minor=minor, parts=parts, months=months, why=why)


def sum_of_costs(costs: Iterable[YearlyCost], currency: str, *, why: str) -> Amount:
    """The sum of the known yearly costs with all their lines; unknown with ``why`` when none is known."""
    minor = origins = 0
    known = False
    spend: set[int] = set()
    contract_lines: set[int] = set()
    budget_lines: set[int] = set()
    bases: set[Basis] = set()
    months = (0, 0)
    for cost in costs:
        if cost.minor is None:
            continue
        known, months = True, cost.months
        minor += cost.minor
        for part in cost.parts:
            origins += part.origins
            bases.add(part.basis)
            contract_lines.update(part.contract_lines)
            budget_lines.update(part.budget_lines)
            if part.basis is Basis.SPEND:
                spend.add(cost.tool_id)
    if not known:
        return Amount(currency=currency, minor=None, why=why)
    return Amount(
        currency=currency,
        minor=minor,
        origins=origins,
        basis=" and ".join(each for each in Basis if each in bases),
        trace=Trace(
            lines=LineFilter(
                tool_ids=tuple(sorted(spend)),
                spend_types=tuple(TOOL_COST),
                month_from=months[0],
                month_until=months[1],
            )
            if spend
            else None,
            contract_lines=tuple(sorted(contract_lines)),
            budget_lines=tuple(sorted(budget_lines)),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFact:
    """A tool as it stood on a day. ``units`` are its units then; owner and holder are references to people."""

    id: int
    name: str
    vendor: Ref | None
    category: str
    status: str
    types: tuple[str, ...]
    units: tuple[int, ...]
    owner: Ref | None
    holder: Ref | None
    licence_metric: str | None
    #: Days within which an activity counts, from the tool, else the setting for daily or other tools.
    window_days: int

    @property
    def ref(self) -> Ref:
        """It as a link."""
        return Ref(kind="tool", id=self.id, label=self.name)

    @property
    def running(self) -> bool:
        """Whether it is in the stack: on trial, active, or being phased out."""
        return self.status in RUNNING_STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityFact:
    """A capability a tool owned on a day. ``halves``: 0 unused, 1 half, 2 fully used, None unknown."""

    tool_id: int
    capability_id: str
    halves: int | None
    weight: int
    contract_line_id: int | None = None


class SnapshotEvent(StrEnum):
    """What a usage file's dates speak of."""

    ACTIVITY = "activity"
    SIGN_IN = "sign-in"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One tool's usage as one file gave it: the file, the day, grade A–D and event.

    ``source_id`` is the tool the file was imported for, ``tool_id`` the one it counts on: of a merged tool the head.
    ``joined`` are the files of the other tools merged with it that count beside this one: who stands in several of
    them is one user.
    """

    id: int
    tool_id: int
    source_id: int
    as_of: date
    grade: str
    event: str
    file_name: str
    import_id: int
    assigned_count: int | None = None
    active_count: int | None = None
    joined: tuple["Snapshot", ...] = ()

    @property
    def files(self) -> tuple["Snapshot", ...]:
        """It and the files that count beside it, each alone."""
        return (replace(self, joined=()), *self.joined) if self.joined else (self,)

    @property
    def totals_only(self) -> bool:
        """Whether it lists nobody: its counts stand in itself."""
        return self.assigned_count is not None or self.active_count is not None

    @property
    def shows_activity(self) -> bool:
        """Whether it tells who is active; an assignment list tells allocation only."""
        return self.event != SnapshotEvent.ASSIGNMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCounts:
    """The users of one snapshot who hold a licence, each in exactly one bucket on a day (PRODUCT.md §4.3).

    ``assigned = active + exempt + new + undated + other_accounts + inactive``; leavers are inactive at once and counted
    within ``inactive`` as ``leavers``. ``other_accounts`` are inactive shared, service, external, admin and test
    accounts: not reclaimable. ``unlicensed_active`` are active without holding a licence.
    """

    assigned: int = 0
    active: int = 0
    exempt: int = 0
    new: int = 0
    undated: int = 0
    other_accounts: int = 0
    inactive: int = 0
    leavers: int = 0
    unlicensed_active: int = 0

    @staticmethod
    def of_totals(assigned: int | None, active: int | None) -> "UserCounts":
        """The counts of a file that lists nobody: what is assigned and not active is inactive."""
        used = active or 0
        if assigned is None:
            return UserCounts(assigned=used, active=used)
        used = min(used, assigned)
        return UserCounts(assigned=assigned, active=used, inactive=assigned - used)

    def plus(self, other: "UserCounts") -> "UserCounts":
        """Both together, bucket by bucket."""
        return UserCounts(
            **{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(UserCounts)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningLine:
    """A contract line in force on a day, with the dates of its contract's current term.

    ``annual_minor`` is the annualised price in the contract's currency (None: no price), ``base_minor`` the same in the
    base currency (None: no price or no rate). ``quantity_micro`` is seats or credits × 1,000,000. ``starts_on`` is the
    first day in force of this line within the current term, ``ends_on`` the last day of the term or line (None: open).
    ``renews_on`` is the day the next term starts: the earliest day a change can take effect; ``send_by`` the day a
    notice must leave. Both None where unknown.
    """

    id: int
    contract_id: int
    tool_id: int | None
    unit_id: int | None
    spend_type: str
    metric: str | None
    quantity_micro: int | None
    amount_minor: int | None
    amount_months: int
    currency: str
    annual_minor: int | None
    base_minor: int | None
    one_off: bool
    starts_on: date | None
    ends_on: date | None
    renews_on: date | None
    send_by: date | None
    renewal_months: int | None
    pack_size: int | None
    minimum: int | None
    reducible: bool
    vendor: Ref | None = None

    @property
    def seats(self) -> int | None:
        """Whole seats bought; None where the quantity is unknown."""
        return None if self.quantity_micro is None else self.quantity_micro // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Money of one kind: base currency, what has no rate by currency, number of lines, the filter that opens them."""

    minor: int = 0
    unconverted: tuple[tuple[str, int], ...] = ()
    lines: int = 0
    trace: Trace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCoverage:
    """What the ledger's lines are known to be.

    ``on_tools``, ``other_marketing`` (settled, not a tool), ``open`` (nobody decided yet) and ``outside`` (not
    marketing, not spend) part the twelve months; ``unconverted`` is what of them has no rate, by currency. ``undated``
    and ``possibly_twice`` (probable pairs nobody settled) are over all time.
    """

    month_from: int
    month_until: int
    on_tools: Bucket
    other_marketing: Bucket
    open: Bucket
    outside: Bucket
    undated: Bucket
    unconverted: Bucket
    possibly_twice: Bucket

    @property
    def marketing_minor(self) -> int:
        """All money that is or may be marketing, in the base currency."""
        return self.on_tools.minor + self.other_marketing.minor + self.open.minor

    @property
    def settled_minor(self) -> int:
        """What of it is on a tool or settled as other marketing."""
        return self.on_tools.minor + self.other_marketing.minor

    @property
    def lines(self) -> int:
        """Lines of the twelve months."""
        return self.on_tools.lines + self.other_marketing.lines + self.open.lines + self.outside.lines
