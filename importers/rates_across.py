"""Rates with a column for each currency: which columns they are, what one unit stands for, and the rates of a row.

Treasuries and central banks print them so: a day down the side, ``USD``, ``GBP``, ``CHF`` across. Whether 1.04 under
USD is what one euro buys or what one dollar costs is said by a pair (``EUR/USD``) or a line above (*1 EUR =*), else
asked. What is printed for one unit of our own side is turned round, for rates are kept into it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from importers import codes
from importers.amounts import printed_number
from importers.cast_words import says_nothing
from importers.casts import Casts
from importers.currencies import crowns, currency_in_heading, currency_of_text
from importers.grid import Bad, Cell, address, column_index, key, letters
from importers.months import MonthColumn
from importers.rate_heads import no_rate, sides_of
from importers.rate_sides import said_above
from importers.rates import (
    asked_side,
    many_units,
    offered,
    pair_of,
    says_budget,
    tell_assumed,
    texts_above,
)
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header, span
from importers.unit_values import of_one_by_size
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision
from mopsaudit.money import CURRENCIES

#: What stands beside a currency in a heading without being another one.
_BESIDE: Final = re.compile(
    r"\b(?:exchange|fx|rates?|kurse?|wechselkurse?|taux|average|avg|mean|closing|close|spot|mid|monthly|month|end|eom|"
    r"budget|plan)\b|[.:()]",
    re.IGNORECASE,
)


def columns_across(header: Header, facts: Sequence[ColumnFacts], options: ReadOptions) -> dict[str, Any]:
    """What a decision keeps of currencies across the columns (``currencies``: letters → code); empty for other lists.

    With pairs for headings also which currency they have in common (``into``) and whether theirs is the one unit
    (``of_one``). Two columns at least; a column of numbers that names a currency some other way leaves the list alone.
    """
    if {"from", "rate"} & {name for name, _ in options.maps}:
        return {}
    found: dict[int, str] = {}
    pairs: dict[int, tuple[str, str]] = {}
    units: dict[int, int] = {}
    for column, heading in enumerate(header.headings):
        if not heading or column >= len(facts) or not facts[column].filled:
            continue
        if header.matches[column].get("from", 0.0) >= 0.75 and facts[column].text_share() >= 0.5:
            return {}  # each row names its own
        pair = pair_of(heading)
        explicit = pair is not None or many_units(heading)[1] in CURRENCIES - {heading}
        if facts[column].numeric_share() < (0.5 if explicit else 0.8):
            continue
        if pair is not None:
            pairs[column] = pair
            continue
        if crowns(heading):
            return {}  # nobody says whose
        many, name = many_units(heading)
        if name != heading and name in CURRENCIES:
            found[column] = name
            units[column] = many
            continue
        code = currency_of_text(_BESIDE.sub(" ", heading), options.base_currency)
        if code is not None:
            found[column] = code
        elif currency_in_heading(heading, options.base_currency):
            return {}  # ``USD in EUR``: not for us to say
    budget = {bool(says_budget(header.headings[column])) for column in (*found, *pairs)}
    if len(budget) > 1 or (found and pairs):
        return {}
    kept: dict[str, Any] = {}
    if pairs:
        shared = sides_of(pairs, options.base_currency)
        if shared is None:
            return {}
        into, sides = shared
        kept = {"into": into, "of_one": all(sides.values())}
        if len(set(sides.values())) == 2:
            kept["sides"] = {letters(column): of_one for column, of_one in sorted(sides.items())}
        found = {column: pairs[column][of_one] for column, of_one in sides.items()}
    if len(found) < (1 if pairs else 2) or len(set(found.values())) < len(found):
        return {}
    if units:  # so many of the column's currency cost so much
        kept = {"units": {letters(column): units.get(column, 1) for column in found}, "of_one": False}
    return {"currencies": {letters(column): code for column, code in sorted(found.items())}, **kept}


def decide_across(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Into which currency the rates are and for one unit of what, by the sheet's words or an answer; else asked."""
    extra = dict(decision.extra)
    gainsaid = False
    if "into" in extra and "of_one" in extra:
        extra = _ungainsaid(proposal, decision, extra)
        gainsaid = "of_one" not in extra
    if "into" in extra and "of_one" in extra:
        return replace(decision, extra=tuple(sorted(extra.items())))
    grid = proposal.grid
    columns = {column_index(place): code for place, code in extra["currencies"].items()}
    printed = list(printed_across(proposal, decision, columns))
    ones = {code for _, _, code, rate in printed if rate == 1} - {
        code for _, _, code, rate in printed if rate != 1
    }
    said = said_above(texts_above(proposal, decision), set(columns.values()) - ones, options.base_currency)
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
    if into is None:
        into = options.base_currency
        tell_assumed(proposal, decision, into, min(columns))
    of_one = said[1] if said and said[0] in (None, into) else None
    if "units" in extra:
        of_one = False
    rates = [each for each in printed if each[2] != into and each[3] != 1]
    if of_one is None and not gainsaid:
        of_one = of_one_by_size(((code, rate) for _, _, code, rate in rates), into)
    if of_one is None and rates:
        row, column, code, _ = rates[0]
        of_one = asked_side(proposal, row, column, code, into, answers, where="under", first=min(columns))
        if of_one is None:
            return decision
    return replace(decision, extra=tuple(sorted({**extra, "into": into, "of_one": bool(of_one)}.items())))


