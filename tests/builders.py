"""Builders of records for tests: keyword arguments, sensible defaults, flushed, never committed.

Money is given in minor units. A spend line comes with its import, sighting and kept summary, so that what a test
builds passes ``db check`` but for the file on disk.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.summaries import KEY, key_digest
from mopsaudit.organisation import create_unit
from mopsaudit.periods import month_of
from mopsaudit.store.models import (
    AllocationKey,
    AllocationShare,
    BudgetAmount,
    BudgetLine,
    BudgetVersion,
    BusinessCase,
    BusinessUnit,
    CaseFlow,
    Contract,
    ContractLine,
    Decision,
    ExchangeRate,
    FiscalYear,
    Import,
    ImportSheet,
    ImportStatus,
    Instalment,
    LedgerSummary,
    LegalEntity,
    OrderLine,
    Person,
    PurchaseOrder,
    Sighting,
    SourceLedger,
    SpendLine,
    StoredFile,
    Supplier,
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
from mopsaudit.words import SpendType

T = TypeVar("T")
NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
_numbers = count(1)


def _add(session: Session, record: T) -> T:
    session.add(record)
    session.flush()
    return record


def unit(
    session: Session, code: str = "EMEA", *, name: str = "", parent: BusinessUnit | None = None
) -> BusinessUnit:
    """A business unit below ``parent`` (default: the root)."""
    return create_unit(session, code=code, name=name or code.title(), parent=parent)


def entity(session: Session, code: str = "UK", **values: Any) -> LegalEntity:
    """A legal entity."""
    return _add(session, LegalEntity(code=code, name=values.pop("name", f"{code} Ltd"), **values))


def person(session: Session, name: str = "Ada Finance", *, email: str | None = None, **values: Any) -> Person:
    """A person; the address follows the name."""
    address = email or f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.com"
    return _add(session, Person(name=name, email=address, email_key=address.lower(), **values))


def vendor(session: Session, name: str = "Adobe", **values: Any) -> Vendor:
    """A vendor."""
    return _add(session, Vendor(name=name, **values))


def tool(
    session: Session,
    name: str = "Marketo",
    *,
    of: Vendor | None = None,
    category: str = "engagement",
    status: str = "active",
    types: Sequence[str] = (),
    capabilities: Sequence[str] | dict[str, int | None] = (),
    units: Sequence[BusinessUnit] = (),
    business_owner: Person | None = None,
    budget_holder: Person | None = None,
    **values: Any,
) -> Tool:
    """A tool. ``capabilities`` names ids, or maps each to its use in halves (0, 1, 2 or None unknown)."""
    made = _add(
        session,
        Tool(name=name, vendor_id=of.id if of else None, category=category, status=status, **values),
    )
    used = capabilities if isinstance(capabilities, dict) else dict.fromkeys(capabilities)
    session.add(ToolState(tool_id=made.id, status=status))
    session.add_all(ToolType(tool_id=made.id, type_id=each) for each in types)
    session.add_all(
        ToolCapability(tool_id=made.id, capability_id=each, used_halves=halves)
        for each, halves in used.items()
    )
    session.add_all(ToolUnit(tool_id=made.id, unit_id=each.id) for each in units)
    for part, who in (("business_owner", business_owner), ("budget_holder", budget_holder)):
        if who is not None:
            session.add(ToolPerson(tool_id=made.id, person_id=who.id, part=part))
    session.flush()
    return made


def allocation(
    session: Session, shared: Tool, shares: dict[int, int], *, basis: str = "fixed"
) -> AllocationKey:
    """An allocation key of a shared tool; ``shares`` maps unit id to parts per million."""
    key = _add(session, AllocationKey(tool_id=shared.id, basis=basis))
    session.add_all(
        AllocationShare(key_id=key.id, unit_id=each, share_ppm=ppm) for each, ppm in shares.items()
    )
    session.flush()
    return key


def contract(
    session: Session,
    of: Vendor,
    *,
    title: str = "",
    currency: str = "USD",
    lines: Sequence[dict[str, Any]] = (),
    instalments: Sequence[tuple[date, int]] = (),
    **values: Any,
) -> Contract:
    """A contract. ``lines`` are ContractLine values with ``tool`` and ``seats``; ``instalments`` (due, minor).

    It ends by itself unless ``renewal_kind`` is given.
    """
    values.setdefault("renewal_kind", "express")
    made = _add(
        session, Contract(vendor_id=of.id, title=title or f"{of.name} agreement", currency=currency, **values)
    )
    for given in lines:
        contract_line(session, made, **given)
    session.add_all(
        Instalment(contract_id=made.id, due_on=due, amount_minor=minor, currency=currency)
        for due, minor in instalments
    )
    session.flush()
    return made


def contract_line(
    session: Session,
    of: Contract,
    *,
    tool: Tool | None = None,
    seats: int | None = None,
    amount_minor: int | None = 12_000_00,
    licence_metric: str | None = "named_seat",
    **values: Any,
) -> ContractLine:
    """A line of a contract: ``amount_minor`` over ``amount_months`` (12)."""
    return _add(
        session,
        ContractLine(
            contract_id=of.id,
            tool_id=tool.id if tool else None,
            quantity_micro=None if seats is None else seats * 1_000_000,
            amount_minor=amount_minor,
            licence_metric=licence_metric,
            **values,
        ),
    )


def order(
    session: Session,
    number: str = "PO-1",
    *,
    currency: str = "USD",
    lines: Sequence[dict[str, Any]] = (),
    **values: Any,
) -> PurchaseOrder:
    """A purchase order; ``lines`` are OrderLine values (``amount_minor`` at least)."""
    made = _add(session, PurchaseOrder(number=number, currency=currency, **values))
    session.add_all(OrderLine(order_id=made.id, **given) for given in lines)
    session.flush()
    return made


def source(session: Session, name: str = "AP", *, kind_of_source: str = "ap", **values: Any) -> SourceLedger:
    """The ledger of that name, made once."""
    found = session.scalars(select(SourceLedger).where(SourceLedger.name == name)).one_or_none()
    return found or _add(session, SourceLedger(name=name, kind_of_source=kind_of_source, **values))


def import_file(
    session: Session,
    name: str = "Spend.xlsx",
    *,
    kind: str = "spend",
    status: str = ImportStatus.IMPORTED,
    of: SourceLedger | None = None,
    content: bytes | None = None,
    **values: Any,
) -> Import:
    """An import with one used sheet ``Sheet1``. Its original is recorded but not written to disk."""
    digest = hashlib.sha256(
        content if content is not None else f"{name} {next(_numbers)}".encode()
    ).hexdigest()
    stored = _add(
        session, StoredFile(sha256=digest, size=len(content or b""), stored_name=digest[:32], stored_at=NOW)
    )
    made = _add(
        session,
        Import(
            kind=kind,
            status=status,
            file_id=stored.id,
            file_name=name,
            sha256=digest,
            options={},
            source_id=of.id if of else None,
            created_by="system",
            created_at=NOW,
            **values,
        ),
    )
    _add(session, ImportSheet(import_id=made.id, position=0, name="Sheet1", used=True, detail={}))
    return made


def sheet_of(session: Session, of: Import) -> ImportSheet:
    """The first sheet of an import."""
    return session.scalars(
        select(ImportSheet).where(ImportSheet.import_id == of.id).order_by(ImportSheet.position).limit(1)
    ).one()


def supplier(
    session: Session, name: str = "ADOBE SYSTEMS", *, of: Tool | None = None, **values: Any
) -> Supplier:
    """The supplier of that name, made once; ``of`` settles it as that tool."""
    found = session.scalars(select(Supplier).where(Supplier.key == name.casefold())).one_or_none()
    if found is not None:
        return found
    if of is not None:
        values = {
            "settled": "tool",
            "tool_id": of.id,
            "vendor_id": of.vendor_id,
            "method": "decision",
            **values,
        }
    return _add(session, Supplier(key=name.casefold(), name=name, **values))


def spend_line(
    session: Session,
    amount_minor: int,
    *,
    on: date | None = date(2026, 6, 15),
    tool: Tool | None = None,
    currency: str = "USD",
    supplied_by: Supplier | None = None,
    of: SourceLedger | None = None,
    from_import: Import | None = None,
    unit: BusinessUnit | None = None,
    spend_type: str | None = None,
    converted: bool = True,
    cell: str | None = None,
    **values: Any,
) -> SpendLine:
    """A living line with its sighting and its part of the kept summary.

    ``converted`` false leaves it without a base amount; else the base amount equals the amount unless
    ``base_minor`` is given; ``month`` is the day's unless given. The spend type defaults to software for a
    tool's line, to unknown otherwise.
    """
    ledger = of or source(session)
    imported = from_import or import_file(session, of=ledger)
    number = next(_numbers)
    kind = spend_type if spend_type is not None else (SpendType.SOFTWARE if tool else None)
    base = values.pop("base_minor", amount_minor if converted else None)
    month = values.pop("month", None if on is None else month_of(on))
    line = _add(
        session,
        SpendLine(
            identity=hashlib.sha256(str(number).encode()).digest(),
            ordinal=1,
            source_id=ledger.id,
            booked_on=on,
            month=month,
            supplier_id=supplied_by.id if supplied_by else None,
            supplier_text=supplied_by.name if supplied_by else None,
            amount_minor=amount_minor,
            booked_minor=amount_minor,
            currency=currency,
            base_minor=base,
            unit_id=unit.id if unit else None,
            unit_how="column" if unit else "none",
            tool_id=tool.id if tool else None,
            spend_type=kind,
            method="decision" if tool else "none",
            first_import_id=imported.id,
            **values,
        ),
    )
    sheet = sheet_of(session, imported)
    row = number + 1
    session.add(
        Sighting(line_id=line.id, import_id=imported.id, sheet_id=sheet.id, row=row, cell=cell or f"F{row}")
    )
    _summarise(session, line)
    return line


def _summarise(session: Session, line: SpendLine) -> None:
    if not (line.living and line.counts) or line.out_of_scope:
        return
    names = ("tool_id", "supplier_id", "unit_id", "entity_id", "source_id", "month", "currency", "spend_type")
    columns = {name: getattr(line, name) for name in (*names, "cost_centre", "gl_account")}
    key = summary_key(**columns)
    row = session.scalars(select(LedgerSummary).where(LedgerSummary.key == key)).one_or_none()
    if row is None:
        row = LedgerSummary(key=key, amount_minor=0, base_minor=0, unconverted_minor=0, lines=0, **columns)
        session.add(row)
    row.amount_minor += line.amount_minor
    row.base_minor += line.base_minor or 0
    row.unconverted_minor += line.amount_minor if line.base_minor is None else 0
    row.lines += 1
    session.flush()


def summary_key(**columns: Any) -> bytes:
    """A key unique for the columns' values."""
    return key_digest(tuple(columns[name] for name in KEY))


