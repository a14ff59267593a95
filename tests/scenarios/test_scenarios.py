"""Scenarios on a real database: today to the cent, notice dates, seats, people, what falls, decisions, edits."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.governance.scenarios import (
    edit_scenario,
    find_scenario,
    list_scenarios,
    look_through,
    put_aside,
    save_scenario,
    turn_into_decisions,
)
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import Amount
from mopsaudit.reports import budget
from mopsaudit.scenarios.changes import Change, Kind, changes_of_stack
from mopsaudit.scenarios.outcome import Outcome, _break_even, what_changed, work_out_scenario
from mopsaudit.scenarios.projection import yearly
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.store.models import Action, ContractLine, Decision
from tests import builders as build
from tests.facts.company import random_company
from tests.reports.budget.owed import owing_company
from tests.scenarios.company import DAY, Company, three_tools


@pytest.fixture
def company(session: Session) -> Company:
    """The example of the manual."""
    return three_tools(session)


def outcome(session: Session, *changes: Change, day: date = DAY) -> Outcome:
    return work_out_scenario(scenario_facts(session, scope_for(session, as_of=day)), changes)


def off(tool_id: int, on: date, *into: int, once: int = 0) -> Change:
    return Change(kind=Kind.OFF, tool_id=tool_id, on=on, into_ids=into, once_minor=once)


def forecast(session: Session, day: date = DAY) -> int:
    report = budget.build(session, scope_for(session, as_of=day), basis="invoiced")
    value = next(each.value for each in report.headlines if each.key == "forecast")
    assert isinstance(value, Amount)
    return value.minor or 0


def test_nothing_changed_is_today_and_today_is_the_budget_reports_forecast(
    session: Session, company: Company
) -> None:
    file = build.import_file(session)
    build.spend_line(session, 100_00, on=date(2026, 3, 5), tool=company.alpha, from_import=file)
    build.spend_line(session, 333_33, on=date(2026, 6, 5), from_import=file)
    found = outcome(session)
    assert found.then == found.today
    assert found.saved_minor == 0
    assert found.break_even is None
    assert found.years[0][1] == forecast(session) > 0


@pytest.mark.parametrize("seed", range(6))
def test_random_companies_start_from_their_forecast(session: Session, seed: int) -> None:
    day = DAY
    if seed % 2:
        random_company(session, seed)
    else:
        day = owing_company(session, seed)
    found = outcome(session, day=day)
    assert found.years[0][1] == forecast(session, day)
    assert found.then == found.today


def test_a_tool_costs_until_its_term_ends_when_notice_can_be_given(
    session: Session, company: Company
) -> None:
    # Wanted in the middle of Alpha's next term: it owes that term's 12,000 on 1 January 2027, not the next one's.
    found = outcome(session, off(company.alpha.id, date(2027, 5, 1)))
    (effect,) = found.effects
    assert effect.from_on == date(2028, 1, 1)
    assert [today - then for _, today, then in found.years] == [0, 0, 12_000_00]
    assert "It goes on costing until 31 Dec 2027" in " ".join(effect.warnings)
    # Wanted on the day the present term ends: nothing of the next is owed.
    early = outcome(session, off(company.alpha.id, date(2027, 1, 1)))
    assert [today - then for _, today, then in early.years] == [0, 12_000_00, 12_000_00]


def test_a_missed_notice_day_owes_the_next_term(session: Session, company: Company) -> None:
    found = outcome(session, off(company.alpha.id, date(2027, 1, 1)), day=date(2026, 11, 20))
    assert found.effects[0].from_on == date(2028, 1, 1)
    assert [today - then for _, today, then in found.years] == [0, 0, 12_000_00]


def test_people_move_with_free_seats_first_and_moving_costs_are_paid_back(
    session: Session, company: Company
) -> None:
    found = outcome(session, off(company.beta.id, date(2027, 1, 1), company.alpha.id, once=1_000_00))
    (effect,) = found.effects
    # 30 people, 10 on Alpha already, 10 of its seats free: 10 bought at 300 a year.
    assert (effect.people, effect.seats) == (30, 10)
    assert effect.annual_minor == 6_000_00 - 10 * 300_00
    assert [today - then for _, today, then in found.years] == [0, 6_000_00 - 3_000_00 - 1_000_00, 3_000_00]
    assert found.moving_minor == 1_000_00
    # Beta's 6,000 are not billed on 1 January, 1,000 + 250 are spent that month: ahead from the start.
    assert found.break_even == "Jan 2027"


def test_seats_of_those_who_move_are_bought_in_packs(session: Session, company: Company) -> None:
    """10 more seats of Alpha are needed and it sells fours: 12 bought, at 300 each a year."""
    line_of(session, company).pack_size = 4
    session.flush()
    (effect,) = outcome(session, off(company.beta.id, date(2027, 1, 1), company.alpha.id)).effects
    assert (effect.people, effect.seats) == (30, 12)
    assert effect.annual_minor == 6_000_00 - 12 * 300_00


@pytest.mark.parametrize(
    "saved, expected",
    [
        ([-5, 3, 4, 1], "Mar 2027"),
        (
            [5, -9, 10, 0],
            "Mar 2027",
        ),  # ahead in the first month, behind in the second: back for good in the third
        ([-5, 5, 1, 0], "Feb 2027"),
        ([0, 0, 2, 0], "Mar 2027"),
        ([5, -9, 0, 0], None),
        ([0, 0, 0, 0], None),
    ],
)
def test_break_even_is_the_month_from_which_money_stays_back(saved: list[int], expected: str | None) -> None:
    first = month_of(date(2027, 1, 1))
    assert _break_even(range(first, first + 4), [100] * 4, [100 - each for each in saved]) == expected


def test_who_uses_two_tools_that_go_moves_once(session: Session, company: Company) -> None:
    found = outcome(session, off(company.alpha.id, date(2027, 1, 1)), off(company.beta.id, date(2027, 1, 1)))
    assert [each.people for each in found.effects] == [30, 30]
    assert found.people == 50, "ten of them are on both"


def test_capabilities_fall_to_none_or_one(session: Session, company: Company) -> None:
    found = outcome(session, off(company.gamma.id, date(2027, 7, 1)))
    assert [(each.capability, each.before, each.left) for each in found.falls] == [
        ("Trend discovery", 1, 0),
        ("Mention tracking", 2, 1),
    ]
    added = Change(
        kind=Kind.ADD, name="Newcomer", on=date(2027, 7, 1), annual_minor=1, capabilities=("trend_discovery",)
    )
    again = outcome(session, off(company.gamma.id, date(2027, 7, 1)), added)
    assert [(each.capability, each.left) for each in again.falls] == [("Mention tracking", 1)]


def line_of(session: Session, company: Company) -> ContractLine:
    return session.scalars(select(ContractLine).where(ContractLine.tool_id == company.alpha.id)).one()


def test_fewer_seats_count_from_the_next_term_and_more_at_once(session: Session, company: Company) -> None:
    line = line_of(session, company)
    less = outcome(session, Change(kind=Kind.SEATS, line_id=line.id, seats=30, on=date(2026, 10, 1)))
    assert less.effects[0].from_on == date(2027, 1, 1)
    assert [today - then for _, today, then in less.years] == [0, 3_000_00, 3_000_00]
    more = outcome(session, Change(kind=Kind.SEATS, line_id=line.id, seats=50, on=date(2026, 10, 1)))
    # A quarter more for the 92 days of 365 that are left of the term, then in full.
    assert [then - today for _, today, then in more.years] == [round(3_000_00 * 92 / 365), 3_000_00, 3_000_00]


def test_a_line_that_cannot_be_reduced_keeps_its_price(session: Session, company: Company) -> None:
    line = line_of(session, company)
    line.reducible = False
    session.flush()
    found = outcome(session, Change(kind=Kind.SEATS, line_id=line.id, seats=1, on=date(2026, 10, 1)))
    assert found.saved_minor == 0
    assert "does not let seats go" in found.effects[0].warnings[0]
    line.reducible, line.pack_size, line.minimum = True, 12, 20
    session.flush()
    packed = outcome(session, Change(kind=Kind.SEATS, line_id=line.id, seats=1, on=date(2026, 10, 1)))
    assert "24 seats" in packed.effects[0].warnings[0]


def test_a_contract_without_a_known_end_saves_nothing(session: Session, company: Company) -> None:
    tool = build.tool(session, "Endless", capabilities={"sentiment": 2}, units=[company.unit])
    build.contract(
        session,
        build.vendor(session, "Vague"),
        start_on=date(2026, 1, 1),
        initial_months=12,
        renewal_months=12,
        renewal_kind="automatic",
        lines=[{"tool": tool, "amount_minor": 5_000_00}],
    )
    found = outcome(session, off(tool.id, date(2027, 1, 1)))
    assert found.saved_minor == 0
    assert "end is not known" in found.effects[0].warnings[0]


def test_spend_beside_contracts_ends_on_the_day(session: Session, company: Company) -> None:
    card = build.tool(session, "Card", capabilities={"sentiment": 2}, units=[company.unit])
    file = build.import_file(session)
    for month in range(1, 10):
        build.spend_line(session, 100_00, on=date(2026, month, 5), tool=card, from_import=file)
    found = outcome(session, off(card.id, date(2026, 11, 16)))
    # October, half of November stay of the 300 still expected.
    assert next(today - then for _, today, then in found.years) == 150_00


def test_a_yearly_price_is_parted_exactly() -> None:
    found = yearly(1_000_01, date(2026, 3, 1), 2026 * 12 + 2 + 23)
    assert sum(found.values()) == 2_000_02
    half = yearly(1_200_00, date(2026, 4, 16), 2026 * 12 + 3)
    assert half == {2026 * 12 + 3: 50_00}


def test_joined_units_show_what_both_do_in_several_tools(session: Session, company: Company) -> None:
    other = build.unit(session, "DE", name="Germany")
    build.tool(session, "Delta", capabilities={"sentiment": 2}, units=[other])
    found = outcome(session, Change(kind=Kind.MERGE, unit_ids=(company.unit.id, other.id)))
    assert [(each.capability, each.tools) for each in found.shared] == [
        ("Sentiment analysis", ("Alpha", "Beta", "Delta")),
        ("Mention tracking", ("Alpha", "Gamma")),
    ]
    assert found.then == found.today


def test_a_scenario_is_kept_changed_and_told_what_changed_since(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=DAY)
    changes = (off(company.beta.id, date(2027, 1, 1), company.alpha.id),)
    made = save_scenario(session, scope, name=" Beta  goes ", changes=changes, by_id=None)
    assert made.name == "Beta goes"
    facts = scenario_facts(session, scope)
    kept = look_through(session, scope, made.id, made.version, work_out_scenario(facts, changes))
    row = find_scenario(session, scope, made.id)
    assert row.changes == changes
    assert row.figures == {"year_minor": 0, "saved_minor": 6_000_00, "annual_minor": 3_000_00}
    assert what_changed(facts, row.facts, work_out_scenario(facts, changes).facts) == ()
    line_of(session, company).amount_minor = 24_000_00
    session.flush()
    later = scenario_facts(session, scope)
    told = what_changed(later, row.facts, work_out_scenario(later, changes).facts)
    assert any(each.startswith("Alpha: price of a seat and yearly cost") for each in told)
    with pytest.raises(ConflictError):
        edit_scenario(session, scope, made.id, kept.version - 1, name="Other")
    put_aside(session, scope, made.id, kept.version, on=DAY)
    assert list_scenarios(session, scope) == ()
    assert len(list_scenarios(session, scope, retired=True)) == 1


def test_scenarios_of_other_units_are_not_there(session: Session, company: Company) -> None:
    german = scope_for(session, as_of=DAY, unit=build.unit(session, "DE").id)
    made = save_scenario(session, scope_for(session, as_of=DAY), name="All", by_id=None)
    with pytest.raises(NotFoundError):
        find_scenario(session, german, made.id)
    with pytest.raises(InvalidError):
        save_scenario(session, german, name="Theirs", changes=(off(company.beta.id, DAY),), by_id=None)
    line = line_of(session, company)
    with pytest.raises(InvalidError):
        save_scenario(
            session,
            german,
            name="Theirs",
            changes=(Change(kind=Kind.SEATS, line_id=line.id, seats=1, on=DAY),),
            by_id=None,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.OFF, "on": DAY},
        {"kind": Kind.OFF, "tool_id": 1},
        {"kind": Kind.OFF, "tool_id": 1, "on": DAY, "into_ids": (1,)},
        {"kind": Kind.OFF, "tool_id": 1, "on": DAY, "once_minor": -1},
        {"kind": Kind.SEATS, "line_id": 1, "on": DAY},
        {"kind": Kind.SEATS, "seats": 1, "on": DAY},
        {"kind": Kind.ADD, "name": " ", "on": DAY},
        {"kind": Kind.MERGE, "unit_ids": (1, 1)},
    ],
)
def test_a_change_that_says_too_little_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        Change(**wrong).checked()


def test_changes_survive_keeping_and_move_together() -> None:
    change = Change(
        kind=Kind.ADD, name="X", on=date(2027, 1, 31), annual_minor=5, capabilities=("a",), unit_ids=(3,)
    )
    assert Change.from_data(change.to_data()) == change
    assert change.moved(1).on == date(2027, 2, 28)
    stack = {"ready_on": "2027-01-01", "off": [{"id": 4, "to": [{"id": 9}, {"id": 9}], "moving_minor": 7}]}
    assert changes_of_stack(stack) == (off(4, date(2027, 1, 1), 9, once=7),)


def test_a_scenario_becomes_decisions_once(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=DAY)
    line = line_of(session, company)
    changes = (
        off(company.beta.id, date(2027, 1, 1), company.alpha.id),
        Change(kind=Kind.SEATS, line_id=line.id, seats=30, on=date(2027, 1, 1)),
        Change(kind=Kind.ADD, name="Newcomer", on=DAY, annual_minor=1),
    )
    made = save_scenario(session, scope, name="Plan", changes=changes, by_id=None)
    facts = scenario_facts(session, scope)
    found = work_out_scenario(facts, changes)
    arguments: dict[str, Any] = {
        "tool_of_line": {line.id: company.alpha.id},
        "send_by": {company.beta.id: date(2026, 10, 23)},
        "by_id": None,
        "today": DAY,
    }
    first = turn_into_decisions(session, scope, made.id, found, **arguments)
    decided = session.scalars(select(Decision).order_by(Decision.id)).all()
    assert [(each.tool_id, each.verdict, each.expected_minor, each.scenario_id) for each in decided] == [
        (company.beta.id, "consolidate", 3_000_00, made.id),
        (company.alpha.id, "right_size", 3_000_00, made.id),
    ]
    assert decided[0].into_tool_id == company.alpha.id
    assert [each.title for each in session.scalars(select(Action).order_by(Action.id))] == [
        "Send the notice",
        "Move the people",
    ]
    assert [what for what, _ in first.left_out] == ["Newcomer is added"]
    again = turn_into_decisions(session, scope, made.id, found, **arguments)
    assert again.decision_ids == ()
    assert len(again.left_out) == 3
