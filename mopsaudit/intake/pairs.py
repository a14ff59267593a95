"""Lines of two ledgers that carry the same cost: found when lines enter, settled once per file, undone with them.

Which line of a pair counts follows from the pairs alone, so whatever the order of imports and undos the same lines
count: a line is left out while it is restated, or the *other* of a certain (or confirmed) pair whose kept line lives.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from mopsaudit.errors import InvalidError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.reading import EVERY_LINE
from mopsaudit.intake.bulk import among, insert_rows, lock_ledger, select_in
from mopsaudit.intake.duplicates import (
    PaidTwice,
    Pair,
    PairLine,
    certain_pairs,
    invoice_key,
    paid_twice,
    probable_pairs,
)
from mopsaudit.intake.loans import LENT, lacks_own_supplier, lend_details
from mopsaudit.intake.restated import RESTATED, is_restated
from mopsaudit.intake.summaries import Deltas
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LinePair, SourceLedger, SpendLine
from mopsaudit.words import SpendType

#: Certainty of a payment whose card statement stands in the ledger line by line (:mod:`~mopsaudit.intake.card_bills`).
BILL: Final = "bill"

#: The values of a :class:`PairLine`, in its order.
_NUMBER: Final = func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference)
#: What another ledger lends a line says nothing of what it is compared with.
_NAMELESS: Final = or_(SpendLine.supplier_id.is_(None), lacks_own_supplier(SpendLine.id))
_EVERY: Final = (
    select(
        SpendLine.id,
        SpendLine.source_id,
        SourceLedger.kind_of_source,
        case((lacks_own_supplier(SpendLine.id), None), else_=SpendLine.supplier_id),
        case((SpendLine.method == LENT, None), else_=SpendLine.tool_id),
        SpendLine.booked_on,
        SpendLine.month,
        SpendLine.amount_minor,
        SpendLine.currency,
        _NUMBER,
    )
    .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
    .where(
        SpendLine.living.is_(True),
        SpendLine.out_of_scope.is_(False),
        or_(SpendLine.spend_type.is_(None), SpendLine.spend_type != SpendType.NOT_SPEND.value),
        ~is_restated(SpendLine.id),
    )
    .order_by(SpendLine.id)
)
#: Lines with a supplier of their own; others are compared only by number or tool.
_COMPARED: Final = _EVERY.where(SpendLine.supplier_id.is_not(None), ~lacks_own_supplier(SpendLine.id))
_COMPARABLE: Final = _EVERY.where(
    or_(SpendLine.supplier_id.is_not(None), _NUMBER.is_not(None), SpendLine.tool_id.is_not(None))
)


def _lines(rows: Iterable[tuple[object, ...]]) -> list[PairLine]:
    return list(map(PairLine._make, rows))


def pair_lines(session: Session, import_id: int, line_ids: Iterable[int], window_days: int) -> None:
    """Find pairs of lines that just entered with living lines of other ledgers; certain ones count once from now on."""
    pair_entered(session, dict.fromkeys(line_ids, import_id), window_days)


def pair_entered(session: Session, import_of: Mapping[int, int], window_days: int) -> None:
    """The same for lines of several imports: ``import_of`` leads each line to the import it entered with."""
    if not import_of:
        return
    latest = max(import_of.values())

    def brought_by(pair: Pair) -> int:
        return import_of.get(pair.other) or import_of.get(pair.kept) or latest

    if len(session.scalars(select(SourceLedger.id).order_by(SourceLedger.id).limit(2)).all()) < 2:
        return
    new = _lines(select_in(session, _COMPARABLE, SpendLine.id, import_of))
    if not new:
        return
    parties = sorted({line.party for line in new if line.party is not None})
    near = _lines(select_in(session, _COMPARED, SpendLine.supplier_id, parties))
    _certain(session, brought_by, near)
    ids = {line.id for line in new}
    near += _numbered(session, new)
    paired = _paired(session, [line.id for line in {*new, *near}])
    # A merged tool is its head's money: two ledgers may have met it under either name.
    merged = heads(session)

    def folded(line: PairLine) -> PairLine:
        head = merged.tool_or_none(line.tool_id)
        return line if head == line.tool_id else line._replace(tool_id=head)

    left = [folded(line) for line in new if line.id not in paired]
    tools = sorted({line.tool_id for line in left if line.tool_id is not None})
    known = {line.id: folded(line) for line in near if line.id not in paired}
    for line in _lines(select_in(session, _EVERY, SpendLine.tool_id, merged.family(tools))):
        known.setdefault(line.id, folded(line))
    for dead in paired:
        known.pop(dead, None)
    others = [line for line in known.values() if line.id not in ids]
    _keep(session, brought_by, probable_pairs(left, others, window_days))


def _numbered(session: Session, new: Sequence[PairLine]) -> list[PairLine]:
    """Known lines that share amount and invoice number with a new one, where one of the two names no supplier."""
    wanted: dict[tuple[int, str, str], bool] = {}
    for line in new:
        key = invoice_key(line.reference)
        if key is not None and line.day is not None and line.minor:
            place = (line.minor, line.currency, key)
            wanted[place] = wanted.get(place, False) or line.party is None
    ids = {line.id for line in new}
    found = []
    for asked, condition in ((wanted, _NAMELESS), ({p for p, lacks in wanted.items() if lacks}, ~_NAMELESS)):
        if not asked:
            continue
        query = _EVERY.where(condition, _NUMBER.is_not(None), SpendLine.booked_on.is_not(None))
        for line in map(PairLine._make, session.execute(query.execution_options(yield_per=5_000))):
            if line.id not in ids and (line.minor, line.currency, invoice_key(line.reference)) in asked:
                found.append(line)
    return found


def renew_pairs(
    session: Session, import_id: int, line_ids: Iterable[int], *, living: Iterable[int] = ()
) -> None:
    """After lines stopped living, or ``living`` ones were restated or are no longer: certain pairs of their suppliers
    are judged anew; what they left out counts again.
    """
    gone, changed = set(line_ids), set(living)
    partners: set[int] = set(changed)
    for column in (LinePair.kept_line_id, LinePair.other_line_id):
        query = select(LinePair.kept_line_id, LinePair.other_line_id).order_by(LinePair.id)
        for pair in select_in(session, query, column, sorted(gone | changed)):
            partners.update(pair)
    if not partners:
        return
    parties: set[int] = set()
    for (party,) in select_in(session, select(SpendLine.supplier_id), SpendLine.id, sorted(partners)):
        if party is not None:
            parties.add(party)
    near = _lines(select_in(session, _COMPARED, SpendLine.supplier_id, sorted(parties)))
    _certain(session, lambda _: import_id, near)
    recount(session, sorted(partners - gone))


def _paired(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of ``ids`` that stand in a pair whose both lines live, whatever became of it."""
    kept, other = aliased(SpendLine), aliased(SpendLine)
    query = (
        select(LinePair.kept_line_id, LinePair.other_line_id)
        .join(kept, kept.id == LinePair.kept_line_id)
        .join(other, other.id == LinePair.other_line_id)
        .where(kept.living.is_(True), other.living.is_(True))
        .order_by(LinePair.id)
    )
    found: set[int] = set()
    for column in (LinePair.kept_line_id, LinePair.other_line_id):
        for pair in select_in(session, query, column, ids):
            found.update(pair)
    return found


