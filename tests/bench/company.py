"""A company of any number of tools in an empty database, the same every time; what the reports are timed on."""

import random
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import capabilities_of_type, taxonomy
from mopsaudit.intake.summaries import Deltas
from mopsaudit.periods import month_of
from mopsaudit.store.models import BusinessUnit, Contract, Sighting, SpendLine, Tool
from tests import builders

AS_OF: Final = date(2026, 9, 30)
MONTHS: Final = 24
USERS: Final = 12


def fill(session: Session, tools: int, *, seed: int = 1, lines: int = 1, users: int = USERS) -> None:
    """`tools` tools with capabilities, contract, 24 months of spend, users, a budget line; a case per ten tools.

    A tool has ``lines`` spend lines a month; every second one has a usage file of ``users``. A second company is put
    beside the first, its budget as a draft.
    """
    chance = random.Random(seed)
    there = session.scalar(select(func.count()).select_from(Tool)) or 0
    units = [
        session.scalars(select(BusinessUnit).where(BusinessUnit.code == code)).one_or_none()
        or builders.unit(session, code)
        for code in ("EMEA", "AMER", "BRAND")
    ]
    vendors = [builders.vendor(session, f"Vendor {number:04d}") for number in range(max(1, tools * 3 // 4))]
    types = taxonomy().types
    made: list[Tool] = []
    for number in range(tools):
        kind = types[number % len(types)]
        capabilities = [each.id for each in capabilities_of_type(kind.id)]
        owned = chance.sample(capabilities, k=min(len(capabilities), 4))
        made.append(
            builders.tool(
                session,
                f"Tool {number:04d}",
                of=vendors[number % len(vendors)],
                category=kind.category,
                types=(kind.id,),
                capabilities={each: chance.choice((None, 1, 2)) for each in owned},
                units=(units[number % 3],),
            )
        )
    _contracts(session, made, chance)
    _spend(session, made, units[0].id, chance, lines, there)
    for tool in made[::2]:
        builders.usage(
            session,
            tool,
            users=[
                {
                    "key": f"user{person}@example.com",
                    "last_activity": AS_OF - timedelta(days=chance.randrange(200)),
                }
                for person in range(users)
            ],
        )
    builders.budget(
        session,
        name=f"Budget of the company from tool {there} on",
        status="draft" if there else "locked",
        lines=[{"tool_id": tool.id, "monthly": chance.randrange(10_000, 300_000)} for tool in made],
    )
    for tool in made[::10]:
        builders.case(
            session,
            f"Case for {tool.name}",
            tool_id=tool.id,
            flows=[
                {"side": side, "month": month_of(date(2026, month, 1)), "amount_minor": 50_000 * month}
                for side in ("cost", "benefit")
                for month in range(1, 10)
            ],
        )


def _contracts(session: Session, tools: list[Tool], chance: random.Random) -> None:
    for number, tool in enumerate(tools):
        vendor = tool.vendor_id
        if vendor is None:
            raise ValueError(f"{tool.name} has no vendor")
        made = Contract(
            vendor_id=vendor,
            title=f"Agreement {number}",
            currency="USD",
            start_on=date(2025, 1, 1) + timedelta(days=number % 365),
            initial_months=12,
            renewal_months=12,
            renewal_kind="automatic",
            notice_count=60,
        )
        session.add(made)
        session.flush()
        builders.contract_line(
            session,
            made,
            tool=tool,
            seats=chance.randrange(10, 60),
            amount_minor=chance.randrange(100_000, 9_000_000),
        )


def _spend(
    session: Session, tools: list[Tool], unit_id: int, chance: random.Random, a_month: int, there: int
) -> None:
    ledger = builders.source(session)
    imported = builders.import_file(session, "Ledger.xlsx", of=ledger)
    sheet = builders.sheet_of(session, imported)
    lines: list[SpendLine] = []
    for tool in tools:
        supplier = builders.supplier(session, f"{tool.name} LTD", of=tool)
        for index in range(MONTHS * a_month):
            month = index // a_month
            on = date(2024 + (9 + month) // 12, (9 + month) % 12 + 1, 12)
            cents = chance.randrange(5_000, 900_000)
            lines.append(
                SpendLine(
                    identity=((there << 40) + len(lines)).to_bytes(32, "big"),
                    ordinal=1,
                    source_id=ledger.id,
                    booked_on=on,
                    month=month_of(on),
                    supplier_id=supplier.id,
                    supplier_text=supplier.name,
                    amount_minor=cents,
                    booked_minor=cents,
                    base_minor=cents,
                    currency="USD",
                    unit_id=unit_id,
                    unit_how="column",
                    tool_id=tool.id,
                    spend_type="software",
                    method="decision",
                    first_import_id=imported.id,
                )
            )
    session.add_all(lines)
    session.flush()
    session.add_all(
        Sighting(line_id=line.id, import_id=imported.id, sheet_id=sheet.id, row=row, cell=f"F{row}")
        for row, line in enumerate(lines, 2)
    )
    session.flush()
    summaries = Deltas()
    summaries.put_where(session, true())
    summaries.write(session)
