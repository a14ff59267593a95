"""Contract lines in force on a day, priced for a year in the base currency, with the dates a change can take effect."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.facts.rates import load_rates
from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.terms import IN_FORCE, Standing, Terms, TermState, standing
from mopsaudit.facts.values import RunningLine, ToolFact
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, Vendor
from mopsaudit.words import TOOL_COST, EndKind, RenewalKind

_DAY = timedelta(days=1)
#: Columns of a contract that say its terms, in the order :func:`terms_from` takes them.
TERMS: Final = (
    *("start_on", "initial_months", "renewal_months", "renewal_kind", "end_on", "end_kind", "notice_count"),
    *("notice_unit", "delivery_days", "lead_days", "month_to_month", "notice_served_on"),
)
_LINE: Final = (
    *("id", "tool_id", "unit_id", "spend_type", "licence_metric", "quantity_micro", "amount_minor"),
    *("amount_months", "one_off", "starts_on", "ends_on", "pack_size", "minimum", "reducible"),
)


def terms_of(contract: Contract, *, default_delivery_days: int) -> Terms:
    """A contract's terms as the term arithmetic takes them."""
    return terms_from([getattr(contract, name) for name in TERMS], default_delivery_days)


def in_force(terms: Terms, stands: Standing) -> bool:
    """Whether a contract obliges on the day: one without any dates is taken to, one that contradicts itself is not."""
    if stands.state is not TermState.UNKNOWN:
        return stands.state in IN_FORCE
    dated = terms.end_on or (terms.start_on and terms.initial_months)
    started = terms.start_on is None or terms.start_on <= stands.as_of
    positive = (terms.initial_months or 1) > 0 and (terms.renewal_months or 1) > 0
    return not dated and started and positive


@once
def running_lines(session: Session, scope: Scope) -> tuple[RunningLine, ...]:
    """All contract lines in force at the scope's date, of every unit, by id: units are told apart by who asks.

    A line's unit is its own, else its contract's; a merged tool's line is its head's. Three queries. The annual price
    is the line total × 12 ÷ its months, rounded half-even in the contract's currency, then converted at the day's rate.
    """
    day = scope.as_of
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    merged = heads(session)
    columns = (
        *(getattr(Contract, name) for name in TERMS),
        Contract.id,
        Contract.vendor_id,
        Contract.currency,
        Contract.unit_id,
        Vendor.name,
        *(getattr(ContractLine, name) for name in _LINE),
    )
    rows = fetch(
        session,
        select(*columns)
        .select_from(ContractLine)
        .join(Contract, Contract.id == ContractLine.contract_id)
        .outerjoin(Vendor, Vendor.id == Contract.vendor_id)
        .where(
            Contract.status == "signed",
            or_(Contract.retired_on.is_(None), Contract.retired_on > day),
            or_(ContractLine.retired_on.is_(None), ContractLine.retired_on > day),
            or_(ContractLine.starts_on.is_(None), ContractLine.starts_on <= day),
            or_(ContractLine.ends_on.is_(None), ContractLine.ends_on >= day),
        )
        .order_by(ContractLine.id),
    )
    standings: dict[int, Standing | None] = {}
    found: list[RunningLine] = []
    for row in rows:
        contract_id, vendor_id, currency, unit_id, vendor = row[len(TERMS) : len(TERMS) + 5]
        if contract_id not in standings:
            terms = terms_from(row[: len(TERMS)], scope.settings.delivery_business_days)
            stands = standing_on(terms, day)
            standings[contract_id] = stands if in_force(terms, stands) else None
        term = standings[contract_id]
        if term is None:
            continue
        line = dict(zip(_LINE, row[len(TERMS) + 5 :], strict=True))
        amount, months = line.pop("amount_minor"), line.pop("amount_months")
        starts_on, ends_on = line.pop("starts_on"), line.pop("ends_on")
        annual = None if amount is None else ratio_half_even(amount, 12, months)
        found.append(
            RunningLine(
                contract_id=contract_id,
                tool_id=merged.tool_or_none(line.pop("tool_id")),
                unit_id=line.pop("unit_id") or unit_id,
                metric=line.pop("licence_metric"),
                amount_minor=amount,
                amount_months=months,
                currency=currency,
                annual_minor=annual,
                base_minor=None if annual is None else rates.convert(annual, currency, day),
                starts_on=_latest(starts_on, term.term_start or row[0]),
                ends_on=_earliest(ends_on, term.over_on and term.over_on - _DAY),
                renews_on=_earliest(ends_on and ends_on + _DAY, term.free_from),
                send_by=term.due,
                renewal_months=row[2],
                vendor=Ref(kind="vendor", id=vendor_id, label=vendor) if vendor else None,
                **line,
            )
        )
    return tuple(found)


#: Where a contract stands is worked out once per terms and day in a process: the arithmetic is pure.
standing_on = lru_cache(maxsize=20_000)(standing)


def terms_from(row: Sequence[Any], default_delivery_days: int) -> Terms:
    """Terms of a row of the columns :data:`TERMS`."""
    start, initial, renewal, kind, end, end_kind, count, unit, delivery, lead, monthly, served = row
    return Terms(
        start_on=start,
        initial_months=initial,
        renewal_months=renewal,
        automatic=None if kind == RenewalKind.UNKNOWN else kind == RenewalKind.AUTOMATIC,
        end_on=end,
        end_kind=EndKind(end_kind),
        notice_count=count,
        notice_unit=unit,
        delivery_days=delivery,
        default_delivery_days=default_delivery_days,
        lead_days=lead,
        month_to_month=monthly,
        notice_served_on=served,
    )


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
