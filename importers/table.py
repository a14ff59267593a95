"""Where a table's header stands and what its columns hold: evidence every kind of import shares."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite

from importers.amounts import amount_text
from importers.dates import date_readings, month_name, month_value
from importers.grid import Bad, Cell, Grid, column_index
from importers.header_lines import goes_on
from importers.header_titles import counts_months, heads_another, is_title, no_group, set_apart
from importers.header_years import carry_years, turning_years
from importers.text_facts import told_by
from importers.texts import fold
from importers.unit_words import plain_heading, units_row
from importers.words import Words
from mopsaudit.intake.contract import ColumnChoice, SheetDecision

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FISCAL = re.compile(r"(?:fy\s*'?)?(?:20)?[0-9]{2}(?:\s*[/–-]\s*(?:20)?[0-9]{2})?", re.IGNORECASE)
_SAMPLE = 600
_HEADER_DEPTH = 80


@dataclass(slots=True)
class ColumnFacts:
    """What the sampled cells of one column below the header are. Counts; ``texts`` are distinct folded texts."""

    filled: int = 0
    numbers: int = 0
    whole: int = 0
    negative: int = 0
    amount_texts: int = 0
    dates: int = 0
    date_texts: int = 0
    month_texts: int = 0
    compact: int = 0
    bools: int = 0
    bad: int = 0
    long_texts: int = 0
    texts: dict[str, int] = field(default_factory=dict)
    values: set[object] = field(default_factory=set)

    @property
    def numeric(self) -> int:
        """Cells that are numbers or read as amounts."""
        return self.numbers + self.amount_texts

    def numeric_share(self) -> float:
        """Share of the filled cells that are amounts, error cells left out."""
        usable = self.filled - self.bad
        return self.numeric / usable if usable else 0.0

    def date_share(self) -> float:
        """Share of the filled cells that are dates or texts that read as one."""
        return (self.dates + self.date_texts) / self.filled if self.filled else 0.0

    def compact_share(self) -> float:
        """Share of the filled cells that are days written as one number (20260131)."""
        return self.compact / self.filled if self.filled else 0.0

    def text_share(self) -> float:
        """Share of the filled cells that are words: neither amounts nor dates."""
        words = self.filled - self.numeric - self.dates - self.date_texts - self.bools - self.bad
        return words / self.filled if self.filled else 0.0

    def distinct_share(self) -> float:
        """Distinct values over filled cells."""
        return len(self.values) / self.filled if self.filled else 0.0


def column_facts(grid: Grid, start: int, headings: Sequence[str]) -> list[ColumnFacts]:
    """Facts of every column over a sample of the rows from index ``start``: the first ones and a spread of the rest.

    Rows that repeat the header (printed on every page) say nothing of the cells below it, nor what another table holds.
    """
    width = len(headings)
    facts = [ColumnFacts() for _ in range(width)]
    places = {heading.casefold(): column for column, heading in enumerate(headings) if heading}
    for index in sample_rows(start, len(grid.rows)):
        row = grid.rows[index]
        if same_texts(row, headings):
            continue
        if heads_another(row, places):
            break
        for column, value in enumerate(row[:width]):
            if value is not None:
                _note(facts[column], value)
    return facts


def sample_rows(start: int, stop: int) -> Iterable[int]:
    """Indices of at most ``_SAMPLE`` rows between ``start`` and ``stop``: the first half dense, the rest spread."""
    count = stop - start
    if count <= _SAMPLE:
        return range(start, stop)
    dense = _SAMPLE // 2
    step = max(1, (count - dense) // dense)
    return [*range(start, start + dense), *range(start + dense, stop, step)]


def _note(facts: ColumnFacts, value: Cell) -> None:
    if isinstance(value, str) and len(value) > 3 and not value.strip("*=_-"):
        return  # a line ruled off with signs
    facts.filled += 1
    if isinstance(value, bool):
        facts.bools += 1
    elif isinstance(value, int | float):
        facts.numbers += 1
        facts.whole += value == int(value) if abs(value) < 1e15 else 1
        facts.negative += value < 0
        facts.values.add(value)
        if 19_800_101 <= value <= 20_791_231:
            facts.compact += bool(date_readings(str(int(value))))
    elif isinstance(value, str):
        told = told_by(value)
        facts.values.add(told.text)
        facts.compact += told.compact
        if told.amount is not None:
            facts.amount_texts += 1
            facts.negative += told.amount.negative
            facts.whole += told.amount.body.isdigit()
        elif told.bad:
            facts.bad += 1
        elif told.date:
            facts.date_texts += 1
        else:
            facts.month_texts += told.month
            facts.texts[told.text] = facts.texts.get(told.text, 0) + 1
            facts.long_texts += not told.month and len(told.text) > 60
    elif isinstance(value, Bad):
        facts.bad += 1
    elif isinstance(value, datetime | date):
        facts.dates += 1
        facts.values.add(value)
    else:
        facts.values.add(value)


@dataclass(slots=True)
class Header:
    """A header found: its row numbers, one heading per column (``""`` for none), its matches, and where data starts.

    ``turned`` are months under a year that is no calendar year (:func:`importers.header_years.turning_years`).
    """

    rows: tuple[int, ...]
    headings: list[str]
    matches: list[dict[str, float]]
    first_index: int
    score: float
    months: dict[int, date] = field(default_factory=dict)
    turned: dict[int, tuple[int, int]] = field(default_factory=dict)


def plain_text_row(row: Sequence[Cell]) -> bool:
    """Whether a row is nothing but short texts, two of them at least: no amount, no date."""
    texts = [value for value in row if value is not None]
    return len(texts) >= 2 and all(
        isinstance(value, str)
        and len(value) <= 60
        and amount_text(value) is None
        and not date_readings(value)
        for value in texts
    )


def heading_of(value: Cell) -> str:
    """A header cell as text; ``""`` for what is no heading."""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m}"
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return str(value)
    return ""


def month_of(value: Cell) -> date | None:
    """The first day of the month a heading cell names with its year, or None."""
    if isinstance(value, datetime):
        return value.date().replace(day=1)
    if isinstance(value, date):
        return value.replace(day=1)
    if isinstance(value, str):
        value = plain_heading(value)
        if (found := month_value(value)) is not None:
            return found
        readings = date_readings(value)
        days = set(readings.values())
        if len({(day.year, day.month) for day in days}) == 1:
            return next(iter(days)).replace(day=1)
    return None


def _unmerged(grid: Grid, number: int, width: int) -> list[Cell]:
    """A row with the text of horizontally merged headings in every column they span."""
    row = list(grid.row(number)[:width])
    row.extend([None] * (width - len(row)))
    for first_row, first, last_row, last in grid.merged:
        if first_row <= number <= last_row and last > first and first < width and last - first < 40:
            source = grid.row(first_row)
            value = source[first] if first < len(source) else None
            if number == first_row:
                for column in range(first, min(last + 1, width)):
                    if row[column] is None:
                        row[column] = value
    return row


def find_headers(grid: Grid, words: Words, weights: dict[str, float]) -> list[Header]:
    """Header candidates, best first: rows (or two or three rows together) whose cells the vocabulary names.

    ``weights`` says how much a field matters; other fields count 1, soaked-up ones (``_…``) ½.
    """
    width = min(grid.width, 256)
    candidates: list[Header] = []
    limit = min(len(grid.rows), _HEADER_DEPTH)
    for index in range(limit):
        broken = goes_on(grid, index, words)
        for depth in (2,) if broken else (1, 2, 3):
            if index + depth > len(grid.rows):
                break
            header = _candidate(grid, words, weights, index, depth, width, broken=broken)
            if header is None:
                continue  # a line of years is no header alone, yet the first half of one
            if header.score > 0:
                candidates.append(header)
    candidates.sort(key=lambda header: (-header.score, len(header.rows), header.rows))
    return _first_of_repeated(candidates)[:12]


def _first_of_repeated(headers: Sequence[Header]) -> list[Header]:
    """The candidates without those that only repeat an earlier one (a header printed on every page)."""
    earliest: dict[tuple[str, ...], int] = {}
    alone: dict[int, tuple[str, ...]] = {}
    for header in headers:
        if len(header.rows) == 1:
            texts = tuple(text.casefold() for text in header.headings)
            alone[header.rows[0]] = texts
            earliest[texts] = min(earliest.get(texts, header.rows[0]), header.rows[0])
    return [
        header
        for header in headers
        if earliest.get(alone.get(header.rows[-1], ()), header.rows[0]) >= header.rows[0]
    ]


def _candidate(
    grid: Grid, words: Words, weights: dict[str, float], index: int, depth: int, width: int, *, broken: bool
) -> Header | None:
    numbers = grid.numbers[index : index + depth]
    if depth > 1 and numbers[-1] - numbers[0] > depth + 1:
        return None
    rows = [_unmerged(grid, number, width) for number in numbers]
    last = rows[-1]
    filled = sum(value is not None for value in last)
    counted = depth == 1 and counts_months(last)
    numeric = not counted and sum(
        isinstance(value, int | float) and not isinstance(value, bool) and not 1900 <= value <= 2100
        for value in last
    )
    months = {column: month for column, value in enumerate(last) if (month := month_of(value)) is not None}
    if depth > 1 and len(months) < 2 and numeric:
        return None
    units = depth > 1 and units_row(last, rows[-2])
    told = not (units or counted) and sum(
        isinstance(value, str)
        and len(value) <= 30
        and (amount_text(value) is not None or bool(date_readings(value)))
        and not _YEAR.fullmatch(value.strip())
        for value in last
        if value is not None
    )
    if filled == 0 or numeric > filled / 2 or is_title(last):
        return None
    if any(isinstance(value, float) and value != int(value) for value in last if _finite(value)):
        return None  # no heading is 987,977.13
    if len(months) < 2 and numeric + told + sum(isinstance(value, datetime | date) for value in last) > max(
        1, filled / 4
    ):
        return None
    if (
        depth > 1
        and not broken
        and not any(value is None for value in rows[0])
        and not grid.merged
        and not _years(rows[0])
        and not units
    ):
        return None
    if depth > 1 and _names_a_group(rows, words):
        return None
    if depth > 1 and filled == 1 and len(fold(str(next(each for each in last if each is not None)))) > 12:
        return None  # a name alone below the headings is the first group's, no second line of them
    if depth > 1 and any(no_group(row) for row in rows[:-1]):
        return None
    if depth > 1 and set_apart(numbers, rows):
        return None  # a title with a blank line below it
    turned: dict[int, tuple[int, int]] = {}
    if depth > 1:
        carry_years(rows[-2], rows[-1])
        turned = turning_years(rows[-2], rows[-1])
    headings: list[str] = []
    matches: list[dict[str, float]] = []
    for column in range(width):
        parts = [heading_of(row[column]) for row in rows]
        texts = [text for text in parts if text]
        joined = " ".join(dict.fromkeys(texts))
        headings.append(joined)
        best = dict(words.fields(joined)) if joined else {}
        if len(texts) > 1 and not broken:
            lower = words.fields(texts[-1])
            for name, score in lower.items():
                best[name] = max(best.get(name, 0.0) if name in lower else 0.0, score * 0.98)
            if lower:
                top = max(lower.values())
                if top >= 0.85:  # the lower line says it; what the upper says is only its group
                    best = {name: score if name in lower else score * 0.6 for name, score in best.items()}
            if not best:
                best = dict(words.fields(texts[0]))
        matches.append(best)
    bonus = 0.3 if units else 0.0
    if depth > 1:  # years in one line, months in the next
        joined_months = {
            column: month
            for column, text in enumerate(headings)
            if text and column not in turned and (month := month_value(plain_heading(text))) is not None
        }
        if len(joined_months) + len(turned) > len(months):
            months = joined_months
            bonus = 0.3
    by_field: dict[str, float] = {}
    for match in matches:
        if match:
            name, score = max(match.items(), key=lambda item: item[1])
            by_field[name] = max(by_field.get(name, 0.0), score)
    score = sum(
        value * (0.5 if name.startswith("_") else weights.get(name, 1.0)) for name, value in by_field.items()
    )
    long = sum(isinstance(value, str) and len(value) > 60 for value in last)
    matched = sum(bool(match) for match in matches)
    textual = sum(isinstance(value, str) for value in (rows[-2] if units else last))
    score *= 1 - min(0.8, long / max(filled, 1))
    score *= 0.5 + 0.5 * min(1.0, (matched + len(months) + len(turned)) / max(filled, 1))
    if not score and depth == 1 and (_names_months(headings) or len(months) >= max(3, filled - 1)):
        score = 0.5  # its other words are of no list, or of no language known here
    score += bonus - 0.15 * (depth - 1)
    if textual < 2 and not months and matched < 2:
        score *= 0.3
    return Header(
        rows=tuple(numbers),
        headings=headings,
        matches=matches,
        first_index=index + depth,
        score=score,
        months=months if len(months) >= 1 else {},
        turned=turned,
    )


def _years(row: Sequence[Cell]) -> bool:
    """Whether the cells of a line are years, each printed over several columns: ``2025/26``, ``FY26``."""
    texts = [fold(value) for value in row if isinstance(value, str) and _FISCAL.fullmatch(fold(value))]
    return len(texts) >= 4 and len(set(texts)) * 2 <= len(texts)


def _names_months(headings: Sequence[str]) -> bool:
    """Whether three headings or more are months without a year, each another."""
    named = [number for heading in headings if heading and (number := month_name(heading))]
    return len(named) >= 3 and len(set(named)) == len(named)


def _finite(value: Cell) -> bool:
    return not isinstance(value, float) or isfinite(value)


def _names_a_group(rows: Sequence[Sequence[Cell]], words: Words) -> bool:
    """Whether the lowest row is one text alone with no heading above it, which no word knows: a group's name."""
    filled = [column for column, value in enumerate(rows[-1]) if value is not None]
    if len(filled) != 1 or rows[-2][filled[0]] is not None:
        return False
    return max(words.fields(heading_of(rows[-1][filled[0]])).values(), default=0.0) < 0.75


