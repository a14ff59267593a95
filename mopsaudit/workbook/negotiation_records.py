"""What a negotiation pack says besides the reports: names, contract lines, prices, what was paid, alternatives."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.commitments import agreements
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.wording import count, listed, money
from mopsaudit.inventory.listing import list_tools
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import fiscal_year, fiscal_year_name, month_of
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Headline,
    LineFilter,
    Plot,
    Ratio,
    Ref,
    Report,
    Row,
    Series,
    Trace,
    ValueKind,
)
from mopsaudit.scope import Scope
from mopsaudit.store.models import LegalEntity, Supplier, TermHistory, Vendor, VendorName

#: Fiscal years of what was paid, the current one last.
YEARS: Final = 4
#: Alternatives shown for each of the vendor's tools.
ALTERNATIVES: Final = 5
#: A tool counts as an alternative from this share of capabilities on, in percent.
LEAST_COVER: Final = 25


def chapter(
    scope: Scope,
    name: str,
    title: str,
    answer: str,
    columns: tuple[Column, ...],
    rows: list[Row],
    *,
    headlines: tuple[Headline, ...] = (),
    plots: tuple[Plot, ...] = (),
    trust: str = "",
    empty: str,
) -> Report:
    """A chapter of the pack in the form every report has."""
    return Report(
        name=name,
        title=title,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=answer,
        headlines=headlines,
        columns=columns,
        rows=tuple(rows),
        plots=plots,
        coverage=Coverage(sentence=trust),
        empty=empty,
    )


def companies(session: Session, scope: Scope, vendor_ids: Collection[int], name: str) -> Report:
    """The vendor, the companies that belong to it, their names, and what ledgers call them."""
    rows = []
    vendors = {
        vendor.id: vendor
        for vendor in session.scalars(
            select(Vendor).where(Vendor.id.in_(sorted(vendor_ids))).order_by(Vendor.id)
        )
    }
    kinds = {
        "legal": "legal entity",
        "trading": "trading name",
        "past": "past name",
        "billing": "billing name",
    }
    for vendor in vendors.values():
        parent = vendors.get(vendor.parent_id or 0)
        what = f"belongs to {parent.name}" if parent else "vendor"
        rows.append(_company(f"vendor-{vendor.id}", vendor.name, what, vendor.name, vendor.country))
    for each in session.scalars(
        select(VendorName)
        .where(VendorName.vendor_id.in_(sorted(vendors)))
        .order_by(VendorName.vendor_id, VendorName.kind, VendorName.name, VendorName.id)
    ):
        of = vendors[each.vendor_id]
        rows.append(
            _company(f"name-{each.id}", each.name, kinds.get(each.kind, each.kind), of.name, of.country)
        )
    for supplier in session.scalars(
        select(Supplier).where(Supplier.vendor_id.in_(sorted(vendors))).order_by(Supplier.name, Supplier.id)
    ):
        vendor_id = supplier.vendor_id or 0
        rows.append(
            _company(
                f"supplier-{supplier.id}",
                supplier.name,
                "as printed in ledgers",
                vendors[vendor_id].name,
                None,
            )
        )
    legal = len(vendors) + sum(1 for row in rows if row.values["kind"] == "legal entity")
    return chapter(
        scope,
        "companies",
        "Companies",
        f"{name} stands under {count(len(rows), 'name')}, {count(legal, 'company', 'companies')} among them.",
        (
            Column(key="name", label="Name", primary=True),
            Column(key="kind", label="What it is"),
            Column(key="of", label="Company"),
            Column(key="country", label="Country"),
        ),
        rows,
        empty="No name is known.",
    )


def _company(row_id: str, name: str, kind: str, of: str, country: str | None) -> Row:
    return Row(id=row_id, values={"name": name, "kind": kind, "of": of, "country": country})


def contracts_with(session: Session, scope: Scope, vendor_ids: Collection[int]) -> tuple[ContractFact, ...]:
    """The scope's signed contracts with these companies."""
    return tuple(each for each in agreements(session, scope) if each.vendor.id in vendor_ids)


