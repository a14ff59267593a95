"""Business cases of random companies against a reading by hand: NPV, IRR by bisection, payback, ROI, what was spent."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Missing, Value
from mopsaudit.reports.cases import build
from mopsaudit.store.models import BusinessCase
from mopsaudit.store.session import db
from tests.reports.cases.promised import (
    DAY,
    NOW,
    Reading,
    bisected,
    cases_of_all_kinds,
    paid_back,
    spent,
    worth,
)

SEEDS = range(12)  # the others: tests/reports/test_random_companies.py


def same(value: Value, expected: float | None, why: object, *, roundings: int = 0) -> None:
    """To the minor unit; a flow in another currency or times a margin is rounded by itself, and their sum once more."""
    assert isinstance(value, Amount)
    if expected is None:
        assert value.minor is None, why
        assert value.why
    else:
        assert value.minor is not None, why
        assert abs(value.minor - expected) <= 0.5 * (1 + roundings) + 1e-4, why


def check(session: Session, seed: int) -> None:
    cases_of_all_kinds(session, seed)
    agree(session, seed)


def agree(session: Session, seed: int) -> None:
    """Each case and the spend without one equal the reading by hand."""
    scope = scope_for(session, as_of=DAY, environ={})
    report = build(session, scope)
    rows = {row.id: row.values for row in report.rows}
    actual, bare = spent(session)
    for case in session.scalars(select(BusinessCase).order_by(BusinessCase.id)):
        values, read, why = rows[f"case:{case.id}"], Reading(session, case), (seed, case.title)
        most = len(read.flows)
        same(values["promised_cost"], read.cost(to_date=False), why)
        same(values["promised_to_date"], read.cost(to_date=True), why)
        same(values["promised_cash"], read.cash(realised=False), why, roundings=most)
        same(values["delivered_cash"], read.cash(realised=True), why, roundings=most)
        if case.tool_id or case.vendor_id:
            same(values["actual_cost"], actual.get(case.id, 0), why)
        promised, cash = (
            read.cost(to_date=False),
            read.total(lambda flow: flow.benefit_type in ("revenue", "cash") and not flow.realised),
        )
        unknown = read.total(lambda flow: flow.side == "benefit" and not flow.realised) is None
        if promised and cash is not None and not unknown:
            assert isinstance(values["roi_promised"], Decimal), why
            assert (
                abs(float(values["roi_promised"]) - 100 * (cash - promised) / promised)
                < 0.006 + 50 * most / promised
            )
        elif promised == 0:
            assert values["roi_promised"] == "n/a", why
        else:
            assert isinstance(values["roi_promised"], Missing), why
        spend: float | None = float(actual.get(case.id, 0))
        if not (case.tool_id or case.vendor_id):
            spend = read.total(lambda flow: flow.side == "cost" and flow.realised and flow.month <= NOW)
        for name, cost, realised in (("promised", promised, False), ("delivered", spend, True)):
            for kind, rate in zip(("roi", "romi"), read.returns(cost, realised=realised), strict=True):
                shown = values[f"{kind}_{name}"]
                if rate is None:
                    assert isinstance(shown, Missing), (why, kind, name)
                elif isinstance(rate, str):
                    assert shown == rate, (why, kind, name)
                else:
                    assert isinstance(shown, Decimal), (why, kind, name)
                    assert abs(float(shown) - rate) < 0.006 + 50 * most / abs(cost or 1), (why, kind, name)
        flows = read.years()
        if not flows:
            same(values["npv"], None, why)
            continue
        same(values["npv"], worth(flows, 0.10), why, roundings=most)
        rate = bisected(flows)
        if rate is None:
            assert isinstance(values["irr"], str), why
        else:
            assert isinstance(values["irr"], Decimal), why
            assert abs(float(values["irr"]) - rate) <= 0.006 + abs(rate) * 1e-4, why
        back = paid_back(flows)
        if isinstance(back, str):
            assert values["payback"] == back, why
        else:
            assert isinstance(values["payback"], Decimal), why
            assert abs(float(values["payback"]) - back) < 0.006, why
    head = {each.key: each.value for each in report.headlines}
    if report.headlines:
        assert isinstance(head["uncovered"], Amount)
        assert head["uncovered"].minor == bare, seed
    for section in report.sections:
        if section.key in ("by_category", "by_vendor"):
            total = sum(
                each.minor or 0 for row in section.rows if isinstance(each := row.values["actual"], Amount)
            )
            whole = head["actual_cost"]
            assert isinstance(whole, Amount)
            assert total == (whole.minor or 0), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_by_hand(session: Session, seed: int) -> None:
    check(session, seed)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [2, 7])
def test_the_same_on_postgresql(session: Session, seed: int) -> None:
    assert db.engine.dialect.name == "postgresql"
    check(session, seed)