def _ungainsaid(proposal: Proposal, decision: SheetDecision, extra: dict[str, Any]) -> dict[str, Any]:
    """What is kept of pairs, without their sides where the sizes of the rates say the contrary of the headings."""
    columns = {column_index(place): code for place, code in extra["currencies"].items()}
    sides = {column_index(place): of_one for place, of_one in extra.get("sides", {}).items()}
    if "units" in extra:
        return extra
    for side in (True, False):
        rates = [
            (code, rate)
            for _, column, code, rate in printed_across(proposal, decision, columns)
            if sides.get(column, extra["of_one"]) is side
        ]
        if of_one_by_size(rates, extra["into"]) is (not side):
            return {name: value for name, value in extra.items() if name not in ("of_one", "sides")}
    return extra


def printed_across(
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
            number = printed_number(value, mark)
            if number is not None:
                yield index, column, code, number


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
    """Values and cells of each rate in a row, as printed; an unreadable cell is a problem, an empty one is none."""
    extra = dict(casts.decision.extra)
    headed = casts.decision.header_rows[-1] if casts.decision.header_rows else number
    made = []
    if values.get("valid_from") is None:
        return []  # a line of the head, or of units below the table
    for place, code in extra["currencies"].items():
        column = column_index(place)
        value = row[column] if column < len(row) else None
        if value is None or code == extra.get("into") or no_rate(value):
            continue
        rate = _number(value, number, column, casts)
        if rate is None:
            continue
        made.append(
            (
                {
                    **values,
                    "from": code,
                    "rate": rate,
                    "_units": extra.get("units", {}).get(place),
                    "_of_one": extra.get("sides", {}).get(place),
                },
                {**cells, "from": address(headed, column), "rate": address(number, column)},
            )
        )
    return made


def rates_of_months(
    row: Sequence[Cell],
    number: int,
    values: Mapping[str, Any],
    cells: Mapping[str, str],
    months: Sequence[MonthColumn],
    casts: Casts,
) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Values and cells of each month's rate of the currency a row is of, as printed; an empty cell is none."""
    if not isinstance(values.get("from"), str):
        return []
    headed = casts.decision.header_rows[-1] if casts.decision.header_rows else number
    made = []
    for month in months:
        value = row[month.column] if month.column < len(row) else None
        if value is None or (isinstance(value, str) and says_nothing(value)):
            continue
        rate = _number(value, number, month.column, casts)
        if rate is not None:
            places = {"valid_from": address(headed, month.column), "rate": address(number, month.column)}
            made.append(({**values, "valid_from": month.first, "rate": rate}, {**cells, **places}))
    return made


def _number(value: Cell, number: int, column: int, casts: Casts) -> Decimal | None:
    """A rate; what is none is told with its cell."""
    rate = casts.plain_number(value, "rate")
    if rate is None:
        entry = codes.OF_BAD.get(value.kind) if isinstance(value, Bad) else None
        shown = (
            (value.text or "a formula without a saved value") if isinstance(value, Bad) else str(value)[:60]
        )
        casts.report(
            entry or codes.VALUE_UNREADABLE,
            f"Row {number}: “{shown}” is not a rate.",
            address(number, column),
        )
    return rate
