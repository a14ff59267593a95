"""What the spend alone says, as values: suppliers as judged, likely duplicates, answers, the next file. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mopsaudit.facts.rhythm import PriceChange, Renewal, Rhythm
from mopsaudit.facts.spending import SpendFacts, SupplierSpend
from mopsaudit.reporting import Amount
from mopsaudit.words import TOOL_COST

#: The state of a supplier that only its name, or an uncertain match, makes likely.
PERHAPS: Final = "perhaps"
_TOOL_TYPES: Final = frozenset(each.value for each in TOOL_COST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A likely duplicate payment: one invoice number and amount of one supplier, paid on several days.

    ``minor`` is what was paid too much, in ``currency``; ``base_minor`` the same in the base currency, None without a
    rate. ``lines`` are all its payments; ``extra`` the later ones as (month index, minor).
    """

    supplier_id: int
    supplier: str
    reference: str
    days: tuple[date, ...]
    currency: str
    minor: int
    base_minor: int | None
    lines: tuple[int, ...]
    extra: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What else the database holds, for naming the next file."""

    contracts: bool = False
    usage: bool = False
    budget: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One supplier as judged. ``state``: settled, placed (on a tool we have), proposed, perhaps.

    ``by_seat``: the catalogue knows it as licensed by seats. ``currency`` is the one it bills in.
    """

    facts: SupplierSpend
    state: str
    tool: str | None
    vendor: str | None
    category: str | None
    spend_type: str | None
    by_seat: bool
    cost: Amount
    rhythm: Rhythm
    renewal: Renewal
    change: PriceChange | None
    currency: str

    @property
    def known(self) -> bool:
        """Whether somebody settled it or the matcher is sure of it; the rest only sounds like marketing."""
        return self.state != PERHAPS

    @property
    def is_tool(self) -> bool:
        """Whether its money is likely the cost of a tool: media and agency money stands beside tools."""
        named = self.tool is not None or self.vendor is not None
        return self.known and named and (self.spend_type is None or self.spend_type in _TOOL_TYPES)

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.tool or self.vendor or self.facts.name


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """One of the dashboard's five questions as far as spend alone answers it."""

    key: str
    asks: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFile:
    """The file that answers most next and why."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendSaid:
    """Everything the page, its exports and the dashboard show. ``empty`` where there is no spend at all."""

    facts: SpendFacts
    answer: str
    basis: str
    coverage: str
    beside: tuple[str, ...]
    judged: tuple[Judged, ...]
    duplicates: tuple[Duplicate, ...]
    other_duplicates: tuple[Duplicate, ...]
    tools: Amount
    others: Amount
    twice: Amount
    changed: tuple[Judged, ...]
    soon: tuple[Judged, ...]
    answers: tuple[FirstAnswer, ...]
    next_file: NextFile | None
    empty: bool
