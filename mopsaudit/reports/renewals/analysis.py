"""Judges contracts: what must be decided by when, what is missed, what is already committed (PRODUCT.md §4.5). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from mopsaudit.facts.agreements import ContractFact, LineFact
from mopsaudit.facts.terms import NO_KIND, TermState, gate_of
from mopsaudit.facts.wording import count, day, listed, money
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import (
    Amount,
    Coverage,
    Headline,
    Missing,
    Report,
    Row,
    Threshold,
    Trace,
    Value,
    band_of,
    ranked,
    stated,
)
from mopsaudit.reports.renewals.arithmetic import Split, covered_twice, split_line, why_unpriced
from mopsaudit.reports.renewals.facts import Deadline, RenewalFacts
from mopsaudit.reports.renewals.findings import SOON, findings_of, yearly
from mopsaudit.reports.renewals.tables import columns_for, curve_plot, sections, timeline_plot

#: Ended contracts stay listed this long.
_ENDED_DAYS: Final = 365


def analyse(facts: RenewalFacts) -> Report:
    """The report: one row per contract line, findings per contract."""
    shown = [contract for contract in facts.contracts if _listed(contract, facts.as_of)]
    shown.sort(
        key=lambda each: (each.stands.due or date.max, each.stands.end or date.max, each.title, each.id)
    )
    splits = {
        (contract.id, line.id): split_line(contract, line, facts.next_year)
        for contract in facts.contracts
        for line in contract.lines
    }
    twice = covered_twice(facts.contracts, facts.as_of)
    rows = tuple(
        _row(
            facts,
            contract,
            line,
            splits[contract.id, line.id] if line else None,
            twice.get(line.id, ()) if line else (),
        )
        for contract in shown
        for line in (contract.lines or (None,))
    )
    findings = ranked([each for contract in shown for each in findings_of(facts, contract)])
    soon = [
        each
        for each in shown
        if each.stands.due is not None and band_of(each.stands.due, facts.as_of) in SOON
    ]
    return Report(
        name="renewals",
        title="Renewals",
        as_of=facts.as_of,
        unit=facts.unit,
        currency=facts.currency,
        answer=_answer(facts, shown, soon),
        headlines=_headlines(facts, shown, soon, splits) if shown else (),
        columns=columns_for(rows),
        rows=rows,
        findings=findings,
        sections=sections(facts, splits) if shown else (),
        coverage=_coverage(facts, splits, twice),
        thresholds=(
            Threshold(
                key="gates_days",
                label="Renewal gates",
                value=", ".join(str(gate) for gate in facts.gates) + " days before send-by",
            ),
            Threshold(
                key="delivery_business_days",
                label="Notice delivery",
                value=f"{count(facts.delivery_days, 'business day')} where the contract does not say",
            ),
            Threshold(
                key="next_year",
                label="Next year",
                value=f"{day(facts.next_year.start)} until before {day(facts.next_year.end)}",
            ),
        ),
        plots=(*timeline_plot(facts), *curve_plot(facts)) if shown else (),
        empty=None
        if facts.contracts
        else "Import a contracts workbook, or enter a contract on a tool, to see what ends when.",
    )


def _listed(contract: ContractFact, as_of: date) -> bool:
    stands = contract.stands
    if stands.state is not TermState.ENDED or stands.over_on is None:
        return True
    return (as_of - stands.over_on).days <= _ENDED_DAYS


def _amount(facts: RenewalFacts, line: LineFact, minor: int | None, why: str | None = None) -> Amount:
    return Amount(
        currency=facts.currency,
        minor=minor,
        origins=1 if minor is not None else 0,
        why=why,
        basis="contract",
        trace=Trace(contract_lines=(line.id,)),
    )


def _row(
    facts: RenewalFacts,
    contract: ContractFact,
    line: LineFact | None,
    split: Split | None,
    beside: Sequence[ContractFact],
) -> Row:
    stands = contract.stands
    notice = stands.next_notice_by if stands.state is TermState.WINDOW_MISSED else stands.notice_by
    # Terms nobody knows have dates all the same; a contract that needs no notice has none.
    dateless = Missing(stands.undated) if stands.undated else None
    values: dict[str, Value] = {
        "tool": line.tool if line else None,
        "line": line.description if line else "",
        "contract": contract.ref,
        "vendor": contract.vendor,
        "unit": line.unit if line else None,
        "state": stands.words(),
        "renews": _renews(contract),
        "end": stands.end or dateless,
        "notice_by": notice or dateless,
        "send_by": stands.due or dateless,
        "alert": stands.alert_on or dateless,
        "days": dateless if stands.due is None else (stands.due - facts.as_of).days,
        "gate": gate_of(stands.due, facts.as_of, facts.gates),
        "owner": contract.owner,
        "seats": _seats(line),
    }
    if line is None or split is None:
        unknown = Amount(currency=facts.currency, minor=None, why="the contract has no lines")
        values |= dict.fromkeys(("cost", "next_term", "locked", "decidable", "free"), unknown)
    else:
        why = why_unpriced(line, contract.currency)
        values |= {
            "cost": _amount(facts, line, line.base_minor, why),
            "next_term": _next_term(facts, contract, line),
            "locked": _amount(facts, line, split.locked, split.why),
            "decidable": _amount(facts, line, split.decidable, split.why),
            "free": _amount(facts, line, split.free, split.why),
        }
    problems = list(stands.problems)
    if beside:
        problems.append(f"{listed([each.title for each in beside])} covers the same tool at the same time")
    values["problems"] = "; ".join(problems)
    return Row(
        id=f"line:{line.id}" if line else f"contract:{contract.id}",
        values=values,
        opens=contract.ref,
        category=line.category if line else None,
        state=stands.state.value,
    )


def _seats(line: LineFact | None) -> Value:
    if line is None:
        return Missing("the contract has no lines")
    return stated(line.seats, "the quantity is not stated") if line.counted else line.seats


def _renews(contract: ContractFact) -> str:
    if contract.terms.month_to_month:
        return "month to month"
    if contract.terms.automatic is None:
        return "unknown"
    if not contract.terms.automatic:
        return "expressly"
    months = contract.terms.renewal_months
    return "by itself" if months is None else f"by itself for {count(months, 'month')}"


def _next_term(facts: RenewalFacts, contract: ContractFact, line: LineFact) -> Amount:
    """What the next term costs at today's price: what doing nothing adds."""
    if NO_KIND in contract.stands.problems:
        return _amount(facts, line, None, NO_KIND)
    if not contract.terms.automatic or contract.stands.state in (TermState.NOTICE_SERVED, TermState.ENDED):
        return _amount(facts, line, 0)
    if line.base_minor is None:
        return _amount(facts, line, None, why_unpriced(line, contract.currency))
    if contract.renewal_months is None:
        return _amount(facts, line, None, "the renewal term is unknown")
    return _amount(facts, line, ratio_half_even(line.base_minor, contract.renewal_months, 12))


