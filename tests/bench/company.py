"""A company of any number of tools in an empty database, the same every time; what the reports are timed on."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Table, func, select, true
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import capabilities_of_type, taxonomy
from mopsaudit.intake.bulk import insert_rows, reserve_ids
from mopsaudit.intake.summaries import Deltas
from mopsaudit.periods import month_of
from mopsaudit.store.base import Base
from mopsaudit.store.models import (
    BusinessUnit,
    Contract,
    Sighting,
    SpendLine,
    Tool,
    ToolUser,
    UsageRecord,
)
from tests import builders

AS_OF: Final = date(2026, 9, 30)
MONTHS: Final = 24
USERS: Final = 12
#: The columns of a spend line as they are written.
_LINE: Final = (
    *("identity", "booked_on", "month", "supplier_id", "supplier_text"),
    *("amount_minor", "booked_minor", "base_minor", "reference", "cost_centre", "tool_id"),
    *("ordinal", "living", "counts", "source_id", "currency", "tax_basis", "unit_id", "unit_how"),
    *("spend_type", "method", "split", "out_of_scope", "first_import_id"),
)


def fill(
    session: Session, tools: int, *, seed: int = 1, lines: int = 1, users: int = USERS, every: int = 1
) -> None:
    """`tools` tools with capabilities, contract, 24 months of spend, users, a budget line; a case per ten tools.

    A tool has ``lines`` spend lines in every ``every``-th month; every second one has a usage file of ``users``. A
    second company is put beside the first, its budget as a draft.
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
    _spend(session, made, units[0].id, chance, lines, there, every)
    _usage(session, made[::2], users, chance)
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
    session: Session,
    tools: list[Tool],
    unit_id: int,
    chance: random.Random,
    a_month: int,
    there: int,
    every: int,
) -> None:
    """Lines month by month, each month from a file of its own, with the cell each was read from."""
    ledger = builders.source(session)
    suppliers = [builders.supplier(session, f"{tool.name} LTD", of=tool) for tool in tools]
    number = 0
    for month in range(MONTHS):
        imported = builders.import_file(session, f"Ledger {month + 1:02d}.xlsx", of=ledger)
        sheet = builders.sheet_of(session, imported)
        rows: list[tuple[object, ...]] = []
        for place, (tool, supplier) in enumerate(zip(tools, suppliers, strict=True)):
            for nth in range(a_month if (month + place) % every == 0 else 0):
                on = date(2024 + (9 + month) // 12, (9 + month) % 12 + 1, min(28, 12 + nth))
                cents = chance.randrange(5_000, 900_000)
                rows.append(
                    (
                        ((there << 40) + number).to_bytes(32, "big"),
                        on,
                        month_of(on),
                        supplier.id,
                        supplier.name,
                        *(cents, cents, cents),
                        f"INV-{there + number:08d}",
                        f"CC{place % 40:03d}",
                        tool.id,
                        *(1, True, True, ledger.id, "USD", "net", unit_id, "column", "software", "decision"),
                        *(False, False, imported.id),
                    )
                )
                number += 1
        first, *_, last = _with_ids(session, rows)
        insert_rows(
            session,
            table_of(Sighting),
            ("line_id", "import_id", "sheet_id", "row", "cell", "living"),
            (
                (line, imported.id, sheet.id, row, f"F{row}", True)
                for row, line in enumerate(range(first, last + 1), 2)
            ),
        )
    summaries = Deltas()
    summaries.put_where(session, true())
    summaries.write(session)


def _with_ids(session: Session, rows: list[tuple[object, ...]]) -> Sequence[int]:
    ids = reserve_ids(session, table_of(SpendLine), len(rows))
    insert_rows(
        session,
        table_of(SpendLine),
        ("id", *_LINE),
        ((number, *row) for number, row in zip(ids, rows, strict=True)),
    )
    return ids


def _usage(session: Session, tools: list[Tool], users: int, chance: random.Random) -> None:
    for tool in tools:
        snapshot = builders.usage(session, tool)
        ids = reserve_ids(session, table_of(ToolUser), users)
        insert_rows(
            session,
            table_of(ToolUser),
            ("id", "tool_id", "user_key", "account_kind"),
            ((each, tool.id, f"user{place}@example.com", "person") for place, each in enumerate(ids)),
        )
        insert_rows(
            session,
            table_of(UsageRecord),
            (
                *("snapshot_id", "tool_user_id", "licence", "feature", "assigned", "never", "last_activity"),
                *("row", "cell"),
            ),
            (
                (
                    *(snapshot.id, each, "", "", True, False),
                    AS_OF - timedelta(days=chance.randrange(200)),
                    *(place + 2, f"A{place + 2}"),
                )
                for place, each in enumerate(ids)
            ),
        )


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return Base.metadata.tables[model.__tablename__]
