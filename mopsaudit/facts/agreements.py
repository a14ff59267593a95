"""Contracts as they stand on a day, with their lines priced for a year. Pure values that renewals and budget share."""

from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.terms import Standing, Terms
from mopsaudit.reporting import Ref
from mopsaudit.words import LicenceMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFact:
    """A contract line, its dates as entered.

    ``annual_minor`` is its price for a year in the contract's currency, None without a price and 0 for a one-off line;
    ``base_minor`` the same in the base currency, None without a rate.
    """

    id: int
    tool: Ref | None
    unit_id: int | None
    unit: str | None
    description: str
    spend_type: str
    metric: str | None
    quantity_micro: int | None
    amount_minor: int | None
    amount_months: int
    one_off: bool
    starts_on: date | None
    ends_on: date | None
    annual_minor: int | None
    base_minor: int | None
    cost_centre: str | None = None
    gl_account: str | None = None
    category: str | None = None

    @property
    def seats(self) -> int | None:
        """Whole seats bought; None where the quantity is unknown."""
        return None if self.quantity_micro is None else self.quantity_micro // 1_000_000

    @property
    def counted(self) -> bool:
        """Whether a quantity belongs to it; what is unlimited or sold as a whole has none to know."""
        return not self.one_off and self.metric not in (LicenceMetric.UNLIMITED, LicenceMetric.FLAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFact:
    """A contract with its terms, where it stands on the day, and its lines in the scope. ``owner`` answers for it."""

    id: int
    title: str
    reference: str | None
    vendor: Ref
    currency: str
    terms: Terms
    stands: Standing
    owner: Ref | None
    unit_id: int | None
    entity_id: int | None
    billing_months: int | None
    escalator_kind: str
    escalator_ppm: int | None
    lines: tuple[LineFact, ...]

    @property
    def ref(self) -> Ref:
        """It as a link."""
        return Ref(kind="contract", id=self.id, label=self.title)

    @property
    def renewal_months(self) -> int | None:
        """Months the next term locks in."""
        return 1 if self.terms.month_to_month else self.terms.renewal_months
