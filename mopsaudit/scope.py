"""The scope every core query takes: as-of date, business unit with its sub-tree, currency. Nothing is unscoped."""

from dataclasses import dataclass
from datetime import date

from mopsaudit.periods import Period, fiscal_year
from mopsaudit.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a question is asked about.

    ``unit_ids`` are the chosen unit and its sub-tree; ``whole`` says it is the root, to which lines without a unit
    belong. ``as_of`` means the end of that day in the organisation's time zone.
    """

    as_of: date
    unit_id: int
    unit_code: str
    unit_name: str
    unit_ids: tuple[int, ...]
    whole: bool
    settings: Settings

    @property
    def currency(self) -> str:
        """The base currency all sums are in."""
        return self.settings.base_currency

    @property
    def unit_label(self) -> str | None:
        """The unit's name, or None for the whole company (as ``report --format json`` prints it)."""
        return None if self.whole else self.unit_name

    @property
    def year(self) -> Period:
        """The fiscal year holding the as-of date."""
        return fiscal_year(self.as_of, self.settings.fiscal_start)
