"""Sentences the spend alone gives: the page's answer, the dashboard's five, what stands beside, the next file. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from mopsaudit.facts.rhythm import Cadence, change_words
from mopsaudit.facts.spending import SpendFacts
from mopsaudit.facts.values import Bucket
from mopsaudit.facts.wording import count, day, listed, money
from mopsaudit.facts.wording import month as month_words
from mopsaudit.reporting import Amount
from mopsaudit.spending.values import Duplicate, FirstAnswer, Held, Judged, NextFile

#: From this many of the twelve months on the ledger is taken for a year.
_ENOUGH: Final = 10


def answer(
    facts: SpendFacts,
    judged: Sequence[Judged],
    tools: Amount,
    changed: Sequence[Judged],
    own: Sequence[Duplicate],
    twice: Amount,
    *,
    empty: bool,
) -> str:
    """The page's answer in one sentence: tools, vendors, a year's cost, price changes, invoices paid twice."""
    if empty:
        return "There is no spend yet. One spend file is enough to start."
    names = {each.name for each in judged if each.is_tool}
    if not names:
        more = f" {count(len(judged), 'supplier')} may be marketing." if judged else ""
        return f"No supplier of this ledger is a marketing tool the catalogue knows.{more}"
    vendors = {each.vendor or each.name for each in judged if each.is_tool}
    likely = [each for each in judged if each.is_tool]
    verb = "costs" if len(names) == 1 else "cost"
    text = (
        f"{count(len(names), 'likely marketing tool')} of {count(len(vendors), 'vendor')} {verb} "
        f"{_cost_words(tools, likely)} {span(facts)}"
    )
    parts = []
    if changed:
        prices = "changed its price" if len(changed) == 1 else "changed their price"
        parts.append(f"{count(len(changed), 'supplier')} {prices}")
    if own:
        parts.append(
            f"{count(len(own), 'invoice')} {'was' if len(own) == 1 else 'were'} likely paid twice"
            + (f" ({money(twice.minor, facts.currency)})" if twice.minor else "")
        )
    return text + "".join(f"; {part}" for part in parts) + "."


def _without_rate(judged: Iterable[Judged]) -> list[str]:
    """What of suppliers' spend in the twelve months has no exchange rate, a sum a currency."""
    missing: Counter[str] = Counter()
    for each in judged:
        missing.update(dict(each.facts.window.unconverted))
    return [money(minor, code) for code, minor in sorted(missing.items()) if minor]


def _cost_words(total: Amount, judged: Iterable[Judged]) -> str:
    """What suppliers cost: the sum that has a rate, and beside it what has none, which is no nought."""
    missing = _without_rate(judged)
    if not missing:
        return money(total.minor or 0, total.currency)
    named = f"{listed(missing)} (no rate into {total.currency})"
    return f"{money(total.minor, total.currency)} and {named}" if total.minor else named


def span(facts: SpendFacts) -> str:
    """What a yearly figure is called: a year, or fewer months where the ledger holds fewer."""
    held = facts.held_of_window
    return "a year" if held >= _ENOUGH else f"in the {count(held, 'month')} the ledger holds"


def basis(facts: SpendFacts) -> str:
    """What the yearly figures are: which twelve months, and how many of them the ledger holds."""
    first, last = month_words(facts.window[0]), month_words(facts.window[1] - 1)
    text = f"Net of the twelve full months {first} to {last}"
    if facts.shifted:
        text += ", the last the ledger holds"
    missing = 12 - facts.held_of_window
    if facts.held and missing > 0:
        text += f"; the ledger holds {facts.held_of_window} of them, so a full year is likely more"
    return text + "."


def coverage(facts: SpendFacts, as_of: date) -> str:
    """The trust line."""
    if not facts.held:
        return f"As of {day(as_of)} · no full month of spend yet"
    first, last = month_words(facts.held[0]), month_words(facts.held[-1])
    return (
        f"As of {day(as_of)} · ledger from {first} to {last} · {facts.held_of_window} of 12 months held · "
        f"{count(len(facts.suppliers), 'supplier')} likely marketing"
    )


