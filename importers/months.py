"""Months, quarters and halves across the columns of a plan, and amounts kept in thousands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from importers.dates import date_readings, month_name, month_value, quarter_value
from importers.fiscal import span_in_year
from importers.grid import Grid, column_index, key, letters
from importers.plan_periods import begins_with, numbered_amounts, year_beside
from importers.plan_words import planned_headings
from importers.table import Header
from importers.texts import fold
from importers.titled_years import first_month, year_of_titles
from importers.unit_words import plain_heading
from mopsaudit.intake.contract import Choice, Kind, Question, ReadOptions, SheetDecision

_QUARTER = re.compile(
    r"(?:q([1-4])|quarter\s*([1-4])|([1-4])(?:st|nd|rd|th)?\s*quarter|t([1-4]))", re.IGNORECASE
)
_HALF = re.compile(r"(?:h([12])|hj\s*([12])|half\s*([12])|([12])(?:st|nd)\s*half)", re.IGNORECASE)
#: The same with its calendar year before or after.
_HALF_OF_YEAR = re.compile(
    r"(?:h|s|hj\s*|half\s*)?(?P<half>[12])\.?\s*(?:(?:st|nd)\s*)?(?:half|hj\.?|halbjahr|semestre|semester)?"
    r"\s*[/'’-]?\s*(?P<year>20[0-9]{2})|"
    r"(?P<before>20[0-9]{2})\s*[/-]?\s*(?:h|s|hj\s*|half\s*)(?P<second>[12])",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?:p|per|period|periode|m|month)\.?\s*0?([1-9]|1[0-2])(?:\s*[-–(\[]?\s*(?:actuals?|act|ist|spend|total)\s*[)\]]?)?",
    re.IGNORECASE,
)
#: A month under, or after, the fiscal year it belongs to: ``FY 2025/26 Apr``, ``2026/27 May``, ``FY26 Jun``.
_YEAR_AND_MONTH = re.compile(
    r"(?:(?:fy|fiscal year|financial year|gj|year|jahr|exercice)\s*'?(?P<end>20[0-9]{2}|[0-9]{2})|"
    r"(?:fy|fiscal year|financial year|gj|year|jahr|exercice)?\s*'?(?P<first>20[0-9]{2}|[0-9]{2})\s*[/–-]\s*"
    r"(?P<second>20[0-9]{2}|[0-9]{2}))\s*[,:–-]?\s*(?P<month>[^\W\d_]{3,12})\.?",
    re.IGNORECASE,
)
_FISCAL = re.compile(
    r"(?:fy|fiscal(?: year)?|financial year|budget|plan|gj|year|jahr|"
    r"exercice)?\s*[:'’]?\s*(20[0-9]{2})\s*(?:[/–-]\s*(?:20)?([0-9]{2}))?|"
    r"fy\s*'?([0-9]{2})(?:\s*[/–-]\s*([0-9]{2}))?",
    re.IGNORECASE,
)
#: A whole day in figures, with its time or without.
DAY = re.compile(
    r"\b(?:20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]20[0-9]{2})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A column that holds the amount of ``months`` months from ``first`` on."""

    column: int
    first: date
    months: int = 1


@dataclass(slots=True)
class MonthColumns:
    """The month columns found under a header, with the question their year leaves open.

    ``by_year`` is the year they stand for where each line names its own; 0 elsewhere.
    """

    columns: list[MonthColumn] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    by_year: int = 0


def fiscal_year_in(texts: Sequence[str]) -> int | None:
    """The calendar year the fiscal year named in one of the texts ends in (``FY2026``, ``2025/26``), or None."""
    for text in texts:
        match = _FISCAL.search(text)
        if match:
            year, second, short, short_second = match.groups()
            if second:
                return 2000 + int(second)
            if year:
                return int(year)
            return 2000 + int(short_second or short)
    return None


def names_year(value: object) -> int | None:
    """The year a cell names (2026, ``FY26``, ``2025/26`` by its end), or None for anything else, such as an amount."""
    if isinstance(value, str) and re.fullmatch(r"[0-9][0-9.,' ]*", value.strip()):
        plain = value.strip()
        return int(plain) if re.fullmatch(r"(?:19[89]|20[0-7])[0-9]", plain) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 1990 <= value <= 2079:
        return int(value)
    return fiscal_year_in([value]) if isinstance(value, str) else None


