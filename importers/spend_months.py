"""Suppliers down, months across: whether a spend sheet is such a crosstab, and which columns are its months."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from importers import codes
from importers.currencies import currency_in_heading
from importers.dates import date_readings, day_and_month, month_in, month_name, month_value
from importers.grid import Grid, key, letters
from importers.months import month_columns, year_around
from importers.spend_columns import TEXT_FIELDS, Pick, choice_of, plain_number
from importers.table import ColumnFacts, Header, month_of, same_texts
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from importers.words import Words
from mopsaudit.intake.contract import Choice, ColumnChoice, Question, ReadOptions
from mopsaudit.money import CURRENCIES
from mopsaudit.problems import Problem

#: A month cut short, with its year behind: ``tou-25``.
_SHORT_MONTH = re.compile(r"[^\W\d_]{3,4}\.?[\s'/-]*(?:20)?[0-9]{2}")


def months_not_read(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], months: Mapping[int, date]
) -> Iterable[Problem]:
    """One problem for each column of numbers that stands where a month is missing between two that are read.

    A month in a language nobody listed, or misspelt, would be lost unsaid.
    """
    columns = sorted(months)
    told: set[int] = set()
    short = all(_SHORT_MONTH.fullmatch(header.headings[column]) for column in columns)
    for column, heading in enumerate(header.headings):
        if column in months or not heading or not months or column >= len(facts):
            continue
        alike = short and _SHORT_MONTH.fullmatch(heading) and says_total(heading) < Says.LOOSELY
        if (alike or month_name(heading.split()[-1])) and facts[column].numeric_share() >= 0.8:
            told.add(column)
            yield codes.problem(
                codes.MONTH_NOT_READ,
                f"Column {letters(column)} “{heading}” stands among months, is headed like one and was not read.",
                sheet=grid.name,
                cell=f"{letters(column)}{header.rows[-1] if header.rows else 1}",
            )
    for left, right in pairwise(columns):
        one, two = months[left], months[right]
        missing = (two.year - one.year) * 12 + two.month - one.month - 1
        between = [column for column in range(left + 1, right) if facts[column].numeric_share() >= 0.8]
        if missing < 1 or len(between) != missing:
            continue
        for column in [column for column in between if column not in told]:
            yield codes.problem(
                codes.MONTH_NOT_READ,
                f"Column {letters(column)} “{header.headings[column]}” stands where a month is missing and was not "
                "read.",
                sheet=grid.name,
                cell=f"{letters(column)}{header.rows[-1] if header.rows else 1}",
            )


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
    counted = _counted_months(grid, header)
    found = month_columns(grid, counted or header, options, dict(options.answers))
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


def _counted_months(grid: Grid, header: Header) -> Header | None:
    """The header with *P1* for 1, *P2* for 2 …, where the column beside them is their sum in every row; else None."""
    found: list[int] = []
    for column, heading in enumerate(header.headings):
        if heading == str(len(found) + 1):
            found.append(column)
        elif found:
            break
    if not 3 <= len(found) <= 12 or found[-1] + 1 >= len(header.headings):
        return None
    agreeing = rows = 0
    for row in grid.rows[header.first_index : header.first_index + 300]:
        numbers = [plain_number(row[column]) or 0.0 for column in found if column < len(row)]
        whole = plain_number(row[found[-1] + 1]) if found[-1] + 1 < len(row) else None
        if whole is None or not any(numbers):
            continue
        rows += 1
        agreeing += abs(sum(numbers) - whole) < 0.011
    if rows < 2 or agreeing < 0.95 * rows:
        return None
    headings = list(header.headings)
    for number, column in enumerate(found, 1):
        headings[column] = f"P{number}"
    return replace(header, headings=headings)


def kept_months(
    grid: Grid,
    header: Header,
    months: Mapping[int, date],
    options: ReadOptions,
    questions: Sequence[Question],
) -> dict[str, object]:
    """What a decision keeps of its months: the day each column begins with, and what is still open about their year."""
    kept: dict[str, object] = {
        "months": {letters(column): month.isoformat() for column, month in sorted(months.items())}
    }
    if header.turned and header.turned.keys() >= months.keys():
        kept["turned"] = {letters(column): list(header.turned[column]) for column in sorted(months)}
    elif key(grid.name, None, "fiscal_year") in (question.key for question in questions):
        kept["year_open"] = year_around(options) or 2000
    return kept


def quarters(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    options: ReadOptions,
    questions: list[Question],
) -> list[tuple[int, date]]:
    """Columns headed by quarters where nothing else dates the lines, two at least, each with its first month."""
    if {"date", "period"} & set(picks):
        return []
    found = month_columns(grid, header, options, dict(options.answers))
    if len(found.columns) < 2 or any(each.months != 3 for each in found.columns):
        return []
    if any(facts[each.column].filled and facts[each.column].numeric_share() < 0.6 for each in found.columns):
        return []
    questions.extend(found.questions)
    return [(each.column, each.first) for each in found.columns]


def quarters_read(grid: Grid, header: Header, months: Mapping[int, date]) -> Problem:
    """That amounts of quarters stand in the first month of each."""
    first = min(months)
    return codes.problem(
        codes.QUARTERS,
        f"{len(months)} columns are quarters; the amounts under “{header.headings[first]}” are dated "
        f"{months[first]:%B %Y}, its first month, and so on.",
        sheet=grid.name,
        cell=f"{letters(first)}{header.rows[-1] if header.rows else 1}",
    )


def year_of_dates(
    grid: Grid, header: Header, column: int, options: ReadOptions, questions: list[Question]
) -> int | None:
    """The year of dates that name none (``17 Jan``): what the sheet's name or a line above names, else asked."""
    texts = [
        row[column]
        for row in grid.rows[header.first_index :]
        if column < len(row) and row[column] is not None
    ]
    if str not in set(map(type, texts)):
        return None
    bare = [
        text for text in texts if isinstance(text, str) and not date_readings(text) and day_and_month(text)
    ]
    if not bare or len(bare) * 2 < len(texts):
        return None
    above = grid.rows[: max(0, header.first_index - len(header.rows))][:15]
    said = [grid.name or "", *(str(value) for row in above for value in row if isinstance(value, str | int))]
    years = {int(year) for text in said if len(text) < 120 for year in _YEAR.findall(text)}
    if len(years) == 1:
        return years.pop()
    question_key = key(grid.name, column, "year")
    answer = dict(options.answers).get(question_key, "")
    if _YEAR.fullmatch(answer):
        return int(answer)
    around = sorted(years) or (
        [options.as_of.year - each for each in range(3)] if options.as_of is not None else []
    )
    if around:
        questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=letters(column),
                asks=f"Dates such as “{bare[0].strip()}” name no year. Which year are they of?",
                choices=tuple(
                    Choice(value=str(year), reads=f"“{bare[0].strip()}” is of {year}") for year in around
                ),
            )
        )
    return None


