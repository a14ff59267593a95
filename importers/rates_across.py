"""Rates with a column for each currency: which columns they are, what one unit stands for, and the rates of a row.

Treasuries and central banks print them so: a day down the side, ``USD``, ``GBP``, ``CHF`` across. Whether 1.04 under
USD is what one euro buys or what one dollar costs is said by a pair (``EUR/USD``) or a line above (*1 EUR =*), else
asked. What is printed for one unit of our own side is turned round, for rates are kept into it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from typing import Any, Final

from importers import codes
from importers.amounts import amount_text, amount_value
from importers.cast_words import says_nothing
from importers.casts import Casts
from importers.currencies import crowns, currency_in_heading, currency_of_text
from importers.grid import Bad, Cell, address, column_index, key, letters
from importers.rates import PAIR, offered, says_budget
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision
from mopsaudit.money import CURRENCIES

#: What stands beside a currency in a heading without being another one.
_BESIDE: Final = re.compile(
    r"\b(?:exchange|fx|rates?|kurse?|wechselkurse?|taux|average|avg|mean|closing|close|spot|mid|monthly|month|end|eom|"
    r"budget|plan)\b|[.:()]",
    re.IGNORECASE,
)
#: One unit of what a line above the table speaks of: ``1 EUR = …``, ``per EUR``, ``pro 1 EUR``.
_ONE: Final = re.compile(r"(?:(?<![0-9.,])1\s*|\b(?:per|pro|par|je)\s+(?:1\s*|one\s+)?)([A-Z]{3})\b")
_INTO: Final = re.compile(r"\b(?:into|nach|vers)\s+([A-Z]{3})\b")
#: Digits of a rate turned round: to the cent of any amount a ledger holds.
_TURNED: Final = Context(prec=18)


def columns_across(header: Header, facts: Sequence[ColumnFacts], options: ReadOptions) -> dict[str, Any]:
    """What a decision keeps of currencies across the columns (``currencies``: letters → code); empty for other lists.

    With pairs for headings also which currency they have in common (``into``) and whether theirs is the one unit
    (``of_one``). Two columns at least; a column of numbers that names a currency some other way leaves the list alone.
    """
    if {"from", "rate"} & {name for name, _ in options.maps}:
        return {}
    found: dict[int, str] = {}
    pairs: dict[int, tuple[str, str]] = {}
    for column, heading in enumerate(header.headings):
        if not heading or column >= len(facts) or not facts[column].filled:
            continue
        if header.matches[column].get("from", 0.0) >= 0.75 and facts[column].text_share() >= 0.5:
            return {}  # each row names its own
        if facts[column].numeric_share() < 0.8:
            continue
        pair = PAIR.fullmatch(fold(heading))
        if pair and {pair[1].upper(), pair[2].upper()} <= set(CURRENCIES):
            pairs[column] = (pair[1].upper(), pair[2].upper())
            continue
        if crowns(heading):
            return {}  # nobody says whose
        code = currency_of_text(_BESIDE.sub(" ", heading), options.base_currency)
        if code is not None:
            found[column] = code
        elif currency_in_heading(heading, options.base_currency):
            return {}  # ``100 JPY``, ``USD in EUR``: not a rate of one unit, or not for us to say
    budget = {bool(says_budget(header.headings[column])) for column in (*found, *pairs)}
    if len(budget) > 1 or (found and pairs):
        return {}
    kept: dict[str, Any] = {}
    if pairs:
        first, second = {one for one, _ in pairs.values()}, {two for _, two in pairs.values()}
        if 1 not in (len(first), len(second)):
            return {}
        of_one = len(first) == 1
        kept = {"into": (first if of_one else second).pop(), "of_one": of_one}
        found = {column: two if of_one else one for column, (one, two) in pairs.items()}
    if len(found) < 2 or len(set(found.values())) < len(found):
        return {}
    return {"currencies": {letters(column): code for column, code in sorted(found.items())}, **kept}


def decide_across(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Into which currency the rates are and for one unit of what, by the sheet's words or an answer; else asked."""
    extra = dict(decision.extra)
    if "into" in extra and "of_one" in extra:
        return decision
    grid = proposal.grid
    columns = {column_index(place): code for place, code in extra["currencies"].items()}
    printed = list(_printed(proposal, decision, columns))
    ones = {code for _, _, code, rate in printed if rate == 1} - {
        code for _, _, code, rate in printed if rate != 1
    }
    texts = [
        fold(value)
        for row in grid.rows[: grid.position(decision.first_row)]
        for value in row
        if isinstance(value, str) and len(value) < 200
    ]
    said = _said(texts, set(columns.values()) - ones)
    question = key(grid.name, None, "into")
    told = answers.get(question) or extra.get("into")
    into = currency_of_text(str(told), options.base_currency) if told else None
    into = into or (ones.pop() if len(ones) == 1 else None) or (said[0] if said else None)
    into = into or _named_beside(proposal, decision, options)
    if into is None and options.base_currency in columns.values():
        proposal.questions.append(
            Question(
                key=question,
                sheet=grid.name,
                asks=f"{options.base_currency}, your own currency, has a column of rates, and nothing says which "
                "currency all the rates are against. Which is it?",
                choices=tuple(
                    Choice(value=code, reads=f"rates against {code}")
                    for code in offered(set(columns.values()))
                ),
            )
        )
        return decision
    into = into or options.base_currency
    of_one = said[1] if said and said[0] in (None, into) else None
    example = next((each for each in printed if each[2] != into and each[3] != 1), None)
    if of_one is None and example is not None:
        row, column, code, rate = example
        cell = grid.rows[row][column]
        shown = fold(cell) if isinstance(cell, str) else f"{rate:f}"
        question = key(grid.name, min(columns), "one_unit")
        answer = answers.get(question)
        if answer not in ("column", "common"):
            proposal.questions.append(
                Question(
                    key=question,
                    sheet=grid.name,
                    column=letters(min(columns)),
                    asks=f"{address(grid.numbers[row], column)} says {shown} under {code}. Of what is it the rate?",
                    choices=(
                        Choice(value="common", reads=f"1 {into} is {shown} {code}"),
                        Choice(value="column", reads=f"1 {code} is {shown} {into}"),
                    ),
                )
            )
            return decision
        of_one = answer == "common"
    return replace(decision, extra=tuple(sorted({**extra, "into": into, "of_one": bool(of_one)}.items())))


