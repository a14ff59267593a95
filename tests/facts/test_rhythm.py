"""The rhythm of invoices: cadence, likely renewal, price steps; tables of what must and must not be read from it."""

from collections.abc import Sequence

import pytest

from mopsaudit.facts.rhythm import (
    Cadence,
    MonthSum,
    PriceChange,
    change_short,
    change_words,
    charges_of,
    price_changes,
    renewal_of,
    rhythm_of,
)
from mopsaudit.reporting import Confidence

#: January 2025 as a month index: months in the tables count from it.
JAN = 2025 * 12


def sums(*pairs: tuple[int, int]) -> tuple[MonthSum, ...]:
    return tuple(MonthSum(month=JAN + month, minor=minor) for month, minor in pairs)


def every(step: int, amounts: Sequence[int], start: int = 0) -> tuple[MonthSum, ...]:
    return sums(*((start + step * index, amount) for index, amount in enumerate(amounts)))


def cadence(found: tuple[MonthSum, ...], *, months: int = 24, words: int = 0) -> tuple[str, str]:
    rhythm = rhythm_of(found, ledger_months=months, last_month=JAN + 23, yearly_words=words)
    return rhythm.cadence.value, rhythm.sure.value


@pytest.mark.parametrize(
    "found, expected",
    [
        (every(1, [100] * 24), ("monthly", "high")),
        (every(1, [100] * 4, start=20), ("monthly", "medium")),
        (every(1, [100, 130, 90, 400, 20, 70], start=18), ("monthly", "medium")),
        # one invoice came a month late: gaps 1, 2, 1, 1, 1
        (sums((18, 1), (19, 1), (21, 1), (22, 1), (23, 1)), ("monthly", "medium")),
        (every(3, [100] * 8), ("quarterly", "high")),
        (every(3, [100] * 3, start=15), ("quarterly", "medium")),
        (every(2, [100] * 12), ("irregular", "medium")),
        (every(6, [100] * 4), ("half-yearly", "high")),
        (sums((2, 100), (14, 110)), ("yearly", "medium")),
        (sums((2, 100), (13, 110)), ("yearly", "medium")),
        (sums((2, 100), (15, 110)), ("yearly", "medium")),
        (sums((2, 100), (18, 110)), ("irregular", "low")),
        (sums((0, 5), (3, 5), (4, 5), (11, 5)), ("irregular", "medium")),
    ],
)  # fmt: skip
def test_cadence(found: tuple[MonthSum, ...], expected: tuple[str, str]) -> None:
    assert cadence(found) == expected


def test_three_years_of_yearly_invoices_are_sure() -> None:
    rhythm = rhythm_of(every(12, [100, 104, 108], start=-12), ledger_months=36, last_month=JAN + 23)
    assert (rhythm.cadence, rhythm.sure) == (Cadence.YEARLY, Confidence.HIGH)
    assert rhythm.evidence == "3 invoices from Jan 2024 to Jan 2026, each a year after the one before."


def test_small_invoices_beside_large_ones_are_left_aside() -> None:
    rhythm = rhythm_of(
        sums((2, 10_000), (5, 300), (6, 200), (14, 10_400), (20, 90)), ledger_months=24, last_month=JAN + 23
    )
    assert (rhythm.cadence, rhythm.sure) == (Cadence.YEARLY, Confidence.MEDIUM)
    assert [each.minor for each in rhythm.charges] == [10_000, 10_400]
    assert rhythm.evidence == (
        "Large invoices in Mar 2025 and Mar 2026, a year apart; 3 months with smaller ones left aside."
    )


def test_one_invoice_is_yearly_by_its_words_or_by_a_long_ledger_only() -> None:
    one = sums((5, 900))
    assert cadence(one, months=3) == ("irregular", "low")
    assert cadence(one, months=3, words=1) == ("yearly", "medium")
    assert cadence(one, months=12) == ("yearly", "low")


