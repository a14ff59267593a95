"""What the sizes of rates say of how they are written, and days and currencies no heading names.

16,443 beside AUD in a list of Czech crowns is sixteen crowns, not sixteen thousand, whatever the mark could mean.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from importers.casts import text_of
from importers.dates import date_readings
from importers.grid import Cell, Grid, column_index, key, letters
from importers.rates import decide_into, names_currency, printed_rates, says_budget, texts_above
from importers.rates_across import decide_across, printed_across
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, span
from importers.texts import fold
from importers.unit_values import readings
from mopsaudit.intake.contract import (
    Choice,
    ColumnChoice,
    Question,
    ReadOptions,
    RowMark,
    SheetDecision,
)

#: A whole day inside a line above a list: ``31.03.2022 #64``, ``Rates of 2 January 2026``.
_DAY: Final = re.compile(
    r"(?<![\d./-])(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.? [A-Za-zÀ-ž]{3,9}\.? \d{4}|"
    r"[A-Z][a-z]{2,8} \d{1,2}, \d{4})(?![\d./-])"
)


def mark_by_size(proposal: Proposal, choice: ColumnChoice, options: ReadOptions) -> ColumnChoice:
    """The choice with the decimal mark under which alone its rates are what their currencies are worth.

    Unchanged where both marks can be, where none can, or where no currency's worth is kept.
    """
    if choice.decimal_mark:
        return choice
    able = []
    for mark in ".,":
        decision = proposal.decision.with_column(replace(choice, decimal_mark=mark))
        extra = dict(decision.extra)
        into = str(extra.get("into") or options.base_currency)
        if "currencies" in extra:
            units = extra.get("units", {})
            columns = {column_index(place): code for place, code in extra["currencies"].items()}
            rates = [
                (code, rate / units.get(letters(column), 1))
                for _, column, code, rate in printed_across(proposal, decision, columns)
            ]
        else:
            rates = [
                (each.code, each.rate) for each in printed_rates(proposal, decision, options.base_currency)
            ]
        told = [each for code, rate in rates[:2000] if code != into and (each := readings(code, into, rate))]
        fits = [each.of_each or each.of_one or each.of_hundred for each in told]
        if not fits or (any(fits) and not all(fits)):
            return choice
        if all(fits):
            able.append(mark)
    return replace(choice, decimal_mark=able[0]) if len(able) == 1 else choice


def day_above(proposal: Proposal) -> date | None:
    """The one day the lines above a list name, in one reading; None for none or several."""
    found: set[date] = set()
    for text in texts_above(proposal, proposal.decision):
        for match in _DAY.finditer(text):
            read = date_readings(match[0])
            days = {read["dmy"]} if "dmy" in read and "." in match[0] else set(read.values())
            if len(days) != 1:
                return None
            found |= days
    return found.pop() if len(found) == 1 else None


def currencies_unheaded(
    picks: Mapping[str, tuple[int, float]], used: set[int], facts: Sequence[ColumnFacts]
) -> int | None:
    """The one column, of those left, whose every cell names a currency, where the list has none that its heading names.

    A column of one currency alone names what the rates are into as well as what they are of: it says nothing.
    """
    if "from" in picks or "rate" not in picks:
        return None
    able = [
        column
        for column, each in enumerate(facts)
        if column not in used
        and len(each.values) >= 2
        and all(isinstance(value, str) and names_currency(value) for value in each.values)
    ]
    return able[0] if len(able) == 1 else None


def decide_rates(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Into which currency rates are, of what one unit, of which day and of which series; what is open is asked."""
    if "currencies" in dict(decision.extra):
        return decide_across(proposal, decision, options, answers)
    decision = _one_series(proposal, decide_into(proposal, decision, options, answers), answers)
    day = day_above(proposal) if decision.column("valid_from") is None else None
    if day is None:
        return decision
    extra = {**dict(decision.extra), "day": day.isoformat()}
    reasons = (*decision.reasons, f"a line above the list says that it is of {day.isoformat()}")
    return replace(decision, reasons=reasons, extra=tuple(sorted(extra.items())))


def _one_series(proposal: Proposal, decision: SheetDecision, answers: Mapping[str, str]) -> SheetDecision:
    """Of two rates of one currency and day, which: asked where a column tells them apart (average, end of month)."""
    source, rate = decision.column("from"), decision.column("rate")
    if source is None or rate is None or "series" in dict(decision.extra):
        return decision
    grid = proposal.grid
    of_them = [span(each)[0] for name in ("from", "to", "valid_from") if (each := decision.column(name))]
    kind = decision.column("kind")
    kept = {span(each)[0] for each in decision.columns if each is not kind}
    groups: dict[tuple[object, ...], list[list[Cell]]] = defaultdict(list)
    for row in grid.rows[grid.position(decision.first_row) :]:
        if _at(row, span(rate)[0]) is not None and isinstance(_at(row, of_them[0]), str):
            budget = kind is not None and says_budget(_at(row, span(kind)[0]))
            groups[(*(_at(row, column) for column in of_them), budget)].append(row)
    twice = [rows for rows in groups.values() if len({_at(row, span(rate)[0]) for row in rows}) > 1]
    for column in range(grid.width) if twice else ():
        told = {text_of(_at(row, column)) or "" for rows in groups.values() for row in rows}
        apart = all(len({text_of(_at(row, column)) for row in rows}) == len(rows) for rows in twice)
        if column in kept or not apart or not 2 <= len(told) <= 12 or "" in told:
            continue
        question = key(grid.name, column, "series")
        if (answer := answers.get(question)) in told:
            extra = {**dict(decision.extra), "series": [letters(column), answer]}
            return replace(decision, extra=tuple(sorted(extra.items())))
        heading = (
            fold(str(_at(grid.row(decision.header_rows[-1]), column) or "")) if decision.header_rows else ""
        )
        proposal.questions.append(
            Question(
                key=question,
                sheet=grid.name,
                column=letters(column),
                asks=f"The list gives several rates of one currency and day; column {letters(column)} “{heading}” "
                f"tells them apart ({', '.join(sorted(told))}). Which are to be used?",
                choices=tuple(Choice(value=each, reads=f"the rates marked {each}") for each in sorted(told)),
            )
        )
        break
    return decision


def other_series(grid: Grid, decision: SheetDecision, start: int, stop: int) -> dict[int, RowMark]:
    """Row index → note, of the rates that are not of the series chosen."""
    letter, value = dict(decision.extra).get("series", (None, None))
    if letter is None:
        return {}
    column = column_index(letter)
    return {
        index: RowMark.NOTE
        for index in range(start, stop)
        if (text_of(_at(grid.rows[index], column)) or "") != value
    }


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None
