"""The units that stand in a heading or on a line of their own below the headings: ``£m``, ``$000``, ``in k€``."""

import re
from collections.abc import Sequence
from typing import Final

from importers.dates import date_readings, month_value
from importers.grid import Cell
from importers.texts import fold

#: The units of amounts within a heading.
UNITS: Final = re.compile(
    r"\(?\s*(?:in\s+)?(?:[£$€]\s*['’]?(?:0{3}s?|m(?:n|illions?)?\b|k\b)?|\b[kt]\s?€|['’]?\b0{3}s\b|"
    r"\b(?:us)?[dt]?(?:eur|usd|gbp|chf|aud|cad)\b(?:\s*['’]?(?:0{3}s?|m(?:n|illions?)?\b|k\b))?|thousands|millions)\s*\)?",
    re.IGNORECASE,
)
#: What leads to a month: ``Month Ended July 2026``.
_LEADS: Final = re.compile(
    r"(?:for )?(?:the )?(?:(?:month|period|[45] weeks)(?: (?:ended|ending|end|of|to))?|m/e|p/e):? (?=\S)",
    re.IGNORECASE,
)
#: What stands on a line of units where a column holds no money.
_OTHERS: Final = frozenset(("%", "no.", "no", "#", "fte", "ftes", "wte", "days", "note", "notes", "ref"))
#: A sign or a scale: a code alone may be a line's own currency.
_TELLS: Final = re.compile(r"[£$€]|0{3}|\b[km]\b|million|thousand", re.IGNORECASE)


def is_unit(text: str) -> bool:
    """Whether a text is the unit of amounts and nothing else."""
    return bool(UNITS.fullmatch(fold(text)))


def plain_heading(heading: str) -> str:
    """A heading without the units of its amounts, or what leads to its month; as it is where it is nothing else."""
    rest = " ".join(UNITS.sub(" ", heading).strip(" -–:()").split())
    led = _LEADS.match(rest)
    if led and (month_value(rest[led.end() :]) or date_readings(rest[led.end() :])):
        rest = rest[led.end() :]
    return rest if rest and rest != heading else heading


def units_row(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether a row below the headings holds nothing but the units of the columns, each below a heading."""
    cells = [(column, value) for column, value in enumerate(row) if value is not None]
    if not cells or any(not isinstance(value, str) for _, value in cells):
        return False
    texts = [fold(str(value)) for _, value in cells]
    return (
        all(is_unit(text) or text.casefold() in _OTHERS for text in texts)
        and any(is_unit(text) and _TELLS.search(text) for text in texts)
        and all(column < len(above) and above[column] is not None for column, _ in cells)
    )
