"""What was invoiced: the invoices read for a set of commitments, and the budget load of orders. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.allocation import Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What invoices are read by: committed tools (merged ones too), plain order numbers and contract references."""

    tools: frozenset[int]
    numbers: frozenset[str]
    references: frozenset[str]
    since: date
    until: date

    def holds(self, other: "Wanted") -> bool:
        """Whether what the other asks for are lines of tools and days asked for here.

        Numbers and references are compared by the database: with other ones, or fewer tools beside them, it is asked.
        """
        named = (other.numbers, other.references)
        same = named == (self.numbers, self.references)
        tools = other.tools <= self.tools if not any(named) else other.tools == self.tools
        return same and tools and self.since <= other.since and other.until <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicesRead:
    """Invoices and what they were read by, so that an earlier day need not read the same lines again."""

    wanted: Wanted
    invoices: tuple[Invoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLoad:
    """An order for the budget load: its total, whether open, and its invoices (all minor units of one currency)."""

    minor: int
    is_open: bool
    invoices: tuple[int, ...]


def budget_load(without_order: Iterable[int], orders: Iterable[OrderLoad]) -> int:
    """Invoiced + open orders: invoices without order + invoices on closed orders + per open order the larger of both.

    >>> budget_load([100, 750, 1200], [
    ...     OrderLoad(minor=0, is_open=False, invoices=(500, 250, 700)),
    ...     OrderLoad(minor=1500, is_open=True, invoices=(1350,)),
    ...     OrderLoad(minor=1600, is_open=True, invoices=(900, 1100))])
    7000
    """
    return sum(without_order) + sum(
        max(order.minor, sum(order.invoices)) if order.is_open else sum(order.invoices) for order in orders
    )
