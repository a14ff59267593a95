"""The position on a vendor or a tool is what the reports say of it: no figure of its own, unknown stays unknown."""

from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.reporting import Amount, Ratio, Report
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.reports.standing import standing, tools_of_vendor
from mopsaudit.scope import Scope
from tests import builders


def _built(session: Session, scope: Scope) -> dict[str, Report]:
    return {slug: room.build(session, scope) for slug, room in REPORTS.items()}


def test_a_vendor_with_a_contract_seats_and_findings(session: Session, scope: Scope) -> None:
    adobe, other = builders.vendor(session), builders.vendor(session, "Canva")
    tool, second = builders.tool(session, of=adobe), builders.tool(session, "Canva Teams", of=other)
    builders.contract(
        session, adobe, start_on=date(2026, 1, 20), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=90,
        lines=[{"tool": tool, "seats": 100, "amount_minor": 12_000_00}],
    )  # fmt: skip
    builders.usage(
        session, tool,
        users=[{"key": f"u{n}@x.com", "last_activity": date(2026 if n < 30 else 2025, 9, 20)} for n in range(100)],
    )  # fmt: skip
    builders.spend_line(session, 500_00, on=date(2026, 1, 22), tool=second)
    built = _built(session, scope)
    joined = all_findings(session, scope, built)
    assert tools_of_vendor(built, {adobe.id}) == {tool.id}
    found = standing(built, joined, "Adobe", {tool.id})
    assert found.answer == (
        "Adobe: 12,000 USD a year on 1 contract line; send notice by 15 Oct 2026; 30 of 100 seats in use; "
        "7,920 USD a year of it is at stake."
    )
    figures = {each.key: each.value for each in found.figures}
    assert figures["send_by"] == date(2026, 10, 15)
    assert figures["use"] == Ratio(numerator=30, denominator=100)
    assert isinstance(figures["stake"], Amount)
    assert figures["stake"].minor == joined.annual.minor
    assert [each.slug for each in found.extracts] == ["renewals", "underuse"]
    assert found.findings
    assert all(any(named.id == tool.id for named in each.tools) for each in found.findings)


def test_without_joined_findings_nothing_is_said_about_what_is_at_stake(
    session: Session, scope: Scope
) -> None:
    tool = builders.tool(session, of=builders.vendor(session))
    builders.spend_line(session, 1_200_00, on=date(2026, 3, 1), tool=tool)
    found = standing(_built(session, scope), None, tool.name, {tool.id})
    assert "stake" not in {each.key for each in found.figures}
    assert found.answer == f"{tool.name}: 1,200 USD a year."


def test_a_tool_nobody_knows_anything_of_has_no_sentence(session: Session, scope: Scope) -> None:
    tool = builders.tool(session, of=builders.vendor(session))
    built = _built(session, scope)
    found = standing(built, all_findings(session, scope, built), tool.name, {tool.id})
    assert found.answer == ""
    cost = {each.key: each.value for each in found.figures}["cost"]
    assert isinstance(cost, Amount)
    assert cost.minor is None
    assert cost.why