def _bucket_words(bucket: Bucket, currency: str) -> str:
    text = f"{count(bucket.lines, 'line')}, {money(bucket.minor, currency)}"
    for code, minor in bucket.unconverted:
        text += f" and {money(minor, code)} without a rate"
    return text


def beside(facts: SpendFacts, judged: Sequence[Judged]) -> tuple[str, ...]:
    """What is in no figure above, each in a sentence with its count and sum."""
    said = []
    perhaps = [each for each in judged if not each.known]
    if perhaps:
        minor = sum(each.cost.minor or 0 for each in perhaps)
        said.append(
            f"{count(len(perhaps), 'supplier')} may be marketing by name only: {money(minor, facts.currency)}; "
            "they stand in a table of their own and in no figure."
        )
    if facts.unlikely.lines:
        looks = "looks" if facts.unlikely_suppliers == 1 else "look"
        said.append(
            f"{count(facts.unlikely_suppliers, 'supplier')} nobody settled {looks} like no marketing tool: "
            f"{_bucket_words(facts.unlikely, facts.currency)}."
        )
    if facts.not_marketing.lines:
        said.append(
            f"{count(facts.not_marketing_suppliers, 'supplier')} settled as not marketing: "
            f"{_bucket_words(facts.not_marketing, facts.currency)}."
        )
    if facts.no_supplier.lines:
        said.append(f"Without a supplier: {_bucket_words(facts.no_supplier, facts.currency)}.")
    if facts.undated.lines:
        said.append(f"Without a date, of any supplier: {_bucket_words(facts.undated, facts.currency)}.")
    if missing := _without_rate(judged):
        said.append(
            f"Likely marketing without an exchange rate: {listed(missing)}; import the rates to add it."
        )
    if facts.out_of_scope.lines:
        said.append(
            f"Out of scope, because a ledger is narrowed: {_bucket_words(facts.out_of_scope, facts.currency)}."
        )
    if facts.running_month_lines:
        said.append(
            f"{count(facts.running_month_lines, 'line')} of the running month "
            f"{'is' if facts.running_month_lines == 1 else 'are'} in no twelve-month figure yet."
        )
    return tuple(said)


def five_answers(
    facts: SpendFacts,
    judged: Sequence[Judged],
    tools: Amount,
    others: Amount,
    own: Sequence[Duplicate],
    twice: Amount,
    changed: Sequence[Judged],
    soon: Sequence[Judged],
    tie: str,
) -> tuple[FirstAnswer, ...]:
    """The dashboard's five questions as far as spend alone answers them; ``tie`` is its own answer to the third."""
    currency = facts.currency
    if soon:
        names = listed([f"{each.name} ({month_words(each.renewal.month or 0)})" for each in soon])
        decide = (
            f"{count(len(soon), 'renewal')} likely within three months by the rhythm of invoices: {names}. "
            "No date is firm (grade D) and nobody is named before the contracts are in."
        )
    else:
        decide = "No renewal is likely within three months by the rhythm of invoices; contracts would say for sure."
    land = f"Likely tools cost {_cost_words(tools, [each for each in judged if each.is_tool])} {span(facts)}"
    if others.minor:
        land += f", {money(others.minor, currency)} goes to media, agencies and vendors that sell both"
    if changed:
        biggest = max(
            changed, key=lambda each: abs((each.change.after - each.change.before) if each.change else 0)
        )
        if biggest.change:
            land += f". Largest price change: {biggest.name} {change_words(biggest.change, biggest.currency)}"
    land += ". Where the year lands, a budget says."
    if own:
        out = (
            f"{count(len(own), 'invoice')} likely paid twice, {money(twice.minor, currency)} to claim back. "
            "Nothing is proposed for cutting on the rhythm of invoices alone."
        )
    else:
        out = "No invoice looks paid twice. What can be cut, seats and contracts say; spend alone proposes no cut."
    return (
        FirstAnswer(
            key="decide", asks="What must be decided this month, by whom, and is it done?", answer=decide
        ),
        FirstAnswer(
            key="land", asks="Where do we land for the year, and what moved since last month?", answer=land
        ),
        FirstAnswer(key="tie", asks="Does this tie to the ledger?", answer=tie),
        FirstAnswer(
            key="take_out",
            asks="What can still be taken out of this year's budget, counted once, net of what is locked?",
            answer=out,
        ),
        FirstAnswer(
            key="position",
            asks="What is our position with the vendor whose date comes next?",
            answer=_position(facts, judged),
        ),
    )


