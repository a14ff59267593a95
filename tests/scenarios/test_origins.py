"""Every figure of a scenario opens: its parts sum to it, a billed part has its contract, a booked one its lines."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.facts import ScenarioFacts, Source
from mopsaudit.scenarios.origins import Origin, origin_row, origins_of, origins_sentence
from mopsaudit.scenarios.outcome import Outcome, work_out_scenario
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.store.models import Tool
from tests import builders as build
from tests.facts.company import random_company
from tests.reports.budget.owed import owing_company
from tests.scenarios.company import DAY, three_tools


def months_of(facts: ScenarioFacts, place: int) -> range:
    year = facts.years[place]
    return range(month_of(year.start), month_of(year.end))


def parts_sum(facts: ScenarioFacts, changes: tuple[Change, ...], outcome: Outcome) -> None:
    """Of each year, of all months, and of what each change saves alone."""
    for place, (_, today, then) in enumerate(outcome.years):
        found = origins_of(facts, changes, months_of(facts, place))
        assert sum(each.today_minor for each in found) == today, place
        assert sum(each.then_minor for each in found) == then, place
    found = origins_of(facts, changes, facts.months)
    assert sum(each.less_minor for each in found) == outcome.saved_minor
    for each in outcome.effects:
        alone = origins_of(facts, (each.change,), months_of(facts, len(facts.years) - 1))
        assert sum(part.less_minor for part in alone) == each.annual_minor


def parts(found: tuple[Origin, ...], facts: ScenarioFacts) -> list[tuple[str, str, int, int]]:
    return [
        (
            str(origin_row(facts, place, each).values["what"]),
            each.source.value,
            each.today_minor,
            each.then_minor,
        )
        for place, each in enumerate(found)
    ]


def test_the_manuals_example_part_by_part(session: Session) -> None:
    company = three_tools(session)
    facts = scenario_facts(session, scope_for(session, as_of=DAY))
    change = Change(
        kind=Kind.OFF,
        tool_id=company.alpha.id,
        on=date(2027, 1, 1),
        into_ids=(company.beta.id,),
        once_minor=500_00,
    )
    outcome = work_out_scenario(facts, (change,))
    parts_sum(facts, (change,), outcome)
    last = origins_of(facts, (change,), months_of(facts, 2))
    assert parts(last, facts) == [
        ("Alpha agreement: Alpha", "owed", 12_000_00, 0),
        ("Beta", "seats", 0, 4_000_00),
        ("Beta agreement: Beta", "owed", 6_000_00, 6_000_00),
        ("Gamma agreement: Gamma", "owed", 3_000_00, 3_000_00),
    ]
    assert origins_sentence(facts, "FY2028", last) == (
        "FY2028 costs 21,000 USD as things stand and 13,000 USD with this: 8,000 USD less, from 2 of 4 parts."
    )
    first = origins_of(facts, (change,), months_of(facts, 1))
    assert ("Alpha", "moving", 0, 500_00) in parts(first, facts)
    opened = origin_row(facts, 0, last[0]).opens
    assert opened is not None
    assert (opened.kind, opened.id) == ("contract", last[0].contract_id)
    assert last[0].contract_id is not None
    assert origin_row(facts, 1, last[1]).opens is None


def test_nothing_changed_is_the_same_part_by_part(session: Session) -> None:
    three_tools(session)
    facts = scenario_facts(session, scope_for(session, as_of=DAY))
    found = origins_of(facts, (), facts.months)
    assert found
    assert all(each.less_minor == 0 for each in found)
    assert origins_sentence(facts, "FY2026", found).endswith("the same.")


def every_change(session: Session, facts: ScenarioFacts, tools: list[Tool]) -> tuple[Change, ...]:
    """A tool off and replaced, another off, a line with more seats and one with fewer, a tool that is added."""
    lines = [each for each in facts.lines.values() if each.seats]
    changes = [
        Change(
            kind=Kind.OFF, tool_id=tools[0].id, on=date(2027, 2, 15), into_ids=(tools[-1].id,), once_minor=777
        ),
        Change(kind=Kind.ADD, name="Another", on=date(2026, 11, 11), annual_minor=1_234_57, once_minor=99),
    ]
    if len(tools) > 2:
        changes.append(Change(kind=Kind.OFF, tool_id=tools[1].id, on=date(2026, 12, 1)))
    for place, each in enumerate(lines[:2]):
        seats = (each.seats or 0) * 2 if place else (each.seats or 0) // 2
        changes.append(Change(kind=Kind.SEATS, line_id=each.id, seats=seats, on=date(2026, 10, 20)))
    return tuple(changes)


@pytest.mark.parametrize("seed", range(12))
def test_random_companies_part_by_part_and_down_to_their_lines(session: Session, seed: int) -> None:
    if seed % 2:
        company = random_company(session, seed)
        tools, day = list(company.tools), DAY
    else:
        day = owing_company(session, seed)
        tools = list(session.query(Tool).order_by(Tool.id))
    for code in (None, "U0") if seed % 2 else (None,):
        scope = scope_for(session, as_of=day, unit=code, environ={})
        facts = scenario_facts(session, scope)
        changes = every_change(session, facts, tools)
        parts_sum(facts, changes, work_out_scenario(facts, changes))
        opened = 0
        for each in origins_of(facts, changes, months_of(facts, 0)):
            if each.source is Source.BOOKED:
                assert (each.lines is None) == (facts.booked is None)
                if each.lines is not None:
                    assert lines_of(session, scope, each.lines).base_minor == each.today_minor, (seed, each)
                    opened += 1
        if seed % 2 and code is None:
            assert opened, seed


def test_on_a_day_within_a_month_no_link_claims_what_it_does_not_select(session: Session) -> None:
    company = three_tools(session)
    build.spend_line(session, 5_00, on=date(2026, 9, 4), tool=company.gamma)
    build.spend_line(session, 7_00, on=date(2026, 9, 20), tool=company.gamma)
    whole = scenario_facts(session, scope_for(session, as_of=date(2026, 9, 30)))
    part = scenario_facts(session, scope_for(session, as_of=date(2026, 9, 15)))
    assert whole.booked is not None
    assert part.booked is None
    (booked,) = [each for each in origins_of(part, (), part.months) if each.source is Source.BOOKED]
    assert (booked.today_minor, booked.lines) == (5_00, None)
