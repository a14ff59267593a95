"""Returns: the vectors of PRODUCT.md §4.4, checked against an independent library."""

from decimal import Decimal

import pytest
import pyxirr
from hypothesis import assume, given
from hypothesis import strategies as st

from mopsaudit.facts.returns import Flow, irr, npv, ownership, payback, roi, romi_percent, yearly

TEN = Decimal("0.10")


def _two(value: Decimal | None) -> str:
    assert value is not None
    return f"{value:.2f}"


def test_roi_and_romi() -> None:
    assert roi(Decimal(150), Decimal(100)) == Decimal("0.5")
    assert roi(Decimal(150), Decimal(0)) is None
    # 1,000,000 more revenue at 30 % margin for 200,000 spent: 100 × (300,000 − 200,000) / 200,000
    assert romi_percent(Decimal(1_000_000), Decimal("0.3"), Decimal(200_000)) == 50
    assert romi_percent(Decimal(1), Decimal(1), Decimal(0)) is None


def test_npv_irr_and_payback_of_the_book() -> None:
    flows = yearly(-100, 60, 60)
    assert _two(npv(flows, TEN)) == "4.13"
    rate = irr(flows).value
    assert rate is not None
    assert _two(100 * rate) == "13.07"
    assert _two(payback(flows).value) == "1.67"


def test_irr_without_a_single_answer() -> None:
    assert irr(yearly(-100, 300, -200)).value is None
    assert "no single answer" in (irr(yearly(-100, 300, -200)).why or "")
    assert irr(yearly(100, 60)).value is None
    assert irr(yearly(-100, -60)).value is None
    assert irr(()).value is None


def test_payback_takes_the_last_crossing_and_knows_never() -> None:
    assert payback(yearly(-100, 150, -100, 100)).value == Decimal("2.5")
    assert payback(yearly(-100, 60)).why == "never"
    assert payback(yearly(-100, 100)).value == 1
    assert payback(yearly(100, 60)).value == 0
    assert payback(()).why == "nothing flows"


def test_cost_of_ownership() -> None:
    total = ownership(Decimal(1), Decimal("0.07"), 5)
    assert f"{total:.4f}" == "5.7507"
    assert f"{100 * total / 5 - 100:.1f}" == "15.0"
    assert f"{(Decimal('1.07') ** 4 - 1) * 100:.1f}" == "31.1"
    assert ownership(Decimal(10), Decimal(0), 3, implementation=Decimal(5), services=Decimal(2)) == 37


@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=10), st.integers(1, 60))
def test_npv_equals_the_library(amounts: list[int], rate: int) -> None:
    ours = npv(yearly(*amounts), Decimal(rate) / 100)
    theirs = pyxirr.npv(rate / 100, [float(amount) for amount in amounts])
    assert theirs is not None
    assert abs(ours - Decimal(theirs)) < Decimal("0.001")


@given(st.integers(1, 10_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=10))
def test_irr_equals_the_library(spent: int, back: list[int]) -> None:
    assume(sum(back) > spent // 2)
    ours = irr(yearly(-spent, *back)).value
    theirs = pyxirr.irr([float(-spent), *(float(each) for each in back)])
    assert ours is not None
    assert theirs is not None
    assert abs(ours - Decimal(theirs)) < Decimal("0.00001") * (1 + abs(ours))


def test_irr_of_monthly_flows_equals_the_library() -> None:
    flows = [Flow(years=Decimal(0), amount=Decimal(-1000))]
    flows += [Flow(years=Decimal(m) / 12, amount=Decimal(100)) for m in range(1, 13)]
    monthly = pyxirr.irr([-1000.0, *[100.0] * 12])
    assert monthly is not None
    found = irr(flows).value
    assert found is not None
    assert float(found) == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-6)
