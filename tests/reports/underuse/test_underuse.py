"""The report on a real database: buckets of users, what each grade and event may propose, units, people."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Confidence, Missing, Ratio, Report, Row
from mopsaudit.reports.underuse import build, reclaim_list
from mopsaudit.scope import Scope
from mopsaudit.store.models import ConsumptionReading, Exemption, Tool, ToolCapability, ToolUser
from tests import builders as build_

DAY = date(2026, 9, 30)
TERMS: dict[str, Any] = {
    "start_on": date(2026, 1, 1),
    "initial_months": 12,
    "renewal_months": 12,
    "renewal_kind": "automatic",
    "notice_count": 30,
}


def seats(session: Session, tool: Tool, number: int | None, **line: Any) -> None:
    given = {"tool": tool, "seats": number, "amount_minor": 1_200_00, **line}
    build_.contract(session, build_.vendor(session), lines=[given], **TERMS)


def users(active: int, idle: int, *, start: int = 0) -> list[dict[str, Any]]:
    return [{"key": f"a{start + n}", "last_activity": DAY} for n in range(active)] + [
        {"key": f"i{start + n}", "last_activity": date(2025, 1, 1)} for n in range(idle)
    ]


def minor(value: object) -> int | None:
    assert isinstance(value, Amount)
    return value.minor


def row_of(report: Report, tool: Tool) -> Row:
    return next(row for row in report.rows if row.id == f"t{tool.id}")


def test_each_user_is_in_exactly_one_bucket(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    seats(session, tool, 20)
    first = DAY - timedelta(days=89)  # the window of 90 days is D − 90 < last ≤ D
    left = build_.person(session, "Lena Left", left_on=date(2026, 9, 1))
    snapshot = build_.usage(
        session,
        tool,
        users=[
            {"key": "first day", "last_activity": first},
            {"key": "today", "last_activity": DAY, "licence": "Sales"},
            {"key": "today", "last_activity": date(2020, 1, 1), "licence": "Service"},
            {"key": "one day late", "last_activity": first - timedelta(days=1)},
            {"key": "never", "never": True},
            {"key": "new", "never": True, "assigned_on": first},
            {"key": "no date"},
            {"key": "robot", "never": True, "account_kind": "service"},
            {"key": "robot that works", "last_activity": DAY, "account_kind": "service"},
            {"key": "leaver", "last_activity": DAY, "account_kind": "leaver"},
            {"key": "left", "last_activity": DAY, "person": left},
            {"key": "exempt", "never": True},
            {"key": "without licence", "last_activity": DAY, "assigned": False},
        ],
    )
    assert snapshot.id
    exempt = session.scalars(select(ToolUser).where(ToolUser.user_key == "exempt")).one()
    session.add(Exemption(tool_id=tool.id, tool_user_id=exempt.id, reason="board", review_on=DAY))
    session.flush()
    row = row_of(build(session, scope), tool)
    values, detail = row.values, row.detail
    assert (values["purchased"], values["assigned"], values["active"]) == (20, 11, 3)
    assert (values["protected"], values["inactive"], values["unassigned"]) == (4, 4, 9)
    assert detail["users"] == {
        "exempt": 1,
        "new": 1,
        "undated": 1,
        "other_accounts": 1,
        "leavers": 2,
        "active_without_licence": 1,
    }
    idle = 20 - 4  # ceil(3 / 0.9) = 4
    assert (values["idle"], values["recoverable_seats"]) == (idle, idle - 4)
    assert values["why"] is None
    people = reclaim_list(session, scope, tool.id)
    assert [each.user_key for each in people] == ["leaver", "left", "never", "one day late"]
    assert people[1].name == "Lena Left"


def test_600_of_1000_and_the_money(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    seats(session, tool, 1000, amount_minor=120_000_00)
    build_.usage(session, tool, assigned_count=900, active_count=600)
    report = build(session, scope)
    row = row_of(report, tool)
    assert row.values["idle"] == 333
    assert row.values["annual"].minor == 39_960_00  # type: ignore[union-attr]
    (finding,) = report.findings
    assert finding.kind == "idle-seats"
    assert finding.amount.minor == 39_960_00
    assert finding.recoverable.minor == 0
    assert finding.earliest == date(2027, 1, 1)
    assert finding.due == date(2026, 11, 25)  # 30 days before 1 Jan is 2 Dec, five business days earlier
    assert "333 seats of 1,000 can go from 1 Jan 2027" in finding.sentence
    assert report.answer.startswith("333 of 1,000 seats lie idle in 1 tool; 39,960 USD a year")
    assert "25 Nov 2026" in report.answer


@pytest.mark.parametrize(
    "grade, event, idle, proposes, names",
    [
        ("A", "activity", 5, True, True),
        ("B", "sign-in", 5, True, True),
        ("C", "activity", 5, True, False),
        ("D", "activity", 5, False, False),
        ("A", "assignment", None, False, False),
    ],
)
def test_grade_and_event_limit_what_is_proposed(
    session: Session, scope: Scope, grade: str, event: str, idle: int | None, proposes: bool, names: bool
) -> None:
    tool = build_.tool(session)
    seats(session, tool, 15)
    build_.usage(session, tool, grade=grade, event=event, users=users(9, 4))
    report = build(session, scope)
    row = row_of(report, tool)
    assert row.values["idle"] == idle or (idle is None and isinstance(row.values["idle"], Missing))
    assert row.values["assigned"] == 13
    assert bool(report.findings) == proposes
    assert bool(reclaim_list(session, scope, tool.id)) == names
    if event == "assignment":
        assert row.values["active"] == Missing("an assignment list gives allocation only")
        assert row.state == "allocation only"
        assert row.values["unassigned"] == 2
    if not proposes:
        assert row.values["why"]
        assert row.values["annual"].minor is None  # type: ignore[union-attr]


def test_over_use_is_shown_not_hidden(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    seats(session, tool, 5)
    build_.usage(session, tool, users=users(6, 1))
    report = build(session, scope)
    assert row_of(report, tool).values["over_use"] == 2
    assert [finding.kind for finding in report.findings] == ["over-use"]
    assert report.findings[0].amount.minor is None


def test_unknown_is_unknown_and_counted(session: Session, scope: Scope) -> None:
    names = ("no contract", "no usage", "no quantity", "flat", "no price", "zero seats", "no metric")
    tools = {name: build_.tool(session, name) for name in names}
    seats(session, tools["no usage"], 10)
    seats(session, tools["no quantity"], None)
    seats(session, tools["flat"], None, licence_metric="flat")
    seats(session, tools["no price"], 10, amount_minor=None)
    seats(session, tools["zero seats"], 0)
    seats(session, tools["no metric"], 10, licence_metric=None)
    for name in ("no contract", "no quantity", "no price", "zero seats", "no metric"):
        build_.usage(session, tools[name], users=users(3, 6))
    report = build(session, scope)
    for name in names:
        row = row_of(report, tools[name])
        assert row.values["annual"].minor is None, name  # type: ignore[union-attr]
        assert row.values["why"] or name == "no price", name
        idle = row.values["idle"]
        assert isinstance(idle, int) == (name == "no price"), name
        # What nobody said is unknown, with its reason; what no seat is bought of does not apply.
        applies = name not in ("flat", "zero seats", "no price")
        assert (idle.why if isinstance(idle, Missing) else None) == (
            row.values["why"] if applies else None
        ), name
    assert "1 of 5 tools" in report.coverage.sentence
    assert report.coverage.parts["not_applicable"] == 2
    body = report.to_json()
    assert body["rows"]


def test_units_see_their_own_users_and_seats(session: Session) -> None:
    east, west = build_.unit(session, "EAST"), build_.unit(session, "WEST")
    tool = build_.tool(session, units=[east, west])
    seats(session, tool, 10, unit_id=east.id)
    seats(session, tool, 4, unit_id=west.id)
    build_.usage(
        session,
        tool,
        users=[
            {"key": f"u{n}", "last_activity": DAY, "unit_id": (east if n < 3 else west).id} for n in range(7)
        ],
    )
    rows = {
        code: row_of(build(session, scope_for(session, as_of=DAY, unit=code, environ={})), tool).values
        for code in ("EAST", "WEST", "ALL")
    }
    assert {code: (row["purchased"], row["active"]) for code, row in rows.items()} == {
        "EAST": (10, 3),
        "WEST": (4, 4),
        "ALL": (14, 7),
    }


def test_seats_of_everybody_are_not_told_apart_in_a_unit(session: Session) -> None:
    """Six people in a unit with two seats of its own and twenty of the company: nobody knows who sits where."""
    east, west = build_.unit(session, "EAST"), build_.unit(session, "WEST")
    tool = build_.tool(session, units=[east, west])
    seats(session, tool, 2, unit_id=east.id)
    seats(session, tool, 20)
    flat = build_.tool(session, "Flat fee for all", units=[east, west])
    seats(session, flat, 5, unit_id=east.id)
    seats(session, flat, None, licence_metric="flat")
    for each in (tool, flat):
        people = [{"key": f"u{n}", "last_activity": DAY, "unit_id": east.id} for n in range(6)]
        build_.usage(session, each, users=people)
    report = build(session, scope_for(session, as_of=DAY, unit="EAST", environ={}))
    values = row_of(report, tool).values
    assert values["purchased"] == Missing("some seats are bought for several units together, without a key")
    assert values["active"] == 6
    assert isinstance(values["over_use"], Missing)
    assert [each.kind for each in report.findings if values["tool"] in each.tools] == []
    assert row_of(report, flat).values["over_use"] == 1  # a fee beside the seats hides nothing
    whole = row_of(build(session, scope_for(session, as_of=DAY, environ={})), tool).values
    assert (whole["purchased"], whole["active"], whole["over_use"]) == (22, 6, 0)


def test_the_best_file_counts_and_the_trend_shows_months(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    seats(session, tool, 10)
    build_.usage(
        session, tool, as_of=date(2026, 6, 30), users=[{"key": "a", "last_activity": date(2026, 6, 1)}]
    )
    build_.usage(
        session,
        tool,
        as_of=date(2026, 8, 31),
        users=[{"key": each, "last_activity": date(2026, 8, 1)} for each in "ab"],
    )
    build_.usage(session, tool, as_of=date(2026, 9, 20), grade="D", active_count=9)
    report = build(session, scope)
    row = row_of(report, tool)
    assert row.values["active"] == 2
    assert "31 Aug 2026: activity, grade A" in str(row.values["source"])
    months = {each["day"]: each["active"] for each in row.detail["trend"]}
    assert months["2026-06-30"] == 1
    assert months["2026-09-30"] == 2
    assert "2026-05-31" not in months


def test_the_trend_counts_the_window_before_each_files_own_day(session: Session, scope: Scope) -> None:
    """D − 90 < last ≤ D: on 30 June the window opens on 2 April."""
    tool = build_.tool(session)
    seats(session, tool, 10)
    days = {"first": date(2026, 4, 2), "late": date(2026, 4, 1), "after": date(2026, 7, 1)}
    build_.usage(
        session,
        tool,
        as_of=date(2026, 6, 30),
        users=[{"key": k, "last_activity": v} for k, v in days.items()],
    )
    trend = row_of(build(session, scope), tool).detail["trend"]
    assert {each["day"]: each["active"] for each in trend}["2026-06-30"] == 1


def test_feature_use_weighs_capabilities(session: Session, scope: Scope) -> None:
    """Σ w·used ÷ Σ w·owned: weight 3 in full, weight 1 not at all, one unknown: 6 of 8 halves, 75 %."""
    tool = build_.tool(session, capabilities={"sentiment": 2, "mention_tracking": 0, "crisis_alerts": None})
    seats(session, tool, 10)
    heavy = session.scalars(select(ToolCapability).where(ToolCapability.capability_id == "sentiment")).one()
    heavy.weight = 3
    session.flush()
    build_.usage(session, tool, users=users(1, 0))
    assert row_of(build(session, scope), tool).values["feature_use"] == Ratio(numerator=6, denominator=8)


@pytest.mark.parametrize("days, confidence, fresh", [(89, Confidence.HIGH, 1), (90, Confidence.LOW, 0)])
def test_usage_of_ninety_days_is_no_longer_fresh(
    session: Session, scope: Scope, days: int, confidence: Confidence, fresh: int
) -> None:
    tool = build_.tool(session)
    seats(session, tool, 1000)
    taken = DAY - timedelta(days=days)
    seen = [{"key": f"u{n}", "last_activity": taken - timedelta(days=500)} for n in range(30)]
    build_.usage(session, tool, as_of=taken, users=seen)
    report = build(session, scope)
    (finding,) = [each for each in report.findings if each.kind == "idle-seats"]
    assert finding.confidence is confidence
    assert report.coverage.parts["usage_fresh"] == Ratio(numerator=fresh, denominator=1)


def test_consumption_tools_burn_down(session: Session, scope: Scope) -> None:
    tool = build_.tool(session)
    seats(session, tool, 1000, licence_metric="consumption")
    for day, used in ((date(2026, 6, 30), 400), (date(2026, 9, 30), 860)):
        session.add(ConsumptionReading(tool_id=tool.id, as_of=day, used_micro=used * 1_000_000))
    session.flush()
    report = build(session, scope)
    section = next(each for each in report.sections if each.key == "consumption")
    (row,) = section.rows
    assert row.values["left"] == 140
    assert row.values["runs_out_on"] == date(2026, 10, 28)
    assert row.values["overage"] == 92 * 5 - 140
    # 1,200.00 USD a year for 1,000 credits: 320 missing are 384.00
    assert minor(row.values["overage_cost"]) == 384_00
    periods = next(each for each in report.sections if each.key == "credit_periods")
    (period,) = periods.rows
    assert (period.values["used"], period.values["per_day"]) == (460, 5)


@pytest.mark.parametrize(
    "quantity, bought, left, cost",
    [
        (None, 1000, 140, 384_00),  # the contract does not say what it buys, the console does
        (1000, None, 140, 384_00),
        (2000, 1000, 140, 192_00),  # the price is the contract's: half as much a credit
        (None, None, None, None),
    ],
)
def test_missing_credits_cost_what_the_contract_asks(
    session: Session,
    scope: Scope,
    quantity: int | None,
    bought: int | None,
    left: int | None,
    cost: int | None,
) -> None:
    tool = build_.tool(session)
    seats(session, tool, quantity, licence_metric="consumption")
    for day, used in ((date(2026, 6, 30), 400), (date(2026, 9, 30), 860)):
        session.add(
            ConsumptionReading(
                tool_id=tool.id,
                as_of=day,
                used_micro=used * 1_000_000,
                bought_micro=None if bought is None else bought * 1_000_000,
            )
        )
    session.flush()
    section = next(each for each in build(session, scope).sections if each.key == "consumption")
    (row,) = section.rows
    shown = row.values["left"]
    assert (None if isinstance(shown, Missing) else shown, minor(row.values["overage_cost"])) == (left, cost)


def test_credits_nobody_read_and_counters_set_back_are_unknown(session: Session, scope: Scope) -> None:
    unread, reset = build_.tool(session, "Unread"), build_.tool(session, "Reset")
    seats(session, unread, None, licence_metric="consumption")
    seats(session, reset, 1000, licence_metric="consumption", amount_minor=None)
    for day, used in ((date(2026, 3, 31), 700), (date(2026, 4, 30), 20), (date(2026, 5, 31), None)):
        session.add(
            ConsumptionReading(
                tool_id=reset.id, as_of=day, used_micro=None if used is None else used * 1_000_000
            )
        )
    session.flush()
    report = build(session, scope)
    section = next(each for each in report.sections if each.key == "consumption")
    assert "nobody has read 1 of them" in section.sentence
    assert [row.values["state"] for row in section.rows] == ["not known", "no reading yet"]
    assert [minor(row.values["overage_cost"]) for row in section.rows] == [None, None]
    periods = next(each for each in report.sections if each.key == "credit_periods")
    for row, why in zip(
        periods.rows, ("the counter was set back", "a reading does not say what was used"), strict=True
    ):
        assert (row.values["used"], row.values["per_day"], row.values["why"]) == (
            Missing(why), Missing(why), why,
        )  # fmt: skip
    read, unread_row = section.rows
    assert unread_row.values["left"] == unread_row.values["as_of"] == Missing("nobody has read it yet")
    assert read.values["used"] == Missing("the last reading does not say")


@pytest.mark.parametrize("days, kept", [(0, 7), (-1, 0)])
def test_seats_kept_free_are_protected_through_their_review_day(
    session: Session, scope: Scope, days: int, kept: int
) -> None:
    tool = build_.tool(session)
    seats(session, tool, 20)
    build_.usage(session, tool, users=[{"key": "a", "last_activity": DAY}])
    session.add(Exemption(tool_id=tool.id, seats=7, reason="interns", review_on=DAY + timedelta(days=days)))
    session.flush()
    values = row_of(build(session, scope), tool).values
    assert (values["protected"], values["unassigned"]) == (kept, 19 - kept)


def test_what_is_kept_out_of_reclaiming_is_listed(session: Session, scope: Scope) -> None:
    """Seats and whole tools by themselves, accounts counted and never named, and what protects nothing any more."""
    tool, other = build_.tool(session, "Alpha"), build_.tool(session, "Beta")
    build_.usage(session, tool, users=[{"key": "ada@example.com", "last_activity": DAY}])
    user = session.scalars(select(ToolUser).where(ToolUser.tool_id == tool.id)).one()
    session.add_all(
        [
            Exemption(tool_id=tool.id, seats=5, reason="kept for interns", review_on=date(2026, 12, 31)),
            Exemption(tool_id=tool.id, tool_user_id=user.id, reason="Ada is on leave", review_on=None),
            Exemption(tool_id=other.id, reason="new this year", review_on=date(2026, 1, 31)),
            Exemption(tool_id=other.id, seats=2, reason="long gone", valid_until=date(2026, 1, 1)),
        ]
    )
    session.flush()
    report = build(session, scope)
    found = next(each for each in report.sections if each.key == "exemptions")
    assert [(row.values["what"], row.values["reason"], row.values["state"]) for row in found.rows] == [
        ("5 seats", "kept for interns", "in force"),
        ("under 5 accounts", "account by account, on the page of seats to take back", "in force"),
        ("the whole tool", "new this year", "review date has passed"),
    ]
    assert found.sentence == (
        "3 exemptions from reclaiming; the review date of 1 has passed, so it protects nothing; "
        "1 without a review date."
    )
    assert "Ada" not in str(report.to_json()["sections"]["exemptions"])
