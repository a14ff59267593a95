"""Lines of a plan that are of more than a month: a quarter in their cell, a flight of days, an amount each month.

A campaign runs from a day to a day and its budget is for all of them; a subscription costs so much a month. Read as an
amount of the month in which the last of these days lies, a year's plan stands in December.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any, Final

from importers import codes
from importers.billing import billing_of, price_months
from importers.casts import Casts
from importers.dates import month_value, quarter_value
from importers.fiscal import bare_span, span_in_year
from importers.grid import Cell, address, key, letters
from importers.months import MonthColumn
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header, sample_rows, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, ColumnChoice, Layout, Question, ReadOptions, SheetDecision
from mopsaudit.money import exponent, split_exact, to_minor

#: The columns of a plan with the first and the last day of a line, and how often its amount is due.
FROM, UNTIL, EVERY = "_from", "_until", "_every"
_WEEKS: Final = (
    (r"(?:bi-?weekly|fortnight\w*|every (?:two|2) weeks)", 14),
    (r"(?:week\w*|wöchentlich)", 7),
    (r"(?:daily|day)", 1),
)
_QUARTERS: Final = re.compile(r"\b(?:quarters?|qtr|q|quartal|trimestre)\b", re.IGNORECASE)
#: A flight longer than five years is a slip of the pen.
_LONGEST: Final = 1830


def settle_days(
    picks: dict[str, tuple[int, float]],
    header: Header,
    facts: Sequence[ColumnFacts],
    used: set[int],
    *,
    across: bool,
) -> None:
    """Of the columns with days of a plan, those that say when a line is: its month, both ends, or its start alone.

    Where there is none, and no months stand ``across``, the one column of nothing but months is, whatever its heading.
    """
    if "month" in picks or not {FROM, UNTIL} <= picks.keys():
        start = picks.pop(FROM, None) or picks.get(UNTIL)
        picks.pop(UNTIL, None)
        if "month" not in picks and start is not None:
            picks["month"] = start
    if across or {"month", FROM} & picks.keys():
        return
    found = [
        column
        for column, each in enumerate(facts)
        if column not in used
        and header.headings[column]
        and len(each.values) > 1
        and all(map(_is_month, each.values))
    ]
    if len(found) == 1:
        used.add(found[0])
        picks["month"] = (found[0], 0.8)


def _is_month(value: object) -> bool:
    return isinstance(value, str) and month_value(value) is not None and not value.strip().isdecimal()


def parts_of(
    values: Mapping[str, Any], cell: Cell, heading: str, casts: Casts
) -> list[tuple[date, int]] | None:
    """The months an amount is of, each with its weight; None where it is of one month, or of none known.

    Whole months count alike, others by their days. ``cell`` and ``heading`` are those of the month.
    """
    first, last = values.get(FROM), values.get(UNTIL)
    if isinstance(first, date) and isinstance(last, date):
        if first > last or (last - first).days > _LONGEST:
            return None
        return _of_days(first, last)
    month = values.get("month")
    months = 1
    if isinstance(cell, str) and cell.strip().isdecimal():
        cell = int(cell)
    if isinstance(cell, str):
        found = quarter_value(cell) or span_in_year(cell, casts.options.fiscal_start) or bare_span(cell)
        months = found[1] if found is not None else 1
    elif isinstance(cell, int | float) and 1 <= cell <= 4 and _QUARTERS.search(heading):
        month = casts.bare_month(f"Q{int(cell)}", casts.year) if casts.year is not None else None
        months = 3
    if not isinstance(month, date) or months == 1:
        return None
    start = month.year * 12 + month.month - 1
    return [(date((start + step) // 12, (start + step) % 12 + 1, 1), 1) for step in range(months)]


def spread(column: MonthColumn, amount: Decimal, currency: str) -> Iterator[tuple[date, Decimal]]:
    """The months of a column with the part each has of an amount: equal to the minor unit, and exact in all."""
    minor, residue = to_minor(amount, currency)
    start = column.first.year * 12 + column.first.month - 1
    for step, part in enumerate(split_exact(minor, [1] * column.months)):
        rest = residue if step == column.months - 1 else 0
        share = Decimal(part).scaleb(-exponent(currency)) + rest
        yield date((start + step) // 12, (start + step) % 12 + 1, 1), share


def carried_months(casts: Casts, column: int | None) -> dict[int, date]:
    """Row number → the month that stands once above its lines (*January* over three of them); empty where it may not.

    Every month stands once, the first line has one, and each but one or none has lines without one below it: a list in
    which some month was forgotten is none.
    """
    if column is None:
        return {}
    grid = casts.grid
    order = next((each.date_order for each in casts.decision.columns if each.field == "month"), None)
    amount = casts.decision.column("amount")
    place = span(amount)[0] if amount is not None else 0
    found: dict[int, date] = {}
    seen: list[date] = []
    below: list[int] = []
    start = grid.position(casts.decision.first_row)
    for number, row in zip(grid.numbers[start:], grid.rows[start:], strict=True):
        value = row[column] if column < len(row) else None
        if place >= len(row) or row[place] is None:
            continue
        if value is None:
            if not seen or not any(isinstance(each, str) for each in row):
                return {}
            found[number] = seen[-1]
            below[-1] += 1
            continue
        year = casts.year if casts.year is not None else casts.month_year
        month = casts.date_of(value, order, month=True) or (
            casts.bare_month(value, year) if year is not None else None
        )
        if month is None:
            continue  # the word of a total
        seen.append(month.replace(day=1))
        below.append(0)
    plain = len(set(seen)) == len(seen) >= 2 and sum(count > 0 for count in below) >= len(below) - 1
    return found if plain else {}


def _of_days(first: date, last: date) -> list[tuple[date, int]]:
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    found: list[tuple[date, int]] = []
    month = first.replace(day=1)
    while month <= last:
        after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        days = (min(last, after - timedelta(days=1)) - max(first, month)).days + 1
        found.append((month, 1 if whole else days))
        month = after
    return found


def split_over(parts: list[tuple[date, int]], amount: Decimal, currency: str) -> list[tuple[date, Decimal]]:
    """The part each month has of an amount, by its weight; exact in all."""
    minor, residue = to_minor(amount, currency)
    shares = split_exact(minor, [weight for _, weight in parts])
    made = [
        (month, Decimal(share).scaleb(-exponent(currency)))
        for (month, _), share in zip(parts, shares, strict=True)
    ]
    made[-1] = (made[-1][0], made[-1][1] + residue)
    return made


def times(text: Any, values: Mapping[str, Any]) -> int:
    """How often an amount is due within its line's days, or within a year; 1 where the text does not say."""
    if not isinstance(text, str):
        return 1
    first, last = values.get(FROM), values.get(UNTIL)
    known = isinstance(first, date) and isinstance(last, date) and first <= last
    months = len(_of_days(first, last)) if known and first is not None and last is not None else 12
    days = (last - first).days + 1 if known and first is not None and last is not None else 364
    for pattern, each in _WEEKS:
        if re.fullmatch(pattern, fold(text), re.IGNORECASE):
            return max(1, round(days / each))
    every, _ = billing_of(text, alone=True)
    return max(1, ceil(months / every)) if every else 1


