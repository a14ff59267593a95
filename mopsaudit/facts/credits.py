"""Which lines of the ledger credit which: what both halves of a tie say of the other (PRODUCT.md §3.4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.reading import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.models import SpendLine

#: Lines asked for by number up to here; for more (an export) all ties are read and sorted out afterwards.
_FEW: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One credit and what it credits. Amounts in minor units of ``currency``, the credit's negative."""

    credit_id: int
    charge_id: int
    credit_number: str | None
    charge_number: str | None
    credit_minor: int
    charge_minor: int
    currency: str


def ties_of(session: Session, scope: Scope, line_ids: Iterable[int]) -> dict[int, tuple[Tie, ...]]:
    """The ties each of these lines stands in, as credit or as charge; both lines in the scope's units. Two queries."""
    ids = sorted(set(line_ids))
    if not ids:
        return {}
    few = len(ids) <= _FEW
    suppliers = sorted(
        {
            supplier_id
            for (supplier_id,) in fetch(
                session, select(SpendLine.supplier_id).where(SpendLine.id.in_(ids)).distinct()
            )
            if supplier_id is not None
        }
        if few
        else ()
    )
    credit, charge = aliased(SpendLine), aliased(SpendLine)
    inside = [
        or_(line.unit_id.in_(scope.unit_ids), line.unit_id.is_(None))
        if scope.whole
        else line.unit_id.in_(scope.unit_ids)
        for line in (credit, charge)
    ]
    rows = fetch(
        session,
        select(
            credit.id,
            charge.id,
            func.coalesce(func.nullif(credit.invoice, ""), credit.reference),
            func.coalesce(func.nullif(charge.invoice, ""), charge.reference),
            credit.amount_minor,
            charge.amount_minor,
            credit.currency,
        )
        .join(charge, charge.id == credit.credit_of_id)
        .where(credit.living, charge.living, *inside)
        # By the supplier, which has an index; a tie never crosses suppliers.
        .where(
            and_(credit.supplier_id.in_(suppliers), or_(credit.id.in_(ids), charge.id.in_(ids)))
            if few
            else true()
        )
        .order_by(credit.id),
    )
    names = (
        *("credit_id", "charge_id", "credit_number", "charge_number"),
        *("credit_minor", "charge_minor", "currency"),
    )
    found: dict[int, list[Tie]] = defaultdict(list)
    for row in rows:
        tie = Tie(**dict(zip(names, row, strict=True)))
        found[tie.credit_id].append(tie)
        found[tie.charge_id].append(tie)
    wanted = set(ids)
    return {line_id: tuple(each) for line_id, each in found.items() if line_id in wanted}