def contract_lines(session: Session, scope: Scope, contracts: tuple[ContractFact, ...], name: str) -> Report:
    """What each contract buys, at which price, for how long, and which of our companies signed it."""
    entities = dict(session.execute(select(LegalEntity.id, LegalEntity.name)).tuples().all())
    rows = []
    total = 0
    unknown = 0
    for contract in contracts:
        for line in contract.lines:
            price = Amount(
                currency=scope.currency,
                minor=line.base_minor,
                why=None if line.base_minor is not None else "no price, or no rate for its currency",
                trace=Trace(contract_lines=(line.id,)),
                origins=1,
            )
            total += line.base_minor or 0
            unknown += line.base_minor is None
            each: Amount | None = None
            if line.seats and line.annual_minor:
                each = Amount(
                    currency=contract.currency,
                    minor=ratio_half_even(line.annual_minor, 1_000_000, line.quantity_micro or 1),
                    trace=Trace(contract_lines=(line.id,)),
                )
            rows.append(
                Row(
                    id=f"line-{line.id}",
                    opens=contract.ref,
                    category=line.category,
                    values={
                        "contract": contract.ref,
                        "line": line.description or None,
                        "tool": line.tool,
                        "metric": line.metric,
                        "quantity": line.seats,
                        "price": price,
                        "each": each,
                        "currency": contract.currency,
                        "starts": line.starts_on or contract.terms.start_on,
                        "ends": line.ends_on or contract.stands.over_on,
                        "escalator": _escalator(contract),
                        "entity": entities.get(contract.entity_id or 0),
                        "unit": line.unit,
                        "owner": contract.owner,
                    },
                )
            )
    bought = f"{count(len(contracts), 'contract')} with {count(len(rows), 'line')}"
    answer = f"{bought} cost {money(total, scope.currency)} a year"
    if unknown:
        answer += f"; the price of {count(unknown, 'line')} is not known"
    return chapter(
        scope,
        "lines",
        "Contract lines",
        f"{answer}." if rows else f"No contract with {name} is on record.",
        (
            Column(key="contract", label="Contract", kind=ValueKind.REF, primary=True),
            Column(key="line", label="Line"),
            Column(key="tool", label="Tool", kind=ValueKind.REF),
            Column(key="metric", label="Metric"),
            Column(key="quantity", label="Quantity", kind=ValueKind.NUMBER),
            Column(key="price", label=f"Price a year ({scope.currency})", kind=ValueKind.MONEY, summed=True),
            Column(key="each", label="Price per seat a year (own currency)", kind=ValueKind.MONEY),
            Column(key="currency", label="Currency"),
            Column(key="starts", label="From", kind=ValueKind.DATE),
            Column(key="ends", label="Until", kind=ValueKind.DATE),
            Column(key="escalator", label="Escalator", wide=True),
            Column(key="entity", label="Our company", wide=True),
            Column(key="unit", label="Unit", wide=True),
            Column(key="owner", label="Owner", kind=ValueKind.REF, wide=True),
        ),
        rows,
        empty="Enter a contract, or import a contract list.",
    )


def _escalator(contract: ContractFact) -> str:
    if contract.escalator_kind == "fixed" and contract.escalator_ppm is not None:
        return f"{contract.escalator_ppm / 10_000:g} % a year"
    if contract.escalator_kind == "cap" and contract.escalator_ppm is not None:
        return f"at most {contract.escalator_ppm / 10_000:g} % a year"
    return contract.escalator_kind


