"""A forecast taken apart by what bears it: per tool what contracts owe, what was billed beside them, and the rest.

The parts of a bearer sum to its forecast, the bearers to the report's, to the minor unit. Two such forecasts make the
bridge (:mod:`mopsaudit.reports.budget.bridge`); one kept at month close is stored as :func:`to_data` writes it. Pure.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from mopsaudit.facts.accrual import spread
from mopsaudit.facts.agreements import ContractFact
from mopsaudit.facts.allocation import Commitment, Invoice, worth
from mopsaudit.facts.terms import TermState
from mopsaudit.money import ratio_half_even, split_exact
from mopsaudit.periods import Period, add_months, month_of
from mopsaudit.reports.budget.arithmetic import LineResult, is_contracted, open_base
from mopsaudit.reports.budget.facts import Bought, BudgetFacts, Cell
from mopsaudit.reports.budget.joining import Joiner

#: The bearer of what is on no tool and of no vendor.
NOT_PLACED: Final = "none:0"
_MILLION: Final = 1_000_000
_DAY: Final = timedelta(days=1)
_ENDING: Final = (TermState.NOTICE_SERVED, TermState.ENDED, TermState.OUT_OF_CONTRACT)


class Worth(NamedTuple):
    """The same money in its own currency and in the base currency, both in minor units."""

    local: int = 0
    base: int = 0

    def plus(self, local: int, base: int) -> "Worth":
        """With more added."""
        return Worth(self.local + local, self.base + base)


_NOTHING: Final = Worth()
#: Currency → worth.
Money = dict[str, Worth]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What one contract line (or a contract's own instalments) owes in the year.

    ``billed`` is the service it is billed for, in millionths of a month (in days on accrual basis), None where nobody
    knows; ``quantity_micro`` the units bought; ``covered`` the days of the year on which it is bought at all.
    """

    currency: str
    worth: Worth = _NOTHING
    billed: int | None = 0
    quantity_micro: int | None = None
    covered: int = 0


