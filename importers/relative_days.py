"""Days told by how long ago they were (``3 days ago``, ``22m ago``, ``vor 2 Wochen``, ``yesterday``)."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from importers.texts import fold
from importers.words import heading_words

#: Unit → its spellings; a minute or an hour ago is the same day.
_UNITS: Final = {
    "now": "s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|sekunden?|minuten?|stunden?|secondes?|heures?|minutos?|"
    "horas?|minuti|minuto|ore|ora|minuut|uur|minuter?|timmar|timme|timer|time",
    "day": "d|days?|tage?n?|jours?|d[ií]as?|giorn[io]|dagen|dag|dagar|dage|dias?|päivää",
    "week": "w|wks?|weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|week|veckor|vecka|uger|uge|uker|uke",
    "month": "mo|mos|mths?|months?|monate?n?|mois|mes(?:es)?|mes[ei]|maanden|maand|månader|månad|måneder|måned",
    "year": "y|yrs?|years?|jahre?n?|ans?|années?|años?|ann[io]|jaren|jaar|år|anos?",
}
_UNIT: Final = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_ONE: Final = r"(?:an?|one|einem|einer|une?|una?|uma?|ett?|en|één|un)"
_AGO: Final = re.compile(
    rf"(?:(?:last )?(?:active|seen|used|online):?\s+)?(?:about|around|ca\.?|approx\.?|circa|almost)?\s*"
    rf"(?P<before>(?:vor|il y a|hace|för|for|há)\s+)?(?P<count>\d{{1,4}}|{_ONE})\s*(?:{_UNIT})"
    r"(?P<after>\s+(?:ago|fa|geleden|sedan|siden|atrás|sitten))?",
    re.IGNORECASE,
)
_TODAY: Final = re.compile(
    r"(?:just now|now|active now|online(?: now)?|today(?: at .*)?|moments ago|heute|gerade eben|jetzt|aujourd['’]hui|"
    r"hoy|oggi|hoje|vandaag|i ?dag)",
    re.IGNORECASE,
)
_YESTERDAY: Final = re.compile(
    r"(?:yesterday(?: at .*)?|gestern|hier|ayer|ieri|ontem|gisteren|i ?(?:går|gar))", re.IGNORECASE
)


@lru_cache(maxsize=10_000)
def says_ago(text: str) -> bool:
    """Whether a text says how long ago something was, and no bound of it (*more than 90 days ago*)."""
    return days_ago(text, date(2000, 6, 15)) is not None


def days_since(heading: str) -> bool:
    """Whether a heading says that the numbers below it are days gone by (*Days since last activity*)."""
    words = heading_words(heading)
    return words[:2] == ("days", "since") or words == ("days", "inactive")


def days_ago(text: str, day: date, *, counted: bool = False) -> date | None:
    """The day that a text names by its distance from ``day``; None for any other text.

    Months and years are calendar ones, clipped to the month's last day. A bare number is one of days where ``counted``.
    """
    plain = fold(text)
    if counted and re.fullmatch(r"\d{1,5}", plain) and int(plain) < day.toordinal():
        return day - timedelta(days=int(plain))
    if _TODAY.fullmatch(plain):
        return day
    if _YESTERDAY.fullmatch(plain):
        return day - timedelta(days=1)
    found = _AGO.fullmatch(plain)
    if found is None or not (found["before"] or found["after"]):
        return None
    count = int(found["count"]) if found["count"].isdigit() else 1
    unit = next(name for name in _UNITS if found[name])
    if unit == "now":
        return day
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1)
    if months < 12:
        return None
    year, month = divmod(months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
