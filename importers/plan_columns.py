"""What the money columns of a plan hold: what was planned or what happened, and of which fiscal year.

``FY24 Actual | FY25 Budget | FY26 Budget``, ``2023/24 £000 | 2024/25 £000``, ``Q1 Budget | Q1 Actual``: what happened
is no plan, and each planned year is read into its own. Where one year is planned twice (gross and net, original and
revised), a person is asked which of them is the plan.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from importers.casts import Cast
from importers.dates import month_name
from importers.fiscal import bare_span
from importers.grid import Grid, letters
from importers.months import (
    DAY,
    MonthColumn,
    MonthColumns,
    asked_start,
    asked_year,
    fiscal_year_in,
    names_two_years,
)
from importers.plan_actuals import settle_actuals
from importers.plan_amounts import COUNTED, drop_measures, only_amounts
from importers.plan_periods import month_above
from importers.plan_spans import FROM
from importers.plan_words import says
from importers.record_fit import fit
from importers.spend_evidence import ask_column
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, Header, column_facts
from importers.texts import fold
from importers.titled_years import span_of_title, year_of_titles
from importers.unit_words import UNITS
from mopsaudit.intake.contract import Question, ReadOptions

_YEAR: Final = re.compile(
    r"(?<![0-9/.,-])(?:(?:fy|fye|fiscal year|financial year|gj|haushaltsjahr|jahr|exercice|ejercicio|year)\s*['’]?)?"
    r"(?P<first>20[0-9]{2})(?:\s*(?:/|[-–]|\bto\b)\s*(?P<second>20[0-9]{2}|[0-9]{2}))?(?![0-9/.,-])|"
    r"\bfye?\s*['’]?(?P<short>[0-9]{2})(?:\s*[/–-]\s*(?:fy)?(?P<until>[0-9]{2}))?(?![0-9])|"
    r"(?<![0-9/.-])(?P<one>[0-9]{2})\s*/\s*(?P<two>[0-9]{2})(?![0-9/.-])",
    re.IGNORECASE,
)


#: A year of a plan by its number alone: *Year 1*, *Jahr 2*, *Y3*.
_NUMBERED: Final = re.compile(
    r"(?:plan |budget |planned |fiscal |project |contract )?"
    r"(?:year|yr|y|jahr|année|an|año|anno|ano|jaar|år|rok|vuosi)[ ._-]?0?"
    r"(?P<number>[1-9])(?: (?:budget|plan|cost|costs|amount|total))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YearHeading:
    """A heading that names a fiscal year: its column, the year it ends in, whether it names two, and the rest of it."""

    column: int
    end: int
    two: bool
    label: str
    said: str


def year_of_heading(column: int, heading: str) -> YearHeading | None:
    """The one fiscal year a heading names, or None (also for a month or a day of one)."""
    plain = fold(heading).replace("_", " ")
    found = list(_YEAR.finditer(plain))
    if len(found) != 1:
        return None
    match = found[0]
    first, second = (
        match["first"] or match["short"] or match["one"],
        match["second"] or match["until"] or match["two"],
    )
    end = int(first) % 100
    if second is not None:
        if (int(second) - end) % 100 != 1:
            return None
        end = int(second) % 100
    rest = f"{plain[: match.start()]} {plain[match.end() :]}"
    if any(month_name(word) for word in re.findall(r"[^\W\d_]{3,}", rest)):
        return None
    label = " ".join(UNITS.sub(" ", rest).strip(" -–:()").split())
    return YearHeading(column, 2000 + end, second is not None, label, says(rest))


@dataclass(slots=True)
class YearColumns(MonthColumns):
    """Columns of whole years as spans of twelve months; ``named`` are their headings, for the note about them."""

    named: list[str] = field(default_factory=list)


def year_columns(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    options: ReadOptions,
    answers: dict[str, str],
) -> YearColumns:
    """The columns that hold a whole planned year each; empty where no heading of amounts names a year.

    A year without a word of a plan counts where no other has one. Several columns of one year are asked about.
    """
    result = YearColumns()
    years = [
        year
        for column, heading in enumerate(header.headings)
        if heading
        and facts[column].filled
        and facts[column].numeric_share() >= 0.5
        and (year := year_of_heading(column, heading)) is not None
        and year.said != "happened"
    ]
    planned = [year for year in years if year.said == "plan"]
    years = planned or years
    if not years and len(found := _numbered_years(header, facts)) > 1:
        asks = "The years of this plan are numbered. Which fiscal year is the first, by the year it ends in?"
        begins = asked_year(grid, found[0][0], options, answers, result, asks)
        years = [YearHeading(column, begins + number - 1, False, "", "plan") for column, number in found]
    if not years or (not planned and len(years) < 2 and years[0].label):
        return result
    if len({year.end for year in years}) < len(years):
        labels: dict[str, YearHeading] = {}
        for year in sorted(years, key=lambda each: -each.end):
            labels.setdefault(year.label.casefold(), year)
        if len(labels) < 2:
            return result
        asks = "One year stands in several columns. Which of them is the plan?"
        question = ask_column(grid, header, [year.column for year in labels.values()], "amount_column", asks)
        answer = answers.get(question.key, "").upper().rstrip(":")
        chosen = next((label for label, year in labels.items() if letters(year.column) == answer), None)
        if chosen is None:
            result.questions.append(question)
            chosen = next(iter(labels))
        years = [year for year in years if year.label.casefold() == chosen]
    told = year_of_titles(_titles(grid, header))
    start = told.month if told is not None else options.fiscal_start
    if told is None and start == 1 and any(year.two for year in years):
        first = years[0]
        start = asked_start(grid, [(first.column, "year", 1)], first.end, answers, result)
    for year in years:
        first_of = date(year.end if start == 1 else year.end - 1, start, 1)
        result.columns.append(MonthColumn(year.column, first_of, 12))
        result.named.append(header.headings[year.column])
    return result


def _numbered_years(header: Header, facts: Sequence[ColumnFacts]) -> list[tuple[int, int]]:
    """The columns of numbered years of a plan, each with its number; empty where they do not count from one on."""
    found = [
        (column, int(match["number"]))
        for column, heading in enumerate(header.headings)
        if (match := _NUMBERED.fullmatch(fold(heading).replace("_", " ")))
        and facts[column].filled
        and facts[column].numeric_share() >= 0.5
    ]
    return found if [number for _, number in found] == list(range(1, len(found) + 1)) else []


def ask_rival(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    amount: int,
    taken: set[int],
    answers: dict[str, str],
) -> tuple[int, Question | None]:
    """The column of the amounts, by an answer, and the question where another column may as well be the plan."""
    rivals = [
        column
        for column, heading in enumerate(header.headings)
        if column != amount
        and column not in taken
        and heading
        and facts[column].filled
        and facts[column].numeric_share() >= 0.5
        and says(heading) != "happened"
        and not COUNTED.search(heading.replace("_", " "))
        and (says(heading) == "plan" or header.matches[column].get("amount", 0.0) >= 0.7)
        and _differs(grid, header, amount, column)
    ]
    if not rivals:
        return amount, None
    asks = "Several columns may be the plan. Which of them is it?"
    question = ask_column(grid, header, sorted((amount, *rivals)), "amount_column", asks)
    answer = answers.get(question.key, "").upper().rstrip(":")
    for column in (amount, *rivals):
        if letters(column) == answer:
            return column, None
    return amount, question


def _differs(grid: Grid, header: Header, one: int, two: int) -> bool:
    """Whether two columns hold another amount in some row where both are filled."""
    return any(
        row[one] != row[two]
        for row in grid.rows[header.first_index :]
        if max(one, two) < len(row) and row[one] is not None and row[two] is not None
    )


def whole_or_parts(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    months: Sequence[MonthColumn],
    answers: dict[str, str],
) -> tuple[int | None, Question | None]:
    """Whether a column of the year is read instead of its planned parts, where they are not all of it; asked.

    Parts that make up a year, or the column beside them, need no question.
    """
    if sum(month.months for month in months) >= 12:
        return None, None
    parts = {month.column for month in months}
    wholes = [
        column
        for column, heading in enumerate(header.headings)
        if column not in parts
        and facts[column].filled
        and facts[column].numeric_share() >= 0.5
        and says(heading) == "plan"
    ]
    if not wholes:
        return None, None
    first = min(parts)
    asks = "The year's plan stands beside parts of it that are not the whole year. Which of them is the plan?"
    question = ask_column(grid, header, [wholes[-1], first], "amount_column", asks)
    answer = answers.get(question.key, "").upper().rstrip(":")
    if answer == letters(wholes[-1]):
        return wholes[-1], None
    return None, None if answer == letters(first) else question


def year_of_plan(
    grid: Grid, header: Header, amount: int, options: ReadOptions, answers: dict[str, str]
) -> MonthColumns:
    """The span a plan with one amount a line is of, where no column says: by its title lines, its sheet, an answer."""
    result = MonthColumns()
    texts = _titles(grid, header)
    span = span_of_title(texts)
    if span is not None:
        result.columns.append(MonthColumn(amount, *span))
        return result
    if (first := year_of_titles(texts)) is not None:
        result.columns.append(MonthColumn(amount, first, 12))
        return result
    if (month := month_above(grid, header.first_index)) is not None:
        result.columns.append(MonthColumn(amount, month))
        return result
    start, end = options.fiscal_start, _titled_year(texts)
    if end is not None and start == 1 and names_two_years([DAY.sub(" ", text) for text in texts]):
        start = asked_start(grid, [(amount, "year", 1)], end, answers, result)
    elif end is None:
        asks = "Nothing says which year this plan is of. Which fiscal year is it, by the year it ends in?"
        end = asked_year(grid, amount, options, answers, result, asks)
    result.columns.append(MonthColumn(amount, date(end if start == 1 else end - 1, start, 1), 12))
    return result


def _titles(grid: Grid, header: Header) -> list[str]:
    """The name of the sheet and the texts above its header."""
    texts = [grid.name or ""]
    for index in range(min(header.first_index, 15)):
        texts.extend(fold(value) for value in grid.rows[index] if isinstance(value, str) and len(value) < 160)
    return texts


def _titled_year(texts: Sequence[str]) -> int | None:
    """The year the one fiscal year of the titles ends in; None where they name none, or several."""
    plain = [DAY.sub(" ", text) for text in texts]
    named = {
        year for text in plain for match in _YEAR.finditer(text) if (year := fiscal_year_in([match.group()]))
    }
    return fiscal_year_in(plain) if len(named) < 2 else None  # “2023/24 compared with 2024/25” is neither


def year_of_months(
    proposal: Proposal, header: Header, picks: Mapping[str, tuple[int, float]], options: ReadOptions
) -> int | None:
    """The year of months written without one (*January*) that no column names: by a title, an answer; asked else."""
    if "month" not in picks or "fiscal_year" in picks:
        return None
    grid, column = proposal.grid, picks["month"][0]
    cells = [
        row[column]
        for row in grid.rows[header.first_index :]
        if column < len(row) and row[column] is not None
    ]
    bare = [cell for cell in cells if isinstance(cell, str) and (month_name(cell) or bare_span(cell))]
    if 2 * len(bare) < len(cells) or not bare:
        return None
    end = _titled_year(_titles(grid, header))
    if end is None:
        asked = MonthColumns()
        end = asked_year(grid, column, options, dict(options.answers), asked)
        proposal.questions.extend(asked.questions)
    return end


def said_again(
    grid: Grid, header: Header, first: int, options: ReadOptions, answers: dict[str, str]
) -> MonthColumns:
    """The spans of a plan whose amounts start in column ``first``, worked out anew from a decision kept open."""
    facts = column_facts(grid, header.first_index, header.headings)
    found = year_columns(grid, header, facts, options, answers)
    return found if found.columns else year_of_plan(grid, header, first, options, answers)


def tells_year(header: Header, facts: Sequence[ColumnFacts]) -> bool:
    """Whether a column of the table says of each line which year or month it is of."""
    return any(
        (match.get("fiscal_year", 0.0) >= 0.85 and fit("fiscal_year", each, Cast.TEXT) > 0.5)
        or (match.get("month", 0.0) >= 0.85 and each.filled and not each.numeric_share() > 0.5)
        for match, each in zip(header.matches, facts, strict=True)
    )


def plan_of(
    proposal: Proposal,
    header: Header,
    facts: Sequence[ColumnFacts],
    months: MonthColumns | None,
    picks: dict[str, tuple[int, float]],
    options: ReadOptions,
) -> MonthColumns | None:
    """The spans the amounts of a plan are of, and in ``picks`` the column of its amounts; what is open is asked."""
    grid, answers = proposal.grid, dict(options.answers)
    drop_measures(proposal, header, facts, picks)
    by_hand = any(name == "amount" for name, _ in options.maps)
    if months is not None and len(months.columns) > 1 and not by_hand:
        months = settle_actuals(proposal, header, facts, months, picks, answers)
    first = months.columns[0] if months is not None and months.columns else None
    # A whole year that was chosen among several columns of it, or is asked about, is not read by the words of another.
    year = isinstance(months, YearColumns) and (
        bool(months.questions) or (first is not None and first.months == 12)
    )
    part = first is not None and (
        year or (first.months < 12 and says(header.headings[first.column]) == "plan")
    )
    if (
        months is not None
        and first is not None
        and (len(months.columns) >= 2 or "amount" not in picks or part)
    ):
        whole, question = whole_or_parts(grid, header, facts, months.columns, answers)
        if question is not None:
            proposal.questions.append(question)
        if whole is None or by_hand:
            if part and not by_hand:
                picks.pop("amount", None)
            return months
        picks["amount"], months = (whole, 0.9), None
    if "amount" not in picks and not (months is not None and months.columns):
        only_amounts(proposal, header, facts, picks, answers)
    if "amount" not in picks:
        return months
    taken = {column for name, (column, _) in picks.items() if name != "amount" and not name.startswith("_")}
    column, score = picks["amount"]
    if not by_hand:
        column, question = ask_rival(grid, header, facts, column, taken, answers)
        picks["amount"] = (column, score)
        if question is not None:
            proposal.questions.append(question)
    if {"month", "fiscal_year", FROM} & picks.keys():
        return None
    named = year_of_heading(column, header.headings[column])
    if named is not None:
        narrow = Header(
            rows=header.rows,
            headings=[text if place == column else "" for place, text in enumerate(header.headings)],
            matches=header.matches,
            first_index=header.first_index,
            score=header.score,
        )
        found = year_columns(grid, narrow, facts, options, answers)
        if found.columns:
            return found
    return year_of_plan(grid, header, column, options, answers)
