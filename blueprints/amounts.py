"""Form fields for exact figures: an amount in a currency, and a quantity. What was typed is shown again as typed."""

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from mopsaudit.money import from_minor, to_minor

_GROUPING = str.maketrans("", "", " \u00a0\u202f'’")


def typed_decimal(text: str) -> Decimal:
    """A number a person typed: ``1,234.50``, ``1 234.50`` or ``1234,5``; ambiguous ones are refused.

    Raises:
        ValueError: with a sentence saying what to do.
    """
    plain = text.strip().translate(_GROUPING).replace("\u2212", "-")
    commas, points = plain.count(","), plain.count(".")
    if commas and points:
        plain = (
            plain.replace(",", "")
            if plain.rfind(".") > plain.rfind(",")
            else plain.replace(".", "").replace(",", ".")
        )
    elif commas == 1 and len(plain.rpartition(",")[2]) != 3:
        plain = plain.replace(",", ".")
    elif commas:
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError("Write a number, like 1,234.50.") from None
    if not value.is_finite() or abs(value) >= 10**13:
        raise ValueError("That number is too large.")
    return value


class AmountField(Field):
    """Money typed in units of ``currency``; its data is minor units or None."""

    widget = TextInput()
    currency = "USD"

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else f"{from_minor(self.data, self.currency):f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; more digits than the currency has are refused."""
        if not valuelist:
            return
        self.typed = valuelist[0]
        self.data = None
        if not self.typed.strip():
            return
        minor, residue = to_minor(typed_decimal(self.typed), self.currency)
        if residue:
            raise ValueError(f"{self.currency} has fewer digits after the point.")
        self.data = minor


class QuantityField(Field):
    """A quantity typed in whole or decimal units; its data is millionths of a unit or None."""

    widget = TextInput()

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return ""
        text = f"{Decimal(self.data).scaleb(-6):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, to at most six digits after the point."""
        if not valuelist:
            return
        self.typed = valuelist[0]
        self.data = None
        if not self.typed.strip():
            return
        scaled = typed_decimal(self.typed).scaleb(6)
        if scaled != int(scaled):
            raise ValueError("At most six digits after the point.")
        self.data = int(scaled)
