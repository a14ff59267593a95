"""Every figure of a lowest-cost stack opens: its parts sum to it, of each set and tool, over the months and a year."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.lines import lines_of
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Missing
from mopsaudit.scenarios import tables
from mopsaudit.scenarios.answer import stack_data, without_small_groups
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.query import stack_question
from mopsaudit.scenarios.question import StackQuestion
from mopsaudit.scenarios.solver import solve
from mopsaudit.scenarios.stack_parts import (
    PartKind,
    StackPart,
    kept_parts,
    part_row,
    parts_of,
    parts_sentence,
    set_count,
    spend_behind,
)
from tests import builders as build
from tests.facts.company import random_company
from tests.scenarios.company import DAY, MAIL, three_tools


def answered(question: StackQuestion) -> dict[str, Any]:
    """The answer, with as many next best sets as there are."""
    return stack_data(question, solve(question.problem, alternatives=4, margin_percent=100))


def sums(found: tuple[StackPart, ...]) -> tuple[int, int]:
    return sum(each.today_minor for each in found), sum(each.then_minor for each in found)


def holds(data: dict[str, Any]) -> None:
    """Each figure of the answer is the sum of its parts."""
    best = parts_of(data)
    assert sums(best) == (data["today_minor"], data["value_minor"])
    assert sum(each.less_minor for each in best) == data["saving_minor"]
    assert sum(each.less_minor for each in parts_of(data, yearly=True)) == data["annual_minor"]
    for place, other in enumerate(data["alternatives"], start=1):
        found = parts_of(data, place)
        assert sums(found) == (data["today_minor"], other["value_minor"]), place
        assert sum(each.best_minor for each in found) == data["value_minor"]
        assert sum(each.then_minor - each.best_minor for each in found) == other["dearer_minor"]
    for each in data["off"]:
        mine = [part for part in best if part.tool_id == each["id"]]
        assert sum(part.less_minor for part in mine) == each["saves_minor"]
        for kind, key in ((PartKind.OWED, "locked_minor"), (PartKind.MOVING, "moving_minor")):
            assert sum(part.then_minor for part in mine if part.kind is kind) == each[key]
        yearly = [part for part in parts_of(data, yearly=True) if part.tool_id == each["id"]]
        assert sum(part.today_minor for part in yearly) == (each["annual_minor"] or 0)
        assert not any(part.then_minor for part in yearly)
    for each in data["keep"]:
        mine = [part for part in best if part.tool_id == each["id"]]
        assert sum(part.then_minor for part in mine if part.kind is PartKind.SEATS) == each["seats_minor"]
        assert sum(part.seats for part in mine) == (each["bought"] if each["seats_minor"] else 0)
    for key, total in (
        ("locked_minor", PartKind.OWED),
        ("moving_minor", PartKind.MOVING),
        ("seats_minor", PartKind.SEATS),
    ):
        assert sum(part.then_minor for part in best if part.kind is total) == data[key]


def test_the_manuals_example_part_by_part(session: Session) -> None:
    company = three_tools(session)
    question = stack_question(session, scope_for(session, as_of=DAY), StackOptions(moving_minor=1_000_00))
    data = answered(question)
    holds(data)
    found = parts_of(data)
    assert [(each.kind.value, each.name, each.today_minor, each.then_minor) for each in found] == [
        ("owed", "Alpha", 36_000_00, 3_021_90),
        ("seats", "Beta", 0, 11_000_00),
        ("moving", "Alpha", 0, 1_000_00),
        ("stays", "Beta", 18_000_00, 18_000_00),
        ("stays", "Gamma", 9_000_00, 9_000_00),
    ]
    assert parts_sentence(data, 0, found, yearly=False) == (
        "36 months cost 63,000 USD today and 42,022 USD with these tools: 20,978 USD less, from 3 of 5 parts."
    )
    year = parts_of(data, yearly=True)
    assert parts_sentence(data, 0, year, yearly=True) == (
        "A year costs 21,000 USD today and 13,000 USD once every contract has ended: 8,000 USD less, "
        "from 2 of 4 parts."
    )
    alpha = tuple(each for each in found if each.tool_id == company.alpha.id)
    assert parts_sentence(data, 0, alpha, yearly=False, tool="Alpha").startswith(
        "Alpha alone: 36 months cost 36,000 USD today and 4,022 USD with these tools"
    )
    row = part_row(data, 0, alpha[0], {alpha[0].line_id or 0: (7, "Alpha agreement")})
    assert row.opens is not None
    assert (row.opens.kind, row.opens.id, row.values["what"]) == ("contract", 7, "Alpha: Alpha agreement")
    assert row.values["free"] == date(2027, 1, 1)
    hidden = part_row(data, 0, alpha[0], {})
    assert (hidden.opens, hidden.values["what"]) == (None, "Alpha")
    dearer = parts_of(data, 1)
    assert parts_sentence(data, 1, dearer, yearly=False).endswith(
        f"{(data['alternatives'][0]['dearer_minor'] + 50) // 100:,} USD more, "
        f"from {sum(each.best_minor != each.then_minor for each in dearer)} of {len(dearer)} parts."
    )
    with pytest.raises(IndexError):
        parts_of(data, set_count(data))


def test_the_manuals_table_of_parts(session: Session) -> None:
    three_tools(session)
    data = answered(stack_question(session, scope_for(session, as_of=DAY), StackOptions()))
    found = parts_of(data)
    assert [(each.name, each.today_minor, each.then_minor, each.less_minor) for each in found] == [
        ("Alpha", 36_000_00, 3_021_90, 32_978_10),
        ("Beta", 0, 11_000_00, -11_000_00),
        ("Beta", 18_000_00, 18_000_00, 0),
        ("Gamma", 9_000_00, 9_000_00, 0),
    ]
    assert [each.seats for each in found] == [0, 20, 0, 0]
    assert sums(found) == (63_000_00, 41_021_90)
    assert sum(each.less_minor for each in found) == 21_978_10


@pytest.mark.parametrize("seed", range(16))
def test_random_companies_part_by_part_and_down_to_their_lines(session: Session, seed: int) -> None:
    random_company(session, seed)
    opened = 0
    for code in (None, "U0"):
        scope = scope_for(session, as_of=DAY, unit=code, environ={})
        options = StackOptions(
            months=(12, 24, 36)[seed % 3],
            lead_months=seed % 5,
            moving_minor=seed % 2 * 77_77,
            person_minor=seed * 3,
        )
        question = stack_question(session, scope, options)
        data = answered(question)
        if "value_minor" not in data:
            continue
        holds(data)
        costs = yearly_costs(session, scope)
        for each in parts_of(data, yearly=True):
            wanted = spend_behind(data, each)
            if wanted is not None and each.line_id is None:
                assert lines_of(session, scope, wanted).base_minor == costs[each.tool_id].minor
                assert each.today_minor == costs[each.tool_id].minor
                opened += 1
    if seed == 0:
        assert opened, "no tool of this company is known from spend"


def test_a_cost_that_is_not_known_is_told_so_in_each_part(session: Session) -> None:
    company = three_tools(session)
    build.tool(session, "Silent", capabilities={MAIL: 2}, units=[company.unit])
    question = stack_question(session, scope_for(session, as_of=DAY), StackOptions())
    silent = next(each for each in question.problem.tools if each.name == "Silent")
    question = stack_question(session, scope_for(session, as_of=DAY), StackOptions(go=(silent.id,)))
    data = answered(question)
    holds(data)
    (part,) = [each for each in parts_of(data) if each.tool_id == silent.id]
    row = part_row(data, 0, part, {})
    today = row.values["today"]
    assert isinstance(today, Amount)
    assert today.minor is None
    (off,) = [each for each in tables.off_rows(data, 3) if each.values["tool"].label == "Silent"]  # type: ignore[union-attr]
    for key in ("annual", "owed"):
        amount = off.values[key]
        assert isinstance(amount, Amount)
        assert amount.minor is None, key
    assert off.values["people"] == Missing("No usage file says who is active in it.")
    assert off.values["send_by"] == Missing("No contract of it says by when notice must be given.")


def test_rows_lead_to_their_parts_and_small_groups_say_why(session: Session) -> None:
    three_tools(session)
    data = answered(stack_question(session, scope_for(session, as_of=DAY), StackOptions(moving_minor=1)))
    (off,) = tables.off_rows(data, 3)
    assert {key: str(ref.id) for key, ref in off.leads.items()} == {
        "saves": f"3:::{data['off'][0]['id']}:",
        "annual": f"3::year:{data['off'][0]['id']}:",
        "owed": f"3:::{data['off'][0]['id']}:=goes",
        "moving": f"3:::{data['off'][0]['id']}:=moving off it",
    }
    assert tables.off_rows(data)[0].leads == {}
    old = {key: value for key, value in data.items() if key != "parts"}
    assert tables.off_rows(old, 3)[0].leads == {}
    assert tables.other_rows(old, 3)[0].opens is None
    shown = without_small_groups(data | {"off": [data["off"][0] | {"people": 4}]}, 5)
    assert tables.off_rows(shown)[0].values["people"] == Missing("a small group, hidden")


def test_what_is_kept_of_a_tool_sums_to_it(session: Session) -> None:
    company = three_tools(session)
    build.contract(
        session,
        build.vendor(session, "Second"),
        title="More of Alpha",
        start_on=date(2026, 3, 1),
        initial_months=12,
        renewal_months=12,
        renewal_kind="unknown",
        unit_id=company.unit.id,
        lines=[
            {"tool": company.alpha, "seats": 7, "amount_minor": 1_000_01, "licence_metric": "named_seat"},
            {"tool": company.alpha, "amount_minor": 333_33, "licence_metric": "flat"},
        ],
    )
    question = stack_question(session, scope_for(session, as_of=DAY), StackOptions(months=24))
    kept = kept_parts(question)
    for tool in question.problem.tools:
        lines = kept[str(tool.id)]["lines"]
        assert sum(each["today_minor"] for each in lines) == tool.keep_minor
        assert sum(each["owed_minor"] for each in lines) == tool.locked_minor
        assert sum(each["annual_minor"] for each in lines) == tool.annual_minor
    assert len(kept[str(company.alpha.id)]["lines"]) == 3
    holds(answered(question))