def decide_every(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Whether amounts beside *Monthly* are each month's or all (``every``: *each* or *whole*), by an answer; asked."""
    amount, told = decision.column("amount"), decision.column(EVERY)
    if amount is None or "every" in dict(decision.extra) or decision.column("month") is not None:
        return decision
    first, last = span(amount)
    if decision.layout is Layout.CROSSTAB and first != last:
        return decision
    grid = proposal.grid
    if told is None:
        return _every_by_heading(proposal, decision, amount, answers)
    question = key(grid.name, first, "every")
    answer = answers.get(question)
    if answer in ("each", "whole"):
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "every": answer}.items())))
    casts = Casts(options.kind, grid, decision, options, lambda *_, **__: None)
    column = span(told)[0]
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row, number = grid.rows[index], grid.numbers[index]
        text = row[column] if column < len(row) else None
        values, _ = casts.row(row, number)
        count = times(text, values)
        value = row[first] if first < len(row) else None
        if count < 2 or value is None or not casts.plain_number(value, "amount"):
            continue
        shown = fold(str(value))
        proposal.questions.append(
            Question(
                key=question,
                sheet=grid.name,
                column=letters(first),
                asks=f"{address(number, first)} “{amount.header}” says {shown} beside “{told.header}” {text}. "
                "What is it?",
                choices=(
                    Choice(value="each", reads=f"{shown} each time: {count} times in all"),
                    Choice(value="whole", reads=f"{shown} for all of it"),
                ),
            )
        )
        break
    return decision


def _every_by_heading(
    proposal: Proposal, decision: SheetDecision, amount: ColumnChoice, answers: Mapping[str, str]
) -> SheetDecision:
    """Whether amounts below *Monthly budget*, in a list that names no month, are each month's or all; asked."""
    months, first = price_months(amount.header), span(amount)[0]
    if not isinstance(months, int) or months >= 12:
        return decision
    question = key(proposal.grid.name, first, "every")
    answer = answers.get(question)
    if answer in ("each", "whole"):
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "every": answer}.items())))
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(first),
            asks=f"“{amount.header}” names a span, and no column says which month a line is of. What is it?",
            choices=(
                Choice(value="each", reads=f"the amount each time: {12 // months} times a year"),
                Choice(value="whole", reads="the amount for all of the year"),
            ),
        )
    )
    return decision


def tell_flights(proposal: Proposal, decision: SheetDecision) -> None:
    """A note where amounts are spread over the days of their line."""
    first, last = decision.column(FROM), decision.column(UNTIL)
    if first is None or last is None or not decision.header_rows:
        return
    proposal.problems.append(
        codes.problem(
            codes.PLAN_SPREAD,
            f"Each amount was spread by days over the months from “{first.header}” to “{last.header}”.",
            sheet=proposal.grid.name,
            cell=address(decision.header_rows[-1], span(first)[0]),
        )
    )
