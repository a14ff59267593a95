"""What was invoiced: the invoices read for a set of commitments, and the budget load of orders. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from mopsaudit.facts.allocation import Invoice
from mopsaudit.facts.line_columns import LineColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicesRead:
    """The invoices that may settle something, in order of day and id, and every line of a tool as columns."""

    columns: LineColumns
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
