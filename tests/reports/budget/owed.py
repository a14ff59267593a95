"""Random companies that owe: contracts with instalments, orders, renewals, two rates; and a naive reading of them.

The reading takes PRODUCT.md §4.4 record by record: no kept sums, no grouping, every invoice tried on everything owed.
Amounts of one contract lie more than a tenth apart and foreign amounts are whole units, so that no rule of a tie and
no rounding stands between the two readings. Half of the companies have a fiscal year that begins in another month than
January: months are counted from its first, 1 to 12, and those of the year before are 0 and less.
"""

import random
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import save_setting, scope_for
from mopsaudit.store.models import (
    BudgetAmount,
    BudgetLine,
    Contract,
    ContractLine,
    FiscalYear,
    Instalment,
    LegalEntity,
    OrderLine,
    PurchaseOrder,
    SpendLine,
    Tool,
)
from tests import builders

BUDGET_RATE = Fraction(110, 100)
BOOKING = ((date(2024, 1, 1), Fraction(112, 100)), (date(2026, 4, 1), Fraction(116, 100)))
COUNTED = ("software", "usage", "media")


def first_day(seed: int) -> date:
    """Of the fiscal year the company of a seed is in: January 2026 for half of them, else July 2025 to June 2026.

    Drawn apart from the company, so that one of the calendar year is the same as if there were no other.
    """
    dice = random.Random(f"fiscal year of {seed}")
    month = 1 if dice.random() < 0.5 else dice.randint(2, 12)
    return date(2026 if month < 7 else 2025, month, 1)


def fiscal_year_from(session: Session, first: date) -> FiscalYear:
    """Has fiscal years begin on that day's month; the one of the company."""
    if first.month > 1:
        save_setting(session, "fiscal_start", first.month)
    return builders.fiscal_year(session, later(first, 11).year, starts_on=first)


def in_month(first: date, number: int, day: int) -> date:
    """A day (at most the 28th) of the fiscal year's month: 1 to 12, earlier ones 0 and less."""
    return later(first, number - 1).replace(day=day)


def month_number(first: date, day: date) -> int:
    """The month of the fiscal year that holds a day, counted as :func:`in_month` does."""
    return (day.year - first.year) * 12 + day.month - first.month + 1