def usage(
    session: Session,
    of: Tool,
    *,
    as_of: date = date(2026, 9, 30),
    users: Sequence[dict[str, Any]] = (),
    grade: str = "A",
    event: str = "activity",
    from_import: Import | None = None,
    **values: Any,
) -> UsageSnapshot:
    """A snapshot. Each user is a dict with ``key`` and UsageRecord values (``last_activity``, ``never`` …);
    ``account_kind``, ``person`` go to the tool's user.
    """
    imported = from_import or import_file(session, "Users.csv", kind="usage")
    snapshot = _add(
        session,
        UsageSnapshot(
            tool_id=of.id,
            import_id=imported.id,
            sheet_id=sheet_of(session, imported).id,
            as_of=as_of,
            grade=grade,
            event=event,
            **values,
        ),
    )
    for row, given in enumerate(users, 2):
        record = dict(given)
        key = record.pop("key")
        who: Person | None = record.pop("person", None)
        kind = record.pop("account_kind", "person")
        user = session.scalars(
            select(ToolUser).where(ToolUser.tool_id == of.id, ToolUser.user_key == key)
        ).one_or_none()
        if user is None:
            user = _add(
                session,
                ToolUser(tool_id=of.id, user_key=key, account_kind=kind, person_id=who.id if who else None),
            )
        session.add(
            UsageRecord(snapshot_id=snapshot.id, tool_user_id=user.id, row=row, cell=f"A{row}", **record)
        )
    session.flush()
    return snapshot


