"""The year over the months of a header, printed only over the first of them."""

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
