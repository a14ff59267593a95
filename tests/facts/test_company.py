"""Random companies: the product's figures equal a naive second reading, to the cent, and units sum to the whole."""

import json
from collections.abc import Callable
from contextvars import Context
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.reading import shelf_of
from mopsaudit.facts.values import Basis, YearlyCost
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, LineFilter, Report
from mopsaudit.reports import coverage, overlap, quality, stack, underuse
from mopsaudit.scope import Scope
from mopsaudit.store.session import db, reading
from tests import builders as build
from tests.facts.company import DAY, Company, naive_buckets, naive_cost, random_company
from tests.facts.crowd import crowd

T = TypeVar("T")
ROOMS = (stack, overlap, underuse, coverage, quality)
SEEDS = range(12)  # the others: tests/reports/test_random_companies.py


@pytest.mark.parametrize("seed", SEEDS)
def test_figures_equal_a_naive_reading(session: Session, seed: int) -> None:
    figures_agree(session, random_company(session, seed), seed)


def figures_agree(session: Session, company: Company, seed: int) -> None:
    """Yearly costs and users in the whole and in each unit equal the naive reading."""
    whole = scope_for(session, as_of=DAY, environ={})
    for code in (None, *(each.code for each in company.units)):
        scope = scope_for(session, as_of=DAY, unit=code, environ={})
        costs = yearly_costs(session, scope)
        for tool in company.tools:
            if tool.id in costs:
                assert costs[tool.id].minor == naive_cost(session, scope, tool), (seed, code, tool.name)
        _users_stand_where_they_stand(session, scope, company, seed)
    _spend_opens_to_its_lines(session, seed)
    rows = {row.id: row for row in underuse.build(session, whole).rows}
    for tool in company.tools:
        found = naive_buckets(session, tool)
        if found is None:
            continue
        kind, users = found
        values = rows[f"t{tool.id}"].values
        assert values["assigned"] == sum(users.values()), (seed, tool.name)
        if kind == "assignment":
            assert not isinstance(values["active"], int), "signed in or not, nobody says"
            continue
        assert values["active"] == users["active"], (seed, tool.name)
        purchased = values["purchased"]
        if isinstance(purchased, int):
            needed = -(-users["active"] * 10 // 9)
            assert values["idle"] == max(0, purchased - needed)
            assert values["inactive"] == users["inactive"] + users["leaver"]
            over = values["over_use"]
            parts = [values[key] for key in ("active", "protected", "inactive", "unassigned")]
            assert isinstance(over, int)
            assert purchased + over == sum(part for part in parts if isinstance(part, int))


def _users_stand_where_they_stand(session: Session, scope: Scope, company: Company, seed: int) -> None:
    """Licences held and active users of each tool in a scope, record by record."""
    for row in underuse.build(session, scope).rows:
        tool = next(each for each in company.tools if row.id == f"t{each.id}")
        found = naive_buckets(session, tool, scope)
        if found is None:
            continue
        kind, users = found
        assert row.values["assigned"] == sum(users.values()), (seed, scope.unit_code, tool.name)
        if kind != "assignment":
            assert row.values["active"] == users["active"], (seed, scope.unit_code, tool.name)


def _spend_opens_to_its_lines(session: Session, seed: int) -> None:
    scope = scope_for(session, as_of=DAY, environ={})
    for cost in yearly_costs(session, scope).values():
        if {part.basis for part in cost.parts} == {Basis.SPEND} and cost.minor is not None:
            assert cost.trace.lines is not None
            page = lines_of(session, scope, cost.trace.lines)
            assert (page.base_minor, page.count) == (cost.minor, cost.origins), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_the_whole_is_the_sum_of_its_parts_and_savings_stay_below_cost(session: Session, seed: int) -> None:
    random_company(session, seed)
    whole_is_its_parts(session, seed)


def whole_is_its_parts(session: Session, seed: int) -> None:
    """Sections sum to the headline, savings stay below cost, what is unknown says why."""
    scope = scope_for(session, as_of=DAY, environ={})
    reports = [room.build(session, scope) for room in ROOMS]
    for report in reports:
        json.dumps(report.to_json())
        assert report.answer
        assert len(report.headlines) <= 4
        assert all(not isinstance(each.value, float) for each in report.headlines)
        _unknown_has_a_reason(report)
    picture = reports[0]
    head = picture.headlines[0].value
    assert isinstance(head, Amount)
    for section in picture.sections[:2]:
        amounts = [row.values["yearly_cost"] for row in section.rows]
        assert sum(each.minor or 0 for each in amounts if isinstance(each, Amount)) == (head.minor or 0)
    costs = yearly_costs(session, scope)
    for report in reports[1:3]:
        for finding in report.findings:
            if finding.kind in {"overlap", "idle-seats"} and finding.amount.minor is not None:
                known = [
                    _before_credits(costs[each.id]) for each in finding.tools if isinstance(each.id, int)
                ]
                assert finding.amount.minor <= sum(known), (seed, finding.id)
            if finding.amount.minor is not None and finding.recoverable.minor is not None:
                assert 0 <= finding.recoverable.minor <= finding.amount.minor


def _before_credits(cost: YearlyCost) -> int:
    """What a tool costs where it costs something: a refund booked in one unit makes no other unit's line cheaper."""
    return sum(max(0, part.minor or 0) for part in cost.parts)


def _unknown_has_a_reason(report: Report) -> None:
    for row in report.rows:
        for key, value in row.values.items():
            if isinstance(value, Amount) and value.minor is None:
                assert value.why, (report.name, row.id, key)


def test_an_unrelated_tool_changes_no_other_tools_figures(session: Session) -> None:
    random_company(session, 3)
    scope = scope_for(session, as_of=DAY, environ={})
    before = {
        room.__name__: {row.id: row for row in room.build(session, scope).rows}
        for room in (stack, overlap, underuse)
    }
    newcomer = build.tool(session, "Unrelated", capabilities={"dam_library": 2})
    build.spend_line(session, 5_000, tool=newcomer)
    for room in (stack, overlap, underuse):
        after = {row.id: row for row in room.build(session, scope).rows}
        assert {key: row for key, row in after.items() if key != f"t{newcomer.id}"} == before[room.__name__]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_queries_stay_the_same_while_the_company_doubles(app: Flask, session: Session, room: object) -> None:
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    numbers = []
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        for grow in (_first, _second):
            grow(session)
            session.commit()
            shelf_of(db.engine).clear()
            counted.clear()
            as_read(app, lambda reader: room.build(reader, scope_for(reader, as_of=DAY, environ={})))  # type: ignore[attr-defined]
            numbers.append(len(counted))
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 30  # with those that open the snapshot and find the scope


def as_read(app: Flask, work: Callable[[Session], T]) -> T:
    """Does something in a session that reads, as a page does, beside the test's own that writes."""

    def inside() -> T:
        with app.app_context(), reading() as reader:
            return work(reader)

    return Context().run(inside)


def _first(session: Session) -> None:
    crowd(session, 20, users=4, months=13, snapshots=2, units=2)


def _second(session: Session) -> None:
    for number in range(20):
        tool = build.tool(session, f"More {number}", capabilities=["sentiment", "mention_tracking"])
        build.spend_line(session, 100, tool=tool)
        build.usage(session, tool, users=[{"key": "a", "last_activity": DAY}])


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 5])
def test_the_same_on_postgresql(session: Session, seed: int) -> None:
    assert db.engine.dialect.name == "postgresql"
    company = random_company(session, seed)
    scope = scope_for(session, as_of=DAY, environ={})
    costs = yearly_costs(session, scope)
    assert {tool.id: costs[tool.id].minor for tool in company.tools} == {
        tool.id: naive_cost(session, scope, tool) for tool in company.tools
    }
    for room in ROOMS:
        json.dumps(room.build(session, scope).to_json())
    rows = {row.id: row for row in underuse.build(session, scope).rows}
    for tool in company.tools:
        found = naive_buckets(session, tool)
        if found is not None:
            assert rows[f"t{tool.id}"].values["assigned"] == sum(found[1].values())
        underuse.reclaim_list(session, scope, tool.id)
    assert lines_of(session, scope, LineFilter(tool_ids=(-1, 0), undated=True)).count >= 0
    east = scope_for(session, as_of=DAY, unit=company.units[0].code, environ={})
    for room in ROOMS:
        room.build(session, east)


def test_the_run_rate_reads_the_covering_index(session: Session, scope: Scope) -> None:
    crowd(session, 5, users=1, months=13)
    seen: list[tuple[str, Any]] = []

    def remember(*arguments: Any) -> None:
        if "FROM ledger_summary" in arguments[2]:
            seen.append((arguments[2], arguments[3]))

    event.listen(db.engine, "before_cursor_execute", remember)
    try:
        yearly_costs(session, scope)
    finally:
        event.remove(db.engine, "before_cursor_execute", remember)
    ((statement, parameters),) = seen
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "COVERING INDEX ix_ledger_summary_cover" in str(plan)