def later(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole(value: Fraction) -> int:
    """Half-even through Decimal, another road than the product's integers."""
    return int((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_EVEN))


def in_base(minor: int, currency: str, day: date) -> int | None:
    """The amount at the booking rate of the day; None where no rate is known."""
    if currency == "USD":
        return minor
    if currency != "EUR":
        return None
    rate = [each for since, each in BOOKING if since <= day][-1]
    return whole(minor * rate)


def owing_company(session: Session, seed: int) -> date:
    """Builds it; the as-of date is some day of the year, not always a month's end."""
    dice = random.Random(seed)
    first = first_day(seed)
    year = fiscal_year_from(session, first)
    builders.rate(session, "EUR", "USD", "1.10", on=date(2024, 1, 1), kind="budget")
    for since, value in BOOKING:
        builders.rate(session, "EUR", "USD", str(Decimal(value.numerator) / value.denominator), on=since)
    if dice.random() < 0.7:
        builders.entity(
            session, "UK", closed_through=in_month(first, dice.randint(2, 11), 1) - timedelta(days=1)
        )
    vendor = builders.vendor(session)
    tools = [builders.tool(session, f"T{n}", of=vendor) for n in range(dice.randint(2, 5))]
    builders.budget(
        session,
        year=year,
        lines=[
            {
                "tool_id": tool.id,
                "currency": dice.choice(("USD", "EUR")),
                "monthly": dice.randint(1, 40) * 1_000,
            }
            for tool in tools
            if dice.random() < 0.7
        ],
    )
    for number, tool in enumerate(tools):
        if dice.random() < 0.7:
            _contract(session, dice, first, tool, number)
        if dice.random() < 0.4:
            _order(session, dice, first, tool, number)
        for _ in range(dice.randint(0, 8)):  # spend that settles nothing by name
            years = dice.choice((-1, 0))
            day = in_month(first, 12 * years + dice.randint(1, 12), dice.randint(1, 28))
            _booked(
                session,
                dice.randint(-30, 900) * 100 or 100,
                dice.choice((None, day, day, day)),
                dice.choice(("USD", "USD", "EUR", "CHF")),
                tool=dice.choice((tool, None)),
                spend_type=dice.choice((*COUNTED, "not_marketing")),
            )
    if dice.random() < 0.5:  # a ledger that holds the whole of last year
        for month in range(1, 13):
            builders.spend_line(
                session, dice.randint(1, 90) * 100, tool=dice.choice(tools), on=in_month(first, month - 12, 3)
            )
    return in_month(first, dice.randint(2, 12), dice.choice((5, 28)))


def _booked(session: Session, minor: int, day: date | None, currency: str, **values: object) -> None:
    """A spend line with the base amount of its booking date."""
    undated = minor if currency == "USD" else None
    base = undated if day is None else in_base(minor, currency, day)
    builders.spend_line(
        session,
        minor,
        on=day,
        currency=currency,
        base_minor=base,
        converted=base is not None,
        **values,  # type: ignore[arg-type]
    )


def _contract(session: Session, dice: random.Random, first: date, tool: Tool, number: int) -> None:
    currency = dice.choice(("USD", "USD", "EUR", "CHF"))
    # Within fourteen months of the first of the year before; counted from a January, which has a 31st.
    since = month_number(date(2025, 1, 1), first) - 13
    start = later(date(2025, 1, dice.choice((1, 15, 31))), since + dice.randint(0, 13))
    step = dice.choice((1, 3, 6))
    amounts: list[int] = []
    while len(amounts) < 24 // step:
        amounts.append(
            round((amounts[-1] if amounts else 400_000 + dice.randint(0, 900) * 100) * 1.13 / 100) * 100
        )
    dice.shuffle(amounts)
    dues = [later(start, n * step) for n in range(len(amounts))]
    kind = dice.choice(("automatic", "automatic", "express"))
    if kind == "express":
        amounts, dues = amounts[: 12 // step], dues[: 12 // step]
    served = start + timedelta(days=dice.randint(10, 500)) if dice.random() < 0.2 else None
    reference = f"AGR-{1000 + number}"
    made = builders.contract(
        session,
        builders.vendor(session, f"V{number}"),
        title=reference,
        reference=reference,
        currency=currency,
        start_on=start,
        initial_months=12,
        renewal_months=12,
        renewal_kind=kind,
        end_kind="renewal_date",
        notice_count=dice.choice((30, 60, 90)),
        notice_unit="days",
        notice_served_on=served,
        lines=[{"tool": tool, "amount_minor": sum(amounts[: 12 // step]), "amount_months": 12}],
        instalments=list(zip(dues, amounts, strict=True)),
    )
    for due, minor in zip(dues, amounts, strict=True):
        if due >= later(first, 12) or dice.random() < 0.35:
            continue
        paid = round(minor * dice.choice((1, 1, 1.04, 0.97)) / 100) * 100
        _booked(
            session, paid, due + timedelta(days=dice.choice((0, 3, 12, 40, 60))), made.currency, tool=tool
        )


def _order(session: Session, dice: random.Random, first: date, tool: Tool, number: int) -> None:
    currency = dice.choice(("USD", "EUR"))
    ordered = in_month(first, dice.randint(1, 12), 9)
    name = f"PO {700 + number}"
    minor = dice.randint(20, 90) * 1_000
    builders.order(
        session,
        name,
        currency=currency,
        status=dice.choice(("open", "open", "closed")),
        ordered_on=ordered,
        lines=[{"amount_minor": minor, "tool_id": tool.id}],
    )
    for _ in range(dice.randint(0, 3)):
        part = dice.choice((minor // 2000 * 1000, minor // 3000 * 1000, -2_000))
        written = dice.choice((name, name.lower(), name.replace(" ", "-")))
        _booked(
            session,
            part,
            ordered + timedelta(days=dice.randint(0, 80)),
            currency,
            tool=dice.choice((tool, None)),
            purchase_order=written,
        )


@dataclass(slots=True)
class Reading:
    """Minor units of the base currency over the year."""

    plan: int = 0
    actual: int = 0
    committed: int = 0
    late: int = 0
    expected: int = 0
    unknown: int = 0
    by_line: dict[int | None, dict[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Owed:
    minor: int
    currency: str
    base: int | None
    due: date
    tool_id: int | None
    expected: bool = False
    closed: bool = False
    names: tuple[str, ...] = ()
    by_near: bool = False
    contract: bool = False
    paid: int = 0
    met: bool = False


def read_naively(session: Session, as_of: date) -> Reading:
    """Every figure of the totals, record by record."""
    begins = scope_for(session, as_of=as_of, environ={}).settings.fiscal_start
    first = date(as_of.year if as_of.month >= begins else as_of.year - 1, begins, 1)
    spent = [
        line
        for line in session.scalars(select(SpendLine).order_by(SpendLine.id))
        if line.spend_type not in ("not_marketing", "not_spend")
    ]
    earliest = min((line.booked_on for line in spent_all(session) if line.booked_on), default=None)
    since = first
    if earliest is not None:
        since = max(min(earliest.replace(day=1), since), later(first, -12))
    until = later(first, 12)
    owed = [*_from_contracts(session, as_of, since, until), *_from_orders(session, as_of, since, until)]
    settling = _settle(owed, spent, as_of)
    lines = {line.tool_id: line for line in session.scalars(select(BudgetLine).order_by(BudgetLine.id))}
    closed = _closed(session, first, as_of)
    reading = Reading()
    contracted = {each.tool_id for each in owed if each.contract}
    keys: set[int | None] = {None, *(each.id for each in lines.values())}
    for key in keys:
        line = next((each for each in lines.values() if each.id == key), None)
        mine = [
            each
            for each in spent
            if (lines[each.tool_id].id if each.tool_id in lines and each.tool_id is not None else None) == key
        ]
        owing = [
            each
            for each in owed
            if (lines[each.tool_id].id if each.tool_id in lines and each.tool_id is not None else None) == key
        ]
        found = _one(session, line, mine, owing, settling, contracted, as_of, closed, earliest, first)
        reading.by_line[key] = found
        for name in ("plan", "actual", "committed", "late", "expected", "unknown"):
            setattr(reading, name, getattr(reading, name) + found[name])
    return reading


def spent_all(session: Session) -> Sequence[SpendLine]:
    """Every spend line."""
    return session.scalars(select(SpendLine).order_by(SpendLine.id)).all()


def _closed(session: Session, first: date, as_of: date) -> int:
    """The last closed month of the year, 0 for none: the entity's, else the last full month up to the date."""
    day = session.scalars(select(LegalEntity.closed_through)).first()
    if day is not None:
        return max(0, month_number(first, day))
    number = month_number(first, as_of)
    return number if (as_of + timedelta(days=1)).day == 1 else number - 1


def _from_contracts(session: Session, as_of: date, since: date, until: date) -> list[_Owed]:
    found = []
    for contract in session.scalars(select(Contract).order_by(Contract.id)):
        assert contract.start_on is not None
        tool_id = session.scalars(
            select(ContractLine.tool_id).where(ContractLine.contract_id == contract.id)
        ).one()
        ends = [later(contract.start_on, 12 * k) for k in range(1, 8)]
        notices = {end: end - timedelta(days=contract.notice_count or 0) for end in ends}
        served = (
            contract.notice_served_on
            if contract.notice_served_on and contract.notice_served_on <= as_of
            else None
        )
        rows = session.scalars(
            select(Instalment).where(Instalment.contract_id == contract.id).order_by(Instalment.id)
        )
        for each in rows:
            if not since <= each.due_on < until:
                continue
            expected = False
            if contract.renewal_kind == "automatic" and contract.start_on <= as_of:
                if served is not None:
                    over = next(end for end in ends if end >= served and served <= notices[end])
                    if each.due_on >= over:
                        continue  # notice was served: nothing is owed after the term it ends
                else:
                    over = next(end for end in ends if end > as_of)
                    over = next(end for end in ends if end >= over and as_of <= notices[end])
                    expected = each.due_on >= over
            elif contract.renewal_kind == "automatic":
                expected = each.due_on >= ends[0]
            found.append(
                _Owed(
                    minor=each.amount_minor,
                    currency=each.currency,
                    base=in_base(each.amount_minor, each.currency, min(each.due_on, as_of)),
                    due=each.due_on,
                    tool_id=tool_id,
                    expected=expected,
                    by_near=True,
                    contract=True,
                )
            )
    return found


def _from_orders(session: Session, as_of: date, since: date, until: date) -> list[_Owed]:
    rows = session.execute(
        select(PurchaseOrder, OrderLine)
        .join(OrderLine, OrderLine.order_id == PurchaseOrder.id)
        .order_by(OrderLine.id)
    )
    found = []
    for order, line in rows:
        assert order.ordered_on is not None
        if since <= order.ordered_on < until:
            found.append(
                _Owed(
                    minor=line.amount_minor,
                    currency=order.currency,
                    base=in_base(line.amount_minor, order.currency, min(order.ordered_on, as_of)),
                    due=order.ordered_on,
                    tool_id=line.tool_id,
                    closed=order.status != "open",
                    names=("".join(order.number.lower().split()),),
                    by_near=True,
                )
            )
    return found


def _settle(owed: list[_Owed], spent: Sequence[SpendLine], as_of: date) -> set[int]:
    """Puts invoices on what is owed: by number, else same tool, amount within 5 %, date within 45 days."""
    settled: set[int] = set()
    seen = [each for each in spent if each.booked_on is None or each.booked_on <= as_of]
    for each in seen:
        name = (each.purchase_order or "").lower().replace("-", "").replace(" ", "")
        target = next((thing for thing in owed if name and name in thing.names), None)
        if target is not None:
            assert each.currency == target.currency
            target.paid += each.amount_minor
            target.met = True
            settled.add(each.id)
    pairs = []
    for each in seen:
        for thing in owed:
            if (
                each.id in settled
                or each.booked_on is None
                or each.tool_id is None
                or each.tool_id != thing.tool_id
            ):
                continue
            value = worth(each, thing)
            apart = (each.booked_on - thing.due).days
            if value is None or value <= 0 or abs(apart) > 45 or abs(value - thing.minor) * 20 > thing.minor:
                continue
            # Nearest first; an invoice before its date weighs fourfold.
            pairs.append(
                (
                    apart if apart >= 0 else -4 * apart,
                    abs(value - thing.minor),
                    thing.due,
                    each.id,
                    thing,
                    value,
                )
            )
    for _, _, _, line_id, thing, value in sorted(pairs, key=lambda pair: pair[:4]):
        if line_id not in settled and not thing.met:
            thing.paid, thing.met = value, True
            settled.add(line_id)
    return settled


def worth(line: SpendLine, thing: _Owed) -> int | None:
    """An invoice in the currency of what is owed."""
    if line.currency == thing.currency:
        return line.amount_minor
    if line.base_minor is None or not thing.base:
        return None
    return whole(Fraction(line.base_minor * thing.minor, thing.base))


def _one(
    session: Session,
    line: BudgetLine | None,
    spent: Sequence[SpendLine],
    owed: Sequence[_Owed],
    settling: set[int],
    contracted: set[int | None],
    as_of: date,
    closed: int,
    earliest: date | None,
    first: date,
) -> dict[str, int]:
    plan = 0
    if line is not None:
        for amount in session.scalars(
            select(BudgetAmount.amount_minor).where(BudgetAmount.line_id == line.id)
        ):
            plan += amount if line.currency == "USD" else whole(amount * BUDGET_RATE)
    actual = 0
    free: dict[int, int] = {}
    for each in spent:
        if each.booked_on is None or each.base_minor is None:
            continue
        month = month_number(first, each.booked_on)
        if month > 0 and each.booked_on <= as_of:
            actual += each.base_minor
        tied = each.tool_id is not None and each.tool_id in contracted and each.spend_type == "software"
        past = month < 1
        if not tied and (past or (each.booked_on <= as_of and each.id not in settling)):
            free[month] = free.get(month, 0) + each.base_minor
    committed = late = expected = unknown = 0
    for thing in owed:
        left = 0 if thing.closed else max(0, thing.minor - thing.paid)
        if not left:
            continue
        if thing.base is None:
            unknown += 1
            continue
        base = whole(Fraction(thing.base * left, thing.minor))
        if thing.expected:
            expected += base
            continue
        committed += base
        if month_number(first, thing.due) <= closed:
            late += base
    closed = min(closed, month_number(first, as_of))
    # The ledger holds last year when it begins in its first month or before.
    whole_year = earliest is not None and month_number(first, earliest) <= -11
    expected += _run_rate(free, closed, whole_year=whole_year)
    return {
        "plan": plan,
        "actual": actual,
        "committed": committed,
        "late": late,
        "expected": expected,
        "unknown": unknown,
    }


def _run_rate(free: dict[int, int], closed: int, *, whole_year: bool) -> int:
    """Last year's shape where the ledger holds last year and six months have spend, else the closed months' rate."""
    now = [free.get(month, 0) for month in range(1, 13)]
    then = [free.get(month - 12, 0) for month in range(1, 13)]
    so_far, booked = sum(now[:closed]), sum(now[closed:])
    if closed == 12 or (not so_far and not any(then)):
        return 0
    if whole_year and sum(1 for each in then if each) >= 6:
        if closed and sum(then[:closed]) > 0:
            return max(0, whole(Fraction(so_far * sum(then[closed:]), sum(then[:closed]))) - booked)
        if not closed:
            return max(0, sum(then) - booked)
    if not closed:
        return 0
    return max(0, whole(Fraction(so_far * (12 - closed), closed)) - booked)
