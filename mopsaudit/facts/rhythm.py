"""What the rhythm of a supplier's invoices says: how often it bills, when it likely renews, what its price did. Pure.

All of it is an estimate (grade D, PRODUCT.md §3.6): it proposes where to look, it never makes a date firm and never
proposes a cut. A month stands for all invoices of a supplier in it, credit notes taken off; amounts are minor units of
the currency the supplier bills in, so that an exchange rate never looks like a change in price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from mopsaudit.facts.wording import count, listed, money
from mopsaudit.facts.wording import month as month_words
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import Confidence

#: Two invoices are of one price when they differ by at most one part in this many (0.5 %).
_SAME: Final = 200
#: Invoices apart by more than this factor are different things, not one thing at another price.
_COMPARABLE: Final = 3
#: Months back in which a credit note of the same amount takes an invoice off.
_CREDITED_WITHIN: Final = 3


class Cadence(StrEnum):
    """How often a supplier bills."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"

    @property
    def months(self) -> int | None:
        """Months from one invoice to the next; None where there is no rhythm."""
        return {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}.get(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """What a supplier billed in a month (month index), net of credit notes, in one currency; from so many lines."""

    month: int
    minor: int
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a supplier bills, how sure that is, and the evidence in words. ``charges`` are what it rests on.

    ``stopped`` is the month of the last invoice where two more were due since and none came.
    """

    cadence: Cadence
    sure: Confidence
    evidence: str
    charges: tuple[MonthSum, ...] = ()
    stopped: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """A step between comparable invoices: minor units before and after, from which month on.

    The amount of an invoice may change by its price or by its volume (seats, credits): spend alone cannot tell.
    """

    before: int
    after: int
    month: int

    @property
    def mille(self) -> int:
        """The change in parts per thousand of the amount before, rounded half-even."""
        return ratio_half_even(self.after - self.before, 1000, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The likely month of the next renewal (grade D), or None with why."""

    month: int | None
    sure: Confidence
    why: str


def charges_of(sums: Sequence[MonthSum]) -> tuple[MonthSum, ...]:
    """Months with something billed, oldest first; an invoice that a credit note took off whole is gone with it."""
    kept = sorted((each for each in sums if each.minor > 0), key=lambda each: each.month)
    for credit in sorted((each for each in sums if each.minor < 0), key=lambda each: each.month):
        for charge in reversed(kept):
            near = 0 <= credit.month - charge.month <= _CREDITED_WITHIN
            if near and charge.minor == -credit.minor:
                kept.remove(charge)
                break
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A rhythm: gaps it allows, how many at least make it one, and from how many it is sure."""

    cadence: Cadence
    low: int
    high: int
    least: int
    sure_from: int


_PATTERNS: Final = (
    _Pattern(Cadence.MONTHLY, 1, 1, 2, 6),
    _Pattern(Cadence.QUARTERLY, 2, 4, 2, 4),
    _Pattern(Cadence.HALF_YEARLY, 5, 7, 2, 3),
    _Pattern(Cadence.YEARLY, 11, 13, 1, 2),
)


def _fitting(charges: Sequence[MonthSum]) -> tuple[_Pattern, int, int] | None:
    """The first pattern three gaps in four follow: it, gaps that fit, gaps."""
    gaps = [after.month - before.month for before, after in pairwise(charges)]
    for pattern in _PATTERNS:
        fit = [gap for gap in gaps if pattern.low <= gap <= pattern.high]
        step = pattern.cadence.months or 0
        # every second month is no quarter: on the whole the gaps keep the step
        even = abs(sum(fit) - step * len(fit)) <= max(1, len(fit) // 2)
        if len(gaps) >= pattern.least and len(fit) * 4 >= len(gaps) * 3 and even:
            return pattern, len(fit), len(gaps)
    return None


def rhythm_of(
    sums: Sequence[MonthSum], *, ledger_months: int, last_month: int, yearly_words: int = 0
) -> Rhythm:
    """The rhythm of one supplier's invoices in one currency.

    ``ledger_months`` counts the months the ledger holds, ``last_month`` is the last of them; ``yearly_words`` counts
    lines whose description speaks of a year. Small invoices beside large ones (a top-up beside the yearly invoice) are
    left aside where the large ones carry three quarters of the money.
    """
    charges = charges_of(sums)
    if not charges:
        return Rhythm(
            cadence=Cadence.IRREGULAR,
            sure=Confidence.LOW,
            evidence="Nothing was billed but what was credited.",
        )
    if len(charges) == 1:
        return _single(charges, ledger_months, yearly_words)
    for aside, used in ((False, charges), (True, _large(charges))):
        found = _fitting(used)
        if found is None or (aside and len(used) == len(charges)):
            continue
        pattern, fit, gaps = found
        if fit == gaps and gaps >= pattern.sure_from and not aside:
            sure = Confidence.HIGH
        elif gaps * 2 >= pattern.sure_from:
            sure = Confidence.MEDIUM
        else:
            sure = Confidence.LOW
        step = pattern.cadence.months or 1
        quiet = last_month - used[-1].month
        stopped = used[-1].month if quiet >= 2 * step and quiet > step + 1 else None
        return Rhythm(
            cadence=pattern.cadence,
            sure=sure,
            evidence=_evidence(pattern, used, fit, gaps, len(charges) - len(used), stopped),
            charges=tuple(used),
            stopped=stopped,
        )
    months = listed([month_words(each.month) for each in charges], 4)
    return Rhythm(
        cadence=Cadence.IRREGULAR,
        sure=Confidence.MEDIUM if len(charges) >= 4 else Confidence.LOW,
        evidence=f"Invoices in {months}: no even distance.",
        charges=charges,
    )


def _large(charges: Sequence[MonthSum]) -> Sequence[MonthSum]:
    most = max(each.minor for each in charges)
    large = [each for each in charges if each.minor * 2 >= most]
    enough = sum(each.minor for each in large) * 4 >= sum(each.minor for each in charges) * 3
    return large if enough else charges


def _single(charges: tuple[MonthSum, ...], ledger_months: int, yearly_words: int) -> Rhythm:
    when = month_words(charges[0].month)
    if yearly_words:
        return Rhythm(
            cadence=Cadence.YEARLY,
            sure=Confidence.MEDIUM,
            evidence=f"One invoice, in {when}, and its description speaks of a year.",
            charges=charges,
        )
    if ledger_months >= 12:
        return Rhythm(
            cadence=Cadence.YEARLY,
            sure=Confidence.LOW,
            evidence=f"One invoice in {count(ledger_months, 'month')} of ledger, in {when}: yearly, or only once.",
            charges=charges,
        )
    return Rhythm(
        cadence=Cadence.IRREGULAR,
        sure=Confidence.LOW,
        evidence=f"One invoice, in {when}; {count(ledger_months, 'month')} of ledger cannot show a rhythm.",
        charges=charges,
    )


def _evidence(
    pattern: _Pattern, used: Sequence[MonthSum], fit: int, gaps: int, aside: int, stopped: int | None
) -> str:
    first, last = month_words(used[0].month), month_words(used[-1].month)
    what = "large invoices" if aside else "invoices"
    apart = {1: "a month", 3: "a quarter", 6: "half a year", 12: "a year"}[pattern.cadence.months or 0]
    if len(used) == 2:
        text = f"{what.capitalize()} in {first} and {last}, {apart} apart"
    else:
        kept = "each" if fit == gaps else f"{fit} of {gaps}"
        text = f"{len(used)} {what} from {first} to {last}, {kept} {apart} after the one before"
    if aside:
        text += f"; {count(aside, 'month')} with smaller ones left aside"
    if stopped is not None:
        text += f"; none since {month_words(stopped)}"
    return text + "."


def _same(one: int, other: int) -> bool:
    return abs(one - other) * _SAME <= max(one, other)


def price_changes(rhythm: Rhythm) -> tuple[PriceChange, ...]:
    """Steps in price between comparable invoices of one rhythm, oldest first.

    Yearly and half-yearly invoices are compared one by one. Among monthly and quarterly ones a step counts when the
    price stood twice before and twice after it, or three times before the very last, and at least half of all invoices
    are like the one before: amounts that move every month are consumption, not price. Invoices apart by more than a
    factor of three are not compared.
    """
    charges = rhythm.charges
    if rhythm.cadence is Cadence.IRREGULAR or len(charges) < 2:
        return ()
    each_counts = (rhythm.cadence.months or 0) >= 6
    alike = sum(_same(before.minor, after.minor) for before, after in pairwise(charges))
    if not each_counts and alike * 2 < len(charges) - 1:
        return ()
    found = []
    for index in range(1, len(charges)):
        before, after = charges[index - 1], charges[index]
        if _same(before.minor, after.minor):
            continue
        if max(before.minor, after.minor) > _COMPARABLE * min(before.minor, after.minor):
            continue
        if not each_counts:
            stood = _run(charges, index - 1, -1)
            stands = _run(charges, index, 1)
            if not ((stood >= 2 and stands >= 2) or (stood >= 3 and index == len(charges) - 1)):
                continue
        found.append(PriceChange(before=before.minor, after=after.minor, month=after.month))
    return tuple(found)


def _run(charges: Sequence[MonthSum], index: int, step: int) -> int:
    """How many invoices in a row, from ``index`` on in one direction, are of one price with it."""
    length = 0
    at = index
    while 0 <= at < len(charges) and _same(charges[at].minor, charges[index].minor):
        length += 1
        at += step
    return length


def renewal_of(rhythm: Rhythm, *, from_month: int, last_month: int) -> Renewal:
    """The likely month of the next renewal from ``from_month`` on (grade D): from yearly invoices, else from a step in
    price of monthly or quarterly ones, else unknown with the reason. ``last_month`` is the last the ledger holds.
    """
    charges = rhythm.charges
    if rhythm.stopped is not None:
        return Renewal(
            month=None,
            sure=Confidence.LOW,
            why=f"No invoice since {month_words(rhythm.stopped)}; it may have ended.",
        )
    if rhythm.cadence is Cadence.YEARLY:
        anchor = charges[-1].month
        if last_month > anchor + 13:
            return Renewal(
                month=None,
                sure=Confidence.LOW,
                why=f"An invoice was due in {month_words(anchor + 12)} and none came.",
            )
        sure = Confidence.MEDIUM if rhythm.sure is not Confidence.LOW else Confidence.LOW
        return Renewal(
            month=_next(anchor, from_month),
            sure=sure,
            why=f"The last yearly invoice came in {month_words(anchor)}.",
        )
    steps = price_changes(rhythm)
    if steps:
        anchor = steps[-1].month
        yearly = any(
            anchor - each.month >= 11 and (anchor - each.month) % 12 in (0, 1, 11) for each in steps[:-1]
        )
        return Renewal(
            month=_next(anchor, from_month),
            sure=Confidence.MEDIUM if yearly else Confidence.LOW,
            why=f"The price stepped in {month_words(anchor)}" + (", as a year before." if yearly else "."),
        )
    if rhythm.cadence is Cadence.HALF_YEARLY:
        return Renewal(
            month=None,
            sure=Confidence.LOW,
            why="Half-yearly invoices of one price do not show the year's renewal.",
        )
    if rhythm.cadence is Cadence.IRREGULAR:
        return Renewal(month=None, sure=Confidence.LOW, why="Invoices without a rhythm show no renewal.")
    return Renewal(
        month=None,
        sure=Confidence.LOW,
        why=f"{rhythm.cadence.value.capitalize()} invoices without a step in price show no renewal.",
    )


def _next(anchor: int, from_month: int) -> int:
    """The first month 12, 24 … months after ``anchor`` that is not before ``from_month``."""
    years = max(1, -(-(from_month - anchor) // 12))
    return anchor + 12 * years


def change_short(change: PriceChange) -> str:
    """``+7 % in Mar 2026``; a true minus sign."""
    mille = change.mille
    percent = f"{abs(mille) / 10:.1f}".removesuffix(".0") if abs(mille) < 100 else f"{round(abs(mille) / 10)}"
    return f"{'+' if change.after > change.before else '−'}{percent} % in {month_words(change.month)}"


def change_words(change: PriceChange, currency: str) -> str:
    """``+7 % (12,000 → 12,840 USD) in Mar 2026``."""
    before = money(change.before, currency).removesuffix(f" {currency}")
    share, _, when = change_short(change).partition(" in ")
    return f"{share} ({before} → {money(change.after, currency)}) in {when}"
