"""What the ledger alone says, as values: suppliers that are or may be marketing, and what stands beside them. Pure."""

from dataclasses import dataclass
from typing import Any

from mopsaudit.facts.rhythm import MonthSum
from mopsaudit.facts.values import Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierSpend:
    """One supplier that is or may be marketing. Amounts of the window in minor units of the base currency.

    ``settled`` as stored (open, tool, marketing, split); ``sure`` whether the matcher was sure. ``tool_id`` and
    ``tool`` name the tool of the inventory its lines are on; ``proposal`` is what the catalogue proposes (its ids and
    names), ``score_mille`` how well. ``months`` are by currency, oldest first, full months before D only.
    """

    id: int
    version: int
    name: str
    settled: str
    sure: bool
    reason: str
    score_mille: int
    spend_type: str | None
    tool_id: int | None
    tool: str | None
    tool_category: str | None
    vendor: str | None
    proposal: dict[str, Any]
    window: Bucket
    undated: Bucket
    months: tuple[tuple[str, tuple[MonthSum, ...]], ...]
    yearly_words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendFacts:
    """What one question about a scope needs. ``window`` are twelve full months (half-open month indices).

    ``shifted`` where the ledger ends before the twelve months before D: the window is then its own last twelve.
    ``held`` are the months the ledger has lines in, up to D. ``not_marketing`` (settled so) and ``unlikely`` (open)
    with their numbers of suppliers, ``no_supplier`` and ``undated`` part what is not listed; ``out_of_scope`` is left
    out of every figure.
    """

    currency: str
    from_month: int
    window: tuple[int, int]
    shifted: bool
    held: tuple[int, ...]
    suppliers: tuple[SupplierSpend, ...]
    not_marketing: Bucket
    not_marketing_suppliers: int
    unlikely: Bucket
    unlikely_suppliers: int
    no_supplier: Bucket
    undated: Bucket
    out_of_scope: Bucket
    running_month_lines: int

    @property
    def held_of_window(self) -> int:
        """How many months of the window the ledger holds."""
        return sum(1 for month in self.held if self.window[0] <= month < self.window[1])
