"""What the renewals report is judged on."""

from dataclasses import dataclass
from datetime import date

from mopsaudit.facts.agreements import ContractFact
from mopsaudit.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFact:
    """A past term of a contract: price and seats, the vendor's first quote, how it was settled."""

    id: int
    contract_id: int
    term_start: date
    term_end: date
    amount_minor: int | None
    seats: int | None
    first_quote_minor: int | None
    quoted_on: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalFacts:
    """Contracts of the scope at ``as_of``. ``year`` and ``next_year`` are fiscal years; money in ``currency``."""

    as_of: date
    unit: str | None
    currency: str
    year: Period
    next_year: Period
    gates: tuple[int, ...]
    delivery_days: int
    contracts: tuple[ContractFact, ...]
    history: tuple[HistoryFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A send-by date for the calendar: the contract, what to do in one sentence, the gates still ahead (days)."""

    contract_id: int
    title: str
    send_by: date
    sentence: str
    gates: tuple[int, ...]
