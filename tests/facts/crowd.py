"""A large company in a few statements: tools with capabilities, contracts, summaries and users, the same each time."""

import hashlib
import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.periods import month_of
from mopsaudit.store.models import (
    BusinessUnit,
    Contract,
    ContractLine,
    LedgerSummary,
    Person,
    Tool,
    ToolCapability,
    ToolPerson,
    ToolState,
    ToolType,
    ToolUnit,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
    Vendor,
)
from tests import builders as build

DAY = date(2026, 9, 30)
CATEGORIES = ("intelligence", "engagement", "operations", "performance")


def crowd(
    session: Session, tools: int, *, users: int = 10, months: int = 24, snapshots: int = 1, units: int = 3
) -> None:
    """``tools`` tools, each with ``users`` users in each of ``snapshots`` files and a summary per month and unit."""
    chance = random.Random(20260930)
    made_units: list[BusinessUnit] = [build.unit(session, f"U{n}") for n in range(units)]
    vendor: Vendor = build.vendor(session)
    ledger = build.source(session)
    file = build.import_file(session, "Users.csv", kind="usage")
    sheet = build.sheet_of(session, file)
    first = (session.scalar(select(func.max(Tool.id))) or 0) + 1
    types = taxonomy().types
    of_type: dict[str, list[str]] = {}
    for word in taxonomy().capabilities:
        of_type.setdefault(word.type_id, []).append(word.id)
    everything = [word.id for word in taxonomy().capabilities]
    rows: dict[Any, list[dict[str, Any]]] = {}

    def add(model: Any, **values: Any) -> None:
        rows.setdefault(model, []).append(values)

    start = month_of(DAY) - months
    people = max(50, users * 4)
    for number in range(people):
        add(Person, id=first * 1000 + number, version=1, name=f"Person {number}")
    for offset in range(tools):
        tool = first + offset
        kind = types[offset % len(types)]
        add(
            Tool,
            id=tool,
            version=1,
            name=f"Tool {tool:05d}",
            vendor_id=vendor.id,
            category=kind.category.value,
            status="active",
            description="",
            notes="",
            daily_use=False,
        )
        add(ToolState, tool_id=tool, status="active")
        add(ToolType, tool_id=tool, type_id=kind.id)
        add(ToolPerson, tool_id=tool, person_id=first * 1000, part="business_owner")
        mine = made_units[offset % units]
        add(ToolUnit, tool_id=tool, unit_id=mine.id)
        own = set(chance.sample(of_type[kind.id], min(len(of_type[kind.id]), 3))) | set(
            chance.sample(everything, 3)
        )
        for capability in sorted(own):
            add(
                ToolCapability,
                tool_id=tool,
                capability_id=capability,
                used_halves=chance.choice((None, 0, 1, 2, 2)),
                weight=1,
            )
        add(
            Contract,
            id=tool,
            version=1,
            vendor_id=vendor.id,
            title=f"Contract {tool}",
            status="signed",
            currency="USD",
            start_on=date(2026, 1, 1) + timedelta(days=offset % 200),
            initial_months=12,
            renewal_months=12,
            renewal_kind="automatic",
            end_kind="unknown",
            notice_count=60,
            notice_unit="days",
            month_to_month=False,
            escalator_kind="unknown",
            security_notes="",
            notes="",
        )
        add(
            ContractLine,
            id=tool,
            version=1,
            contract_id=tool,
            tool_id=tool if offset % 4 else None,
            description="",
            spend_type="software",
            licence_metric="named_seat",
            quantity_micro=users * 1_500_000,
            amount_minor=users * 20_000,
            amount_months=12,
            one_off=False,
            reducible=True,
        )
        for month in range(months):
            for unit in (mine, made_units[(offset + 1) % units]):
                amount = chance.randint(1_000, 90_000)
                key = hashlib.sha256(f"{tool} {month} {unit.id}".encode()).digest()[:16]
                add(
                    LedgerSummary,
                    key=key,
                    tool_id=tool,
                    unit_id=unit.id,
                    source_id=ledger.id,
                    month=start + month,
                    currency="USD",
                    spend_type="software",
                    amount_minor=amount,
                    base_minor=amount,
                    unconverted_minor=0,
                    lines=20,
                )
        for number in range(users):
            add(
                ToolUser,
                id=tool * 1000 + number,
                tool_id=tool,
                user_key=f"user{number}@example.com",
                person_id=first * 1000 + chance.randrange(people) if number % 2 else None,
                account_kind="person",
            )
        for back in range(snapshots):
            snapshot = tool * 100 + back
            day = DAY - timedelta(days=30 * back)
            add(
                UsageSnapshot,
                id=snapshot,
                tool_id=tool,
                import_id=file.id,
                sheet_id=sheet.id,
                as_of=day,
                grade="A",
                event="activity",
                living=True,
            )
            for number in range(users):
                add(
                    UsageRecord,
                    snapshot_id=snapshot,
                    tool_user_id=tool * 1000 + number,
                    unit_id=mine.id,
                    licence="",
                    feature="",
                    assigned=True,
                    last_activity=day - timedelta(days=chance.randint(0, 200)),
                    never=False,
                    row=number + 2,
                    cell=f"A{number + 2}",
                )
    for model, values in rows.items():
        session.execute(insert(model).execution_options(mopsaudit_trail_covered=True), values)
    session.flush()
