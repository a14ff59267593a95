"""Texts as finance writes them into amounts, dates, months and currencies: one cell at a time, by a column's evidence.

Nothing here guesses: a text that reads two ways says so (:class:`Shape`), and the column, a person or nobody decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from mopsaudit.money import CURRENCIES

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]")
_SPACES = re.compile(r"\s+")
#: A number format that names a currency: a sign, or a locale block such as ``[$€-407]``.
CURRENCY_FORMAT = re.compile(r"[£€¥₹₽₩₪₺₫฿₴₦\$]|\b[A-Z]{3}\b|kr|zł|Kč|R\\?\$|Ft")

_SIGNS: dict[str, tuple[str, ...]] = {
    "£": ("GBP",),
    "€": ("EUR",),
    "US$": ("USD",),
    "USD$": ("USD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "NZ$": ("NZD",),
    "S$": ("SGD",),
    "HK$": ("HKD",),
    "R$": ("BRL",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "₹": ("INR",),
    "Rs": ("INR",),
    "Rs.": ("INR",),
    "₽": ("RUB",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₺": ("TRY",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₴": ("UAH",),
    "₦": ("NGN",),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK", "SEK", "NOK"),
    "Fr.": ("CHF",),
    "SFr.": ("CHF",),
}
_WORDS = {
    "pounds": "GBP",
    "pounds sterling": "GBP",
    "sterling": "GBP",
    "gbp": "GBP",
    "euro": "EUR",
    "euros": "EUR",
    "us dollars": "USD",
    "us dollar": "USD",
    "dollars": "USD",
    "swiss francs": "CHF",
    "yen": "JPY",
}


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A text as a person sees it: no invisible characters, every run of white space one space, ends trimmed."""
    if text.isascii():
        return " ".join(text.replace("\x00", "").split())
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def currency_of_text(text: str, base: str = "USD") -> str | None:
    """The currency a cell names: an ISO code, a sign or a word; a sign of several is the base's if it fits."""
    plain = fold(text)
    code = plain.upper()
    if code in CURRENCIES:
        return code
    found = _SIGNS.get(plain)
    if found:
        return base if base in found else found[0]
    return _WORDS.get(plain.casefold())


_HEADING_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_HEADING_SIGN = re.compile(r"US\$|AU?\$|CA?\$|NZ\$|S\$|HK\$|R\$|[£€¥₹₽₩₪₺฿₫₴₦\$]|zł|Kč")


def currency_in_heading(text: str, base: str = "USD") -> str | None:
    """The currency named inside a heading (``Net value £``, ``Amount (EUR)``, ``in k€``), or None."""
    for match in _HEADING_CODE.finditer(text):
        if match.group(1) in CURRENCIES and match.group(1) not in ("ALL", "TOP", "CUP", "MOP", "PEN", "LAK"):
            return match.group(1)
    sign = _HEADING_SIGN.search(text)
    if sign:
        return currency_of_text(sign.group(0), base)
    lowered = f" {fold(text).casefold()} "
    for word, code in _WORDS.items():
        if f" {word} " in lowered or f"({word})" in lowered:
            return code
    return None


def currency_in_format(code: str, base: str = "USD") -> str | None:
    """The currency a number format shows (``[$€-407]``, ``"£"#,##0``), or None."""
    block = re.search(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]", code)
    if block:
        found = currency_of_text(block.group(1).strip(), base)
        if found:
            return found
    plain = re.sub(r"\[[^\]]*\]", "", code).replace("\\", "")
    sign = _HEADING_SIGN.search(plain)
    if sign:
        return currency_of_text(sign.group(0), base)
    for match in re.finditer(r"[A-Z]{3}", plain):
        if match.group(0) in CURRENCIES:
            return match.group(0)
    return None


# --- amounts ---------------------------------------------------------------------------------------------------------


class Shape(StrEnum):
    """What one amount text says about the decimal mark of its column."""

    NONE = "none"  # no mark at all, or one that reads one way only by itself
    POINT = "point"  # a decimal point for sure
    COMMA = "comma"  # a decimal comma for sure
    MAYBE_POINT = "maybe_point"  # 1.234: a decimal point or a grouping point
    MAYBE_COMMA = "maybe_comma"  # 1,234


