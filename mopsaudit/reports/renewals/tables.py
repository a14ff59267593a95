"""Tables and the chart of the renewals report: columns, price history, next year, the weekly curve. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.published import ONE_YEAR, beside, share_of
from mopsaudit.facts.terms import IN_FORCE, TermState
from mopsaudit.facts.wording import count, day, listed, money
from mopsaudit.periods import add_months
from mopsaudit.reporting import Amount, Column, Plot, Row, Section, Series, Trace, ValueKind, stated
from mopsaudit.reports.renewals.arithmetic import Split, weekly_curve
from mopsaudit.reports.renewals.facts import HistoryFact, RenewalFacts

#: The timeline shows the contracts whose send-by date has passed or comes within so many days, the first so many.
_TIMELINE_DAYS: Final = 120
_TIMELINE_ROWS: Final = 15

COLUMNS: Final = (
    Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
    Column(key="line", label="Line", wide=True),
    Column(key="contract", label="Contract", kind=ValueKind.REF, wide=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF, wide=True),
    Column(key="unit", label="Unit", wide=True),
    Column(key="state", label="State", what="Where the contract stands on the day."),
    Column(key="renews", label="Renews", wide=True),
    Column(key="end", label="Ends", kind=ValueKind.DATE),
    Column(key="notice_by", label="Notice by", kind=ValueKind.DATE, what="The last day notice counts."),
    Column(
        key="send_by",
        label="Send by",
        kind=ValueKind.DATE,
        what="The business day notice must leave the house; after a missed window the next term's.",
    ),
    Column(
        key="alert",
        label="Alert",
        kind=ValueKind.DATE,
        what="The contract's lead time before the notice day.",
        wide=True,
    ),
    Column(key="days", label="Days left", kind=ValueKind.NUMBER),
    Column(
        key="gate",
        label="Gate",
        kind=ValueKind.NUMBER,
        what="The narrowest of the renewal gates reached; 0 once send-by has passed.",
        wide=True,
    ),
    Column(key="owner", label="Owner", kind=ValueKind.REF),
    Column(key="seats", label="Seats", kind=ValueKind.NUMBER, wide=True),
    Column(key="cost", label="Yearly cost", kind=ValueKind.MONEY, summed=True),
    Column(
        key="next_term",
        label="Next term costs",
        kind=ValueKind.MONEY,
        what="What doing nothing adds: the price of the next term at today's price.",
        wide=True,
    ),
    Column(key="locked", label="Next year, locked in", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="decidable", label="Next year, decidable", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="free", label="Next year, free", kind=ValueKind.MONEY, summed=True, wide=True),
    Column(key="problems", label="To check", wide=True),
)


def columns_for(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns: what is to check among the first where there is anything of the kind, the vendor where a row has
    no tool to be known by.
    """
    shown = {"problems"} if any(row.values["problems"] for row in rows) else set()
    if any(row.values["tool"] is None for row in rows):
        shown.add("vendor")
    return tuple(replace(each, wide=False) if each.key in shown else each for each in COLUMNS)


def sections(facts: RenewalFacts, splits: Mapping[tuple[int, int], Split]) -> tuple[Section, ...]:
    """Next year by what can still be changed, its weekly curve, and the price history."""
    return (
        _next_year(facts, splits),
        _curve(facts),
        *((_history(facts),) if facts.history else ()),
        *beside({ONE_YEAR: share_of(_terms(facts))}),
    )


def _terms(facts: RenewalFacts) -> list[bool]:
    """Of each contract in force whose term is known, whether it is one year."""
    found = []
    for contract in facts.contracts:
        terms = contract.terms
        if contract.stands.state not in IN_FORCE or terms.month_to_month or terms.initial_months is None:
            continue
        first = terms.start_on is None or facts.as_of < add_months(terms.start_on, terms.initial_months)
        months = terms.initial_months if first or not terms.automatic else terms.renewal_months
        if months is not None:
            found.append(months == 12)
    return found


def _money(facts: RenewalFacts, minor: int | None, lines: tuple[int, ...], why: str | None = None) -> Amount:
    return Amount(
        currency=facts.currency,
        minor=minor,
        origins=len(lines),
        why=why,
        basis="contract",
        trace=Trace(contract_lines=lines),
    )