_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def dated_columns(header: Header, facts: Sequence[ColumnFacts]) -> dict[int, date]:
    """Columns headed by a month with its year, over numbers: column → first day."""
    return {
        column: month
        for column, month in header.months.items()
        if column < len(facts) and (facts[column].numeric_share() >= 0.6 or not facts[column].filled)
    }


_ACTUAL = re.compile(
    r"\b(?:actuals?|act|ist|ist-werte|réel|réalisé|real|reales|effettivo|consuntivo|werkelijk|realisatie|spend|spent|"
    r"invoiced|paid|booked)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:budget|plan|planned|forecast|fcst|target|soll|variance|var|prior year|last year|py|ly|prévu|previsto|"
    r"begroot)\b",
    re.IGNORECASE,
)


def actual_columns(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    options: ReadOptions,
    questions: list[Question],
) -> dict[int, date]:
    """Of columns that stand in pairs of plan and actual under each month, those of the actuals: column → first day.

    Months without a year (``Jan Actual``) take it from a line above, or it is asked.
    """
    if not any(_PLANNED.search(heading) for heading in header.headings):
        return {}
    upper = grid.row(header.rows[0]) if len(header.rows) > 1 else []
    found: dict[int, date] = {}
    bare: dict[int, str] = {}
    carried: date | None = None
    for column, heading in enumerate(header.headings):
        above = upper[column] if column < len(upper) else None
        if above is not None:
            carried = month_of(above)
        if column >= len(facts) or not _ACTUAL.search(heading) or _PLANNED.search(heading):
            continue
        if facts[column].filled and facts[column].numeric_share() < 0.6:
            continue
        rest = _ACTUAL.sub(" ", heading).strip(" -–:()")
        month = month_value(rest) or month_in([rest]) or carried
        if month is not None:
            found[column] = month
        elif month_name(rest):
            bare[column] = rest
    if not found and len(bare) >= 2:
        alone = replace(header, headings=[bare.get(each, "") for each in range(len(header.headings))])
        months = month_columns(grid, alone, options, dict(options.answers))
        if {each.column for each in months.columns} == set(bare):
            questions.extend(months.questions)
            found = {each.column: each.first for each in months.columns}
    return found if len(found) >= 2 and len(set(found.values())) == len(found) else {}


