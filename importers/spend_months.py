"""Suppliers down, months across: whether a spend sheet is such a crosstab, and which columns are its months."""

from collections.abc import Sequence
from datetime import date

from importers.grid import Grid, letters
from importers.months import month_columns
from importers.spend_columns import TEXT_FIELDS, Pick, choice_of
from importers.table import ColumnFacts, Header
from mopsaudit.intake.contract import ColumnChoice, Question, ReadOptions


def named_months(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    options: ReadOptions,
    questions: list[Question],
) -> list[tuple[int, date]]:
    """Month columns that carry no year of their own, or share it in the line above; three of them at least."""
    if "date" in picks:
        return []
    found = month_columns(grid, header, options, dict(options.answers))
    columns = [
        (month.column, month.first)
        for month in found.columns
        if month.months == 1
        and (facts[month.column].numeric_share() >= 0.6 or not facts[month.column].filled)
    ]
    if len(columns) < 3 or len(columns) < len(found.columns):
        return []
    questions.extend(found.questions)
    return columns


def dated_columns(header: Header, facts: Sequence[ColumnFacts]) -> dict[int, date]:
    """Columns headed by a month with its year, over numbers: column → first day."""
    return {
        column: month
        for column, month in header.months.items()
        if column < len(facts) and (facts[column].numeric_share() >= 0.6 or not facts[column].filled)
    }


def is_crosstab(
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    months: dict[int, date],
    maps: dict[str, int],
) -> bool:
    """Whether the month columns are the table, not one amount column that happens to be named after a month."""
    filled = [column for column in months if facts[column].filled]
    if not filled or "amount" in maps:
        return False
    if len(set(months.values())) < len(months):
        return False
    if len(filled) >= 2:
        return True
    amount = picks.get("amount")
    return (
        amount is None or header.headings[amount.column].casefold() in ("total", "sum", "grand total")
    ) and "date" not in picks


def crosstab_columns(header: Header, picks: dict[str, Pick], months: dict[int, date]) -> list[ColumnChoice]:
    """The columns of a crosstab: the span of months as the amount, and what else is read."""
    first, last = min(months), max(months)
    columns = [
        ColumnChoice(
            field="amount",
            letters=f"{letters(first)}:{letters(last)}"
            if last > first
            else f"{letters(first)}:{letters(first)}",
            header=header.headings[first] + (f" … {header.headings[last]}" if last > first else ""),
            confidence=0.95,
            why="the headings are months: one line per cell",
        )
    ]
    for name in ("supplier", *TEXT_FIELDS, "currency"):
        pick = picks.get(name)
        if pick is not None and pick.column not in months:
            columns.append(choice_of(name, pick))
    return columns