@dataclass(slots=True, kw_only=True)
class Bearer:
    """The forecast of one tool, of a vendor's spend on no tool, of a spend type, or of what is not placed.

    ``drivers`` by contract line; ``over`` is what invoices exceed the instalments they settle by; ``carried`` what of
    another year's instalments falls into this one, less what of this year's fell into another; ``rest`` all else:
    spend beside contracts, orders, and the run rate.
    """

    label: str
    drivers: dict[str, Driver] = field(default_factory=dict)
    over: Money = field(default_factory=dict)
    carried: Money = field(default_factory=dict)
    rest: Money = field(default_factory=dict)

    @property
    def minor(self) -> int:
        """The forecast in the base currency."""
        parts = sum(worth.base for money in (self.over, self.carried, self.rest) for worth in money.values())
        return parts + sum(driver.worth.base for driver in self.drivers.values())

    @property
    def known(self) -> bool:
        """Whether anything of it is forecast or under contract in the year."""
        return any(
            any(worth) for money in (self.over, self.carried, self.rest) for worth in money.values()
        ) or any(any(driver.worth) or driver.covered for driver in self.drivers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A forecast of a fiscal year by bearer (``tool:3``, ``vendor:4``, ``type:media``, ``none:0``), as of a day.

    ``through`` is the last closed month then. ``kept_on`` is set where it was kept at month close, as known then.
    """

    as_of: date
    through: int
    bearers: Mapping[str, Bearer]
    kept_on: date | None = None

    @property
    def minor(self) -> int:
        """The whole, in the base currency."""
        return sum(bearer.minor for bearer in self.bearers.values())


def forecast_of(facts: BudgetFacts, results: Sequence[LineResult]) -> Forecast:
    """The report's forecast by bearer. Its sum is the sum of the results' forecasts."""
    bearers: dict[str, Bearer] = {}

    def bearer(key: str) -> Bearer:
        if key not in bearers:
            bearers[key] = Bearer(label=_label(facts, key))
        return bearers[key]

    for result in results:
        for cell in result.tally.cells:
            _add(bearer(bearer_of(cell)).rest, cell.currency, cell.local, cell.minor)
        for commitment in result.tally.commitments:
            local, base = _open(facts, commitment)
            _add(bearer(bearer_of(commitment)).rest, commitment.currency, local, base)
        for key, currency, local, base in pace(facts, result):
            _add(bearer(key).rest, currency, local, base)
    for cell in facts.ahead:
        _add(bearer(bearer_of(cell)).rest, cell.currency, cell.local, cell.minor)
    _take_out_contracts(facts, results, bearer)
    known = {key: each for key, each in bearers.items() if each.known}
    return Forecast(as_of=facts.as_of, through=facts.closed_default, bearers=known)


def bearer_of(each: Cell | Commitment | Invoice) -> str:
    """The key of what bears a sum: its tool, else its vendor, else its spend type, else nothing."""
    if each.tool_id is not None:
        return f"tool:{each.tool_id}"
    if each.vendor_id is not None:
        return f"vendor:{each.vendor_id}"
    return f"type:{each.spend_type}" if each.spend_type else NOT_PLACED


def _label(facts: BudgetFacts, key: str) -> str:
    if key == NOT_PLACED:
        return "not placed yet"
    kind, _, ident = key.partition(":")
    if kind == "type":
        return f"{ident.replace('_', ' ')} (no vendor named)"
    return facts.names.get((kind, int(ident)), f"{kind} {ident}")


def _add(money: Money, currency: str, local: int, base: int) -> None:
    money[currency] = money.get(currency, Worth()).plus(local, base)


def _open(facts: BudgetFacts, commitment: Commitment) -> Worth:
    """What of a commitment is open on the report's basis."""
    base = open_base(facts, commitment) or 0
    if facts.basis != "accrual" or not commitment.base_minor:
        return Worth(facts.allocated.open_minor(commitment), base)
    return Worth(ratio_half_even(base, commitment.minor, commitment.base_minor), base)


def bought_in(contracts: Iterable[ContractFact], year: Period) -> dict[str, Bought]:
    """The lines of some contracts as they stand, by ``line:ID``."""
    found = {}
    for contract in contracts:
        terms, stands = contract.terms, contract.stands
        silent = terms.automatic is None and stands.state is not TermState.UNKNOWN
        goes_on = terms.automatic or terms.month_to_month or silent
        ends = stands.over_on if not goes_on or stands.state in _ENDING else None
        for line in contract.lines:
            starts = max(day for day in (year.start, terms.start_on, line.starts_on) if day is not None)
            stops = [year.end, *([ends] if ends else []), *([line.ends_on + _DAY] if line.ends_on else [])]
            found[f"line:{line.id}"] = Bought(
                tool_id=int(line.tool.id) if line.tool else None,
                currency=contract.currency,
                quantity_micro=line.quantity_micro,
                covered=max(0, (min(stops) - starts).days),
            )
    return found


# ── What contracts owe, taken out of the rest ─────────────────────────────────────────────────────


def _take_out_contracts(
    facts: BudgetFacts, results: Sequence[LineResult], bearer: Callable[[str], Bearer]
) -> None:
    """Name what contracts owe in the year; whatever that leaves stays in the rest, so that nothing is lost."""
    for ident, bought in sorted(facts.bought.items()):
        if bought.tool_id is not None and bought.covered:
            owner = bearer(f"tool:{bought.tool_id}")
            owner.drivers[ident] = Driver(
                currency=bought.currency, quantity_micro=bought.quantity_micro, covered=bought.covered
            )
    by_key: dict[str, Commitment] = {}
    for each in facts.commitments:
        if each.contract_id is None or each.base_minor is None:
            continue
        by_key[each.key] = each
        share = _of_year(facts, each)
        if share is None:
            continue
        owner = bearer(bearer_of(each))
        ident = driver_of(each)
        held = facts.bought.get(ident)
        before = owner.drivers.get(ident) or Driver(
            currency=each.currency,
            quantity_micro=held.quantity_micro if held else None,
            covered=held.covered if held else 0,
        )
        if before.currency != each.currency:  # instalments in two currencies: the second has its own entry
            ident = f"{ident}:{each.currency}"
            before = owner.drivers.get(ident) or replace(
                before, currency=each.currency, worth=Worth(), billed=0
            )
        billed = _billed(facts, each)
        owner.drivers[ident] = replace(
            before,
            worth=before.worth.plus(*share),
            billed=None if billed is None or before.billed is None else before.billed + billed,
        )
        _add(owner.rest, each.currency, -share.local, -share.base)
        over = facts.allocated.sums.get(each.key, 0) - each.minor
        if facts.basis != "accrual" and over > 0 and each.minor:
            more = ratio_half_even(each.base_minor, over, each.minor)
            _add(owner.over, each.currency, over, more)
            _add(owner.rest, each.currency, -over, -more)
    _carry(facts, results, by_key, bearer)


def driver_of(each: Commitment) -> str:
    """What owes it: its contract line, else the contract itself."""
    return f"line:{each.contract_line_id}" if each.contract_line_id else f"contract:{each.contract_id}"


def _of_year(facts: BudgetFacts, each: Commitment) -> Worth | None:
    """What of a contract's payment belongs to the year; None for none of it."""
    base = each.base_minor or 0
    if facts.basis == "accrual" and each.service is not None:
        parts = spread(base, each.service, by_days=facts.by_days)
        part = sum(minor for month, minor in parts.items() if month in facts.year.months)
        return Worth(ratio_half_even(part, each.minor, base) if base else 0, part) if part else None
    if each.due_on is None or each.due_on not in facts.year:
        return None
    return Worth(each.minor, base)


def _billed(facts: BudgetFacts, each: Commitment) -> int | None:
    """The service a payment is for: millionths of a month, or days of the year on accrual basis; None unknown."""
    if each.service is None:
        return None
    if facts.basis == "accrual":
        start, end = max(each.service.start, facts.year.start), min(each.service.end, facts.year.end)
        return max(0, (end - start).days)
    return months_of(each.service)


def months_of(service: Period) -> int:
    """Months of a period in millionths: whole calendar months are whole, other periods go by their days.

    >>> months_of(Period(start=date(2026, 1, 31), end=date(2026, 2, 28)))
    1000000
    """
    months = month_of(service.end) - month_of(service.start)
    if add_months(service.start, months) == service.end:
        return months * _MILLION
    return ratio_half_even(service.days * 12, _MILLION, 365)


def _carry(
    facts: BudgetFacts,
    results: Sequence[LineResult],
    by_key: Mapping[str, Commitment],
    bearer: Callable[[str], Bearer],
) -> None:
    """Name what crosses the year's border, and let an invoice stand with what it settles."""
    if facts.basis == "accrual":
        return
    by_id = {each.id: each for each in facts.allocated.settling}
    now = month_of(facts.as_of)
    for allocation in facts.allocated.allocations:
        commitment, invoice = by_key.get(allocation.key), by_id.get(allocation.invoice_id)
        if commitment is None or invoice is None or invoice.base_minor is None:
            continue
        whole = worth(invoice, commitment)
        if not whole:
            continue
        base = ratio_half_even(invoice.base_minor, allocation.minor, whole)
        local = ratio_half_even(invoice.minor, allocation.minor, whole)
        here = invoice.month is not None and invoice.month in facts.year.months and invoice.month <= now
        owed = commitment.due_on is not None and commitment.due_on in facts.year
        mine, theirs = bearer(bearer_of(commitment)), bearer(bearer_of(invoice))
        if here and mine is not theirs:
            _add(theirs.rest, invoice.currency, -local, -base)
            _add(mine.rest, invoice.currency, local, base)
        if here is not owed:
            sign = 1 if here else -1
            _add(mine.carried, invoice.currency, sign * local, sign * base)
            _add(mine.rest, invoice.currency, -sign * local, -sign * base)
    for result in results:
        for commitment in result.tally.commitments:
            outside = commitment.due_on is None or commitment.due_on not in facts.year
            if commitment.contract_id is not None and outside:
                left = _open(facts, commitment)
                mine = bearer(bearer_of(commitment))
                _add(mine.carried, commitment.currency, *left)
                _add(mine.rest, commitment.currency, -left.local, -left.base)


# ── The run rate by bearer ────────────────────────────────────────────────────────────────────────


def pace(facts: BudgetFacts, result: LineResult) -> Iterable[tuple[str, str, int, int]]:
    """(bearer, currency, local, base) of what a line still expects of uncontracted spend, by what it rests on.

    The base parts sum to the line's expected less what of it contracts expect.
    """
    ahead = result.expected - result.tally.expected_contract
    if not ahead:
        return
    cells = [
        cell
        for cell in result.tally.cells
        if not cell.spread
        and (cell.month or 0) <= result.closed
        and not is_contracted(cell, facts.contracted)
    ]
    weights = _weights(cells)
    if not any(each.base for each in weights.values()):
        joiner = Joiner(facts.lines, facts.ancestors)
        wanted = result.line.id if result.line else None
        weights = _weights(
            cell
            for cell in facts.last_year
            if not is_contracted(cell, facts.contracted) and joiner.line_of(cell) == wanted
        )
    keys = sorted(weights)
    if not any(each.base for each in weights.values()):
        yield NOT_PLACED, facts.currency, ahead, ahead
        return
    shares = split_exact(ahead, [weights[key].base for key in keys])
    for (bearer, currency), part in zip(keys, shares, strict=True):
        local, base = weights[bearer, currency]
        if part:
            yield bearer, currency, ratio_half_even(part, local, base), part


def _weights(cells: Iterable[Cell]) -> dict[tuple[str, str], Worth]:
    """Spend by bearer and currency; what is not above zero carries no run rate."""
    sums: dict[tuple[str, str], Worth] = defaultdict(Worth)
    for cell in cells:
        key = bearer_of(cell), cell.currency
        sums[key] = sums[key].plus(cell.local, cell.minor)
    return {key: each if each.base > 0 else Worth() for key, each in sums.items()}


# ── Keeping ───────────────────────────────────────────────────────────────────────────────────────


def to_data(forecast: Forecast) -> dict[str, Any]:
    """A forecast as JSON values, to be kept; :func:`bearers_from` reads it again."""
    return {
        key: {
            "label": each.label,
            "drivers": {
                ident: [
                    driver.currency, *driver.worth, driver.billed, driver.quantity_micro, driver.covered
                ]
                for ident, driver in sorted(each.drivers.items())
            },
            **{
                name: {currency: list(worth) for currency, worth in sorted(getattr(each, name).items()) if any(worth)}
                for name in ("over", "carried", "rest")
            },
        }
        for key, each in sorted(forecast.bearers.items())
    }  # fmt: skip


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 over a kept forecast in its one written form."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def bearers_from(data: Mapping[str, Any], into: Callable[[str], str] = str) -> dict[str, Bearer]:
    """The bearers of a kept forecast; ``into`` says where a bearer stands today (a tool merged since, by its head)."""
    found: dict[str, Bearer] = {}
    for key, each in data.items():
        mine = found.setdefault(into(key), Bearer(label=each["label"]))
        for ident, (currency, local, base, billed, quantity, covered) in each["drivers"].items():
            mine.drivers[ident] = Driver(
                currency=currency,
                worth=Worth(local, base),
                billed=billed,
                quantity_micro=quantity,
                covered=covered,
            )
        for name in ("over", "carried", "rest"):
            for currency, (local, base) in each[name].items():
                _add(getattr(mine, name), currency, local, base)
    return found
