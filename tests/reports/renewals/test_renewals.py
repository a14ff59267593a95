"""The renewals report on a real database: rows, states, what is committed next year, deadlines, calendar."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Report
from mopsaudit.reports.renewals import build, build_calendar
from mopsaudit.reports.renewals.analysis import analyse
from mopsaudit.reports.renewals.arithmetic import split_line, weekly_curve
from mopsaudit.reports.renewals.query import gather
from mopsaudit.scope import Scope
from mopsaudit.store.models import TermHistory
from tests import builders

YEARLY: dict[str, Any] = {
    "initial_months": 12,
    "renewal_months": 12,
    "renewal_kind": "automatic",
    "notice_count": 90,
}


def _row(report: Report, tool: str) -> dict[str, object]:
    for row in report.rows:
        if getattr(row.values["tool"], "label", None) == tool:
            return dict(row.values)
    raise AssertionError(tool)


def _minor(value: object) -> int | None:
    assert isinstance(value, Amount)
    return value.minor


def test_a_window_that_is_open_and_one_that_is_missed(session: Session, scope: Scope) -> None:
    adobe, ada = builders.vendor(session), builders.person(session)
    open_tool, missed_tool = (
        builders.tool(session, "Open", of=adobe),
        builders.tool(session, "Missed", of=adobe),
    )
    builders.contract(
        session, adobe, start_on=date(2026, 1, 20), owner_id=ada.id, lines=[{"tool": open_tool, "seats": 10}], **YEARLY
    )  # fmt: skip
    builders.contract(
        session, adobe, title="Old", start_on=date(2025, 11, 1), lines=[{"tool": missed_tool}], **YEARLY
    )
    report = build(session, scope)
    first, second = _row(report, "Open"), _row(report, "Missed")
    # ends 20 Jan 2027, notice by 22 Oct 2026, five business days earlier
    assert (first["state"], first["notice_by"], first["send_by"]) == (
        "window open",
        date(2026, 10, 22),
        date(2026, 10, 15),
    )
    assert (first["gate"], first["days"], first["seats"]) == (30, 15, 10)
    # ends 1 Nov 2026, notice day 3 Aug has passed: locked until 1 Nov 2027
    assert second["state"] == "window missed (locked until 2027-11-01)"
    assert second["send_by"] == date(2027, 7, 27)
    kinds = {finding.kind for finding in report.findings}
    assert kinds == {"renewal-due", "window-missed", "no-owner"}
    assert report.findings[0].kind == "renewal-due"
    assert report.findings[0].due == date(2026, 10, 15)
    assert "2 contracts" not in report.answer
    assert report.answer.startswith("1 contract worth 12,000 USD a year must be decided within 120 days")


def test_a_line_of_no_tool_is_known_by_its_vendor(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    builders.contract(
        session, adobe, start_on=date(2026, 1, 20), lines=[{"tool": builders.tool(session, "Open")}], **YEARLY
    )
    shown = {each.key for each in build(session, scope).columns if not each.wide}
    assert "vendor" not in shown
    builders.contract(
        session, adobe, title="Other", start_on=date(2026, 1, 20), lines=[{"tool": None}], **YEARLY
    )
    report = build(session, scope)
    assert {each.key for each in report.columns if not each.wide} == shown | {"vendor"}
    (row,) = [row for row in report.rows if row.values["tool"] is None]
    assert getattr(row.values["vendor"], "label", None) == adobe.name


def test_next_year_is_locked_decidable_or_free(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    named = {
        name: builders.tool(session, name, of=adobe) for name in ("Auto", "Express", "Served", "Monthly")
    }
    terms: dict[str, dict[str, Any]] = {
        "Auto": {"start_on": date(2026, 7, 1), **YEARLY},
        "Express": {"start_on": date(2026, 7, 1), "initial_months": 12},
        "Served": {"start_on": date(2026, 7, 1), "notice_served_on": date(2026, 8, 1), **YEARLY},
        "Monthly": {"start_on": date(2026, 7, 1), "month_to_month": True, "notice_count": 1, "notice_unit": "months"},
    }  # fmt: skip
    for name, values in terms.items():
        builders.contract(
            session, adobe, title=name, lines=[{"tool": named[name], "amount_minor": 36_500_00}], **values
        )  # fmt: skip
    report = build(session, scope)
    half, rest = 181 * 100_00, 184 * 100_00  # 2027: 181 days before 1 July
    parts = {
        name: tuple(_minor(_row(report, name)[key]) for key in ("locked", "decidable", "free"))
        for name in named
    }
    assert parts == {
        "Auto": (half, rest, 0),
        "Express": (half, 0, rest),
        "Served": (half, 0, 0),
        "Monthly": (0, half + rest, 0),
    }
    section = next(each for each in report.sections if each.key == "next_year")
    assert {row.id: _minor(row.values["amount"]) for row in section.rows} == {
        "locked": 3 * half,
        "decidable": rest + half + rest,
        "free": rest,
    }


def test_a_line_costs_through_its_own_last_day_in_next_years_split(session: Session, scope: Scope) -> None:
    """36,500 a year, in force from 1 March through 30 June 2027 under an agreement until 2028: 122 days, 12,200."""
    vendor = builders.vendor(session)
    tool = builders.tool(session, "Brief")
    line = {
        "tool": tool,
        "amount_minor": 36_500_00,
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 6, 30),
    }
    builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=36, lines=[line])
    row = _row(build(session, scope), "Brief")
    assert [_minor(row[key]) for key in ("locked", "decidable", "free")] == [12_200_00, 0, 0]


def test_the_curve_starts_at_what_is_locked_and_ends_where_nothing_is_left_to_decide(
    session: Session, scope: Scope
) -> None:
    adobe = builders.vendor(session)
    for number, start in enumerate((date(2026, 2, 1), date(2026, 5, 15), date(2025, 11, 1))):
        tool = builders.tool(session, f"T{number}", of=adobe)
        builders.contract(session, adobe, start_on=start, lines=[{"tool": tool}], **YEARLY)
    facts = gather(session, scope)
    curve = weekly_curve(facts.contracts, facts.next_year, facts.as_of)
    splits = [split_line(c, line, facts.next_year) for c in facts.contracts for line in c.lines]
    assert curve[0] == (scope.as_of, sum(each.locked or 0 for each in splits))
    assert curve[-1][1] == sum(each.total or 0 for each in splits)
    assert [minor for _, minor in curve] == sorted(minor for _, minor in curve)


def test_out_of_contract_but_still_paying(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    paid, over = builders.tool(session, "Paid", of=adobe), builders.tool(session, "Over", of=adobe)
    for tool in (paid, over):
        builders.contract(
            session, adobe, title=tool.name, start_on=date(2025, 3, 1), initial_months=12, lines=[{"tool": tool}]
        )  # fmt: skip
    builders.spend_line(session, 1000_00, on=date(2026, 7, 3), tool=paid)
    builders.spend_line(session, 1000_00, on=date(2026, 2, 3), tool=over)
    report = build(session, scope)
    assert _row(report, "Paid")["state"] == "out of contract but still paying"
    assert _row(report, "Over")["state"] == "ended"
    assert [finding.kind for finding in report.findings] == ["out-of-contract"]
    assert _minor(_row(report, "Paid")["free"]) == 12_000_00


def test_what_is_unknown_is_shown_and_counted_never_zero(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    bare = builders.tool(session, "Bare", of=adobe)
    builders.contract(session, adobe, title="No dates", lines=[{"tool": bare, "amount_minor": None}])
    builders.contract(session, adobe, title="No lines", start_on=date(2026, 1, 1), **YEARLY)
    foreign = builders.tool(session, "Foreign", of=adobe)
    builders.contract(
        session, adobe, currency="CHF", start_on=date(2026, 7, 1), lines=[{"tool": foreign}],
        initial_months=12, renewal_months=12, renewal_kind="automatic",
    )  # fmt: skip
    report = build(session, scope)
    cost = _row(report, "Foreign")["cost"]
    assert isinstance(cost, Amount)
    assert (cost.minor, cost.why) == (None, "no exchange rate for CHF")
    assert _row(report, "Bare")["state"] == "unknown"
    assert {finding.kind for finding in report.findings} >= {"terms-unknown", "notice-unknown"}
    assert report.coverage.parts["priced_lines"] == 0
    assert report.coverage.parts["unknown_next_year"] == 2
    assert "1 of 3 contracts with complete terms" in report.coverage.sentence
    assert len(report.rows) == 3


def test_history_keeps_price_seats_and_the_first_quote(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    contract = builders.contract(session, adobe, start_on=date(2024, 1, 1), **YEARLY)
    for year, price, quote in ((2024, 100_00, 120_00), (2025, 110_00, None)):
        session.add(
            TermHistory(
                contract_id=contract.id,
                term_start=date(year, 1, 1),
                term_end=date(year + 1, 1, 1),
                amount_minor=price,
                seats=5,
                first_quote_minor=quote,
            )
        )
    session.flush()
    section = next(each for each in build(session, scope).sections if each.key == "history")
    assert [_minor(row.values["won"]) for row in section.rows] == [20_00, None]
    assert [_minor(row.values["change"]) for row in section.rows] == [None, 10_00]


def test_a_scope_holds_only_its_units_lines(session: Session, as_of: date) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    adobe = builders.vendor(session)
    tool = builders.tool(session, "Shared", of=adobe)
    builders.contract(
        session, adobe, start_on=date(2026, 1, 1),
        lines=[{"tool": tool, "unit_id": each.id, "amount_minor": 100 * each.id} for each in (emea, apac)],
        **YEARLY,
    )  # fmt: skip
    whole = build(session, scope_for(session, as_of=as_of, environ={}))
    parts = [
        build(session, scope_for(session, as_of=as_of, unit=code, environ={})) for code in ("EMEA", "APAC")
    ]
    assert [len(each.rows) for each in parts] == [1, 1]
    assert sum(_minor(row.values["cost"]) or 0 for each in parts for row in each.rows) == sum(
        _minor(row.values["cost"]) or 0 for row in whole.rows
    )


def test_the_calendar_holds_each_send_by_date_once(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)
    builders.contract(session, adobe, start_on=date(2026, 7, 1), lines=[{}], **YEARLY)
    now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    text = build_calendar(session, scope, now=now)
    assert text == build_calendar(session, scope, now=now)
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [each.decoded("dtstart") for each in events] == [date(2027, 3, 26)]
    assert len(events[0].walk("VALARM")) == 4
    assert "12,000 USD a year" in str(events[0]["description"])


def _queries(session: Session, scope: Scope) -> int:
    statements: list[str] = []

    def record(*given: object) -> None:
        statements.append(str(given[2]))

    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", record)
    analyse(gather(session, scope))
    event.remove(session.connection(), "before_cursor_execute", record)
    return len(statements)


def test_queries_do_not_grow_with_the_data(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session)

    def more(count: int) -> None:
        for number in range(count):
            tool = builders.tool(session, f"T{number}", of=adobe)
            builders.contract(session, adobe, start_on=date(2026, 1, 1), lines=[{"tool": tool}], **YEARLY)

    more(3)
    first = _queries(session, scope)
    more(6)
    assert _queries(session, scope) == first


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2027, 12, 31)])
def test_any_day_gives_a_report(session: Session, as_of: date) -> None:
    adobe = builders.vendor(session)
    builders.contract(session, adobe, start_on=date(2024, 2, 29), lines=[{}], **YEARLY)
    report = build(session, scope_for(session, as_of=as_of, environ={}))
    assert report.rows
    assert report.to_json()["rows"]


@pytest.mark.postgres
def test_on_postgresql(session: Session, scope: Scope) -> None:
    test_a_window_that_is_open_and_one_that_is_missed(session, scope)


def test_the_timeline_shows_what_comes_next_in_days_from_the_day(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session, "Acme")
    terms: dict[str, Any] = {"initial_months": 12, "renewal_months": 12, "renewal_kind": "automatic"}
    near = date(scope.as_of.year - 1, scope.as_of.month, 1)
    tools = [builders.tool(session, name, of=vendor) for name in ("Mailer", "Sender")]
    builders.contract(
        session, vendor, title="MSA-1", start_on=near, notice_count=0, delivery_days=0,
        lines=[{"tool": tool} for tool in tools], **{**terms, "initial_months": 14},
    )  # fmt: skip
    builders.contract(session, vendor, title="Far away", start_on=scope.as_of, notice_count=0, **terms)
    report = build(session, scope)
    timeline = next(plot for plot in report.plots if plot.kind == "timeline")
    (label,) = timeline.labels
    row = _row(report, "Mailer")
    assert label.startswith("Mailer and 1 other · ")
    values = {series.key: series.values[0] for series in timeline.series}
    for key, column in (("send_by", "send_by"), ("notice_by", "notice_by"), ("end", "end")):
        when = row[column]
        assert isinstance(when, date)
        assert values[key] == (when - scope.as_of).days
