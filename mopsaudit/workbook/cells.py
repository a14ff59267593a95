"""What a cell can hold, and the text, names and formats a spreadsheet allows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from mopsaudit.money import exponent, from_minor

#: A sheet takes this many links; past it they are left out and the book says so.
MAX_LINKS: Final = 65_000
MAX_TEXT: Final = 32_767
#: Text longer than this many characters wraps within its column instead of widening it.
WRAP_FROM: Final = 34
#: The least width of a table's first column.
FIRST_COLUMN: Final = 26.0
#: The largest integer of minor units a spreadsheet number holds exactly.
MAX_EXACT: Final = 10**15 - 1
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")

INK, MUTED, HAIR, BAND, ACCENT = "#1d2430", "#566072", "#d9d6cf", "#f1efea", "#0b5c6b"
CATEGORY: Final = {
    "intelligence": "#2f6fb0",
    "engagement": "#b8521b",
    "operations": "#1b7f65",
    "performance": "#84508f",
}
TONE: Final = {"good": "#1d6b3c", "warn": "#8a5300", "bad": "#a32a1f"}


def clean_text(text: str) -> str:
    """Text a cell can hold: no control characters or lone surrogates, at most 32,767 characters, ``…`` where cut."""
    kept = _ILLEGAL.sub("\ufffd", text)
    return kept if len(kept) <= MAX_TEXT else kept[: MAX_TEXT - 1] + "…"


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A legal sheet name near ``wanted`` (at most 31 characters) that differs from all taken, ignoring case."""
    base = _SHEET_FORBIDDEN.sub(" ", wanted).strip()[:31] or "Sheet"
    lower = {name.lower() for name in taken}
    name, number = base, 2
    while name.lower() in lower:
        tail = f" {number}"
        name = base[: 31 - len(tail)] + tail
        number += 1
    return name


@cache
def money_format(currency: str) -> str:
    """The number format of a currency: grouped, its digits, a minus sign for negatives."""
    digits = exponent(currency)
    places = "." + "0" * digits if digits else ""
    return f"#,##0{places};-#,##0{places};0{places}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A money cell: minor units of a currency."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A percentage cell: exact numerator and denominator."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A live formula with the value it gives; ``currency`` formats it as money (the value is minor units)."""

    text: str
    value: Decimal | int
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A figure that is not known: shown as ``–`` with the reason as a note."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A cell that leads elsewhere: ``target`` is ``internal:'Sheet'!A1`` or an http(s) address."""

    value: Any
    target: str
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column of a table: heading, width in characters (None: fitted), whether its total is shown, its currency.

    ``bar`` lays data bars behind its numbers, ``right`` sets its heading above them.
    """

    label: str
    width: float | None = None
    summed: bool = False
    currency: str | None = None
    wrap: bool = False
    bar: bool = False
    right: bool = False

    def with_bar(self) -> "Head":
        """The same with data bars."""
        return replace(self, bar=True)

    def at_width(self, width: float) -> "Head":
        """The same, so wide."""
        return replace(self, width=width)


def unique_labels(labels: Sequence[str]) -> list[str]:
    """The labels, made different from each other ignoring case: a native table needs that."""
    result: list[str] = []
    for label in labels:
        name, number = label, 2
        while name.lower() in {other.lower() for other in result}:
            name = f"{label} {number}"
            number += 1
        result.append(name)
    return result


def plain_value(value: Any) -> Any:
    """The value a link shows, or the value itself."""
    return value.value if isinstance(value, Link) else value


def summand(cell: Any) -> int:
    """What a cell adds to its column's total: minor units (money) or whole numbers; text and unknowns add nothing."""
    value = plain_value(cell)
    if isinstance(value, Money):
        return value.minor if abs(value.minor) <= MAX_EXACT else 0
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def as_number(total: int, currency: str | None) -> Decimal:
    """A column sum in units of its currency."""
    return Decimal(total) if currency is None else from_minor(total, currency)


def text_width(value: Any) -> float:
    """About how many characters wide a value is written."""
    match plain_value(value):
        case None | Unknown():
            return 4.0
        case Money() as money:
            return len(f"{from_minor(money.minor, money.currency):,}") + 2.5
        case datetime():
            return 18.0
        case date():
            return 12.5
        case Share():
            return 7.0
        case Formula():
            return 14.0
        case other:
            return len(str(other)) * 0.98 + 3


#: How wide letters of the book's font are beside a digit, in hundredths; those not named are ``_LETTER`` wide. Columns
#: are as wide as so many digits of 11 points, text has 10: hence a divisor of 110.
_WIDTHS: Final[Mapping[int, int]] = {
    ord(letter): width
    for letters, width in (
        (" ,.;:'`|!iIjl", 47),
        ("frt()[]{}-/\\", 63),
        ("ABCDEFGHKLNOPQRSTUVXYZ&", 115),
        ("mwMW@%", 155),
    )
    for letter in letters
}
_LETTER: Final = 88
_SPACE: Final = 47


@lru_cache(maxsize=4096)
def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column so many digits wide; it breaks between words, by each letter's width."""
    lines = 0
    for part in text.split("\n"):
        if _wide(part) <= width * 110:
            lines += 1
            continue
        # A cell keeps a little free on either side, and programs differ by a hair in how wide they draw.
        room = (max(8.0, width) - 1.0) * 110 / 1.03
        lines += 1
        used = 0.0
        for word in part.split(" "):
            wide = _wide(word)
            if used and used + _SPACE + wide > room:
                lines += 1
                used = 0.0
            used += wide + (_SPACE if used else 0)
            while used > room:  # a word longer than a line is broken where the line ends
                lines += 1
                used -= room
    return lines


def _wide(text: str) -> int:
    """How wide a text is, in hundredths of a letter's unit."""
    return sum(_WIDTHS.get(ord(letter), _LETTER if ord(letter) < 0x2E80 else 200) for letter in text)
