"""Contract terms as people write them: “36 months, auto-renews annually, 90 days' notice”, “3 years”, “2 Monate”."""

import re
from functools import lru_cache

from importers.texts import fold

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "eighteen": 18,
    "twenty-four": 24,
    "thirty": 30,
    "thirty-six": 36,
    "forty-five": 45,
    "forty-eight": 48,
    "sixty": 60,
    "ninety": 90,
    "ein": 1,
    "eine": 1,
    "einem": 1,
    "zwei": 2,
    "drei": 3,
    "sechs": 6,
    "zwölf": 12,
    "un": 1,
    "une": 1,
    "uno": 1,
    "una": 1,
    "dos": 2,
    "due": 2,
    "dois": 2,
    "twee": 2,
    "tres": 3,
    "tre": 3,
    "três": 3,
    "drie": 3,
    "seis": 6,
    "sei": 6,
    "zes": 6,
    "doce": 12,
    "dodici": 12,
    "doze": 12,
    "twaalf": 12,
    "deux": 2,
    "trois": 3,
    "six mois": 6,
}
_NUMBER = r"([0-9]{1,3}|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + r")"
_UNIT = (
    r"(business\s+days?|working\s+days?|calendar\s+days?|days?|d|weeks?|wks?|months?|mths?|mos?|m|years?|yrs?|y|"
    r"werktagen?|tagen?|tage|wochen?|monate?n?|monat|jahre?n?|jahr|jours?|semaines?|mois|ans?|années?|días?|dias?|semanas?|"
    r"meses|mes|mês|años?|anos?|giorni|giorno|settimane|mesi|mese|anni|anno|dagen|dag|weken|week|maanden|maand|jaren|jaar)"
)
_LENGTH = re.compile(rf"{_NUMBER}\s*(?:\([0-9a-z-]+\)\s*)?[-–]?\s*{_UNIT}\b", re.IGNORECASE)
_NOTICE_WORDS = (
    r"notice|cancel(?:lation|led)?|terminat(?:e|ion)|kündigung(?:sfrist)?|frist|préavis|preavis|"
    r"preaviso|preavviso|disdetta|aviso prévio|opzeg\w*|prior|opt[- ]?out"
)
_RENEW = (
    r"renew(?:al|als|s|ed|ing)?|extend(?:s|ed)?|extension|rolls?(?:\s+over)?|rolling|verläng\w*|"
    r"reconduction|prorog\w*|prórrog\w*|renueva|renovación|renovação|renova|rinnov\w*|verleng\w*|successive|thereafter|then"
)
_ADVERBS = {
    "annually": 12,
    "annual": 12,
    "yearly": 12,
    "year to year": 12,
    "year-to-year": 12,
    "every year": 12,
    "each year": 12,
    "jährlich": 12,
    "anual": 12,
    "anualmente": 12,
    "annuale": 12,
    "annualmente": 12,
    "annuelle": 12,
    "annuellement": 12,
    "jaarlijks": 12,
    "mensual": 1,
    "mensile": 1,
    "mensal": 1,
    "mensuelle": 1,
    "maandelijks": 1,
    "trimestral": 3,
    "trimestrale": 3,
    "trimestrielle": 3,
    "vierteljährlich": 3,
    "monthly": 1,
    "month to month": 1,
    "month-to-month": 1,
    "each month": 1,
    "monatlich": 1,
    "quarterly": 3,
    "semi-annually": 6,
    "half-yearly": 6,
    "bi-annually": 24,
    "biennially": 24,
}
_NOT_AUTO = re.compile(
    r"\b(?:no|not|non|without|kein\w*|nicht|sans|sin|senza|geen|zonder|sem)\b[\s-]*(?:auto\w*|tacit\w*|tacite|renew\w*)|"
    r"does not (?:auto[- ]?)?renew|express renewal|manual renewal|by agreement|"
    r"must be renewed|fixed term|ends automatically|non[- ]?renew",
    re.IGNORECASE,
)
_AUTO = re.compile(
    r"auto[\s-]*(?:matic(?:ally)?)?[\s-]*(?:renew|extend|verläng|roll)\w*|renew\w*\s+automatic\w*|"
    r"evergreen|rolling|tacite reconduction|"
    r"renews?\s+(?:for|every|each|annually|yearly|monthly|quarterly)|verlängert sich|automatisch|"
    r"successive|rolls? over|auto$|auto\b(?!\s*\d)|renovaci[oó]n (?:autom|tácita)\w*|prórroga (?:autom|tácita)\w*|"
    r"renovação autom\w*|rinnovo (?:tacito|automatico)|tacito rinnovo|stilzwijgend\w*|automatische verleng\w*",
    re.IGNORECASE,
)


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.casefold()]