def suppliers_across(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], words: Words
) -> dict[int, str]:
    """Columns headed by what may be suppliers, where each row is a month: column → name; else empty.

    That the headings are suppliers is for a person to say; a table of revenue and cost by month looks the same.
    """
    if not header.rows or "supplier" in picks or not {"date", "period"} & set(picks):
        return {}
    found: dict[int, str] = {}
    dated = {picks[name].column for name in ("date", "period") if name in picks}
    for column, heading in enumerate(header.headings):
        if column in dated or not heading:
            continue
        if facts[column].filled and facts[column].numeric_share() < 0.8:
            return {}  # texts beside the amounts: an ordinary table
        if facts[column].filled and says_total(heading) < Says.OUTRIGHT:
            best = max(words.fields(heading).values(), default=0.0)
            if best >= 0.75:
                return {}
            found[column] = heading
    return found if len(found) >= 2 else {}


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
        amount is None
        or header.headings[amount.column].casefold() in ("total", "sum", "grand total")
        or (  # in its language, or with its currency, where it says the month's amounts once more
            only_total(header.headings[amount.column])
            and facts[amount.column].values == facts[filled[0]].values
        )
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


def currencies_across(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], base: str
) -> dict[int, str]:
    """Columns of amounts headed by a currency each, of which every line fills one: column → code; else empty.

    Where a line fills two of them it is one amount in two currencies, and nothing of this holds.
    """
    dated, named = picks.get("date") or picks.get("period"), picks.get("supplier")
    if dated is None or named is None:
        return {}
    found: dict[int, str] = {}
    for column, match in enumerate(header.matches):
        money = max(
            (match.get(name, 0.0) for name in ("amount", "net", "gross", "original_amount")), default=0.0
        )
        code = currency_in_heading(header.headings[column], base)
        bare = fold(header.headings[column]).upper().strip("$£€ ") in CURRENCIES
        if code is None or not (money >= 0.5 or bare) or facts[column].numeric_share() < 0.8:
            continue
        if code in found.values():
            return {}
        found[column] = code
    if len(found) < 2 or not all(facts[column].filled for column in found):
        return {}
    lines = alone = 0
    used: set[int] = set()
    for row in grid.rows[header.first_index : header.first_index + 2000]:
        if any(pick.column >= len(row) or row[pick.column] is None for pick in (dated, named)):
            continue
        if same_texts(row, header.headings):
            continue
        filled = [column for column in found if column < len(row) and row[column] not in (None, 0, "", "-")]
        lines += bool(filled)
        alone += len(filled) == 1
        used.update(filled if len(filled) == 1 else ())
    return found if lines >= 3 and alone >= 0.98 * lines and len(used) == len(found) else {}


def currency_columns(header: Header, picks: dict[str, Pick], own: Mapping[int, str]) -> list[ColumnChoice]:
    """The columns of a table with its amounts under the headings of their currencies, and what else is read."""
    columns = [
        replace(choice, why="each line has its amount under the heading of its currency")
        for choice in crosstab_columns(header, {}, dict.fromkeys(own, date.min))
    ]
    for name in ("date", "period", "supplier", *TEXT_FIELDS):
        pick = picks.get(name)
        if pick is not None and pick.column not in own and pick.score >= 0.3:
            columns.append(choice_of(name, pick))
    return columns


def confirmed(grid: Grid, across: dict[int, str], options: ReadOptions, questions: list[Question]) -> bool:
    """Whether to read the headings as suppliers: unless a person said no, with the question still open if none did."""
    question_key = key(grid.name, None, "suppliers_across")
    answer = dict(options.answers).get(question_key)
    if answer not in ("yes", "no"):
        first, *_, last = across.values()
        questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                asks="Each row is a month, and amounts stand under several headings. Are the headings suppliers?",
                choices=(
                    Choice(value="yes", reads=f"yes: “{first}” … “{last}” were paid these amounts"),
                    Choice(value="no", reads="no: leave this sheet out, or map the amount column by hand"),
                ),
            )
        )
    return answer != "no"


def month_of_sheet(grid: Grid, header: Header) -> date | None:
    """The month that the sheet's name or a line above its table is headed by, or None."""
    named = month_value(grid.name or "") or month_in([grid.name or ""])
    if named is not None:
        return named
    above = grid.rows[: max(0, header.first_index - len(header.rows))][:15]
    return month_in(value for row in above for value in row if isinstance(value, str) and len(value) < 120)


_DAY = re.compile(r"day|day of month|tag|jour|día|dia|giorno|dag|dzień|den", re.IGNORECASE)


def year_and_day(header: Header, picks: dict[str, Pick]) -> dict[str, object]:
    """What a decision keeps of the columns of years, and of days, beside one of periods where no column holds dates."""
    if "period" not in picks or "_year" not in picks or "date" in picks:
        return {}
    found: dict[str, object] = {"year_column": letters(picks["_year"].column)}
    day = next(
        (column for column, heading in enumerate(header.headings) if _DAY.fullmatch(heading.strip())), None
    )
    if day is not None:
        found["day_column"] = letters(day)
    return found