def month_columns(grid: Grid, header: Header, options: ReadOptions, answers: dict[str, str]) -> MonthColumns:
    """The columns whose headings are months, quarters or halves, with the months they hold.

    Bare month names take their year from the title lines, the sheet's name or the fiscal year; else it is asked, as is
    whose a year is that stands over April to March.
    """
    if header.turned:
        return _in_named_years(grid, header.turned, answers)
    result = MonthColumns()
    bare: list[tuple[int, str, int]] = []
    quarters: list[MonthColumn] = []
    headings = planned_headings(header.headings) if options.kind is Kind.BUDGET else header.headings
    headings = [plain_heading(heading) for heading in headings]
    for column, heading in enumerate(headings):
        if not heading:
            continue
        month = _dated(grid, header, column) or month_value(heading) or _last_word_month(heading)
        if month is not None:
            result.columns.append(MonthColumn(column, month))
            continue
        name = month_name(heading) or month_name(heading.split()[-1])
        if name is not None and len(heading.split()) <= 2:
            bare.append((column, "month", name))
            continue
        quarter = quarter_value(heading) or span_in_year(heading, options.fiscal_start)
        if quarter is not None:
            quarters.append(MonthColumn(column, quarter[0], quarter[1]))
            continue
        half = _half_of_year(heading)
        if half is not None:
            quarters.append(MonthColumn(column, half, 6))
            continue
        match = _QUARTER.fullmatch(heading.strip())
        if match:
            bare.append((column, "quarter", int(next(group for group in match.groups() if group))))
            continue
        match = _HALF.fullmatch(heading.strip())
        if match:
            bare.append((column, "half", int(next(group for group in match.groups() if group))))
            continue
        match = _PERIOD.fullmatch(heading.strip())
        if match:
            bare.append((column, "period", int(match.group(1))))
    if options.kind is Kind.BUDGET and not (bare or quarters or result.columns):
        bare = numbered_amounts(header.headings)
    if len({month.first for month in result.columns}) < len(result.columns):
        if not _weeks(grid, header, [month.column for month in result.columns]):
            result.columns.clear()
        return result
    if not result.columns:
        result.columns.extend(_under_years(header, options.fiscal_start))
    if not result.columns:
        # Halves beside quarters are their sums.
        least = min((each.months for each in quarters), default=0)
        result.columns.extend(each for each in quarters if each.months == least)
    if result.columns or not bare or (len(bare) < 2 and headings[bare[0][0]] == header.headings[bare[0][0]]):
        return result
    kinds = {kind for _, kind, _ in bare}
    for kind in ("month", "period", "quarter", "half"):
        if kind in kinds:
            bare = [entry for entry in bare if entry[1] == kind]
            break
    if len({number for _, _, number in bare}) < len(bare):
        return result
    texts = [grid.name or ""]
    for index in range(min(header.first_index, 15)):
        texts.extend(fold(value) for value in grid.rows[index] if isinstance(value, str) and len(value) < 120)
    if bare[0][1] == "period" and (day := begins_with(grid, header)) is not None:
        result.columns.extend(_placed(bare, day.year + (day.month > 1), day.month))
        return result
    if (told := year_of_titles(texts)) is not None:
        result.columns.extend(_placed(bare, told.year + (told.month > 1), told.month))
        return result
    texts = [
        DAY.sub(" ", text) for text in texts
    ]  # the day something was printed on says nothing of its year
    beside = year_beside(grid, header, names_year) if options.kind is Kind.BUDGET else 0
    result.by_year = beside
    year = beside or fiscal_year_in(texts)
    start = _first_of(bare, options.fiscal_start)
    begins = first_month(texts)
    if begins is not None and begins > 1:
        start = begins
        if not names_two_years(texts) and not beside:
            year = None  # “2026 (Apr-Mar)” may be the year it begins in or the one it ends in
    if year and not beside and start == 1 and bare[0][1] == "month" and names_two_years(texts):
        year = None  # twelve months from January lie in one of the two years named, and nothing says in which
    if year is None:
        year = asked_year(grid, bare[0][0], options, answers, result)
    if bare[0][1] != "month" and start == 1 and names_two_years(texts):
        start = asked_start(grid, bare, year, answers, result)
    result.columns.extend(_placed(bare, year, start))
    return result


