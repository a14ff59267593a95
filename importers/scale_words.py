"""Words for the units amounts are kept in, beside a currency or *in*: lakhs, crores, *millones de pesos*, 百万円."""

import re
from typing import Final

from mopsaudit.money import CURRENCIES

#: How currencies are written beside such a word, but for their codes.
_MONEY: Final = (
    r"(?:us|nt|hk|au|ca|nz|r|s)?[€$£¥₹₦₩₽₺₴₱₪₫฿]|rs\b\.?|inr|rp\b\.?|rm\b|k\.?\s?shs?\b\.?|kes|kr\b\.?|kron\w+|kč|korun\w*|zł\w*|"
    r"pln|forint\w*|ft\b|lei\b|euros?\b|euroa\b|eurów\b|dollars\b|dólares|pounds\b|pesos\b|reais\b|rupees\b|rupiah\b|rand\b|"
    r"naira\b|shillings\b|francs\b|руб\w*\.?|грн\w*\.?|元|円|원|圓|tl\b"
)
#: Units by how many ones they hold, the largest first: of *thousand millions* the thousand is no unit of its own.
_UNITS: Final = (
    (
        10**9,
        (
            r"billions?|bn|mrd\.?|mld\.?|milliards?|miliard\w*|miljard\w*|milliárd|mil millones|miles de millones|bilhões|"
            r"thousand millions?|млрд\.?|miliar|tỷ|十億|10億"
        ),
    ),
    (10**8, r"億|亿|억"),
    (10**7, r"crores?|करोड़"),
    (
        10**6,
        (
            r"millions?|millones|milhões|milioni|miljoen\w*|millionen|mio\.?|mln\.?|mill\.?|milj\w*\.?|mnkr|milioane|"
            r"millió|млн\.?|juta|triệu|ล้าน|مليون|מיליון|百万|百萬|백만|mdp"
        ),
    ),
    (10**5, r"lakhs?|lacs|लाख"),
    (10**4, r"[万萬만]"),
    (
        1000,
        (
            r"thousands?|milliers|miles|milhares|migliaia|duizend\w*|tausend|tsd\.?|(?:hele\s)?tus(?:ind|en|ental)\w*|tys\.?|tis\.?|tisíc\w*|"
            r"tuh(?:at\w*|an\w*)?\.?|тыс\w*\.?|тис\w*\.?|хил\w*\.?|ezer|mii|tūkst\w*\.?|ribu|nghìn|أل[اف]ف?|אלפי|千|천"
        ),
    ),
)
#: Words that are units only with their currency beside them; and units written as a number.
_ALONE: Final = (
    (10**7, r"(?:₹|\brs\b\.?|\binr)\s*(?:in\s+)?crs?\b"),
    (10**6, r"(?<!\w)r['’]?\s?millions?\b|(?<!\w)n['’]\s?millions?\b|\bmnkr\b|\bmdp\b"),
    (10**4, r"만원"),
    (1000, r"r\$\s*mil\b|\bmil (?:pesos|reais|euros)\b|\bbin\s+tl\b|(?-i:\be\s?Ft\b)"),
    (1000, r"[x×]\s*[€$£]?\s*1[., \u00a0]?000(?![0-9])|[€$£]\s*[x×]\s*1[., ]?000(?![0-9])"),
    (1000, rf"(?<!\w)(?:in|i)\s+[€$£]?\s*1[., \u00a0]?000\s*(?:{_MONEY})"),
    (1000, rf"[(\[]\s*1[., \u00a0]?000\s*(?:{_MONEY})\s*[)\]]"),
)
_IN: Final = r"(?<![^\W\d_])(?:in|en|em|i|w|v|в|у)\s"
_OF: Final = r"(?:(?:of|de|di|in)\s|d['’])?"
#: Codes that are words of a heading in capitals, too; *MWST* is a tax and no millions of Samoa.
_WORDS: Final = frozenset(("ALL", "TOP", "WST", "ANG", "CUP"))
#: A code before the word, and one of four letters whose first is the million's: ``PLN million``, ``MNOK``.
_CODED: Final = re.compile(r"(?<![A-Za-z])M([A-Z]{3})(?![A-Za-z])")


def _pattern(unit: str) -> re.Pattern[str]:
    # Scripts without spaces have no end of a word to look for.
    end = r"(?![a-zà-ÿа-я])"
    return re.compile(
        rf"(?:{_IN}|[(\[]|(?:{_MONEY})|(?<![a-z])(?P<code>[a-z]{{3}})\s)\s*['’]?\s*(?:in\s)?\s*(?:(?:{_MONEY})\s*)?(?:{unit}){end}|"
        rf"(?<![^\W\d_])(?:{unit})\s*{_OF}\s*(?:(?:{_MONEY})|(?P<after>[a-z]{{3}})(?![a-z]))",
        re.IGNORECASE,
    )


PATTERNS: Final = tuple(
    (scale, pattern)
    for scale in sorted({each for each, _ in (*_UNITS, *_ALONE)}, reverse=True)
    for pattern in (
        *(_pattern(unit) for each, unit in _UNITS if each == scale),
        *(re.compile(text, re.IGNORECASE) for each, text in _ALONE if each == scale),
    )
)


def worded(text: str) -> list[tuple[int, re.Match[str]]]:
    """Every place of a text where a unit is named, with how many ones it holds, the largest units first."""
    found: list[tuple[int, re.Match[str]]] = []
    for scale, pattern in PATTERNS:
        for match in pattern.finditer(text):
            codes = [code for code in match.groupdict().values() if code]
            if all(code.isupper() and code in CURRENCIES and code not in _WORDS for code in codes):
                found.append((scale, match))
    found += [(10**6, match) for match in _CODED.finditer(text) if match.group(1) in CURRENCIES - _WORDS]
    return found
