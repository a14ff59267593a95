"""What a list of rates leaves unsaid: which rows are a budget's, into which currency they are, and of what one unit.

A budget's rates are told by their kind, by a date such as ``Budget 2026``, or by the heading.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from itertools import islice
from typing import Final

from importers.amounts import printed_number
from importers.codes import CURRENCY_ASSUMED, problem
from importers.currencies import currency_in_heading, currency_of_text
from importers.grid import Cell, address, key, letters
from importers.months import MonthColumns, names_year
from importers.rate_sides import said_above, said_by_heading, says_converted
from importers.spend_locale import currency_in_title
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, span
from importers.texts import fold
from importers.unit_values import of_one_by_size
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision
from mopsaudit.money import CURRENCIES

_WORDS: Final = re.compile(r"\b(?:budget|plan|prévu|presupuest|begroting)", re.IGNORECASE)


def says_budget(value: Cell) -> bool:
    """Whether a cell or heading speaks of a budget or plan."""
    return isinstance(value, str) and bool(_WORDS.search(value))


def budgeted(row: Mapping[str, Cell], decision: SheetDecision) -> bool:
    """Whether a row of rates (field → cell) is a budget's: its kind decides, else its date, else the rate's heading."""
    kind = row.get("kind")
    if isinstance(kind, str) and fold(kind):
        return says_budget(kind)
    heading = decision.column("rate")
    return says_budget(row.get("valid_from")) or (heading is not None and says_budget(heading.header))


def budget_start(value: Cell, options: ReadOptions) -> date | None:
    """The first day of the fiscal year a cell names (``Budget 2026``, ``FY26``, 2026), by the year it ends in."""
    year = names_year(value)
    if year is None:
        return None
    return date(year if options.fiscal_start == 1 else year - 1, options.fiscal_start, 1)


_PAIR: Final = re.compile(r"(?:FX)?([A-Za-z]{3})\s*(?:/|-|to|→|>|_)?\s*([A-Za-z]{3})")
#: What is offered as the currency rates are into, where the list gives the base currency a rate of its own.
_OFFERED: Final = "EUR USD GBP CHF SEK NOK DKK PLN CZK JPY CAD AUD".split()


def offered(codes: Collection[str]) -> list[str]:
    """The currencies that rates of these may be into, for a question."""
    return [code for code in _OFFERED if code not in codes]


#: Digits of a rate turned round: to the cent of any amount a ledger holds.
_TURNED: Final = Context(prec=18)
#: How many rates of a list are looked at for the side they are of.
_LOOKED_AT: Final = 2000
#: How many units of a currency lists give rates for, and the noughts of a multiplier.
_UNITS: Final = (1, 10, 100, 1_000, 10_000)
_NOUGHTS: Final = range(7)
#: So many units of a currency a rate is for, beside its code: ``100 JPY``, ``1THB``, ``JPY100``.
_MANY: Final = re.compile(r"(10{0,4})\s*([^\d\s].*)|([A-Z]{3})\s?(10{0,4})")


def turned(rate: Decimal) -> Decimal:
    """What one unit of the other side is, to 18 digits; ``rate`` is above zero."""
    return _TURNED.divide(Decimal(1), rate)


def pair_of(text: str) -> tuple[str, str] | None:
    """The pair of currencies in a cell or heading (``EUR/USD``, ``GBP to EUR``, ``EURUSD``); None for other words."""
    found = _PAIR.fullmatch(fold(text))
    pair = (found[1].upper(), found[2].upper()) if found else None
    return pair if pair and set(pair) <= CURRENCIES else None


def of_itself(values: Mapping[str, object]) -> bool:
    """Whether a finished rate says that a currency is worth one of itself: the line some lists keep for their own."""
    return values.get("from") == values.get("to") is not None and values.get("rate") == 1


def many_units(name: str) -> tuple[int, str]:
    """How many units a currency is written with, and its name without them; 1 where none are."""
    found = _MANY.fullmatch(fold(name))
    if found is None:
        return 1, name
    return (int(found[1]), found[2]) if found[1] else (int(found[4]), found[3])


def units_in(value: object, heading: str) -> int:
    """For how many units of its currency a rate is, as a column of units says; 1 for what is no round number of them.

    A *multiplier* counts noughts, as statistics offices write it. 1,250 under *Amount* is money beside the rate.
    """
    counted = _counted(value)
    if "mult" in heading.casefold():
        return 10**counted if counted in _NOUGHTS else 1
    return counted if counted in _UNITS else 1


def counts_units(value: object) -> bool:
    """Whether a cell can count the units of a rate, or their noughts; a column of money holds others."""
    return _counted(value) in (*_NOUGHTS, *_UNITS)


def _counted(value: object) -> int:
    """A count in a cell, written as a number or as text; -1 for what is none."""
    text = fold(value) if isinstance(value, str) else str(value)
    return int(text.removesuffix(".0")) if re.fullmatch(r"\d{1,5}(?:\.0)?", text) else -1


def names_currency(text: str) -> bool:
    """Whether a cell names a currency, a pair of two, or so many units of one."""
    return pair_of(text) is not None or currency_of_text(many_units(text)[1]) is not None


def base_and_quote(headings: Sequence[str], facts: Sequence[ColumnFacts]) -> dict[str, tuple[int, float]]:
    """The columns of a pair as the trade calls them: one unit of the *base* is so much of the *quote* currency.

    Both columns hold codes; where one is missing nothing is said, for a company's own currency is called its base too.
    """
    found: dict[str, tuple[int, float]] = {}
    for column, heading in enumerate(headings):
        words = heading_words(heading or "")
        field = "from" if "base" in words else "to" if {"quote", "quoted", "counter"} & set(words) else None
        codes = [text for text in facts[column].texts if text.strip() in CURRENCIES]
        if field and codes and len(codes) == len(facts[column].texts):
            found.setdefault(field, (column, 0.95))
    return found if len(found) == 2 else {}


def across_days(months: MonthColumns) -> bool:
    """Whether columns are days of a month rather than months: two of them in one."""
    firsts = [month.first for month in months.columns]
    return len(set(firsts)) < len(firsts)


def texts_above(proposal: Proposal, decision: SheetDecision) -> list[str]:
    """The short texts above the first row of a list."""
    rows = proposal.grid.rows[: proposal.grid.position(decision.first_row)]
    return [fold(value) for row in rows for value in row if isinstance(value, str) and len(value) < 200]


@dataclass(frozen=True, slots=True)
class _Printed:
    """One rate: where it stands, of which currency, for how many units, for one; ``into`` where its row names that."""

    index: int
    column: int
    code: str
    units: int
    rate: Decimal
    into: str | None


def printed_rates(proposal: Proposal, decision: SheetDecision, base: str) -> Iterator[_Printed]:
    """The rates of a list with the currency in each row; pairs of currencies tell their sides themselves."""
    grid, source, rate = proposal.grid, decision.column("from"), decision.column("rate")
    target = decision.column("to")
    if source is None or rate is None:
        return
    at, (first, last) = span(source)[0], span(rate)
    into_at = None if target is None else span(target)[0]
    counted = decision.column("_units")
    counted_at = None if counted is None else span(counted)[0]
    for index in range(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        name = row[at] if at < len(row) else None
        if not isinstance(name, str) or pair_of(name) is not None:
            continue
        units, name = many_units(name)
        code = currency_of_text(name, base)
        if code is None:
            continue
        if counted is not None and counted_at is not None and counted_at < len(row):
            units = max(units, units_in(row[counted_at], counted.header))
        beside = row[into_at] if into_at is not None and into_at < len(row) else None
        into = currency_of_text(beside, base) if isinstance(beside, str) else None
        for column in range(first, min(last + 1, len(row))):
            number = printed_number(row[column], rate.decimal_mark or ".")
            if number is not None and number > 0:
                yield _Printed(index, column, code, units, number / units, into)


def decide_into(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Into which currency rates are, and of what one unit, where no column says it.

    The heading says it, lines above or the sizes of the rates; else it is asked. A list that gives the base currency
    itself a rate is not into it; what it is into is asked. What is taken as into the base currency without a word is
    told.
    """
    source, rate = decision.column("from"), decision.column("rate")
    extra = dict(decision.extra)
    if source is None or rate is None or "of_one" in extra:
        return decision
    base, target = options.base_currency, decision.column("to")
    printed = list(islice(printed_rates(proposal, decision, base), _LOOKED_AT))
    ones = {each.code for each in printed if each.rate == 1} - {
        each.code for each in printed if each.rate != 1
    }
    if target is not None:
        named = {each.into for each in printed}
        into = named.pop() if len(named) == 1 else None
        if into is None or says_converted(source.header, target.header):
            return decision
        return _sided(proposal, decision, printed, answers, into=into, of_one=None)
    codes = {each.code: each for each in reversed(printed) if each.rate != 1}
    if not codes:
        return decision
    heading = said_by_heading(rate.header, base)
    said = heading or said_above(texts_above(proposal, decision), set(codes) - ones, base)
    question = key(proposal.grid.name, None, "into")
    told = answers.get(question) or extra.get("into")
    into = currency_of_text(str(told), base) if told else None
    into = into or (said[0] if said else None) or currency_in_heading(rate.header, base)
    into = into or (ones.pop() if len(ones) == 1 else None) or _titled(proposal, decision, base)
    if into is None and base in codes:
        where = address(proposal.grid.numbers[codes[base].index], span(source)[0])
        proposal.questions.append(
            Question(
                key=question,
                sheet=proposal.grid.name,
                asks=f"{where} gives {base}, your own currency, a rate, and no column says into which "
                "currency the rates are. Which is it?",
                choices=tuple(Choice(value=code, reads=f"rates into {code}") for code in offered(codes)),
            )
        )
        return decision
    if into is None:
        into = base
        tell_assumed(proposal, decision, base, span(rate)[0])
    if into != base:
        decision = replace(decision, extra=tuple(sorted({**extra, "into": into}.items())))
    of_one = said[1] if said and said[0] in (None, into) else None
    chosen = source.by_person or "from" in dict(options.maps)  # the field's own words say which is converted
    if of_one is None and (chosen or says_converted(source.header, None)):
        of_one = False
    return _sided(proposal, decision, printed, answers, into=into, of_one=of_one)


