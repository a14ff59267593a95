"""Invoices on commitments, payments a contract's price gives, and the budget load."""

import random
from datetime import date

import pytest

from mopsaudit.facts.allocation import (
    Allocation,
    Commitment,
    Invoice,
    PricedLine,
    allocate,
    billed,
    is_expected,
)
from mopsaudit.facts.invoiced import OrderLoad, budget_load
from mopsaudit.facts.terms import Standing, Terms, TermState, standing
from mopsaudit.periods import Period


def _due(month: int, minor: int = 100_000, **more: object) -> Commitment:
    values: dict[str, object] = {
        "key": f"instalment:{month}",
        "minor": minor,
        "currency": "EUR",
        "base_minor": minor,
        "due_on": date(2026, month, 1),
        "tool_id": 7,
    }
    return Commitment(**(values | more))  # type: ignore[arg-type]


def _invoice(number: int, day: date, minor: int = 100_000, **more: object) -> Invoice:
    values: dict[str, object] = {
        "id": number,
        "minor": minor,
        "currency": "EUR",
        "base_minor": minor,
        "day": day,
        "tool_id": 7,
    }
    return Invoice(**(values | more))  # type: ignore[arg-type]


def _run(commitments: list[Commitment], invoices: list[Invoice], *said: Allocation) -> dict[str, int]:
    found = allocate(commitments, invoices, by_person=said, amount_percent=5, window_days=45)
    return {each.key: found.open_minor(each) for each in commitments if found.open_minor(each)}


def test_the_missing_month_stays_open() -> None:
    commitments = [_due(month) for month in range(1, 13)]
    invoices = [_invoice(m, date(2026, m, 20)) for m in (1, 2, 3, 5)]
    assert set(_run(commitments, invoices)) == {f"instalment:{m}" for m in (4, *range(6, 13))}


def test_within_five_per_cent_and_forty_five_days_and_no_further() -> None:
    assert _run([_due(1)], [_invoice(1, date(2026, 2, 15), 95_000)]) == {"instalment:1": 5_000}
    assert _run([_due(1)], [_invoice(1, date(2026, 2, 16))]) == {"instalment:1": 100_000}
    assert _run([_due(1)], [_invoice(1, date(2026, 1, 1), 94_999)]) == {"instalment:1": 100_000}
    assert _run([_due(1)], [_invoice(1, date(2026, 1, 1), tool_id=8)]) == {"instalment:1": 100_000}


def test_the_window_is_each_commitments_own_not_that_of_all_together() -> None:
    """An invoice 46 days after January's stays off it, also where March's window would let it in."""
    dues = [_due(1), _due(3, 300_000)]
    assert _run(dues, [_invoice(1, date(2026, 2, 15))]) == {"instalment:3": 300_000}
    assert _run(dues, [_invoice(1, date(2026, 2, 16))]) == {"instalment:1": 100_000, "instalment:3": 300_000}


def test_an_order_number_wins_over_amount_and_date() -> None:
    commitments = [_due(1), _due(2, orders=("PO-77 1",))]
    invoices = [_invoice(1, date(2026, 1, 1), 60_000, order="po 771")]
    assert _run(commitments, invoices) == {"instalment:1": 100_000, "instalment:2": 40_000}


def test_a_contract_reference_in_the_description_pours_over_instalments() -> None:
    commitments = [_due(1, reference="MSA-2024/9"), _due(2, reference="MSA-2024/9")]
    invoices = [_invoice(1, date(2026, 1, 3), 150_000, tool_id=None, description="Licences MSA-2024/9, Q1")]
    assert _run(commitments, invoices) == {"instalment:2": 50_000}


def test_a_credit_opens_the_commitment_again_and_more_than_due_stays_zero() -> None:
    commitments = [_due(1, orders=("A1",))]
    paid = _invoice(1, date(2026, 1, 1), order="A1")
    assert _run(commitments, [paid, _invoice(2, date(2026, 1, 9), -30_000, order="A1")]) == {
        "instalment:1": 30_000
    }
    assert _run(commitments, [paid, _invoice(2, date(2026, 1, 9), 50_000, order="A1")]) == {}


def test_a_persons_word_comes_first_and_a_closed_order_leaves_nothing_open() -> None:
    said = Allocation(invoice_id=1, key="instalment:2", minor=100_000, how="person")
    assert _run([_due(1), _due(2)], [_invoice(1, date(2026, 1, 1))], said) == {"instalment:1": 100_000}
    assert _run([_due(1, closed=True)], []) == {}


def test_another_currency_goes_through_the_base_amounts() -> None:
    commitment = _due(1, minor=100_000, currency="USD", base_minor=90_000)
    assert _run([commitment], [_invoice(1, date(2026, 1, 5), 90_000)]) == {}
    unknown = _due(1, minor=100_000, currency="USD", base_minor=None)
    assert _run([unknown], [_invoice(1, date(2026, 1, 5), 90_000)]) == {"instalment:1": 100_000}


def test_the_order_of_the_arguments_does_not_matter() -> None:
    commitments = [_due(month) for month in range(1, 13)]
    invoices = [_invoice(m, date(2026, m, 1 + 2 * m), 100_000 + 300 * m) for m in range(1, 12)]
    first = _run(commitments, invoices)
    for seed in range(5):
        dice = random.Random(seed)
        dice.shuffle(commitments)
        dice.shuffle(invoices)
        assert _run(commitments, invoices) == first


YEARLY = Terms(
    start_on=date(2025, 7, 1), initial_months=12, renewal_months=12, automatic=True, notice_count=90
)


