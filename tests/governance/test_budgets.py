"""Budgets: drafts, locking by somebody else, revision, transfers that net to zero."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError
from mopsaudit.governance import budgets
from mopsaudit.governance.plans import list_budgets, plan_of
from mopsaudit.periods import month_of
from mopsaudit.scope import Scope
from mopsaudit.store.planning import BudgetLine, BudgetVersion
from tests import builders

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
JAN, FEB = month_of(date(2026, 1, 1)), month_of(date(2026, 2, 1))


def _budget(session: Session, scope: Scope, **values: Any) -> BudgetVersion:
    year = budgets.ensure_year(session, scope)
    given: dict[str, Any] = {"year_id": year.id, "name": "Approved", "by_person_id": None} | values
    return budgets.create_budget(session, **given)


def _line(session: Session, budget: BudgetVersion, amounts: dict[int, int], **values: Any) -> BudgetLine:
    given: dict[str, Any] = {"cost_centre": "4100", "currency": "USD"} | values
    return budgets.save_line(session, budget.id, line_id=None, version=None, values=given, amounts=amounts)


def test_a_plan_shows_its_months_and_totals(session: Session, scope: Scope) -> None:
    budget = _budget(session, scope)
    _line(session, budget, {JAN: 1000, FEB: 2000})
    _line(session, budget, {JAN: 500}, currency="EUR", cost_centre="4200")
    plan = plan_of(session, scope, budget.id)
    assert len(plan.months) == 12
    assert [line.total for line in plan.lines] == [3000, 500]
    assert list_budgets(session)[0].totals == (("EUR", 500), ("USD", 3000))


@pytest.mark.parametrize(
    "values, field",
    [
        ({"cost_centre": "", "currency": "USD"}, "cost_centre"),
        ({"cost_centre": "1", "currency": "XX"}, "currency"),
    ],
)
def test_a_line_needs_a_key_and_a_currency(
    session: Session, scope: Scope, values: dict[str, Any], field: str
) -> None:
    budget = _budget(session, scope)
    with pytest.raises(InvalidError) as caught:
        budgets.save_line(session, budget.id, line_id=None, version=None, values=values, amounts={})
    assert caught.value.field == field


def test_a_month_outside_the_year_is_refused(session: Session, scope: Scope) -> None:
    with pytest.raises(InvalidError):
        _line(session, _budget(session, scope), {JAN - 1: 100})


def test_a_stale_line_is_a_conflict_and_the_same_save_twice_is_none(session: Session, scope: Scope) -> None:
    budget = _budget(session, scope)
    line = _line(session, budget, {JAN: 100})
    seen, values = line.version, {"cost_centre": "4100", "currency": "USD"}

    def save(amount: int) -> None:
        budgets.save_line(
            session, budget.id, line_id=line.id, version=seen, values=values, amounts={JAN: amount}
        )

    save(200)
    save(200)
    with pytest.raises(ConflictError):
        save(300)


def test_nobody_locks_their_own_and_a_locked_budget_is_read_only(session: Session, scope: Scope) -> None:
    maker, approver = builders.person(session), builders.person(session)
    budget = _budget(session, scope, by_person_id=maker.id)
    with pytest.raises(InvalidError):
        budgets.lock_budget(session, budget.id, budget.version, by_person_id=approver.id, now=NOW)
    _line(session, budget, dict.fromkeys(range(JAN, JAN + 12), 100))
    with pytest.raises(NotAllowedError):
        budgets.lock_budget(session, budget.id, budget.version, by_person_id=maker.id, now=NOW)
    locked = budgets.lock_budget(session, budget.id, budget.version, by_person_id=approver.id, now=NOW)
    assert locked.locked_digest == budgets.digest_of(session, budget.id)
    assert budgets.lock_budget(session, budget.id, 0, by_person_id=approver.id, now=NOW).id == budget.id
    with pytest.raises(InvalidError):
        _line(session, budget, {JAN: 100})


def test_a_half_filled_budget_is_locked_only_when_its_approver_says_what_empty_means(
    session: Session, scope: Scope
) -> None:
    approver = builders.person(session)
    budget = _budget(session, scope)
    full = _line(session, budget, dict.fromkeys(range(JAN, JAN + 12), 0))
    half = _line(session, budget, {JAN: 100, FEB: 0}, cost_centre="4200")
    assert [each.line.id for each in plan_of(session, scope, budget.id).half_filled] == [half.id]
    with pytest.raises(InvalidError, match=r"1 line has months without an amount \(10 months\)") as caught:
        budgets.lock_budget(session, budget.id, budget.version, by_person_id=approver.id, now=NOW)
    assert caught.value.field == "empty_is_zero"
    assert budget.status == "draft"
    said: dict[str, Any] = {"by_person_id": approver.id, "now": NOW, "empty_is_zero": True}
    assert budgets.lock_budget(session, budget.id, budget.version, **said).status == "locked"
    plan = plan_of(session, scope, budget.id)
    assert plan.half_filled == ()
    assert {each.line.id: each.total for each in plan.lines} == {full.id: 0, half.id: 100}


def test_an_empty_month_takes_the_amount_away_and_zero_is_one(session: Session, scope: Scope) -> None:
    budget = _budget(session, scope)
    line = _line(session, budget, {JAN: 100, FEB: 200})
    values = {"cost_centre": "4100", "currency": "USD"}
    budgets.save_line(
        session, budget.id, line_id=line.id, version=line.version, values=values, amounts={JAN: None, FEB: 0}
    )
    (found,) = plan_of(session, scope, budget.id).lines
    assert found.amounts == {FEB: 0}


def test_a_transfer_nets_to_zero_and_a_revision_starts_from_it(session: Session, scope: Scope) -> None:
    approver = builders.person(session)
    budget = _budget(session, scope)
    one, two = _line(session, budget, {JAN: 1000}), _line(session, budget, {FEB: 500}, cost_centre="4200")
    moved: dict[str, Any] = {
        "from_line_id": one.id,
        "to_line_id": two.id,
        "month": JAN,
        "amount_minor": 300,
        "reason": "Moved to events",
        "made_on": date(2026, 3, 1),
        "by_person_id": None,
    }
    with pytest.raises(InvalidError):
        budgets.transfer(session, budget.id, **moved)
    budgets.lock_budget(
        session, budget.id, budget.version, by_person_id=approver.id, now=NOW, empty_is_zero=True
    )
    budgets.transfer(session, budget.id, **moved)
    plan = plan_of(session, scope, budget.id)
    assert [{m: minor for m, minor in line.amounts.items() if minor} for line in plan.lines] == [
        {JAN: 700},
        {FEB: 500, JAN: 300},
    ]
    assert sum(line.total for line in plan.lines) == 1500
    new = budgets.revise_budget(session, budget.id, name="Revised", reason="Half-year", by_person_id=None)
    assert [line.total for line in plan_of(session, scope, new.id).lines] == [700, 800]
    budgets.lock_budget(session, new.id, new.version, by_person_id=approver.id, now=NOW)
    assert budget.status == "superseded"