def best_field(match: dict[str, float]) -> tuple[str, float]:
    """The field a heading names best, ``("", 0)`` for none."""
    if not match:
        return "", 0.0
    return max(match.items(), key=lambda item: (item[1], item[0]))


def with_value(rows: Sequence[list[Cell]], columns: Sequence[int]) -> Iterator[list[Cell]]:
    """The rows that hold a value in any of the columns."""
    if len(columns) == 1:
        column = columns[0]
        return iter([row for row in rows if len(row) > column and row[column] is not None])
    return (row for row in rows if any(column < len(row) and row[column] is not None for column in columns))


def same_texts(row: Sequence[Cell], headings: Sequence[str]) -> bool:
    """Whether a row repeats the header: most of its filled cells stand under the same heading."""
    filled = same = 0
    for column, value in enumerate(row):
        if value is None:
            continue
        filled += 1
        if filled > 4 and not same:
            return False
        heading = headings[column] if column < len(headings) else ""
        if isinstance(value, str) and heading and fold(value).casefold() == heading.casefold():
            same += 1
    return same >= 2 and same * 2 > filled


def span(choice: ColumnChoice) -> tuple[int, int]:
    """First and last 0-based column a choice names."""
    first, _, last = choice.letters.partition(":")
    return column_index(first), column_index(last) if last else column_index(first)


def headings_of(grid: Grid, decision: SheetDecision) -> list[str]:
    """The heading of every column by the decision's header rows (``""`` for none)."""
    width = grid.width
    headings = [""] * width
    for number in decision.header_rows:
        for column, value in enumerate(grid.row(number)[:width]):
            text = heading_of(value)
            if text:
                headings[column] = f"{headings[column]} {text}".strip()
    return headings
