"""The reconciliation of an import: per sheet and currency it balances to the minor unit, or says why not. Pure.

``data = imported + duplicate + out_of_scope + rejected + rounding`` (PRODUCT.md §3.2). ``data`` and ``rejected`` come
from the reader, the rest from the lines, so the identity is a check and not a definition.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mopsaudit.money import amount_text, exponent, from_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCertificate:
    """The figures of one sheet in one currency. Exact sums are in units of the currency, ledger sign.

    ``rounding`` is the exact residue of cells finer than the minor unit; ``unreadable`` counts lines whose amount could
    not be read; ``sheet_total`` is the sheet's own total or None; ``signed_off_by`` names who signed a difference off.
    """

    currency: str
    data: Decimal
    imported_minor: int = 0
    duplicate_minor: int = 0
    out_of_scope_minor: int = 0
    rejected: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    unreadable: int = 0
    sheet_total: Decimal | None = None
    foots: bool | None = None
    signed_off_by: str | None = None

    @property
    def difference(self) -> Decimal:
        """``data`` less everything accounted for; zero when the identity holds."""
        entered = self.imported_minor + self.duplicate_minor + self.out_of_scope_minor
        return self.data - from_minor(entered, self.currency) - self.rejected - self.rounding

    @property
    def balanced(self) -> bool:
        """The identity holds, and every amount cell was read or somebody signed for those that were not."""
        return self.difference == 0 and (self.unreadable == 0 or self.signed_off_by is not None)

    @property
    def wants_sign_off(self) -> bool:
        """Whether something is left for a person to sign: unreadable amounts, or a total that does not foot."""
        return self.signed_off_by is None and (self.unreadable > 0 or self.foots is False)

    def to_json(self) -> dict[str, Any]:
        """The object of INTERFACES.md under ``totals`` of a sheet."""
        return {
            "currency": self.currency,
            "data": plain(self.data, self.currency),
            "imported": amount_text(self.imported_minor, self.currency),
            "duplicate": amount_text(self.duplicate_minor, self.currency),
            "out_of_scope": amount_text(self.out_of_scope_minor, self.currency),
            "rejected": plain(self.rejected, self.currency),
            "rounding": plain(self.rounding, self.currency),
            "unreadable": self.unreadable,
            "balanced": self.balanced,
            "sheet_total": None if self.sheet_total is None else plain(self.sheet_total, self.currency),
            "foots": self.foots,
            "signed_off_by": self.signed_off_by,
        }


def plain(value: Decimal, currency: str) -> str:
    """A decimal string without exponent, with at least the currency's digits and no needless zeros beyond them."""
    digits = exponent(currency)
    text = f"{value.normalize():f}" if value else "0"
    whole, _, part = text.partition(".")
    part = part.ljust(digits, "0")
    return f"{whole}.{part}" if part else whole