@dataclass(frozen=True, slots=True)
class AmountText:
    """An amount text taken apart: sign, digits with their marks, what it says of the mark, the currency it names."""

    negative: bool
    body: str
    shape: Shape
    currency: str | None


_AFFIX = re.compile(
    r"(?:US\$|AU?\$|CA?\$|NZ\$|S\$|HK\$|R\$|[£€¥￥₹₽₩₪₺฿₫₴₦\$]|zł|Kč|Ft|kr\.?|Rs\.?|S?Fr\.|[A-Za-z]{3}(?![A-Za-z]))",
    re.IGNORECASE,
)
_BODY = re.compile(r"[0-9]+(?:[ .,'’`´][0-9]+)*[.,]?|[.,][0-9]+")
_CREDIT = re.compile(r"(?:^|\s|(?<=[0-9]))(CR|DR|C/R|D/R)\.?$", re.IGNORECASE)
_CREDIT_FRONT = re.compile(r"^(CR|DR)\.?\s", re.IGNORECASE)
_MINUSES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "＋": "+"})


def amount_text(text: str) -> AmountText | None:
    """``text`` taken apart, or None when it is no amount in any reading."""
    plain = fold(text)
    if not plain or len(plain) > 60:
        return None
    return _amount_text(plain)


@lru_cache(maxsize=200_000)
def _amount_text(plain: str) -> AmountText | None:
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain).translate(_MINUSES)
        plain = fold(plain)
    if plain and plain.isascii() and plain.replace(".", "", 1).isdigit():
        return AmountText(False, plain, _shape(plain), None)
    negative = False
    currency: str | None = None
    # Zero as accounting formats print it.
    if re.fullmatch(r"[^0-9A-Za-z]{0,3}\s*-{1,3}\s*[^0-9A-Za-z]{0,3}", plain) and "(" not in plain:
        return AmountText(False, "0", Shape.NONE, None)
    signs = 0
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain, signs = True, plain[1:-1].strip(), 1
    match = _CREDIT.search(plain) or _CREDIT_FRONT.search(plain)
    if match:
        if match.group(1).upper().startswith("C"):
            negative = not negative if signs else True
            signs += 1
        plain = (plain[: match.start()] + plain[match.end() :]).strip()
    for _ in range(4):
        before = plain
        if plain.startswith(("-", "+")):
            if plain[0] == "-" and not (signs and negative):
                negative = True
                signs += 1
            elif plain[0] == "-" and signs > 1:
                return None
            plain = plain[1:].strip()
        elif plain.endswith(("-", "+")):
            if plain[-1] == "-":
                if signs:
                    return None
                negative, signs = True, signs + 1
            plain = plain[:-1].strip()
        if plain.startswith("(") and plain.endswith(")") and not signs:
            negative, plain, signs = True, plain[1:-1].strip(), 1
        affix = _AFFIX.match(plain)
        if affix and affix.end() < len(plain):
            found = currency_of_text(affix.group(0).upper() if len(affix.group(0)) == 3 else affix.group(0))
            if found is None:
                return None
            currency, plain = found, plain[affix.end() :].strip()
        else:
            tail = re.search(_AFFIX.pattern + r"$", plain, re.IGNORECASE)
            if tail and tail.start() > 0:
                word = tail.group(0)
                found = currency_of_text(word.upper() if len(word) == 3 else word)
                if found is None:
                    return None
                currency, plain = found, plain[: tail.start()].strip()
        if plain == before:
            break
    if not _BODY.fullmatch(plain):
        scientific = re.fullmatch(r"([0-9](?:\.[0-9]+)?)[eE]\+?([0-9]{1,2})", plain)
        if scientific and len(scientific.group(1)) - 2 >= int(scientific.group(2)):
            return AmountText(negative, f"{Decimal(plain):f}", Shape.POINT, currency)
        return None
    if not _grouped(plain):
        return None
    return AmountText(negative, plain, _shape(plain), currency)


