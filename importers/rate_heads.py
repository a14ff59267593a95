"""Tables of days whose currencies stand in the lines above the first of them, as central banks print their rates.

One line of codes with so many units (``100 HUF``), or a dozen lines of head (title, unit, source, series) of which some
say what a column is: ``A$1=USD``, ``1 EUR = … JPY``, ``INR / 100 JPY``, ``Currency: Per USD`` beside a code.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from importers.amounts import printed_number
from importers.cast_words import says_nothing
from importers.currencies import currency_of_text
from importers.dates import date_readings, month_value
from importers.grid import Cell, Grid
from importers.rates import counts_units, many_units, pair_of, units_in
from importers.table import Header
from importers.texts import fold
from mopsaudit.money import CURRENCIES

#: Rows that are looked at for the first day, and lines of head above it.
_DEPTH: Final = 60
_HEAD: Final = 20
_MONEY: Final = r"[A-Z]{3}|(?:US|AU?|CA?|NZ|HK|S)\$|[£€¥]"
#: ``A$1=USD``, ``EUR 1 = USD``, ``1 EUR = ... JPY``: one unit of the first is so many of the second.
_EQUATION: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:1\s*)?({_MONEY})\s*1?\s*=\s*(?:\.{{2,3}}|…|x)?\s*({_MONEY})(?![A-Za-z])"
)
#: ``INR / 100 JPY``, ``CZK per 1 EUR``: so many of the first for that many of the second.
_FOR_UNITS: Final = re.compile(
    rf"(?<![A-Za-z0-9])({_MONEY})\s*(?:/|per|pro|par|za)\s*(10{{0,4}})\s*({_MONEY})(?![A-Za-z])"
)
#: ``AUD/USD Exchange Rate``: what the trade means by it, one unit of the first.
_TRADED: Final = re.compile(r"(?<![A-Za-z0-9/])([A-Z]{3})/([A-Z]{3})(?![A-Za-z/])")
#: ``Currency:_Per_EUR``, beside a line that names the other currency.
_PER: Final = re.compile(rf"(?:\b|_)per[\s_]+(?:1\s*)?({_MONEY})(?![A-Za-z])", re.IGNORECASE)


def no_rate(value: Cell) -> bool:
    """Whether a cell of a table of rates only says that there is none that day (``.``, ``ND``, ``N/E``)."""
    return isinstance(value, str) and (
        says_nothing(value) or fold(value).casefold() in (".", "..", "nd", "n/e", "na", "nan", "#n/a")
    )


def head_of_days(grid: Grid, base: str) -> Header | None:
    """A header made of the lines above the first day of a table of days and rates; None for any other sheet.

    Its headings are pairs (``EUR/USD``: one euro is so many dollars) or so many units of a currency (``100 HUF``).
    """
    for column in range(min(grid.width, 3)):
        first = _first_day(grid, column)
        if first:
            break
    else:
        return None
    lines = grid.rows[max(0, first - _HEAD) : first]
    headings = [""] * grid.width
    for place in range(grid.width):
        if place != column and _holds_rates(grid, place, first):
            texts = [fold(row[place]) for row in lines if place < len(row) and isinstance(row[place], str)]
            headings[place] = _said(texts, base) or ""
    pairs = sum("/" in heading for heading in headings)
    counted = _units_below(lines, headings)
    headings = [f"{counted[place]} {name}" if counted else name for place, name in enumerate(headings)]
    named = sum(map(bool, headings))
    if not named or (0 < pairs < named) or (not pairs and named < 2):
        return None
    if any(heading in CURRENCIES for heading in headings):
        return None  # a code alone says neither for how many units nor of which side
    title = next((row[column] for row in reversed(lines) if column < len(row) and row[column]), "")
    headings[column] = fold(title) if isinstance(title, str) else ""
    matches: list[dict[str, float]] = [{} for _ in headings]
    matches[column] = {"valid_from": 1.0}
    return Header(
        rows=(grid.numbers[first - 1],),
        headings=headings,
        matches=matches,
        first_index=first,
        score=2.0 if counted else 1.0,
    )


def says_more(header: Header) -> bool:
    """Whether such a header says more than a line of codes alone: pairs, or units from a line of their own."""
    return header.score > 1 or any(pair_of(heading) for heading in header.headings if "/" in heading)


def sides_of(pairs: Mapping[int, tuple[str, str]], base: str) -> tuple[str, dict[int, bool]] | None:
    """The currency that pairs (column → one unit of it, what that is in) share, and whether theirs is the one unit."""
    shared = set.intersection(*map(set, pairs.values())) if pairs else set()
    if len(shared) == 2 and len(pairs) == 1:
        shared = {base} if base in shared else {pairs[next(iter(pairs))][1]}
    if len(shared) != 1:
        return None
    into = shared.pop()
    return into, {column: one == into for column, (one, _) in pairs.items()}


def _is_day(value: Cell) -> bool:
    if isinstance(value, datetime | date):
        return True
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 19_000_101 <= value <= 21_001_231 else ""
    return isinstance(value, str) and (
        bool(date_readings(value)) or (len(value) >= 6 and month_value(value) is not None)
    )


def _first_day(grid: Grid, column: int) -> int | None:
    """Index of the first row from which on a column holds days, with lines of head and no day above; None elsewhere."""

    def cell(index: int) -> Cell:
        return grid.rows[index][column] if column < len(grid.rows[index]) else None

    first = next((index for index in range(min(len(grid.rows), _DEPTH)) if _is_day(cell(index))), None)
    if not first or first + 1 >= len(grid.rows):
        return None
    below = [_is_day(cell(index)) for index in range(first, min(first + 2, len(grid.rows)))]
    return first if all(below[:2]) else None


def _holds_rates(grid: Grid, column: int, first: int) -> bool:
    """Whether the cells of a column from a row on are rates above nought, or say that there is none."""
    numbers = 0
    for row in grid.rows[first : first + 200]:
        value = row[column] if column < len(row) else None
        number = printed_number(value, ".")
        if number is not None and number > 0:
            numbers += 1
    filled = [row[column] for row in grid.rows[first : first + 200] if column < len(row) and row[column]]
    return numbers > 0 and numbers + sum(map(no_rate, filled)) >= 0.6 * len(filled)


def _units_below(lines: Sequence[Sequence[Cell]], headings: Sequence[str]) -> dict[int, int]:
    """Column → for how many units its rates are, where a line of the head counts them below bare codes; else empty."""
    columns = [place for place, name in enumerate(headings) if name]
    if len(columns) < 2 or any(headings[place] not in CURRENCIES for place in columns):
        return {}
    for row in lines:
        cells = [row[place] if place < len(row) else None for place in columns]
        counts = [units_in(cell, "") for cell in cells]
        if max(counts) > 1 and all(map(counts_units, cells)) and 0 not in [_plain(cell) for cell in cells]:
            return dict.fromkeys(range(len(headings)), 1) | dict(zip(columns, counts, strict=True))
    return {}


def _plain(cell: Cell) -> object:
    return fold(cell) if isinstance(cell, str) else cell


def _code(text: str, base: str) -> str | None:
    found = currency_of_text(text, base)
    return found if found in CURRENCIES else None


def _said(texts: Sequence[str], base: str) -> str | None:
    """What a column is of, as the lines above it say: a pair, so many units of a currency, or None."""
    for pattern in (_EQUATION, _TRADED):
        for text in texts:
            if found := pattern.search(text):
                one, two = _code(found[1], base), _code(found[2], base)
                if one and two and one != two:
                    return f"{one}/{two}"
    alone = {code for text in texts if (code := text if text in CURRENCIES else None)}
    for text in texts:
        if pair := pair_of(text):
            return "/".join(pair)
        if (found := _FOR_UNITS.search(text)) and (code := _code(found[3], base)):
            return f"{found[2]} {code}"
        if (found := _PER.search(text)) and (one := _code(found[1], base)) and len(alone - {one}) == 1:
            return f"{one}/{(alone - {one}).pop()}"
    for text in texts:
        many, name = many_units(text)
        if name != text and name in CURRENCIES:
            return f"{many} {name}"
    return alone.pop() if len(alone) == 1 else None
