"""Months of a plan that stand under *Actual*: what happened of a rolling forecast, beside what is still expected.

Nine months of actuals and three of forecast are no budget; a person may want them as the year's outlook all the same,
or the budget that stands beside them. Which, nothing in the file says.
"""

import re
from collections.abc import Sequence
from typing import Final

from importers.grid import Cell, Grid, key, letters
from importers.months import MonthColumn, MonthColumns
from importers.plan_words import says
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Question

_ACTUAL: Final = re.compile(
    r"\b(?:actuals?|act|ist|istwerte?|réel|réalisé|realizado|consuntivo|werkelijk|utfall|faktisk|wykonanie|skutečnost)\b",
    re.IGNORECASE,
)
#: The same behind a month in one letter or more: ``Jan-26 A``, ``Feb 26 (act)``.
_BEHIND: Final = re.compile(r"[0-9'’)\s][\s(/-]*(?:a|ac|act|actuals?|ist)\.?\s*\)?$", re.IGNORECASE)
#: How many lines above the months may say what they are.
_ABOVE: Final = 2


def settle_actuals(
    proposal: Proposal,
    header: Header,
    facts: Sequence[ColumnFacts],
    months: MonthColumns,
    picks: dict[str, tuple[int, float]],
    answers: dict[str, str],
) -> MonthColumns | None:
    """The months of a plan without those that happened, by an answer; None where a column beside them is the plan.

    Asked where some of the months say that they happened; they are kept till then.
    """
    grid = proposal.grid
    above = _labels(grid, header)
    happened = [month for month in months.columns if _happened(header, above, month.column)]
    rest = [month for month in months.columns if month not in happened]
    if not happened or not rest:
        return months
    places = {month.column for month in months.columns}
    beside = {
        column: text
        for column, each in enumerate(facts)
        if column not in places
        and each.filled
        and each.numeric_share() >= 0.8
        and says(text := header.headings[column] or above.get(column, "")) == "plan"
    }
    question = key(grid.name, happened[0].column, "actuals")
    answer = answers.get(question, "").strip()
    chosen = next((column for column in beside if letters(column) == answer.upper().rstrip(":")), None)
    if chosen is not None:
        header.headings[chosen] = beside[chosen]
        picks["amount"] = (chosen, 0.9)
        return None
    if answer in ("keep", "leave"):
        picks.pop("amount", None)
    if answer == "leave" and len(rest) > 1:
        header.months = {}  # what is left of them is kept in the decision: the headings alone tell all of them
        return MonthColumns(rest, months.questions)
    if answer != "keep":
        proposal.questions.append(_question(grid, question, happened, rest, beside))
    return months


def _question(
    grid: Grid,
    name: str,
    happened: Sequence[MonthColumn],
    rest: Sequence[MonthColumn],
    beside: dict[int, str],
) -> Question:
    count = len(happened)
    first, last = happened[0], happened[-1]
    shown = (
        f"{first.first:%b %Y}"
        if count == 1
        else f"{count} of the months, {first.first:%b %Y} to {last.first:%b %Y},"
    )
    return Question(
        key=name,
        sheet=grid.name,
        column=letters(first.column),
        asks=f"{shown} {'says' if count == 1 else 'say'} “actual”: what happened is no plan. Which is the plan?",
        choices=(
            *(
                Choice(value=letters(column), reads=f"column {letters(column)} “{text}”, and no month")
                for column, text in beside.items()
            ),
            Choice(value="keep", reads="all months: a forecast of the year with what happened in it"),
            *([Choice(value="leave", reads=f"only the other {len(rest)} months")] if len(rest) > 1 else []),
        ),
    )


def _happened(header: Header, above: dict[int, str], column: int) -> bool:
    heading = header.headings[column]
    own = bool(_ACTUAL.search(heading) or _BEHIND.search(heading))
    return own or (says(heading) != "plan" and bool(_ACTUAL.search(above.get(column, ""))))


def _labels(grid: Grid, header: Header) -> dict[int, str]:
    """Column → what the lines above a header say over it; a text that stands once is carried over what follows it."""
    found: dict[int, str] = {}
    first = grid.position(header.rows[0]) if header.rows else 0
    for index in range(max(0, first - _ABOVE), first):
        row = grid.rows[index]
        texts = [fold(value) if isinstance(value, str) else "" for value in row]
        if sum(map(bool, texts)) < 2 or any(isinstance(value, int | float) for value in row):
            continue  # a title, or amounts
        text = ""
        for column in range(grid.width):
            own = texts[column] if column < len(texts) else ""
            text = own or (text if _carries(row, column, header) else "")
            if text:
                found[column] = text
    return found


def _carries(row: Sequence[Cell], column: int, header: Header) -> bool:
    """Whether a text to the left stands over a column that has a heading and nothing of its own above."""
    return bool(header.headings[column]) and (column >= len(row) or row[column] is None)
