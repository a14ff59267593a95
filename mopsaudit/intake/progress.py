"""How far the queue is: the share of money that is settled, and of the money that is likely marketing."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import once
from mopsaudit.intake.suppliers import IS_SPEND, LIKELY, amounts_by_supplier, in_scope, ruled_lines
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LedgerSummary, Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How much money is settled: by a person, by a sure match on a tool we own or a rule, proposed, open, no supplier.

    Minor units of the base currency; card payments and transfers are left out. ``suppliers`` counts all,
    ``suppliers_open`` those still open. ``marketing_*`` is the part that is settled as marketing or likely to be;
    suppliers settled as not marketing are no part of it.
    """

    settled_minor: int
    placed_minor: int
    proposed_minor: int
    open_minor: int
    no_supplier_minor: int
    suppliers_open: int
    suppliers: int
    marketing_minor: int = 0
    marketing_settled_minor: int = 0

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

    @property
    def marketing_percent(self) -> int | None:
        """Share settled of the money that is marketing, in whole percent; None while there is none."""
        return (
            self.marketing_settled_minor * 100 // self.marketing_minor if self.marketing_minor > 0 else None
        )


@once
def progress(session: Session, scope: Scope) -> Progress:
    """How much of the money is settled."""
    sums: dict[str, int] = defaultdict(int)
    known = select(
        Supplier.id, Supplier.settled, Supplier.method, Supplier.score_mille, Supplier.likely_mille
    )
    states = {supplier.id: supplier for supplier in session.execute(known.order_by(Supplier.id))}
    enough = scope.settings.match_sure_mille
    ruled, amounts = ruled_lines(session, scope), amounts_by_supplier(session, scope)
    placed = LedgerSummary.tool_id.is_not(None)
    rows = session.execute(
        select(LedgerSummary.supplier_id, placed, func.sum(LedgerSummary.base_minor))
        .where(IS_SPEND, in_scope(scope))
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
        done = supplier.settled != "open" or has_tool
        if supplier.settled != "not_marketing" and (done or supplier.likely_mille >= LIKELY):
            sums["marketing"] += minor
            sums["marketing done"] += minor if done else 0
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
        marketing_minor=sums["marketing"],
        marketing_settled_minor=sums["marketing done"],
        suppliers_open=len(still_open),
        suppliers=len(seen),
    )
