"""Spend lines that may settle a commitment, and what persons said which one does."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from mopsaudit.facts.allocation import REFERENCE, Allocation, Commitment, Invoice, names_one, plain
from mopsaudit.facts.commitments import NOT_COUNTED
from mopsaudit.facts.invoiced import InvoicesRead
from mopsaudit.facts.line_columns import LineColumns, Waiting, columns_of, may_settle, waiting_among
from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.reading import EVERY_LINE, fetch, once
from mopsaudit.periods import Period
from mopsaudit.scope import Scope
from mopsaudit.store.models import InvoiceAllocation, LinePart, SourceLedger, SpendLine, Supplier, Tool

#: Ids a statement names at most.
_AT_ONCE: Final = 10_000
#: The columns of a line and of a part of one, in the order of an invoice's own.
_DATED: Final = (SpendLine.id, SpendLine.month)
_WRITTEN: Final = (SpendLine.purchase_order, SpendLine.reference, SpendLine.description)
_SHARED: Final = (SpendLine.entity_id, SpendLine.cost_centre, SpendLine.gl_account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lines of some units, with ``whole`` those of none too, from ``since`` to ``until``, both included."""

    unit_ids: tuple[int, ...]
    whole: bool
    since: date
    until: date


def invoices_for(
    session: Session,
    scope: Scope,
    commitments: Sequence[Commitment],
    *,
    since: date,
    by_person: Sequence[Allocation],
    read: InvoicesRead | None = None,
) -> InvoicesRead:
    """Living, counting lines from ``since`` to the scope's date that name an order or contract or may settle another
    commitment of their tool; beside them all lines of tools as columns. Split lines come in their parts.

    A constant number of queries; those of ``read``, of the same scope and snapshot for a later day, are not repeated.
    """
    merged = heads(session)
    first, last = since, scope.as_of
    if read is not None and read.columns.since <= since and scope.as_of <= read.columns.until:
        first, last = read.columns.since, read.columns.until
    span = Span(unit_ids=scope.unit_ids, whole=scope.whole, since=first, until=last)
    columns = tool_lines(session, span).placed(merged.of).between(since, scope.as_of)
    known = {each.id: each for each in read.invoices} if read is not None else {}
    tools = frozenset(each.tool_id for each in commitments if each.tool_id is not None)
    meant = set(columns.of_tools(tools, {each.invoice_id for each in by_person}))
    numbers = frozenset(plain(number) for each in commitments for number in each.orders) - {""}
    references = frozenset(plain(each.reference) for each in commitments if each.reference)
    references = frozenset(each for each in references if len(each) >= REFERENCE)
    if numbers or references:
        naming = naming_lines(session, span, numbers, references)
        meant |= naming.exact | columns.of_tools(tools, naming.within)
    spoken = [
        each
        for each in _whole(session, meant, merged, known)
        if each.day and since <= each.day <= scope.as_of
    ]
    settings = scope.settings
    known |= {each.id: each for each in spoken}
    wanted = may_settle(
        columns,
        commitments,
        spoken=spoken,
        by_person=by_person,
        amount_percent=settings.commitment_amount_percent,
        window_days=settings.commitment_window_days,
    )
    ids = {each.id for each in spoken}.union(wanted)
    return InvoicesRead(columns=columns, invoices=_whole(session, ids, merged, known))


