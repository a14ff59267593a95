"""The review queue: suppliers nobody has placed yet, likely marketing first, largest money first, and how far it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import once
from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.placing import sure
from mopsaudit.intake.queue_groups import rank_of
from mopsaudit.intake.summaries import summed
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool, Vendor
from mopsaudit.store.ledger import (
    LedgerSummary,
    MatchRule,
    SpendLine,
    Supplier,
    SupplierSpelling,
)
from mopsaudit.words import SpendType

#: From these likelihoods (of 1000) a supplier stands in the first and second band of the queue.
LIKELY, POSSIBLE = 700, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Money of a supplier's living lines: base currency (minor units), and what has no rate into it by currency.

    ``first_month`` and ``last_month`` are the month indices of its dated lines, both included.
    """

    base_minor: int = 0
    unconverted: tuple[tuple[str, int], ...] = ()
    lines: int = 0
    first_month: int | None = None
    last_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A supplier in the queue. ``proposal_*`` name what the catalogue or inventory proposes; ``owned_tool_id`` is set
    when we have that tool; the ids of proposals are the matcher's own. ``likely_mille`` is how likely it sells
    marketing technology, ``rank`` its place within its band (``queue_groups``). ``our_tools`` are the tools of the
    proposed vendor in the inventory (id and name, by name), where the vendor is sure and no product was told apart.
    """

    supplier_id: int
    version: int
    name: str
    settled: str
    spellings: tuple[str, ...]
    amounts: Amounts
    likely_mille: int
    sure: bool
    method: str
    score_mille: int
    reason: str
    proposal_vendor: str | None
    proposal_tool: str | None
    proposal_product_id: str | None
    proposal_vendor_id: str | None
    proposal_tool_id: str | None
    proposal_spend_type: str | None
    rank: int
    owned_tool_id: int | None
    our_tools: tuple[tuple[int, str], ...]
    candidates: tuple[Mapping[str, Any], ...]
    postponed_until: date | None

    @property
    def answer_tool_id(self) -> int | None:
        """The tool of the inventory it would be settled as: the proposed one, or the only one of a sure vendor."""
        if self.owned_tool_id is not None or len(self.our_tools) != 1:
            return self.owned_tool_id
        return self.our_tools[0][0]

    @property
    def why(self) -> str:
        """The matcher's reason, and why a tool of the inventory stands for its vendor."""
        if self.owned_tool_id is None and len(self.our_tools) == 1:
            return f"{self.reason} {self.our_tools[0][1]} is the only tool of {self.proposal_vendor} in the inventory."
        return self.reason

    @property
    def band(self) -> int:
        """0 likely marketing, 1 possibly, 2 others."""
        return 0 if self.likely_mille >= LIKELY else 1 if self.likely_mille >= POSSIBLE else 2


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Summaries of the units in the scope; those without a unit belong to the whole company."""
    within = LedgerSummary.unit_id.in_(scope.unit_ids)
    return or_(within, LedgerSummary.unit_id.is_(None)) if scope.whole else within


#: Payments and transfers are nobody's spend.
IS_SPEND = or_(LedgerSummary.spend_type.is_(None), LedgerSummary.spend_type != SpendType.NOT_SPEND.value)


def amounts_by_supplier(
    session: Session, scope: Scope, *, only: Sequence[int] | None = None
) -> dict[int, Amounts]:
    """Money and lines of every supplier with living lines in the scope, or of ``only`` these."""
    return _every_amount(session, scope) if only is None else _amounts(session, scope, only)


@once
def _every_amount(session: Session, scope: Scope) -> dict[int, Amounts]:
    """Kept while no summary changes: the queue and its progress ask for the same on each look at the page."""
    return _amounts(session, scope, None)


def _amounts(session: Session, scope: Scope, only: Sequence[int] | None) -> dict[int, Amounts]:
    query: Any = (
        select(
            LedgerSummary.supplier_id,
            LedgerSummary.currency,
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
            func.min(LedgerSummary.month),
            func.max(LedgerSummary.month),
        )
        .where(LedgerSummary.supplier_id.is_not(None), IS_SPEND, in_scope(scope))
        .group_by(LedgerSummary.supplier_id, LedgerSummary.currency)
        .order_by(LedgerSummary.supplier_id, LedgerSummary.currency)
    )
    rows: Iterable[Any]
    if only is None:
        rows = session.execute(query)
    else:
        rows = select_in(session, query, LedgerSummary.supplier_id, only)
    found: dict[int, Amounts] = {}
    for supplier_id, currency, base, unconverted, lines, first, last in rows:
        if supplier_id is None:
            continue
        before = found.get(supplier_id, Amounts())
        rest = ((currency, int(unconverted)),) if unconverted else ()
        found[supplier_id] = Amounts(
            base_minor=before.base_minor + int(base),
            unconverted=(*before.unconverted, *rest),
            lines=before.lines + int(lines),
            first_month=min((m for m in (before.first_month, first) if m is not None), default=None),
            last_month=max((m for m in (before.last_month, last) if m is not None), default=None),
        )
    return found


@once
def ruled_lines(session: Session, scope: Scope) -> dict[int, tuple[int, int, int]]:
    """Suppliers with lines that rules placed: lines, base money, and of that money what has no tool."""
    if session.scalar(select(MatchRule.id).where(MatchRule.active.is_(True)).limit(1)) is None:
        return {}
    within = SpendLine.unit_id.in_(scope.unit_ids)
    rows = session.execute(
        select(
            SpendLine.supplier_id,
            func.count(),
            func.coalesce(func.sum(SpendLine.base_minor), 0),
            func.coalesce(func.sum(SpendLine.base_minor).filter(SpendLine.tool_id.is_(None)), 0),
        )
        .where(
            SpendLine.rule_id.is_not(None),
            SpendLine.supplier_id.is_not(None),
            summed(or_(within, SpendLine.unit_id.is_(None)) if scope.whole else within),
        )
        .group_by(SpendLine.supplier_id)
    )
    return {int(row[0] or 0): (int(row[1]), int(row[2] or 0), int(row[3] or 0)) for row in rows}


#: What a row of the queue is made of; whole records of 16,000 suppliers would take seconds.
_COLUMNS = (
    Supplier.id,
    Supplier.version,
    Supplier.name,
    Supplier.settled,
    Supplier.likely_mille,
    Supplier.method,
    Supplier.score_mille,
    Supplier.reason,
    Supplier.proposal,
    Supplier.postponed_until,
)


def queue(
    session: Session,
    scope: Scope,
    *,
    include_later: bool = False,
    later: bool = False,
    settled: bool = False,
) -> tuple[QueueRow, ...]:
    """Suppliers to place: likely marketing first, in each band surely known marketing tools, then the largest money.

    With ``settled`` those already settled by a person instead, for looking them over; with ``later`` those put off to
    a day that has not come.
    """
    if settled:
        return with_spellings(session, _rows(session, scope, Supplier.settled != "open", settled=True))
    now, put_off = open_queue(session, scope)
    chosen = put_off if later else _in_order((*now, *put_off)) if include_later else now
    return with_spellings(session, chosen)


def open_queue(session: Session, scope: Scope) -> tuple[tuple[QueueRow, ...], tuple[QueueRow, ...]]:
    """Suppliers to place now, and those put off to a day that has not come, in one look; without their spellings."""
    rows = _rows(session, scope, and_(Supplier.settled == "open", Supplier.tool_id.is_(None)))
    return (
        tuple(row for row in rows if row.postponed_until is None or row.postponed_until <= scope.as_of),
        tuple(row for row in rows if row.postponed_until is not None and row.postponed_until > scope.as_of),
    )


def settled_queue(session: Session, scope: Scope) -> tuple[QueueRow, ...]:
    """Suppliers a person settled, without their spellings."""
    return _rows(session, scope, Supplier.settled != "open", settled=True)


def with_spellings(session: Session, rows: Sequence[QueueRow]) -> tuple[QueueRow, ...]:
    """The rows with the raw spellings of each."""
    spellings: dict[int, list[str]] = defaultdict(list)
    query = select(SupplierSpelling.supplier_id, SupplierSpelling.raw).order_by(
        SupplierSpelling.supplier_id, SupplierSpelling.raw
    )
    found = select_in(session, query, SupplierSpelling.supplier_id, [row.supplier_id for row in rows])
    for supplier_id, raw in found:
        spellings[supplier_id].append(raw)
    return tuple(replace(row, spellings=tuple(spellings[row.supplier_id])) for row in rows)


def _rows(
    session: Session, scope: Scope, condition: ColumnElement[bool], *, settled: bool = False
) -> tuple[QueueRow, ...]:
    amounts = amounts_by_supplier(session, scope)
    ruled = {} if settled else ruled_lines(session, scope)
    owned = _owned(session)
    return _in_order(
        _row(supplier, amounts[supplier.id], (), owned)
        for supplier in session.execute(select(*_COLUMNS).where(condition).order_by(Supplier.id))
        if supplier.id in amounts
        # A supplier all of whose lines rules placed leaves nothing to ask.
        and ruled.get(supplier.id, (0, 0, 0))[0] < amounts[supplier.id].lines
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owned:
    """Tools of the inventory that were not merged: ids by product of the catalogue, id and name by its vendor's id
    there, and by the vendor's name (case folded) for vendors the catalogue was never asked about.
    """

    products: Mapping[str, int]
    vendors: Mapping[str, tuple[tuple[int, str], ...]]


def _owned(session: Session) -> _Owned:
    products: dict[str, int] = {}
    vendors: dict[str, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(Tool.id, Tool.name, Tool.catalogue_id, Vendor.catalogue_id, Vendor.name)
        .outerjoin(Vendor, Vendor.id == Tool.vendor_id)
        .where(Tool.merged_into_id.is_(None))
        .order_by(Tool.name, Tool.id)
    )
    for tool_id, name, product_id, vendor_id, vendor_name in session.execute(query):
        if product_id is not None:
            products[product_id] = tool_id
        if vendor_name is not None:
            vendors[vendor_id or vendor_name.casefold()].append((tool_id, name))
    return _Owned(products=products, vendors={key: tuple(tools) for key, tools in vendors.items()})


def _in_order(rows: Iterable[QueueRow]) -> tuple[QueueRow, ...]:
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.band,
                row.rank,
                -abs(row.amounts.base_minor),
                row.name.casefold(),
                row.supplier_id,
            ),
        )
    )


def _row(supplier: Any, amounts: Amounts, spellings: Sequence[str], owned: _Owned) -> QueueRow:
    proposal = supplier.proposal or {}
    product = proposal.get("tool")
    return QueueRow(
        supplier_id=supplier.id,
        version=supplier.version,
        name=supplier.name,
        settled=supplier.settled,
        spellings=tuple(spellings),
        amounts=amounts,
        likely_mille=supplier.likely_mille,
        sure=sure(supplier),
        method=supplier.method,
        score_mille=supplier.score_mille,
        reason=supplier.reason,
        proposal_vendor=proposal.get("vendor_name"),
        proposal_tool=proposal.get("tool_name"),
        proposal_product_id=product if product and ":" not in product else None,
        proposal_vendor_id=proposal.get("vendor"),
        proposal_tool_id=product,
        proposal_spend_type=proposal.get("spend_type"),
        rank=rank_of(proposal, sure=sure(supplier)),
        owned_tool_id=owned.products.get(product) if product else None,
        our_tools=_our_tools(proposal, owned) if product is None and sure(supplier) else (),
        candidates=tuple(proposal.get("candidates", ())),
        postponed_until=supplier.postponed_until,
    )


def _our_tools(proposal: Mapping[str, Any], owned: _Owned) -> tuple[tuple[int, str], ...]:
    """Our tools of the proposed vendor, by name."""
    vendor_id, vendor_name = proposal.get("vendor"), proposal.get("vendor_name")
    found = {
        *owned.vendors.get(vendor_id or "", ()),
        *owned.vendors.get((vendor_name or "").casefold(), ()),
    }
    return tuple(sorted(found, key=lambda tool: (tool[1].casefold(), tool[0])))


def placed_rows(session: Session, scope: Scope, supplier_ids: Sequence[int]) -> tuple[QueueRow, ...] | None:
    """Suppliers as rows of the queue wherever they stand, also those a sure match has placed; None when one of them is
    unknown here.
    """
    amounts = amounts_by_supplier(session, scope, only=supplier_ids)
    owned = _Owned(products={}, vendors={})
    rows = []
    for supplier_id in supplier_ids:
        supplier = session.get(Supplier, supplier_id)
        if supplier is None or supplier_id not in amounts:
            return None
        rows.append(_row(supplier, amounts[supplier_id], (), owned))
    return with_spellings(session, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """A line of a supplier, as an example in the queue."""

    line_id: int
    booked_on: date | None
    supplier: str | None
    description: str | None
    minor: int
    currency: str
    tool_id: int | None
    spend_type: str | None


def example_lines(session: Session, supplier_id: int, limit: int = 5) -> tuple[ExampleLine, ...]:
    """Living lines of a supplier that count, the largest first: a cost in two ledgers stands once."""
    lines = session.scalars(
        select(SpendLine)
        .where(SpendLine.supplier_id == supplier_id, SpendLine.living.is_(True), SpendLine.counts.is_(True))
        .order_by(func.abs(SpendLine.amount_minor).desc(), SpendLine.id)
        .limit(limit)
    )
    return tuple(
        ExampleLine(
            line_id=line.id,
            booked_on=line.booked_on,
            supplier=line.supplier_text,
            description=line.description,
            minor=line.amount_minor,
            currency=line.currency,
            tool_id=line.tool_id,
            spend_type=line.spend_type,
        )
        for line in lines
    )
