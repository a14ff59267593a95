"""The money of a negotiation pack: contract lines with their prices, terms and first quotes kept, what was invoiced."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.commitments import agreements
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.wording import count, money
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import fiscal_year, fiscal_year_name, month_of
from mopsaudit.reporting import (
    Amount,
    Column,
    LineFilter,
    Missing,
    Plot,
    Ratio,
    Report,
    Row,
    Series,
    Trace,
    Value,
    ValueKind,
    stated,
)
from mopsaudit.scope import Scope
from mopsaudit.store.models import LegalEntity, TermHistory
from mopsaudit.workbook.negotiation_records import chapter

#: Fiscal years of what was paid, the current one last.
YEARS: Final = 4


def contracts_with(session: Session, scope: Scope, vendor_ids: Collection[int]) -> tuple[ContractFact, ...]:
    """The scope's signed contracts with these companies."""
    return tuple(each for each in agreements(session, scope) if each.vendor.id in vendor_ids)


def contract_lines(session: Session, scope: Scope, contracts: tuple[ContractFact, ...], name: str) -> Report:
    """What each contract buys, at which price, for how long, and which of our companies signed it."""
    entities = {row[0]: row[1] for row in session.execute(select(LegalEntity.id, LegalEntity.name))}
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
            if line.counted:
                each = Amount(currency=contract.currency, minor=None, why="no price, or no quantity")
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
                        "metric": line.metric.replace("_", " ") if line.metric else None,
                        "quantity": stated(line.seats, "no quantity is stated")
                        if line.counted
                        else line.seats,
                        "price": price,
                        "each": each,
                        "currency": contract.currency,
                        "starts": stated(line.starts_on or contract.terms.start_on, "no start is stated"),
                        "ends": line.ends_on or contract.stands.over_on or _endless(contract),
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


def _endless(contract: ContractFact) -> Value:
    """What stands where no end does: unknown with its reason, or that there is none."""
    return Missing(contract.stands.undated) if contract.stands.undated else None


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
            Ratio(numerator=None, denominator=last, why="no price was kept")
            if term.amount_minor is None
            else None
            if not last
            else Ratio(numerator=term.amount_minor - last, denominator=last)
        )
        off = (
            Ratio(numerator=None, denominator=None, why="no price or no first quote was kept")
            if term.amount_minor is None or not term.first_quote_minor
            else Ratio(
                numerator=term.first_quote_minor - term.amount_minor, denominator=term.first_quote_minor
            )
        )
        saved += (off.numerator or 0) > 0
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
                    "seats": stated(term.seats, "no quantity was kept"),
                    "quote": amount(term.first_quote_minor, "no first quote was kept"),
                    "quoted": stated(term.quoted_on, "no first quote was kept"),
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
