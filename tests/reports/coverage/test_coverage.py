"""What is served 0, 1 or 2+ times, single points of failure, the ten value roles."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.reporting import Report
from mopsaudit.reports.coverage import build
from mopsaudit.scope import Scope
from mopsaudit.store.models import ToolState
from tests import builders as build_


def section(report: Report, key: str) -> Any:
    return next(each for each in report.sections if each.key == key)


def test_served_never_once_and_several_times(session: Session, scope: Scope) -> None:
    a = build_.tool(session, "A", capabilities={"sentiment": 2, "mention_tracking": 1, "crisis_alerts": 0})
    build_.tool(session, "B", capabilities={"sentiment": None, "own_invention": 2})
    build_.tool(session, "Gone", capabilities={"trend_discovery": 2}, status="retired")
    report = build(session, scope)
    states = {row.id: row.state for row in report.rows}
    assert (states["sentiment"], states["mention_tracking"]) == ("several tools", "one tool")
    assert (states["crisis_alerts"], states["trend_discovery"]) == ("not served", "not served")
    assert states["own_invention"] == "one tool"
    assert len(report.rows) == len(taxonomy().capabilities) + 1
    assert "1 capability outside the taxonomy" in report.coverage.sentence
    single = {row.values["tool"].label: row.values["alone"] for row in section(report, "single").rows}
    assert single == {"A": 1, "B": 1}
    assert report.answer.startswith(
        f"3 of {len(report.rows)} capabilities are served, 2 of them by one tool only"
    )
    session.add(ToolState(tool_id=a.id, status="retired", valid_from=date(2026, 9, 1)))
    session.flush()
    left = {row.id: row.state for row in build(session, scope).rows}
    assert (left["sentiment"], left["mention_tracking"]) == ("one tool", "not served")


def test_ten_roles_and_all_types_are_shown(session: Session, scope: Scope) -> None:
    build_.tool(session, "A", capabilities={"sentiment": 2}, types=["surveys"])
    report = build(session, scope)
    roles = {row.id: row.values["served"].numerator for row in section(report, "roles").rows}
    assert len(roles) == 10
    word = next(each for each in taxonomy().capabilities if each.id == "sentiment")
    assert {role for role, served in roles.items() if served} == set(word.roles)
    single = {row.id: row.values["single"] for row in section(report, "roles").rows}
    assert single == {role: int(role in word.roles) for role in single}
    types = {row.id: row.values["tools"] for row in section(report, "types").rows}
    assert len(types) == len(taxonomy().types)
    assert (types["surveys"], types[word.type_id], sum(types.values())) == (1, 1, 2)


def test_tools_without_capabilities_are_counted_not_hidden(session: Session, scope: Scope) -> None:
    build_.tool(session, "Silent")
    report = build(session, scope)
    assert report.answer == "No running tool has capabilities yet, so nothing can be said about coverage."
    assert "known for 0 of 1 running tool" in report.coverage.sentence
    assert all(row.state == "not served" for row in report.rows)
