"""What moved between two forecasts of a year, by bearer: price, volume, currency, timing, new, gone (PRODUCT.md §4.4).

Worked with exact fractions; the parts of a bearer sum to its difference to the minor unit. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from mopsaudit.reports.budget.forecast import Bearer, Driver, Forecast, Money, Worth

#: The parts, in the order they stand in.
PARTS: Final = ("price", "volume", "currency", "timing", "new", "gone")
Parts = dict[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The two forecasts a bridge leads between; ``after`` None is the report's own.

    ``kept`` are the closed months (month indices, ascending) of the year whose forecast was kept, as known on the
    report's date. ``since`` and ``until`` are those asked for; ``missing`` are asked for, and no forecast that can be
    used was kept for them: then there is no ``before``.
    """

    before: Forecast | None = None
    after: Forecast | None = None
    kept: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bearer's way from the former forecast to this one, minor units of the base currency."""

    key: str
    label: str
    before: int
    now: int
    parts: Mapping[str, int]

    @property
    def moved(self) -> int:
        """The difference; the sum of the parts."""
        return self.now - self.before


def steps_between(before: Forecast, now: Forecast, currency: str) -> tuple[Step, ...]:
    """Every bearer of either forecast with its parts, the largest movement first. ``currency`` is the base currency."""
    everywhere = _rates([*before.bearers.values()])
    found = []
    for key in sorted({*before.bearers, *now.bearers}):
        old, new = before.bearers.get(key), now.bearers.get(key)
        here = new or old
        if here is None:
            continue
        first, last = old.minor if old else 0, new.minor if new else 0
        parts: Parts = dict.fromkeys(PARTS, Fraction(0))
        if old is None:
            parts["new"] = Fraction(last)
        elif new is None:
            parts["gone"] = Fraction(-first)
        else:
            parts |= _moved(old, new, {**everywhere, **_rates([old])}, currency)
        found.append(
            Step(key=key, label=here.label, before=first, now=last, parts=_rounded(parts, last - first))
        )
    return tuple(sorted(found, key=lambda each: (-abs(each.moved), each.label, each.key)))


def _rates(bearers: list[Bearer]) -> dict[str, Fraction]:
    """What one minor unit of each currency was worth in the former forecast, all its money taken together."""
    sums: dict[str, Worth] = {}
    for bearer in bearers:
        owed = [(driver.currency, driver.worth) for driver in bearer.drivers.values()]
        beside = [each for money in (bearer.over, bearer.carried, bearer.rest) for each in money.items()]
        for currency, worth in (*owed, *beside):
            sums[currency] = sums.get(currency, Worth()).plus(*worth)
    return {
        currency: Fraction(worth.base, worth.local)
        for currency, worth in sums.items()
        if worth.local and worth.base
    }


def _moved(old: Bearer, new: Bearer, rates: Mapping[str, Fraction], base: str) -> Parts:
    """The parts of a bearer that stands in both: at the former rates first, then what the rates did."""

    def then(currency: str, worth: Worth) -> Fraction:
        rate = None if currency == base else rates.get(currency)
        return Fraction(worth.base) if rate is None else worth.local * rate

    def at_rates(money: Money) -> Fraction:
        return sum((then(currency, worth) for currency, worth in money.items()), Fraction(0))

    parts: Parts = dict.fromkeys(("price", "volume", "timing"), Fraction(0))
    parts["price"] += at_rates(new.over) - at_rates(old.over)
    parts["timing"] += at_rates(new.carried) - at_rates(old.carried)
    parts["volume"] += at_rates(new.rest) - at_rates(old.rest)
    for ident in sorted({*old.drivers, *new.drivers}):
        was, now = old.drivers.get(ident), new.drivers.get(ident)
        first = then(was.currency, was.worth) if was else Fraction(0)
        last = then(now.currency, now.worth) if now else Fraction(0)
        for part, value in _driver_parts(was, now, first, last).items():
            parts[part] += value
    at_former_rates = sum(parts.values(), Fraction(0))
    parts["currency"] = Fraction(new.minor - old.minor) - at_former_rates
    return parts


def _driver_parts(was: Driver | None, now: Driver | None, first: Fraction, last: Fraction) -> Parts:
    """A contract line's difference at the former rates: service billed, then units bought, the rest is price.

    More or less service billed is timing while the line is bought for as many days of the year as before, else volume.
    """
    if was is None or now is None:
        return {"volume": last - first}
    span = "timing" if was.covered == now.covered else "volume"
    if not first or not last:
        return {span: last - first}
    parts: Parts = {"volume": Fraction(0), "timing": Fraction(0)}
    value = first
    if was.billed and now.billed and was.billed != now.billed:
        value = first * Fraction(now.billed, was.billed)
        parts[span] += value - first
    if was.quantity_micro and now.quantity_micro and was.quantity_micro != now.quantity_micro:
        more = value * Fraction(now.quantity_micro, was.quantity_micro)
        parts["volume"] += more - value
        value = more
    return parts | {"price": last - value}


def _rounded(parts: Parts, whole: int) -> dict[str, int]:
    """Whole minor units that sum to ``whole``: each part rounded down, what is missing to the largest remainders."""
    down = {part: floor(parts[part]) for part in PARTS}
    missing = whole - sum(down.values())
    order = sorted(PARTS, key=lambda part: (down[part] - parts[part], PARTS.index(part)))
    for part in order[:missing]:
        down[part] += 1
    return down
