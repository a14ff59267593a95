"""Texts as finance writes them into amounts: one cell at a time, then the decimal mark of a column by its evidence.

Nothing here guesses: a text that reads two ways says so (:class:`Shape`), and the column, a person or nobody decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from importers.currencies import currency_of_text, shared_sign
from importers.grid import Cell
from importers.texts import fold


class Shape(StrEnum):
    """What one amount text says about the decimal mark of its column."""

    NONE = "none"  # no mark at all, or one that reads one way only by itself
    POINT = "point"  # a decimal point for sure
    COMMA = "comma"  # a decimal comma for sure
    MAYBE_POINT = "maybe_point"  # 1.234: a decimal point or a grouping point
    MAYBE_COMMA = "maybe_comma"  # 1,234


@dataclass(frozen=True, slots=True)
class AmountText:
    """An amount text taken apart: sign, digits with their marks, what it says of the mark, the currency it names.

    ``currency`` is a code, or a sign that several currencies share (``$``, ``kr``): whose it is depends on the company.
    """

    negative: bool
    body: str
    shape: Shape
    currency: str | None


_AFFIX = re.compile(
    r"(?:(?:euros?|pounds?(?: sterling)?|(?:us )?dollars?|swiss francs|franken|kronor|złotych|forint|rupees|yen)"
    r"(?![^\W\d_])|"
    r"US\$|AU?\$|CA?\$|NZ\$|S\$|HK\$|NT\$|R\$|[£€¥￥₹₽₩₪₺฿₫₴₦₸₾֏৳₼₮₡₲₵\$]|zł|Kč|Ft|kr\.?|Rs\.?|S?Fr\.|TL(?![A-Za-z])|"
    r"RM(?![A-Za-z])|Rp\.?(?![A-Za-z])|KSh\.?(?![A-Za-z])|[元円원]|"
    r"[A-Za-z]{3}(?![A-Za-z]))",
    re.IGNORECASE,
)
_BODY = re.compile(r"[0-9]+(?:[ .,'’`´][0-9]+)*[.,]?|[.,][0-9]+")
#: A side behind the amount: ``CR`` and ``DR``, ``DB`` as Indonesian banks cut it short.
_CREDIT = re.compile(r"(?:^|\s|(?<=[0-9]))(CR|DR|C/R|D/R|DB)\.?$", re.IGNORECASE)
#: One letter behind the cents, as ledgers in German and Spanish print it: debit or *Soll*, credit or *Haben*.
_LETTER = re.compile(r"(?<=[.,][0-9]{2})\s?([DSCH])$")
_CREDIT_FRONT = re.compile(r"^(CR|DR)\.?\s", re.IGNORECASE)
_ROUND = re.compile(r"(?<=[0-9])[.,]\s?[-–—]{1,2}(?=$|\s?[A-Za-z€£$]{1,3}\.?$)")
#: What ends an amount where shillings and rupees are counted: ``5,000/=``, ``500/-``.
_SHILLINGS = re.compile(r"(?<=[0-9])\s?/[-–=](?=\)?$)")
#: Rand before an amount with its cents; *R1001* numbers a document.
_RAND = re.compile(r"^([-+(]?\s?)R\s?(?=-?[0-9][0-9 ,.]*[.,][0-9]{2}\)?$)")
#: A sign in parentheses of its own, as Turkish banks print it: ``204,17(-)``.
_SIGN_APART = re.compile(r"^\(([-+])\)(?=.)|(?<=.)\(([-+])\)$")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202e]|^\\s*\u00ad|\u00ad\\s*$")
_MINUSES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "＋": "+"})

_ARABIC_MARKS = str.maketrans({"٬": ",", "٫": ".", "؍": "/"})


def amount_text(text: str) -> AmountText | None:
    """``text`` taken apart, or None when it is no amount in any reading."""
    plain = fold(text)
    if not plain or len(plain) > 60 or says_otherwise(text):
        return None
    if plain[0] in "'`" and plain[1:2] in "0123456789-(.,£€$":
        plain = plain[1:]  # the sign by which a spreadsheet is told to keep a number as text
    return _amount_text(plain)


def says_otherwise(text: str) -> bool:
    """Whether signs nobody sees make an amount's text another one on screen than in the file.

    Control characters, a mark that turns what follows round, a soft hyphen at either end, which old code pages print
    as a minus.
    """
    return _UNSEEN.search(text) is not None


@lru_cache(maxsize=200_000)
def _amount_text(plain: str) -> AmountText | None:
    if not plain.isascii():
        if any(unicodedata.category(sign) == "No" for sign in plain):
            return None  # 10² is not 102, nor ① an amount
        plain = unicodedata.normalize("NFKC", plain).translate(_MINUSES)
        plain = fold(plain)
        if not plain.isascii():
            plain = _western(plain)
    if plain and plain.isascii() and plain.replace(".", "", 1).isdigit():
        return AmountText(False, plain, _shape(plain), None)
    plain = _ROUND.sub("", plain)  # 5,- and 5.– are five, to the cent
    plain = _RAND.sub(r"\1ZAR ", plain)
    plain = _SHILLINGS.sub("", plain)
    plain = _SIGN_APART.sub(r"\1\2", plain)
    if "--" in plain and any(sign.isdigit() for sign in plain):
        return None  # twice a minus says nothing for sure
    negative = False
    currency: str | None = None
    # Zero as accounting formats print it.
    if re.fullmatch(r"[^0-9A-Za-z]{0,3}\s*-{1,3}\s*[^0-9A-Za-z]{0,3}", plain) and "(" not in plain:
        return AmountText(False, "0", Shape.NONE, None)
    signs = 0
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain, signs = True, plain[1:-1].strip(), 1
    match = _CREDIT.search(plain) or _CREDIT_FRONT.search(plain) or _LETTER.search(plain)
    if match:
        if match.group(1).upper().startswith(("C", "H")):
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
            found = _currency(affix.group(0))
            if found is None:
                return None
            currency, plain = found, plain[affix.end() :].strip()
        else:
            tail = re.search(_AFFIX.pattern + r"$", plain, re.IGNORECASE)
            if tail and tail.start() > 0:
                word = tail.group(0)
                found = _currency(word)
                if found is None:
                    return None
                currency, plain = found, plain[: tail.start()].strip()
        if plain == before:
            break
    if not _BODY.fullmatch(plain):
        scientific = re.fullmatch(r"([0-9](?:\.[0-9]+)?)[eE](\+?)([0-9]{1,2})", plain)
        # With a plus a sheet's own format wrote it, to as many digits as that shows: 8.99E+01 may have been 89.94.
        cents = 2 if scientific and scientific.group(2) else 0
        if scientific and len(scientific.group(1)) - 2 >= int(scientific.group(3)) + cents:
            return AmountText(negative, f"{Decimal(plain):f}", Shape.POINT, currency)
        return None
    if not _grouped(plain):
        return None
    return AmountText(negative, plain, _shape(plain), currency)


def _western(plain: str) -> str:
    """The digits of any script as 0–9, with the Arabic marks of thousands and decimals as comma and point."""
    digits = "".join(
        str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in plain
    )
    return digits.translate(_ARABIC_MARKS)


def _currency(word: str) -> str | None:
    if shared_sign(word):
        return word.casefold()
    return currency_of_text(word) or (currency_of_text(word.upper()) if len(word) == 3 else None)


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


def printed_number(value: Cell, mark: str) -> Decimal | None:
    """A cell that is a number, or a text that is one with this decimal mark; None for any other."""
    parts = amount_text(value) if isinstance(value, str) else None
    found: object = value if parts is None else amount_value(parts, mark)
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        return Decimal(str(found))
    return None
