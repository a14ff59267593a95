"""The stack at a date: money by category, type and unit sums to the whole; marks; past and planned days."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Confidence, Finding, Report
from mopsaudit.reports.stack import build, mark
from mopsaudit.scope import Scope
from mopsaudit.store.models import ToolState
from tests import builders as build_

DAY = date(2026, 9, 30)


def minor(value: object) -> int:
    assert isinstance(value, Amount)
    assert value.minor is not None
    return value.minor


def section(report: Report, key: str) -> Any:
    return next(each for each in report.sections if each.key == key)


def test_every_cut_of_the_money_sums_to_the_whole(session: Session, scope: Scope) -> None:
    units = [build_.unit(session, code) for code in ("EAST", "WEST")]
    own = build_.tool(session, "Own", category="engagement", types=["crm"], units=units[:1])
    shared = build_.tool(session, "Shared", category="operations", units=units)
    build_.tool(session, "Free", category="operations", types=["dam", "workflow"])
    for unit, amount in ((units[0], 600), (None, 7)):
        build_.spend_line(session, amount, tool=own, unit=unit)
    build_.contract(
        session,
        build_.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        lines=[{"tool": shared, "amount_minor": 301}],
    )
    report = build(session, scope_for(session, as_of=DAY, environ={}))
    assert minor(report.headlines[0].value) == 908
    for key in ("categories", "types", "units"):
        rows = section(report, key).rows
        assert sum(row.values["yearly_cost"].minor or 0 for row in rows) == 908, key
    assert {
        row.values["group"]: row.values["yearly_cost"].minor for row in section(report, "units").rows
    } == {
        "East": 600,
        "Shared, not allocated": 301,
        "No unit": 7,
    }
    assert "for 1 tool the cost is not known" in report.answer
    assert [row.values["tool"].label for row in report.rows] == ["Own", "Shared", "Free"]  # type: ignore[union-attr]
    east = build(session, scope_for(session, as_of=DAY, unit="EAST", environ={}))
    assert minor(east.headlines[0].value) == 600
    assert {row.id for row in east.rows} == {f"t{own.id}", f"t{shared.id}"}


def test_any_date_past_or_planned(session: Session, scope: Scope) -> None:
    tool = build_.tool(session, "Old")
    state = session.scalars(select(ToolState).where(ToolState.tool_id == tool.id)).one()
    state.valid_until = date(2026, 7, 1)
    session.add(ToolState(tool_id=tool.id, status="retired", valid_from=date(2026, 7, 1)))
    planned = build_.tool(session, "Planned", status="active")
    ahead = session.scalars(select(ToolState).where(ToolState.tool_id == planned.id)).one()
    ahead.valid_from = date(2027, 1, 1)
    build_.spend_line(session, 50, tool=tool, on=date(2025, 9, 15))
    session.flush()

    def at(day: date) -> list[str]:
        return [row.id for row in build(session, replace(scope, as_of=day)).rows]

    assert at(date(2026, 6, 30)) == [f"t{tool.id}"]
    assert at(date(2026, 7, 1)) == []
    assert at(date(2027, 1, 1)) == [f"t{planned.id}"]
    past = build(session, replace(scope, as_of=date(2026, 6, 30)))
    assert minor(past.headlines[0].value) == 50


def test_marks_come_from_dates_capabilities_and_findings(session: Session, scope: Scope) -> None:
    tool = build_.tool(session, "Marked", capabilities={"sentiment": 2})
    other = build_.tool(session, "Plain")
    build_.contract(
        session,
        build_.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        renewal_months=12,
        renewal_kind="automatic",
        notice_count=30,
        lines=[{"tool": tool}],
    )
    report = build(session, scope)
    marks = {row.id: row.detail["marks"] for row in report.rows}
    assert marks == {f"t{tool.id}": ["notice due", "single supplier"], f"t{other.id}": []}
    nothing = Amount(currency="USD", minor=0)
    finding = Finding(
        id="x",
        kind="idle-seats",
        sentence="x",
        tools=(report.rows[0].opens,) if report.rows[0].opens else (),
        amount=nothing,
        recoverable=nothing,
        confidence=Confidence.HIGH,
    )
    marked = mark(report, [finding, replace(finding, kind="overlap", state="dismiss")])
    assert marked.rows[0].detail["marks"] == ["notice due", "single supplier", "idle seats"]
    assert marked.rows[0].values["marks"] == "notice due, single supplier, idle seats"


def test_a_unit_sees_the_tools_it_pays_for_and_units_sum_to_the_whole(session: Session, scope: Scope) -> None:
    east, west = build_.unit(session, "EAST"), build_.unit(session, "WEST")
    nobodys = build_.tool(session, "Nobody's")
    both = build_.tool(session, "Both")
    build_.spend_line(session, 40, tool=nobodys, unit=east)
    build_.spend_line(session, 5, tool=both, unit=west)
    build_.contract(
        session,
        build_.vendor(session),
        start_on=date(2026, 1, 1),
        initial_months=12,
        unit_id=east.id,
        lines=[{"tool": both, "amount_minor": 300}],
    )

    def at(code: str | None) -> tuple[set[str], int]:
        report = build(session, scope_for(session, as_of=DAY, unit=code, environ={}))
        return {row.id for row in report.rows}, minor(report.headlines[0].value)

    assert at("EAST") == ({f"t{nobodys.id}", f"t{both.id}"}, 340)
    assert at("WEST") == ({f"t{both.id}"}, 5)
    assert at(None)[1] == 345
