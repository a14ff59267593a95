"""What a list of rates leaves unsaid: which rows are a budget's, and into which currency they are.

A budget's rates are told by their kind, by a date such as ``Budget 2026``, or by the heading.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from importers.currencies import currency_in_heading, currency_of_text
from importers.grid import Cell, address, key
from importers.months import names_year
from importers.spend_columns import plain_number
from importers.spend_plan import Proposal
from importers.table import span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision

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


#: A pair of currencies in one cell: ``EUR/USD``, ``GBP to EUR``.
PAIR: Final = re.compile(r"([A-Za-z]{3})\s*(?:/|-|to|→|>|_)?\s*([A-Za-z]{3})")
#: What is offered as the currency rates are into, where the list gives the base currency a rate of its own.
_OFFERED: Final = "EUR USD GBP CHF SEK NOK DKK PLN CZK JPY CAD AUD".split()


def offered(codes: Collection[str]) -> list[str]:
    """The currencies that rates of these may be into, for a question."""
    return [code for code in _OFFERED if code not in codes]


def decide_into(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Into which currency rates without a column for it are: by the heading, by an answer, else the base currency.

    A list that gives the base currency itself a rate is not into it; what it is into is asked.
    """
    source, rate = decision.column("from"), decision.column("rate")
    if source is None or rate is None or decision.column("to") is not None:
        return decision
    grid = proposal.grid
    from_column, rate_column = span(source)[0], span(rate)[0]
    codes: dict[str, int] = {}
    for index in range(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        name = row[from_column] if from_column < len(row) else None
        number = plain_number(row[rate_column]) if rate_column < len(row) else None
        if isinstance(name, str) and number is not None and number != 1 and not PAIR.fullmatch(fold(name)):
            code = currency_of_text(name, options.base_currency)
            if code is not None:
                codes.setdefault(code, index)
    if not codes:
        return decision
    question = key(grid.name, None, "into")
    told = answers.get(question) or dict(decision.extra).get("into")
    into = currency_of_text(str(told), options.base_currency) if told else None
    into = into or currency_in_heading(rate.header, options.base_currency)
    if into is None and options.base_currency in codes:
        where = address(grid.numbers[codes[options.base_currency]], from_column)
        proposal.questions.append(
            Question(
                key=question,
                sheet=grid.name,
                asks=f"{where} gives {options.base_currency}, your own currency, a rate, and no column says into which "
                "currency the rates are. Which is it?",
                choices=tuple(Choice(value=code, reads=f"rates into {code}") for code in offered(codes)),
            )
        )
        return decision
    if into is None or into == options.base_currency:
        return decision
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), "into": into}.items())))
