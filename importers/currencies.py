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
    """Whether a number format writes ``Cr`` beside amounts above nought, with no minus of their own."""
    return bool(_CREDIT_FORMAT.search(code.partition(";")[0]))


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
