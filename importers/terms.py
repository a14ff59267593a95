"""Contract terms as people write them: “36 months, auto-renews annually, 90 days' notice”, “3 years”, “2 Monate”."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from importers.texts import fold

_NUMBERS: Final[Mapping[str, int]] = {
    word.casefold(): number
    for number, words in {
        1: "one ein eine einem einen un une uno una um uma een en ett yksi jeden jedna jednego jednoho",
        2: "two zwei deux dos due dois twee två två to kaksi dwa dwie dwóch dva dvou",
        3: "three drei trois tres tre três drie kolme trzy trzech tři tří",
        4: "four vier quatre cuatro quattro quatro fyra fire neljä cztery čtyři",
        5: "five fünf cinq cinco cinque vijf fem viisi pięć pět",
        6: "six sechs seis sei zes sex seks kuusi sześć šest",
        7: "seven sieben sept siete sette zeven sju syv",
        8: "eight acht huit ocho otto åtta otte åtte",
        9: "nine neun neuf nueve nove negen nio ni",
        10: "ten zehn dix diez dieci dez tien tio ti",
        12: "twelve zwölf douze doce dodici doze twaalf tolv kaksitoista dwanaście dvanáct",
        14: "fourteen vierzehn quatorze catorce quattordici",
        18: "eighteen achtzehn dix-huit dieciocho diciotto",
        24: "twenty-four vierundzwanzig vingt-quatre veinticuatro ventiquattro",
        30: "thirty dreißig trente treinta trenta dertig trettio tredive tretti",
        36: "thirty-six sechsunddreißig trente-six",
        45: "forty-five",
        48: "forty-eight achtundvierzig",
        60: "sixty sechzig soixante sesenta sessanta",
        90: "ninety neunzig quatre-vingt-dix noventa novanta",
    }.items()
    for word in words.split()
}
_NUMBER = r"([0-9]{1,3}|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + r")"
#: What a unit of time is called, months and years at least by their stems.
_DAYS = (
    r"日間?|(?:business|working|calendar)\s+days?|days?|d|(?:werk|arbeits|kalender)?tagen?|tage|jours?(?:\s+(?:ouvrés|calendaires))?|"
    r"d[ií]as?|giorni|giorno|dagen|dagar|dager|dage|dag|päivää?|pv|dni|dzień|dnů|dny|dní|den"
)
_WEEKS = (
    r"週間?|weeks?|wks?|wochen?|semaines?|semanas?|settiman[ae]|weken|veckor|vecka|ugers?|uge|uker|uke|"
    r"viikkoa?|tygodni[ea]?|tydzień|týdn[yůe]|týden"
)
_MONTHS = (
    r"[かカヶケヵ箇]月間?|months?|mths?|mos?|m|monate?n?|mois|mes(?:es)?|mês|mesi|mese|maanden|maand|månader|månad|måneder|måned|mdr\.?|mnd\.?|"
    r"kuukautta|kuukausi|kk|miesi[ąa]c(?:e|y)?|miesięcy|mies\.?|měsíc[eůi]?"
)
_YEARS = (
    r"年間?|years?|yrs?|y|jahre?n?|ans?|années?|años?|anos?|anni|anno|jaren|jaar|år|vuotta|vuosi|v|"
    r"lata|lat|roku|roky|rok|let"
)
#: Units that need no space and no end of a word after them.
_CLOSE = ("日間?", "週間?", "[かカヶケヵ箇]月間?", "年間?")
_UNIT = rf"((?:{_DAYS}|{_WEEKS}|{_MONTHS}|{_YEARS})(?!\w)|{'|'.join(_CLOSE)})"
#: *Month to month* says no number, though *to* is two in some languages.
_LENGTH = re.compile(
    rf"(?<!\w)(?<!month[ -])(?<!year[ -])(?<!week[ -]){_NUMBER}\s*(?:\([^\W_]+(?:-[^\W_]+)?\)\s*)?[-–]?\s*{_UNIT}",
    re.IGNORECASE,
)
_NOTICE_WORDS = (
    r"notice|cancel(?:lation|led)?|terminat(?:e|ion)|kündigung(?:sfrist)?|künd(?:bar|igen)|frist|préavis|preavis|"
    r"résili\w*|preaviso|preavviso|disdetta|aviso prévio|opzeg\w*|prior|opt[- ]?out|uppsägning\w*|"
    r"opp?sigelse\w*|irtisanomis\w*|wypowiedzen\w*|výpově\w*|解約|予告"
)
_RENEW = (
    r"renew(?:al|als|s|ed|ing)?|extend(?:s|ed)?|extension|rolls?(?:\s+over)?|rolling|verläng\w*|"
    r"reconduction|prorog\w*|prórrog\w*|renueva|renovación|renovação|renova|rinnov\w*|verleng\w*|successive|thereafter|then|förläng\w*|forlæng\w*|forleng\w*|forny\w*|förny\w*|jatku\w*|uusi\w*|"
    r"odnaw\w*|odnow\w*|przedłuż\w*|prodl\w*|obnov\w*|更新|reconduct\w*|renouvel\w*"
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
    "pro jahr": 12,
    "je jahr": 12,
    "jährliche": 12,
    "halbjährlich": 6,
    "quartalsweise": 3,
    "par an": 12,
    "d'année en année": 12,
    "chaque année": 12,
    "mensuellement": 1,
    "trimestriellement": 3,
    "mensualmente": 1,
    "trimestralmente": 3,
    "mensilmente": 1,
    "mensalmente": 1,
    "per jaar": 12,
    "årligen": 12,
    "årsvis": 12,
    "årlig": 12,
    "årligt": 12,
    "månadsvis": 1,
    "månedlig": 1,
    "månedligt": 1,
    "månedsvis": 1,
    "kvartalsvis": 3,
    "kwartaal": 3,
    "vuosittain": 12,
    "kuukausittain": 1,
    "corocznie": 12,
    "rocznie": 12,
    "miesięcznie": 1,
    "ročně": 12,
    "měsíčně": 1,
}
_NOT_AUTO = re.compile(
    r"\b(?:no|not|non|without|kein\w*|nicht|ohne|sans|sin|senza|geen|zonder|sem|ingen|inte|ikke|ei|bez|nie|ne)\b[\s-]*"
    r"(?:auto\w*|tacit\w*|tácit\w*|stil\w*|renew\w*|verläng\w*|reconduction|renouvel\w*|renov\w*|prórrog\w*|rinnov\w*|"
    r"verleng\w*|förläng\w*|forlæng\w*|forleng\w*|forny\w*|jatko\w*|odn[ao]w\w*|przedłuż\w*|prodl\w*|obnov\w*)|"
    r"does not (?:auto[- ]?)?renew|express renewal|manual renewal|by agreement|se renouvelle pas|"
    r"(?:verläng\w*|forny\w*|förny\w*|förläng\w*|forlæng\w*|forleng\w*|verleng\w*) (?:\w+ )?(?:nicht|ikke|inte|niet)|"
    r"must be renewed|fixed term|ends automatically|endet automatisch|non[- ]?renew|自動更新なし",
    re.IGNORECASE,
)
_AUTO = re.compile(
    r"auto[\s-]*(?:matic(?:ally)?)?[\s-]*(?:renew|extend|verläng|roll)\w*|renew\w*\s+automatic\w*|"
    r"evergreen|rolling|(?:tacite )?reconduction|"
    r"renews?\s+(?:for|every|each|annually|yearly|monthly|quarterly)|verlängert sich|automatis[ck]h?|automaattis\w*|"
    r"automatyczn\w*|automatick\w*|automatiquement|automáticamente|automaticamente|自動更新|"
    r"se (?:renouvelle|renueva|prorroga)|si rinnova|renova[- ]se|tácita reconducción|prórroga tácita|"
    r"successive|rolls? over|auto$|auto\b(?!\s*\d)|renovaci[oó]n (?:autom|tácita)\w*|prórroga (?:autom|tácita)\w*|"
    r"renovação autom\w*|rinnovo (?:tacito|automatico)|tacito rinnovo|stilzwijgend\w*|automatische verleng\w*",
    re.IGNORECASE,
)


#: A notice of no days: it may end on any day.
_NO_NOTICE = frozenset(
    (
        "none|no|n/a|nil|keine|jederzeit|jederzeit kündbar|täglich|aucun|aucune|à tout moment|"
        "sin preaviso|ninguno|en cualquier momento|nessuno|nessun preavviso|senza preavviso|"
        "in qualsiasi momento|geen|op elk moment|dagelijks opzegbaar|nenhum|a qualquer momento|ingen|"
        "når som helst|när som helst|ei|milloin tahansa|brak|w każdej chwili|žádná|kdykoli|any time|"
        "at any time|anytime"
    ).split("|")
)


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.casefold()]


def _months(count: int, unit: str) -> int | None:
    """A number of months or years in months; None for days and weeks."""
    if re.fullmatch(_MONTHS, unit, re.IGNORECASE):
        return count
    return count * 12 if re.fullmatch(_YEARS, unit, re.IGNORECASE) else None


def _is_days(unit: str) -> bool:
    return re.fullmatch(_DAYS, unit, re.IGNORECASE) is not None


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


#: What a unit of time is called in a heading (*Term (years)*); the letters and numbers of a sentence are left out.
_HEADED: Final = {
    unit: re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)
    for unit, words in {
        "days": _DAYS,
        "weeks": _WEEKS,
        "months": rf"{_MONTHS}|mån|mies|měs|md",
        "years": _YEARS,
    }.items()
}
_SHORT: Final = re.compile(r"(?<![^\W_])(?:[dmyv]|den|let|rok|år|an|ans?)(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def unit_in(heading: str) -> str | None:
    """``days``, ``weeks``, ``months`` or ``years`` where a heading names the one unit its numbers count, else None."""
    plain = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|_", " ", fold(heading))
    inner = re.findall(r"[(\[]([^)\]]*)[)\]]", plain)
    for text in (*inner, _SHORT.sub(" ", plain)):
        named = [unit for unit, words in _HEADED.items() if words.search(text)]
        if len(named) == 1:
            return named[0]
    return None


def length_in(text: str, unit: str | None) -> int | None:
    """A term in months as :func:`length_in_months` gives it, a bare number in ``unit``."""
    plain = fold(text)
    if unit in (None, "months") or not re.fullmatch(r"[0-9]{1,5}(?:\.0+)?", plain):
        return length_in_months(text)
    count = int(float(plain))
    if unit == "years":
        return count * 12
    return max(1, round(count * (7 if unit == "weeks" else 1) / 30.4375)) if count else 0


@lru_cache(maxsize=5_000)
def notice_of(text: str) -> tuple[int, str | None] | None:
    """A notice period as (number, ``days`` | ``months`` | None where the unit is not said)."""
    plain = fold(text).casefold()
    if re.fullmatch(r"[0-9]{1,4}(?:\.0+)?", plain):
        return int(float(plain)), None
    match = _LENGTH.search(plain)
    if not match:
        return (0, "days") if plain in _NO_NOTICE else None
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
        for clause in re.split(
            r"[;,.]\s+|[、。]|(?<=[^\x00-\u2fff])\s+|\n|\s[–—]\s|;|,(?=\s*\D)|\band\b|\bwith\b", plain
        )
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


@lru_cache(maxsize=5_000)
def renewal_of(text: str) -> dict[str, object]:
    """What a cell of a column of renewals says: a length there is the next term's, whatever else it would be."""
    found = dict(parse_terms(text))
    length = found.pop("initial_months", None)
    if length is not None:
        found.setdefault("renewal_months", length)
    return found


def _nearest(clause: str, lengths: list[re.Match[str]]) -> str:
    """The length that stands nearest to the word of notice in its clause."""
    word = re.search(_NOTICE_WORDS, clause)
    place = word.start() if word else 0
    return min(lengths, key=lambda entry: min(abs(entry.end() - place), abs(entry.start() - place))).group(0)