def _next_year(facts: RenewalFacts, splits: Mapping[tuple[int, int], Split]) -> Section:
    rows, sums = [], {}
    for key, label in (("locked", "Locked in"), ("decidable", "Decidable by a date"), ("free", "Free")):
        parts = {line: getattr(each, key) for (_, line), each in splits.items() if each.why is None}
        lines = tuple(sorted(line for line, minor in parts.items() if minor))
        sums[key] = sum(parts.values())
        dates = [
            each.decide_by
            for each in splits.values()
            if key == "decidable" and each.decidable and each.decide_by is not None
        ]
        rows.append(
            Row(
                id=key,
                values={
                    "part": label,
                    "amount": _money(facts, sums[key], lines),
                    "lines": len(lines),
                    "first": min(dates, default=None),
                },
            )
        )
    unknown = [line for (_, line), each in splits.items() if each.why is not None]
    if unknown:
        rows.append(
            Row(
                id="unknown",
                values={
                    "part": "Unknown (no price, no rate or no terms)",
                    "amount": _money(facts, None, (), "price, rate or terms are not known"),
                    "lines": len(unknown),
                    "first": None,
                },
            )
        )
    sentence = (
        f"Of {money(sum(sums.values()), facts.currency)} for the year from {day(facts.next_year.start)}, "
        f"{money(sums['locked'], facts.currency)} is locked in and "
        f"{money(sums['decidable'], facts.currency)} goes on unless somebody acts."
    )
    return Section(
        key="next_year",
        title="Already committed next year",
        sentence=sentence,
        columns=(
            Column(key="part", label="Part", primary=True),
            Column(key="amount", label="Next year", kind=ValueKind.MONEY, summed=True),
            Column(key="lines", label="Contract lines", kind=ValueKind.NUMBER),
            Column(key="first", label="First send-by", kind=ValueKind.DATE),
        ),
        rows=tuple(rows),
    )


def _curve(facts: RenewalFacts) -> Section:
    curve = weekly_curve(facts.contracts, facts.next_year, facts.as_of)
    rows = []
    before: int | None = None
    for when, minor in curve:
        if minor == before:
            continue  # only weeks in which something becomes un-cuttable
        rows.append(
            Row(
                id=when.isoformat(),
                values={
                    "week": when,
                    "locked": Amount(currency=facts.currency, minor=minor, basis="contract"),
                    "more": Amount(
                        currency=facts.currency,
                        minor=0 if before is None else minor - before,
                        basis="contract",
                    ),
                },
            )
        )
        before = minor
    first, last = curve[0][1], curve[-1][1]
    return Section(
        key="curve",
        title="What becomes un-cuttable, week by week",
        sentence=(
            f"If nobody acts, {money(last - first, facts.currency)} more of next year is locked in by "
            f"{day(curve[-1][0])}."
        ),
        columns=(
            Column(key="week", label="By", kind=ValueKind.DATE, primary=True),
            Column(key="locked", label="Locked in of next year", kind=ValueKind.MONEY),
            Column(key="more", label="More than before", kind=ValueKind.MONEY),
        ),
        rows=tuple(rows),
    )


def timeline_plot(facts: RenewalFacts) -> tuple[Plot, ...]:
    """When notice must be sent, when it must have arrived and when the term ends, of the contracts that come next.

    Days from the as-of date; a date passed stands left of it. After a missed window the next term's dates are shown.
    """
    near = sorted(
        (
            each
            for each in facts.contracts
            if each.stands.due is not None and (each.stands.due - facts.as_of).days <= _TIMELINE_DAYS
        ),
        key=lambda each: (each.stands.due or date.max, each.title, each.id),
    )[:_TIMELINE_ROWS]
    if not near:
        return ()

    def days(when: date | None) -> int | None:
        return None if when is None else (when - facts.as_of).days

    sent, arrived, ends = [], [], []
    for contract in near:
        stands = contract.stands
        missed = stands.state is TermState.WINDOW_MISSED
        sent.append(days(stands.due))
        arrived.append(days(stands.next_notice_by if missed else stands.notice_by))
        ends.append(days(stands.next_end if missed else stands.end))
    return (
        Plot(
            kind="timeline",
            title="Send by, notice by and end of the contracts that come next",
            labels=tuple(f"{_sold(each)} · {day(each.stands.due)}" for each in near if each.stands.due),
            series=(
                Series(key="from", label="Sent until", values=tuple(sent), style="span", colour="muted"),
                Series(key="until", label="End", values=tuple(ends), style="span", colour="muted"),
                Series(key="send_by", label="Send by", values=tuple(sent), style="dot", colour="bad"),
                Series(key="notice_by", label="Notice by", values=tuple(arrived), style="dot", colour="warn"),
                Series(key="end", label="Term ends", values=tuple(ends), style="dot", colour="accent"),
            ),
            axis=f"days from {day(facts.as_of)}",
        ),
    )


