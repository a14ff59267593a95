"""The currency a cell, a heading, a title or a number format names."""

import re

from importers.texts import fold
from mopsaudit.money import CURRENCIES

#: A number format that names a currency: a sign, or a locale block such as ``[$€-407]``.
CURRENCY_FORMAT = re.compile(r"[£€¥₹₽₩₪₺₫฿₴₦₸₾֏৳₼₮₡₲₵\$]|\b[A-Z]{3}\b|kr|zł|Kč|R\\?\$|Ft")

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
    "$NZ": ("NZD",),
    "$A": ("AUD",),
    "$AU": ("AUD",),
    "$CAN": ("CAD",),
    "$US": ("USD",),
    "$HK": ("HKD",),
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
    "TL": ("TRY",),
    "元": ("CNY",),
    "円": ("JPY",),
    "원": ("KRW",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₴": ("UAH",),
    "₦": ("NGN",),
    "RM": ("MYR",),
    "Rp": ("IDR",),
    "₸": ("KZT",),
    "₾": ("GEL",),
    "֏": ("AMD",),
    "৳": ("BDT",),
    "₼": ("AZN",),
    "₮": ("MNT",),
    "₡": ("CRC",),
    "₲": ("PYG",),
    "₵": ("GHS",),
    "KSh": ("KES",),
    "NT$": ("TWD",),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK", "SEK", "NOK"),
    "Fr.": ("CHF",),
    "SFr.": ("CHF",),
}
_WORDS = {
    "pound": "GBP",
    "pounds": "GBP",
    "pounds sterling": "GBP",
    "sterling": "GBP",
    "gbp": "GBP",
    "euro": "EUR",
    "euros": "EUR",
    "euroa": "EUR",
    "eurot": "EUR",
    "euroina": "EUR",
    "eurossa": "EUR",
    "us dollars": "USD",
    "us dollar": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "british pound": "GBP",
    "uk pound": "GBP",
    "pound sterling": "GBP",
    "swedish krona": "SEK",
    "danish krone": "DKK",
    "norwegian krone": "NOK",
    "japanese yen": "JPY",
    "australian dollar": "AUD",
    "canadian dollar": "CAD",
    "new zealand dollar": "NZD",
    "singapore dollar": "SGD",
    "hong kong dollar": "HKD",
    "swiss franc": "CHF",
    "polish zloty": "PLN",
    "czech koruna": "CZK",
    "hungarian forint": "HUF",
    "indian rupee": "INR",
    "chinese yuan": "CNY",
    "mexican peso": "MXN",
    "brazilian real": "BRL",
    "south african rand": "ZAR",
    "turkish lira": "TRY",
    "israeli shekel": "ILS",
    "thai baht": "THB",
    "south korean won": "KRW",
    "romanian leu": "RON",
    "bulgarian lev": "BGN",
    "franken": "CHF",
    "kronor": "SEK",
    "złotych": "PLN",
    "forint": "HUF",
    "rupees": "INR",
    "swiss francs": "CHF",
    "yen": "JPY",
    "円": "JPY",
    "元": "CNY",
    "人民币": "CNY",
    "원": "KRW",
    "tl": "TRY",
    "rs": "INR",
    "rp": "IDR",
    "rm": "MYR",
    "ksh": "KES",
    "kshs": "KES",
    "tshs": "TZS",
    "ushs": "UGX",
    "php": "PHP",
    "שח": "ILS",
    'ש"ח': "ILS",
    "ريال سعودي": "SAR",
    "ر.س": "SAR",
    "جنيه مصري": "EGP",
    "ج.م": "EGP",
    "درهم": "AED",
    "тенге": "KZT",
    "дин": "RSD",
    "рсд": "RSD",
    "лв": "BGN",
    "грн": "UAH",
    "руб": "RUB",
    "lei": "RON",
    "baht": "THB",
    "บาท": "THB",
    "新台幣元": "TWD",
    "ntd": "TWD",
}


def shared_sign(text: str) -> bool:
    """Whether several currencies share the sign."""
    return len(_SIGNS.get(text.casefold(), ())) > 1


def crowns(text: str) -> tuple[str, ...]:
    """The currencies a ``kr`` may be, empty for any other sign: unlike a dollar, none of them is meant as a rule."""
    plain = fold(text).casefold()
    return _SIGNS["kr"] if plain in ("kr", "kr.") else ()


_CROWNS_IN_HEADING = re.compile(r"(?<![^\W\d_])kr\.?(?![^\W\d_])", re.IGNORECASE)


def crowns_in_heading(text: str) -> bool:
    """Whether a heading says ``kr`` and no currency's code."""
    return bool(_CROWNS_IN_HEADING.search(text)) and not _HEADING_CODE.search(text)