def price_history(session: Session, scope: Scope, contracts: tuple[ContractFact, ...]) -> Report:
    """Each term of each contract: price, seats, the first quote and what came of it; in the contract's currency."""
    known = {contract.id: contract for contract in contracts}
    rows = []
    before: dict[int, int] = {}
    saved = 0
    for term in session.scalars(
        select(TermHistory)
        .where(TermHistory.contract_id.in_(sorted(known)), TermHistory.term_start <= scope.as_of)
        .order_by(TermHistory.contract_id, TermHistory.term_start, TermHistory.id)
    ):
        contract = known[term.contract_id]
        own = contract.currency

        def amount(minor: int | None, why: str, currency: str = own) -> Amount:
            return Amount(currency=currency, minor=minor, why=None if minor is not None else why)

        last = before.get(contract.id)
        change = (
            None
            if term.amount_minor is None or not last
            else Ratio(numerator=term.amount_minor - last, denominator=last)
        )
        off = (
            None
            if term.amount_minor is None or not term.first_quote_minor
            else Ratio(
                numerator=term.first_quote_minor - term.amount_minor, denominator=term.first_quote_minor
            )
        )
        saved += off is not None and (off.numerator or 0) > 0
        if term.amount_minor is not None:
            before[contract.id] = term.amount_minor
        rows.append(
            Row(
                id=f"term-{term.id}",
                opens=contract.ref,
                values={
                    "contract": contract.ref,
                    "from": term.term_start,
                    "until": term.term_end,
                    "price": amount(term.amount_minor, "no price was kept"),
                    "currency": own,
                    "change": change,
                    "seats": term.seats,
                    "quote": amount(term.first_quote_minor, "no first quote was kept"),
                    "quoted": term.quoted_on,
                    "off": off,
                    "outcome": term.outcome,
                },
            )
        )
    quoted = sum(1 for row in rows if isinstance(q := row.values["quote"], Amount) and q.minor is not None)
    answer = (
        f"{count(len(rows), 'term')} on record, {quoted} with a first quote; {count(saved, 'term')} closed below it."
        if rows
        else "No earlier term is on record, so neither price changes nor first quotes are known."
    )
    return chapter(
        scope,
        "prices",
        "Price history",
        answer,
        (
            Column(key="contract", label="Contract", kind=ValueKind.REF, primary=True),
            Column(key="from", label="Term from", kind=ValueKind.DATE),
            Column(key="until", label="until", kind=ValueKind.DATE),
            Column(key="price", label="Price of the term (own currency)", kind=ValueKind.MONEY),
            Column(key="currency", label="Currency"),
            Column(key="change", label="Against the term before", kind=ValueKind.RATIO),
            Column(key="seats", label="Seats", kind=ValueKind.NUMBER),
            Column(key="quote", label="First quote (own currency)", kind=ValueKind.MONEY),
            Column(key="quoted", label="Quoted on", kind=ValueKind.DATE),
            Column(key="off", label="Closed below quote by", kind=ValueKind.RATIO),
            Column(key="outcome", label="What came of it"),
        ),
        rows,
        empty="Keep the price and the first quote of each term on the contract's page.",
    )


def paid(session: Session, scope: Scope, vendor_ids: Collection[int]) -> Report:
    """What the ledgers show by fiscal year, this one up to the as-of date; each sum leads to its lines."""
    first = scope.settings.fiscal_start
    year = fiscal_year(scope.as_of, first)
    rows: list[Row] = []
    values: list[int | None] = []
    labels: list[str] = []
    vendors = tuple(sorted(vendor_ids))
    whole = 0
    waiting: list[str] = []
    for back in range(YEARS - 1, -1, -1):
        start = date(year.start.year - back, year.start.month, 1)
        span = fiscal_year(start, first)
        wanted = LineFilter(
            vendor_ids=vendors, month_from=month_of(span.start), month_until=month_of(span.end)
        )
        page = lines_of(session, scope, wanted, limit=1)
        name = fiscal_year_name(span) + (" to date" if back == 0 else "")
        whole += page.base_minor
        waiting += [f"{money(minor, currency)} in {name}" for currency, minor in page.unconverted]
        labels.append(name)
        values.append(page.base_minor)
        amount = Amount(
            currency=scope.currency, minor=page.base_minor, origins=page.count, trace=Trace(lines=wanted)
        )
        rows.append(
            Row(
                id=f"year-{span.start.isoformat()}",
                values={"year": name, "paid": amount, "lines": page.count, "type": "net, as booked"},
            )
        )
    undated = lines_of(session, scope, LineFilter(vendor_ids=vendors, undated=True), limit=1)
    if undated.count:
        wanted = LineFilter(vendor_ids=vendors, undated=True)
        amount = Amount(
            currency=scope.currency,
            minor=undated.base_minor,
            origins=undated.count,
            trace=Trace(lines=wanted),
        )
        rows.append(
            Row(
                id="undated",
                values={"year": "Without a date", "paid": amount, "lines": undated.count, "type": ""},
            )
        )
    plot = Plot(
        kind="columns",
        title="Invoiced by fiscal year",
        labels=tuple(labels),
        series=(Series(key="paid", label="Invoiced", values=tuple(values)),),
        axis=f"{scope.currency}",
        currency=scope.currency,
    )
    return chapter(
        scope,
        "paid",
        "Invoiced",
        f"{money(whole, scope.currency)} in {YEARS} fiscal years, {money(values[-1], scope.currency)} in this one.",
        (
            Column(key="year", label="Fiscal year", primary=True),
            Column(key="paid", label=f"Invoiced ({scope.currency})", kind=ValueKind.MONEY, summed=True),
            Column(key="lines", label="Lines", kind=ValueKind.NUMBER, summed=True),
            Column(key="type", label="Basis"),
        ),
        rows,
        plots=(plot,) if any(values) else (),
        trust=f"Not converted: {', '.join(waiting)}." if waiting else "",
        empty="No spend line names this vendor.",
    )


