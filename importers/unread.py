"""Columns of money, days or licences that a sheet holds and nobody reads: told, so that nothing is left out unseen."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from importers import codes, doubt_codes
from importers.ad_reports import PAYEE, SENT_BY
from importers.amounts import printed_number
from importers.column_proof import in_currency, sums_up
from importers.grid import Grid, column_index, letters
from importers.plan_spans import FROM
from importers.plan_words import says
from importers.scales import in_hundredths
from importers.spend_columns import WORDS
from importers.spend_doubts import tell_doubts
from importers.spend_priced import is_price
from importers.table import best_field, column_facts, headings_of, sample_rows, span
from importers.unread_columns import KNOWN, WRITTEN, holds_money, known, listed, read_columns, whole_money
from importers.unread_records import WANTED, unread_flags, unread_of_records
from importers.words import Words
from mopsaudit.intake.contract import Kind, Layout, Reading, SheetDecision
from mopsaudit.problems import Problem

#: Kinds whose rows are money; what else is unread of the others changes no figure.
KINDS: Final = frozenset((Kind.SPEND, Kind.CONTRACTS, Kind.BUDGET, Kind.ORDERS, Kind.BENEFITS))
_MONEY: Final = ("amount", "net", "gross", "unit_price", "debit", "credit")
_CENT: Final = Decimal("0.01")
#: A heading of what one of something came to, which beside the cost of all is no money of its own.
_RATIO: Final = re.compile(r"\b(?:avg|average|per|cpc|cpm|cpa|ctr)\b|(?<=\w) / ?\w", re.IGNORECASE)
#: What ends in one of these is no amount, though it has a point: a code, a count of hours or people.
_NUMBERED: Final = re.compile(
    r"\b(?:codes?|ids?|no|number|version|hours|hrs|ftes?|latitude|longitude)$", re.IGNORECASE
)
#: What dates the lines of spend: a column, or what the reader noted of the sheet.
_DATING: Final = ("date", "period", "service_from", "service_until")
_DATED_BY: Final = frozenset(("period", "day_column"))


def unread(grid: Grid, decision: SheetDecision, kind: Kind, words: Words) -> Iterable[Problem]:
    """One note for a sheet: its columns of amounts, and of days where the rows are contracts, that are not read."""
    across = decision.layout is Layout.CROSSTAB
    if not decision.header_rows or (across and kind is not Kind.BUDGET):
        return
    headings = headings_of(grid, decision)
    start = grid.position(decision.first_row)
    read = _read_across(decision) if across else read_columns(decision)
    facts = column_facts(grid, start, headings)
    most = max((facts[column].filled for column in read if column < len(facts)), default=0)
    counted = kind is Kind.SPEND and any(_quantity(heading) for heading in headings)
    amounts: list[int] = []
    days: list[int] = []
    for column, heading in enumerate(headings):
        fact = facts[column]
        if (
            not heading
            or column in read
            or fact.filled < 2
            or fact.filled * 3 < most
            or (
                known(heading, words) and not (_numbered(heading, words) and in_currency(grid, column, start))
            )
            or (kind is Kind.SPEND and _RATIO.search(heading))
            or (counted and is_price(heading))
            or (across and (says(heading) == "happened" or sums_up(grid, read, column, start)))
        ):
            continue
        whole = whole_money(heading, fact)
        if _NUMBERED.search(heading.replace("_", " ")):
            continue
        if fact.numeric_share() >= 0.8 and (
            whole or in_hundredths(heading) or holds_money(grid, column, start)
        ):
            same = any(_same(grid, column, other, start) for other in read)
            if not same and not _with_tax(grid, decision, column, start):
                amounts.append(column)
        elif _headed_as_money(heading, words) and _written_otherwise(grid, column, start):
            amounts.append(column)
        elif (
            kind is Kind.CONTRACTS or (kind is Kind.BUDGET and not across and decision.column(FROM) is None)
        ) and fact.date_share() >= 0.8:
            days.append(column)
    told = [
        f"{listed(headings, columns)} {what}"
        for columns, what in ((amounts, "amounts"), (days, "days"))
        if columns
    ]
    if told:
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {'; '.join(told)}. If one of them belongs in, choose it for what it is.",
            sheet=grid.name,
            cell=f"{letters((amounts or days)[0])}{decision.header_rows[-1]}",
        )


def _read_across(decision: SheetDecision) -> set[int]:
    """The columns a plan across the columns reads: of a span of amounts only those that are months or years."""
    months = set(map(column_index, dict(decision.extra).get("months", {})))
    amount = decision.column("amount")
    if not months or amount is None:
        return read_columns(decision)
    first, last = span(amount)
    return {column for column in read_columns(decision) if column in months or not first <= column <= last}


def _numbered(heading: str, words: Words) -> bool:
    """Whether a heading is known for a number of something alone, which amounts of money below it gainsay."""
    for vocabulary in (words, WORDS):
        found = vocabulary.fields(heading)
        name = max(found, key=lambda each: found[each], default="")
        if name.startswith("_") and found[name] >= KNOWN:
            return False
    return True


def _quantity(heading: str) -> bool:
    """Whether a heading says how many, so that a price beside it is of one of them."""
    return best_field(WORDS.fields(heading))[0] == "_quantity"


def _headed_as_money(heading: str, words: Words) -> bool:
    found = words.fields(heading)
    name = max(found, key=lambda each: found[each], default="")
    return name in _MONEY and found[name] >= KNOWN


def _written_otherwise(grid: Grid, column: int, start: int) -> bool:
    """Whether most cells are money with words about it (``$45,000/yr``), which reads as no amount."""
    texts = [
        value
        for index in sample_rows(start, len(grid.rows))
        if column < len(row := grid.rows[index]) and (value := row[column]) is not None
    ]
    like = sum(isinstance(value, str) and bool(WRITTEN.search(value)) for value in texts)
    return 2 * like > len(texts)


def _same(grid: Grid, one: int, other: int, start: int) -> bool:
    """Whether two columns hold the same in every sampled row."""
    return all(
        (row[one] if one < len(row) else None) == (row[other] if other < len(row) else None)
        for row in (grid.rows[index] for index in sample_rows(start, len(grid.rows)))
    )


def _with_tax(grid: Grid, decision: SheetDecision, column: int, start: int) -> bool:
    """Whether a column is, in every sampled row, the amount that is read with the tax that is read, or without it."""
    amount, tax = decision.column("amount"), decision.column("tax")
    if amount is None or tax is None:
        return False
    columns = [(span(choice)[0], choice.decimal_mark or ".") for choice in (amount, tax)]
    agreed = {1: 0, -1: 0}
    for index in sample_rows(start, len(grid.rows)):
        row = grid.rows[index]
        own = printed_number(row[column], columns[0][1]) if column < len(row) else None
        read = [printed_number(row[place], mark) if place < len(row) else None for place, mark in columns]
        if own is None or read[0] is None:
            continue
        for sign in list(agreed):
            if abs(read[0] + sign * (read[1] or 0) - own) > _CENT:
                del agreed[sign]
            else:
                agreed[sign] += 1
    return any(count >= 2 for count in agreed.values())


def _unnamed(decision: SheetDecision) -> Iterable[Problem]:
    """A note where nothing on a sheet of spend says who was paid."""
    extra = dict(decision.extra)
    named = extra.get(PAYEE) or extra.get(SENT_BY) or "suppliers" in extra
    if decision.column("supplier") is None and not named:
        yield codes.problem(
            codes.NO_SUPPLIER,
            "No column names a supplier; the lines count under “no supplier”.",
            sheet=decision.name,
        )


def _undated(grid: Grid, decision: SheetDecision, words: Words) -> Iterable[Problem]:
    """A note where nothing on a sheet of spend dates its lines; it names a column whose heading says it should."""
    extra = dict(decision.extra)
    dated = any(decision.column(name) is not None for name in _DATING)
    if dated or decision.layout is Layout.CROSSTAB or _DATED_BY.intersection(extra):
        return
    headed = next(
        (
            (column, heading)
            for column, heading in enumerate(headings_of(grid, decision))
            if heading and words.fields(heading).get("date", 0.0) >= 0.8
        ),
        None,
    )
    told = f"; the cells of column {letters(headed[0])} “{headed[1]}” are no days" if headed else ""
    yield codes.problem(
        doubt_codes.UNDATED,
        f"No column dates the lines{told}: they count as undated.",
        sheet=decision.name,
    )


def tell_unread(grids: Sequence[Grid], reading: Reading, words: Words) -> tuple[Problem, ...]:
    """The notes on every sheet that is read: what nobody reads of it, and that it names no supplier."""
    kind = reading.decision.kind
    if kind not in KINDS and kind not in WANTED:
        return ()
    by_name = {grid.name: grid for grid in grids}
    problems: list[Problem] = []
    for decision in reading.decision.sheets:
        if decision.used and decision.name in by_name:
            if kind is Kind.SPEND and not any(
                question.key.endswith((PAYEE, SENT_BY, "supplier_column")) for question in reading.questions
            ):
                problems.extend(_unnamed(decision))
            if kind is Kind.SPEND:
                problems.extend(_undated(by_name[decision.name], decision, words))
                problems.extend(tell_doubts(by_name[decision.name], decision))
            asked = {question.key.rpartition("!")[2] for question in reading.questions}
            if kind in (Kind.USAGE, Kind.PEOPLE) and not {"products", "seat_column"} & asked:
                problems.extend(unread_flags(by_name[decision.name], decision, kind))
            if kind in WANTED:
                problems.extend(unread_of_records(by_name[decision.name], decision, kind, words))
            else:
                problems.extend(unread(by_name[decision.name], decision, kind, words))
    return tuple(problems)
