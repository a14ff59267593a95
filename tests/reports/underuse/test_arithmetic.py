"""The arithmetic of seats by the vectors of PRODUCT.md §4.3 and the hand-worked examples of the manual."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.facts.values import RunningLine, UserCounts, left_of_year
from mopsaudit.periods import Period
from mopsaudit.reports.underuse.arithmetic import (
    burn_down,
    idle_cost_to_date,
    idle_seats,
    reductions,
    removable,
    seat_sum,
)
from mopsaudit.reports.underuse.facts import Reading

YEAR = Period(start=date(2026, 1, 1), end=date(2027, 1, 1))


def line(seats: int | None = 1000, base: int | None = 120_000_00, **values: Any) -> RunningLine:
    given: dict[str, Any] = {
        "id": 1,
        "contract_id": 1,
        "tool_id": 1,
        "unit_id": None,
        "spend_type": "software",
        "metric": "named_seat",
        "quantity_micro": None if seats is None else seats * 1_000_000,
        "amount_minor": base,
        "amount_months": 12,
        "currency": "USD",
        "annual_minor": base,
        "base_minor": base,
        "one_off": False,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "renews_on": date(2027, 1, 1),
        "send_by": date(2026, 9, 24),
        "renewal_months": 12,
        "pack_size": None,
        "minimum": None,
        "reducible": True,
    }
    return RunningLine(**(given | values))


@pytest.mark.parametrize(
    "purchased, active, target, idle",
    [
        (1000, 900, 90, 0),
        (1000, 600, 90, 333),
        (1000, 0, 90, 1000),
        (10, 10, 90, 0),
        (1, 0, 90, 1),
        (7, 3, 100, 4),
        (40, 30, 90, 6),  # the manual's example: 34 are needed
    ],
)
def test_idle_seats_are_exact_integers(purchased: int, active: int, target: int, idle: int) -> None:
    assert idle_seats(purchased, active, target) == idle


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 100))
def test_idle_seats_agree_with_fractions(purchased: int, active: int, target: int) -> None:
    needed = Fraction(active * 100, target)
    ceiling = needed.numerator // needed.denominator + (needed.denominator != 1)
    assert idle_seats(purchased, active, target) == max(0, purchased - ceiling)


@given(
    st.integers(0, 200),
    st.lists(st.integers(0, 60), min_size=6, max_size=6),
    st.one_of(st.none(), st.integers(0, 80)),
)
def test_purchased_is_always_its_sum(purchased: int, parts: list[int], exempt: int | None) -> None:
    active, held, new, undated, other, inactive = parts
    counts = UserCounts(
        assigned=sum(parts),
        active=active,
        exempt=held,
        new=new,
        undated=undated,
        other_accounts=other,
        inactive=inactive,
    )
    found = seat_sum(purchased, counts, exempt)
    assert (
        found.purchased + found.over_use == found.active + found.protected + found.inactive + found.unassigned
    )
    assert min(found.protected, found.inactive, found.unassigned, found.over_use) >= 0
    if exempt is None:
        assert (found.inactive, found.unassigned) == (0, 0)


@pytest.mark.parametrize(
    "values, wanted, taken",
    [
        ({}, 333, 333),
        ({"pack_size": 50}, 333, 300),
        ({"pack_size": 50, "minimum": 720}, 333, 250),
        ({"minimum": 900}, 333, 100),
        ({"minimum": 1200}, 333, 0),
        ({"reducible": False}, 333, 0),
        ({"pack_size": 2000}, 333, 0),
        ({"quantity_micro": None}, 333, 0),
        ({}, 2000, 1000),
    ],
)
def test_packs_minimums_and_fixed_lines(values: dict[str, Any], wanted: int, taken: int) -> None:
    assert removable(line(**values), wanted) == taken


def test_money_comes_from_the_line_total_and_the_next_term() -> None:
    (cut,) = reductions([line(renewal_months=24)], 333, as_of=date(2026, 9, 30), year=YEAR)
    assert (cut.seats, cut.annual, cut.next_term) == (333, 39_960_00, 79_920_00)
    assert cut.this_year == 0  # the change takes effect on the first day of the next fiscal year


def test_lines_are_cut_earliest_renewal_first_then_the_dearest_seat() -> None:
    late, cheap, dear = (
        line(10, 1_000, id=1, renews_on=date(2027, 6, 1)),
        line(10, 1_000, id=2, renews_on=date(2026, 12, 1)),
        line(10, 9_000, id=3, renews_on=date(2026, 12, 1)),
    )
    found = reductions([late, cheap, dear], 25, as_of=date(2026, 9, 30), year=YEAR)
    assert [(cut.line.id, cut.seats) for cut in found] == [(3, 10), (2, 10), (1, 5)]


def test_this_year_counts_days_from_the_renewal() -> None:
    assert left_of_year(365_00, 1, date(2026, 12, 1), date(2026, 9, 30), YEAR) == 31_00
    assert left_of_year(365_00, 1, date(2020, 1, 1), date(2026, 11, 30), YEAR) == 31_00
    assert left_of_year(365_00, 1, date(2027, 1, 1), date(2026, 11, 30), YEAR) == 0


def test_idle_cost_to_date_is_the_share_of_the_term_that_is_gone() -> None:
    year_over = idle_cost_to_date([line()], 333, date(2026, 12, 31))
    assert year_over == 39_960_00
    half = idle_cost_to_date([line(base=365_000, seats=10)], 5, date(2026, 6, 30))
    assert half == 365_000 * 181 // 365 * 5 // 10
    assert idle_cost_to_date([line(base=None)], 5, date(2026, 6, 30)) is None
    assert idle_cost_to_date([line(starts_on=None)], 5, date(2026, 6, 30)) is None


def test_seats_added_in_mid_term_bring_their_own_days() -> None:
    """100 seats from 1 Jan and 100 more from 2 Jul 2026 (183 days left of 365): bought over the year 150.1 seats."""
    lines = [line(100, 100_00), line(100, 100_00, id=2, starts_on=date(2026, 7, 2))]
    found = idle_cost_to_date(lines, 10, date(2026, 12, 31))
    total = Fraction(100_00) + Fraction(100_00 * 183, 365)
    bought = Fraction(100 * 365 + 100 * 183, 365)
    assert found == round(total * 10 / bought)


def test_a_multi_year_term_on_29_february() -> None:
    found = idle_cost_to_date(
        [line(10, 100_00, starts_on=date(2024, 2, 29), ends_on=date(2027, 2, 27))], 10, date(2026, 2, 27)
    )
    assert found == 200_00


def test_credits_burn_down_and_overage() -> None:
    readings = [
        Reading(as_of=date(2026, 6, 30), bought_micro=None, used_micro=400_000_000, expired_micro=None),
        Reading(as_of=date(2026, 9, 30), bought_micro=None, used_micro=860_000_000, expired_micro=40_000_000),
    ]
    found = burn_down(readings, 1_000_000_000, date(2026, 1, 1), date(2026, 12, 31))
    assert found is not None
    assert found.left == 100_000_000
    assert found.per_day == 5_000_000
    assert found.runs_out_on == date(2026, 10, 20)
    assert found.overage == (92 * 5 - 100) * 1_000_000
    alone = burn_down(readings[1:], None, None, None)
    assert alone is not None
    assert (alone.left, alone.per_day, alone.runs_out_on, alone.overage) == (None, None, None, None)
    assert burn_down([], 1, None, None) is None
