"""Quick search of what files brought: suppliers, the files themselves, and lines by reference.

Every query is bounded by names (thousands) or an index, never by the ledger's length: a million lines are not read.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, LedgerSummary, SpendLine, Supplier

#: Letters a reference needs before lines are looked up by it.
SHORTEST_REFERENCE = 3


def holds(column: InstrumentedAttribute[str], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column holds every word, upper and lower case alike; a percent sign is a letter."""
    return and_(*(func.lower(column).contains(word, autoescape=True) for word in words))


def find_suppliers(
    session: Session, scope: Scope, words: Sequence[str], *, most: int = 10
) -> tuple[Ref, ...]:
    """Suppliers with lines in the scope whose name holds every word; what begins with the first word stands first."""
    units = LedgerSummary.unit_id.in_(scope.unit_ids)
    inside = or_(units, LedgerSummary.unit_id.is_(None)) if scope.whole else units
    rows = session.execute(
        select(Supplier.id, Supplier.name)
        .where(
            holds(Supplier.name, words),
            select(LedgerSummary.id).where(LedgerSummary.supplier_id == Supplier.id, inside).exists(),
        )
        .order_by(
            ~func.lower(Supplier.name).startswith(words[0], autoescape=True), Supplier.name, Supplier.id
        )
        .limit(most)
    ).all()
    return tuple(Ref(kind="supplier", id=row.id, label=row.name) for row in rows)


def find_files(
    session: Session, scope: Scope, words: Sequence[str], *, person_id: int, most: int = 10
) -> tuple[Ref, ...]:
    """Files the person received or whose unit they see, newest first, whose name holds every word."""
    theirs = [Import.created_by_id == person_id, Import.unit_id.in_(scope.unit_ids)]
    if scope.whole:
        theirs.append(Import.unit_id.is_(None))
    rows = session.execute(
        select(Import.id, Import.file_name)
        .where(holds(Import.file_name, words), or_(*theirs))
        .order_by(Import.id.desc())
        .limit(most)
    ).all()
    return tuple(Ref(kind="import", id=row.id, label=row.file_name) for row in rows)


def lines_by_reference(session: Session, text: str, *, most: int = 10) -> tuple[int, ...]:
    """Living lines whose reference begins with ``text`` as typed or in capitals, by the index; ids, no scope applied.

    The caller shows them through a query that takes the scope.
    """
    if len(text) < SHORTEST_REFERENCE:
        return ()
    column = SpendLine.reference
    spans = [
        and_(column >= start, column < start[:-1] + chr(ord(start[-1]) + 1))
        for start in dict.fromkeys((text, text.upper()))
    ]
    return tuple(
        session.scalars(
            select(SpendLine.id)
            .where(or_(*spans), SpendLine.living.is_(True))
            .order_by(SpendLine.reference, SpendLine.id)
            .limit(most)
        )
    )
