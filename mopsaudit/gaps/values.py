"""The three lists beside each other, as values: what is paid, what is used, what is listed, and the gaps. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from mopsaudit.facts.spending import SpendFacts
from mopsaudit.facts.values import Bucket, Settlement, Snapshot, ToolFact, UserCounts
from mopsaudit.reporting import Amount, LineFilter, Ref


class GapKind(StrEnum):
    """Which list says something that another one does not."""

    PAID = "paid"
    USED = "used"
    SILENT = "silent"
    UNPAID = "unpaid"
    UNMEASURED = "unmeasured"


#: What a person may say of a gap instead of closing it, with the kinds it is an answer to.
ANSWERS: Final[Mapping[str, tuple[str, frozenset[GapKind]]]] = {
    "free": ("Free: nothing is paid for it", frozenset({GapKind.USED, GapKind.UNPAID})),
    "elsewhere": (
        "Paid elsewhere: another company, a parent or a bundle carries it",
        frozenset({GapKind.USED, GapKind.UNPAID}),
    ),
    "unmeasured": (
        "Nobody signs in to it: a tag, an interface, a managed service",
        frozenset({GapKind.UNMEASURED, GapKind.SILENT}),
    ),
    "kept": ("Kept on purpose: for a season, or in reserve", frozenset({GapKind.SILENT, GapKind.UNPAID})),
    "retire": ("A shadow tool to retire", frozenset(GapKind)),
    "outside": ("Not marketing", frozenset(GapKind)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An application of a usage file that nobody knows, as its newest file counted it, in the scope's units.

    ``key`` is its name folded. ``people`` counts each person once per unit, or is what the file states.
    """

    key: str
    name: str
    people: int
    last: date | None
    grade: str
    event: str
    as_of: date
    units: tuple[int, ...]
    import_id: int
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpend:
    """What was booked on a tool: the window's money, and the last month (index) anything was, up to D."""

    window: Bucket
    last_month: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """The last invoice of a supplier up to D and the units its lines are booked on."""

    last: date | None = None
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What the inventory holds, whoever owns it: catalogue ids of tools, vendors that sell us one, all tools' names.

    ``vendors`` are catalogue ids, our own ids with their prefix, and names, all folded.
    """

    products: frozenset[str] = frozenset()
    vendors: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFacts:
    """What one question about a scope needs. ``unit_id`` is None for the whole company.

    ``best`` is the usage file that counts by tool; ``counts`` its users at its own day and ``seen`` when somebody was
    last seen, both by its id. ``contracted`` are tools on a running contract line, ``covered`` vendors with a running
    line that names no tool. ``has_usage``: any living usage file up to D.
    """

    as_of: date
    currency: str
    unit_id: int | None
    group_minimum: int
    fresh_days: int
    spend: SpendFacts
    tools: tuple[ToolFact, ...]
    unit_names: Mapping[int, str]
    paid: Mapping[int, ToolSpend]
    billed: Mapping[int, Billed]
    contracted: frozenset[int]
    covered: frozenset[int]
    has_usage: bool
    best: Mapping[int, Snapshot]
    counts: Mapping[int, UserCounts]
    seen: Mapping[int, date]
    apps: tuple[App, ...]
    stock: Stock
    settled: Mapping[str, Settlement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A supplier behind a gap, with the version its settlement must meet."""

    id: int
    version: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing a list says and another does not. ``facts`` are what a settlement of it holds for.

    ``people`` is None where it is not known or the group is too small to show (``hidden``). ``product_id`` is the
    catalogue's product it most likely is, ``vendor_id`` its vendor where the product is open. ``tool`` is set where the
    inventory has a record of it (proposed, or listed). ``state`` is ``open`` or an answer of :data:`ANSWERS`.
    """

    id: str
    kind: GapKind
    subject: str
    sentence: str
    evidence: str
    facts: tuple[str, ...]
    cost: Amount
    last: date | None = None
    people: int | None = None
    hidden: bool = False
    grade: str | None = None
    units: tuple[str, ...] = ()
    category: str | None = None
    tool: Ref | None = None
    payers: tuple[Payer, ...] = ()
    product_id: str | None = None
    vendor_id: str | None = None
    app: App | None = None
    lines: LineFilter | None = None
    state: str = "open"
    settled: Settlement | None = None

    @property
    def proposed(self) -> bool:
        """Whether a file entered it as proposed and nobody confirmed it."""
        return self.tool is not None and self.kind in (GapKind.PAID, GapKind.USED)

    @property
    def answers(self) -> dict[str, str]:
        """What may be said of it, value → words."""
        return {value: words for value, (words, kinds) in ANSWERS.items() if self.kind in kinds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """All gaps of a scope with the page's sentences; ``found`` the open ones first, the largest money first."""

    answer: str
    trust: str
    beside: tuple[str, ...]
    found: tuple[Gap, ...]
    currency: str
    numbers: Mapping[GapKind, int] = field(default_factory=dict)
    sums: Mapping[GapKind, Amount] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Gap, ...]:
        """Those nobody settled, or whose facts changed since."""
        return tuple(each for each in self.found if each.state == "open")
