"""Random companies, and a second, naive reading of them: plain Python over the records, no SQL sums, no bit sets."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import save_setting
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetAmount,
    BudgetLine,
    BusinessUnit,
    ContractLine,
    SpendLine,
    Tool,
    ToolUnit,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)
from tests import builders as build

DAY = date(2026, 9, 30)
RATE = Decimal("1.10")
COST = ("software", "usage", "data")
CAPABILITIES = ("sentiment", "mention_tracking", "trend_discovery", "crisis_alerts", "nps_tracking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What was made: units and tools."""

    units: tuple[BusinessUnit, ...]
    tools: tuple[Tool, ...]


def random_company(session: Session, seed: int) -> Company:
    """A small company with everything that goes wrong in one: see below.

    Contracts in two currencies and no rate for a third, overlapping, from 29 February, with lines that begin later, end
    earlier or are paid once; spend in any unit or none, credit notes of the year before; users in two units; a fiscal
    year from January or April.
    """
    chance = random.Random(seed)
    april = april_or_january(session, seed)
    build.rate(session, "EUR", "USD", str(RATE))
    units = tuple(build.unit(session, f"U{n}") for n in range(chance.randint(1, 3)))
    vendor = build.vendor(session)
    file = build.import_file(session, "Ledger.xlsx")
    tools = []
    for number in range(chance.randint(2, 7)):
        own = chance.sample(units, chance.randint(0, len(units)))
        tool = build.tool(
            session,
            f"Tool {number}",
            units=own,
            capabilities={
                each: chance.choice((None, 0, 1, 2, 2))
                for each in chance.sample(CAPABILITIES, chance.randint(0, len(CAPABILITIES)))
            },
            daily_use=chance.random() < 0.2,
        )
        tools.append(tool)
        for _ in range(chance.choice((0, 0, 1, 2, 3))):
            seats = chance.choice((None, 0, 5, 10, 30))
            start = date(2026, 1, 1) + timedelta(days=chance.randint(-200, 300))
            start, months = chance.choice(
                (*[(start, each) for each in (6, 12, 24)], (date(2024, 2, 29), 36), (date(2025, 2, 28), 24))
            )
            build.contract(
                session,
                vendor,
                currency=chance.choice(("USD", "USD", "EUR", "CHF")),
                start_on=start,
                initial_months=months,
                unit_id=chance.choice((None, None, *(each.id for each in units))),
                lines=[
                    {
                        "tool": tool,
                        "seats": seats,
                        "amount_minor": chance.choice((None, chance.randint(1, 900_000))),
                        "amount_months": chance.choice((1, 12, 24)),
                        "licence_metric": chance.choice(("named_seat", "named_seat", "flat", None)),
                        "pack_size": chance.choice((None, 4)),
                        "minimum": chance.choice((None, 3)),
                        "reducible": chance.random() < 0.9,
                        "one_off": chance.random() < 0.1,
                        "starts_on": chance.choice((None, None, None, start, DAY, DAY + timedelta(days=1))),
                        "ends_on": chance.choice((None, None, None, DAY, DAY + timedelta(days=90))),
                    }
                ],
            )
        for _ in range(chance.randint(0, 6)):
            currency = chance.choice(("USD", "USD", "USD", "CHF"))
            build.spend_line(
                session,
                chance.randint(-20_000, 90_000),
                tool=tool,
                on=chance.choice((None, date(2025, 6, 1) + timedelta(days=chance.randint(0, 480)))),
                unit=chance.choice((None, *units)),
                currency=currency,
                converted=currency == "USD",
                spend_type=chance.choice((*COST, "media", "services")),
                from_import=file,
            )
        if chance.random() < 0.3:  # a credit note of this year for the service of the last
            build.spend_line(
                session,
                -chance.randint(1, 30_000),
                tool=tool,
                on=date(2026, chance.randint(1, 8), 28),
                unit=chance.choice((None, *units)),
                spend_type="software",
                from_import=file,
                service_from=date(2025, 1, 1),
                service_until=date(2026, 1, 1),
            )
        if chance.random() < 0.7:
            _users(session, tool, chance, units)
    build.budget(
        session,
        year=build.fiscal_year(session, 2027, starts_on=date(2026, 4, 1)) if april else None,
        lines=[
            {
                "tool_id": each.id,
                "monthly": chance.randint(1, 9_000),
                "unit_id": chance.choice((None, units[0].id)),
            }
            for each in tools
            if chance.random() < 0.3
        ],
    )
    return Company(units=units, tools=tuple(tools))


def april_or_january(session: Session, seed: int) -> bool:
    """Has the fiscal year of every fourth company start in April; whether it does."""
    april = seed % 4 == 3
    if april:
        save_setting(session, "fiscal_start", 4)
    return april


def held(line: ContractLine, day: date) -> bool:
    """Whether a line itself is bought on the day, whatever its contract says: from its first day through its last."""
    return (line.starts_on is None or line.starts_on <= day) and (line.ends_on is None or day <= line.ends_on)


def _users(session: Session, tool: Tool, chance: random.Random, units: Sequence[BusinessUnit]) -> None:
    records: list[dict[str, Any]] = []
    for number in range(chance.randint(0, 14)):
        for licence in ("", "second")[: chance.choice((1, 1, 1, 2))]:
            records.append(
                {
                    "key": f"user{number}@example.com",
                    "licence": licence,
                    "last_activity": chance.choice((None, DAY - timedelta(days=chance.randint(-3, 200)))),
                    "never": chance.random() < 0.3,
                    "assigned": chance.random() < 0.9,
                    "assigned_on": chance.choice((None, DAY - timedelta(days=chance.randint(0, 200)))),
                    "account_kind": ("person", "person", "person", "leaver", "service")[number % 5],
                    "unit_id": chance.choice((None, *(each.id for each in units))),
                }
            )
    build.usage(
        session,
        tool,
        users=records,
        grade=chance.choice("AABCD"),
        event=chance.choice(("activity", "sign-in", "assignment")),
    )