def _sold(contract: ContractFact) -> str:
    """What a contract is about in a few words: its tools, else its vendor; a contract number says nothing."""
    tools = list(dict.fromkeys(line.tool.label for line in contract.lines if line.tool is not None))
    return listed(tools, most=1) if tools else contract.vendor.label


def curve_plot(facts: RenewalFacts) -> tuple[Plot, ...]:
    """The weekly curve as a line."""
    curve = weekly_curve(facts.contracts, facts.next_year, facts.as_of)
    return (
        Plot(
            kind="lines",
            title="Next year's spend that can no longer be cut",
            labels=tuple(day(when) for when, _ in curve),
            series=(
                Series(
                    key="locked", label="Locked in", values=tuple(minor for _, minor in curve), style="line"
                ),
            ),
            axis=facts.currency,
            currency=facts.currency,
            mark=0,
        ),
    )


def _history(facts: RenewalFacts) -> Section:
    contracts = {contract.id: contract for contract in facts.contracts}
    before: dict[int, HistoryFact] = {}
    rows = []
    for past in facts.history:
        contract = contracts[past.contract_id]
        rows.append(_history_row(contract, past, before.get(contract.id)))
        before[contract.id] = past
    quoted = sum(past.first_quote_minor is not None for past in facts.history)
    return Section(
        key="history",
        title="Price history",
        sentence=f"{count(len(rows), 'past term')} of {count(len(before), 'contract')} are kept, "
        f"{quoted} with the vendor's first quote.",
        columns=(
            Column(key="contract", label="Contract", kind=ValueKind.REF, primary=True),
            Column(key="term_start", label="From", kind=ValueKind.DATE),
            Column(key="term_end", label="Until", kind=ValueKind.DATE),
            Column(key="price", label="Price", kind=ValueKind.MONEY),
            Column(key="seats", label="Seats", kind=ValueKind.NUMBER),
            Column(key="first_quote", label="First quote", kind=ValueKind.MONEY),
            Column(key="quoted_on", label="Quoted on", kind=ValueKind.DATE),
            Column(key="won", label="Below first quote", kind=ValueKind.MONEY),
            Column(key="change", label="Against the term before", kind=ValueKind.MONEY),
            Column(key="outcome", label="Outcome", wide=True),
        ),
        rows=tuple(rows),
    )


def _history_row(contract: ContractFact, past: HistoryFact, before: HistoryFact | None) -> Row:
    def amount(minor: int | None, why: str) -> Amount:
        return Amount(currency=contract.currency, minor=minor, why=why, origins=1 if minor is not None else 0)

    price, quote = past.amount_minor, past.first_quote_minor
    won = None if price is None or quote is None else quote - price
    earlier = before.amount_minor if before else None
    change = None if price is None or earlier is None else price - earlier
    return Row(
        id=f"term:{past.id}",
        values={
            "contract": contract.ref,
            "term_start": past.term_start,
            "term_end": past.term_end,
            "price": amount(price, "not recorded"),
            "seats": stated(past.seats, "not recorded"),
            "first_quote": amount(quote, "not recorded"),
            "quoted_on": stated(past.quoted_on, "not recorded"),
            "won": amount(won, "price or first quote not recorded"),
            "change": amount(change, "no price of the term before"),
            "outcome": past.outcome,
        },
        opens=contract.ref,
    )
