"""In what units a sheet keeps its amounts: thousands, millions, hundredths, by headings and title lines."""

import re
from collections.abc import Sequence
from typing import Final

from importers.dates import month_name
from importers.grid import Grid
from importers.scale_words import worded
from importers.table import Header
from importers.texts import fold
from mopsaudit.money import CURRENCIES

_THOUSANDS = re.compile(
    r"(?:in|[(\[])\s*(?:k\s*[€$£]|[€$£]\s*k\b|k(?:eur|usd|gbp|chf)|t(?:eur|€)|(?:eur|usd|gbp|chf)\s*k\b|thousands?|"
    r"tausend|tsd\.?)|\b(?:en (?:milliers|miles)|in migliaia|em milhares|in (?:duizend\w*|tausend)|"
    r"i tus(?:ind|ental)\w*|w tys)\b|[€$£]['’]?000s?|\b000s\b|[('’]000s?\)?|\bt€|\bk€|\b[kt](?:eur|usd|gbp|chf)\b|"
    r"in thousands|(?:[€$£]|\b(?:eur|usd|gbp|chf))\s*thousands?\b|"
    r"\bthousands? (?:of )?(?:euros?|(?:us )?dollars|pounds)|"
    r"£k\b|\$k\b|€k\b|\bt\.?kr\b|\btis\.?\s?kč|\btys\.?\s?(?:zł|pln)|千円",
    re.IGNORECASE,
)
#: The same of any currency by its code: ``in kCZK``, ``PLN k``, ``RON thousands``.
_THOUSANDS_OF = re.compile(
    r"(?<![A-Za-z])(?:[ktKT]\s?([A-Z]{3})|([A-Z]{3})\s?k|([A-Z]{3})\s(?:[tT]housands?|'?000s?))(?![A-Za-z0-9])"
)
_MILLIONS = re.compile(
    r"\b(?:en millions|en millones|in milioni|in miljoenen)\b|"
    r"(?:[€$£]|\b(?:eur|usd|gbp|chf))\s*millions?\b|\bmillions? (?:of )?(?:euros?|(?:us )?dollars|pounds)|"
    r"(?:in|\()\s*(?:m\s*[€$£]|[€$£]\s*m\b|millions?|mio\.?\s*(?:eur|€)?|meur)|\bm€|€m\b|£m\b|\$m\b|\bmio\b|\bmkr\b|\bmln\s?(?:zł|pln)|\bmil\.?\s?kč|百万円",
    re.IGNORECASE,
)

_SAID_IN = re.compile(r"(?:in|en|em|i|w)\b|[(\[]", re.IGNORECASE)
#: A year before the units: ``2025/26 £000``, and not ``orders above 2000 T€``.
_AFTER_YEAR = re.compile(
    r"(?<!above )(?<!over )(?<!under )(?<!below )(?<!über )(?<!unter )(?<!ab )(?<!bis )(?<![0-9.,/])"
    r"(?:20[0-7][0-9]|[0-9]{2}(?=\s*/))(?:\s*[/–-]\s*(?:20)?[0-9]{2})?[\s(,;:–-]*$",
    re.IGNORECASE,
)
#: A period before the units: ``Jan 26 £k``, ``FY26 £000``, ``Q1 $k``.
_AFTER_PERIOD = re.compile(
    r"(?:\b(?:fye?|q|qtr|quarter|h|p|period|year)\s*['’]?[0-9]{1,2}|\b(?P<month>[^\W\d_]{3,9})\.?[\s'’-]*[0-9]{2})[\s(,;:–-]*$",
    re.IGNORECASE,
)
_HUNDREDTHS = re.compile(
    r"(?<!per )(?<!per)(?<!pour )(?<!por )(?<!pro )\b(?:in |en |em )?"
    r"(?:pence|pennies|cents?|centimes|centavos|c[eé]ntimos|centesimi|euro-?cent|eurocents?|minor units?)\b",
    re.IGNORECASE,
)
#: Where a word begins in a heading that a program wrote: ``amountCents``.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


#: The units amounts are kept in, as answers name them.
SCALES: Final = (1000, 10**4, 10**5, 10**6, 10**7, 10**8, 10**9)


def in_hundredths(text: str) -> bool:
    """Whether a heading says that its amounts are counted in pence, cents or another minor unit."""
    return bool(_HUNDREDTHS.search(_CAMEL.sub(" ", text.replace("_", " "))))


def scale_of(grid: Grid, header: Header, money: Sequence[int]) -> int:
    """What one unit of the sheet's amounts is (1, 1,000, 1,000,000 …), by its headings and title lines."""
    texts = [header.headings[column] for column in money if column < len(header.headings)]
    for index in range(min(header.first_index, 15)):
        texts.extend(fold(value) for value in grid.rows[index] if isinstance(value, str) and len(value) < 120)
    return next((scale for text in texts if (scale := scaled_text(text))), 1)


def scaled_text(text: str) -> int | None:
    """How many ones a unit holds (1,000, 100,000 …) where a text says that amounts are kept in it, else None."""
    for scale, match in worded(text):
        if _says_units(text, match):
            return scale
    for pattern, scale in ((_THOUSANDS, 1000), (_MILLIONS, 1_000_000)):
        for match in pattern.finditer(text):
            if _says_units(text, match):
                return scale
    for match in _THOUSANDS_OF.finditer(text):
        if next(code for code in match.groups() if code) in CURRENCIES:
            return 1000
    return None


def _after_period(before: str) -> bool:
    """Whether what stands before a unit ends in a month, a quarter or a fiscal year."""
    match = _AFTER_PERIOD.search(before)
    return match is not None and (match["month"] is None or month_name(match["month"]) is not None)


def _says_units(text: str, match: re.Match[str]) -> bool:
    """Whether a unit found speaks of all amounts: “2026 in T€” does, “orders above 1 Mio. €” does not."""
    before = text[: match.start()]
    return (
        bool(_SAID_IN.match(match.group()))
        or not re.search(r"[0-9][\s.,]*$", before)
        or bool(_AFTER_YEAR.search(before))
        or _after_period(before)
    )