def _answer(facts: RenewalFacts, shown: list[ContractFact], soon: list[ContractFact]) -> str:
    if not shown:
        return "No contract is known yet, so nothing can be said about renewals."
    missed = sum(each.stands.state is TermState.WINDOW_MISSED for each in shown)
    unpaid = sum(each.stands.state is TermState.OUT_OF_CONTRACT for each in shown)
    if soon:
        first = min(each.stands.due for each in soon if each.stands.due)
        worth = money(yearly(facts, soon).minor, facts.currency)
        when = "has passed" if first < facts.as_of else "comes first"
        text = (
            f"{count(len(soon), 'contract')} worth {worth} a year must be decided within 120 days; "
            f"send-by {day(first)} {when}"
        )
    else:
        ahead = [each.stands.due for each in shown if each.stands.due]
        text = "No contract must be decided within 120 days"
        if ahead:
            text += f"; the next send-by date is {day(min(ahead))}"
    more = []
    if missed:
        more.append(f"{count(missed, 'contract')} can no longer be ended this term")
    if unpaid:
        more.append(f"{count(unpaid, 'contract')} ended and {'is' if unpaid == 1 else 'are'} still paid")
    return "; ".join([text, *more]) + "."


def _headlines(
    facts: RenewalFacts,
    shown: list[ContractFact],
    soon: list[ContractFact],
    splits: dict[tuple[int, int], Split],
) -> tuple[Headline, ...]:
    def summed(key: str) -> Amount:
        known = {line: getattr(each, key) for (_, line), each in splits.items() if each.why is None}
        return Amount(
            currency=facts.currency,
            minor=sum(known.values()) if known else None,
            origins=len(known),
            why="no contract line has a price and terms",
            basis="contract",
            trace=Trace(contract_lines=tuple(known)),
        )

    unowned = sum(each.owner is None for each in shown)
    return (
        Headline(
            key="due_soon",
            label="To decide within 120 days, a year",
            value=yearly(facts, soon) if soon else Amount(currency=facts.currency, minor=0),
            what="Yearly price of contracts whose send-by date is at most 120 days away or has passed.",
            tone="warn" if soon else "good",
        ),
        Headline(
            key="next_year_locked",
            label="Next year, locked in",
            value=summed("locked"),
            what="Cost of next fiscal year that is owed whatever is done now.",
        ),
        Headline(
            key="next_year_decidable",
            label="Next year, decidable",
            value=summed("decidable"),
            what="Cost of next fiscal year that goes on unless notice is sent in time.",
        ),
        Headline(
            key="without_owner",
            label="Contracts without an owner",
            value=unowned,
            what="Contracts listed here on which nobody is named.",
            tone="warn" if unowned else "good",
        ),
    )