def currency_of_text(text: str, base: str = "USD") -> str | None:
    """The currency a cell names: an ISO code, a sign or a word; a sign of several is the base's if it fits."""
    plain = fold(text)
    code = plain.upper()
    if code in CURRENCIES:
        return code
    found = _SIGNS.get(plain) or _SIGNS.get(plain.casefold())
    if found:
        return base if base in found else found[0]
    return _WORDS.get(plain.casefold())


def currency_of_cell(text: str, sheet: str | None, base: str) -> str | None:
    """The currency an amount's own sign names: a sign of several is the sheet's, where it was said or found whose."""
    shared = _SIGNS.get(fold(text)) or crowns(text)
    return sheet if sheet in shared else currency_of_text(text, base)


_HEADING_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_HEADING_SIGN = re.compile(
    r"\$(?:NZ|AU?|CAN|US|HK)(?![A-Za-z])|US\$|AU?\$|CA?\$|NZ\$|S\$|HK\$|NT\$|R\$|[£€¥₹₽₩₪₺฿₫₴₦₸₾֏৳₼₮₡₲₵\$]|zł|Kč|(?<![^\W\d_])RM(?![^\W\d_])"
)


#: Thousands and millions written into the code itself: TEUR, kUSD, MEUR.
_SCALED_CODE = re.compile(
    r"(?<![A-Za-z])[TKM](EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF)(?![A-Za-z])", re.IGNORECASE
)
#: The same of any currency, where the small letter tells it from the code: kRON, tZAR.
_SMALL_SCALE = re.compile(r"(?<![A-Za-z])[tkm]([A-Z]{3})(?![A-Za-z])")
#: A common code as the last word of a name of programs: ``unit_cost_usd``, ``MonthlyCostUSD``.
_NAMED_CODE = re.compile(
    r"(?:(?<=_)(?:usd|eur|gbp|chf|sek|nok|dkk|pln|czk|jpy|cad|aud|nzd|zar|inr|brl|mxn|sgd|hkd)|"
    r"(?<=[a-z])(?:USD|EUR|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|NZD|ZAR|INR|BRL|MXN|SGD|HKD))(?=_|$)"
)


def currency_in_heading(text: str, base: str = "USD") -> str | None:
    """The currency named inside a heading (``Net value £``, ``Amount (EUR)``, ``in k€``), or None."""
    for match in _HEADING_CODE.finditer(text):
        if match.group(1) in CURRENCIES and match.group(1) not in ("ALL", "TOP", "CUP", "MOP", "PEN", "LAK"):
            return match.group(1)
    sign = _HEADING_SIGN.search(text)
    if sign:
        return currency_of_text(sign.group(0), base)
    scaled = _SCALED_CODE.search(text)
    if scaled:
        return scaled.group(1).upper()
    small = _SMALL_SCALE.search(text)
    if small and small.group(1) in CURRENCIES:
        return small.group(1)
    told = _NAMED_CODE.search(text)
    if told:
        return told.group(0).upper()
    lowered = fold(text).casefold().replace("_", " ")
    for word, code in _WORDS.items():
        if word in lowered and re.search(rf"(?<!\w){word}(?!\w)", lowered):
            return code
    return None


_CREDIT_FORMAT = re.compile(r"(?<![A-Za-z])cr\.?(?![A-Za-z])", re.IGNORECASE)


def credit_format(code: str) -> bool:
    """Whether a number format writes ``Cr``, a minus or brackets of its own around amounts above nought."""
    return bool(_CREDIT_FORMAT.search(code.partition(";")[0])) or written_minus(code)


#: Of a format: what it says of colour and place, the width of a sign left blank, a sign repeated.
_UNPRINTED = re.compile(r"\[[^\]]*\]|_.|\*.")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_PLACES = re.compile(r"[0#?][0#?.,]*(?:[eE][-+][0#?]+)?")
_BEYOND_SIGNS = re.compile(r"[^-\u2212\u2013()]")


def written_minus(code: str) -> bool:
    """Whether a number format puts a minus or brackets of its own around amounts above nought (``"-"#,##0.00``).

    The cell then shows other than it holds: -12.34 for a value of 12.34.
    """
    first = code.partition(";")[0]
    if "<" in first or not any(sign in first for sign in "-(\u2212\u2013"):
        return False
    shown = _QUOTED.sub(r"\1\2", _UNPRINTED.sub("", first))
    places = _PLACES.findall(shown)
    if len(places) != 1 or re.search(r"[ymdhs]", _QUOTED.sub("", _UNPRINTED.sub("", first)), re.IGNORECASE):
        return False  # a number in parts, as of a telephone, or a date
    before, _, after = shown.partition(places[0])
    signs = _BEYOND_SIGNS.sub("", before), _BEYOND_SIGNS.sub("", after)
    return signs in {
        ("(", ")"),
        *((sign, "") for sign in "-\u2212\u2013"),
        *(("", sign) for sign in "-\u2212\u2013"),
    }


