"""Texts and numbers as finance writes them into dates, months, quarters and periods: one cell at a time, then a column.

Nothing here guesses: a date that reads two ways gives both readings, and the column, a person or nobody decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from importers.calendars import MONTHS, PERSIAN, persian_day, plain_date
from importers.texts import fold

_MONTHS: dict[str, int] = {}
#: What months are cut short to in tables and dates; words of other meaning (``Pro 2026``) in a title.
_SHORT: dict[str, int] = {
    _name: _number
    for _number, _names in enumerate(
        (
            "led sty tammi tam oca",
            "úno lut helmi hel febr şub",
            "bře maalis maa mär márc",
            "dub kwi huhti huh ápr nis",
            "kvě touko tou",
            "čvn cze kesä kes haz",
            "čvc lip heinä hei juil tem",
            "srp sie elo ağu",
            "zář wrz syys syy szept eyl",
            "říj paź loka lok eki",
            "lis marras kas",
            "pro gru joulu jou des ara",
        ),
        start=1,
    )
    for _name in _names.split()
}
for _number, _names in enumerate(
    (
        (
            "jan january januar janvier janv enero ene gennaio gen janeiro januari jän jänner "
            "stycznia styczeń leden ledna tammikuu tammikuuta ianuarie január ocak jaanuar "
            "janvāris sausis января январь січень ιανουάριος ιανουαρίου"
        ),
        (
            "feb february februar février fevrier févr fevr febrero febbraio fevereiro fev "
            "februari lutego luty únor února helmikuu helmikuuta februarie február şubat subat "
            "veebruar februāris vasaris февраля февраль лютий φεβρουάριος φεβρουαρίου"
        ),
        (
            "mar march märz maerz mrz mars marzo março marco maart mrt marts marca marzec březen "
            "března maaliskuu maaliskuuta martie március marec mart märts kovas марта март "
            "березень μάρτιος μαρτίου"
        ),
        (
            "apr april avril avr abril abr aprile kwietnia kwiecień duben dubna huhtikuu "
            "huhtikuuta aprilie április apríl nisan aprill aprīlis balandis апреля апрель квітень "
            "απρίλιος απριλίου"
        ),
        (
            "may mai mayo maggio mag maio mei maj maja květen května toukokuu toukokuuta május "
            "máj mayıs mayis maijs gegužė мая май травень μάιος μαΐου"
        ),
        (
            "jun june juni juin junio giugno giu junho czerwca czerwiec červen června kesäkuu "
            "kesäkuuta iunie június jún haziran juuni jūnijs birželis июня июнь червень ιούνιος "
            "ιουνίου"
        ),
        (
            "jul july juli juillet juil julio luglio lug julho lipca lipiec červenec července "
            "heinäkuu heinäkuuta iulie július júl temmuz juuli jūlijs liepa июля июль липень "
            "ιούλιος ιουλίου"
        ),
        (
            "aug august août aout agosto ago augustus augusti sierpnia sierpień srpen srpna "
            "elokuu elokuuta augusztus ağustos agustos augusts rugpjūtis августа август серпень "
            "αύγουστος αυγούστου"
        ),
        (
            "sep sept september septembre septiembre settembre set setembro setiembre września "
            "wrzesień září syyskuu syyskuuta septembrie szeptember eylül eylul septembris "
            "rugsėjis сентября сентябрь вересень σεπτέμβριος σεπτεμβρίου"
        ),
        (
            "oct october oktober okt octobre octubre ottobre ott outubro out października "
            "październik říjen října lokakuu lokakuuta octombrie október ekim oktoober oktobris "
            "spalis октября октябрь жовтень οκτώβριος οκτωβρίου"
        ),
        (
            "nov november novembre noviembre novembro listopada listopad listopadu marraskuu "
            "marraskuuta noiembrie kasım kasim novembris lapkritis ноября ноябрь листопад "
            "νοέμβριος νοεμβρίου"
        ),
        (
            "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro "
            "desember grudnia grudzień prosinec prosince joulukuu joulukuuta decembrie aralık "
            "aralik detsember decembris gruodis декабря декабрь грудень δεκέμβριος δεκεμβρίου"
        ),
    ),
    start=1,
):
    for _name in _names.split():
        _MONTHS[_name.casefold()] = _number
    _MONTHS[f"{_number}月"] = _MONTHS[f"{_number}월"] = _number
_TITLED = frozenset(_MONTHS)
_MONTHS.update(_SHORT)
_MONTHS.update((_name, _number) for _name, _number in MONTHS.items() if _name not in _MONTHS)

_NUMERIC_DATE = re.compile(
    r"([0-9]{1,4})([./\- ])([0-9]{1,2})\2([0-9]{1,4})\.?(?:[ T,]+([0-9]{1,2}:[0-9]{2}.*|[0-9]{4,6}))?"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|er|[.º°])?[\s./-]*(?:de\s+|d['’])?([^\W\d_]{3,12})\.?,?[\s./-]*(?:del?\s+)?"
    r"([0-9]{4}|[0-9]{2})(?:[ T,].*)?"
)
_NAMED_FIRST = re.compile(
    r"([^\W\d_]{3,12})\.?[\s./-]*([0-9]{1,2})(?:st|nd|rd|th)?,?[\s/-]+([0-9]{4}|'?[0-9]{2})(?:[ T,].*)?"
)
_NAMED_YEAR_FIRST = re.compile(r"([0-9]{4})[\s./-]+([^\W\d_]{3,12})\.?[\s./-]+([0-9]{1,2})(?:[ T,].*)?")
_CJK = re.compile(r"([0-9]{4})\s?[年년]\s?([0-9]{1,2})\s?[月월]\s?(?:([0-9]{1,2})\s?[日일])?")
#: The days of the week as they stand before a date, in full and cut short.
_WEEKDAYS = frozenset(
    "mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lun mar mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado domingo "
    "gio lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "mån tis ons tor tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag "
    "man tir lør søn mandag tirsdag lørdag søndag "
    "ti ke to pe la su maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai "
    "pon wt śr sr czw pt sob niedz nd poniedziałek wtorek środa czwartek piątek sobota niedziela "
    "seg ter qua qui sex sáb segunda terça quarta quinta sexta segunda-feira terça-feira quarta-feira quinta-feira "
    "sexta-feira po út st čt pá so ne pondělí úterý středa čtvrtek pátek sobota neděle".split()
)
_LEADING_WORD = re.compile(r"([^\W\d_]{2,12}(?:-feira)?)\.?,?\s+(?=.*[0-9].*[0-9])")
#: ``17. 1. 2026``: blanks behind the points; ``17.01.2026 г.``: the word *year* behind a date.
_BLANKS = re.compile(r"(?<![0-9.])([0-9]{1,2})\.\s([0-9]{1,2})\.\s([0-9]{4}|[0-9]{2})(?![0-9])")
_YEAR_WORD = re.compile(r"(?<=[0-9])\s?(?:г|р)\.?$")
#: A moment without marks: ``20260117T101500Z``.
_MOMENT = re.compile(
    r"([0-9]{8})[T ][0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]+)?)?(?:Z|t?[+-][0-9]{2}:?[0-9]{2})?"
)
#: The years of eras: Reiwa began in 2019, the Republic of China in 1912; Thai years count from the Buddha's.
_REIWA = re.compile(r"(?:令和|R)\s?([0-9]{1,2}|元)\s?[年./-]\s?([0-9]{1,2})\s?[月./-]\s?([0-9]{1,2})\s?日?")
_BUDDHIST = 543
_FIRST_YEAR, _LAST_YEAR = 1980, 2079


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    if len(text.lstrip("'")) <= 2:
        return 2000 + number if number < 70 else 1900 + number
    return number


def _day(year: int, month: int, day: int) -> date | None:
    if year in PERSIAN:
        return persian_day(year, month, day)
    if _FIRST_YEAR <= year - _BUDDHIST <= _LAST_YEAR:
        year -= _BUDDHIST  # no ledger is of 2569
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without_weekday(text: str) -> str:
    """A date text without the day of the week before it; ``mar 17 2026`` keeps its month."""
    match = _LEADING_WORD.match(text)
    if match is None or match.group(1).casefold() not in _WEEKDAYS:
        return text
    rest = text[match.end() :]
    named = any(word.casefold().strip(".,") in _MONTHS for word in re.split(r"[\s/-]+", rest))
    if match.group(1).casefold() in _MONTHS and not (named or re.match(r"[0-9]{1,4}[./-]", rest)):
        return text
    return rest


@lru_cache(maxsize=100_000)
def date_readings(text: str) -> dict[str, date]:
    """Every reading of a date text: order (``dmy``, ``mdy``, ``ymd``, or ``""`` where only one exists) → day."""
    plain = fold(text)
    if not 5 <= len(plain) <= 40:
        return {}
    plain = plain_date(plain)
    iso = _ISO.fullmatch(plain)
    if iso:
        day = _day(int(iso.group(1)), int(iso.group(2)), int(iso.group(3)))
        return {"": day} if day else {}
    plain = _BLANKS.sub(r"\1.\2.\3", _YEAR_WORD.sub("", _without_weekday(plain)))
    moment = _MOMENT.fullmatch(plain)
    if moment:
        plain = moment.group(1)
    reiwa = _REIWA.fullmatch(plain)
    if reiwa:
        year = 2018 + (1 if reiwa.group(1) == "元" else int(reiwa.group(1)))
        day = _day(year, int(reiwa.group(2)), int(reiwa.group(3)))
        return {"": day} if day else {}
    eastern = _CJK.fullmatch(plain)
    if eastern:
        day = (
            _day(int(eastern.group(1)), int(eastern.group(2)), int(eastern.group(3)))
            if eastern.group(3)
            else None
        )
        return {"": day} if day else {}
    if plain.isdigit() and len(plain) == 8:
        day = _day(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if day:
            return {"": day}
        swapped = {
            "dmy": _day(int(plain[4:]), int(plain[2:4]), int(plain[:2])),
            "mdy": _day(int(plain[4:]), int(plain[:2]), int(plain[2:4])),
        }
        return {order: found for order, found in swapped.items() if found}
    match = _NUMERIC_DATE.fullmatch(plain)
    if match:
        first, mark, second, third, _ = match.groups()
        if len(first) == 4:
            day = _day(int(first), int(second), int(third)) if len(third) <= 2 else None
            return {"": day} if day else {}
        if len(first) == 3 and len(third) <= 2:
            day = _day(int(first) + 1911, int(second), int(third))  # 115/01/17, as Taiwan counts
            return {"": day} if day and int(first) < 160 else {}
        if len(first) > 2 or len(third) not in (2, 4):
            return {}
        readings: dict[str, date] = {}
        year = _year(third)
        day = _day(year, int(second), int(first))
        if day:
            readings["dmy"] = day
        day = _day(year, int(first), int(second)) if mark != "." else None
        if day:
            readings["mdy"] = day
        if len(third) == 2 and len(first) == 2 and int(first) > 31:
            day = _day(_year(first), int(second), int(third))
            if day:
                readings["ymd"] = day
        if len(set(readings.values())) == 1 and len(readings) > 1:
            return {**readings}
        return readings
    for pattern, order in ((_NAMED, "dmy"), (_NAMED_FIRST, "mdy"), (_NAMED_YEAR_FIRST, "ymd")):
        match = pattern.fullmatch(plain)
        if not match:
            continue
        parts = match.groups()
        name, number, year_text = (
            (parts[1], parts[0], parts[2])
            if order == "dmy"
            else (parts[0], parts[1], parts[2])
            if order == "mdy"
            else (parts[1], parts[2], parts[0])
        )
        month = _MONTHS.get(name.casefold())
        if month:
            day = _day(_year(year_text), month, int(number))
            if day:
                return {"": day}
    return {}


_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[\s./-]*([^\W\d_]{3,12})\.?")
#: ``17.03.``: with a point behind the month, so that no amount is taken for a day.
_DAY_POINT_MONTH = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?[\s./-]*([0-9]{1,2})(?:st|nd|rd|th)?")


@lru_cache(maxsize=20_000)
def day_and_month(text: str) -> tuple[int, int] | None:
    """Day and month of a date text that names no year (``17 Jan``, ``Jan 17``), or None."""
    plain = fold(text)
    if not 4 <= len(plain) <= 18:
        return None
    pointed = _DAY_POINT_MONTH.fullmatch(plain)
    if pointed:
        day, of_year = int(pointed.group(1)), int(pointed.group(2))
        return (day, of_year) if 1 <= day <= 31 and 1 <= of_year <= 12 else None
    match = _DAY_MONTH.fullmatch(plain)
    number, name = match.groups() if match else ("", "")
    if match is None:
        match = _MONTH_DAY.fullmatch(plain)
        if match is None:
            return None
        name, number = match.groups()
    month = _MONTHS.get(name.casefold())
    return (int(number), month) if month and 1 <= int(number) <= 31 else None


def date_value(text: str, order: str | None) -> date | None:
    """The day of a date text read in ``order``; one that reads one way only is read so. None when it does not read."""
    readings = date_readings(text)
    if not readings:
        return None
    if len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    return readings.get(order or "")


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """The day/month order of a column of texts: decided, not needed (None), or undecidable."""

    order: str | None
    undecided: bool
    why: str
    examples: tuple[str, ...] = ()


def date_order(texts: Iterable[str]) -> OrderEvidence:
    """What a column's own date texts say of the order of day and month."""
    only: dict[str, int] = {"dmy": 0, "mdy": 0, "ymd": 0}
    both: list[str] = []
    count = 0
    for text in texts:
        readings = date_readings(text)
        if not readings or "" in readings or len(set(readings.values())) < len(readings):
            continue
        if len(readings) == 1:
            only[next(iter(readings))] += 1
        else:
            count += 1
            if len(both) < 3:
                both.append(fold(text))
    decided = [order for order, found in only.items() if found]
    if not count:
        order = decided[0] if len(decided) == 1 else None
        return OrderEvidence(
            order,
            False,
            f"{only[order]:,} dates read one way only" if order else "no text date reads two ways",
        )
    if len(decided) == 1:
        return OrderEvidence(
            decided[0], False, f"{only[decided[0]]:,} dates read only this way (a day above 12)"
        )
    return OrderEvidence(None, True, "dates such as " + ", ".join(both) + " read two ways", tuple(both))


