"""The report on a real database: proven and possible, money, settling, units, people, owned twice."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.values import facts_digest
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Report
from mopsaudit.reports.overlap import build
from mopsaudit.reports.registry import all_findings
from mopsaudit.scope import Scope
from mopsaudit.store.models import ContractLine, FindingState, Tool, ToolCapability
from tests import builders as build_

DAY = date(2026, 9, 30)
SHARED: dict[str, int | None] = {"sentiment": 2, "mention_tracking": 2}
TERMS: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12}


def bought(session: Session, tool: Tool, amount: int, seats: int | None = None, **contract: Any) -> None:
    build_.contract(
        session,
        build_.vendor(session),
        lines=[{"tool": tool, "amount_minor": amount, "seats": seats}],
        **(TERMS | contract),
    )


def minor(value: object) -> int | None:
    assert isinstance(value, Amount)
    return value.minor


def section(report: Report, key: str) -> Any:
    return next(each for each in report.sections if each.key == key)


def two_tools(session: Session) -> tuple[Tool, Tool]:
    dear = build_.tool(session, "Dear", capabilities=SHARED)
    cheap = build_.tool(session, "Cheap", capabilities={**SHARED, "trend_discovery": 2})
    bought(session, dear, 50_000_00, seats=500)
    bought(session, cheap, 30_000_00, seats=300)
    return dear, cheap


def test_proven_overlap_carries_money(session: Session, scope: Scope) -> None:
    dear, cheap = two_tools(session)
    people = [build_.person(session, f"Person {n}") for n in range(8)]
    for tool, first, last in ((dear, 0, 6), (cheap, 3, 8)):
        build_.usage(
            session,
            tool,
            users=[
                {"key": f"{tool.name}{n}", "person": people[n], "last_activity": DAY}
                for n in range(first, last)
            ],
        )
    report = build(session, scope)
    (row,) = report.rows
    assert row.values["overlap"] == "proven"
    assert minor(row.values["run_rate"]) == 80_000_00
    # Dear goes: 3 of its 6 people are not on Cheap yet, and Cheap has 295 free seats.
    assert minor(row.values["at_stake"]) == 50_000_00
    assert row.detail["added"] == {}
    assert row.detail["alone"] == {"Cheap": ["Trend discovery"], "Dear": []}
    assert [
        (row.values["tool"].label, row.values["stays"], row.values["alone"])
        for row in section(report, "members").rows
    ] == [("Cheap", "stays", "Trend discovery"), ("Dear", "goes", "")]
    assert report.findings[0].evidence["alone"] == ["Cheap: Trend discovery"]
    (pair,) = section(report, "pairs").rows
    assert pair.values["in_both"] == "Mention tracking, Sentiment analysis"
    assert (pair.values["b_covers_a"].numerator, pair.values["a_covers_b"].numerator) == (2, 2)
    assert {pair.values["b_covers_a"].denominator, pair.values["a_covers_b"].denominator} == {2, 3}
    assert (pair.values["people"].numerator, pair.values["people"].denominator) == (3, 5)
    (finding,) = report.findings
    assert finding.sentence.startswith("Cheap and Dear share 2 capabilities in use; Cheap alone would do")
    assert finding.earliest == date(2027, 1, 1)
    assert finding.recoverable.minor == 0
    assert finding.evidence["by_bearer"] == {"line:1": {"annual_minor": 50_000_00}}
    assert report.answer == "1 group of tools overlaps; 50,000 USD a year is at stake."


def test_seats_added_on_the_survivor_are_taken_off(session: Session, scope: Scope) -> None:
    dear, cheap = two_tools(session)
    build_.usage(session, dear, assigned_count=400, active_count=400)
    build_.usage(session, cheap, assigned_count=280, active_count=280)
    (row,) = build(session, scope).rows
    assert row.detail["added"] == {"Cheap": 380}
    assert minor(row.values["at_stake"]) == 50_000_00 - 380 * 100_00


def test_unknown_use_is_possible_and_carries_no_money(session: Session, scope: Scope) -> None:
    for name in ("One", "Two"):
        tool = build_.tool(session, name, capabilities=dict.fromkeys(SHARED))
        bought(session, tool, 1_000)
    report = build(session, scope)
    (row,) = report.rows
    assert (row.values["overlap"], minor(row.values["at_stake"])) == ("possible", None)
    assert row.values["shared"] == 2
    assert row.detail["shared_capabilities"] == ["Mention tracking", "Sentiment analysis"]
    (finding,) = report.findings
    assert finding.kind == "possible-overlap"
    assert finding.sentence == "One and Two may share 2 capabilities: which of them are used is not known."
    assert "No tools are known to overlap" in report.answer
    assert "1 further group may overlap" in report.answer


def test_unknown_cost_is_said_and_never_counted(session: Session, scope: Scope) -> None:
    known = build_.tool(session, "Known", capabilities=SHARED)
    build_.tool(session, "Unknown", capabilities=SHARED)
    bought(session, known, 700_00)
    report = build(session, scope)
    (row,) = report.rows
    assert minor(row.values["at_stake"]) == 700_00
    assert "no known yearly cost: Unknown" in row.detail["unknown"]
    assert "about 700 USD" in report.findings[0].sentence
    assert row.detail["hedge"] == "about"
    assert row.values["confidence"] == "low"


def test_a_line_without_a_price_bears_nothing_beside_one_with_a_price(session: Session, scope: Scope) -> None:
    dear, _ = two_tools(session)
    bought(session, dear, 10_000_00, seats=100, currency="CHF")  # no rate: in no run rate
    build_.usage(
        session, dear, users=[{"key": "one", "person": build_.person(session), "last_activity": DAY}]
    )
    lines = session.scalars(
        select(ContractLine.id).where(ContractLine.tool_id == dear.id).order_by(ContractLine.id)
    ).all()
    (finding,) = [each for each in build(session, scope).findings if each.kind == "overlap"]
    left = 50_000_00 - 100_00  # a seat on Cheap for the one who moves
    assert finding.amount.minor == left
    by_line = {name: part["annual_minor"] for name, part in finding.evidence["by_bearer"].items()}
    assert by_line == {f"line:{lines[0]}": left, f"line:{lines[1]}": 0}
    # What is idle on the priced line counts no second time through the other.
    assert left <= (all_findings(session, scope).annual.minor or 0) <= 50_000_00


@pytest.mark.parametrize("state", ["confirm", "deliberate", "dismiss"])
def test_a_settled_group_stays_settled_until_a_tool_in_it_changes(
    session: Session, scope: Scope, state: str
) -> None:
    dear, _ = two_tools(session)
    (finding,) = build(session, scope).findings
    session.add(
        FindingState(
            finding_id=finding.id,
            state=state,
            facts_digest=facts_digest(finding.facts),
            review_on=date(2026, 12, 31),
            settled_at=datetime(2026, 9, 1, tzinfo=UTC),
        )
    )
    session.flush()
    settled = build(session, scope)
    assert settled.findings[0].state == state
    assert ("overlaps" in settled.answer) == (state == "confirm")
    build_.spend_line(session, 5_00, tool=dear)  # money moves every month: it does not open the group again
    assert build(session, scope).findings[0].state == state
    later = replace(scope, as_of=date(2027, 1, 1))
    assert all(each.state == "open" for each in build(session, later).findings)
    session.add(ToolCapability(tool_id=dear.id, capability_id="crisis_alerts", used_halves=0))
    session.flush()
    assert build(session, scope).findings[0].state == "open"


def test_inside_each_unit_or_across(session: Session, scope: Scope) -> None:
    east, west = build_.unit(session, "EAST"), build_.unit(session, "WEST")
    for name, units in (("A", [east]), ("B", [west]), ("C", [east, west])):
        tool = build_.tool(session, name, capabilities=SHARED, units=units)
        build_.spend_line(session, 100, tool=tool, unit=units[0])
    whole = scope_for(session, as_of=DAY, environ={})
    across = build(session, whole)
    assert [len(row.values["tools"]) for row in across.rows] == [3]  # type: ignore[arg-type]
    inside = replace(whole, settings=replace(whole.settings, operating_model="coordination"))
    report = build(session, inside)
    assert {
        (row.values["unit"], tuple(ref.label for ref in row.values["tools"]))  # type: ignore[union-attr]
        for row in report.rows
    } == {("East", ("A", "C")), ("West", ("B", "C"))}
    assert {row.values["unit"]: minor(row.values["run_rate"]) for row in report.rows} == {
        "East": 200,
        "West": 100,
    }


def test_weights_are_shown(session: Session, scope: Scope) -> None:
    dear, _ = two_tools(session)
    plain = build(session, scope)
    assert next(each for each in plain.thresholds if each.key == "weights").value == "1 each"
    owned = session.scalars(
        select(ToolCapability).where(
            ToolCapability.tool_id == dear.id, ToolCapability.capability_id == "sentiment"
        )
    ).one()
    owned.weight = 3
    session.flush()
    report = build(session, scope)
    (pair,) = section(report, "pairs").rows
    first, second = ("×1", "×3") if pair.values["a"].label == "Cheap" else ("×3", "×1")
    assert pair.values["in_both"] == f"Mention tracking, Sentiment analysis ({first} / {second})"
    assert "unless" in next(each for each in report.thresholds if each.key == "weights").value


def test_owned_twice_is_judged_where_overlap_is(session: Session, scope: Scope) -> None:
    east, west = build_.unit(session, "EAST"), build_.unit(session, "WEST")
    build_.tool(session, "User", capabilities={"sentiment": 2}, units=[east])
    build_.tool(session, "Here", capabilities={"sentiment": 0}, units=[east])
    build_.tool(session, "There", capabilities={"sentiment": 0}, units=[west])
    whole = scope_for(session, as_of=DAY, environ={})
    (row,) = section(build(session, whole), "owned_twice").rows
    assert [ref.label for ref in row.values["unused_in"]] == ["Here", "There"]
    inside = replace(whole, settings=replace(whole.settings, operating_model="coordination"))
    (row,) = section(build(session, inside), "owned_twice").rows
    assert row.values["unit"] == "East"
    assert [ref.label for ref in row.values["unused_in"]] == ["Here"]


def test_retired_tools_do_not_overlap_and_history_is_as_it_was(session: Session, scope: Scope) -> None:
    two_tools(session)
    gone = build_.tool(session, "Gone", capabilities=SHARED, status="retired")
    report = build(session, scope)
    assert all(str(gone.id) not in row.id.split("-")[-1] for row in report.rows)
    assert [len(row.values["tools"]) for row in report.rows] == [2]  # type: ignore[arg-type]


def test_owned_twice_used_once_needs_no_migration(session: Session, scope: Scope) -> None:
    user = build_.tool(session, "User", capabilities={"sentiment": 2})
    owner = build_.tool(session, "Owner", capabilities={"mention_tracking": 2})
    build_.tool(session, "Silent", capabilities={"sentiment": None})
    line = build_.contract_line(
        session, build_.contract(session, build_.vendor(session), **TERMS), tool=owner, amount_minor=900_00
    )
    session.add(
        ToolCapability(tool_id=owner.id, capability_id="sentiment", used_halves=0, contract_line_id=line.id)
    )
    session.flush()
    report = build(session, scope)
    (row,) = section(report, "owned_twice").rows
    assert row.values["used_in"].label == "User"
    assert [ref.label for ref in row.values["unused_in"]] == ["Owner"]
    assert [ref.label for ref in row.values["unknown_in"]] == ["Silent"]
    assert minor(row.values["amount"]) == 900_00
    (finding,) = report.findings
    assert (finding.kind, finding.amount.minor, finding.bearers) == (
        "owned-unused",
        900_00,
        (f"line:{line.id}",),
    )
    assert user.id
    session.add(
        ToolCapability(
            tool_id=owner.id, capability_id="nps_tracking", used_halves=1, contract_line_id=line.id
        )
    )
    session.flush()
    assert build(session, scope).findings == ()  # the line buys something that is used as well
    build_.tool(session, "Another user", capabilities={"sentiment": 1})
    assert not [each for each in build(session, scope).sections if each.key == "owned_twice" and each.rows]


def test_chart_and_pairs_write_the_same_share(session: Session, scope: Scope) -> None:
    """Two of three shared: 67 % in the table, 67 in the matrix."""
    for name, more in (("A", "trend_discovery"), ("B", "crisis_alerts"), ("C", "nps_tracking")):
        build_.tool(session, name, capabilities={**SHARED, more: 2})
    report = build(session, scope)
    matrix = next(each for each in report.plots if each.kind == "matrix")
    assert {value for each in matrix.series for value in each.values} == {None, 67}
    pairs = section(report, "pairs").rows
    assert {f"{row.values['a_covers_b'].percent:.0f}" for row in pairs} == {"67"}