def tell_assumed(proposal: Proposal, decision: SheetDecision, base: str, column: int) -> None:
    """Say that rates were taken as rates of our own currency without a word about it."""
    proposal.problems.append(
        problem(
            CURRENCY_ASSUMED,
            f"Nothing says into which currency these rates are; they were taken as rates of {base}.",
            sheet=proposal.grid.name,
            cell=address(decision.header_rows[-1], column) if decision.header_rows else None,
        )
    )


def _titled(proposal: Proposal, decision: SheetDecision, base: str) -> str | None:
    """The one currency the lines above a list name; None for none or several."""
    named = {code for text in texts_above(proposal, decision) if (code := currency_in_title(text, base))}
    return named.pop() if len(named) == 1 else None


def _sided(
    proposal: Proposal,
    decision: SheetDecision,
    printed: Sequence[_Printed],
    answers: Mapping[str, str],
    *,
    into: str,
    of_one: bool | None,
) -> SheetDecision:
    """The decision with the side of its rates: as told, by units of them, by their sizes, else by an answer."""
    rates = [each for each in printed if each.code != into and each.rate != 1]
    reasons = decision.reasons
    if of_one is None and any(each.units > 1 for each in printed):
        of_one = False  # so many units cost so much
    if of_one is None:
        of_one = of_one_by_size(((each.code, each.rate) for each in rates), into)
        if of_one is not None:
            reasons = (
                *reasons,
                f"the sizes of the rates are those of one {into if of_one else 'unit of each'}",
            )
    if of_one is None and rates:
        side = asked_side(
            proposal, rates[0].index, rates[0].column, rates[0].code, into, answers, where="beside"
        )
        if side is None:
            return decision
        of_one = side
    extra = {**dict(decision.extra), "of_one": bool(of_one)}
    return replace(decision, reasons=reasons, extra=tuple(sorted(extra.items())))


def asked_side(
    proposal: Proposal,
    index: int,
    column: int,
    code: str,
    into: str,
    answers: Mapping[str, str],
    *,
    where: str,
    first: int | None = None,
) -> bool | None:
    """Whether the rate in a cell is for one unit of ``into``, as answered; None, and a question, while nobody has.

    The question is of the ``first`` column of the rates where there are several.
    """
    grid = proposal.grid
    cell = grid.rows[index][column]
    shown = fold(cell) if isinstance(cell, str) else f"{Decimal(str(cell)):f}"
    asked_of = column if first is None else first
    question = key(grid.name, asked_of, "one_unit")
    answer = answers.get(question)
    if answer in ("column", "common"):
        return answer == "common"
    proposal.questions.append(
        Question(
            key=question,
            sheet=grid.name,
            column=letters(asked_of),
            asks=f"{address(grid.numbers[index], column)} says {shown} {where} {code}. Of what is it the rate?",
            choices=(
                Choice(value="common", reads=f"1 {into} is {shown} {code}"),
                Choice(value="column", reads=f"1 {code} is {shown} {into}"),
            ),
        )
    )
    return None
