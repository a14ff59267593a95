"""A naive reading of the judgements: day by day, seat by seat, from the records alone (PRODUCT.md §4.3, §4.5)."""

import random
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit, Contract, ContractLine, Tool, UsageSnapshot
from tests import builders as build
from tests.facts.company import DAY, RATE, alone_in, april_or_january, half_even, held, naive_buckets

DELIVERY = 5


def on(day: date, months: int) -> date:
    """So many months on, clipped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def contracts_of_all_kinds(session: Session, seed: int) -> None:
    """Contracts that renew by themselves, on agreement or never; by start or by stated end; served or not."""
    dice = random.Random(seed)
    april_or_january(session, seed)
    build.rate(session, "EUR", "USD", str(RATE))
    vendor = build.vendor(session)
    units: list[BusinessUnit] = [build.unit(session, "A")]
    for number in range(dice.randint(1, 8)):
        tool = build.tool(session, f"Tool {number}", units=units)
        start = dice.choice(
            (date(2024, 2, 29), *[date(2022, 1, 31) + timedelta(days=dice.randint(0, 2000))] * 4)
        )
        initial = dice.choice((1, 6, 12, 24, 36))
        stated = dice.random() < 0.4
        kind = dice.choice(("last_day", "renewal_date", "unknown")) if stated else "unknown"
        end = on(start, initial) - timedelta(days=kind == "last_day") if stated else None
        build.contract(
            session,
            vendor,
            title=f"Contract {number}",
            currency=dice.choice(("USD", "USD", "EUR", "CHF")),
            start_on=start,
            initial_months=initial,
            end_on=end,
            end_kind=kind,
            renewal_kind=dice.choice(("automatic", "automatic", "automatic", "express", "unknown")),
            renewal_months=dice.choice((1, 3, 12, 12, 24)),
            notice_count=dice.choice((0, 1, 3, 30, 60, 90)),
            notice_unit=dice.choice(("days", "months")),
            notice_served_on=start + timedelta(days=dice.randint(0, 1500)) if dice.random() < 0.2 else None,
            lines=[
                {
                    "tool": tool,
                    "seats": dice.choice((None, 10)),
                    "amount_minor": dice.choice((None, dice.randint(1, 9_000_000))),
                    "amount_months": dice.choice((1, 12, 36)),
                    "one_off": dice.random() < 0.1,
                    "ends_on": dice.choice(
                        (None, None, None, start + timedelta(days=dice.randint(300, 2000)))
                    ),
                }
                for _ in range(dice.randint(1, 2))
            ],
        )


def notice_day(contract: Contract, end: date) -> date:
    """The last day notice still counts."""
    count = contract.notice_count or 0
    return on(end, -count) if contract.notice_unit == "months" else end - timedelta(days=count)


def posted(day: date) -> date:
    """The business day a notice leaves so that it arrives five business days later, by ``day``."""
    while day.weekday() > 4:
        day -= timedelta(days=1)
    left = DELIVERY
    while left:
        day -= timedelta(days=1)
        left -= day.weekday() < 5
    return day


class Stand(NamedTuple):
    """What a contract says on the day: state, end as written, send-by, and the first day money can stop."""

    state: str
    end: date | None
    send_by: date | None
    free: date | None


def stand(contract: Contract, today: date = DAY) -> Stand:
    """Walks the terms one by one from the start."""
    start, initial = contract.start_on, contract.initial_months
    assert start is not None
    assert initial is not None
    automatic = contract.renewal_kind == "automatic"
    step = contract.renewal_months or 0
    silent = contract.renewal_kind == "unknown" and contract.notice_served_on is None
    overs = [on(start, initial)]
    while automatic and overs[-1] < date(2050, 1, 1):  # no notice here counts more than eight years ahead
        overs.append(on(start, initial + len(overs) * step))
    last_day = contract.end_kind == "last_day" and contract.end_on is not None

    def written(over: date) -> date:
        return over - timedelta(days=1) if last_day else over

    served = contract.notice_served_on
    if start > today:
        return Stand("not started", written(overs[0]), None, overs[0])
    if served is not None and served <= today:
        over = next(each for each in overs if each >= served) if automatic else overs[0]
        if automatic:
            over = next(
                each for each in overs if each >= over and served <= notice_day(contract, written(each))
            )
        return Stand("notice served" if over > today else "ended", written(over), None, over)
    current = next((each for each in overs if each > today), None)
    if current is None:
        return Stand("unknown" if silent else "ended", written(overs[-1]), None, None if silent else today)
    if silent:
        return Stand("in term", written(current), posted(notice_day(contract, written(current))), None)
    if not automatic:
        return Stand("in term", written(current), None, current)
    if notice_day(contract, written(current)) >= today:
        return Stand("window open", written(current), posted(notice_day(contract, written(current))), current)
    later = next(each for each in overs if each > current and notice_day(contract, written(each)) >= today)
    return Stand(
        f"window missed (locked until {written(later).isoformat()})",
        written(current),
        posted(notice_day(contract, written(later))),
        later,
    )


def next_year(session: Session, line: ContractLine, year: tuple[date, date]) -> tuple[int, int, int] | None:
    """(locked, decidable, free) of next fiscal year by counting days; None where price, rate or renewal is unknown."""
    contract = session.get_one(Contract, line.contract_id)
    found = stand(contract)
    if line.one_off or found.state == "ended":
        return 0, 0, 0
    if line.amount_minor is None or contract.currency == "CHF":
        return None
    annual = half_even(Fraction(line.amount_minor * 12, line.amount_months))
    if contract.currency == "EUR":
        annual = half_even(Fraction(annual) * Fraction(RATE))
    if contract.renewal_kind == "unknown" and contract.notice_served_on is None:
        return None
    first, until = year
    assert contract.start_on is not None
    assert found.free is not None
    bought = locked = gone = 0
    day = first
    while day < until:
        before = day < contract.start_on or line_before(line, day)
        gone += before
        bought += not before and held(line, day)
        locked += not before and held(line, day) and day < found.free
        day += timedelta(days=1)
    days = (until - first).days

    def value(number: int) -> int:
        return half_even(Fraction(annual * number, days))

    whole = value(gone + bought) - value(gone)
    sure = value(gone + locked) - value(gone)
    if found.state == "notice served":
        return sure, 0, 0
    if contract.renewal_kind == "automatic":
        return sure, whole - sure, 0
    return sure, 0, whole - sure


def locked_by(session: Session, weeks: list[date], year: tuple[date, date]) -> list[int]:
    """What of a year is owed whatever is done from each week on, when nobody has acted until then, line by line."""
    totals, (first, until) = [0] * len(weeks), year
    days = [first + timedelta(days=each) for each in range((until - first).days)]
    for line in session.scalars(select(ContractLine)):
        contract = session.get_one(Contract, line.contract_id)
        if (
            line.one_off
            or next_year(session, line, year) is None
            or stand(contract).state in ("ended", "unknown")
        ):
            continue
        assert contract.start_on is not None
        assert line.amount_minor is not None
        ends = contract.notice_served_on is not None or contract.renewal_kind != "automatic"
        annual = half_even(Fraction(line.amount_minor * 12, line.amount_months))
        if contract.currency == "EUR":
            annual = half_even(Fraction(annual) * Fraction(RATE))
        gone = sum(day < contract.start_on or line_before(line, day) for day in days)
        bought = [
            day for day in days if contract.start_on <= day and not line_before(line, day) and held(line, day)
        ]
        for place, week in enumerate(weeks):
            free = stand(contract, DAY if ends else week).free
            if free is not None:
                owed = sum(day < free for day in bought)
                values = [half_even(Fraction(annual * each, len(days))) for each in (gone, gone + owed)]
                totals[place] += values[1] - values[0]
    return totals


def line_before(line: ContractLine, day: date) -> bool:
    """Whether the day lies before the line's own first."""
    return line.starts_on is not None and day < line.starts_on


