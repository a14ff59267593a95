"""The year over the months of a header: printed over the first of them alone, or over a year that turns within."""

import re
from itertools import pairwise

from importers.dates import month_name
from importers.grid import Cell
from importers.texts import fold

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def carry_years(upper: list[Cell], last: list[Cell]) -> None:
    """Give each bare month of a header's last line the year that stands over the first month of its run.

    Changes ``upper`` in place. Only where every run has a year of its own and its months rise: over a year from April
    to March a year alone does not say whose it is.
    """
    runs: list[tuple[str, list[int]]] = []
    for column, value in enumerate(last):
        above = upper[column] if column < len(upper) else None
        if above is not None:
            text = fold(str(above))
            runs.append((text if _YEAR.fullmatch(text) else "", []))
        if runs and isinstance(value, str) and month_name(value) is not None:
            runs[-1][1].append(column)
    runs = [(text, columns) for text, columns in runs if columns]
    years = [text for text, _ in runs]
    if not all(years) or len(set(years)) < len(years):
        return
    for _, columns in runs:
        numbers = [month_name(str(last[column])) or 0 for column in columns]
        if any(two <= one for one, two in pairwise(numbers)):
            return
    for text, columns in runs:
        for column in columns:
            upper[column] = text


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
