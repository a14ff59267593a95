"""What is to be decided, looked up or signed about a contract, in a sentence each (PRODUCT.md §4.5). Pure."""

from collections.abc import Sequence
from typing import Final

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.terms import NO_KIND, NO_NOTICE, TermState
from mopsaudit.facts.wording import count, day, listed, money
from mopsaudit.reporting import Amount, Band, Confidence, Finding, Trace, band_of
from mopsaudit.reports.renewals.facts import RenewalFacts

#: Bands of send-by dates that are asked about now.
SOON: Final = (Band.OVERDUE, Band.DAYS_14, Band.DAYS_30, Band.DAYS_60, Band.DAYS_120)


def yearly(facts: RenewalFacts, contracts: Sequence[ContractFact]) -> Amount:
    """What the running lines of some contracts cost a year; unknown when none has a figure."""
    lines = [line for contract in contracts for line in contract.lines]
    known = [line.base_minor for line in lines if line.base_minor is not None]
    return Amount(
        currency=facts.currency,
        minor=sum(known) if known else None,
        origins=len(known),
        why="no contract line has a price in a known currency",
        basis="contract",
        trace=Trace(contract_lines=tuple(line.id for line in lines)),
    )


def _of_vendor(names: str, vendor: str) -> str:
    """``Cloud (Acme)``; the vendor is left out where the name says it already."""
    return names if vendor.casefold() in names.casefold() else f"{names} ({vendor})"


def findings_of(facts: RenewalFacts, contract: ContractFact) -> tuple[Finding, ...]:
    """What is to be done about one contract, by when; none carries a saving of its own."""
    stands = contract.stands
    found = []
    price = money(yearly(facts, [contract]).minor, facts.currency)
    names = listed([line.tool.label for line in contract.lines if line.tool]) or contract.title
    whose = _of_vendor(names, contract.vendor.label)
    if stands.state is TermState.WINDOW_OPEN and band_of(stands.due, facts.as_of) in SOON:
        late = stands.due is not None and stands.due < facts.as_of
        months = contract.renewal_months
        goes = "it renews" if months is None else f"it renews for {count(months, 'month')}"
        urgent = (
            f"the send-by date {day(stands.due)} has passed; notice must arrive by {day(stands.notice_by)}"
            if late
            else f"send notice by {day(stands.due)}"
        )
        sentence = f"{whose}: {urgent}, or {goes} at {price} a year."
        step = "Decide: keep, renegotiate or end it; record the decision and who sends the notice."
        found.append(_finding(facts, contract, "renewal-due", sentence, step, Confidence.HIGH))
    if stands.state is TermState.WINDOW_MISSED:
        sentence = (
            f"{whose}: the notice day {day(stands.notice_by)} has passed; "
            f"{price} a year is locked in until {day(stands.next_end)}."
        )
        step = "Put the next send-by date in the calendar; a change now needs the vendor's consent."
        found.append(_finding(facts, contract, "window-missed", sentence, step, Confidence.HIGH))
    if stands.state is TermState.OUT_OF_CONTRACT:
        sentence = f"{whose}: the contract ended on {day(stands.end)} and is still paid."
        step = "Sign a new term or stop paying: without a contract there is no agreed price."
        found.append(_finding(facts, contract, "out-of-contract", sentence, step, Confidence.MEDIUM))
    if NO_KIND in stands.problems and stands.over_on is not None:
        found.append(_silent(facts, contract, whose, price))
    elif stands.state is TermState.UNKNOWN:
        title = _of_vendor(contract.title, contract.vendor.label)
        sentence = f"{title}: its dates say nothing, {listed(stands.problems)}."
        step = "Enter the start, the term and the end as the contract has them."
        found.append(_finding(facts, contract, "terms-unknown", sentence, step, Confidence.HIGH))
    elif NO_NOTICE in stands.problems:
        sentence = (
            f"{whose} renews by itself on {day(stands.end)} and the notice period is "
            f"unknown; {price} a year hangs on it."
        )
        step = "Look the notice period up in the contract and enter it."
        found.append(_finding(facts, contract, "notice-unknown", sentence, step, Confidence.HIGH))
    if contract.owner is None and stands.state in (TermState.WINDOW_OPEN, TermState.WINDOW_MISSED):
        sentence = f"Nobody owns the renewal of {whose}, {price} a year."
        step = "Name an owner on the contract."
        found.append(_finding(facts, contract, "no-owner", sentence, step, Confidence.HIGH))
    return tuple(found)


def _silent(facts: RenewalFacts, contract: ContractFact, whose: str, price: str) -> Finding:
    """A contract of which nobody says whether it renews: a question, and a day by which to have asked it."""
    stands = contract.stands
    ran_out = stands.state is TermState.UNKNOWN
    sentence = (
        f"{whose}: its term {'ended' if ran_out else 'ends'} on {day(stands.end)} and nothing says whether it "
        f"{'renewed' if ran_out else 'renews'} by itself; {price} a year hangs on it."
    )
    if stands.due is not None:
        leaves = "had to leave" if stands.due < facts.as_of else "must leave"
        sentence += f" If it does, notice {leaves} by {day(stands.due)}."
    step = "Look up whether it renews by itself and enter it on the contract."
    return _finding(facts, contract, "renewal-unknown", sentence, step, Confidence.HIGH)


def _finding(
    facts: RenewalFacts,
    contract: ContractFact,
    kind: str,
    sentence: str,
    step: str,
    confidence: Confidence,
) -> Finding:
    """A deadline carries no saving of its own: what could be saved is what other findings say of the same lines."""
    stands = contract.stands
    tools = {line.tool.id: line.tool for line in contract.lines if line.tool}
    nothing = Amount(
        currency=facts.currency,
        minor=0,
        basis="a date, not a saving",
        trace=Trace(contract_lines=tuple(line.id for line in contract.lines)),
    )
    renews = yearly(facts, [contract])
    units = {line.unit for line in contract.lines}
    return Finding(
        id=f"renewals-{kind}-{(stands.end or facts.year.start).isoformat()}-{contract.id}",
        kind=kind,
        sentence=sentence,
        tools=tuple(tools.values()),
        vendor=contract.vendor,
        unit=units.pop() if len(units) == 1 else None,
        amount=nothing,
        recoverable=nothing,
        earliest=stands.free_from,
        due=stands.due,
        band=band_of(stands.due, facts.as_of),
        confidence=confidence,
        next_step=step,
        bearers=tuple(f"line:{line.id}" for line in contract.lines),
        evidence={
            "contract": contract.title,
            "reference": contract.reference,
            "state": stands.words(),
            "end": stands.end.isoformat() if stands.end else None,
            "notice_by": stands.notice_by.isoformat() if stands.notice_by else None,
            "send_by": stands.due.isoformat() if stands.due else None,
            "yearly": renews.to_json(),
            "renewal_months": contract.renewal_months,
            "owner": contract.owner.label if contract.owner else None,
            "problems": list(stands.problems),
        },
        facts=(
            f"contract:{contract.id}",
            f"end:{stands.end}",
            f"notice:{stands.notice_by}",
            f"price:{renews.minor}",
        ),
    )
