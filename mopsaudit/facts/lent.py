"""What lines of the ledger have from the lines of another ledger that carry the same cost (PRODUCT.md §3.3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import Origin, origins_of
from mopsaudit.facts.reading import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.models import LineLoan, SourceLedger, SpendLine

#: Lines asked for by number up to here; for more (an export) all loans are read and sorted out afterwards.
_FEW: Final = 2_000
_ORDER: Final = ("supplier", "service", "tool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Details (``supplier``, ``service``, ``tool``) a line has from one other, and that line's ledger and cell.

    ``ledger`` and ``origin`` are None where the other line belongs to a unit outside the scope.
    """

    details: tuple[str, ...]
    from_line_id: int
    ledger: str | None
    origin: Origin | None


def lent_to(session: Session, scope: Scope, line_ids: Iterable[int]) -> dict[int, tuple[Lent, ...]]:
    """What is lent to each of these lines, by the line that lends. Two queries, one where nothing is lent."""
    ids = set(line_ids)
    rows = fetch(
        session,
        select(LineLoan.line_id, LineLoan.from_line_id, LineLoan.detail, SourceLedger.name, SpendLine.unit_id)
        .join(SpendLine, SpendLine.id == LineLoan.from_line_id)
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .where(LineLoan.line_id.in_(sorted(ids)) if len(ids) <= _FEW else true())
        .order_by(LineLoan.line_id, LineLoan.from_line_id),
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    ledgers: dict[int, str] = {}
    for line_id, giver, detail, ledger, unit_id in rows:
        if line_id in ids:
            found[line_id, giver].append(detail)
            if unit_id in scope.unit_ids or (unit_id is None and scope.whole):
                ledgers[giver] = ledger
    origins = origins_of(session, tuple(sorted(ledgers)))
    lent: dict[int, list[Lent]] = defaultdict(list)
    for (line_id, giver), details in found.items():
        lent[line_id].append(
            Lent(
                details=tuple(each for each in _ORDER if each in details),
                from_line_id=giver,
                ledger=ledgers.get(giver),
                origin=next(iter(origins.get(giver, ())), None),
            )
        )
    return {line_id: tuple(each) for line_id, each in lent.items()}
