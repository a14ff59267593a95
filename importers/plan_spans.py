"""Lines of a plan that are of more than a month: a quarter in their cell, a flight of days, an amount each month.

A campaign runs from a day to a day and its budget is for all of them; a subscription costs so much a month. Read as an
amount of the month in which the last of these days lies, a year's plan stands in December.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any, Final

from importers import codes
from importers.billing import billing_of
from importers.casts import Casts
from importers.dates import month_value, quarter_value
from importers.fiscal import bare_span, span_in_year
from importers.grid import Cell, address, key, letters
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header, sample_rows, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Layout, Question, ReadOptions, SheetDecision
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
    if (
        amount is None
        or told is None
        or "every" in dict(decision.extra)
        or decision.column("month") is not None
    ):
        return decision
    first, last = span(amount)
    if decision.layout is Layout.CROSSTAB and first != last:
        return decision
    grid = proposal.grid
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