def _shape(body: str) -> Shape:
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return Shape.NONE
    if points and commas:
        return Shape.POINT if body.rfind(".") > body.rfind(",") else Shape.COMMA
    mark = "." if points else ","
    if points + commas > 1:
        return (
            Shape.COMMA if mark == "." else Shape.POINT
        )  # the repeated mark groups, so the other is the decimal one
    head, _, tail = body.partition(mark)
    other_groups = any(sign in head for sign in " '’`´")
    plain_head = head.lstrip("0")
    if len(tail) != 3 or len(head) > 3 or other_groups or not plain_head:
        return Shape.POINT if mark == "." else Shape.COMMA
    return Shape.MAYBE_POINT if mark == "." else Shape.MAYBE_COMMA


def _grouped(body: str) -> bool:
    """Whether some reading of the body groups its digits rightly (by thousands, or Indian lakhs)."""
    return any(_value(body, mark) is not None for mark in (".", ","))


def _value(body: str, mark: str) -> Decimal | None:
    """The body's value when ``mark`` is the decimal mark, or None when it does not read so."""
    grouping = "," if mark == "." else "."
    count = body.count(mark)
    if count > 1:
        return None
    whole, _, fraction = body.partition(mark)
    if grouping in fraction or not (fraction.isdigit() or not fraction):
        # 1 234.567 89 and the like: no ledger writes that
        return None
    separators = {sign for sign in whole if not sign.isdigit()}
    if len(separators) > 1:
        return None
    if separators:
        groups = whole.split(separators.pop())
        if not 1 <= len(groups[0]) <= 3 or not groups[-1] or len(groups[-1]) != 3:
            return None
        inner = {len(group) for group in groups[1:-1]}
        if inner - {3} and inner - {2}:
            return None
        whole = "".join(groups)
    try:
        return Decimal(f"{whole or '0'}.{fraction or '0'}") if fraction else Decimal(whole or "0")
    except InvalidOperation:
        return None


def amount_value(parts: AmountText, mark: str | None) -> Decimal | None:
    """The signed amount. A text that reads one way only is read so; one that reads two ways needs ``mark``."""
    value: Decimal | None = None
    match parts.shape:
        case Shape.POINT:
            value = _value(parts.body, ".")
        case Shape.COMMA:
            value = _value(parts.body, ",")
        case Shape.NONE:
            value = _value(parts.body, mark or ".")
        case Shape.MAYBE_POINT | Shape.MAYBE_COMMA:
            value = _value(parts.body, mark) if mark else None
    if value is None:
        return None
    return -value if parts.negative and value else value


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """The decimal mark of a column of texts: decided (``.`` or ``,``), not needed (None), or undecidable."""

    mark: str | None
    undecided: bool
    why: str
    examples: tuple[str, ...] = ()


def decimal_mark(texts: Iterable[AmountText]) -> MarkEvidence:
    """What a column's own amount texts say of its decimal mark."""
    points = commas = 0
    maybe: dict[Shape, list[str]] = {Shape.MAYBE_POINT: [], Shape.MAYBE_COMMA: []}
    short_plain = False
    count = {Shape.MAYBE_POINT: 0, Shape.MAYBE_COMMA: 0}
    zeros = {Shape.MAYBE_POINT: False, Shape.MAYBE_COMMA: False}
    for parts in texts:
        shape = parts.shape
        if shape is Shape.POINT:
            points += 1
        elif shape is Shape.COMMA:
            commas += 1
        elif shape is Shape.NONE:
            if parts.body.isdigit() and 0 < len(parts.body) < 4 and parts.body != "0":
                short_plain = True
        else:
            count[shape] += 1
            zeros[shape] = zeros[shape] or parts.body.endswith("0")
            if len(maybe[shape]) < 3:
                maybe[shape].append(parts.body)
    total = count[Shape.MAYBE_POINT] + count[Shape.MAYBE_COMMA]
    if points and not commas:
        return MarkEvidence(".", False, f"{points:,} amounts show a decimal point")
    if commas and not points:
        return MarkEvidence(",", False, f"{commas:,} amounts show a decimal comma")
    examples = tuple(maybe[Shape.MAYBE_POINT] + maybe[Shape.MAYBE_COMMA])
    if not total:
        if points and commas:
            return MarkEvidence(
                None, False, "points and commas are mixed, but each amount reads one way only"
            )
        return MarkEvidence(None, False, "no amount has a decimal mark")
    if not points and not commas:
        # 77,041 · 29,630 · 850: were the comma a decimal mark, 29,630 would be 29,63 and 850 would be 850,000.
        for shape, mark in ((Shape.MAYBE_COMMA, "."), (Shape.MAYBE_POINT, ",")):
            other = Shape.MAYBE_POINT if shape is Shape.MAYBE_COMMA else Shape.MAYBE_COMMA
            if count[shape] >= 10 and not count[other] and short_plain and zeros[shape]:
                return MarkEvidence(
                    mark,
                    False,
                    "three digits follow every mark, ends in 0 included, and amounts under 1,000 carry none",
                )
    return MarkEvidence(None, True, "amounts such as " + ", ".join(examples) + " read two ways", examples)