_MONTH_NAMED = re.compile(r"([^\W\d_]{3,12})\.?[\s\-/.,']*([0-9]{4}|[0-9]{2})")
_MONTH_NAMED_LAST = re.compile(r"([0-9]{4})[\s\-/.]*([^\W\d_]{3,12})\.?")
_MONTH_NUMBER = re.compile(
    r"([0-9]{1,2})[/.\-]([0-9]{4})|([0-9]{4})[/.\-]([0-9]{1,2})|([0-9]{4})(0[1-9]|1[0-2])"
)
_MONTH_M = re.compile(r"(?:([0-9]{4})[\s\-/]*[Mm]([0-9]{1,2}))|(?:[Mm]([0-9]{1,2})[\s\-/]*([0-9]{4}))")
_QUARTER = re.compile(r"(?:[Qq]([1-4])[\s\-/']*([0-9]{4}|[0-9]{2}))|(?:([0-9]{4})[\s\-/]*[Qq]([1-4]))")
_PERIOD = re.compile(
    r"(?:p|per|period|periode)\.?\s*([0-9]{1,2})(?:[\s\-/]+(?:fy)?([0-9]{4}))?", re.IGNORECASE
)


@lru_cache(maxsize=20_000)
def month_value(text: str) -> date | None:
    """The first day of the month a text names (``Apr-20``, ``2024-03``, ``202403``, ``März 2024``), or None."""
    plain = fold(text)
    if not 4 <= len(plain) <= 20:
        return None
    match = _MONTH_NAMED.fullmatch(plain)
    if match and match.group(1).casefold() in _MONTHS:
        return _day(_year(match.group(2)), _MONTHS[match.group(1).casefold()], 1)
    match = _MONTH_NAMED_LAST.fullmatch(plain)
    if match and match.group(2).casefold() in _MONTHS:
        return _day(int(match.group(1)), _MONTHS[match.group(2).casefold()], 1)
    match = _MONTH_NUMBER.fullmatch(plain)
    if match:
        one, two, three, four, five, six = match.groups()
        year, month = (two, one) if one else (three, four) if three else (five, six)
        return _day(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    match = _CJK.fullmatch(plain)
    if match:
        return _day(int(match.group(1)), int(match.group(2)), 1) if not match.group(3) else None
    match = _MONTH_M.fullmatch(plain)
    if match:
        one, two, three, four = match.groups()
        year, month = (one, two) if one else (four, three)
        return _day(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    return None


def month_name(text: str) -> int | None:
    """1–12 for a month's bare name (``April``, ``Mär``), or None."""
    plain = fold(text).casefold().rstrip(".")
    return _MONTHS.get(plain) or _MONTHS.get(plain.replace("\u0307", ""))  # the dot of a Turkish capital İ


def quarter_value(text: str) -> tuple[date, int] | None:
    """First day and number of months of a quarter text (``Q1 2024``), or None. The quarter is a calendar one."""
    match = _QUARTER.fullmatch(fold(text))
    if not match:
        return None
    number, year = (match.group(1), match.group(2)) if match.group(1) else (match.group(4), match.group(3))
    day = _day(_year(year), int(number) * 3 - 2, 1)
    return (day, 3) if day else None


def in_our_time(day: date) -> bool:
    """Whether a real date lies between 1980 and 2079, as a text's must: an empty number shown as a day lies in 1900."""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def serial_date(number: int | float, *, date_1904: bool) -> date | None:
    """The day of a spreadsheet serial number between 1980 and 2079, or None."""
    if not 20_000 <= number < 70_000:  # a NaN is in no range
        return None
    base = datetime(1904, 1, 1) if date_1904 else datetime(1899, 12, 30)
    day = (base + timedelta(days=int(number))).date()
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def period_number(text: str) -> tuple[int, int | None] | None:
    """Number and, where named, year of a period text (``P03``, ``Period 3 2024``), or None."""
    match = _PERIOD.fullmatch(fold(text))
    if not match or not 1 <= int(match.group(1)) <= 12:
        return None
    return int(match.group(1)), int(match.group(2)) if match.group(2) else None


def month_in(texts: Iterable[str]) -> date | None:
    """The one month with its year that texts such as ``Spend for March 2026`` name; None for none or several."""
    found: set[date] = set()
    for text in texts:
        words = fold(text).replace(",", " ").split()
        for name, year in pairwise(words):
            plain = name.casefold().rstrip(".")
            month = _MONTHS[plain] if plain in _TITLED else None
            if month and re.fullmatch(r"(?:19|20)[0-9]{2}", year):
                found.add(date(int(year), month, 1))
    return found.pop() if len(found) == 1 else None