def half_even(value: Fraction) -> int:
    """Rounded half-even, through Decimal: another road than the product's integers."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def naive_cost(session: Session, scope: Scope, tool: Tool) -> int | None:
    """The run rate of a tool in a scope by reading every record; None is unknown."""
    parts: list[dict[int | None, list[int | None]]] = [{}, {}, {}]
    for line in session.scalars(select(ContractLine).where(ContractLine.tool_id == tool.id)):
        contract = line_contract(session, line)
        assert contract.start_on is not None
        assert contract.initial_months is not None
        year, month = divmod(
            contract.start_on.year * 12 + contract.start_on.month - 1 + contract.initial_months, 12
        )
        end = next(
            date(year, month + 1, day)
            for day in range(contract.start_on.day, 0, -1)
            if day <= (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        )
        if (
            not (contract.start_on <= DAY < end)
            or line.one_off
            or line.amount_minor is None
            or not held(line, DAY)
        ):
            continue
        annual = half_even(Fraction(line.amount_minor * 12, line.amount_months))
        if contract.currency == "EUR":
            value: int | None = half_even(Fraction(annual) * Fraction(RATE))
        else:
            value = annual if contract.currency == "USD" else None
        parts[0].setdefault(line.unit_id or contract.unit_id, []).append(value)
    for spend in session.scalars(select(SpendLine).where(SpendLine.tool_id == tool.id)):
        if (
            spend.spend_type in COST
            and spend.booked_on
            and date(2025, 9, 1) <= spend.booked_on < date(2026, 9, 1)
        ):
            parts[1].setdefault(spend.unit_id, []).append(spend.base_minor)
    for budgeted in session.scalars(select(BudgetLine).where(BudgetLine.tool_id == tool.id)):
        amounts = session.scalars(
            select(BudgetAmount.amount_minor).where(BudgetAmount.line_id == budgeted.id)
        )
        parts[2].setdefault(budgeted.unit_id, []).append(sum(amounts))
    own = sorted(session.scalars(select(ToolUnit.unit_id).where(ToolUnit.tool_id == tool.id)))
    taken: dict[int | None, tuple[int, list[int | None]]] = {}
    for basis, source in enumerate(parts):
        earlier = dict(taken)
        if None in earlier:
            break
        for unit, values in source.items():
            if (unit is None and not earlier) or (unit is not None and unit not in earlier):
                taken[unit] = (basis, values)
    found: list[int | None] = []
    for unit, (basis, values) in taken.items():
        place = own[0] if unit is None and len(own) == 1 and basis != 1 else unit
        inside = (
            place in scope.unit_ids
            if place is not None
            else (scope.whole or (basis != 1 and bool(own) and set(own) <= set(scope.unit_ids)))
        )
        if inside:
            known = [value for value in values if value is not None]
            found.append(sum(known) if known else None)
    known = [value for value in found if value is not None]
    return sum(known) if known and sum(known) >= 0 else None


def line_contract(session: Session, line: ContractLine) -> Any:
    """The contract of a line."""
    from mopsaudit.store.models import Contract

    return session.get_one(Contract, line.contract_id)


def alone_in(session: Session, scope: Scope, tool: Tool) -> bool:
    """Whether a tool has units and all of them are the scope's."""
    own = set(session.scalars(select(ToolUnit.unit_id).where(ToolUnit.tool_id == tool.id)))
    return bool(own) and own <= set(scope.unit_ids)


def naive_buckets(
    session: Session, tool: Tool, scope: Scope | None = None
) -> tuple[str, dict[str, int]] | None:
    """(event, users by bucket) of the tool's one usage file, record by record; in a scope those who stand in it."""
    theirs = scope is None or scope.whole or alone_in(session, scope, tool)
    snapshot = session.scalars(select(UsageSnapshot).where(UsageSnapshot.tool_id == tool.id)).one_or_none()
    if snapshot is None:
        return None
    window = timedelta(days=30 if tool.daily_use else 90)
    found = dict.fromkeys(("active", "new", "undated", "other", "inactive", "leaver"), 0)
    for user in session.scalars(select(ToolUser).where(ToolUser.tool_id == tool.id)):
        records = session.scalars(
            select(UsageRecord).where(
                UsageRecord.snapshot_id == snapshot.id, UsageRecord.tool_user_id == user.id
            )
        ).all()
        if not theirs and scope is not None:
            records = [each for each in records if each.unit_id in scope.unit_ids]
        if not any(each.assigned for each in records):
            continue
        dates = [each.last_activity for each in records if each.last_activity and each.last_activity <= DAY]
        fresh = [each.assigned_on for each in records if each.assigned_on and DAY - window < each.assigned_on]
        latest = max((each.assigned_on for each in records if each.assigned_on), default=None)
        if user.account_kind == "leaver":
            found["leaver"] += 1
        elif dates and max(dates) > DAY - window:
            found["active"] += 1
        elif fresh and latest in fresh:
            found["new"] += 1
        elif not dates and not any(each.never for each in records):
            found["undated"] += 1
        elif user.account_kind != "person":
            found["other"] += 1
        else:
            found["inactive"] += 1
    return snapshot.event, found
