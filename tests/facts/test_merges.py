"""Merged tools: everything of the one counts on the other, and taking the merge back restores every figure."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.buckets import joined_bucket
from mopsaudit.facts.coverage import ledger_coverage
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.people import idle_users
from mopsaudit.facts.seats import user_counts
from mopsaudit.facts.snapshots import best_snapshot, snapshots_until
from mopsaudit.facts.sources import sources_of
from mopsaudit.facts.tools import capabilities_at, tools_at
from mopsaudit.governance.decisions import list_decisions
from mopsaudit.intake.matching import matcher_for
from mopsaudit.inventory.find import find_named
from mopsaudit.inventory.listing import list_tools, tool_view
from mopsaudit.inventory.merges import merge_tools, moving, unmerge_tools
from mopsaudit.inventory.tools import find_tool, in_scope, set_capabilities, set_person, set_units
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.report_totals import check_totals
from mopsaudit.reporting import LineFilter, Ref
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.scope import Scope
from mopsaudit.store.models import (
    BudgetLine,
    BusinessCase,
    ContractLine,
    Decision,
    LedgerSummary,
    SpendLine,
    Tool,
    ToolCapability,
    ToolState,
    ToolUnit,
    ToolUser,
    UsageRecord,
    UsageSnapshot,
)
from tests import builders as build
from tests.facts.company import DAY, Company, random_company

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)


def _merge(session: Session, tool: Tool, into: Tool) -> int:
    return merge_tools(session, tool.id, into.id, version=tool.version, now=NOW).id


def _figures(session: Session, codes: tuple[str | None, ...]) -> dict[str, Any]:
    """Every report of every unit at two days, and the joined findings, as JSON has them."""
    session.flush()
    session.expire_all()
    found: dict[str, Any] = {}
    for day in (DAY, date(2026, 2, 14)):
        for code in codes:
            scope = scope_for(session, as_of=day, unit=code, environ={})
            for slug, room in REPORTS.items():
                for basis in ("invoiced", "accrual") if slug == "budget" else (None,):
                    options = {} if basis is None else {"basis": basis}
                    report = room.build(session, scope, **options)
                    found[f"{day} {code} {slug} {basis}"] = json.loads(
                        json.dumps(report.to_json(), default=str, sort_keys=True)
                    )
            joined = all_findings(session, scope)
            found[f"{day} {code} joined"] = [
                [each.id, each.sentence, joined.counted(each.id)] for each in joined.findings
            ]
    return found


def _company(session: Session, seed: int) -> Company:
    """A random company with a case and a decision on some tools, too."""
    company = random_company(session, seed)
    chance = random.Random(seed + 1)
    for tool in company.tools:
        if chance.random() < 0.4:
            build.case(
                session,
                f"Case for {tool.name}",
                tool_id=tool.id,
                approved_at=NOW,
                starts_on=date(2026, 1, 1),
                flows=[{"side": "cost", "month": month_of(date(2026, 3, 1)), "amount_minor": 50_000}],
            )
        if chance.random() < 0.4:
            build.decision(session, tool)
    return company


def _identity(session: Session, seed: int) -> None:
    company = _company(session, seed)
    codes = (None, *(each.code for each in company.units))
    before = _figures(session, codes)
    chance = random.Random(seed)
    tools = list(company.tools)
    chance.shuffle(tools)
    made = [_merge(session, one, two) for one, two in list(pairwise(tools))[: chance.randint(1, 3)]]
    assert _figures(session, codes) != before
    chance.shuffle(made)
    for merge_id in made:
        unmerge_tools(session, merge_id, now=NOW)
    assert heads(session) == Heads()
    assert _figures(session, codes) == before


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 200))]
)
def test_merging_and_taking_it_back_leaves_every_figure_as_it_was(session: Session, seed: int) -> None:
    _identity(session, seed)


@pytest.mark.postgres
def test_merging_and_taking_it_back_on_postgresql(session: Session) -> None:
    _identity(session, 5)


def _without_usage(session: Session, tool: Tool) -> None:
    for snapshot in session.scalars(select(UsageSnapshot).where(UsageSnapshot.tool_id == tool.id)).all():
        for record in session.scalars(
            select(UsageRecord).where(UsageRecord.snapshot_id == snapshot.id)
        ).all():
            session.delete(record)
        session.flush()
        session.delete(snapshot)
    for user in session.scalars(select(ToolUser).where(ToolUser.tool_id == tool.id)).all():
        session.delete(user)
    session.flush()


def _rewrite(session: Session, old: Tool, new: Tool) -> None:
    """What merging avoids: every record of the old tool written over to the new one."""
    written: tuple[Any, ...] = (SpendLine, LedgerSummary, ContractLine, BudgetLine, BusinessCase, Decision)
    for model in written:
        for record in session.scalars(select(model).where(model.tool_id == old.id)).all():
            record.tool_id = new.id
    for fact in session.scalars(select(ToolCapability).where(ToolCapability.tool_id == old.id)).all():
        same = session.scalars(
            select(ToolCapability).where(
                ToolCapability.tool_id == new.id, ToolCapability.capability_id == fact.capability_id
            )
        ).one_or_none()
        if same is None:
            fact.tool_id = new.id
        else:
            known = [each for each in (same.used_halves, fact.used_halves) if each is not None]
            same.used_halves = max(known) if known else None
            session.delete(fact)
    held = set(session.scalars(select(ToolUnit.unit_id).where(ToolUnit.tool_id == new.id)))
    for used in session.scalars(select(ToolUnit).where(ToolUnit.tool_id == old.id)).all():
        if used.unit_id in held:
            session.delete(used)
        else:
            used.tool_id = new.id
    for state in session.scalars(select(ToolState).where(ToolState.tool_id == old.id)).all():
        session.delete(state)
    session.flush()


@pytest.mark.parametrize(
    "seed", [*range(20, 23), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(23, 200))]
)
def test_a_merge_counts_as_if_every_record_had_been_rewritten(session: Session, seed: int) -> None:
    company = _company(session, seed)
    old, new = company.tools[0], company.tools[1]
    _without_usage(session, old)
    codes = (None, *(each.code for each in company.units))
    _merge(session, old, new)
    merged = _figures(session, codes)
    _rewrite(session, old, new)
    assert _figures(session, codes) == merged


def test_merging_changes_no_sum_of_the_ledger(session: Session) -> None:
    company = _company(session, 3)
    scope = scope_for(session, as_of=DAY, environ={})
    before = ledger_coverage(session, scope)
    spent = REPORTS["budget"].build(session, scope).to_json()["figures"]["actual"]
    total = lines_of(session, scope, LineFilter())
    first, second, *_ = company.tools
    own = lines_of(session, scope, LineFilter(tool_ids=(first.id,)))
    theirs = lines_of(session, scope, LineFilter(tool_ids=(second.id,)))
    _merge(session, first, second)
    after = lines_of(session, scope, LineFilter(tool_ids=(second.id,)), limit=500)
    assert ledger_coverage(session, scope) == before
    assert REPORTS["budget"].build(session, scope).to_json()["figures"]["actual"] == spent
    assert lines_of(session, scope, LineFilter()).base_minor == total.base_minor
    assert after.count == own.count + theirs.count
    assert after.base_minor == own.base_minor + theirs.base_minor
    assert {piece.tool for piece in after.pieces} == {Ref(kind="tool", id=second.id, label=second.name)}
    wanted = LineFilter(tool_ids=(second.id,))
    (rows,) = sources_of(session, scope, [wanted]).values()
    assert sum(row.lines for row in rows) == after.count


def test_the_check_of_report_totals_follows_a_merge(session: Session) -> None:
    company = _company(session, 7)
    _merge(session, company.tools[0], company.tools[1])
    check = check_totals(session, as_of=DAY)
    assert check.checked
    assert not check.differences


def _users(session: Session, tool: Tool, people: dict[str, int | None], **values: Any) -> None:
    build.usage(
        session,
        tool,
        users=[
            {
                "key": f"{name}@example.com",
                "last_activity": None if days is None else DAY - timedelta(days=days),
                "never": days is None,
            }
            for name, days in people.items()
        ],
        **values,
    )


def _use(session: Session, scope: Scope, tool: Tool) -> tuple[int, int, int]:
    best = best_snapshot(
        snapshots_until(session, scope)[tool.id], scope.as_of, scope.settings.usage_fresh_days
    )
    assert best is not None
    counts = user_counts(session, scope, (best,), tools_at(session, scope))[best.id]
    return counts.assigned, counts.active, counts.inactive


def test_who_uses_both_tools_is_one_user(session: Session, scope: Scope) -> None:
    old, new = build.tool(session, "Old Mailer"), build.tool(session, "Mailer")
    _users(session, old, {"ada": 5, "bob": 200, "cyd": None})
    _users(session, new, {"ada": 300, "bob": 400, "dee": 1}, as_of=date(2026, 9, 1))
    assert _use(session, scope, new) == (3, 1, 2)
    merge_id = _merge(session, old, new)
    assert _use(session, scope, new) == (4, 2, 2)
    best = best_snapshot(snapshots_until(session, scope)[new.id], DAY, scope.settings.usage_fresh_days)
    assert best is not None
    idle = idle_users(session, scope, best, tools_at(session, scope))
    assert [(each.user_key, each.last_seen) for each in idle] == [
        ("cyd@example.com", None),
        ("bob@example.com", DAY - timedelta(days=200)),
    ]
    row = next(row for row in REPORTS["underuse"].build(session, scope).rows if row.id == f"t{new.id}")
    assert row.values["active"] == 2
    assert moving(session, scope, new).users == 4
    unmerge_tools(session, merge_id, now=NOW)
    assert _use(session, scope, new) == (3, 1, 2)
    assert _use(session, scope, old) == (3, 1, 2)


def test_counts_without_names_are_added_to_the_users_of_the_other_tool(
    session: Session, scope: Scope
) -> None:
    old, new = build.tool(session, "Old Mailer"), build.tool(session, "Mailer")
    build.usage(session, old, assigned_count=10, active_count=4)
    _users(session, new, {"ada": 1, "bob": 300})
    _merge(session, old, new)
    assert _use(session, scope, new) == (12, 5, 7)


def test_a_list_long_out_of_date_does_not_join_a_fresh_one(session: Session, scope: Scope) -> None:
    old, new = build.tool(session, "Old Mailer"), build.tool(session, "Mailer")
    _users(session, old, {"ada": 400}, as_of=date(2024, 1, 31))
    _users(session, new, {"dee": 1})
    _merge(session, old, new)
    assert _use(session, scope, new) == (1, 1, 0)


@pytest.mark.parametrize(
    "buckets, expected",
    [
        (("inactive", "active"), "active"),
        (("leaver", "active"), "leaver"),
        (("inactive", "unlicensed"), "active"),
        (("none", "unlicensed"), "unlicensed"),
        (("undated", "inactive"), "inactive"),
        (("undated", "other"), "other"),
        (("new", "inactive"), "new"),
        (("exempt", "inactive"), "exempt"),
    ],
)
def test_a_user_of_joined_files_stands_in_one_bucket(buckets: tuple[str, ...], expected: str) -> None:
    assert joined_bucket(buckets) == expected
    assert joined_bucket(reversed(buckets)) == expected


def test_a_chain_counts_on_its_end_and_comes_apart_in_any_order(session: Session, scope: Scope) -> None:
    one, two, three = (build.tool(session, name) for name in ("One", "Two", "Three"))
    build.spend_line(session, 100, tool=one)
    first, second = _merge(session, one, two), _merge(session, two, three)
    assert heads(session).of == {one.id: three.id, two.id: three.id}
    assert lines_of(session, scope, LineFilter(tool_ids=(three.id,))).count == 1
    unmerge_tools(session, first, now=NOW)
    assert heads(session).of == {two.id: three.id}
    unmerge_tools(session, second, now=NOW)
    assert heads(session).of == {}


def test_vendor_of_a_merged_tools_lines_is_that_of_its_head(session: Session, scope: Scope) -> None:
    was, now_is = build.vendor(session, "Was"), build.vendor(session, "Is")
    old, new = build.tool(session, "Old", of=was), build.tool(session, "New", of=now_is)
    build.spend_line(session, 700, tool=old)
    _merge(session, old, new)
    assert lines_of(session, scope, LineFilter(vendor_ids=(was.id,))).count == 0
    assert lines_of(session, scope, LineFilter(vendor_ids=(now_is.id,))).count == 1


def test_a_merged_tool_is_one_at_past_dates_before_its_head_began(session: Session) -> None:
    old, new = build.tool(session, "Old"), build.tool(session, "New")
    for state in session.scalars(select(ToolState).where(ToolState.tool_id == new.id)):
        state.valid_from = date(2026, 6, 1)
    session.flush()
    scope = scope_for(session, as_of=date(2026, 1, 31), environ={})
    assert [each.name for each in tools_at(session, scope)] == ["Old"]
    _merge(session, old, new)
    assert [(each.name, each.status) for each in tools_at(session, scope)] == [("New", "active")]


def test_units_people_and_capabilities_come_together(session: Session, scope: Scope) -> None:
    emea, apac = build.unit(session, "EMEA"), build.unit(session, "APAC")
    ada = build.person(session, "Ada Owner")
    old = build.tool(
        session,
        "Old",
        units=(emea,),
        business_owner=ada,
        capabilities={"sentiment": 2, "crisis_alerts": None},
        licence_metric="named_seat",
    )
    new = build.tool(session, "New", units=(apac,), capabilities={"sentiment": 0, "nps_tracking": 1})
    _merge(session, old, new)
    (fact,) = tools_at(session, scope)
    assert (fact.name, fact.units, fact.licence_metric) == ("New", (emea.id, apac.id), "named_seat")
    assert fact.owner is not None
    assert fact.owner.label == "Ada Owner"
    assert {each.capability_id: each.halves for each in capabilities_at(session, scope)} == {
        "crisis_alerts": None,
        "nps_tracking": 1,
        "sentiment": 2,
    }
    for code in ("EMEA", "APAC"):
        part = scope_for(session, as_of=DAY, unit=code, environ={})
        assert [each.name for each in tools_at(session, part)] == ["New"]
        assert [each.name for each in list_tools(session, part)] == ["New"]
    (row,) = list_tools(session, scope)
    assert [name for _, name in row.units] == ["Apac", "Emea"]
    assert row.owner == (ada.id, "Ada Owner")
    assert len(row.capabilities) == 3
    # What is said of the head afterwards holds for all of it.
    set_units(session, new.id, [apac.id], on=DAY)
    set_capabilities(session, new.id, {"sentiment": 0}, on=DAY)
    set_person(session, new.id, "business_owner", None, on=DAY)
    (fact,) = tools_at(session, scope)
    assert (fact.units, fact.owner) == ((apac.id,), None)
    assert [(each.capability_id, each.halves) for each in capabilities_at(session, scope)] == [
        ("sentiment", 0)
    ]


def test_names_of_a_merged_tool_lead_to_its_head_and_back_after(session: Session, scope: Scope) -> None:
    vendor = build.vendor(session, "Mailco")
    old = build.tool(session, "Quagmire Mail", of=vendor)
    new = build.tool(session, "Brilliant Mail", of=vendor)
    merge_id = _merge(session, old, new)
    found = find_tool(session, "quagmire mail")
    assert found is not None
    assert found.id == new.id
    assert [ref.id for ref in find_named(session, scope, "quagmire")["tool"]] == [new.id]
    assert "Quagmire Mail" in tool_view(session, scope, new).names
    assert matcher_for(session).match("Quagmire Mail").tool == "Brilliant Mail"
    unmerge_tools(session, merge_id, now=NOW)
    found = find_tool(session, "quagmire mail")
    assert found is not None
    assert found.id == old.id
    assert matcher_for(session).match("Quagmire Mail").tool == "Quagmire Mail"


def test_decisions_on_a_merged_tool_stand_on_its_head(session: Session, scope: Scope) -> None:
    old, new = build.tool(session, "Old"), build.tool(session, "New")
    build.decision(session, old, "retire")
    _merge(session, old, new)
    (row,) = list_decisions(session, scope, in_scope(scope), tool_id=new.id)
    assert (row.tool_id, row.tool, row.verdict) == (new.id, "New", "retire")
    part = scope_for(session, as_of=DAY, unit=build.unit(session, "LATAM").code, environ={})
    assert list_decisions(session, part, in_scope(part)) == ()


def test_what_a_preview_says_is_what_the_merge_does(session: Session, scope: Scope) -> None:
    company = _company(session, 11)
    old, new = company.tools[0], company.tools[1]
    mine, theirs = moving(session, scope, old, new), moving(session, scope, new)
    _merge(session, old, new)
    both = moving(session, scope, new)
    for name in ("lines", "cases", "decisions", "budget_lines"):
        assert getattr(both, name) == getattr(mine, name) + getattr(theirs, name), name
    assert both.contracts == mine.contracts + theirs.contracts - mine.shared_contracts
    assert both.users == mine.users + theirs.users - mine.shared_users
    assert both.capabilities == mine.capabilities + theirs.capabilities - mine.shared_capabilities


def test_heads_follow_only_what_they_are_asked() -> None:
    merged = Heads(of={1: 3, 2: 3}, vendors={3: 30})
    assert merged.family((3, 9)) == (3, 9, 1, 2)
    assert merged.widened(LineFilter(tool_ids=(0, 3))).tool_ids == (0, 3, 1, 2)
    assert merged.placed(1, 10) == (3, 30)
    assert merged.placed(9, 90) == (9, 90)
    assert merged.placed(None, 5) == (None, 5)
    assert Counter(merged.tool(each) for each in (1, 2, 3)) == {3: 3}