def _keep(session: Session, brought_by: Callable[[Pair], int], pairs: Sequence[Pair]) -> None:
    """Store pairs; one a person settled stays as settled. They follow from the lines, so they make no trail entries."""
    if not pairs:
        return
    stored = {
        (pair.kept_line_id, pair.other_line_id): pair
        for (pair,) in select_in(
            session, select(LinePair).order_by(LinePair.id), LinePair.other_line_id, [p.other for p in pairs]
        )
    }
    fresh = []
    for pair in pairs:
        certainty = "certain" if pair.certain else "probable"
        known = stored.get((pair.kept, pair.other))
        if known is None:
            fresh.append((pair.kept, pair.other, certainty, pair.reason[:200], "open", brought_by(pair)))
        elif known.settled == "open" and known.certainty != certainty:
            known.certainty, known.reason = certainty, pair.reason[:200]
    table: Any = LinePair.__table__
    columns = ("kept_line_id", "other_line_id", "certainty", "reason", "settled", "import_id")
    insert_rows(session, table, columns, fresh)
    session.flush()


def _certain(session: Session, brought_by: Callable[[Pair], int], lines: Sequence[PairLine]) -> None:
    """Bring the certain pairs among these lines (all living ones of some suppliers) up to date, and what counts."""
    wanted = {(pair.kept, pair.other): pair for pair in certain_pairs(lines)}
    ids = [line.id for line in lines]
    silent = select(SpendLine.id).where(SpendLine.counts.is_(False))
    touched = {line_id for (line_id,) in select_in(session, silent, SpendLine.id, ids)}
    stored = {
        (pair.kept_line_id, pair.other_line_id): pair
        for column in (LinePair.kept_line_id, LinePair.other_line_id)
        for (pair,) in select_in(session, select(LinePair).order_by(LinePair.id), column, ids)
    }
    for key, pair in stored.items():
        touched.update(key)
        if pair.certainty == "certain" and pair.settled == "open" and key not in wanted:
            session.delete(pair)
    session.flush()
    for key in wanted:
        touched.update(key)
    _keep(session, brought_by, [pair for _, pair in sorted(wanted.items())])
    if stored or wanted:
        recount(session, sorted(touched))