def _printed(
    proposal: Proposal, decision: SheetDecision, columns: Mapping[int, str]
) -> Iterator[tuple[int, int, str, Decimal]]:
    """Row index, column, currency and number of every cell that is a number."""
    grid = proposal.grid
    choice = decision.column("rate")
    mark = (choice.decimal_mark if choice is not None else None) or "."
    for index in range(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        for column, code in columns.items():
            value = row[column] if column < len(row) else None
            parts = amount_text(value) if isinstance(value, str) else None
            if parts is not None:
                value = amount_value(parts, mark)
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                yield index, column, code, Decimal(str(value))


def _said(texts: Sequence[str], across: set[str]) -> tuple[str | None, bool] | None:
    """The currency all rates are against, and whether they are for one unit of it; None where the texts do not say."""
    found: set[tuple[str | None, bool]] = set()
    for text in texts:
        for match in _ONE.finditer(text):
            if match[1] in CURRENCIES:
                found.add((None, False) if match[1] in across else (match[1], True))
        found.update((match[1], False) for match in _INTO.finditer(text) if match[1] in CURRENCIES)
    return found.pop() if len(found) == 1 else None


def _named_beside(proposal: Proposal, decision: SheetDecision, options: ReadOptions) -> str | None:
    """The currency a column of its own names in the first row that does (*Base currency*), or None."""
    choice = decision.column("to")
    if choice is None:
        return None
    grid = proposal.grid
    for row in grid.rows[grid.position(decision.first_row) :]:
        value = row[span(choice)[0]] if span(choice)[0] < len(row) else None
        if isinstance(value, str) and (code := currency_of_text(value, options.base_currency)):
            return code
    return None


def rates_in_row(
    row: Sequence[Cell],
    number: int,
    values: Mapping[str, Any],
    cells: Mapping[str, str],
    casts: Casts,
) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Values and cells of each rate in a row; an unreadable cell is a problem, an empty one is none.

    A rate for one unit of the common currency is turned round, to 18 digits.
    """
    extra = dict(casts.decision.extra)
    headed = casts.decision.header_rows[-1] if casts.decision.header_rows else number
    made = []
    for place, code in extra["currencies"].items():
        column = column_index(place)
        value = row[column] if column < len(row) else None
        if value is None or code == extra.get("into") or (isinstance(value, str) and says_nothing(value)):
            continue
        rate = casts.plain_number(value, "rate")
        if rate is None:
            entry = codes.OF_BAD.get(value.kind) if isinstance(value, Bad) else None
            shown = (
                (value.text or "a formula without a saved value")
                if isinstance(value, Bad)
                else str(value)[:60]
            )
            casts.report(
                entry or codes.VALUE_UNREADABLE,
                f"Row {number}: “{shown}” is not a rate.",
                address(number, column),
            )
            continue
        if extra.get("of_one") and rate > 0:
            rate = _TURNED.divide(Decimal(1), rate)
        made.append(
            (
                {**values, "from": code, "rate": rate},
                {**cells, "from": address(headed, column), "rate": address(number, column)},
            )
        )
    return made
