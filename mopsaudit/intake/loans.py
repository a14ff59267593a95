"""What lines of two ledgers that carry the same cost lend each other: supplier, service dates, tool (PRODUCT.md §3.3).

A line takes a detail it lacks from the lines it is paired with, where those that have it agree; only a detail of a
line's own is lent on. Loans follow from the pairs in force and the lines' own values alone, so they are the same
whatever the order of imports, decisions and undos, and go when the pair goes. They touch no amount and no printed text:
no import's reconciliation and no line's identity knows of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Exists, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from mopsaudit.facts.merges import heads
from mopsaudit.intake.bulk import among, insert_rows, select_in, update_rows
from mopsaudit.intake.duplicates import CARD_BILL, invoice_key
from mopsaudit.intake.restated import is_restated
from mopsaudit.intake.summaries import Deltas
from mopsaudit.store.ledger import LineLoan, LinePair, SpendLine

#: How a line was placed whose tool is lent.
LENT: Final = "pair"


class Detail(StrEnum):
    """What is lent."""

    SUPPLIER = "supplier"
    SERVICE = "service"
    TOOL = "tool"


def lacks_own_supplier(line_id: Any) -> Exists:
    """The condition that the supplier a line has is lent to it."""
    loan = aliased(LineLoan)
    return exists().where(loan.line_id == line_id, loan.detail == Detail.SUPPLIER.value)


def lent_suppliers(session: Session) -> set[int]:
    """The lines whose supplier is lent to them."""
    return set(session.scalars(select(LineLoan.line_id).where(LineLoan.detail == Detail.SUPPLIER.value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDetails:
    """A line with the details of its own. ``service`` is half-open; ``place`` is tool and spend type, None where the
    line has neither; ``fixed`` are details nothing may be lent for or taken from. Lines with one ``alike`` cannot be
    told apart by what two ledgers share of them.
    """

    id: int
    alike: tuple[Any, ...]
    supplier: int | None = None
    service: tuple[date | None, date | None] | None = None
    place: tuple[int, str | None] | None = None
    fixed: frozenset[Detail] = frozenset()

    def own(self, detail: Detail) -> Any:
        """The line's own value, None where it lacks the detail."""
        match detail:
            case Detail.SUPPLIER:
                return self.supplier
            case Detail.SERVICE:
                return self.service
            case Detail.TOOL:
                return self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A detail lent to ``to`` by the line ``of``."""

    to: int
    of: int
    detail: Detail
    value: Any


def loans(lines: Mapping[int, OwnDetails], pairs: Iterable[tuple[int, int]]) -> list[Loan]:
    """What each line takes from those it is paired with. Pure.

    Lines that are alike are paired one by one, but which with which says nothing: each takes from all their partners,
    and from all that are alike to these.
    Where the partners that have a detail disagree nothing is lent.
    """
    members: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    between: set[tuple[tuple[Any, ...], tuple[Any, ...]]] = set()
    for one, two in pairs:
        for each, other in ((one, two), (two, one)):
            if each in lines and other in lines:
                members[lines[each].alike].add(each)
                between.add((lines[each].alike, lines[other].alike))
    partners: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for mine, theirs in between:
        partners[mine] |= members[theirs]
    found = []
    for key, givers in partners.items():
        for detail in Detail:
            own = {
                each: lines[each].own(detail) for each in sorted(givers) if detail not in lines[each].fixed
            }
            values = {value for value in own.values() if value is not None}
            if len(values) != 1:
                continue
            (value,) = values
            giver = next(each for each, said in own.items() if said == value)
            found += [
                Loan(to=line_id, of=giver, detail=detail, value=value)
                for line_id in members[key]
                if lines[line_id].own(detail) is None and detail not in lines[line_id].fixed
            ]
    return sorted(found, key=lambda loan: (loan.to, loan.detail))


_kept, _other = aliased(SpendLine), aliased(SpendLine)
#: Pairs that are one cost for certain or by a person's decision, both lines living; a card bill is none of its lines.
_IN_FORCE: Final = (
    select(LinePair.kept_line_id, LinePair.other_line_id, _kept.supplier_id, _other.supplier_id)
    .join(_kept, _kept.id == LinePair.kept_line_id)
    .join(_other, _other.id == LinePair.other_line_id)
    .where(
        or_(
            and_(LinePair.certainty == "certain", LinePair.settled != "different"),
            and_(
                LinePair.certainty == "probable",
                LinePair.settled == "same",
                ~LinePair.reason.startswith(CARD_BILL),
            ),
        ),
        _kept.living.is_(True),
        _other.living.is_(True),
        ~is_restated(_kept.id),
        ~is_restated(_other.id),
    )
    .order_by(LinePair.id)
)

_ROWS: Final = select(
    SpendLine.id,
    SpendLine.source_id,
    SpendLine.supplier_id,
    SpendLine.supplier_text,
    SpendLine.tool_id,
    SpendLine.spend_type,
    SpendLine.method,
    SpendLine.rule_id,
    SpendLine.split,
    SpendLine.service_from,
    SpendLine.service_until,
    SpendLine.credit_of_id,
    SpendLine.booked_on,
    SpendLine.amount_minor,
    SpendLine.currency,
    func.coalesce(func.nullif(SpendLine.invoice, ""), SpendLine.reference).label("number"),
).order_by(SpendLine.id)

#: What a loan writes, in this order.
_WRITTEN: Final = (
    *("supplier_id", "service_from", "service_until"),
    *("tool_id", "spend_type", "method", "rule_id"),
)


def lend_details(
    session: Session,
    *,
    lines: Iterable[int] = (),
    suppliers: Iterable[int] = (),
    entered_with: int | None = None,
) -> None:
    """Bring up to date what is lent to and by these lines, those of these suppliers and those that entered with an
    import, and whatever they are paired with; the summaries and the service dates of their credits follow.
    """
    seeds, parties = set(lines), set(suppliers)
    if not (seeds or parties or entered_with is not None) or not _anything(session):
        return
    # A line whose pair is gone is not found by it any more, but by what is still lent to it.
    seeds |= _borrowers(session, seeds, parties)
    pairs = _pairs(session, seeds, parties, entered_with)
    ids = sorted(seeds | {line_id for pair in pairs for line_id in pair})
    stored: dict[int, dict[Detail, Any]] = defaultdict(dict)
    query = select(LineLoan.id, LineLoan.line_id, LineLoan.from_line_id, LineLoan.detail)
    for loan in select_in(session, query.order_by(LineLoan.id), LineLoan.line_id, ids):
        stored[loan.line_id][Detail(loan.detail)] = loan
    rows = {row.id: row for row in select_in(session, _ROWS, SpendLine.id, ids)}
    merged = heads(session)
    own = {}
    for row in rows.values():
        details = _own(row, stored.get(row.id, {}))
        if details.place is not None:
            details = _with_tool(details, merged.tool(details.place[0]))
        own[row.id] = details
    wanted = loans(own, pairs)
    _keep(session, stored, wanted)
    _write(session, rows, own, stored, wanted)


def _anything(session: Session) -> bool:
    """Whether two ledgers share a cost at all, or something is lent yet."""
    shared = select(LinePair.id).where(LinePair.certainty.in_(("certain", "probable"))).limit(1)
    return session.scalar(shared) is not None or session.scalar(select(LineLoan.id).limit(1)) is not None


def _borrowers(session: Session, lines: set[int], suppliers: set[int]) -> set[int]:
    """The lines these lines and those of these suppliers lend something to, or that take something."""
    query = select(LineLoan.line_id).order_by(LineLoan.line_id)
    found = set()
    for column in (LineLoan.line_id, LineLoan.from_line_id):
        found |= {line_id for (line_id,) in select_in(session, query, column, sorted(lines))}
        joined = query.join(SpendLine, SpendLine.id == column)
        found |= {
            line_id for (line_id,) in select_in(session, joined, SpendLine.supplier_id, sorted(suppliers))
        }
    return found


def _pairs(
    session: Session, lines: set[int], suppliers: set[int], entered_with: int | None
) -> set[tuple[int, int]]:
    """The pairs in force of these lines and suppliers and of all that hang together with them."""
    found: set[tuple[int, int]] = set()
    asked_lines: set[int] = set()
    asked_suppliers: set[int] = set()
    new_lines, new_suppliers = set(lines), suppliers
    if entered_with is not None:
        for side in (_kept, _other):
            for kept, other, *parties in session.execute(
                _IN_FORCE.where(side.first_import_id == entered_with)
            ):
                new_lines |= {kept, other}
                new_suppliers |= {party for party in parties if party is not None}
    while new_lines or new_suppliers:
        asked_lines |= new_lines
        asked_suppliers |= new_suppliers
        reached: list[Sequence[Any]] = []
        for column in (LinePair.kept_line_id, LinePair.other_line_id):
            reached += select_in(session, _IN_FORCE, column, sorted(new_lines))
        for side in (_kept, _other):
            reached += select_in(session, _IN_FORCE, side.supplier_id, sorted(new_suppliers))
        new_lines, new_suppliers = set(), set()
        for kept, other, *parties in reached:
            found.add((kept, other))
            new_lines |= {kept, other}
            new_suppliers |= {party for party in parties if party is not None}
        new_lines -= asked_lines
        new_suppliers -= asked_suppliers
    return found


def _own(row: Any, lent: Mapping[Detail, Any]) -> OwnDetails:
    """What of a stored line is its own."""
    supplier = None if Detail.SUPPLIER in lent else row.supplier_id
    service = (row.service_from, row.service_until)
    fixed = set()
    if row.credit_of_id is not None:
        fixed.add(Detail.SERVICE)  # a credit has the service dates of what it credits
    placed = row.method != LENT
    if placed and (row.split or (row.tool_id is None and row.spend_type is not None)):
        fixed.add(Detail.TOOL)  # on several tools, or on none by a decision
    number = invoice_key(row.number)
    # A line without a supplier is like no other: its number alone says too little.
    alike = (
        (row.id,)
        if supplier is None
        else (row.source_id, supplier, row.amount_minor, row.currency, row.booked_on, number)
    )
    return OwnDetails(
        id=row.id,
        alike=alike,
        supplier=supplier,
        service=None if Detail.SERVICE in lent or service == (None, None) else service,
        place=(row.tool_id, row.spend_type) if placed and row.tool_id is not None else None,
        fixed=frozenset(fixed),
    )


def _with_tool(details: OwnDetails, tool_id: int) -> OwnDetails:
    """The same with the tool the line's own is merged into: two ledgers may know one tool by two names."""
    if details.place is None or details.place[0] == tool_id:
        return details
    return OwnDetails(
        id=details.id,
        alike=details.alike,
        supplier=details.supplier,
        service=details.service,
        place=(tool_id, details.place[1]),
        fixed=details.fixed,
    )