@once
def tool_lines(session: Session, span: Span) -> LineColumns:
    """Every living, counting line of a tool in a span, as the lines name the tools.

    Two statements that go through the lines once; what is owed, named or agreed has no part in it.
    """
    unit = func.coalesce(LinePart.unit_id, SpendLine.unit_id)
    rows = [
        *fetch(
            session,
            select(
                SpendLine.id,
                SpendLine.tool_id,
                type_coerce(SpendLine.booked_on, String).label(EVERY_LINE),
                SpendLine.amount_minor,
                SpendLine.currency,
                SpendLine.base_minor,
                SpendLine.spend_type,
            ).where(
                *_counting(span, SpendLine.unit_id, SpendLine.spend_type),
                SpendLine.split.is_(False),
                SpendLine.tool_id.is_not(None),
            ),
        ),
        *fetch(
            session,
            select(
                -LinePart.id,
                LinePart.tool_id,
                type_coerce(SpendLine.booked_on, String).label(EVERY_LINE),
                LinePart.amount_minor,
                SpendLine.currency,
                LinePart.base_minor,
                LinePart.spend_type,
            )
            .join(LinePart, LinePart.line_id == SpendLine.id)
            .where(
                *_counting(span, unit, LinePart.spend_type),
                SpendLine.split,
                LinePart.tool_id.is_not(None),
            ),
        ),
    ]
    return columns_of(rows, since=span.since, until=span.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Ids of lines that name an order or contract: ``exact`` by their order number or whole reference, ``within`` by a
    word of the reference or description, which counts for lines of committed tools only.
    """

    exact: frozenset[int]
    within: frozenset[int]


@once
def naming_lines(session: Session, span: Span, numbers: frozenset[str], references: frozenset[str]) -> Naming:
    """The lines of a span that name one of the order numbers or contract references, as :func:`plain` reads them."""
    unit = func.coalesce(LinePart.unit_id, SpendLine.unit_id)
    texts = (SpendLine.purchase_order, SpendLine.reference, SpendLine.description)
    written = or_(
        SpendLine.purchase_order.is_not(None), *(each.is_not(None) for each in texts[1:] if references)
    )
    rows = [
        *fetch(
            session,
            select(SpendLine.id, *texts).where(
                *_counting(span, SpendLine.unit_id, SpendLine.spend_type),
                SpendLine.split.is_(False),
                written,
            ),
        ),
        *fetch(
            session,
            select(-LinePart.id, *texts)
            .join(LinePart, LinePart.line_id == SpendLine.id)
            .where(*_counting(span, unit, LinePart.spend_type), SpendLine.split, written),
        ),
    ]
    exact, within_ = set(), set()
    read: dict[str, str] = {}
    words: dict[str, bool] = {}
    for ident, number, reference, description in rows:
        if number:
            if (bare := read.get(number)) is None:
                bare = read[number] = plain(number)
            if bare in numbers:
                exact.add(ident)
                continue
        if not references:
            continue
        if reference and plain(reference) in references:
            exact.add(ident)
            continue
        for text in (reference, description):
            if not text:
                continue
            if (told := words.get(text)) is None:
                told = words[text] = names_one(text, references) is not None
            if told:
                within_.add(ident)
                break
    return Naming(exact=frozenset(exact), within=frozenset(within_))


def _counting(span: Span, unit: Any, spend_type: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions on lines (or parts) that count in a span."""
    inside: ColumnElement[bool] = unit.in_(span.unit_ids)
    return (
        SpendLine.living.is_(True),
        SpendLine.counts.is_(True),
        SpendLine.out_of_scope.is_(False),
        SpendLine.booked_on >= span.since,
        SpendLine.booked_on <= span.until,
        or_(inside, unit.is_(None)) if span.whole else inside,
        or_(spend_type.is_(None), spend_type.not_in(NOT_COUNTED)),
    )


def _whole(
    session: Session, ids: Collection[int], merged: Heads, known: Mapping[int, Invoice]
) -> tuple[Invoice, ...]:
    """Lines, and by negated ids parts of lines, with all that is said of them; those ``known`` are not read again."""
    missing = sorted(set(ids) - known.keys())
    found = {each: known[each] for each in ids if each in known}
    for start in range(0, len(missing), _AT_ONCE):
        some = missing[start : start + _AT_ONCE]
        for each in _read(session, [each for each in some if each > 0], [-each for each in some if each < 0]):
            found[each.id] = _placed(each, merged) if merged.of else each
    return tuple(sorted(found.values(), key=lambda each: (each.day or date.max, each.id)))


def waiting_invoices(
    session: Session,
    commitments: Sequence[Commitment],
    read: InvoicesRead,
    settling: Sequence[Invoice],
    year: Period,
    *,
    most: int,
) -> tuple[Waiting, tuple[Invoice, ...]]:
    """What of the lines of committed tools settles nothing, and at most so many of the year's, the largest."""
    tools = {each.tool_id for each in commitments if each.tool_id is not None}
    waits = waiting_among(read.columns, tools, {each.id for each in settling}, year, most=most)
    known = {each.id: each for each in read.invoices}
    return waits, _whole(session, waits.largest, heads(session), known)


def _read(session: Session, lines: Sequence[int], parts: Sequence[int]) -> Iterator[Invoice]:
    accrued = case((SourceLedger.accrued, 1), else_=0)
    if lines:
        spread = and_(SpendLine.service_from.is_not(None), SpendLine.service_until.is_not(None))
        yield from map(
            Invoice._make,
            fetch(
                session,
                select(
                    SpendLine.id,
                    SpendLine.amount_minor,
                    SpendLine.currency,
                    SpendLine.base_minor,
                    SpendLine.booked_on,
                    *_DATED,
                    SpendLine.tool_id,
                    case((SpendLine.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id),
                    *_WRITTEN,
                    SpendLine.unit_id,
                    *_SHARED,
                    SpendLine.spend_type,
                    case((spread, 1), else_=0),
                    accrued,
                )
                .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
                .outerjoin(Tool, Tool.id == SpendLine.tool_id)
                .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
                .where(SpendLine.id.in_(lines))
                .order_by(SpendLine.id),
            ),
        )
    if parts:
        yield from map(
            Invoice._make,
            fetch(
                session,
                select(
                    -LinePart.id,
                    LinePart.amount_minor,
                    SpendLine.currency,
                    LinePart.base_minor,
                    SpendLine.booked_on,
                    *_DATED,
                    LinePart.tool_id,
                    case((LinePart.tool_id.is_not(None), Tool.vendor_id), else_=Supplier.vendor_id),
                    *_WRITTEN,
                    func.coalesce(LinePart.unit_id, SpendLine.unit_id),
                    *_SHARED,
                    LinePart.spend_type,
                    literal(0),
                    accrued,
                )
                .join(LinePart, LinePart.line_id == SpendLine.id)
                .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
                .outerjoin(Tool, Tool.id == LinePart.tool_id)
                .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
                .where(LinePart.id.in_(parts))
                .order_by(LinePart.id),
            ),
        )


def _placed(invoice: Invoice, merged: Heads) -> Invoice:
    """An invoice on the tool it counts on."""
    tool_id, vendor_id = merged.placed(invoice.tool_id, invoice.vendor_id)
    return invoice._replace(tool_id=tool_id, vendor_id=vendor_id)


def said_allocations(session: Session) -> tuple[Allocation, ...]:
    """What persons allocated; one query."""
    rows = session.scalars(
        select(InvoiceAllocation).where(InvoiceAllocation.how == "person").order_by(InvoiceAllocation.id)
    )
    return tuple(
        Allocation(
            invoice_id=row.line_id,
            key=f"instalment:{row.instalment_id}"
            if row.instalment_id is not None
            else f"order_line:{row.order_line_id}",
            minor=row.amount_minor,
            how="person",
        )
        for row in rows
    )


def window_start(day: date, scope: Scope) -> date:
    """``day`` less the days by which an invoice may precede what it settles."""
    return day - timedelta(days=scope.settings.commitment_window_days)