# --- dates and months ------------------------------------------------------------------------------------------------

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "jan january januar janvier janv enero ene gennaio gen janeiro januari jän jänner",
        "feb february februar février fevrier févr fevr febrero febbraio fevereiro fev februari",
        "mar march märz maerz mrz mars marzo março marco maart mrt",
        "apr april avril avr abril abr aprile",
        "may mai mayo maggio mag maio mei maj",
        "jun june juni juin junio giugno giu junho",
        "jul july juli juillet juil julio luglio lug julho",
        "aug august août aout agosto ago augustus augusti",
        "sep sept september septembre septiembre settembre set setembro",
        "oct october oktober okt octobre octubre ottobre ott outubro out",
        "nov november novembre noviembre novembro",
        "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro",
    ),
    start=1,
):
    for _name in _names.split():
        _MONTHS[_name] = _number

_NUMERIC_DATE = re.compile(
    r"([0-9]{1,4})([./\- ])([0-9]{1,2})\2([0-9]{1,4})(?:[ T,]+([0-9]{1,2}:[0-9]{2}.*|[0-9]{4,6}))?"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[\s./-]*([^\W\d_]{3,12})\.?,?[\s./-]*([0-9]{4}|[0-9]{2})(?:[ T,].*)?"
)
_NAMED_FIRST = re.compile(
    r"([^\W\d_]{3,12})\.?[\s./-]*([0-9]{1,2})(?:st|nd|rd|th)?,?[\s/-]+([0-9]{4}|'?[0-9]{2})(?:[ T,].*)?"
)
_NAMED_YEAR_FIRST = re.compile(r"([0-9]{4})[\s./-]+([^\W\d_]{3,12})\.?[\s./-]+([0-9]{1,2})(?:[ T,].*)?")
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]{0,6}\.?,?\s+", re.IGNORECASE
)
_FIRST_YEAR, _LAST_YEAR = 1980, 2079


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    if len(text.lstrip("'")) <= 2:
        return 2000 + number if number < 70 else 1900 + number
    return number


def _day(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def date_readings(text: str) -> dict[str, date]:
    """Every reading of a date text: order (``dmy``, ``mdy``, ``ymd``, or ``""`` where only one exists) → day."""
    plain = fold(text)
    if not 5 <= len(plain) <= 40:
        return {}
    iso = _ISO.fullmatch(plain)
    if iso:
        day = _day(int(iso.group(1)), int(iso.group(2)), int(iso.group(3)))
        return {"": day} if day else {}
    plain = _WEEKDAY.sub("", plain)
    if plain.isdigit() and len(plain) == 8:
        day = _day(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        return {"": day} if day else {}
    match = _NUMERIC_DATE.fullmatch(plain)
    if match:
        first, mark, second, third, _ = match.groups()
        if len(first) == 4:
            day = _day(int(first), int(second), int(third)) if len(third) <= 2 else None
            return {"": day} if day else {}
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
    match = _MONTH_M.fullmatch(plain)
    if match:
        one, two, three, four = match.groups()
        year, month = (one, two) if one else (four, three)
        return _day(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    return None


def month_name(text: str) -> int | None:
    """1–12 for a month's bare name (``April``, ``Mär``), or None."""
    return _MONTHS.get(fold(text).casefold().rstrip("."))


def quarter_value(text: str) -> tuple[date, int] | None:
    """First day and number of months of a quarter text (``Q1 2024``), or None. The quarter is a calendar one."""
    match = _QUARTER.fullmatch(fold(text))
    if not match:
        return None
    number, year = (match.group(1), match.group(2)) if match.group(1) else (match.group(4), match.group(3))
    day = _day(_year(year), int(number) * 3 - 2, 1)
    return (day, 3) if day else None


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
