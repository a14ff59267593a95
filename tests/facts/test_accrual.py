"""Accrual: the vectors of PRODUCT.md §4.4; parts sum to the whole."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.facts.accrual import Schedule, earned, spread
from mopsaudit.periods import Period, month_end, month_of

YEAR = Period(start=date(2026, 1, 1), end=date(2027, 1, 1))


def test_twelve_thousand_for_a_year_at_the_end_of_june() -> None:
    assert earned(1_200_000, YEAR, date(2026, 6, 30), by_days=True) == 595_068
    assert earned(1_200_000, YEAR, date(2026, 6, 30), by_days=False) == 600_000


def test_before_and_after_the_period() -> None:
    for by_days in (True, False):
        assert earned(100, YEAR, date(2025, 12, 31), by_days=by_days) == 0
        assert earned(100, YEAR, date(2026, 12, 31), by_days=by_days) == 100
        assert earned(100, Period(start=YEAR.start, end=YEAR.start), YEAR.start, by_days=by_days) == 100


def test_a_period_from_the_middle_of_a_month() -> None:
    half = Period(start=date(2026, 1, 15), end=date(2026, 7, 15))
    assert spread(600, half, by_days=False) == {month_of(date(2026, m, 1)): 100 for m in range(1, 7)}
    assert sum(spread(600, half, by_days=True).values()) == 600
    assert len(spread(600, half, by_days=True)) == 7


def test_accrued_and_prepaid_are_never_both() -> None:
    assert (Schedule(earned=500, invoiced=200).accrued, Schedule(earned=500, invoiced=200).prepaid) == (
        300,
        0,
    )
    assert (Schedule(earned=500, invoiced=1200).accrued, Schedule(earned=500, invoiced=1200).prepaid) == (
        0,
        700,
    )


@given(
    minor=st.integers(-(10**12), 10**12),
    start=st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 1, 1)),
    days=st.integers(0, 2000),
    by_days=st.booleans(),
)
def test_parts_sum_to_the_whole_and_agree_with_earned(
    minor: int, start: date, days: int, by_days: bool
) -> None:
    service = Period(start=start, end=start + timedelta(days=days))
    parts = spread(minor, service, by_days=by_days)
    assert sum(parts.values()) == minor
    total = 0
    for month in sorted(parts):
        total += parts[month]
        assert total == earned(minor, service, month_end(month), by_days=by_days)