def _line(**more: object) -> PricedLine:
    values: dict[str, object] = {
        "id": 1, "amount_minor": 1_200_000, "amount_months": 12, "billing_months": 3, "one_off": False,
        "starts_on": date(2025, 7, 1), "ends_on": None,
    }  # fmt: skip
    return PricedLine(**(values | more))  # type: ignore[arg-type]


def _bills(line: PricedLine, terms: Terms, as_of: date) -> list[tuple[date, int, bool]]:
    found = billed(
        line,
        standing(terms, as_of),
        automatic=terms.automatic,
        since=date(2026, 1, 1),
        until=date(2027, 1, 1),
    )
    return [(due, minor, expected) for due, _, minor, expected in found]


def test_a_renewal_is_expected_until_its_notice_day_and_committed_after() -> None:
    quarters = [date(2026, m, 1) for m in (1, 4, 7, 10)]
    before = _bills(_line(), YEARLY, date(2026, 3, 1))
    assert [each[0] for each in before] == quarters
    assert [each[2] for each in before] == [False, False, True, True]
    after = _bills(_line(), YEARLY, date(2026, 4, 15))  # notice by 2 April has passed
    assert [each[2] for each in after] == [False] * 4
    assert {each[1] for each in after} == {300_000}


def test_after_the_end_of_a_silent_contract_money_is_expected_while_its_term_runs() -> None:
    silent = Terms(start_on=date(2025, 7, 1), initial_months=12, automatic=None)
    running, over = standing(silent, date(2026, 6, 1)), standing(silent, date(2026, 8, 1))
    assert is_expected(running, automatic=None, due=date(2026, 6, 30)) is False
    assert is_expected(running, automatic=None, due=date(2026, 7, 1)) is True
    assert is_expected(over, automatic=None, due=date(2026, 6, 30)) is True
    assert is_expected(over, automatic=None, due=date(2026, 7, 1)) is None


def test_served_notice_and_express_renewals_owe_nothing_after_the_end() -> None:
    served = Terms(
        start_on=date(2025, 7, 1), initial_months=12, renewal_months=12, automatic=True, notice_count=90,
        notice_served_on=date(2026, 2, 1),
    )  # fmt: skip
    express = Terms(start_on=date(2025, 7, 1), initial_months=12)
    for terms in (served, express):
        assert [each[0] for each in _bills(_line(), terms, date(2026, 3, 1))] == [
            date(2026, 1, 1),
            date(2026, 4, 1),
        ]


def test_parts_of_a_span_sum_to_its_total() -> None:
    line = _line(amount_minor=100_000, billing_months=1, starts_on=date(2026, 1, 1))
    terms = Terms(start_on=date(2026, 1, 1), initial_months=12)
    assert sum(each[1] for each in _bills(line, terms, date(2026, 1, 1))) == 100_000
    assert len(_bills(_line(one_off=True, starts_on=date(2026, 2, 1)), terms, date(2026, 1, 1))) == 1


def test_without_a_start_payments_are_counted_back_from_the_end() -> None:
    terms = Terms(end_on=date(2026, 8, 28), notice_count=30)
    line = _line(starts_on=None, billing_months=6)
    assert [each[0] for each in _bills(line, terms, date(2026, 3, 1))] == [date(2026, 2, 28)]
    assert _bills(line, Terms(), date(2026, 3, 1)) == []


def test_a_terms_price_without_instalments_is_filled_by_the_tools_invoices() -> None:
    term = _due(
        1, minor=400_000, rhythm_known=False, service=Period(start=date(2026, 1, 1), end=date(2027, 1, 1)),
        spend_type="software",
    )  # fmt: skip
    quarters = [_invoice(m, date(2026, m, 10)) for m in (1, 4, 7)]
    assert _run([term], quarters) == {"instalment:1": 100_000}
    usage = _invoice(9, date(2026, 8, 1), spend_type="usage")
    assert _run([term], [*quarters, usage]) == {"instalment:1": 100_000}
    known = _due(1, minor=400_000, service=term.service)
    assert _run([known], quarters) == {"instalment:1": 400_000}


def test_a_fixed_escalator_lowers_earlier_terms() -> None:
    line = _line(billing_months=12, escalator_kind="fixed", escalator_ppm=50_000, amount_minor=8_400_000)
    found = billed(
        line,
        standing(YEARLY, date(2026, 8, 1)),
        automatic=True,
        since=date(2025, 1, 1),
        until=date(2028, 1, 1),
    )
    assert [(due.year, minor) for due, _, minor, _ in found] == [
        (2025, 8_000_000),
        (2026, 8_400_000),
        (2027, 8_820_000),
    ]


def test_a_fixed_escalator_raises_the_next_term() -> None:
    line = _line(billing_months=12, escalator_kind="fixed", escalator_ppm=70_000)
    assert _bills(line, YEARLY, date(2026, 3, 1)) == [(date(2026, 7, 1), 1_284_000, True)]
    capped = _line(billing_months=12, escalator_kind="cap", escalator_ppm=70_000)
    assert _bills(capped, YEARLY, date(2026, 3, 1)) == [(date(2026, 7, 1), 1_200_000, True)]


@pytest.mark.parametrize("state", [TermState.UNKNOWN])
def test_without_known_terms_a_payment_is_only_expected(state: TermState) -> None:
    stands = Standing(state=state, as_of=date(2026, 1, 1))
    assert is_expected(stands, automatic=False, due=date(2026, 5, 1)) is True


def test_invoiced_and_open_orders_of_the_book() -> None:
    orders = [
        OrderLoad(minor=9_999, is_open=False, invoices=(500, 250, 700)),
        OrderLoad(minor=1500, is_open=True, invoices=(1350,)),
        OrderLoad(minor=1600, is_open=True, invoices=(900, 1100)),
    ]
    assert budget_load([100, 750, 1200], orders) == 7000
