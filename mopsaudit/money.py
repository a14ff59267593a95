"""Exact money: integer minor units with an ISO 4217 currency, and Decimal at the edges.

No float is ever summed. A number read from a spreadsheet passes through its ``repr`` (15 significant
digits are all a spreadsheet keeps) and is rounded half-even to the currency's minor unit; what the
rounding took away is returned beside it, never lost (PRODUCT.md §3.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, localcontext
from math import isfinite
from typing import Final

#: Digits after the decimal point where they differ from 2 (ISO 4217, list one).
_EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

#: Currencies in circulation that are accepted as input (ISO 4217, list one, without funds and metals).
CURRENCIES: Final[frozenset[str]] = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
    "UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)

#: Below this, every step of a conversion fits the digits of Python's default context.
_SHORT: Final = 10**15
#: Below this, the digits a spreadsheet keeps reach beyond the cents.
_LONG: Final = 10**12
_HALF_CENT: Final = Decimal("0.005")
_NOTHING: Final = Decimal(0)
_SPREADSHEET_DIGITS: Final = Context(prec=15, rounding=ROUND_HALF_EVEN)


class UnknownCurrencyError(ValueError):
    """The text is not an ISO 4217 code in use."""


def currency_code(text: str) -> str:
    """The upper-case ISO 4217 code.

    Raises:
        UnknownCurrencyError: when it is none.
    """
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise UnknownCurrencyError(f"“{text}” is not a currency code; use one like USD, EUR or GBP.")
    return code


def exponent(currency: str) -> int:
    """Digits after the decimal point of the currency's minor unit (JPY 0, USD 2, KWD 3)."""
    return _EXPONENTS.get(currency, 2)


def exact(number: int | float | Decimal) -> Decimal:
    """The Decimal a spreadsheet shows for its stored number: by ``repr``, at most 15 significant digits.

    Raises:
        ValueError: for NaN and infinities.
    """
    if type(number) is float:  # by far the most
        value = _SPREADSHEET_DIGITS.create_decimal(repr(number))
    elif isinstance(number, Decimal):
        value = number
    elif isinstance(number, int):
        value = Decimal(number)
    else:
        value = _SPREADSHEET_DIGITS.create_decimal(repr(number))
    if not value.is_finite():
        raise ValueError("not a finite number")
    return value


def keeps_cents(number: float) -> bool:
    """Whether the 15 digits a spreadsheet keeps of a finite number hold it to half a hundredth."""
    if not -_SHORT < number < _SHORT:
        return False
    return -_LONG < number < _LONG or abs(exact(number) - Decimal(repr(number))) < _HALF_CENT


def exacts(numbers: Sequence[float]) -> list[Decimal]:
    """Many floats and whole numbers as :func:`exact` gives each.

    Raises:
        ValueError: for NaN, infinities and numbers beyond what a spreadsheet keeps exactly.
    """
    try:
        short = all(map(isfinite, numbers)) and (
            not numbers or (min(numbers) > -_SHORT and max(numbers) < _SHORT)
        )
    except OverflowError:  # a whole number no float holds
        short = False
    if not short:
        raise ValueError("not finite numbers of at most 15 digits")
    return list(map(_SPREADSHEET_DIGITS.create_decimal, map(repr, numbers)))


def to_minor(value: Decimal, currency: str) -> tuple[int, Decimal]:
    """``value`` (units of the currency) as minor units, rounded half-even, and the exact residue in units.

    ``value == minor * 10**-exponent + residue`` always holds; |residue| is at most half a minor unit.
    """
    digits = exponent(currency)
    whole = int(value.scaleb(digits))
    if (
        -_SHORT < whole < _SHORT and Decimal(whole).scaleb(-digits) == value
    ):  # nothing to round, as nearly always
        return whole, _NOTHING
    with localcontext() as context:
        context.prec = max(28, len(value.as_tuple().digits) + 8)
        scaled = value.scaleb(digits)
        minor = int(scaled.to_integral_value(rounding=ROUND_HALF_EVEN))
        residue = value - Decimal(minor).scaleb(-digits)
    return minor, residue


