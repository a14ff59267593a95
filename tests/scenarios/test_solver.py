"""The lowest-cost stack: the optimum against trying everything, the proof, what is fixed, what cannot be met."""

from dataclasses import replace

import pytest

from mopsaudit.scenarios.search import search
from mopsaudit.scenarios.sets import Supply, meets, price, unmet
from mopsaudit.scenarios.solver import solve
from mopsaudit.scenarios.values import Block, Missing, Must, Requirement, StackProblem, StackTool, Status
from tests.scenarios.instances import cheapest_by_trying, random_problem

MAIL, FORMS, CHAT = "mail", "forms", "chat"


def tool(number: int, keep: int, *owned: str, **more: object) -> StackTool:
    """A tool of one unit."""
    values: dict[str, object] = {
        "id": number,
        "name": f"Tool {number}",
        "units": frozenset({1}),
        "serves": frozenset({1}),
        "owned": frozenset(owned),
        "annual_minor": keep,
        "keep_minor": keep,
    }
    return StackTool(**(values | more))  # type: ignore[arg-type]  # a builder


def three() -> StackProblem:
    """The hand-worked example of the manual: Alpha does mail and forms, Beta mail, Gamma forms and chat."""
    return StackProblem(
        tools=(
            tool(1, 3_600_000, MAIL, FORMS, pack_minor=30_000, free=10),
            tool(
                2,
                2_400_000,
                MAIL,
                locked_minor=400_000,
                moving_minor=100_000,
                blocks=(Block(unit_id=1, people=30, needs=frozenset({MAIL}), seats={1: 20}),),
            ),
            tool(3, 900_000, FORMS, CHAT),
        ),
        requirements=tuple(Requirement(unit_id=1, capability=each) for each in (CHAT, FORMS, MAIL)),
    )


def test_the_three_tools_of_the_manual() -> None:
    # Keep all: 69,000. Without Beta: 36,000 + 9,000 + owed 4,000 + moving 1,000 + 10 seats beyond the 10 free × 300.
    answer = solve(three())
    assert answer.status is Status.OPTIMAL
    assert answer.best is not None
    # Without Alpha instead: Beta and Gamma 33,000, and nobody of Alpha has to be moved: it is cheapest.
    assert answer.best.keep == (2, 3)
    assert answer.best.value_minor == answer.bound_minor == 3_300_000


def test_a_locked_tool_stays_and_the_displaced_get_seats_beyond_free_ones() -> None:
    problem = three()
    problem = replace(problem, tools=(replace(problem.tools[0], must=Must.KEEP), *problem.tools[1:]))
    answer = solve(problem)
    assert answer.best is not None
    assert answer.proven
    assert answer.best.keep == (1, 3)
    assert answer.best.packs == {1: 10}
    assert [(each.from_id, each.to_id, each.people, each.seats) for each in answer.best.moves] == [
        (2, 1, 30, 20)
    ]
    assert answer.best.value_minor == 3_600_000 + 900_000 + 400_000 + 100_000 + 10 * 30_000


def test_a_contract_that_owes_its_whole_price_is_not_switched_off() -> None:
    first = tool(1, 1_000, MAIL, locked_minor=1_000)
    second = tool(2, 2_000, MAIL)
    answer = solve(
        StackProblem(tools=(first, second), requirements=(Requirement(unit_id=1, capability=MAIL),))
    )
    assert answer.best is not None
    assert answer.best.keep == (1,)
    assert answer.best.value_minor == 1_000


def test_two_suppliers_are_kept_where_two_are_wanted() -> None:
    tools = (tool(1, 100, MAIL), tool(2, 200, MAIL), tool(3, 50, MAIL))
    answer = solve(
        StackProblem(tools=tools, requirements=(Requirement(unit_id=1, capability=MAIL, suppliers=2),))
    )
    assert answer.best is not None
    assert answer.best.keep == (1, 3)


def test_a_vendor_stays_under_its_cap_or_the_answer_says_that_none_can() -> None:
    tools = (
        tool(1, 100, MAIL, vendor_id=1),
        tool(2, 100, FORMS, vendor_id=1),
        tool(3, 150, FORMS, vendor_id=2),
    )
    wanted = tuple(Requirement(unit_id=1, capability=each) for each in (FORMS, MAIL))
    free = solve(StackProblem(tools=tools, requirements=wanted))
    capped = solve(StackProblem(tools=tools, requirements=wanted, vendor_percent=60))
    none = solve(StackProblem(tools=tools[:2], requirements=wanted, vendor_percent=60))
    assert free.best is not None
    assert free.best.keep == (1, 2)
    assert capped.best is not None
    assert capped.best.keep == (1, 3)
    assert none.status is Status.INFEASIBLE
    assert none.vendors_cannot


def test_what_cannot_be_met_is_named_by_capability_and_unit() -> None:
    problem = StackProblem(
        tools=(tool(1, 100, MAIL), tool(2, 100, CHAT, must=Must.GO)),
        requirements=(
            Requirement(unit_id=1, capability=MAIL, suppliers=2),
            Requirement(unit_id=1, capability=CHAT),
            Requirement(unit_id=7, capability=MAIL),
        ),
    )
    assert unmet(problem) == (
        Missing(unit_id=1, capability=CHAT, wanted=1, there=0),
        Missing(unit_id=1, capability=MAIL, wanted=2, there=1),
        Missing(unit_id=7, capability=MAIL, wanted=1, there=0),
    )
    answer = solve(problem)
    assert answer.status is Status.INFEASIBLE
    assert answer.best is None
    assert answer.missing == unmet(problem)