def _keep(session: Session, stored: Mapping[int, Mapping[Detail, Any]], wanted: Sequence[Loan]) -> None:
    """Store the loans wanted and drop the others; they follow from the lines, so they make no trail entries."""
    keys = {(loan.to, loan.detail): loan.of for loan in wanted}
    stale = [
        loan.id
        for line_id, details in stored.items()
        for detail, loan in details.items()
        if keys.get((line_id, detail)) != loan.from_line_id
    ]
    known = {
        (line_id, detail)
        for line_id, details in stored.items()
        for detail, loan in details.items()
        if keys.get((line_id, detail)) == loan.from_line_id
    }
    if stale:
        session.execute(
            delete(LineLoan)
            .where(among(session, LineLoan.id, stale))
            .execution_options(synchronize_session=False)
        )
    table: Any = LineLoan.__table__
    fresh = [(loan.to, loan.of, loan.detail.value) for loan in wanted if (loan.to, loan.detail) not in known]
    insert_rows(session, table, ("line_id", "from_line_id", "detail"), fresh)


def _write(
    session: Session,
    rows: Mapping[int, Any],
    own: Mapping[int, OwnDetails],
    stored: Mapping[int, Mapping[Detail, Any]],
    wanted: Sequence[Loan],
) -> None:
    """Let the columns of the lines hold their own details and what is lent to them, with all that follows."""
    lent: dict[int, dict[Detail, Any]] = defaultdict(dict)
    for loan in wanted:
        lent[loan.to][loan.detail] = loan.value
    changed = []
    redated: dict[int, tuple[tuple[Any, Any], tuple[Any, Any]]] = {}
    for line_id in sorted({*stored, *lent}):
        row, now = rows[line_id], lent.get(line_id, {})
        before = tuple(getattr(row, name) for name in _WRITTEN)
        service = now.get(Detail.SERVICE) or own[line_id].service or (None, None)
        place: tuple[Any, ...]
        if Detail.TOOL in now:
            place = (*now[Detail.TOOL], LENT, None)
        elif row.method == LENT:
            place = (None, None, "none", None)
        else:
            place = (row.tool_id, row.spend_type, row.method, row.rule_id)
        after = (now.get(Detail.SUPPLIER) or own[line_id].supplier, *service, *place)
        if after != before:
            changed.append((*after, line_id))
            if service != (row.service_from, row.service_until):
                redated[line_id] = ((row.service_from, row.service_until), service)
    if not changed:
        return
    ids = [values[-1] for values in changed]
    deltas = Deltas()
    deltas.take(session, ids)
    table: Any = SpendLine.__table__
    update_rows(session, table, _WRITTEN, changed)
    _redate_credits(session, redated)
    session.expire_all()
    deltas.put(session, ids)
    deltas.write(session)


def _redate_credits(session: Session, redated: Mapping[int, tuple[tuple[Any, Any], tuple[Any, Any]]]) -> None:
    """Credits that have the service dates of what they credit keep having them."""
    if not redated:
        return
    query = select(
        SpendLine.id, SpendLine.credit_of_id, SpendLine.service_from, SpendLine.service_until
    ).where(SpendLine.amount_minor < 0)
    changed = [
        (*redated[credit.credit_of_id][1], credit.id)
        for credit in select_in(session, query, SpendLine.credit_of_id, sorted(redated))
        if (credit.service_from, credit.service_until) == redated[credit.credit_of_id][0]
    ]
    table: Any = SpendLine.__table__
    update_rows(session, table, ("service_from", "service_until"), changed)