def to_minors(values: Sequence[Decimal], currency: str) -> tuple[list[int], dict[int, Decimal]]:
    """Many values of one currency as :func:`to_minor` gives each: minor units, and by place the residues there are."""
    unit = Decimal(10 ** exponent(currency))
    with localcontext() as context:
        context.traps[Inexact] = True
        try:
            scaled = [value * unit for value in values]
        except Inexact:  # more digits than the context's: each by itself
            scaled = []
    minors = [int(value) for value in scaled]
    if minors == scaled and scaled:  # nothing to round, as nearly always
        return minors, {}
    residues: dict[int, Decimal] = {}
    minors = []
    for place, value in enumerate(values):
        minor, residue = to_minor(value, currency)
        minors.append(minor)
        if residue:
            residues[place] = residue
    return minors, residues


def from_minor(minor: int, currency: str) -> Decimal:
    """Minor units as a Decimal in units of the currency, with all its digits (``1250`` USD → ``12.50``)."""
    digits = exponent(currency)
    with localcontext() as context:
        context.prec = max(28, len(str(abs(minor))) + 8)
        return Decimal(minor).scaleb(-digits).quantize(Decimal(1).scaleb(-digits))


def amount_text(minor: int, currency: str) -> str:
    """The decimal string of INTERFACES.md: ``"1234.50"``, no grouping, the currency's digits."""
    return f"{from_minor(minor, currency):f}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Money:
    """An amount in minor units of one currency; adding two currencies is an error, never 1:1."""

    currency: str
    minor: int

    @property
    def amount(self) -> Decimal:
        """In units of the currency, exact."""
        return from_minor(self.minor, self.currency)

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"cannot add {self.currency} and {other.currency}")
        return Money(currency=self.currency, minor=self.minor + other.minor)

    def __neg__(self) -> "Money":
        return Money(currency=self.currency, minor=-self.minor)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __str__(self) -> str:
        return amount_text(self.minor, self.currency)


def told_amount(value: Decimal, currency: str) -> str:
    """Units of a currency as a sentence tells them: ``−2,310.40 GBP``, ``1,200 JPY``.

    For what has no reader's locale (problems of a file, told once and shown to everybody). Never fewer decimals than
    the currency has, and all of a finer value's: a difference of a tenth of a cent is told as such.

    Raises:
        ValueError: when ``currency`` is no ISO 4217 code.
    """
    digits = max(exponent(currency), len(f"{value:f}".partition(".")[2].rstrip("0")))
    return f"{'−' if value < 0 else ''}{value.copy_abs():,.{digits}f} {currency}"


def convert(minor: int, currency: str, into: str, rate: Decimal) -> int:
    """``minor`` of ``currency`` at ``rate`` (units of ``into`` for one unit of ``currency``), rounded half-even."""
    if currency == into:
        return minor
    with localcontext() as context:
        context.prec = 50
        return to_minor(Decimal(minor).scaleb(-exponent(currency)) * rate, into)[0]


def ratio_half_even(minor: int, numerator: int, denominator: int) -> int:
    """``minor × numerator ÷ denominator`` in exact integer arithmetic, rounded half-even.

    Raises:
        ZeroDivisionError: for a zero denominator; callers treat that case as *unknown*, never as zero.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, rest = divmod(minor * numerator, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient % 2):
        quotient += 1
    return quotient


def split_exact(minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``minor`` in parts proportional to non-negative integer ``weights``; the parts sum to it (largest remainder).

    Ties go to the earlier part, so the result does not depend on anything but its arguments.

    Raises:
        ValueError: when there is no positive weight or one is negative.
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("a split needs non-negative weights and at least one above zero")
    sign = -1 if minor < 0 else 1
    size = abs(minor)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