def _position(facts: SpendFacts, judged: Sequence[Judged]) -> str:
    """The likely tool that renews next by its rhythm, the largest of that month; else the largest."""
    tools = [each for each in judged if each.is_tool and each.cost.minor]
    if not tools:
        if missing := _without_rate(each for each in judged if each.is_tool):
            return f"Unknown before the rates are in: {listed(missing)} cannot be compared."
        return "No vendor is known yet."
    dated = [each for each in tools if each.renewal.month is not None]
    if dated:
        first = min(dated, key=lambda each: (each.renewal.month or 0, -(each.cost.minor or 0), each.facts.id))
    else:
        first = tools[0]
    text = f"{first.name}: {money(first.cost.minor, facts.currency)} {span(facts)}"
    if first.rhythm.cadence is not Cadence.IRREGULAR:
        text += f", paid {first.rhythm.cadence.value}"
    if first.renewal.month is not None:
        text += f", likely renews in {month_words(first.renewal.month)} (grade D)"
    if first.change is not None:
        text += f", price {change_words(first.change, first.currency)}"
    return text + "."


def next_file(
    facts: SpendFacts, judged: Sequence[Judged], tools: Amount, others: Amount, held: Held
) -> NextFile | None:
    """The file that answers most: questions it opens times the money they are about; a short ledger comes first."""
    if not (facts.held or facts.undated.lines or facts.running_month_lines):
        return NextFile(
            kind="spend",
            sentence="Import a spend file (an AP ledger or a card statement): it alone shows tools, yearly cost and "
            "price changes.",
        )
    open_sums = _without_rate(each for each in judged if each.known)
    if open_sums and not (tools.minor or others.minor):
        return NextFile(
            kind="rates",
            sentence=f"Import exchange rates into {facts.currency}: {listed(open_sums)} of likely marketing spend "
            "stands in no figure without them.",
        )
    if facts.held_of_window < _ENOUGH:
        missing = 12 - facts.held_of_window
        return NextFile(
            kind="spend",
            sentence=f"Import the {count(missing, 'month')} of spend that {'is' if missing == 1 else 'are'} missing "
            "to a year: yearly invoices, price changes and likely renewals show only then.",
        )
    likely = [each for each in judged if each.is_tool]
    seats = [each for each in likely if each.by_seat]
    seat_money = sum(each.cost.minor or 0 for each in seats)
    rhythms = sum(1 for each in likely if each.renewal.month is not None)
    marketing = (tools.minor or 0) + (others.minor or 0)
    yearly = money(marketing, facts.currency)
    choices = [
        (
            0 if held.contracts else 3 * (tools.minor or 0),
            NextFile(
                kind="contracts",
                sentence=f"Import the contracts of {count(len(likely), 'likely tool')}: they answer three of the five "
                f"questions for {money(tools.minor, facts.currency)} a year, and turn "
                f"{count(rhythms, 'guessed renewal month')} into the days notice must leave.",
            ),
        ),
        (
            0 if held.usage else seat_money,
            NextFile(
                kind="usage",
                sentence=f"Import user lists of {listed([each.name for each in seats])}: they show which seats behind "
                f"{money(seat_money, facts.currency)} a year are not used.",
            ),
        ),
        (
            0 if held.budget else marketing,
            NextFile(
                kind="budget",
                sentence=f"Import the budget: it shows where the year lands for {yearly} a year of likely "
                "marketing spend.",
            ),
        ),
    ]
    worth, best = max(choices, key=lambda each: each[0])
    return best if worth > 0 else None