def years_again(
    grid: Grid, decision: SheetDecision, options: ReadOptions, answers: dict[str, str]
) -> tuple[SheetDecision, list[Question]]:
    """A decision a person edited before saying whose years its months are of, with them by the answers given since.

    What is still not said is asked again: an edit of something else is no answer.
    """
    extra = dict(decision.extra)
    kept: dict[str, str] = extra.get("months", {})
    result = MonthColumns()
    if not decision.used or not kept:
        return decision, []
    if "turned" in extra:
        turned = {column_index(place): (year, number) for place, (year, number) in extra["turned"].items()}
        result = _in_named_years(grid, turned, answers)
        kept = {letters(month.column): month.first.isoformat() for month in result.columns}
    elif "year_open" in extra:
        first = min(map(column_index, kept))
        year = asked_year(grid, first, options, answers, result)
        if not result.questions:
            later = year - int(extra.pop("year_open"))
            kept = {place: f"{int(day[:4]) + later}{day[4:]}" for place, day in kept.items()}
    return replace(decision, extra=tuple(sorted({**extra, "months": kept}.items()))), result.questions


def _in_named_years(
    grid: Grid, turned: Mapping[int, tuple[int, int]], answers: dict[str, str]
) -> MonthColumns:
    """Months under years that turn within, by the year each begins or ends in: asked; the first till then."""
    result = MonthColumns()
    first = min(turned)
    year, start = turned[first]
    question_key = key(grid.name, first, "year_named")
    answer = answers.get(question_key)
    if answer not in ("begins", "ends"):
        begins, ends = (
            f"{date(named, start, 1):%B %Y} to {date(named + 1, start - 1, 1):%B %Y}"
            for named in (year, year - 1)
        )
        result.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=letters(first),
                asks=f"Below “{year}” the months run over the turn of a year. Which months are they?",
                choices=(
                    Choice(value="begins", reads=f"“{year}” is {begins}: the year it begins in"),
                    Choice(value="ends", reads=f"“{year}” is {ends}: the year it ends in"),
                ),
            )
        )
    back = 1 if answer == "ends" else 0
    for column, (named, number) in sorted(turned.items()):
        result.columns.append(MonthColumn(column, date(named - back + (number < start), number, 1)))
    return result


def _half_of_year(heading: str) -> date | None:
    """The first day of the half a heading names with its year (``H1 2026``, ``2. Halbjahr 2026``), or None."""
    text = heading.strip()
    match = _HALF_OF_YEAR.fullmatch(text)
    if match is None or not re.search(r"[^\W\d_]", text):
        return None  # a bare 1/2026 is a month
    half, year = (match["half"], match["year"]) if match["half"] else (match["second"], match["before"])
    return date(int(year), 1 if half == "1" else 7, 1)


def asked_year(
    grid: Grid,
    column: int,
    options: ReadOptions,
    answers: dict[str, str],
    result: MonthColumns,
    asks: str = "The months carry no year. Which fiscal year is this, by the year it ends in?",
) -> int:
    """The year the fiscal year of bare months ends in; asked where nobody said, and the present one till then."""
    around = year_around(options)
    answered = _answered(
        result,
        answers,
        Question(
            key=key(grid.name, None, "fiscal_year"),
            sheet=grid.name,
            column=letters(column),
            asks=asks,
            choices=tuple(
                Choice(value=str(choice), reads=f"the fiscal year that ends in {choice}")
                for choice in (range(around - 1, around + 3) if around else ())
            ),
        ),
        range(1900, 2200),
    )
    return answered or around or 2000


def year_around(options: ReadOptions) -> int:
    """The year that stands for the one bare months are of till it is said; 0 where no day is given."""
    return options.as_of.year if options.as_of is not None else 0


def asked_start(
    grid: Grid,
    bare: Sequence[tuple[int, str, int]],
    year: int,
    answers: dict[str, str],
    result: MonthColumns,
) -> int:
    """The month in which period, quarter or half 1 of a year over two calendar years starts; asked where nobody said.

    January till then.
    """
    kind = bare[0][1]
    verb = "is" if kind == "period" else "starts in"
    asks = (
        f"The {'halves' if kind == 'half' else f'{kind}s'} belong to a fiscal year over two calendar years. "
        f"Which month is the first {'period' if kind == 'period' else f'of {kind} 1'}?"
    )
    if kind == "year":
        asks = "The year of this plan lies in two calendar years. With which month does it begin?"
    answered = _answered(
        result,
        answers,
        Question(
            key=key(grid.name, bare[0][0], "fiscal_start"),
            sheet=grid.name,
            column=letters(bare[0][0]),
            asks=asks,
            choices=tuple(
                Choice(
                    value=str(month),
                    reads=f"{'it' if kind == 'year' else f'{kind} 1'} {verb} {date(year - 1, month, 1):%B %Y}",
                )
                for month in (4, 7, 10, 2, 3, 5, 6, 8, 9, 11, 12)
            ),
        ),
        range(1, 13),
    )
    return answered or 1


