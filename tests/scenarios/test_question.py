"""The question on a real database: cost, contract ends, seats, people, what is required; and what the answer says."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.governance.stack_searches import (
    answer_search,
    find_search,
    list_needs,
    list_searches,
    say_need,
    start_search,
    take_back_need,
)
from mopsaudit.organisation import save_setting, scope_for
from mopsaudit.scenarios.answer import stack_data, without_small_groups
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import active_names, stack_question
from mopsaudit.scenarios.question import StackQuestion
from mopsaudit.scenarios.solver import solve
from mopsaudit.scenarios.values import StackTool
from tests import builders as build
from tests.scenarios.company import DAY, FORMS, MAIL, TRENDS, Company, three_tools
from tests.scenarios.instances import cost_of_keeping


@pytest.fixture
def company(session: Session) -> Company:
    """The example, every unit's tools judged across units."""
    return three_tools(session)


def ask(session: Session, **options: Any) -> StackQuestion:
    return stack_question(session, scope_for(session, as_of=DAY), StackOptions(**options))


def tool(question: StackQuestion, name: str) -> StackTool:
    return next(each for each in question.problem.tools if each.name == name)


def data(question: StackQuestion) -> dict[str, Any]:
    return stack_data(question, solve(question.problem, alternatives=3))


def test_cost_runs_over_the_months_and_is_owed_until_the_contract_can_end(
    session: Session, company: Company
) -> None:
    question = ask(session, months=24, lead_months=3)
    alpha, gamma = tool(question, "Alpha"), tool(question, "Gamma")
    assert alpha.keep_minor == 24_000_00
    # Ready on 1 January 2027, the day its term ends: 92 of 731 days are owed.
    assert alpha.locked_minor == round(24_000_00 * 92 / 731)
    # Gamma's term ends half a year later: 273 of 731 days.
    assert gamma.locked_minor == round(6_000_00 * 273 / 731)
    assert question.details[gamma.id].bills[0].free_from == date(2027, 7, 1)


def test_a_missed_notice_day_locks_the_next_term(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=date(2026, 11, 20))  # 60 days before 1 January are gone
    question = stack_question(session, scope, StackOptions(months=24, lead_months=1))
    assert question.details[company.alpha.id].bills[0].free_from == date(2028, 1, 1)


def test_a_later_start_waits_for_the_term_that_ends_then(session: Session, company: Company) -> None:
    question = ask(session, months=36, lead_months=6)
    assert question.details[company.alpha.id].bills[0].free_from == date(2028, 1, 1)


def test_seats_and_people_come_from_contract_line_and_usage(session: Session, company: Company) -> None:
    question = ask(session, months=15, lead_months=3)
    alpha, beta = tool(question, "Alpha"), tool(question, "Beta")
    assert (alpha.pack_minor, alpha.free) == (300_00, 10)
    (block,) = beta.blocks
    assert (block.people, block.needs) == (30, frozenset({MAIL}))
    assert block.seats[alpha.id] == 20  # ten of them are on Alpha already


def test_the_example_of_the_manual(session: Session, company: Company) -> None:
    question = ask(session, months=36, lead_months=3)
    found = data(question)
    alpha, beta, gamma = (tool(question, name).id for name in ("Alpha", "Beta", "Gamma"))
    for keep, cost in (
        ({alpha, beta, gamma}, 63_000_00),
        ({alpha, gamma}, 54_760_95),
        ({beta, gamma}, 41_021_90),
    ):
        assert cost_of_keeping(question.problem, keep) == cost
    assert (found["value_minor"], found["saving_minor"]) == (41_021_90, 21_978_10)
    assert [each["name"] for each in found["keep"]] == ["Beta", "Gamma"]
    assert found["proof"]["proven"]
    assert found["proof"]["gap_minor"] == 0
    # 30 of Alpha's people: 10 are on Beta, 20 need seats there, none is free: 20 × 200 × 33 ÷ 12.
    assert found["seats_minor"] == 20 * 550_00
    # 92 of 1,096 days of Alpha's 36,000 are owed.
    assert found["locked_minor"] == round(36_000_00 * 92 / 1096)
    assert found["value_minor"] == 18_000_00 + 9_000_00 + found["locked_minor"] + found["seats_minor"]
    assert found["today_minor"] == 63_000_00
    assert found["annual_minor"] == 12_000_00 - 20 * 200_00
    assert found["months_curve"][-1]["saved_minor"] == found["saving_minor"]
    assert sum(each["today_minor"] for each in found["months_curve"]) == found["today_minor"]
    assert found["displaced"] == 30
    assert found["answer"].startswith("2 tools of 3 would do: ")


def test_moving_costs_keep_a_tool_and_are_paid_back_month_by_month(
    session: Session, company: Company
) -> None:
    found = data(ask(session, months=36, lead_months=3, moving_minor=2_000_00, person_minor=10_00))
    (off,) = found["off"]
    assert off["moving_minor"] == 2_000_00 + 30 * 10_00
    assert found["break_even"] == "Apr 2027"  # 1,000 − 333 a month from January against 2,300
    dear = data(ask(session, months=36, lead_months=3, moving_minor=100_000_00))
    assert dear["off"] == []
    assert "cost least" in dear["answer"]


def test_what_is_required_may_be_said_otherwise(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=DAY)
    word: dict[str, Any] = {"unit_id": company.unit.id, "by_id": None, "on": DAY}
    say_need(session, scope, capability_id=TRENDS, required=False, reason="Nobody reads it.", **word)
    say_need(session, scope, capability_id=FORMS, required=False, reason="Moves to the web team.", **word)
    found = data(ask(session))
    assert [each["name"] for each in found["keep"]] == ["Beta"]
    assert {each["capability"] for each in found["lost"]} == {"Mention tracking", "Trend discovery"}
    two = say_need(
        session,
        scope,
        capability_id=MAIL,
        required=True,
        suppliers=2,
        reason="It must never stop.",
        **word,
    )
    assert [each["name"] for each in data(ask(session))["keep"]] == ["Alpha", "Beta"]
    take_back_need(session, scope, two.id, two.version)
    assert [each["name"] for each in data(ask(session))["keep"]] == ["Beta"]