def test_credit_notes_net() -> None:
    credited = sums((0, 500), (1, -500), (2, 500), (14, 520), (15, -20))
    assert [(each.month - JAN, each.minor) for each in charges_of(credited)] == [(2, 500), (14, 520)]
    # a credit of another amount takes nothing off, nor does one long after
    assert len(charges_of(sums((0, 500), (1, -400)))) == 1
    assert len(charges_of(sums((0, 500), (9, -500)))) == 1
    assert rhythm_of(sums((0, -5)), ledger_months=24, last_month=JAN).charges == ()


@pytest.mark.parametrize(
    "found, expected",
    [
        (sums((2, 10_000), (14, 10_700)), (10_000, 10_700, 14)),
        (sums((2, 10_000), (14, 10_000)), None),
        # under half a percent is rounding, above a factor of three another thing
        (sums((2, 100_000), (14, 100_400)), None),
        (sums((2, 1_000), (14, 3_100)), None),
        (every(1, [100] * 6 + [107] * 6), (100, 107, 6)),
        # the last invoice alone: after three alike yes, after two no
        (every(1, [100] * 5 + [107]), (100, 107, 5)),
        (every(1, [100, 100, 107]), None),
        # a first month in part is no price
        (every(1, [31] + [100] * 6), None),
        # consumption moves every month
        (every(1, [100, 120, 90, 140, 80, 110, 100, 100, 130, 130]), None),
        (every(3, [300] * 4 + [330] * 4), (300, 330, 12)),
    ],
)  # fmt: skip
def test_price_change(found: tuple[MonthSum, ...], expected: tuple[int, int, int] | None) -> None:
    changes = price_changes(rhythm_of(found, ledger_months=24, last_month=JAN + 23))
    last = changes[-1] if changes else None
    assert (last and (last.before, last.after, last.month - JAN)) == expected


def test_a_change_in_words() -> None:
    change = PriceChange(before=12_000_00, after=12_840_00, month=JAN + 14)
    assert change_words(change, "USD") == "+7 % (12,000 → 12,840 USD) in Mar 2026"
    assert change_short(PriceChange(before=1000, after=985, month=JAN)) == "−1.5 % in Jan 2025"
    assert change_short(PriceChange(before=1000, after=1250, month=JAN)) == "+25 % in Jan 2025"


@pytest.mark.parametrize(
    "found, here, expected",
    [
        # the last yearly invoice in Mar 2026: the year after, across the year's boundary
        (sums((2, 100), (14, 100)), 24, 26),
        (sums((11, 100), (23, 100)), 24, 35),
        # asked about in the very month it is due
        (sums((2, 100), (14, 100)), 26, 26),
        # a step in the monthly price
        (every(1, [100] * 6 + [107] * 18), 24, 30),
        (every(1, [100] * 24), 24, None),
        (sums((2, 100), (18, 110)), 24, None),
    ],
)  # fmt: skip
def test_likely_renewal(found: tuple[MonthSum, ...], here: int, expected: int | None) -> None:
    rhythm = rhythm_of(found, ledger_months=24, last_month=JAN + here - 1)
    renewal = renewal_of(rhythm, from_month=JAN + here, last_month=JAN + here - 1)
    assert (None if renewal.month is None else renewal.month - JAN) == expected
    assert renewal.why.endswith(".")
    assert renewal.sure is not Confidence.HIGH  # grade D is never more than likely


def test_what_stopped_renews_no_more() -> None:
    yearly = rhythm_of(sums((0, 100), (12, 100)), ledger_months=40, last_month=JAN + 30)
    assert renewal_of(yearly, from_month=JAN + 31, last_month=JAN + 30).why == (
        "An invoice was due in Jan 2027 and none came."
    )
    monthly = rhythm_of(every(1, [100] * 6 + [110] * 6), ledger_months=40, last_month=JAN + 20)
    assert monthly.stopped == JAN + 11
    found = renewal_of(monthly, from_month=JAN + 21, last_month=JAN + 20)
    assert (found.month, found.why) == (None, "No invoice since Dec 2025; it may have ended.")