def fiscal_year(session: Session, end_year: int = 2026, *, starts_on: date | None = None) -> FiscalYear:
    """The fiscal year of that name, made once; the calendar year unless ``starts_on`` is given."""
    name = f"FY{end_year}"
    found = session.scalars(select(FiscalYear).where(FiscalYear.name == name)).one_or_none()
    start = starts_on or date(end_year, 1, 1)
    return found or _add(
        session, FiscalYear(name=name, starts_on=start, ends_on=start.replace(year=start.year + 1))
    )


def budget(
    session: Session,
    *,
    year: FiscalYear | None = None,
    name: str = "Budget",
    status: str = "locked",
    currency: str = "USD",
    lines: Sequence[dict[str, Any]] = (),
    **values: Any,
) -> BudgetVersion:
    """A budget. Each line is BudgetLine values with ``months`` (month index → minor) or ``monthly`` (minor × 12)."""
    of = year or fiscal_year(session)
    made = _add(session, BudgetVersion(fiscal_year_id=of.id, name=name, status=status, **values))
    for given in lines:
        line_values = dict(given)
        monthly = line_values.pop("monthly", None)
        months: dict[int, int] = line_values.pop("months", {})
        if monthly is not None:
            months = {month_of(of.starts_on) + index: monthly for index in range(12)}
        line = _add(session, BudgetLine(budget_id=made.id, **{"currency": currency, **line_values}))
        session.add_all(
            BudgetAmount(line_id=line.id, month=month, amount_minor=minor) for month, minor in months.items()
        )
    session.flush()
    return made


def rate(
    session: Session,
    currency: str,
    into: str,
    value: str,
    *,
    on: date = date(2026, 1, 1),
    kind: str = "booking",
) -> ExchangeRate:
    """An exchange rate: ``value`` (decimal text) units of ``into`` for one of ``currency``."""
    return _add(session, ExchangeRate(currency=currency, into=into, kind=kind, valid_from=on, rate=value))


def case(
    session: Session,
    title: str = "Marketo for EMEA",
    *,
    status: str = "approved",
    currency: str = "USD",
    flows: Sequence[dict[str, Any]] = (),
    **values: Any,
) -> BusinessCase:
    """A business case; ``flows`` are CaseFlow values (``side``, ``month``, ``amount_minor`` at least)."""
    made = _add(session, BusinessCase(title=title, status=status, currency=currency, **values))
    session.add_all(CaseFlow(case_id=made.id, **{"currency": currency, **given}) for given in flows)
    session.flush()
    return made


def decision(session: Session, on_tool: Tool, verdict: str = "keep", **values: Any) -> Decision:
    """A decision on a tool."""
    given = {"decided_on": date(2026, 9, 1), "reason": "Used daily.", "currency": "USD", **values}
    return _add(session, Decision(tool_id=on_tool.id, verdict=verdict, **given))
