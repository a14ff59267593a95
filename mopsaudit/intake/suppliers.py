"""The review queue: suppliers nobody has placed yet, likely marketing first, largest money first, and how far it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.intake.matching import inventory, matcher_for
from mopsaudit.intake.placing import (
    sure,
)
from mopsaudit.intake.summaries import summed
from mopsaudit.inventory.edits import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
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
    when we have that tool. ``likely_mille`` is how likely it sells marketing technology.
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
    owned_tool_id: int | None
    candidates: tuple[Mapping[str, Any], ...]
    postponed_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How much money is settled: by a person, by a sure match on a tool we own or a rule, proposed, open, no supplier.

    Minor units of the base currency; card payments and transfers are left out. ``suppliers`` counts those still open.
    """

    settled_minor: int
    placed_minor: int
    proposed_minor: int
    open_minor: int
    no_supplier_minor: int
    suppliers_open: int
    suppliers: int

    @property
    def total_minor(self) -> int:
        """All money in the ledger that is spend."""
        return (
            self.settled_minor
            + self.placed_minor
            + self.proposed_minor
            + self.open_minor
            + self.no_supplier_minor
        )

    @property
    def settled_percent(self) -> int | None:
        """Share of money settled or placed, in whole percent; None while there is no money."""
        total = self.total_minor
        return None if total <= 0 else (self.settled_minor + self.placed_minor) * 100 // total


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    within = LedgerSummary.unit_id.in_(scope.unit_ids)
    return or_(within, LedgerSummary.unit_id.is_(None)) if scope.whole else within


_SPEND = or_(LedgerSummary.spend_type.is_(None), LedgerSummary.spend_type != SpendType.NOT_SPEND.value)


def amounts_by_supplier(session: Session, scope: Scope) -> dict[int, Amounts]:
    """Money and lines of every supplier with living lines in the scope."""
    rows = session.execute(
        select(
            LedgerSummary.supplier_id,
            LedgerSummary.currency,
            func.sum(LedgerSummary.base_minor),
            func.sum(LedgerSummary.unconverted_minor),
            func.sum(LedgerSummary.lines),
            func.min(LedgerSummary.month),
            func.max(LedgerSummary.month),
        )
        .where(LedgerSummary.supplier_id.is_not(None), _SPEND, _in_scope(scope))
        .group_by(LedgerSummary.supplier_id, LedgerSummary.currency)
        .order_by(LedgerSummary.supplier_id, LedgerSummary.currency)
    )
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


def _ruled(session: Session, scope: Scope) -> dict[int, tuple[int, int, int]]:
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
    """Suppliers to place: likely marketing first, in each band what the catalogue surely knows, then the largest money.

    With ``settled`` those already settled by a person instead, for looking them over; with ``later`` those put off to
    a day that has not come.
    """
    amounts = amounts_by_supplier(session, scope)
    ruled = {} if settled else _ruled(session, scope)
    if settled:
        condition = Supplier.settled != "open"
    else:
        condition = and_(Supplier.settled == "open", Supplier.tool_id.is_(None))
    suppliers = [
        supplier
        for supplier in session.execute(select(*_COLUMNS).where(condition).order_by(Supplier.id))
        if supplier.id in amounts
        # A supplier all of whose lines rules placed leaves nothing to ask.
        and ruled.get(supplier.id, (0, 0, 0))[0] < amounts[supplier.id].lines
        and (
            settled
            or (
                supplier.postponed_until is not None and supplier.postponed_until > scope.as_of
                if later
                else include_later
                or supplier.postponed_until is None
                or supplier.postponed_until <= scope.as_of
            )
        )
    ]
    spellings: dict[int, list[str]] = defaultdict(list)
    for supplier_id, raw in session.execute(
        select(SupplierSpelling.supplier_id, SupplierSpelling.raw)
        .join(Supplier, Supplier.id == SupplierSpelling.supplier_id)
        .where(condition)
        .order_by(SupplierSpelling.supplier_id, SupplierSpelling.raw)
    ):
        spellings[supplier_id].append(raw)
    owned: dict[str, int] = dict(
        session.execute(
            select(Tool.catalogue_id, Tool.id)
            .where(Tool.catalogue_id.is_not(None), Tool.merged_into_id.is_(None))
            .order_by(Tool.id)
        ).all()  # type: ignore[arg-type]
    )
    rows = [_row(supplier, amounts[supplier.id], spellings[supplier.id], owned) for supplier in suppliers]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                _band(row.likely_mille),
                not row.sure,
                -abs(row.amounts.base_minor),
                row.name.casefold(),
                row.supplier_id,
            ),
        )
    )


