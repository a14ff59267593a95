"""Contract terms: the vectors of PRODUCT.md §4.5, states, bad input, and a slow second implementation."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.facts.locks import lock_steps
from mopsaudit.facts.terms import (
    DISAGREE,
    NO_KIND,
    NO_NOTICE,
    NO_RENEWAL,
    Standing,
    Terms,
    TermState,
    gate_days,
    gate_of,
    notice_by,
    send_by,
    standing,
)
from mopsaudit.periods import add_months
from mopsaudit.words import EndKind


def test_a_stated_end_rolls_on_by_its_renewal_term() -> None:
    terms = Terms(
        end_on=date(2025, 8, 28), renewal_months=12, automatic=True, notice_count=2, notice_unit="months"
    )
    found = standing(terms, date(2026, 2, 11))
    assert (found.end, found.notice_by) == (date(2026, 8, 28), date(2026, 6, 28))
    assert found.state is TermState.WINDOW_OPEN
    assert found.notice_by is not None
    assert found.notice_by.weekday() == 6  # a Sunday: send earlier
    assert found.send_by == date(2026, 6, 19)


def test_an_initial_term_then_renewals() -> None:
    terms = Terms(
        start_on=date(2020, 8, 1),
        initial_months=36,
        renewal_months=12,
        automatic=True,
        notice_count=3,
        notice_unit="months",
    )
    found = standing(terms, date(2023, 10, 31))
    assert (found.end, found.notice_by, found.state) == (
        date(2024, 8, 1),
        date(2024, 5, 1),
        TermState.WINDOW_OPEN,
    )
    assert found.term_start == date(2023, 8, 1)


@pytest.mark.parametrize(
    "delivery, alert",
    [
        *((None, date(2021, 6, 6)), (0, date(2021, 6, 6))),
        # Sunday 27 June is Friday 25 June; five business days before it Friday 18 June; 21 days before that.
        (5, date(2021, 5, 28)),
    ],
)
def test_the_alert_comes_the_lead_time_before_the_notice_day(delivery: int | None, alert: date) -> None:
    terms = Terms(
        start_on=date(2018, 9, 27),
        initial_months=36,
        renewal_months=12,
        automatic=True,
        notice_count=3,
        notice_unit="months",
        lead_days=21,
        delivery_days=delivery,
    )
    assert standing(terms, date(2021, 1, 1)).alert_on == alert


def test_sixty_months_and_a_renewal_of_twelve_are_seventy_two() -> None:
    terms = Terms(
        start_on=date(2020, 1, 1), initial_months=60, renewal_months=12, automatic=True, notice_count=30
    )
    assert standing(terms, date(2025, 6, 1)).end == add_months(date(2020, 1, 1), 72)


def test_notice_in_days_and_in_months() -> None:
    assert notice_by(date(2026, 12, 31), 90, "days") == date(2026, 10, 2)
    assert notice_by(date(2026, 6, 1), 3, "months") == date(2026, 3, 1)
    assert notice_by(date(2026, 5, 31), 3, "months") == date(2026, 2, 28)  # clipped


def test_month_ends_do_not_drift() -> None:
    terms = Terms(
        start_on=date(2024, 8, 31), initial_months=6, renewal_months=6, automatic=True, notice_count=30
    )
    ends = [
        standing(terms, day).end
        for day in (date(2024, 9, 1), date(2025, 3, 1), date(2025, 9, 1), date(2026, 3, 1))
    ]
    assert ends == [date(2025, 2, 28), date(2025, 8, 31), date(2026, 2, 28), date(2026, 8, 31)]


@pytest.mark.parametrize(
    "kind, day, state",
    [
        (EndKind.LAST_DAY, date(2026, 6, 30), TermState.IN_TERM),  # in force until it ends
        (EndKind.LAST_DAY, date(2026, 7, 1), TermState.ENDED),
        (EndKind.RENEWAL_DATE, date(2026, 6, 29), TermState.IN_TERM),
        (EndKind.RENEWAL_DATE, date(2026, 6, 30), TermState.ENDED),
        (EndKind.UNKNOWN, date(2026, 6, 30), TermState.ENDED),  # the earlier reading
    ],
)
def test_a_last_day_is_in_force_and_an_unknown_kind_is_the_earlier_reading(
    kind: EndKind, day: date, state: TermState
) -> None:
    found = standing(Terms(end_on=date(2026, 6, 30), end_kind=kind), day)
    assert (found.state, found.end) == (state, date(2026, 6, 30))


def test_last_days_at_a_month_end_stay_month_ends() -> None:
    terms = Terms(
        end_on=date(2026, 6, 30),
        end_kind=EndKind.LAST_DAY,
        renewal_months=6,
        automatic=True,
        notice_count=1,
        notice_unit="months",
    )
    found = standing(terms, date(2026, 7, 1))
    assert (found.end, found.over_on, found.notice_by) == (
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2026, 11, 30),
    )


YEARLY = Terms(
    start_on=date(2025, 1, 1), initial_months=12, renewal_months=12, automatic=True, notice_count=90
)


def test_the_notice_day_itself_is_still_open() -> None:
    day = notice_by(date(2027, 1, 1), 90, "days")
    assert standing(YEARLY, day).state is TermState.WINDOW_OPEN
    missed = standing(YEARLY, day + timedelta(days=1))
    assert missed.state is TermState.WINDOW_MISSED
    assert (missed.end, missed.next_end, missed.free_from) == (
        date(2027, 1, 1),
        date(2028, 1, 1),
        date(2028, 1, 1),
    )
    assert missed.words() == "window missed (locked until 2028-01-01)"
    assert missed.due == missed.next_send_by


def test_a_served_notice_stops_the_rolling() -> None:
    served = Terms(
        start_on=date(2025, 1, 1),
        initial_months=12,
        renewal_months=12,
        automatic=True,
        notice_count=90,
        notice_served_on=date(2026, 9, 1),
    )
    assert standing(served, date(2026, 8, 31)).state is TermState.WINDOW_OPEN  # not yet known then
    assert standing(served, date(2026, 10, 1)).state is TermState.NOTICE_SERVED
    assert standing(served, date(2026, 10, 1)).end == date(2027, 1, 1)
    assert standing(served, date(2027, 1, 1)).state is TermState.ENDED
    assert standing(served, date(2027, 1, 1), still_paying=True).state is TermState.OUT_OF_CONTRACT


def test_a_notice_served_late_ends_the_next_term() -> None:
    late = Terms(
        start_on=date(2025, 1, 1),
        initial_months=12,
        renewal_months=12,
        automatic=True,
        notice_count=90,
        notice_served_on=date(2026, 12, 1),
    )
    found = standing(late, date(2026, 12, 31))
    assert (found.state, found.end) == (TermState.NOTICE_SERVED, date(2028, 1, 1))


def test_express_renewals_do_not_roll() -> None:
    terms = Terms(start_on=date(2025, 1, 1), initial_months=12, renewal_months=12, notice_count=90)
    assert standing(terms, date(2025, 6, 1)).state is TermState.IN_TERM
    assert standing(terms, date(2026, 6, 1)).state is TermState.ENDED
    assert standing(terms, date(2026, 6, 1), still_paying=True).state is TermState.OUT_OF_CONTRACT
    assert standing(terms, date(2026, 6, 1)).end == date(2026, 1, 1)


def test_an_express_contract_ends_where_it_says() -> None:
    renewed = Terms(start_on=date(2023, 1, 1), initial_months=12, renewal_months=12, end_on=date(2026, 1, 1))
    assert standing(renewed, date(2025, 6, 1)).end == date(2026, 1, 1)


def test_a_contract_silent_on_renewal_is_no_express_one() -> None:
    """§4.5: nobody says whether it renews. The end counts as free only while notice would still be in time."""
    terms = Terms(
        start_on=date(2025, 1, 1), initial_months=12, automatic=None, notice_count=60, default_delivery_days=5
    )
    open_still = standing(terms, date(2025, 11, 2))
    assert (open_still.state, open_still.problems) == (TermState.IN_TERM, (NO_KIND,))
    assert open_still.notice_by == date(2025, 11, 2)
    assert open_still.due == open_still.send_by == date(2025, 10, 24)
    assert open_still.free_from == date(2026, 1, 1)
    assert standing(terms, date(2025, 11, 3)).free_from is None, "it may be locked into the next term by now"
    assert standing(replace(terms, notice_count=None), date(2025, 2, 1)).free_from is None
    over = standing(terms, date(2026, 1, 1), still_paying=True)
    assert (over.state, over.end, over.free_from) == (TermState.UNKNOWN, date(2026, 1, 1), None)
    assert lock_steps(terms, date(2025, 6, 1), date(2027, 1, 1)) == ()
    served = replace(terms, notice_served_on=date(2025, 5, 1))
    assert standing(served, date(2025, 6, 1)).state is TermState.NOTICE_SERVED
    assert standing(served, date(2025, 6, 1)).problems == ()
    ahead = standing(terms, date(2024, 6, 1))
    assert (ahead.state, ahead.problems, ahead.free_from) == (
        TermState.NOT_STARTED, (NO_KIND,), date(2026, 1, 1),
    )  # fmt: skip


def test_month_to_month_and_not_started() -> None:
    monthly = Terms(start_on=date(2025, 1, 1), month_to_month=True, notice_count=30)
    found = standing(monthly, date(2026, 5, 1))
    assert (found.state, found.free_from) == (TermState.MONTH_TO_MONTH, date(2026, 5, 31))
    assert standing(YEARLY, date(2024, 12, 31)).state is TermState.NOT_STARTED


@pytest.mark.parametrize(
    "terms",
    [
        Terms(),
        Terms(start_on=date(2026, 1, 1), initial_months=0),
        Terms(start_on=date(2026, 1, 1), initial_months=12, renewal_months=0, automatic=True),
        Terms(start_on=date(2026, 1, 1), initial_months=-3),
        Terms(start_on=date(2026, 2, 1), end_on=date(2026, 1, 1)),
        Terms(start_on=date(2026, 1, 1), initial_months=120_000),
        Terms(end_on=date(2026, 1, 1), notice_count=-1),
        Terms(end_on=date(9999, 12, 31), end_kind=EndKind.LAST_DAY, automatic=True, renewal_months=12),
        Terms(start_on=date(2026, 1, 1)),
    ],
)
def test_bad_terms_are_a_problem_never_a_crash(terms: Terms) -> None:
    found = standing(terms, date(2026, 3, 1))
    assert found.state is TermState.UNKNOWN
    assert found.problems
    assert lock_steps(terms, date(2026, 3, 1), date(2027, 1, 1)) == ()


def test_what_is_missing_is_named() -> None:
    without = Terms(start_on=date(2025, 1, 1), initial_months=12, automatic=True)
    found = standing(without, date(2025, 6, 1))
    assert found.problems == (NO_NOTICE, NO_RENEWAL)
    assert (found.state, found.notice_by, found.due) == (TermState.IN_TERM, None, None)
    assert standing(without, date(2026, 6, 1)).state is TermState.UNKNOWN
    odd = Terms(start_on=date(2025, 1, 1), initial_months=12, end_on=date(2025, 11, 15))
    assert standing(odd, date(2025, 6, 1)).problems == (DISAGREE,)
    assert standing(odd, date(2025, 6, 1)).end == date(2025, 11, 15)


def test_send_by_and_gates() -> None:
    assert send_by(date(2026, 6, 28), 0) == date(2026, 6, 26)
    assert send_by(date(2026, 10, 2), 5) == date(2026, 9, 25)
    gates = (120, 90, 60, 30)
    due = date(2026, 9, 25)
    assert gate_of(due, due - timedelta(days=121), gates) is None
    assert gate_of(due, due - timedelta(days=120), gates) == 120
    assert gate_of(due, due - timedelta(days=31), gates) == 60
    assert gate_of(due, due, gates) == 30
    assert gate_of(due, due + timedelta(days=1), gates) == 0
    assert gate_of(None, due, gates) is None
    assert [gate for gate, _ in gate_days(due, gates)] == [120, 90, 60, 30]


def _walk(terms: Terms, as_of: date) -> tuple[date, date]:
    """The slow way: every term one after the other from the anchor, as the book says it."""
    k = 0
    while True:
        if terms.end_on is not None:
            end = add_months(terms.end_on, k * (terms.renewal_months or 0))
        else:
            assert terms.start_on is not None
            assert terms.initial_months is not None
            end = add_months(terms.start_on, terms.initial_months + k * (terms.renewal_months or 0))
        if end > as_of:
            back = terms.notice_count or 0
            by = add_months(end, -back) if terms.notice_unit == "months" else end - timedelta(days=back)
            return end, by
        k += 1


days = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))


@given(
    anchor=days,
    stated=st.booleans(),
    initial=st.integers(1, 60),
    renewal=st.integers(1, 36),
    notice=st.integers(0, 200),
    unit=st.sampled_from(["days", "months"]),
    as_of=days,
)
def test_terms_equal_a_walk_from_the_anchor(
    anchor: date, stated: bool, initial: int, renewal: int, notice: int, unit: str, as_of: date
) -> None:
    notice = notice % 13 if unit == "months" else notice
    terms = Terms(
        start_on=None if stated else anchor,
        end_on=anchor if stated else None,
        initial_months=None if stated else initial,
        renewal_months=renewal,
        automatic=True,
        notice_count=notice,
        notice_unit=unit,
    )
    found = standing(terms, as_of)
    if found.state is TermState.NOT_STARTED:
        assert anchor > as_of
        return
    end, by = _walk(terms, as_of)
    assert (found.end, found.notice_by) == (end, by)
    assert found.state is (TermState.WINDOW_OPEN if as_of <= by else TermState.WINDOW_MISSED)
    assert found.send_by is not None
    assert found.send_by <= by
    assert found.send_by.weekday() < 5


def test_notice_days_before_the_first_day_lock_with_it() -> None:
    terms = Terms(
        start_on=date(2027, 4, 24), initial_months=1, renewal_months=12, automatic=True, notice_count=60
    )
    assert [(step.on, step.until) for step in lock_steps(terms, date(2026, 9, 30), date(2028, 1, 1))] == [
        (date(2026, 9, 30), date(2027, 5, 24)),
        (date(2027, 4, 24), date(2028, 5, 24)),
    ]
    assert standing(terms, date(2027, 4, 24)).free_from == date(2028, 5, 24)


def test_without_notice_the_next_term_locks_on_the_day_it_begins() -> None:
    terms = Terms(
        start_on=date(2025, 6, 9), initial_months=12, renewal_months=12, automatic=True, notice_count=0
    )
    as_of = date(2026, 6, 2)
    assert [(step.on, step.until) for step in lock_steps(terms, as_of, date(2027, 1, 1))] == [
        (as_of, date(2026, 6, 9)),
        (date(2026, 6, 9), date(2027, 6, 9)),
    ]
    assert standing(terms, date(2026, 6, 9)).free_from == date(2027, 6, 9)


@given(
    start=days,
    initial=st.integers(1, 24),
    renewal=st.integers(1, 24),
    notice=st.integers(0, 120),
    as_of=days,
    automatic=st.booleans(),
    monthly=st.booleans(),
)
def test_lock_steps_equal_asking_every_week(
    start: date, initial: int, renewal: int, notice: int, as_of: date, automatic: bool, monthly: bool
) -> None:
    terms = Terms(
        start_on=start,
        initial_months=initial,
        renewal_months=renewal,
        automatic=automatic,
        notice_count=notice,
        month_to_month=monthly,
    )
    horizon = as_of + timedelta(days=500)
    steps = lock_steps(terms, as_of, horizon)
    first = standing(terms, as_of)
    if first.state in (TermState.ENDED, TermState.UNKNOWN):
        assert steps == ()
        return
    day = as_of
    while day < horizon:
        now = standing(terms, day)
        if now.state not in (TermState.ENDED, TermState.NOT_STARTED):
            locked = max(step.until for step in steps if step.on <= day)
            assert locked == now.free_from or (monthly and first.state is TermState.NOT_STARTED)
        day += timedelta(days=7)


@pytest.mark.soak
def test_every_day_of_four_years_for_many_contracts() -> None:
    for start, initial, renewal in product(
        (date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 1)), (1, 12, 36), (1, 6, 12)
    ):
        terms = Terms(
            start_on=start,
            initial_months=initial,
            renewal_months=renewal,
            automatic=True,
            notice_count=3,
            notice_unit="months",
        )
        for offset in range(4 * 365):
            day = start + timedelta(days=offset)
            found: Standing = standing(terms, day)
            assert (found.end, found.notice_by) == _walk(terms, day)
