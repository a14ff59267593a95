"""What the budget report is judged on. Money in minor units of the base currency unless said otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from mopsaudit.facts.allocation import Allocated, Commitment, Invoice
from mopsaudit.facts.invoiced import InvoicesRead, OrderLoad
from mopsaudit.facts.line_columns import Waiting
from mopsaudit.periods import Period
from mopsaudit.reporting import Ref

#: Waiting invoices listed one by one; nobody reads more in one table.
WAITING_SHOWN: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFact:
    """The budget the report speaks of: the locked version of the year, else its newest draft."""

    id: int
    name: str
    status: str
    basis: str
    locked_on: date | None = None
    locked_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A budget line. ``plan`` maps month index to the base amount, transfers included; ``unconverted`` has no rate.

    ``local`` is the same in the line's own currency.
    """

    id: int
    label: str
    unit_id: int | None
    unit: str | None
    entity_id: int | None
    cost_centre: str | None
    gl_account: str | None
    tool: Ref | None
    vendor: Ref | None
    programme: str | None
    currency: str
    holder: Ref | None
    plan: Mapping[int, int]
    unconverted: int = 0
    transferred: int = 0


class Cell(NamedTuple):
    """A sum of spend lines alike in everything a budget joins on. ``month`` None is undated.

    ``minor`` is what could be converted, ``unconverted`` the rest in ``currency``; ``at_budget`` is the value at the
    year's budget rate, None without one; ``local`` is ``minor`` in ``currency``. ``has_supplier``: the lines name one.
    ``spread``: a share of an invoice spread over its service; what follows of it is known and needs no run rate. A
    tuple, because there are many.
    """

    tool_id: int | None = None
    vendor_id: int | None = None
    unit_id: int | None = None
    entity_id: int | None = None
    cost_centre: str | None = None
    gl_account: str | None = None
    spend_type: str | None = None
    month: int | None = None
    currency: str = ""
    minor: int = 0
    unconverted: int = 0
    at_budget: int | None = None
    lines: int = 0
    has_supplier: bool = True
    spread: bool = False
    local: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonFact:
    """The latest reason given for a line's deviation."""

    line_id: int
    reason: str
    by: str | None
    on: date


class Bought(NamedTuple):
    """A contract line as it stands on the day: units bought, and the days of the year on which it is bought at all.

    An automatic renewal goes on; notice served, an express end and the line's own end cut it off.
    """

    tool_id: int | None
    currency: str
    quantity_micro: int | None
    covered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit note for an earlier year; ``base_minor`` None: no rate."""

    line_id: int
    base_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFacts:
    """Plan, spend, commitments of a fiscal year at ``as_of``.

    ``cells`` are this year's and undated ones, ``last_year`` last year's. ``closed`` maps entity id to the last closed
    month index; ``closed_default`` holds where an entity is not known (``closed_assumed``: nobody closed anything, the
    months before the as-of month count as closed). ``ancestors`` maps a unit to itself and the units above it.
    ``ahead`` are cells of service already invoiced that falls after the date (accrual basis only). ``part_month``: some
    lines of the as-of month are booked after the date and taken off. ``moved`` are ids of invoices spread over the
    service of what they settle (accrual basis only). ``bought`` are the contract lines by ``line:ID``.
    ``year_before`` is the year before last, where the ledger holds all of it. ``read`` is what was read to allocate.
    ``waits`` are the invoices of committed tools that settle nothing, ``waiting`` the largest of them this year.
    ``credits`` are credit notes of this year for an earlier one.
    """

    as_of: date
    unit: str | None
    currency: str
    year: Period
    basis: str
    by_days: bool
    rate_kind: str
    deviation_minor: int
    deviation_percent: int
    late_year_percent: int
    amount_percent: int
    window_days: int
    version: VersionFact | None
    lines: tuple[PlanLine, ...]
    cells: tuple[Cell, ...]
    last_year: tuple[Cell, ...]
    ahead: tuple[Cell, ...]
    set_aside: int
    commitments: tuple[Commitment, ...]
    allocated: Allocated
    waits: Waiting
    waiting: tuple[Invoice, ...]
    contracted: frozenset[tuple[int, str]]
    closed: Mapping[int, int]
    closed_default: int
    closed_assumed: bool
    ledger_from: int | None
    ancestors: Mapping[int, frozenset[int]]
    names: Mapping[tuple[str, int], str]
    orders: tuple[OrderLoad, ...]
    without_order: int
    reasons: tuple[ReasonFact, ...]
    possibly_twice: int
    part_month: bool = False
    moved: frozenset[int] = frozenset()
    bought: Mapping[str, Bought] = field(default_factory=dict)
    year_before: tuple[Cell, ...] = ()
    read: InvoicesRead | None = None
    credits: tuple[Credit, ...] = ()