def _band(likely: int) -> int:
    return 0 if likely >= LIKELY else 1 if likely >= POSSIBLE else 2


def _row(supplier: Any, amounts: Amounts, spellings: Sequence[str], owned: Mapping[str, int]) -> QueueRow:
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
        owned_tool_id=owned.get(product) if product else None,
        candidates=tuple(proposal.get("candidates", ())),
        postponed_until=supplier.postponed_until,
    )


def placed_row(session: Session, scope: Scope, supplier_id: int) -> QueueRow | None:
    """A supplier as a row of the queue wherever it stands, also one a sure match has placed; None when unknown here."""
    supplier = session.get(Supplier, supplier_id)
    amounts = amounts_by_supplier(session, scope)
    if supplier is None or supplier_id not in amounts:
        return None
    spellings = session.scalars(
        select(SupplierSpelling.raw)
        .where(SupplierSpelling.supplier_id == supplier_id)
        .order_by(SupplierSpelling.raw)
    ).all()
    return _row(supplier, amounts[supplier_id], spellings, {})


def progress(session: Session, scope: Scope) -> Progress:
    """How much of the money is settled."""
    sums: dict[str, int] = defaultdict(int)
    known = select(Supplier.id, Supplier.settled, Supplier.method, Supplier.score_mille)
    states = {supplier.id: supplier for supplier in session.execute(known.order_by(Supplier.id))}
    enough = scope.settings.match_sure_mille
    ruled, amounts = _ruled(session, scope), amounts_by_supplier(session, scope)
    placed = LedgerSummary.tool_id.is_not(None)
    rows = session.execute(
        select(LedgerSummary.supplier_id, placed, func.sum(LedgerSummary.base_minor))
        .where(_SPEND, _in_scope(scope))
        .group_by(LedgerSummary.supplier_id, placed)
        .order_by(LedgerSummary.supplier_id)
    )
    seen: set[int] = set()
    still_open: set[int] = set()
    for supplier_id, has_tool, base in rows:
        minor = int(base or 0)
        if supplier_id is None:
            sums["none"] += minor
            continue
        supplier = states[supplier_id]
        seen.add(supplier_id)
        if supplier.settled != "open":
            sums["settled"] += minor
        elif has_tool:
            sums["placed"] += minor
        else:
            lines, _, without_tool = ruled.get(supplier_id, (0, 0, 0))
            sums["placed"] += without_tool
            minor -= without_tool
            if supplier_id not in amounts or lines < amounts[supplier_id].lines:
                still_open.add(supplier_id)
            proposed = supplier.method != "none" and supplier.score_mille >= enough
            sums["proposed" if proposed else "open"] += minor
    return Progress(
        settled_minor=sums["settled"],
        placed_minor=sums["placed"],
        proposed_minor=sums["proposed"],
        open_minor=sums["open"],
        no_supplier_minor=sums["none"],
        suppliers_open=len(still_open),
        suppliers=len(seen),
    )


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


def suggestions(session: Session, supplier_id: int, limit: int = 5) -> tuple[Mapping[str, Any], ...]:
    """The nearest known names for a person who settles by hand: vendor, tool, score and whether we own the tool."""
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    ours = inventory(session)
    found = matcher_for(session, ours).suggest(supplier.name, limit)
    return tuple(
        {
            "vendor": item.vendor,
            "tool": item.tool,
            "score": item.score,
            "product_id": item.tool_id if item.tool_id and ":" not in item.tool_id else None,
            "owned_tool_id": ours.tool_id(item.tool_id),
        }
        for item in found
    )
