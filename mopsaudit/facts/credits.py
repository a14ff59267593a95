"""Which lines of the ledger credit which: what both halves of a tie say of the other (PRODUCT.md §3.4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, true
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.reading import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.models import SpendLine

#: Lines asked for by number up to here; for more (an export) all ties are read and sorted out afterwards.
_FEW: Final = 2_000
#: The two halves of a tie, as a list of lines names them.
CREDITS: Final = "credits a line"
CREDITED: Final = "was credited"


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
    rows = fetch(
        session,
        select(
            credit.id,
            charge.id,
            _number(credit),
            _number(charge),
            credit.amount_minor,
            charge.amount_minor,
            credit.currency,
        )
        .join(charge, charge.id == credit.credit_of_id)
        .where(*_standing(credit, charge, scope))
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


def tied_lines(scope: Scope, half: str, *, other: str = "") -> Select[Any]:
    """Ids of the lines that are that half of a tie (:data:`CREDITS` or :data:`CREDITED`), as :func:`ties_of` has them.

    ``other``: only where the number of the other half contains it, case aside.
    """
    credit, charge = aliased(SpendLine), aliased(SpendLine)
    mine, theirs = (credit, charge) if half == CREDITS else (charge, credit)
    found = (
        select(mine.id)
        .select_from(credit)
        .join(charge, charge.id == credit.credit_of_id)
        # Written out: an index of credits alone is taken only where the statement itself says which.
        .where(credit.amount_minor < literal_column("0"), *_standing(credit, charge, scope))
    )
    return (
        found.where(func.lower(_number(theirs)).contains(other.casefold(), autoescape=True))
        if other
        else found
    )


def _standing(credit: Any, charge: Any, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Both lines stand, in the scope's units; a line without a unit belongs to the whole company."""
    inside = (
        or_(line.unit_id.in_(scope.unit_ids), line.unit_id.is_(None))
        if scope.whole
        else line.unit_id.in_(scope.unit_ids)
        for line in (credit, charge)
    )
    return (credit.living, charge.living, *inside)


def _number(line: Any) -> Any:
    """The invoice number of a line, else the ledger's reference."""
    return func.coalesce(func.nullif(line.invoice, ""), line.reference)