def _months(count: int, unit: str) -> int | None:
    plain = unit.casefold()
    if (plain[0] in "yaj" and plain not in ("jours", "jour")) or plain.startswith(("año", "anni")):
        return count * 12
    if plain.startswith("m"):
        return count
    return None


def _is_days(unit: str) -> bool:
    return _months(1, unit) is None and not unit.casefold().startswith(("we", "wk", "wo", "sem", "sett"))


@lru_cache(maxsize=5_000)
def length_in_months(text: str) -> int | None:
    """A term in months: ``36``, ``36 months``, ``3 years``, ``annual``, ``monthly``; None when it is none."""
    plain = fold(text).casefold()
    if re.fullmatch(r"[0-9]{1,3}(?:\.0+)?", plain):
        return int(float(plain))
    match = _LENGTH.search(plain)
    if match:
        return _months(_count(match.group(1)), match.group(2))
    return _ADVERBS.get(plain)


@lru_cache(maxsize=5_000)
def notice_of(text: str) -> tuple[int, str | None] | None:
    """A notice period as (number, ``days`` | ``months`` | None where the unit is not said)."""
    plain = fold(text).casefold()
    if re.fullmatch(r"[0-9]{1,4}(?:\.0+)?", plain):
        return int(float(plain)), None
    match = _LENGTH.search(plain)
    if not match:
        return (0, "days") if plain in ("none", "no", "n/a", "nil", "keine") else None
    count, unit = _count(match.group(1)), match.group(2)
    months = _months(count, unit)
    if months is not None:
        return months, "months"
    return (count, "days") if _is_days(unit) else (count * 7, "days")


@lru_cache(maxsize=5_000)
def parse_terms(text: str) -> dict[str, object]:
    """What a sentence says: ``initial_months``, ``renewal_months``, ``auto_renew``, ``notice``, ``notice_unit``.

    Only what stands there; nothing is assumed.
    """
    plain = fold(text)
    found: dict[str, object] = {}
    if not plain:
        return found
    clauses = [
        clause
        for clause in re.split(r"[;,.]\s+|\n|\s[–—]\s|;|,(?=\s*\D)|\band\b|\bwith\b", plain)
        if clause.strip()
    ]
    for clause in clauses:
        low = clause.casefold()
        lengths = list(_LENGTH.finditer(low))
        said = re.search(_NOTICE_WORDS, low)
        # “… renews for 12 months unless cancelled”: the length is the renewal's.
        about_notice = said and (
            not said.group(0).startswith(("cancel", "terminat")) or not re.search(_RENEW, low)
        )
        if about_notice and lengths:
            notice = notice_of(lengths[-1].group(0) if len(lengths) == 1 else _nearest(low, lengths))
            if notice is not None:
                found["notice"], found["notice_unit"] = notice[0], notice[1] or "days"
                lengths = [entry for entry in lengths if entry.group(0) != _nearest(low, lengths)]
        renews = re.search(_RENEW, low)
        for entry in lengths:
            months = _months(_count(entry.group(1)), entry.group(2))
            if months is None:
                continue
            if renews and (entry.start() > renews.start() or "initial_months" in found):
                found.setdefault("renewal_months", months)
            elif "initial_months" not in found:
                found["initial_months"] = months
            else:
                found.setdefault("renewal_months", months)
        if renews:
            for word, months in _ADVERBS.items():
                if re.search(rf"\b{re.escape(word)}\b", low):
                    found.setdefault("renewal_months", months)
                    break
        elif not lengths:
            for word, months in _ADVERBS.items():
                if re.fullmatch(rf"{re.escape(word)}(?:\s+(?:term|contract|subscription))?", low.strip()):
                    found.setdefault("initial_months", months)
    if _NOT_AUTO.search(plain):
        found["auto_renew"] = False
    elif _AUTO.search(plain):
        found["auto_renew"] = True
    return found


def _nearest(clause: str, lengths: list[re.Match[str]]) -> str:
    """The length that stands nearest to the word of notice in its clause."""
    word = re.search(_NOTICE_WORDS, clause)
    place = word.start() if word else 0
    return min(lengths, key=lambda entry: min(abs(entry.end() - place), abs(entry.start() - place))).group(0)
