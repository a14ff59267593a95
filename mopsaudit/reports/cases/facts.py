"""What the business-case report is judged on. Money in minor units of the base currency."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from mopsaudit.periods import Period
from mopsaudit.reporting import LineFilter, Ref
from mopsaudit.words import TOOL_COST, SpendType

#: What a case pays for: the tool and the services around it. Media and agency money stand beside, never in.
CASE_COST: Final = (*TOOL_COST, SpendType.SERVICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFact:
    """A promised or realised figure of a month, positive for costs and benefits; ``base_minor`` None without a rate."""

    side: str
    month: int
    base_minor: int | None
    benefit_type: str | None = None
    method: str | None = None
    budget_line_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFact:
    """A metric with its baseline, target and latest reading (exact text)."""

    id: int
    name: str
    measure: str
    early_signal: bool
    unit: str
    baseline: str | None
    target: str | None
    actual: str | None
    due_on: date | None
    read_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFact:
    """A review of a case after it went live."""

    id: int
    verdict: str
    on: date
    by: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A business case. ``promised`` is what was approved (word for word), for others what is written now.

    ``approved``: it was approved once and counts in totals; ``margin_ppm`` is the contribution margin;
    ``people_minor`` is people's time over five years in the base currency, where it was typed and has a rate.
    """

    id: int
    title: str
    status: str
    approved: bool
    owner: Ref | None
    tool: Ref | None
    vendor: Ref | None
    category: str | None
    unit_id: int | None
    unit: str | None
    currency: str
    margin_ppm: int | None
    people_typed: bool
    people_minor: int | None
    approved_on: date | None
    starts_on: date | None
    ends_on: date | None
    review_on: date | None
    closed_on: date | None
    promised: tuple[FlowFact, ...]
    realised: tuple[FlowFact, ...]
    metrics: tuple[MetricFact, ...]
    reviews: tuple[ReviewFact, ...]

    @property
    def review(self) -> ReviewFact | None:
        """The latest review; they stand in the order of their days."""
        return self.reviews[-1] if self.reviews else None

    @property
    def review_open(self) -> bool:
        """Whether a review still has to come: it is in force and nobody reviewed it on its review date or later."""
        if not self.approved or self.status == "closed":
            return False
        return self.review is None or (self.review_on is not None and self.review.on < self.review_on)

    @property
    def ref(self) -> Ref:
        """It as a link."""
        return Ref(kind="case", id=self.id, label=self.title)


class SpendFact(NamedTuple):
    """Spend of a tool (or of a vendor without one) in a unit and month. ``unconverted`` has no rate (any currency)."""

    tool_id: int | None
    vendor_id: int | None
    unit_id: int | None
    month: int
    minor: int
    lines: int
    unconverted: int = 0
    tool_cost: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFact:
    """A contract line of a tool: its price a year with its yearly rise, or what is paid ``once``.

    ``minor`` is in the base currency, None without a price or a rate; the rise in parts per million, None not known.
    """

    tool_id: int
    minor: int | None
    once: bool
    escalator_ppm: int | None


@dataclass(frozen=True, kw_only=True)  # no slots: it keeps what it worked out
class CaseFacts:
    """Cases of the scope and the spend that may belong to them."""

    as_of: date
    unit: str | None
    currency: str
    year: Period
    rate: Decimal
    deviation_minor: int
    deviation_percent: int
    cases: tuple[CaseFact, ...]
    spend: tuple[SpendFact, ...]
    prices: tuple[PriceFact, ...]
    ancestors: Mapping[int, frozenset[int]]
    tools: Mapping[int, tuple[str, str]]
    vendors: Mapping[int, str]

    @cached_property
    def cells(self) -> Mapping[int | None, tuple[SpendFact, ...]]:
        """The cells of spend by tool, by month."""
        found: dict[int | None, list[SpendFact]] = defaultdict(list)
        for cell in self.spend:
            found[cell.tool_id].append(cell)
        return {tool: tuple(sorted(each, key=lambda cell: cell.month)) for tool, each in found.items()}

    def lines_of(self, cells: Sequence[SpendFact]) -> LineFilter | None:
        """The query that selects exactly these of its cells, or None where tools, months and types cannot say it.

        A figure that opened to other lines than it sums would be worse than one that does not open.
        """
        tools = {cell.tool_id for cell in cells}
        if not cells or None in tools:
            return None
        first, last = min(cell.month for cell in cells), max(cell.month for cell in cells)
        # The cells asked about are among those selected, so that the number tells whether there are others.
        selected = [cell for tool in tools for cell in self.cells[tool] if first <= cell.month <= last]
        if len(selected) == len(cells):
            types: Sequence[SpendType] = CASE_COST
        elif all(cell.tool_cost for cell in cells) and len(cells) == sum(cell.tool_cost for cell in selected):
            types = TOOL_COST
        else:
            return None
        return LineFilter(
            tool_ids=tuple(sorted(tool for tool in tools if tool is not None)),
            spend_types=tuple(str(kind) for kind in types),
            month_from=first,
            month_until=last + 1,
        )