def test_a_word_nearer_to_the_unit_counts(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=DAY)
    root = scope.unit_id
    say_need(
        session, scope, capability_id=TRENDS, unit_id=root, required=False, reason="No.", by_id=None, on=DAY
    )
    assert TRENDS not in {each.capability for each in ask(session).problem.requirements}
    say_need(
        session,
        scope,
        capability_id=TRENDS,
        unit_id=company.unit.id,
        required=True,
        reason="Yes, here.",
        by_id=None,
        on=DAY,
    )
    assert TRENDS in {each.capability for each in ask(session).problem.requirements}


def test_words_want_a_reason_a_known_capability_and_the_version_that_was_seen(
    session: Session, company: Company
) -> None:
    scope = scope_for(session, as_of=DAY)
    good: dict[str, Any] = {
        "capability_id": MAIL,
        "unit_id": company.unit.id,
        "required": True,
        "reason": "Used daily.",
        "by_id": None,
        "on": DAY,
    }
    for wrong in ({"reason": " "}, {"capability_id": "nothing"}, {"unit_id": 999}, {"suppliers": 3}):
        with pytest.raises(InvalidError):
            say_need(session, scope, **(good | wrong))
    kept = say_need(session, scope, **good)
    assert say_need(session, scope, **good).version == kept.version
    with pytest.raises(ConflictError):
        say_need(session, scope, **(good | {"required": False}))
    say_need(session, scope, **(good | {"required": False, "version": kept.version}))
    assert [(each.required, each.unit) for each in list_needs(session, scope)] == [(False, "United Kingdom")]
    with pytest.raises(NotFoundError):
        take_back_need(session, scope, 999, 1)


def test_nothing_supplies_what_somebody_requires(session: Session, company: Company) -> None:
    scope = scope_for(session, as_of=DAY)
    say_need(
        session,
        scope,
        capability_id="nps_tracking",
        unit_id=company.unit.id,
        required=True,
        reason="Board wants it.",
        by_id=None,
        on=DAY,
    )
    found = data(ask(session))
    assert found["status"] == "infeasible"
    assert [(each["capability"], each["unit"], each["there"]) for each in found["missing"]] == [
        ("NPS and satisfaction tracking", "United Kingdom", 0)
    ]
    assert "in United Kingdom has no tool" in found["answer"]


def test_inside_units_a_tool_serves_its_own_only(session: Session, company: Company) -> None:
    other = build.unit(session, "DE", name="Germany")
    build.tool(session, "Delta", capabilities={MAIL: 2}, units=[other])
    save_setting(session, "operating_model", "diversification")
    question = ask(session)
    assert tool(question, "Delta").serves == frozenset({other.id})
    assert not question.across
    joined = ask(session, together=(company.unit.id, other.id))
    assert joined.across
    assert joined.unit == "United Kingdom and Germany"
    assert {each.name for each in joined.problem.tools} == {"Alpha", "Beta", "Gamma", "Delta"}


def test_unknown_is_told_and_never_switched_off_for_nothing(session: Session, company: Company) -> None:
    build.tool(session, "Free", capabilities={MAIL: None}, units=[company.unit])
    build.tool(session, "Bare", units=[company.unit])
    question = ask(session)
    found = data(question)
    assert "Free" in {each["name"] for each in found["keep"]}
    text = " ".join(found["assumptions"])
    assert "1 tool without capabilities (Bare)" in text
    assert "Cost not known, counted as nothing: Free" in text
    assert "Users not known" in text


def test_small_groups_are_hidden_from_those_who_do_not_act(session: Session, company: Company) -> None:
    found = data(ask(session))
    assert found["off"][0]["people"] == 30
    hidden = without_small_groups(found | {"off": [found["off"][0] | {"people": 4}]}, 5)
    assert hidden["off"][0]["people"] is None
    names = active_names(session, scope_for(session, as_of=DAY), [company.alpha.id])
    assert len(names[company.alpha.id]) == 30
    assert names[company.alpha.id][0] == "Person 0"


def test_a_search_is_kept_with_its_scope_and_the_digest_of_its_data(
    session: Session, company: Company
) -> None:
    scope = scope_for(session, as_of=DAY)
    german = scope_for(session, as_of=DAY, unit=build.unit(session, "DE").id)
    question = ask(session)
    search = start_search(session, scope, question.options, by_id=None, now=build.NOW)
    answer_search(session, search.id, digest=question.digest, answer=data(question))
    kept = find_search(session, scope, search.id)
    assert kept.options == question.options
    assert kept.digest == ask(session).digest
    assert list_searches(session, german) == ()
    with pytest.raises(NotFoundError):
        find_search(session, german, search.id)
    build.tool(session, "New", capabilities={MAIL: 2}, units=[company.unit])
    assert kept.digest != ask(session).digest


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": 5},
        {"lead_months": 36},
        {"vendor_percent": 0},
        {"moving_minor": -1},
        {"keep": (1,), "go": (1,)},
        {"together": (1,)},
        {"keep": (999,)},
    ],
)
def test_what_cannot_be_asked_is_refused(session: Session, company: Company, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        start_search(
            session,
            scope_for(session, as_of=DAY),
            StackOptions(**wrong),
            by_id=None,
            now=build.NOW,
        )
