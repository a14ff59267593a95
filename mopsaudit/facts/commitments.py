"""Contracts and orders as stored: where they stand, what they oblige to, and the invoices that may settle it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.agreements import ContractFact, LineFact
from mopsaudit.facts.allocation import Commitment, PricedLine, billed, is_expected
from mopsaudit.facts.contracts import TERMS, standing_on, terms_from
from mopsaudit.facts.merges import Heads, head_of, heads, merged_away
from mopsaudit.facts.rates import Rates, load_rates
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.terms import TermState
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, month_of
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BusinessUnit,
    Contract,
    ContractLine,
    Instalment,
    LedgerSummary,
    OrderLine,
    Person,
    PurchaseOrder,
    Tool,
    Vendor,
)
from mopsaudit.words import TOOL_COST, SpendType

#: Spend types that are no cost of marketing: set aside, shown beside.
NOT_COUNTED: Final = (SpendType.NOT_MARKETING, SpendType.NOT_SPEND)


def within(scope: Scope, column: Any) -> ColumnElement[bool]:
    """The condition that a unit column lies in the scope; without a unit it belongs to the whole company."""
    inside: ColumnElement[bool] = column.in_(scope.unit_ids)
    return or_(inside, column.is_(None)) if scope.whole else inside


_CONTRACT: Final[tuple[Any, ...]] = (
    Contract.id,
    Contract.title,
    Contract.reference,
    Contract.vendor_id,
    Contract.currency,
    Contract.owner_id,
    Contract.unit_id,
    Contract.entity_id,
    Contract.billing_months,
    Contract.escalator_kind,
    Contract.escalator_ppm,
)
_INSTALMENT: Final[tuple[Any, ...]] = (
    Instalment.id,
    Instalment.contract_id,
    Instalment.line_id,
    Instalment.due_on,
    Instalment.service_from,
    Instalment.service_until,
    Instalment.amount_minor,
    Instalment.currency,
)
_LINE: Final[tuple[Any, ...]] = (
    ContractLine.id,
    ContractLine.contract_id,
    ContractLine.description,
    ContractLine.sku,
    ContractLine.spend_type,
    ContractLine.licence_metric,
    ContractLine.quantity_micro,
    ContractLine.amount_minor,
    ContractLine.amount_months,
    ContractLine.one_off,
    ContractLine.starts_on,
    ContractLine.ends_on,
    ContractLine.cost_centre,
    ContractLine.gl_account,
)


@once
def agreements(session: Session, scope: Scope) -> tuple[ContractFact, ...]:
    """Signed contracts of the scope as they stand at its date, with the lines that belong to it, by id.

    A line's unit is its own, else its contract's. A contract without lines is kept where it belongs to the scope. Five
    queries, whatever the number.
    """
    day = scope.as_of
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    lines = _lines(session, scope, rates)
    paid = _last_paid(session, scope, heads(session))
    terms_columns = tuple(getattr(Contract, name) for name in TERMS)
    rows = fetch(
        session,
        select(*terms_columns, *_CONTRACT, Vendor.name, Person.name)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .outerjoin(Person, Person.id == Contract.owner_id)
        .where(Contract.status == "signed", or_(Contract.retired_on.is_(None), Contract.retired_on > day))
        .order_by(Contract.id),
    )
    found = []
    for contract in rows:
        own = tuple(lines.get(contract.id, ()))
        vendor, owner = contract[-2:]
        mine = contract.unit_id in scope.unit_ids or (scope.whole and contract.unit_id is None)
        if not own and not mine:
            continue
        terms = terms_from(contract[: len(TERMS)], scope.settings.delivery_business_days)
        stands = standing_on(terms, day)
        if stands.state is TermState.ENDED and stands.over_on is not None:
            tools = [line.tool.id for line in own if line.tool]
            last = max((paid.get(int(tool), 0) for tool in tools), default=0)
            over = month_of(stands.over_on) + (stands.over_on.day > 1)
            if last >= over:
                stands = standing_on(terms, day, still_paying=True)
        found.append(
            ContractFact(
                id=contract.id,
                title=contract.title,
                reference=contract.reference,
                vendor=Ref(kind="vendor", id=contract.vendor_id, label=vendor),
                currency=contract.currency,
                terms=terms,
                stands=stands,
                owner=None
                if contract.owner_id is None
                else Ref(kind="person", id=contract.owner_id, label=owner or f"person {contract.owner_id}"),
                unit_id=contract.unit_id,
                entity_id=contract.entity_id,
                billing_months=contract.billing_months,
                escalator_kind=contract.escalator_kind,
                escalator_ppm=contract.escalator_ppm,
                lines=own,
            )
        )
    return tuple(found)


def _lines(session: Session, scope: Scope, rates: Rates) -> dict[int, list[LineFact]]:
    unit = func.coalesce(ContractLine.unit_id, Contract.unit_id)
    away = merged_away()
    place = (Contract.currency, unit, BusinessUnit.name, Tool.id, Tool.name, Tool.category)
    rows = fetch(
        session,
        select(*_LINE, *place)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .outerjoin(BusinessUnit, BusinessUnit.id == unit)
        .outerjoin(away, away.c.tool_id == ContractLine.tool_id)
        .outerjoin(Tool, Tool.id == head_of(away, ContractLine.tool_id))
        .where(
            within(scope, unit),
            or_(ContractLine.retired_on.is_(None), ContractLine.retired_on > scope.as_of),
        )
        .order_by(ContractLine.contract_id, ContractLine.id),
    )
    found: dict[int, list[LineFact]] = defaultdict(list)
    for line in rows:
        currency, unit_id, unit_name, tool_id, tool, category = line[-len(place) :]
        annual = None
        if line.amount_minor is not None:
            annual = 0 if line.one_off else ratio_half_even(line.amount_minor, 12, line.amount_months)
        found[line.contract_id].append(
            LineFact(
                id=line.id,
                tool=Ref(kind="tool", id=tool_id, label=tool) if tool_id and tool else None,
                unit_id=unit_id,
                unit=unit_name,
                description=line.description or line.sku or "",
                spend_type=line.spend_type,
                metric=line.licence_metric,
                quantity_micro=line.quantity_micro,
                amount_minor=line.amount_minor,
                amount_months=line.amount_months,
                one_off=line.one_off,
                starts_on=line.starts_on,
                ends_on=line.ends_on,
                annual_minor=annual,
                base_minor=None if annual is None else rates.convert(annual, currency, scope.as_of),
                cost_centre=line.cost_centre,
                gl_account=line.gl_account,
                category=category,
            )
        )
    return found


def _last_paid(session: Session, scope: Scope, merged: Heads) -> dict[int, int]:
    """The last month up to the date in which money was booked for each tool."""
    rows = session.execute(
        select(LedgerSummary.tool_id, func.max(LedgerSummary.month))
        .where(
            LedgerSummary.tool_id.is_not(None),
            LedgerSummary.month <= month_of(scope.as_of),
            LedgerSummary.spend_type.in_(TOOL_COST),
            LedgerSummary.amount_minor > 0,
        )
        .group_by(LedgerSummary.tool_id)
        .order_by(LedgerSummary.tool_id)
    )
    paid: dict[int, int] = {}
    for tool_id, month in rows:
        if tool_id is not None and month is not None:
            head = merged.tool(tool_id)
            paid[head] = max(month, paid.get(head, 0))
    return paid


def commitments_between(
    session: Session, scope: Scope, contracts: Sequence[ContractFact], *, since: date, until: date
) -> tuple[Commitment, ...]:
    """Instalments, payments that prices give where no instalment says so, and lines of orders without a contract.

    Due in ``since <= day < until``; order lines without a date count at the order's date, without either they are kept
    undated. Three queries and the rates.
    """
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    orders, linked = _orders(session, scope, rates, since, until, heads(session))
    rows: dict[int, list[Any]] = defaultdict(list)
    for instalment in fetch(
        session, select(*_INSTALMENT).order_by(Instalment.contract_id, Instalment.due_on, Instalment.id)
    ):
        rows[instalment.contract_id].append(instalment)
    found = list(orders)
    for contract in contracts:
        numbers = tuple(sorted(linked.get(contract.id, ())))
        written = rows.get(contract.id, [])
        mine = {line.id: line for line in contract.lines}
        for instalment in written:
            if not since <= instalment.due_on < until or instalment.line_id not in (None, *mine):
                continue
            expected = is_expected(contract.stands, automatic=contract.terms.automatic, due=instalment.due_on)
            if expected is None and _stopped(contract, instalment, scope.as_of):
                continue
            line = mine.get(instalment.line_id) if instalment.line_id else None
            service = None
            if instalment.service_from and instalment.service_until:
                first, last = instalment.service_from, instalment.service_until
                service = Period(start=first, end=max(first, last))
            found.append(
                _commitment(
                    f"instalment:{instalment.id}",
                    contract,
                    line or _only(contract.lines),
                    rates,
                    scope,
                    due=instalment.due_on,
                    minor=instalment.amount_minor,
                    currency=instalment.currency,
                    service=service,
                    expected=bool(expected),
                    orders=numbers,
                    instalment_id=instalment.id,
                )
            )
        if any(each.line_id is None for each in written):
            continue  # the rows speak for the whole contract
        for line in contract.lines:
            if line.amount_minor is None:
                continue
            last_row = max((each.due_on for each in written if each.line_id == line.id), default=None)
            priced = PricedLine(
                id=line.id,
                amount_minor=line.amount_minor,
                amount_months=line.amount_months,
                billing_months=contract.billing_months,
                one_off=line.one_off,
                starts_on=line.starts_on or contract.terms.start_on,
                ends_on=line.ends_on,
                escalator_kind=contract.escalator_kind,
                escalator_ppm=contract.escalator_ppm,
            )
            for due, service_until, minor, expected in billed(
                priced, contract.stands, automatic=contract.terms.automatic, since=since, until=until
            ):
                if last_row is not None and due <= last_row:
                    continue
                # A price is that of the present term: what it was in earlier years nobody entered.
                begun = contract.stands.term_start
                if due < scope.year.start and (begun is None or due < begun):
                    continue
                found.append(
                    _commitment(
                        f"line:{line.id}:{due.isoformat()}",
                        contract,
                        line,
                        rates,
                        scope,
                        due=due,
                        minor=minor,
                        currency=contract.currency,
                        service=None if line.one_off else Period(start=due, end=service_until),
                        expected=expected,
                        orders=numbers,
                        rhythm_known=contract.billing_months is not None or line.one_off,
                    )
                )
    return tuple(sorted(found, key=lambda each: (each.due_on or date.max, each.key)))


def _stopped(contract: ContractFact, instalment: Any, as_of: date) -> bool:
    """Whether a notice served by ``as_of`` ends what a written instalment past the end would have paid for.

    One that pays in arrears for service before the end stays owed.
    """
    served, over = contract.terms.notice_served_on, contract.stands.over_on
    if served is None or served > as_of or over is None:
        return False
    return instalment.service_from is None or bool(instalment.service_from >= over)


def _only(lines: Sequence[LineFact]) -> LineFact | None:
    return lines[0] if len(lines) == 1 else None


def _commitment(
    key: str,
    contract: ContractFact,
    line: LineFact | None,
    rates: Rates,
    scope: Scope,
    *,
    due: date,
    minor: int,
    currency: str,
    service: Period | None,
    expected: bool,
    orders: tuple[str, ...],
    instalment_id: int | None = None,
    rhythm_known: bool = True,
) -> Commitment:
    return Commitment(
        key=key,
        minor=minor,
        currency=currency,
        base_minor=rates.convert(minor, currency, min(due, scope.as_of)),
        due_on=due,
        service=service,
        expected=expected,
        tool_id=int(line.tool.id) if line and line.tool else None,
        vendor_id=int(contract.vendor.id),
        contract_id=contract.id,
        contract_line_id=line.id if line else None,
        instalment_id=instalment_id,
        rhythm_known=rhythm_known,
        orders=orders,
        reference=contract.reference,
        unit_id=line.unit_id if line else contract.unit_id,
        entity_id=contract.entity_id,
        cost_centre=line.cost_centre if line else None,
        gl_account=line.gl_account if line else None,
        spend_type=line.spend_type if line else SpendType.SOFTWARE,
        label=contract.title,
    )


def _orders(
    session: Session, scope: Scope, rates: Rates, since: date, until: date, merged: Heads
) -> tuple[list[Commitment], dict[int, list[str]]]:
    """Lines of orders that stand alone, and by contract the numbers of the orders linked to it."""
    rows = session.execute(
        select(PurchaseOrder, OrderLine)
        .outerjoin(OrderLine, OrderLine.order_id == PurchaseOrder.id)
        .where(within(scope, PurchaseOrder.unit_id))
        .order_by(PurchaseOrder.id, OrderLine.id)
    )
    found: list[Commitment] = []
    linked: dict[int, list[str]] = defaultdict(list)
    for order, line in cast("Iterator[tuple[PurchaseOrder, OrderLine | None]]", rows):
        if order.contract_id is not None:
            if order.number not in linked[order.contract_id]:
                linked[order.contract_id].append(order.number)
            continue
        if line is None:
            continue
        due = line.due_on or order.ordered_on
        if due is not None and not since <= due < until:
            continue
        closed = order.status != "open" or (order.closed_on is not None and order.closed_on <= scope.as_of)
        found.append(
            Commitment(
                key=f"order_line:{line.id}",
                minor=line.amount_minor,
                currency=order.currency,
                base_minor=rates.convert(
                    line.amount_minor, order.currency, min(due or scope.as_of, scope.as_of)
                ),
                due_on=due,
                closed=closed,
                tool_id=merged.tool_or_none(line.tool_id),
                vendor_id=order.vendor_id,
                order_id=order.id,
                order_line_id=line.id,
                orders=(order.number,),
                unit_id=order.unit_id,
                entity_id=order.entity_id,
                cost_centre=line.cost_centre,
                gl_account=line.gl_account,
                spend_type=line.spend_type,
                label=f"Order {order.number}",
            )
        )
    return found, linked
