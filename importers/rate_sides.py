"""Which side of a printed rate is one unit, as the words beside it say.

*1 EUR =*, *units per £1*, *Rates into EUR* and *value of currency unit £* say it; ``Currency`` over a column of codes
and ``Rate`` over numbers do not: 1.08 beside USD is then what one euro buys, or what a dollar costs.
"""

import re
from collections.abc import Sequence
from typing import Final

from importers.currencies import currency_in_heading, currency_of_text
from importers.texts import fold
from mopsaudit.money import CURRENCIES

_CODE: Final = r"(?:[A-Z]{3}|[£€$])"
#: One unit of what is spoken of: ``1 EUR = …``, ``per EUR``, ``pro 1 EUR``, ``per £1``.
_ONE: Final = re.compile(
    rf"(?:(?<![0-9.,])1\s*|\b(?:per|pro|par|je|por|za)\s+(?:1\s*|one\s+)?)({_CODE})(?![A-Za-z])"
)
_INTO: Final = re.compile(rf"\b(?:into|nach|vers)\s+({_CODE})(?![A-Za-z])")
#: The same of one column's heading, where fewer words will do.
_HEADED_INTO: Final = re.compile(
    rf"\b(?:into|to|in|nach|vers|en|til|naar)\s+({_CODE})(?![A-Za-z])|"
    rf"({_CODE})\s*(?:per|pro|par|je)\s+(?:1\s+)?(?:foreign\s+|currency\s+)?(?:currency\s+)?(?:unit|einheit|unité)"
)
_WORTH: Final = re.compile(
    r"\b(?:(?:value|price|worth) of (?:a |one |1 )?(?:foreign )?(?:currency )?unit|equivalent|gegenwert|"
    r"contre-valeur)\b",
    re.IGNORECASE,
)
_BUYS: Final = re.compile(r"\b(?:currency |foreign )?units per\b|\bforeign currency per\b", re.IGNORECASE)
#: Headings of the two currencies that say which is converted; ``Currency`` and ``Base currency`` say it of neither.
_FROM: Final = re.compile(
    r"\b(?:from|source|von|de|da|desde|fra|från|van|quelle|ausgangs\w*|origen)\b", re.IGNORECASE
)
_TO: Final = re.compile(
    r"\b(?:to|into|target|quote|nach|vers|ziel\w*|til|till|naar|destino|doel\w*|cible)\b", re.IGNORECASE
)


def _code(text: str, base: str) -> str | None:
    found = currency_of_text(text, base)
    return found if found in CURRENCIES else None


def said_above(texts: Sequence[str], across: set[str], base: str) -> tuple[str | None, bool] | None:
    """The currency all rates are against, and whether they are for one unit of it; None where the texts do not say.

    ``across`` are the currencies that have rates: one unit of those says the side alone.
    """
    found: set[tuple[str | None, bool]] = set()
    for text in texts:
        for match in _ONE.finditer(text):
            code = _code(match[1], base)
            if code is not None:
                found.add((None, False) if code in across else (code, True))
        found.update((code, False) for match in _INTO.finditer(text) if (code := _code(match[1], base)))
    return found.pop() if len(found) == 1 else None


def said_by_heading(heading: str, base: str) -> tuple[str | None, bool] | None:
    """The same as the heading of a column of rates says it; None for one that does not."""
    text = fold(heading)
    if match := _HEADED_INTO.search(text):
        code = _code(match[1] or match[2], base)
        if code is not None:
            return code, False
    if match := _ONE.search(text):
        code = _code(match[1], base)
        if code is not None:
            return code, True
    if _WORTH.search(text):
        return currency_in_heading(text, base), False
    if _BUYS.search(text):
        return currency_in_heading(text, base), True
    return None


def says_converted(source: str, target: str | None) -> bool:
    """Whether the headings of the two currencies say which of them one unit is of."""
    source, target = source.replace("_", " "), (target or "").replace("_", " ")
    return bool(_FROM.search(source) or _TO.search(target))