_UNIT_SHOWN = re.compile(
    r"\s*[€$£]?\s*(?:(k|t|tsd|tausend|thousands?)|(m|mn|mio|mln|millions?)|(bn|mrd|billions?)|(lakhs?|lacs?))\.?\s*"
    r"(?:[€$£]|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|kr|kč|zł)?\s*",
    re.IGNORECASE,
)
_UNITS_SHOWN = (1000, 10**6, 10**9, 10**5)


def written_units(code: str) -> int:
    """How many ones the unit holds that a number format writes behind its value (``0.0" k"``), else 1.

    The cell then shows other than it holds: 1.5 k for a value of 1.5. A format that divides by as much (``0,"k"``)
    shows what the cell holds.
    """
    first = code.partition(";")[0]
    if '"' not in first and "\\" not in first:
        return 1
    shown = _QUOTED.sub(r"\1\2", _UNPRINTED.sub("", first))
    places = _PLACES.findall(shown)
    if len(places) != 1 or places[0].endswith(","):
        return 1
    told = _UNIT_SHOWN.fullmatch(shown.partition(places[0])[2])
    return (
        next((unit for word, unit in zip(told.groups(), _UNITS_SHOWN, strict=True) if word), 1) if told else 1
    )


#: Whose a sign that several countries share is, by the land a format is written for: ``[$$-1009]`` and ``[$$-en-CA]``.
_LANDS = {
    "$": {
        "US": "USD",
        "CA": "CAD",
        "AU": "AUD",
        "NZ": "NZD",
        "SG": "SGD",
        "HK": "HKD",
        "MX": "MXN",
        "AR": "ARS",
        "CL": "CLP",
        "CO": "COP",
    },
    "kr": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "FO": "DKK", "GL": "DKK"},
    "¥": {"JP": "JPY", "CN": "CNY"},
}
_LOCALES = {
    0x0409: "US",
    0x1009: "CA",
    0x0C0C: "CA",
    0x0C09: "AU",
    0x1409: "NZ",
    0x4809: "SG",
    0x1004: "SG",
    0x0C04: "HK",
    0x3C09: "HK",
    0x080A: "MX",
    0x2C0A: "AR",
    0x340A: "CL",
    0x240A: "CO",
    0x041D: "SE",
    0x0414: "NO",
    0x0814: "NO",
    0x0406: "DK",
    0x040F: "IS",
    0x0438: "FO",
    0x046F: "GL",
    0x0411: "JP",
    0x0804: "CN",
}
_BLOCK = re.compile(r"\[\$([^\]-]+)(?:-([^\]]+))?\]")


def _of_the_land(sign: str, locale: str) -> str | None:
    """The currency of a shared sign in the land of a locale (``1009``, ``en-CA``), or None."""
    lands = _LANDS.get("kr" if sign.rstrip(".").casefold() == "kr" else "¥" if sign == "￥" else sign)
    if lands is None:
        return None
    land = locale.rpartition("-")[2]
    if re.fullmatch(r"[0-9A-Fa-f]{3,8}", locale):
        land = _LOCALES.get(int(locale, 16) & 0xFFFF, "")
    return lands.get(land.upper())


def crowns_in_format(code: str) -> bool:
    """Whether a number format writes ``kr`` and does not say whose."""
    block = _BLOCK.search(code)
    if block:
        return (
            bool(crowns(block.group(1)))
            and _of_the_land(block.group(1).strip(), block.group(2) or "") is None
        )
    return crowns_in_heading(_QUOTED.sub(r" \1\2 ", code))


def currency_in_format(code: str, base: str = "USD") -> str | None:
    """The currency a number format shows (``[$€-407]``, ``"£"#,##0``), or None."""
    block = _BLOCK.search(code)
    if block:
        sign = block.group(1).strip()
        found = _of_the_land(sign, block.group(2) or "") or currency_of_text(sign, base)
        if found:
            return found
    plain = re.sub(r"\[[^\]]*\]", "", code).replace("\\", "")
    sign_told = _HEADING_SIGN.search(plain)
    if sign_told:
        return currency_of_text(sign_told.group(0), base)
    for match in re.finditer(r"[A-Z]{3}", plain):
        if match.group(0) in CURRENCIES:
            return match.group(0)
    return None