def test_a_tool_that_costs_nothing_is_not_switched_off_for_nothing() -> None:
    answer = solve(
        StackProblem(
            tools=(tool(1, 0, MAIL), tool(2, 100, MAIL, FORMS)),
            requirements=(
                Requirement(unit_id=1, capability=FORMS),
                Requirement(unit_id=1, capability=MAIL),
            ),
        )
    )
    assert answer.best is not None
    assert answer.best.off == ()


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_is_that_of_trying_everything(seed: int) -> None:
    problem = random_problem(
        seed,
        tools=3 + seed % 5,
        capabilities=5 + seed % 6,
        units=1 + seed % 3,
        across=seed % 2 == 0,
        vendor_percent=None if seed % 4 else 60,
    )
    answer = solve(problem, seconds=20)
    expected = cheapest_by_trying(problem)
    if expected is None:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.best is not None
    assert answer.best.value_minor == expected
    assert answer.proven
    assert answer.bound_minor == expected
    assert meets(problem, answer.best.keep)


@pytest.mark.parametrize("seed", range(100, 130))
def test_the_bound_is_the_value_and_the_value_is_that_of_the_set(seed: int) -> None:
    problem = random_problem(seed, tools=40, capabilities=30, units=4, across=seed % 2 == 0)
    answer = solve(problem, seconds=30, alternatives=2)
    assert answer.best is not None
    assert answer.status is Status.OPTIMAL
    assert answer.bound_minor == answer.best.value_minor
    assert answer.best.value_minor <= problem.today_minor
    for found in (answer.best, *answer.alternatives):
        assert meets(problem, found.keep)
        assert sorted((*found.keep, *found.off)) == [each.id for each in problem.tools]
        tools = {each.id: each for each in problem.tools}
        seats: dict[int, int] = {}
        for move in found.moves:
            assert move.to_id in found.keep
            assert move.from_id in found.off
            seats[move.to_id] = seats.get(move.to_id, 0) + move.seats
        for number, wanted in seats.items():
            assert found.packs.get(number, 0) * tools[number].pack + tools[number].free >= wanted
        assert found.value_minor == (
            sum(tools[each].keep_minor for each in found.keep)
            + sum(tools[each].off_minor for each in found.off)
            + sum(tools[each].pack_minor * packs for each, packs in found.packs.items())
        )


def test_alternatives_come_in_order_and_each_does_without_something_kept() -> None:
    problem = random_problem(7, tools=30, capabilities=20, units=3, across=True)
    answer = solve(problem, seconds=30, alternatives=4, margin_percent=50)
    assert answer.best is not None
    values = [answer.best.value_minor, *(each.value_minor for each in answer.alternatives)]
    assert len(values) > 1
    assert values == sorted(values)
    assert values[-1] <= answer.best.value_minor * 150 // 100
    better = [answer.best]
    for each in answer.alternatives:
        assert all(set(one.keep) - set(each.keep) for one in better)
        better.append(each)


def test_an_alternative_is_the_cheapest_set_without_one_of_the_best() -> None:
    problem = random_problem(4, tools=6, capabilities=8, units=2, across=True)
    answer = solve(problem, seconds=20, alternatives=1, margin_percent=1000)
    assert answer.best is not None
    assert answer.alternatives
    best = min(
        cost
        for each in answer.best.keep
        if next(one for one in problem.tools if one.id == each).must is None
        and (
            cost := cheapest_by_trying(
                replace(
                    problem,
                    tools=tuple(
                        replace(one, must=Must.GO) if one.id == each else one for one in problem.tools
                    ),
                )
            )
        )
        is not None
    )
    assert answer.alternatives[0].value_minor == best


def test_a_search_may_be_stopped_and_says_so() -> None:
    asked: list[int | None] = []

    def stop(done: int | None) -> bool:
        asked.append(done)
        return True

    problem = random_problem(3, tools=120, capabilities=60, units=6, across=True)
    answer = solve(problem, watch=stop)
    assert asked
    assert answer.status is Status.STOPPED
    assert not answer.proven


def test_the_same_question_has_the_same_answer() -> None:
    problem = random_problem(11, tools=40, capabilities=30, units=4, across=False)
    assert solve(problem, alternatives=2) == solve(problem, alternatives=2)


def test_what_people_do_not_say_goes_where_it_costs_least() -> None:
    problem = three()
    found = price(problem, Supply(problem), {1, 3}, {})
    assert found.packs == {1: 10}


def test_no_tool_and_nothing_required_are_answered_too() -> None:
    assert solve(StackProblem(tools=(), requirements=())).proven
    answer = solve(StackProblem(tools=(tool(1, 100, MAIL),), requirements=()))
    assert answer.best is not None
    assert answer.best.keep == ()
    assert answer.proven


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(20, 400))]
)
def test_going_through_all_sets_finds_what_the_programme_finds(seed: int) -> None:
    problem = random_problem(
        seed, tools=4 + seed % 14, capabilities=5 + seed % 20, units=1 + seed % 3, across=seed % 2 == 0
    )
    plain = replace(problem, requirements=tuple(replace(each, suppliers=1) for each in problem.requirements))
    found, steps = search(plain, 400_000)
    answer = solve(plain)
    assert answer.proven
    assert answer.best is not None
    assert found is not None
    assert found.value_minor == answer.best.value_minor
    assert meets(plain, found.keep)
    assert 0 < steps <= 400_000
    assert solve(plain, steps=steps + 1).solver == "all sets"
    assert solve(plain, steps=1).solver != "all sets"  # too few: the programme answers
    assert search(problem if problem != plain else replace(plain, vendor_percent=90), 400_000)[0] is None