def recount(session: Session, line_ids: Sequence[int]) -> None:
    """Let ``counts`` of these lines follow from the pairs, with the summaries."""
    kept = aliased(SpendLine)
    left_out = exists().where(
        LinePair.other_line_id == SpendLine.id,
        LinePair.settled != "different",
        or_(LinePair.certainty.in_(("certain", BILL)), LinePair.settled == "same"),
        LinePair.certainty != RESTATED,
        kept.id == LinePair.kept_line_id,
        kept.living.is_(True),
        ~is_restated(kept.id),
    )
    query = select(SpendLine.id, SpendLine.counts, or_(left_out, is_restated(SpendLine.id))).order_by(
        SpendLine.id
    )
    wrong = [
        (line_id, counts)
        for line_id, counts, out in select_in(session, query, SpendLine.id, line_ids)
        if bool(counts) == bool(out)
    ]
    if not wrong:
        return
    ids = [line_id for line_id, _ in wrong]
    deltas = Deltas()
    deltas.take(session, ids)
    for value in (True, False):
        if turned := [line_id for line_id, counts in wrong if bool(counts) is not value]:
            session.execute(
                update(SpendLine)
                .where(among(session, SpendLine.id, turned))
                .values(counts=value)
                .execution_options(synchronize_session=False)
            )
    session.expire_all()
    deltas.put(session, ids)
    deltas.write(session)


@dataclass(frozen=True, slots=True, kw_only=True)
class PossiblyTwice:
    """Probable pairs nobody settled, of one import and currency: how many, and the amount (minor units) in doubt."""

    import_id: int
    currency: str
    pairs: int
    minor: int


def possibly_twice(session: Session) -> tuple[PossiblyTwice, ...]:
    """Money that is possibly counted twice, by the import that brought the second line and by currency."""
    kept, other = aliased(SpendLine), aliased(SpendLine)
    rows = session.execute(
        select(LinePair.import_id, other.currency, func.count(), func.sum(other.amount_minor))
        .join(other, other.id == LinePair.other_line_id)
        .join(kept, kept.id == LinePair.kept_line_id)
        .where(
            LinePair.certainty == "probable",
            LinePair.settled == "open",
            other.living.is_(True),
            kept.living.is_(True),
            other.counts.is_(True),
        )
        .group_by(LinePair.import_id, other.currency)
        .order_by(LinePair.import_id, other.currency)
    )
    return tuple(
        PossiblyTwice(import_id=import_id, currency=currency, pairs=count, minor=int(minor))
        for import_id, currency, count, minor in rows
    )


def settle_pairs(
    session: Session,
    import_id: int,
    answer: str,
    person_id: int | None,
    pair_ids: Sequence[int] | None = None,
) -> int:
    """One decision on the probable pairs an import brought (or some of them): ``same`` cost or ``different``; how many.

    Raises:
        InvalidError: for another answer.
    """
    if answer not in ("same", "different", "open"):
        raise InvalidError("Say whether the pairs are the same cost or different ones.", "answer")
    lock_ledger(session)
    query = select(LinePair).where(LinePair.import_id == import_id, LinePair.certainty == "probable")
    if pair_ids is not None:
        query = query.where(LinePair.id.in_(tuple(pair_ids)))
    pairs = session.scalars(query.order_by(LinePair.id)).all()
    for pair in pairs:
        pair.settled = answer
        pair.settled_by_id = person_id
    session.flush()
    recount(session, sorted({pair.other_line_id for pair in pairs}))
    lend_details(session, lines={each for pair in pairs for each in (pair.kept_line_id, pair.other_line_id)})
    return len(pairs)


def duplicate_payments(session: Session, scope: Scope) -> list[PaidTwice]:
    """Invoices paid on more than one day of one ledger, the largest first; ``party`` is the supplier's id.

    Only suppliers that were paid one amount on several days are looked at line by line.
    """
    number = func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference)
    within = SpendLine.unit_id.in_(scope.unit_ids)
    scoped = or_(within, SpendLine.unit_id.is_(None)) if scope.whole else within
    suspects = session.execute(
        select(SpendLine.supplier_id.label(EVERY_LINE))
        .where(
            SpendLine.living.is_(True),
            SpendLine.counts.is_(True),
            SpendLine.out_of_scope.is_(False),
            SpendLine.amount_minor > 0,
            SpendLine.supplier_id.is_not(None),
            number.is_not(None),
            scoped,
        )
        .group_by(SpendLine.source_id, SpendLine.supplier_id, SpendLine.amount_minor, SpendLine.currency)
        .having(func.count(SpendLine.booked_on.distinct()) > 1)
        .order_by(SpendLine.supplier_id)
    ).scalars()
    wanted = sorted({supplier_id for supplier_id in suspects if supplier_id is not None})
    query = _COMPARED.where(SpendLine.counts.is_(True), scoped)
    return paid_twice(_lines(select_in(session, query, SpendLine.supplier_id, wanted)))