def _answered(
    result: MonthColumns, answers: dict[str, str], question: Question, allowed: range
) -> int | None:
    """The number a question was answered with; None, and the question open, where it was not."""
    answer = answers.get(question.key, "")
    if answer.isdecimal() and int(answer) in allowed:
        return int(answer)
    result.questions.append(question)
    return None


def _first_of(bare: Sequence[tuple[int, str, int]], fiscal_start: int) -> int:
    """The month a year of bare months starts with: what stands first, where they run over the turn of a year."""
    numbers = [number for _, kind, number in bare if kind == "month"]
    if len(numbers) < 2 or all(one < two for one, two in pairwise(numbers)):
        return fiscal_start
    turned = sum(one > two for one, two in pairwise(numbers))
    return numbers[0] if turned == 1 and numbers[-1] < numbers[0] else fiscal_start


def names_two_years(texts: Sequence[str]) -> bool:
    """Whether the text that names the fiscal year names two calendar years (``2026/27``)."""
    for text in texts:
        match = _FISCAL.search(text)
        if match:
            return bool(match.group(2) or match.group(4))
    return False


def _under_years(header: Header, fiscal_start: int) -> list[MonthColumn]:
    """Months that stand under, or behind, the fiscal year they belong to; empty where not every one does."""
    told: list[tuple[int, int, int]] = []
    for column, heading in enumerate(header.headings):
        match = _YEAR_AND_MONTH.fullmatch(heading.strip()) if heading else None
        number = month_name(match["month"]) if match else None
        if match is None or number is None:
            if heading and month_name(heading.split()[-1]):
                return []
            continue
        if match["second"]:
            end = int(match["second"]) % 100 + 2000
            if (end - int(match["first"])) % 100 != 1:
                return []
        else:
            end = int(match["end"]) % 100 + 2000
        told.append((column, end, number))
    result: list[MonthColumn] = []
    for end in sorted({year for _, year, _ in told}):
        bare = [(column, "month", number) for column, year, number in told if year == end]
        result.extend(_placed(bare, end, _first_of(bare, fiscal_start)))
    if len({month.first for month in result}) < len(result):
        return []
    return result


def _weeks(grid: Grid, header: Header, columns: Sequence[int]) -> bool:
    """Whether the headings of columns are the days on which weeks begin, one after the other."""
    row = grid.row(header.rows[-1]) if header.rows else []
    days: list[date] = []
    for column in columns:
        value = row[column] if column < len(row) else None
        found = {value.date()} if isinstance(value, datetime) else set()
        if isinstance(value, str):
            found = set(date_readings(value).values())
        if len(found) != 1:
            return False
        days.append(found.pop())
    return len(days) > 3 and all((two - one).days == 7 for one, two in pairwise(days))


def _dated(grid: Grid, header: Header, column: int) -> date | None:
    row = grid.row(header.rows[-1]) if header.rows else []
    value = row[column] if column < len(row) else None
    if isinstance(value, datetime):
        return value.date().replace(day=1)
    if isinstance(value, date):
        return value.replace(day=1)
    return header.months.get(column)


def _last_word_month(heading: str) -> date | None:
    """The month of a two-line heading such as ``2026 Jan``."""
    words = heading.split()
    if len(words) == 2 and words[0].isdigit() and len(words[0]) == 4:
        return month_value(f"{words[1]} {words[0]}")
    return None


def _placed(bare: Sequence[tuple[int, str, int]], end_year: int, fiscal_start: int) -> list[MonthColumn]:
    """Bare months, periods, quarters and halves in the fiscal year that ends in ``end_year``."""
    first = date(end_year if fiscal_start == 1 else end_year - 1, fiscal_start, 1)
    start = first.year * 12 + first.month - 1
    result = []
    for column, kind, number in bare:
        match kind:
            case "month":
                offset = (number - fiscal_start) % 12
                months = 1
            case "period":
                offset, months = number - 1, 1
            case "quarter":
                offset, months = (number - 1) * 3, 3
            case _:
                offset, months = (number - 1) * 6, 6
        month = start + offset
        result.append(MonthColumn(column, date(month // 12, month % 12 + 1, 1), months))
    return result