def _coverage(
    facts: RenewalFacts,
    splits: dict[tuple[int, int], Split],
    twice: Mapping[int, Sequence[ContractFact]],
) -> Coverage:
    total = len(facts.contracts)
    clear = sum(not each.stands.problems for each in facts.contracts)
    priced = sum(line.base_minor is not None for each in facts.contracts for line in each.lines)
    lines = sum(len(each.lines) for each in facts.contracts)
    hidden = sum(not _listed(each, facts.as_of) for each in facts.contracts)
    unknown = sum(each.why is not None for each in splits.values())
    sentence = (
        f"As of {day(facts.as_of)}: {clear} of {count(total, 'contract')} with complete terms, "
        f"{priced} of {count(lines, 'line')} with a price in {facts.currency}"
    )
    silent = sum(NO_KIND in each.stands.problems for each in facts.contracts)
    if silent:
        sentence += f"; {count(silent, 'contract')} of which nothing says whether "
        sentence += "it renews by itself" if silent == 1 else "they renew by themselves"
    if twice:
        sentence += f"; {count(len(twice), 'line')} cover a tool that another contract covers too"
    if hidden:
        sentence += f"; {count(hidden, 'contract')} ended more than a year ago and not listed"
    return Coverage(
        sentence=sentence + ".",
        parts={
            "contracts": total,
            "complete_terms": clear,
            "lines": lines,
            "priced_lines": priced,
            "unknown_next_year": unknown,
            "renewal_unknown": silent,
            "covered_twice": len(twice),
            "ended_not_listed": hidden,
        },
    )


def deadlines(facts: RenewalFacts) -> tuple[Deadline, ...]:
    """What goes into the calendar: contracts with a send-by date not yet past, soonest first."""
    found = []
    for contract in facts.contracts:
        due = contract.stands.due
        if due is None or due < facts.as_of:
            continue
        price = money(yearly(facts, [contract]).minor, facts.currency)
        end = contract.stands.next_end or contract.stands.end
        owner = contract.owner.label if contract.owner else "nobody yet"
        found.append(
            Deadline(
                contract_id=contract.id,
                title=f"{contract.title} ({contract.vendor.label})",
                send_by=due,
                sentence=f"Notice must leave today; the term ends {day(end)}, {price} a year, owner: {owner}.",
                gates=tuple(
                    gate for gate in sorted(facts.gates, reverse=True) if gate <= (due - facts.as_of).days
                ),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.send_by, each.contract_id)))
