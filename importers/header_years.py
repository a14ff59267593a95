"""The year over the months of a header: printed over the first of them alone, or over a year that turns within."""

import re
from itertools import pairwise

from importers.dates import month_name
from importers.fiscal import bare_span
from importers.grid import Cell
from importers.texts import fold

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
#: A fiscal year, whose months and quarters are its own whatever order they run in.
_FISCAL = re.compile(
    r"(?:fy|fiscal year|financial year)\s*'?(?:20)?[0-9]{2}(?:\s*[/–-]\s*(?:20)?[0-9]{2})?|"
    r"20[0-9]{2}\s*[/–-]\s*(?:20)?[0-9]{2}",
    re.IGNORECASE,
)


def carry_years(upper: list[Cell], last: list[Cell]) -> None:
    """Give each bare month or quarter of a header's last line the year that stands over the first of its run.

    Changes ``upper`` in place. Only where every run has a year of its own and its months rise: over a year from April
    to March a year alone does not say whose it is. A fiscal year is its own. Names of groups are carried first.
    """
    _carry_groups(upper, last)
    runs: list[tuple[str, list[int]]] = []
    for column, value in enumerate(last):
        above = upper[column] if column < len(upper) else None
        if above is not None:
            text = fold(str(above))
            runs.append((text if _YEAR.fullmatch(text) or _FISCAL.fullmatch(text) else "", []))
        if runs and isinstance(value, str) and _number(value):
            runs[-1][1].append(column)
    runs = [(text, columns) for text, columns in runs if columns]
    years = [text for text, _ in runs]
    if not all(years) or len(set(years)) < len(years):
        return
    for text, columns in runs:
        numbers = [_number(str(last[column])) for column in columns]
        if any(two <= one for one, two in pairwise(numbers)) and not _FISCAL.fullmatch(text):
            return
    for text, columns in runs:
        for column in columns:
            upper[column] = text


def _carry_groups(upper: list[Cell], last: list[Cell]) -> None:
    """Give each heading below a group the group's name, where the same headings stand again below the next.

    Changes ``upper`` in place: ``Q1`` over the first of *Actual, Budget, Variance* and ``Q2`` over the first of the
    same three. Groups that fill their own line, or stand over one column each, stay as they are.
    """
    width = max((column for column, value in enumerate(last) if value is not None), default=-1) + 1
    starts = [column for column, value in enumerate(upper[:width]) if isinstance(value, str) and fold(value)]
    groups = list(pairwise([*starts, width]))
    texts = [
        tuple(fold(str(value)).casefold() for value in last[first:after] if value is not None)
        for first, after in groups
    ]
    full = [
        text for text, (first, after) in zip(texts, groups, strict=True) if len(text) == after - first >= 2
    ]
    if len(full) < 2 or len(set(full)) == len(full):
        return
    for (first, after), text in zip(groups, texts, strict=True):
        if len(text) == after - first >= 2 and len(text) == len(full[-1]):
            for column in range(first + 1, after):
                upper[column] = upper[first]


def _number(text: str) -> int:
    """The number of a bare month, or of the first month of a bare quarter or half; 0 for another text."""
    part = bare_span(text)
    return month_name(text) or (part[0] if part else 0)


def turning_years(upper: list[Cell], last: list[Cell]) -> dict[int, tuple[int, int]]:
    """Column → printed year and month (1–12) of bare months that run over the turn of a year below one year alone.

    ``2025`` over April to March is a fiscal year by the year it begins in, or by the one it ends in: no order of its
    months says which. Empty unless every month has a year above, all years begin with the same month, the months below
    each follow one another, and some year turns.
    """
    runs: list[tuple[str, list[tuple[int, int]]]] = []
    for column, value in enumerate(last):
        above = upper[column] if column < len(upper) else None
        if above is not None:
            text = fold(str(above))
            text = text if _YEAR.fullmatch(text) else ""
            if not runs or not text or runs[-1][0] != text:
                runs.append((text, []))
        number = month_name(value) if isinstance(value, str) else None
        if runs and number is not None:
            runs[-1][1].append((column, number))
    runs = [(text, months) for text, months in runs if months]
    years = {text for text, _ in runs}
    if not runs or "" in years or len(years) < len(runs):
        return {}
    start = runs[0][1][0][1]
    for _, months in runs:
        places = [(number - start) % 12 for _, number in months]
        if places[0] or any(two - one != 1 for one, two in pairwise(places)):
            return {}
    if not any(number < start for _, months in runs for _, number in months):
        return {}
    return {column: (int(text), number) for text, months in runs for column, number in months}