def alternatives(
    session: Session, scope: Scope, reports: Mapping[str, Report], tool_ids: Collection[int], name: str
) -> Report:
    """What we own elsewhere that can do the same: share of capabilities, free seats, yearly cost."""
    tools = [tool for tool in list_tools(session, scope, include_retired=False) if tool.status != "retired"]
    capability = {each.id: each.name for each in taxonomy().capabilities}
    costs = {
        ref.id: row.values["yearly_cost"]
        for row in reports["stack"].rows
        if isinstance(ref := row.values["tool"], Ref)
    }
    free = {
        ref.id: row.values["unassigned"]
        for row in reports["underuse"].rows
        if isinstance(ref := row.values["tool"], Ref)
    }
    rows = []
    covered = set()
    mine = [tool for tool in tools if tool.id in tool_ids and tool.capabilities]
    for theirs in mine:
        needed = set(theirs.capabilities)
        found = []
        for other in tools:
            shared = needed & set(other.capabilities)
            if other.id not in tool_ids and shared and len(shared) * 100 >= LEAST_COVER * len(needed):
                found.append((-len(shared), other.name, other.id, other, shared))
        for _, _, _, other, shared in sorted(found, key=lambda each: each[:3])[:ALTERNATIVES]:
            covered.add(theirs.id)
            rows.append(
                Row(
                    id=f"pair-{theirs.id}-{other.id}",
                    opens=Ref(kind="tool", id=other.id, label=other.name),
                    category=other.category,
                    values={
                        "theirs": Ref(kind="tool", id=theirs.id, label=theirs.name),
                        "ours": Ref(kind="tool", id=other.id, label=other.name),
                        "vendor": other.vendor,
                        "cover": Ratio(numerator=len(shared), denominator=len(needed)),
                        "shared": listed(sorted(capability.get(each, each) for each in shared), 4),
                        "free": free.get(other.id),
                        "cost": costs.get(other.id),
                    },
                )
            )
    if rows:
        answer = (
            f"{len(covered)} of {count(len(mine), 'tool')} of {name} could lean on something we own already."
        )
    elif mine:
        answer = f"Nothing else we own does a quarter of what the tools of {name} do."
    else:
        answer = f"No capabilities of the tools of {name} are recorded, so alternatives are not known."
    return chapter(
        scope,
        "alternatives",
        "Alternatives we own",
        answer,
        (
            Column(key="theirs", label="Their tool", kind=ValueKind.REF, primary=True),
            Column(key="ours", label="We own", kind=ValueKind.REF),
            Column(key="vendor", label="Vendor"),
            Column(key="cover", label="Of its capabilities", kind=ValueKind.RATIO),
            Column(key="shared", label="Which"),
            Column(key="free", label="Unassigned seats", kind=ValueKind.NUMBER),
            Column(key="cost", label=f"Yearly cost ({scope.currency})", kind=ValueKind.MONEY),
        ),
        rows,
        trust=f"Tools in use that own at least {LEAST_COVER} % of the capabilities, the nearest {ALTERNATIVES} each.",
        empty="Record which capabilities each tool has.",
    )


def open_commitments(scope: Scope, budget: Report, name: str) -> Report:
    """The commitments with the vendor that are not invoiced yet, out of the budget report narrowed to it."""
    section = next((each for each in budget.sections if each.key == "commitments"), None)
    rows = list(section.rows) if section is not None else []
    key = "open"
    if section is not None:
        money_columns = [column.key for column in section.columns if column.kind is ValueKind.MONEY]
        key = money_columns[-1] if money_columns else key
    known = [
        value for row in rows if isinstance(value := row.values.get(key), Amount) and value.minor is not None
    ]
    total = sum(value.minor or 0 for value in known)
    columns = (
        section.columns
        if section is not None
        else (Column(key="what", label="Contract or order", primary=True),)
    )
    return chapter(
        scope,
        "commitments",
        "Open commitments",
        f"{money(total, scope.currency)} in {count(len(rows), 'payment')} of this fiscal year is still to come."
        if rows
        else f"Nothing is committed with {name} for the rest of this fiscal year.",
        columns,
        rows,
        empty="Every instalment and order of this fiscal year is invoiced, or none is on record.",
    )