class Saving(NamedTuple):
    """Seats that can go and what they cost, minor units of the base currency; None where a price is unknown."""

    seats: int
    annual: int | None
    next_term: int | None


def naive_saving(session: Session, tool: Tool, scope: Scope | None = None) -> Saving | None:
    """Seat by seat: the idle ones less the protected, line by line; None where nothing may be proposed.

    In a scope only its own people and lines; seats of no unit are everybody's, so that beside them nothing is known.
    """
    everywhere = scope is None or scope.whole
    found = naive_buckets(session, tool, scope)
    if found is None or found[0] == "assignment":
        return None
    users = found[1]
    lines = []
    for line in session.scalars(
        select(ContractLine).where(ContractLine.tool_id == tool.id).order_by(ContractLine.id)
    ):
        contract = session.get_one(Contract, line.contract_id)
        assert contract.start_on is not None
        assert contract.initial_months is not None
        over = on(contract.start_on, contract.initial_months)
        running = contract.start_on <= DAY < over and not line.one_off and held(line, DAY)
        if line.ends_on is not None:
            over = min(over, line.ends_on + timedelta(days=1))
        unit = line.unit_id or contract.unit_id
        if not everywhere and scope is not None and unit not in scope.unit_ids:
            if unit is not None:
                continue
            if not alone_in(session, scope, tool):
                if running and line.licence_metric == "named_seat":
                    return None
                continue
        if running and line.licence_metric == "named_seat" and line.quantity_micro is None:
            return None
        if running and line.licence_metric == "named_seat" and line.quantity_micro:
            annual = None
            if line.amount_minor is not None and contract.currency != "CHF":
                annual = half_even(Fraction(line.amount_minor * 12, line.amount_months))
                annual = (
                    half_even(Fraction(annual) * Fraction(RATE)) if contract.currency == "EUR" else annual
                )
            lines.append((over, line, line.quantity_micro // 1_000_000, annual))
    purchased = sum(each[2] for each in lines)
    if not purchased:
        return None
    needed = 0
    while needed * 9 < users["active"] * 10:
        needed += 1
    protected = users["new"] + users["undated"] + users["other"]
    left = max(0, max(0, purchased - needed) - protected)
    if (
        left
        and session.scalars(select(UsageSnapshot.grade).where(UsageSnapshot.tool_id == tool.id)).one() == "D"
    ):
        return Saving(0, None, None)  # an estimate never proposes a cut
    lines.sort(key=lambda each: (each[0], -Fraction(each[3] or 0, each[2]), each[1].id))
    seats, money = 0, []
    for _, line, bought, annual in lines:
        stays = bought
        if line.reducible:
            for less in range(left, 0, -1):
                keep = bought - less
                if keep >= (line.minimum or 0) and keep >= 0 and keep % (line.pack_size or 1) == 0:
                    stays = keep
                    break
        if stays < bought:
            seats += bought - stays
            left -= bought - stays
            money.append(None if annual is None else Fraction(annual * (bought - stays), bought))
    known = [half_even(each) for each in money if each is not None]
    total = sum(known) if len(known) == len(money) else None  # never a part for the whole
    return Saving(seats, total, total)
