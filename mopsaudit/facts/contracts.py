"""Contract lines in force on a day, priced for a year in the base currency, with the dates a change can take effect."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.rates import load_rates
from mopsaudit.facts.terms import IN_FORCE, Standing, Terms, TermState, standing
from mopsaudit.facts.values import RunningLine, ToolFact
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, Vendor
from mopsaudit.words import TOOL_COST, EndKind, RenewalKind

_DAY = timedelta(days=1)


def terms_of(contract: Contract, *, default_delivery_days: int) -> Terms:
    """A contract's terms as the term arithmetic takes them."""
    return Terms(
        start_on=contract.start_on,
        initial_months=contract.initial_months,
        renewal_months=contract.renewal_months,
        automatic=contract.renewal_kind == RenewalKind.AUTOMATIC,
        end_on=contract.end_on,
        end_kind=EndKind(contract.end_kind),
        notice_count=contract.notice_count,
        notice_unit=contract.notice_unit,
        delivery_days=contract.delivery_days,
        default_delivery_days=default_delivery_days,
        lead_days=contract.lead_days,
        month_to_month=contract.month_to_month,
        notice_served_on=contract.notice_served_on,
    )


def in_force(terms: Terms, stands: Standing) -> bool:
    """Whether a contract obliges on the day: one without any dates is taken to, one that contradicts itself is not."""
    if stands.state is not TermState.UNKNOWN:
        return stands.state in IN_FORCE
    dated = terms.end_on or (terms.start_on and terms.initial_months)
    started = terms.start_on is None or terms.start_on <= stands.as_of
    positive = (terms.initial_months or 1) > 0 and (terms.renewal_months or 1) > 0
    return not dated and started and positive


def running_lines(session: Session, scope: Scope) -> tuple[RunningLine, ...]:
    """All contract lines in force at the scope's date, of every unit, by id: units are told apart by who asks.

    A line's unit is its own, else its contract's. Two queries. The annual price is the line total × 12 ÷ its months,
    rounded half-even in the contract's currency, then converted at the rate of the day.
    """
    day = scope.as_of
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    rows = session.execute(
        select(ContractLine, Contract, Vendor.name)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .outerjoin(Vendor, Vendor.id == Contract.vendor_id)
        .where(
            Contract.status == "signed",
            or_(Contract.retired_on.is_(None), Contract.retired_on > day),
            or_(ContractLine.retired_on.is_(None), ContractLine.retired_on > day),
            or_(ContractLine.starts_on.is_(None), ContractLine.starts_on <= day),
            or_(ContractLine.ends_on.is_(None), ContractLine.ends_on >= day),
        )
        .order_by(ContractLine.id)
    )
    standings: dict[int, Standing | None] = {}
    found: list[RunningLine] = []
    for line, contract, vendor in rows:
        if contract.id not in standings:
            terms = terms_of(contract, default_delivery_days=scope.settings.delivery_business_days)
            stands = standing(terms, day)
            standings[contract.id] = stands if in_force(terms, stands) else None
        term = standings[contract.id]
        if term is None:
            continue
        annual = (
            None if line.amount_minor is None else ratio_half_even(line.amount_minor, 12, line.amount_months)
        )
        found.append(
            RunningLine(
                id=line.id,
                contract_id=contract.id,
                tool_id=line.tool_id,
                unit_id=line.unit_id or contract.unit_id,
                spend_type=line.spend_type,
                metric=line.licence_metric,
                quantity_micro=line.quantity_micro,
                amount_minor=line.amount_minor,
                amount_months=line.amount_months,
                currency=contract.currency,
                annual_minor=annual,
                base_minor=None if annual is None else rates.convert(annual, contract.currency, day),
                one_off=line.one_off,
                starts_on=_latest(line.starts_on, term.term_start or contract.start_on),
                ends_on=_earliest(line.ends_on, term.over_on and term.over_on - _DAY),
                renews_on=_earliest(line.ends_on and line.ends_on + _DAY, term.free_from),
                send_by=term.due,
                renewal_months=contract.renewal_months,
                pack_size=line.pack_size,
                minimum=line.minimum,
                reducible=line.reducible,
                vendor=Ref(kind="vendor", id=contract.vendor_id, label=vendor) if vendor else None,
            )
        )
    return tuple(found)


def tool_lines(
    lines: Iterable[RunningLine], tools: Iterable[ToolFact], scope: Scope
) -> tuple[dict[int, tuple[RunningLine, ...]], frozenset[int]]:
    """The recurring cost lines of each tool in the scope, and the tools with lines that cannot be told apart by unit.

    A line of no unit belongs to a scope that is whole or holds all units of its tool; elsewhere it is *shared*.
    """
    inside = {tool.id for tool in tools if tool.units and set(tool.units) <= set(scope.unit_ids)}
    found: dict[int, list[RunningLine]] = {}
    shared: set[int] = set()
    for line in lines:
        if line.tool_id is None or line.one_off or line.spend_type not in TOOL_COST:
            continue
        if line.unit_id in scope.unit_ids or (
            line.unit_id is None and (scope.whole or line.tool_id in inside)
        ):
            found.setdefault(line.tool_id, []).append(line)
        elif line.unit_id is None:
            shared.add(line.tool_id)
    return {tool_id: tuple(each) for tool_id, each in found.items()}, frozenset(shared)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
